//! Rehearsals: the whole story on people who do not exist.

pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod show;

use doldam_store::drill::Drill;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::Problem;

/// The outcome of a drill with its number and its time: counts and durations, nobody's data.
#[derive(Deserialize, Serialize, ToSchema)]
pub(crate) struct DrillBody {
    /// Always 1.
    schema: u32,
    /// Counts the drills from 1.
    #[serde(default)]
    #[schema(required = true)]
    id: u32,
    /// People on the signed list.
    affected: u64,
    /// The steps, in order.
    steps: Vec<DrillStep>,
    notices: DrillNotices,
    /// How long it took, in milliseconds.
    total_ms: u64,
    /// From the first look at the found file to the first text on the wire, in milliseconds.
    to_first_text_ms: u64,
    /// Legal clocks that ran, and were stopped on evidence.
    clocks: u64,
    /// Answers of the report's draft that are not known.
    report_unknown: u64,
    /// Lines of the timeline.
    timeline: u64,
    /// Makes the same people, leak and faults again.
    seed: u64,
    /// none, or some: whether the drill's own gateway misbehaved.
    #[serde(default)]
    #[schema(required = true)]
    trouble: String,
    #[serde(default)]
    #[schema(required = true)]
    ordered_by: String,
    #[serde(default)]
    #[schema(required = true)]
    started_at: String,
}

/// One step of a drill.
#[derive(Deserialize, Serialize, ToSchema)]
pub(crate) struct DrillStep {
    name: String,
    /// How long it took, in milliseconds.
    ms: u64,
}

/// The texts of a drill when the last receipt was in; `planned` is the sum of the others but
/// `duplicate`.
#[derive(Deserialize, Serialize, ToSchema)]
pub(crate) struct DrillNotices {
    planned: u64,
    /// Taken by the gateway, without a final receipt.
    accepted: u64,
    delivered: u64,
    failed: u64,
    /// Perhaps sent, perhaps not.
    in_doubt: u64,
    /// People who were texted more than once: 0 unless something is wrong.
    duplicate: u64,
}

fn shown(held: &Drill) -> Result<DrillBody, Problem> {
    let outcome: DrillBody = serde_json::from_str(&held.run.outcome)
        .map_err(|_| Problem::internal("the outcome of a drill has another shape"))?;
    Ok(DrillBody {
        id: held.id,
        trouble: held.run.trouble.clone(),
        ordered_by: held.run.ordered_by.clone(),
        started_at: held.run.started_at.to_rfc3339(),
        ..outcome
    })
}
