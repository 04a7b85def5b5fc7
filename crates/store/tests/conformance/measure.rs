//! Alerts, cases and temporary measures: made with the log or not at all, in the order in which
//! people should look, and kept as long as the law says.

use doldam_ground::Instant;

use super::{World, on_both};
use crate::fraud::alert::{self, Closing, Conflict, NewAlert, Wanted};
use crate::fraud::case::{self, Note};
use crate::fraud::log::{self, Batch};
use crate::fraud::measure::{self, Standing, Step};
use crate::{StoreError, Tx};

on_both!(
    alerts_come_with_the_log_or_not_at_all,
    the_queue_shows_what_is_due_first_and_goes_on_where_it_ended,
    alerts_that_share_a_key_are_found,
    a_name_that_comes_again_is_counted,
    an_outcome_is_owed_until_the_log_tells_it,
    a_case_is_closed_by_two_people_with_its_alerts,
    a_measure_takes_one_step_at_a_time,
    a_measure_is_kept_for_five_years,
);

fn new(world: &World, sequence: u64) -> NewAlert {
    let now = world.now();
    NewAlert {
        sequence,
        event: format!("t-{sequence}"),
        account: Some("a".to_owned()),
        payee: None,
        device: None,
        amount: Some(50_000),
        action: "hold",
        score: 70,
        opened_at: now,
        due_at: now.plus_days(1),
        measure_due_at: Some(now.plus_days(1)),
    }
}

/// A batch with an event for each alert, which must follow `after`.
fn batch(world: &World, alerts: Vec<NewAlert>) -> Batch {
    let count = alerts.len();
    Batch {
        entries: vec![1; count],
        events: alerts.iter().map(|alert| Some(alert.event.clone())).collect(),
        payloads: vec![Some(vec![7; 32]); count],
        times_us: vec![world.now().micros(); count],
        bodies: vec![vec![1]; count],
        alerts,
        ..Batch::default()
    }
}

fn opened(world: &World, alerts: Vec<NewAlert>) {
    let batch = batch(world, alerts);
    world.write(move |tx| {
        let after = log::last(tx)?;
        log::append(tx, after, &batch)
    });
}

fn refused<T: Send + 'static>(
    world: &World,
    run: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
) -> bool {
    matches!(world.store.write("test.refused", run), Err(StoreError::State { .. }))
}

fn closing(world: &World, outcome: &str) -> Closing {
    Closing {
        outcome: outcome.to_owned(),
        note: "called back".to_owned(),
        by: "minji".to_owned(),
        at: world.now(),
    }
}

fn alerts_come_with_the_log_or_not_at_all(world: &World) {
    let observed = NewAlert { action: "case", measure_due_at: None, ..new(world, 2) };
    opened(world, vec![new(world, 1), observed]);
    let one = world.read(|tx| alert::find(tx, 1)).expect("it was opened");
    assert!(one.event == "t-1" && one.action == "hold" && one.score == 70);
    assert!(one.amount == Some(50_000) && one.closing.is_none() && !one.label_owed);
    assert_eq!(
        world.read(|tx| measure::find(tx, 1)).map(|found| found.state),
        Some("placed".into())
    );
    assert!(world.read(|tx| measure::find(tx, 2)).is_none(), "a case stops nothing");
    let steps = world.read(|tx| measure::steps(tx, 1));
    assert_eq!(
        steps.iter().map(|step| (&*step.step, &*step.by)).collect::<Vec<_>>(),
        [("placed", "rules")]
    );
    // An event that stands in the log already takes its batch with it, alerts and all.
    let mut again = batch(world, vec![new(world, 3), new(world, 4)]);
    again.events[1] = Some("t-1".to_owned());
    assert!(refused(world, move |tx| log::append(tx, 2, &again)));
    assert!(world.read(|tx| alert::find(tx, 3)).is_none());
    assert!(world.read(|tx| measure::find(tx, 3)).is_none());
    assert_eq!(world.read(log::last), 2);
}

