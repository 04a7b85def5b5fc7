//! Batches: inserts, statements, look-ups.

use doldam_ground::limits;

use super::{World, on_both};
use crate::value::{Column, Insert, Lookup, ManySql};
use crate::{StoreError, Tx};

on_both!(
    every_column_type_is_carried,
    ragged_batches_are_refused,
    conflicts_are_counted,
    large_batches_keep_their_row_numbers,
    statements_run_over_batches,
    empty_batches_do_nothing,
);

const SCRATCH: &str = "CREATE TABLE scratch (
    id INTEGER NOT NULL PRIMARY KEY, maybe INTEGER, text TEXT, maybe_text TEXT, bytes BLOB,
    maybe_bytes BLOB, digest BLOB, same INTEGER, same_text TEXT) STRICT";

const ALL: Insert = Insert {
    table: "scratch",
    columns: &[
        "id",
        "maybe",
        "text",
        "maybe_text",
        "bytes",
        "maybe_bytes",
        "digest",
        "same",
        "same_text",
    ],
    conflict: "",
};

fn every_column_type_is_carried(world: &World) {
    world.make(SCRATCH);
    let written = world.store.write("test.bulk", |tx| {
        tx.insert_many(
            &ALL,
            &[
                Column::Int(&[1, -2]),
                Column::OptionalInt(&[None, Some(5)]),
                Column::Text(&["가".to_owned(), "{a,\"b\"}".to_owned()]),
                Column::OptionalText(&[Some("NULL".to_owned()), None]),
                Column::Blob(&[vec![], vec![1, 2]]),
                Column::OptionalBlob(&[None, Some(vec![0])]),
                Column::Digest(&[[1; 16], [255; 16]]),
                Column::SameInt(9),
                Column::SameText("x"),
            ],
        )
    });
    assert_eq!(written, Ok(2));
    let rows = world.store.read("test.bulk", |tx| {
        tx.query(
            "SELECT id, maybe, text, maybe_text, bytes, maybe_bytes, digest, same, same_text
             FROM scratch ORDER BY id",
            &[],
            |row| {
                Ok((
                    (row.get_int(0)?, row.get_optional_int(1)?, row.get_text(2)?),
                    (row.get_optional_text(3)?, row.get_blob(4)?, row.get_optional_blob(5)?),
                    (row.get_array::<16>(6)?, row.get_int(7)?, row.get_text(8)?),
                ))
            },
        )
    });
    let x = "x".to_owned();
    let expected = vec![
        (
            (-2, Some(5), "{a,\"b\"}".to_owned()),
            (None, vec![1, 2], Some(vec![0])),
            ([255; 16], 9, x.clone()),
        ),
        ((1, None, "가".to_owned()), (Some("NULL".to_owned()), vec![], None), ([1; 16], 9, x)),
    ];
    assert_eq!(rows, Ok(expected));
}

fn ragged_batches_are_refused(world: &World) {
    world.make(SCRATCH);
    let refused = Err(StoreError::Shape { what: "batch of rows" });
    let insert = |columns: &'static [Column<'static>]| {
        let into = Insert { columns: &["id", "maybe"], ..ALL };
        world.store.write("test.ragged", move |tx| tx.insert_many(&into, columns))
    };
    assert_eq!(insert(&[Column::Int(&[1, 2]), Column::Int(&[1])]), refused);
    assert_eq!(insert(&[Column::Int(&[1, 2])]), refused);
    assert_eq!(insert(&[Column::SameInt(1), Column::SameInt(1)]), refused);
    assert_eq!(insert(&[Column::Int(&[1, 2]), Column::SameInt(1)]), Ok(2));
}

fn conflicts_are_counted(world: &World) {
    world.make(SCRATCH);
    let insert = |conflict: &'static str, ids: &'static [i64], same: i64| {
        let into = Insert { columns: &["id", "same"], conflict, ..ALL };
        world.store.write("test.conflict", move |tx| {
            tx.insert_many(&into, &[Column::Int(ids), Column::SameInt(same)])
        })
    };
    assert_eq!(insert("", &[1, 2], 1), Ok(2));
    assert_eq!(insert("ON CONFLICT (id) DO NOTHING", &[2, 3], 2), Ok(1));
    let update = "ON CONFLICT (id) DO UPDATE SET same = excluded.same";
    assert_eq!(insert(update, &[3, 4], 3), Ok(2));
    assert_eq!(
        insert("", &[9, 4], 4),
        Err(StoreError::Constraint { transaction: "test.conflict" })
    );
    let rows = world.store.read("test.conflict", |tx| {
        tx.query("SELECT id, same FROM scratch ORDER BY id", &[], |row| {
            Ok((row.get_int(0)?, row.get_int(1)?))
        })
    });
    assert_eq!(rows, Ok(vec![(1, 1), (2, 1), (3, 3), (4, 3)]));
}

