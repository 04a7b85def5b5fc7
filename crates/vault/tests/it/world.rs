//! A vault of synthetic people to test on, on either back end.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use doldam_ground::ids::Ordinal;
use doldam_ground::kind::PseudonymShape;
use doldam_ground::locale::Language;
use doldam_ground::{Instant, Kind, MockClock, Pii};
use doldam_synthetic::{Column, People, Person, Seed};
use doldam_vault::disclosure::{DropFile, Order};
use doldam_vault::keyring::{Keyring, KeyringFile, Passphrase, Share};
use doldam_vault::{
    Actor, Enrolled, KeyBackup, Place, Refused, Row, Source, StaffMember, Vault, VaultError,
};
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use crate::postgres::TestDatabase;

/// Where the tests' clock stands at first, in microseconds: November 2026.
pub(crate) const START_US: i64 = 1_795_000_000_000_000;
pub(crate) const PASSPHRASE: &str = "correct horse battery staple";
pub(crate) const PURPOSE: &str = "integration test";

/// Every opening of every process draws other random numbers, as in life.
static OPENINGS: AtomicU64 = AtomicU64::new(1);

/// Runs a test on both back ends.
macro_rules! on_both {
    ($name:ident) => {
        mod $name {
            #[test]
            fn on_sqlite() {
                super::$name(&crate::world::World::sqlite());
            }

            #[test]
            fn on_postgres() {
                super::$name(&crate::world::World::postgres());
            }
        }
    };
}
pub(crate) use on_both;

/// A folder for a vault, a clock, and a database where PostgreSQL keeps the facts.
pub(crate) struct World {
    folder: PathBuf,
    _temporary: Option<TempDir>,
    pub(crate) clock: Arc<MockClock>,
    pub(crate) people: People,
    pub(crate) strangers: People,
    database: Option<TestDatabase>,
}

pub(crate) fn actor() -> Actor {
    Actor { name: "minji".to_owned(), origin: "local".to_owned() }
}

pub(crate) fn passphrase() -> Passphrase {
    Passphrase::new(PASSPHRASE)
}

impl World {
    pub(crate) fn sqlite() -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let world = Self::at(temporary.path());
        Self { _temporary: Some(temporary), ..world }
    }

    /// A world in a folder that belongs to somebody else.
    pub(crate) fn at(folder: &Path) -> Self {
        let seed = Seed::new(20_261_123);
        Self {
            folder: folder.to_owned(),
            _temporary: None,
            clock: Arc::new(MockClock::new(Instant::from_micros(START_US))),
            people: People::new(&seed),
            strangers: People::strangers(&seed),
            database: None,
        }
    }

    pub(crate) fn postgres() -> Self {
        Self { database: Some(TestDatabase::create()), ..Self::sqlite() }
    }

    /// The vault's folder; other folders of the test stand beside it.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("var")
    }

    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn place(&self) -> Place {
        let postgres = self.database.as_ref().map(TestDatabase::address);
        Place { postgres, ..self.place_of(&self.data()) }
    }

    /// Another vault of this world, on SQLite.
    pub(crate) fn place_of(&self, folder: &Path) -> Place {
        let opening = OPENINGS.fetch_add(1, Ordering::Relaxed);
        let process = u64::from(std::process::id());
        Place {
            folder: folder.to_owned(),
            postgres: None,
            anchor: self.beside("anchor.jsonl"),
            language: Language::Ko,
            clock: self.clock.clone(),
            entropy: Box::new(Seed::new(process).numbered(opening).entropy()),
        }
    }

    pub(crate) fn create(&self) -> Vault {
        Vault::create(self.place(), &passphrase()).unwrap()
    }

    pub(crate) fn open(&self) -> Vault {
        Vault::open(self.place(), &passphrase()).unwrap()
    }

    /// A vault in which the first `count` people are enrolled with all columns.
    pub(crate) fn enrolled(&self, count: u32) -> Vault {
        let vault = self.create();
        let rows = (0..count).map(|index| self.row(index));
        let (enrolled, refused) = import(&vault, source(), rows);
        assert_eq!((enrolled.new, refused.len()), (u64::from(count), 0));
        vault
    }

    /// Person `index` in line `index + 1` with all columns.
    pub(crate) fn row(&self, index: u32) -> Row {
        full_row(u64::from(index) + 1, &self.people.person(index))
    }

    pub(crate) fn ordinal(&self, vault: &Vault, index: u32) -> Ordinal {
        let ci = self.people.person(index).ci;
        vault.subject_by_value(Kind::CI, &ci).unwrap()
    }

    /// A statement of an intruder, behind the vault's back.
    pub(crate) fn meddle(&self, sqlite: &str, postgres: &str) {
        match &self.database {
            None => data_file(&self.data()).execute_batch(sqlite).unwrap(),
            Some(database) => {
                let address = database.address();
                let mut client = ::postgres::Client::connect(&address, ::postgres::NoTls).unwrap();
                client.batch_execute(postgres).unwrap();
            }
        }
    }

    /// Counts rows behind the vault's back.
    pub(crate) fn count(&self, sql: &str) -> i64 {
        match &self.database {
            None => data_file(&self.data()).query_row(sql, [], |row| row.get(0)).unwrap(),
            Some(database) => {
                let address = database.address();
                let mut client = ::postgres::Client::connect(&address, ::postgres::NoTls).unwrap();
                client.query_one(sql, &[]).unwrap().get(0)
            }
        }
    }
}

/// The database of a vault on SQLite, past the vault.
pub(crate) fn data_file(folder: &Path) -> Connection {
    Connection::open(folder.join("data/doldam.db")).unwrap()
}

