//! `GET /api/v1/passkeys`, `GET /api/v1/staff/{id}/passkeys`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::StaffId;
use doldam_store::access::passkey;

use super::PasskeyBody;
use crate::app::App;
use crate::input::{Id, List, json};
use crate::principal::Sender;
use crate::problem::Problem;

/// One's own passkeys, revoked ones included.
#[utoipa::path(get, path = "/api/v1/passkeys", tag = "staff",
    responses((status = 200, description = "one's own", body = List<PasskeyBody>)))]
pub(crate) async fn own(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
) -> Result<Response, Problem> {
    let staff = sender.staff()?.session.staff;
    app.run(move |app| of(app, staff)).await
}

/// A member of staff's passkeys, revoked ones included.
#[utoipa::path(get, path = "/api/v1/staff/{id}/passkeys", tag = "staff",
    params(("id" = String, Path, description = "S-2")),
    responses((status = 200, description = "theirs", body = List<PasskeyBody>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Id(staff): Id<StaffId>,
) -> Result<Response, Problem> {
    app.run(move |app| of(app, staff)).await
}

fn of(app: &App, staff: StaffId) -> Result<Response, Problem> {
    let held = app.vault.data().read("passkey.list", |tx| passkey::list(tx, staff))?;
    json(200, &List::whole(held.into_iter().map(PasskeyBody::new).collect()))
}
