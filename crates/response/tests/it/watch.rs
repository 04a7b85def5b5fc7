//! From an incident to fraud detection, and back.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use doldam_fraud::decision::Action;
use doldam_fraud::desk::{Answer, Decided, Desk, FailPolicy, Furnishing};
use doldam_fraud::journal::StoreJournal;
use doldam_fraud::setup::Parts;
use doldam_fraud::{Event, EventId, Schema};
use doldam_ground::Kind;
use doldam_ground::ids::DisclosureId;
use doldam_response::watch::{self, Lead};
use doldam_response::{incident, timeline};
use doldam_vault::disclosure::{Filter, Order};
use serde_json::json;

use crate::world::{World, actor};

fn desk(world: &World) -> Desk {
    let kept = Arc::new(Mutex::new(HashMap::<[u8; 32], Vec<u8>>::new()));
    let fetched = Arc::clone(&kept);
    let furnishing = Furnishing {
        journal: Arc::new(StoreJournal::new(Arc::new(world.vault.data().clone()))),
        fetch: Box::new(move |version| Ok(fetched.lock().unwrap().get(version).cloned())),
        keep: Box::new(move |parts, _| {
            let bodies = parts.bodies().into_iter();
            let bodies = bodies.map(|(part, body)| (part.version(body), body.to_vec()));
            kept.lock().unwrap().extend(bodies);
            Ok(())
        }),
        clock: world.clock.clone(),
        policy: FailPolicy::default(),
        snapshot: None,
    };
    Desk::open(furnishing, Parts::shipped()).unwrap()
}

fn feed(world: &World) {
    let order = Order {
        processor: watch::PARTY.to_owned(),
        relation: "outsourcing".to_owned(),
        purpose: watch::PURPOSE.to_owned(),
        fields: vec![Kind::CI],
        raw: false,
        bound: false,
        canaries: Some(0),
        return_by: None,
        requester: None,
        approval: None,
    };
    let everybody = world.vault.select(Filter::All).unwrap();
    world.vault.disclose(&order, &everybody, &actor()).unwrap();
}

fn members(desk: &Desk, list: &'static str) -> Vec<(String, Option<String>)> {
    desk.look(move |engine| {
        let place = engine.setup().list(list).unwrap();
        let member = |one: doldam_fraud::list::Member| {
            (one.key.to_string(), one.reference.map(|reference| reference.to_string()))
        };
        engine.lists().members(place).into_iter().map(member).collect()
    })
    .unwrap()
}

fn log_in(world: &World, desk: &Desk, id: &str, identity: &str) -> Decided {
    let time = world.vault.now().to_rfc3339();
    let event = json!({
        "id": id, "kind": "log_in", "time": time, "account": "a stranger", "identity": identity,
    });
    let schema = Schema::parse(doldam_fraud::schema::SHIPPED).unwrap();
    let event = Event::from_json(&schema, event.to_string().as_bytes()).unwrap();
    match desk.judge_now(vec![event]).pop() {
        Some(Answer::Decided(decided)) => *decided,
        _ => panic!("it is decided"),
    }
}

fn leads(world: &World, desk: &Desk, id: &str, decided: &Decided) -> Vec<Lead> {
    let setup = desk.look(|engine| Arc::clone(engine.setup())).unwrap();
    let event = EventId::new(id).unwrap();
    watch::leads(&world.vault, &setup, &event, &decided.decision, &actor()).unwrap()
}

#[test]
fn only_the_people_of_the_incident_are_watched() {
    let world = World::new(200);
    let desk = desk(&world);
    let id = world.open();
    let until = world.vault.now().plus_days(30);
    let begin = |until| watch::begin(&world.vault, &desk, id, until, &actor(), "a leak");
    assert!(begin(until).is_err(), "nobody is hit yet");
    incident::attach(&world.vault, id, world.trace(50), world.vault.now(), &actor()).unwrap();
    let hit = incident::people(&world.vault, id).unwrap().len();
    assert!(begin(until).is_err(), "fraud detection knows nobody yet");
    feed(&world);
    assert!(begin(world.vault.now()).is_err());
    assert!(begin(world.vault.now().plus_days(367)).is_err());
    assert!(members(&desk, "leaked").is_empty());
    let watched = begin(until).unwrap();
    assert_eq!((watched.people, watched.keys), (hit, hit));
    let listed = members(&desk, "leaked");
    assert_eq!(listed.len() as u64, hit);
    assert!(listed.iter().all(|(_, why)| why.as_deref() == Some(&id.to_string())));
    // Again: the same people, and a line that says so.
    begin(until.plus_days(1)).unwrap();
    assert_eq!(members(&desk, "leaked").len() as u64, hit);
    let lines = timeline::read(&world.vault, id, 0).unwrap();
    assert_eq!(lines.iter().filter(|line| line.entry.what == "incident.watch").count(), 2);
}

#[test]
fn a_canary_is_a_lead_once_for_each_event() {
    let world = World::new(100);
    let desk = desk(&world);
    let disclosure = DisclosureId::new(1);
    assert_eq!(watch::plant(&world.vault, &desk, disclosure, &actor()).unwrap(), 3);
    let canaries = members(&desk, "canaries");
    let stranger = log_in(&world, &desk, "e-0", "nobody that we know");
    assert!(leads(&world, &desk, "e-0", &stranger).is_empty());
    let used = log_in(&world, &desk, "e-1", &canaries[0].0);
    assert!(used.decision.verdict.action >= Action::Hold);
    let first = leads(&world, &desk, "e-1", &used);
    let opened =
        Lead { incident: first[0].incident, opened: true, processor: world.processor, disclosure };
    assert_eq!(first, [opened]);
    assert!(leads(&world, &desk, "e-1", &used).is_empty(), "it is told once");
    let again = log_in(&world, &desk, "e-2", &canaries[1].0);
    assert_eq!(leads(&world, &desk, "e-2", &again), [Lead { opened: false, ..opened }]);
    assert_eq!(incident::list(&world.vault).unwrap().len(), 1);
}
