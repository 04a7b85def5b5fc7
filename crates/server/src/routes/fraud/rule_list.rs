//! `GET /api/v1/fraud/rules`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::{FraudBand, FraudRule, bands_of, rules_of};
use crate::app::App;
use crate::input::json;
use crate::problem::{Problem, ProblemBody};

/// The rules in force, and those that run beside.
#[derive(Serialize, ToSchema)]
pub(crate) struct FraudRules {
    /// Always 1.
    schema: u32,
    /// What the rule set calls itself.
    name: String,
    /// Its text.
    text: String,
    /// Its rules, compiled.
    rules: Vec<FraudRule>,
    /// From which score on what is done, strongest first.
    bands: Vec<FraudBand>,
    /// The most that one event costs, in units of roughly a nanosecond.
    cost: u32,
    /// Text of the rule set that runs beside and decides nothing.
    shadow: Option<String>,
}

/// The rules in force.
#[utoipa::path(get, path = "/api/v1/fraud/rules", tag = "fraud",
    responses((status = 200, description = "the rules", body = FraudRules),
              (status = 404, description = "fraud detection is off", body = ProblemBody)))]
pub(crate) async fn list(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    app.run(|app| {
        let (_, setup) = app.fraud()?.in_force()?;
        json(
            200,
            &FraudRules {
                schema: 1,
                name: setup.rules.name().to_owned(),
                text: setup.parts.rules.clone(),
                rules: rules_of(&setup.rules),
                bands: bands_of(&setup.rules),
                cost: setup.rules.cost(),
                shadow: setup.parts.shadow.clone(),
            },
        )
    })
    .await
}
