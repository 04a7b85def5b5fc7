//! `doldam trace`: a leaked file in, persons and origin out.
//!
//! With an installation the file becomes evidence first: hashed, sealed, its custody noted; then it
//! is traced from the sealed copy and the list of affected people is signed. With `--against` there
//! is no installation at all: the file is compared with a bare customer list, in memory, and
//! nothing is kept.

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use data_encoding::HEXLOWER as HEX;
use doldam_ground::limits::LINE_BYTES_MAX;
use doldam_scanner::Locator;
use doldam_scanner::read::table::{Format as TableFormat, TableOptions};
use doldam_trace::InMemoryHouse;
use doldam_trace::intake::{Traced, take_in, trace_evidence};
use doldam_trace::report::Report;
use doldam_trace::rows::{Rows, TableRows};
use serde_json::{Value, json};

use crate::context::Context;
use crate::entropy::SystemEntropy;
use crate::errand::{Needs, seat};
use crate::failure::{failure, file_failure};
use crate::output::grouped;
use crate::wording::require_impersonal;

/// Say whose data a leaked file holds, and whose copy it is
#[derive(Args)]
pub(crate) struct TraceArgs {
    /// The file, or a place that `doldam scan` printed; - for standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// Compare with this customer list instead of an installation; nothing is kept
    #[arg(long, value_name = "CUSTOMERS")]
    against: Option<PathBuf>,
    /// Why the file is traced, for the access log
    #[arg(long, default_value = "trace of a file that turned up")]
    purpose: String,
    /// How rows are written in the file
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    rows: RowFormat,
}

/// How rows are written.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum RowFormat {
    /// Judged from the file
    #[default]
    Auto,
    /// Comma, semicolon, tab or bar separated
    Csv,
    /// One JSON object a line
    Ndjson,
    /// Any text; values are searched for in each line
    Text,
}

impl RowFormat {
    fn options(self) -> TableOptions {
        let format = match self {
            Self::Auto => TableFormat::Auto,
            Self::Csv => TableFormat::Csv,
            Self::Ndjson => TableFormat::Ndjson,
            Self::Text => TableFormat::Text,
        };
        TableOptions { format, ..TableOptions::default() }
    }
}

impl TraceArgs {
    /// What it needs of the data folder.
    pub(crate) const fn needs(&self) -> Needs {
        if self.against.is_some() { Needs::Nothing } else { Needs::Vault }
    }
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &TraceArgs) -> anyhow::Result<ExitCode> {
    match &args.against {
        Some(customers) => run_against(context, args, customers),
        None => run_installed(context, args),
    }
}

fn open(file: &str) -> anyhow::Result<Box<dyn Read + Send>> {
    if file == "-" {
        return Ok(seat::input());
    }
    Ok(Locator::resolve(file).open()?)
}

fn run_installed(context: &Context, args: &TraceArgs) -> anyhow::Result<ExitCode> {
    require_impersonal("purpose", &args.purpose)?;
    let mut source = open(&args.file)?;
    let session = context.open()?;
    let (vault, actor) = (&session.vault, &session.actor);
    let held = take_in(vault, &mut source, actor, &args.purpose)?;
    let options = args.rows.options();
    let traced = trace_evidence(vault, &held, &options, actor, &args.purpose, context.clock())?;
    session.checkpoint()?;
    let mut document = serde_json::to_value(&traced.trace.report)?;
    if let Some(document) = document.as_object_mut() {
        document.insert("trace".to_owned(), json!(traced.id.to_string()));
        document.insert("evidence".to_owned(), json!(traced.evidence.to_string()));
        document.insert("list".to_owned(), list(&traced));
    }
    show(context, &traced.trace.report, &document, Some(&traced))
}

fn list(traced: &Traced) -> Value {
    let header = &traced.list.header;
    json!({
        "version": traced.version,
        "people": header.people,
        "evidence_sha256": HEX.encode(&header.evidence_sha256),
        "root": HEX.encode(&header.root),
        "signature": HEX.encode(&traced.list.signature),
    })
}

