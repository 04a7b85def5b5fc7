//! The files and days that the commands have in common.

use std::path::{Path, PathBuf};

use clap::Args;
use doldam_fraud::FraudError;
use doldam_fraud::dataset::{DatasetFault, Transactions};
use doldam_fraud::evaluate::Day;
use doldam_ground::Instant;

use crate::failure::{failure, file_failure};

/// What is learned from.
#[derive(Args)]
pub(super) struct TrainingArgs {
    /// Card transactions, Parquet or CSV: transaction_id, time, customer_id, terminal_id,
    /// amount_cents, fraud
    #[arg(long, value_name = "FILE")]
    pub(super) transactions: PathBuf,
    /// Which features are computed
    #[arg(long, value_enum, default_value_t, value_name = "SET")]
    pub(super) features: super::Features,
    /// First day that is learned from, as 2018-07-25 (UTC)
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(super) train_from: Day,
    /// Last day that is learned from
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(super) train_to: Day,
    /// Days until the label of a transaction is known
    #[arg(long, default_value_t = 7, value_name = "DAYS")]
    pub(super) delay_days: u32,
    /// First day that is tested on
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(super) test_from: Day,
    /// Last day that is tested on
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(super) test_to: Day,
}

impl TrainingArgs {
    /// The days, as the protocol wants them.
    pub(super) const fn period(&self) -> doldam_fraud::evaluate::Period {
        doldam_fraud::evaluate::Period {
            train_from: self.train_from,
            train_to: self.train_to,
            delay_days: self.delay_days,
            test_from: self.test_from,
            test_to: self.test_to,
        }
    }
}

/// Reads a day of the command line.
pub(super) fn day(text: &str) -> Result<Day, String> {
    if text.len() != 10 {
        return Err("write a day as 2018-07-25".to_owned());
    }
    Instant::parse(text, "UTC").map(Day::of).map_err(|_| "write a day as 2018-07-25".to_owned())
}

/// Reads the transactions, or says what is wrong with the file.
pub(super) fn transactions(path: &Path) -> anyhow::Result<Transactions> {
    Transactions::read(path).map_err(|error| refused(path, error))
}

/// An error about a file that the user named; what comes behind the last semicolon is advice.
#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
pub(super) fn refused(path: &Path, error: FraudError) -> anyhow::Error {
    if let FraudError::Dataset(DatasetFault::Io(kind)) = error {
        return file_failure("read", path, &kind.into());
    }
    let text = error.to_string();
    let (message, hint) = text
        .split_once("; ")
        .unwrap_or((&text, "`doldam fraud evaluate --help` says what it needs"));
    failure(format!("{}: {message}", path.display()), hint)
}

/// An error about days, features or a model.
#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
pub(super) fn unusable(error: FraudError) -> anyhow::Error {
    let text = error.to_string();
    let (message, hint) = text
        .split_once("; ")
        .or_else(|| text.split_once(": "))
        .unwrap_or((&text, "`doldam fraud --help` lists what can be done"));
    failure(message, hint)
}
