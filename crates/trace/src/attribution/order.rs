//! What the order of the rows says.
//!
//! A file that was only cut still stands in the order in which it was given, and an order is worth
//! more than membership: twenty rows in their old order are one in 2^61. So each row is compared
//! with the row before it that the same source holds: how far apart did they stand there? In a
//! shuffled file any distance is as likely as any other, and the evidence is simply nothing.

/// Codes of a row in one source; the distance codes follow.
pub(crate) const ABSENT: u8 = 0;
/// The source holds the row, but it stands before its predecessor or has none.
pub(crate) const FRESH: u8 = 1;
/// Most codes: five bits a source.
pub(crate) const CODES: usize = 32;
/// Gain below which an order counts as chance, in natural logarithms.
const GAIN_MIN: f64 = 12.0;

/// Shares of rows that follow their predecessor, tried one after the other.
const FOLLOWS: [f64; 8] = [0.05, 0.15, 0.3, 0.5, 0.7, 0.9, 0.97, 0.995];
/// Shares of the source's rows that were kept, tried one after the other.
const KEPT: [f64; 14] =
    [0.999, 0.99, 0.97, 0.9, 0.75, 0.5, 0.3, 0.15, 0.08, 0.04, 0.02, 0.01, 0.003, 0.001];

/// The code of a distance of `gap` rows, at least 1: powers of two share a code.
pub(crate) const fn code_of(gap: u32) -> u8 {
    let power = gap.ilog2();
    let code = if power > 29 { 29 } else { power };
    #[expect(clippy::cast_possible_truncation, reason = "at most 29")]
    let code = code as u8;
    code + 2
}

/// Smallest and largest distance of a code.
fn span(code: u8) -> (f64, f64) {
    let low = 2_f64.powi(i32::from(code) - 2);
    (low, low * 2.0 - 1.0)
}

/// How a leaked file keeps the order of one source.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// Density of a row by its code, as a multiple of that of a row in random order.
    pub(crate) factors: [f64; CODES],
    /// Log-likelihood gained over a random order.
    pub(crate) gain: f64,
}

impl Order {
    /// The likeliest way in which rows of these codes kept the order of a source with `size` rows;
    /// `None` when a random order explains them as well.
    pub(crate) fn fit(histogram: &[u64; CODES], size: f64) -> Option<Self> {
        let mut best: Option<Self> = None;
        for follows in FOLLOWS {
            for kept in KEPT {
                let factors = factors(follows, kept, size);
                let gain = gain(histogram, &factors);
                if best.as_ref().is_none_or(|best| gain > best.gain) {
                    best = Some(Self { factors, gain });
                }
            }
        }
        best.filter(|best| best.gain >= GAIN_MIN)
    }
}

/// With probability `follows` a row stands behind its predecessor at a geometric distance, because
/// each row of the source was kept with probability `kept`; else anywhere.
fn factors(follows: f64, kept: f64, size: f64) -> [f64; CODES] {
    let mut factors = [0.0; CODES];
    factors[usize::from(FRESH)] = 1.0 - follows;
    for (code, factor) in (0_u8..).zip(&mut factors).skip(usize::from(FRESH) + 1) {
        let (low, high) = span(code);
        let reached = (1.0 - kept).powf(low - 1.0) - (1.0 - kept).powf(high);
        *factor = 1.0 - follows + follows * size * reached / (high - low + 1.0);
    }
    factors
}

fn gain(histogram: &[u64; CODES], factors: &[f64; CODES]) -> f64 {
    let lines = histogram.iter().zip(factors).skip(1);
    lines
        .filter(|(count, _)| **count > 0)
        .map(|(count, factor)| crate::facts::float(*count) * factor.ln())
        .sum()
}

/// The codes of rows by their places in a source, in the order of the leaked file.
///
/// A file that runs backwards is read backwards. Rows that the source does not hold have no place
/// and do not interrupt the others.
pub(crate) fn codes(places: &[Option<u32>]) -> (Vec<u8>, [u64; CODES]) {
    let backwards = falls(places);
    let mut codes = vec![ABSENT; places.len()];
    let mut histogram = [0; CODES];
    let mut before: Option<u32> = None;
    for (code, place) in codes.iter_mut().zip(places) {
        let Some(place) = *place else { continue };
        let gap = before.map_or(0, |before| {
            let gap = if backwards { before.checked_sub(place) } else { place.checked_sub(before) };
            gap.unwrap_or(0)
        });
        *code = if gap == 0 { FRESH } else { code_of(gap) };
        if before.is_some() {
            histogram[usize::from(*code)] += 1;
        }
        before = Some(place);
    }
    (codes, histogram)
}

fn falls(places: &[Option<u32>]) -> bool {
    let mut balance = 0_i64;
    let mut before: Option<u32> = None;
    for place in places.iter().copied().flatten() {
        if let Some(before) = before {
            balance += if place > before { 1 } else { -1 };
        }
        before = Some(place);
    }
    balance < 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(places: impl Iterator<Item = u32>, size: f64) -> Option<Order> {
        let places: Vec<Option<u32>> = places.map(Some).collect();
        Order::fit(&codes(&places).1, size)
    }

    #[test]
    fn a_cut_and_a_backward_cut_keep_the_order_and_a_shuffle_does_not() {
        let cut = fit(1_000..1_050, 10_000.0).unwrap();
        // Fifty rows in a row are worth about ln(10,000) = 9.2 each.
        assert!(cut.gain > 400.0, "{}", cut.gain);
        assert!(fit((1_000..1_050).rev(), 10_000.0).is_some());
        // Multiplication by a number without common factors scatters the places.
        assert!(fit((0..500).map(|n| n * 7_919 % 10_007), 10_007.0).is_none());
    }

    #[test]
    fn a_thinned_file_still_keeps_the_order() {
        let thinned = (0..10_000).filter(|n| n * 7_919 % 10_007 < 500);
        assert!(fit(thinned, 10_000.0).is_some());
    }

    #[test]
    fn distances_have_codes_that_fit_five_bits() {
        assert_eq!((code_of(1), code_of(2), code_of(3), code_of(4)), (2, 3, 3, 4));
        assert!(usize::from(code_of(u32::MAX)) < CODES);
        assert_eq!(span(code_of(5)), (4.0, 7.0));
    }

    #[test]
    fn a_random_order_has_density_one() {
        // The densities of all places behind and before a row must sum to about one.
        let size = 1_024.0;
        let factors = factors(0.5, 0.1, size);
        let behind: f64 = (2_u8..12)
            .map(|code| {
                let (low, high) = span(code);
                factors[usize::from(code)] * (high - low + 1.0) / size
            })
            .sum();
        assert!((behind - 1.0).abs() < 0.01, "{behind}");
    }
}
