//! `POST /api/v1/fraud/setups`
//!
//! The set-up is an entry of the log first; then the consent is used up and the access log says who
//! and why, in one transaction. A death between the two lets the request be made again: what stands
//! in force already is not put there twice.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::ApprovalId;
use doldam_store::{StoreError, audit, staff};
use doldam_vault::VaultError;
use serde::Serialize;
use utoipa::ToSchema;

use super::draft::{ACT, NewSetup, consent, draft};
use crate::app::App;
use crate::fraud::names::FraudSetup;
use crate::input::{Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;

/// What decides from now on.
#[derive(Serialize, ToSchema)]
pub(crate) struct SetupInForce {
    /// Always 1.
    schema: u32,
    /// The set-up with its place in the log.
    setup: FraudSetup,
}

/// Puts rules, features, a model or a shadow in force, with a second person's consent to exactly
/// that. Every decision from here on is made with it; a replay knows from where.
#[utoipa::path(post, path = "/api/v1/fraud/setups", tag = "fraud", request_body = NewSetup,
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "in force", body = SetupInForce),
              (status = 400, description = "it does not compile", body = ProblemBody),
              (status = 404, description = "fraud detection is off", body = ProblemBody),
              (status = 409, description = "nobody agreed to this", body = ProblemBody)))]
pub(crate) async fn put(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Input(asked): Input<NewSetup>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let fraud = app.fraud()?;
        let id: Option<ApprovalId> = asked.approval.as_deref().and_then(|id| id.parse().ok());
        let id = id.ok_or_else(|| {
            let why = "name the consent of a second person as approval: ask for one first";
            Problem::bad_request("fraud.setup_approval", why)
        })?;
        let draft = draft(fraud, &asked)?;
        let alone = consent(app, id, sender.staff()?.session.staff, &draft.digest)?;
        let actor = sender.actor();
        let sequence = match draft.stands_at {
            Some(sequence) => sequence,
            None => fraud.desk.put_in_force(draft.parts, &actor.name, &asked.why)?,
        };
        let why = if alone { format!("{} ({id}: by break-glass)", asked.why) } else { asked.why };
        let entry = app.vault.entry(&actor, ACT, format!("{sequence} {id}"), &why, None);
        let (digest, now) = (draft.digest, app.vault.now());
        let used = app.vault.data().write(ACT, move |tx| {
            if !staff::approval_use(tx, id, ACT, &digest, now)? {
                return Err(StoreError::State { what: "the approval was used or has expired" });
            }
            audit::append(tx, &entry)?;
            Ok(sequence)
        });
        used.map_err(VaultError::from)?;
        answer(app, sequence)
    })
    .await
}

fn answer(app: &App, sequence: u64) -> Result<Response, Problem> {
    let fraud = app.fraud()?;
    let (at, names) = fraud.setup_entry(sequence)?;
    let setup = fraud.setup_at(sequence)?;
    json(200, &SetupInForce { schema: 1, setup: FraudSetup::new(sequence, at, &names, &setup) })
}

/// The answer to a set-up that is in force.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    answer(app, done.number()?)
}
