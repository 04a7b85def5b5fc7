//! `doldam fraud evaluate`: AUC, average precision and card precision by the published protocol.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use data_encoding::HEXLOWER;
use doldam_fraud::evaluate::{CARDS_A_DAY, Evaluation, Figures};
use doldam_fraud::model::{MODEL_BYTES_MAX, Model, Sample, Settings};
use serde_json::{Value, json};

use super::days::{TrainingArgs, refused, transactions, unusable};
use crate::context::Context;
use crate::failure::{failure, file_failure};
use crate::output::grouped;

/// Train on some days, test on later ones, and measure
#[derive(Args)]
pub(crate) struct EvaluateArgs {
    #[command(flatten)]
    training: TrainingArgs,
    /// Measure this model (ours, XGBoost JSON or LightGBM text) instead of training one
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &EvaluateArgs) -> anyhow::Result<ExitCode> {
    let period = args.training.period();
    period.check().map_err(|error| unusable(error.into()))?;
    let given = args.model.as_ref().map(read_model).transpose()?;
    let transactions = transactions(&args.training.transactions)?;
    let declaration = args.training.features.declaration();
    let evaluation = Evaluation::new(&transactions, declaration, period)
        .map_err(|error| refused(&args.training.transactions, error))?;
    let model = match given {
        Some(model) => named(model, &evaluation)?,
        None => evaluation.train(&Settings::default()).map_err(unusable)?,
    };
    let figures = evaluation.measure(&model).map_err(unusable)?;
    let perfect = evaluation.perfect().map_err(|error| unusable(error.into()))?;
    let facts = json!({
        "auc": figures.auc,
        "average_precision": figures.average_precision,
        "card_precision_100": figures.card_precision_100,
        "perfect_card_precision_100": perfect.card_precision_100,
        "delay_days": period.delay_days,
        "train": sample(&evaluation.training_sample()),
        "test": sample(&evaluation.test_sample()),
        "features": evaluation.features(),
        "model": describe(&model),
    });
    context.output.answer(&sentences(&evaluation, &model, &figures, &perfect), facts)?;
    Ok(ExitCode::SUCCESS)
}

/// Reads a model that the user named.
fn read_model(path: &PathBuf) -> anyhow::Result<Model> {
    let size = path.metadata().map_err(|error| file_failure("read", path, &error))?.len();
    if size > MODEL_BYTES_MAX as u64 {
        return Err(failure(
            format!("{} is larger than {MODEL_BYTES_MAX} bytes", path.display()),
            "train a smaller model",
        ));
    }
    let bytes = std::fs::read(path).map_err(|error| file_failure("read", path, &error))?;
    Model::parse(&bytes).map_err(|fault| refused(path, fault.into()))
}

/// Gives the features their names where the model has none: programs that learn from plain arrays
/// save `f0`, `f1`, … or nothing, and then the order is that of the set.
fn named(model: Model, evaluation: &Evaluation<'_>) -> anyhow::Result<Model> {
    let is_numbered =
        model.features().iter().enumerate().all(|(place, name)| {
            *name == format!("f{place}") || *name == format!("Column_{place}")
        });
    if is_numbered && model.features().len() == evaluation.features().len() {
        return model.with_features(evaluation.features()).map_err(|fault| unusable(fault.into()));
    }
    Ok(model)
}

fn sample(sample: &Sample) -> Value {
    json!({ "from": sample.from, "to": sample.to, "rows": sample.rows, "frauds": sample.frauds })
}

/// The model as a program reads it.
pub(super) fn describe(model: &Model) -> Value {
    let version = HEXLOWER.encode(&model.version());
    let settings: serde_json::Map<String, Value> =
        model.card().settings.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    json!({
        "origin": model.origin(),
        "trees": model.trees(),
        "nodes": model.nodes(),
        "version": version,
        "settings": settings,
    })
}

fn sentences(
    evaluation: &Evaluation<'_>,
    model: &Model,
    figures: &Figures,
    perfect: &Figures,
) -> String {
    let rows = |sample: &Sample| {
        format!(
            "{} … {}: {} transactions, {} of them fraud",
            sample.from,
            sample.to,
            grouped(sample.rows),
            grouped(sample.frauds)
        )
    };
    format!(
        "Learned from {}\n\
         Tested on    {}, without cards that were known\n\
         Features     {}\n\
         Model        {}, {} trees\n\n\
         AUC                   {:.3}\n\
         average precision     {:.3}\n\
         card precision at {CARDS_A_DAY} {:.3} (a perfect ranking: {:.3})",
        rows(&evaluation.training_sample()),
        rows(&evaluation.test_sample()),
        evaluation.features().len(),
        model.origin(),
        model.trees(),
        figures.auc,
        figures.average_precision,
        figures.card_precision_100,
        perfect.card_precision_100,
    )
}
