//! Disclosures, the canaries that were planted in them and the markers that give them away.

use doldam_ground::Instant;
use doldam_ground::ids::{DisclosureId, Handle, Ordinal, ProcessorId};

use crate::subject::Digests;
use crate::value::{Column, Insert, Lookup};
use crate::{Row, StoreError, Tx};

/// One act of giving data, as it is kept.
#[derive(Clone)]
pub struct Disclosure {
    /// Its number.
    pub id: DisclosureId,
    /// To whom.
    pub processor: ProcessorId,
    /// For what.
    pub purpose: String,
    /// JSON list of the fields and their forms.
    pub fields: String,
    /// issued or recorded.
    pub origin: String,
    /// prepared or given.
    pub state: String,
    /// When it was given.
    pub given_at: Instant,
    /// When it must be returned.
    pub return_by: Option<Instant>,
    /// Real subjects in it.
    pub subject_count: u32,
    /// Canaries in it.
    pub canary_count: u32,
    /// Rows that were none of our subjects.
    pub stray_count: u32,
    /// Serialised roaring bitmap of ordinals.
    pub members: Vec<u8>,
    /// Ordinals in file order, u32 little endian.
    pub row_order: Vec<u8>,
    /// The signed JSON text.
    pub manifest: String,
    /// Ed25519 over the manifest.
    pub signature: Vec<u8>,
}

/// The number that the next disclosure gets.
pub fn next_id(tx: &mut Tx<'_>) -> Result<DisclosureId, StoreError> {
    let id =
        tx.query_one("SELECT coalesce(max(id), 0) + 1 FROM disclosure", &[], |row| row.get_u32(0))?;
    Ok(DisclosureId::new(id.unwrap_or(1)))
}

/// Writes a disclosure. Fails with a conflict when its number is taken: begin again.
pub fn insert(tx: &mut Tx<'_>, row: &Disclosure) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO disclosure (id, processor_id, purpose, fields, origin, state, given_at_us,
           return_by_us, subject_count, canary_count, stray_count, members, row_order, manifest,
           signature)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        &[
            row.id.number().into(),
            row.processor.number().into(),
            (&row.purpose).into(),
            (&row.fields).into(),
            (&row.origin).into(),
            (&row.state).into(),
            row.given_at.micros().into(),
            row.return_by.map(Instant::micros).into(),
            row.subject_count.into(),
            row.canary_count.into(),
            row.stray_count.into(),
            (&row.members).into(),
            (&row.row_order).into(),
            (&row.manifest).into(),
            (&row.signature).into(),
        ],
    )
    .map(drop)
}

/// Notes that a prepared disclosure has left the house. Safe to repeat.
pub fn mark_given(tx: &mut Tx<'_>, id: DisclosureId, now: Instant) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE disclosure SET state = 'given', given_at_us = ?2
         WHERE id = ?1 AND state = 'prepared'",
        &[id.number().into(), now.micros().into()],
    )
    .map(drop)
}

/// All disclosures, by number.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Disclosure>, StoreError> {
    tx.query(
        "SELECT id, processor_id, purpose, fields, origin, state, given_at_us, return_by_us,
           subject_count, canary_count, stray_count, members, row_order, manifest, signature
         FROM disclosure ORDER BY id",
        &[],
        disclosure,
    )
}

/// The lists of fields of all disclosures, by number: without the people, who are most of a row.
pub fn fields(tx: &mut Tx<'_>) -> Result<Vec<(DisclosureId, String)>, StoreError> {
    tx.query("SELECT id, fields FROM disclosure ORDER BY id", &[], |row| {
        Ok((DisclosureId::new(row.get_u32(0)?), row.get_text(1)?))
    })
}

/// One disclosure.
pub fn find(tx: &mut Tx<'_>, id: DisclosureId) -> Result<Option<Disclosure>, StoreError> {
    tx.query_one(
        "SELECT id, processor_id, purpose, fields, origin, state, given_at_us, return_by_us,
           subject_count, canary_count, stray_count, members, row_order, manifest, signature
         FROM disclosure WHERE id = ?1",
        &[id.number().into()],
        disclosure,
    )
}

