//! A tree as it was grown: nodes that name their children, the form in which trees are read,
//! written and checked.

use serde::{Deserialize, Serialize};

use super::fault::ModelFault;

/// Most features of a model; a feature's place fits a byte of a node.
pub const FEATURES_MAX: usize = 256;
/// Most trees of a model.
pub const TREES_MAX: usize = 10_000;
/// Most nodes of all trees together.
pub const NODES_MAX: usize = 1 << 22;
/// Most splits between a root and a leaf.
pub const DEPTH_MAX: usize = 128;
/// Largest category of a categorical split, as a whole number.
pub const CATEGORY_MAX: u32 = 65_535;

/// One node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Grown {
    /// Where a walk ends.
    Leaf {
        /// What the tree says, in log-odds.
        value: f64,
        /// Weight of the training rows that ended here.
        cover: f64,
    },
    /// Where it goes on.
    Split {
        /// The feature's place in the model.
        feature: usize,
        /// What sends a row to the left.
        test: Test,
        /// Whether a row without a value goes left.
        missing_left: bool,
        /// The child on the left, by its place in the tree.
        left: usize,
        /// The child on the right.
        right: usize,
        /// Weight of the training rows that came here.
        cover: f64,
    },
}

/// What a split asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Test {
    /// Left if the value is below the threshold.
    Below {
        /// The threshold.
        threshold: f64,
        /// Whether zero counts as no value (LightGBM's missing type "zero").
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        zero_is_missing: bool,
    },
    /// By a set of categories, which are whole numbers.
    Among {
        /// The set, ascending.
        categories: Vec<u32>,
        /// Whether the set's members go left; all others go to the other side.
        members_left: bool,
    },
}

impl Grown {
    pub(crate) const fn cover(&self) -> f64 {
        match self {
            Self::Leaf { cover, .. } | Self::Split { cover, .. } => *cover,
        }
    }
}

/// Checks that the nodes reachable from the first form a tree of known features and finite
/// numbers. Gives its depth in splits.
pub(crate) fn check(tree: usize, nodes: &[Grown], features: usize) -> Result<usize, ModelFault> {
    let wrong = |why| Err(ModelFault::Tree { tree, why });
    if nodes.is_empty() {
        return wrong("it has no node");
    }
    let mut seen = vec![false; nodes.len()];
    let mut open = vec![(0, 0)];
    let mut deepest = 0;
    while let Some((at, depth)) = open.pop() {
        let Some(node) = nodes.get(at) else { return wrong("a child does not exist") };
        if std::mem::replace(&mut seen[at], true) {
            return wrong("a node is the child of two nodes");
        }
        deepest = deepest.max(depth);
        check_numbers(tree, node, features)?;
        if let Grown::Split { left, right, .. } = node {
            if depth == DEPTH_MAX {
                return Err(ModelFault::TooMany { what: "splits on one path", max: DEPTH_MAX });
            }
            open.extend([(*left, depth + 1), (*right, depth + 1)]);
        }
    }
    Ok(deepest)
}

fn check_numbers(tree: usize, node: &Grown, features: usize) -> Result<(), ModelFault> {
    let wrong = |why| Err(ModelFault::Tree { tree, why });
    if !node.cover().is_finite() || node.cover() < 0.0 {
        return wrong("a cover is negative or no number");
    }
    match node {
        Grown::Leaf { value, .. } if !value.is_finite() => wrong("a leaf's value is no number"),
        Grown::Split { feature, .. } if *feature >= features => wrong("a feature does not exist"),
        Grown::Split { test: Test::Below { threshold, .. }, .. } if !threshold.is_finite() => {
            wrong("a threshold is no number")
        }
        Grown::Split { test: Test::Among { categories, .. }, .. }
            if categories.iter().any(|category| *category > CATEGORY_MAX) =>
        {
            wrong("a category is above 65535")
        }
        _ => Ok(()),
    }
}