fn the_queue_shows_what_is_due_first_and_goes_on_where_it_ended(world: &World) {
    let due = |sequence, days, score| NewAlert {
        due_at: world.now().plus_days(days),
        score,
        ..new(world, sequence)
    };
    let mut last = due(6, 3, 90);
    (last.action, last.account) = ("delay", Some("b".to_owned()));
    opened(
        world,
        vec![due(1, 2, 10), due(2, 1, 30), due(3, 1, 80), due(4, 1, 30), due(5, 2, 95), last],
    );
    let page = |wanted: &Wanted, after, limit| {
        let found = world.read(|tx| alert::queue(tx, wanted, after, limit));
        let places: Vec<u64> = found.iter().map(|alert| alert.sequence).collect();
        (places, found.last().map(alert::Alert::after))
    };
    let all = Wanted::default();
    assert_eq!(page(&all, None, 10).0, [3, 2, 4, 5, 1, 6]);
    let mut seen = Vec::new();
    let mut after = None;
    while let (places, Some(next)) = page(&all, after, 2) {
        seen.extend(places);
        after = Some(next);
    }
    assert_eq!(seen, [3, 2, 4, 5, 1, 6], "pages miss nothing and repeat nothing");
    let delays = Wanted { action: Some("delay".to_owned()), ..Wanted::default() };
    assert_eq!(page(&delays, None, 10).0, [6]);
    let account = Wanted { account: Some("b".to_owned()), ..Wanted::default() };
    assert_eq!(page(&account, None, 10).0, [6]);
    let minji = "minji".to_owned();
    world.write(move |tx| alert::assign(tx, 5, Some(&minji)));
    let hers = Wanted { assignee: Some("minji".to_owned()), ..Wanted::default() };
    assert_eq!(page(&hers, None, 10).0, [5]);
    let end = closing(world, "no_fraud");
    world.write(move |tx| alert::close(tx, 3, &end));
    assert_eq!(page(&all, None, 1).0, [2]);
    assert_eq!(page(&Wanted { closed: true, ..Wanted::default() }, None, 10).0, [3]);
    let later = world.now().plus_days(1).micros() + 1;
    assert_eq!(world.read(|tx| alert::count_open(tx, Instant::from_micros(later))), (5, 2));
}

fn alerts_that_share_a_key_are_found(world: &World) {
    let with = |sequence, account: &str, payee: Option<&str>, device: Option<&str>| NewAlert {
        account: Some(account.to_owned()),
        payee: payee.map(str::to_owned),
        device: device.map(str::to_owned),
        ..new(world, sequence)
    };
    opened(
        world,
        vec![
            with(1, "a", Some("p"), Some("d")),
            with(2, "b", Some("p"), None),
            with(3, "c", None, Some("d")),
            with(4, "a", Some("p"), Some("d")),
            with(5, "e", Some("q"), None),
        ],
    );
    let sharing = |sequence: u64| -> Vec<u64> {
        let found = world.read(|tx| {
            let alert = alert::find(tx, sequence)?.expect("it was opened");
            alert::sharing(tx, &alert, 10)
        });
        found.iter().map(|alert| alert.sequence).collect()
    };
    assert_eq!(sharing(1), [4, 3, 2]);
    assert!(sharing(5).is_empty(), "a key that did not come is shared by nobody");
}

fn a_name_that_comes_again_is_counted(world: &World) {
    opened(world, vec![new(world, 1)]);
    let of = |sequence, action| Conflict {
        alert: NewAlert { action, measure_due_at: None, ..new(world, sequence) },
        times: 2,
    };
    let known = of(1, "allow");
    let quiet = Batch { conflicts: vec![known.clone(), known], ..Batch::default() };
    world.write(move |tx| log::append(tx, 1, &quiet));
    let found = world.read(|tx| alert::find(tx, 1)).expect("it was opened");
    assert!(found.conflicts == 4 && found.action == "hold");
    let first = Batch { conflicts: vec![of(9, "allow")], ..Batch::default() };
    world.write(move |tx| log::append(tx, 1, &first));
    let found = world.read(|tx| alert::find(tx, 9)).expect("a conflict opens one");
    assert!(found.conflicts == 2 && found.action == "allow");
    assert_eq!(world.read(log::last), 1, "a conflict is no entry");
}

fn an_outcome_is_owed_until_the_log_tells_it(world: &World) {
    opened(world, vec![new(world, 1), new(world, 2)]);
    let (fraud, unclear) = (closing(world, "fraud"), closing(world, "unclear"));
    let again = fraud.clone();
    world.write(move |tx| {
        alert::close(tx, 1, &fraud)?;
        alert::close(tx, 2, &unclear)
    });
    assert!(refused(world, move |tx| alert::close(tx, 1, &again)), "an alert ends once");
    assert!(refused(world, |tx| alert::assign(tx, 1, None)));
    let owed = || -> Vec<u64> {
        world.read(|tx| alert::labels_owed(tx, 10)).iter().map(|alert| alert.sequence).collect()
    };
    assert_eq!(owed(), [1], "what is unclear is no label");
    let entry = Batch {
        entries: vec![2],
        events: vec![None],
        payloads: vec![None],
        times_us: vec![world.now().micros()],
        bodies: vec![vec![1]],
        labelled: vec![1],
        ..Batch::default()
    };
    let stale = entry.clone();
    assert!(refused(world, move |tx| log::append(tx, 1, &stale)));
    assert_eq!(owed(), [1]);
    world.write(move |tx| log::append(tx, 2, &entry));
    assert!(owed().is_empty());
    let missing = world.store.write("test.close", |tx| alert::assign(tx, 77, None));
    assert!(matches!(missing, Err(StoreError::NotFound { .. })));
}

