//! How SQLite goes about the questions that are asked by the million.
//!
//! Each plan stands as plain text beside this file. A plan that changes is looked at by a person:
//! run the test with `DOLDAM_WRITE_PLANS=1`, and the difference is in the next commit.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use doldam_ground::{Instant, MockClock};

use super::{START_US, World};
use crate::fraud::{alert, measure};
use crate::{Location, Schema, Store, audit, disclosure, job, key, message, notice, subject};

/// Whatever is small: its rows are counted by what people did, not by people.
const SMALL: [&str; 1] = ["import"];

const HOT: [(&str, Schema, &str); 27] = [
    ("alert_of_account", Schema::Data, alert::SHARING[0]),
    ("alert_of_device", Schema::Data, alert::SHARING[2]),
    ("alert_of_payee", Schema::Data, alert::SHARING[1]),
    ("alert_queue", Schema::Data, alert::QUEUE),
    ("audit_search", Schema::Data, audit::SEARCH),
    ("find_by_digests", Schema::Data, subject::BY_DIGEST.sqlite),
    ("find_by_handles", Schema::Data, subject::BY_HANDLE.sqlite),
    ("find_by_resident_digests", Schema::Data, subject::BY_RESIDENT_DIGEST.sqlite),
    ("find_markers", Schema::Data, disclosure::MARKER.sqlite),
    ("handles_of", Schema::Data, subject::HANDLE.sqlite),
    ("holds_kind", Schema::Data, subject::HOLDS_KIND),
    ("job_claim", Schema::Data, job::DUE),
    ("job_claimed", Schema::Data, job::CLAIMED),
    ("measure_due", Schema::Data, measure::DUE),
    ("message_of_day", Schema::Data, message::OF_DAY),
    ("message_of_person", Schema::Data, message::OF_PERSON),
    ("message_of_target", Schema::Data, message::OF_TARGET),
    ("message_queued", Schema::Data, message::QUEUED),
    ("message_sending", Schema::Data, message::SENDING),
    ("notice_message", Schema::Data, notice::receipt::MESSAGE.sqlite),
    ("notice_planned", Schema::Data, notice::PLANNED),
    ("notice_unanswered", Schema::Data, notice::receipt::UNANSWERED),
    ("notice_unsettled", Schema::Data, notice::receipt::UNSETTLED),
    ("keys_before", Schema::Keys, key::KEYS_BEFORE),
    ("provenance", Schema::Data, subject::PROVENANCE.sqlite),
    ("records_of", Schema::Data, subject::RECORD.sqlite),
    ("subject_keys", Schema::Keys, key::SUBJECT_KEY.sqlite),
];

fn keys(folder: &Path) -> Store {
    let location = Location::Sqlite(folder.join("keys.db"));
    let clock = Arc::new(MockClock::new(Instant::from_micros(START_US)));
    Store::open(&location, Schema::Keys, clock).unwrap()
}

/// The steps of a plan, one a line, indented by depth.
fn plan(store: &Store, sql: &str) -> Vec<String> {
    let explain = format!("EXPLAIN QUERY PLAN {sql}");
    // The values do not matter to a plan, but SQLite wants one for each place.
    let places = (1..10).filter(|place| sql.contains(&format!("?{place}"))).count();
    let values = vec![crate::Value::Int(0); places];
    let mut steps: Vec<(i64, usize)> = Vec::new();
    let mut lines = Vec::new();
    store
        .read("test.explain", |tx| {
            tx.for_each_text(&explain, &values, &mut |row| {
                let (id, parent) = (row.get_int(0)?, row.get_int(1)?);
                let above = steps.iter().find(|(step, _)| *step == parent);
                let depth = above.map_or(0, |(_, depth)| depth + 1);
                steps.push((id, depth));
                lines.push(format!("{}{}", "  ".repeat(depth), row.get_text_ref(3)?));
                Ok(())
            })
        })
        .unwrap();
    lines
}

/// The tables that a plan reads from end to end, by the aliases of `sql`.
fn scanned(sql: &str, plan: &[String]) -> Vec<String> {
    let words: Vec<&str> = sql.split_whitespace().collect();
    let table_of = |alias: &str| {
        let named = words.windows(2).find(|pair| pair[1] == alias && pair[0] != "FROM");
        named.map_or(alias, |pair| pair[0]).to_owned()
    };
    plan.iter()
        .filter_map(|step| step.trim_start().strip_prefix("SCAN "))
        .filter_map(|rest| rest.split_whitespace().next())
        .map(table_of)
        .collect()
}

#[test]
fn hot_questions_scan_no_big_table_and_keep_their_plans() {
    let world = World::sqlite();
    let keys = keys(world.folder.path());
    let mut differing = Vec::new();
    for (name, schema, sql) in HOT {
        let store = if schema == Schema::Keys { &keys } else { &world.store };
        let plan = plan(store, sql);
        assert!(!plan.is_empty(), "{name}: there is no plan");
        let big: Vec<String> =
            scanned(sql, &plan).into_iter().filter(|table| !SMALL.contains(&&**table)).collect();
        assert!(big.is_empty(), "{name} scans {big:?}: {plan:#?}");
        let text = plan.join("\n") + "\n";
        let file = plans().join(format!("{name}.txt"));
        if must_write() {
            std::fs::write(&file, &text).unwrap();
        } else if std::fs::read_to_string(&file).ok().as_ref() != Some(&text) {
            differing.push(format!("{name} is now\n{text}"));
        }
    }
    assert!(
        differing.is_empty(),
        "plans changed; look, then run with DOLDAM_WRITE_PLANS=1\n{}",
        differing.join("\n")
    );
}

#[test]
fn a_scan_is_seen() {
    let world = World::sqlite();
    let sql = "SELECT b.ordinal FROM blind_index b WHERE b.ordinal = ?1";
    assert_eq!(scanned(sql, &plan(&world.store, sql)), ["blind_index"]);
    let sql = "SELECT ordinal FROM subject WHERE handle = ?1";
    assert_eq!(scanned(sql, &plan(&world.store, sql)), ["subject"]);
    let sql = "SELECT ordinal FROM subject WHERE ordinal = ?1";
    assert!(scanned(sql, &plan(&world.store, sql)).is_empty());
}

fn plans() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/plans")
}

fn must_write() -> bool {
    #[expect(clippy::disallowed_methods, reason = "tests have no settings of their own")]
    std::env::var_os("DOLDAM_WRITE_PLANS").is_some()
}
