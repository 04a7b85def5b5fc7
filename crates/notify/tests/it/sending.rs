//! A dispatch from the first text to the last receipt.

use std::io::Write;
use std::net::TcpListener;
use std::sync::atomic::AtomicBool;

use doldam_notify::encode::{Coding, LongText};
use doldam_notify::{NotifyError, Sender};
use doldam_store::notice::{self, Counts, Decision};
use doldam_store::{Location, Store, StoreError};
use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};

use crate::postgres::TestDatabase;
use crate::world::{
    People, audit, gateway, machine_clock, number_of, open, open_at, plan, run, standings,
};

const SHORT: &str = "[돌담은행] 개인정보 유출 안내";
const LONG: &str = "[돌담은행] 개인정보 유출 안내입니다. 유출된 항목은 별명과 연계정보이며, 비밀번호와 \
    계좌번호는 유출되지 않았습니다. 모르는 전화와 주소를 조심하시고, 궁금한 점은 은행 대표번호로 \
    물어봐 주십시오. 이 문자에는 누를 주소가 없습니다. 다시 한번 진심으로 사과드립니다.";

fn smsc(faults: Faults) -> Smsc {
    Smsc::start(Seed::new(5), faults).unwrap()
}

#[test]
fn everybody_is_told_once_and_again_is_nobody() {
    let folder = tempfile::tempdir().unwrap();
    told_once(&open(folder.path()));
    let database = TestDatabase::create();
    told_once(&open_at(&Location::Postgres(database.address())));
}

fn told_once(store: &Store) {
    let id = plan(store, 500);
    let smsc = smsc(Faults::default());
    let gateway = gateway(&smsc.address().to_string());
    let first = run(store, id, &People::with(SHORT), &gateway).unwrap();
    assert_eq!(first.counts, Counts { delivered: 500, ..Counts::default() });
    assert_eq!((first.messages, first.disconnects, first.receipts.new), (500, 0, 500));
    let again = run(store, id, &People::with(SHORT), &gateway).unwrap();
    assert_eq!((again.messages, again.counts), (0, first.counts));
    assert_eq!(audit(&standings(store), &smsc.log(), 500), [""; 0]);
    assert_eq!(smsc.log().receipts_confirmed, 500);
}

#[test]
fn a_long_text_goes_in_parts_or_whole_and_counts_once() {
    for (coding, long_text, parts) in [
        (Coding::Ucs2, LongText::Parts, 3),
        (Coding::Cp949 { data_coding: 0x84 }, LongText::Parts, 2),
        (Coding::Ucs2, LongText::Payload, 1),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path());
        let id = plan(&store, 300);
        let faults = Faults { throttle_every: 7, ..Faults::default() };
        let smsc = smsc(faults);
        let mut gateway = gateway(&smsc.address().to_string());
        gateway.coding = coding;
        gateway.long_text = long_text;
        let summary = run(&store, id, &People::with(LONG), &gateway).unwrap();
        assert_eq!(summary.counts, Counts { delivered: 300, ..Counts::default() });
        assert_eq!(summary.messages, 300 * parts + smsc.log().throttled);
        assert!(summary.throttled > 0);
        assert_eq!(audit(&standings(&store), &smsc.log(), 300), [""; 0]);
    }
}

#[test]
fn whoever_cannot_be_texted_is_failed_by_name_of_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let id = plan(&store, 6);
    let smsc = smsc(Faults::default());
    let mut people = People::with(SHORT);
    people.odd = [(1, None), (2, Some("pending")), (3, Some("12345678"))].into();
    people.gone = [4].into();
    run(&store, id, &people, &gateway(&smsc.address().to_string())).unwrap();
    let found = standings(&store);
    let outcomes: Vec<_> =
        found.iter().map(|one| one.outcome.as_deref().unwrap_or(&one.state)).collect();
    let expected =
        ["delivered", "no_number", "not_a_phone", "not_a_phone", "unknown_subject", "delivered"];
    assert_eq!(outcomes, expected);
    let texted: Vec<String> = smsc.log().texted.into_keys().collect();
    assert_eq!(texted, [number_of(0), number_of(5)]);
}

