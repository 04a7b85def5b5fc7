//! Attribution over a demo bank: leaks made of what it really gave away, traced by the real vault.
//!
//! Every case is partial, mixed, shuffled, re-encoded, stripped of columns or padded with strangers
//! as a seed decides; the truth is known. The figure is how often the right processor and the right
//! disclosure stand first, and how often a file of strangers is attributed to nobody.

use std::io::Cursor;
use std::process::ExitCode;

use clap::Args;
use doldam_ground::ids::DisclosureId;
use doldam_scanner::read::table::TableOptions;
use doldam_synthetic::leak::{self, Delivered, Recipe};
use doldam_synthetic::{People, Seed};
use doldam_trace::attribution::Verdict;
use doldam_trace::house::VaultHouse;
use doldam_trace::report::Report;
use doldam_trace::trace_file;
use doldam_vault::Vault;
use serde_json::json;

use crate::context::Context;
use crate::demo;
use crate::failure::failure;

#[derive(Args)]
pub(crate) struct AttributionArgs {
    /// Seeded leaks, and as many files of strangers
    #[arg(long, default_value_t = 200)]
    cases: u64,
    /// The first seed
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// A file that left the house, and whose it was.
struct Given {
    id: DisclosureId,
    processor: String,
}

pub(super) fn run(
    context: &Context,
    args: &AttributionArgs,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let session = context.open()?;
    let (given, tables) = delivered(context, &session.vault)?;
    let rows: Vec<usize> = tables.iter().map(Delivered::row_count).collect();
    let house = VaultHouse::new(&session.vault)?;
    let (mut right, mut nobody, mut slowest_ms) = (0, 0, 0);
    let mut missed = Vec::new();
    for case in 0..args.cases {
        let seed = Seed::new(args.seed).numbered(case);
        let strangers = People::strangers(&seed);
        let leaked = leak::make(&seed, &strangers, &tables, &Recipe::any(&seed, &rows))?;
        let report = trace(context, &house, &leaked.bytes)?;
        slowest_ms = slowest_ms.max(report.elapsed_ms);
        let truth = &given[leaked.truth.sources[0].table];
        if is_right(&report, truth) {
            right += 1;
        } else {
            let sources: Vec<DisclosureId> =
                leaked.truth.sources.iter().map(|source| given[source.table].id).collect();
            missed.push(Missed::new(case, &sources, &report));
        }
        let table = usize::try_from(case).unwrap_or(0) % tables.len();
        let foreign = leak::make(&seed, &strangers, &tables, &Recipe::foreign(table, 1_000))?;
        let report = trace(context, &house, &foreign.bytes)?;
        nobody += u64::from(report.attribution.verdict == Verdict::Nobody);
    }
    let what = "leaks of a demo bank's disclosures (partial from 500 rows, mixed, shuffled, \
                re-encoded, with strangers), traced by its vault";
    if json {
        context.output.json(&json!({
            "schema": 1, "bench": "attribution", "what": what, "disclosures": given.len(),
            "cases": args.cases, "right_first": right, "foreign": args.cases,
            "foreign_to_nobody": nobody, "slowest_ms": slowest_ms,
            "missed": missed.iter().map(Missed::facts).collect::<Vec<_>>(),
        }))?;
    } else {
        let lines: Vec<String> =
            missed.iter().map(|one| format!("\nmissed: {}", one.facts())).collect();
        context.output.line(&format!(
            "{what}: {} disclosures\n\
             right processor and disclosure first: {right} of {}\n\
             files of strangers attributed to nobody: {nobody} of {}\n\
             slowest trace: {slowest_ms} ms{}",
            given.len(),
            args.cases,
            args.cases,
            lines.concat(),
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A leak whose right disclosure did not stand first: what it was made of, and what was answered.
struct Missed {
    case: u64,
    made_of: Vec<String>,
    answered: Vec<String>,
    rows: u64,
}

impl Missed {
    /// The largest source is the one that should stand first.
    fn new(case: u64, sources: &[DisclosureId], report: &Report) -> Self {
        let answered = report.disclosures.iter().take(sources.len() + 1);
        Self {
            case,
            made_of: sources.iter().map(DisclosureId::to_string).collect(),
            answered: answered.map(|one| format!("{} {:.4}", one.id, one.score)).collect(),
            rows: report.rows,
        }
    }

    fn facts(&self) -> serde_json::Value {
        json!({
            "case": self.case, "made_of": self.made_of, "answered": self.answered,
            "rows": self.rows,
        })
    }
}

/// The files that the demo gave away, with the disclosure of each.
fn delivered(context: &Context, vault: &Vault) -> anyhow::Result<(Vec<Given>, Vec<Delivered>)> {
    let drops = context.beside("outside")?.join("drops");
    let (mut given, mut tables) = (Vec::new(), Vec::new());
    for disclosure in vault.disclosures()? {
        let id = disclosure.row.id;
        let path = drops.join(format!("{id}.csv"));
        let csv = std::fs::read(&path).map_err(|_| {
            failure(
                "this installation is not a demo whose files are still there",
                "make one with `cargo xtask up`, or `doldam init --demo`",
            )
        })?;
        given.push(Given { id, processor: disclosure.row.processor.to_string() });
        tables.push(demo::read_table(&csv)?);
    }
    anyhow::ensure!(!given.is_empty(), "nothing was disclosed");
    Ok((given, tables))
}

fn trace(context: &Context, house: &VaultHouse<'_>, bytes: &[u8]) -> anyhow::Result<Report> {
    let open = || Ok(Box::new(Cursor::new(bytes.to_vec())) as Box<dyn std::io::Read>);
    Ok(trace_file(&open, TableOptions::default(), house, context.clock())?.report)
}

fn is_right(report: &Report, truth: &Given) -> bool {
    let processor = report.processors.first().map(|holder| holder.id.as_str());
    let disclosure = report.disclosures.first().map(|one| one.id.as_str());
    processor == Some(truth.processor.as_str()) && disclosure == Some(&truth.id.to_string())
}
