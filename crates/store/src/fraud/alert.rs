//! Alerts: one for each event that was not simply allowed, and the order in which people see them.
//!
//! An alert carries the keys of its event, so that alerts that share a payee or a device are found
//! without reading the log.

use doldam_ground::Instant;

use crate::{Column, Insert, Row, StoreError, Tx};

/// What a person found an event to be: the words of the tables.
pub const OUTCOMES: [&str; 3] = ["fraud", "no_fraud", "unclear"];

/// An alert to be opened with its event.
#[derive(Clone, PartialEq, Eq)]
pub struct NewAlert {
    /// Place of the event in the log.
    pub sequence: u64,
    /// The caller's name of the event.
    pub event: String,
    /// Pseudonym of the customer's account.
    pub account: Option<String>,
    /// Pseudonym of the receiving account.
    pub payee: Option<String>,
    /// Pseudonym of the device.
    pub device: Option<String>,
    /// In minor units.
    pub amount: Option<i64>,
    /// What was decided.
    pub action: &'static str,
    /// 0 to 100.
    pub score: u8,
    /// When it was decided.
    pub opened_at: Instant,
    /// Until when a person should have looked.
    pub due_at: Instant,
    /// When the temporary measure is due that the action places; `None` when it places none.
    pub measure_due_at: Option<Instant>,
}

/// The name of an older event that came again with other content.
#[derive(Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The alert to be opened if the older event has none.
    pub alert: NewAlert,
    /// How often since the last batch.
    pub times: u32,
}

/// How an alert ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// One of [`OUTCOMES`].
    pub outcome: String,
    /// What the person wrote.
    pub note: String,
    /// A staff name.
    pub by: String,
    /// When.
    pub at: Instant,
}

/// An alert as it stands.
#[derive(Clone, PartialEq, Eq)]
pub struct Alert {
    /// Place of the event in the log.
    pub sequence: u64,
    /// The caller's name of the event.
    pub event: String,
    /// Pseudonym of the customer's account.
    pub account: Option<String>,
    /// Pseudonym of the receiving account.
    pub payee: Option<String>,
    /// Pseudonym of the device.
    pub device: Option<String>,
    /// In minor units.
    pub amount: Option<i64>,
    /// What was decided.
    pub action: String,
    /// 0 to 100.
    pub score: u8,
    /// When it was decided.
    pub opened_at: Instant,
    /// Until when a person should have looked.
    pub due_at: Instant,
    /// A staff name; `None` while nobody has it.
    pub assignee: Option<String>,
    /// The case that it belongs to.
    pub case: Option<u32>,
    /// How often its name came again with other content.
    pub conflicts: u32,
    /// Its end; `None` while it is open.
    pub closing: Option<Closing>,
    /// Its outcome has yet to be told to the log.
    pub label_owed: bool,
}

/// Which alerts are asked for. Empty: any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Closed ones instead of open ones.
    pub closed: bool,
    /// What was decided.
    pub action: Option<String>,
    /// Who has it.
    pub assignee: Option<String>,
    /// Pseudonym of the customer's account.
    pub account: Option<String>,
}

/// Where a page of the queue ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    /// When the last alert was due.
    pub due_at: Instant,
    /// Its score.
    pub score: u8,
    /// Its place.
    pub sequence: u64,
}

impl Alert {
    /// Where a page of the queue ends that has this alert as its last.
    pub const fn after(&self) -> After {
        After { due_at: self.due_at, score: self.score, sequence: self.sequence }
    }
}

pub(super) fn number(place: u64) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}

pub(super) fn open(tx: &mut Tx<'_>, alerts: &[NewAlert]) -> Result<(), StoreError> {
    insert(tx, alerts, "", 0)
}

fn insert(
    tx: &mut Tx<'_>,
    alerts: &[NewAlert],
    conflict: &'static str,
    times: u32,
) -> Result<(), StoreError> {
    if alerts.is_empty() {
        return Ok(());
    }
    let into = Insert {
        table: "fraud_alert",
        columns: &[
            "sequence",
            "event_id",
            "account",
            "payee",
            "device",
            "amount",
            "action",
            "score",
            "opened_at_us",
            "due_at_us",
            "state",
            "conflicts",
            "label_owed",
        ],
        conflict,
    };
    let texts = |of: fn(&NewAlert) -> &Option<String>| -> Vec<Option<String>> {
        alerts.iter().map(|alert| of(alert).clone()).collect()
    };
    let numbers = |of: fn(&NewAlert) -> i64| -> Vec<i64> { alerts.iter().map(of).collect() };
    let events: Vec<String> = alerts.iter().map(|alert| alert.event.clone()).collect();
    let actions: Vec<String> = alerts.iter().map(|alert| alert.action.to_owned()).collect();
    let amounts: Vec<Option<i64>> = alerts.iter().map(|alert| alert.amount).collect();
    let columns = [
        Column::Int(&numbers(|alert| number(alert.sequence))),
        Column::Text(&events),
        Column::OptionalText(&texts(|alert| &alert.account)),
        Column::OptionalText(&texts(|alert| &alert.payee)),
        Column::OptionalText(&texts(|alert| &alert.device)),
        Column::OptionalInt(&amounts),
        Column::Text(&actions),
        Column::Int(&numbers(|alert| i64::from(alert.score))),
        Column::Int(&numbers(|alert| alert.opened_at.micros())),
        Column::Int(&numbers(|alert| alert.due_at.micros())),
        Column::SameText("open"),
        Column::SameInt(i64::from(times)),
        Column::SameInt(0),
    ];
    tx.insert_many(&into, &columns).map(drop)
}