fn a_case_is_closed_by_two_people_with_its_alerts(world: &World) {
    opened(world, (1..=4).map(|sequence| new(world, sequence)).collect());
    let now = world.now();
    assert_eq!(world.write(move |tx| case::open(tx, "ring", &[1, 2], "minji", now)), 1);
    assert!(refused(world, move |tx| case::open(tx, "again", &[3, 2], "jun", now)));
    assert_eq!(world.read(|tx| case::list(tx, "", None, 9)).len(), 1, "half a case is none");
    world.write(|tx| case::add_alert(tx, 1, 3));
    let end = closing(world, "fraud");
    assert!(refused(world, move |tx| alert::close(tx, 1, &end)), "its case closes it");
    for text in ["called the payee's bank", "same device"] {
        let note = Note { by: "jun".to_owned(), at: now, text: text.to_owned() };
        world.write(move |tx| case::add_note(tx, 1, &note));
    }
    assert_eq!(world.read(|tx| case::notes(tx, 1))[1].text, "same device");
    assert!(refused(world, move |tx| case::close(tx, 1, "jun", now)), "nobody has said how");
    world.write(|tx| case::ask_to_close(tx, 1, "unclear", "no answer", "minji"));
    world.write(|tx| case::reopen(tx, 1));
    world.write(|tx| case::ask_to_close(tx, 1, "fraud", "confirmed by the customer", "minji"));
    assert!(refused(world, |tx| case::ask_to_close(tx, 1, "no_fraud", "", "jun")));
    assert!(refused(world, move |tx| case::close(tx, 1, "minji", now)), "two people, not one");
    let mut closed = world.write(move |tx| case::close(tx, 1, "jun", now));
    closed.sort_unstable();
    assert_eq!(closed, [1, 2, 3]);
    assert!(refused(world, move |tx| case::close(tx, 1, "jun", now)));
    assert!(refused(world, |tx| case::add_alert(tx, 1, 4)));
    let found = world.read(|tx| case::find(tx, 1)).unwrap();
    let ending = found.ending.clone().unwrap();
    assert_eq!((found.state(), &*ending.outcome), ("closed", "fraud"));
    assert_eq!(ending.closed, Some(("jun".to_owned(), now)));
    assert_eq!(world.read(|tx| alert::labels_owed(tx, 10)).len(), 3);
    let of_case = world.read(|tx| alert::of_case(tx, 1));
    assert!(of_case.iter().all(|alert| alert.closing.as_ref().is_some_and(|end| end.by == "jun")));
    assert!(world.read(|tx| case::list(tx, "open", None, 9)).is_empty());
}

fn step(world: &World, name: &str) -> Step {
    Step {
        step: name.to_owned(),
        by: "minji".to_owned(),
        how: "sms".to_owned(),
        reason: String::new(),
        at: world.now(),
    }
}

fn standing(state: &'static str, ended: bool) -> Standing {
    Standing { state, asked_by: None, ended }
}

fn a_measure_takes_one_step_at_a_time(world: &World) {
    opened(world, vec![new(world, 1), new(world, 2)]);
    let before = world.read(|tx| measure::find(tx, 1)).expect("it was placed");
    let (stale, notified) = (before.clone(), step(world, "notified"));
    let again = notified.clone();
    world.write(move |tx| measure::add_step(tx, &before, &notified, &standing("notified", false)));
    let twice = world.store.write("test.twice", move |tx| {
        measure::add_step(tx, &stale, &again, &standing("notified", false))
    });
    assert!(matches!(twice, Err(StoreError::Conflict { .. })));
    assert_eq!(world.read(|tx| measure::steps(tx, 1)).len(), 2);
    let listed = world.read(|tx| measure::list(tx, "notified", "", 0, 9));
    assert_eq!(listed.iter().map(|one| one.sequence).collect::<Vec<_>>(), [1]);
    assert!(world.read(|tx| measure::list(tx, "", "delay", 0, 9)).is_empty());
    let later = world.now().plus_days(1);
    assert_eq!(world.read(|tx| measure::due(tx, "hold", "placed", world.now(), 9)).len(), 0);
    let due = world.read(|tx| measure::due(tx, "hold", "placed", later, 9));
    assert_eq!(due.iter().map(|one| one.sequence).collect::<Vec<_>>(), [2]);
}

fn a_measure_is_kept_for_five_years(world: &World) {
    opened(world, vec![new(world, 1)]);
    let long_after = world.now().plus_days(4_000);
    assert!(refused(world, move |tx| measure::remove(tx, 1, long_after)), "it goes on");
    let before = world.read(|tx| measure::find(tx, 1)).expect("it was placed");
    let (end, then) = (step(world, "refused"), standing("refused", true));
    world.write(move |tx| measure::add_step(tx, &before, &end, &then));
    let kept = measure::kept_until(world.now());
    assert!(kept.to_rfc3339()[..4].parse::<i32>().unwrap() >= 2026 + 5);
    let early = Instant::from_micros(kept.micros() - 1);
    assert!(refused(world, move |tx| measure::remove(tx, 1, early)));
    assert_eq!(world.read(|tx| measure::steps(tx, 1)).len(), 2);
    world.write(move |tx| measure::remove(tx, 1, kept));
    assert!(world.read(|tx| measure::steps(tx, 1)).is_empty());
}