#[test]
fn a_gateway_that_is_not_there_leaves_everything_planned() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let id = plan(&store, 10);
    let mut nobody = smsc(Faults::default());
    nobody.stop();
    let mut gateway = gateway(&nobody.address().to_string());
    gateway.reconnects_max = 2;
    let end = run(&store, id, &People::with(SHORT), &gateway);
    assert_eq!(end, Err(NotifyError::Unreachable));
    let counts = store.read("test.counts", |tx| notice::counts(tx, id)).unwrap();
    assert_eq!(counts, Counts { planned: 10, ..Counts::default() });
    let smsc = smsc(Faults::default());
    gateway.address = smsc.address().to_string();
    let summary = run(&store, id, &People::with(SHORT), &gateway).unwrap();
    assert_eq!(summary.counts.delivered, 10, "the lease was given back");
}

/// Signs everybody in and never says another word.
fn mute_gateway() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // bind_transceiver_resp, ESME_ROK, sequence 1, an empty system_id.
            stream.write_all(&[0, 0, 0, 17, 0x80, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1, 0]).unwrap();
            kept.push(stream);
        }
    });
    address
}

#[test]
fn a_silent_gateway_costs_one_window_and_not_everybody() {
    let silent = smsc(Faults { lose_answer: 1_000, lose_receipt: 1_000, ..Faults::default() });
    for address in [silent.address().to_string(), mute_gateway()] {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path());
        let id = plan(&store, 1_000);
        let mut gateway = gateway(&address);
        gateway.response_us = 100_000;
        gateway.enquire_us = 30_000;
        gateway.reconnects_max = 3;
        let end = run(&store, id, &People::with(SHORT), &gateway);
        assert_eq!(end, Err(NotifyError::Unreachable));
        let counts = store.read("test.counts", |tx| notice::counts(tx, id)).unwrap();
        assert!((64..=64 + 3).contains(&counts.in_doubt), "{counts:?}");
        assert_eq!(counts.in_doubt + counts.planned, 1_000, "{counts:?}");
    }
    assert_eq!(silent.log().texted_twice(), 0);
}

#[test]
fn a_register_that_fails_stops_the_dispatch_and_doubts_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let id = plan(&store, 1_500);
    let smsc = smsc(Faults::default());
    let gateway = gateway(&smsc.address().to_string());
    let mut people = People::with(SHORT);
    people.fails_from = 1_000;
    let end = run(&store, id, &people, &gateway);
    assert_eq!(end, Err(NotifyError::Recipients { code: "test.locked" }));
    let counts = store.read("test.counts", |tx| notice::counts(tx, id)).unwrap();
    assert_eq!((counts.in_doubt, counts.intent), (0, 0), "{counts:?}");
    assert!(counts.planned >= 500 && smsc.messages() > 0);
    people.fails_from = u32::MAX;
    let rest = run(&store, id, &people, &gateway).unwrap();
    assert_eq!(rest.counts, Counts { delivered: 1_500, ..Counts::default() });
    assert_eq!(audit(&standings(&store), &smsc.log(), 1_500), [""; 0]);
}

#[test]
fn only_one_worker_sends_and_only_by_the_approved_gateway() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let id = plan(&store, 10);
    let smsc = smsc(Faults::default());
    let mut gateway = gateway(&smsc.address().to_string());
    gateway.name = "other".to_owned();
    let (clock, stop) = (machine_clock(), AtomicBool::new(false));
    let sender = Sender::new(store.clone());
    let people = People::with(SHORT);
    let other = sender.run(id, &people, &gateway, &*clock, &stop);
    assert!(matches!(other, Err(NotifyError::Setting { setting: "name", .. })));
    gateway.name = "test".to_owned();
    let now = clock.now();
    store
        .write("test.claim", move |tx| doldam_store::dispatch::claim(tx, id, now, 60_000_000))
        .unwrap();
    let second = sender.run(id, &people, &gateway, &*clock, &stop);
    assert!(matches!(second, Err(NotifyError::Store(StoreError::Conflict { .. }))));
    assert_eq!(smsc.log().messages, 0);
}

