//! The transactions of a file, in the one order that everything else relies on.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use doldam_ground::Instant;

use super::{Column, ColumnType, DatasetFault, Wanted, read};
use crate::error::FraudError;
use crate::event::{Event, EventId, EventKind};
use crate::schema::Schema;
use crate::value::Value;

/// Times that a file may hold, in microseconds: the years 1900 to 2999, so that no window
/// overflows.
pub(super) const TIMES: Range<i64> = -2_208_988_800_000_000..32_503_680_000_000_000;
/// Largest amount, in minor units; as in an event.
const AMOUNTS: std::ops::RangeInclusive<i64> = 0..=(1 << 53) - 1;

/// The columns that a file of transactions must have: an id, when, the card, where, how much in
/// minor units, and what was found out later (1: fraud).
pub const COLUMNS: [Wanted<'static>; 6] = [
    ("transaction_id", ColumnType::Text),
    ("time", ColumnType::Time),
    ("customer_id", ColumnType::Text),
    ("terminal_id", ColumnType::Text),
    ("amount_cents", ColumnType::Whole),
    ("fraud", ColumnType::Whole),
];

/// Card transactions with their labels, ordered by time and then by id (ids that are whole numbers
/// by their number, others by their bytes, numbers first).
///
/// Not `Debug`: pseudonyms are personal data in law.
pub struct Transactions {
    ids: Vec<EventId>,
    times: Vec<Instant>,
    customers: Vec<u32>,
    terminals: Vec<u32>,
    amounts: Vec<i64>,
    frauds: Vec<bool>,
    customer_names: Vec<Box<str>>,
    terminal_names: Vec<Box<str>>,
}

impl Transactions {
    /// Reads a Parquet or CSV file with the columns [`COLUMNS`].
    ///
    /// Errors: the file cannot be read, or a row is not a transaction.
    pub fn read(path: &Path) -> Result<Self, FraudError> {
        Ok(Self::from_columns(read(path, &COLUMNS)?)?)
    }

    /// From the columns [`COLUMNS`], in that order.
    pub(crate) fn from_columns(columns: Vec<Column>) -> Result<Self, DatasetFault> {
        let mut columns = columns.into_iter();
        let (
            Some(Column::Text(ids)),
            Some(Column::Time(times)),
            Some(Column::Text(customers)),
            Some(Column::Text(terminals)),
            Some(Column::Whole(amounts)),
            Some(Column::Whole(frauds)),
        ) = (
            columns.next(),
            columns.next(),
            columns.next(),
            columns.next(),
            columns.next(),
            columns.next(),
        )
        else {
            return Err(DatasetFault::Damaged("its columns are not those of transactions"));
        };
        let ids = checked(ids, COLUMNS[0].0, "1 to 64 letters, digits or . _ : -", |id| {
            EventId::new(&id).ok()
        })?;
        let amounts =
            checked(amounts, COLUMNS[4].0, "money: whole minor units from 0", |amount| {
                AMOUNTS.contains(&amount).then_some(amount)
            })?;
        let frauds = checked(frauds, COLUMNS[5].0, "1 for fraud or 0", |fraud| match fraud {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        })?;
        let order = order(&ids, &times)?;
        // In order, so that the order of the file's rows shows nowhere.
        let (customers, customer_names) = interned(&order, customers);
        let (terminals, terminal_names) = interned(&order, terminals);
        Ok(Self {
            ids: order.iter().map(|row| ids[*row].clone()).collect(),
            times: in_order(&order, &times),
            customers,
            terminals,
            amounts: in_order(&order, &amounts),
            frauds: in_order(&order, &frauds),
            customer_names,
            terminal_names,
        })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The ids, in order.
    pub fn ids(&self) -> &[EventId] {
        &self.ids
    }

    /// When each happened.
    pub fn times(&self) -> &[Instant] {
        &self.times
    }

    /// The customer of each, as a number from 0 to [`Transactions::customer_count`].
    pub fn customers(&self) -> &[u32] {
        &self.customers
    }

    /// How many customers there are.
    pub fn customer_count(&self) -> usize {
        self.customer_names.len()
    }

    /// The amounts, in minor units.
    pub fn amounts(&self) -> &[i64] {
        &self.amounts
    }

    /// Whether each turned out to be fraud.
    pub fn frauds(&self) -> &[bool] {
        &self.frauds
    }

    /// The rows that have the customer and the second with the row before or after them: what
    /// another order of the same second would change.
    pub fn ties(&self) -> Vec<usize> {
        let mut by_customer: Vec<usize> = (0..self.len()).collect();
        by_customer.sort_by_key(|row| (self.customers[*row], self.times[*row], *row));
        let mut ties = Vec::new();
        for pair in by_customer.windows(2) {
            let of = |row: usize| (self.customers[row], self.times[row]);
            if of(pair[0]) == of(pair[1]) {
                ties.extend_from_slice(pair);
            }
        }
        ties.sort_unstable();
        ties.dedup();
        ties
    }

    /// The transaction of a row as a payment: customer, terminal and amount go to the fields
    /// `account`, `terminal` and `amount` of the schema.
    ///
    /// Errors: the schema has no such fields.
    pub fn events<'a>(
        &'a self,
        schema: &Schema,
    ) -> Result<impl Fn(usize) -> Event + use<'a>, FraudError> {
        let place = |name: &str| {
            schema.place(name).ok_or_else(|| {
                FraudError::declaration("schema", "", None, &format!("it has no field {name}"))
            })
        };
        let (account, terminal, amount) = (place("account")?, place("terminal")?, place("amount")?);
        let fields = schema.fields().len();
        Ok(move |row: usize| {
            let mut values = vec![Value::Missing; fields].into_boxed_slice();
            let text = |names: &[Box<str>], name: u32| Value::Text(names[name as usize].clone());
            values[account] = text(&self.customer_names, self.customers[row]);
            values[terminal] = text(&self.terminal_names, self.terminals[row]);
            values[amount] = Value::Int(self.amounts[row]);
            let (id, time) = (self.ids[row].clone(), self.times[row]);
            Event { id, kind: EventKind::Payment, time, values }
        })
    }
}

