//! A vault with a few invented customers, and a desk over it.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use doldam_ground::ids::ProcessorId;
use doldam_ground::locale::Language;
use doldam_ground::{Clock, Instant, Kind, MockClock, Pii};
use doldam_processors::access::Issued;
use doldam_processors::{Caller, Processors, Scope};
use doldam_store::access::delivery::Delivery;
use doldam_synthetic::{People, Seed};
use doldam_vault::disclosure::{DropFile, Filter, Order};
use doldam_vault::keyring::{Passphrase, Share};
use doldam_vault::{Actor, Place, Row, Source, Vault, VaultError};
use tempfile::TempDir;

const PASSPHRASE: &str = "correct horse battery staple";

pub(crate) struct World {
    pub(crate) clock: Arc<MockClock>,
    /// The machine's clock, where time-outs of a real socket are waited for.
    pub(crate) machine: Option<Arc<dyn Clock>>,
    pub(crate) folder: TempDir,
}

/// The machine's clock: time-outs and leases are what is tested with it.
struct MachineClock(std::time::Instant);

impl MachineClock {
    #[expect(clippy::disallowed_methods, reason = "time-outs of a real socket need real time")]
    fn start() -> Self {
        Self(std::time::Instant::now())
    }
}

impl Clock for MachineClock {
    #[expect(clippy::disallowed_methods, reason = "leases must outlive the process that had them")]
    fn now(&self) -> Instant {
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .expect("the year is not 1969");
        Instant::from_micros(i64::try_from(since.as_micros()).expect("nor 292,000"))
    }

    fn elapsed_us(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).expect("the test is short")
    }
}

/// Where a vault is and what it stands on.
fn place(folder: &Path, clock: Arc<dyn Clock>, seed: u64) -> Place {
    Place {
        folder: folder.join("var"),
        postgres: None,
        anchor: folder.join("anchor.jsonl"),
        language: Language::Ko,
        clock,
        entropy: Box::new(Seed::new(seed).entropy()),
    }
}

/// A desk over a vault of somebody else's world: what a child process has.
pub(crate) fn desk_in(folder: &Path) -> Processors {
    let clock: Arc<dyn Clock> = Arc::new(MachineClock::start());
    let seed = u64::from(std::process::id()) + 1_000;
    let place = place(folder, Arc::clone(&clock), seed);
    let vault = Vault::open(place, &Passphrase::new(PASSPHRASE)).unwrap();
    Processors::open(Arc::new(vault), clock).unwrap()
}

pub(crate) fn actor() -> Actor {
    Actor { name: "minji".to_owned(), origin: "127.0.0.1".to_owned() }
}

impl World {
    pub(crate) fn new() -> Self {
        let clock = Arc::new(MockClock::new(Instant::from_micros(1_795_000_000_000_000)));
        Self { clock, machine: None, folder: tempfile::tempdir().unwrap() }
    }

    /// A world in which time passes.
    pub(crate) fn passing() -> Self {
        Self { machine: Some(Arc::new(MachineClock::start())), ..Self::new() }
    }

    fn clock(&self) -> Arc<dyn Clock> {
        self.machine.clone().unwrap_or_else(|| self.clock.clone())
    }

    fn place(&self, seed: u64) -> Place {
        place(self.folder.path(), self.clock(), seed)
    }

    /// A new vault with `count` people.
    pub(crate) fn create(&self, count: u32) -> Arc<Vault> {
        let vault = Vault::create(self.place(1), &Passphrase::new(PASSPHRASE)).unwrap();
        let people = People::new(&Seed::new(7));
        let source = Source {
            source: "test".to_owned(),
            received_at: self.clock().now(),
            legal_basis: None,
            identify_by: vec![Kind::CI],
        };
        let mut import = vault.enrol(source).unwrap();
        for index in 0..count {
            let person = people.person(index);
            let values = vec![
                (Kind::CI, person.ci.duplicate()),
                (Kind::NICKNAME, person.nickname.duplicate()),
                (Kind::PHONE, person.phone.duplicate()),
            ];
            let row = Row { line: u64::from(index) + 1, values, language: person.language };
            import.push(row).unwrap();
        }
        import.finish(&actor(), "integration test").unwrap();
        Arc::new(vault)
    }

    pub(crate) fn open(&self) -> Result<Arc<Vault>, VaultError> {
        Vault::open(self.place(2), &Passphrase::new(PASSPHRASE)).map(Arc::new)
    }

    /// A backup of data and keys, brought back into another folder.
    pub(crate) fn restored(&self, vault: &Vault) -> Arc<Vault> {
        let beside = |name: &str| self.folder.path().join(name);
        vault.backup(&beside("backup"), &actor()).unwrap();
        vault.key_backup(&beside("key backup"), None, &actor()).unwrap();
        Arc::new(self.restore_into("restored").unwrap())
    }

    /// Brings the backup that was made back once more.
    pub(crate) fn restore_again(&self) -> Result<Vault, VaultError> {
        self.restore_into("restored again")
    }

    fn restore_into(&self, name: &str) -> Result<Vault, VaultError> {
        let beside = |name: &str| self.folder.path().join(name);
        let file = |name: &str| beside("key backup").join(format!("K-1.{name}"));
        let shares: Vec<Share> = ["share-1.txt", "share-3.txt"]
            .iter()
            .map(|name| Share::parse(&std::fs::read_to_string(file(name)).unwrap()).unwrap())
            .collect();
        let place = Place { folder: beside(name), ..self.place(3) };
        let passphrase = Passphrase::new(PASSPHRASE);
        Vault::restore(place, &beside("backup"), &file("keys"), &shares, &passphrase)
    }

    pub(crate) fn desk(&self, vault: &Arc<Vault>) -> Processors {
        Processors::open(Arc::clone(vault), self.clock()).unwrap()
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

/// A program that may have texts sent.
pub(crate) fn writer(desk: &Processors, processor: ProcessorId) -> Caller {
    let scopes = [Scope::MessagesWrite, Scope::PseudonymsRemap];
    let issued = desk.keys().issue(processor, &scopes, 30, &actor()).unwrap();
    caller(desk, &issued.secret).unwrap()
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
