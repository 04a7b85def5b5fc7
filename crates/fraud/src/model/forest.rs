//! Trees laid out for walking.
//!
//! A score is a few hundred dependent loads and unpredictable comparisons, so the layout is all
//! there is to gain: both children of a node lie side by side, a step is a comparison added to an
//! index instead of a branch, a leaf is its own child, and eight trees are walked at once so that
//! their loads overlap. One node is 16 bytes.
//!
//! XGBoost compares and adds in 32 bits, LightGBM and our own trainer in 64; a [`Forest`] does what
//! its origin does, because a transaction that sits on a threshold must fall on the same side.

use super::fault::ModelFault;
use super::grown::{FEATURES_MAX, Grown, NODES_MAX, TREES_MAX, Test, check};

/// A row of numbers by the model's features; NaN where nothing is known.
pub(crate) type Row = [f64; FEATURES_MAX];

/// How an origin calculates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Arithmetic {
    /// In 32 bits (XGBoost).
    Single,
    /// In 64 bits (LightGBM, our own trainer).
    Double,
}

const SPLIT: u8 = 1;
const MISSING_LEFT: u8 = 2;
const ZERO_MISSING: u8 = 4;
const CATEGORICAL: u8 = 8;
const MEMBERS_LEFT: u8 = 16;

/// What LightGBM takes for zero.
const ZERO: f64 = 1e-35_f32 as f64;
/// Trees that are walked at once.
const ABREAST: usize = 8;

#[derive(Clone, Copy)]
pub(crate) struct Node {
    /// The threshold of a split; the value of a leaf.
    pub(crate) number: f64,
    /// Where the left child stands, the right one behind it; a leaf's own place.
    pub(crate) first: u32,
    /// The set of a categorical split.
    set: u16,
    pub(crate) feature: u8,
    flags: u8,
}

impl Node {
    pub(crate) const fn is_leaf(self) -> bool {
        self.flags & SPLIT == 0
    }
}

/// All trees of a model.
pub(crate) struct Forest {
    pub(crate) nodes: Vec<Node>,
    /// Share of the parent's cover, by node; 1 for a root.
    pub(crate) shares: Vec<f64>,
    pub(crate) roots: Vec<u32>,
    depths: Vec<u8>,
    sets: Vec<Box<[u64]>>,
    arithmetic: Arithmetic,
    /// Whether every split is a plain comparison, so that a step needs no branch.
    plain: bool,
    /// Most different features on one path.
    pub(crate) path_features: usize,
    /// What the trees say on average over their covers.
    pub(crate) expected: f64,
}

impl Forest {
    /// Lays out checked trees.
    pub(crate) fn new(
        trees: &[Vec<Grown>],
        features: usize,
        arithmetic: Arithmetic,
    ) -> Result<Self, ModelFault> {
        if features > FEATURES_MAX {
            return Err(ModelFault::TooMany { what: "features", max: FEATURES_MAX });
        }
        if trees.len() > TREES_MAX {
            return Err(ModelFault::TooMany { what: "trees", max: TREES_MAX });
        }
        if trees.iter().map(Vec::len).sum::<usize>() > NODES_MAX {
            return Err(ModelFault::TooMany { what: "nodes", max: NODES_MAX });
        }
        let mut forest = Self {
            nodes: Vec::new(),
            shares: Vec::new(),
            roots: Vec::new(),
            depths: Vec::new(),
            sets: Vec::new(),
            arithmetic,
            plain: true,
            path_features: 0,
            expected: 0.0,
        };
        for (number, tree) in trees.iter().enumerate() {
            let depth = check(number, tree, features)?;
            forest.depths.push(u8::try_from(depth).expect("a checked depth is at most 128"));
            forest.lay(tree)?;
        }
        Ok(forest)
    }

    /// Lays one tree out, parents before their children.
    fn lay(&mut self, tree: &[Grown]) -> Result<(), ModelFault> {
        let root = self.nodes.len();
        self.roots.push(place(root));
        self.push_empty(1.0);
        // Grown place, laid place, share of the root, features on the path.
        let mut open = vec![(0_usize, root, 1.0_f64, Vec::<u8>::new())];
        while let Some((from, at, weight, mut path)) = open.pop() {
            match &tree[from] {
                Grown::Leaf { value, .. } => {
                    self.nodes[at].number = self.rounded(*value);
                    self.nodes[at].first = place(at);
                    self.expected += weight * self.nodes[at].number;
                }
                Grown::Split { feature, test, missing_left, left, right, cover } => {
                    let first = self.nodes.len();
                    let feature = u8::try_from(*feature).expect("a checked feature fits a byte");
                    self.nodes[at] = self.split(feature, test, *missing_left, place(first))?;
                    if !path.contains(&feature) {
                        path.push(feature);
                        self.path_features = self.path_features.max(path.len());
                    }
                    for (side, child) in [*left, *right].into_iter().enumerate() {
                        let share = if *cover > 0.0 { tree[child].cover() / cover } else { 0.5 };
                        self.push_empty(share);
                        open.push((child, first + side, weight * share, path.clone()));
                    }
                }
            }
        }
        Ok(())
    }

    fn push_empty(&mut self, share: f64) {
        self.nodes.push(Node { number: 0.0, first: 0, set: 0, feature: 0, flags: 0 });
        self.shares.push(share);
    }

    fn rounded(&self, value: f64) -> f64 {
        match self.arithmetic {
            Arithmetic::Single => f64::from(narrow(value)),
            Arithmetic::Double => value,
        }
    }

