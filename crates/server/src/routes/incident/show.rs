//! `GET /api/v1/incidents/{id}`

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::Instant;
use doldam_ground::ids::{IncidentId, ProcessorId};
use doldam_response::{contain, incident as room, notice};
use doldam_store::incident::{self, EvidenceLink, containment::Containment};
use serde::Serialize;
use utoipa::ToSchema;

use super::{IncidentBody, seen};
use crate::app::App;
use crate::input::{Id, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::routes::notice::NoticeBody;

/// An incident and what is on its record: counts, ids, words and times, nobody's data.
#[derive(Serialize, ToSchema)]
pub(crate) struct IncidentShown {
    /// Always 1.
    schema: u32,
    incident: IncidentBody,
    /// How many people are known to be hit.
    people: u64,
    /// The signed lists that name them: T-1.
    traces: Vec<String>,
    /// What is known, in the words of the rule table.
    facts: BTreeMap<String, String>,
    /// Orders to cut something off, oldest first.
    containment: Vec<OrderBody>,
    /// Notices, oldest first.
    notices: Vec<NoticeBody>,
    /// What shows what was done.
    evidence: Vec<EvidenceBody>,
}

/// An order to cut something off.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrderBody {
    /// Whom: P-1.
    processor: String,
    /// What is cut: access, domains.
    means: String,
    ordered_by: String,
    reason: String,
    ordered_at: String,
    /// Absent until it is shown to be cut.
    proved_at: Option<String>,
    /// Ids, counts and times; the signed proof stands with the processor, by the number of the cut.
    #[schema(value_type = Option<BTreeMap<String, serde_json::Value>>)]
    proof: Option<serde_json::Value>,
}

/// A reference to what shows something.
#[derive(Serialize, ToSchema)]
pub(crate) struct EvidenceBody {
    kind: String,
    reference: String,
    added_by: String,
    added_at: String,
}

impl From<Containment> for OrderBody {
    fn from(held: Containment) -> Self {
        let (proved_at, proof) = held.proof.unzip();
        Self {
            processor: held.order.processor.to_string(),
            means: held.order.means,
            ordered_by: held.order.ordered_by,
            reason: held.order.reason,
            ordered_at: held.ordered_at.to_rfc3339_ms(),
            proved_at: proved_at.map(Instant::to_rfc3339_ms),
            proof: proof.and_then(|text| serde_json::from_str(&text).ok()),
        }
    }
}

impl From<EvidenceLink> for EvidenceBody {
    fn from(held: EvidenceLink) -> Self {
        Self {
            kind: held.kind,
            reference: held.reference,
            added_by: held.added_by,
            added_at: held.added_at.to_rfc3339(),
        }
    }
}

/// All orders of an incident about these processors.
pub(super) fn orders(
    app: &App,
    id: IncidentId,
    may: impl Fn(ProcessorId) -> bool,
) -> Result<Vec<OrderBody>, Problem> {
    let all = contain::orders(&app.vault, id)?;
    Ok(all.into_iter().filter(|held| may(held.order.processor)).map(OrderBody::from).collect())
}

/// One incident. An inspector sees what was cut of the processor to inspect, and no facts about the
/// company.
#[utoipa::path(get, path = "/api/v1/incidents/{id}", tag = "staff",
    params(("id" = String, Path, description = "L-1")),
    responses((status = 200, description = "the incident", body = IncidentShown),
              (status = 404, description = "no such incident", body = ProblemBody)))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<IncidentId>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let incident = seen(app, &sender, id)?.into();
        let (people, traces, evidence) = app.vault.data().read("incident.show", |tx| {
            let traces = incident::exposure_traces(tx, id)?;
            Ok((incident::exposure_count(tx, id)?, traces, incident::evidence(tx, id)?))
        })?;
        let mut shown = IncidentShown {
            schema: 1,
            incident,
            people,
            traces: traces.iter().map(ToString::to_string).collect(),
            facts: BTreeMap::new(),
            containment: orders(app, id, |processor| sender.may_see(processor))?,
            notices: Vec::new(),
            evidence: Vec::new(),
        };
        if sender.principal.scope().is_none() {
            shown.facts = room::facts(&app.vault, id, None)?.answers().into_iter().collect();
            shown.evidence = evidence.into_iter().map(EvidenceBody::from).collect();
            let drafts = notice::drafts(&app.vault, id)?.into_iter();
            shown.notices =
                drafts.map(|held| NoticeBody::new(app, id, held)).collect::<Result<_, _>>()?;
        }
        json(200, &shown)
    })
    .await
}
