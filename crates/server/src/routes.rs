//! The routes: a folder a noun, a file a verb.

mod alert;
mod api_key;
mod approval;
mod audit;
mod case;
mod delivery;
mod disclosure;
mod domain;
mod drill;
mod duty;
mod event;
mod fraud;
mod gateway;
mod incident;
mod measure;
mod message;
mod message_template;
mod notice;
mod passkey;
mod posting;
mod processor;
mod pseudonym;
mod sandbox;
mod session;
mod staff;
mod subject;
mod system;
mod trace;
mod transaction;
mod web_notice;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

pub(crate) use alert::{
    again as alert_again, assign as alert_assign, close as alert_close, export as alert_export,
    list as alert_list, show as alert_show,
};
pub(crate) use api_key::{
    create as api_key_create, list as api_key_list, revoke as api_key_revoke,
};
pub(crate) use approval::{
    agree as approval_agree, break_glass as approval_break_glass, list as approval_list,
    small_team_set, small_team_show,
};
pub(crate) use audit::{list as audit_list, verify as audit_verify};
pub(crate) use case::{
    again as case_again, close as case_close, create as case_create, list as case_list,
    note as case_note, reopen as case_reopen, show as case_show,
};
pub(crate) use delivery::{
    fetch as delivery_fetch, list as delivery_list, publish as delivery_publish,
};
pub(crate) use disclosure::{
    create as disclosure_create, list as disclosure_list, preview as disclosure_preview,
    record as disclosure_record, request_raw as disclosure_request_raw, show as disclosure_show,
};
pub(crate) use domain::{list as domain_list, renew as domain_renew};
pub(crate) use drill::{create as drill_create, list as drill_list, show as drill_show};
pub(crate) use duty::{
    again as duty_again, go_on as duty_go_on, list as duty_list, start as duty_start,
    stop as duty_stop, wait as duty_wait,
};
pub(crate) use event::listen as event_listen;
pub(crate) use fraud::{
    decision_list, decision_show, feature_list, list_change, list_list, list_show, model_show,
    overview as fraud_overview, proof as fraud_proof, rule_back_test, rule_check, rule_list,
    setup_put, setup_request,
};
pub(crate) use gateway::list as gateway_list;
pub(crate) use incident::{
    attach as incident_attach, close as incident_close, contain as incident_contain,
    create as incident_create, learn as incident_learn, list as incident_list,
    people as incident_people, report as incident_report, show as incident_show,
    timeline as incident_timeline,
};
pub(crate) use measure::{
    again as measure_again, check_identity as measure_check_identity, export as measure_export,
    list as measure_list, notify as measure_notify, refuse as measure_refuse,
    release as measure_release, show as measure_show,
};
pub(crate) use message::{create as message_create, show as message_show};
pub(crate) use message_template::{
    create as message_template_create, list as message_template_list,
};
pub(crate) use notice::CountsBody;
pub(crate) use notice::{
    again as notice_again, approve as notice_approve, break_glass as notice_break_glass,
    counts_again as notice_counts_again, create as notice_create, drop as notice_drop,
    finish as notice_finish, in_doubt as notice_in_doubt, list as notice_list,
    preview as notice_preview, progress as notice_progress, resolve as notice_resolve,
    send as notice_send,
};
pub(crate) use passkey::{
    begin as passkey_begin, create as passkey_create, list as passkey_list,
    revoke as passkey_revoke,
};
pub(crate) use posting::{create as posting_create, end as posting_end, list as posting_list};
pub(crate) use processor::{
    create as processor_create, cut as processor_cut, list as processor_list,
    request_resume as processor_request_resume, resume as processor_resume, show as processor_show,
};
pub(crate) use pseudonym::remap as pseudonym_remap;
pub(crate) use sandbox::show as sandbox_show;
pub(crate) use session::{
    create as session_create, delete as session_delete, show as session_show,
};
pub(crate) use session::{passkey as session_passkey, sso as session_sso, ways as session_ways};
pub(crate) use staff::sso as staff_sso;
pub(crate) use staff::{
    create as staff_create, disable as staff_disable, list as staff_list,
    passphrase as staff_passphrase,
};
pub(crate) use subject::meant as subject_meant;
pub(crate) use subject::{
    count as subject_count, erase as subject_erase, find as subject_find,
    holdings as subject_holdings, looks as subject_looks, reveal as subject_reveal,
    show as subject_show,
};
pub(crate) use system::{health, house as house_health, metrics, openapi, ready};
pub(crate) use trace::{create as trace_create, list as trace_list, show as trace_show};
pub(crate) use transaction::{decide as transaction_decide, label as transaction_label};
pub(crate) use web_notice::{list as web_notice_list, show as web_notice_show};

