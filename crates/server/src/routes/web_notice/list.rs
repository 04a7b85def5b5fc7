//! `GET /notices`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::problem::Problem;
use crate::public;

/// The notices that stand, as a page to be read.
#[utoipa::path(get, path = "/notices", tag = "public", operation_id = "web_notice_list",
    responses((status = 200, description = "the list", body = String, content_type = "text/html")))]
pub(crate) async fn list(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    public::list(&app)
}
