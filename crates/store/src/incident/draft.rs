//! Notices before they are sent: `draft → previewed → approved → sending → sent`, or `dropped`.
//!
//! A draft's words never change: whoever wants other words writes another draft. So an approval,
//! which holds the digest of what was seen, can only ever mean those words.

use doldam_ground::Instant;
use doldam_ground::ids::{DispatchId, IncidentId, StaffId};

use super::next;
use crate::{Row, StoreError, Tx};

/// How far a draft is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftState {
    /// Written.
    Draft,
    /// Somebody looked at it as it will be sent.
    Previewed,
    /// Two people who did not write it agreed.
    Approved,
    /// Its sending is open.
    Sending,
    /// Its sending is closed: nobody is planned or in doubt.
    Sent,
    /// Given up before it was sent.
    Dropped,
}

impl DraftState {
    /// The word in the table.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Previewed => "previewed",
            Self::Approved => "approved",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Dropped => "dropped",
        }
    }

    fn parse(text: &str) -> Result<Self, StoreError> {
        let all = [
            Self::Draft,
            Self::Previewed,
            Self::Approved,
            Self::Sending,
            Self::Sent,
            Self::Dropped,
        ];
        let found = all.into_iter().find(|state| state.code() == text);
        found.ok_or(StoreError::Shape { what: "state of a draft" })
    }

    /// Whether a draft may move from this state to `next`.
    const fn leads_to(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Draft, Self::Previewed | Self::Dropped)
                | (Self::Previewed, Self::Approved | Self::Dropped)
                | (Self::Approved, Self::Sending | Self::Dropped)
                | (Self::Sending, Self::Sent)
        )
    }
}

/// The words of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDraft {
    /// `first`, `supplement`, `retraction`, ...
    pub stage: String,
    /// Id of the rule table's row that it fulfils.
    pub duty: String,
    /// Name of the template.
    pub template: String,
    /// JSON: the text of each language.
    pub texts: String,
    /// SHA-256 over stage, duty, template and texts.
    pub digest: [u8; 32],
    /// Who wrote it.
    pub author: StaffId,
}

/// A draft as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Counts the drafts of the incident from 1.
    pub seq: u32,
    /// Its words.
    pub written: NewDraft,
    /// How far it is.
    pub state: DraftState,
    /// When it was written.
    pub drafted_at: Instant,
    /// Its sending, once there is one.
    pub dispatch: Option<DispatchId>,
}

/// Who agreed to a draft, to which words, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Who.
    pub staff: StaffId,
    /// The digest of what they saw.
    pub digest: [u8; 32],
    /// When.
    pub approved_at: Instant,
}

/// Writes a draft; gives its number.
pub fn insert(
    tx: &mut Tx<'_>,
    incident: IncidentId,
    draft: &NewDraft,
    now: Instant,
) -> Result<u32, StoreError> {
    let seq = next(
        tx,
        "SELECT coalesce(max(seq), 0) + 1 FROM notice_draft WHERE incident_id = ?1",
        incident,
    )?;
    tx.execute(
        "INSERT INTO notice_draft (incident_id, seq, stage, duty, template, texts, digest, author,
           state, drafted_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'draft', ?9)",
        &[
            incident.number().into(),
            seq.into(),
            (&draft.stage).into(),
            (&draft.duty).into(),
            (&draft.template).into(),
            (&draft.texts).into(),
            (&draft.digest).into(),
            draft.author.number().into(),
            now.micros().into(),
        ],
    )?;
    Ok(seq)
}

/// One draft.
pub fn find(tx: &mut Tx<'_>, incident: IncidentId, seq: u32) -> Result<Option<Draft>, StoreError> {
    tx.query_one(
        "SELECT seq, stage, duty, template, texts, digest, author, state, drafted_at_us, dispatch_id
         FROM notice_draft WHERE incident_id = ?1 AND seq = ?2",
        &[incident.number().into(), seq.into()],
        read_draft,
    )
}

/// All drafts of an incident, oldest first.
pub fn list(tx: &mut Tx<'_>, incident: IncidentId) -> Result<Vec<Draft>, StoreError> {
    tx.query(
        "SELECT seq, stage, duty, template, texts, digest, author, state, drafted_at_us, dispatch_id
         FROM notice_draft WHERE incident_id = ?1 ORDER BY seq",
        &[incident.number().into()],
        read_draft,
    )
}

fn read_draft(row: &Row<'_>) -> Result<Draft, StoreError> {
    let dispatch = row.get_optional_int(9)?.map(u32::try_from).transpose();
    Ok(Draft {
        seq: row.get_u32(0)?,
        written: NewDraft {
            stage: row.get_text(1)?,
            duty: row.get_text(2)?,
            template: row.get_text(3)?,
            texts: row.get_text(4)?,
            digest: row.get_array(5)?,
            author: StaffId::new(row.get_u32(6)?),
        },
        state: DraftState::parse(row.get_text_ref(7)?)?,
        drafted_at: Instant::from_micros(row.get_int(8)?),
        dispatch: dispatch
            .map_err(|_| StoreError::Shape { what: "dispatch of a draft" })?
            .map(DispatchId::new),
    })
}

/// Moves a draft one step on. `dispatch` is set by the step to [`DraftState::Sending`] only.
///
/// Fails with [`StoreError::State`] when that step does not follow from where the draft is.
pub fn advance(
    tx: &mut Tx<'_>,
    incident: IncidentId,
    seq: u32,
    to: DraftState,
    dispatch: Option<DispatchId>,
    now: Instant,
) -> Result<(), StoreError> {
    let found = find(tx, incident, seq)?.ok_or(NO_DRAFT)?;
    if !found.state.leads_to(to) || (to == DraftState::Sending) != dispatch.is_some() {
        return Err(StoreError::State { what: "the draft is not at that step: look at its state" });
    }
    let previewed_us = (to == DraftState::Previewed).then(|| now.micros());
    tx.execute(
        "UPDATE notice_draft
         SET state = ?3, previewed_at_us = COALESCE(?4, previewed_at_us),
             dispatch_id = COALESCE(?5, dispatch_id)
         WHERE incident_id = ?1 AND seq = ?2",
        &[
            incident.number().into(),
            seq.into(),
            to.code().into(),
            previewed_us.into(),
            dispatch.map(DispatchId::number).into(),
        ],
    )
    .map(drop)
}

/// Notes that somebody agreed to a draft. The rooms above decide who may.
///
/// Fails with [`StoreError::Constraint`] when they agreed already.
pub fn approve(
    tx: &mut Tx<'_>,
    incident: IncidentId,
    seq: u32,
    approval: &Approval,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO notice_approval (incident_id, draft_seq, staff_id, digest, approved_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        &[
            incident.number().into(),
            seq.into(),
            approval.staff.number().into(),
            (&approval.digest).into(),
            approval.approved_at.micros().into(),
        ],
    )
    .map(drop)
}

/// Who agreed to a draft, by staff number.
pub fn approvals(
    tx: &mut Tx<'_>,
    incident: IncidentId,
    seq: u32,
) -> Result<Vec<Approval>, StoreError> {
    tx.query(
        "SELECT staff_id, digest, approved_at_us FROM notice_approval
         WHERE incident_id = ?1 AND draft_seq = ?2 ORDER BY staff_id",
        &[incident.number().into(), seq.into()],
        |row| {
            Ok(Approval {
                staff: StaffId::new(row.get_u32(0)?),
                digest: row.get_array(1)?,
                approved_at: Instant::from_micros(row.get_int(2)?),
            })
        },
    )
}

const NO_DRAFT: StoreError = StoreError::NotFound { what: "draft of a notice" };
