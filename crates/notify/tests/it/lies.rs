//! Whatever a gateway says, nobody is told twice, nobody is forgotten, and the worker comes to an
//! end.

use std::collections::BTreeMap;

use doldam_notify::{NotifyError, Summary};
use doldam_store::notice::{self, Counts};
use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};

use crate::liar::{
    BIND, DELIVER, ENQUIRE, Heard, Liar, Lie, NACK, Next, QUERY, SUBMIT, answer, pdu, receipt,
};
use crate::world::{
    DISPATCH, People, gateway, machine_clock, number_of, open, plan, run, standings,
};

const PEOPLE: u32 = 300;
const WINDOW: u64 = 16;
const TEXT: &str = "[돌담은행] 개인정보 유출 안내";
/// Longest that a worker may listen to a liar, in microseconds.
const TIME_US_MAX: u64 = 20_000_000;

/// What became of the people after the lies alone, and after an honest gateway had the rest.
struct Told {
    lied_to: Result<Summary, NotifyError>,
    counts: Counts,
    after: Counts,
}

/// Sends through a liar, then through an honest gateway, and looks for what must never be.
fn tell(lie: Lie) -> Told {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    plan(&store, PEOPLE);
    let liar = Liar::start(lie);
    let mut gateway = gateway(&liar.address.to_string());
    gateway.window = usize::try_from(WINDOW).unwrap();
    gateway.response_us = 100_000;
    gateway.enquire_us = 30_000;
    gateway.receipt_wait_us = 50_000;
    gateway.reconnects_max = 2;
    let people = People::with(TEXT);
    let clock = machine_clock();
    let lied_to = run(&store, DISPATCH, &people, &gateway);
    assert!(clock.elapsed_us() < TIME_US_MAX, "it was listened to for too long");
    let counts = store.read("test.counts", |tx| notice::counts(tx, DISPATCH)).unwrap();
    assert_eq!((counts.all(), counts.intent), (u64::from(PEOPLE), 0), "{counts:?}");
    let smsc = Smsc::start(Seed::new(1), Faults::default()).unwrap();
    gateway.address = smsc.address().to_string();
    gateway.response_us = 2_000_000;
    let after = run(&store, DISPATCH, &people, &gateway).unwrap().counts;
    let (by_liar, honestly) = (liar.texted(), smsc.log().texted);
    for standing in standings(&store) {
        let number = number_of(standing.attempt.ordinal.number());
        let times = |texted: &BTreeMap<String, u32>| texted.get(&number).copied().unwrap_or(0);
        let times = times(&by_liar) + times(&honestly);
        let state = standing.state.as_str();
        assert!(times <= 1, "told {times} times: {state}");
        assert!(times == 1 || matches!(state, "in_doubt" | "failed"), "never told: {state}");
    }
    assert_eq!((after.planned, after.all()), (0, u64::from(PEOPLE)), "{after:?}");
    Told { lied_to, counts, after }
}

/// Whoever it was said to is in doubt, all others were told by the honest gateway.
fn only_a_window_is_in_doubt(lie: Lie) {
    let told = tell(lie);
    assert_eq!(told.lied_to, Err(NotifyError::Unreachable));
    // A window, and one text for each link that was tried after it.
    assert!((1..=WINDOW + 3).contains(&told.counts.in_doubt), "{:?}", told.counts);
    assert_eq!(told.after.in_doubt, told.counts.in_doubt);
    assert_eq!(told.after.delivered + told.after.in_doubt, u64::from(PEOPLE));
}

fn id(heard: &Heard) -> Vec<u8> {
    format!("m{}\0", heard.serial).into_bytes()
}

#[test]
fn one_message_id_for_everybody_is_no_receipt_for_everybody() {
    let told = tell(|heard, out| {
        answer(out, SUBMIT, 0, heard.sequence, b"1\0");
        receipt(out, "1", &heard.number, Some(heard.reference));
        Next::GoOn
    });
    assert_eq!(told.counts.in_doubt + told.counts.failed, 0, "{:?}", told.counts);
    // The id belongs to whoever had it first; of the others nobody says "delivered".
    assert!(told.counts.delivered <= WINDOW, "{:?}", told.counts);
    assert!(told.counts.accepted >= u64::from(PEOPLE) - WINDOW, "{:?}", told.counts);
}

