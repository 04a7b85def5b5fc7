//! `GET /notices/{slug}`

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::app::App;
use crate::problem::Problem;
use crate::public;

/// A notice as it was put up, to be read.
#[utoipa::path(get, path = "/notices/{slug}", tag = "public", operation_id = "web_notice_show",
    params(("slug" = String, Path, description = "2026-11-23-1")),
    responses((status = 200, description = "the page", body = String, content_type = "text/html"),
              (status = 304, description = "you have it"),
              (status = 404, description = "there never was one", body = String,
               content_type = "text/html"),
              (status = 410, description = "it was taken down", body = String,
               content_type = "text/html")))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    slug: Result<Path<String>, axum::extract::rejection::PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    match slug {
        Ok(Path(slug)) => public::show(&app, &slug, &headers),
        Err(_) => public::nothing(),
    }
}
