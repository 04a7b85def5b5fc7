//! Score a transaction with gradient-boosted trees, and say why.
//!
//! Banks train where they like; what decides here must be ours, because a score is part of a record
//! that is replayed years later. So trees are imported (from XGBoost's JSON and LightGBM's text) or
//! [trained](train()), checked once, and walked by a few lines that give the origin's scores. The
//! logistic function comes from a library in Rust and not from the machine's, whose last bit
//! differs from one system to the next.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::frame::{Scope, Slot};
use crate::value::{Type, Value};

mod boost;
mod card;
mod document;
mod explain;
mod fault;
mod forest;
mod grown;
mod lightgbm;
mod xgboost;

pub use boost::{Settings, TRAINING_ROWS_MAX, TrainingSet, train};
pub use card::{Card, HoldOut, Sample};
pub use fault::ModelFault;
pub use grown::{CATEGORY_MAX, DEPTH_MAX, FEATURES_MAX, NODES_MAX, TREES_MAX};

use document::Ensemble;
use forest::{Forest, Row};

/// Longest file of a model, in bytes.
pub const MODEL_BYTES_MAX: usize = 128 << 20;

/// How the sum of the trees becomes a probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Link {
    /// `1 / (1 + exp(−slope · sum))`.
    Logistic {
        /// 1, but for LightGBM's `sigmoid` setting.
        slope: f64,
    },
}

/// A model that was read or trained, with its card.
#[derive(Clone)]
pub struct Model {
    ensemble: Arc<Ensemble>,
    forest: Arc<Forest>,
    card: Card,
}

impl Model {
    /// Reads a model of our own format, XGBoost's JSON or LightGBM's text, told apart by how they
    /// begin. Never panics on any bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, ModelFault> {
        if bytes.len() > MODEL_BYTES_MAX {
            return Err(ModelFault::TooMany { what: "bytes", max: MODEL_BYTES_MAX });
        }
        if bytes.starts_with(b"tree\n") || bytes.starts_with(b"tree\r\n") {
            return Self::imported(lightgbm::read(bytes)?);
        }
        let head = &bytes[..bytes.len().min(64)];
        if head.windows(14).any(|window| window == b"\"doldam_model\"") {
            let (ensemble, card) = document::read(bytes)?;
            return Self::new(ensemble, card);
        }
        Self::imported(xgboost::read(bytes)?)
    }

    fn imported(ensemble: Ensemble) -> Result<Self, ModelFault> {
        let title = ensemble.origin.clone();
        Self::new(ensemble, Card { title, ..Card::default() })
    }

    fn new(ensemble: Ensemble, card: Card) -> Result<Self, ModelFault> {
        ensemble.check()?;
        card.check()?;
        let forest = Forest::new(&ensemble.trees, ensemble.features.len(), ensemble.arithmetic)?;
        Ok(Self { ensemble: Arc::new(ensemble), forest: Arc::new(forest), card })
    }

    /// The file of our own format: the same model gives the same bytes, which read again give the
    /// same scores.
    pub fn to_bytes(&self) -> Vec<u8> {
        document::write(&self.ensemble, &self.card)
    }

    /// What a decision's record calls the model: BLAKE3 of [`Model::to_bytes`].
    pub fn version(&self) -> [u8; 32] {
        *blake3::hash(&self.to_bytes()).as_bytes()
    }

    /// Program and version that grew the trees.
    pub fn origin(&self) -> &str {
        &self.ensemble.origin
    }

    /// Names of its features, in its order.
    pub fn features(&self) -> &[String] {
        &self.ensemble.features
    }

    /// Number of trees.
    pub fn trees(&self) -> usize {
        self.ensemble.trees.len()
    }

    /// Number of nodes of all trees.
    pub fn nodes(&self) -> usize {
        self.forest.nodes.len()
    }

    /// Its card.
    pub const fn card(&self) -> &Card {
        &self.card
    }

    /// The same model with another card.
    pub fn with_card(self, card: Card) -> Result<Self, ModelFault> {
        card.check()?;
        Ok(Self { card, ..self })
    }

    /// The same model with other names for its features, in its order: XGBoost saves no names when
    /// it was trained on plain arrays (they are `f0`, `f1`, … then).
    pub fn with_features(self, names: &[String]) -> Result<Self, ModelFault> {
        if names.len() != self.ensemble.features.len() {
            return Err(ModelFault::unsupported("it has another number of features"));
        }
        let ensemble = Ensemble { features: names.to_vec(), ..(*self.ensemble).clone() };
        ensemble.check()?;
        Ok(Self { ensemble: Arc::new(ensemble), ..self })
    }

    /// Finds its features among the declared ones.
    ///
    /// Errors: a feature that is not declared, or is text.
    pub fn bind(&self, scope: &dyn Scope) -> Result<BoundModel, ModelFault> {
        let place = |name: &String| match scope.look_up(name) {
            Some((Slot::Feature(_), Type::Text)) => {
                Err(ModelFault::FeatureType { name: name.clone(), why: "it is text" })
            }
            Some((Slot::Feature(place), _)) => Ok(place),
            Some(_) => Err(ModelFault::FeatureType {
                name: name.clone(),
                why: "it is a field of the event; declare a feature that is this field",
            }),
            None => Err(ModelFault::FeatureAbsent { name: name.clone() }),
        };
        let places = self.ensemble.features.iter().map(place).collect::<Result<_, _>>()?;
        Ok(BoundModel { model: self.clone(), places })
    }

    /// Finds its features among the names of columns.
    ///
    /// Errors: a column that is not there.
    pub fn bind_columns(&self, columns: &[String]) -> Result<BoundModel, ModelFault> {
        let place = |name: &String| {
            let place = columns.iter().position(|column| column == name);
            place.ok_or_else(|| ModelFault::FeatureAbsent { name: name.clone() })
        };
        let places = self.ensemble.features.iter().map(place).collect::<Result<_, _>>()?;
        Ok(BoundModel { model: self.clone(), places })
    }
}