/// A disclosure without its bitmap, order and manifest, which are as large as its file has rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Its number.
    pub id: DisclosureId,
    /// To whom.
    pub processor: ProcessorId,
    /// For what.
    pub purpose: String,
    /// JSON list of the fields and their forms.
    pub fields: String,
    /// issued or recorded.
    pub origin: String,
    /// prepared or given.
    pub state: String,
    /// When it was given.
    pub given_at: Instant,
    /// When it must be returned.
    pub return_by: Option<Instant>,
    /// Real subjects in it.
    pub subject_count: u32,
    /// Canaries in it.
    pub canary_count: u32,
    /// Rows that were none of our subjects.
    pub stray_count: u32,
}

impl Disclosure {
    /// What is left of it without its bitmap, order and manifest.
    pub fn summary(&self) -> Summary {
        Summary {
            id: self.id,
            processor: self.processor,
            purpose: self.purpose.clone(),
            fields: self.fields.clone(),
            origin: self.origin.clone(),
            state: self.state.clone(),
            given_at: self.given_at,
            return_by: self.return_by,
            subject_count: self.subject_count,
            canary_count: self.canary_count,
            stray_count: self.stray_count,
        }
    }
}

/// All disclosures without their bitmaps, by number: for lists.
pub fn summaries(tx: &mut Tx<'_>) -> Result<Vec<Summary>, StoreError> {
    tx.query(
        "SELECT id, processor_id, purpose, fields, origin, state, given_at_us, return_by_us,
           subject_count, canary_count, stray_count
         FROM disclosure ORDER BY id",
        &[],
        |row| {
            Ok(Summary {
                id: DisclosureId::new(row.get_u32(0)?),
                processor: ProcessorId::new(row.get_u32(1)?),
                purpose: row.get_text(2)?,
                fields: row.get_text(3)?,
                origin: row.get_text(4)?,
                state: row.get_text(5)?,
                given_at: Instant::from_micros(row.get_int(6)?),
                return_by: row.get_optional_int(7)?.map(Instant::from_micros),
                subject_count: row.get_u32(8)?,
                canary_count: row.get_u32(9)?,
                stray_count: row.get_u32(10)?,
            })
        },
    )
}

/// The recorded hand-over to a processor whose file had this SHA-256, hexadecimal; the first one.
pub fn recorded_file(
    tx: &mut Tx<'_>,
    processor: ProcessorId,
    sha256: &str,
) -> Result<Option<DisclosureId>, StoreError> {
    let mark = format!("%\"{sha256}\"%");
    tx.query_one(
        "SELECT id FROM disclosure
         WHERE processor_id = ?1 AND origin = 'recorded' AND manifest LIKE ?2 ORDER BY id LIMIT 1",
        &[processor.number().into(), mark.as_str().into()],
        |row| row.get_u32(0).map(DisclosureId::new),
    )
}

fn disclosure(row: &Row<'_>) -> Result<Disclosure, StoreError> {
    Ok(Disclosure {
        id: DisclosureId::new(row.get_u32(0)?),
        processor: ProcessorId::new(row.get_u32(1)?),
        purpose: row.get_text(2)?,
        fields: row.get_text(3)?,
        origin: row.get_text(4)?,
        state: row.get_text(5)?,
        given_at: Instant::from_micros(row.get_int(6)?),
        return_by: row.get_optional_int(7)?.map(Instant::from_micros),
        subject_count: row.get_u32(8)?,
        canary_count: row.get_u32(9)?,
        stray_count: row.get_u32(10)?,
        members: row.get_blob(11)?,
        row_order: row.get_blob(12)?,
        manifest: row.get_text(13)?,
        signature: row.get_blob(14)?,
    })
}

/// Canaries to be written, one a row.
#[derive(Clone, Default)]
pub struct Canaries {
    /// From [`Ordinal::CANARY_BASE`] up.
    pub ordinals: Vec<i64>,
    /// Random handles.
    pub handles: Vec<i64>,
    /// Their sealed invented attributes.
    pub sealed: Vec<Vec<u8>>,
}

