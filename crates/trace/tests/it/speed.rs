//! The tracer's own part must be small beside the register's: 17,551 rows, repeats and strangers
//! against a million subjects.

use std::time::Instant;

use crate::world::{Dice, RAW, STRANGERS, World, sample};

#[test]
#[expect(clippy::disallowed_methods, reason = "this test measures real time")]
fn seventeen_thousand_rows_take_little_time() {
    let mut world = World::new(1_000_000);
    for seed in 0..12 {
        world.give(1 + seed % 4, &sample(1_000_000, 17_551, u64::from(seed)));
    }
    let mut people = world.disclosures[3].rows.clone();
    people.extend(Dice(1).some(&world.disclosures[3].rows, 500));
    people.extend((0..500).map(|n| STRANGERS + n));
    for shuffled in [false, true] {
        if shuffled {
            Dice(2).shuffle(&mut people);
        }
        let started = Instant::now();
        let report = world.trace_people(&RAW[..2], &people).report;
        let elapsed = started.elapsed();
        assert_eq!((report.subjects.exact, report.unknown_rows), (17_551, 500));
        assert_eq!(report.disclosures[0].id, "D-4");
        assert!(elapsed.as_millis() < 1_000, "{elapsed:?}");
        println!("shuffled {shuffled}: {elapsed:?}, with making the file and this test's house");
    }
}
