//! `doldam fraud features`: past transactions in, their features out.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use doldam_fraud::dataset::{Column, Transactions, write_csv, write_parquet};
use doldam_fraud::evaluate::{Comparison, Day, Matrix, columns, compare, feature_set};
use serde_json::{Value, json};

use super::days::{day, refused, transactions, unusable};
use crate::context::Context;
use crate::failure::{FOUND, failure};
use crate::files::{require_new, write_new};
use crate::output::grouped;

/// Write the features of past transactions to a file
#[derive(Args)]
pub(crate) struct FeaturesArgs {
    /// Card transactions, Parquet or CSV: transaction_id, time, customer_id, terminal_id,
    /// amount_cents, fraud
    #[arg(value_name = "FILE")]
    transactions: PathBuf,
    /// Where to write: a new file, .parquet or .csv
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Which features are computed
    #[arg(long, value_enum, default_value_t, value_name = "SET")]
    features: super::Features,
    /// Days until the label of a transaction is known
    #[arg(long, default_value_t = 7, value_name = "DAYS")]
    delay_days: u32,
    /// First day that is written, as 2018-07-25 (UTC); windows look back further
    #[arg(long, value_name = "DAY", value_parser = day)]
    from: Option<Day>,
    /// Last day that is written
    #[arg(long, value_name = "DAY", value_parser = day)]
    to: Option<Day>,
    /// Compare with a published file of the same features; exit code 1 if a row differs that no
    /// tie explains
    #[arg(long, value_name = "FILE")]
    compare: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &FeaturesArgs) -> anyhow::Result<ExitCode> {
    let kind = args.out.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
    if !matches!(kind, "parquet" | "csv") {
        return Err(failure("it is not said what to write", "let --out end in .parquet or .csv"));
    }
    if args.delay_days > 90 {
        return Err(failure("the delay is longer than a window may be", "give at most 90 days"));
    }
    if args.compare.is_some() && args.features != super::Features::Published {
        return Err(failure(
            "only the published features can be compared",
            "leave out --features or --compare",
        ));
    }
    require_new(&args.out)?;
    let transactions = transactions(&args.transactions)?;
    let rows = rows(args, &transactions)?;
    let (schema, set) =
        feature_set(args.features.declaration(), args.delay_days).map_err(unusable)?;
    let matrix =
        Matrix::compute(&transactions, &schema, &set, args.delay_days, &rows).map_err(unusable)?;
    let columns = columns(&transactions, &rows, &matrix);
    let mut bytes = Vec::new();
    if kind == "csv" {
        write_csv(&mut bytes, &columns).map_err(|fault| unusable(fault.into()))?;
    } else {
        write_parquet(&mut bytes, &columns).map_err(|fault| unusable(fault.into()))?;
    }
    write_new(&args.out, &bytes)?;
    let compared = match &args.compare {
        Some(published) => Some(
            compare(&transactions, &rows, &columns, published)
                .map_err(|error| refused(published, error))?,
        ),
        None => None,
    };
    tell(context, &columns, rows.len(), compared.as_ref())?;
    let is_equal = compared.is_none_or(|found| found.is_equal());
    Ok(if is_equal { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}

fn rows(args: &FeaturesArgs, transactions: &Transactions) -> anyhow::Result<Vec<usize>> {
    let rows: Vec<usize> = (0..transactions.len())
        .filter(|row| {
            let day = Day::of(transactions.times()[*row]);
            args.from.is_none_or(|from| day >= from) && args.to.is_none_or(|to| day <= to)
        })
        .collect();
    if rows.is_empty() {
        return Err(failure("there are no transactions on those days", "check --from and --to"));
    }
    Ok(rows)
}

fn tell(
    context: &Context,
    columns: &[(String, Column)],
    rows: usize,
    compared: Option<&Comparison>,
) -> anyhow::Result<()> {
    let names: Vec<&str> = columns.iter().skip(1).map(|(name, _)| name.as_str()).collect();
    let mut text = format!("{} rows of {} features written", grouped(rows as u64), names.len());
    let mut facts = json!({ "rows": rows, "features": names });
    if let Some(found) = compared {
        text.push_str(&format!(
            "\n{} published rows compared in {} columns, {} unknown, {} differ",
            grouped(found.rows as u64),
            found.columns,
            grouped(found.unknown as u64),
            grouped(found.differences.len() as u64)
        ));
        for row in found.differences.iter().take(100) {
            let why = if row.is_tie { "same second, same customer" } else { "no tie explains it" };
            text.push_str(&format!("\n  {} ({why}): {}", row.transaction, row.columns.join(", ")));
        }
        let differences: Vec<Value> = found
            .differences
            .iter()
            .map(|row| {
                json!({ "transaction_id": row.transaction, "columns": row.columns, "tie": row.is_tie })
            })
            .collect();
        facts["compared"] = json!({
            "rows": found.rows,
            "unknown": found.unknown,
            "columns": found.columns,
            "differences": differences,
            "equal_but_for_ties": found.is_equal(),
        });
    }
    context.output.answer(&text, facts)
}
