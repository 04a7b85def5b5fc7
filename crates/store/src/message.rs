//! Texts that processors ask us to send, and the texts with holes that they may ask for.
//!
//! A message waits in its own row; once it is on its way, the once-only ledger of notices is what
//! counts: all such notices stand under incident 0, which no incident ever has, so that no question
//! about a leak meets them. A message's values are kept sealed, and only as long as the text may
//! still have to be written.

mod template;

use doldam_ground::Instant;
use doldam_ground::ids::{
    ApiKeyId, DispatchId, IncidentId, MessageId, Ordinal, ProcessorId, TemplateId,
};

use crate::value::{Column, ManySql};
use crate::{Row, StoreError, Tx, notice};

pub use template::{
    NewTemplate, Template, find as template_find, insert as template_insert, list as template_list,
    newest as template_newest,
};

/// The incident under which messages stand in the ledger of notices: none has this number.
pub const NO_INCIDENT: IncidentId = IncidentId::new(0);

/// A message that is asked for. It has no `Debug`: it says who is meant.
#[derive(Clone)]
pub struct NewMessage {
    /// Who asks.
    pub processor: ProcessorId,
    /// By which key.
    pub key: ApiKeyId,
    /// In which text.
    pub template: TemplateId,
    /// Keyed hash of the pseudonym.
    pub target: [u8; 16],
    /// Whom it is for, canaries included; `None` for nobody whom the processor was given.
    pub ordinal: Option<Ordinal>,
    /// The values, sealed for the message's number; `None` where no text will be written.
    pub content: Option<Vec<u8>>,
}

/// A message that is to be sent. It has no `Debug`: it says who is meant.
#[derive(Clone)]
pub struct Waiting {
    /// Its number.
    pub id: MessageId,
    /// Who asked.
    pub processor: ProcessorId,
    /// In which text.
    pub template: TemplateId,
    /// Keyed hash of the pseudonym: the values are sealed for it.
    pub target: [u8; 16],
    /// Whom it is for.
    pub ordinal: Option<Ordinal>,
    /// The values, sealed.
    pub content: Option<Vec<u8>>,
    /// When it was asked for.
    pub created_at: Instant,
}

/// How a message stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Who asked.
    pub processor: ProcessorId,
    /// `queued`, `sending`, `told` or `dropped`.
    pub state: String,
    /// Whether it is for a canary.
    pub is_canary: bool,
    /// The state of its notice, where it got so far.
    pub notice: Option<String>,
    /// When it was asked for.
    pub created_at: Instant,
}

/// The number that the next message gets: its values are sealed for that number.
pub fn next_id(tx: &mut Tx<'_>) -> Result<MessageId, StoreError> {
    let id =
        tx.query_one("SELECT coalesce(max(id), 0) + 1 FROM message", &[], |row| row.get_u32(0))?;
    Ok(MessageId::new(id.unwrap_or(1)))
}

/// Writes a message down.
///
/// Fails with [`StoreError::State`] when the key does not work any more: a cut that came meanwhile
/// finds either this message or no key.
pub fn insert(
    tx: &mut Tx<'_>,
    id: MessageId,
    new: &NewMessage,
    now: Instant,
) -> Result<(), StoreError> {
    let works = tx.query_one(
        "SELECT 1 FROM api_key
         WHERE id = ?1 AND processor_id = ?2 AND revoked_at_us IS NULL AND expires_at_us > ?3",
        &[new.key.number().into(), new.processor.number().into(), now.micros().into()],
        |_| Ok(()),
    )?;
    if works.is_none() {
        return Err(StoreError::State { what: "the key does not work any more" });
    }
    tx.execute(
        "INSERT INTO message (id, processor_id, api_key_id, template_id, target, ordinal, content,
           state, outcome, dispatch_id, created_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'queued', NULL, NULL, ?8)",
        &[
            id.number().into(),
            new.processor.number().into(),
            new.key.number().into(),
            new.template.number().into(),
            (&new.target).into(),
            new.ordinal.map(Ordinal::number).into(),
            new.content.as_ref().into(),
            now.micros().into(),
        ],
    )
    .map(drop)
}

pub(crate) const OF_TARGET: &str = "SELECT COUNT(*) FROM message
     WHERE processor_id = ?1 AND target = ?2 AND created_at_us > ?3";
pub(crate) const OF_DAY: &str =
    "SELECT COUNT(*) FROM message WHERE processor_id = ?1 AND created_at_us > ?2";
