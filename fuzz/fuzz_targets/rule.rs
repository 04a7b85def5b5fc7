//! Rule sets and expressions as anyone may write them: what is refused says where, what is taken
//! stays within its cost and judges whatever comes, twice the same.

#![no_main]

use std::sync::LazyLock;

use doldam_fraud::feature::BANK;
use doldam_fraud::list::{self, Lists};
use doldam_fraud::rule::{COST_MAX, Expression, RuleSet, SET_COST_MAX};
use doldam_fraud::schema::SHIPPED;
use doldam_fraud::{Event, FeatureSet, Frame, Schema, State};
use libfuzzer_sys::fuzz_target;

struct House {
    features: FeatureSet,
    lists: Lists,
    events: Vec<(Event, Vec<doldam_fraud::Value>)>,
}

const EVENTS: [&str; 3] = [
    r#"{"id":"e-1","kind":"log_in","time":"2026-11-23T09:00:00+09:00","account":"a","device":"d"}"#,
    r#"{"id":"e-2","kind":"payment","time":"2026-11-23T09:01:00+09:00","account":"a","payee":"p",
        "amount":0,"currency":"KRW","balance":9007199254740991,"latitude":37.5,"longitude":127.0}"#,
    r#"{"id":"e-3","kind":"payment","time":"0001-01-01T00:00:00Z","account":"a","payee":"p",
        "amount":9007199254740991,"currency":"KRW","latitude":-1e300,"longitude":1e300}"#,
];

static HOUSE: LazyLock<House> = LazyLock::new(|| {
    let schema = Schema::parse(SHIPPED).unwrap();
    let names: Vec<String> =
        list::parse(list::SHIPPED).unwrap().into_iter().map(|list| list.name).collect();
    let features = FeatureSet::parse(&schema, &names, BANK).unwrap();
    let lists = Lists::new(names.len());
    let mut state = State::new(&features);
    let mut events = Vec::new();
    for (text, sequence) in EVENTS.iter().zip(1..) {
        let event = Event::from_json(&schema, text.as_bytes()).ok().unwrap();
        let mut values = Vec::new();
        state.observe(&features, &event, sequence, &lists, &mut values).unwrap();
        events.push((event, values));
    }
    House { features, lists, events }
});

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let House { features, lists, events } = &*HOUSE;
    let frames = || {
        events.iter().map(|(event, features)| Frame { event, features, score: Some(0.5), lists })
    };
    match Expression::infer(&text, features.scope()) {
        Ok(expression) => {
            assert!(expression.cost() <= COST_MAX);
            for frame in frames() {
                if let Ok(value) = expression.evaluate(&frame) {
                    assert_eq!(value.kind(), Some(expression.kind()));
                    assert!(expression.evaluate(&frame).is_ok_and(|again| again.same(&value)));
                }
            }
        }
        Err(fault) => {
            assert!(text.get(fault.range.clone()).is_some(), "a fault stands outside of its text");
            assert!(fault.line > 0 && fault.column > 0);
        }
    }
    match RuleSet::parse(features.scope(), &text) {
        Ok(set) => {
            assert!(set.cost() <= SET_COST_MAX);
            for frame in frames() {
                let verdict = set.judge(&frame);
                assert!(verdict.score <= 100);
                assert_eq!(verdict, set.judge(&frame));
            }
        }
        Err(faults) => {
            assert!(!faults.is_empty());
            assert!(faults.iter().all(|it| it.fault.range.end <= text.len()));
        }
    }
});
