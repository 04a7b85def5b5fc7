//! The access log: a hash chain.
//!
//! Each row holds the SHA-256 of the row before it and of all its own columns. Whoever changes,
//! removes or reorders a row must rewrite every later one and the head; and a rewritten, cut or
//! rolled-back chain no longer has the hash that stands in a checkpoint kept outside of the data
//! folder. The log is appended to in the transaction of the act that it records.

use doldam_ground::Instant;
use sha2::{Digest, Sha256};

use crate::{Row, StoreError, Tx, Value};

/// What an act leaves in the log. It has no `Debug`: purposes are written by people.
pub struct Entry {
    /// When it was done.
    pub at: Instant,
    /// Who did it: a staff name or an operating system account.
    pub actor: String,
    /// From where: `local` or an address.
    pub origin: String,
    /// What was done: `subject.reveal`, `disclosure.issue`, ...
    pub action: &'static str,
    /// On what: an id such as `D-12`, or empty.
    pub object: String,
    /// Why.
    pub purpose: String,
    /// How many subjects it was about.
    pub subject_count: u32,
    /// Whose data, sealed by the vault; `None` when it was nobody's.
    pub sealed_subjects: Option<Vec<u8>>,
}

/// A place in the chain: what a checkpoint outside of the data folder keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Number of the row; rows count from 1, and 0 is the empty chain.
    pub seq: u64,
    /// Hash of that row; zeros for the empty chain.
    pub hash: [u8; 32],
}

impl Head {
    /// The chain before its first row.
    pub const EMPTY: Self = Self { seq: 0, hash: [0; 32] };
}

/// A row of the log, as stored.
pub struct AuditRow {
    /// Number of the row.
    pub seq: u64,
    /// When it was done.
    pub at: Instant,
    /// Who did it.
    pub actor: String,
    /// From where.
    pub origin: String,
    /// What was done.
    pub action: String,
    /// On what.
    pub object: String,
    /// Why.
    pub purpose: String,
    /// How many subjects it was about.
    pub subject_count: u32,
    /// Whose data, sealed.
    pub sealed_subjects: Option<Vec<u8>>,
    /// Hash of the row before.
    pub previous: [u8; 32],
    /// Hash of this row.
    pub hash: [u8; 32],
}

/// What a check of the chain found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every row follows from the one before, up to the head.
    Intact {
        /// Rows that were checked.
        rows: u64,
        /// The newest row.
        head: Head,
    },
    /// The chain does not hold.
    Broken {
        /// The first row that is wrong or missing.
        seq: u64,
        /// What is wrong with it.
        why: Break,
    },
}

/// How a chain can be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// The row at the checkpoint is missing or has another hash: the log was rewritten or rolled
    /// back.
    Checkpoint,
    /// A row is missing.
    Gap,
    /// A row does not name the hash of the row before it.
    Link,
    /// A row's own hash does not fit its columns.
    Content,
    /// The chain ends before or after its head: rows were cut off or added.
    End,
}

const COLUMNS: &str = "seq, at_us, actor, origin, action, object, purpose, subject_count, \
                       subjects, previous, hash";

/// A part of the log by what is wanted, newest first; what is not wanted in particular is empty.
pub(crate) const SEARCH: &str =
    "SELECT seq, at_us, actor, origin, action, object, purpose, subject_count, subjects, previous,
       hash
     FROM audit
     WHERE seq <= ?1 AND seq > ?2 AND (?4 = '' OR actor = ?4) AND (?5 = '' OR action = ?5)
       AND (?6 = '' OR substr(action, 1, length(?6)) = ?6)
       AND (?7 = '' OR replace(' ' || object || ' ', ' ' || ?7 || ' ', '') <> ' ' || object || ' ')
       AND at_us >= ?8 AND at_us < ?9
     ORDER BY seq DESC LIMIT ?3";

