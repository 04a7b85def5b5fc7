//! The tracer's own part must be small beside the register's: 17,551 rows, repeats and strangers
//! against a million subjects.

use std::cell::Cell;
use std::time::{Duration, Instant};

use doldam_ground::ids::{DisclosureId, Ordinal};
use doldam_ground::{Kind, MockClock};
use doldam_trace::house::{Answer, DisclosureFacts, House, Marker, ProcessorFacts, Unmasked};
use doldam_trace::rows::MemoryRows;
use doldam_trace::{TraceError, trace};

use crate::world::{Dice, RAW, STRANGERS, World, sample, value};

/// A house that notes how long it thinks.
struct Timed<'world> {
    world: &'world World,
    thought: Cell<Duration>,
}

impl Timed<'_> {
    #[expect(clippy::disallowed_methods, reason = "this test measures real time")]
    fn think<T>(&self, answer: impl FnOnce(&World) -> T) -> T {
        let started = Instant::now();
        let answer = answer(self.world);
        self.thought.set(self.thought.get() + started.elapsed());
        answer
    }
}

impl House for Timed<'_> {
    fn kinds(&self) -> Result<Vec<Kind>, TraceError> {
        self.think(World::kinds)
    }

    fn whose(&self, kind: Kind, values: &[&str]) -> Result<Vec<Answer>, TraceError> {
        self.think(|world| world.whose(kind, values))
    }

    fn unmask(
        &self,
        shape: Option<Kind>,
        texts: &[&str],
    ) -> Result<Vec<Vec<Unmasked>>, TraceError> {
        self.think(|world| world.unmask(shape, texts))
    }

    fn markers(&self, kind: Kind, values: &[&str]) -> Result<Vec<Vec<Marker>>, TraceError> {
        self.think(|world| world.markers(kind, values))
    }

    fn disclosures(&self) -> Result<Vec<DisclosureFacts>, TraceError> {
        self.think(World::disclosures)
    }

    fn row_order(&self, disclosure: DisclosureId) -> Result<Vec<Ordinal>, TraceError> {
        self.think(|world| world.row_order(disclosure))
    }

    fn processors(&self) -> Result<Vec<ProcessorFacts>, TraceError> {
        self.think(World::processors)
    }

    fn subject_total(&self) -> Result<u64, TraceError> {
        self.think(World::subject_total)
    }
}

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
    let columns = ["nickname".to_owned(), "ci".to_owned()];
    let clock = MockClock::new(doldam_ground::Instant::from_micros(0));
    for shuffled in [false, true] {
        if shuffled {
            Dice(2).shuffle(&mut people);
        }
        let row = |person: &u32| vec![value(RAW[1], *person), value(RAW[0], *person)];
        let rows: Vec<Vec<String>> = people.iter().map(row).collect();
        let house = Timed { world: &world, thought: Cell::default() };
        let started = Instant::now();
        let open = || Ok(Box::new(MemoryRows::new(&columns, &rows)) as _);
        let report = trace(&open, &house, &clock).unwrap().report;
        let own = started.elapsed().saturating_sub(house.thought.get());
        assert_eq!((report.subjects.exact, report.unknown_rows), (17_551, 500));
        assert_eq!(report.disclosures[0].id, "D-4");
        println!("{} rows, shuffled {shuffled}: {own:?} of our own", rows.len());
        // Ten times what an idle machine takes, so that a busy one does not fail the build.
        assert!(own < Duration::from_millis(500), "{own:?}");
    }
}