    fn split(
        &mut self,
        feature: u8,
        test: &Test,
        missing_left: bool,
        first: u32,
    ) -> Result<Node, ModelFault> {
        let mut node = Node { number: 0.0, first, set: 0, feature, flags: SPLIT };
        if missing_left {
            node.flags |= MISSING_LEFT;
        }
        match test {
            Test::Below { threshold, zero_is_missing } => {
                node.number = self.rounded(*threshold);
                if *zero_is_missing {
                    node.flags |= ZERO_MISSING;
                    self.plain = false;
                }
            }
            Test::Among { categories, members_left } => {
                let max = usize::from(u16::MAX);
                node.set = u16::try_from(self.sets.len())
                    .map_err(|_| ModelFault::TooMany { what: "categorical splits", max })?;
                node.flags |= CATEGORICAL | if *members_left { MEMBERS_LEFT } else { 0 };
                self.sets.push(bits(categories));
                self.plain = false;
            }
        }
        Ok(node)
    }

    /// A feature's value as the origin sees it.
    pub(crate) fn seen(&self, value: f64) -> f64 {
        self.rounded(value)
    }

    /// The sum of all trees for a row, begun at `base`, in the origin's order and precision.
    pub(crate) fn margin(&self, base: f64, row: &Row) -> f64 {
        let walk = if self.plain { Self::leaves::<true> } else { Self::leaves::<false> };
        match self.arithmetic {
            Arithmetic::Single => {
                let mut sum = narrow(base);
                walk(self, row, &mut |leaf| sum += narrow(leaf));
                f64::from(sum)
            }
            Arithmetic::Double => {
                let mut sum = base;
                walk(self, row, &mut |leaf| sum += leaf);
                sum
            }
        }
    }

    /// Hands out the value of each tree's leaf, in order.
    fn leaves<const PLAIN: bool>(&self, row: &Row, each: &mut dyn FnMut(f64)) {
        let mut groups = self.roots.chunks_exact(ABREAST);
        let mut depths = self.depths.chunks_exact(ABREAST);
        for (roots, depths) in (&mut groups).zip(&mut depths) {
            let mut at: [u32; ABREAST] = std::array::from_fn(|lane| roots[lane]);
            for _ in 0..depths.iter().copied().max().unwrap_or(0) {
                let mut moved = 0;
                for lane in &mut at {
                    let next = self.step::<PLAIN>(*lane, row);
                    moved |= next ^ *lane;
                    *lane = next;
                }
                if moved == 0 {
                    break;
                }
            }
            for lane in at {
                each(self.nodes[lane as usize].number);
            }
        }
        for root in groups.remainder() {
            let mut at = *root;
            while !self.nodes[at as usize].is_leaf() {
                at = self.step::<PLAIN>(at, row);
            }
            each(self.nodes[at as usize].number);
        }
    }

    /// Where a row goes from a node; a leaf keeps it.
    #[inline]
    #[expect(
        clippy::needless_bitwise_bool,
        reason = "a short circuit is a branch to be mispredicted"
    )]
    fn step<const PLAIN: bool>(&self, at: u32, row: &Row) -> u32 {
        let node = &self.nodes[at as usize];
        let value = row[usize::from(node.feature)];
        let left = if PLAIN {
            (value < node.number) | (value.is_nan() & (node.flags & MISSING_LEFT != 0))
        } else {
            self.goes_left(*node, value)
        };
        node.first.wrapping_add(u32::from(!left) & u32::from(node.flags & SPLIT))
    }

    /// Which child a row goes to: 0 is the left one.
    pub(crate) fn side(&self, node: Node, row: &Row) -> usize {
        usize::from(!self.goes_left(node, row[usize::from(node.feature)]))
    }

    #[inline]
    #[expect(
        clippy::needless_bitwise_bool,
        reason = "a short circuit is a branch to be mispredicted"
    )]
    fn goes_left(&self, node: Node, value: f64) -> bool {
        let flag = |flag: u8| node.flags & flag != 0;
        let missing = value.is_nan() | (flag(ZERO_MISSING) & (value.abs() <= ZERO));
        let left = if flag(CATEGORICAL) {
            self.is_member(&self.sets[usize::from(node.set)], value) == flag(MEMBERS_LEFT)
        } else {
            value < node.number
        };
        (left & !missing) | (missing & flag(MISSING_LEFT))
    }

    fn is_member(&self, set: &[u64], value: f64) -> bool {
        // XGBoost takes -0.5 for no category, LightGBM for category 0.
        let is_none = match self.arithmetic {
            Arithmetic::Single => value < 0.0,
            Arithmetic::Double => value <= -1.0,
        };
        if is_none {
            return false;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cast from a real saturates, and what is beyond the set is no member"
        )]
        let category = value as usize;
        set.get(category / 64).is_some_and(|word| word >> (category % 64) & 1 == 1)
    }
}

fn bits(categories: &[u32]) -> Box<[u64]> {
    let words = categories.iter().max().map_or(0, |largest| *largest as usize / 64 + 1);
    let mut bits = vec![0_u64; words];
    for category in categories {
        bits[*category as usize / 64] |= 1 << (category % 64);
    }
    bits.into()
}

fn place(at: usize) -> u32 {
    u32::try_from(at).expect("there are at most 2^22 nodes")
}

/// To 32 bits, as the origin does.
#[expect(clippy::cast_possible_truncation, reason = "the rounding is what is wanted")]
pub(crate) const fn narrow(value: f64) -> f32 {
    value as f32
}
