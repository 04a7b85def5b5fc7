//! One evaluation: features once, then models as one likes.

use super::{EvaluationFault, Figures, Matrix, Period, Split, feature_set};
use crate::dataset::Transactions;
use crate::error::FraudError;
use crate::model::{Card, HoldOut, Model, Sample, Settings, TrainingSet, train};

/// The features of the rows of a split, by a declared set.
pub struct Evaluation<'a> {
    transactions: &'a Transactions,
    period: Period,
    split: Split,
    matrix: Matrix,
    /// Name of the declaration and its version, for the card.
    feature_set: String,
}

impl<'a> Evaluation<'a> {
    /// Parts the transactions and computes the features of both parts.
    ///
    /// Errors: the days cannot be used, or the declaration cannot.
    pub fn new(
        transactions: &'a Transactions,
        declaration: &str,
        period: Period,
    ) -> Result<Self, FraudError> {
        let split = Split::new(transactions, &period)?;
        let (schema, set) = feature_set(declaration, period.delay_days)?;
        let rows: Vec<usize> = split.train.iter().chain(&split.test).copied().collect();
        let matrix = Matrix::compute(transactions, &schema, &set, period.delay_days, &rows)?;
        let version = blake3::Hash::from_bytes(*set.version()).to_hex();
        let feature_set = format!("{} {}", set.name(), &version[..16]);
        Ok(Self { transactions, period, split, matrix, feature_set })
    }

    /// The rows.
    pub const fn split(&self) -> &Split {
        &self.split
    }

    /// Names of the features.
    pub fn features(&self) -> &[String] {
        self.matrix.names()
    }

    /// Trains on the training rows. The card says on what.
    pub fn train(&self, settings: &Settings) -> Result<Model, FraudError> {
        let rows = &self.split.train;
        let frauds: Vec<bool> = rows.iter().map(|row| self.transactions.frauds()[*row]).collect();
        let set = TrainingSet {
            names: self.matrix.names(),
            cells: self.matrix.first(rows.len()),
            frauds: &frauds,
        };
        let model = train(set, settings)?;
        let card = Card {
            training: Some(self.training_sample()),
            label_delay_days: Some(self.period.delay_days),
            feature_set: self.feature_set.clone(),
            ..model.card().clone()
        };
        Ok(model.with_card(card)?)
    }

    /// Measures a model on the test rows.
    ///
    /// Errors: it needs a feature that the set does not have, or gives no number.
    pub fn measure(&self, model: &Model) -> Result<Figures, FraudError> {
        let bound = model.bind_columns(self.matrix.names())?;
        let scores: Vec<f64> = self
            .matrix
            .rows()
            .skip(self.split.train.len())
            .map(|row| bound.score_numbers(row))
            .collect();
        Ok(Figures::measure(self.transactions, &self.split, &scores)?)
    }

    /// What a ranking without a fault would reach.
    pub fn perfect(&self) -> Result<Figures, EvaluationFault> {
        Figures::perfect(self.transactions, &self.split)
    }

    /// The training rows in words of a card.
    pub fn training_sample(&self) -> Sample {
        self.sample(&self.split.train, (self.period.train_from, self.period.train_to))
    }

    /// The test rows in words of a card.
    pub fn test_sample(&self) -> Sample {
        self.sample(&self.split.test, (self.period.test_from, self.period.test_to))
    }

    /// A model's figures in words of its card.
    pub fn hold_out(&self, figures: &Figures) -> HoldOut {
        HoldOut {
            sample: self.test_sample(),
            auc: figures.auc,
            average_precision: figures.average_precision,
            card_precision_100: Some(figures.card_precision_100),
        }
    }

    fn sample(&self, rows: &[usize], (from, to): (super::Day, super::Day)) -> Sample {
        let frauds = rows.iter().filter(|row| self.transactions.frauds()[**row]).count();
        Sample {
            from: from.to_string(),
            to: to.to_string(),
            rows: rows.len() as u64,
            frauds: frauds as u64,
        }
    }
}
