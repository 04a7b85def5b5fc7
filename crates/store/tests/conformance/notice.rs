//! The once-only ledger of notices: its states, its fence, its receipts.

use std::cell::Cell;

use doldam_ground::Instant;
use doldam_ground::ids::{DispatchId, IncidentId, Ordinal, StaffId};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use super::{World, on_both};
use crate::dispatch::{self, Lease, NewDispatch};
use crate::notice::{
    self, Answer, Attempt, Counts, Decision, Intended, Intent, Receipt, ReceiptCounts, Refusal,
    Settled,
};
use crate::{StoreError, Tx};

on_both!(
    planning_twice_adds_nobody_twice,
    a_notice_is_told_once,
    a_later_worker_fences_the_earlier_one_off,
    receipts_may_come_twice_late_and_first,
    a_text_in_parts_is_delivered_with_its_last_part,
    a_person_decides_what_is_in_doubt,
    a_receipt_can_name_a_notice_by_reference_and_number,
    an_unsettled_message_can_be_asked_about,
    a_dispatch_is_not_closed_over_people,
    any_order_of_events_is_as_the_model_says,
);

const LEASE_US: u32 = 30_000_000;
const GATEWAY: &str = "main";

fn make(world: &World, incident: u32, people: u32) -> DispatchId {
    let now = world.now();
    let ordinals: Vec<Ordinal> = (0..people).map(Ordinal::new).collect();
    run(world, move |tx| {
        let id = dispatch::create(tx, &approved(incident), now)?;
        notice::plan(tx, id, &ordinals)?;
        Ok(id)
    })
}

fn approved(incident: u32) -> NewDispatch {
    NewDispatch {
        incident: IncidentId::new(incident),
        stage: "first".to_owned(),
        channel: "sms".to_owned(),
        gateway: GATEWAY.to_owned(),
        template: "leak-first".to_owned(),
        template_version: 3,
        template_digest: [7; 32],
    }
}

fn run<T: Send + 'static>(
    world: &World,
    act: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
) -> T {
    world.store.write("test.notice", act).unwrap()
}

fn counts(world: &World, id: DispatchId) -> Counts {
    world.store.read("test.counts", |tx| notice::counts(tx, id)).unwrap()
}

fn claim(world: &World, id: DispatchId) -> (Lease, u64) {
    let now = world.now();
    run(world, move |tx| dispatch::claim(tx, id, now, LEASE_US))
}

fn destination(ordinal: u32) -> [u8; 16] {
    u128::from(ordinal).to_be_bytes()
}

fn intend(world: &World, lease: &Lease, ordinals: &[u32], parts: u32) -> Vec<Intended> {
    let intents: Vec<Intent> = ordinals
        .iter()
        .map(|number| Intent {
            ordinal: Ordinal::new(*number),
            destination: destination(*number),
            parts,
        })
        .collect();
    let (lease, now) = (lease.clone(), world.now());
    run(world, move |tx| {
        dispatch::renew(tx, &lease, now, LEASE_US)?;
        let mut intended = notice::intend(tx, &lease, &intents, now)?;
        intended.sort_by_key(|one| one.attempt.ordinal);
        Ok(intended)
    })
}

fn accept(world: &World, lease: &Lease, attempt: Attempt, ids: &[&str]) -> u64 {
    let (lease, now) = (lease.clone(), world.now());
    let message_ids = ids.iter().map(|id| (*id).to_owned()).collect();
    let answer = Answer { attempt, message_ids };
    run(world, move |tx| notice::accepted(tx, &lease, std::slice::from_ref(&answer), now))
}

fn doubt(world: &World, lease: &Lease, attempt: Attempt, ids: &[&str]) -> u64 {
    let (lease, now) = (lease.clone(), world.now());
    let message_ids = ids.iter().map(|id| (*id).to_owned()).collect();
    let answer = Answer { attempt, message_ids };
    run(world, move |tx| notice::doubted(tx, &lease, std::slice::from_ref(&answer), now))
}

fn receipt(message_id: &str, settled: Settled) -> Receipt {
    Receipt { message_id: message_id.to_owned(), reference: None, destination: None, settled }
}

