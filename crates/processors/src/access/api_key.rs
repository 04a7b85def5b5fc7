//! API keys: 256 random bits, shown once, kept as their SHA-256, each for named uses and a term.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use doldam_ground::ids::{ApiKeyId, ProcessorId};
use doldam_ground::{Instant, Pii, entropy};
use doldam_store::access::api_key::{self, ApiKey};
use doldam_store::audit;
use doldam_vault::{Actor, Vault};
use sha2::{Digest as _, Sha256};

use super::{CutOrder, Revocable, Running, require_let_in};
use crate::error::ProcessorsError;

/// What a key begins with, so that a scanner and a person know it for one.
const PREFIX: &str = "doldam_";
/// Longest term of a key, in days.
pub const KEY_DAYS_MAX: i64 = 366;
/// How old the note of a key's last use may be, in microseconds.
const USE_NOTED_US: i64 = 60_000_000;

/// What a key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// List and fetch the processor's own deliveries.
    DeliveriesRead,
    /// Get invented people in the shape of the processor's data.
    SandboxRead,
    /// Have texts sent to people whom the processor knows by pseudonym.
    MessagesWrite,
    /// Exchange pseudonyms of an older epoch for those of the newest.
    PseudonymsRemap,
    /// Ask for decisions on transactions, and say afterwards which were fraud.
    TransactionsDecide,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 5] = [
        Self::DeliveriesRead,
        Self::SandboxRead,
        Self::MessagesWrite,
        Self::PseudonymsRemap,
        Self::TransactionsDecide,
    ];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::DeliveriesRead => "deliveries:read",
            Self::SandboxRead => "sandbox:read",
            Self::MessagesWrite => "messages:write",
            Self::PseudonymsRemap => "pseudonyms:remap",
            Self::TransactionsDecide => "transactions:decide",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

impl FromStr for Scope {
    type Err = ProcessorsError;

    fn from_str(text: &str) -> Result<Self, ProcessorsError> {
        Self::ALL.into_iter().find(|scope| scope.word() == text).ok_or(ProcessorsError::Invalid(
            "a scope is deliveries:read, sandbox:read, messages:write, pseudonyms:remap or \
             transactions:decide",
        ))
    }
}

/// A program of a processor that has shown a key that works.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Whose program.
    pub processor: ProcessorId,
    /// Its key.
    pub key: ApiKeyId,
    /// What the key may be used for.
    pub scopes: Vec<Scope>,
}

/// A new key. Its secret is not kept and cannot be shown again.
pub struct Issued {
    /// The key's number.
    pub id: ApiKeyId,
    /// The key itself.
    pub secret: Pii<String>,
    /// Its last moment.
    pub expires_at: Instant,
}

/// The keys of all processors.
#[derive(Clone)]
pub struct ApiKeys {
    vault: Arc<Vault>,
    running: Arc<Running>,
}

impl ApiKeys {
    pub(crate) const fn new(vault: Arc<Vault>, running: Arc<Running>) -> Self {
        Self { vault, running }
    }

    /// Makes a key of a processor for these uses and so many days.
    pub fn issue(
        &self,
        processor: ProcessorId,
        scopes: &[Scope],
        days: i64,
        actor: &Actor,
    ) -> Result<Issued, ProcessorsError> {
        if scopes.is_empty() {
            return Err(ProcessorsError::Invalid("a key is for something: name a scope"));
        }
        if !(1..=KEY_DAYS_MAX).contains(&days) {
            return Err(ProcessorsError::Invalid("a key works for 1 to 366 days"));
        }
        if !self.vault.processors()?.iter().any(|held| held.id == processor) {
            return Err(ProcessorsError::NoProcessor(processor));
        }
        if self.running.is_barred(processor) {
            return Err(ProcessorsError::Cut(processor));
        }
        require_let_in(&self.vault, processor)?;
        let bytes: [u8; 32] = entropy::bytes(&mut **self.vault.entropy());
        let secret = Pii::new(format!("{PREFIX}{}", BASE64URL_NOPAD.encode(&bytes)));
        let digest = digest_of(secret.expose());
        let mut words: Vec<Scope> = scopes.to_vec();
        words.sort_unstable();
        words.dedup();
        let words = words.iter().map(|scope| scope.word()).collect::<Vec<_>>().join(" ");
        let now = self.vault.now();
        let expires_at = now.plus_days(days);
        let mut entry = self.vault.entry(actor, "api_key.issue", String::new(), &words, None);
        self.vault.shown_once(&secret);
        let id = self.vault.data().write("api_key.issue", move |tx| {
            let id = api_key::insert(tx, processor, &words, &digest, now, expires_at)?;
            entry.object = format!("{processor} {id}");
            audit::append(tx, &entry)?;
            Ok(id)
        })?;
        Ok(Issued { id, secret, expires_at })
    }

    /// Who shows this key; `None` when it does not work.
    pub fn authenticate(&self, secret: &str) -> Result<Option<Caller>, ProcessorsError> {
        if !secret.starts_with(PREFIX) {
            return Ok(None);
        }
        let (digest, now) = (digest_of(secret), self.vault.now());
        let found = self.vault.data().read("api_key.find", |tx| api_key::find(tx, &digest, now))?;
        let Some(key) = found.filter(|key| !self.running.is_barred(key.processor)) else {
            return Ok(None);
        };
        self.note_use(&key, now)?;
        let scopes = key.scopes.split(' ').filter_map(|word| word.parse().ok()).collect();
        Ok(Some(Caller { processor: key.processor, key: key.id, scopes }))
    }

    /// Notes that a key was used, once a minute.
    fn note_use(&self, key: &ApiKey, now: Instant) -> Result<(), ProcessorsError> {
        let is_noted =
            key.used_at.is_some_and(|at| now.micros().saturating_sub(at.micros()) < USE_NOTED_US);
        if !is_noted {
            let id = key.id;
            self.vault.data().write("api_key.touch", move |tx| api_key::touch(tx, id, now))?;
        }
        Ok(())
    }

    /// All keys of a processor, by number, revoked ones included.
    pub fn list(&self, processor: ProcessorId) -> Result<Vec<ApiKey>, ProcessorsError> {
        Ok(self.vault.data().read("api_key.list", |tx| api_key::list(tx, processor))?)
    }

    /// Revokes one key and stops its requests.
    pub fn revoke(
        &self,
        id: ApiKeyId,
        actor: &Actor,
        reason: &str,
    ) -> Result<ProcessorId, ProcessorsError> {
        let now = self.vault.now();
        let entry = self.vault.entry(actor, "api_key.revoke", id.to_string(), reason, None);
        let whose = self.vault.data().write("api_key.revoke", move |tx| {
            let whose = api_key::revoke(tx, id, now)?;
            if whose.is_some() {
                audit::append(tx, &entry)?;
            }
            Ok(whose)
        })?;
        self.running.stop_key(id);
        whose.ok_or(ProcessorsError::NoKey(id))
    }
}

impl Revocable for ApiKeys {
    fn name(&self) -> &'static str {
        "API keys"
    }

    fn revoke_all(&self, processor: ProcessorId, order: &CutOrder) -> Result<u64, ProcessorsError> {
        let now = self.vault.now();
        let object = format!("{processor} {}", order.id);
        let entry =
            self.vault.entry(&order.actor, "api_key.revoke_all", object, &order.reason, None);
        Ok(self.vault.data().write("api_key.revoke_all", move |tx| {
            let count = api_key::revoke_all(tx, processor, now)?;
            audit::append(tx, &entry)?;
            Ok(count)
        })?)
    }
}

fn digest_of(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
