//! Notices to the people who are hit: written from the record, agreed to by two, sent once.
//!
//! A notice is drafted from the items that the duty's row of the rule table asks for, filled with
//! facts of the incident and with nothing else, and held against the linter. Somebody looks at it
//! as it will be sent; then two people who did not write it agree to exactly those words; then a
//! dispatch of the once-only ledger is opened for everybody who is hit and was not told in this
//! stage. Telephone numbers leave the vault only behind a durable row of the access log.

mod consent;
mod recipients;
mod telling;
mod text;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use doldam_ground::Clock;
use doldam_ground::ids::{DispatchId, IncidentId, Ordinal};
use doldam_ground::locale::Language;
use doldam_notify::{Gateway, Sender, Summary, encode};
use doldam_store::break_glass::{self as glass, Agreed};
use doldam_store::dispatch::{self, NewDispatch};
use doldam_store::incident::draft::{self, Approval, Draft, DraftState, NewDraft};
use doldam_store::notice::{self, Attempt, Counts, Decision, Doubt};
use doldam_store::{StoreError, incident};
use doldam_vault::{Actor, StaffMember, Vault};
use roaring::RoaringBitmap;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::audience::Audience;
use crate::clock::Evidence;
use crate::docket;
use crate::duty::{Rule, RuleTable};
use crate::error::ResponseError;
use crate::incident::facts;
use crate::posting;
use crate::timeline::{Line, require_impersonal};
use crate::words::EvidenceKind;

pub(crate) use consent::agreed;
pub use consent::{break_glass, broken_glass};
use telling::Telling;
pub use text::{Company, SendingRules};

/// How many people must agree to a notice, besides whoever wrote it.
pub const APPROVALS_NEEDED: usize = 2;
/// Version of the templates that this program was built with.
const TEMPLATE_VERSION: u32 = 1;
/// Notices in doubt that are listed at once.
const DOUBTS_LISTED_MAX: u32 = 1_000;

/// Which telling of a certain leak a notice is. Notices of a possible leak and that there was none
/// have one telling, the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The first: what is not known yet is said to be being established (PIPA Decree 39(2)).
    First,
    /// What the first could not say; nothing may be unknown any more.
    Supplement,
}

impl Stage {
    /// The word in the ledger.
    pub const fn code(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Supplement => "supplement",
        }
    }
}

/// A notice as it will be sent.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The text in each language.
    pub texts: BTreeMap<Language, String>,
    /// Bytes of CP949 that each takes: what the operator bills it as.
    pub bytes: BTreeMap<Language, usize>,
    /// SHA-256 of what is to be agreed to.
    pub digest: [u8; 32],
    /// How many people it is for; whoever was told in this stage already is not told again.
    pub people: u64,
}

/// Writes a notice that fulfils a duty which is due, in every language that there is a template
/// for; gives its number in the incident.
///
/// Fails with [`ResponseError::NoticeFaults`] and every fault that the linter found.
#[expect(clippy::too_many_arguments, reason = "what is said, how it is sent, and who says it")]
pub fn write(
    vault: &Vault,
    id: IncidentId,
    duty: &str,
    stage: Stage,
    company: &Company,
    rules: &SendingRules,
    author: StaffMember,
    actor: &Actor,
) -> Result<u32, ResponseError> {
    let rule = rule_of(duty)?;
    let telling = Telling::of(rule, stage)?;
    let facts = facts(vault, id, None)?;
    if !RuleTable::built_in().evaluate_rule(rule, &facts, vault.now()).is_due() {
        return Err(ResponseError::Refused(
            "that duty is not due over what is known: read the docket",
        ));
    }
    if audience(rule)? != Audience::Hit && audience(rule)?.people(vault, id)?.is_empty() {
        return Err(ResponseError::Refused(
            "nobody is known to whom that notice would go: name the incident's processor",
        ));
    }
    let texts = text::write(vault, id, rule, telling, company, rules)?;
    let texts = serde_json::to_string(&texts).expect("texts serialise");
    let draft = NewDraft {
        stage: telling.stage().to_owned(),
        duty: rule.id.clone(),
        template: telling.template().to_owned(),
        digest: digest_of(telling.stage(), &rule.id, telling.template(), &texts),
        texts,
        author: author.id(),
    };
    let shown = json!({ "stage": draft.stage, "template": draft.template });
    let mut line = Line::new(vault, actor, "notice.draft", duty, &shown);
    let now = vault.now();
    Ok(vault.data().write("notice.draft", move |tx| {
        incident::require_open(tx, id)?;
        let seq = draft::insert(tx, id, &draft, now)?;
        line.append(tx, id)?;
        Ok(seq)
    })?)
}

