//! The OpenAPI document: made from the routes, checked in as `openapi.json`.

use utoipa::OpenApi;

use crate::routes::{
    alert_assign, alert_close, alert_export, alert_list, alert_show, api_key_create, api_key_list,
    api_key_revoke, approval_agree, approval_break_glass, approval_list, audit_list, audit_verify,
    case_close, case_create, case_list, case_note, case_reopen, case_show, decision_list,
    decision_show, delivery_fetch, delivery_list, delivery_publish, disclosure_create,
    disclosure_list, disclosure_preview, disclosure_record, disclosure_request_raw,
    disclosure_show, domain_list, domain_renew, drill_create, drill_list, drill_show, duty_go_on,
    duty_list, duty_start, duty_stop, duty_wait, event_listen, feature_list, fraud_overview,
    fraud_proof, gateway_list, health, house_health, incident_attach, incident_close,
    incident_contain, incident_create, incident_learn, incident_list, incident_people,
    incident_report, incident_show, incident_timeline, list_change, list_list, list_show,
    measure_check_identity, measure_export, measure_list, measure_notify, measure_refuse,
    measure_release, measure_show, message_create, message_show, message_template_create,
    message_template_list, metrics, model_show, notice_approve, notice_break_glass, notice_create,
    notice_drop, notice_finish, notice_in_doubt, notice_list, notice_preview, notice_progress,
    notice_resolve, notice_send, openapi, passkey_begin, passkey_create, passkey_list,
    passkey_revoke, posting_create, posting_end, posting_list, processor_create, processor_cut,
    processor_list, processor_request_resume, processor_resume, processor_show, pseudonym_remap,
    ready, rule_back_test, rule_check, rule_list, sandbox_show, session_create, session_delete,
    session_passkey, session_show, session_sso, session_ways, setup_put, setup_request,
    small_team_set, small_team_show, staff_create, staff_disable, staff_list, staff_passphrase,
    staff_sso, subject_count, subject_erase, subject_find, subject_holdings, subject_looks,
    subject_reveal, subject_show, trace_create, trace_list, trace_show, transaction_decide,
    transaction_label, web_notice_list, web_notice_show,
};

