//! Notices to the people who are hit: drafted, agreed to, sent once.

pub(crate) mod approve;
pub(crate) mod break_glass;
pub(crate) mod create;
pub(crate) mod drop;
pub(crate) mod finish;
pub(crate) mod in_doubt;
pub(crate) mod list;
pub(crate) mod preview;
pub(crate) mod progress;
pub(crate) mod resolve;
pub(crate) mod send;

use std::collections::BTreeMap;

use axum::response::Response;
use data_encoding::HEXLOWER;
use doldam_ground::ids::{DispatchId, IncidentId};
use doldam_response::notice::{self, APPROVALS_NEEDED};
use doldam_store::incident::draft::{self, Draft};
use doldam_store::notice::{self as ledger, Attempt, Counts};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::json;
use crate::principal::Sender;
use crate::problem::Problem;
use crate::recovery::Done;
use crate::routes::approval_list::BreakGlassBody;
use crate::routes::incident::seen;

/// A notice.
#[derive(Serialize, ToSchema)]
pub(crate) struct NoticeBody {
    /// Counts the notices of the incident from 1.
    number: u32,
    /// first or supplement.
    stage: String,
    /// The duty that it fulfils.
    duty: String,
    template: String,
    /// The text in each language.
    texts: BTreeMap<String, String>,
    /// SHA-256 of what is agreed to, hexadecimal.
    digest: String,
    /// Who wrote it: S-1.
    author: String,
    /// draft, previewed, approved, sending, sent or dropped.
    state: &'static str,
    drafted_at: String,
    /// Who agreed, and when.
    approvals: Vec<ApprovalBody>,
    /// The consent that one officer gave alone, if it was agreed to in that way.
    break_glass: Option<BreakGlassBody>,
    /// How many must.
    approvals_needed: usize,
    /// Its sending, once there is one: N-1.
    dispatch: Option<String>,
}

/// Somebody's consent.
#[derive(Serialize, ToSchema)]
#[schema(as = NoticeApprovalBody)]
pub(crate) struct ApprovalBody {
    /// Who: S-2.
    staff: String,
    approved_at: String,
}

/// How many people are in which state of a sending.
#[derive(Serialize, ToSchema)]
pub(crate) struct CountsBody {
    /// Not sent yet.
    planned: u64,
    /// On the way to the gateway.
    intent: u64,
    /// Taken by the gateway, without a final receipt.
    accepted: u64,
    delivered: u64,
    failed: u64,
    expired: u64,
    /// Perhaps sent, perhaps not: a person decides.
    in_doubt: u64,
}

impl From<Counts> for CountsBody {
    fn from(counts: Counts) -> Self {
        Self {
            planned: counts.planned,
            intent: counts.intent,
            accepted: counts.accepted,
            delivered: counts.delivered,
            failed: counts.failed,
            expired: counts.expired,
            in_doubt: counts.in_doubt,
        }
    }
}

impl NoticeBody {
    /// A draft with those who agreed to it.
    pub(crate) fn new(app: &App, id: IncidentId, held: Draft) -> Result<Self, Problem> {
        let approvals = notice::approvals(&app.vault, id, held.seq)?.into_iter();
        let texts = serde_json::from_str(&held.written.texts)
            .map_err(|_| Problem::internal("the texts of a notice are no JSON"))?;
        Ok(Self {
            number: held.seq,
            stage: held.written.stage,
            duty: held.written.duty,
            template: held.written.template,
            texts,
            digest: HEXLOWER.encode(&held.written.digest),
            author: held.written.author.to_string(),
            state: held.state.code(),
            drafted_at: held.drafted_at.to_rfc3339(),
            approvals: approvals
                .map(|one| ApprovalBody {
                    staff: one.staff.to_string(),
                    approved_at: one.approved_at.to_rfc3339(),
                })
                .collect(),
            break_glass: notice::broken_glass(&app.vault, id, held.seq)?.map(Into::into),
            approvals_needed: APPROVALS_NEEDED,
            dispatch: held.dispatch.map(|dispatch| dispatch.to_string()),
        })
    }
}

/// A notice of an incident that the sender may see.
fn found(app: &App, sender: &Sender, id: IncidentId, number: u32) -> Result<Draft, Problem> {
    seen(app, sender, id)?;
    let found = app.vault.data().read("notice.find", |tx| draft::find(tx, id, number))?;
    found.ok_or_else(Problem::not_found)
}

/// A notice as it stands now.
fn shown(app: &App, id: IncidentId, number: u32) -> Result<NoticeBody, Problem> {
    NoticeBody::new(app, id, notice::find(&app.vault, id, number)?)
}

/// The word by which one try at one person's notice is named outside: a keyed hash, so that neither
/// an answer nor a URL ever tells which of our customers it is about.
fn word_of(app: &App, dispatch: DispatchId, attempt: Attempt) -> String {
    let mut input = [0; 12];
    input[..4].copy_from_slice(&dispatch.number().to_be_bytes());
    input[4..8].copy_from_slice(&attempt.ordinal.number().to_be_bytes());
    input[8..].copy_from_slice(&attempt.number.to_be_bytes());
    let key = app.vault.derive_key("doldam 1 notice in doubt", &input);
    HEXLOWER.encode(&key[..16])
}

/// The answer to an act on a notice that is done: the notice as it stands.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    json(200, &shown(app, done.object()?, done.second_number()?)?)
}

/// The answer to an act on a sending that is done: how it stands.
pub(crate) fn counts_again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    let dispatch: DispatchId = done.object()?;
    let counts = app.vault.data().read("notice.counts", |tx| ledger::counts(tx, dispatch))?;
    json(200, &CountsBody::from(counts))
}