/// Appends a row; gives the new head. On PostgreSQL the head's row makes writers queue.
pub fn append(tx: &mut Tx<'_>, entry: &Entry) -> Result<Head, StoreError> {
    let before = head(tx)?;
    let seq = before.seq + 1;
    let number = number(seq)?;
    let hash = hash_of(&Columns {
        seq: number,
        at_us: entry.at.micros(),
        texts: [&entry.actor, &entry.origin, entry.action, &entry.object, &entry.purpose],
        subject_count: i64::from(entry.subject_count),
        subjects: entry.sealed_subjects.as_deref(),
        previous: &before.hash,
    });
    tx.execute(
        "INSERT INTO audit (seq, at_us, actor, origin, action, object, purpose, subject_count,
                            subjects, previous, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        &[
            number.into(),
            entry.at.micros().into(),
            (&entry.actor).into(),
            (&entry.origin).into(),
            entry.action.into(),
            (&entry.object).into(),
            (&entry.purpose).into(),
            entry.subject_count.into(),
            entry.sealed_subjects.as_deref().into(),
            (&before.hash).into(),
            (&hash).into(),
        ],
    )?;
    tx.execute(
        "UPDATE audit_head SET seq = ?1, hash = ?2 WHERE id = 1",
        &[number.into(), (&hash).into()],
    )?;
    tx.logged = Some(entry.object.clone());
    Ok(Head { seq, hash })
}

/// The newest row of the chain.
pub fn head(tx: &mut Tx<'_>) -> Result<Head, StoreError> {
    tx.query_one("SELECT seq, hash FROM audit_head WHERE id = 1", &[], |row| {
        Ok(Head { seq: row_number(row, 0)?, hash: row.get_array(1)? })
    })?
    .ok_or(StoreError::NotFound { what: "head of the access log" })
}

/// The hash of row `seq`, to compare with a checkpoint; `None` when there is no such row.
pub fn hash_at(tx: &mut Tx<'_>, seq: u64) -> Result<Option<[u8; 32]>, StoreError> {
    if seq == 0 {
        return Ok(Some(Head::EMPTY.hash));
    }
    tx.query_one("SELECT hash FROM audit WHERE seq = ?1", &[number(seq)?.into()], |row| {
        row.get_array(0)
    })
}

/// At most `limit` rows after row `after_seq`, oldest first.
pub fn rows(tx: &mut Tx<'_>, after_seq: u64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
    tx.query(
        "SELECT seq, at_us, actor, origin, action, object, purpose, subject_count, subjects,
                previous, hash
         FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2",
        &[number(after_seq)?.into(), limit.into()],
        audit_row,
    )
}

/// What is looked for in the log; `None` is everything.
#[derive(Clone, Default)]
pub struct Wanted {
    /// Who did it, exactly.
    pub actor: Option<String>,
    /// What was done: `subject.reveal`, or all of a noun by a dot at the end: `subject.`.
    pub action: Option<String>,
    /// On what: one of the words of the object, so that `P-1` finds `P-1 C-4` and not `P-12`.
    pub object: Option<String>,
    /// Not earlier than this.
    pub from: Option<Instant>,
    /// Earlier than this.
    pub until: Option<Instant>,
}

/// What was found of it.
pub struct Found {
    /// The rows, newest first.
    pub rows: Vec<AuditRow>,
    /// Where to go on: everything from this row on was looked through. `None` at the first row.
    pub before: Option<u64>,
}

/// How many rows one search looks through. The log has no index but its own order, because every
/// further one would be written by every act; a search of a long log goes on from where it ended.
pub const SEARCHED_MAX: u64 = 200_000;

/// At most `limit` wanted rows before row `before` (or of all), newest first.
pub fn search(
    tx: &mut Tx<'_>,
    wanted: &Wanted,
    before: Option<u64>,
    limit: u32,
) -> Result<Found, StoreError> {
    let newest = head(tx)?.seq;
    let top = before.map_or(newest, |before| before.saturating_sub(1).min(newest));
    let bottom = top.saturating_sub(SEARCHED_MAX);
    let empty = String::new();
    let [actor, action, object] = [&wanted.actor, &wanted.action, &wanted.object]
        .map(|text| text.as_ref().unwrap_or(&empty).as_str());
    let (noun, action) = if action.ends_with('.') { (action, "") } else { ("", action) };
    let values = [
        number(top)?.into(),
        number(bottom)?.into(),
        limit.into(),
        actor.into(),
        action.into(),
        noun.into(),
        object.into(),
        wanted.from.map_or(i64::MIN, Instant::micros).into(),
        wanted.until.map_or(i64::MAX, Instant::micros).into(),
    ];
    let rows = tx.query(SEARCH, &values, audit_row)?;
    let is_full = rows.len() as u64 >= u64::from(limit);
    let reached = rows.last().filter(|_| is_full).map_or(bottom + 1, |row| row.seq);
    Ok(Found { rows, before: (reached > 1).then_some(reached) })
}

