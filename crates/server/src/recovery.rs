//! How an act that is done is answered when its answer was lost.
//!
//! A line a route: the transaction that *is* the act, and how the answer is made from what it left
//! behind. Transactions before that one may be run again; that they may is what the kill test tries
//! (`tests/it/killed.rs`), for each route of the table of permissions.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use doldam_ground::Pii;
use doldam_store::access::rider::Effect;

use crate::app::App;
use crate::principal::Sender;
use crate::problem::Problem;
use crate::routes;

/// An act that is done.
pub(crate) struct Done {
    /// Its transaction.
    pub(crate) effect: Effect,
    /// The secret that its answer shows.
    pub(crate) secret: Option<Pii<Vec<u8>>>,
}

impl Done {
    /// The number that the transaction gave.
    pub(crate) fn number(&self) -> Result<u64, Problem> {
        self.effect.number.ok_or_else(|| Problem::internal("an act without its number"))
    }

    /// The number of a thing that the transaction made.
    pub(crate) fn id(&self) -> Result<u32, Problem> {
        u32::try_from(self.number()?).map_err(|_| Problem::internal("an act with a long number"))
    }

    /// The first id in what the access log says the act was about.
    pub(crate) fn object<T: std::str::FromStr>(&self) -> Result<T, Problem> {
        let mut words = self.effect.object.as_deref().unwrap_or_default().split(' ');
        words
            .find_map(|word| word.parse().ok())
            .ok_or_else(|| Problem::internal("an act without what it was about"))
    }

    /// The second word of what the access log says the act was about.
    pub(crate) fn second(&self) -> Result<String, Problem> {
        let words = self.effect.object.as_deref().unwrap_or_default().split(' ');
        let second = words.into_iter().nth(1).map(str::to_owned);
        second.ok_or_else(|| Problem::internal("an act without what it was about"))
    }

    /// The same, where it is a number.
    pub(crate) fn second_number(&self) -> Result<u32, Problem> {
        let number = self.second()?.parse();
        number.map_err(|_| Problem::internal("an act without a number"))
    }

    /// The secret as text.
    pub(crate) fn secret(&self) -> Result<Pii<String>, Problem> {
        let bytes = self.secret.as_ref().map(|bytes| bytes.expose().clone());
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        text.map(Pii::new).ok_or_else(|| Problem::internal("an act without its secret"))
    }
}

type Answer = fn(&App, &Sender, &Done) -> Result<Response, Problem>;

/// How a route answers an act that is done.
pub(crate) struct Recovery {
    /// The transaction that is the act.
    pub(crate) transaction: &'static str,
    /// Makes the answer.
    pub(crate) answer: Answer,
}

/// The transaction of a route whose act may always be done again.
const NEVER: &str = "never";

/// The line of a route of the table of permissions.
pub(crate) fn recovery(path: &str) -> Option<Recovery> {
    let (transaction, answer): (&str, Answer) = match path {
        // What was begun and not answered is begun anew: nobody holds its ticket. And each look at
        // a person is one of its own: its answer is not kept, and the log has a row of each.
        "/api/v1/sessions/passkey/challenge"
        | "/api/v1/sessions/sso/door"
        | "/api/v1/passkeys/challenge"
        | "/api/v1/subjects/find"
        | "/api/v1/disclosures/past/preview"
        | "/api/v1/subjects/{id}/reveal" => (NEVER, nothing),
        "/api/v1/sessions" | "/api/v1/sessions/passkey" | "/api/v1/sessions/sso" => {
            ("session.open", routes::session_create::again)
        }
        "/api/v1/passkeys" => ("passkey.add", routes::passkey_create::again),
        "/api/v1/passkeys/{id}/revoke" => ("passkey.revoke", nothing),
        "/api/v1/staff/{id}/sso" => ("sso.link", nothing),
        "/api/v1/staff/{id}/sso/unlink" => ("sso.unlink", nothing),
        "/api/v1/staff" => ("staff.invite", routes::staff_create::again),
        "/api/v1/staff/{id}/disable" => ("staff.disable", routes::staff_disable::again),
        "/api/v1/staff/me/passphrase" => ("staff.set_secret", nothing),
        "/api/v1/processors" => ("processor.register", routes::processor_create::again),
        "/api/v1/processors/{id}/cut" => ("access.cut", routes::processor_cut::again),
        "/api/v1/processors/{id}/api-keys" => ("api_key.issue", routes::api_key_create::again),
        "/api/v1/api-keys/{id}/revoke" => ("api_key.revoke", nothing),
        "/api/v1/processors/{id}/resume" => ("access.resume", routes::processor_resume::again),
        "/api/v1/processors/{id}/resume/request" => {
            ("approval.request", routes::processor_request_resume::again)
        }
        "/api/v1/disclosures/past" => ("disclosure.record", routes::disclosure_record::again),
        "/api/v1/disclosures/raw" => ("approval.request", routes::disclosure_request_raw::again),
        "/api/v1/disclosures" => ("disclosure.issue", routes::disclosure_create::again),
        "/api/v1/deliveries" => ("delivery.publish", routes::delivery_publish::again),
        "/api/v1/traces" => ("trace.insert", routes::trace_create::again),
        "/api/v1/subjects/{id}/erase" => ("subject.erase", routes::subject_erase::again),
        "/api/v1/approvals/{id}/agree" => ("approval.agree", nothing),
        "/api/v1/approvals/{id}/break-glass" => ("approval.break_glass", nothing),
        "/api/v1/approvals/small-team" => ("small_team.set", nothing),
        "/api/v1/drills" => ("drill.keep", routes::drill_create::again),
        "/api/v1/processors/{id}/message-templates" => {
            ("message.register", routes::message_template_create::again)
        }
        "/api/v1/messages" => ("message.ask", routes::message_create::again),
        "/api/v1/pseudonyms/remap" => ("pseudonym.remap", routes::pseudonym_remap::again),
        "/api/v1/domains/{id}/renew" => ("domain.renew", routes::domain_renew::again),
        "/api/v1/fraud/setups/request" => ("approval.request", routes::setup_request::again),
        "/api/v1/fraud/setups" => ("fraud.setup", routes::setup_put::again),
        "/api/v1/fraud/lists/{name}" => ("fraud.list", routes::list_change::again),
        _ => return of_people(path).or_else(|| of_incident(path)),
    };
    Some(Recovery { transaction, answer })
}

