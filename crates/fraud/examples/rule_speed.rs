//! How long rules take: `cargo run --release -p doldam-fraud --example rule_speed`.
//!
//! Fifty rules of about ten nodes each, and the starter pack, judge the same events on one core.
//! Features are computed before and are not a part of the time.

#![expect(clippy::print_stdout, reason = "an example prints what it measured")]

use std::time::Instant;

use doldam_fraud::feature::BANK;
use doldam_fraud::list::{self, Lists};
use doldam_fraud::rule::{RuleSet, STARTER};
use doldam_fraud::schema::SHIPPED;
use doldam_fraud::{Event, FeatureSet, Frame, Schema, State, Value};

const EVENTS: usize = 2_000;
const ROUNDS: u32 = 200;

/// Shapes of rules as analysts write them; `#` stands for a number that differs from rule to rule.
const SHAPES: [&str; 5] = [
    "is_new_payee && amount >= #00000 && payments_1h > 2",
    "amount_deviations >= 2.5 && double(amount) > 1.5 * payment_mean_90d + #.0",
    "is_night && (is_new_device || is_in_call) && amount > #0000 && !is_minor",
    "has(channel) && channel in [\"app\", \"web\"] && paid_1h + amount > #000000",
    "has(last_place_since) && last_place_since < duration(\"30m\") && payments_1h * 2 > #",
];

fn rules() -> String {
    let mut text = "name = \"fifty\"\n".to_owned();
    for number in 0..50 {
        let when = SHAPES[number % SHAPES.len()].replace('#', &(3 + number).to_string());
        text.push_str(&format!(
            "[[rule]]\nname = \"r{number}\"\nwhen = '{when}'\nscore = 1\naction = \"case\"\n\
             reason.ko = \"이유\"\nreason.en = \"why\"\n"
        ));
    }
    text
}

fn event(schema: &Schema, number: usize) -> Event {
    let (account, payee, hour) = (number % 97, number * 7 % 61, number / 90 % 24);
    let (amount, minute) = (number * 7_919 % 3_000_000, number % 60);
    let text = format!(
        r#"{{"id":"e-{number}","kind":"payment","time":"2026-11-23T{hour:02}:{minute:02}:00+09:00",
        "account":"a{account}","payee":"p{payee}","amount":{amount},"currency":"KRW",
        "channel":"app","device":"d{account}","in_call":false,"age":44,"balance":9000000,
        "latitude":37.5,"longitude":127.0}}"#
    );
    Event::from_json(schema, text.as_bytes()).unwrap_or_else(|fault| panic!("{fault}"))
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs the real clock")]
fn measure(name: &str, set: &RuleSet, judged: &[(Event, Vec<Value>)], lists: &Lists) {
    let mut fired = 0;
    let mut times_ns: Vec<u128> = Vec::with_capacity(judged.len() * ROUNDS as usize);
    for _ in 0..ROUNDS {
        for (event, features) in judged {
            let frame = Frame { event, features, score: Some(0.1), lists };
            let start = Instant::now();
            let verdict = set.judge(&frame);
            times_ns.push(start.elapsed().as_nanos());
            fired += verdict.fired.len();
        }
    }
    times_ns.sort_unstable();
    let at = |share: usize| times_ns[times_ns.len() * share / 100];
    let mean = times_ns.iter().sum::<u128>() / times_ns.len() as u128;
    println!(
        "{name}: {} rules, {mean} ns an event (median {}, p99 {}), {} fired an event, cost bound {}",
        set.rules().len(),
        at(50),
        at(99),
        fired as f64 / times_ns.len() as f64,
        set.cost()
    );
}

fn main() {
    let schema = Schema::parse(SHIPPED).unwrap_or_else(|error| panic!("{error}"));
    let names: Vec<String> = list::parse(list::SHIPPED)
        .unwrap_or_else(|error| panic!("{error}"))
        .into_iter()
        .map(|list| list.name)
        .collect();
    let set = FeatureSet::parse(&schema, &names, BANK).unwrap_or_else(|error| panic!("{error}"));
    let lists = Lists::new(names.len());
    let mut state = State::new(&set);
    let mut judged = Vec::with_capacity(EVENTS);
    for number in 0..EVENTS {
        let event = event(&schema, number);
        let mut features = Vec::new();
        state
            .observe(&set, &event, number as u64, &lists, &mut features)
            .unwrap_or_else(|error| panic!("{error}"));
        judged.push((event, features));
    }
    for (name, text) in [("fifty", rules()), ("starter", STARTER.to_owned())] {
        let rules = RuleSet::parse(set.scope(), &text).unwrap_or_else(|faults| {
            panic!("{}", faults.first().map_or(String::new(), ToString::to_string))
        });
        measure(name, &rules, &judged, &lists);
    }
}
