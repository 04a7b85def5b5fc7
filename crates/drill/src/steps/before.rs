//! Before the leak: a house, its people, and what a developer got.

use std::fs;
use std::sync::Arc;

use doldam_ground::locale::Language;
use doldam_ground::{Kind, Pii};
use doldam_synthetic::{Column, People, Seed};
use doldam_vault::disclosure::{Filter, Order};
use doldam_vault::keyring::Passphrase;
use doldam_vault::{Place, Row, Source, StaffMember, Vault};

use super::{Cast, Given, House, PURPOSE, expect, officer};
use crate::error::DrillError;
use crate::story::Drill;

/// A house of its own in a folder of its own.
pub(crate) fn house(drill: &Drill) -> Result<House, DrillError> {
    let folder = tempfile::Builder::new().prefix("doldam-drill-").tempdir()?;
    let seed = Seed::new(drill.seed);
    let place = Place {
        folder: folder.path().join("var"),
        postgres: drill.postgres.clone(),
        anchor: folder.path().join("anchor.jsonl"),
        language: Language::Ko,
        clock: Arc::clone(&drill.clock),
        entropy: Box::new(seed.child("keys").entropy()),
    };
    let vault = Vault::create(place, &Passphrase::new("a passphrase that guards nobody"))?;
    let clock = Arc::clone(&drill.clock);
    Ok(House { vault, seed, people: People::new(&seed), clock, folder })
}

/// Three people who may agree to a notice; one of them writes it.
pub(crate) fn staff(house: &House) -> Result<Cast, DrillError> {
    let hire = |name: &str, role: &str| -> Result<StaffMember, DrillError> {
        let secret = Pii::new(format!("the rehearsed secret of {name}"));
        house.vault.staff_add(name, role, &secret, &officer())?;
        Ok(house.vault.staff_prove(name, &secret)?)
    };
    Ok(Cast {
        author: hire("drill.minji", "privacy-officer")?,
        approvers: [hire("drill.bora", "approver")?, hire("drill.suho", "privacy-officer")?],
    })
}

/// Customers who do not exist.
pub(crate) fn enrol(house: &House, subjects: u32) -> Result<(), DrillError> {
    const COLUMNS: [Column; 4] = [Column::Ci, Column::Nickname, Column::Name, Column::Phone];
    let source = Source {
        source: "a rehearsal".to_owned(),
        received_at: house.vault.now(),
        legal_basis: None,
        identify_by: vec![Kind::CI],
    };
    let mut enrolment = house.vault.enrol(source)?;
    let mut refused = 0;
    for index in 0..subjects {
        let person = house.people.person(index);
        let value =
            |column: &Column| Some((column.kind()?, Pii::new(person.expose(*column).to_owned())));
        let values = COLUMNS.iter().filter_map(value).collect();
        let row = Row { line: u64::from(index) + 1, values, language: person.language };
        refused += enrolment.push(row)?.len() as u64;
    }
    let (enrolled, last) = enrolment.finish(&officer(), PURPOSE)?;
    expect("customers who were refused", 0, refused + last.len() as u64)?;
    expect("customers who were enrolled", u64::from(subjects), enrolled.new)
}

/// Nicknames and CIs of all of them, as pseudonyms, for a developer.
pub(crate) fn disclose(house: &House) -> Result<Given, DrillError> {
    let order = Order {
        processor: "Drill Developer".to_owned(),
        relation: "outsourcing".to_owned(),
        purpose: "development of a platform, rehearsed".to_owned(),
        fields: vec![Kind::NICKNAME, Kind::CI],
        raw: false,
        bound: true,
        canaries: None,
        return_by: Some(house.vault.now().plus_days(30)),
        requester: None,
        approval: None,
    };
    let everybody = house.vault.select(Filter::All)?;
    let drop = house.vault.disclose(&order, &everybody, &officer())?;
    house.vault.disclosure_given(drop.id)?;
    Ok(Given { processor: drop.processor.id, disclosure: drop.id, csv: drop.csv })
}

/// The developer's copy lies where it should not, beside files that are nobody's.
pub(crate) fn leak(house: &House, given: &Given) -> Result<(), DrillError> {
    let outside = house.folder.path().join("outside");
    fs::create_dir(&outside)?;
    fs::write(outside.join("README.md"), "# Platform\n\nBuild with `make`.\n")?;
    fs::write(outside.join("seed_users.csv"), &given.csv)?;
    Ok(())
}
