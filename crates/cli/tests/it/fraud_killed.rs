//! kill -9 under load: no acknowledged decision is lost, none is made twice, and a replay of what is
//! left is equal byte by byte.
//!
//! Clients send single events and batches, and old events among the new. The server is killed at a
//! seeded moment of each round and started again. `DOLDAM_TEST_KILLS` says how often; ten times
//! where it is not set.

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::Child;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use doldam_fraud::journal::{self, Entry, StoreJournal};
use doldam_fraud::replay;
use doldam_ground::{Entropy, Instant, MockClock, entropy};
use doldam_store::access::session;
use doldam_store::fraud::artifact;
use doldam_store::{Location, Schema, Store, staff};
use doldam_synthetic::Seed;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::House;

const CLIENTS: u64 = 4;
const TOKEN: &str = "a-session-of-the-load";
const KILLS: u64 = 10;

/// What a client was told.
#[derive(Clone, Debug, PartialEq)]
struct Told {
    sequence: u64,
    action: String,
    score: u64,
}

type Acknowledged = Mutex<BTreeMap<String, Told>>;

fn now() -> Instant {
    #[expect(
        clippy::disallowed_methods,
        reason = "the binary has the real time, and so have events"
    )]
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Instant::from_micros(i64::try_from(since.as_micros()).unwrap())
}

fn store(house: &House) -> Arc<Store> {
    let location = Location::Sqlite(house.path("var/data/doldam.db"));
    let clock = Arc::new(MockClock::new(now()));
    Arc::new(Store::open(&location, Schema::Data, clock).unwrap())
}

/// An installation with fraud detection and an analyst who is signed in.
fn prepared() -> House {
    let house = House::new();
    let settings = std::fs::read_to_string(house.path("var/doldam.toml")).unwrap();
    house.write("var/doldam.toml", settings.replace("enabled = false", "enabled = true"));
    let digest: [u8; 32] = Sha256::digest(TOKEN.as_bytes()).into();
    let (from, end) = (now(), now().plus_days(1));
    store(&house)
        .write("test.analyst", move |tx| {
            let id = staff::insert(tx, "jun", "analyst", "none", from)?;
            session::insert(tx, &digest, id, from, end)
        })
        .unwrap();
    house
}

fn start(house: &House) -> (Child, SocketAddr) {
    let mut command = house.command();
    let any = "127.0.0.1:0";
    command.args(["serve", "--staff-listen", any, "--processor-listen", any]);
    let mut child = command.args(["--public-listen", any]).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.split(' ').find_map(|word| word.strip_prefix("http://"));
    let address = address.unwrap_or_else(|| {
        let mut said = String::new();
        let _ = child.stderr.take().unwrap().read_to_string(&mut said);
        panic!("the server does not start: {line}{said}")
    });
    (child, address.parse().unwrap())
}

/// One event, the same for the same number whenever it is sent.
fn event(number: u64, began: Instant) -> Value {
    let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
    let time = Instant::from_micros(began.micros() + i64::try_from(number).unwrap() * 1_000);
    json!({
        "id": format!("load-{number}"), "kind": "payment", "time": time.to_rfc3339(),
        "account": format!("account-{}", mixed % 50), "payee": format!("payee-{}", mixed % 7),
        "device": format!("device-{}", mixed % 30), "amount": mixed % 5_000_000,
        "currency": "KRW", "channel": "app", "new_device": mixed.is_multiple_of(11),
    })
}

/// Sends events; `None` when the server died on the way.
fn decide(to: SocketAddr, events: &[Value]) -> Option<Vec<Value>> {
    let body = match events {
        [one] => one.to_string(),
        many => json!({ "transactions": many }).to_string(),
    };
    let head = format!(
        "POST /api/v1/transactions:decide HTTP/1.1\r\nhost: x\r\ncookie: doldam={TOKEN}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(to).ok()?;
    stream.set_read_timeout(Some(Duration::from_mins(1))).ok()?;
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, text) = answer.split_once("\r\n\r\n")?;
    if head.starts_with("HTTP/1.1 503") {
        return Some(Vec::new());
    }
    assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
    // A body that broke off is no answer.
    let value: Value = serde_json::from_str(text).ok()?;
    let one = || vec![value.clone()];
    Some(value["answers"].as_array().cloned().unwrap_or_else(one))
}

/// Holds answers against what was told before.
fn note(acknowledged: &Acknowledged, answers: &[Value]) {
    let mut acknowledged = acknowledged.lock().unwrap();
    for answer in answers.iter().filter(|answer| answer["mode"] == "judged") {
        let told = Told {
            sequence: answer["sequence"].as_u64().unwrap(),
            action: answer["action"].as_str().unwrap().to_owned(),
            score: answer["score"].as_u64().unwrap(),
        };
        let id = answer["id"].as_str().unwrap();
        match acknowledged.get(id) {
            Some(before) => assert_eq!(*before, told, "{id} was decided twice"),
            None => drop(acknowledged.insert(id.to_owned(), told)),
        }
    }
}