/// The line of what people do about decisions on fraud.
fn of_people(path: &str) -> Option<Recovery> {
    let (transaction, answer): (&str, Answer) = match path.strip_prefix("/api/v1/fraud/")? {
        "alerts/{sequence}/assign" => ("alert.assign", routes::alert_again),
        "alerts/{sequence}/close" => ("alert.close", routes::alert_again),
        "cases" => ("case.open", routes::case_create::again),
        "cases/{id}/notes" => ("case.note", routes::case_again),
        "cases/{id}/close" => ("case.close", routes::case_again),
        "cases/{id}/reopen" => ("case.reopen", routes::case_again),
        "measures/{sequence}/notify"
        | "measures/{sequence}/identity-check"
        | "measures/{sequence}/release"
        | "measures/{sequence}/refuse" => ("measure.step", routes::measure_again),
        _ => return None,
    };
    Some(Recovery { transaction, answer })
}

/// The line of a route of an incident.
fn of_incident(path: &str) -> Option<Recovery> {
    let verb = path.strip_prefix("/api/v1/incidents")?;
    let (transaction, answer): (&str, Answer) = match verb.trim_start_matches("/{id}") {
        "" => ("incident.open", routes::incident_create::again),
        "/facts" => ("incident.learn", routes::incident_learn::again),
        "/traces" => ("incident.attach", routes::incident_attach::again),
        "/containment" => ("contain.prove", routes::incident_contain::again),
        "/report" => ("report.draft", routes::incident_report::again),
        "/close" => ("incident.close", routes::incident_close::again),
        "/duties/start" => ("clock.start", routes::duty_start::again),
        "/duties/{duty}/stop" | "/duties/{duty}/wait" | "/duties/{duty}/go-on" => {
            ("clock.record", routes::duty_again)
        }
        "/notices" => ("notice.draft", routes::notice_create::again),
        "/notices/{notice}/preview" => ("notice.preview", routes::notice_preview::again),
        "/notices/{notice}/approve" => ("notice.approve", routes::notice_again),
        "/notices/{notice}/break-glass" => ("notice.break_glass", nothing),
        "/notices/{notice}/drop" => ("notice.drop", routes::notice_again),
        "/notices/{notice}/send" => ("notice.plan", routes::notice_send::again),
        "/notices/{notice}/resolve" => ("notice.resolve", routes::notice_counts_again),
        "/notices/{notice}/finish" => ("notice.finish", routes::notice_finish::again),
        "/postings" => ("posting.put_up", routes::posting_create::again),
        "/postings/{posting}/end" => ("posting.end", routes::posting_end::again),
        _ => return None,
    };
    Some(Recovery { transaction, answer })
}

/// 204: there is nothing to say.
#[expect(clippy::unnecessary_wraps, reason = "the form of all answers")]
fn nothing(_: &App, _: &Sender, _: &Done) -> Result<Response, Problem> {
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permission::TABLE;

    #[test]
    fn each_route_with_an_effect_can_be_answered_when_its_answer_was_lost() {
        let missing: Vec<_> = TABLE
            .iter()
            .filter(|rule| rule.needs_key() && recovery(rule.path).is_none())
            .map(|rule| rule.path)
            .collect();
        assert!(missing.is_empty(), "add a line to recovery(): {missing:?}");
    }
}
