//! `doldam fraud train`: a model with its card, measured before it is written.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use doldam_fraud::evaluate::Evaluation;
use doldam_fraud::model::{Card, Settings};
use doldam_ground::locale::Language;
use serde_json::json;

use super::days::{TrainingArgs, refused, transactions, unusable};
use super::evaluate::describe;
use crate::context::Context;
use crate::files::{require_new, write_new};
use crate::wording::require_impersonal;

const LIMITS_KO: &str = "카드 거래의 사기 의심 정도를 매기는 데에만 쓰며, 신용·고용 등 다른 판단에 쓰지 마십시오. \
    학습한 기간 뒤의 새로운 수법은 모르므로 점수는 단서이고 판단은 사람이 합니다.";
const LIMITS_EN: &str = "For ranking card transactions by suspicion of fraud only, never for credit, \
    employment or any other judgement. It does not know ways of fraud that are newer than its \
    training days; a score is a lead, a person decides.";

/// Train a model on past transactions, measure it, and write it with its card
#[derive(Args)]
pub(crate) struct TrainArgs {
    #[command(flatten)]
    training: TrainingArgs,
    /// Where to write the model: a new file
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// What people are to call the model
    #[arg(long, default_value = "card payments", value_name = "TITLE")]
    title: String,
    /// Who trains it: a role, not a person's data
    #[arg(long, default_value = "", value_name = "ROLE")]
    by: String,
    /// How many trees
    #[arg(long, default_value_t = Settings::default().trees, value_name = "COUNT")]
    trees: usize,
    /// Most splits between a root and a leaf
    #[arg(long, default_value_t = Settings::default().depth, value_name = "SPLITS")]
    depth: usize,
    /// How much of each tree is taken
    #[arg(long, default_value_t = Settings::default().rate, value_name = "SHARE")]
    rate: f64,
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &TrainArgs) -> anyhow::Result<ExitCode> {
    require_impersonal("title", &args.title)?;
    require_impersonal("by", &args.by)?;
    require_new(&args.out)?;
    let period = args.training.period();
    period.check().map_err(|error| unusable(error.into()))?;
    let transactions = transactions(&args.training.transactions)?;
    let declaration = args.training.features.declaration();
    let evaluation = Evaluation::new(&transactions, declaration, period)
        .map_err(|error| refused(&args.training.transactions, error))?;
    let settings =
        Settings { trees: args.trees, depth: args.depth, rate: args.rate, ..Settings::default() };
    let model = evaluation.train(&settings).map_err(unusable)?;
    let figures = evaluation.measure(&model).map_err(unusable)?;
    let card = Card {
        title: args.title.clone(),
        trained_by: args.by.clone(),
        hold_out: Some(evaluation.hold_out(&figures)),
        limits_ko: LIMITS_KO.to_owned(),
        limits_en: LIMITS_EN.to_owned(),
        ..model.card().clone()
    };
    let model = model.with_card(card).map_err(|fault| unusable(fault.into()))?;
    write_new(&args.out, &model.to_bytes())?;
    let facts = json!({ "model": describe(&model), "card": model.card() });
    context.output.answer(model.card().text(Language::En).trim_end(), facts)?;
    Ok(ExitCode::SUCCESS)
}
