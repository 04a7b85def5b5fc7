//! The routes: a folder a noun, a file a verb.

mod api_key;
mod approval;
mod audit;
mod delivery;
mod disclosure;
mod processor;
mod sandbox;
mod session;
mod staff;
mod subject;
mod system;
mod trace;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

pub(crate) use api_key::{
    create as api_key_create, list as api_key_list, revoke as api_key_revoke,
};
pub(crate) use approval::{agree as approval_agree, list as approval_list};
pub(crate) use audit::{list as audit_list, verify as audit_verify};
pub(crate) use delivery::{
    fetch as delivery_fetch, list as delivery_list, publish as delivery_publish,
};
pub(crate) use disclosure::{
    create as disclosure_create, list as disclosure_list, show as disclosure_show,
};
pub(crate) use processor::{
    create as processor_create, cut as processor_cut, list as processor_list,
    show as processor_show,
};
pub(crate) use sandbox::show as sandbox_show;
pub(crate) use session::{
    create as session_create, delete as session_delete, show as session_show,
};
pub(crate) use staff::{
    create as staff_create, disable as staff_disable, list as staff_list,
    passphrase as staff_passphrase,
};
pub(crate) use subject::count as subject_count;
pub(crate) use system::{health, metrics, openapi, ready};
pub(crate) use trace::{create as trace_create, show as trace_show};

/// All routes; the table of permissions decides which of them a door has.
pub(crate) fn all() -> Router<Arc<App>> {
    Router::new()
        .route("/healthz", get(health::health))
        .route("/readyz", get(ready::ready))
        .route("/metrics", get(metrics::metrics))
        .route("/api/v1/openapi.json", get(openapi::openapi))
        .route("/api/v1/sessions", post(session_create::create))
        .route("/api/v1/sessions/current", get(session_show::show).delete(session_delete::delete))
        .route("/api/v1/staff", get(staff_list::list).post(staff_create::create))
        .route("/api/v1/staff/{id}/disable", post(staff_disable::disable))
        .route("/api/v1/staff/me/passphrase", post(staff_passphrase::choose))
        .route("/api/v1/processors", get(processor_list::list).post(processor_create::create))
        .route("/api/v1/processors/{id}", get(processor_show::show))
        .route("/api/v1/processors/{id}/cut", post(processor_cut::cut))
        .route(
            "/api/v1/processors/{id}/api-keys",
            get(api_key_list::list).post(api_key_create::create),
        )
        .route("/api/v1/api-keys/{id}/revoke", post(api_key_revoke::revoke))
        .route("/api/v1/disclosures", get(disclosure_list::list).post(disclosure_create::create))
        .route("/api/v1/disclosures/{id}", get(disclosure_show::show))
        .route("/api/v1/deliveries", get(delivery_list::list).post(delivery_publish::publish))
        .route("/api/v1/deliveries/{id}/file", get(delivery_fetch::fetch))
        .route("/api/v1/traces", post(trace_create::create))
        .route("/api/v1/traces/{id}", get(trace_show::show))
        .route("/api/v1/subjects", get(subject_count::count))
        .route("/api/v1/audit", get(audit_list::list))
        .route("/api/v1/audit/verification", get(audit_verify::verify))
        .route("/api/v1/approvals", get(approval_list::list))
        .route("/api/v1/approvals/{id}/agree", post(approval_agree::agree))
        .route("/api/v1/sandbox", get(sandbox_show::show))
}
