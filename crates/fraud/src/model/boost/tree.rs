//! One tree, grown level by level.

use super::Settings;
use super::bins::{BINS, Bins, UNKNOWN};
use crate::model::grown::{Grown, Test};

/// Sums of slopes: first derivative, second derivative.
type Sums = [f64; 2];

/// Rows that came to one node, and what is known of them.
struct Open {
    /// The node's place in the tree.
    at: usize,
    rows: Vec<u32>,
    sums: Sums,
    /// Sums by feature and bin.
    histogram: Vec<Sums>,
}

/// The best split that was found.
#[derive(Clone, Copy)]
struct Split {
    gain: f64,
    feature: usize,
    /// Bins up to this one go left.
    bin: u8,
    unknown_left: bool,
    left: Sums,
}

/// Grows a tree on the slopes of the loss, and adds what it says to the rows' margins.
pub(super) fn grow(
    bins: &Bins,
    slopes: &[Sums],
    settings: &Settings,
    margins: &mut [f64],
) -> Vec<Grown> {
    let count = u32::try_from(slopes.len()).expect("TRAINING_ROWS_MAX fits");
    let rows: Vec<u32> = (0..count).collect();
    let sums = rows.iter().fold([0.0; 2], |sums, row| plus(sums, slopes[*row as usize]));
    let histogram = histogram(bins, slopes, &rows);
    let mut nodes = vec![Grown::Leaf { value: 0.0, cover: 0.0 }];
    let mut open = vec![Open { at: 0, rows, sums, histogram }];
    for depth in 0..=settings.depth {
        let mut next = Vec::new();
        for node in open {
            let split = if depth == settings.depth { None } else { best(bins, &node, settings) };
            if let Some(split) = split {
                next.extend(part(bins, slopes, node, split, &mut nodes));
            } else {
                let value = -settings.rate * node.sums[0] / (node.sums[1] + settings.smoothing);
                nodes[node.at] = Grown::Leaf { value, cover: node.sums[1] };
                for row in node.rows {
                    margins[row as usize] += value;
                }
            }
        }
        open = next;
    }
    nodes
}

fn plus(one: Sums, two: Sums) -> Sums {
    [one[0] + two[0], one[1] + two[1]]
}

fn minus(one: Sums, two: Sums) -> Sums {
    [one[0] - two[0], one[1] - two[1]]
}

fn histogram(bins: &Bins, slopes: &[Sums], rows: &[u32]) -> Vec<Sums> {
    let mut sums = vec![[0.0; 2]; bins.cuts.len() * BINS];
    for row in rows {
        let slope = slopes[*row as usize];
        for (cell, feature) in bins.row(*row).iter().zip(sums.chunks_exact_mut(BINS)) {
            let sum = &mut feature[usize::from(*cell)];
            *sum = plus(*sum, slope);
        }
    }
    sums
}

/// The split that lowers the loss most; the first one of equals.
fn best(bins: &Bins, node: &Open, settings: &Settings) -> Option<Split> {
    let worth = |sums: Sums| sums[0] * sums[0] / (sums[1] + settings.smoothing);
    let mut best: Option<Split> = None;
    for (feature, cuts) in bins.cuts.iter().enumerate() {
        let sums = &node.histogram[feature * BINS..(feature + 1) * BINS];
        let unknown = sums[usize::from(UNKNOWN)];
        let mut known = [0.0; 2];
        for bin in 0..u8::try_from(cuts.len()).expect("there are at most 253 cuts") {
            known = plus(known, sums[usize::from(bin)]);
            for unknown_left in [false, true] {
                let left = if unknown_left { plus(known, unknown) } else { known };
                let right = minus(node.sums, left);
                // Where nothing is unknown, what will be goes with the many.
                if unknown[1] <= 1e-12 && unknown_left != (left[1] >= right[1]) {
                    continue;
                }
                if left[1].min(right[1]) < settings.leaf_weight_min.max(1e-9) {
                    continue;
                }
                let gain = worth(left) + worth(right) - worth(node.sums);
                if gain > best.map_or(1e-9, |best| best.gain) {
                    best = Some(Split { gain, feature, bin, unknown_left, left });
                }
            }
        }
    }
    best
}

/// Parts a node's rows; the larger child's sums are what the smaller one's leave over.
fn part(
    bins: &Bins,
    slopes: &[Sums],
    node: Open,
    split: Split,
    nodes: &mut Vec<Grown>,
) -> [Open; 2] {
    let goes_left = |row: &u32| match bins.row(*row)[split.feature] {
        UNKNOWN => split.unknown_left,
        bin => bin <= split.bin,
    };
    let (left, right): (Vec<u32>, Vec<u32>) = node.rows.into_iter().partition(goes_left);
    let is_left_smaller = left.len() < right.len();
    let smaller = histogram(bins, slopes, if is_left_smaller { &left } else { &right });
    let mut larger = node.histogram;
    for (sum, part) in larger.iter_mut().zip(&smaller) {
        *sum = minus(*sum, *part);
    }
    let (left_sums, right_sums) = (split.left, minus(node.sums, split.left));
    let threshold = bins.cuts[split.feature][usize::from(split.bin)];
    let at = nodes.len();
    nodes[node.at] = Grown::Split {
        feature: split.feature,
        test: Test::Below { threshold, zero_is_missing: false },
        missing_left: split.unknown_left,
        left: at,
        right: at + 1,
        cover: node.sums[1],
    };
    nodes.extend([const { Grown::Leaf { value: 0.0, cover: 0.0 } }; 2]);
    let (one, two) = if is_left_smaller { (smaller, larger) } else { (larger, smaller) };
    [
        Open { at, rows: left, sums: left_sums, histogram: one },
        Open { at: at + 1, rows: right, sums: right_sums, histogram: two },
    ]
}
