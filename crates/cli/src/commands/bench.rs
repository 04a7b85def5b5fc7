//! `doldam bench` (hidden): what a figure in a document was measured by.
//!
//! Every benchmark prints what it measured, on what, against whom, and runs its peer in the same
//! run.

mod attribution;
mod line;
mod pseudonym;
mod scan;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::context::Context;

/// Measure
#[derive(Args)]
pub(crate) struct BenchArgs {
    #[command(subcommand)]
    what: What,
    /// Write JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum What {
    /// Right processor and disclosure first, over leaks of a demo bank (needs one: --data)
    Attribution(attribution::AttributionArgs),
    /// Megabytes a second over dense customer data
    Scan(scan::ScanArgs),
    /// Pseudonyms a second on one core, beside the aes-siv crate one by one
    Pseudonym(pseudonym::PseudonymArgs),
    /// Import and trace over an installation of its own
    #[command(alias = "trace")]
    Import(line::LineArgs),
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &BenchArgs) -> anyhow::Result<ExitCode> {
    match &args.what {
        What::Attribution(options) => attribution::run(context, options, args.json),
        What::Scan(options) => scan::run(context, options, args.json),
        What::Pseudonym(options) => pseudonym::run(context, options, args.json),
        What::Import(options) => line::run(context, options, args.json),
    }
}
