//! The people whose data the controller holds: how many, and one of them at a time.
//!
//! A person is named in an address by a reference that was made for whoever asks, never by a value;
//! values stand in bodies, masked until they are revealed, and an answer that shows somebody is kept
//! nowhere.

pub(crate) mod count;
pub(crate) mod erase;
pub(crate) mod find;
pub(crate) mod holdings;
pub(crate) mod looks;
pub(crate) mod reveal;
pub(crate) mod show;

use axum::http::StatusCode;
use doldam_ground::Kind;
use doldam_ground::ids::Ordinal;
use doldam_vault::Masked;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::permission::{Door, Role, Who, rule};
use crate::principal::Sender;
use crate::problem::Problem;

/// The log row of a look at a page says so: the search before it says why.
const PAGE: &str = "the page of a person who was found";

/// One person, under masks.
#[derive(Serialize, ToSchema)]
pub(crate) struct SubjectBody {
    /// How addresses name this person: works for whoever asked, for half a day.
    id: String,
    /// In which language the person is told: ko.
    language: String,
    /// Each kind with its masked value.
    values: Vec<MaskedBody>,
    /// The roles that can read in the access log who looked and why.
    seen_by: Vec<&'static str>,
}

/// One masked value.
#[derive(Serialize, ToSchema)]
pub(crate) struct MaskedBody {
    /// Which kind: phone.
    kind: &'static str,
    /// Its first character, or nothing of it.
    masked: String,
}

impl SubjectBody {
    fn new(id: String, held: Masked) -> Self {
        let values = held.values.into_iter();
        let values = values.map(|(kind, masked)| MaskedBody { kind: kind.id(), masked });
        Self { id, language: held.language, values: values.collect(), seen_by: seen_by() }
    }
}

/// Whom the table of permissions lets read the access log.
fn seen_by() -> Vec<&'static str> {
    let log = rule("GET", "/api/v1/audit");
    let reads = |role: &Role| log.is_some_and(|log| log.lets_in(Door::Staff, Who::Staff(*role)));
    Role::ALL.into_iter().filter(reads).map(Role::word).collect()
}

/// The person whom a reference in an address means.
pub(crate) fn meant(app: &App, sender: &Sender, reference: &str) -> Result<Ordinal, Problem> {
    let bearer = sender.staff()?.session.staff;
    app.vault.referred(reference, bearer).ok_or_else(|| {
        Problem::new(
            StatusCode::NOT_FOUND,
            "server.reference",
            "this address of a person was made for somebody else or is too old: find the person \
             again",
        )
    })
}

/// The reference by which the sender names a person.
fn reference(app: &App, sender: &Sender, person: Ordinal) -> Result<String, Problem> {
    let bearer = sender.staff()?.session.staff;
    Ok(app.vault.references(&[person], bearer).remove(0))
}

/// The kind of that name; what was sent is not repeated.
fn kind(text: &str) -> Result<Kind, Problem> {
    let kind = Kind::from_header(text);
    kind.ok_or_else(|| Problem::bad_request("server.kind", "there is no such kind of value"))
}
