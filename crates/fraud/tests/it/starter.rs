//! The starter pack, rule by rule, on streams of events: `streams/fires/RULE.jsonl` and
//! `streams/quiet/RULE.jsonl`. The rule must fire at the events whose id begins with `fires`, and at
//! no other.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use doldam_fraud::decision::{Action, Verdict};
use doldam_fraud::feature::BANK;
use doldam_fraud::list::{self, Change, Lists, Member};
use doldam_fraud::rule::{RuleSet, STARTER};
use doldam_fraud::schema::SHIPPED;
use doldam_fraud::{Event, FeatureSet, Frame, Schema, State, Value};

/// Who stands on which list in every stream.
const MEMBERS: [(&str, &str); 3] =
    [("suspected", "p-suspected"), ("leaked", "watched"), ("canaries", "canary-1")];

struct House {
    schema: Schema,
    features: FeatureSet,
    rules: RuleSet,
    lists: Lists,
}

fn house() -> House {
    let schema = Schema::parse(SHIPPED).unwrap();
    let names: Vec<String> =
        list::parse(list::SHIPPED).unwrap().into_iter().map(|list| list.name).collect();
    let features =
        FeatureSet::parse(&schema, &names, BANK).unwrap_or_else(|error| panic!("{error}"));
    let rules = RuleSet::parse(features.scope(), STARTER).unwrap_or_else(|faults| {
        panic!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    });
    let mut lists = Lists::new(names.len());
    for (list, key) in MEMBERS {
        let place = names.iter().position(|name| name == list).unwrap();
        let member = Member { key: key.into(), until: None, reference: None };
        let (by, why) = ("test".to_owned(), "test".to_owned());
        lists.apply(&Change { list: place, add: vec![member], remove: Vec::new(), by, why });
    }
    House { schema, features, rules, lists }
}

/// Every event of a stream with its verdict.
fn judge(house: &House, path: &Path) -> Vec<(String, Verdict)> {
    let mut state = State::new(&house.features);
    let mut values: Vec<Value> = Vec::new();
    let text = fs::read_to_string(path).unwrap();
    let judged = text.lines().zip(1..).map(|(line, sequence)| {
        let event = Event::from_json(&house.schema, line.as_bytes())
            .unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        state.observe(&house.features, &event, sequence, &house.lists, &mut values).unwrap();
        let frame = Frame { event: &event, features: &values, score: None, lists: &house.lists };
        (event.id.as_str().to_owned(), house.rules.judge(&frame))
    });
    judged.collect()
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/streams").join(name)
}

fn streams(name: &str) -> BTreeSet<String> {
    let names = fs::read_dir(folder(name)).unwrap().map(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        name.strip_suffix(".jsonl").unwrap().to_owned()
    });
    names.collect()
}

#[test]
fn every_rule_has_its_streams() {
    let house = house();
    let rules: BTreeSet<String> =
        house.rules.rules().iter().map(|rule| rule.name.clone()).collect();
    assert_eq!(rules.len(), 23);
    assert_eq!(streams("fires"), rules);
    assert_eq!(streams("quiet"), rules);
}

#[test]
fn every_rule_fires_where_it_should_and_nowhere_else() {
    let house = house();
    let mut wrong = Vec::new();
    for name in ["fires", "quiet"] {
        for (place, rule) in (0..).zip(house.rules.rules()) {
            let path = folder(name).join(format!("{}.jsonl", rule.name));
            let judged = judge(&house, &path);
            let expected = judged.iter().filter(|(id, _)| id.starts_with("fires")).count();
            assert_eq!(expected > 0, name == "fires", "{}", path.display());
            for (id, verdict) in judged {
                if id.starts_with("fires") != verdict.fired.contains(&place) {
                    wrong.push(format!("{name}/{} at {id}: {verdict:?}", rule.name));
                }
                if !verdict.faulted.is_empty() {
                    wrong.push(format!("{name}/{} at {id}: faults {verdict:?}", rule.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_leaked_customer_is_watched_and_not_stopped() {
    let house = house();
    let judged = judge(&house, &folder("quiet").join("leaked_customer.jsonl"));
    assert!(judged.iter().any(|(id, _)| id.starts_with("e-")));
    let watched = judge(&house, &folder("fires").join("leaked_customer.jsonl"));
    for (id, verdict) in watched {
        if id.starts_with("fires") {
            assert!(verdict.score >= 70 && verdict.action >= Action::StepUp, "{id}");
        } else {
            assert_eq!((verdict.score, verdict.action), (0, Action::Allow), "{id}");
        }
    }
}

#[test]
fn a_canary_is_held_at_full_score() {
    let house = house();
    let judged = judge(&house, &folder("fires").join("canary_identity.jsonl"));
    for (id, verdict) in judged.iter().filter(|(id, _)| id.starts_with("fires")) {
        assert_eq!((verdict.score, verdict.action), (100, Action::Hold), "{id}");
    }
}

#[test]
fn reasons_can_be_read_aloud() {
    for rule in house().rules.rules() {
        assert!(rule.reason.ko.ends_with("다."), "{}", rule.name);
        assert!(rule.reason.en.ends_with('.'), "{}", rule.name);
        assert!(rule.tags.iter().any(|tag| tag.starts_with('r')), "{}", rule.name);
        let korean = |letter: char| ('가'..='힣').contains(&letter);
        assert!(!rule.reason.en.contains(korean), "{}", rule.name);
    }
}

#[test]
fn the_example_of_the_documents_is_a_rule_set() {
    let document = include_str!("../../../../docs/rules.md");
    let example = document.split("```toml").nth(1).and_then(|rest| rest.split("```").next());
    let set = RuleSet::parse(house().features.scope(), example.unwrap()).unwrap();
    assert_eq!(set.rules()[0].when.text(), house().rules.rules()[0].when.text());
}
