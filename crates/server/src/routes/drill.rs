//! Rehearsals: the whole story on people who do not exist.

pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod show;

use doldam_store::drill::Drill;
use serde_json::{Value, json};

use crate::problem::Problem;

/// The outcome of a drill with its number and its time: counts and durations, nobody's data.
fn shown(held: &Drill) -> Result<Value, Problem> {
    let mut outcome: Value = serde_json::from_str(&held.run.outcome)
        .map_err(|_| Problem::internal("the outcome of a drill is no JSON"))?;
    if let Some(outcome) = outcome.as_object_mut() {
        outcome.insert("id".to_owned(), json!(held.id));
        outcome.insert("trouble".to_owned(), json!(held.run.trouble));
        outcome.insert("ordered_by".to_owned(), json!(held.run.ordered_by));
        outcome.insert("started_at".to_owned(), json!(held.run.started_at.to_rfc3339()));
    }
    Ok(outcome)
}
