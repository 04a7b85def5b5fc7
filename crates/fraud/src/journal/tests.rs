use doldam_ground::Instant;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::{Entry, Label, SetupNames, event_digest};
use crate::decision::{Action, Decision, Mark, Verdict};
use crate::event::{Event, EventId, EventKind};
use crate::list::{Change, Member};
use crate::model::Reason;
use crate::rule::Fault;
use crate::value::{Span, Value};

/// What is not to be printed, for a test that prints what it fails on: the seed is enough.
#[derive(Clone)]
struct Hidden<T>(T);

impl<T> std::fmt::Debug for Hidden<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("‹hidden›")
    }
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Missing),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<f64>().prop_map(Value::Real),
        ".{0,20}".prop_map(|text| Value::Text(text.into())),
        any::<i64>().prop_map(|micros| Value::Time(Instant::from_micros(micros))),
        any::<i64>().prop_map(|micros| Value::Span(Span::from_micros(micros))),
    ]
}

fn verdict() -> impl Strategy<Value = Verdict> {
    let fault = prop_oneof![
        Just(Fault::Missing),
        Just(Fault::DivisionByZero),
        Just(Fault::Overflow),
        Just(Fault::WrongType),
    ];
    let action = (0..Action::ALL.len()).prop_map(|place| Action::ALL[place]);
    (action, 0..=100_u8, vec(any::<u16>(), 0..4), vec((any::<u16>(), fault), 0..3))
        .prop_map(|(action, score, fired, faulted)| Verdict { action, score, fired, faulted })
}

fn event() -> impl Strategy<Value = Hidden<Event>> {
    let kind = (0..EventKind::ALL.len()).prop_map(|place| EventKind::ALL[place]);
    ("[A-Za-z0-9._:-]{1,64}", kind, any::<i64>(), vec(value(), 0..6)).prop_map(
        |(id, kind, micros, values)| {
            let id = EventId::new(&id).expect("of that form");
            let time = Instant::from_micros(micros);
            Hidden(Event { id, kind, time, values: values.into() })
        },
    )
}

fn decision() -> impl Strategy<Value = Decision> {
    let reason = (any::<u16>(), any::<f64>())
        .prop_map(|(feature, contribution)| Reason { feature: usize::from(feature), contribution });
    let mark = (any::<u16>(), any::<u16>(), ".{0,9}").prop_map(|(list, field, reference)| Mark {
        list,
        field,
        reference: reference.into(),
    });
    let places = (any::<bool>(), any::<[u8; 16]>(), any::<u64>(), any::<u64>());
    (
        verdict(),
        option::of(any::<f64>()),
        vec(reason, 0..3),
        vec(mark, 0..3),
        places,
        option::of(verdict()),
    )
        .prop_map(|(verdict, probability, reasons, marks, places, shadow)| {
            let (too_late, snapshot, setup, lists) = places;
            Decision {
                verdict,
                probability,
                reasons,
                marks,
                too_late,
                snapshot,
                setup,
                lists,
                shadow,
            }
        })
}

fn entry() -> impl Strategy<Value = Hidden<Entry>> {
    let label =
        ("[a-z]{1,9}", any::<bool>(), any::<i64>(), ".{0,9}").prop_map(|(id, fraud, known, by)| {
            let event = EventId::new(&id).expect("of that form");
            Hidden(Entry::Label(Label { event, fraud, known: Instant::from_micros(known), by }))
        });
    let member = (".{0,9}", option::of(any::<i64>()), option::of(".{1,9}")).prop_map(
        |(key, until, reference)| {
            Hidden(Member {
                key: key.into(),
                until: until.map(Instant::from_micros),
                reference: reference.map(Into::into),
            })
        },
    );
    let change = (any::<u16>(), vec(member, 0..4), vec(".{0,9}", 0..4), ".{0,9}").prop_map(
        |(list, add, remove, by)| {
            let remove = remove.into_iter().map(Into::into).collect();
            let add = add.into_iter().map(|member| member.0).collect();
            Hidden(Entry::List(Change {
                list: usize::from(list),
                add,
                remove,
                why: by.clone(),
                by,
            }))
        },
    );
    let setup = (any::<[u8; 32]>(), option::of(any::<[u8; 32]>()), ".{0,9}").prop_map(
        |(version, model, by)| {
            Hidden(Entry::Setup(Box::new(SetupNames {
                schema: version,
                lists: version,
                features: version,
                rules: version,
                model,
                shadow: model,
                why: by.clone(),
                by,
            })))
        },
    );
    let judged = (event(), decision())
        .prop_map(|(event, decision)| Hidden(Entry::Event(Box::new((event.0, decision)))));
    prop_oneof![judged, label, change, setup]
}

proptest! {
    #[test]
    fn an_entry_is_read_as_it_was_written(Hidden(entry) in entry()) {
        let bytes = entry.write();
        let read = Entry::read(entry.number(), &bytes).expect("what we wrote");
        prop_assert_eq!(read.write(), bytes, "bit for bit, whatever the reals are");
    }

    #[test]
    fn an_entry_that_is_cut_short_is_refused(Hidden(entry) in entry(), cut in 1_usize..64) {
        let bytes = entry.write();
        let short = &bytes[..bytes.len().saturating_sub(cut)];
        prop_assert!(Entry::read(entry.number(), short).is_err());
    }

    #[test]
    fn no_bytes_make_it_panic(number in 0..6_u8, mut bytes in vec(any::<u8>(), 0..200)) {
        let _ = Entry::read(number, &bytes);
        if let Some(first) = bytes.first_mut() {
            *first = 1;
        }
        let _ = Entry::read(number, &bytes);
    }

    #[test]
    fn events_differ_in_their_digest_when_they_differ(Hidden(one) in event(), Hidden(two) in event()) {
        let other = Event { time: Instant::from_micros(one.time.micros().wrapping_add(1)), ..one.clone() };
        prop_assert!(event_digest(&one) == event_digest(&one.clone()));
        prop_assert!(event_digest(&one) != event_digest(&other));
        prop_assert!(one.id == two.id || event_digest(&one) != event_digest(&two));
    }
}
