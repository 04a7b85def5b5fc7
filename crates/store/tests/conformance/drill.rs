//! Rehearsals: kept as they were, newest first.

use doldam_ground::Instant;

use super::{World, on_both};
use crate::drill::{self, Drill, NewDrill};

on_both!(outcomes_are_kept_and_listed_newest_first);

fn run(world: &World, trouble: &str) -> NewDrill {
    NewDrill {
        trouble: trouble.to_owned(),
        outcome: r#"{"schema":1,"affected":100}"#.to_owned(),
        ordered_by: "minji".to_owned(),
        started_at: world.now(),
    }
}

fn outcomes_are_kept_and_listed_newest_first(world: &World) {
    let first = run(world, "none");
    let second = NewDrill { started_at: Instant::from_micros(7), ..run(world, "some") };
    for (number, one) in [(1, first.clone()), (2, second.clone())] {
        assert_eq!(world.write(move |tx| drill::insert(tx, &one)), number);
    }
    let (first, second) = (Drill { id: 1, run: first }, Drill { id: 2, run: second });
    assert_eq!(world.read(|tx| drill::find(tx, 2)), Some(second.clone()));
    assert_eq!(world.read(|tx| drill::find(tx, 3)), None);
    assert_eq!(world.read(|tx| drill::list(tx, None, 9)), [second.clone(), first.clone()]);
    assert_eq!(world.read(|tx| drill::list(tx, None, 1)), [second]);
    assert_eq!(world.read(|tx| drill::list(tx, Some(2), 9)), [first]);
}
