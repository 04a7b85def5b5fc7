//! `POST /api/v1/disclosures`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::{ApprovalId, DisclosureId, ProcessorId};
use doldam_ground::{Instant, Kind};
use doldam_store::access::delivery::Delivery;
use doldam_vault::disclosure::{Filter, Order};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;
use crate::wording::require_impersonal;

/// What is to be given to whom. Real values need a second person's consent: ask for it with the
/// same order at `/api/v1/disclosures/raw`, then name the request here.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDisclosure {
    /// A registered processor: P-1.
    pub(crate) processor: String,
    /// What it may be used for.
    pub(super) purpose: String,
    /// Kinds, in the order of the columns: nickname, ci.
    fields: Vec<String>,
    /// all, language=ko, first:N, sample:N or sample:N:SEED.
    subjects: String,
    /// Pseudonyms that join with other deliveries for this purpose.
    #[serde(default)]
    domain_wide: bool,
    /// How many invented people to plant; one in a hundred when absent.
    #[serde(default)]
    canaries: Option<u16>,
    /// When the data must be returned, RFC 3339.
    #[serde(default)]
    return_by: Option<String>,
    /// The request to which a second person agreed, for real values: A-1.
    #[serde(default)]
    approval: Option<String>,
}

/// A disclosure whose file is kept, for nobody yet.
#[derive(Serialize, ToSchema)]
pub(crate) struct DisclosureMade {
    /// Always 1.
    schema: u32,
    /// Its number: D-1.
    id: String,
    /// Its sealed file: V-1.
    delivery: String,
    /// How many people it is about.
    subjects: u64,
    /// SHA-256 of the file, hexadecimal.
    sha256: String,
}

impl DisclosureMade {
    fn new(held: &Delivery, subjects: u64) -> Self {
        Self {
            schema: 1,
            id: held.disclosure.to_string(),
            delivery: held.id.to_string(),
            subjects,
            sha256: data_encoding::HEXLOWER.encode(&held.sha256),
        }
    }
}

pub(super) fn order(asked: &NewDisclosure) -> Result<(Order, Filter), Problem> {
    let refused =
        |what: &str| Problem::bad_request("server.disclosure", format!("{what} cannot be read"));
    let processor: ProcessorId = asked.processor.parse().map_err(|_| refused("processor"))?;
    let kinds: Option<Vec<Kind>> = asked.fields.iter().map(|id| Kind::from_id(id)).collect();
    let filter: Filter = asked.subjects.parse()?;
    let approval = asked.approval.as_deref().map(str::parse::<ApprovalId>).transpose();
    let return_by = asked.return_by.as_deref().map(|text| Instant::parse(text, "UTC")).transpose();
    let order = Order {
        processor: processor.to_string(),
        relation: String::new(),
        purpose: asked.purpose.clone(),
        fields: kinds.ok_or_else(|| refused("fields"))?,
        raw: asked.approval.is_some(),
        bound: !asked.domain_wide,
        canaries: asked.canaries.map(usize::from),
        return_by: return_by.map_err(|_| refused("return_by"))?,
        requester: None,
        approval: approval.map_err(|_| refused("approval"))?,
    };
    Ok((order, filter))
}

/// Makes a disclosure of pseudonyms and keeps its file sealed until it is published.
#[utoipa::path(post, path = "/api/v1/disclosures", tag = "staff", request_body = NewDisclosure,
    params(("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 201, description = "made", body = DisclosureMade),
              (status = 409, description = "the processor is cut off", body = ProblemBody)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Input(asked): Input<NewDisclosure>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        require_impersonal("purpose", &asked.purpose)?;
        let (mut order, filter) = order(&asked)?;
        order.requester = Some(app.vault.staff_of(&sender.staff()?.session));
        if order.return_by.is_some_and(|at| at <= app.vault.now()) {
            let why = "return_by is over: a copy cannot be due back before it is given";
            return Err(Problem::bad_request("server.disclosure", why));
        }
        let selected = app.vault.select(filter)?;
        let (file, held) = app.desk.disclose(&order, &selected, &sender.actor())?;
        json(201, &DisclosureMade::new(&held, file.subjects))
    })
    .await
}

/// The answer to a disclosure that is done.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    let id: DisclosureId = done.object()?;
    let facts = app.vault.disclosure(id)?.ok_or_else(Problem::not_found)?;
    let held = app.desk.delivery_of(id)?;
    json(201, &DisclosureMade::new(&held, u64::from(facts.row.subject_count)))
}
