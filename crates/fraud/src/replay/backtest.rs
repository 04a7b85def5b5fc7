//! What a draft rule set would have done, over what really happened.
//!
//! The draft sees each event as the rules in force saw it: the same features, the same lists as they
//! stood at that place of the log, the model's score that was given then. Labels that came later
//! only count the hits; no rule sees them.

use std::collections::{HashMap, HashSet};

use doldam_ground::Instant;
use serde::Serialize;

use super::{Fetch, follow};
use crate::decision::{Action, Verdict};
use crate::error::FraudError;
use crate::frame::Frame;
use crate::journal::{self, Entry, Journal};
use crate::rule::RuleSet;
use crate::setup;

/// What to look at.
pub struct Backtest<'a> {
    /// The draft.
    pub text: &'a str,
    /// Events taken in from here on.
    pub from: Instant,
    /// Events taken in before this.
    pub to: Instant,
    /// How many alerts a day people can look at.
    pub capacity_per_day: usize,
    /// The field whose values are customers, by its place in the schema.
    pub customer: usize,
}

/// How one rule set did.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Tally {
    /// Events with another action than `allow`.
    pub stopped: u64,
    /// Frauds among them.
    pub hits: u64,
    /// Frauds that passed.
    pub missed: u64,
    /// Customers with at least one event that was stopped.
    pub customers: u64,
    /// Events by action, weakest first ([`Action::ALL`]).
    pub by_action: [u64; Action::ALL.len()],
    /// Frauds among the highest scores of each day, as many as people can look at, over all that they
    /// would look at; `None` when they would look at nothing.
    pub precision_at_capacity: Option<f64>,
}

/// A rule of the draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleTally {
    /// Its name.
    pub rule: String,
    /// Events in which it fired.
    pub fired: u64,
    /// Frauds among them.
    pub hits: u64,
    /// Events in which no other rule of the draft fired.
    pub alone: u64,
    /// Events in which it could not be evaluated.
    pub faulted: u64,
}

/// The draft beside the rules in force.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Comparison {
    /// Events that were looked at.
    pub events: u64,
    /// Those whose label says fraud.
    pub frauds: u64,
    /// The rules that were in force then.
    pub live: Tally,
    /// The draft.
    pub draft: Tally,
    /// Events that both stop.
    pub both: u64,
    /// Customers whom the draft stops without fraud, and the rules in force do not stop.
    pub newly_disturbed: u64,
    /// Each rule of the draft.
    pub rules: Vec<RuleTally>,
}

/// Runs a draft over the log.
///
/// Errors: the log cannot be read, or the draft does not fit the features of a set-up on the way.
pub fn backtest(
    journal: &dyn Journal,
    fetch: &mut Fetch<'_>,
    asked: &Backtest<'_>,
) -> Result<Comparison, FraudError> {
    let frauds = frauds(journal)?;
    let mut engine = None;
    let mut draft: Option<RuleSet> = None;
    let mut seen = Seen::default();
    journal::each(journal, 0, &mut |record| {
        follow(journal, &mut engine, &record, fetch)?;
        let Some(engine) = &engine else { return Ok(()) };
        if matches!(record.entry, Entry::Setup(_)) {
            draft = Some(setup::rules(&engine.setup().features, asked.text)?);
        }
        let (Entry::Event(both), Some(draft)) = (&record.entry, &draft) else {
            return Ok(());
        };
        if record.at < asked.from || record.at >= asked.to {
            return Ok(());
        }
        let (event, decision) = both.as_ref();
        let frame = Frame {
            event,
            features: engine.features(),
            score: decision.probability,
            lists: engine.lists(),
        };
        let verdict = draft.judge(&frame);
        let one = One {
            day: record.at.micros().div_euclid(86_400_000_000),
            fraud: frauds.contains(event.id.as_str()),
            customer: event.text(asked.customer),
        };
        seen.take(&one, &decision.verdict, &verdict, draft);
        Ok(())
    })?;
    Ok(seen.finish(asked.capacity_per_day))
}

