//! The demo bank: people who do not exist, what the bank gave away, and what leaked of it.
//!
//! Everything goes the way that real data goes: enrolment, disclosures with canaries, manifests,
//! records of hand-overs of the past. What left the house lies outside of the data folder, because
//! inside of it no value may lie in clear, not even one of the demo.

mod outside;

use std::path::Path;
use std::process::ExitCode;

use doldam_ground::ids::{DisclosureId, Ordinal};
use doldam_ground::{Kind, Pii};
use doldam_synthetic::bank::{Delivery, Relation, Scenario, Table};
use doldam_synthetic::{Column, Encoding, People, Seed};
use doldam_vault::disclosure::{Filter, Order, PastOrder, PastRow};
use doldam_vault::{Row, Source};
use serde_json::json;
use sha2::{Digest as _, Sha256};

pub(crate) use outside::read_table;

use crate::context::{Context, Session};
use crate::entropy::SystemEntropy;
use crate::failure::failure;
use crate::output::{grouped, tell};
use crate::{files, progress, secret};

/// The file with the passphrase, in the data folder.
pub(crate) const PASSPHRASE: &str = "demo.passphrase";
/// What the folder beside the data folder ends with.
pub(crate) const OUTSIDE: &str = "outside";
/// The world of the demo is the same for everybody; its keys and secrets are not.
const SEED: u64 = 17_551;
/// Staff: name and role.
const STAFF: [(&str, &str); 2] = [("minji", "privacy-officer"), ("bora", "approver")];

/// The demo while it is made.
struct Demo<'a> {
    context: &'a Context,
    session: &'a Session,
    seed: Seed,
    people: People,
    scenario: Scenario,
}

/// A file that left the house.
struct Given {
    id: DisclosureId,
    csv: Vec<u8>,
}

/// Writes a secret of the demo into the data folder.
pub(crate) fn write_secret(folder: &Path, name: &str, secret: &Pii<String>) -> anyhow::Result<()> {
    let line = Pii::new(format!("{}\n", secret.expose()));
    files::replace(&folder.join(name), line.expose().as_bytes())
}

/// Fills a new vault with the demo bank of so many customers.
pub(crate) fn make(
    context: &Context,
    session: &Session,
    subjects: u32,
) -> anyhow::Result<ExitCode> {
    let seed = Seed::new(SEED);
    let (people, scenario) = (People::new(&seed), Scenario::demo(&seed, subjects));
    let demo = Demo { context, session, seed, people, scenario };
    demo.run(subjects).map_err(|error| {
        let (message, _) = crate::failure::explain(&error);
        failure(
            format!("the demo is not finished: {message}"),
            format!(
                "remove {} and {}.{OUTSIDE}, then repeat",
                context.folder().display(),
                context.folder().display()
            ),
        )
    })
}

