//! Our own file of a model: JSON with the trees, the names of the features and the card.

use serde::{Deserialize, Serialize};

use super::Link;
use super::card::Card;
use super::fault::ModelFault;
use super::forest::Arithmetic;
use super::grown::{FEATURES_MAX, Grown};

const FORMAT: &str = "a Doldam model";
const VERSION: u32 = 1;
/// Longest name of a feature, in bytes.
const NAME_BYTES_MAX: usize = 128;

/// What is scored: trees, what their sum begins at, and how it becomes a probability.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ensemble {
    /// Program and version that grew the trees.
    pub(crate) origin: String,
    /// How its program calculates.
    pub(crate) arithmetic: Arithmetic,
    /// From the sum to a probability.
    pub(crate) link: Link,
    /// What the sum begins at, in log-odds.
    pub(crate) base: f64,
    /// Names of the features, by their place in the trees.
    pub(crate) features: Vec<String>,
    /// The trees, in the order in which they are summed.
    pub(crate) trees: Vec<Vec<Grown>>,
}

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    doldam_model: u32,
    card: Card,
    ensemble: Ensemble,
}

/// Reads the file.
pub(crate) fn read(bytes: &[u8]) -> Result<(Ensemble, Card), ModelFault> {
    let document: Document =
        serde_json::from_slice(bytes).map_err(|error| ModelFault::json(FORMAT, &error))?;
    if document.doldam_model != VERSION {
        return Err(ModelFault::unsupported("its file is of a later version: update Doldam"));
    }
    Ok((document.ensemble, document.card))
}

/// Writes the file: the same model gives the same bytes.
pub(crate) fn write(ensemble: &Ensemble, card: &Card) -> Vec<u8> {
    let document =
        Document { doldam_model: VERSION, card: card.clone(), ensemble: ensemble.clone() };
    let mut bytes = serde_json::to_vec(&document).expect("numbers, text and lists are JSON");
    bytes.push(b'\n');
    bytes
}

impl Ensemble {
    /// Checks what is not a matter of the trees.
    pub(crate) fn check(&self) -> Result<(), ModelFault> {
        if self.features.is_empty() {
            return Err(ModelFault::unsupported("it has no features"));
        }
        if self.features.len() > FEATURES_MAX {
            return Err(ModelFault::TooMany { what: "features", max: FEATURES_MAX });
        }
        if self.features.iter().chain([&self.origin]).any(|name| !is_printable(name)) {
            return Err(ModelFault::unsupported(
                "a feature's name is empty, longer than 128 bytes or not printable",
            ));
        }
        let mut names: Vec<&String> = self.features.iter().collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(ModelFault::unsupported("two of its features have the same name"));
        }
        let Link::Logistic { slope } = self.link;
        if !self.base.is_finite() || !slope.is_finite() || slope <= 0.0 {
            return Err(ModelFault::unsupported("its base score or slope is no usable number"));
        }
        Ok(())
    }
}

fn is_printable(name: &str) -> bool {
    (1..=NAME_BYTES_MAX).contains(&name.len()) && !name.chars().any(char::is_control)
}