fn rule_of(duty: &str) -> Result<&'static Rule, ResponseError> {
    let rule = RuleTable::built_in().rule(duty);
    rule.ok_or(ResponseError::Refused("the rule table has no duty of that id"))
}

fn audience(rule: &Rule) -> Result<Audience, ResponseError> {
    Audience::of(rule).ok_or(ResponseError::Refused("that duty is no notice to persons"))
}

/// What is agreed to: stage, duty, template and texts, each behind its length.
fn digest_of(stage: &str, duty: &str, template: &str, texts: &str) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in [stage, duty, template, texts] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().into()
}

/// All drafts of an incident, oldest first.
pub fn drafts(vault: &Vault, id: IncidentId) -> Result<Vec<Draft>, ResponseError> {
    Ok(vault.data().read("notice.drafts", |tx| draft::list(tx, id))?)
}

/// One draft.
pub fn find(vault: &Vault, id: IncidentId, seq: u32) -> Result<Draft, ResponseError> {
    let found = vault.data().read("notice.draft", |tx| draft::find(tx, id, seq))?;
    found.ok_or(ResponseError::Refused("the incident has no draft of that number"))
}

/// The text of a draft in each language.
pub(crate) fn texts(draft: &Draft) -> Result<BTreeMap<Language, String>, ResponseError> {
    text::parse(&draft.written.texts)
}

/// Who agreed to a draft so far.
pub fn approvals(vault: &Vault, id: IncidentId, seq: u32) -> Result<Vec<Approval>, ResponseError> {
    Ok(vault.data().read("notice.approvals", |tx| draft::approvals(tx, id, seq))?)
}

/// Shows a notice as it will be sent; the first look is noted, because nobody may agree before it.
pub fn preview(
    vault: &Vault,
    id: IncidentId,
    seq: u32,
    actor: &Actor,
) -> Result<Preview, ResponseError> {
    let found = find(vault, id, seq)?;
    let texts = text::parse(&found.written.texts)?;
    let bytes = texts
        .iter()
        .map(|(language, text)| {
            let bytes = encode::cp949_bytes(&encode::replaced(text)).unwrap_or(usize::MAX);
            (*language, bytes)
        })
        .collect();
    let people = audience(rule_of(&found.written.duty)?)?.people(vault, id)?;
    if found.state == DraftState::Draft {
        advance(vault, id, seq, DraftState::Previewed, actor, "notice.preview")?;
    }
    Ok(Preview { texts, bytes, digest: found.written.digest, people: people.len() as u64 })
}

fn advance(
    vault: &Vault,
    id: IncidentId,
    seq: u32,
    to: DraftState,
    actor: &Actor,
    what: &'static str,
) -> Result<(), ResponseError> {
    let now = vault.now();
    let mut line = Line::new(vault, actor, what, &seq.to_string(), &json!({}));
    Ok(vault.data().write(what, move |tx| {
        incident::require_open(tx, id)?;
        draft::advance(tx, id, seq, to, None, now)?;
        line.append(tx, id)
    })?)
}

/// Somebody agrees to a notice: to the words whose digest they saw. Gives how many have agreed.
///
/// Refused to whoever wrote it, to whose role may not agree, twice, and to other words.
pub fn approve(
    vault: &Vault,
    id: IncidentId,
    seq: u32,
    digest: &[u8; 32],
    by: StaffMember,
    actor: &Actor,
) -> Result<usize, ResponseError> {
    let found = find(vault, id, seq)?;
    if !by.may_approve() {
        return Err(ResponseError::Refused("this role may not agree to a notice"));
    }
    if by.id() == found.written.author {
        return Err(ResponseError::Refused("whoever wrote a notice cannot agree to it"));
    }
    if *digest != found.written.digest {
        return Err(ResponseError::Refused("these are not the words of the draft: look again"));
    }
    let now = vault.now();
    let approval = Approval { staff: by.id(), digest: *digest, approved_at: now };
    let shown = json!({ "by": by.id().to_string() });
    let mut line = Line::new(vault, actor, "notice.approve", &seq.to_string(), &shown);
    Ok(vault.data().write("notice.approve", move |tx| {
        incident::require_open(tx, id)?;
        let state = draft::find(tx, id, seq)?.map(|draft| draft.state);
        if state != Some(DraftState::Previewed) {
            return Err(StoreError::State {
                what: "the notice must be looked at before, and once agreed to it stays so",
            });
        }
        let before = draft::approvals(tx, id, seq)?;
        if before.iter().any(|one| one.staff == approval.staff) {
            return Err(StoreError::State { what: "one person agrees once" });
        }
        draft::approve(tx, id, seq, &approval)?;
        if before.len() + 1 >= APPROVALS_NEEDED {
            draft::advance(tx, id, seq, DraftState::Approved, None, now)?;
        }
        line.append(tx, id)?;
        Ok(before.len() + 1)
    })?)
}

