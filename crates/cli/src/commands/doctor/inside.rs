//! What can only be seen in the open vault.

use doldam_store::{StoreError, audit};
use doldam_vault::{MissingKeys, VaultError};

use super::{Findings, State};
use crate::context::{Context, Session};
use crate::failure::explain;
use crate::output::grouped;

/// The state of a disclosure whose file was not written out, as far as is known.
const PREPARED: &str = "prepared";

/// Opens the vault, if that is possible, and looks around.
pub(super) fn look(context: &Context, findings: &mut Findings) {
    let session = match context.open() {
        Ok(session) => session,
        Err(error) => {
            let is_held = error.chain().any(|cause| {
                matches!(
                    cause.downcast_ref::<VaultError>(),
                    Some(VaultError::Store(StoreError::Locked | StoreError::Busy))
                )
            });
            let state = if is_held { State::Unknown } else { State::Fault };
            let (message, hint) = explain(&error);
            let hint = hint.map_or_else(String::new, |hint| format!("; {hint}"));
            return findings.add("vault", state, format!("not opened: {message}{hint}"));
        }
    };
    findings.add("vault", State::Ok, format!("installation {}", session.vault.installation()));
    if let Err(error) = facts(context, &session, findings) {
        findings.add("facts", State::Fault, explain(&error).0);
    }
}

fn facts(context: &Context, session: &Session, findings: &mut Findings) -> anyhow::Result<()> {
    let vault = &session.vault;
    findings.add("subjects", State::Ok, grouped(vault.subject_count()?));
    let missing = vault.missing_keys()?;
    if missing != MissingKeys::default() {
        let what = format!(
            "{} subjects and {} domains have no key: the keys are older than the data; restore a \
             newer backup of keys, if there is one",
            grouped(missing.subjects),
            missing.domains.len(),
        );
        findings.add("keys", State::Warning, what);
    }
    let newest = vault.data().read("audit.newest", |tx| {
        let head = audit::head(tx)?;
        audit::rows(tx, head.seq.saturating_sub(1), 1)
    })?;
    if newest.last().is_some_and(|row| row.at > context.clock().now()) {
        findings.add("clock", State::Fault, "the newest row of the access log lies in the future");
    }
    let prepared: Vec<String> = vault
        .disclosure_summaries()?
        .iter()
        .filter(|facts| facts.row.state == PREPARED)
        .map(|facts| facts.row.id.to_string())
        .collect();
    if prepared.is_empty() {
        findings.add("disclosures", State::Ok, "none is unfinished");
    } else {
        let what = format!("{} were prepared; their files may exist", prepared.join(", "));
        findings.add("disclosures", State::Warning, what);
    }
    let (erased, pending) = vault.erasures()?;
    let what = format!("{erased}, {pending} of them pending in backups of keys");
    findings.add("erasures", State::Ok, what);
    let waiting = vault.approvals_open()?.len();
    if waiting > 0 {
        let what = format!("{waiting} requests wait for a second person (`doldam approve`)");
        findings.add("approvals", State::Warning, what);
    }
    Ok(())
}
