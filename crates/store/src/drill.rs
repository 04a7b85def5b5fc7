//! Rehearsals: what each came to, to be compared with earlier ones.

use doldam_ground::Instant;

use crate::{Row, StoreError, Tx};

/// A rehearsal that was run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDrill {
    /// `none` or `some`: how the drill's own gateway behaved.
    pub trouble: String,
    /// JSON of counts and durations.
    pub outcome: String,
    /// Who ordered it.
    pub ordered_by: String,
    /// When it began.
    pub started_at: Instant,
}

/// A rehearsal with its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drill {
    /// Counts up from 1.
    pub id: u32,
    /// What was run.
    pub run: NewDrill,
}

/// Keeps what a rehearsal came to; gives its number.
pub fn insert(tx: &mut Tx<'_>, run: &NewDrill) -> Result<u32, StoreError> {
    tx.query_one(
        "INSERT INTO drill (id, trouble, outcome, ordered_by, started_at_us)
         VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM drill), ?1, ?2, ?3, ?4)
         RETURNING id",
        &[
            (&run.trouble).into(),
            (&run.outcome).into(),
            (&run.ordered_by).into(),
            run.started_at.micros().into(),
        ],
        |row| row.get_u32(0),
    )?
    .ok_or(StoreError::NotFound { what: "drill" })
}

/// One rehearsal.
pub fn find(tx: &mut Tx<'_>, id: u32) -> Result<Option<Drill>, StoreError> {
    tx.query_one(
        "SELECT id, trouble, outcome, ordered_by, started_at_us FROM drill WHERE id = ?1",
        &[id.into()],
        read,
    )
}

/// Rehearsals below the number `before`, or all, at most `limit`, newest first.
pub fn list(tx: &mut Tx<'_>, before: Option<u32>, limit: u32) -> Result<Vec<Drill>, StoreError> {
    tx.query(
        "SELECT id, trouble, outcome, ordered_by, started_at_us FROM drill WHERE id < ?1
         ORDER BY id DESC LIMIT ?2",
        &[before.map_or(i64::MAX, i64::from).into(), limit.into()],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<Drill, StoreError> {
    Ok(Drill {
        id: row.get_u32(0)?,
        run: NewDrill {
            trouble: row.get_text(1)?,
            outcome: row.get_text(2)?,
            ordered_by: row.get_text(3)?,
            started_at: Instant::from_micros(row.get_int(4)?),
        },
    })
}
