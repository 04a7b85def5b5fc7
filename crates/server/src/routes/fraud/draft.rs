//! A set-up that somebody wants in force: what it is made of, and a second person's consent to it.

use data_encoding::HEXLOWER;
use doldam_fraud::setup::{Part, Parts, Setup};
use doldam_ground::ids::{ApprovalId, StaffId};
use doldam_vault::VaultError;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use crate::app::App;
use crate::fraud::Fraud;
use crate::problem::Problem;
use crate::wording::require_impersonal;

/// The act, as approvals name it.
pub(super) const ACT: &str = "fraud.setup";

/// What is to change. What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSetup {
    /// The rule set, TOML.
    #[serde(default)]
    rules: Option<String>,
    /// The features, TOML. Their windows are made from the whole log before they hold.
    #[serde(default)]
    features: Option<String>,
    /// The model, as `doldam fraud train` writes it; empty for none.
    #[serde(default)]
    model: Option<String>,
    /// A rule set that runs beside and decides nothing; empty for none.
    #[serde(default)]
    shadow: Option<String>,
    /// Why, without personal data; kept for ever.
    pub(super) why: String,
    /// A second person's consent to exactly this: A-1.
    #[serde(default)]
    pub(super) approval: Option<String>,
}

/// A set-up that compiles.
pub(super) struct Draft {
    pub(super) parts: Parts,
    /// Whether it is in force already, and where.
    pub(super) stands_at: Option<u64>,
    /// Of everything that is agreed to.
    pub(super) digest: [u8; 32],
    /// What a second person reads.
    pub(super) summary: String,
}

/// The set-up in force with what is to change. Refuses what does not compile.
pub(super) fn draft(fraud: &Fraud, asked: &NewSetup) -> Result<Draft, Problem> {
    require_impersonal("why", &asked.why)?;
    let (sequence, now) = fraud.in_force()?;
    let mut parts = now.parts.clone();
    if let Some(rules) = &asked.rules {
        parts.rules.clone_from(rules);
    }
    if let Some(features) = &asked.features {
        parts.features.clone_from(features);
    }
    if let Some(model) = &asked.model {
        parts.model = (!model.is_empty()).then(|| model.clone().into_bytes());
    }
    if let Some(shadow) = &asked.shadow {
        parts.shadow = (!shadow.is_empty()).then(|| shadow.clone());
    }
    Setup::compile(parts.clone())?;
    let digest = digest_of(&parts, &asked.why);
    let stands_at = (parts == now.parts).then_some(sequence);
    let summary = summary_of(&now.parts, &parts, &asked.why);
    Ok(Draft { parts, stands_at, digest, summary })
}

fn digest_of(parts: &Parts, why: &str) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for (part, body) in parts.bodies() {
        hasher.update(part.name());
        hasher.update(part.version(body));
    }
    // The shadow and the rules are of one sort; whether there is a shadow must show.
    hasher.update([u8::from(parts.model.is_some()), u8::from(parts.shadow.is_some())]);
    hasher.update(why);
    hasher.finalize().into()
}

/// Each part that changes with the first digits of its version, and why.
fn summary_of(before: &Parts, after: &Parts, why: &str) -> String {
    let name = |part: Part, body: &[u8]| {
        format!("{} {}", part.name(), &HEXLOWER.encode(&part.version(body))[..12])
    };
    let mut changes = Vec::new();
    if before.rules != after.rules {
        changes.push(name(Part::Rules, after.rules.as_bytes()));
    }
    if before.features != after.features {
        changes.push(name(Part::Features, after.features.as_bytes()));
    }
    if before.model != after.model {
        let model = after.model.as_deref();
        changes.push(model.map_or("no model".to_owned(), |model| name(Part::Model, model)));
    }
    if before.shadow != after.shadow {
        let shadow = after.shadow.as_deref().map(|text| name(Part::Rules, text.as_bytes()));
        changes.push(shadow.map_or("no shadow".to_owned(), |shadow| format!("shadow {shadow}")));
    }
    format!("fraud detection: {}: {why}", changes.join(", "))
}

/// Checks a consent; gives whether one officer carried it alone.
pub(super) fn consent(
    app: &App,
    id: ApprovalId,
    requester: StaffId,
    digest: &[u8; 32],
) -> Result<bool, Problem> {
    let refused = |why| Problem::from(VaultError::ApprovalRefused { approval: id, why });
    let held = app.vault.approval(id)?.ok_or_else(|| refused("there is no such request"))?;
    if held.act != ACT || held.act_hash != *digest {
        return Err(refused("it was given for another act, or for other data"));
    }
    if held.requested_by != requester {
        return Err(refused("it was asked for by somebody else"));
    }
    if held.used_at.is_some() {
        return Err(refused("it was used before"));
    }
    if held.expires_at <= app.vault.now() {
        return Err(refused("it has expired"));
    }
    match held.approved_by {
        Some(by) => Ok(by == requester),
        None => Err(VaultError::ApprovalPending { approval: id }.into()),
    }
}
