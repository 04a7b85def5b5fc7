//! The scanner over dense customer data, one core, from memory: the case in which other scanners
//! fall over. What is found is compared with what was planted.

use std::process::ExitCode;

use clap::Args;
use doldam_ground::Kind;
use doldam_scanner::{ScanOptions, scan_each};
use doldam_synthetic::bank::Table;
use doldam_synthetic::{Column, Encoding, People, Seed};
use serde_json::json;

use crate::context::Context;
use crate::output::grouped;

#[derive(Args)]
pub(crate) struct ScanArgs {
    /// Customers in the file
    #[arg(long, default_value_t = 200_000)]
    subjects: u32,
    /// Rounds; the best, the median and the worst are told
    #[arg(long, default_value_t = 5)]
    rounds: usize,
}

const COLUMNS: [&str; 6] = ["ci", "name", "phone", "email", "rrn", "card"];
const FOUND: [Kind; 5] = [Kind::CI, Kind::PHONE, Kind::EMAIL, Kind::RRN, Kind::CARD];

pub(super) fn run(context: &Context, args: &ScanArgs, json: bool) -> anyhow::Result<ExitCode> {
    let people = People::new(&Seed::new(20_251_123));
    let columns: Vec<Column> = COLUMNS.iter().filter_map(|id| Column::from_id(id)).collect();
    let table = Table { people: &people, columns: &columns, encoding: Encoding::Utf8 };
    let mut bytes = Vec::new();
    table.write_csv(&mut bytes, 0..args.subjects)?;
    let mut rates = Vec::new();
    let mut counts = [0_u64; FOUND.len()];
    for _ in 0..args.rounds.max(1) {
        counts = [0; FOUND.len()];
        let started_us = context.clock().elapsed_us();
        scan_each(&bytes, &ScanOptions::default(), &mut |hit| {
            if let Some(place) = FOUND.iter().position(|kind| *kind == hit.kind) {
                counts[place] += 1;
            }
        });
        let elapsed_us = (context.clock().elapsed_us() - started_us).max(1);
        rates.push(bytes.len() as u64 / elapsed_us);
    }
    rates.sort_unstable();
    let [worst, median, best] = [rates[0], rates[rates.len() / 2], rates[rates.len() - 1]];
    let found: Vec<String> = FOUND
        .iter()
        .zip(counts)
        .map(|(kind, count)| format!("{kind} {}", grouped(count)))
        .collect();
    let what = format!(
        "CSV of {} customers, {} bytes, columns {}, one core, from memory",
        grouped(u64::from(args.subjects)),
        grouped(bytes.len() as u64),
        COLUMNS.join(",")
    );
    if json {
        let by_kind: serde_json::Map<_, _> = FOUND
            .iter()
            .zip(counts)
            .map(|(kind, count)| (kind.id().to_owned(), json!(count)))
            .collect();
        context.output.json(&json!({
            "schema": 1, "bench": "scan", "what": what, "unit": "MB/s", "worst": worst,
            "median": median, "best": best, "planted_of_each": args.subjects, "found": by_kind,
        }))?;
    } else {
        context.output.line(&format!(
            "{what}\n  {median} MB/s (worst {worst}, best {best}); planted {} of each, found: {}",
            grouped(u64::from(args.subjects)),
            found.join(", ")
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
