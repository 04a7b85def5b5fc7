//! Why a model is refused.

/// What is wrong with a model, a training set or the set of features that it is bound to.
///
/// Log-safe: names of features, numbers of trees and nodes, settings; never a row's content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelFault {
    /// More of something than a model may have.
    #[error("the model has more {what} than {max}")]
    TooMany {
        /// `bytes`, `trees`, `nodes`, `features`, …
        what: &'static str,
        /// The most that is allowed.
        max: usize,
    },
    /// The bytes are not the format that they claim to be.
    #[error("the model is not {format}: {why} (line {line})")]
    Syntax {
        /// The format's name.
        format: &'static str,
        /// Line, counted from 1.
        line: usize,
        /// What was expected.
        why: String,
    },
    /// A sound model that we would score differently from its origin, so we do not score it.
    #[error("the model cannot be used: {what}")]
    Unsupported {
        /// What it asks for, and what to do instead.
        what: String,
    },
    /// A tree that is no tree, or holds a number that is none.
    #[error("tree {tree} of the model cannot be used: {why}")]
    Tree {
        /// Its number, counted from 0 as the origins do.
        tree: usize,
        /// What is wrong.
        why: &'static str,
    },
    /// The model needs a feature that the set does not declare.
    #[error(
        "the model needs the feature {name}, which is not declared: declare it, or use the \
         feature set that the model was trained on"
    )]
    FeatureAbsent {
        /// Its name.
        name: String,
    },
    /// The model needs a number where the set declares something else.
    #[error("the model needs the feature {name} as a number: {why}")]
    FeatureType {
        /// Its name.
        name: String,
        /// What stands there instead.
        why: &'static str,
    },
    /// A training set from which nothing can be learnt.
    #[error("no model can be trained: {why}")]
    Training {
        /// What is wrong with it.
        why: String,
    },
}

impl ModelFault {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooMany { .. } => "model-too-many",
            Self::Syntax { .. } => "model-syntax",
            Self::Unsupported { .. } => "model-unsupported",
            Self::Tree { .. } => "model-tree",
            Self::FeatureAbsent { .. } => "model-feature-absent",
            Self::FeatureType { .. } => "model-feature-type",
            Self::Training { .. } => "model-training",
        }
    }

    /// Of a sound but unusable model.
    pub(crate) fn unsupported(what: impl Into<String>) -> Self {
        Self::Unsupported { what: what.into() }
    }

    /// Of JSON that does not parse. The parser's own words may repeat a value, so they are dropped.
    pub(crate) fn json(format: &'static str, error: &serde_json::Error) -> Self {
        let why = match error.classify() {
            serde_json::error::Category::Data => "a part is missing or has another type",
            _ => "it is not whole JSON",
        };
        Self::Syntax { format, line: error.line(), why: why.to_owned() }
    }
}
