//! `GET /api/v1/fraud/lists`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{List, json};
use crate::problem::{Problem, ProblemBody};

/// A declared list.
#[derive(Serialize, ToSchema)]
pub(crate) struct FraudList {
    /// How rules call it.
    name: String,
    /// Who stands on it, Korean.
    ko: String,
    /// The same in English.
    en: String,
    /// How many, those whose end date is over included until they are removed.
    count: u64,
}

/// The declared lists.
#[utoipa::path(get, path = "/api/v1/fraud/lists", tag = "fraud",
    responses((status = 200, description = "the lists", body = List<FraudList>),
              (status = 404, description = "fraud detection is off", body = ProblemBody)))]
pub(crate) async fn list(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    app.run(|app| {
        let items: Vec<FraudList> = app.fraud()?.desk.look(|engine| {
            let all = engine.setup().lists.iter().enumerate();
            all.map(|(place, list)| FraudList {
                name: list.name.clone(),
                ko: list.ko.clone(),
                en: list.en.clone(),
                count: engine.lists().count(place) as u64,
            })
            .collect()
        })?;
        json(200, &List::whole(items))
    })
    .await
}
