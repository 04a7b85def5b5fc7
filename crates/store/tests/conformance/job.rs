//! Durable jobs: claimed once at a time, taken over, given up.

use doldam_ground::{Instant, limits};
use serde_json::json;

use super::{World, on_both};
use crate::StoreError;
use crate::job::{self, Job, JobState};

on_both!(
    jobs_run_in_the_order_of_their_time,
    a_lease_that_runs_out_is_taken_over,
    a_job_that_keeps_failing_waits_for_a_person,
    claimers_do_not_get_the_same_job,
    a_claimer_gets_jobs_of_its_kind_only,
);

const LEASE_US: u32 = 60_000_000;

fn enqueue(world: &World, kind: &'static str, after_us: i64) {
    let at = Instant::from_micros(world.now().micros() + after_us);
    world
        .store
        .write("test.enqueue", move |tx| job::enqueue(tx, kind, &json!({"import": 3}), at))
        .unwrap();
}

fn claim(world: &World, kind: &'static str) -> Option<Job> {
    let now = world.now();
    world.store.write("test.claim", move |tx| job::claim(tx, kind, now, LEASE_US)).unwrap()
}

fn done(world: &World, job: &Job) -> Result<(), StoreError> {
    let job = job.clone();
    world.store.write("test.done", move |tx| job::done(tx, &job))
}

fn failed(world: &World, job: &Job) -> Result<JobState, StoreError> {
    let (job, now) = (job.clone(), world.now());
    world.store.write("test.failed", move |tx| job::failed(tx, &job, now))
}

fn unfinished(world: &World) -> Vec<(String, JobState)> {
    let jobs = world.store.read("test.unfinished", job::unfinished).unwrap();
    jobs.into_iter().map(|job| (job.kind, job.state)).collect()
}

fn jobs_run_in_the_order_of_their_time(world: &World) {
    for (number, after_us) in [(1, 10), (2, 0), (3, -5)] {
        let at = Instant::from_micros(world.now().micros() + after_us);
        let payload = json!({ "import": number });
        world.write(move |tx| job::enqueue(tx, "import.sweep", &payload, at));
    }
    let claim = || claim(world, "import.sweep");
    let first = claim().unwrap();
    assert_eq!((first.kind.as_str(), first.attempts), ("import.sweep", 1));
    assert_eq!(first.payload, r#"{"import":3}"#);
    assert_eq!(claim().unwrap().payload, r#"{"import":2}"#);
    assert_eq!(claim(), None);
    world.clock.advance_us(10);
    assert_eq!(claim().unwrap().payload, r#"{"import":1}"#);
    done(world, &first).unwrap();
    let running = ("import.sweep".to_owned(), JobState::Running);
    assert_eq!(unfinished(world), [running.clone(), running]);
    assert!(done(world, &first).is_err(), "a job ends once");
}

fn a_claimer_gets_jobs_of_its_kind_only(world: &World) {
    enqueue(world, "mail.send", -5);
    enqueue(world, "import.sweep", 0);
    let now = world.now();
    assert_eq!(claim(world, "import.sweep").unwrap().kind, "import.sweep");
    assert_eq!(claim(world, "import.sweep"), None);
    world.clock.advance_us(LEASE_US);
    assert_eq!(claim(world, "import.sweep").unwrap().attempts, 2, "its own, taken over");
    let other = claim(world, "mail.send").unwrap();
    assert_eq!((other.attempts, other.run_after.micros()), (1, now.micros() - 5));
}

fn a_lease_that_runs_out_is_taken_over(world: &World) {
    enqueue(world, "erasure.finish", 0);
    let slow = claim(world, "erasure.finish").unwrap();
    world.clock.advance_us(LEASE_US - 1);
    assert_eq!(claim(world, "erasure.finish"), None);
    world.clock.advance_us(1);
    let successor = claim(world, "erasure.finish").unwrap();
    assert_eq!((successor.id, successor.attempts), (slow.id, 2));
    assert!(matches!(done(world, &slow), Err(StoreError::Conflict { .. })));
    assert!(matches!(failed(world, &slow), Err(StoreError::Conflict { .. })));
    done(world, &successor).unwrap();
    assert_eq!(unfinished(world), []);
}

fn a_job_that_keeps_failing_waits_for_a_person(world: &World) {
    enqueue(world, "mail.send", 0);
    for attempt in 1..=limits::JOB_ATTEMPTS_MAX {
        let job = claim(world, "mail.send").unwrap();
        assert_eq!(job.attempts, attempt);
        let expected =
            if attempt == limits::JOB_ATTEMPTS_MAX { JobState::Failed } else { JobState::Ready };
        assert_eq!(failed(world, &job), Ok(expected));
        assert_eq!(claim(world, "mail.send"), None, "there is a pause after a failure");
        world.clock.advance_days(1);
    }
    assert_eq!(claim(world, "mail.send"), None);
    assert_eq!(unfinished(world), [("mail.send".to_owned(), JobState::Failed)]);
}

fn claimers_do_not_get_the_same_job(world: &World) {
    for _ in 0..40 {
        enqueue(world, "import.cleanup", 0);
    }
    let now = world.now();
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let store = world.store.clone();
            std::thread::spawn(move || {
                let claim = || {
                    store.write("test.claim", move |tx| {
                        job::claim(tx, "import.cleanup", now, LEASE_US)
                    })
                };
                std::iter::from_fn(|| claim().unwrap()).map(|job| job.id).collect::<Vec<_>>()
            })
        })
        .collect();
    let mut claimed: Vec<_> =
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    claimed.sort_unstable();
    claimed.dedup();
    assert_eq!(claimed.len(), 40);
    let attempts = world.number("SELECT CAST(SUM(attempts) AS INTEGER) FROM job");
    assert_eq!(attempts, 40, "each job was claimed once");
}
