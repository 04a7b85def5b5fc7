//! `GET /healthz`

/// Whether the process answers at all.
#[utoipa::path(get, path = "/healthz", tag = "system",
    responses((status = 200, description = "it answers", body = String)))]
pub(crate) async fn health() -> &'static str {
    "ok\n"
}
