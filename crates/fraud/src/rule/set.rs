//! A rule set: rules that are judged together, and what their verdict is.
//!
//! The verdict does not depend on the order of the rules: scores add up, the strongest action wins,
//! and a rule that counts only *beside* others is asked after all the others. So an analyst may sort
//! the file as people read it.

use super::expression::Expression;
use super::fault::{RuleFault, Sentence};
use crate::decision::{Action, Verdict};
use crate::event::EventKind;
use crate::frame::{Frame, Scope, Slot};

mod read;

/// Most rules of a set.
pub const RULES_MAX: usize = 500;
/// The most that the rules of one kind of event may cost together; see [`Expression::cost`].
pub const SET_COST_MAX: u32 = 50_000;
/// Longest rule set, in bytes.
pub const SET_TEXT_MAX: usize = 1 << 20;

/// The shipped rules.
pub const STARTER: &str = include_str!("../../defaults/rules/starter.toml");

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// How alerts and reports call it.
    pub name: String,
    /// Kinds of event that it looks at.
    pub on: Vec<EventKind>,
    /// It fires when this is true.
    pub when: Expression,
    /// A tag: it fires only when a rule with this tag fires as well.
    pub beside: Option<String>,
    /// What it adds to the score of the verdict, 0 to 100.
    pub score: u8,
    /// The least score of a verdict in which it fired.
    pub floor: u8,
    /// What is to be done when it fires.
    pub action: Action,
    /// Words to find it by, and what other rules may stand beside.
    pub tags: Vec<String>,
    /// Why it fired, to be read aloud.
    pub reason: Sentence,
}

/// From this score on, at least this is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// Score of the verdict, 1 to 100.
    pub from: u8,
    /// What is to be done.
    pub action: Action,
}

/// A fault of a rule set, and the rule that it is in.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SetFault {
    /// Name of the rule, if it is in one and has one.
    pub rule: Option<String>,
    /// What is wrong; its place is that in the text of the whole set.
    #[serde(flatten)]
    pub fault: RuleFault,
}

impl std::fmt::Display for SetFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.rule {
            Some(rule) => write!(formatter, "{}, rule {rule}", self.fault),
            None => self.fault.fmt(formatter),
        }
    }
}

impl std::error::Error for SetFault {}

/// Rules that are judged together; see the module. It belongs to the [`Scope`] that it was read
/// against.
#[derive(Clone)]
pub struct RuleSet {
    name: String,
    version: [u8; 32],
    rules: Vec<Rule>,
    /// Strongest first.
    bands: Vec<Band>,
    /// Rules that stand alone, by the number of the kind of event.
    alone: [Vec<u16>; EventKind::ALL.len()],
    /// Rules that count beside others, in the same way.
    beside: [Vec<u16>; EventKind::ALL.len()],
    /// For each rule the tags that it brings and, for one beside others, the tag that it waits for;
    /// only tags that somebody waits for have a bit.
    tags: Vec<u64>,
    cost: u32,
}

impl RuleSet {
    /// Reads a rule set (TOML; `docs/rules.md`) and compiles its rules.
    ///
    /// Errors: every fault that the text has, in the order of their places. Never panics on any text.
    pub fn parse(scope: &dyn Scope, text: &str) -> Result<Self, Vec<SetFault>> {
        read::read(scope, text)
    }

    /// What it calls itself.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// BLAKE3 of its text.
    pub const fn version(&self) -> &[u8; 32] {
        &self.version
    }

    /// Its rules, in the order of the text.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// From which score on what is done, whatever the rules say; strongest first.
    pub fn bands(&self) -> &[Band] {
        &self.bands
    }

    /// The most that one event costs, in units of roughly a nanosecond.
    pub const fn cost(&self) -> u32 {
        self.cost
    }

    /// Whether a rule asks for the model's score.
    pub fn needs_score(&self) -> bool {
        self.rules.iter().any(|rule| rule.when.slots().contains(&Slot::Score))
    }

    /// Judges one event.
    ///
    /// Takes memory only for rules that fire or cannot be evaluated.
    pub fn judge(&self, frame: &Frame<'_>) -> Verdict {
        let mut verdict = Verdict::default();
        let mut score = 0_u16;
        let mut floor = 0_u8;
        let mut tags = 0_u64;
        let kind = usize::from(frame.event.kind.number());
        for (beside, places) in [(false, &self.alone[kind]), (true, &self.beside[kind])] {
            let seen = tags;
            for place in places {
                let rule = &self.rules[usize::from(*place)];
                let own = self.tags[usize::from(*place)];
                if beside && own & seen == 0 {
                    continue;
                }
                match rule.when.is_true(frame) {
                    Ok(false) => {}
                    Ok(true) => {
                        verdict.fired.push(*place);
                        verdict.action = verdict.action.max(rule.action);
                        score += u16::from(rule.score);
                        floor = floor.max(rule.floor);
                        tags |= own;
                    }
                    Err(fault) => verdict.faulted.push((*place, fault)),
                }
            }
        }
        verdict.fired.sort_unstable();
        verdict.faulted.sort_unstable();
        verdict.score = u8::try_from(score.min(100)).unwrap_or(100).max(floor);
        if let Some(band) = self.bands.iter().find(|band| verdict.score >= band.from) {
            verdict.action = verdict.action.max(band.action);
        }
        verdict
    }

    /// Whether a verdict of this set wants a person to look, whatever else is done.
    pub fn opens_case(&self, verdict: &Verdict) -> bool {
        let case = |place: &u16| {
            self.rules.get(usize::from(*place)).is_some_and(|rule| rule.action == Action::Case)
        };
        verdict.action == Action::Case || verdict.fired.iter().any(case)
    }
}
