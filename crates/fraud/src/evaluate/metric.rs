//! The three figures, counted so that ties of scores cannot flatter.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use super::{Day, EvaluationFault};

/// How many cards investigators can look at in a day.
pub const CARDS_A_DAY: usize = 100;

/// The card and the day of a test row.
#[derive(Clone, Copy)]
pub struct Card {
    /// Its day.
    pub day: Day,
    /// The customer's number.
    pub customer: u32,
}

/// The rows by falling score, and how many of them are fraud.
fn ranked(scores: &[f64], frauds: &[bool]) -> Result<(Vec<(f64, bool)>, usize), EvaluationFault> {
    if scores.iter().any(|score| score.is_nan()) {
        return Err(EvaluationFault::NotANumber);
    }
    // Adding zero makes one number of both zeros.
    let mut rows: Vec<(f64, bool)> =
        scores.iter().map(|score| score + 0.0).zip(frauds.iter().copied()).collect();
    rows.sort_by(|one, two| two.0.total_cmp(&one.0));
    let positive = frauds.iter().filter(|fraud| **fraud).count();
    if positive == 0 || positive == rows.len() {
        return Err(EvaluationFault::OneClass("test"));
    }
    Ok((rows, positive))
}

/// Area under the receiver operating characteristic: the chance that a fraud has a higher score
/// than an honest transaction, a tie counting one half (Mann and Whitney's U over both counts).
///
/// `frauds` is as long as `scores`. Errors: a score is not a number; only one class.
pub fn area_under_curve(scores: &[f64], frauds: &[bool]) -> Result<f64, EvaluationFault> {
    let (rows, positive) = ranked(scores, frauds)?;
    let negative = rows.len() - positive;
    // In halves, so that the sum stays a whole number: at most 2 × (2 × 10^7 / 2)^2 < 2^63.
    let mut halves = 0_u64;
    let mut above = 0_u64;
    for tie in rows.chunk_by(|one, two| one.0.total_cmp(&two.0).is_eq()) {
        let hits = tie.iter().filter(|row| row.1).count() as u64;
        let misses = tie.len() as u64 - hits;
        halves += misses * (2 * above + hits);
        above += hits;
    }
    Ok(halves as f64 / 2.0 / positive as f64 / negative as f64)
}

/// Average precision: over the thresholds from the highest score down, the sum of precision times
/// the growth of recall, without interpolation. Rows of one score pass a threshold together.
///
/// `frauds` is as long as `scores`. Errors: a score is not a number; only one class.
pub fn average_precision(scores: &[f64], frauds: &[bool]) -> Result<f64, EvaluationFault> {
    let (rows, positive) = ranked(scores, frauds)?;
    let (mut hits, mut seen, mut sum) = (0_usize, 0_usize, 0.0);
    for tie in rows.chunk_by(|one, two| one.0.total_cmp(&two.0).is_eq()) {
        let more = tie.iter().filter(|row| row.1).count();
        hits += more;
        seen += tie.len();
        sum += more as f64 / positive as f64 * (hits as f64 / seen as f64);
    }
    Ok(sum)
}

