//! `GET /api/v1/gateways`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use doldam_notify::Gateway;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{List, json};
use crate::problem::Problem;

/// A gateway of the settings, without its account.
#[derive(Serialize, ToSchema)]
pub(crate) struct GatewayBody {
    /// Its name, by which a notice is sent.
    name: String,
    /// The number that texts come from.
    sender: String,
    /// Most short messages a second by its contract; null when it does not say.
    texts_per_second: Option<u32>,
    /// Whether the messages go out by it that processors ask for.
    carries_messages: bool,
    /// unused, ok or failing: how it was when this server used it last.
    state: &'static str,
    /// The stable word for what was wrong; null unless it fails.
    code: Option<String>,
    /// When this server used it last, RFC 3339; null when it did not since it started.
    used_at: Option<String>,
}

impl GatewayBody {
    fn new(app: &App, gateway: &Gateway) -> Self {
        let used = app.gateways.last(&gateway.name);
        Self {
            name: gateway.name.clone(),
            sender: gateway.sender.clone(),
            texts_per_second: gateway.texts_per_second,
            carries_messages: app.settings.channels.messages.as_ref() == Some(&gateway.name),
            state: match &used {
                None => "unused",
                Some(used) if used.fault.is_none() => "ok",
                Some(_) => "failing",
            },
            code: used.as_ref().and_then(|used| used.fault.clone()),
            used_at: used.map(|used| used.at.to_rfc3339()),
        }
    }
}

impl GatewayBody {
    /// Whether its last use failed.
    pub(crate) fn is_failing(&self) -> bool {
        self.state == "failing"
    }
}

/// All gateways of the settings, in their order.
pub(crate) fn gateways(app: &App) -> Vec<GatewayBody> {
    app.settings.channels.gateways.iter().map(|it| GatewayBody::new(app, it)).collect()
}

/// By what texts can go out, and how it was when that was tried last.
#[utoipa::path(get, path = "/api/v1/gateways", tag = "staff",
    responses((status = 200, description = "gateways", body = List<GatewayBody>)))]
pub(crate) async fn list(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    json(200, &List::whole(gateways(&app)))
}
