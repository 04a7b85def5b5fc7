//! Makes the frozen vault of a step: `cargo run --release -p doldam-vault --example freeze FOLDER`.
//!
//! Later programs must open the data of earlier ones, and only files that the earlier one wrote can
//! show that. So each step commits a small vault of people who do not exist, and its tests open a
//! copy. The folder is made once and never again: a second run with a newer program would freeze
//! that program's files. Clock and randomness are fixed, so the same program makes the same people,
//! keys and pseudonyms.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use doldam_ground::locale::Language;
use doldam_ground::{Instant, Kind, MockClock, Pii};
use doldam_synthetic::{Column, People, Seed};
use doldam_vault::disclosure::{Filter, Order, PastOrder, PastRow};
use doldam_vault::keyring::Passphrase;
use doldam_vault::{Actor, Place, Row, Source, Vault, VaultError};

/// The world of synthetic people.
const WORLD: u64 = 1;
/// How many of them are enrolled.
const PEOPLE: u32 = 50;
/// 2026-11-23T00:00:00Z.
const NOW_US: i64 = 1_795_392_000_000_000;
/// Stands in the README of the frozen folder, because there is nobody in it to protect.
const PASSPHRASE: &str = "frozen vault of synthetic people";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).ok_or("name the folder to make")?;
    let folder = PathBuf::from(folder);
    fs::create_dir(&folder)?;
    let actor = Actor { name: "minji".to_owned(), origin: "local".to_owned() };
    let people = People::new(&Seed::new(WORLD));
    let vault = Vault::create(place(&folder), &Passphrase::for_new_keyring(PASSPHRASE)?)?;
    enrol(&vault, &people, &actor)?;
    give(&vault, &people, &folder, &actor)?;
    vault.key_backup(&folder.join("keys"), None, &actor)?;
    let gone = vault.subject_by_value(Kind::CI, &people.person(13).ci)?;
    vault.erase(gone, &actor, "asked for by letter")?;
    vault.checkpoint()?;
    vault.backup(&folder.join("backup"), &actor)?;
    vault.checkpoint()?;
    Ok(())
}

fn place(folder: &Path) -> Place {
    Place {
        folder: folder.join("var"),
        postgres: None,
        anchor: folder.join("anchor.jsonl"),
        language: Language::Ko,
        clock: Arc::new(MockClock::new(Instant::from_micros(NOW_US))),
        entropy: Box::new(Seed::new(WORLD).child("freeze").entropy()),
    }
}

fn enrol(vault: &Vault, people: &People, actor: &Actor) -> Result<(), VaultError> {
    let mut enrolment = vault.enrol(Source {
        source: "core banking".to_owned(),
        received_at: Instant::from_micros(NOW_US).plus_days(-30),
        legal_basis: Some("Act on Real Name Financial Transactions, Article 3".to_owned()),
        identify_by: vec![Kind::CI, Kind::CUSTOMER_ID],
    })?;
    for index in 0..PEOPLE {
        let person = people.person(index);
        let value =
            |column: &Column| Some((column.kind()?, Pii::new(person.expose(*column).to_owned())));
        let values = Column::ALL.iter().filter_map(value).collect();
        enrolment.push(Row { line: u64::from(index) + 2, values, language: person.language })?;
    }
    enrolment.finish(actor, "first import").map(drop)
}

/// One disclosure that is issued, with its file, and one of the past that is recorded.
fn give(
    vault: &Vault,
    people: &People,
    folder: &Path,
    actor: &Actor,
) -> Result<(), Box<dyn Error>> {
    let order = Order {
        processor: "Alpha Labs".to_owned(),
        relation: "outsourcing".to_owned(),
        purpose: "NFT platform development".to_owned(),
        fields: vec![Kind::NICKNAME, Kind::CI, Kind::EMAIL],
        raw: false,
        bound: true,
        canaries: Some(3),
        return_by: Some(Instant::from_micros(NOW_US).plus_days(90)),
        requester: None,
        approval: None,
    };
    let selected = vault.select(Filter::First(40))?;
    let drop_file = vault.disclose(&order, &selected, actor)?;
    fs::write(folder.join("drop.csv"), &drop_file.csv)?;
    fs::write(folder.join("drop.csv.manifest.json"), drop_file.manifest.to_json())?;
    vault.disclosure_given(drop_file.id)?;
    let past = PastOrder {
        processor: "Beta Marketing".to_owned(),
        relation: "provision".to_owned(),
        purpose: "spring campaign".to_owned(),
        given_at: Instant::from_micros(NOW_US).plus_days(-400),
        return_by: None,
        sha256: [1; 32],
        bytes: 1_000,
    };
    let rows = (0..20).map(|index| {
        let person = people.person(index * 2);
        Ok::<_, VaultError>(PastRow(vec![(Kind::CI, person.ci), (Kind::PHONE, person.phone)]))
    });
    vault.record_past(&past, rows, actor)?;
    Ok(())
}
