//! `POST /api/v1/processors/{id}/cut`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::{CutId, ProcessorId};
use doldam_processors::access::CutProof;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{Id, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::wording::require_impersonal;

/// Why a processor is cut off.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CutReason {
    /// In words without personal data.
    reason: String,
}

/// That a processor was cut off: what the desk signed and keeps.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CutProofBody {
    /// Always 1.
    schema: u32,
    /// The random name of the installation.
    installation: String,
    /// The order: C-1.
    cut: String,
    /// Whose access: P-1.
    processor: String,
    ordered_by: String,
    ordered_at: String,
    reason: String,
    /// What was cut, in order.
    parts: Vec<CutPartBody>,
}

/// What was cut of one kind of credential.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CutPartBody {
    /// What, in the plural.
    credential: String,
    /// How many worked until then.
    revoked: u64,
    /// When none worked any more.
    at: String,
    /// Microseconds from the order to that moment.
    after_us: u64,
}

impl CutProofBody {
    fn of(kept: &str) -> Result<Self, Problem> {
        serde_json::from_str(kept).map_err(|_| Problem::internal("a kept proof has another shape"))
    }
}

impl From<CutProof> for CutProofBody {
    fn from(proof: CutProof) -> Self {
        let parts = proof.parts.into_iter().map(|part| CutPartBody {
            credential: part.credential.to_owned(),
            revoked: part.revoked,
            at: part.at,
            after_us: part.after_us,
        });
        Self {
            schema: proof.schema,
            installation: proof.installation,
            cut: proof.cut.to_string(),
            processor: proof.processor.to_string(),
            ordered_by: proof.ordered_by,
            ordered_at: proof.ordered_at,
            reason: proof.reason,
            parts: parts.collect(),
        }
    }
}

/// Cuts a processor off: running requests, keys, domains. The answer is the signed proof.
#[utoipa::path(post, path = "/api/v1/processors/{id}/cut", tag = "staff", request_body = CutReason,
    params(("id" = String, Path, description = "P-1"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "the proof", body = CutProofBody),
              (status = 404, description = "no such processor", body = ProblemBody)))]
pub(crate) async fn cut(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<ProcessorId>,
    Input(asked): Input<CutReason>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        require_impersonal("reason", &asked.reason)?;
        json(200, &CutProofBody::from(app.desk.cut(id, &sender.actor(), &asked.reason)?))
    })
    .await
}

/// The answer to a cut that was ordered: it is carried out to its end first.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    let cut = app.desk.cut_of(done.object()?, CutId::new(done.id()?))?;
    let proof = cut.proof.ok_or_else(|| Problem::internal("a cut without its proof"))?;
    json(200, &CutProofBody::of(&proof)?)
}