/// Gives a notice up before it is sent.
pub fn drop_draft(
    vault: &Vault,
    id: IncidentId,
    seq: u32,
    actor: &Actor,
) -> Result<(), ResponseError> {
    advance(vault, id, seq, DraftState::Dropped, actor, "notice.drop")
}

/// Opens the sending of a notice that two people agreed to: a line of the once-only ledger for
/// everybody whom it is for and who has none of this stage. Nothing is on the wire yet. With the
/// notice of a possible leak it goes on record that there is one, so that taking it back becomes a
/// duty if it proves untrue.
pub fn plan(
    vault: &Vault,
    id: IncidentId,
    seq: u32,
    gateway: &str,
    actor: &Actor,
) -> Result<DispatchId, ResponseError> {
    let (gateway, now) = (gateway.to_owned(), vault.now());
    let shown = json!({ "gateway": gateway });
    let audience = audience(rule_of(&find(vault, id, seq)?.written.duty)?)?;
    // Whom a leak may have touched, or who was warned, changes by no transaction beside this one.
    let others = match audience {
        Audience::Hit => Vec::new(),
        Audience::Touched | Audience::Warned => audience.people(vault, id)?,
    };
    let name = actor.name.clone();
    let mut line = Line::new(vault, actor, "notice.plan", &seq.to_string(), &shown);
    Ok(vault.data().write("notice.plan", move |tx| {
        incident::require_open(tx, id)?;
        let found = draft::find(tx, id, seq)?.ok_or(StoreError::NotFound { what: "draft" })?;
        let approvals = draft::approvals(tx, id, seq)?;
        let written = &found.written;
        let alone = glass::find(tx, Agreed::Notice(id, seq))?;
        let alone = alone.filter(|glass| glass.digest == written.digest);
        let eyes = agreed(&approvals, &written.digest, written.author);
        if eyes + usize::from(alone.is_some()) < APPROVALS_NEEDED {
            return Err(StoreError::State { what: "two people must agree to the notice first" });
        }
        let people = match audience {
            Audience::Hit => incident::exposures(tx, id)?,
            Audience::Touched | Audience::Warned => others.clone(),
        };
        let people: Vec<Ordinal> = people.into_iter().map(|(ordinal, _)| ordinal).collect();
        if audience == Audience::Touched {
            for fact in ["was_possible", "possible_notice_sent"] {
                incident::fact_append(tx, id, fact, "yes", &name, now)?;
            }
        }
        let approved = NewDispatch {
            incident: id,
            stage: found.written.stage,
            channel: "sms".to_owned(),
            gateway: gateway.clone(),
            template: found.written.template,
            template_version: TEMPLATE_VERSION,
            template_digest: found.written.digest,
        };
        let dispatch = dispatch::create(tx, &approved, now)?;
        notice::plan(tx, dispatch, &people)?;
        draft::advance(tx, id, seq, DraftState::Sending, Some(dispatch), now)?;
        line.append(tx, id)?;
        Ok(dispatch)
    })?)
}

/// Sends what is planned of a notice and collects receipts, as long as the gateway's settings say.
/// Call it again after any failure: nobody is told twice. Then [`settle`] stops the clocks.
///
/// The row of the access log that names everybody whose number is opened is durable before the
/// first number leaves the vault; without a gateway to talk to, none does.
pub fn send(
    vault: &Vault,
    id: IncidentId,
    seq: u32,
    gateway: &Gateway,
    clock: &dyn Clock,
    stop: &AtomicBool,
    actor: &Actor,
) -> Result<Summary, ResponseError> {
    let found = find(vault, id, seq)?;
    let dispatch = sending(&found)?;
    let planned = vault
        .data()
        .read("notice.planned", |tx| incident::noticed(tx, id, &found.written.stage, "planned"))?;
    let members = planned.iter().map(|ordinal| ordinal.number()).collect();
    let texts = text::parse(&found.written.texts)?;
    let told = recipients::Told::new(vault, members, dispatch, id, texts, actor);
    let sender = Sender::new(vault.data().clone());
    Ok(sender.run(dispatch, &told, gateway, clock, stop)?)
}

