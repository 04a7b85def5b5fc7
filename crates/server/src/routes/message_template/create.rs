//! `POST /api/v1/processors/{id}/message-templates`

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use doldam_ground::ids::ProcessorId;
use doldam_ground::locale::Language;
use doldam_processors::NewText;
use serde::Deserialize;
use utoipa::ToSchema;

use super::TemplateBody;
use crate::app::App;
use crate::input::{Id, Input, json};
use crate::principal::Sender;
use crate::problem::{Problem, ProblemBody};
use crate::recovery::Done;

/// A text that a processor may have sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTemplate {
    /// How the processor asks for it: lower-case letters, digits and dashes.
    name: String,
    /// The text of each language (ko, en); a hole is `{{ name }}`.
    texts: BTreeMap<String, String>,
    /// Addresses and telephone numbers that it may name.
    #[serde(default)]
    allowed: Vec<String>,
}

/// Registers a text for a processor. It is used once a second person has agreed to it.
#[utoipa::path(post, path = "/api/v1/processors/{id}/message-templates", tag = "staff",
    request_body = NewTemplate,
    params(("id" = String, Path, description = "P-1"),
           ("Idempotency-Key" = String, Header, description = "another one for each act")),
    responses((status = 201, description = "registered", body = TemplateBody),
              (status = 400, description = "its faults", body = ProblemBody),
              (status = 404, description = "no such processor", body = ProblemBody)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<ProcessorId>,
    Input(asked): Input<NewTemplate>,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let refused = |_| Problem::bad_request("server.language", "a language is ko or en");
        let texts = asked
            .texts
            .into_iter()
            .map(|(language, text)| Ok((language.parse::<Language>().map_err(refused)?, text)));
        let texts = texts.collect::<Result<BTreeMap<_, _>, Problem>>()?;
        let new = NewText { name: asked.name, texts, allowed: asked.allowed };
        let member = app.vault.staff_of(&sender.staff()?.session);
        let held = app.desk.template_register(id, &new, member, &sender.actor())?;
        json(201, &TemplateBody::from(held))
    })
    .await
}

/// The answer to a text that is registered.
pub(crate) fn again(app: &App, _: &Sender, done: &Done) -> Result<Response, Problem> {
    // As it was answered: nobody can have agreed before they were asked.
    let held = app.desk.template(done.object()?)?;
    json(201, &TemplateBody { agreed: false, ..TemplateBody::from(held) })
}