/// All routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Doldam",
        description = "Staff sign in at one listener and send a session cookie; programs of \
                       processors come by the other and send a key as `Authorization: Bearer`. \
                       A POST that has an effect takes an Idempotency-Key, but for \
                       transactions, whose own id is the key."
    ),
    paths(
        health::health,
        ready::ready,
        metrics::metrics,
        openapi::openapi,
        session_create::create,
        session_show::show,
        session_delete::delete,
        session_ways::ways,
        session_passkey::begin,
        session_passkey::create,
        session_sso::begin,
        session_sso::create,
        passkey_begin::begin,
        passkey_list::own,
        passkey_create::create,
        passkey_revoke::revoke,
        passkey_list::list,
        staff_sso::link,
        staff_sso::unlink,
        staff_list::list,
        staff_create::create,
        staff_disable::disable,
        staff_passphrase::choose,
        processor_list::list,
        processor_create::create,
        processor_show::show,
        processor_cut::cut,
        processor_resume::resume,
        processor_request_resume::request,
        api_key_list::list,
        api_key_create::create,
        api_key_revoke::revoke,
        disclosure_list::list,
        disclosure_create::create,
        disclosure_request_raw::request,
        disclosure_record::record,
        disclosure_preview::preview,
        disclosure_show::show,
        delivery_list::list,
        delivery_publish::publish,
        delivery_fetch::fetch,
        trace_create::create,
        trace_list::list,
        trace_show::show,
        incident_list::list,
        incident_create::create,
        incident_show::show,
        incident_people::people,
        incident_learn::learn,
        incident_attach::attach,
        incident_timeline::timeline,
        incident_contain::contain,
        incident_report::report,
        incident_close::close,
        duty_list::list,
        duty_start::start,
        duty_stop::stop,
        duty_wait::wait,
        duty_go_on::go_on,
        notice_list::list,
        notice_create::create,
        notice_preview::preview,
        notice_approve::approve,
        notice_break_glass::break_glass,
        notice_drop::drop,
        notice_send::send,
        notice_progress::progress,
        notice_in_doubt::in_doubt,
        notice_resolve::resolve,
        notice_finish::finish,
        posting_list::list,
        posting_create::create,
        posting_end::end,
        web_notice_list::list,
        web_notice_show::show,
        drill_list::list,
        drill_create::create,
        drill_show::show,
        gateway_list::list,
        event_listen::listen,
        house_health::show,
        subject_count::count,
        subject_find::find,
        subject_show::show,
        subject_holdings::holdings,
        subject_looks::looks,
        subject_reveal::reveal,
        subject_erase::erase,
        audit_list::list,
        audit_verify::verify,
        approval_list::list,
        approval_agree::agree,
        approval_break_glass::break_glass,
        small_team_show::show,
        small_team_set::set,
        sandbox_show::show,
        message_template_create::create,
        message_template_list::list,
        message_create::create,
        message_show::show,
        pseudonym_remap::remap,
        domain_list::list,
        domain_renew::renew,
        transaction_decide::decide,
        transaction_label::label,
        fraud_overview::show,
        decision_list::list,
        decision_show::show,
        rule_list::list,
        rule_check::check,
        rule_back_test::run,
        feature_list::list,
        model_show::show,
        setup_request::request,
        setup_put::put,
        list_list::list,
        list_show::show,
        list_change::change,
        fraud_proof::prove,
        alert_list::list,
        alert_export::export,
        alert_show::show,
        alert_assign::assign,
        alert_close::close,
        case_list::list,
        case_create::create,
        case_show::show,
        case_note::add,
        case_close::close,
        case_reopen::reopen,
        measure_list::list,
        measure_export::export,
        measure_show::show,
        measure_notify::notify,
        measure_check_identity::check,
        measure_release::release,
        measure_refuse::refuse
    )
)]
struct Document;

/// The document as JSON, indented, with a line end.
pub fn document() -> String {
    let mut document = Document::openapi();
    for (path, item) in &mut document.paths.paths {
        let operations = [("get", &mut item.get), ("post", &mut item.post)];
        let more = [("delete", &mut item.delete)];
        for (method, operation) in operations.into_iter().chain(more) {
            if let Some(operation) = operation {
                operation.operation_id = Some(operation_id(method, path));
            }
        }
    }
    let text = document.to_pretty_json().expect("a document of texts serialises");
    text + "\n"
}

/// The name of an operation for whoever makes a client of the document: its method and path in one
/// word. Names of functions would be many times `list`, and a client needs each once.
fn operation_id(method: &str, path: &str) -> String {
    let mut name = method.to_owned();
    for part in path.trim_start_matches("/api/v1").split('/').filter(|part| !part.is_empty()) {
        if part.starts_with('{') {
            name.push_str("By");
        }
        let words = part.split(|letter: char| !letter.is_ascii_alphanumeric());
        for word in words.filter(|word| !word.is_empty()) {
            name.push_str(&word[..1].to_ascii_uppercase());
            name.push_str(&word[1..]);
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_operation_has_a_name_of_its_own() {
        let document: serde_json::Value = serde_json::from_str(&document()).unwrap();
        let mut names = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let name = operation["operationId"].as_str().unwrap().to_owned();
                assert_eq!(name, operation_id(method, path));
                assert!(names.insert(name), "{method} {path}");
            }
        }
        let path = "/api/v1/incidents/{id}/notices/{notice}/in-doubt";
        assert_eq!(operation_id("get", path), "getIncidentsByIdNoticesByNoticeInDoubt");
        assert!(names.contains("postTraces") && names.contains("getHealthz"), "{names:?}");
    }
}
