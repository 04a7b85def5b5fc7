//! Features cut into at most 254 bins, so that a split is looked for among a few hundred sums.

use super::TrainingSet;

/// Most cuts of a feature; the bins are one more, and one is for unknown values.
const CUTS_MAX: usize = 253;
/// The bin of unknown values.
pub(super) const UNKNOWN: u8 = 255;
/// Bins of a feature, those that stay empty included.
pub(super) const BINS: usize = 256;

/// The training rows as bins.
pub(super) struct Bins {
    /// Row by row.
    cells: Vec<u8>,
    /// Of each feature, ascending: a value is in the bin of the number of cuts that it reaches.
    pub(super) cuts: Vec<Vec<f64>>,
}

impl Bins {
    pub(super) fn new(set: TrainingSet<'_>) -> Self {
        let features = set.names.len();
        let cuts: Vec<Vec<f64>> = (0..features)
            .map(|feature| cuts(set.cells.iter().skip(feature).step_by(features).copied()))
            .collect();
        let cells = set.cells.iter().enumerate();
        let cells = cells.map(|(place, value)| bin(&cuts[place % features], *value)).collect();
        Self { cells, cuts }
    }

    pub(super) fn row(&self, row: u32) -> &[u8] {
        let start = row as usize * self.cuts.len();
        &self.cells[start..start + self.cuts.len()]
    }
}

fn bin(cuts: &[f64], value: f64) -> u8 {
    if value.is_nan() {
        return UNKNOWN;
    }
    u8::try_from(cuts.partition_point(|cut| *cut <= value)).expect("there are at most 253 cuts")
}

/// Cuts between neighbouring values where there are few of them, else at every quantile.
fn cuts(values: impl Iterator<Item = f64>) -> Vec<f64> {
    // Adding zero makes one number of both zeros.
    let mut values: Vec<f64> =
        values.filter(|value| !value.is_nan()).map(|value| value + 0.0).collect();
    values.sort_unstable_by(f64::total_cmp);
    let mut different = values.clone();
    different.dedup_by(|one, two| one.total_cmp(two).is_eq());
    if different.len() <= CUTS_MAX + 1 {
        return different.windows(2).map(|pair| between(pair[0], pair[1])).collect();
    }
    let mut cuts: Vec<f64> = (1..=CUTS_MAX)
        .map(|part| {
            let value = values[part * values.len() / (CUTS_MAX + 1)];
            let next = different.partition_point(|other| *other < value);
            if next == 0 { value } else { between(different[next - 1], value) }
        })
        .collect();
    cuts.dedup_by(|one, two| one.total_cmp(two).is_eq());
    cuts
}

/// A number above `low` and not above `high`, in the middle if there is one.
fn between(low: f64, high: f64) -> f64 {
    let middle = low / 2.0 + high / 2.0;
    if middle > low && middle <= high { middle } else { high }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_have_a_bin_each_and_many_share() {
        let few = cuts([3.0, 1.0, f64::NAN, 1.0, 2.0].into_iter());
        assert_eq!(few.len(), 2);
        assert!(
            few.iter().zip([1.5, 2.5]).all(|(cut, wanted)| cut.to_bits() == f64::to_bits(wanted))
        );
        assert_eq!([0.0, 1.0, 1.5, 2.0, 9.0].map(|value| bin(&few, value)), [0, 0, 1, 1, 2]);
        assert_eq!(bin(&few, f64::NAN), UNKNOWN);
        let many = cuts((0..100_000).map(f64::from));
        assert_eq!(many.len(), CUTS_MAX);
        assert!(many.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(bin(&many, 1e9), 253);
        assert!(cuts([0.0, -0.0].into_iter()).is_empty());
        let next = 1.0_f64.next_up();
        assert_eq!(between(1.0, next).to_bits(), next.to_bits());
    }
}
