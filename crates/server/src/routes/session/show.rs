//! `GET /api/v1/sessions/current`

use axum::Extension;
use axum::response::Response;

use super::SessionBody;
use crate::input::json;
use crate::principal::Sender;
use crate::problem::Problem;

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/sessions/current", tag = "staff",
    responses((status = 200, description = "who is signed in", body = SessionBody)))]
pub(crate) async fn show(Extension(sender): Extension<Sender>) -> Result<Response, Problem> {
    let staff = sender.staff()?;
    json(200, &SessionBody::new(&staff.session, staff.access.one_time_until.is_some()))
}
