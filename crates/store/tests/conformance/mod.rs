//! Both back ends, one behaviour.

use std::sync::Arc;

use doldam_ground::{Instant, MockClock};

use crate::value::{Column, Insert};
use crate::{Location, Schema, Store};

#[test]
fn smoke() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Sqlite(folder.path().join("data.db"));
    let clock = Arc::new(MockClock::new(Instant::from_micros(1)));
    let store = Store::open(&location, Schema::Data, clock).unwrap();
    let written = store
        .write("test.write", |tx| {
            tx.insert_many(
                &Insert {
                    table: "blind_index",
                    columns: &["kind", "digest", "ordinal", "import_id"],
                    conflict: "",
                },
                &[
                    Column::SameInt(1),
                    Column::Digest(&[[1; 16], [2; 16]]),
                    Column::Int(&[1, 2]),
                    Column::SameInt(1),
                ],
            )
        })
        .unwrap();
    assert_eq!(written, 2);
}
