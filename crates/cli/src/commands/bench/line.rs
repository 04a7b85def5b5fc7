//! Import and trace, as a person runs them: an installation in a folder of its own, synthetic
//! customers, a leak of 17,551 of them with repeats and strangers.

use std::process::ExitCode;

use clap::Args;
use doldam_ground::Pii;
use doldam_ground::locale::Language;
use doldam_synthetic::{Column, People, Seed};
use doldam_trace::intake::{take_in, trace_evidence};
use doldam_vault::keyring::Passphrase;
use doldam_vault::{Actor, Place, Row, Source, Vault};
use serde_json::json;

use crate::context::Context;
use crate::entropy::SystemEntropy;
use crate::output::grouped;

#[derive(Args)]
pub(crate) struct LineArgs {
    /// Customers
    #[arg(long, default_value_t = 1_000_000)]
    subjects: u32,
    /// Rows of the leak that are about customers
    #[arg(long, default_value_t = 17_551)]
    leaked: u32,
}

/// All columns that the command line's import documents.
const COLUMNS: [&str; 10] =
    ["ci", "di", "nickname", "name", "phone", "email", "account", "card", "address", "customer_id"];

pub(super) fn run(context: &Context, args: &LineArgs, json: bool) -> anyhow::Result<ExitCode> {
    let folder = tempfile::tempdir()?;
    let place = Place {
        folder: folder.path().join("var"),
        postgres: None,
        anchor: folder.path().join("anchor.jsonl"),
        language: Language::Ko,
        clock: context.shared_clock(),
        entropy: Box::new(SystemEntropy),
    };
    let passphrase = Passphrase::new("a passphrase of a bench run");
    let vault = Vault::create(place, &passphrase)?;
    let actor = Actor { name: "bench".to_owned(), origin: "local".to_owned() };
    let people = People::new(&Seed::new(20_251_123));
    let clock = context.clock();
    let started_us = clock.elapsed_us();
    enrol(&vault, &people, args.subjects, &actor)?;
    let import_us = clock.elapsed_us() - started_us;
    let leak = leak(&people, args);
    let started_us = clock.elapsed_us();
    let held = take_in(&vault, &mut leak.as_slice(), &actor, "measured")?;
    let intake_us = clock.elapsed_us() - started_us;
    let mut traced_ms = Vec::new();
    for _ in 0..5 {
        let options = doldam_scanner::read::table::TableOptions::default();
        let traced = trace_evidence(&vault, &held, &options, &actor, "measured", clock)?;
        let exact = traced.trace.report.subjects.exact;
        anyhow::ensure!(exact == u64::from(args.leaked), "the trace is not exact");
        traced_ms.push(traced.trace.report.elapsed_ms);
    }
    traced_ms.sort_unstable();
    let rate = u64::from(args.subjects) * 1_000_000 / import_us.max(1);
    if json {
        context.output.json(&json!({
            "schema": 1, "bench": "line", "subjects": args.subjects, "columns": COLUMNS.len(),
            "import_us": import_us, "import_per_s": rate, "leaked": args.leaked,
            "intake_us": intake_us, "trace_ms": traced_ms,
        }))?;
    } else {
        context.output.line(&format!(
            "import of {} subjects with {} columns: {} ms, {}/s\n\
             intake of {} bytes: {} ms\n\
             trace of {} rows, 5 % repeated, 3 % strangers, exact: {:?} ms (5 runs)",
            grouped(u64::from(args.subjects)),
            COLUMNS.len(),
            grouped(import_us / 1_000),
            grouped(rate),
            grouped(leak.len() as u64),
            grouped(intake_us / 1_000),
            grouped(u64::from(args.leaked)),
            traced_ms,
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn enrol(vault: &Vault, people: &People, subjects: u32, actor: &Actor) -> anyhow::Result<()> {
    let columns = columns();
    let mut enrolment = vault.enrol(Source {
        source: "bench".to_owned(),
        received_at: vault.now(),
        legal_basis: None,
        identify_by: vec![doldam_ground::Kind::CI, doldam_ground::Kind::CUSTOMER_ID],
    })?;
    for index in 0..subjects {
        let mut values = Vec::with_capacity(columns.len());
        for column in &columns {
            if let Some(kind) = column.kind() {
                let mut value = String::new();
                people.push_value(index, *column, &mut value);
                values.push((kind, Pii::new(value)));
            }
        }
        let row = Row { line: u64::from(index) + 2, values, language: Language::Ko };
        anyhow::ensure!(enrolment.push(row)?.is_empty(), "a synthetic row was refused");
    }
    let (enrolled, refused) = enrolment.finish(actor, "measured")?;
    anyhow::ensure!(refused.is_empty() && enrolled.new == u64::from(subjects), "rows were lost");
    Ok(())
}

fn columns() -> Vec<Column> {
    COLUMNS.iter().filter_map(|id| Column::from_id(id)).collect()
}

/// Nickname and CI of customers spread over the register, every twentieth twice, and strangers.
fn leak(people: &People, args: &LineArgs) -> Vec<u8> {
    let strangers = People::strangers(&Seed::new(20_251_123));
    let mut out = b"nickname,ci\n".to_vec();
    let mut line = |people: &People, index: u32| {
        let mut text = String::new();
        people.push_value(index, Column::from_id("nickname").expect("a column"), &mut text);
        text.push(',');
        people.push_value(index, Column::from_id("ci").expect("a column"), &mut text);
        text.push('\n');
        out.extend_from_slice(text.as_bytes());
    };
    let step = (args.subjects / args.leaked.max(1)).max(1);
    for place in 0..args.leaked {
        line(people, place * step);
        if place % 20 == 0 {
            line(people, place * step);
        }
    }
    for index in 0..args.leaked / 33 {
        line(&strangers, index);
    }
    out
}