/// Card precision at `top`: each day the `top` customers with the highest score of that day are
/// looked at; the share of them that had a fraud that day, as the mean over the days. Who was found
/// is left out on later days. Equal scores go by the customer's number. The share is of `top` even
/// on a day with fewer customers, as in the handbook.
///
/// All slices are of one length. Errors: a score is not a number; there is no row.
pub fn card_precision(
    cards: &[Card],
    scores: &[f64],
    frauds: &[bool],
    top: usize,
) -> Result<f64, EvaluationFault> {
    if scores.iter().any(|score| score.is_nan()) {
        return Err(EvaluationFault::NotANumber);
    }
    let mut days: BTreeMap<Day, BTreeMap<u32, (f64, bool)>> = BTreeMap::new();
    for ((card, score), fraud) in cards.iter().zip(scores).zip(frauds) {
        let customers = days.entry(card.day).or_default();
        let best = customers.entry(card.customer).or_insert((f64::NEG_INFINITY, false));
        *best = (best.0.max(*score), best.1 || *fraud);
    }
    if days.is_empty() || top == 0 {
        return Err(EvaluationFault::NoRows("test"));
    }
    let mut found = HashSet::new();
    let mut total = 0_usize;
    let count = days.len();
    for (_, customers) in days {
        let mut ranking: Vec<(f64, Reverse<u32>, bool)> = customers
            .into_iter()
            .filter(|(customer, _)| !found.contains(customer))
            .map(|(customer, (score, fraud))| (score, Reverse(customer), fraud))
            .collect();
        ranking.sort_by(|one, two| two.0.total_cmp(&one.0).then(two.1.cmp(&one.1)));
        let hits = ranking.iter().take(top).filter(|row| row.2).map(|row| row.1.0);
        let before = found.len();
        found.extend(hits);
        total += found.len() - before;
    }
    Ok(total as f64 / top as f64 / count as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FRAUDS: [bool; 12] =
        [false, false, true, true, false, true, false, false, true, false, false, false];

    fn both(scores: &[f64]) -> (f64, f64) {
        let auc = area_under_curve(scores, &FRAUDS).unwrap();
        (auc, average_precision(scores, &FRAUDS).unwrap())
    }

    fn near(found: (f64, f64), wanted: (f64, f64)) {
        assert!((found.0 - wanted.0).abs() < 1e-15, "{found:?}");
        assert!((found.1 - wanted.1).abs() < 1e-15, "{found:?}");
    }

    /// The wanted figures are what scikit-learn 1.9.1 gives for these vectors.
    #[test]
    fn figures_are_those_of_the_usual_library() {
        let ties = [0.1, 0.4, 0.35, 0.8, 0.8, 0.8, 0.2, 0.2, 0.2, 0.05, 0.4, 0.9];
        near(both(&ties), (0.625, 0.457_142_857_142_857_13));
        let none = [0.1, 0.4, 0.35, 0.8, 0.7, 0.85, 0.2, 0.25, 0.15, 0.05, 0.45, 0.9];
        near(both(&none), (0.625, 0.498_809_523_809_523_8));
        near(both(&[0.5; 12]), (0.5, 1.0 / 3.0));
        let perfect = FRAUDS.map(f64::from);
        near(both(&perfect), (1.0, 1.0));
        near(both(&perfect.map(|score| -score)), (0.0, 1.0 / 3.0));
    }

    #[test]
    fn what_cannot_be_ranked_is_refused() {
        let one = [f64::NAN, 0.5];
        assert_eq!(area_under_curve(&one, &[true, false]), Err(EvaluationFault::NotANumber));
        assert_eq!(average_precision(&[0.5], &[true]), Err(EvaluationFault::OneClass("test")));
        assert_eq!(card_precision(&[], &[], &[], 100), Err(EvaluationFault::NoRows("test")));
    }

    fn cards(rows: &[(i64, u32, f64, bool)], top: usize) -> f64 {
        let first = Day::of(doldam_ground::Instant::from_micros(0));
        let cards: Vec<Card> =
            rows.iter().map(|row| Card { day: first.plus(row.0), customer: row.1 }).collect();
        let scores: Vec<f64> = rows.iter().map(|row| row.2).collect();
        let frauds: Vec<bool> = rows.iter().map(|row| row.3).collect();
        card_precision(&cards, &scores, &frauds, top).unwrap()
    }

    #[test]
    fn a_card_counts_once_with_its_highest_score() {
        let share = |rows: &[(i64, u32, f64, bool)], top: usize, wanted: f64| {
            assert_eq!(cards(rows, top).to_bits(), wanted.to_bits());
        };
        // Customer 1 is looked at for its honest payment and found for the other one.
        share(&[(0, 1, 0.9, false), (0, 1, 0.1, true), (0, 2, 0.5, true)], 1, 1.0);
        // Found on the first day, it is not looked at on the second; customer 3 is.
        let found = [(0, 1, 0.9, true), (1, 1, 0.9, true), (1, 3, 0.2, true), (1, 2, 0.1, true)];
        share(&found, 1, 1.0);
        // Not found on the first day, it stands in the way on the second, too.
        share(&[(0, 1, 0.9, false), (1, 1, 0.9, false), (1, 3, 0.2, true)], 1, 0.0);
        // The share is of the places that there are, filled or not.
        share(&[(0, 1, 0.9, true)], 4, 0.25);
        // Equal scores go by the customer's number.
        share(&[(0, 7, 0.5, true), (0, 3, 0.5, false)], 1, 0.0);
    }

    proptest! {
        #[test]
        fn the_area_is_the_share_of_pairs(
            rows in proptest::collection::vec((0_u8..6, any::<bool>()), 2..40),
        ) {
            let frauds: Vec<bool> = rows.iter().map(|row| row.1).collect();
            let scores: Vec<f64> = rows.iter().map(|row| f64::from(row.0)).collect();
            let (mut halves, mut pairs) = (0, 0);
            for bad in rows.iter().filter(|row| row.1) {
                for good in rows.iter().filter(|row| !row.1) {
                    pairs += 1;
                    halves += if bad.0 > good.0 { 2 } else { i32::from(bad.0 == good.0) };
                }
            }
            match area_under_curve(&scores, &frauds) {
                Ok(area) => {
                    let wanted = f64::from(halves) / 2.0 / f64::from(pairs);
                    prop_assert!((area - wanted).abs() < 1e-12);
                }
                Err(fault) => {
                    prop_assert_eq!(fault, EvaluationFault::OneClass("test"));
                    prop_assert_eq!(pairs, 0);
                }
            }
        }

        #[test]
        fn the_order_of_rows_does_not_matter(
            rows in proptest::collection::vec((0_i64..3, 0_u32..9, 0_u8..6, any::<bool>()), 1..40),
        ) {
            let rows: Vec<_> =
                rows.iter().map(|row| (row.0, row.1, f64::from(row.2), row.3)).collect();
            let mut turned = rows.clone();
            turned.reverse();
            prop_assert_eq!(cards(&rows, 2).to_bits(), cards(&turned, 2).to_bits());
        }
    }
}
