//! Messages of processors: waiting, taken, told, cut, and never met by a question about a leak.

use doldam_ground::Instant;
use doldam_ground::ids::{
    ApiKeyId, ApprovalId, DispatchId, IncidentId, MessageId, Ordinal, ProcessorId, StaffId,
    TemplateId,
};

use super::{World, on_both};
use crate::access::api_key;
use crate::dispatch::{self, NewDispatch};
use crate::message::{self, NO_INCIDENT, NewMessage, NewTemplate};
use crate::{StoreError, incident, notice, staff};

on_both!(
    a_template_is_used_once_a_second_person_agreed,
    a_message_is_taken_once_and_its_values_go_with_its_text,
    a_cut_ends_what_is_not_on_the_wire,
    what_was_asked_for_is_counted_by_target_processor_and_person,
    no_incident_ever_has_the_number_of_messages,
);

const P1: ProcessorId = ProcessorId::new(1);
const P2: ProcessorId = ProcessorId::new(2);

fn key(world: &World, processor: ProcessorId) -> ApiKeyId {
    let (now, end) = (world.now(), world.now().plus_days(9));
    let digest = [u8::try_from(processor.number()).unwrap(); 32];
    world.write(move |tx| api_key::insert(tx, processor, "messages:write", &digest, now, end))
}

fn message(processor: ProcessorId, key: ApiKeyId, ordinal: Option<u32>) -> NewMessage {
    NewMessage {
        processor,
        key,
        template: TemplateId::new(1),
        target: [u8::try_from(ordinal.unwrap_or(99) % 256).unwrap(); 16],
        ordinal: ordinal.map(Ordinal::new),
        content: Some(vec![7; 9]),
    }
}

fn ask(world: &World, new: NewMessage) -> MessageId {
    let now = world.now();
    world.write(move |tx| {
        let id = message::next_id(tx)?;
        message::insert(tx, id, &new, now)?;
        Ok(id)
    })
}

/// Takes these messages, with a notice for each of `people`.
fn take(world: &World, ids: &[MessageId], people: &[u32]) -> DispatchId {
    let (now, ids) = (world.now(), ids.to_vec());
    let people: Vec<Ordinal> = people.iter().copied().map(Ordinal::new).collect();
    world.write(move |tx| {
        let approved = NewDispatch {
            incident: NO_INCIDENT,
            stage: format!("message-{}", ids[0].number()),
            channel: "sms".to_owned(),
            gateway: "test".to_owned(),
            template: "message".to_owned(),
            template_version: 1,
            template_digest: [0; 32],
        };
        let dispatch = dispatch::create(tx, &approved, now)?;
        message::take(tx, dispatch, &ids, &people)?;
        Ok(dispatch)
    })
}

fn standing(world: &World, id: MessageId) -> (String, Option<String>) {
    let found = world.read(|tx| message::find(tx, id)).unwrap();
    (found.state, found.notice)
}

fn plain(state: &str, notice: Option<&str>) -> (String, Option<String>) {
    (state.to_owned(), notice.map(str::to_owned))
}

fn a_template_is_used_once_a_second_person_agreed(world: &World) {
    let (now, end) = (world.now(), world.now().plus_days(1));
    let register = |name: &'static str| {
        world.write(move |tx| {
            let asker = StaffId::new(1);
            let approval = staff::approval_insert(tx, "t", &[1; 32], "text", asker, now, end)?;
            let new = NewTemplate {
                processor: P1,
                name: name.to_owned(),
                texts: "{}".to_owned(),
                allowed: "[]".to_owned(),
                digest: [2; 32],
                approval,
            };
            Ok((message::template_insert(tx, &new, now)?, approval))
        })
    };
    let newest = |processor| world.read(|tx| message::template_newest(tx, processor, "order"));
    let agree =
        |id: ApprovalId| world.write(move |tx| staff::approval_agree(tx, id, StaffId::new(2), now));
    let ((first, version), approval) = register("order");
    assert_eq!(version, 1);
    assert!(newest(P1).is_none());
    assert!(agree(approval));
    assert_eq!(newest(P1).unwrap().id, first);
    assert!(newest(P2).is_none());
    let ((second, version), approval) = register("order");
    assert_eq!((version, newest(P1).unwrap().id), (2, first), "the new one waits for consent");
    assert!(agree(approval));
    assert_eq!(newest(P1).unwrap().id, second);
    register("another");
    let list = world.read(|tx| message::template_list(tx, P1));
    let shown: Vec<_> = list.iter().map(|one| (one.version, one.is_agreed)).collect();
    assert_eq!(shown, [(1, true), (2, true), (1, false)]);
    assert_eq!(world.read(|tx| message::template_find(tx, second)).unwrap().held.digest, [2; 32]);
}