fn receive(world: &World, batch: Vec<Receipt>) -> ReceiptCounts {
    let now = world.now();
    run(world, move |tx| notice::receipts(tx, GATEWAY, &batch, now))
}

fn attempt(ordinal: u32, number: u32) -> Attempt {
    Attempt { ordinal: Ordinal::new(ordinal), number }
}

fn news(new: u64, repeated: u64, stray: u64) -> ReceiptCounts {
    ReceiptCounts { new, repeated, stray }
}

fn planning_twice_adds_nobody_twice(world: &World) {
    let first = make(world, 1, 3);
    let now = world.now();
    let plan = |id: DispatchId, numbers: &'static [u32]| {
        let ordinals: Vec<Ordinal> = numbers.iter().copied().map(Ordinal::new).collect();
        run(world, move |tx| notice::plan(tx, id, &ordinals))
    };
    assert_eq!(plan(first, &[1, 2, 3, 4, 4]), notice::Planned { added: 2, already: 2 });
    let again = run(world, move |tx| dispatch::create(tx, &approved(1), now));
    assert_eq!(plan(again, &[0, 9]), notice::Planned { added: 1, already: 1 });
    let other = run(world, move |tx| dispatch::create(tx, &approved(2), now));
    assert_eq!(plan(other, &[0, 9]), notice::Planned { added: 2, already: 0 });
    assert_eq!(counts(world, first), Counts { planned: 5, ..Counts::default() });
    let behind = world
        .store
        .read("test.planned", |tx| notice::planned(tx, first, Some(Ordinal::new(1)), 2))
        .unwrap();
    assert_eq!(behind, [Ordinal::new(2), Ordinal::new(3)]);
    let found = world.store.read("test.find", |tx| dispatch::find(tx, first)).unwrap().unwrap();
    assert_eq!(found.approved, approved(1));
    assert!(found.is_open && found.lease_until.is_none());
}

fn a_notice_is_told_once(world: &World) {
    let id = make(world, 1, 4);
    let (lease, doubted) = claim(world, id);
    assert_eq!(doubted, 0);
    let intended = intend(world, &lease, &[0, 1, 2], 1);
    assert_eq!(intended.len(), 3);
    assert_eq!(intended[1].attempt, attempt(1, 1));
    assert_ne!(intended[0].reference, intended[1].reference);
    assert_eq!(intend(world, &lease, &[0, 1, 2], 1), [], "an intent is taken once");
    assert_eq!(accept(world, &lease, attempt(0, 1), &["a"]), 1);
    assert_eq!(accept(world, &lease, attempt(0, 1), &["a"]), 0);
    let refused = Refusal { attempt: attempt(1, 1), outcome: "smpp.0000000b".to_owned() };
    let never = Refusal { attempt: attempt(3, 0), outcome: "not_a_phone".to_owned() };
    let (of, now) = (lease.clone(), world.now());
    let changed =
        run(world, move |tx| notice::refused(tx, &of, &[refused.clone(), never.clone()], now));
    assert_eq!(changed, 2);
    let of = lease.clone();
    assert_eq!(run(world, move |tx| notice::withdraw(tx, &of, &[attempt(2, 1)])), 1);
    let expected = Counts { planned: 1, accepted: 1, failed: 2, ..Counts::default() };
    assert_eq!(counts(world, id), expected);
    let behind = Some(Ordinal::new(0));
    let list = world
        .store
        .read("test.list", |tx| notice::list(tx, IncidentId::new(1), "first", behind, 9))
        .unwrap();
    let states: Vec<_> =
        list.iter().map(|one| (one.attempt, one.state.as_str(), one.outcome.as_deref())).collect();
    let expected = [
        (attempt(1, 1), "failed", Some("smpp.0000000b")),
        (attempt(2, 1), "planned", None),
        (attempt(3, 0), "failed", Some("not_a_phone")),
    ];
    assert_eq!(states, expected);
    assert_eq!(intend(world, &lease, &[0, 1, 2, 3], 1)[0].attempt, attempt(2, 2));
    assert_eq!(receive(world, vec![receipt("a", Settled::Delivered)]), news(1, 0, 0));
    let expected = Counts { intent: 1, delivered: 1, failed: 2, ..Counts::default() };
    assert_eq!(counts(world, id), expected);
}