impl Demo<'_> {
    fn run(&self, subjects: u32) -> anyhow::Result<ExitCode> {
        tell("DEMO ONLY: the passphrase lies beside the data, so it protects nothing.");
        self.hire()?;
        self.enrol(subjects)?;
        let given = self.give_all()?;
        let outside = self.context.beside(OUTSIDE)?;
        let planted = self.plant(&outside, &given)?;
        self.session.checkpoint()?;
        let developer = planted.folder.display().to_string();
        let (data, leak) = (self.context.folder().display(), &planted.leaked_from);
        let text = format!(
            "a demo bank of {} customers in {data}, {} processors, {} disclosures\n\
             a developer's repository with leaked files in {developer}\n\
             next: doldam scan {developer}",
            grouped(u64::from(subjects)),
            self.scenario.processors.len(),
            given.len(),
        );
        let facts = json!({
            "demo": true,
            "installation": self.session.vault.installation(),
            "data": data.to_string(),
            "developer": developer,
            "subjects": subjects,
            "processors": self.scenario.processors.len(),
            "disclosures": given.len(),
            "leaked_from": leak.iter().map(ToString::to_string).collect::<Vec<_>>(),
        });
        self.context.output.answer(&text, facts)?;
        Ok(ExitCode::SUCCESS)
    }

    /// Two members of staff, so that whatever needs a second person can be tried.
    fn hire(&self) -> anyhow::Result<()> {
        for (name, role) in STAFF {
            let secret = secret::draw(&mut SystemEntropy);
            self.session.vault.staff_add(name, role, &secret, &self.session.actor)?;
            write_secret(self.context.folder(), &format!("demo.{name}.secret"), &secret)?;
        }
        Ok(())
    }

    fn enrol(&self, subjects: u32) -> anyhow::Result<()> {
        self.context.output.note(&format!("enrolling {} customers", grouped(u64::from(subjects))));
        let bar = progress::count(self.context.output, "enrolling", u64::from(subjects));
        let source = Source {
            source: "branch system of the demo bank".to_owned(),
            received_at: self.session.vault.now(),
            legal_basis: Some("Act on Real Name Financial Transactions, Article 3".to_owned()),
            identify_by: vec![Kind::CI, Kind::CUSTOMER_ID, Kind::DI],
        };
        let mut enrolment = self.session.vault.enrol(source)?;
        let mut refused = 0;
        for index in 0..subjects {
            refused += enrolment.push(self.row(index))?.len();
            if index.is_multiple_of(1_024) {
                bar.set_position(u64::from(index));
            }
        }
        refused += enrolment.flush()?.len();
        bar.finish_and_clear();
        if refused > 0 {
            return Err(failure(format!("{refused} customers were refused"), "please report it"));
        }
        enrolment.finish(&self.session.actor, "enrolment of the demo bank")?;
        Ok(())
    }

    fn row(&self, index: u32) -> Row {
        let person = self.people.person(index);
        let value =
            |column: &Column| Some((column.kind()?, Pii::new(person.expose(*column).to_owned())));
        let values = Column::ALL.iter().filter_map(value).collect();
        Row { line: u64::from(index) + 2, values, language: person.language }
    }

    /// Carries out or records every delivery, in the order of their days.
    fn give_all(&self) -> anyhow::Result<Vec<Given>> {
        let deliveries = &self.scenario.deliveries;
        self.context.output.note(&format!("making {} disclosures", deliveries.len()));
        let bar = progress::count(self.context.output, "giving", deliveries.len() as u64);
        // Customers were enrolled in the order of their numbers, and this is that order.
        let enrolled = self.session.vault.select(Filter::All)?;
        for firm in &self.scenario.processors {
            let relation = relation(firm.relation);
            self.session.vault.processor(firm.name_ko, relation, &self.session.actor)?;
        }
        let drops = self.context.beside(OUTSIDE)?.join("drops");
        std::fs::create_dir_all(&drops)
            .map_err(|error| crate::failure::file_failure("make", &drops, &error))?;
        let mut given = Vec::new();
        for delivery in deliveries {
            given.push(if delivery.recorded {
                self.record(delivery, &drops)?
            } else {
                self.issue(delivery, &enrolled, &drops)?
            });
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(given)
    }

    /// A hand-over from the time before the bank had Doldam: the values as they are.
    fn record(&self, delivery: &Delivery, drops: &Path) -> anyhow::Result<Given> {
        let table =
            Table { people: &self.people, columns: &delivery.columns, encoding: Encoding::Utf8 };
        let mut csv = Vec::new();
        table.write_csv(&mut csv, delivery.subjects.iter().copied())?;
        let firm = &self.scenario.processors[delivery.processor];
        let order = PastOrder {
            processor: firm.name_ko.to_owned(),
            relation: relation(firm.relation).to_owned(),
            purpose: delivery.purpose.to_owned(),
            given_at: delivery.given_at(),
            return_by: None,
            sha256: Sha256::digest(&csv).into(),
            bytes: csv.len() as u64,
        };
        let rows = delivery.subjects.iter().map(|index| {
            let value = |column: &Column| {
                let mut value = String::new();
                self.people.push_value(*index, *column, &mut value);
                Some((column.kind()?, Pii::new(value)))
            };
            anyhow::Ok(PastRow(delivery.columns.iter().filter_map(value).collect()))
        });
        let recorded = self.session.vault.record_past(&order, rows, &self.session.actor)?;
        files::write_new(&drops.join(format!("{}.csv", recorded.id)), &csv)?;
        Ok(Given { id: recorded.id, csv })
    }

    /// A hand-over by Doldam: pseudonyms, canaries, a signed manifest.
    fn issue(
        &self,
        delivery: &Delivery,
        enrolled: &[Ordinal],
        drops: &Path,
    ) -> anyhow::Result<Given> {
        let firm = &self.scenario.processors[delivery.processor];
        let selected: Vec<Ordinal> =
            delivery.subjects.iter().map(|index| enrolled[*index as usize]).collect();
        let order = Order {
            processor: firm.name_ko.to_owned(),
            relation: relation(firm.relation).to_owned(),
            purpose: delivery.purpose.to_owned(),
            fields: delivery.columns.iter().filter_map(|column| column.kind()).collect(),
            raw: false,
            bound: true,
            canaries: None,
            return_by: Some(delivery.return_by_at()),
            requester: None,
            approval: None,
        };
        let vault = &self.session.vault;
        let drop = vault.disclose(&order, &selected, &self.session.actor)?;
        let name = drop.id.to_string();
        files::write_new(&drops.join(format!("{name}.csv")), &drop.csv)?;
        let manifest = drops.join(format!("{name}.csv.manifest.json"));
        files::write_new(&manifest, drop.manifest.to_json().as_bytes())?;
        vault.disclosure_given(drop.id)?;
        Ok(Given { id: drop.id, csv: drop.csv })
    }
}

const fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Outsourcing => "outsourcing",
        Relation::Provision => "provision",
    }
}
