//! `doldam disclose --processor …`: makes a disclosure and writes its file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use doldam_ground::Instant;
use doldam_ground::ids::{ApprovalId, Ordinal};
use doldam_scanner::read::table::Format;
use doldam_vault::Vault;
use doldam_vault::disclosure::{DropFile, Filter, Order, PastRow};
use serde_json::json;

use crate::context::{Context, Session};
use crate::failure::{explain, failure};
use crate::output::grouped;
use crate::people::{self, PeopleFile, Unknown, parse_kinds};
use crate::wording::require_impersonal;
use crate::{files, progress};

/// Rows of a file of subjects that are matched at a time.
const MATCHED_AT_A_TIME: usize = 16_384;

/// What is given to whom.
#[derive(Args)]
pub(super) struct IssueArgs {
    /// Name or number (P-1) of the processor; a new name is registered
    #[arg(long)]
    processor: String,
    /// What it may be used for; kept in the manifest and the access log
    #[arg(long)]
    purpose: String,
    /// Kinds to give, in the order of the columns, such as nickname,ci
    #[arg(long, value_name = "KINDS")]
    fields: String,
    /// Whose data: all, language=ko, first:N, sample:N, sample:N:SEED, or a file that names them
    #[arg(long, value_name = "FILTER|FILE")]
    subjects: String,
    /// New file for the data; the manifest is written beside it
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Give real values instead of pseudonyms; a second person must agree
    #[arg(long)]
    raw: bool,
    /// Give the same pseudonyms as other deliveries for this purpose, so that they can be joined
    #[arg(long, conflicts_with = "raw")]
    domain_wide: bool,
    /// How many invented subjects to plant [default: one in a hundred]
    #[arg(long, value_name = "N")]
    canaries: Option<usize>,
    /// When the data must be returned or destroyed
    #[arg(long, value_name = "DATE")]
    return_by: Option<String>,
    /// Of a new processor: outsourcing or provision
    #[arg(long, default_value = "outsourcing", value_parser = ["outsourcing", "provision"])]
    relation: String,
    /// The consent of the second person, such as A-1
    #[arg(long, requires = "raw")]
    approval: Option<ApprovalId>,
}

/// Who was selected, and how many of a file's rows are nobody of ours.
struct Selected {
    ordinals: Vec<Ordinal>,
    unmatched: u64,
    unreadable: u64,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &IssueArgs) -> anyhow::Result<ExitCode> {
    require_impersonal("purpose", &args.purpose)?;
    require_impersonal("name of the processor", &args.processor)?;
    let manifest_path = manifest_path(&args.out);
    files::require_new(&args.out)?;
    files::require_new(&manifest_path)?;
    let fields = parse_kinds(&args.fields, "--fields")?;
    let return_by = return_by(context, args.return_by.as_deref())?;
    let session = context.open()?;
    let selected = select(context, &session.vault, &args.subjects)?;
    let requester = if args.raw { Some(session.staff_needed("a raw hand-over")?) } else { None };
    let order = Order {
        processor: args.processor.clone(),
        relation: args.relation.clone(),
        purpose: args.purpose.clone(),
        fields,
        raw: args.raw,
        bound: !args.domain_wide,
        canaries: args.canaries,
        return_by,
        requester,
        approval: args.approval,
    };
    let disclosed = session.vault.disclose(&order, &selected.ordinals, &session.actor);
    let drop = match disclosed {
        Ok(drop) => drop,
        Err(error) => {
            // A request for consent, or a new processor, may have been written.
            session.checkpoint()?;
            return Err(error.into());
        }
    };
    hand_over(&session, &drop, &args.out, &manifest_path)?;
    answer(context, args, &drop, &selected)
}

/// `drop.csv` and `drop.csv.manifest.json`.
fn manifest_path(out: &Path) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".manifest.json");
    PathBuf::from(name)
}