fn a_later_worker_fences_the_earlier_one_off(world: &World) {
    let id = make(world, 1, 3);
    let (first, _) = claim(world, id);
    let intended = intend(world, &first, &[0, 1], 1);
    let now = world.now();
    let busy = world.store.write("test.claim", move |tx| dispatch::claim(tx, id, now, LEASE_US));
    assert!(matches!(busy, Err(StoreError::Conflict { .. })));
    world.clock.advance_us(LEASE_US);
    let (second, doubted) = claim(world, id);
    assert_eq!((second.number, doubted), (first.number + 1, 2));
    let (of, now) = (first.clone(), world.now());
    let late = world.store.write("test.renew", move |tx| dispatch::renew(tx, &of, now, LEASE_US));
    assert!(matches!(late, Err(StoreError::Conflict { .. })), "the earlier worker must stop");
    assert_eq!(intend(world, &second, &[0, 1, 2], 1).len(), 1, "doubts are not sent again");
    // What the earlier worker learned is still true.
    assert_eq!(accept(world, &first, intended[0].attempt, &["x"]), 1);
    let expected = Counts { intent: 1, accepted: 1, in_doubt: 1, ..Counts::default() };
    assert_eq!(counts(world, id), expected);
    let of = second.clone();
    run(world, move |tx| dispatch::release(tx, &of));
    assert_eq!(claim(world, id).1, 1);
}

fn receipts_may_come_twice_late_and_first(world: &World) {
    let id = make(world, 1, 4);
    let (lease, _) = claim(world, id);
    intend(world, &lease, &[0, 1, 2, 3], 1);
    // First: before the answer that names the message.
    let early = vec![receipt("a", Settled::Delivered), receipt("zz", Settled::Delivered)];
    assert_eq!(receive(world, early), news(0, 0, 2));
    accept(world, &lease, attempt(0, 1), &["a"]);
    assert_eq!(world.number("SELECT COUNT(*) FROM stray_receipt"), 1);
    // Twice, also in one batch.
    accept(world, &lease, attempt(1, 1), &["b"]);
    let twice = vec![receipt("b", Settled::Expired), receipt("b", Settled::Delivered)];
    assert_eq!(receive(world, twice), news(1, 1, 0));
    assert_eq!(receive(world, vec![receipt("b", Settled::Expired)]), news(0, 1, 0));
    // A failure that turns out to be a delivery.
    accept(world, &lease, attempt(2, 1), &["c"]);
    let failed = Settled::Failed("receipt.undeliv".to_owned());
    assert_eq!(receive(world, vec![receipt("c", failed.clone())]), news(1, 0, 0));
    assert_eq!(counts(world, id).failed, 1);
    assert_eq!(receive(world, vec![receipt("c", Settled::Delivered)]), news(1, 0, 0));
    assert_eq!(receive(world, vec![receipt("c", failed)]), news(0, 1, 0));
    // Late: after the notice went in doubt, with its message known.
    doubt(world, &lease, attempt(3, 1), &["d"]);
    assert_eq!(counts(world, id).in_doubt, 1);
    assert_eq!(receive(world, vec![receipt("d", Settled::Expired)]), news(1, 0, 0));
    let expected = Counts { delivered: 3, expired: 1, ..Counts::default() };
    assert_eq!(counts(world, id), expected);
}

