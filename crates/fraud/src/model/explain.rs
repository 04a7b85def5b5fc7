//! Why a score is what it is: exact path-dependent Shapley values of trees.
//!
//! The value of a feature is what it adds to the log-odds, averaged over all orders in which the
//! features could become known; a feature that is not known yet sends a row down both branches in
//! proportion to their covers (Lundberg, Erion, Lee 2018, "Consistent Individualized Feature
//! Attribution for Tree Ensembles"). Both origins define `pred_contribs` and `pred_contrib` so.
//!
//! The average over orders is an integral: with `z` the share of the cover and `o` whether the row
//! goes there, feature `i` on the path to a leaf `v` is worth
//! `v (oᵢ − zᵢ) ∫₀¹ ∏_{j≠i} (z_j (1 − x) + o_j x) dx`. The integrand is a polynomial of a degree
//! below the number of features on the path, so Gauss's quadrature with half as many points is
//! exact. Each point is one lane; a walk over all nodes carries the products down and the sums up,
//! which takes time linear in the nodes, and as every factor is positive nothing cancels.

use super::forest::{Forest, Row};

/// Points and weights of Gauss-Legendre quadrature on (0, 1), and what is computed of them.
struct Quadrature<const LANES: usize> {
    x: [f64; LANES],
    rest: [f64; LANES],
    rest_inverse: [f64; LANES],
    weight: [f64; LANES],
}

impl<const LANES: usize> Quadrature<LANES> {
    /// Exact for polynomials of a degree below `2 LANES`. The roots of the Legendre polynomial by
    /// Newton's method from Tricomi's guess (Numerical Recipes calls it `gauleg`).
    fn new() -> Self {
        let mut x = [0.0; LANES];
        let mut weight = [0.0; LANES];
        for lane in 0..LANES {
            let guess = (lane as f64 + 0.75) / (LANES as f64 + 0.5);
            let mut root = libm::cos(std::f64::consts::PI * guess);
            let mut slope = 1.0;
            // Newton's method doubles the digits in each turn; five are enough for 53 bits.
            for _ in 0..8 {
                let (value, derivative) = legendre(LANES, root);
                slope = derivative;
                root -= value / derivative;
            }
            x[lane] = f64::midpoint(root, 1.0);
            weight[lane] = 1.0 / ((1.0 - root * root) * slope * slope);
        }
        let rest = x.map(|x| 1.0 - x);
        Self { x, rest, rest_inverse: rest.map(f64::recip), weight }
    }
}

/// The Legendre polynomial of a degree and its derivative, by Bonnet's recursion.
fn legendre(degree: usize, x: f64) -> (f64, f64) {
    let (mut before, mut value) = (1.0, x);
    for order in 2..=degree {
        let order = order as f64;
        let next = ((2.0 * order - 1.0) * x * value - (order - 1.0) * before) / order;
        (before, value) = (value, next);
    }
    if degree == 1 {
        return (x, 1.0);
    }
    (value, degree as f64 * (x * value - before) / (x * x - 1.0))
}

/// What is known of a feature on the path: nothing left to say, or the factor of its part.
#[derive(Clone, Copy)]
struct Part<const LANES: usize> {
    /// Whether the row would have come here as far as this feature is concerned.
    open: bool,
    /// Share of the covers at the splits of this feature.
    share: f64,
    /// One over the factor `z (1 − x) + x`.
    inverse: [f64; LANES],
}

struct Walk<'a, const LANES: usize> {
    forest: &'a Forest,
    row: &'a Row,
    quadrature: Quadrature<LANES>,
    parts: Vec<Part<LANES>>,
    worth: &'a mut [f64],
}

impl Forest {
    /// Adds to each feature's place in `worth` what it adds to the margin of this row. Together
    /// with [`Forest::expected`] they sum to the trees' sum.
    pub(crate) fn explain(&self, row: &Row, worth: &mut [f64]) {
        match self.path_features {
            0 => {}
            1..=6 => Walk::<3>::over(self, row, worth),
            7..=8 => Walk::<4>::over(self, row, worth),
            9..=16 => Walk::<8>::over(self, row, worth),
            17..=32 => Walk::<16>::over(self, row, worth),
            _ => Walk::<64>::over(self, row, worth),
        }
    }
}

