//! `doldam drill`: the whole story on people who do not exist, in a folder of its own.

use std::process::ExitCode;

use clap::Args;
use doldam_drill::{Drill, Outcome, Trouble};
use doldam_ground::entropy;
use doldam_store::ScratchDatabase;

use crate::context::Context;
use crate::entropy::SystemEntropy;
use crate::output::grouped;

/// Rehearse a leak, from the found file to every customer told once; touches nothing real
#[derive(Args)]
pub(crate) struct DrillArgs {
    /// Invented people whose data leaks
    #[arg(long, value_name = "N", default_value_t = 17_551,
          value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    subjects: u32,
    /// Makes the same people, leak and faults again [default: drawn]
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
    /// How the gateway of the drill behaves
    #[arg(long, value_enum, default_value_t, value_name = "FAULTS")]
    faults: Faults,
    /// Rehearse on PostgreSQL: on this server a database is made for the drill, and dropped after
    #[arg(long, value_name = "ADDRESS")]
    postgres: Option<String>,
}

/// How the gateway of a drill behaves.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Faults {
    /// As the contract says
    #[default]
    None,
    /// It throttles, hangs up, forgets to answer, loses and repeats receipts
    Some,
}

/// Runs the command. The data folder and its settings are not even opened.
pub(crate) fn run(context: &Context, args: &DrillArgs) -> anyhow::Result<ExitCode> {
    // What the seed makes must be the same on every machine, so a JSON reader must not round it.
    let drawn = || entropy::number(&mut SystemEntropy) >> 12;
    let database = args.postgres.as_deref().map(database).transpose()?;
    let drill = Drill {
        subjects: args.subjects,
        seed: args.seed.unwrap_or_else(drawn),
        trouble: match args.faults {
            Faults::None => Trouble::None,
            Faults::Some => Trouble::Some,
        },
        clock: context.shared_clock(),
        postgres: database.as_ref().map(ScratchDatabase::address),
    };
    let outcome = drill.run()?;
    if context.output.is_json() {
        context.output.json(&outcome.to_json())?;
    } else {
        context.output.line(&sentences(&outcome))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A database that nobody has ever used.
fn database(server: &str) -> anyhow::Result<ScratchDatabase> {
    let number: [u8; 8] = entropy::bytes(&mut SystemEntropy);
    Ok(ScratchDatabase::create(server, &data_encoding::HEXLOWER.encode(&number))?)
}

/// The drill as a person reads it.
fn sentences(outcome: &Outcome) -> String {
    let mut lines: Vec<String> = outcome
        .steps
        .iter()
        .map(|step| format!("{:>8} ms  {}", grouped(step.ms), step.name))
        .collect();
    let told = &outcome.notices;
    lines.push(format!(
        "\n{} people affected; {} told, {} without a receipt, {} not reached, {} in doubt, {} twice",
        grouped(outcome.affected),
        grouped(told.delivered),
        grouped(told.accepted),
        grouped(told.failed),
        grouped(told.in_doubt),
        grouped(told.duplicate),
    ));
    lines.push(format!(
        "first text {} ms after the file was found; {} ms in all; {} legal clocks stopped on \
         evidence; {} lines of timeline; seed {}",
        grouped(outcome.to_first_text_ms),
        grouped(outcome.total_ms()),
        outcome.clocks,
        outcome.timeline,
        outcome.seed,
    ));
    lines.join("\n")
}
