//! What the tables of others say of one person.

use doldam_ground::ids::{DispatchId, IncidentId, Ordinal, TraceId};

use super::{World, on_both};
use crate::audit::{self, Entry};
use crate::dispatch::{self, NewDispatch};
use crate::incident::{self, NewIncident};
use crate::{notice, person};

on_both!(
    rows_of_the_log_about_people_are_read_backwards,
    an_open_incident_knows_whom_it_hit,
    people_of_an_incident_come_in_pages_with_what_they_were_told,
);

fn entry(world: &World, sealed: Option<Vec<u8>>) -> Entry {
    Entry {
        at: world.now(),
        actor: "minji".to_owned(),
        origin: "local".to_owned(),
        action: "subject.reveal",
        object: "phone".to_owned(),
        purpose: "a call of a customer".to_owned(),
        subject_count: 1,
        sealed_subjects: sealed,
    }
}

fn rows_of_the_log_about_people_are_read_backwards(world: &World) {
    for sealed in [Some(vec![1]), None, Some(vec![3]), Some(vec![4])] {
        let entry = entry(world, sealed);
        world.write(move |tx| audit::append(tx, &entry).map(drop));
    }
    let seqs = |before, limit| -> Vec<u64> {
        world.read(|tx| person::log_rows(tx, before, limit)).iter().map(|row| row.seq).collect()
    };
    assert_eq!(seqs(u64::MAX, 9), [4, 3, 1]);
    assert_eq!((seqs(u64::MAX, 2), seqs(3, 2)), (vec![4, 3], vec![1]));
    let row = world.read(|tx| person::log_rows(tx, 4, 1)).remove(0);
    assert_eq!((row.sealed_subjects, row.object.as_str()), (Some(vec![3]), "phone"));
}

/// An incident in which the ordinals 0, 2, 4, ... are hit.
fn hit(world: &World, people: u32) -> IncidentId {
    let now = world.now();
    let new = NewIncident {
        title: "a file".to_owned(),
        source: "tip".to_owned(),
        processor: None,
        aware_at: now,
        opened_by: "minji".to_owned(),
    };
    let ordinals: Vec<Ordinal> = (0..people).map(|place| Ordinal::new(place * 2)).collect();
    world.write(move |tx| {
        let id = incident::insert(tx, &new, now)?;
        incident::expose(tx, id, &ordinals, "exact", TraceId::new(7), now)?;
        Ok(id)
    })
}

fn an_open_incident_knows_whom_it_hit(world: &World) {
    let (first, second) = (hit(world, 2), hit(world, 3));
    let open = |ordinal| world.read(|tx| person::open_incidents(tx, Ordinal::new(ordinal)));
    assert_eq!((open(0), open(4), open(1)), (vec![first, second], vec![second], vec![]));
    let now = world.now();
    world.write(move |tx| incident::close(tx, first, now));
    assert_eq!(open(0), [second]);
}

fn people_of_an_incident_come_in_pages_with_what_they_were_told(world: &World) {
    let (id, now) = (hit(world, 5), world.now());
    let new = NewDispatch {
        incident: id,
        stage: "first".to_owned(),
        channel: "sms".to_owned(),
        gateway: "main".to_owned(),
        template: "leak-first".to_owned(),
        template_version: 1,
        template_digest: [7; 32],
    };
    // Somebody of them is told, and somebody who is not known to be hit.
    let _: DispatchId = world.write(move |tx| {
        let dispatch = dispatch::create(tx, &new, now)?;
        notice::plan(tx, dispatch, &[Ordinal::new(3), Ordinal::new(4)])?;
        Ok(dispatch)
    });
    let page = |after: Option<u32>, limit| {
        world.read(|tx| person::hits(tx, id, after.map(Ordinal::new), limit))
    };
    let first = page(None, 3);
    let numbers: Vec<u32> = first.iter().map(|hit| hit.ordinal.number()).collect();
    assert_eq!(numbers, [0, 2, 4]);
    assert_eq!((first[0].grade.as_str(), first[0].trace), ("exact", TraceId::new(7)));
    assert_eq!((first[0].known_at, first[0].told.len()), (now, 0));
    let told: Vec<_> = first[2].told.iter().map(|one| (&*one.stage, &*one.state)).collect();
    assert_eq!((told, first[2].told[0].ended_at), (vec![("first", "planned")], None));
    let rest: Vec<u32> = page(Some(4), 3).iter().map(|hit| hit.ordinal.number()).collect();
    assert_eq!((rest, page(Some(8), 3)), (vec![6, 8], vec![]));
    assert_eq!(world.read(|tx| person::hits(tx, IncidentId::new(99), None, 3)), []);
}