/// All routes; the table of permissions decides which of them a door has.
pub(crate) fn all() -> Router<Arc<App>> {
    Router::new()
        .route("/healthz", get(health::health))
        .route("/readyz", get(ready::ready))
        .route("/metrics", get(metrics::metrics))
        .route("/api/v1/openapi.json", get(openapi::openapi))
        .route("/api/v1/sessions", post(session_create::create))
        .route("/api/v1/sessions/current", get(session_show::show).delete(session_delete::delete))
        .route("/api/v1/sessions/ways", get(session_ways::ways))
        .route("/api/v1/sessions/passkey/challenge", post(session_passkey::begin))
        .route("/api/v1/sessions/passkey", post(session_passkey::create))
        .route("/api/v1/sessions/sso/door", post(session_sso::begin))
        .route("/api/v1/sessions/sso", post(session_sso::create))
        .route("/api/v1/passkeys/challenge", post(passkey_begin::begin))
        .route("/api/v1/passkeys", get(passkey_list::own).post(passkey_create::create))
        .route("/api/v1/passkeys/{id}/revoke", post(passkey_revoke::revoke))
        .route("/api/v1/staff/{id}/passkeys", get(passkey_list::list))
        .route("/api/v1/staff/{id}/sso", post(staff_sso::link))
        .route("/api/v1/staff/{id}/sso/unlink", post(staff_sso::unlink))
        .route("/api/v1/staff", get(staff_list::list).post(staff_create::create))
        .route("/api/v1/staff/{id}/disable", post(staff_disable::disable))
        .route("/api/v1/staff/me/passphrase", post(staff_passphrase::choose))
        .route("/api/v1/processors", get(processor_list::list).post(processor_create::create))
        .route("/api/v1/processors/{id}", get(processor_show::show))
        .route("/api/v1/processors/{id}/cut", post(processor_cut::cut))
        .route("/api/v1/processors/{id}/resume", post(processor_resume::resume))
        .route("/api/v1/processors/{id}/resume/request", post(processor_request_resume::request))
        .route(
            "/api/v1/processors/{id}/api-keys",
            get(api_key_list::list).post(api_key_create::create),
        )
        .route("/api/v1/api-keys/{id}/revoke", post(api_key_revoke::revoke))
        .route("/api/v1/disclosures", get(disclosure_list::list).post(disclosure_create::create))
        .route("/api/v1/disclosures/raw", post(disclosure_request_raw::request))
        .route("/api/v1/disclosures/past", post(disclosure_record::record))
        .route("/api/v1/disclosures/past/preview", post(disclosure_preview::preview))
        .route("/api/v1/disclosures/{id}", get(disclosure_show::show))
        .route("/api/v1/deliveries", get(delivery_list::list).post(delivery_publish::publish))
        .route("/api/v1/deliveries/{id}/file", get(delivery_fetch::fetch))
        .route("/api/v1/traces", get(trace_list::list).post(trace_create::create))
        .route("/api/v1/traces/{id}", get(trace_show::show))
        .merge(incidents())
        .merge(notices())
        .merge(postings())
        .merge(of_processors())
        .merge(subjects())
        .merge(fraud_routes())
        .route("/api/v1/drills", get(drill_list::list).post(drill_create::create))
        .route("/api/v1/drills/{id}", get(drill_show::show))
        .route("/api/v1/gateways", get(gateway_list::list))
        .route("/api/v1/events", get(event_listen::listen))
        .route("/api/v1/health", get(house_health::show))
        .route("/api/v1/audit", get(audit_list::list))
        .route("/api/v1/audit/verification", get(audit_verify::verify))
        .route("/api/v1/approvals", get(approval_list::list))
        .route("/api/v1/approvals/{id}/agree", post(approval_agree::agree))
        .route("/api/v1/approvals/{id}/break-glass", post(approval_break_glass::break_glass))
        .route("/api/v1/approvals/small-team", get(small_team_show::show).post(small_team_set::set))
        .route("/api/v1/sandbox", get(sandbox_show::show))
}

fn subjects() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/subjects", get(subject_count::count))
        .route("/api/v1/subjects/find", post(subject_find::find))
        .route("/api/v1/subjects/{id}", get(subject_show::show))
        .route("/api/v1/subjects/{id}/holdings", get(subject_holdings::holdings))
        .route("/api/v1/subjects/{id}/looks", get(subject_looks::looks))
        .route("/api/v1/subjects/{id}/reveal", post(subject_reveal::reveal))
        .route("/api/v1/subjects/{id}/erase", post(subject_erase::erase))
}

fn fraud_routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/transactions:decide", post(transaction_decide::decide))
        .route("/api/v1/transactions:label", post(transaction_label::label))
        .route("/api/v1/fraud", get(fraud_overview::show))
        .route("/api/v1/fraud/decisions", get(decision_list::list))
        .route("/api/v1/fraud/decisions/{event}", get(decision_show::show))
        .route("/api/v1/fraud/rules", get(rule_list::list))
        .route("/api/v1/fraud/rules:check", post(rule_check::check))
        .route("/api/v1/fraud/rules:back-test", post(rule_back_test::run))
        .route("/api/v1/fraud/features", get(feature_list::list))
        .route("/api/v1/fraud/model", get(model_show::show))
        .route("/api/v1/fraud/setups/request", post(setup_request::request))
        .route("/api/v1/fraud/setups", post(setup_put::put))
        .route("/api/v1/fraud/lists", get(list_list::list))
        .route("/api/v1/fraud/lists/{name}", get(list_show::show).post(list_change::change))
        .route("/api/v1/fraud/proof", post(fraud_proof::prove))
        .merge(people_routes())
}

