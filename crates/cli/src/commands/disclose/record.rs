//! `doldam disclose record`: registers a hand-over of the past, so that old copies can be traced.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use doldam_scanner::read::table::Format;
use doldam_vault::disclosure::{PastOrder, PastRow};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::context::Context;
use crate::failure::{failure, file_failure};
use crate::output::grouped;
use crate::people::{self, PeopleFile, Unknown};
use crate::progress;
use crate::wording::require_impersonal;

/// Bytes that are hashed at a time.
const HASHED_AT_A_TIME: usize = 1 << 20;

/// Register a file that was handed over before, so that old copies can be traced
#[derive(Args)]
pub(super) struct RecordArgs {
    /// The file as it was handed over
    file: PathBuf,
    /// Name or number (P-1) of the processor; a new name is registered
    #[arg(long)]
    processor: String,
    /// When it was given
    #[arg(long, value_name = "DATE")]
    given: String,
    /// By when it had to be returned
    #[arg(long, value_name = "DATE")]
    return_by: Option<String>,
    /// What it was given for
    #[arg(long, default_value = "hand-over of the past")]
    purpose: String,
    /// Of a new processor: outsourcing or provision
    #[arg(long, default_value = "outsourcing", value_parser = ["outsourcing", "provision"])]
    relation: String,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &RecordArgs) -> anyhow::Result<ExitCode> {
    require_impersonal("purpose", &args.purpose)?;
    require_impersonal("name of the processor", &args.processor)?;
    let given_at = context.instant(&args.given, "--given")?;
    if given_at > context.clock().now() {
        return Err(failure("--given lies in the future", "write the day on which it was given"));
    }
    let return_by = args.return_by.as_deref();
    let return_by = return_by.map(|text| context.instant(text, "--return-by")).transpose()?;
    if return_by.is_some_and(|at| at <= given_at) {
        let hint = "write the day by which it had to come back";
        return Err(failure("--return-by lies before --given", hint));
    }
    let (sha256, bytes) = hash(&args.file)?;
    let bar = progress::bytes("recording", bytes);
    let read = bar.wrap_read(people::open(&args.file)?);
    let mut people = PeopleFile::open(read, Format::Auto, Unknown::Ignore)?;
    let session = context.open()?;
    progress::show(context.output, &bar);
    let order = PastOrder {
        processor: args.processor.clone(),
        relation: args.relation.clone(),
        purpose: args.purpose.clone(),
        given_at,
        return_by,
        sha256,
        bytes,
    };
    let mut unreadable = 0_u64;
    let rows = std::iter::from_fn(|| -> Option<anyhow::Result<PastRow>> {
        loop {
            match people.next_row() {
                Ok(Some(Ok(row))) => return Some(Ok(PastRow(row.values))),
                Ok(Some(Err(_))) => unreadable += 1,
                Ok(None) => return None,
                Err(error) => return Some(Err(error.into())),
            }
        }
    });
    let recorded = session.vault.record_past(&order, rows, &session.actor)?;
    bar.finish_and_clear();
    session.checkpoint()?;
    if recorded.processor_is_new {
        let id = recorded.processor.id;
        context.output.note(&format!("note: a new processor was registered as {id}"));
    }
    let text = format!(
        "{} to {}: {} subjects, {} rows of nobody of ours, {} rows that could not be read",
        recorded.id,
        recorded.processor.id,
        grouped(recorded.subjects),
        grouped(recorded.strays),
        grouped(unreadable)
    );
    let facts = json!({
        "disclosure": recorded.id.to_string(),
        "processor": recorded.processor.id.to_string(),
        "subjects": recorded.subjects,
        "unmatched_rows": recorded.strays,
        "unreadable_rows": unreadable,
    });
    context.output.answer(&text, facts)?;
    Ok(ExitCode::SUCCESS)
}

/// SHA-256 and length of a file.
pub(super) fn hash(path: &Path) -> anyhow::Result<([u8; 32], u64)> {
    let mut file = people::open(path)?;
    let (mut hasher, mut buffer, mut bytes) = (Sha256::new(), vec![0; HASHED_AT_A_TIME], 0);
    loop {
        let read = file.read(&mut buffer).map_err(|error| file_failure("read", path, &error))?;
        if read == 0 {
            return Ok((hasher.finalize().into(), bytes));
        }
        hasher.update(&buffer[..read]);
        bytes += read as u64;
    }
}
