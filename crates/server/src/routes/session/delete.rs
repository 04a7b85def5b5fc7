//! `DELETE /api/v1/sessions/current`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use doldam_store::access::session;

use crate::app::App;
use crate::principal::Sender;
use crate::problem::Problem;
use crate::sign_in;

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/sessions/current", tag = "staff",
    responses((status = 204, description = "signed out")))]
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let (digest, now) = (sender.staff()?.digest, app.vault.now());
        app.vault.data().write("session.close", move |tx| session::revoke(tx, &digest, now))?;
        let mut response = StatusCode::NO_CONTENT.into_response();
        sign_in::set_cookie(&mut response, &sender, "")?;
        Ok(response)
    })
    .await
}