/// Events whose last label says fraud.
fn frauds(journal: &dyn Journal) -> Result<HashSet<String>, FraudError> {
    let mut frauds = HashSet::new();
    journal::each_label(journal, &mut |label| {
        if label.fraud {
            frauds.insert(label.event.as_str().to_owned());
        } else {
            frauds.remove(label.event.as_str());
        }
    })?;
    Ok(frauds)
}

/// One event, as far as it is counted.
struct One<'a> {
    day: i64,
    fraud: bool,
    customer: Option<&'a str>,
}

/// What was counted of one rule set.
#[derive(Default)]
struct Counted {
    tally: Tally,
    customers: HashSet<Box<str>>,
    honest: HashSet<Box<str>>,
    /// Scores of what was stopped, by day.
    days: HashMap<i64, Vec<(u8, bool)>>,
}

impl Counted {
    fn take(&mut self, one: &One<'_>, verdict: &Verdict) {
        self.tally.by_action[usize::from(verdict.action.number())] += 1;
        if verdict.action == Action::Allow {
            self.tally.missed += u64::from(one.fraud);
            return;
        }
        self.tally.stopped += 1;
        self.tally.hits += u64::from(one.fraud);
        self.days.entry(one.day).or_default().push((verdict.score, one.fraud));
        if let Some(customer) = one.customer {
            self.customers.insert(customer.into());
            if !one.fraud {
                self.honest.insert(customer.into());
            }
        }
    }

    /// Alerts of one score share the places that are left evenly: their order is nobody's choice.
    fn precision(&mut self, capacity: usize) -> Option<f64> {
        let (mut looked, mut hits) = (0.0, 0.0);
        let mut days: Vec<i64> = self.days.keys().copied().collect();
        days.sort_unstable();
        for day in days {
            let alerts = self.days.get_mut(&day)?;
            alerts.sort_unstable_by_key(|alert| std::cmp::Reverse(alert.0));
            let mut left = capacity;
            for equal in alerts.chunk_by(|one, two| one.0 == two.0) {
                let taken = left.min(equal.len());
                let frauds = equal.iter().filter(|alert| alert.1).count();
                looked += taken as f64;
                hits += frauds as f64 * taken as f64 / equal.len() as f64;
                left -= taken;
            }
        }
        (looked > 0.0).then(|| hits / looked)
    }
}

#[derive(Default)]
struct Seen {
    comparison: Comparison,
    live: Counted,
    draft: Counted,
}

impl Seen {
    fn take(&mut self, one: &One<'_>, live: &Verdict, draft: &Verdict, rules: &RuleSet) {
        self.comparison.events += 1;
        self.comparison.frauds += u64::from(one.fraud);
        let stopped = |verdict: &Verdict| verdict.action != Action::Allow;
        self.comparison.both += u64::from(stopped(live) && stopped(draft));
        self.live.take(one, live);
        self.draft.take(one, draft);
        if self.comparison.rules.is_empty() {
            let named = |rule: &crate::rule::Rule| RuleTally {
                rule: rule.name.clone(),
                fired: 0,
                hits: 0,
                alone: 0,
                faulted: 0,
            };
            self.comparison.rules = rules.rules().iter().map(named).collect();
        }
        for place in &draft.fired {
            let tally = &mut self.comparison.rules[usize::from(*place)];
            tally.fired += 1;
            tally.hits += u64::from(one.fraud);
            tally.alone += u64::from(draft.fired.len() == 1);
        }
        for (place, _) in &draft.faulted {
            self.comparison.rules[usize::from(*place)].faulted += 1;
        }
    }

    fn finish(mut self, capacity: usize) -> Comparison {
        let disturbed = self.draft.honest.difference(&self.live.customers).count();
        self.comparison.newly_disturbed = disturbed as u64;
        for counted in [&mut self.live, &mut self.draft] {
            counted.tally.precision_at_capacity = counted.precision(capacity);
            counted.tally.customers = counted.customers.len() as u64;
        }
        self.comparison.live = self.live.tally;
        self.comparison.draft = self.draft.tally;
        self.comparison
    }
}
