//! Features of past transactions, computed as they would have been when each came.
//!
//! The same engine runs that judges live events: every transaction is observed in order, and every
//! label is told only when its delay has passed. So there is no way to look ahead, and a figure
//! that is measured here is one that the live system can reach.

use super::period::DAY_US;
use crate::dataset::{Column, Transactions};
use crate::error::FraudError;
use crate::feature::FeatureSet;
use crate::list::Lists;
use crate::schema::{SHIPPED, Schema};
use crate::state::State;
use crate::value::{Type, Value};

/// What is declared beyond the published features: the customer's own habits and what happened at
/// the terminal of late, without any label. `docs/decisions/0007` says how it was chosen.
pub const EXTENDED: &str = include_str!("../../defaults/features/extended.toml");

/// The delay that the shipped declarations name.
const DECLARED_DELAY: &str = "delay = \"7d\"";

/// A feature set for transactions: the declaration with its delay of seven days set to `delay_days`.
///
/// Errors: the declaration cannot be used.
pub fn feature_set(declaration: &str, delay_days: u32) -> Result<(Schema, FeatureSet), FraudError> {
    let delay = if delay_days == 0 { String::new() } else { format!("delay = \"{delay_days}d\"") };
    let text = declaration.replace(DECLARED_DELAY, &delay);
    let schema = Schema::parse(SHIPPED)?;
    let set = FeatureSet::parse(&schema, &[], &text)?;
    Ok((schema, set))
}

/// Features of some rows as numbers; NaN where nothing is known.
pub struct Matrix {
    names: Vec<String>,
    types: Vec<Type>,
    cells: Vec<f64>,
}

impl Matrix {
    /// Runs all transactions up to the last of `rows` (growing numbers of rows) through the
    /// features, and keeps those of `rows`. The label of a transaction becomes known `delay_days`
    /// after it.
    ///
    /// Errors: the state refuses, or the schema lacks the fields of a payment.
    pub fn compute(
        transactions: &Transactions,
        schema: &Schema,
        set: &FeatureSet,
        delay_days: u32,
        rows: &[usize],
    ) -> Result<Self, FraudError> {
        let event = transactions.events(schema)?;
        let delay_us = i64::from(delay_days) * DAY_US;
        let (mut state, lists) = (State::new(set), Lists::new(0));
        let mut values = Vec::with_capacity(set.features().len());
        let mut cells = Vec::with_capacity(rows.len() * set.features().len());
        let (mut labelled, mut wanted) = (0, rows.iter().copied().peekable());
        for row in 0..rows.last().map_or(0, |last| last + 1) {
            let now = transactions.times()[row].micros();
            while labelled < row && transactions.times()[labelled].micros() + delay_us <= now {
                if transactions.frauds()[labelled] {
                    state.label(set, &transactions.ids()[labelled], true)?;
                }
                labelled += 1;
            }
            state.observe(set, &event(row), row as u64, &lists, &mut values)?;
            if wanted.next_if_eq(&row).is_some() {
                cells.extend(values.iter().map(Value::number));
            }
        }
        let names = set.features().iter().map(|feature| feature.name.clone()).collect();
        let types = set.features().iter().map(|feature| feature.holds).collect();
        Ok(Self { names, types, cells })
    }

    /// Names of the features, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The features of the rows, in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.cells.chunks_exact(self.names.len().max(1))
    }

    /// The numbers of the first `count` rows.
    pub(super) fn first(&self, count: usize) -> &[f64] {
        &self.cells[..count * self.names.len()]
    }

    /// One feature of all rows: whole numbers where it is declared so and always known.
    pub fn column(&self, feature: usize) -> Column {
        let cells: Vec<f64> = self.rows().map(|row| row[feature]).collect();
        let is_whole = matches!(self.types[feature], Type::Int | Type::Bool);
        if is_whole && cells.iter().all(|cell| cell.abs() < 9.0e15) {
            #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
            let whole = cells.iter().map(|cell| *cell as i64).collect();
            return Column::Whole(whole);
        }
        Column::Real(cells)
    }
}