/// Counts a conflict at the alert of the older event, which is opened if there is none.
pub(super) fn conflict(tx: &mut Tx<'_>, conflict: &Conflict) -> Result<(), StoreError> {
    const ADD: &str = "ON CONFLICT (sequence) DO UPDATE
         SET conflicts = fraud_alert.conflicts + excluded.conflicts";
    insert(tx, std::slice::from_ref(&conflict.alert), ADD, conflict.times)
}

/// Notes that the log tells the outcome of these alerts from now on.
pub(super) fn labelled(tx: &mut Tx<'_>, alerts: &[u64]) -> Result<(), StoreError> {
    for sequence in alerts {
        tx.execute(
            "UPDATE fraud_alert SET label_owed = 0 WHERE sequence = ?1",
            &[number(*sequence).into()],
        )?;
    }
    Ok(())
}

pub(crate) const QUEUE: &str =
    "SELECT sequence, event_id, account, payee, device, amount, action, score, opened_at_us,
       due_at_us, assignee, case_id, conflicts, outcome, note, closed_by, closed_at_us, label_owed
     FROM fraud_alert
     WHERE state = ?1 AND due_at_us >= ?2
       AND (due_at_us > ?2 OR score < ?3 OR (score = ?3 AND sequence > ?4))
       AND (?5 = '' OR action = ?5) AND (?6 = '' OR assignee = ?6) AND (?7 = '' OR account = ?7)
     ORDER BY due_at_us, score DESC, sequence LIMIT ?8";

/// At most `limit` alerts after a place of the queue: what is due first stands first, and of those
/// that are due at the same time the one with the higher score.
pub fn queue(
    tx: &mut Tx<'_>,
    wanted: &Wanted,
    after: Option<After>,
    limit: u32,
) -> Result<Vec<Alert>, StoreError> {
    let first = After { due_at: Instant::from_micros(i64::MIN), score: 101, sequence: 0 };
    let after = after.unwrap_or(first);
    let empty = String::new();
    let [action, assignee, account] = [&wanted.action, &wanted.assignee, &wanted.account]
        .map(|text| text.as_ref().unwrap_or(&empty).as_str());
    tx.query(
        QUEUE,
        &[
            if wanted.closed { "closed" } else { "open" }.into(),
            after.due_at.micros().into(),
            i64::from(after.score).into(),
            number(after.sequence).into(),
            action.into(),
            assignee.into(),
            account.into(),
            limit.into(),
        ],
        read,
    )
}

/// How many alerts are open, and how many of them were due before `now`.
pub fn count_open(tx: &mut Tx<'_>, now: Instant) -> Result<(u64, u64), StoreError> {
    let of = |tx: &mut Tx<'_>, before: i64| {
        tx.query_one(
            "SELECT COUNT(*) FROM fraud_alert WHERE state = 'open' AND due_at_us < ?1",
            &[before.into()],
            |row| row.get_int(0),
        )
        .map(|found| found.map_or(0, |count| u64::try_from(count).unwrap_or_default()))
    };
    Ok((of(tx, i64::MAX)?, of(tx, now.micros())?))
}

/// One alert.
pub fn find(tx: &mut Tx<'_>, sequence: u64) -> Result<Option<Alert>, StoreError> {
    tx.query_one(
        "SELECT sequence, event_id, account, payee, device, amount, action, score, opened_at_us,
           due_at_us, assignee, case_id, conflicts, outcome, note, closed_by, closed_at_us,
           label_owed
         FROM fraud_alert WHERE sequence = ?1",
        &[number(sequence).into()],
        read,
    )
}

/// The alerts of a case, in the order of the log.
pub fn of_case(tx: &mut Tx<'_>, case: u32) -> Result<Vec<Alert>, StoreError> {
    tx.query(
        "SELECT sequence, event_id, account, payee, device, amount, action, score, opened_at_us,
           due_at_us, assignee, case_id, conflicts, outcome, note, closed_by, closed_at_us,
           label_owed
         FROM fraud_alert WHERE case_id = ?1 ORDER BY sequence",
        &[case.into()],
        read,
    )
}

