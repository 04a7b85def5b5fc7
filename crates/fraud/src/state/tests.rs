//! The windows against somebody who keeps everything and counts anew each time.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::event::EventKind;
use crate::schema::Schema;
use crate::window::Aggregate;

const SCHEMA: &str = r#"
[[field]]
name = "account"
type = "key"
ko = ""
en = ""
[[field]]
name = "payee"
type = "key"
ko = ""
en = ""
[[field]]
name = "amount"
type = "int"
ko = ""
en = ""
[[field]]
name = "level"
type = "real"
ko = ""
en = ""
"#;
const ACCOUNT: usize = 0;
const PAYEE: usize = 1;
const AMOUNT: usize = 2;
const LEVEL: usize = 3;
const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const LATE: i64 = 10 * MINUTE;

/// Which events a source takes, in words and as a function of the event and its features.
#[derive(Clone, Copy, PartialEq)]
enum When {
    Always,
    Dear,
    /// Refers to the first feature: how many payments of the account before.
    Third,
}

impl When {
    const fn text(self) -> Option<&'static str> {
        match self {
            Self::Always => None,
            Self::Dear => Some("amount > 50"),
            Self::Third => Some("first >= 3"),
        }
    }

    fn holds(self, event: &Event, features: &[Value]) -> bool {
        match self {
            Self::Always => true,
            Self::Dear => matches!(event.values[AMOUNT], Value::Int(amount) if amount > 50),
            Self::Third => matches!(features.first(), Some(Value::Int(count)) if *count >= 3),
        }
    }
}

/// A window feature as the naive counter sees it.
struct Wanted {
    key: &'static [usize],
    over: &'static [EventKind],
    when: When,
    aggregate: Aggregate,
    value: Option<usize>,
    window: i64,
    delay: i64,
    included: bool,
    empty: bool,
}

const PAYMENTS: &[EventKind] = &[EventKind::Payment];
const ALL: &[EventKind] = &[EventKind::Payment, EventKind::LogIn];