const BY_DIGEST: Lookup = Lookup {
    sqlite: "SELECT id, same_text FROM scratch WHERE digest = ?1 AND same_text = ?2",
    postgres: "SELECT u.place, s.id, s.same_text
               FROM unnest(?1) WITH ORDINALITY AS u(digest, place)
               JOIN scratch s ON s.digest = u.digest AND s.same_text = ?2",
};

fn found(
    tx: &mut Tx<'_>,
    digests: &[[u8; 16]],
    text: &str,
) -> Result<Vec<(usize, i64)>, StoreError> {
    let mut hits = Vec::new();
    tx.lookup_many(
        &BY_DIGEST,
        &[Column::Digest(digests), Column::SameText(text)],
        &mut |place, row| {
            assert_eq!(row.get_text_ref(1)?, text);
            hits.push((place, row.get_int(0)?));
            Ok(())
        },
    )?;
    hits.sort_unstable();
    Ok(hits)
}

fn large_batches_keep_their_row_numbers(world: &World) {
    world.make(SCRATCH);
    world.make("CREATE INDEX scratch_digest ON scratch (digest)");
    let rows = i64::try_from(2 * limits::BATCH_ROWS_MAX + 3).unwrap();
    let digest = |id: i64| u128::from((id / 2).cast_unsigned()).to_be_bytes();
    let written = world.store.write("test.large", move |tx| {
        let ids: Vec<i64> = (0..rows).collect();
        let digests: Vec<[u8; 16]> = ids.iter().map(|id| digest(*id)).collect();
        let into = Insert { columns: &["id", "digest", "same_text"], ..ALL };
        let columns = [Column::Int(&ids), Column::Digest(&digests), Column::SameText("t")];
        tx.insert_many(&into, &columns)
    });
    assert_eq!(written, Ok(rows.cast_unsigned()));
    // Every even id is asked for; it finds itself and its odd neighbour, and strangers nothing.
    let asked: Vec<[u8; 16]> = (0..rows + 10).map(|place| digest(2 * place)).collect();
    let hits = world.store.read("test.large", |tx| found(tx, &asked, "t")).unwrap();
    let expected: Vec<(usize, i64)> =
        (0..rows).map(|id| (usize::try_from(id / 2).unwrap(), id)).collect();
    assert_eq!(hits.len(), expected.len());
    assert!(hits == expected, "a hit has the wrong row number");
    let none = world.store.read("test.large", |tx| found(tx, &asked, "other"));
    assert_eq!(none, Ok(vec![]));
}

fn statements_run_over_batches(world: &World) {
    const MOVE: ManySql = ManySql {
        sqlite: "UPDATE scratch SET same = ?3, maybe = ?2 WHERE id = ?1",
        postgres: "UPDATE scratch SET same = ?3, maybe = u.maybe
                   FROM unnest(?1, ?2) AS u(id, maybe) WHERE scratch.id = u.id",
    };
    world.make(SCRATCH);
    let changed = world.store.write("test.many", |tx| {
        let into = Insert { columns: &["id"], ..ALL };
        tx.insert_many(&into, &[Column::Int(&[1, 2, 3])])?;
        let columns = [
            Column::Int(&[1, 3, 7]),
            Column::OptionalInt(&[Some(4), None, None]),
            Column::SameInt(8),
        ];
        tx.execute_many(&MOVE, &columns)
    });
    assert_eq!(changed, Ok(2));
    let rows = world.store.read("test.many", |tx| {
        tx.query("SELECT id, maybe, same FROM scratch ORDER BY id", &[], |row| {
            Ok((row.get_int(0)?, row.get_optional_int(1)?, row.get_optional_int(2)?))
        })
    });
    assert_eq!(rows, Ok(vec![(1, Some(4), Some(8)), (2, None, None), (3, None, Some(8))]));
}

fn empty_batches_do_nothing(world: &World) {
    world.make(SCRATCH);
    let into = Insert { columns: &["id"], ..ALL };
    let written =
        world.store.write("test.empty", move |tx| tx.insert_many(&into, &[Column::Int(&[])]));
    assert_eq!(written, Ok(0));
    assert_eq!(world.store.read("test.empty", |tx| found(tx, &[], "t")), Ok(vec![]));
}
