//! `GET /api/v1/sandbox`

use std::collections::BTreeMap;

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use doldam_ground::ids::ProcessorId;
use doldam_synthetic::{Column, People, Seed};
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
        let fields = fields(app, &sender)?;
        let number = sender.principal.scope().map_or(0, ProcessorId::number);
        let people = People::strangers(&Seed::new(u64::from(number)).child("sandbox"));
        let rows = (0..wanted.rows.min(PEOPLE_MAX)).map(|index| {
            let person = people.person(index);
            fields.iter().map(|field| (field.id(), person.expose(*field).to_owned())).collect()
        });
        let rows = rows.collect();
        let fields = fields.iter().map(|field| field.id()).collect();
        json(200, &Sandbox { schema: 1, invented: true, fields, rows })
    })
    .await
}

/// The fields of all that the processor was given, in the order of a full table; nickname and CI
/// for one that was given nothing yet.
fn fields(app: &App, sender: &Sender) -> Result<Vec<Column>, Problem> {
    let scope = sender.principal.scope();
    let given: Vec<_> = app
        .vault
        .disclosure_summaries()?
        .into_iter()
        .filter(|facts| Some(facts.row.processor) == scope)
        .flat_map(|facts| facts.fields)
        .map(|field| field.kind)
        .collect();
    if given.is_empty() {
        return Ok(vec![Column::Nickname, Column::Ci]);
    }
    let is_given = |column: &&Column| column.kind().is_some_and(|kind| given.contains(&kind));
    Ok(Column::ALL.iter().filter(is_given).copied().collect())
}
