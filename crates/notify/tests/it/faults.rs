//! Everything that real gateways do wrong, at once, by seed, and kill -9 in the middle of it.
//!
//! `cargo xtask bench notify-faults --seeds N` runs more seeds than the tests do.

use std::path::Path;
use std::process::Child;
use std::time::Duration;

use doldam_store::{Location, notice};
use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};

use crate::world::{DISPATCH, People, audit, gateway, open_at, plan, run, standings};

pub(crate) const TEXT: &str = "[돌담은행] 개인정보 유출 안내";
/// Seeds that run side by side: they mostly wait for time-outs.
const LANES: u64 = 5;

/// Starts a process that sends from a ledger to a gateway until it is killed.
pub(crate) type StartChild = fn(&Location, &str) -> Child;

/// What the sender started by [`StartChild`] does.
pub(crate) fn send(location: &Location, address: &str) {
    let _ = run(&open_at(location), DISPATCH, &People::with(TEXT), &gateway(address));
}

/// Waits until the gateway has had so many messages, then kills the sender. `false` when the
/// sender ended by itself.
pub(crate) fn kill_after(smsc: &Smsc, mut child: Child, messages: u64) -> bool {
    let mut is_killed = false;
    while smsc.messages() < messages {
        if child.try_wait().expect("a child can be asked").is_some() {
            return false;
        }
        std::thread::park_timeout(Duration::from_millis(1));
    }
    if child.try_wait().expect("a child can be asked").is_none() {
        child.kill().expect("a child can be killed");
        is_killed = true;
    }
    child.wait().expect("the child ends");
    is_killed
}

/// Sends to so many people through a gateway of this seed, killing the sender once, and gives what
/// must not have been.
pub(crate) fn faults_of(
    number: u64,
    people: u32,
    location: &Location,
    start: StartChild,
) -> Vec<String> {
    let store = open_at(location);
    assert_eq!(plan(&store, people), DISPATCH);
    let hides_reference = number.is_multiple_of(4);
    let faults = Faults { hides_reference, ..Faults::all() };
    let smsc = Smsc::start(Seed::new(number), faults).unwrap();
    let address = smsc.address().to_string();
    // Somewhere between a tenth and nine tenths of the way.
    let killed_at = u64::from(people) * (10 + number * 37 % 80) / 100;
    let is_killed = kill_after(&smsc, start(location, &address), killed_at);
    let mut found = Vec::new();
    if !is_killed {
        found.push(format!("the sender was not killed at {killed_at}"));
    }
    let mut gateway = gateway(&address);
    gateway.receipt_wait_us = 0;
    let all = People::with(TEXT);
    let sent = run(&store, DISPATCH, &all, &gateway).unwrap();
    let log = smsc.log();
    // A kill breaks the link as well. Slow answers may come after their time-out; they are counted
    // with the lost ones.
    let breaks = log.disconnects + 1;
    let unanswered = log.answers_lost + u64::from(faults.slow_answer) * u64::from(people) / 250;
    if sent.counts.in_doubt > gateway.window as u64 * breaks + unanswered {
        found.push(format!("{} in doubt after {breaks} breaks", sent.counts.in_doubt));
    }
    if log.throttled == 0 || log.disconnects == 0 || log.answers_lost == 0 {
        found.push("a fault that was ordered did not happen".to_owned());
    }
    gateway.receipt_wait_us = 300_000;
    run(&store, DISPATCH, &all, &gateway).unwrap();
    if hides_reference {
        // Without our reference a receipt cannot name a text that was never answered: those stay
        // in doubt until a person decides, which is what the ledger must say of them.
        let doubts =
            store.read("test.doubts", |tx| notice::in_doubt(tx, DISPATCH, None, people)).unwrap();
        if !doubts.iter().any(|doubt| doubt.stray_receipts > 0) {
            found.push("no doubt shows the receipt that came for it".to_owned());
        }
    }
    let audited = audit(&standings(&store), &smsc.log(), people);
    found.extend(
        audited.into_iter().filter(|fault| !hides_reference || !fault.contains("in_doubt")),
    );
    found.into_iter().map(|fault| format!("seed {number}: {fault}")).collect()
}

/// [`faults_of`] for each of these seeds, in a file of its own, some side by side.
pub(crate) fn faults_of_all(
    seeds: std::ops::Range<u64>,
    people: u32,
    start: StartChild,
    done: fn(u64),
) -> Vec<String> {
    let lanes: Vec<_> = (0..LANES)
        .map(|lane| {
            let own = seeds.clone().filter(move |seed| seed % LANES == lane);
            std::thread::spawn(move || {
                own.flat_map(|seed| {
                    let folder = tempfile::tempdir().unwrap();
                    let found = faults_of(seed, people, &file_in(folder.path()), start);
                    done(seed);
                    found
                })
                .collect::<Vec<_>>()
            })
        })
        .collect();
    lanes.into_iter().flat_map(|lane| lane.join().expect("no lane panics")).collect()
}

/// The ledger of a folder.
pub(crate) fn file_in(folder: &Path) -> Location {
    Location::Sqlite(folder.join("data.db"))
}