/// What people do about decisions: alerts, cases, temporary measures.
fn people_routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/fraud/alerts", get(alert_list::list))
        .route("/api/v1/fraud/alerts/export", get(alert_export::export))
        .route("/api/v1/fraud/alerts/{sequence}", get(alert_show::show))
        .route("/api/v1/fraud/alerts/{sequence}/assign", post(alert_assign::assign))
        .route("/api/v1/fraud/alerts/{sequence}/close", post(alert_close::close))
        .route("/api/v1/fraud/cases", get(case_list::list).post(case_create::create))
        .route("/api/v1/fraud/cases/{id}", get(case_show::show))
        .route("/api/v1/fraud/cases/{id}/notes", post(case_note::add))
        .route("/api/v1/fraud/cases/{id}/close", post(case_close::close))
        .route("/api/v1/fraud/cases/{id}/reopen", post(case_reopen::reopen))
        .route("/api/v1/fraud/measures", get(measure_list::list))
        .route("/api/v1/fraud/measures/export", get(measure_export::export))
        .route("/api/v1/fraud/measures/{sequence}", get(measure_show::show))
        .route("/api/v1/fraud/measures/{sequence}/notify", post(measure_notify::notify))
        .route(
            "/api/v1/fraud/measures/{sequence}/identity-check",
            post(measure_check_identity::check),
        )
        .route("/api/v1/fraud/measures/{sequence}/release", post(measure_release::release))
        .route("/api/v1/fraud/measures/{sequence}/refuse", post(measure_refuse::refuse))
}

fn of_processors() -> Router<Arc<App>> {
    Router::new()
        .route(
            "/api/v1/processors/{id}/message-templates",
            get(message_template_list::list).post(message_template_create::create),
        )
        .route("/api/v1/messages", post(message_create::create))
        .route("/api/v1/messages/{id}", get(message_show::show))
        .route("/api/v1/pseudonyms/remap", post(pseudonym_remap::remap))
        .route("/api/v1/domains", get(domain_list::list))
        .route("/api/v1/domains/{id}/renew", post(domain_renew::renew))
}

fn incidents() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/incidents", get(incident_list::list).post(incident_create::create))
        .route("/api/v1/incidents/{id}", get(incident_show::show))
        .route("/api/v1/incidents/{id}/people", get(incident_people::people))
        .route("/api/v1/incidents/{id}/facts", post(incident_learn::learn))
        .route("/api/v1/incidents/{id}/traces", post(incident_attach::attach))
        .route("/api/v1/incidents/{id}/timeline", get(incident_timeline::timeline))
        .route("/api/v1/incidents/{id}/containment", post(incident_contain::contain))
        .route("/api/v1/incidents/{id}/report", post(incident_report::report))
        .route("/api/v1/incidents/{id}/close", post(incident_close::close))
        .route("/api/v1/incidents/{id}/duties", get(duty_list::list))
        .route("/api/v1/incidents/{id}/duties/start", post(duty_start::start))
        .route("/api/v1/incidents/{id}/duties/{duty}/stop", post(duty_stop::stop))
        .route("/api/v1/incidents/{id}/duties/{duty}/wait", post(duty_wait::wait))
        .route("/api/v1/incidents/{id}/duties/{duty}/go-on", post(duty_go_on::go_on))
}

fn notices() -> Router<Arc<App>> {
    const ALL: &str = "/api/v1/incidents/{id}/notices";
    let one = |verb: &str| format!("{ALL}/{{notice}}/{verb}");
    Router::new()
        .route(ALL, get(notice_list::list).post(notice_create::create))
        .route(&one("preview"), post(notice_preview::preview))
        .route(&one("approve"), post(notice_approve::approve))
        .route(&one("break-glass"), post(notice_break_glass::break_glass))
        .route(&one("drop"), post(notice_drop::drop))
        .route(&one("send"), post(notice_send::send))
        .route(&one("progress"), get(notice_progress::progress))
        .route(&one("in-doubt"), get(notice_in_doubt::in_doubt))
        .route(&one("resolve"), post(notice_resolve::resolve))
        .route(&one("finish"), post(notice_finish::finish))
}

fn postings() -> Router<Arc<App>> {
    const ALL: &str = "/api/v1/incidents/{id}/postings";
    Router::new()
        .route(ALL, get(posting_list::list).post(posting_create::create))
        .route(&format!("{ALL}/{{posting}}/end"), post(posting_end::end))
        .route("/notices", get(web_notice_list::list))
        .route("/notices/{slug}", get(web_notice_show::show))
}
