//! What a drill tells: how long each step took, and whether everybody was told once.

use serde_json::{Value, json};

/// One step and its duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub name: &'static str,
    /// How long it took, in milliseconds.
    pub ms: u64,
}

/// The notices when the last receipt was in and before anybody decided about those in doubt.
/// `planned` is the sum of the others but `duplicate`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    /// People who were to be told.
    pub planned: u64,
    /// Taken by the gateway, without a final receipt.
    pub accepted: u64,
    /// Delivered, by receipt.
    pub delivered: u64,
    /// Refused, undeliverable or expired.
    pub failed: u64,
    /// Perhaps sent, perhaps not.
    pub in_doubt: u64,
    /// People whom the gateway texted more than once: must be 0.
    pub duplicate: u64,
}

/// What a drill came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The seed that makes the same people, the same leak and the same faults again.
    pub seed: u64,
    /// People on the signed list.
    pub affected: u64,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// From the first look at the found file to the first text on the wire, in milliseconds.
    pub to_first_text_ms: u64,
    /// The notices.
    pub notices: Notices,
    /// Legal clocks that ran, and were stopped on evidence.
    pub clocks: u64,
    /// Answers of the report's draft that are not known.
    pub report_unknown: u64,
    /// Lines of the timeline.
    pub timeline: u64,
}

impl Outcome {
    /// How long the whole drill took, in milliseconds.
    pub fn total_ms(&self) -> u64 {
        self.steps.iter().map(|step| step.ms).sum()
    }

    /// As a document for programs. Its first keys are a contract: extended, never renamed.
    pub fn to_json(&self) -> Value {
        let steps: Vec<Value> =
            self.steps.iter().map(|step| json!({ "name": step.name, "ms": step.ms })).collect();
        json!({
            "schema": 1,
            "affected": self.affected,
            "steps": steps,
            "notices": {
                "planned": self.notices.planned,
                "accepted": self.notices.accepted,
                "delivered": self.notices.delivered,
                "failed": self.notices.failed,
                "in_doubt": self.notices.in_doubt,
                "duplicate": self.notices.duplicate,
            },
            "total_ms": self.total_ms(),
            "to_first_text_ms": self.to_first_text_ms,
            "clocks": self.clocks,
            "report_unknown": self.report_unknown,
            "timeline": self.timeline,
            "seed": self.seed,
        })
    }
}
