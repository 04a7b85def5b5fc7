//! The log again: to start, to prove that it is what it was, to see what other rules would have done.

mod backtest;
mod snapshot;

pub use backtest::{Backtest, Comparison, RuleTally, Tally, backtest};
pub use snapshot::{keep, restore};

use std::sync::Arc;

use crate::decision::Decision;
use crate::engine::Engine;
use crate::error::FraudError;
use crate::journal::{self, Entry, Journal, Record, SetupNames, write_event};
use crate::setup::{Parts, Setup};

/// Gives an artifact by its version.
pub type Fetch<'a> = dyn FnMut(&[u8; 32]) -> Result<Option<Vec<u8>>, FraudError> + Send + 'a;

/// What a replay showed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Entries that were replayed.
    pub entries: u64,
    /// Events among them.
    pub events: u64,
    /// Events whose decision came out otherwise than it stands in the log.
    pub different: u64,
    /// Place of the first of them.
    pub first_different: Option<u64>,
}

/// Replays the whole log from its beginning and compares every decision with the one that stands in
/// it, byte by byte.
///
/// Errors: the log cannot be read, or names what is not kept.
pub fn prove(journal: &dyn Journal, fetch: &mut Fetch<'_>) -> Result<Proof, FraudError> {
    let mut proof = Proof::default();
    let mut engine = None;
    journal::each(journal, 0, &mut |record| {
        proof.entries += 1;
        let again = advance(journal, &mut engine, &record, fetch)?;
        if let (Some(again), Entry::Event(both)) = (again, &record.entry) {
            proof.events += 1;
            if write_event(&both.0, &again) != write_event(&both.0, &both.1) {
                proof.different += 1;
                proof.first_different.get_or_insert(record.sequence);
            }
        }
        Ok(())
    })?;
    Ok(proof)
}

/// Brings an engine to the end of the log; `None` when the log is empty.
///
/// Errors: as [`prove`].
pub fn advance_to_end(
    journal: &dyn Journal,
    mut engine: Option<Engine>,
    fetch: &mut Fetch<'_>,
) -> Result<Option<Engine>, FraudError> {
    let from = engine.as_ref().map_or(0, Engine::last);
    journal::each(journal, from, &mut |record| follow(journal, &mut engine, &record, fetch))?;
    Ok(engine)
}

const NO_SETUP: FraudError = FraudError::Journal { why: "no set-up is in force before it" };

/// One entry further, judged again. The first entry of a log is a set-up.
fn advance(
    journal: &dyn Journal,
    engine: &mut Option<Engine>,
    record: &Record,
    fetch: &mut Fetch<'_>,
) -> Result<Option<Decision>, FraudError> {
    if take_setup(journal, engine, record, fetch)? {
        return Ok(None);
    }
    engine.as_mut().ok_or(NO_SETUP)?.replay(record)
}

/// One entry further, its decision believed: what is made of it is the same, and made sooner.
fn follow(
    journal: &dyn Journal,
    engine: &mut Option<Engine>,
    record: &Record,
    fetch: &mut Fetch<'_>,
) -> Result<(), FraudError> {
    if take_setup(journal, engine, record, fetch)? {
        return Ok(());
    }
    engine.as_mut().ok_or(NO_SETUP)?.follow(record)
}

/// Puts in force what the entry names, if it is a set-up.
fn take_setup(
    journal: &dyn Journal,
    engine: &mut Option<Engine>,
    record: &Record,
    fetch: &mut Fetch<'_>,
) -> Result<bool, FraudError> {
    let Entry::Setup(names) = &record.entry else { return Ok(false) };
    let setup = compile(names, fetch)?;
    *engine = Some(change_setup(journal, engine.take(), setup, record.sequence)?);
    Ok(true)
}

/// Fetches and compiles what an entry names.
pub fn compile(names: &SetupNames, fetch: &mut Fetch<'_>) -> Result<Arc<Setup>, FraudError> {
    Setup::compile(Parts::fetch(names, fetch)?)
}

/// Puts a set-up in force at `sequence`, the entry that follows those that `engine` has seen. When
/// its features are others, their windows are made from the whole log before that place, so that
/// nothing looks new that is not.
pub fn change_setup(
    journal: &dyn Journal,
    engine: Option<Engine>,
    setup: Arc<Setup>,
    sequence: u64,
) -> Result<Engine, FraudError> {
    let Some(mut engine) = engine else {
        let mut first = Engine::new(setup);
        first.stand(sequence, sequence);
        return Ok(first);
    };
    let same = engine.setup().features.version() == setup.features.version();
    engine.put_in_force(setup);
    if !same {
        rebuild(journal, &mut engine, sequence)?;
    }
    Ok(engine)
}

/// Fills the windows of `engine` from the entries before `sequence`; its lists and its place stay.
fn rebuild(journal: &dyn Journal, engine: &mut Engine, sequence: u64) -> Result<(), FraudError> {
    let mut past = Engine::new(Arc::clone(engine.setup()));
    journal::each(journal, 0, &mut |record| {
        if record.sequence >= sequence {
            return Ok(());
        }
        match &record.entry {
            // Fields of an older schema keep their places: a schema only grows at its end.
            Entry::Event(both) => past.observe_only(record.at, &both.0)?,
            Entry::Label(label) => past.label(label).map(drop)?,
            Entry::List(change) => past.change(change),
            Entry::Setup(_) => past.stand(record.sequence, record.sequence),
        }
        Ok(())
    })?;
    engine.take_state_of(past);
    Ok(())
}
