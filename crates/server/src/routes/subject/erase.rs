//! `POST /api/v1/subjects/{id}/erase`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::Ordinal;
use doldam_response::incident;
use doldam_vault::ErasureState;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::meant;
use crate::app::App;
use crate::input::{Id, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::wording::require_impersonal;

/// Why a person is forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Erase {
    /// Why, for the access log: 5 to 200 characters that name the case, not the person.
    purpose: String,
}

/// How far an erasure is.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErasureBody {
    /// Always 1.
    schema: u32,
    /// pending: backups of keys still hold the key. final: no copy of the key is left.
    state: &'static str,
    /// When the last of those backups expires.
    until: Option<String>,
    /// Which they are: K-1.
    key_backups: Vec<String>,
}

impl From<ErasureState> for ErasureBody {
    fn from(state: ErasureState) -> Self {
        let (word, until, backups) = match state {
            ErasureState::Final => ("final", None, Vec::new()),
            ErasureState::Pending { until, backups } => ("pending", Some(until), backups),
        };
        Self {
            schema: 1,
            state: word,
            until: until.map(doldam_ground::Instant::to_rfc3339),
            key_backups: backups.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Forgets a person for good: the key of their data is destroyed. Refused while the person is hit
/// by an open incident, or is in a disclosure from a domain under a legal hold.
#[utoipa::path(post, path = "/api/v1/subjects/{id}/erase", tag = "staff", request_body = Erase,
    params(("id" = String, Path, description = "as a search or a list gave it"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "how far it is", body = ErasureBody),
              (status = 404, description = "no such reference, or erased", body = ProblemBody),
              (status = 409, description = "an open incident or a hold", body = ProblemBody)))]
pub(crate) async fn erase(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<String>,
    Input(asked): Input<Erase>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        require_impersonal("purpose", &asked.purpose)?;
        let person = meant(app, &sender, &id)?;
        incident::require_settled(&app.vault, person)?;
        let state = app.vault.erase(person, &sender.actor(), &asked.purpose)?;
        json(200, &ErasureBody::from(state))
    })
    .await
}

/// The answer to an erasure that is done.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    json(200, &ErasureBody::from(app.vault.erasure_state(Ordinal::new(done.id()?))?))
}
