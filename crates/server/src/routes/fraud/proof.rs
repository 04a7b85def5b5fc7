//! `POST /api/v1/fraud/proof`

use std::sync::{Arc, PoisonError};

use axum::extract::State;
use axum::response::Response;
use doldam_fraud::replay::{self, Proof};
use doldam_ground::Instant;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::json;
use crate::problem::{Problem, ProblemBody};

/// What a replay of the log showed.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProofBody {
    /// Always 1.
    schema: u32,
    /// When it was made.
    at: String,
    /// Entries that were replayed.
    entries: u64,
    /// Events among them.
    events: u64,
    /// Events whose decision came out otherwise than it stands in the log.
    different: u64,
    /// Place of the first of them.
    first_different: Option<u64>,
}

impl From<(Instant, Proof)> for ProofBody {
    fn from((at, proof): (Instant, Proof)) -> Self {
        Self {
            schema: 1,
            at: at.to_rfc3339(),
            entries: proof.entries,
            events: proof.events,
            different: proof.different,
            first_different: proof.first_different,
        }
    }
}

/// Replays the whole log and compares every decision with the one that stands in it, byte by byte.
#[utoipa::path(post, path = "/api/v1/fraud/proof", tag = "fraud",
    responses((status = 200, description = "what it showed", body = ProofBody),
              (status = 404, description = "fraud detection is off", body = ProblemBody),
              (status = 503, description = "another one runs", body = ProblemBody)))]
pub(crate) async fn prove(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    app.run(|app| {
        let fraud = app.fraud()?;
        let _turn = fraud.heavy_turn()?;
        let proof = replay::prove(&fraud.journal, &mut *fraud.fetch())?;
        let made = (app.clock.now(), proof);
        *fraud.proof.lock().unwrap_or_else(PoisonError::into_inner) = Some(made);
        json(200, &ProofBody::from(made))
    })
    .await
}
