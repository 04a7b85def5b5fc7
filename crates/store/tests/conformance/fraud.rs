//! The log of fraud detection: without a gap, each event once, all of a batch or none.

use super::{World, on_both};
use crate::StoreError;
use crate::fraud::artifact::{self, Artifact};
use crate::fraud::log::{self, Batch, Entry};

on_both!(
    the_log_grows_without_a_gap,
    an_event_stands_in_the_log_once,
    an_artifact_keeps_its_first_maker
);

fn batch(world: &World, events: &[Option<&str>]) -> Batch {
    let now = world.now().micros();
    Batch {
        entries: events.iter().map(|event| if event.is_some() { 1 } else { 3 }).collect(),
        events: events.iter().map(|event| event.map(str::to_owned)).collect(),
        payloads: events.iter().map(|event| event.map(|id| vec![id.as_bytes()[0]; 32])).collect(),
        times_us: vec![now; events.len()],
        bodies: events.iter().map(|event| event.unwrap_or("\0").as_bytes().to_vec()).collect(),
        ..Batch::default()
    }
}

fn all(world: &World, after: u64, limit: u32) -> Vec<Entry> {
    world.read(|tx| {
        let mut found = Vec::new();
        log::read(tx, after, limit, &mut |entry| found.push(entry))?;
        Ok(found)
    })
}

fn the_log_grows_without_a_gap(world: &World) {
    assert_eq!(world.read(log::last), 0);
    let first = batch(world, &[Some("a"), None, Some("b")]);
    world.write(move |tx| log::append(tx, 0, &first));
    let second = batch(world, &[None]);
    world.write(move |tx| log::append(tx, 3, &second));
    assert_eq!(world.read(log::last), 4);
    let read: Vec<u64> = all(world, 1, 2).iter().map(|entry| entry.sequence).collect();
    assert_eq!(read, [2, 3]);
    let [one] = &all(world, 2, 1)[..] else { panic!("one entry was asked for") };
    assert!(one.event == Some(("b".to_owned(), [b'b'; 32])) && one.body == b"b" && one.entry == 1);
    let stale = batch(world, &[Some("c")]);
    let moved = world.store.write("test.append", move |tx| log::append(tx, 3, &stale));
    assert!(matches!(moved, Err(StoreError::State { .. })), "the log ends at 4, not at 3");
}

fn an_event_stands_in_the_log_once(world: &World) {
    let first = batch(world, &[Some("a"), Some("b")]);
    world.write(move |tx| log::append(tx, 0, &first));
    let again = batch(world, &[Some("c"), Some("b")]);
    let refused = world.store.write("test.append", move |tx| log::append(tx, 2, &again));
    assert!(matches!(refused, Err(StoreError::State { .. })));
    assert_eq!(world.read(log::last), 2, "nothing of a refused batch stays");
    let asked = ["b".to_owned(), "c".to_owned(), "a".to_owned()];
    let mut found = world.read(|tx| {
        let mut found = Vec::new();
        log::find(tx, &asked, &mut |place, entry| found.push((place, entry.sequence)))?;
        Ok(found)
    });
    found.sort_unstable();
    assert_eq!(found, [(0, 2), (2, 1)]);
}

fn an_artifact_keeps_its_first_maker(world: &World) {
    let one = Artifact {
        version: [3; 32],
        what: "rules".to_owned(),
        name: "starter".to_owned(),
        body: b"[[rule]]".to_vec(),
        made_by: "minji".to_owned(),
        made_at: world.now(),
    };
    let again = Artifact { made_by: "jun".to_owned(), ..one.clone() };
    for new in [one.clone(), again] {
        world.write(move |tx| artifact::keep(tx, &new));
    }
    assert_eq!(world.read(|tx| artifact::find(tx, &[3; 32])), Some(one.clone()));
    assert_eq!(world.read(|tx| artifact::find(tx, &[4; 32])), None);
    let listed = world.read(|tx| artifact::list(tx, "rules"));
    assert_eq!(listed, [Artifact { body: Vec::new(), ..one }]);
    assert_eq!(world.read(|tx| artifact::list(tx, "model")), []);
}
