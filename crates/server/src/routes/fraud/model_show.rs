//! `GET /api/v1/fraud/model`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use data_encoding::HEXLOWER;
use doldam_fraud::model::{Card, HoldOut, Sample};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::json;
use crate::problem::{Problem, ProblemBody};

/// The model in force.
#[derive(Serialize, ToSchema)]
pub(crate) struct ModelInForce {
    /// Always 1.
    schema: u32,
    /// Absent where rules decide alone.
    model: Option<ModelBody>,
}

/// A model, and what a person must know of it before letting it judge.
#[derive(Serialize, ToSchema)]
pub(crate) struct ModelBody {
    /// BLAKE3 of it, in hex.
    version: String,
    /// Where it was made.
    origin: String,
    trees: u64,
    nodes: u64,
    /// Its features, in its own order.
    features: Vec<String>,
    /// What people call it.
    title: String,
    /// Who trained it.
    trained_by: String,
    /// What it was trained on.
    training: Option<SampleBody>,
    /// Days after which the labels of the training rows were taken for known.
    label_delay_days: Option<u32>,
    /// Version of the feature set that it was trained with.
    feature_set: String,
    /// How well it did on rows that it had not seen.
    hold_out: Option<HoldOutBody>,
    /// The trainer's settings as name = value.
    settings: Vec<String>,
    /// Seed of the trainer's chance.
    seed: Option<u64>,
    /// What it must not be used for, Korean.
    limits_ko: String,
    /// The same in English.
    limits_en: String,
}

/// Rows that a model has seen or was measured on.
#[derive(Serialize, ToSchema)]
pub(crate) struct SampleBody {
    /// First day.
    from: String,
    /// Last day, inclusive.
    to: String,
    /// Transactions.
    rows: u64,
    /// Frauds among them.
    frauds: u64,
}

/// Figures of a hold-out.
#[derive(Serialize, ToSchema)]
pub(crate) struct HoldOutBody {
    /// The rows.
    sample: SampleBody,
    /// Area under the receiver operating characteristic.
    auc: f64,
    /// Average precision.
    average_precision: f64,
    /// Share of truly compromised cards among the 100 with the highest score each day.
    card_precision_100: Option<f64>,
}

impl From<&Sample> for SampleBody {
    fn from(sample: &Sample) -> Self {
        let Sample { from, to, rows, frauds } = sample.clone();
        Self { from, to, rows, frauds }
    }
}

impl From<&HoldOut> for HoldOutBody {
    fn from(held: &HoldOut) -> Self {
        Self {
            sample: (&held.sample).into(),
            auc: held.auc,
            average_precision: held.average_precision,
            card_precision_100: held.card_precision_100,
        }
    }
}

/// The model in force with its card.
#[utoipa::path(get, path = "/api/v1/fraud/model", tag = "fraud",
    responses((status = 200, description = "the model", body = ModelInForce),
              (status = 404, description = "fraud detection is off", body = ProblemBody)))]
pub(crate) async fn show(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    app.run(|app| {
        let (_, setup) = app.fraud()?.in_force()?;
        let model = setup.model.as_ref().map(|bound| {
            let model = bound.model();
            let card: &Card = model.card();
            let settings = card.settings.iter();
            ModelBody {
                version: HEXLOWER.encode(&model.version()),
                origin: model.origin().to_owned(),
                trees: model.trees() as u64,
                nodes: model.nodes() as u64,
                features: model.features().to_vec(),
                title: card.title.clone(),
                trained_by: card.trained_by.clone(),
                training: card.training.as_ref().map(SampleBody::from),
                label_delay_days: card.label_delay_days,
                feature_set: card.feature_set.clone(),
                hold_out: card.hold_out.as_ref().map(HoldOutBody::from),
                settings: settings.map(|(name, value)| format!("{name} = {value}")).collect(),
                seed: card.seed,
                limits_ko: card.limits_ko.clone(),
                limits_en: card.limits_en.clone(),
            }
        });
        json(200, &ModelInForce { schema: 1, model })
    })
    .await
}