fn sending(draft: &Draft) -> Result<DispatchId, ResponseError> {
    let is_open = draft.state == DraftState::Sending;
    let refusal = ResponseError::Refused("the notice is not being sent: plan it first");
    draft.dispatch.filter(|_| is_open).ok_or(refusal)
}

/// How a notice's sending stands.
pub fn progress(vault: &Vault, id: IncidentId, seq: u32) -> Result<Counts, ResponseError> {
    let found = find(vault, id, seq)?;
    let dispatch = found.dispatch;
    let dispatch = dispatch.ok_or(ResponseError::Refused("the notice has no sending yet"))?;
    Ok(vault.data().read("notice.counts", |tx| notice::counts(tx, dispatch))?)
}

/// The notices in doubt, at most a thousand: a person decides about each.
pub fn in_doubt(vault: &Vault, id: IncidentId, seq: u32) -> Result<Vec<Doubt>, ResponseError> {
    let dispatch = sending(&find(vault, id, seq)?)?;
    let list =
        |tx: &mut doldam_store::Tx<'_>| notice::in_doubt(tx, dispatch, None, DOUBTS_LISTED_MAX);
    Ok(vault.data().read("notice.in_doubt", list)?)
}

/// A person's written decision about one notice in doubt: sent again, or given up.
#[expect(clippy::too_many_arguments, reason = "who decides what about whom, and why")]
pub fn resolve(
    vault: &Vault,
    id: IncidentId,
    seq: u32,
    attempt: Attempt,
    decision: Decision,
    by: StaffMember,
    reason: &str,
    actor: &Actor,
) -> Result<(), ResponseError> {
    if !by.may_approve() {
        return Err(ResponseError::Refused("this role may not decide about a notice in doubt"));
    }
    require_impersonal(reason)?;
    let dispatch = sending(&find(vault, id, seq)?)?;
    let shown = json!({ "decision": decision.code(), "attempt": attempt.number });
    let whose = RoaringBitmap::from_iter([attempt.ordinal.number()]);
    let mut line = Line::new(vault, actor, "notice.resolve", &dispatch.to_string(), &shown)
        .because(reason)
        .about(vault, &whose);
    let (reason, now) = (reason.to_owned(), vault.now());
    Ok(vault.data().write("notice.resolve", move |tx| {
        incident::require_open(tx, id)?;
        notice::resolve(tx, dispatch, attempt, decision, by.id(), &reason, now)?;
        line.append(tx, id)
    })?)
}

/// Stops the clocks of everybody whose text was delivered since the last time, on the evidence of
/// the dispatch's receipts. Whoever could not be reached keeps a running clock: a posting is the
/// evidence for them.
pub fn settle(
    vault: &Vault,
    id: IncidentId,
    seq: u32,
    actor: &Actor,
) -> Result<Counts, ResponseError> {
    let found = find(vault, id, seq)?;
    let dispatch = sending(&found)?;
    let (stage, duty) = (found.written.stage.as_str(), found.written.duty.as_str());
    let delivered = vault
        .data()
        .read("notice.delivered", |tx| incident::noticed(tx, id, stage, "delivered"))?;
    let delivered: RoaringBitmap = delivered.iter().map(|ordinal| ordinal.number()).collect();
    let new = delivered - docket::stopped(vault, id, duty)?;
    if !new.is_empty() {
        let reference = dispatch.to_string().parse()?;
        let evidence = Evidence { kind: EvidenceKind::DeliveryReceipt, reference };
        docket::stop(vault, id, duty, &evidence, vault.now(), Some(&new), actor)?;
    }
    progress(vault, id, seq)
}

/// Ends a sending: somebody decides to wait for no more receipts. Settles first. A posting of the
/// notice that stands is the evidence for whoever was not reached.
///
/// Refused while a notice is planned, on the wire or in doubt: those people would be forgotten.
pub fn finish(
    vault: &Vault,
    id: IncidentId,
    seq: u32,
    actor: &Actor,
) -> Result<Counts, ResponseError> {
    let counts = settle(vault, id, seq, actor)?;
    let dispatch = sending(&find(vault, id, seq)?)?;
    let shown = json!({
        "delivered": counts.delivered,
        "without_receipt": counts.accepted,
        "not_delivered": counts.failed + counts.expired,
    });
    let now = vault.now();
    let mut line = Line::new(vault, actor, "notice.finish", &dispatch.to_string(), &shown);
    vault.data().write("notice.finish", move |tx| {
        dispatch::close(tx, dispatch)?;
        draft::advance(tx, id, seq, DraftState::Sent, None, now)?;
        line.append(tx, id)
    })?;
    posting::settle_all(vault, id, actor)?;
    Ok(counts)
}
