//! `POST /api/v1/subjects/{id}/reveal`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use doldam_ground::Kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{kind, meant};
use crate::answer::Fleeting;
use crate::app::App;
use crate::input::{Id, Input, json};
use crate::permission::Role;
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::wording::require_impersonal;

/// Seconds after which a page hides what it was shown.
const SHOWN_S: u32 = 60;

/// What to show.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reveal {
    /// Which kinds, one at least: phone. Resident numbers are for privacy officers only.
    kinds: Vec<String>,
    /// Why, for the access log: 5 to 200 characters that name the case, not the person.
    purpose: String,
}

/// What is shown.
#[derive(Serialize, ToSchema)]
pub(crate) struct RevealedBody {
    /// Always 1.
    schema: u32,
    /// The values of the kinds that were asked for, as far as they are held.
    values: Vec<RevealedValue>,
    /// Hide them after so many seconds.
    expires_in: u32,
}

/// One value.
#[derive(Serialize, ToSchema)]
pub(crate) struct RevealedValue {
    /// Which kind.
    kind: &'static str,
    /// The value.
    value: String,
    /// The import that first brought it: I-1.
    import: Option<String>,
}

/// The kinds that are asked for, and may be.
fn chosen(sender: &Sender, asked: &[String]) -> Result<Vec<Kind>, Problem> {
    let kinds = asked.iter().map(|text| kind(text)).collect::<Result<Vec<_>, _>>()?;
    if kinds.is_empty() {
        return Err(Problem::bad_request("server.kind", "say which kinds are to be shown"));
    }
    if kinds.contains(&Kind::RRN) && sender.staff()?.role != Role::PrivacyOfficer {
        return Err(Problem::forbidden());
    }
    Ok(kinds)
}

/// Shows values of a person. The access log has a row first; the answer is kept nowhere, so a
/// request that is sent again is one more look.
#[utoipa::path(post, path = "/api/v1/subjects/{id}/reveal", tag = "staff", request_body = Reveal,
    params(("id" = String, Path, description = "as a search or a list gave it"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "the values", body = RevealedBody),
              (status = 404, description = "no such reference, or erased", body = ProblemBody),
              (status = 429, description = "too many looks", body = ProblemBody)))]
pub(crate) async fn reveal(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<String>,
    Input(asked): Input<Reveal>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        require_impersonal("purpose", &asked.purpose)?;
        let person = meant(app, &sender, &id)?;
        let kinds = chosen(&sender, &asked.kinds)?;
        app.looking.count(sender.staff()?.session.staff, app.vault.now())?;
        let shown = app.vault.reveal(person, &kinds, &sender.actor(), &asked.purpose)?;
        let values = shown.attributes.iter().zip(&shown.received).map(|((kind, value), import)| {
            RevealedValue {
                kind: kind.id(),
                value: value.expose().clone(),
                import: import.map(|import| import.to_string()),
            }
        });
        let answer = RevealedBody { schema: 1, values: values.collect(), expires_in: SHOWN_S };
        Ok((Extension(Fleeting), json(200, &answer)?).into_response())
    })
    .await
}