/// The key store of a vault, for reading only.
pub(crate) fn key_file(folder: &Path) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let connection = Connection::open_with_flags(folder.join("keys/keys.db"), flags).unwrap();
    connection.execute_batch("PRAGMA query_only = ON").unwrap();
    connection
}

/// How many subjects have a key.
pub(crate) fn key_count(folder: &Path) -> i64 {
    let sql = "SELECT count(*) FROM subject_key";
    key_file(folder).query_row(sql, [], |row| row.get(0)).unwrap()
}

/// The generation and the wrapped data key of a subject, past the vault.
pub(crate) fn wrapped_key(folder: &Path, ordinal: Ordinal) -> Option<(u32, Vec<u8>)> {
    let connection = key_file(folder);
    let sql = "SELECT generation, wrapped FROM subject_key WHERE ordinal = ?1";
    connection.query_row(sql, [ordinal.number()], |row| Ok((row.get(0)?, row.get(1)?))).ok()
}

/// The data key itself.
pub(crate) fn unwrapped_key(folder: &Path, ordinal: Ordinal) -> Vec<u8> {
    let (generation, wrapped) = wrapped_key(folder, ordinal).unwrap();
    let place = doldam_vault::seal::context("subject key", &[u64::from(ordinal.number())]);
    let wrap = keyring(folder).subject_wrap(generation).unwrap();
    wrap.open(&place, &wrapped, "key").unwrap().expose().clone()
}

pub(crate) fn keyring(folder: &Path) -> Keyring {
    KeyringFile::of(&folder.join("keys")).open(&passphrase()).unwrap()
}

pub(crate) fn source() -> Source {
    Source {
        source: "core banking".to_owned(),
        received_at: Instant::from_micros(START_US - 1),
        legal_basis: Some("Act on Real Name Financial Transactions, Article 3".to_owned()),
        identify_by: vec![Kind::CI, Kind::CUSTOMER_ID, Kind::DI],
    }
}

/// All values of a person.
pub(crate) fn values(person: &Person) -> Vec<(Kind, Pii<String>)> {
    Column::ALL
        .iter()
        .filter_map(|column| Some((column.kind()?, Pii::new(person.expose(*column).to_owned()))))
        .collect()
}

pub(crate) fn full_row(line: u64, person: &Person) -> Row {
    Row { line, values: values(person), language: person.language }
}

/// A row of a few values.
pub(crate) fn row_of(line: u64, values: &[(Kind, &str)]) -> Row {
    let values =
        values.iter().map(|(kind, value)| (*kind, Pii::new((*value).to_owned()))).collect();
    Row { line, values, language: Language::Ko }
}

/// Puts another value in place of a row's own.
pub(crate) fn replace(row: &mut Row, kind: Kind, value: &str) {
    let held = row.values.iter_mut().find(|(held, _)| *held == kind).unwrap();
    held.1 = Pii::new(value.to_owned());
}

/// Imports rows to the end.
pub(crate) fn import(
    vault: &Vault,
    source: Source,
    rows: impl Iterator<Item = Row>,
) -> (Enrolled, Vec<Refused>) {
    let mut enrolment = vault.enrol(source).unwrap();
    let mut refused = Vec::new();
    for row in rows {
        refused.extend(enrolment.push(row).unwrap());
    }
    let (enrolled, last) = enrolment.finish(&actor(), PURPOSE).unwrap();
    refused.extend(last);
    (enrolled, refused)
}

/// An order of pseudonyms that are bound to it.
pub(crate) fn order(processor: &str, fields: &[Kind]) -> Order {
    Order {
        processor: processor.to_owned(),
        relation: "outsourcing".to_owned(),
        purpose: "NFT platform development".to_owned(),
        fields: fields.to_vec(),
        raw: false,
        bound: true,
        canaries: None,
        return_by: Some(Instant::from_micros(START_US).plus_days(30)),
        requester: None,
        approval: None,
    }
}

/// Every kind that has a pseudonym and that synthetic people have.
pub(crate) fn pseudonymous_kinds() -> Vec<Kind> {
    Column::ALL
        .iter()
        .filter_map(|column| column.kind())
        .filter(|kind| kind.entry().pseudonym != PseudonymShape::None)
        .collect()
}

/// The rows of a drop file without its header; our files quote only what they must.
pub(crate) fn rows_of(drop: &DropFile) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(&drop.csv).unwrap();
    let lines = text.split_terminator("\r\n").skip(1);
    lines.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// One column of a drop file.
pub(crate) fn column_of(drop: &DropFile, column: usize) -> Vec<String> {
    rows_of(drop).into_iter().map(|mut row| row.swap_remove(column)).collect()
}

pub(crate) fn views(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

/// A member of staff who has proved who they are.
pub(crate) fn staff(vault: &Vault, name: &str, role: &str) -> StaffMember {
    let secret = Pii::new(format!("the long secret of {name}"));
    vault.staff_add(name, role, &secret, &actor()).unwrap();
    vault.staff_prove(name, &secret).unwrap()
}

/// The shares of a key backup at these places.
pub(crate) fn shares(backup: &KeyBackup, places: &[usize]) -> Vec<Share> {
    places
        .iter()
        .map(|place| {
            Share::parse(&std::fs::read_to_string(&backup.shares[*place]).unwrap()).unwrap()
        })
        .collect()
}

/// The stable code of the error; fails when there is none.
pub(crate) fn code<T>(answer: Result<T, VaultError>) -> &'static str {
    match answer {
        Ok(_) => panic!("it should have been refused"),
        Err(error) => error.code(),
    }
}