fn a_message_is_taken_once_and_its_values_go_with_its_text(world: &World) {
    let key = key(world, P1);
    let canary = Ordinal::CANARY_BASE + 1;
    let one = ask(world, message(P1, key, Some(1)));
    let two = ask(world, message(P1, key, Some(2)));
    let none = ask(world, message(P1, key, None));
    let decoy = ask(world, message(P1, key, Some(canary)));
    assert_eq!(standing(world, one), plain("queued", None));
    let first = world.read(|tx| message::queued(tx, 0, 2));
    assert_eq!(first.iter().map(|held| held.id).collect::<Vec<_>>(), [one, two]);
    let rest = world.read(|tx| message::queued(tx, 2, 9));
    assert_eq!(rest.iter().map(|held| held.id).collect::<Vec<_>>(), [none, decoy]);
    let dispatch = take(world, &[one, two, none, decoy], &[1, 2]);
    assert!(world.read(|tx| message::queued(tx, 0, 9)).is_empty());
    assert_eq!(world.read(message::unfinished), [dispatch]);
    assert_eq!(world.read(|tx| message::of_dispatch(tx, dispatch)).len(), 4);
    assert_eq!(standing(world, one), plain("sending", Some("planned")));
    // Who is planned may still be written to; who is nobody is done with.
    assert_eq!(world.write(move |tx| message::settle(tx, dispatch)), 2);
    assert_eq!(standing(world, none), plain("told", None));
    assert!(world.read(|tx| message::find(tx, decoy)).unwrap().is_canary);
    let now = world.now();
    world.write(move |tx| {
        let (lease, _) = dispatch::claim(tx, dispatch, now, 1_000)?;
        let never = |ordinal, outcome: &str| notice::Refusal {
            attempt: notice::Attempt { ordinal: Ordinal::new(ordinal), number: 0 },
            outcome: outcome.to_owned(),
        };
        notice::refused(tx, &lease, &[never(1, "no_number")], now)
    });
    assert_eq!(world.write(move |tx| message::settle(tx, dispatch)), 1);
    assert_eq!(standing(world, one), plain("told", Some("failed")));
    let contents = "SELECT COUNT(*) FROM message WHERE content IS NOT NULL";
    assert_eq!(world.number(contents), 1, "only the one that may still be written");
    // The same person in the next sending has a notice of its own.
    let again = ask(world, message(P1, key, Some(1)));
    take(world, &[again], &[1]);
    assert_eq!(standing(world, again), plain("sending", Some("planned")));
    assert_eq!(standing(world, one), plain("told", Some("failed")));
}

fn a_cut_ends_what_is_not_on_the_wire(world: &World) {
    let (theirs, others) = (key(world, P1), key(world, P2));
    let sending = ask(world, message(P1, theirs, Some(1)));
    let other = ask(world, message(P2, others, Some(2)));
    let dispatch = take(world, &[sending, other], &[1, 2]);
    let waiting = ask(world, message(P1, theirs, Some(1)));
    let bystander = ask(world, message(P2, others, Some(1)));
    let now = world.now();
    assert_eq!(world.write(move |tx| message::cut(tx, P1, now)), 2);
    assert_eq!(world.write(move |tx| message::cut(tx, P1, now)), 0);
    assert_eq!(standing(world, sending), plain("sending", Some("failed")));
    assert_eq!(standing(world, waiting), plain("dropped", None));
    assert_eq!(standing(world, other), plain("sending", Some("planned")));
    assert_eq!(standing(world, bystander), plain("queued", None));
    let planned = world.read(|tx| notice::planned(tx, dispatch, None, 9));
    assert_eq!(planned, [Ordinal::new(2)]);
    // A request that was let in before the cut is refused by the key that it came with.
    world.write(move |tx| api_key::revoke_all(tx, P1, now));
    let late = message(P1, theirs, Some(3));
    let refused = world.store.write("test.late", move |tx| {
        let id = message::next_id(tx)?;
        message::insert(tx, id, &late, now)
    });
    assert!(matches!(refused, Err(StoreError::State { .. })));
    let stale = world.write(move |tx| message::drop_queued(tx, &[bystander], "stale"));
    assert_eq!((stale, standing(world, bystander)), (1, plain("dropped", None)));
}

fn what_was_asked_for_is_counted_by_target_processor_and_person(world: &World) {
    let (theirs, others) = (key(world, P1), key(world, P2));
    let first = ask(world, message(P1, theirs, Some(1)));
    world.clock.advance_us(10);
    let middle = world.now();
    world.clock.advance_us(10);
    let second = ask(world, message(P1, theirs, Some(1)));
    ask(world, message(P1, theirs, Some(2)));
    let other = ask(world, message(P2, others, Some(1)));
    let asked =
        |processor, since| world.read(|tx| message::asked_since(tx, processor, &[1; 16], since));
    let start = Instant::from_micros(0);
    assert_eq!((asked(P1, start), asked(P1, middle), asked(P2, start)), ((2, 3), (1, 2), (1, 1)));
    let sent = |since| world.read(|tx| message::sent_since(tx, Ordinal::new(1), since));
    assert_eq!(sent(start), 0, "what waits is not sent yet");
    take(world, &[first, other], &[1]);
    assert_eq!((sent(start), sent(middle)), (2, 1));
    take(world, &[second], &[1]);
    assert_eq!(sent(start), 3);
}

fn no_incident_ever_has_the_number_of_messages(world: &World) {
    let key = key(world, P1);
    let one = ask(world, message(P1, key, Some(1)));
    take(world, &[one], &[1]);
    let now = world.now();
    let new = incident::NewIncident {
        title: "a leak".to_owned(),
        source: "tip".to_owned(),
        processor: None,
        aware_at: now,
        opened_by: "test".to_owned(),
    };
    let first = world.write(move |tx| incident::insert(tx, &new, now));
    assert_ne!(first, NO_INCIDENT);
    for id in [first, IncidentId::new(2)] {
        for stage in ["first", "message-1"] {
            assert!(world.read(|tx| incident::noticed(tx, id, stage, "planned")).is_empty());
            assert!(world.read(|tx| notice::list(tx, id, stage, None, 9)).is_empty());
        }
    }
    assert!(world.read(|tx| incident::find(tx, NO_INCIDENT)).is_none());
}