fn audit_row(row: &Row<'_>) -> Result<AuditRow, StoreError> {
    Ok(AuditRow {
        seq: row_number(row, 0)?,
        at: Instant::from_micros(row.get_int(1)?),
        actor: row.get_text(2)?,
        origin: row.get_text(3)?,
        action: row.get_text(4)?,
        object: row.get_text(5)?,
        purpose: row.get_text(6)?,
        subject_count: row.get_u32(7)?,
        sealed_subjects: row.get_optional_blob(8)?,
        previous: row.get_array(9)?,
        hash: row.get_array(10)?,
    })
}

/// Checks every row after `from` (the whole chain without it) and that it ends at the head.
///
/// A chain that was rewritten as a whole is only found with a `from` that was kept elsewhere.
pub fn verify(tx: &mut Tx<'_>, from: Option<Head>) -> Result<Verdict, StoreError> {
    let mut at = from.unwrap_or(Head::EMPTY);
    if hash_at(tx, at.seq)? != Some(at.hash) {
        return Ok(Verdict::Broken { seq: at.seq, why: Break::Checkpoint });
    }
    let mut rows = 0;
    let mut broken = None;
    let sql = format!("SELECT {COLUMNS} FROM audit WHERE seq > ?1 ORDER BY seq");
    tx.for_each_text(&sql, &[number(at.seq)?.into()], &mut |row| {
        if broken.is_none() {
            match check_row(row, at) {
                Ok(next) => {
                    at = next;
                    rows += 1;
                }
                Err(why) => broken = Some(why),
            }
        }
        Ok(())
    })?;
    if let Some(why) = broken {
        let seq = at.seq + 1;
        return Ok(Verdict::Broken { seq, why });
    }
    let stated = head(tx)?;
    if stated != at {
        return Ok(Verdict::Broken { seq: stated.seq.min(at.seq) + 1, why: Break::End });
    }
    Ok(Verdict::Intact { rows, head: at })
}

/// Whether `row` is the one that must follow `before`. A column of the wrong type is a wrong
/// content.
fn check_row(row: &Row<'_>, before: Head) -> Result<Head, Break> {
    let content = |_| Break::Content;
    let seq = row_number(row, 0).map_err(content)?;
    if seq != before.seq + 1 {
        return Err(Break::Gap);
    }
    if row.get_blob_ref(9).map_err(content)? != before.hash {
        return Err(Break::Link);
    }
    let subjects = match row.get(8).map_err(content)? {
        Value::Null => None,
        Value::Blob(bytes) => Some(bytes),
        Value::Int(_) | Value::Text(_) => return Err(Break::Content),
    };
    let hash = hash_of(&Columns {
        seq: row.get_int(0).map_err(content)?,
        at_us: row.get_int(1).map_err(content)?,
        texts: [
            row.get_text_ref(2).map_err(content)?,
            row.get_text_ref(3).map_err(content)?,
            row.get_text_ref(4).map_err(content)?,
            row.get_text_ref(5).map_err(content)?,
            row.get_text_ref(6).map_err(content)?,
        ],
        subject_count: row.get_int(7).map_err(content)?,
        subjects,
        previous: &before.hash,
    });
    if row.get_blob_ref(10).map_err(content)? != hash {
        return Err(Break::Content);
    }
    Ok(Head { seq, hash })
}

/// The columns that a hash covers.
struct Columns<'a> {
    seq: i64,
    at_us: i64,
    /// actor, origin, action, object, purpose
    texts: [&'a str; 5],
    subject_count: i64,
    subjects: Option<&'a [u8]>,
    previous: &'a [u8; 32],
}

/// SHA-256 over a name, the previous hash and all columns: numbers as 8 bytes, everything of
/// varying length behind its length, so that no two rows read the same.
fn hash_of(columns: &Columns<'_>) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"doldam audit row 1\0");
    hash.update(columns.previous);
    hash.update(columns.seq.to_be_bytes());
    hash.update(columns.at_us.to_be_bytes());
    for text in columns.texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hash.update(columns.subject_count.to_be_bytes());
    match columns.subjects {
        None => hash.update([0]),
        Some(bytes) => {
            hash.update([1]);
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        }
    }
    hash.finalize().into()
}

fn number(seq: u64) -> Result<i64, StoreError> {
    i64::try_from(seq).map_err(|_| StoreError::NotFound { what: "row of the access log" })
}

fn row_number(row: &Row<'_>, column: usize) -> Result<u64, StoreError> {
    u64::try_from(row.get_int(column)?)
        .map_err(|_| StoreError::Shape { what: "row number of the access log" })
}
