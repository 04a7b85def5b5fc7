//! `GET /api/v1/processors/{id}`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::Instant;
use doldam_ground::ids::ProcessorId;
use doldam_processors::Standing;
use doldam_store::access::cut::Cut;
use serde::Serialize;
use utoipa::ToSchema;

use super::ProcessorBody;
use crate::app::App;
use crate::input::{Id, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};

/// A processor and the orders to cut it off.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProcessorShown {
    /// Always 1.
    schema: u32,
    /// The processor.
    processor: ProcessorBody,
    /// Orders to cut it off, oldest first.
    cuts: Vec<CutBody>,
    /// The cut that it is under; absent when it was never cut off, or is let in again.
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<StandingBody>,
}

/// That a processor is cut off, and whether it may come in again.
#[derive(Serialize, ToSchema)]
pub(crate) struct StandingBody {
    /// The cut: C-1.
    cut: String,
    /// The newest request to undo it: A-1.
    #[serde(skip_serializing_if = "Option::is_none")]
    approval: Option<String>,
    /// Who asked: S-1.
    #[serde(skip_serializing_if = "Option::is_none")]
    requested_by: Option<String>,
    /// Whether somebody agreed: then whoever asked may let the processor in.
    agreed: bool,
}

impl From<Standing> for StandingBody {
    fn from(held: Standing) -> Self {
        let asked = held.asked.as_ref();
        Self {
            cut: held.cut.to_string(),
            approval: asked.map(|asked| asked.id.to_string()),
            requested_by: asked.map(|asked| asked.requested_by.to_string()),
            agreed: asked.is_some_and(|asked| asked.approved_by.is_some()),
        }
    }
}

/// An order to cut a processor off.
#[derive(Serialize, ToSchema)]
pub(crate) struct CutBody {
    id: String,
    reason: String,
    ordered_by: String,
    ordered_at: String,
    proved_at: Option<String>,
    /// The JSON text that is signed.
    proof: Option<String>,
    /// Ed25519 over the text, hexadecimal.
    signature: Option<String>,
}

fn cut_body(cut: Cut) -> CutBody {
    CutBody {
        id: cut.id.to_string(),
        reason: cut.reason,
        ordered_by: cut.ordered_by,
        ordered_at: cut.ordered_at.to_rfc3339_ms(),
        proved_at: cut.proved_at.map(Instant::to_rfc3339_ms),
        proof: cut.proof,
        signature: cut.signature.map(|bytes| data_encoding::HEXLOWER.encode(&bytes)),
    }
}

/// One processor.
#[utoipa::path(get, path = "/api/v1/processors/{id}", tag = "staff",
    params(("id" = String, Path, description = "P-1")),
    responses((status = 200, description = "the processor", body = ProcessorShown),
              (status = 404, description = "no such processor", body = ProblemBody)))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<ProcessorId>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        if !sender.may_see(id) {
            return Err(Problem::not_found());
        }
        let processor = app.desk.find(id)?.into();
        let cuts = app.desk.cuts(id)?.into_iter().map(cut_body).collect();
        let standing = app.desk.standing(id)?.map(StandingBody::from);
        json(200, &ProcessorShown { schema: 1, processor, cuts, standing })
    })
    .await
}