fn return_by(context: &Context, text: Option<&str>) -> anyhow::Result<Option<Instant>> {
    let Some(text) = text else { return Ok(None) };
    let at = context.instant(text, "--return-by")?;
    if at < context.clock().now() {
        return Err(failure("--return-by lies in the past", "write a day that is still to come"));
    }
    Ok(Some(at))
}

/// Writes the files, and only then says that the data was given.
fn hand_over(
    session: &Session,
    drop: &DropFile,
    out: &Path,
    manifest_path: &Path,
) -> anyhow::Result<()> {
    let written = files::write_new(out, &drop.csv)
        .and_then(|()| files::write_new(manifest_path, drop.manifest.to_json().as_bytes()));
    if let Err(error) = written {
        session.checkpoint()?;
        let (message, hint) = explain(&error);
        return Err(failure(
            format!("{} is prepared, but its file was not written: {message}", drop.id),
            format!(
                "{}; the disclosure stays in the list as prepared, make a new one",
                hint.unwrap_or_default()
            ),
        ));
    }
    session.vault.disclosure_given(drop.id)?;
    session.checkpoint()
}

/// The subjects of a filter or of a file that names them.
fn select(context: &Context, vault: &Vault, subjects: &str) -> anyhow::Result<Selected> {
    let refused = match subjects.parse::<Filter>() {
        Ok(filter) => {
            let ordinals = vault.select(filter)?;
            return Ok(Selected { ordinals, unmatched: 0, unreadable: 0 });
        }
        Err(refused) => refused,
    };
    let path = Path::new(subjects);
    if !path.exists() {
        return Err(refused.into());
    }
    let file = people::open(path)?;
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    let bar = progress::bytes("matching", length);
    progress::show(context.output, &bar);
    let mut people = PeopleFile::open(bar.wrap_read(file), Format::Auto, Unknown::Ignore)?;
    let mut selected = Selected { ordinals: Vec::new(), unmatched: 0, unreadable: 0 };
    let mut waiting = Vec::new();
    while let Some(row) = people.next_row()? {
        match row {
            Ok(row) => waiting.push(PastRow(row.values)),
            Err(_) => selected.unreadable += 1,
        }
        if waiting.len() == MATCHED_AT_A_TIME {
            selected.take_in(vault, &std::mem::take(&mut waiting))?;
        }
    }
    selected.take_in(vault, &waiting)?;
    bar.finish_and_clear();
    Ok(selected)
}

impl Selected {
    fn take_in(&mut self, vault: &Vault, rows: &[PastRow]) -> anyhow::Result<()> {
        for matched in vault.match_rows(rows)? {
            match matched {
                Some(ordinal) => self.ordinals.push(ordinal),
                None => self.unmatched += 1,
            }
        }
        Ok(())
    }
}

fn answer(
    context: &Context,
    args: &IssueArgs,
    drop: &DropFile,
    selected: &Selected,
) -> anyhow::Result<ExitCode> {
    if drop.processor_is_new {
        let id = drop.processor.id;
        context.output.note(&format!("note: a new processor was registered as {id}"));
    }
    if selected.unmatched + selected.unreadable > 0 {
        context.output.note(&format!(
            "note: {} rows of the list are none of our subjects, {} could not be read",
            grouped(selected.unmatched),
            grouped(selected.unreadable)
        ));
    }
    let out = args.out.display().to_string();
    let text = format!(
        "{} to {}: {} subjects and {} canaries in {out}",
        drop.id,
        drop.processor.id,
        grouped(drop.subjects),
        grouped(drop.canaries)
    );
    let facts = json!({
        "disclosure": drop.id.to_string(),
        "processor": drop.processor.id.to_string(),
        "subjects": drop.subjects,
        "canaries": drop.canaries,
        "unmatched_rows": selected.unmatched,
        "unreadable_rows": selected.unreadable,
        "file": out,
        "manifest": manifest_path(&args.out).display().to_string(),
    });
    context.output.answer(&text, facts)?;
    Ok(ExitCode::SUCCESS)
}