fn checked<A, B>(
    cells: Vec<A>,
    name: &str,
    wanted: &'static str,
    check: impl Fn(A) -> Option<B>,
) -> Result<Vec<B>, DatasetFault> {
    let mut out = Vec::with_capacity(cells.len());
    for cell in cells {
        let fault = || DatasetFault::Cell { row: out.len() + 1, name: name.to_owned(), wanted };
        let cell = check(cell).ok_or_else(fault)?;
        out.push(cell);
    }
    Ok(out)
}

/// The rows by time, then id. Two rows of one id are refused.
fn order(ids: &[EventId], times: &[Instant]) -> Result<Vec<usize>, DatasetFault> {
    let number = |row: usize| ids[row].as_str().parse::<u64>().unwrap_or(u64::MAX);
    let mut order: Vec<usize> = (0..ids.len()).collect();
    order.sort_by(|one, two| {
        (times[*one], number(*one), &ids[*one]).cmp(&(times[*two], number(*two), &ids[*two]))
    });
    let mut seen = std::collections::HashSet::with_capacity(ids.len());
    if ids.iter().all(|id| seen.insert(id)) { Ok(order) } else { Err(DatasetFault::Twice) }
}

fn in_order<T: Copy>(order: &[usize], cells: &[T]) -> Vec<T> {
    order.iter().map(|row| cells[*row]).collect()
}

/// Each name as a number, in order of the rows, and the names by number.
fn interned(order: &[usize], mut cells: Vec<Box<str>>) -> (Vec<u32>, Vec<Box<str>>) {
    let mut numbers: HashMap<Box<str>, u32> = HashMap::new();
    let mut names: Vec<Box<str>> = Vec::new();
    let mut out = Vec::with_capacity(cells.len());
    for row in order {
        let next = u32::try_from(names.len()).expect("there are fewer than ROWS_MAX names");
        let number = *numbers.entry(std::mem::take(&mut cells[*row])).or_insert_with_key(|name| {
            names.push(name.clone());
            next
        });
        out.push(number);
    }
    (out, names)
}
