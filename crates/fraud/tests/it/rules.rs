//! Rule sets: what a verdict is, that the order of rules does not matter, and every fault at once.

use doldam_fraud::decision::{Action, Verdict};
use doldam_fraud::list::Lists;
use doldam_fraud::rule::{RuleSet, SetFault};
use doldam_fraud::schema::SHIPPED;
use doldam_fraud::{Event, Fault, FeatureSet, Frame, Schema};
use proptest::prelude::*;

fn features(schema: &Schema) -> FeatureSet {
    FeatureSet::parse(schema, &["leaked".to_owned()], "name = \"none\"").unwrap()
}

fn parse(text: &str) -> Result<RuleSet, Vec<SetFault>> {
    let schema = Schema::parse(SHIPPED).unwrap();
    RuleSet::parse(features(&schema).scope(), text)
}

/// One rule in TOML.
fn rule(name: &str, when: &str, more: &str) -> String {
    format!(
        "[[rule]]\nname = \"{name}\"\nwhen = '{when}'\n{more}\nreason.ko = \"이유\"\nreason.en = \"why\"\n"
    )
}

fn judge(rules: &str, event: &str) -> (RuleSet, Verdict) {
    let set = parse(&format!("name = \"test\"\n{rules}")).unwrap();
    let schema = Schema::parse(SHIPPED).unwrap();
    let event = format!(
        r#"{{"id":"t","kind":"payment","time":"2026-11-23T09:00:00Z","account":"a","currency":"KRW",{event}}}"#
    );
    let event = Event::from_json(&schema, event.as_bytes()).ok().unwrap();
    let lists = Lists::new(1);
    let frame = Frame { event: &event, features: &[], score: None, lists: &lists };
    let verdict = set.judge(&frame);
    (set, verdict)
}

