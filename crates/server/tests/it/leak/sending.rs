//! The background that sends: what stops it is shown and tried again, and nobody is told twice.

use doldam_server::Channels;
use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};
use serde_json::json;

use super::{Bank, MachineClock, NOTICE, channels};
use crate::world::World;

/// An address at which nobody listens.
fn nowhere() -> String {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().to_string()
}

#[test]
fn without_its_settings_a_notice_says_which_one_is_missing() {
    let world = World::new();
    let house = world.serve(world.create(5));
    let bank = Bank::new(&house);
    let path = bank.worked();
    let write = |channels: Channels| {
        let (other, clock) = (World::new(), world.clock.clone());
        let house = other.serve_with(other.create(5), clock, channels);
        let bank = Bank::new(&house);
        let path = bank.worked();
        let body = json!({ "duty": NOTICE, "stage": "first" });
        bank.ask(&bank.officer, &format!("{path}/notices"), &body)
    };
    let body = json!({ "duty": NOTICE, "stage": "first" });
    let answer = bank.ask(&bank.officer, &format!("{path}/notices"), &body).expect(409).json();
    assert_eq!(answer["code"], "server.setting");
    assert!(answer["detail"].as_str().unwrap().contains("[company]"), "{answer}");
    let half = Channels { rules: None, ..channels("127.0.0.1:1") };
    let answer = write(half).expect(409).json();
    assert!(answer["detail"].as_str().unwrap().contains("[sms]"), "{answer}");
}

#[test]
fn a_gateway_that_is_down_is_shown_and_tried_again_by_the_next_server() {
    let world = World::new();
    let clock = MachineClock::of(&world);
    let house = world.serve_with(world.create(50), clock.clone(), channels(&nowhere()));
    let bank = Bank::new(&house);
    let path = bank.worked();
    let notice = bank.approved(&path);
    bank.send(&notice);
    let waits = bank.until(&notice, |progress| progress["worker"]["state"] == "waiting");
    assert_eq!(waits["worker"]["code"], "notify.unreachable");
    assert!(waits["worker"]["detail"].as_str().unwrap().contains("cannot be reached"));
    assert!(waits["worker"]["next_try_at"].is_string());
    assert_eq!(waits["counts"]["planned"], 50);
    // Nobody's number was opened for a gateway that is not there.
    let opened = |house: &crate::world::House, token: &str| {
        let rows = house.look(token, "/api/v1/audit?limit=1000")["items"].clone();
        let rows = rows.as_array().unwrap().clone();
        rows.iter().filter(|row| row["action"] == "subject.reveal_many").count()
    };
    assert_eq!(opened(&house, &bank.officer), 0);
    let officer = bank.officer.clone();
    drop(house);
    let smsc = Smsc::start(Seed::new(5), Faults::default()).unwrap();
    let channels = channels(&smsc.address().to_string());
    let house = world.serve_with(world.open(), clock, channels);
    for _ in 0..600 {
        if smsc.log().receipts_confirmed >= 50 {
            break;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(20));
    }
    assert_eq!((smsc.log().texted.len(), smsc.log().texted_twice()), (50, 0));
    assert_eq!(opened(&house, &officer), 1, "one row names all whose number was opened");
    let rows = house.look(&officer, "/api/v1/audit?limit=1000")["items"].clone();
    let all = rows.as_array().unwrap();
    let row = all.iter().find(|row| row["action"] == "subject.reveal_many").unwrap();
    assert_eq!((&row["subjects"], &row["origin"]), (&json!(50), &json!("after a restart")));
    assert!(row["actor"].as_str().unwrap().starts_with("privacy-officer"), "who ordered it");
}

#[test]
fn whom_a_person_decides_to_text_again_is_told_by_the_worker_that_listens() {
    let faults = Faults { lose_answer: 1_000, lose_receipt: 1_000, ..Faults::default() };
    let smsc = Smsc::start(Seed::new(5), faults).unwrap();
    let world = World::new();
    let channels = channels(&smsc.address().to_string());
    let house = world.serve_with(world.create(3), MachineClock::of(&world), channels);
    let bank = Bank::new(&house);
    let path = bank.worked();
    let notice = bank.approved(&path);
    bank.send(&notice);
    bank.until(&notice, |progress| progress["counts"]["in_doubt"] == 3);
    let doubts = bank.look(&format!("{notice}/in-doubt"))["items"].clone();
    let words: Vec<_> = doubts.as_array().unwrap().iter().map(|it| it["doubt"].clone()).collect();
    assert!(words.iter().all(|word| word.as_str().unwrap().len() == 32), "{words:?}");
    let decide = |word: &serde_json::Value, decision: &str| {
        let reason = "they called and had no text";
        let body = json!({ "doubt": word, "decision": decision, "reason": reason });
        bank.ask(&bank.approvers[0], &format!("{notice}/resolve"), &body)
    };
    decide(&words[0], "resend").expect(200);
    bank.until(&notice, |_| smsc.log().texted_twice() == 1);
    let texted: u32 = smsc.log().texted.values().sum();
    assert_eq!(texted, 4, "the one that was decided about, once more");
    let progress = bank.until(&notice, |progress| progress["counts"]["in_doubt"] == 3);
    assert_eq!(progress["counts"]["failed"], 0, "nobody is lost as unknown");
    // A word means one try: the second doubt about the same person has another.
    decide(&words[0], "give_up").expect(409);
    decide(&words[1], "perhaps").expect(400);
    let doubts = bank.look(&format!("{notice}/in-doubt"))["items"].clone();
    for one in doubts.as_array().unwrap() {
        decide(&one["doubt"], "give_up").expect(200);
    }
    bank.act(&format!("{notice}/finish"), &json!({}));
}
