//! One expression: compiled once, evaluated for every event.

use std::fmt;

use super::check::{AROUND, COMPARE, Checker, Node, korean};
use super::fault::{Fault, RuleFault};
use super::syntax;
use crate::frame::{Frame, Scope, Slot};
use crate::value::{Span, Type, Value};
use doldam_ground::Instant;

/// Longest text of an expression, in bytes.
pub const TEXT_MAX: usize = 4_096;
/// The most that one expression may cost; see `docs/rules.md` for what costs how much.
pub const COST_MAX: u32 = 2_000;

/// A compiled expression. It belongs to the [`Scope`] that it was compiled against.
///
/// Not `Display`, and its `Debug` is without the text: a rule may name somebody's pseudonym.
#[derive(Clone)]
pub struct Expression {
    text: Box<str>,
    node: Node,
    cost: u32,
    slots: Box<[Slot]>,
    lists: Box<[usize]>,
}

impl Expression {
    /// Compiles `text`, whose value must be of the type `wanted`.
    ///
    /// Errors: where and why it is not an expression of that type, or too long ([`TEXT_MAX`]) or too
    /// dear ([`COST_MAX`]). Never panics on any text.
    pub fn compile(text: &str, scope: &dyn Scope, wanted: Type) -> Result<Self, RuleFault> {
        let expression = Self::infer(text, scope)?;
        let found = expression.kind();
        if found == wanted {
            return Ok(expression);
        }
        let fault = RuleFault::new(
            text,
            0..text.len(),
            (
                format!("the value is of the type {found}, and {wanted} is wanted"),
                format!("{} 값이어야 하는데 {} 값입니다", korean(wanted), korean(found)),
            ),
        );
        Err(match (found, wanted) {
            (_, Type::Bool) => fault.advise(COMPARE),
            (Type::Int, Type::Real) => fault.advise(AROUND),
            (Type::Real, Type::Int) => {
                fault.advise(("write int(…) around it", "int(…)로 감싸십시오"))
            }
            _ => fault,
        })
    }

    /// Compiles `text`, whose value may be of any type ([`Expression::kind`] says which).
    ///
    /// Errors: as [`Expression::compile`].
    pub fn infer(text: &str, scope: &dyn Scope) -> Result<Self, RuleFault> {
        if text.len() > TEXT_MAX {
            let what = (
                format!("an expression has at most {TEXT_MAX} bytes"),
                format!("식은 최대 {TEXT_MAX}바이트입니다"),
            );
            return Err(RuleFault::new(text, 0..0, what));
        }
        let piece = syntax::read(text)?;
        let mut checker = Checker { text, scope, cost: 0, slots: Vec::new(), lists: Vec::new() };
        let node = checker.node(&piece)?;
        if checker.cost > COST_MAX {
            let cost = checker.cost;
            let what = (
                format!("this costs {cost} units, and {COST_MAX} are allowed"),
                format!("비용이 {cost}인데 {COST_MAX}까지만 됩니다"),
            );
            let fault = RuleFault::new(text, 0..text.len(), what);
            return Err(fault.advise((
                "declare a part of it as a feature, or split the rule",
                "일부를 피처로 선언하거나 룰을 나누십시오",
            )));
        }
        Ok(Self {
            text: text.into(),
            node,
            cost: checker.cost,
            slots: checker.slots.into(),
            lists: checker.lists.into(),
        })
    }

    /// The text that it was compiled from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The type of its value.
    pub fn kind(&self) -> Type {
        self.node.kind()
    }

    /// The most that it costs, in units of roughly a nanosecond.
    pub fn cost(&self) -> u32 {
        self.cost
    }

    /// The fields and features that it reads, in the order of their first use.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The places of the lists that it asks.
    pub fn lists(&self) -> &[usize] {
        &self.lists
    }

    /// Its value for one event.
    ///
    /// Errors: see [`Fault`]. Takes memory only for a text.
    pub fn evaluate(&self, frame: &Frame<'_>) -> Result<Value, Fault> {
        match &self.node {
            Node::Truth(truth) => truth.value(frame).map(Value::Bool),
            Node::Real(real) => real.value(frame).map(Value::Real),
            Node::Text(text) => text.value(frame).map(|text| Value::Text(text.into())),
            Node::Whole(kind, whole) => {
                let value = whole.value(frame)?;
                Ok(match kind {
                    Type::Time => Value::Time(Instant::from_micros(value)),
                    Type::Span => Value::Span(Span::from_micros(value)),
                    _ => Value::Int(value),
                })
            }
        }
    }

    /// Whether it is true for one event; [`Fault::WrongType`] when it is not a bool.
    pub fn is_true(&self, frame: &Frame<'_>) -> Result<bool, Fault> {
        if let Node::Truth(truth) = &self.node { truth.value(frame) } else { Err(Fault::WrongType) }
    }

    /// Its value as a whole number: an int as it is, a timestamp or a duration in microseconds, a
    /// bool as 0 or 1; [`Fault::WrongType`] for others.
    pub fn integer(&self, frame: &Frame<'_>) -> Result<i64, Fault> {
        match &self.node {
            Node::Whole(_, whole) => whole.value(frame),
            Node::Truth(truth) => truth.value(frame).map(i64::from),
            Node::Real(_) | Node::Text(_) => Err(Fault::WrongType),
        }
    }

    /// Its value as a number for arithmetic, as [`Value::number`] has it; [`Fault::WrongType`] for a
    /// text.
    pub fn number(&self, frame: &Frame<'_>) -> Result<f64, Fault> {
        match &self.node {
            Node::Real(real) => real.value(frame),
            Node::Text(_) => Err(Fault::WrongType),
            Node::Whole(..) | Node::Truth(_) => self.integer(frame).map(|value| value as f64),
        }
    }

    /// Its value as a text, without copying; [`Fault::WrongType`] for others.
    pub fn string<'a>(&'a self, frame: &Frame<'a>) -> Result<&'a str, Fault> {
        if let Node::Text(text) = &self.node { text.value(frame) } else { Err(Fault::WrongType) }
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Expression")
            .field("kind", &self.kind())
            .field("cost", &self.cost)
            .finish_non_exhaustive()
    }
}