#[test]
fn a_stopped_worker_leaves_the_rest_planned() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let id = plan(&store, 5_000);
    let smsc = smsc(Faults::default());
    let mut gateway = gateway(&smsc.address().to_string());
    gateway.texts_per_second = Some(2_000);
    let (clock, stop) = (machine_clock(), AtomicBool::new(false));
    let people = People::with(SHORT);
    let summary = std::thread::scope(|scope| {
        let worker =
            scope.spawn(|| Sender::new(store.clone()).run(id, &people, &gateway, &*clock, &stop));
        while smsc.messages() < 200 {
            std::thread::park_timeout(std::time::Duration::from_millis(2));
        }
        stop.store(true, std::sync::atomic::Ordering::Release);
        worker.join().unwrap().unwrap()
    });
    assert!(summary.counts.planned > 1_000, "{summary:?}");
    assert_eq!(summary.counts.in_doubt + summary.counts.intent, 0, "{summary:?}");
    assert_eq!(summary.counts.all(), 5_000);
    gateway.texts_per_second = None;
    let rest = run(&store, id, &people, &gateway).unwrap();
    assert_eq!(rest.counts, Counts { delivered: 5_000, ..Counts::default() });
    assert_eq!(audit(&standings(&store), &smsc.log(), 5_000), [""; 0]);
}

#[test]
fn a_lost_answer_is_a_doubt_that_the_gateway_or_a_person_ends() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let id = plan(&store, 40);
    let silent = Faults { lose_answer: 1_000, lose_receipt: 1_000, ..Faults::default() };
    let smsc = smsc(silent);
    let gateway = gateway(&smsc.address().to_string());
    let people = People::with(SHORT);
    let summary = run(&store, id, &people, &gateway).unwrap();
    assert_eq!(summary.counts, Counts { in_doubt: 40, ..Counts::default() });
    let again = run(&store, id, &people, &gateway).unwrap();
    assert_eq!(again.messages, 0, "a doubt is not sent again");
    let doubts = store.read("test.doubts", |tx| notice::in_doubt(tx, id, None, 40)).unwrap();
    let now = machine_clock().now();
    store
        .write("test.resolve", move |tx| {
            let by = doldam_ground::ids::StaffId::new(1);
            for (place, doubt) in doubts.iter().enumerate() {
                let decision = if place == 0 { Decision::Resend } else { Decision::GiveUp };
                notice::resolve(tx, id, doubt.attempt, decision, by, "asked the operator", now)?;
            }
            Ok(())
        })
        .unwrap();
    let resent = run(&store, id, &people, &gateway).unwrap();
    assert_eq!(resent.messages, 1);
    assert_eq!(resent.counts, Counts { in_doubt: 1, failed: 39, ..Counts::default() });
}

#[test]
fn the_gateway_is_asked_about_messages_without_a_receipt() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let id = plan(&store, 200);
    let faults = Faults { lose_receipt: 1_000, undeliverable: 100, ..Faults::default() };
    let smsc = smsc(faults);
    let mut gateway = gateway(&smsc.address().to_string());
    gateway.receipt_wait_us = 0;
    let people = People::with(SHORT);
    let summary = run(&store, id, &people, &gateway).unwrap();
    assert_eq!(summary.counts, Counts { accepted: 200, ..Counts::default() });
    gateway.asks = true;
    let asked = run(&store, id, &people, &gateway).unwrap();
    assert_eq!(asked.counts.delivered + asked.counts.failed, 200);
    assert!(asked.counts.failed > 0);
    assert_eq!(asked.messages, 0);
}