/// One client: new events by ones and by batches, old ones among them, until the server dies.
fn load(
    to: SocketAddr,
    mut chance: impl Entropy,
    next: &AtomicU64,
    began: Instant,
    acknowledged: &Acknowledged,
    is_over: &AtomicBool,
) {
    while !is_over.load(Ordering::SeqCst) {
        let count = if entropy::below(&mut chance, 2) == 0 { 1 } else { 40 };
        let from = next.fetch_add(count, Ordering::SeqCst);
        let mut events: Vec<Value> = (from..from + count).map(|at| event(at, began)).collect();
        if entropy::below(&mut chance, 3) == 0 {
            events.push(event(entropy::below(&mut chance, from + 1), began));
        }
        let Some(answers) = decide(to, &events) else { return };
        note(acknowledged, &answers);
    }
}

fn kills() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "tests have no settings of their own")]
    let set = std::env::var("DOLDAM_TEST_KILLS").ok();
    set.map_or(KILLS, |text| text.parse().unwrap())
}

#[test]
fn a_death_under_load_loses_no_decision_and_makes_none_twice() {
    let house = prepared();
    let (began, next) = (now(), AtomicU64::new(0));
    // The first events lie an hour back, so that none is ahead of the clock.
    let began = Instant::from_micros(began.micros() - 3_600_000_000);
    let acknowledged = Acknowledged::default();
    let mut chance = Seed::new(23).entropy();
    for round in 0..kills() {
        let (mut child, to) = start(&house);
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for client in 0..CLIENTS {
                let chance = Seed::new(round).numbered(client).entropy();
                let (next, acknowledged, is_over) = (&next, &acknowledged, &is_over);
                scope.spawn(move || load(to, chance, next, began, acknowledged, is_over));
            }
            let wait_ms = 100 + entropy::below(&mut chance, 700);
            #[expect(clippy::disallowed_methods, reason = "the moment of death is in real time")]
            std::thread::sleep(Duration::from_millis(wait_ms));
            child.kill().unwrap();
            is_over.store(true, Ordering::SeqCst);
        });
        child.wait().unwrap();
    }
    let sent = next.load(Ordering::SeqCst);
    let known = acknowledged.lock().unwrap().clone();
    assert!(known.len() as u64 >= kills(), "{} of {sent} answered", known.len());
    // Everything is sent once more: what was answered is answered the same, the rest is decided.
    let (mut child, to) = start(&house);
    let all: Vec<Value> = (0..sent).map(|number| event(number, began)).collect();
    for events in all.chunks(500) {
        let answers = decide(to, events).unwrap();
        assert_eq!(answers.len(), events.len());
        assert!(answers.iter().all(|answer| answer["mode"] == "judged"));
        for answer in &answers {
            let is_known = known.contains_key(answer["id"].as_str().unwrap());
            assert!(!is_known || answer["again"] == true, "{} was lost", answer["id"]);
        }
        note(&acknowledged, &answers);
    }
    child.kill().unwrap();
    child.wait().unwrap();
    prove(&house, sent, &acknowledged.into_inner().unwrap());
    #[expect(clippy::print_stdout, reason = "a figure is printed by what measured it")]
    {
        println!("{} kills, {sent} events, {} answered before a death", kills(), known.len());
    }
}

/// Reads the log that is left.
fn prove(house: &House, sent: u64, told: &BTreeMap<String, Told>) {
    let store = store(house);
    let log = StoreJournal::new(Arc::clone(&store));
    let mut seen = HashSet::new();
    journal::each(&log, 0, &mut |record| {
        if let Entry::Event(both) = &record.entry {
            let (event, decision) = both.as_ref();
            assert!(seen.insert(event.id.clone()), "{} stands twice", event.id.as_str());
            let held = Told {
                sequence: record.sequence,
                action: decision.verdict.action.name().to_owned(),
                score: u64::from(decision.verdict.score),
            };
            assert_eq!(told.get(event.id.as_str()), Some(&held));
        }
        Ok(())
    })
    .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((seen.len() as u64, told.len() as u64), (sent, sent));
    let mut fetch = |version: &[u8; 32]| {
        let found = store.read("test.artifact", |tx| artifact::find(tx, version))?;
        Ok(found.map(|artifact| artifact.body))
    };
    let proof = replay::prove(&log, &mut fetch).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((proof.events, proof.different), (sent, 0));
}