fn a_text_in_parts_is_delivered_with_its_last_part(world: &World) {
    let id = make(world, 1, 2);
    let (lease, _) = claim(world, id);
    intend(world, &lease, &[0, 1], 3);
    accept(world, &lease, attempt(0, 1), &["a1", "a2", "a3"]);
    let part = |name: &str| vec![receipt(name, Settled::Delivered)];
    receive(world, part("a1"));
    receive(world, part("a1"));
    receive(world, part("a3"));
    assert_eq!(counts(world, id).delivered, 0, "the second part is missing");
    receive(world, part("a2"));
    assert_eq!(counts(world, id).delivered, 1);
    doubt(world, &lease, attempt(1, 1), &["b1", "b2"]);
    receive(world, part("b1"));
    receive(world, part("b2"));
    assert_eq!(counts(world, id).in_doubt, 1, "nobody knows of the third part");
    assert_eq!(accept(world, &lease, attempt(1, 1), &["b1", "b2", "b3"]), 1);
    receive(world, part("b3"));
    assert_eq!(counts(world, id).delivered, 2);
}

fn a_person_decides_what_is_in_doubt(world: &World) {
    let id = make(world, 1, 2);
    let (lease, _) = claim(world, id);
    intend(world, &lease, &[0, 1], 2);
    doubt(world, &lease, attempt(0, 1), &["a"]);
    doubt(world, &lease, attempt(1, 1), &[]);
    let mut stranger = receipt("z", Settled::Delivered);
    stranger.destination = Some(destination(1));
    receive(world, vec![stranger]);
    let doubts = world.store.read("test.doubts", |tx| notice::in_doubt(tx, id, None, 10)).unwrap();
    let shape: Vec<_> =
        doubts.iter().map(|one| (one.attempt, one.parts_taken, one.stray_receipts)).collect();
    assert_eq!(shape, [(attempt(0, 1), 1, 0), (attempt(1, 1), 0, 1)]);
    assert_eq!((doubts[0].parts, doubts[0].intended_at), (2, world.now()));
    let now = world.now();
    let decide = |attempt: Attempt, decision: Decision, reason: &'static str| {
        world.store.write("test.resolve", move |tx| {
            notice::resolve(tx, id, attempt, decision, StaffId::new(4), reason, now)
        })
    };
    let no_reason = decide(attempt(0, 1), Decision::Resend, " ");
    assert!(matches!(no_reason, Err(StoreError::State { .. })));
    decide(attempt(0, 1), Decision::Resend, "the operator has no record of it").unwrap();
    decide(attempt(1, 1), Decision::GiveUp, "the customer called").unwrap();
    let again = decide(attempt(1, 1), Decision::Resend, "again");
    assert!(matches!(again, Err(StoreError::Conflict { .. })));
    assert_eq!(counts(world, id), Counts { planned: 1, failed: 1, ..Counts::default() });
    assert_eq!(world.number("SELECT COUNT(*) FROM notice_decision WHERE decided_by = 4"), 2);
    assert_eq!(intend(world, &lease, &[0, 1], 2)[0].attempt, attempt(0, 2));
    // A late receipt of the first attempt does not settle the second.
    receive(world, vec![receipt("a", Settled::Delivered)]);
    assert_eq!(counts(world, id).intent, 1);
}

fn a_receipt_can_name_a_notice_by_reference_and_number(world: &World) {
    let id = make(world, 1, 2);
    let (lease, _) = claim(world, id);
    let intended = intend(world, &lease, &[0, 1], 1);
    doubt(world, &lease, attempt(0, 1), &[]);
    let of = |message_id: &str, reference: u16, number: u32| Receipt {
        reference: Some(reference),
        destination: Some(destination(number)),
        ..receipt(message_id, Settled::Delivered)
    };
    let wrong = vec![of("w", intended[0].reference, 1), of("v", intended[1].reference, 0)];
    assert_eq!(receive(world, wrong), news(0, 0, 2));
    assert_eq!(receive(world, vec![of("a", intended[0].reference, 0)]), news(1, 0, 0));
    assert_eq!(receive(world, vec![of("a", intended[0].reference, 0)]), news(0, 1, 0));
    assert_eq!(receive(world, vec![of("b", intended[1].reference, 1)]), news(1, 0, 0));
    assert_eq!(counts(world, id), Counts { delivered: 2, ..Counts::default() });
    assert_eq!(accept(world, &lease, attempt(1, 1), &["b"]), 0, "the answer says nothing new");
}

