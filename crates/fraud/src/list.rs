//! Who is known: lists as they stand at one place of the log.

use std::collections::HashSet;

/// The members of every declared list, by the list's place.
#[derive(Clone, Default)]
pub struct Lists {
    members: Vec<HashSet<Box<str>>>,
}

impl Lists {
    /// Whether `key` stands on the list at `place`.
    pub fn contains(&self, place: usize, key: &str) -> bool {
        self.members.get(place).is_some_and(|members| members.contains(key))
    }
}