/// One feature of every aggregate over every combination that makes a difference.
fn wanted() -> Vec<Wanted> {
    let counted = [
        (Aggregate::Count, None),
        (Aggregate::Sum, Some(AMOUNT)),
        (Aggregate::Mean, Some(AMOUNT)),
        (Aggregate::StandardDeviation, Some(AMOUNT)),
        (Aggregate::Min, Some(AMOUNT)),
        (Aggregate::Max, Some(LEVEL)),
        (Aggregate::Distinct, Some(PAYEE)),
        (Aggregate::Last, Some(PAYEE)),
        (Aggregate::Last, Some(LEVEL)),
        (Aggregate::TimeSince, None),
        (Aggregate::FirstSeen, None),
        (Aggregate::LabelShare, None),
    ];
    let mut all = vec![Wanted {
        key: &[ACCOUNT],
        over: PAYMENTS,
        when: When::Always,
        aggregate: Aggregate::Count,
        value: None,
        window: 5 * MINUTE,
        delay: 0,
        included: false,
        empty: false,
    }];
    let windows = [(MINUTE, 0, true), (3 * MINUTE, 0, false), (4 * MINUTE, 2 * MINUTE, false)];
    let sources: [(&'static [usize], _, _); 4] = [
        (&[ACCOUNT], PAYMENTS, When::Always),
        (&[ACCOUNT], ALL, When::Dear),
        (&[PAYEE], PAYMENTS, When::Third),
        (&[ACCOUNT, PAYEE], ALL, When::Always),
    ];
    for (number, (key, over, when)) in sources.into_iter().enumerate() {
        for (place, (window, delay, included)) in windows.into_iter().enumerate() {
            for (aggregate, value) in counted {
                let empty = aggregate == Aggregate::Mean && (number + place) % 2 == 0;
                all.push(Wanted {
                    key,
                    over,
                    when,
                    aggregate,
                    value,
                    window,
                    delay,
                    included,
                    empty,
                });
            }
        }
    }
    all
}

fn set(wanted: &[Wanted]) -> FeatureSet {
    let schema = Schema::parse(SCHEMA).unwrap();
    let name = |field: usize| schema.fields()[field].name.clone();
    let mut text = format!("name = \"test\"\nlate_max = \"{}s\"\n", LATE / SECOND);
    for (number, it) in wanted.iter().enumerate() {
        let label = if number == 0 { "first".to_owned() } else { format!("f{number}") };
        let key: Vec<String> = it.key.iter().map(|field| format!("{:?}", name(*field))).collect();
        let over: Vec<String> = it.over.iter().map(|kind| format!("{:?}", kind.name())).collect();
        let _ = writeln!(
            text,
            "[[feature]]\nname = \"{label}\"\nkey = [{}]\nover = [{}]\naggregate = \"{}\"\nwindow = \"{}s\"\ndelay = \"{}s\"",
            key.join(", "),
            over.join(", "),
            it.aggregate.name(),
            it.window / SECOND,
            it.delay / SECOND,
        );
        if let Some(when) = it.when.text() {
            let _ = writeln!(text, "when = \"{when}\"");
        }
        if let Some(value) = it.value {
            let _ = writeln!(text, "value = \"{}\"", name(value));
        }
        if !it.included {
            let _ = writeln!(text, "current = \"excluded\"");
        }
        if it.empty {
            let _ = writeln!(text, "empty = -1");
        }
    }
    FeatureSet::parse(&schema, &[], &text).unwrap()
}

/// One event that was judged, and what is known about it by now.
struct Taken {
    event: Event,
    features: Vec<Value>,
    aggregated: bool,
    fraud: bool,
}

fn keys_of(event: &Event, key: &[usize]) -> Option<Vec<String>> {
    key.iter().map(|field| event.text(*field).map(str::to_owned)).collect()
}

impl Wanted {
    fn takes(&self, event: &Event, features: &[Value]) -> bool {
        self.over.contains(&event.kind) && self.when.holds(event, features)
    }

    fn value_of(&self, event: &Event) -> Option<Value> {
        self.value.map(|field| event.values[field].clone()).filter(|it| it.kind().is_some())
    }

    /// Its value for an event, from everything that was taken before.
    fn count(&self, event: &Event, so_far: &[Value], past: &[Taken]) -> Value {
        let Some(key) = keys_of(event, self.key) else { return Value::Missing };
        let upper = event.time.micros() - self.delay;
        let lower = upper - self.window;
        let inside = |it: &&Taken| {
            it.aggregated
                && self.takes(&it.event, &it.features)
                && keys_of(&it.event, self.key).as_ref() == Some(&key)
                && (lower + 1..=upper).contains(&it.event.time.micros())
        };
        let mut items: Vec<&Taken> = past.iter().filter(inside).collect();
        // Stable: items of one time stay in the order of the log.
        items.sort_by_key(|it| it.event.time);
        let mut seen: Vec<(i64, Option<Value>, bool)> = items
            .iter()
            .map(|it| (it.event.time.micros(), self.value_of(&it.event), it.fraud))
            .collect();
        if self.included && self.delay == 0 && self.takes(event, so_far) {
            seen.push((event.time.micros(), self.value_of(event), false));
        }
        self.aggregate(event.time.micros(), &seen)
    }

    fn aggregate(&self, time: i64, seen: &[(i64, Option<Value>, bool)]) -> Value {
        let values: Vec<&Value> = seen.iter().filter_map(|(_, value, _)| value.as_ref()).collect();
        let whole: Vec<i128> = values
            .iter()
            .filter_map(
                |value| if let Value::Int(it) = value { Some(i128::from(*it)) } else { None },
            )
            .collect();
        let (count, sum) = (whole.len() as i128, whole.iter().sum::<i128>());
        let int = |number: usize| Value::Int(i64::try_from(number).unwrap());
        let or_empty = |value: Option<Value>| match value {
            Some(value) => value,
            None if self.empty => Value::Real(-1.0),
            None => Value::Missing,
        };
        let by_size = |one: &&&Value, two: &&&Value| one.number().total_cmp(&two.number());
        match self.aggregate {
            Aggregate::Count => int(seen.len()),
            Aggregate::Sum => Value::Int(i64::try_from(sum).unwrap()),
            Aggregate::Mean => {
                or_empty((count > 0).then(|| Value::Real(sum as f64 / count as f64)))
            }
            Aggregate::StandardDeviation => or_empty((count > 1).then(|| {
                let squares: i128 = whole.iter().map(|value| value * value).sum();
                let around = (count * squares - sum * sum) as f64 / count as f64;
                Value::Real((around / (count - 1) as f64).sqrt())
            })),
            Aggregate::Min => or_empty(values.iter().min_by(by_size).map(|it| (*it).clone())),
            Aggregate::Max => or_empty(values.iter().max_by(by_size).map(|it| (*it).clone())),
            Aggregate::Distinct => {
                let texts: BTreeSet<String> = values
                    .iter()
                    .map(
                        |value| if let Value::Text(it) = value { it.to_string() } else { panic!() },
                    )
                    .collect();
                int(texts.len())
            }
            Aggregate::Last => or_empty(values.last().map(|it| (*it).clone())),
            Aggregate::TimeSince => {
                or_empty(seen.last().map(|last| Value::Span(Span::from_micros(time - last.0))))
            }
            Aggregate::FirstSeen => {
                or_empty(seen.first().map(|first| Value::Time(Instant::from_micros(first.0))))
            }
            Aggregate::LabelShare => or_empty((!seen.is_empty()).then(|| {
                let frauds = seen.iter().filter(|it| it.2).count();
                Value::Real(frauds as f64 / seen.len() as f64)
            })),
        }
    }
}

/// One thing that happens in a test.
#[derive(Clone, Debug)]
enum Happening {
    Event {
        step: i64,
        back: i64,
        log_in: bool,
        account: u8,
        payee: Option<u8>,
        amount: Option<i64>,
        level: Option<i8>,
    },
    Label {
        which: prop::sample::Index,
        fraud: bool,
    },
    Restart,
}

fn happening() -> impl Strategy<Value = Happening> {
    let back = prop_oneof![6 => Just(0), 2 => 0..4 * MINUTE, 1 => 0..15 * MINUTE];
    let step =
        prop_oneof![3 => Just(0), 6 => (0..40_i64).prop_map(|it| it * SECOND), 1 => 0..12 * MINUTE];
    let payee = prop_oneof![1 => Just(None), 4 => (0..3_u8).prop_map(Some)];
    let amount = prop_oneof![1 => Just(None), 8 => (-20..120_i64).prop_map(Some)];
    let level = prop_oneof![1 => Just(None), 4 => any::<i8>().prop_map(Some)];
    let event = (step, back, any::<bool>(), 0..2_u8, payee, amount, level).prop_map(
        |(step, back, log_in, account, payee, amount, level)| Happening::Event {
            step,
            back,
            log_in,
            account,
            payee,
            amount,
            level,
        },
    );
    let label = (any::<prop::sample::Index>(), any::<bool>())
        .prop_map(|(which, fraud)| Happening::Label { which, fraud });
    prop_oneof![20 => event, 5 => label, 1 => Just(Happening::Restart)]
}

/// The state under test, and the one who keeps everything.
struct Contest {
    wanted: Vec<Wanted>,
    set: FeatureSet,
    state: State,
    past: Vec<Taken>,
    newest: i64,
    time: i64,
}

impl Contest {
    fn new(bounds: Bounds, folder: &Path) -> Self {
        let wanted = wanted();
        let set = set(&wanted);
        let mut state = State::new(&set);
        state.bound(bounds);
        state.spill_to(folder).unwrap();
        Self { wanted, set, state, past: Vec::new(), newest: i64::MIN, time: 0 }
    }

    fn event(&mut self, event: Event) {
        let sequence = self.past.len() as u64;
        let time = event.time.micros();
        let aggregated = time > self.newest.saturating_sub(LATE);
        self.newest = self.newest.max(time);
        let mut wanted = Vec::new();
        for it in &self.wanted {
            let value =
                if aggregated { it.count(&event, &wanted, &self.past) } else { Value::Missing };
            wanted.push(value);
        }
        let mut found = Vec::new();
        let timeliness =
            self.state.observe(&self.set, &event, sequence, &Lists::default(), &mut found).unwrap();
        assert_eq!(timeliness == Timeliness::TooLate, !aggregated);
        assert_eq!(found.len(), wanted.len());
        for ((found, wanted), feature) in found.iter().zip(&wanted).zip(self.set.features()) {
            assert!(
                found.same(wanted),
                "{sequence}: {}: {found:?}, not {wanted:?}",
                feature.meaning
            );
        }
        self.past.push(Taken { event, features: found, aggregated, fraud: false });
    }

    fn happens(&mut self, happening: &Happening, bounds: Bounds, folder: &Path) {
        match happening {
            Happening::Event { step, back, log_in, account, payee, amount, level } => {
                self.time += step;
                let text = |letter: char, it: u8| Value::Text(format!("{letter}{it}").into());
                self.event(Event {
                    id: EventId::new(&format!("e{}", self.past.len())).unwrap(),
                    kind: if *log_in { EventKind::LogIn } else { EventKind::Payment },
                    time: Instant::from_micros(self.time - back),
                    values: [
                        text('a', *account),
                        payee.map_or(Value::Missing, |it| text('p', it)),
                        amount.map_or(Value::Missing, Value::Int),
                        level.map_or(Value::Missing, |it| Value::Real(f64::from(it) / 8.0)),
                    ]
                    .into(),
                });
            }
            Happening::Label { which, fraud } if !self.past.is_empty() => {
                let count = self.past.len();
                let taken = &mut self.past[which.index(count)];
                taken.fraud = *fraud;
                let done = self.state.label(&self.set, &taken.event.id, *fraud).unwrap();
                assert!(done == Labelled::Applied || done == Labelled::Unknown);
            }
            Happening::Label { .. } => {}
            Happening::Restart => {
                let mut bytes = Vec::new();
                self.state.write(&mut bytes).unwrap();
                let mut state = State::read(&self.set, &mut bytes.as_slice()).unwrap();
                assert_eq!(state.counts(), self.state.counts());
                let mut again = Vec::new();
                state.write(&mut again).unwrap();
                assert!(again == bytes, "a snapshot of a snapshot is the same");
                state.bound(bounds);
                self.state = State::new(&self.set);
                state.spill_to(folder).unwrap();
                self.state = state;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Late events, equal times, labels that come and go, restarts and every shortage of memory:
    /// each value is, bit for bit, what counting anew gives.
    #[test]
    fn every_value_is_what_counting_anew_gives(
        happenings in prop::collection::vec(happening(), 1..160),
        pressure in 0..3_u8,
    ) {
        let bounds = match pressure {
            0 => Bounds::default(),
            1 => Bounds { hot_bytes: 0, memory_bytes: usize::MAX },
            _ => Bounds { hot_bytes: 0, memory_bytes: 0 },
        };
        let folder = tempfile::tempdir().unwrap();
        let mut contest = Contest::new(bounds, folder.path());
        contest.state.full = pressure == 2;
        for happening in &happenings {
            contest.happens(happening, bounds, folder.path());
        }
    }

    #[test]
    fn no_bytes_make_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let set = set(&wanted());
        let mut whole = b"DOLDAMFS\x01".to_vec();
        whole.extend_from_slice(set.version());
        whole.extend_from_slice(&bytes);
        prop_assert!(State::read(&set, &mut whole.as_slice()).is_err());
        prop_assert!(State::read(&set, &mut bytes.as_slice()).is_err());
    }
}

fn payment(number: u64, time: i64, account: &str) -> Event {
    Event {
        id: EventId::new(&format!("e{number}")).unwrap(),
        kind: EventKind::Payment,
        time: Instant::from_micros(time),
        values: [
            Value::Text(account.into()),
            Value::Text("shop".into()),
            Value::Int(7),
            Value::Missing,
        ]
        .into(),
    }
}

fn filled(set: &FeatureSet, count: u64) -> State {
    let mut state = State::new(set);
    let mut out = Vec::new();
    for number in 0..count {
        let event =
            payment(number, i64::try_from(number).unwrap() * SECOND, &format!("a{}", number % 50));
        state.observe(set, &event, number, &Lists::default(), &mut out).unwrap();
    }
    state
}

#[test]
fn a_changed_snapshot_is_refused() {
    let set = set(&wanted());
    let mut state = filled(&set, 300);
    state.label(&set, &EventId::new("e299").unwrap(), true).unwrap();
    let mut bytes = Vec::new();
    state.write(&mut bytes).unwrap();
    assert!(State::read(&set, &mut bytes.as_slice()).is_ok());
    for place in (0..bytes.len()).step_by(7) {
        let mut changed = bytes.clone();
        changed[place] ^= 4;
        assert!(State::read(&set, &mut changed.as_slice()).is_err(), "{place}");
        assert!(State::read(&set, &mut &bytes[..place]).is_err(), "{place}");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert_eq!(State::read(&set, &mut longer.as_slice()).err(), Some(StateFault::Damaged));
    let other = self::set(&wanted()[..5]);
    assert_eq!(State::read(&other, &mut bytes.as_slice()).err(), Some(StateFault::OtherFeatures));
    let mut out = Vec::new();
    let refused = state.observe(&other, &payment(1, 0, "a"), 1, &Lists::default(), &mut out);
    assert_eq!(refused, Err(StateFault::OtherFeatures));
}

#[test]
fn what_no_window_reaches_is_forgotten() {
    let set = set(&wanted());
    let mut state = filled(&set, 300);
    assert!(state.keys() > 100, "{}", state.keys());
    let mut out = Vec::new();
    for number in 1_000..1_400 {
        let event = payment(number, i64::try_from(number).unwrap() * MINUTE, "later");
        state.observe(&set, &event, number, &Lists::default(), &mut out).unwrap();
    }
    assert_eq!(state.keys(), 3, "later, shop, and both together");
    let old = EventId::new("e299").unwrap();
    assert_eq!(state.label(&set, &old, true), Ok(Labelled::Unknown));
    assert_eq!(state.symbols.names().count(), 1, "the payee of the items that are left");
}

#[test]
fn a_late_event_says_so_and_a_too_late_one_is_left_out() {
    let set = set(&wanted());
    let mut state = State::new(&set);
    let mut out = Vec::new();
    let mut observe = |number, time, account| {
        let event = payment(number, time, account);
        state.observe(&set, &event, number, &Lists::default(), &mut out).unwrap()
    };
    assert_eq!(observe(0, 20 * MINUTE, "a"), Timeliness::InOrder);
    assert_eq!(observe(1, 19 * MINUTE, "a"), Timeliness::Late);
    assert_eq!(observe(2, 20 * MINUTE, "a"), Timeliness::InOrder, "the same time is in order");
    assert_eq!(observe(3, 10 * MINUTE, "a"), Timeliness::TooLate);
    assert_eq!(observe(4, 10 * MINUTE + 1, "a"), Timeliness::Late);
    assert_eq!(state.counts(), Counts { events: 5, late: 2, too_late: 1 });
    assert!(out.iter().filter(|value| value.kind().is_some()).count() > 10);
}

#[test]
fn the_ends_of_time_do_no_harm() {
    let set = set(&wanted());
    let mut state = State::new(&set);
    let mut out = Vec::new();
    for (number, time) in [i64::MIN, -1, 0, i64::MAX - 1, i64::MAX].into_iter().enumerate() {
        let event = payment(number as u64, time, "a");
        let done = state.observe(&set, &event, number as u64, &Lists::default(), &mut out);
        assert_eq!(done, Ok(Timeliness::InOrder));
    }
    let event = payment(9, i64::MIN, "a");
    let done = state.observe(&set, &event, 9, &Lists::default(), &mut out);
    assert_eq!(done, Ok(Timeliness::TooLate));
}
