//! `GET /api/v1/sandbox`

use std::collections::BTreeMap;

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use doldam_ground::Kind;
use doldam_ground::ids::{DomainId, Handle, Ordinal, ProcessorId};
use doldam_ground::kind::PseudonymShape;
use doldam_ground::locale::Language;
use doldam_synthetic::{Column, People, Seed};
use doldam_vault::keyring::DOMAIN_KEY_BYTES;
use doldam_vault::pseudonym::{DomainKey, Member};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::input::json;
use crate::principal::Sender;
use crate::problem::Problem;

/// Most invented people at a time.
const PEOPLE_MAX: u32 = 1_000;

/// How many.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    #[serde(default = "usual")]
    rows: u32,
}

const fn usual() -> u32 {
    20
}

/// Invented people with the fields that the processor is given.
#[derive(Serialize, ToSchema)]
pub(crate) struct Sandbox {
    /// Always 1.
    schema: u32,
    /// Always true: nobody of these exists.
    invented: bool,
    /// The fields.
    fields: Vec<&'static str>,
    /// One object a person.
    rows: Vec<BTreeMap<&'static str, String>>,
}

/// A field as the processor is given it.
struct Given {
    column: Column,
    /// In pseudonyms, as every delivery has it but a raw one.
    pseudonym: Option<Kind>,
}

/// Invented people in the shape of the processor's own data; the same ones each time.
#[utoipa::path(get, path = "/api/v1/sandbox", tag = "processors",
    params(("rows" = Option<u32>, Query, description = "how many, up to 1,000")),
    responses((status = 200, description = "invented people", body = Sandbox)))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let Query(wanted) =
        wanted.map_err(|_| Problem::bad_request("server.query", "rows is a number"))?;
    app.run(move |app| {
        let given = given(app, &sender)?;
        let number = sender.principal.scope().map_or(0, ProcessorId::number);
        let mut rows = vec![BTreeMap::new(); wanted.rows.min(PEOPLE_MAX) as usize];
        for field in &given {
            for (row, value) in rows.iter_mut().zip(values(app, number, field, wanted.rows)?) {
                row.insert(field.column.id(), value);
            }
        }
        let fields = given.iter().map(|field| field.column.id()).collect();
        json(200, &Sandbox { schema: 1, invented: true, fields, rows })
    })
    .await
}

/// One value a person: a pseudonym under a key that no delivery has, so that programs which are
/// tried on it meet the very shapes, marks and lengths of the real deliveries.
fn values(app: &App, number: u32, field: &Given, rows: u32) -> Result<Vec<String>, Problem> {
    let rows = rows.min(PEOPLE_MAX);
    let Some(kind) = field.pseudonym else {
        let people = People::strangers(&Seed::new(u64::from(number)).child("sandbox"));
        let value = |index| people.person(index).expose(field.column).to_owned();
        return Ok((0..rows).map(value).collect());
    };
    let members: Vec<Member> = (0..rows)
        .map(|index| Member { handle: Handle::new(index.into()), ordinal: Ordinal::new(index) })
        .collect();
    let mut key = [0; DOMAIN_KEY_BYTES];
    for (place, part) in key.chunks_mut(32).enumerate() {
        let matter = format!("{number} {kind} {place}");
        part.copy_from_slice(&*app.vault.derive_key("doldam 1 sandbox", matter.as_bytes()));
    }
    let key = DomainKey::new(DomainId::new(0), kind, &key);
    Ok(key.issue(None, &members, Language::default())?)
}

/// The fields of all that the processor was given, in the order of a full table; nickname and CI
/// for one that was given nothing yet. Real values stand for a field only where no delivery had
/// pseudonyms of it.
fn given(app: &App, sender: &Sender) -> Result<Vec<Given>, Problem> {
    let scope = sender.principal.scope();
    let mut held: BTreeMap<Kind, bool> = BTreeMap::new();
    for facts in app.vault.disclosure_summaries()? {
        if Some(facts.row.processor) == scope {
            for field in facts.fields {
                *held.entry(field.kind).or_insert(true) &= field.raw;
            }
        }
    }
    if held.is_empty() {
        held.extend([(Kind::NICKNAME, false), (Kind::CI, false)]);
    }
    let field = |column: &Column| {
        let kind = column.kind()?;
        let is_raw = *held.get(&kind)? || kind.entry().pseudonym == PseudonymShape::None;
        Some(Given { column: *column, pseudonym: (!is_raw).then_some(kind) })
    };
    Ok(Column::ALL.iter().filter_map(field).collect())
}
