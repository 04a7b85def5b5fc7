//! Which few sources explain the file.
//!
//! More sources always fit at least as well, so each one must earn its place: a model costs a fixed
//! amount of log-likelihood for every source in it. The search adds, drops and exchanges sources
//! until nothing gets better, and then weighs the best model against all its neighbours. Two
//! disclosures that explain the file equally well so come out with equal scores, instead of the one
//! that happened to be tried first.

use super::mixture::{Fit, Table};

/// Place of the source "none of ours", which is in every model and costs nothing.
pub(crate) const ELSEWHERE: usize = 0;
/// Most sources of one model besides that.
const SOURCES_MAX: usize = 8;
/// Most rounds of adding, dropping and exchanging.
const ROUNDS_MAX: usize = 12;
/// Neighbours that are less likely than the best model by more than so much are not counted.
const NEIGHBOUR_NATS: f64 = 12.0;
/// A change must bring so much to be made, so that equal models do not take turns.
const CHANGE_MIN: f64 = 1e-6;

/// One explanation of the file.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    /// Its sources, ascending; [`ELSEWHERE`] is always the first.
    pub(crate) members: Vec<usize>,
    pub(crate) fit: Fit,
    /// Log-likelihood less the cost of the sources.
    score: f64,
    /// Its share of belief among the models that were weighed.
    pub(crate) weight: f64,
}

/// Finds the models worth believing, the best first; their weights sum to 1.
///
/// `costs` has one number for each source of the table.
pub(crate) fn search(table: &Table, costs: &[f64]) -> Vec<Model> {
    let search = Search { table, costs };
    let mut best = search
        .model(vec![ELSEWHERE], f64::NEG_INFINITY)
        .expect("a fit without a floor is never given up");
    for _ in 0..ROUNDS_MAX {
        let rivals = search.neighbours(&best, best.score + CHANGE_MIN);
        let Some(better) = rivals.into_iter().max_by(|a, b| a.score.total_cmp(&b.score)) else {
            break;
        };
        best = better;
    }
    let mut models = search.neighbours(&best, best.score - NEIGHBOUR_NATS);
    models.insert(0, best);
    let top = models.iter().map(|model| model.score).fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = models.iter().map(|model| (model.score - top).exp()).sum();
    for model in &mut models {
        model.weight = (model.score - top).exp() / total;
    }
    models
}

struct Search<'run> {
    table: &'run Table,
    costs: &'run [f64],
}

impl Search<'_> {
    /// Fits a model; `None` when its score stays below `floor`.
    fn model(&self, members: Vec<usize>, floor: f64) -> Option<Model> {
        let cost: f64 = members.iter().map(|member| self.costs[*member]).sum();
        let fit = self.table.fit(&members, floor + cost)?;
        let score = fit.log_likelihood - cost;
        (score >= floor).then_some(Model { members, fit, score, weight: 0.0 })
    }

    /// All models one change away that reach `floor`.
    fn neighbours(&self, model: &Model, floor: f64) -> Vec<Model> {
        let pull = self.table.pull(&model.members, &model.fit);
        let outside: Vec<usize> =
            (0..self.costs.len()).filter(|source| !model.members.contains(source)).collect();
        let mut out = Vec::new();
        if model.members.len() <= SOURCES_MAX {
            // The pull bounds what a source can bring, because the likelihood is concave.
            let worth = |source: &usize| {
                model.score + pull[*source] - self.costs[*source] >= floor && pull[*source] > 0.0
            };
            for source in outside.iter().copied().filter(worth) {
                out.extend(self.model(with(&model.members, source), floor));
            }
        }
        for dropped in model.members.iter().copied().filter(|member| *member != ELSEWHERE) {
            let rest = without(&model.members, dropped);
            for source in &outside {
                out.extend(self.model(with(&rest, *source), floor));
            }
            out.extend(self.model(rest, floor));
        }
        out
    }
}

fn with(members: &[usize], source: usize) -> Vec<usize> {
    let mut members = members.to_vec();
    members.push(source);
    members.sort_unstable();
    members
}

fn without(members: &[usize], dropped: usize) -> Vec<usize> {
    members.iter().copied().filter(|member| *member != dropped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights_with(models: &[Model], source: usize) -> f64 {
        let holding = models.iter().filter(|model| model.members.contains(&source));
        holding.map(|model| model.weight).sum()
    }

    #[test]
    fn twins_share_the_belief_and_a_useless_source_gets_none() {
        let mut table = Table::new(4);
        table.push(500.0, 500.0, &[0.03, 50.0, 50.0, 1.0]);
        let models = search(&table, &[0.0, 5.0, 5.0, 5.0]);
        let (first, second) = (weights_with(&models, 1), weights_with(&models, 2));
        assert!((first - second).abs() < 1e-6 && first > 0.49, "{first} {second}");
        assert!(weights_with(&models, 3) < 0.01);
    }

    #[test]
    fn a_mixture_of_two_is_found_although_a_third_holds_all_of_it() {
        let mut table = Table::new(4);
        table.push(600.0, 600.0, &[0.03, 10.0, 0.0, 4.0]);
        table.push(400.0, 400.0, &[0.03, 0.0, 10.0, 4.0]);
        let models = search(&table, &[0.0, 5.0, 5.0, 5.0]);
        assert_eq!(models[0].members, [0, 1, 2]);
        assert!(models[0].weight > 0.9);
    }

    #[test]
    fn a_few_coincidences_are_nobodys() {
        let mut table = Table::new(2);
        table.push(980.0, 980.0, &[1.0, 0.0]);
        table.push(20.0, 20.0, &[0.03, 1.0]);
        let models = search(&table, &[0.0, 5.0]);
        assert_eq!(models[0].members, [0]);
        assert!(models[0].weight > 0.98);
    }
}