/// One feature's part in a score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reason {
    /// Its place in the feature set that the model is bound to.
    pub feature: usize,
    /// What it adds to the log-odds; below 0 when it speaks for an honest transaction.
    pub contribution: f64,
}

/// A model that knows where in a feature set its features stand.
#[derive(Clone)]
pub struct BoundModel {
    model: Model,
    places: Box<[usize]>,
}

impl BoundModel {
    /// The model.
    pub const fn model(&self) -> &Model {
        &self.model
    }

    /// The probability of fraud, 0 to 1, for the features of one event in the order of the set. A
    /// feature without a value goes where the model sends unknown values.
    pub fn score(&self, features: &[Value]) -> f64 {
        self.probability(self.margin(&self.row(features)))
    }

    /// The same for plain numbers; NaN where nothing is known.
    pub fn score_numbers(&self, features: &[f64]) -> f64 {
        self.probability(self.margin(&self.row_of_numbers(features)))
    }

    /// What each feature of the model adds to the log-odds, most for fraud first (equal ones in the
    /// model's order). Together with [`BoundModel::expected`] they sum to the log-odds.
    pub fn reasons(&self, features: &[Value]) -> Vec<Reason> {
        self.reasons_of(&self.row(features))
    }

    /// The same for plain numbers; NaN where nothing is known.
    pub fn reasons_of_numbers(&self, features: &[f64]) -> Vec<Reason> {
        self.reasons_of(&self.row_of_numbers(features))
    }

    /// The log-odds of an event of which nothing is known.
    pub fn expected(&self) -> f64 {
        self.model.ensemble.base + self.model.forest.expected
    }

    fn reasons_of(&self, row: &Row) -> Vec<Reason> {
        let mut worth = vec![0.0; self.places.len()];
        self.model.forest.explain(row, &mut worth);
        let parts = self.places.iter().zip(worth);
        let mut reasons: Vec<Reason> = parts
            .map(|(feature, contribution)| Reason { feature: *feature, contribution })
            .collect();
        reasons.sort_by(|one, other| other.contribution.total_cmp(&one.contribution));
        reasons
    }

    fn row(&self, features: &[Value]) -> Row {
        let mut row = [f64::NAN; FEATURES_MAX];
        for (cell, place) in row.iter_mut().zip(&self.places) {
            let value = features.get(*place).map_or(f64::NAN, Value::number);
            *cell = self.model.forest.seen(value);
        }
        row
    }

    fn row_of_numbers(&self, features: &[f64]) -> Row {
        let mut row = [f64::NAN; FEATURES_MAX];
        for (cell, place) in row.iter_mut().zip(&self.places) {
            let value = features.get(*place).copied().unwrap_or(f64::NAN);
            *cell = self.model.forest.seen(value);
        }
        row
    }

    fn margin(&self, row: &Row) -> f64 {
        self.model.forest.margin(self.model.ensemble.base, row)
    }

    fn probability(&self, margin: f64) -> f64 {
        let Link::Logistic { slope } = self.model.ensemble.link;
        1.0 / (1.0 + libm::exp(-slope * margin))
    }
}

#[cfg(test)]
mod tests;
