//! Registering texts: staff write them for one processor, a second person agrees.

use std::collections::BTreeMap;

use doldam_ground::ids::{ApprovalId, ProcessorId, TemplateId};
use doldam_ground::limits::APPROVAL_DAYS;
use doldam_ground::locale::Language;
use doldam_store::message::{self, NewTemplate};
use doldam_store::{audit, staff};
use doldam_vault::{Actor, StaffMember};
use sha2::{Digest as _, Sha256};

use super::text::{check_new, parse, variables};
use crate::error::ProcessorsError;
use crate::registry::Processors;

/// What a request for consent to a text is called.
const ACT: &str = "message.template";
/// Longest name of a text, in characters.
const NAME_CHARACTERS_MAX: usize = 40;
/// Most addresses and telephone numbers that a text may name, and the longest of them in bytes.
const ALLOWED_MAX: usize = 16;
const ALLOWED_BYTES_MAX: usize = 100;

/// A text that is to be registered.
#[derive(Clone, Debug)]
pub struct NewText {
    /// How the processor asks for it: lower-case letters, digits and dashes.
    pub name: String,
    /// The text of each language; holes are `{{ name }}`.
    pub texts: BTreeMap<Language, String>,
    /// Addresses and telephone numbers that it may name. A link never is.
    pub allowed: Vec<String>,
}

/// A text that staff registered.
#[derive(Clone, Debug)]
pub struct RegisteredText {
    /// Its number.
    pub id: TemplateId,
    /// Who may use it.
    pub processor: ProcessorId,
    /// Counts the texts of that name.
    pub version: u32,
    /// What was registered.
    pub text: NewText,
    /// Its holes.
    pub variables: Vec<String>,
    /// The request for a second person's consent.
    pub approval: ApprovalId,
    /// Whether that was given.
    pub is_agreed: bool,
    /// When it was registered, RFC 3339.
    pub created_at: String,
}

impl Processors {
    /// Registers a text for a processor and asks for a second person's consent, without which it is
    /// not used. An earlier text of that name is used until then.
    pub fn template_register(
        &self,
        processor: ProcessorId,
        new: &NewText,
        by: StaffMember,
        actor: &Actor,
    ) -> Result<RegisteredText, ProcessorsError> {
        self.find(processor)?;
        check_words(new)?;
        check_new(&parse(&new.texts)?, &new.allowed)?;
        let texts = serde_json::to_string(&new.texts).expect("texts serialise");
        let allowed = serde_json::to_string(&new.allowed).expect("texts serialise");
        let digest = digest_of(&[&processor.to_string(), &new.name, &texts, &allowed]);
        let shown = data_encoding::HEXLOWER.encode(&digest);
        let summary = format!("text {} for {processor}, SHA-256 {shown}", new.name);
        let (now, asker) = (self.vault.now(), by.id());
        let until = now.plus_days(APPROVAL_DAYS);
        let (name, about) = (new.name.clone(), format!("{processor} {}", new.name));
        let mut entry = self.vault.entry(actor, "message.register", String::new(), &summary, None);
        let id = self.vault.data().write("message.register", move |tx| {
            let approval = staff::approval_insert(tx, ACT, &digest, &summary, asker, now, until)?;
            let new = NewTemplate {
                processor,
                name: name.clone(),
                texts: texts.clone(),
                allowed: allowed.clone(),
                digest,
                approval,
            };
            let (id, _) = message::template_insert(tx, &new, now)?;
            entry.object = format!("{id} {about} {approval}");
            audit::append(tx, &entry)?;
            Ok(id.number())
        })?;
        self.template(TemplateId::new(id))
    }

    /// One registered text.
    pub fn template(&self, id: TemplateId) -> Result<RegisteredText, ProcessorsError> {
        let found =
            self.vault.data().read("message.template_find", |tx| message::template_find(tx, id))?;
        shown(&found.ok_or(ProcessorsError::NoTemplate)?)
    }

    /// All texts of a processor, oldest first.
    pub fn templates(&self, of: ProcessorId) -> Result<Vec<RegisteredText>, ProcessorsError> {
        self.find(of)?;
        let held =
            self.vault.data().read("message.templates", |tx| message::template_list(tx, of))?;
        held.iter().map(shown).collect()
    }
}

fn check_words(new: &NewText) -> Result<(), ProcessorsError> {
    let is_name = |character: char| {
        character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-'
    };
    let fits = (1..=NAME_CHARACTERS_MAX).contains(&new.name.len());
    if !fits || !new.name.chars().all(is_name) {
        return Err(ProcessorsError::Invalid(
            "a text's name has 1 to 40 lower-case letters, digits and dashes",
        ));
    }
    let is_short = |entry: &String| (3..=ALLOWED_BYTES_MAX).contains(&entry.len());
    if new.allowed.len() > ALLOWED_MAX || !new.allowed.iter().all(is_short) {
        return Err(ProcessorsError::Invalid(
            "a text names at most 16 addresses and telephone numbers of 3 to 100 bytes",
        ));
    }
    Ok(())
}

/// What is agreed to: each part behind its length.
fn digest_of(parts: &[&str]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().into()
}

fn shown(held: &message::Template) -> Result<RegisteredText, ProcessorsError> {
    let broken = |_| ProcessorsError::Unfit("it cannot be read any more".to_owned());
    let texts = serde_json::from_str(&held.held.texts).map_err(broken)?;
    let variables = variables(&parse(&texts)?).into_iter().collect();
    let text = NewText {
        name: held.held.name.clone(),
        texts,
        allowed: serde_json::from_str(&held.held.allowed).map_err(broken)?,
    };
    Ok(RegisteredText {
        id: held.id,
        processor: held.held.processor,
        version: held.version,
        text,
        variables,
        approval: held.held.approval,
        is_agreed: held.is_agreed,
        created_at: held.created_at.to_rfc3339(),
    })
}
