//! Everything that real gateways do wrong, at once, by seed.

use doldam_store::notice;
use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};

use crate::world::{People, audit, gateway, open, plan, run, standings};

const PEOPLE: u32 = 2_000;
const SEEDS: u64 = 20;
/// Holds another number of seeds, for a long run by hand.
const MORE_SEEDS: &str = "DOLDAM_TEST_NOTIFY_SEEDS";
/// Seeds that run side by side: they mostly wait for time-outs.
const LANES: u64 = 5;

/// Sends to 2,000 people through a gateway of this seed and looks for what must not be.
fn faults_of(number: u64) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let id = plan(&store, PEOPLE);
    let hides_reference = number.is_multiple_of(4);
    let faults = Faults { hides_reference, ..Faults::all() };
    let smsc = Smsc::start(Seed::new(number), faults).unwrap();
    let mut gateway = gateway(&smsc.address().to_string());
    gateway.receipt_wait_us = 0;
    let people = People::with("[돌담은행] 개인정보 유출 안내");
    let sent = run(&store, id, &people, &gateway).unwrap();
    let log = smsc.log();
    let window = gateway.window as u64;
    let mut found = Vec::new();
    // Slow answers may come after their time-out; they are counted with the lost ones.
    let unanswered = log.answers_lost + u64::from(faults.slow_answer) * u64::from(PEOPLE) / 250;
    if sent.counts.in_doubt > window * sent.disconnects + unanswered {
        found
            .push(format!("{} in doubt after {} hang-ups", sent.counts.in_doubt, sent.disconnects));
    }
    if log.throttled == 0 || log.disconnects == 0 || log.answers_lost == 0 {
        found.push("a fault that was ordered did not happen".to_owned());
    }
    gateway.receipt_wait_us = 300_000;
    run(&store, id, &people, &gateway).unwrap();
    let standings = standings(&store);
    if hides_reference {
        // Without our reference a receipt cannot name a text that was never answered: those stay
        // in doubt until a person decides, which is what the ledger must say of them.
        let doubts =
            store.read("test.doubts", |tx| notice::in_doubt(tx, id, None, PEOPLE)).unwrap();
        let told = doubts.iter().filter(|doubt| doubt.stray_receipts > 0).count();
        if told == 0 {
            found.push("no doubt shows the receipt that came for it".to_owned());
        }
    }
    let audited = audit(&standings, &smsc.log(), PEOPLE);
    found.extend(
        audited.into_iter().filter(|fault| !hides_reference || !fault.contains("in_doubt")),
    );
    found.into_iter().map(|fault| format!("seed {number}: {fault}")).collect()
}

fn seeds() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "tests have no settings of their own")]
    let more = std::env::var(MORE_SEEDS).ok();
    more.map_or(SEEDS, |text| text.parse().expect("a number of seeds"))
}

#[test]
fn nobody_is_texted_twice_and_nobody_is_forgotten() {
    let lanes: Vec<_> = (0..LANES)
        .map(|lane| {
            std::thread::spawn(move || {
                (0..seeds())
                    .filter(|seed| seed % LANES == lane)
                    .flat_map(faults_of)
                    .collect::<Vec<_>>()
            })
        })
        .collect();
    let found: Vec<String> =
        lanes.into_iter().flat_map(|lane| lane.join().expect("no lane panics")).collect();
    assert_eq!(found, [""; 0]);
}
