//! Texts with holes, each registered for one processor and agreed to by a second person.

use doldam_ground::Instant;
use doldam_ground::ids::{ApprovalId, ProcessorId, TemplateId};

use crate::{Row, StoreError, Tx};

/// A text that is to be registered.
#[derive(Clone, Debug)]
pub struct NewTemplate {
    /// Who may use it.
    pub processor: ProcessorId,
    /// How it is asked for.
    pub name: String,
    /// JSON: the text of each language.
    pub texts: String,
    /// JSON: addresses and telephone numbers that it may name.
    pub allowed: String,
    /// SHA-256 of what is to be agreed to.
    pub digest: [u8; 32],
    /// The request for a second person's consent.
    pub approval: ApprovalId,
}

/// A text as it is kept.
#[derive(Clone, Debug)]
pub struct Template {
    /// Its number.
    pub id: TemplateId,
    /// Counts the texts of that name.
    pub version: u32,
    /// What was registered.
    pub held: NewTemplate,
    /// Whether a second person agreed.
    pub is_agreed: bool,
    /// When it was registered.
    pub created_at: Instant,
}

macro_rules! templates_where {
    ($condition:literal) => {
        concat!(
            "SELECT t.id, t.version, t.processor_id, t.name, t.texts, t.allowed, t.digest,
               t.approval_id, a.approved_by, t.created_at_us
             FROM message_template t LEFT JOIN approval a ON a.id = t.approval_id WHERE ",
            $condition
        )
    };
}

fn template(row: &Row<'_>) -> Result<Template, StoreError> {
    Ok(Template {
        id: TemplateId::new(row.get_u32(0)?),
        version: row.get_u32(1)?,
        held: NewTemplate {
            processor: ProcessorId::new(row.get_u32(2)?),
            name: row.get_text(3)?,
            texts: row.get_text(4)?,
            allowed: row.get_text(5)?,
            digest: row.get_array(6)?,
            approval: ApprovalId::new(row.get_u32(7)?),
        },
        is_agreed: row.get_optional_int(8)?.is_some(),
        created_at: Instant::from_micros(row.get_int(9)?),
    })
}

/// Registers a text: the next version of its name.
pub fn insert(
    tx: &mut Tx<'_>,
    new: &NewTemplate,
    now: Instant,
) -> Result<(TemplateId, u32), StoreError> {
    let id = tx
        .query_one("SELECT coalesce(max(id), 0) + 1 FROM message_template", &[], |row| {
            row.get_u32(0)
        })?
        .unwrap_or(1);
    let version = tx
        .query_one(
            "SELECT coalesce(max(version), 0) + 1 FROM message_template
             WHERE processor_id = ?1 AND name = ?2",
            &[new.processor.number().into(), (&new.name).into()],
            |row| row.get_u32(0),
        )?
        .unwrap_or(1);
    tx.execute(
        "INSERT INTO message_template (id, processor_id, name, version, texts, allowed, digest,
           approval_id, created_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[
            id.into(),
            new.processor.number().into(),
            (&new.name).into(),
            version.into(),
            (&new.texts).into(),
            (&new.allowed).into(),
            (&new.digest).into(),
            new.approval.number().into(),
            now.micros().into(),
        ],
    )?;
    Ok((TemplateId::new(id), version))
}

/// One text.
pub fn find(tx: &mut Tx<'_>, id: TemplateId) -> Result<Option<Template>, StoreError> {
    tx.query_one(templates_where!("t.id = ?1"), &[id.number().into()], template)
}

/// The newest text of a name that a second person agreed to.
pub fn newest(
    tx: &mut Tx<'_>,
    processor: ProcessorId,
    name: &str,
) -> Result<Option<Template>, StoreError> {
    tx.query_one(
        templates_where!(
            "t.processor_id = ?1 AND t.name = ?2 AND a.approved_by IS NOT NULL
             ORDER BY t.version DESC LIMIT 1"
        ),
        &[processor.number().into(), name.into()],
        template,
    )
}

/// All texts of a processor, by number.
pub fn list(tx: &mut Tx<'_>, processor: ProcessorId) -> Result<Vec<Template>, StoreError> {
    tx.query(
        templates_where!("t.processor_id = ?1 ORDER BY t.id"),
        &[processor.number().into()],
        template,
    )
}
