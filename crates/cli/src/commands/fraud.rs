//! `doldam fraud`: judge transactions of the past, to see how good a model or a declaration is.
//!
//! `evaluate`, `features` and `train` read files and nothing else: they need no installation and keep
//! nothing, so that anybody can repeat a figure that a document gives. The others work on the log of
//! an installation.

mod back_test;
mod days;
mod evaluate;
mod features;
mod load;
mod replay;
mod train;

use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use doldam_fraud::evaluate::EXTENDED;
use doldam_fraud::feature::PUBLISHED;

use crate::context::Context;
use crate::errand::Needs;

/// Train and measure on past transactions; load, back-test and replay the log of decisions
#[derive(Args)]
pub(crate) struct FraudArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Evaluate(evaluate::EvaluateArgs),
    Features(features::FeaturesArgs),
    Train(train::TrainArgs),
    Load(load::LoadArgs),
    BackTest(back_test::BackTestArgs),
    Replay(replay::ReplayArgs),
}

impl FraudArgs {
    /// What it needs of the data folder. A history is loaded before the first live event, so no
    /// server may decide meanwhile.
    pub(crate) const fn needs(&self) -> Needs {
        match self.command {
            Command::Evaluate(_) | Command::Features(_) | Command::Train(_) => Needs::Nothing,
            Command::BackTest(_) | Command::Replay(_) => Needs::Vault,
            Command::Load(_) => Needs::Alone,
        }
    }
}

/// Which features are computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Features {
    /// The 15 of the handbook whose figures are public
    #[default]
    Published,
    /// Beside them the customer's habits and what stood out of late, without labels
    Extended,
}

impl Features {
    const fn declaration(self) -> &'static str {
        match self {
            Self::Published => PUBLISHED,
            Self::Extended => EXTENDED,
        }
    }
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &FraudArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::Evaluate(args) => evaluate::run(context, args),
        Command::Features(args) => features::run(context, args),
        Command::Train(args) => train::run(context, args),
        Command::Load(args) => load::run(context, args),
        Command::BackTest(args) => back_test::run(context, args),
        Command::Replay(args) => replay::run(context, args),
    }
}
