//! A vault with staff, and sessions opened on what they prove.

use std::sync::Arc;

use crate::sign_in::passkey::Owner;
use crate::sign_in::proof::Proof;
use doldam_ground::ids::StaffId;
use doldam_ground::locale::Language;
use doldam_ground::{Clock, Instant, MockClock};
use doldam_store::access::session::{self, Session};
use doldam_store::staff;
use doldam_synthetic::Seed;
use doldam_vault::keyring::Passphrase;
use doldam_vault::{Actor, Place, Vault};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

pub(crate) struct World {
    pub(crate) clock: Arc<MockClock>,
    pub(crate) vault: Vault,
    _folder: TempDir,
}

pub(crate) fn actor() -> Actor {
    Actor { name: "test".to_owned(), origin: "local".to_owned() }
}

/// A session, and the digest of its token.
pub(crate) struct Held {
    session: Session,
    pub(crate) digest: [u8; 32],
}

impl Held {
    pub(crate) fn owner(&self) -> Owner<'_> {
        Owner { session: &self.session, digest: &self.digest }
    }
}

impl World {
    pub(crate) fn new() -> Self {
        Self::at(Instant::from_micros(1_795_000_000_000_000))
    }

    pub(crate) fn at(now: Instant) -> Self {
        let clock = Arc::new(MockClock::new(now));
        let folder = tempfile::tempdir().unwrap();
        let place = Place {
            folder: folder.path().join("var"),
            postgres: None,
            anchor: folder.path().join("anchor.jsonl"),
            language: Language::Ko,
            clock: clock.clone(),
            entropy: Box::new(Seed::new(u64::from(std::process::id())).entropy()),
        };
        let vault = Vault::create(place, &Passphrase::new("correct horse battery staple")).unwrap();
        Self { clock, vault, _folder: folder }
    }

    pub(crate) fn staff(&self, name: &'static str) -> StaffId {
        let now = self.vault.now();
        self.vault
            .data()
            .write("test.staff", move |tx| staff::insert(tx, name, "analyst", "none", now))
            .unwrap()
    }

    pub(crate) fn session(&self, staff: StaffId, token: &str) -> Held {
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let (now, end) = (self.vault.now(), self.vault.now().plus_days(1));
        let session = self.vault.data().write("test.session", move |tx| {
            session::insert(tx, &digest, staff, now, end)?;
            session::find(tx, &digest, now)
        });
        Held { session: session.unwrap().unwrap(), digest }
    }

    pub(crate) fn works(&self, held: &Held) -> bool {
        let (digest, now) = (held.digest, self.vault.now());
        let found = self.vault.data().read("test.find", |tx| session::find(tx, &digest, now));
        found.unwrap().is_some()
    }

    /// What the server does with a proof; who came in.
    pub(crate) fn open(&self, proof: Proof) -> Option<StaffId> {
        let (staff, now) = (proof.staff(), self.vault.now());
        let is_open = self.vault.data().write("session.open", move |tx| proof.spend(tx, now));
        is_open.unwrap().then_some(staff)
    }

    /// How often the access log has this action.
    pub(crate) fn logged(&self, action: &str) -> usize {
        let rows = self
            .vault
            .data()
            .read("test.audit", |tx| doldam_store::audit::rows(tx, 0, 1_000))
            .unwrap();
        rows.iter().filter(|row| row.action == action).count()
    }

    pub(crate) fn wait_s(&self, seconds: u32) {
        self.clock.advance_us(seconds * 1_000_000);
        assert_eq!(self.clock.now(), self.vault.now());
    }
}
