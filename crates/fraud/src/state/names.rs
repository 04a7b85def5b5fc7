//! Texts and the short numbers that stand for them.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use hashbrown::HashTable;

/// Texts by number and numbers by text; each text is kept once. Numbers of texts that are gone are
/// given again.
#[derive(Default)]
pub(super) struct Names {
    numbers: HashTable<u32>,
    texts: Vec<Option<Box<str>>>,
    free: Vec<u32>,
    bytes: usize,
    hasher: RandomState,
}

impl Names {
    /// The number of a text.
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        let same = |number: &u32| self.text(*number) == Some(text);
        self.numbers.find(self.hasher.hash_one(text), same).copied()
    }

    /// Gives a new text the lowest free number. `None` when there are 2^32 − 1 already.
    pub(super) fn insert(&mut self, text: &str) -> Option<u32> {
        let number = if let Some(number) = self.free.pop() {
            self.texts[number as usize] = Some(text.into());
            number
        } else {
            let number = u32::try_from(self.texts.len()).ok().filter(|it| *it != u32::MAX)?;
            self.texts.push(Some(text.into()));
            number
        };
        self.bytes += text.len() + ALLOCATION;
        let (texts, hasher) = (&self.texts, &self.hasher);
        let again =
            |number: &u32| hasher.hash_one(texts[*number as usize].as_deref().unwrap_or(""));
        self.numbers.insert_unique(hasher.hash_one(text), number, again);
        Some(number)
    }

    /// Forgets a text.
    pub(super) fn remove(&mut self, number: u32) {
        let Some(text) = self.texts.get_mut(number as usize).and_then(Option::take) else { return };
        let hash = self.hasher.hash_one(&*text);
        if let Ok(entry) = self.numbers.find_entry(hash, |known| *known == number) {
            entry.remove();
        }
        self.bytes -= text.len() + ALLOCATION;
        self.free.push(number);
    }

    /// The text of a number.
    pub(super) fn text(&self, number: u32) -> Option<&str> {
        self.texts.get(number as usize)?.as_deref()
    }

    /// One more than the largest number that was ever given.
    pub(super) const fn end(&self) -> usize {
        self.texts.len()
    }

    /// How many texts there are.
    pub(super) fn count(&self) -> usize {
        self.numbers.len()
    }

    /// About how many bytes of memory they take.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
            + self.texts.capacity() * size_of::<Option<Box<str>>>()
            + self.numbers.capacity() * 5
            + self.free.capacity() * 4
    }

    /// Takes up texts in the order of their numbers, as a snapshot has them; `None` is a free number.
    /// `false` when a text stands there twice, or there are too many.
    pub(super) fn put_next(&mut self, text: Option<&str>) -> bool {
        let Some(text) = text else {
            let Ok(number) = u32::try_from(self.texts.len()) else { return false };
            self.texts.push(None);
            self.free.push(number);
            return number != u32::MAX;
        };
        let free = std::mem::take(&mut self.free);
        let fits = self.find(text).is_none() && self.insert(text).is_some();
        self.free = free;
        fits
    }
}

/// What the allocator adds to a small piece of memory, about.
pub(super) const ALLOCATION: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_given_again_when_its_text_is_gone() {
        let mut names = Names::default();
        let (one, two) = (names.insert("one").unwrap(), names.insert("two").unwrap());
        assert_eq!((names.find("one"), names.text(two)), (Some(one), Some("two")));
        names.remove(one);
        names.remove(one);
        assert_eq!((names.find("one"), names.text(one), names.count()), (None, None, 1));
        assert_eq!(names.insert("three"), Some(one));
        assert_eq!((names.end(), names.find("three")), (2, Some(one)));
        let mut copy = Names::default();
        assert!(copy.put_next(None) && copy.put_next(Some("two")) && !copy.put_next(Some("two")));
        assert_eq!((copy.find("two"), copy.insert("new")), (Some(1), Some(0)));
    }
}
