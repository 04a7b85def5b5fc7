//! What breaks on our side: the disk fills, the clock jumps.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use doldam_ground::{Clock, Instant};
use doldam_notify::{Gateway, NotifyError, Sender, Summary};
use doldam_store::notice::{self, Counts};
use doldam_store::{Store, StoreError, dispatch, testing};
use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};

use crate::world::{DISPATCH, People, audit, gateway, machine_clock, open, plan, run, standings};

const PEOPLE: u32 = 2_000;
const TEXT: &str = "[돌담은행] 개인정보 유출 안내";
const DAY_US: i64 = 86_400_000_000;

fn world(folder: &Path) -> (Store, Smsc, Gateway) {
    let store = open(folder);
    plan(&store, PEOPLE);
    let smsc = Smsc::start(Seed::new(3), Faults::default()).unwrap();
    let mut gateway = gateway(&smsc.address().to_string());
    // Slow enough that something can happen in the middle of it.
    gateway.texts_per_second = Some(2_000);
    (store, smsc, gateway)
}

fn wait_for(smsc: &Smsc, messages: u64) {
    while smsc.messages() < messages {
        std::thread::park_timeout(std::time::Duration::from_millis(1));
    }
}

fn counts(store: &Store) -> Counts {
    store.read("test.counts", |tx| notice::counts(tx, DISPATCH)).unwrap()
}

#[test]
fn a_disk_that_fills_while_texts_are_sent_costs_nobody_their_notice() {
    let folder = tempfile::tempdir().unwrap();
    let (store, smsc, mut gateway) = world(folder.path());
    let limit = |pages| testing::limit_pages(&store, pages).unwrap();
    let people = People::with(TEXT);
    let end = std::thread::scope(|scope| {
        let worker = scope.spawn(|| run(&store, DISPATCH, &people, &gateway));
        wait_for(&smsc, 300);
        // Not a page more than there are.
        limit(1);
        worker.join().unwrap()
    });
    assert_eq!(end, Err(NotifyError::Store(StoreError::DiskFull)));
    let full = counts(&store);
    assert!(full.planned > 0, "{full:?}");
    assert_eq!(full.all(), u64::from(PEOPLE));
    let messages = smsc.messages();
    let still = run(&store, DISPATCH, &people, &gateway);
    assert_eq!(still, Err(NotifyError::Store(StoreError::DiskFull)));
    assert!(smsc.messages() <= messages + gateway.window as u64, "it sends what it cannot note");
    limit(1_000_000);
    gateway.texts_per_second = None;
    let after = run(&store, DISPATCH, &people, &gateway).unwrap();
    // What was answered and could not be noted was in doubt until its receipt came again.
    assert_eq!(after.counts, Counts { delivered: u64::from(PEOPLE), ..Counts::default() });
    assert_eq!(audit(&standings(&store), &smsc.log(), PEOPLE), [""; 0]);
}

/// A machine's clock whose wall clock somebody sets.
struct Jumping {
    machine: Arc<dyn Clock>,
    by_us: AtomicI64,
}

impl Jumping {
    fn new() -> Self {
        Self { machine: machine_clock(), by_us: AtomicI64::new(0) }
    }

    fn jump(&self, by_us: i64) {
        self.by_us.store(by_us, Ordering::SeqCst);
    }
}

impl Clock for Jumping {
    fn now(&self) -> Instant {
        Instant::from_micros(self.machine.now().micros() + self.by_us.load(Ordering::SeqCst))
    }

    fn elapsed_us(&self) -> u64 {
        self.machine.elapsed_us()
    }
}

fn send(store: &Store, gateway: &Gateway, clock: &dyn Clock) -> Result<Summary, NotifyError> {
    let (stop, people) = (AtomicBool::new(false), People::with(TEXT));
    Sender::new(store.clone()).run(DISPATCH, &people, gateway, clock, &stop)
}

#[test]
fn a_wall_clock_that_is_set_disturbs_no_sending() {
    for jump_us in [DAY_US, -DAY_US, 400 * DAY_US] {
        let folder = tempfile::tempdir().unwrap();
        let (store, smsc, gateway) = world(folder.path());
        let clock = Jumping::new();
        let summary = std::thread::scope(|scope| {
            let worker = scope.spawn(|| send(&store, &gateway, &clock));
            wait_for(&smsc, 300);
            clock.jump(jump_us);
            worker.join().unwrap().unwrap()
        });
        assert_eq!(summary.counts, Counts { delivered: u64::from(PEOPLE), ..Counts::default() });
        assert_eq!((summary.disconnects, summary.doubted_before), (0, 0));
        assert_eq!(audit(&standings(&store), &smsc.log(), PEOPLE), [""; 0]);
    }
}

#[test]
fn a_worker_whose_clock_is_ahead_takes_over_and_tells_nobody_twice() {
    let folder = tempfile::tempdir().unwrap();
    let (store, smsc, gateway) = world(folder.path());
    let ahead = Jumping::new();
    ahead.jump(DAY_US);
    let (first, second) = std::thread::scope(|scope| {
        let first = scope.spawn(|| send(&store, &gateway, &Jumping::new()));
        wait_for(&smsc, 300);
        let second = send(&store, &gateway, &ahead);
        (first.join().unwrap(), second)
    });
    assert!(matches!(first, Err(NotifyError::Store(StoreError::Conflict { .. }))), "{first:?}");
    let second = second.unwrap();
    assert!(second.doubted_before <= gateway.window as u64, "{second:?}");
    assert_eq!(second.counts, Counts { delivered: u64::from(PEOPLE), ..Counts::default() });
    assert_eq!(audit(&standings(&store), &smsc.log(), PEOPLE), [""; 0]);
}

#[test]
fn a_clock_that_was_set_back_does_not_keep_a_dead_worker_in_office() {
    let folder = tempfile::tempdir().unwrap();
    let (store, smsc, gateway) = world(folder.path());
    let clock = Jumping::new();
    // It died while the clock was a day ahead, and cannot give its lease back.
    let (ahead, lease_us) = (clock.now().plus_days(1), gateway.lease_us);
    store.write("test.claim", move |tx| dispatch::claim(tx, DISPATCH, ahead, lease_us)).unwrap();
    let summary = send(&store, &gateway, &clock).unwrap();
    assert_eq!(summary.counts, Counts { delivered: u64::from(PEOPLE), ..Counts::default() });
    assert_eq!(smsc.log().texted_twice(), 0);
}
