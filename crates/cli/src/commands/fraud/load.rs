//! `doldam fraud load`: a history into the log, so that windows are warm before the first live event.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use doldam_fraud::history::{engine, load, of_transactions};
use doldam_fraud::journal::StoreJournal;
use doldam_fraud::setup::Parts;
use serde_json::json;

use super::days::{transactions, unusable};
use crate::context::Context;
use crate::output::grouped;
use crate::progress;

/// Judge past transactions and keep them, before the first live event; a load that was cut short is
/// repeated
#[derive(Args)]
pub(crate) struct LoadArgs {
    /// Card transactions, Parquet or CSV: transaction_id, time, customer_id, terminal_id,
    /// amount_cents, fraud
    #[arg(value_name = "FILE")]
    transactions: PathBuf,
    /// Currency of the amounts, ISO 4217
    #[arg(long, default_value = "KRW", value_name = "CODE")]
    currency: String,
    /// Days until the label of a transaction is known
    #[arg(long, default_value_t = 7, value_name = "DAYS")]
    delay_days: u32,
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &LoadArgs) -> anyhow::Result<ExitCode> {
    let transactions = transactions(&args.transactions)?;
    let session = context.open()?;
    let journal = StoreJournal::new(Arc::new(session.vault.data().clone()));
    let now = context.clock().now();
    let keep = &mut |parts: &Parts| journal.keep(parts, "shipped", now);
    let mut engine =
        engine(&journal, &mut *journal.fetch(), Parts::shipped(), keep, now).map_err(unusable)?;
    let schema = engine.setup().schema.clone();
    let by = &session.actor.name;
    let past = of_transactions(&transactions, &schema, &args.currency, args.delay_days, by, now)
        .map_err(unusable)?;
    let bar = progress::count(context.output, "Loading", transactions.len() as u64);
    let loaded = load(&journal, &mut engine, past, &mut |so_far| bar.set_position(so_far.done()))
        .map_err(unusable)?;
    bar.finish_and_clear();
    let text = format!(
        "{} events and {} labels taken in, {} stood in the log already",
        grouped(loaded.events),
        grouped(loaded.labels),
        grouped(loaded.known)
    );
    let facts = json!({
        "events": loaded.events,
        "labels": loaded.labels,
        "known": loaded.known,
    });
    context.output.answer(&text, facts)?;
    Ok(ExitCode::SUCCESS)
}
