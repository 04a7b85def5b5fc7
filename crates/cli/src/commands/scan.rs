//! `doldam scan`: personal data, pseudonyms and look-alikes in files, archives and histories.
//!
//! It needs no installation: it runs at a developer's site as it is.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use doldam_ground::Kind;
use doldam_scanner::finding::Confidence;
use doldam_scanner::report::{Event, FINDINGS_MAX, Report, json, jsonl, scan_paths, table};
use doldam_scanner::{ScanOptions, WalkOptions};

use crate::context::Context;
use crate::failure::{FOUND, failure};
use crate::output::Format;

/// Find personal data in files, archives and git histories
#[derive(Args)]
pub(crate) struct ScanArgs {
    /// Files and folders
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Look for these kinds only, as in ci,phone
    #[arg(long, value_delimiter = ',', value_name = "KINDS")]
    kinds: Vec<String>,
    /// Show findings that are at least so sure
    #[arg(long, value_enum, default_value_t, value_name = "GRADE")]
    least: Grade,
    /// How many findings are listed; counts are exact whatever this is
    #[arg(long, default_value_t = FINDINGS_MAX, value_name = "N")]
    findings: usize,
    /// Leave git histories out
    #[arg(long)]
    no_history: bool,
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Grade {
    /// A check holds that chance does not meet
    Certain,
    /// The shape and its surroundings fit
    #[default]
    Likely,
    /// Only the shape fits
    Possible,
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &ScanArgs) -> anyhow::Result<ExitCode> {
    for path in &args.paths {
        if !path.exists() {
            return Err(failure(format!("there is no {}", path.display()), "check the path"));
        }
    }
    let options = scan_options(args)?;
    let walk = WalkOptions { history: !args.no_history, ..WalkOptions::default() };
    let started_us = context.clock().elapsed_us();
    let mut report = Report::new(args.findings);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut written = Ok(());
    let lines = context.output.format == Format::Jsonl;
    scan_paths(&args.paths, &walk, &options, &mut |event| {
        if let Event::Found(locator, hit) = &event
            && lines
            && written.is_ok()
        {
            written = jsonl::write(locator, hit, &mut out);
        }
        report.observe(event);
    });
    written?;
    let elapsed_ms = (context.clock().elapsed_us() - started_us) / 1_000;
    match context.output.format {
        Format::Table => table::write(&report, elapsed_ms, &mut out)?,
        Format::Json => json::write(&report, elapsed_ms, &mut out)?,
        Format::Jsonl => {}
    }
    out.flush()?;
    let found = report.findings_total() > 0;
    Ok(if found { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
}

fn scan_options(args: &ScanArgs) -> anyhow::Result<ScanOptions> {
    let kinds = args
        .kinds
        .iter()
        .map(|id| {
            Kind::from_id(id).ok_or_else(|| {
                failure(format!("there is no kind {id}"), "use ids such as ci, phone, email, rrn")
            })
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    let least = match args.least {
        Grade::Certain => Confidence::Certain,
        Grade::Likely => Confidence::Likely,
        Grade::Possible => Confidence::Possible,
    };
    Ok(ScanOptions { least, kinds: (!kinds.is_empty()).then_some(kinds) })
}
