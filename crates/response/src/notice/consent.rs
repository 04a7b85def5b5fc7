//! Who agreed to a notice, and how a small team sends one with two people instead of three.
//!
//! A notice needs its author and two others. Where there is only one other, an officer may give the
//! second consent alone: then still nobody tells a thousand people something that only one has read.

use doldam_ground::ids::{IncidentId, StaffId};
use doldam_store::break_glass::{self as glass, Agreed};
use doldam_store::incident::draft::{self, Approval, DraftState};
use doldam_store::{StoreError, Tx, incident};
use doldam_vault::{Actor, BREAK_GLASS, StaffMember, Vault};
use serde_json::json;

use super::{APPROVALS_NEEDED, find};
use crate::error::ResponseError;
use crate::timeline::{Line, require_impersonal};

/// One officer of a small team gives the second of the two consents alone: only when one other
/// person has agreed already, and by the rules of [`Vault::may_break_glass`], counted from the
/// drafting. The access log and the timeline say so for ever.
pub fn break_glass(
    vault: &Vault,
    id: IncidentId,
    seq: u32,
    digest: &[u8; 32],
    by: StaffMember,
    reason: &str,
    actor: &Actor,
) -> Result<(), ResponseError> {
    let found = find(vault, id, seq)?;
    if *digest != found.written.digest {
        return Err(ResponseError::Refused("these are not the words of the draft: look again"));
    }
    require_impersonal(reason)?;
    let consent = vault.may_break_glass(found.drafted_at, by, reason)?;
    let (now, digest, author) = (consent.at(), *digest, found.written.author);
    let shown = json!({ "draft": seq, "by": by.id().to_string() });
    let mut line = Line::new(vault, actor, BREAK_GLASS, &format!("notice {seq}"), &shown)
        .because(reason.trim());
    Ok(vault.data().write("notice.break_glass", move |tx| {
        incident::require_open(tx, id)?;
        let state = draft::find(tx, id, seq)?.map(|draft| draft.state);
        if state != Some(DraftState::Previewed) {
            return Err(StoreError::State {
                what: "the notice must be looked at before, and once agreed to it stays so",
            });
        }
        if agreed(&draft::approvals(tx, id, seq)?, &digest, author) + 1 < APPROVALS_NEEDED {
            return Err(StoreError::State {
                what: "somebody who did not write the notice must agree to it first",
            });
        }
        consent.note(tx, Agreed::Notice(id, seq), digest)?;
        draft::advance(tx, id, seq, DraftState::Approved, None, now)?;
        line.append(tx, id)
    })?)
}

/// The consent that one officer gave alone, if a notice was agreed to in that way.
pub fn broken_glass(
    vault: &Vault,
    id: IncidentId,
    seq: u32,
) -> Result<Option<glass::BreakGlass>, ResponseError> {
    let find = |tx: &mut Tx<'_>| glass::find(tx, Agreed::Notice(id, seq));
    Ok(vault.data().read("notice.broken_glass", find)?)
}

/// How many people agreed to exactly these words and did not write them.
pub(crate) fn agreed(approvals: &[Approval], digest: &[u8; 32], author: StaffId) -> usize {
    let fits = |one: &&Approval| one.digest == *digest && one.staff != author;
    approvals.iter().filter(fits).count()
}
