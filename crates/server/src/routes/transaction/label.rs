//! `POST /api/v1/transactions:label`

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_fraud::journal::Label;
use doldam_fraud::state::Labelled;
use doldam_fraud::{EventId, FraudError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{Input, json, moment};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};

/// What became known of an event.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLabel {
    /// The event's id.
    event: String,
    /// Whether it was fraud.
    fraud: bool,
    /// When that became known, RFC 3339; now, where it is left out.
    #[serde(default)]
    known: Option<String>,
}

/// A label that is kept.
#[derive(Serialize, ToSchema)]
pub(crate) struct LabelKept {
    /// Always 1.
    schema: u32,
    /// The event.
    event: String,
    /// `applied`; `unknown`, where no window can reach the event any more, or it never came;
    /// `ambiguous`, where the windows cannot tell it from another. The label is in the log anyway.
    state: &'static str,
}

/// Says whether an event was fraud. Features that look at labels know it from now on; a back-test
/// counts by it. The last label of an event holds.
#[utoipa::path(post, path = "/api/v1/transactions:label", tag = "fraud", request_body = NewLabel,
    responses((status = 200, description = "kept", body = LabelKept),
              (status = 404, description = "fraud detection is off", body = ProblemBody),
              (status = 422, description = "no such id can be", body = ProblemBody)))]
pub(crate) async fn label(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Input(asked): Input<NewLabel>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let fraud = app.fraud()?;
        let event = EventId::new(&asked.event).map_err(FraudError::from)?;
        let known = asked.known.as_deref().map(|text| moment("known", text)).transpose()?;
        let known = known.unwrap_or_else(|| app.clock.now());
        let label = Label { event, fraud: asked.fraud, known, by: sender.actor().name };
        let state = match fraud.desk.label(label)? {
            Labelled::Applied => "applied",
            Labelled::Unknown => "unknown",
            Labelled::Ambiguous => "ambiguous",
        };
        json(200, &LabelKept { schema: 1, event: asked.event, state })
    })
    .await
}
