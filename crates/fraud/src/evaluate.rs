//! How good a model is on transactions that it has not seen, by one fixed protocol.
//!
//! A figure of fraud detection means nothing without its protocol: which days were learned from,
//! how long labels took to come, which cards were already known and left out, and what was counted.
//! The protocol here is that of the handbook "Reproducible Machine Learning for Credit Card Fraud
//! Detection" (Le Borgne, Siblini, Lebichot, Bontempi), chapters 3 and 4, because its figures are
//! public: train on some days, wait for the labels, test on later days without the cards that are
//! known by then. A perfect ranking is measured beside, so that one sees what could be reached.

use crate::dataset::Transactions;

mod history;
mod metric;
mod period;
mod published;
mod run;

pub use history::{EXTENDED, Matrix, feature_set};
pub use metric::{CARDS_A_DAY, area_under_curve, average_precision, card_precision};
pub use period::{Day, Period, Split};
pub use published::{COLUMNS, Comparison, Difference, columns, compare};
pub use run::Evaluation;

/// Why nothing can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluationFault {
    /// A period ends before it begins.
    #[error("the {0} period ends before it begins; give the earlier day first")]
    Backwards(&'static str),
    /// The test begins before the labels of the training days are known.
    #[error(
        "the test begins before the labels of the last training day are known; begin it later than \
         the end of training plus the delay, so that nothing from the future is learned"
    )]
    Early,
    /// The delay is out of range.
    #[error("the delay must be 0 to 365 days")]
    Delay,
    /// No transactions in a period.
    #[error("there are no transactions in the {0} period; look at the days in the file")]
    NoRows(&'static str),
    /// Only one class in a period.
    #[error("the {0} period needs fraud and honest transactions, both; give more days")]
    OneClass(&'static str),
    /// A model gave something that is not a number.
    #[error("the model's score of a transaction is not a number; check the model")]
    NotANumber,
}

impl EvaluationFault {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Backwards(_) => "evaluation-period-backwards",
            Self::Early => "evaluation-test-early",
            Self::Delay => "evaluation-delay",
            Self::NoRows(_) => "evaluation-no-rows",
            Self::OneClass(_) => "evaluation-one-class",
            Self::NotANumber => "evaluation-score",
        }
    }
}

/// What was measured on the test rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// Area under the receiver operating characteristic.
    pub auc: f64,
    /// Average precision.
    pub average_precision: f64,
    /// Card precision at [`CARDS_A_DAY`], mean over the days.
    pub card_precision_100: f64,
}

impl Figures {
    /// Measures scores of the test rows, in their order.
    ///
    /// Errors: a score is not a number, or the test rows are of one class.
    pub fn measure(
        transactions: &Transactions,
        split: &Split,
        scores: &[f64],
    ) -> Result<Self, EvaluationFault> {
        let frauds: Vec<bool> = split.test.iter().map(|row| transactions.frauds()[*row]).collect();
        let auc = area_under_curve(scores, &frauds)?;
        let average_precision = average_precision(scores, &frauds)?;
        let cards = split.test.iter().map(|row| metric::Card {
            day: Day::of(transactions.times()[*row]),
            customer: transactions.customers()[*row],
        });
        let cards: Vec<metric::Card> = cards.collect();
        let card_precision_100 = card_precision(&cards, scores, &frauds, CARDS_A_DAY)?;
        Ok(Self { auc, average_precision, card_precision_100 })
    }

    /// What a ranking without a fault would reach.
    pub fn perfect(transactions: &Transactions, split: &Split) -> Result<Self, EvaluationFault> {
        let scores: Vec<f64> = split
            .test
            .iter()
            .map(|row| if transactions.frauds()[*row] { 1.0 } else { 0.0 })
            .collect();
        Self::measure(transactions, split, &scores)
    }
}
