//! `doldam fraud back-test`: what a draft of rules would have done over what really happened.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use doldam_fraud::journal::StoreJournal;
use doldam_fraud::replay::{Backtest, Comparison, backtest};
use doldam_fraud::rule::SET_TEXT_MAX;
use doldam_fraud::schema::{SHIPPED, Schema};
use doldam_ground::Instant;
use serde_json::json;

use super::days::unusable;
use crate::context::Context;
use crate::failure::{failure, file_failure};
use crate::output::grouped;

/// Run a draft of rules over the log and compare it with the rules that were in force
#[derive(Args)]
pub(crate) struct BackTestArgs {
    /// The draft, TOML
    #[arg(value_name = "RULES")]
    rules: PathBuf,
    /// Events taken in from here on, as 2026-11-01 [default: the beginning]
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Events taken in before this [default: the end]
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// How many alerts a day people can look at
    #[arg(long, default_value_t = 100, value_name = "N")]
    capacity: usize,
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &BackTestArgs) -> anyhow::Result<ExitCode> {
    let instant = |text: &Option<String>, flag, otherwise| match text {
        Some(text) => context.instant(text, flag),
        None => Ok(Instant::from_micros(otherwise)),
    };
    let from = instant(&args.from, "--from", i64::MIN)?;
    let to = instant(&args.to, "--to", i64::MAX)?;
    let refused = |error| file_failure("read", &args.rules, &error);
    if args.rules.metadata().map_err(refused)?.len() > SET_TEXT_MAX as u64 {
        return Err(failure("the draft is too long", "give a rule set of at most 1 MiB"));
    }
    let text = std::fs::read_to_string(&args.rules).map_err(refused)?;
    let customer = Schema::parse(SHIPPED).map_err(unusable)?.place("account").unwrap_or_default();
    let session = context.open()?;
    let journal = StoreJournal::new(Arc::new(session.vault.data().clone()));
    let asked = Backtest { text: &text, from, to, capacity_per_day: args.capacity, customer };
    let found = backtest(&journal, &mut *journal.fetch(), &asked).map_err(unusable)?;
    let facts = json!({
        "events": found.events,
        "frauds": found.frauds,
        "live": found.live,
        "draft": found.draft,
        "both": found.both,
        "newly_disturbed": found.newly_disturbed,
        "rules": found.rules,
    });
    context.output.answer(&sentences(&found), facts)?;
    Ok(ExitCode::SUCCESS)
}

fn sentences(found: &Comparison) -> String {
    let mut text = format!(
        "{} events, {} of them fraud\n\
         in force  stops {}, {} of them fraud, {} customers\n\
         draft     stops {}, {} of them fraud, {} customers\n\
         both stop {}; {} customers are newly disturbed",
        grouped(found.events),
        grouped(found.frauds),
        grouped(found.live.stopped),
        grouped(found.live.hits),
        grouped(found.live.customers),
        grouped(found.draft.stopped),
        grouped(found.draft.hits),
        grouped(found.draft.customers),
        grouped(found.both),
        grouped(found.newly_disturbed),
    );
    for rule in &found.rules {
        text.push_str(&format!(
            "\n  {}: {} times, {} of them fraud, {} alone",
            rule.rule,
            grouped(rule.fired),
            grouped(rule.hits),
            grouped(rule.alone)
        ));
    }
    text
}