/// The first canary ordinal that is free.
pub fn canary_end(tx: &mut Tx<'_>) -> Result<u32, StoreError> {
    let last =
        tx.query_one("SELECT max(ordinal) FROM canary", &[], |row| row.get_optional_int(0))?;
    let end = last.flatten().map_or(i64::from(Ordinal::CANARY_BASE), |last| last + 1);
    u32::try_from(end).map_err(|_| StoreError::Shape { what: "number of canaries" })
}

/// Writes the canaries of a disclosure.
pub fn insert_canaries(
    tx: &mut Tx<'_>,
    disclosure: DisclosureId,
    canaries: &Canaries,
) -> Result<(), StoreError> {
    const INTO: Insert = Insert {
        table: "canary",
        columns: &["ordinal", "handle", "disclosure_id", "sealed"],
        conflict: "",
    };
    let columns = [
        Column::Int(&canaries.ordinals),
        Column::Int(&canaries.handles),
        Column::SameInt(i64::from(disclosure.number())),
        Column::Blob(&canaries.sealed),
    ];
    tx.insert_many(&INTO, &columns).map(drop)
}

/// All canaries: ordinal, handle, disclosure.
pub fn canaries(tx: &mut Tx<'_>) -> Result<Vec<(Ordinal, Handle, DisclosureId)>, StoreError> {
    tx.query("SELECT ordinal, handle, disclosure_id FROM canary ORDER BY ordinal", &[], |row| {
        Ok((
            Ordinal::new(row.get_u32(0)?),
            Handle::new(row.get_int(1)?.cast_unsigned()),
            DisclosureId::new(row.get_u32(2)?),
        ))
    })
}

/// Writes markers of a disclosure: values of canaries, and of strange rows (no ordinal).
pub fn insert_markers(
    tx: &mut Tx<'_>,
    disclosure: DisclosureId,
    digests: &Digests,
    ordinals: &[Option<i64>],
) -> Result<(), StoreError> {
    const INTO: Insert = Insert {
        table: "marker_index",
        columns: &["kind", "digest", "disclosure_id", "ordinal"],
        conflict: "ON CONFLICT (kind, digest, disclosure_id) DO NOTHING",
    };
    if digests.is_empty() {
        return Ok(());
    }
    let columns = [
        Column::Int(&digests.kinds),
        Column::Digest(&digests.digests),
        Column::SameInt(i64::from(disclosure.number())),
        Column::OptionalInt(ordinals),
    ];
    tx.insert_many(&INTO, &columns).map(drop)
}

pub(crate) const MARKER: Lookup = Lookup {
    sqlite: "SELECT disclosure_id, ordinal FROM marker_index
             WHERE kind = ?1 AND digest = ?2 ORDER BY disclosure_id",
    postgres: "SELECT u.row, m.disclosure_id, m.ordinal
               FROM unnest(?1, ?2) WITH ORDINALITY AS u(kind, digest, row)
               JOIN marker_index m ON m.kind = u.kind AND m.digest = u.digest
               ORDER BY u.row, m.disclosure_id",
};

/// Which markers these values are. `visit` gets the row of the question, the disclosure, and the
/// canary or nothing for a strange row.
pub fn find_markers(
    tx: &mut Tx<'_>,
    digests: &Digests,
    visit: &mut dyn FnMut(usize, DisclosureId, Option<Ordinal>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let columns = [Column::Int(&digests.kinds), Column::Digest(&digests.digests)];
    tx.lookup_many(&MARKER, &columns, &mut |place, row| {
        let canary = row.get_optional_int(1)?.and_then(|number| u32::try_from(number).ok());
        let canary = canary.map(Ordinal::new);
        visit(place, DisclosureId::new(row.get_u32(0)?), canary)
    })
}

/// Whether there are any markers at all: most installations can skip the question.
pub fn has_markers(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    let found = tx.query_one("SELECT 1 FROM marker_index LIMIT 1", &[], |_| Ok(()))?;
    Ok(found.is_some())
}