impl<'a, const LANES: usize> Walk<'a, LANES> {
    fn over(forest: &'a Forest, row: &'a Row, worth: &'a mut [f64]) {
        let part = Part { open: true, share: 1.0, inverse: [1.0; LANES] };
        let parts = vec![part; worth.len()];
        let mut walk = Self { forest, row, quadrature: Quadrature::new(), parts, worth };
        for root in &forest.roots {
            walk.visit(*root, &[1.0; LANES]);
        }
    }

    /// The sum over the leaves below of value times all factors; adds what this node's feature is
    /// worth on the way.
    fn visit(&mut self, at: u32, product: &[f64; LANES]) -> [f64; LANES] {
        let node = self.forest.nodes[at as usize];
        if node.is_leaf() {
            return product.map(|factor| factor * node.number);
        }
        let feature = usize::from(node.feature);
        let before = self.parts[feature];
        let hot = self.forest.side(node, self.row);
        let mut total = [0.0; LANES];
        for side in 0..2_u8 {
            let child = node.first + u32::from(side);
            let share = self.forest.shares[child as usize];
            let sum = match (before.open, usize::from(side) == hot) {
                (true, true) => self.follow(feature, child, share, &before, product),
                (true, false) => self.leave(feature, child, share, &before, product),
                (false, _) if share > 0.0 => self.visit(child, &product.map(|part| part * share)),
                (false, _) => [0.0; LANES],
            };
            for lane in 0..LANES {
                total[lane] += sum[lane];
            }
        }
        self.parts[feature] = before;
        total
    }

    /// Below the child that the row goes to.
    fn follow(
        &mut self,
        feature: usize,
        child: u32,
        share: f64,
        before: &Part<LANES>,
        product: &[f64; LANES],
    ) -> [f64; LANES] {
        let share = before.share * share;
        let mut inverse = [0.0; LANES];
        let mut below = [0.0; LANES];
        for lane in 0..LANES {
            let factor = share * self.quadrature.rest[lane] + self.quadrature.x[lane];
            inverse[lane] = factor.recip();
            below[lane] = product[lane] * factor * before.inverse[lane];
        }
        self.parts[feature] = Part { open: true, share, inverse };
        let sum = self.visit(child, &below);
        let mut worth = 0.0;
        for lane in 0..LANES {
            let gain = (1.0 - share) * inverse[lane] - (1.0 - before.share) * before.inverse[lane];
            worth += self.quadrature.weight[lane] * sum[lane] * gain;
        }
        self.worth[feature] += worth;
        sum
    }

