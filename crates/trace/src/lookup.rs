//! Questions in bulk: texts are collected, sorted and asked once each.
//!
//! A leaked file repeats itself and a register answers sorted questions faster than scattered ones,
//! so no other room talks to the house value by value.

use doldam_ground::Kind;

use crate::TraceError;
use crate::house::{Answer, House, Marker, Unmasked};

/// Texts in one arena, each with a number of the caller's choice (a row, a place in a sample).
///
/// No `Debug`: the arena holds personal data.
#[derive(Default)]
pub(crate) struct Texts {
    arena: String,
    ends: Vec<usize>,
    numbers: Vec<u32>,
}

impl Texts {
    pub(crate) fn push(&mut self, number: u32, text: &str) {
        self.arena.push_str(text);
        self.ends.push(self.arena.len());
        self.numbers.push(number);
    }

    pub(crate) const fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) const fn bytes(&self) -> usize {
        self.arena.len()
    }

    pub(crate) fn clear(&mut self) {
        self.arena.clear();
        self.ends.clear();
        self.numbers.clear();
    }

    pub(crate) fn text(&self, place: usize) -> &str {
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.arena[start..self.ends[place]]
    }

    pub(crate) fn number(&self, place: usize) -> u32 {
        self.numbers[place]
    }

    /// The different texts, sorted, and for each place which of them stands there.
    fn distinct(&self) -> (Vec<&str>, Vec<usize>) {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_unstable_by(|left, right| self.text(*left).cmp(self.text(*right)));
        let mut distinct: Vec<&str> = Vec::with_capacity(order.len());
        let mut which = vec![0; order.len()];
        for place in order {
            if distinct.last() != Some(&self.text(place)) {
                distinct.push(self.text(place));
            }
            which[place] = distinct.len() - 1;
        }
        (distinct, which)
    }

    /// Puts each different text once and hands out the answers by place.
    fn ask<T: Clone>(
        &self,
        question: impl FnOnce(&[&str]) -> Result<Vec<T>, TraceError>,
    ) -> Result<Vec<T>, TraceError> {
        if self.ends.is_empty() {
            return Ok(Vec::new());
        }
        let (distinct, which) = self.distinct();
        let answers = question(&distinct)?;
        if answers.len() != distinct.len() {
            return Err(TraceError::Miscounted { asked: distinct.len(), given: answers.len() });
        }
        Ok(which.into_iter().map(|answer| answers[answer].clone()).collect())
    }

    pub(crate) fn whose(&self, house: &dyn House, kind: Kind) -> Result<Vec<Answer>, TraceError> {
        self.ask(|values| house.whose(kind, values))
    }

    pub(crate) fn unmask(
        &self,
        house: &dyn House,
        shape: Option<Kind>,
    ) -> Result<Vec<Vec<Unmasked>>, TraceError> {
        self.ask(|texts| house.unmask(shape, texts))
    }

    pub(crate) fn markers(
        &self,
        house: &dyn House,
        kind: Kind,
    ) -> Result<Vec<Vec<Marker>>, TraceError> {
        self.ask(|values| house.markers(kind, values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_asked_once_and_answered_everywhere() {
        let mut texts = Texts::default();
        for (number, text) in [(5, "b"), (6, "a"), (7, ""), (8, "b")] {
            texts.push(number, text);
        }
        let answers = texts
            .ask(|asked| {
                assert_eq!(asked, ["", "a", "b"]);
                Ok(vec![0, 1, 2])
            })
            .unwrap();
        assert_eq!(answers, [2, 1, 0, 2]);
        assert_eq!((texts.number(3), texts.text(3)), (8, "b"));
    }

    #[test]
    fn a_house_that_loses_an_answer_is_found_out() {
        let mut texts = Texts::default();
        texts.push(0, "a");
        let outcome = texts.ask(|_| Ok(Vec::<u8>::new()));
        assert!(matches!(outcome, Err(TraceError::Miscounted { asked: 1, given: 0 })));
    }
}
