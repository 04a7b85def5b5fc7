//! Cases: alerts that are looked into together, with notes, closed by two people.

use doldam_ground::Instant;

use super::alert::number;
use crate::{Row, StoreError, Tx};

/// Most alerts of one case.
pub const CASE_ALERTS_MAX: usize = 1_000;

/// How a case is to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// One of [`super::alert::OUTCOMES`].
    pub outcome: String,
    /// Why, in the words of who asked.
    pub reason: String,
    /// Who said so: a staff name.
    pub asked_by: String,
    /// Who agreed and when; `None` while nobody has.
    pub closed: Option<(String, Instant)>,
}

/// A case as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Counts from 1.
    pub id: u32,
    /// What people call it.
    pub title: String,
    /// A staff name.
    pub opened_by: String,
    /// When.
    pub opened_at: Instant,
    /// Who has it.
    pub assignee: Option<String>,
    /// How it is to end, or ended; `None` while nobody has said.
    pub ending: Option<Ending>,
}

impl Case {
    /// `open`, `closing` or `closed`.
    pub const fn state(&self) -> &'static str {
        match &self.ending {
            None => "open",
            Some(Ending { closed: None, .. }) => "closing",
            Some(_) => "closed",
        }
    }
}

/// What somebody wrote on a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// A staff name.
    pub by: String,
    /// When.
    pub at: Instant,
    /// Their words.
    pub text: String,
}

/// Opens a case over open alerts that belong to none; gives its number.
///
/// Fails with [`StoreError::State`] when one is closed or belongs to a case already, with
/// [`StoreError::Shape`] without an alert or with more than [`CASE_ALERTS_MAX`].
pub fn open(
    tx: &mut Tx<'_>,
    title: &str,
    alerts: &[u64],
    by: &str,
    at: Instant,
) -> Result<u32, StoreError> {
    if alerts.is_empty() || alerts.len() > CASE_ALERTS_MAX {
        return Err(StoreError::Shape { what: "the alerts of a case" });
    }
    let id = tx
        .query_one("SELECT COALESCE(MAX(id), 0) + 1 FROM fraud_case", &[], |row| row.get_u32(0))?
        .ok_or(StoreError::NotFound { what: "case" })?;
    tx.execute(
        "INSERT INTO fraud_case (id, title, opened_by, opened_at_us, assignee, state)
         VALUES (?1, ?2, ?3, ?4, ?3, 'open')",
        &[id.into(), title.into(), by.into(), at.micros().into()],
    )?;
    for sequence in alerts {
        attach(tx, id, *sequence)?;
    }
    Ok(id)
}

fn attach(tx: &mut Tx<'_>, id: u32, sequence: u64) -> Result<(), StoreError> {
    let changed = tx.execute(
        "UPDATE fraud_alert SET case_id = ?2
         WHERE sequence = ?1 AND state = 'open' AND case_id IS NULL",
        &[number(sequence).into(), id.into()],
    )?;
    if changed == 1 {
        return Ok(());
    }
    Err(StoreError::State { what: "an alert is closed, belongs to a case already or is not there" })
}

/// Adds an alert to a case that is not closed.
///
/// Fails with [`StoreError::State`] when the case is closed, or as [`open`] about the alert.
pub fn add_alert(tx: &mut Tx<'_>, id: u32, sequence: u64) -> Result<(), StoreError> {
    must_be_open(tx, id)?;
    attach(tx, id, sequence)
}

/// Gives a case to a person.
///
/// Fails with [`StoreError::State`] when it is closed.
pub fn assign(tx: &mut Tx<'_>, id: u32, assignee: &str) -> Result<(), StoreError> {
    must_be_open(tx, id)?;
    tx.execute("UPDATE fraud_case SET assignee = ?2 WHERE id = ?1", &[id.into(), assignee.into()])
        .map(drop)
}

/// Adds a note; also to a closed case. Gives its number.
pub fn add_note(tx: &mut Tx<'_>, id: u32, note: &Note) -> Result<u32, StoreError> {
    find(tx, id)?.ok_or(StoreError::NotFound { what: "case" })?;
    let number = tx
        .query_one(
            "SELECT COALESCE(MAX(number), 0) + 1 FROM fraud_case_note WHERE case_id = ?1",
            &[id.into()],
            |row| row.get_u32(0),
        )?
        .ok_or(StoreError::NotFound { what: "note" })?;
    tx.execute(
        "INSERT INTO fraud_case_note (case_id, number, by_whom, at_us, text)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        &[
            id.into(),
            number.into(),
            (&note.by).into(),
            note.at.micros().into(),
            (&note.text).into(),
        ],
    )?;
    Ok(number)
}

/// The notes of a case, oldest first.
pub fn notes(tx: &mut Tx<'_>, id: u32) -> Result<Vec<Note>, StoreError> {
    tx.query(
        "SELECT by_whom, at_us, text FROM fraud_case_note WHERE case_id = ?1 ORDER BY number",
        &[id.into()],
        |row| {
            Ok(Note {
                by: row.get_text(0)?,
                at: Instant::from_micros(row.get_int(1)?),
                text: row.get_text(2)?,
            })
        },
    )
}