fn an_unsettled_message_can_be_asked_about(world: &World) {
    let id = make(world, 1, 4);
    let (lease, _) = claim(world, id);
    intend(world, &lease, &[0, 1, 2, 3], 2);
    doubt(world, &lease, attempt(0, 1), &["a"]);
    accept(world, &lease, attempt(1, 1), &["b", "c"]);
    accept(world, &lease, attempt(2, 1), &["d", "e"]);
    receive(world, vec![receipt("b", Settled::Delivered)]);
    receive(world, vec![receipt("d", Settled::Delivered), receipt("e", Settled::Delivered)]);
    let ask = |before: Instant| {
        world.store.read("test.ask", |tx| notice::unsettled(tx, id, before, 10)).unwrap()
    };
    assert_eq!(ask(Instant::from_micros(0)), ["a"]);
    assert_eq!(ask(world.now()), ["a", "c"]);
}

fn a_dispatch_is_not_closed_over_people(world: &World) {
    let id = make(world, 1, 1);
    let close = || world.store.write("test.close", move |tx| dispatch::close(tx, id));
    assert!(matches!(close(), Err(StoreError::State { .. })));
    let (lease, _) = claim(world, id);
    intend(world, &lease, &[0], 1);
    accept(world, &lease, attempt(0, 1), &["a"]);
    close().unwrap();
    let now = world.now();
    let late = world.store.write("test.renew", move |tx| dispatch::renew(tx, &lease, now, 1));
    assert!(matches!(late, Err(StoreError::Conflict { .. })));
    world.clock.advance_us(LEASE_US);
    let now = world.now();
    let claimed = world.store.write("test.claim", move |tx| dispatch::claim(tx, id, now, 1));
    assert!(matches!(claimed, Err(StoreError::State { .. })));
}

/// What may happen to the notices, in any order.
#[derive(Clone, Debug)]
enum Event {
    Intend(u32),
    Answer(u32),
    LoseAnswer(u32),
    Withdraw(u32),
    Refuse(u32),
    Receipt(u32, bool),
    Die,
    Decide(u32, bool),
}

const PEOPLE: u32 = 4;

fn event() -> impl Strategy<Value = Event> {
    let person = || 0..PEOPLE;
    prop_oneof![
        4 => person().prop_map(Event::Intend),
        4 => person().prop_map(Event::Answer),
        2 => person().prop_map(Event::LoseAnswer),
        1 => person().prop_map(Event::Withdraw),
        1 => person().prop_map(Event::Refuse),
        4 => (person(), any::<bool>()).prop_map(|(person, good)| Event::Receipt(person, good)),
        1 => Just(Event::Die),
        2 => (person(), any::<bool>()).prop_map(|(person, again)| Event::Decide(person, again)),
    ]
}

/// The ledger as it ought to be, of one person.
#[derive(Clone, Debug, Default)]
struct Model {
    state: &'static str,
    attempt: u32,
    /// Whether the gateway named the message of the attempt, and its receipt so far.
    named: bool,
    receipt: Option<bool>,
    /// A receipt that came before the message was named.
    stray: Option<bool>,
}

impl Model {
    fn new() -> Self {
        Self { state: "planned", ..Self::default() }
    }

    fn intend(&mut self) -> bool {
        let may = self.state == "planned";
        if may {
            *self = Self { state: "intent", attempt: self.attempt + 1, ..Self::default() };
        }
        may
    }

    fn name(&mut self) {
        self.named = true;
        if let Some(good) = self.stray.take() {
            self.receive(good);
        }
    }

    fn receive(&mut self, good: bool) {
        if !self.named {
            self.stray = self.stray.or(Some(good));
        } else if self.receipt.is_none() || (good && self.receipt == Some(false)) {
            self.receipt = Some(good);
            if good {
                self.state = "delivered";
            } else if ["intent", "accepted", "in_doubt"].contains(&self.state) {
                self.state = "expired";
            }
        }
    }
}

fn any_order_of_events_is_as_the_model_says(world: &World) {
    let config = Config {
        cases: 48,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_261_123),
        ..Config::default()
    };
    // Each case has an incident of its own in the same store.
    let incidents = Cell::new(100);
    TestRunner::new(config)
        .run(&proptest::collection::vec(event(), 1..40), |events| {
            incidents.set(incidents.get() + 1);
            replay(world, incidents.get(), &events);
            Ok(())
        })
        .unwrap();
}

