//! A vault with a few invented customers, and a desk over it.

use std::io::Write as _;
use std::sync::Arc;

use doldam_ground::ids::ProcessorId;
use doldam_ground::locale::Language;
use doldam_ground::{Instant, Kind, MockClock, Pii};
use doldam_processors::access::Issued;
use doldam_processors::{Caller, Processors, Scope};
use doldam_synthetic::{People, Seed};
use doldam_store::access::delivery::Delivery;
use doldam_vault::disclosure::{DropFile, Filter, Order};
use doldam_vault::keyring::Passphrase;
use doldam_vault::{Actor, Place, Row, Source, Vault, VaultError};
use tempfile::TempDir;

const PASSPHRASE: &str = "correct horse battery staple";

pub(crate) struct World {
    pub(crate) clock: Arc<MockClock>,
    pub(crate) folder: TempDir,
}

pub(crate) fn actor() -> Actor {
    Actor { name: "minji".to_owned(), origin: "127.0.0.1".to_owned() }
}

impl World {
    pub(crate) fn new() -> Self {
        let clock = Arc::new(MockClock::new(Instant::from_micros(1_795_000_000_000_000)));
        Self { clock, folder: tempfile::tempdir().unwrap() }
    }

    fn place(&self, seed: u64) -> Place {
        Place {
            folder: self.folder.path().join("var"),
            postgres: None,
            anchor: self.folder.path().join("anchor.jsonl"),
            language: Language::Ko,
            clock: self.clock.clone(),
            entropy: Box::new(Seed::new(seed).entropy()),
        }
    }

    /// A new vault with `count` people.
    pub(crate) fn create(&self, count: u32) -> Arc<Vault> {
        let vault = Vault::create(self.place(1), &Passphrase::new(PASSPHRASE)).unwrap();
        let people = People::new(&Seed::new(7));
        let source = Source {
            source: "test".to_owned(),
            received_at: self.clock_now(),
            legal_basis: None,
            identify_by: vec![Kind::CI],
        };
        let mut import = vault.enrol(source).unwrap();
        for index in 0..count {
            let person = people.person(index);
            let values = vec![
                (Kind::CI, person.ci.duplicate()),
                (Kind::NICKNAME, person.nickname.duplicate()),
            ];
            let row = Row { line: u64::from(index) + 1, values, language: person.language };
            import.push(row).unwrap();
        }
        import.finish(&actor(), "integration test").unwrap();
        Arc::new(vault)
    }

    fn clock_now(&self) -> Instant {
        doldam_ground::Clock::now(self.clock.as_ref())
    }

    pub(crate) fn open(&self) -> Result<Arc<Vault>, VaultError> {
        Vault::open(self.place(2), &Passphrase::new(PASSPHRASE)).map(Arc::new)
    }

    pub(crate) fn desk(&self, vault: &Arc<Vault>) -> Processors {
        Processors::open(Arc::clone(vault), self.clock.clone()).unwrap()
    }
}

fn order(processor: &str) -> Order {
    Order {
        processor: processor.to_owned(),
        relation: "outsourcing".to_owned(),
        purpose: "NFT platform".to_owned(),
        fields: vec![Kind::CI, Kind::NICKNAME],
        raw: false,
        bound: true,
        canaries: None,
        return_by: None,
        requester: None,
        approval: None,
    }
}

pub(crate) fn disclose(vault: &Vault, processor: &str) -> Result<DropFile, VaultError> {
    vault.disclose(&order(processor), &vault.select(Filter::All).unwrap(), &actor())
}

/// A disclosure of everybody and its sealed file.
pub(crate) fn deliver(vault: &Vault, desk: &Processors, processor: &str) -> (DropFile, Delivery) {
    let selected = vault.select(Filter::All).unwrap();
    desk.disclose(&order(processor), &selected, &actor()).unwrap()
}

pub(crate) fn key(desk: &Processors, processor: ProcessorId) -> Issued {
    desk.keys().issue(processor, &[Scope::DeliveriesRead], 30, &actor()).unwrap()
}

pub(crate) fn caller(desk: &Processors, secret: &Pii<String>) -> Option<Caller> {
    desk.keys().authenticate(secret.expose()).unwrap()
}

/// Changes one byte of a file.
pub(crate) fn spoil(path: &std::path::Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::File::create(path).unwrap().write_all(&bytes).unwrap();
}
