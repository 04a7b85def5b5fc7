//! The engine in memory: one event in, one decision out.

use std::sync::Arc;
use std::time::Duration;

use doldam_fraud::dataset::Transactions;
use doldam_fraud::decision::Action;
use doldam_fraud::engine::Engine;
use doldam_fraud::history::{PastEntry, of_transactions};
use doldam_fraud::setup::Setup;
use doldam_ground::Instant;

use crate::{Bar, DELAY_DAYS, Failure, now, on, tell};

/// Judges all of them once. Reading a file into events is no part of the time, labels are.
pub(crate) fn measure(transactions: &Transactions, setup: &Arc<Setup>) -> Result<(), Failure> {
    let end = Instant::from_micros(i64::MAX);
    let past = of_transactions(transactions, &setup.schema, "EUR", DELAY_DAYS, "bench", end)?;
    let mut engine = Engine::new(Arc::clone(setup));
    let mut times_ns = Vec::with_capacity(transactions.len());
    let (mut total, mut stopped, mut rated) = (Duration::ZERO, 0_usize, 0_usize);
    for one in past {
        match &one.what {
            PastEntry::Event(event) => {
                let start = now();
                let decision = engine.judge(one.at, event)?;
                let took = start.elapsed();
                total += took;
                times_ns.push(took.as_nanos());
                stopped += usize::from(decision.verdict.action != Action::Allow);
                rated += usize::from(!decision.reasons.is_empty());
            }
            PastEntry::Label(label) => {
                let start = now();
                engine.label(label)?;
                total += start.elapsed();
            }
        }
    }
    let on = on(setup, times_ns.len());
    let on =
        format!("{on}; {stopped} not simply allowed, {rated} of them with the model's reasons");
    let rate = times_ns.len() as f64 / total.as_secs_f64();
    tell("engine in memory", &on, rate, "decisions/s", Bar::Least(100_000.0));
    times_ns.sort_unstable();
    let at = |share: usize| times_ns[(times_ns.len() - 1) * share / 1_000] as f64 / 1_000.0;
    tell("engine, median of single decisions", &on, at(500), "µs", Bar::None);
    tell("engine, p99 of single decisions", &on, at(990), "µs", Bar::Most(50.0));
    tell("engine, p99.9 of single decisions", &on, at(999), "µs", Bar::None);
    let bytes = engine.state().bytes() as f64 / 1_048_576.0;
    tell("engine, windows in memory", &on, bytes, "MiB", Bar::None);
    Ok(())
}