fn replay(world: &World, incident: u32, events: &[Event]) {
    let id = make(world, incident, PEOPLE);
    let mut lease = claim(world, id).0;
    let mut models = vec![Model::new(); PEOPLE as usize];
    for event in events {
        step(world, id, &mut lease, &mut models, incident, event);
        let mut expected = Counts::default();
        for model in &models {
            *match model.state {
                "planned" => &mut expected.planned,
                "intent" => &mut expected.intent,
                "accepted" => &mut expected.accepted,
                "delivered" => &mut expected.delivered,
                "failed" => &mut expected.failed,
                "expired" => &mut expected.expired,
                _ => &mut expected.in_doubt,
            } += 1;
        }
        assert_eq!(counts(world, id), expected, "after {event:?} of {events:?}: {models:?}");
    }
}

fn step(
    world: &World,
    id: DispatchId,
    lease: &mut Lease,
    models: &mut [Model],
    incident: u32,
    event: &Event,
) {
    let now = world.now();
    match *event {
        Event::Intend(person) => {
            let may = models[person as usize].intend();
            assert_eq!(intend(world, lease, &[person], 1).len(), usize::from(may));
        }
        Event::Answer(person) => {
            let model = &mut models[person as usize];
            let name = message(incident, person, model.attempt);
            accept(world, lease, attempt(person, model.attempt), &[&name]);
            if ["intent", "in_doubt"].contains(&model.state) {
                model.state = "accepted";
            }
            model.name();
        }
        Event::LoseAnswer(person) => {
            let model = &mut models[person as usize];
            doubt(world, lease, attempt(person, model.attempt), &[]);
            if model.state == "intent" {
                model.state = "in_doubt";
            }
        }
        Event::Withdraw(person) => {
            let model = &mut models[person as usize];
            let (of, try_) = (lease.clone(), attempt(person, model.attempt));
            run(world, move |tx| notice::withdraw(tx, &of, &[try_]));
            if model.state == "intent" {
                model.state = "planned";
            }
        }
        Event::Refuse(person) => {
            let model = &mut models[person as usize];
            let try_ = attempt(person, model.attempt);
            let refusal = Refusal { attempt: try_, outcome: "smpp.0000000b".to_owned() };
            let of = lease.clone();
            run(world, move |tx| notice::refused(tx, &of, std::slice::from_ref(&refusal), now));
            let never = model.attempt == 0 && model.state == "planned";
            if never || ["intent", "in_doubt"].contains(&model.state) {
                model.state = "failed";
            }
        }
        Event::Receipt(person, good) => {
            let model = &mut models[person as usize];
            let settled = if good { Settled::Delivered } else { Settled::Expired };
            let name = message(incident, person, model.attempt);
            receive(world, vec![receipt(&name, settled)]);
            model.receive(good);
        }
        Event::Die => {
            world.clock.advance_us(LEASE_US);
            *lease = claim(world, id).0;
            for model in models.iter_mut().filter(|model| model.state == "intent") {
                model.state = "in_doubt";
            }
        }
        Event::Decide(person, again) => {
            decide(world, id, person, &mut models[person as usize], again);
        }
    }
}

/// A person decides about a notice in doubt, and only about one.
fn decide(world: &World, id: DispatchId, person: u32, model: &mut Model, again: bool) {
    let now = world.now();
    let decision = if again { Decision::Resend } else { Decision::GiveUp };
    let try_ = attempt(person, model.attempt);
    let decided = world.store.write("test.resolve", move |tx| {
        notice::resolve(tx, id, try_, decision, StaffId::new(1), "test", now)
    });
    assert_eq!(decided.is_ok(), model.state == "in_doubt");
    if decided.is_ok() {
        model.state = if again { "planned" } else { "failed" };
    }
}

fn message(incident: u32, person: u32, attempt: u32) -> String {
    format!("{incident}-{person}-{attempt}")
}