#[test]
fn receipts_for_what_was_never_sent_settle_nothing() {
    let told = tell(|heard, out| {
        receipt(out, "never-sent", &heard.number, None);
        receipt(out, &format!("m{}", heard.serial + 100_000), "01099999999", Some(heard.reference));
        receipt(out, "", "", None);
        answer(out, SUBMIT, 0, heard.sequence, &id(heard));
        Next::GoOn
    });
    assert_eq!(told.counts, Counts { accepted: u64::from(PEOPLE), ..Counts::default() });
    let summary = told.lied_to.unwrap();
    assert!(summary.receipts.stray > 0 && summary.receipts.new == 0, "{summary:?}");
}

#[test]
fn answers_that_come_twice_or_to_others_count_once() {
    let told = tell(|heard, out| {
        for _ in 0..2 {
            answer(out, SUBMIT, 0, heard.sequence, &id(heard));
        }
        answer(out, SUBMIT, 0, heard.sequence | 0x4000_0000, &id(heard));
        Next::GoOn
    });
    assert_eq!(told.counts, Counts { accepted: u64::from(PEOPLE), ..Counts::default() });
    assert_eq!(told.lied_to.unwrap().stray_answers, 2 * u64::from(PEOPLE));
    // Each gets the answer that belongs to its neighbour.
    let swapped = tell(|heard, out| {
        answer(out, SUBMIT, 0, heard.sequence ^ 1, &id(heard));
        Next::GoOn
    });
    assert_eq!(swapped.counts.failed, 0, "{:?}", swapped.counts);
}

#[test]
fn an_answer_to_another_command_is_no_answer() {
    only_a_window_is_in_doubt(|heard, out| {
        answer(out, QUERY, 0, heard.sequence, b"1\0\0\x02\0");
        answer(out, BIND, 0, heard.sequence, b"liar\0");
        answer(out, ENQUIRE, 0, heard.sequence, &[]);
        answer(out, DELIVER, 0, heard.sequence, b"\0");
        Next::GoOn
    });
    only_a_window_is_in_doubt(|heard, out| {
        answer(out, SUBMIT, 0, heard.sequence | 0x4000_0000, &id(heard));
        Next::GoOn
    });
}

#[test]
fn lengths_that_lie_end_the_conversation() {
    only_a_window_is_in_doubt(|_, out| {
        out.extend([0, 0, 0, 5, 0x80, 0, 0, 4]);
        Next::GoOn
    });
    only_a_window_is_in_doubt(|_, out| {
        // Ten megabytes are announced; four gigabytes could be.
        out.extend(10_000_000_u32.to_be_bytes());
        out.extend([0x80, 0, 0, 4]);
        Next::Flood(vec![0; 64 << 10])
    });
    only_a_window_is_in_doubt(|heard, out| {
        let mut whole = Vec::new();
        answer(&mut whole, SUBMIT, 0, heard.sequence, &id(heard));
        // It says to be longer than it is, and what follows is read as a part of it.
        whole[..4].copy_from_slice(&60_000_u32.to_be_bytes());
        out.extend(whole);
        Next::GoOn
    });
}

#[test]
fn an_endless_talker_is_not_listened_to_for_ever() {
    only_a_window_is_in_doubt(|_, _| Next::Flood(b"\xFF\x00garbage".repeat(1_000)));
    only_a_window_is_in_doubt(|_, _| {
        let mut flood = Vec::new();
        for number in 0..1_000 {
            receipt(&mut flood, &format!("x{number}"), "01012345678", None);
        }
        Next::Flood(flood)
    });
    only_a_window_is_in_doubt(|_, _| {
        let mut flood = Vec::new();
        (0..1_000).for_each(|sequence| pdu(&mut flood, ENQUIRE, 0, sequence, &[]));
        Next::Flood(flood)
    });
}

#[test]
fn whoever_is_refused_without_a_reason_is_failed_and_said_so() {
    let told = tell(|heard, out| {
        answer(out, NACK, 3, heard.sequence, &[]);
        Next::GoOn
    });
    assert_eq!(told.counts, Counts { failed: u64::from(PEOPLE), ..Counts::default() });
}

#[test]
fn an_id_longer_than_any_is_cut_and_kept_apart() {
    let told = tell(|heard, out| {
        let long = format!("{:-<60000}\0", heard.serial);
        answer(out, SUBMIT, 0, heard.sequence, long.as_bytes());
        Next::GoOn
    });
    assert_eq!(told.counts, Counts { accepted: u64::from(PEOPLE), ..Counts::default() });
}
