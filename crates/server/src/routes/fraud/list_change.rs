//! `POST /api/v1/fraud/lists/{name}`
//!
//! The change is an entry of the log first, then a row of the access log that says who and why. A
//! death between the two lets the request be made again: the same members on the same list are the
//! same list.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use doldam_fraud::FraudError;
use doldam_fraud::list::{Change, Member};
use doldam_store::audit;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{Input, json, moment};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::wording::require_impersonal;

/// Longest key or reference, in bytes.
const TEXT_BYTES_MAX: usize = 256;

/// Who comes and who goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListChange {
    /// Members that come, or replace the one of the same key.
    #[serde(default)]
    add: Vec<NewMember>,
    /// Keys that go.
    #[serde(default)]
    remove: Vec<String>,
    /// Why, without personal data; kept for ever.
    why: String,
}

/// A member that comes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMember {
    /// What rules compare with: a pseudonym, an account, a device.
    key: String,
    /// From when on it counts no more, RFC 3339.
    #[serde(default)]
    until: Option<String>,
    /// What puts it there: an incident, a disclosure.
    #[serde(default)]
    reference: Option<String>,
}

/// A change that holds from the next event on.
#[derive(Serialize, ToSchema)]
pub(crate) struct ListChanged {
    /// Always 1.
    schema: u32,
    /// The list.
    list: String,
    /// Place of the change in the log: every later decision sees it.
    sequence: u64,
}

fn text(what: &'static str, text: &str) -> Result<Box<str>, Problem> {
    let fits = (1..=TEXT_BYTES_MAX).contains(&text.len()) && !text.chars().any(char::is_control);
    if fits {
        return Ok(text.into());
    }
    let why = format!("a {what} has 1 to {TEXT_BYTES_MAX} bytes on one line");
    Err(Problem::bad_request("fraud.list_text", why))
}

fn member(new: &NewMember) -> Result<Member, Problem> {
    Ok(Member {
        key: text("key", &new.key)?,
        until: new.until.as_deref().map(|until| moment("until", until)).transpose()?,
        reference: new.reference.as_deref().map(|it| text("reference", it)).transpose()?,
    })
}

/// Changes a list. It holds from the next event on.
#[utoipa::path(post, path = "/api/v1/fraud/lists/{name}", tag = "fraud", request_body = ListChange,
    params(("name" = String, Path, description = "the list"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 200, description = "changed", body = ListChanged),
              (status = 400, description = "nothing to change, or no key", body = ProblemBody),
              (status = 404, description = "no such list, or fraud detection is off",
               body = ProblemBody)))]
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Path(name): Path<String>,
    Input(asked): Input<ListChange>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let fraud = app.fraud()?;
        require_impersonal("why", &asked.why)?;
        let list = fraud.in_force()?.1.list(&name).ok_or(FraudError::UnknownList)?;
        let add = asked.add.iter().map(member).collect::<Result<Vec<_>, _>>()?;
        let remove = asked.remove.iter().map(|key| text("key", key));
        let remove = remove.collect::<Result<Vec<_>, _>>()?;
        if add.is_empty() && remove.is_empty() {
            return Err(Problem::bad_request("fraud.list_empty", "name who comes or who goes"));
        }
        let actor = sender.actor();
        let counts = format!("{} come, {} go: {}", add.len(), remove.len(), asked.why);
        let (by, why) = (actor.name.clone(), asked.why);
        let sequence = fraud.desk.change(Change { list, add, remove, by, why })?;
        let object = format!("{name} {sequence}");
        let entry = app.vault.entry(&actor, "fraud.list", object, &counts, None);
        app.vault.data().write("fraud.list", move |tx| {
            audit::append(tx, &entry)?;
            Ok(sequence)
        })?;
        answer(name, sequence)
    })
    .await
}

fn answer(list: String, sequence: u64) -> Result<Response, Problem> {
    json(200, &ListChanged { schema: 1, list, sequence })
}

/// The answer to a change that is done.
pub(crate) fn again(_: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    let object = done.effect.object.as_deref().unwrap_or_default();
    let list = object.split(' ').next().unwrap_or_default().to_owned();
    answer(list, done.number()?)
}
