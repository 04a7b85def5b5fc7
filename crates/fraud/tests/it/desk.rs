//! The desk: each event decided once and durable before its answer, the replay equal to it byte by
//! byte, and nothing lost when the log refuses.

mod house;

use doldam_fraud::decision::Action;
use doldam_fraud::desk::{Answer, Decided};
use doldam_fraud::event::EventFault;
use doldam_fraud::journal::Label;
use doldam_fraud::list::{Change, Member};
use doldam_fraud::replay::{self, Backtest};
use doldam_fraud::setup::Parts;
use doldam_fraud::{Event, FraudError};
use doldam_ground::{Clock, Instant};

use house::House;

fn decided(answer: &Answer) -> &Decided {
    match answer {
        Answer::Decided(decided) => decided,
        Answer::Conflict { .. } => panic!("a conflict"),
        Answer::Refused(fault) => panic!("refused: {fault}"),
        Answer::Fallback { cause, .. } => panic!("not judged: {cause}"),
    }
}

fn watch(house: &House, account: &str, until: Option<Instant>) -> Change {
    let setup = doldam_fraud::setup::Setup::compile(Parts::shipped()).ok().unwrap();
    let member = Member { key: account.into(), until, reference: Some("incident 2026-014".into()) };
    let _ = house;
    Change {
        list: setup.list("leaked").unwrap(),
        add: vec![member],
        remove: Vec::new(),
        by: "minji".to_owned(),
        why: "leak".to_owned(),
    }
}

#[test]
fn the_same_event_has_the_same_answer_and_another_content_is_a_conflict() {
    let house = House::new();
    let desk = house.desk();
    let event = house.payment("t-1", "a", 50_000);
    let first = desk.judge_now(vec![event.clone(), event.clone()]);
    let (one, two) = (decided(&first[0]), decided(&first[1]));
    assert!(!one.again && two.again, "twice in one request is once in the log");
    assert_eq!((one.sequence, two.sequence), (2, 2), "the set-up is the first entry");
    let other = house.payment("t-1", "a", 50_001);
    let answers = desk.judge_now(vec![event.clone(), other]);
    assert!(decided(&answers[0]).again);
    assert!(matches!(answers[1], Answer::Conflict { sequence: 2 }));
    drop(desk);
    let desk = house.desk();
    let again = desk.judge_now(vec![event]);
    assert_eq!(decided(&again[0]).sequence, 2, "a restart knows it, too");
    assert_eq!(house.journal.rows(), 2);
}

#[test]
fn a_person_on_watch_is_stopped_from_the_next_event_until_the_end_date() {
    let house = House::new();
    let desk = house.desk();
    let before = desk.judge_now(vec![house.payment("t-1", "a", 50_000)]);
    assert_eq!(decided(&before[0]).decision.verdict.action, Action::Allow);
    let until = Instant::from_micros(house.clock.now().micros() + 1_000_000);
    let place = desk.change(watch(&house, "a", Some(until))).unwrap();
    let on_watch = desk.judge_now(vec![house.payment("t-2", "a", 2_000_000)]);
    let decision = &decided(&on_watch[0]).decision;
    assert!(decision.verdict.action >= Action::StepUp && decision.verdict.score >= 70);
    assert_eq!(decision.lists, place);
    assert!(decision.marks.iter().any(|mark| &*mark.reference == "incident 2026-014"));
    house.clock.advance_us(1_000_000);
    let after = desk.judge_now(vec![house.payment("t-3", "a", 2_000_000)]);
    let decision = &decided(&after[0]).decision;
    assert!(decision.marks.is_empty() && decision.verdict.score < 70);
}

#[test]
fn events_of_the_wrong_time_are_refused_and_leave_nothing() {
    let house = House::new();
    let desk = house.desk();
    let mut early = house.payment("t-1", "a", 1);
    early.time = Instant::from_micros(house.clock.now().micros() + 300_000_001);
    let mut old = house.payment("t-2", "a", 1);
    old.time = house.clock.now().plus_days(-91);
    let answers = desk.judge_now(vec![early, old, house.payment("t-3", "a", 1)]);
    assert!(matches!(answers[0], Answer::Refused(EventFault::Time(_))));
    assert!(matches!(answers[1], Answer::Refused(EventFault::Time(_))));
    assert_eq!(decided(&answers[2]).sequence, 2);
}

#[test]
fn when_the_log_refuses_the_policy_answers_and_nothing_is_lost_or_decided_twice() {
    let house = House::new();
    let desk = house.desk();
    let small = house.payment("t-1", "a", 300_000);
    let large = house.payment("t-2", "a", 300_001);
    house.journal.refuse(true);
    let answers = desk.judge_now(vec![small.clone(), large.clone()]);
    let action = |answer: &Answer| match answer {
        Answer::Fallback { action, cause } => (*action, *cause),
        _ => panic!("the log refused, so nothing was decided"),
    };
    assert_eq!(action(&answers[0]), (Action::Allow, "journal"));
    assert_eq!(action(&answers[1]), (Action::Hold, "journal"));
    house.journal.refuse(false);
    let again = desk.judge_now(vec![small, large]);
    assert_eq!((decided(&again[0]).sequence, decided(&again[1]).sequence), (2, 3));
    assert!(!decided(&again[0]).again);
    drop(desk);
    assert_eq!(house.prove().different, 0);
}

