//! How much of a file each source explains: a mixture fitted by expectation and maximisation.
//!
//! Every known row was drawn from one of a few sources, and a source that holds fewer people makes
//! each of its rows likelier. The log-likelihood is concave in the sources' shares, which gives two
//! things for nothing: the fit has no wrong summit, and at any point the distance to the summit is
//! bounded by the steepest direction (the multipliers of Dempster, Laird and Rubin's step, 1977).
//! The steps are lengthened by the scheme S3 of Varadhan and Roland (2008), because the plain ones
//! crawl when two sources share 99 % of their rows.

/// Most lengthened steps of one fit; a fit that is still on the way then is close enough to rank.
const STEPS_MAX: usize = 60;
/// A fit ends when at most so much log-likelihood is left to gain, in natural logarithms.
const LEFT_MAX: f64 = 0.02;
/// Smallest share that a source keeps while it is in the mixture, so that it can come back.
const SHARE_MIN: f64 = 1e-9;

/// What is known of the rows, compressed: rows that look alike to every source are one line.
#[derive(Default)]
pub(crate) struct Table {
    /// Different persons on each line: the evidence.
    counts: Vec<f64>,
    /// Rows of the file on each line, repeats included: what a report counts.
    rows: Vec<f64>,
    /// Density of a line under each source, `sources` numbers a line.
    densities: Vec<f64>,
    sources: usize,
}

/// A fitted mixture.
#[derive(Clone, Debug)]
pub(crate) struct Fit {
    /// The log-likelihood that was reached.
    pub(crate) log_likelihood: f64,
    /// The share of each member, in the order in which they were given.
    pub(crate) shares: Vec<f64>,
}

impl Table {
    pub(crate) fn new(sources: usize) -> Self {
        Self { sources, ..Self::default() }
    }

    /// Adds a line: `persons` persons on `rows` rows, with one density for each source.
    pub(crate) fn push(&mut self, persons: f64, rows: f64, densities: &[f64]) {
        debug_assert_eq!(densities.len(), self.sources);
        self.counts.push(persons);
        self.rows.push(rows);
        self.densities.extend_from_slice(densities);
    }

    fn total(&self) -> f64 {
        self.counts.iter().sum()
    }

    fn line(&self, line: usize) -> &[f64] {
        &self.densities[line * self.sources..][..self.sources]
    }

    /// The likeliest shares of the sources in `members`.
    ///
    /// Gives up, with `None`, as soon as it is certain that the log-likelihood cannot reach
    /// `floor`.
    pub(crate) fn fit(&self, members: &[usize], floor: f64) -> Option<Fit> {
        let even = 1.0 / crate::facts::float(members.len() as u64);
        let mut here = vec![even; members.len()];
        let mut reached = f64::NEG_INFINITY;
        for _ in 0..STEPS_MAX {
            let first = self.step(members, &here);
            reached = first.log_likelihood;
            if reached + first.left < floor {
                return None;
            }
            if first.left <= LEFT_MAX || members.len() == 1 {
                break;
            }
            let second = self.step(members, &first.next);
            here = self.leap(members, &here, &first.next, &second);
        }
        Some(Fit { log_likelihood: reached, shares: here })
    }

    /// One plain step from `shares`, what it knows of the point it starts from, and how much there
    /// is left to gain from it.
    fn step(&self, members: &[usize], shares: &[f64]) -> Step {
        let mut gains = vec![0.0; members.len()];
        let mut log_likelihood = 0.0;
        for (line, count) in self.counts.iter().enumerate() {
            let densities = self.line(line);
            let mixed = mix(densities, members, shares);
            log_likelihood += count * mixed.ln();
            for (gain, member) in gains.iter_mut().zip(members) {
                *gain += count * densities[*member] / mixed;
            }
        }
        let total = self.total();
        let steepest = gains.iter().copied().fold(0.0, f64::max);
        let next = gains.iter().zip(shares).map(|(gain, share)| share * gain / total).collect();
        Step { log_likelihood, left: (steepest - total).max(0.0), next: tidy(next) }
    }

