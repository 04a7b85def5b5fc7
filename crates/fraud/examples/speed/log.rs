//! The log on disk: load, restart, cold start, back-test, proof.

use std::path::Path;
use std::sync::Arc;

use doldam_fraud::FraudError;
use doldam_fraud::dataset::Transactions;
use doldam_fraud::engine::Engine;
use doldam_fraud::history::{self, of_transactions};
use doldam_fraud::journal::{Entry, Journal, Record, StoreJournal};
use doldam_fraud::replay::{self, Backtest};
use doldam_fraud::setup::Setup;
use doldam_ground::{Clock, Instant, MockClock};
use doldam_store::{Location, Schema, Store};

use crate::{Bar, DELAY_DAYS, Failure, now, on, rules, tell};

pub(crate) fn measure(
    transactions: &Transactions,
    setup: &Arc<Setup>,
    folder: &Path,
) -> Result<(), Failure> {
    let end = *transactions.times().last().ok_or("the file is empty")?;
    let clock: Arc<dyn Clock> = Arc::new(MockClock::new(end.plus_days(90)));
    let store = Store::open(&Location::Sqlite(folder.join("log.db")), Schema::Data, clock)?;
    let journal = StoreJournal::new(Arc::new(store));
    let on = on(setup, transactions.len());
    let engine = load(transactions, setup, &journal, &on)?;
    restart(&journal, &engine, &folder.join("snapshot"), &on)?;
    let events = transactions.len() as f64;
    let start = now();
    let again = replay::advance_to_end(&journal, None, &mut *journal.fetch())?;
    let rate = events / start.elapsed().as_secs_f64();
    tell(
        "cold start from the log on disk, without rules",
        &on,
        rate,
        "events/s",
        Bar::Least(500_000.0),
    );
    if again.as_ref().map(Engine::last) != Some(engine.last()) {
        return Err("the cold start has not come to the end of the log".into());
    }
    back_test(&journal, setup, transactions, &on)?;
    let start = now();
    let proof = replay::prove(&journal, &mut *journal.fetch())?;
    let rate = proof.events as f64 / start.elapsed().as_secs_f64();
    tell("replay, every decision made again", &on, rate, "events/s", Bar::None);
    tell(
        "replay, decisions that came out otherwise",
        &on,
        proof.different as f64,
        "",
        Bar::Most(0.0),
    );
    Ok(())
}

fn load(
    transactions: &Transactions,
    setup: &Arc<Setup>,
    journal: &StoreJournal,
    on: &str,
) -> Result<Engine, Failure> {
    let end = Instant::from_micros(i64::MAX);
    let keep = &mut |parts: &doldam_fraud::setup::Parts| {
        journal.keep(parts, "bench", Instant::from_micros(0))
    };
    let parts = setup.parts.clone();
    let mut engine =
        history::engine(journal, &mut *journal.fetch(), parts, keep, Instant::from_micros(0))?;
    let past = of_transactions(transactions, &setup.schema, "EUR", DELAY_DAYS, "bench", end)?;
    let start = now();
    let loaded = history::load(journal, &mut engine, past, &mut |_| {})?;
    let rate = loaded.events as f64 / start.elapsed().as_secs_f64();
    tell("history judged and kept on disk", on, rate, "events/s", Bar::None);
    Ok(engine)
}

fn restart(
    journal: &StoreJournal,
    engine: &Engine,
    snapshot: &Path,
    on: &str,
) -> Result<(), Failure> {
    let start = now();
    replay::keep(engine, snapshot)?;
    let seconds = start.elapsed().as_secs_f64();
    tell("snapshot written", on, seconds, "s", Bar::None);
    let start = now();
    let mut fetch = journal.fetch();
    let restored = replay::restore(snapshot, &mut |place| {
        let mut found = None;
        journal.read(place.saturating_sub(1), 1, &mut |row| found = Some(row))?;
        let row = found.ok_or(FraudError::Snapshot { why: "the log is shorter" })?;
        match Record::read(row)?.entry {
            Entry::Setup(names) => replay::compile(&names, &mut *fetch),
            _ => Err(FraudError::Snapshot { why: "no set-up stands there" }),
        }
    });
    let restored = restored.ok_or("the snapshot cannot be read")?;
    let ready = replay::advance_to_end(journal, Some(restored), &mut *journal.fetch())?;
    let seconds = start.elapsed().as_secs_f64();
    if ready.as_ref().map(Engine::last) != Some(engine.last()) {
        return Err("the snapshot is not at the end of the log".into());
    }
    tell("restart from a snapshot", on, seconds, "s", Bar::Most(2.0));
    Ok(())
}

fn back_test(
    journal: &StoreJournal,
    setup: &Setup,
    transactions: &Transactions,
    on: &str,
) -> Result<(), Failure> {
    let text = rules::fifty();
    let asked = Backtest {
        text: &text,
        from: Instant::from_micros(0),
        to: Instant::from_micros(i64::MAX),
        capacity_per_day: 100,
        customer: setup.schema.place("account").ok_or("the schema has no accounts")?,
    };
    let start = now();
    let found = replay::backtest(journal, &mut *journal.fetch(), &asked)?;
    let rate = found.events as f64 / start.elapsed().as_secs_f64();
    if found.events != transactions.len() as u64 || found.live != found.draft {
        return Err("the same rules did not do the same again".into());
    }
    tell("back-test of 50 rules over the log on disk", on, rate, "events/s", Bar::Least(130_000.0));
    Ok(())
}
