//! Prints how fast transactions are judged on this machine, one JSON object a line:
//!
//! `cargo run --release -p doldam-fraud --example speed -- FILE FOLDER` judges every transaction of a
//! Parquet or CSV file in memory, then writes them to a log in FOLDER (which is the example's own),
//! starts from a snapshot and from the log, runs a back-test, and proves the log.
//!
//! All on one core: 15 features, a model of 100 trees that our trainer grows on the days that the
//! public comparison learns from, and 50 rules in the shapes of the starter pack over what a card
//! payment says.

mod engine;
mod log;
mod rules;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use doldam_fraud::dataset::Transactions;
use doldam_fraud::evaluate::{Day, Evaluation, Period};
use doldam_fraud::feature::PUBLISHED;
use doldam_fraud::model::Settings;
use doldam_fraud::setup::{Parts, Setup};
use doldam_ground::Instant;
use serde_json::{Value, json};

type Failure = Box<dyn std::error::Error>;

/// Days after which a fraud is known, as in the public comparison.
const DELAY_DAYS: u32 = 7;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        [file, folder] => measure(Path::new(file), Path::new(folder)),
        _ => Err("say: FILE FOLDER".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say(&json!({ "error": failure.to_string() }));
            ExitCode::FAILURE
        }
    }
}

fn measure(file: &Path, folder: &Path) -> Result<(), Failure> {
    let transactions = Transactions::read(file)?;
    let setup = setup(&transactions)?;
    engine::measure(&transactions, &setup)?;
    log::measure(&transactions, &setup, folder)
}

/// The features, the model and the rules that everything is measured with.
fn setup(transactions: &Transactions) -> Result<Arc<Setup>, Failure> {
    let day = |text: &str| Instant::parse(text, "UTC").map(Day::of);
    let period = Period {
        train_from: day("2018-07-25")?,
        train_to: day("2018-07-31")?,
        delay_days: DELAY_DAYS,
        test_from: day("2018-08-08")?,
        test_to: day("2018-08-14")?,
    };
    let evaluation = Evaluation::new(transactions, PUBLISHED, period)?;
    let model = evaluation.train(&Settings { trees: 100, ..Settings::default() })?;
    let parts = Parts {
        features: PUBLISHED.to_owned(),
        rules: rules::fifty(),
        model: Some(model.to_bytes()),
        ..Parts::shipped()
    };
    Ok(Setup::compile(parts)?)
}

/// What is measured with, in words.
fn on(setup: &Setup, events: usize) -> String {
    format!(
        "{events} card transactions, {} features, {} trees, {} rules, one core",
        setup.features.features().len(),
        setup.model.as_ref().map_or(0, |model| model.model().trees()),
        setup.rules.rules().len(),
    )
}

/// One measurement; `least` and `most` are bars.
fn tell(what: &str, on: &str, value: f64, unit: &str, bar: Bar) {
    let (bar, holds) = match bar {
        Bar::Least(bar) => (json!({ "least": bar }), json!(value >= bar)),
        Bar::Most(bar) => (json!({ "most": bar }), json!(value <= bar)),
        Bar::None => (Value::Null, Value::Null),
    };
    let fine = if value.abs() < 100.0 { 1_000.0 } else { 1.0 };
    let value = (value * fine).round() / fine;
    say(
        &json!({ "what": what, "on": on, "value": value, "unit": unit, "bar": bar, "holds": holds }),
    );
}

#[derive(Clone, Copy)]
enum Bar {
    Least(f64),
    Most(f64),
    None,
}

#[expect(clippy::print_stdout, reason = "printing is what this program is for")]
fn say(line: &Value) {
    println!("{line}");
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs the real time")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}
