//! The published features as a file, and the comparison with the published file.
//!
//! The handbook's own table is the only public yardstick of exact windows. It counts money in whole
//! units and calls the account a customer, so the columns are renamed and means divided here and
//! nowhere else. Its order of two transactions of one customer in one second is not stated (it came
//! from an unstable sort), so rows that differ only by such an order are told apart from faults.

use std::collections::HashMap;
use std::path::Path;

use super::Matrix;
use crate::dataset::{Column, ColumnType, DatasetFault, Transactions, Wanted, read};
use crate::error::FraudError;

/// Name in the published file, name in our declaration, and what a value is divided by.
pub const COLUMNS: [(&str, &str, f64); 15] = [
    ("amount", "transaction_amount", 100.0),
    ("weekend", "during_weekend", 1.0),
    ("night", "during_night", 1.0),
    ("customer_count_1d", "account_count_1d", 1.0),
    ("customer_mean_amount_1d", "account_mean_1d", 100.0),
    ("terminal_count_1d", "terminal_count_1d", 1.0),
    ("terminal_risk_1d", "terminal_risk_1d", 1.0),
    ("customer_count_7d", "account_count_7d", 1.0),
    ("customer_mean_amount_7d", "account_mean_7d", 100.0),
    ("terminal_count_7d", "terminal_count_7d", 1.0),
    ("terminal_risk_7d", "terminal_risk_7d", 1.0),
    ("customer_count_30d", "account_count_30d", 1.0),
    ("customer_mean_amount_30d", "account_mean_30d", 100.0),
    ("terminal_count_30d", "terminal_count_30d", 1.0),
    ("terminal_risk_30d", "terminal_risk_30d", 1.0),
];

/// How far two means or shares may lie apart.
const TOLERANCE: f64 = 1e-9;

/// The columns of a file of features: the ids of `rows`, then the features; those of the published
/// set under their published names and units, others as they are declared.
pub fn columns(
    transactions: &Transactions,
    rows: &[usize],
    matrix: &Matrix,
) -> Vec<(String, Column)> {
    let mut columns = vec![("transaction_id".to_owned(), ids(transactions, rows))];
    let is_published =
        COLUMNS.iter().all(|(_, ours, _)| matrix.names().iter().any(|name| name == ours));
    if is_published && matrix.names().len() == COLUMNS.len() {
        for (name, ours, divisor) in COLUMNS {
            let place = matrix.names().iter().position(|name| name == ours).unwrap_or_default();
            columns.push((name.to_owned(), divided(matrix.column(place), divisor)));
        }
    } else {
        for (place, name) in matrix.names().iter().enumerate() {
            columns.push((name.clone(), matrix.column(place)));
        }
    }
    columns
}

fn ids(transactions: &Transactions, rows: &[usize]) -> Column {
    let texts = rows.iter().map(|row| transactions.ids()[*row].as_str());
    let numbers: Result<Vec<i64>, _> = texts.clone().map(str::parse).collect();
    match numbers {
        Ok(numbers) => Column::Whole(numbers),
        Err(_) => Column::Text(texts.map(Into::into).collect()),
    }
}

#[expect(clippy::float_cmp, reason = "the divisor is one of two constants")]
fn divided(column: Column, divisor: f64) -> Column {
    match column {
        column if divisor == 1.0 => column,
        Column::Whole(cells) => Column::Real(cells.iter().map(|it| *it as f64 / divisor).collect()),
        Column::Real(cells) => Column::Real(cells.iter().map(|it| it / divisor).collect()),
        other => other,
    }
}

/// A row that is not as published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The transaction's id.
    pub transaction: String,
    /// The columns that differ.
    pub columns: Vec<&'static str>,
    /// Whether the customer has another transaction in the same second, so that another order of
    /// the two explains it.
    pub is_tie: bool,
}

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Rows of the published file.
    pub rows: usize,
    /// Those of them that are not among our transactions.
    pub unknown: usize,
    /// Columns that were compared.
    pub columns: usize,
    /// Rows that differ, in the order of the transactions.
    pub differences: Vec<Difference>,
}

impl Comparison {
    /// Whether every row is equal but for ties.
    pub fn is_equal(&self) -> bool {
        self.unknown == 0 && self.differences.iter().all(|row| row.is_tie)
    }
}

/// Compares our columns (from [`columns`], for `rows`) with a published file that has
/// `transaction_id` and the names of [`COLUMNS`] but `amount`: counts exactly, the others to 1e-9.
///
/// Errors: the file cannot be read or lacks a column.
pub fn compare(
    transactions: &Transactions,
    rows: &[usize],
    ours: &[(String, Column)],
    published: &Path,
) -> Result<Comparison, FraudError> {
    let mut wanted: Vec<Wanted<'_>> = vec![("transaction_id", ColumnType::Text)];
    wanted.extend(COLUMNS.iter().skip(1).map(|(name, ..)| (*name, ColumnType::Real)));
    let theirs = read(published, &wanted)?;
    let Some((Column::Text(ids), theirs)) = theirs.split_first() else {
        return Err(DatasetFault::Damaged("it has no ids").into());
    };
    let mut pairs = Vec::with_capacity(theirs.len());
    for ((name, ..), column) in COLUMNS.iter().skip(1).zip(theirs) {
        let mine = ours.iter().find(|(column, _)| column == name);
        let (Some((_, mine)), Column::Real(column)) = (mine, column) else {
            return Err(DatasetFault::Damaged("its columns are not the published ones").into());
        };
        pairs.push((*name, mine, column));
    }
    let places: HashMap<&str, usize> = rows
        .iter()
        .enumerate()
        .map(|(place, row)| (transactions.ids()[*row].as_str(), place))
        .collect();
    let ties = transactions.ties();
    let mut found = Comparison { rows: ids.len(), columns: pairs.len(), ..Comparison::default() };
    for (row, id) in ids.iter().enumerate() {
        let Some(place) = places.get(&**id) else {
            found.unknown += 1;
            continue;
        };
        let differs =
            |(_, mine, theirs): &&(&str, &Column, &Vec<f64>)| !is_near(mine, *place, theirs[row]);
        let columns: Vec<&str> = pairs.iter().filter(differs).map(|(name, ..)| *name).collect();
        if !columns.is_empty() {
            let is_tie = ties.binary_search(&rows[*place]).is_ok();
            found.differences.push(Difference { transaction: id.to_string(), columns, is_tie });
        }
    }
    found.differences.sort_by_key(|row| places.get(row.transaction.as_str()).copied());
    Ok(found)
}

#[expect(clippy::float_cmp, reason = "counts are compared exactly")]
fn is_near(column: &Column, place: usize, theirs: f64) -> bool {
    match column {
        Column::Whole(cells) => cells[place] as f64 == theirs,
        Column::Real(cells) => (cells[place] - theirs).abs() <= TOLERANCE,
        Column::Text(_) | Column::Time(_) => false,
    }
}
