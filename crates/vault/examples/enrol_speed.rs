//! How fast people become subjects, and what forgetting one of many costs.
//!
//! `cargo run --release -p doldam-vault --example enrol_speed [COUNT]` enrols COUNT synthetic people
//! (1,000,000 by default) with all twelve columns into a vault in a temporary folder on SQLite, and
//! prints what it measured. Making the people is part of the time; reading a file is not.

use std::error::Error;
use std::io::Write;
use std::sync::Arc;
use std::time::Instant as Stopwatch;

use doldam_ground::locale::Language;
use doldam_ground::{Instant, Kind, MockClock, Pii};
use doldam_synthetic::{Column, People, Seed};
use doldam_vault::keyring::Passphrase;
use doldam_vault::{Actor, Place, Row, Source, Vault, VaultError};

/// 2026-11-23T00:00:00Z.
const NOW_US: i64 = 1_795_392_000_000_000;
const COUNT: u32 = 1_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let count = match std::env::args().nth(1) {
        Some(text) => text.parse()?,
        None => COUNT,
    };
    let folder = tempfile::tempdir()?;
    let vault = Vault::create(
        Place {
            folder: folder.path().join("var"),
            postgres: None,
            anchor: folder.path().join("anchor.jsonl"),
            language: Language::Ko,
            clock: Arc::new(MockClock::new(Instant::from_micros(NOW_US))),
            entropy: Box::new(Seed::new(1).child("speed").entropy()),
        },
        &Passphrase::for_new_keyring("a passphrase for measuring")?,
    )?;
    let actor = Actor { name: "minji".to_owned(), origin: "local".to_owned() };
    let people = People::new(&Seed::new(1));
    for name in ["first import", "the same again"] {
        let seconds = timed(|| enrol(&vault, &people, count, &actor))?;
        let rate = f64::from(count) / seconds;
        say(&format!("{name}: {count} people in {seconds:.2} s, {rate:.0}/s"))?;
    }
    for index in [count / 3, count / 2] {
        let ordinal = vault.subject_by_value(Kind::CI, &people.person(index).ci)?;
        let seconds = timed(|| vault.erase(ordinal, &actor, "asked for by letter").map(drop))?;
        say(&format!("erase one of {count}: {seconds:.3} s"))?;
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs the real time")]
fn timed(act: impl FnOnce() -> Result<(), VaultError>) -> Result<f64, VaultError> {
    let started = Stopwatch::now();
    act()?;
    Ok(started.elapsed().as_secs_f64())
}

fn say(line: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout().lock(), "{line}")
}

fn enrol(vault: &Vault, people: &People, count: u32, actor: &Actor) -> Result<(), VaultError> {
    let mut enrolment = vault.enrol(Source {
        source: "core banking".to_owned(),
        received_at: Instant::from_micros(NOW_US),
        legal_basis: Some("Act on Real Name Financial Transactions, Article 3".to_owned()),
        identify_by: vec![Kind::CI, Kind::CUSTOMER_ID],
    })?;
    for index in 0..count {
        let person = people.person(index);
        let value =
            |column: &Column| Some((column.kind()?, Pii::new(person.expose(*column).to_owned())));
        let values = Column::ALL.iter().filter_map(value).collect();
        enrolment.push(Row { line: u64::from(index) + 2, values, language: person.language })?;
    }
    enrolment.finish(actor, "measurement").map(drop)
}
