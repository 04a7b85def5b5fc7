//! `doldam fraud replay`: the whole log again, to show that every decision comes out as it stands.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use doldam_fraud::journal::StoreJournal;
use doldam_fraud::replay::prove;
use serde_json::json;

use super::days::unusable;
use crate::context::Context;
use crate::failure::ERROR;
use crate::output::grouped;

/// Make every decision of the log again and compare it byte by byte; exit code 2 if one differs
#[derive(Args)]
pub(crate) struct ReplayArgs {}

/// Runs the command.
pub(crate) fn run(context: &Context, _: &ReplayArgs) -> anyhow::Result<ExitCode> {
    let session = context.open()?;
    let journal = StoreJournal::new(Arc::new(session.vault.data().clone()));
    let proof = prove(&journal, &mut *journal.fetch()).map_err(unusable)?;
    let found = match proof.first_different {
        Some(place) => {
            format!("{} differ, the first at {place}", grouped(proof.different))
        }
        None => "every decision is equal".to_owned(),
    };
    let text =
        format!("{} entries, {} events: {found}", grouped(proof.entries), grouped(proof.events));
    let facts = json!({
        "entries": proof.entries,
        "events": proof.events,
        "different": proof.different,
        "first_different": proof.first_different,
    });
    context.output.answer(&text, facts)?;
    Ok(if proof.different == 0 { ExitCode::SUCCESS } else { ExitCode::from(ERROR) })
}