fn run_against(
    context: &Context,
    args: &TraceArgs,
    customers: &PathBuf,
) -> anyhow::Result<ExitCode> {
    if args.file == "-" {
        return Err(failure(
            "with --against the file is read twice, so it cannot be standard input",
            "name a file",
        ));
    }
    let started_us = context.clock().elapsed_us();
    let list =
        std::fs::File::open(customers).map_err(|error| file_failure("read", customers, &error))?;
    let list = std::io::BufReader::with_capacity(LINE_BYTES_MAX, list);
    let mut list = TableRows::open(list, TableOptions::default())?;
    let (house, faults) = InMemoryHouse::read(&mut list, &mut SystemEntropy)?;
    let index_ms = (context.clock().elapsed_us() - started_us) / 1_000;
    if !faults.is_empty() {
        let count = grouped(faults.len() as u64);
        context.output.note(&format!("note: {count} rows of the customer list are unreadable"));
    }
    let options = args.rows.options();
    let open = || -> Result<Box<dyn Rows>, doldam_trace::TraceError> {
        Ok(Box::new(TableRows::open(Locator::resolve(&args.file).open()?, options)?))
    };
    let trace = doldam_trace::trace(&open, &house, context.clock())?;
    let mut document = serde_json::to_value(&trace.report)?;
    if let Some(document) = document.as_object_mut() {
        document.insert("index_ms".to_owned(), json!(index_ms));
        document.insert("customer_faults".to_owned(), json!(faults.len()));
    }
    show(context, &trace.report, &document, None)
}

fn show(
    context: &Context,
    report: &Report,
    document: &Value,
    traced: Option<&Traced>,
) -> anyhow::Result<ExitCode> {
    if context.output.is_json() {
        context.output.json(document)?;
    } else {
        context.output.line(&sentences(report, traced))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The report as a person reads it: whose first, then whose copy.
fn sentences(report: &Report, traced: Option<&Traced>) -> String {
    let mut lines = vec![format!(
        "{} people, exact{}, in {} rows",
        grouped(report.subjects.exact),
        match report.subjects.total - report.subjects.exact {
            0 => String::new(),
            doubtful => format!(" ({} more with a doubt)", grouped(doubtful)),
        },
        grouped(report.rows),
    )];
    for (count, what) in [
        (report.unknown_rows, "rows about nobody we know"),
        (report.repeats, "rows about somebody who stood in the file already"),
        (report.conflicts, "rows whose values name two people"),
        (report.ambiguous_rows, "rows about one of several people"),
        (report.erased_rows, "rows about people who were erased"),
        (report.faults.total, "rows that could not be read"),
    ] {
        if count > 0 {
            lines.push(format!("  {} {what}", grouped(count)));
        }
    }
    lines.push(String::new());
    lines.push(format!("Whose copy: {}", report.attribution.why));
    for holder in &report.processors {
        lines.push(format!(
            "  {:>5.1} %  {}  {}: {}",
            holder.share * 100.0,
            holder.id,
            holder.name,
            holder.why
        ));
    }
    for disclosure in report.disclosures.iter().take(5) {
        lines.push(format!(
            "  {:.4}   {} (to {}): {}",
            disclosure.score, disclosure.id, disclosure.processor, disclosure.why
        ));
    }
    for canary in &report.canaries {
        lines.push(format!(
            "  {} canaries of {} in {} rows",
            canary.canaries, canary.disclosure, canary.rows
        ));
    }
    lines.push(String::new());
    if let Some(traced) = traced {
        lines.push(format!(
            "The file is sealed as {}; list {} version {} is signed, root {}",
            traced.evidence,
            traced.id,
            traced.version,
            &HEX.encode(&traced.list.header.root)[..16],
        ));
    }
    lines.push(format!("{} ms. A lead: a person decides.", grouped(report.elapsed_ms)));
    lines.join("\n")
}