pub(crate) const OF_PERSON: &str = "SELECT COUNT(*) FROM message
     WHERE ordinal = ?1 AND created_at_us > ?2 AND state IN ('sending', 'told')";

/// How many messages a processor asked for since a moment: to the person of this target, and in
/// all.
pub fn asked_since(
    tx: &mut Tx<'_>,
    processor: ProcessorId,
    target: &[u8; 16],
    since: Instant,
) -> Result<(u64, u64), StoreError> {
    let number = processor.number();
    let of_target =
        tx.query_one(OF_TARGET, &[number.into(), target.into(), since.micros().into()], count)?;
    let of_day = tx.query_one(OF_DAY, &[number.into(), since.micros().into()], count)?;
    Ok((of_target.unwrap_or(0), of_day.unwrap_or(0)))
}

/// How many texts a person was sent, or is being sent, that were asked for since a moment.
pub fn sent_since(tx: &mut Tx<'_>, ordinal: Ordinal, since: Instant) -> Result<u64, StoreError> {
    let values = [ordinal.number().into(), since.micros().into()];
    Ok(tx.query_one(OF_PERSON, &values, count)?.unwrap_or(0))
}

fn count(row: &Row<'_>) -> Result<u64, StoreError> {
    Ok(row.get_int(0)?.cast_unsigned())
}

pub(crate) const QUEUED: &str =
    "SELECT id, processor_id, template_id, ordinal, content, created_at_us, target FROM message
     WHERE state = 'queued' AND id > ?1 ORDER BY id LIMIT ?2";

/// Messages that wait, behind `after`, at most `limit`, oldest first.
pub fn queued(tx: &mut Tx<'_>, after: u32, limit: u32) -> Result<Vec<Waiting>, StoreError> {
    tx.query(QUEUED, &[after.into(), limit.into()], waiting)
}

pub(crate) const SENDING: &str = "SELECT DISTINCT dispatch_id FROM message WHERE state = 'sending'";

/// The sendings that have messages which are not told yet.
pub fn unfinished(tx: &mut Tx<'_>) -> Result<Vec<DispatchId>, StoreError> {
    let mut found = tx.query(SENDING, &[], |row| row.get_u32(0).map(DispatchId::new))?;
    found.sort_unstable();
    Ok(found)
}

/// The messages of a sending that are not told yet, by number.
pub fn of_dispatch(tx: &mut Tx<'_>, dispatch: DispatchId) -> Result<Vec<Waiting>, StoreError> {
    tx.query(
        "SELECT id, processor_id, template_id, ordinal, content, created_at_us, target FROM message
         WHERE state = 'sending' AND dispatch_id = ?1 ORDER BY id",
        &[dispatch.number().into()],
        waiting,
    )
}

fn waiting(row: &Row<'_>) -> Result<Waiting, StoreError> {
    Ok(Waiting {
        id: MessageId::new(row.get_u32(0)?),
        processor: ProcessorId::new(row.get_u32(1)?),
        template: TemplateId::new(row.get_u32(2)?),
        ordinal: ordinal(row.get_optional_int(3)?)?,
        content: row.get_optional_blob(4)?,
        created_at: Instant::from_micros(row.get_int(5)?),
        target: row.get_array(6)?,
    })
}

fn ordinal(number: Option<i64>) -> Result<Option<Ordinal>, StoreError> {
    let wrong = |_| StoreError::Shape { what: "person of a message" };
    number.map(|number| u32::try_from(number).map(Ordinal::new).map_err(wrong)).transpose()
}

/// Puts messages into a sending, and plans a notice for each person among them.
pub fn take(
    tx: &mut Tx<'_>,
    dispatch: DispatchId,
    ids: &[MessageId],
    people: &[Ordinal],
) -> Result<(), StoreError> {
    const SQL: ManySql = ManySql {
        sqlite: "UPDATE message SET state = 'sending', dispatch_id = ?2
                 WHERE id = ?1 AND state = 'queued'",
        postgres: "UPDATE message SET state = 'sending', dispatch_id = ?2
                   FROM unnest(?1) AS u(id) WHERE message.id = u.id AND state = 'queued'",
    };
    let numbers: Vec<i64> = ids.iter().map(|id| i64::from(id.number())).collect();
    let columns = [Column::Int(&numbers), Column::SameInt(i64::from(dispatch.number()))];
    tx.execute_many(&SQL, &columns)?;
    if !people.is_empty() {
        notice::plan(tx, dispatch, people)?;
    }
    Ok(())
}