pub(crate) const SHARING: [&str; 3] = [
    "SELECT sequence, event_id, account, payee, device, amount, action, score, opened_at_us,
       due_at_us, assignee, case_id, conflicts, outcome, note, closed_by, closed_at_us, label_owed
     FROM fraud_alert WHERE account = ?1 ORDER BY sequence DESC LIMIT ?2",
    "SELECT sequence, event_id, account, payee, device, amount, action, score, opened_at_us,
       due_at_us, assignee, case_id, conflicts, outcome, note, closed_by, closed_at_us, label_owed
     FROM fraud_alert WHERE payee = ?1 ORDER BY sequence DESC LIMIT ?2",
    "SELECT sequence, event_id, account, payee, device, amount, action, score, opened_at_us,
       due_at_us, assignee, case_id, conflicts, outcome, note, closed_by, closed_at_us, label_owed
     FROM fraud_alert WHERE device = ?1 ORDER BY sequence DESC LIMIT ?2",
];

/// Alerts that share the account, the payee or the device of `alert`: at most `limit` newest ones
/// for each, newest first, each once, without `alert` itself.
pub fn sharing(tx: &mut Tx<'_>, alert: &Alert, limit: u32) -> Result<Vec<Alert>, StoreError> {
    let mut found: Vec<Alert> = Vec::new();
    for (sql, key) in SHARING.iter().zip([&alert.account, &alert.payee, &alert.device]) {
        if let Some(key) = key {
            found.extend(tx.query(sql, &[key.into(), limit.into()], read)?);
        }
    }
    found.retain(|other| other.sequence != alert.sequence);
    found.sort_unstable_by_key(|other| std::cmp::Reverse(other.sequence));
    found.dedup_by_key(|other| other.sequence);
    Ok(found)
}

/// Gives an open alert to a person, or to nobody.
///
/// Fails with [`StoreError::State`] when it is closed, [`StoreError::NotFound`] when there is none.
pub fn assign(tx: &mut Tx<'_>, sequence: u64, assignee: Option<&String>) -> Result<(), StoreError> {
    let changed = tx.execute(
        "UPDATE fraud_alert SET assignee = ?2 WHERE sequence = ?1 AND state = 'open'",
        &[number(sequence).into(), assignee.into()],
    )?;
    one(tx, sequence, changed, "the alert is closed: look at its outcome")
}

/// Closes an open alert that belongs to no open case. Unless it is unclear, its outcome is owed to
/// the log until [`super::log::Batch::labelled`] names it.
///
/// Fails with [`StoreError::State`] when it is closed or belongs to a case.
pub fn close(tx: &mut Tx<'_>, sequence: u64, closing: &Closing) -> Result<(), StoreError> {
    let changed = tx.execute(
        "UPDATE fraud_alert SET state = 'closed', outcome = ?2, note = ?3, closed_by = ?4,
           closed_at_us = ?5, label_owed = ?6
         WHERE sequence = ?1 AND state = 'open' AND case_id IS NULL",
        &[
            number(sequence).into(),
            (&closing.outcome).into(),
            (&closing.note).into(),
            (&closing.by).into(),
            closing.at.micros().into(),
            i64::from(closing.outcome != "unclear").into(),
        ],
    )?;
    one(tx, sequence, changed, "the alert is closed already, or belongs to a case: close the case")
}

/// Alerts whose outcome has yet to be told to the log, oldest first.
pub fn labels_owed(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<Alert>, StoreError> {
    tx.query(
        "SELECT sequence, event_id, account, payee, device, amount, action, score, opened_at_us,
           due_at_us, assignee, case_id, conflicts, outcome, note, closed_by, closed_at_us,
           label_owed
         FROM fraud_alert WHERE label_owed = 1 ORDER BY sequence LIMIT ?1",
        &[limit.into()],
        read,
    )
}

fn one(
    tx: &mut Tx<'_>,
    sequence: u64,
    changed: u64,
    otherwise: &'static str,
) -> Result<(), StoreError> {
    if changed == 1 {
        return Ok(());
    }
    match find(tx, sequence)? {
        Some(_) => Err(StoreError::State { what: otherwise }),
        None => Err(StoreError::NotFound { what: "alert" }),
    }
}

fn read(row: &Row<'_>) -> Result<Alert, StoreError> {
    let closing = match row.get_optional_int(16)? {
        None => None,
        Some(at) => Some(Closing {
            outcome: row.get_text(13)?,
            note: row.get_text(14)?,
            by: row.get_text(15)?,
            at: Instant::from_micros(at),
        }),
    };
    Ok(Alert {
        sequence: u64::try_from(row.get_int(0)?).unwrap_or_default(),
        event: row.get_text(1)?,
        account: row.get_optional_text(2)?,
        payee: row.get_optional_text(3)?,
        device: row.get_optional_text(4)?,
        amount: row.get_optional_int(5)?,
        action: row.get_text(6)?,
        score: u8::try_from(row.get_int(7)?).unwrap_or(100),
        opened_at: Instant::from_micros(row.get_int(8)?),
        due_at: Instant::from_micros(row.get_int(9)?),
        assignee: row.get_optional_text(10)?,
        case: row.get_optional_int(11)?.and_then(|id| u32::try_from(id).ok()),
        conflicts: row.get_u32(12)?,
        closing,
        label_owed: row.get_int(17)? != 0,
    })
}
