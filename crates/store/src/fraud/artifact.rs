//! Texts that the log names by their hash: schemas, feature sets, rule sets, models.

use doldam_ground::Instant;

use crate::{Row, StoreError, Tx};

/// Something that decisions are made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// BLAKE3-256 of what it is and its body.
    pub version: [u8; 32],
    /// `schema`, `features`, `rules`, `model` or `lists`.
    pub what: String,
    /// What people call it.
    pub name: String,
    /// The text or the model.
    pub body: Vec<u8>,
    /// A staff name, or `shipped`.
    pub made_by: String,
    /// When it was kept.
    pub made_at: Instant,
}

/// Keeps an artifact. One that is kept already stays as it is, with its first name and maker.
pub fn keep(tx: &mut Tx<'_>, new: &Artifact) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO fraud_artifact (version, what, name, body, made_by, made_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        &[
            (&new.version).into(),
            (&new.what).into(),
            (&new.name).into(),
            (&new.body).into(),
            (&new.made_by).into(),
            new.made_at.micros().into(),
        ],
    )
    .map(drop)
}

/// One artifact with its body.
pub fn find(tx: &mut Tx<'_>, version: &[u8; 32]) -> Result<Option<Artifact>, StoreError> {
    tx.query_one(
        "SELECT version, what, name, body, made_by, made_at_us FROM fraud_artifact
         WHERE version = ?1",
        &[version.into()],
        read,
    )
}

/// All of one sort, newest first, without their bodies.
pub fn list(tx: &mut Tx<'_>, what: &str) -> Result<Vec<Artifact>, StoreError> {
    tx.query(
        "SELECT version, what, name, body, made_by, made_at_us FROM fraud_artifact
         WHERE what = ?1 ORDER BY made_at_us DESC, version",
        &[what.into()],
        |row| Ok(Artifact { body: Vec::new(), ..read(row)? }),
    )
}

fn read(row: &Row<'_>) -> Result<Artifact, StoreError> {
    Ok(Artifact {
        version: row.get_array(0)?,
        what: row.get_text(1)?,
        name: row.get_text(2)?,
        body: row.get_blob(3)?,
        made_by: row.get_text(4)?,
        made_at: Instant::from_micros(row.get_int(5)?),
    })
}