/// Gives messages up before they are sent; their values are gone.
pub fn drop_queued(tx: &mut Tx<'_>, ids: &[MessageId], outcome: &str) -> Result<u64, StoreError> {
    const SQL: ManySql = ManySql {
        sqlite: "UPDATE message SET state = 'dropped', outcome = ?2, content = NULL
                 WHERE id = ?1 AND state = 'queued'",
        postgres: "UPDATE message SET state = 'dropped', outcome = ?2, content = NULL
                   FROM unnest(?1) AS u(id) WHERE message.id = u.id AND state = 'queued'",
    };
    if ids.is_empty() {
        return Ok(0);
    }
    let numbers: Vec<i64> = ids.iter().map(|id| i64::from(id.number())).collect();
    tx.execute_many(&SQL, &[Column::Int(&numbers), Column::SameText(outcome)])
}

/// Ends everything of a processor that is not on the wire: what waits is dropped, and what is
/// planned in a sending is not sent any more. Gives how many texts that were.
pub fn cut(tx: &mut Tx<'_>, processor: ProcessorId, now: Instant) -> Result<u64, StoreError> {
    let planned = tx.execute(
        "UPDATE notice SET state = 'failed', outcome = 'cut', ended_at_us = ?2
         WHERE incident_id = 0 AND state = 'planned' AND EXISTS (
           SELECT 1 FROM message m
           WHERE m.processor_id = ?1 AND m.state = 'sending' AND m.ordinal = notice.ordinal
             AND m.dispatch_id = notice.dispatch_id)",
        &[processor.number().into(), now.micros().into()],
    )?;
    let queued = tx.execute(
        "UPDATE message SET state = 'dropped', outcome = 'cut', content = NULL
         WHERE processor_id = ?1 AND state = 'queued'",
        &[processor.number().into()],
    )?;
    Ok(planned + queued)
}

/// Notes which messages of a sending are told: their notice is beyond the point at which the text
/// would be written again. Their values are gone. Messages to nobody go with them. Gives how many
/// are left.
pub fn settle(tx: &mut Tx<'_>, dispatch: DispatchId) -> Result<u64, StoreError> {
    tx.execute(
        "UPDATE message SET state = 'told', content = NULL
         WHERE state = 'sending' AND dispatch_id = ?1 AND NOT EXISTS (
           SELECT 1 FROM notice n
           WHERE n.incident_id = 0 AND n.ordinal = message.ordinal AND n.dispatch_id = ?1
             AND n.state IN ('planned', 'intent'))",
        &[dispatch.number().into()],
    )?;
    let left = tx.query_one(
        "SELECT COUNT(*) FROM message WHERE state = 'sending' AND dispatch_id = ?1",
        &[dispatch.number().into()],
        count,
    )?;
    Ok(left.unwrap_or(0))
}

/// The newest sending of a gateway that has messages and of which a receipt may still come; only
/// those that were opened since a moment are looked at.
pub fn listening(
    tx: &mut Tx<'_>,
    gateway: &str,
    since: Instant,
) -> Result<Option<DispatchId>, StoreError> {
    tx.query_one(
        "SELECT d.id FROM dispatch d
         WHERE d.incident_id = 0 AND d.gateway = ?1 AND d.state = 'open' AND d.created_at_us > ?2
           AND EXISTS (SELECT 1 FROM notice n
                       WHERE n.dispatch_id = d.id AND n.state IN ('accepted', 'in_doubt'))
         ORDER BY d.id DESC LIMIT 1",
        &[gateway.into(), since.micros().into()],
        |row| row.get_u32(0).map(DispatchId::new),
    )
}

/// How a message stands.
pub fn find(tx: &mut Tx<'_>, id: MessageId) -> Result<Option<Standing>, StoreError> {
    tx.query_one(
        "SELECT m.processor_id, m.state, m.ordinal, n.state, m.created_at_us
         FROM message m LEFT JOIN notice n
           ON n.incident_id = 0 AND n.ordinal = m.ordinal AND n.dispatch_id = m.dispatch_id
         WHERE m.id = ?1",
        &[id.number().into()],
        |row| {
            Ok(Standing {
                processor: ProcessorId::new(row.get_u32(0)?),
                state: row.get_text(1)?,
                is_canary: ordinal(row.get_optional_int(2)?)?.is_some_and(Ordinal::is_canary),
                notice: row.get_optional_text(3)?,
                created_at: Instant::from_micros(row.get_int(4)?),
            })
        },
    )
}