#[test]
fn a_replay_is_equal_byte_by_byte_with_late_events_labels_lists_and_new_set_ups() {
    let house = House::new();
    let desk = house.desk();
    for round in 0..40 {
        let events: Vec<Event> = (0..25).map(|place| house.any(round * 25 + place)).collect();
        desk.judge_now(events);
        house.clock.advance_us(3_600_000_000 / 4);
        if round % 7 == 3 {
            let label = Label {
                event: house.any(round * 25).id,
                fraud: true,
                known: house.clock.now(),
                by: "minji".to_owned(),
            };
            desk.label(label).unwrap();
        }
        if round == 11 {
            desk.change(watch(&house, "a-3", None)).unwrap();
        }
        if round == 20 {
            let mut parts = Parts::shipped();
            parts.rules = parts.rules.replacen("score = 30", "score = 31", 1);
            desk.put_in_force(parts, "minji", "a draft").unwrap();
        }
        if round == 30 {
            let mut parts = Parts::shipped();
            parts.features = format!(
                "{}\n[[feature]]\nname = \"extra\"\nkey = \"account\"\nover = [\"payment\"]\n\
                 aggregate = \"count\"\nwindow = \"1h\"\nko = \"수\"\nen = \"count\"\n",
                parts.features
            );
            desk.put_in_force(parts, "jun", "one more feature").unwrap();
        }
    }
    drop(desk);
    let proof = house.prove();
    assert_eq!((proof.events, proof.different), (1_000, 0));
    house.journal.tamper(500);
    let proof = house.prove();
    assert_eq!(proof.different, 1, "a decision that was changed in the log shows");
    assert_eq!(proof.first_different, Some(500));
}

#[test]
fn a_restart_from_a_snapshot_decides_as_if_it_had_never_stopped() {
    let (going, stopping) = (House::new(), House::new());
    let desk = going.desk();
    for place in 0..300 {
        let event = going.any(place);
        let one = desk.judge_now(vec![event.clone()]);
        // The other house is shut down after every fiftieth event.
        let two = stopping.desk_of_round(place / 50).judge_now(vec![event]);
        let (one, two) = (&decided(&one[0]).decision, &decided(&two[0]).decision);
        assert_eq!(one.snapshot, two.snapshot, "event {place}");
        assert_eq!(one.verdict, two.verdict);
    }
    stopping.close();
    assert!(stopping.snapshot().exists());
    std::fs::write(stopping.snapshot(), b"DOLDAMFE and then nothing").unwrap();
    let again = stopping.desk().judge_now(vec![stopping.any(299)]);
    assert!(decided(&again[0]).again, "a damaged snapshot costs time and nothing else");
}

#[test]
fn a_draft_that_does_not_compile_changes_nothing() {
    let house = House::new();
    let desk = house.desk();
    let mut parts = Parts::shipped();
    parts.rules = parts.rules.replacen("when = ", "when = 'amount > ' #", 1);
    let refused = desk.put_in_force(parts, "minji", "a typo");
    assert!(matches!(refused, Err(FraudError::Declaration { what: "rules", line: 1.., .. })));
    assert_eq!(house.journal.rows(), 1);
    let unknown = Change { list: 99, ..watch(&house, "a", None) };
    assert_eq!(desk.change(unknown), Err(FraudError::UnknownList));
}

#[test]
fn a_back_test_sees_the_lists_as_they_were() {
    let house = House::new();
    let desk = house.desk();
    desk.judge_now(vec![house.payment("before", "a", 2_000_000)]);
    desk.change(watch(&house, "a", None)).unwrap();
    house.clock.advance_us(1_000_000);
    desk.judge_now(vec![house.payment("after", "a", 2_000_000), house.payment("b", "b", 10)]);
    for event in ["before", "after"] {
        let event = house.payment(event, "a", 1).id;
        let known = house.clock.now();
        desk.label(Label { event, fraud: true, known, by: "minji".to_owned() }).unwrap();
    }
    drop(desk);
    let draft = "name = \"draft\"\n[[rule]]\nname = \"watch\"\nwhen = \"account in lists.leaked\"\n\
                 score = 50\naction = \"hold\"\nreason.ko = \"유출 고객\"\nreason.en = \"leaked\"\n";
    let asked = Backtest {
        text: draft,
        from: Instant::from_micros(0),
        to: Instant::from_micros(i64::MAX),
        capacity_per_day: 10,
        customer: house.schema.place("account").unwrap(),
    };
    let found = replay::backtest(house.journal.as_ref(), &mut *house.fetch(), &asked).ok().unwrap();
    assert_eq!((found.events, found.frauds), (3, 2));
    assert_eq!((found.draft.hits, found.draft.missed), (1, 1), "the list was empty at first");
    assert_eq!(found.draft.precision_at_capacity, Some(1.0));
    assert_eq!(found.rules[0].fired, 1);
    assert_eq!(found.newly_disturbed, 0);
}
