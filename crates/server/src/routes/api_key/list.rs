//! `GET /api/v1/processors/{id}/api-keys`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::Instant;
use doldam_ground::ids::ProcessorId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{Id, List, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};

/// A key, without the key.
#[derive(Serialize, ToSchema)]
pub(crate) struct KeyBody {
    /// Its number: Y-1.
    id: String,
    scopes: Vec<String>,
    created_at: String,
    expires_at: String,
    used_at: Option<String>,
    revoked_at: Option<String>,
}

/// The keys of a processor.
#[utoipa::path(get, path = "/api/v1/processors/{id}/api-keys", tag = "staff",
    params(("id" = String, Path, description = "P-1")),
    responses((status = 200, description = "keys", body = List<KeyBody>),
              (status = 404, description = "no such processor", body = ProblemBody)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<ProcessorId>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        if !sender.may_see(id) {
            return Err(Problem::not_found());
        }
        app.desk.find(id)?;
        let items = app.desk.keys().list(id)?.into_iter().map(|key| KeyBody {
            id: key.id.to_string(),
            scopes: key.scopes.split(' ').map(str::to_owned).collect(),
            created_at: key.created_at.to_rfc3339(),
            expires_at: key.expires_at.to_rfc3339(),
            used_at: key.used_at.map(Instant::to_rfc3339),
            revoked_at: key.revoked_at.map(Instant::to_rfc3339),
        });
        json(200, &List::whole(items.collect()))
    })
    .await
}
