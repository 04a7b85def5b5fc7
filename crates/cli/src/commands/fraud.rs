//! `doldam fraud`: judge transactions of the past, to see how good a model or a declaration is.
//!
//! These commands read files and nothing else: they need no installation and keep nothing, so that
//! anybody can repeat a figure that a document gives.

mod days;
mod evaluate;
mod features;
mod train;

use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use doldam_fraud::evaluate::EXTENDED;
use doldam_fraud::feature::PUBLISHED;

use crate::context::Context;

/// Compute features of past transactions, train models and measure them
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
    }
}
