//! `GET /api/v1/fraud/features`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::json;
use crate::problem::{Problem, ProblemBody};

/// What is known of an event beyond what it says itself, and what it may say.
#[derive(Serialize, ToSchema)]
pub(crate) struct FraudFeatures {
    /// Always 1.
    schema: u32,
    /// What the feature set calls itself.
    name: String,
    /// Its text.
    text: String,
    /// How much older than the newest event an event may be to count, in microseconds.
    late_us: i64,
    /// The features, in the order in which they are computed.
    features: Vec<FraudFeature>,
    /// The fields of events.
    fields: Vec<FraudField>,
}

/// A feature.
#[derive(Serialize, ToSchema)]
pub(crate) struct FraudFeature {
    /// How rules and models call it.
    name: String,
    /// bool, int, real, text, time or span.
    #[serde(rename = "type")]
    holds: String,
    /// One sentence, Korean.
    ko: String,
    /// The same in English.
    en: String,
    /// How it comes about.
    meaning: String,
}

/// A field of events.
#[derive(Serialize, ToSchema)]
pub(crate) struct FraudField {
    /// How rules and events call it.
    name: String,
    /// Its type in rules.
    #[serde(rename = "type")]
    holds: String,
    /// Kinds of event that must carry it.
    required: Vec<&'static str>,
    /// One sentence, Korean.
    ko: String,
    /// The same in English.
    en: String,
}

/// The features in force, and the fields of events.
#[utoipa::path(get, path = "/api/v1/fraud/features", tag = "fraud",
    responses((status = 200, description = "the features", body = FraudFeatures),
              (status = 404, description = "fraud detection is off", body = ProblemBody)))]
pub(crate) async fn list(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    app.run(|app| {
        let (_, setup) = app.fraud()?.in_force()?;
        let features = setup.features.features().iter().map(|feature| FraudFeature {
            name: feature.name.clone(),
            holds: feature.holds.to_string(),
            ko: feature.ko.clone(),
            en: feature.en.clone(),
            meaning: feature.meaning.clone(),
        });
        let fields = setup.schema.fields().iter().map(|field| FraudField {
            name: field.name.clone(),
            holds: field.holds.value_type().to_string(),
            required: field.required.iter().map(|kind| kind.name()).collect(),
            ko: field.ko.clone(),
            en: field.en.clone(),
        });
        json(
            200,
            &FraudFeatures {
                schema: 1,
                name: setup.features.name().to_owned(),
                text: setup.parts.features.clone(),
                late_us: setup.features.late_us(),
                features: features.collect(),
                fields: fields.collect(),
            },
        )
    })
    .await
}
