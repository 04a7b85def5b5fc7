//! `doldam subject import FILE`: rows of customers become sealed subjects.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use doldam_ground::Kind;
use doldam_vault::{Enrolled, Enrolment, Refused, Row, Source};
use indicatif::ProgressBar;
use serde_json::{Value, json};

use crate::context::Context;
use crate::failure::{failure, file_failure};
use crate::output::{Output, grouped};
use crate::people::{self, BadRow, Layout, PeopleFile, PersonRow, Unknown};
use crate::progress;
use crate::wording::require_impersonal;

/// Bad rows that are told on standard error.
const TOLD_MAX: u64 = 20;
/// Bad rows that are listed in the JSON answer.
const LISTED_MAX: usize = 1_000;
/// Kinds by which rows are recognised when none is there that identifies a person, best first.
const SECOND_BEST: [Kind; 4] = [Kind::EMAIL, Kind::PHONE, Kind::ACCOUNT, Kind::NICKNAME];

/// Enrol the customers of a CSV or NDJSON file, or bring them up to date
#[derive(Args)]
pub(crate) struct ImportArgs {
    /// File with a header line such as ci,nickname,phone,email,customer_id,language
    file: PathBuf,
    /// From whom the data was received
    #[arg(long, default_value = "not stated")]
    source: String,
    /// When it was received [default: now]
    #[arg(long, value_name = "DATE")]
    received_at: Option<String>,
    /// The law that allows resident numbers; without it a file that has them is refused
    #[arg(long, value_name = "TEXT")]
    legal_basis: Option<String>,
    /// Kinds by which somebody is recognised, best first [default: ci,customer_id,di]
    #[arg(long, value_name = "KINDS")]
    identify_by: Option<String>,
    /// How the rows are written
    #[arg(long, value_enum, default_value_t)]
    format_of_file: Layout,
    /// Why, for the access log
    #[arg(long, default_value = "enrolment")]
    purpose: String,
    /// Do not read columns of no known kind
    #[arg(long)]
    ignore_unknown: bool,
    /// Import nothing when any row is bad
    #[arg(long)]
    strict: bool,
    /// Write line and reason of every bad row to this new file
    #[arg(long, value_name = "FILE")]
    bad_rows: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(context: &Context, args: &ImportArgs) -> anyhow::Result<ExitCode> {
    require_impersonal("source", &args.source)?;
    require_impersonal("purpose", &args.purpose)?;
    require_impersonal("legal basis", args.legal_basis.as_deref().unwrap_or_default())?;
    let file = people::open(&args.file)?;
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    let bar = progress::bytes("importing", length);
    let unknown = if args.ignore_unknown { Unknown::Ignore } else { Unknown::Refuse };
    let mut people = PeopleFile::open(bar.wrap_read(file), args.format_of_file.into(), unknown)?;
    let source = source(context, args, &people.kinds())?;
    let session = context.open()?;
    let mut bad = BadRows::open(context.output, &bar, args.bad_rows.as_deref())?;
    progress::show(context.output, &bar);
    let begun_us = context.clock().elapsed_us();
    let language = context.config()?.language();
    let mut enrolment = session.vault.enrol(source)?;
    while let Some(row) = people.next_row()? {
        match row {
            Ok(row) => bad.refuse(&push(&mut enrolment, row, language)?)?,
            Err(row) => {
                enrolment.count_unreadable();
                bad.add(&row)?;
            }
        }
    }
    bad.refuse(&enrolment.flush()?)?;
    bar.finish_and_clear();
    bad.finish()?;
    if args.strict && bad.count > 0 {
        return Err(failure(
            format!("{} bad rows, and --strict was given: nothing was imported", bad.count),
            "mend the rows, or import without --strict",
        ));
    }
    let (enrolled, _) = enrolment.finish(&session.actor, &args.purpose)?;
    let elapsed_us = context.clock().elapsed_us() - begun_us;
    session.checkpoint()?;
    answer(context, &enrolled, elapsed_us, &bad)
}

fn push(
    enrolment: &mut Enrolment<'_>,
    row: PersonRow,
    language: doldam_ground::locale::Language,
) -> anyhow::Result<Vec<Refused>> {
    let language = row.language.unwrap_or(language);
    Ok(enrolment.push(Row { line: row.line, values: row.values, language })?)
}

/// What the vault must know of the file.
fn source(context: &Context, args: &ImportArgs, kinds: &[Kind]) -> anyhow::Result<Source> {
    let now = context.clock().now();
    let received_at = match &args.received_at {
        Some(text) => context.instant(text, "--received-at")?,
        None => now,
    };
    if received_at > now {
        return Err(failure("--received-at lies in the future", "write the day it was received"));
    }
    if kinds.contains(&Kind::RRN) && args.legal_basis.is_none() {
        return Err(failure(
            "the file has resident numbers, which need a legal basis",
            "name the law with --legal-basis (Personal Information Protection Act 24-2), or leave \
             the column out",
        ));
    }
    if args.source == "not stated" && kinds.contains(&Kind::CI) {
        let advice = "note: say with --source from whom the CIs were received; the law asks for it";
        context.output.note(advice);
    }
    let identify_by = identify_by(context.output, args.identify_by.as_deref(), kinds)?;
    let legal_basis = args.legal_basis.clone();
    Ok(Source { source: args.source.clone(), received_at, legal_basis, identify_by })
}

/// The kinds by which rows are recognised.
fn identify_by(output: Output, given: Option<&str>, kinds: &[Kind]) -> anyhow::Result<Vec<Kind>> {
    if let Some(list) = given {
        let chosen = people::parse_kinds(list, "--identify-by")?;
        if let Some(missing) = chosen.iter().find(|kind| !kinds.contains(kind)) {
            return Err(failure(
                format!("--identify-by names {missing}, which is no column of the file"),
                "name kinds that the file has",
            ));
        }
        return Ok(chosen);
    }
    let mut sure: Vec<Kind> =
        kinds.iter().copied().filter(|kind| kind.entry().identifies > 0).collect();
    sure.sort_by_key(|kind| kind.entry().identifies);
    if let Some(kind) = SECOND_BEST.iter().find(|kind| sure.is_empty() && kinds.contains(kind)) {
        output.note(&format!("note: people are recognised by {kind} only; the file has no ci"));
        sure.push(*kind);
    }
    Ok(sure)
}

/// The rows that were not taken: told, listed, and written to a file.
struct BadRows {
    output: Output,
    bar: ProgressBar,
    count: u64,
    listed: Vec<Value>,
    file: Option<(PathBuf, BufWriter<File>)>,
}

impl BadRows {
    fn open(output: Output, bar: &ProgressBar, path: Option<&Path>) -> anyhow::Result<Self> {
        let open = |path: &Path| {
            let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
            let file = file.map_err(|error| file_failure("write", path, &error))?;
            anyhow::Ok((path.to_owned(), BufWriter::new(file)))
        };
        let mut rows = Self {
            output,
            bar: bar.clone(),
            count: 0,
            listed: Vec::new(),
            file: path.map(open).transpose()?,
        };
        rows.write("line,reason")?;
        Ok(rows)
    }