/// Says how an open case is to end.
///
/// Fails with [`StoreError::State`] when somebody has said so already.
pub fn ask_to_close(
    tx: &mut Tx<'_>,
    id: u32,
    outcome: &str,
    reason: &str,
    by: &str,
) -> Result<(), StoreError> {
    let changed = tx.execute(
        "UPDATE fraud_case SET state = 'closing', outcome = ?2, reason = ?3, asked_by = ?4
         WHERE id = ?1 AND state = 'open'",
        &[id.into(), outcome.into(), reason.into(), by.into()],
    )?;
    one(tx, id, changed, "somebody has said already how the case ends")
}

/// Takes back how a case is to end, so that it goes on.
///
/// Fails with [`StoreError::State`] when nobody has said so, or it is closed.
pub fn reopen(tx: &mut Tx<'_>, id: u32) -> Result<(), StoreError> {
    let changed = tx.execute(
        "UPDATE fraud_case SET state = 'open', outcome = NULL, reason = NULL, asked_by = NULL
         WHERE id = ?1 AND state = 'closing'",
        &[id.into()],
    )?;
    one(tx, id, changed, "nobody has said how the case ends, or it is closed")
}

/// Agrees to how a case is to end: it and all its alerts are closed, and unless it is unclear the
/// outcome of each alert is owed to the log. Gives the places of the alerts.
///
/// Fails with [`StoreError::State`] when nobody has said how, or the same person did.
pub fn close(tx: &mut Tx<'_>, id: u32, by: &str, at: Instant) -> Result<Vec<u64>, StoreError> {
    let case = find(tx, id)?.ok_or(StoreError::NotFound { what: "case" })?;
    let ending = case
        .ending
        .filter(|ending| ending.closed.is_none() && ending.asked_by != by)
        .ok_or(StoreError::State { what: "a case is closed by a second person who agrees" })?;
    tx.execute(
        "UPDATE fraud_case SET state = 'closed', closed_by = ?2, closed_at_us = ?3 WHERE id = ?1",
        &[id.into(), by.into(), at.micros().into()],
    )?;
    tx.query(
        "UPDATE fraud_alert SET state = 'closed', outcome = ?2, note = ?3, closed_by = ?4,
           closed_at_us = ?5, label_owed = ?6
         WHERE case_id = ?1 RETURNING sequence",
        &[
            id.into(),
            (&ending.outcome).into(),
            (&ending.reason).into(),
            by.into(),
            at.micros().into(),
            i64::from(ending.outcome != "unclear").into(),
        ],
        |row| Ok(u64::try_from(row.get_int(0)?).unwrap_or_default()),
    )
}

/// One case.
pub fn find(tx: &mut Tx<'_>, id: u32) -> Result<Option<Case>, StoreError> {
    tx.query_one(
        "SELECT id, title, opened_by, opened_at_us, assignee, outcome, reason, asked_by, closed_by,
           closed_at_us
         FROM fraud_case WHERE id = ?1",
        &[id.into()],
        read,
    )
}

/// At most `limit` cases with a number below `before`, newest first. `state` chooses when it is not
/// empty.
pub fn list(
    tx: &mut Tx<'_>,
    state: &str,
    before: Option<u32>,
    limit: u32,
) -> Result<Vec<Case>, StoreError> {
    tx.query(
        "SELECT id, title, opened_by, opened_at_us, assignee, outcome, reason, asked_by, closed_by,
           closed_at_us
         FROM fraud_case WHERE id < ?1 AND (?2 = '' OR state = ?2) ORDER BY id DESC LIMIT ?3",
        &[before.map_or(i64::MAX, i64::from).into(), state.into(), limit.into()],
        read,
    )
}

fn must_be_open(tx: &mut Tx<'_>, id: u32) -> Result<(), StoreError> {
    let case = find(tx, id)?.ok_or(StoreError::NotFound { what: "case" })?;
    if case.state() == "closed" {
        return Err(StoreError::State { what: "the case is closed: open another" });
    }
    Ok(())
}

fn one(tx: &mut Tx<'_>, id: u32, changed: u64, otherwise: &'static str) -> Result<(), StoreError> {
    if changed == 1 {
        return Ok(());
    }
    match find(tx, id)? {
        Some(_) => Err(StoreError::State { what: otherwise }),
        None => Err(StoreError::NotFound { what: "case" }),
    }
}

fn read(row: &Row<'_>) -> Result<Case, StoreError> {
    let ending = match row.get_optional_text(5)? {
        None => None,
        Some(outcome) => Some(Ending {
            outcome,
            reason: row.get_text(6)?,
            asked_by: row.get_text(7)?,
            closed: match row.get_optional_int(9)? {
                None => None,
                Some(at) => Some((row.get_text(8)?, Instant::from_micros(at))),
            },
        }),
    };
    Ok(Case {
        id: row.get_u32(0)?,
        title: row.get_text(1)?,
        opened_by: row.get_text(2)?,
        opened_at: Instant::from_micros(row.get_int(3)?),
        assignee: row.get_optional_text(4)?,
        ending,
    })
}
