//! The OpenAPI document: made from the routes, checked in as `openapi.json`.

use utoipa::OpenApi;

use crate::routes::{
    api_key_create, api_key_list, api_key_revoke, approval_agree, approval_list, audit_list,
    audit_verify, delivery_fetch, delivery_list, delivery_publish, disclosure_create,
    disclosure_list, disclosure_show, health, metrics, openapi, processor_create, processor_cut,
    processor_list, processor_show, ready, sandbox_show, session_create, session_delete,
    session_show, staff_create, staff_disable, staff_list, staff_passphrase, subject_count,
    trace_create, trace_show,
};

/// All routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Doldam",
        description = "Staff sign in at one listener and send a session cookie; programs of \
                       processors come by the other and send a key as `Authorization: Bearer`. \
                       Every POST takes an Idempotency-Key."
    ),
    paths(
        health::health,
        ready::ready,
        metrics::metrics,
        openapi::openapi,
        session_create::create,
        session_show::show,
        session_delete::delete,
        staff_list::list,
        staff_create::create,
        staff_disable::disable,
        staff_passphrase::choose,
        processor_list::list,
        processor_create::create,
        processor_show::show,
        processor_cut::cut,
        api_key_list::list,
        api_key_create::create,
        api_key_revoke::revoke,
        disclosure_list::list,
        disclosure_create::create,
        disclosure_show::show,
        delivery_list::list,
        delivery_publish::publish,
        delivery_fetch::fetch,
        trace_create::create,
        trace_show::show,
        subject_count::count,
        audit_list::list,
        audit_verify::verify,
        approval_list::list,
        approval_agree::agree,
        sandbox_show::show
    )
)]
struct Document;

/// The document as JSON, indented, with a line end.
pub fn document() -> String {
    let text = Document::openapi().to_pretty_json().expect("a document of texts serialises");
    text + "\n"
}