    /// The longer step that two plain ones point to, if it is not worse than they are.
    fn leap(&self, members: &[usize], here: &[f64], first: &[f64], second: &Step) -> Vec<f64> {
        let mut velocity = 0.0;
        let mut bend = 0.0;
        for place in 0..here.len() {
            let forward = first[place] - here[place];
            let turn = second.next[place] - 2.0 * first[place] + here[place];
            velocity += forward * forward;
            bend += turn * turn;
        }
        if bend <= f64::MIN_POSITIVE {
            return second.next.clone();
        }
        let length = -(velocity / bend).sqrt().max(1.0);
        let far: Vec<f64> = (0..here.len())
            .map(|place| {
                let forward = first[place] - here[place];
                let turn = second.next[place] - 2.0 * first[place] + here[place];
                here[place] - 2.0 * length * forward + length * length * turn
            })
            .collect();
        let landed = self.step(members, &tidy(far));
        if landed.log_likelihood >= second.log_likelihood {
            landed.next
        } else {
            second.next.clone()
        }
    }

    /// How much the log-likelihood would rise at first if each source were let into the mixture;
    /// nothing is to be gained from a source at or below 0.
    pub(crate) fn pull(&self, members: &[usize], fit: &Fit) -> Vec<f64> {
        let mut gains = vec![-self.total(); self.sources];
        for (line, count) in self.counts.iter().enumerate() {
            let densities = self.line(line);
            let scale = count / mix(densities, members, &fit.shares);
            for (gain, density) in gains.iter_mut().zip(densities) {
                *gain += scale * density;
            }
        }
        gains
    }

    /// How many rows of the file each member explains, in the order in which they were given.
    ///
    /// The first member, "elsewhere", only gets what no other could have produced: a known row is
    /// not split with chance once somebody who held it is named.
    pub(crate) fn explained(&self, members: &[usize], fit: &Fit, possible: f64) -> Vec<f64> {
        let mut rows = vec![0.0; members.len()];
        for (line, count) in self.rows.iter().enumerate() {
            let densities = self.line(line);
            let held = members[1..].iter().any(|member| densities[*member] > possible);
            let from = usize::from(held);
            let mixed = mix(densities, &members[from..], &fit.shares[from..]);
            for (place, member) in members.iter().enumerate().skip(from) {
                rows[place] += count * fit.shares[place] * densities[*member] / mixed;
            }
        }
        rows
    }
}

struct Step {
    log_likelihood: f64,
    left: f64,
    next: Vec<f64>,
}

fn mix(densities: &[f64], members: &[usize], shares: &[f64]) -> f64 {
    let mixed: f64 =
        members.iter().zip(shares).map(|(member, share)| share * densities[*member]).sum();
    mixed.max(f64::MIN_POSITIVE)
}

/// Shares that are positive and sum to 1.
fn tidy(mut shares: Vec<f64>) -> Vec<f64> {
    for share in &mut shares {
        *share = share.max(SHARE_MIN);
    }
    let sum: f64 = shares.iter().sum();
    for share in &mut shares {
        *share /= sum;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two sources that share 99 of 100 people, and a file drawn three to one from them.
    fn twins() -> Table {
        let mut table = Table::new(2);
        table.push(9_900.0, 9_900.0, &[1.0, 1.0]);
        table.push(75.0, 75.0, &[1.0, 0.0]);
        table.push(25.0, 50.0, &[0.0, 1.0]);
        table
    }

    #[test]
    fn shares_are_found_even_when_sources_hardly_differ() {
        let fit = twins().fit(&[0, 1], f64::NEG_INFINITY).unwrap();
        assert!((fit.shares[0] - 0.75).abs() < 0.02, "{:?}", fit.shares);
        let rows = twins().explained(&[0, 1], &fit, 0.0);
        assert!((rows[0] + rows[1] - 10_025.0).abs() < 1e-6);
        assert!((rows[0] - 75.0).abs() < 1e-6, "the first is only left what it alone can explain");
    }

    #[test]
    fn a_hopeless_fit_is_given_up_and_a_useless_source_does_not_pull() {
        let mut table = Table::new(2);
        table.push(100.0, 100.0, &[1.0, 0.5]);
        assert!(table.fit(&[1], -10.0).is_none());
        let fit = table.fit(&[0], -10.0).unwrap();
        assert!(fit.log_likelihood.abs() < 1e-9);
        assert!(table.pull(&[0], &fit)[1] < 0.0);
    }
}
