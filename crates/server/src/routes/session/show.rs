//! `GET /api/v1/sessions/current`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use super::SessionBody;
use crate::app::App;
use crate::input::json;
use crate::principal::Sender;
use crate::problem::Problem;

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/sessions/current", tag = "staff",
    responses((status = 200, description = "who is signed in", body = SessionBody)))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
) -> Result<Response, Problem> {
    let staff = sender.staff()?;
    json(200, &SessionBody::new(&app, &staff.session, staff.access.one_time_until.is_some()))
}