    fn refuse(&mut self, refused: &[Refused]) -> anyhow::Result<()> {
        refused
            .iter()
            .try_for_each(|row| self.add(&BadRow { line: row.line, reason: row.why.to_string() }))
    }

    fn add(&mut self, row: &BadRow) -> anyhow::Result<()> {
        self.count += 1;
        if self.count <= TOLD_MAX {
            let note = || self.output.note(&format!("line {}: {}", row.line, row.reason));
            self.bar.suspend(note);
        }
        self.write(&format!("{},\"{}\"", row.line, row.reason.replace('"', "\"\"")))?;
        if self.listed.len() < LISTED_MAX {
            self.listed.push(json!({ "line": row.line, "reason": row.reason }));
        }
        Ok(())
    }

    fn write(&mut self, line: &str) -> anyhow::Result<()> {
        let Some((path, file)) = &mut self.file else { return Ok(()) };
        writeln!(file, "{line}").map_err(|error| file_failure("write", path, &error))
    }

    fn finish(&mut self) -> anyhow::Result<()> {
        if self.count > TOLD_MAX {
            let more = grouped(self.count - TOLD_MAX);
            let advice = if self.file.is_some() { "" } else { "; --bad-rows FILE lists them all" };
            self.output.note(&format!("… and {more} more bad rows{advice}"));
        }
        let Some((path, file)) = &mut self.file else { return Ok(()) };
        file.flush().map_err(|error| file_failure("write", path, &error))
    }
}

fn answer(
    context: &Context,
    enrolled: &Enrolled,
    elapsed_us: u64,
    bad: &BadRows,
) -> anyhow::Result<ExitCode> {
    let rows = enrolled.new + enrolled.updated + enrolled.unchanged + enrolled.refused;
    let rows_per_second = rows.saturating_mul(1_000_000) / elapsed_us.max(1);
    let text = format!(
        "{}: {} new, {} updated, {} unchanged, {} refused ({} rows/s)",
        enrolled.import,
        grouped(enrolled.new),
        grouped(enrolled.updated),
        grouped(enrolled.unchanged),
        grouped(enrolled.refused),
        grouped(rows_per_second)
    );
    let facts = json!({
        "import": enrolled.import.to_string(),
        "new": enrolled.new,
        "updated": enrolled.updated,
        "unchanged": enrolled.unchanged,
        "refused": enrolled.refused,
        "elapsed_ms": elapsed_us / 1_000,
        "rows_per_second": rows_per_second,
        "bad_rows": bad.listed,
    });
    context.output.answer(&text, facts)?;
    Ok(ExitCode::SUCCESS)
}