    /// Below the child that the row does not go to.
    fn leave(
        &mut self,
        feature: usize,
        child: u32,
        share: f64,
        before: &Part<LANES>,
        product: &[f64; LANES],
    ) -> [f64; LANES] {
        let share = before.share * share;
        if share <= 0.0 {
            return [0.0; LANES];
        }
        let mut below = [0.0; LANES];
        for lane in 0..LANES {
            below[lane] = product[lane] * share * self.quadrature.rest[lane] * before.inverse[lane];
        }
        self.parts[feature].open = false;
        let sum = self.visit(child, &below);
        let mut worth = 0.0;
        for (lane, sum) in sum.iter().enumerate() {
            let gain =
                -self.quadrature.rest_inverse[lane] - (1.0 - before.share) * before.inverse[lane];
            worth += self.quadrature.weight[lane] * sum * gain;
        }
        self.worth[feature] += worth;
        sum
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::forest::Arithmetic;
    use crate::model::grown::{FEATURES_MAX, Grown, Test};

    const FEATURES: usize = 6;

    /// What a tree says on average when only the features of `known` (a bit each) are known.
    fn given(nodes: &[Grown], at: usize, row: &Row, known: usize) -> f64 {
        match &nodes[at] {
            Grown::Leaf { value, .. } => *value,
            Grown::Split {
                feature,
                test: Test::Below { threshold, .. },
                left,
                right,
                cover,
                ..
            } => {
                if known >> feature & 1 == 1 {
                    let child = if row[*feature] < *threshold { *left } else { *right };
                    return given(nodes, child, row, known);
                }
                [*left, *right]
                    .iter()
                    .map(|child| nodes[*child].cover() / cover * given(nodes, *child, row, known))
                    .sum()
            }
            Grown::Split { .. } => unreachable!("the trees of this test compare only"),
        }
    }

    /// Shapley values as they are defined: over all subsets.
    fn by_definition(nodes: &[Grown], row: &Row) -> Vec<f64> {
        let factorial = |number: u32| (1..=number).map(f64::from).product::<f64>();
        let all = u32::try_from(FEATURES).unwrap();
        (0..FEATURES)
            .map(|feature| {
                (0..1_usize << FEATURES)
                    .filter(|known| known >> feature & 1 == 0)
                    .map(|known| {
                        let size = known.count_ones();
                        let orders = factorial(size) * factorial(all - size - 1) / factorial(all);
                        let with = given(nodes, 0, row, known | 1 << feature);
                        orders * (with - given(nodes, 0, row, known))
                    })
                    .sum()
            })
            .collect()
    }

    /// A full tree of some depth; features come back on a path as they like.
    fn tree(depth: u32, splits: &[(usize, f64)], covers: &[f64], values: &[f64]) -> Vec<Grown> {
        let count = (1_usize << (depth + 1)) - 1;
        let first_leaf = count / 2;
        let mut nodes = vec![Grown::Leaf { value: 0.0, cover: 0.0 }; count];
        for at in (0..count).rev() {
            nodes[at] = if at >= first_leaf {
                Grown::Leaf { value: values[at - first_leaf], cover: covers[at - first_leaf] }
            } else {
                let (left, right) = (2 * at + 1, 2 * at + 2);
                let cover = nodes[left].cover() + nodes[right].cover();
                let (feature, threshold) = splits[at];
                let test = Test::Below { threshold, zero_is_missing: false };
                Grown::Split { feature, test, missing_left: true, left, right, cover }
            };
        }
        nodes
    }

    proptest! {
        #[test]
        fn reasons_are_shapley_values(
            depth in 1..6_u32,
            splits in prop::collection::vec((0..FEATURES, -1.0..1.0_f64), 31),
            covers in prop::collection::vec(prop_oneof![Just(0.0), 0.1..100.0_f64], 32),
            values in prop::collection::vec(-2.0..2.0_f64, 32),
            cells in prop::collection::vec(-1.0..1.0_f64, FEATURES),
        ) {
            let nodes = tree(depth, &splits, &covers, &values);
            // No origin saves a split that no row reached.
            prop_assume!(nodes.iter().all(|node| matches!(node, Grown::Leaf { .. }) || node.cover() > 0.0));
            let mut row = [f64::NAN; FEATURES_MAX];
            row[..FEATURES].copy_from_slice(&cells);
            let wanted = by_definition(&nodes, &row);
            let forest = Forest::new(&[nodes], FEATURES, Arithmetic::Double).unwrap();
            let mut worth = vec![0.0; FEATURES];
            forest.explain(&row, &mut worth);
            for (worth, wanted) in worth.iter().zip(&wanted) {
                prop_assert!((worth - wanted).abs() < 1e-12, "{worth} instead of {wanted}");
            }
            let sum = forest.expected + worth.iter().sum::<f64>();
            prop_assert!((sum - forest.margin(0.0, &row)).abs() < 1e-12);
        }
    }

    /// The integral of `x^n` over (0, 1) is `1 / (n + 1)`.
    fn integrates<const LANES: usize>() {
        let rule = Quadrature::<LANES>::new();
        for power in 0..2 * LANES {
            let power = i32::try_from(power).unwrap();
            let sum: f64 =
                (0..LANES).map(|lane| rule.weight[lane] * rule.x[lane].powi(power)).sum();
            let wanted = 1.0 / f64::from(power + 1);
            assert!((sum - wanted).abs() < 1e-14, "{LANES} points, power {power}: {sum} {wanted}");
        }
    }

    #[test]
    fn the_quadrature_is_exact_for_polynomials() {
        integrates::<3>();
        integrates::<4>();
        integrates::<8>();
        integrates::<16>();
        integrates::<64>();
    }
}