#[test]
fn scores_add_up_and_the_strongest_action_wins() {
    let rules = [
        rule("one", "amount > 1", "score = 30\naction = \"step_up\""),
        rule("two", "amount > 2", "score = 45\naction = \"delay\""),
        rule("three", "amount > 1000", "score = 90\naction = \"block\""),
        rule("four", "amount > 3", "action = \"case\""),
    ]
    .concat();
    let (set, verdict) = judge(&rules, r#""amount":10"#);
    assert_eq!((verdict.score, verdict.action), (75, Action::Delay));
    assert_eq!(verdict.fired, [0, 1, 3]);
    assert!(set.opens_case(&verdict), "a stronger action does not swallow a case");
    let (_, verdict) = judge(&rules, r#""amount":2000"#);
    assert_eq!((verdict.score, verdict.action), (100, Action::Block));
    let (set, verdict) = judge(&rules, r#""amount":0"#);
    assert_eq!(verdict, Verdict::default());
    assert!(!set.opens_case(&verdict));
}

#[test]
fn a_rule_that_cannot_be_evaluated_is_named_and_the_others_go_on() {
    let rules = [
        rule("one", "age > 65", "score = 30\naction = \"hold\""),
        rule("two", "amount / (amount - 10) > 1", "score = 30\naction = \"hold\""),
        rule("three", "amount > 1", "score = 5\naction = \"step_up\""),
    ]
    .concat();
    let (_, verdict) = judge(&rules, r#""amount":10"#);
    assert_eq!(verdict.faulted, [(0, Fault::Missing), (1, Fault::DivisionByZero)]);
    assert_eq!((verdict.fired, verdict.score, verdict.action), (vec![2], 5, Action::StepUp));
}

#[test]
fn a_floor_and_a_band_lift_a_verdict() {
    let bands =
        "[[band]]\nfrom = 40\naction = \"step_up\"\n[[band]]\nfrom = 70\naction = \"hold\"\n";
    let weak = rule("weak", "amount > 1", "score = 39\naction = \"allow\"");
    let second = rule("second", "amount > 1", "score = 1\naction = \"allow\"");
    let floor = rule("floor", "amount > 5", "floor = 70\naction = \"allow\"");
    let rules = [bands, &weak].concat();
    assert_eq!(judge(&rules, r#""amount":10"#).1.action, Action::Allow);
    let rules = [bands, &weak, &second].concat();
    assert_eq!(judge(&rules, r#""amount":10"#).1.action, Action::StepUp);
    let rules = [bands, &weak, &second, &floor].concat();
    let (_, verdict) = judge(&rules, r#""amount":10"#);
    assert_eq!((verdict.score, verdict.action), (70, Action::Hold));
}

#[test]
fn a_rule_beside_others_waits_for_them_wherever_it_stands() {
    let beside =
        rule("watch", "account == \"a\"", "beside = \"sign\"\nfloor = 60\naction = \"hold\"");
    let sign = rule("sign", "amount > 5", "tags = [\"sign\"]\nscore = 10\naction = \"step_up\"");
    let other = rule("other", "amount > 1", "tags = [\"other\"]\nscore = 10\naction = \"allow\"");
    for rules in [[&*beside, &*sign, &*other].concat(), [&*other, &*sign, &*beside].concat()] {
        let (_, verdict) = judge(&rules, r#""amount":3"#);
        assert_eq!((verdict.score, verdict.action), (10, Action::Allow));
        let (_, verdict) = judge(&rules, r#""amount":6"#);
        assert_eq!((verdict.score, verdict.action, verdict.fired.len()), (60, Action::Hold, 3));
    }
}

#[test]
fn a_rule_looks_only_at_its_kinds_of_event() {
    let other = rule("other", "has(account)", "on = [\"log_in\"]\nscore = 10\naction = \"hold\"");
    let own = rule("own", "has(account)", "on = [\"payment\", \"log_in\"]\naction = \"case\"");
    let (set, verdict) = judge(&[other, own].concat(), r#""amount":3"#);
    assert_eq!((verdict.fired, verdict.action), (vec![1], Action::Case));
    assert!(set.cost() > 0);
}

#[test]
fn every_fault_is_found_at_once_with_its_place() {
    let text = [
        "name = \"Test\"\n",
        &rule("one", "acount == \"a\"", "score = 101\naction = \"hold\""),
        &rule("one", "amount > 1", "action = \"stepup\"\ntags = [\"Tag\"]"),
        &rule("three", "true", "on = [\"paymint\"]\nbeside = \"tog\"\naction = \"hold\""),
        "[[rule]]\nname = \"four\"\naction = \"hold\"\nreason.ko = \"\"\nreason.en = \"a\\nb\"\n",
        "when = '''\namount > 1\n  && amuont > 2'''\ntags = [\"tag\"]\n",
    ]
    .concat();
    let faults = parse(&text).err().unwrap();
    let hangul = |text: &str| text.contains(|letter: char| ('가'..='힣').contains(&letter));
    for SetFault { fault, .. } in &faults {
        assert!(hangul(&fault.what.ko) && !hangul(&fault.what.en), "{fault}");
        assert!(fault.hint.iter().all(|hint| hangul(&hint.ko)), "{fault}");
    }
    let shown: Vec<String> = faults.iter().map(ToString::to_string).collect();
    let name = "a name is lower-case letters, digits and underscores, at most 64";
    assert_eq!(shown, [
        format!("line 1, column 8: {name}"),
        "line 4, column 9: acount is neither a field nor a feature (did you mean account?), rule one".to_owned(),
        "line 5, column 9: a score is a whole number from 0 to 100, rule one".to_owned(),
        "line 10, column 8: another rule has this name, rule one".to_owned(),
        "line 12, column 10: there is no such action (did you mean step_up?), rule one".to_owned(),
        format!("line 13, column 9: {name}, rule one"),
        "line 19, column 7: there is no such kind of event (did you mean payment?), rule three".to_owned(),
        "line 20, column 10: no rule that stands alone has this tag (did you mean tag?)".to_owned(),
        "line 27, column 13: a reason is one line of 1 to 200 characters, rule four".to_owned(),
        "line 28, column 13: a reason is one line of 1 to 200 characters, rule four".to_owned(),
        "line 31, column 6: amuont is neither a field nor a feature (did you mean amount?), rule four".to_owned(),
    ]);
}

#[test]
fn texts_that_are_no_rule_set_are_refused() {
    let fault = |text: &str| parse(text).err().unwrap().remove(0).to_string();
    assert!(fault("").contains("missing field `name`"));
    assert!(fault("name = \"a\"\ncolour = 1").contains("unknown field `colour`"));
    assert!(fault("name = \"a\"\n[[rule]]\nname = 1").starts_with("line 3"));
    assert!(fault(&" ".repeat((1 << 20) + 1)).contains("at most 1048576 bytes"));
    let many: String =
        (0..501).map(|at| rule(&format!("r{at}"), "true", "action = \"allow\"")).collect();
    assert!(fault(&format!("name = \"a\"\n{many}")).contains("at most 500 rules"));
    let dear = vec!["account.contains(\"a\")"; 25].join(" || ");
    let many: String =
        (0..40).map(|at| rule(&format!("r{at}"), &dear, "action = \"allow\"")).collect();
    assert!(fault(&format!("name = \"a\"\n{many}")).contains("50000 are allowed"));
    let bands = "name = \"a\"\n[[band]]\nfrom = 90\naction = \"step_up\"\n[[band]]\nfrom = 50\naction = \"hold\"";
    assert!(fault(bands).contains("a higher score has a stronger action"));
    let unlisted = rule("l", "account in lists.leeked", "action = \"hold\"");
    assert!(fault(&format!("name = \"a\"\n{unlisted}")).contains("did you mean leaked?"));
    assert!(fault("name = \"a\"\n[[band]]\nfrom = 0\naction = \"hold\"").contains("above 0"));
}

#[test]
fn a_version_is_that_of_the_text() {
    let one = parse("name = \"a\"").unwrap();
    let two = parse("name = \"a\"\n").unwrap();
    assert_eq!(one.version(), blake3::hash(b"name = \"a\"").as_bytes());
    assert_ne!(one.version(), two.version());
    assert!(!one.needs_score());
    let scored = rule("s", "has(score) && score > 0.9", "action = \"hold\"");
    assert!(parse(&format!("name = \"a\"\n{scored}")).unwrap().needs_score());
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,80}", name in "[a-z]{1,8}", when in "\\PC{0,40}") {
        let _ = parse(&text);
        let when = when.replace('\'', "");
        let _ = parse(&format!("name = \"{name}\"\n{}", rule(&name, &when, "action = \"hold\"")));
    }

    /// The same rules in any order give the same verdict.
    #[test]
    fn order_does_not_matter(
        rules in proptest::collection::vec((0_i64..20, 0_u8..60, 0_u8..90, 0_usize..6, 0_u8..4), 1..12),
        turn in 0_usize..12,
        amount in 0_i64..20,
    ) {
        let written = |(at, (least, score, floor, action, beside)): (usize, &(i64, u8, u8, usize, u8))| {
            let more = if *beside == 0 && at > 0 { "beside = \"sign\"" } else { "tags = [\"sign\"]" };
            let action = Action::ALL[*action].name();
            let more = format!("score = {score}\nfloor = {floor}\naction = \"{action}\"\n{more}");
            rule(&format!("r{at}"), &format!("amount > {least}"), &more)
        };
        let mut texts: Vec<String> = rules.iter().enumerate().map(written).collect();
        let event = format!(r#""amount":{amount}"#);
        let (first_set, first) = judge(&texts.concat(), &event);
        let turn = turn % texts.len();
        texts.rotate_left(turn);
        let (second_set, second) = judge(&texts.concat(), &event);
        let names = |set: &RuleSet, verdict: &Verdict| {
            let name = |place: &u16| set.rules()[usize::from(*place)].name.clone();
            let mut names: Vec<String> = verdict.fired.iter().map(name).collect();
            names.sort();
            names
        };
        prop_assert_eq!(names(&first_set, &first), names(&second_set, &second));
        prop_assert_eq!((first.score, first.action), (second.score, second.action));
    }
}
