//! Who is known: deny lists, trusted payees, suspected accounts, people of a leak, canaries.
//!
//! A list changes only by an entry of the log, so a back-test sees it as it stood at each decision.
//! A member may have an end date; it is compared with the time at which the event was taken in,
//! which stands in the log too. A member may carry a reference (the number of an incident or a
//! disclosure) that the rooms above resolve; what it means is not known here.

use std::collections::HashMap;

use doldam_ground::Instant;
use serde::{Deserialize, Serialize};

use crate::error::FraudError;
use crate::schema::is_name;

/// The shipped declaration.
pub const SHIPPED: &str = include_str!("../defaults/lists.toml");
/// Most lists of an installation.
pub const LISTS_MAX: usize = 64;
/// Most members that one change adds or removes.
pub const CHANGE_MEMBERS_MAX: usize = 1_000_000;

/// One declared list.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    /// How rules call it: `account in lists.leaked`.
    pub name: String,
    /// One sentence on who stands on it, Korean.
    pub ko: String,
    /// The same in English.
    pub en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declaration {
    list: Vec<Declared>,
}

/// Reads a declaration of lists (TOML, `[[list]]` blocks).
///
/// Errors: not of that shape, a name that is none or stands twice, more than [`LISTS_MAX`].
pub fn parse(text: &str) -> Result<Vec<Declared>, FraudError> {
    let declared: Declaration = toml::from_str(text)
        .map_err(|error| FraudError::declaration("lists", text, error.span(), error.message()))?;
    let wrong = |why: &str| FraudError::Declaration { what: "lists", line: 0, why: why.to_owned() };
    let lists = declared.list;
    if lists.len() > LISTS_MAX {
        return Err(wrong("more lists than an installation may have"));
    }
    for (place, list) in lists.iter().enumerate() {
        if !is_name(&list.name) {
            return Err(wrong("a list's name is lower-case letters, digits and underscores"));
        }
        if lists[..place].iter().any(|other| other.name == list.name) {
            return Err(wrong("two lists have the same name"));
        }
    }
    Ok(lists)
}

/// Somebody or something on a list. Not `Debug`: its key is a pseudonym.
#[derive(Clone, PartialEq, Eq)]
pub struct Member {
    /// What rules compare with.
    pub key: Box<str>,
    /// From when on it counts no more.
    pub until: Option<Instant>,
    /// What put it there, for the rooms above.
    pub reference: Option<Box<str>>,
}

/// One change of one list.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    /// The list, by its place in the declaration.
    pub list: usize,
    /// Members that come, or replace the one of the same key.
    pub add: Vec<Member>,
    /// Keys that go.
    pub remove: Vec<Box<str>>,
    /// Who did it: a staff name, or the name of a job.
    pub by: String,
    /// Why, in the person's words, without personal data.
    pub why: String,
}

#[derive(Clone, Copy)]
struct Known {
    until_us: i64,
    /// Place in `references` plus one; 0 for none.
    reference: u32,
}

/// The members of every declared list, at one place of the log and one time.
#[derive(Clone)]
pub struct Lists {
    members: Vec<HashMap<Box<str>, Known>>,
    references: Vec<Box<str>>,
    now_us: i64,
}

impl Default for Lists {
    fn default() -> Self {
        Self::new(0)
    }
}

impl Lists {
    /// `count` empty lists.
    pub fn new(count: usize) -> Self {
        Self { members: vec![HashMap::new(); count], references: Vec::new(), now_us: i64::MIN }
    }

    /// Sets the time that end dates are compared with: when the event was taken in.
    pub const fn set_now(&mut self, now: Instant) {
        self.now_us = now.micros();
    }

    /// Whether `key` stands on the list at `place`, its end date not yet reached.
    pub fn contains(&self, place: usize, key: &str) -> bool {
        self.known(place, key).is_some()
    }

    /// What put `key` on the list at `place`, if it stands there and anything was said.
    pub fn reference(&self, place: usize, key: &str) -> Option<&str> {
        let known = self.known(place, key)?;
        let at = usize::try_from(known.reference).ok()?.checked_sub(1)?;
        self.references.get(at).map(AsRef::as_ref)
    }

    /// How many keys stand on the list at `place`, ended ones included until they are removed.
    pub fn count(&self, place: usize) -> usize {
        self.members.get(place).map_or(0, HashMap::len)
    }

    /// How many lists there are.
    pub const fn lists(&self) -> usize {
        self.members.len()
    }

    /// Every key of the list at `place` with its end date, in the keys' order.
    pub fn members(&self, place: usize) -> Vec<Member> {
        let Some(members) = self.members.get(place) else { return Vec::new() };
        let mut all: Vec<Member> = members
            .iter()
            .map(|(key, known)| Member {
                key: key.clone(),
                until: (known.until_us != i64::MAX).then(|| Instant::from_micros(known.until_us)),
                reference: self.reference_of(*known).map(Into::into),
            })
            .collect();
        all.sort_by(|one, two| one.key.cmp(&two.key));
        all
    }

    /// Makes one change. A list that is not declared is left alone.
    pub fn apply(&mut self, change: &Change) {
        if change.list >= self.members.len() {
            return;
        }
        for key in &change.remove {
            self.members[change.list].remove(key);
        }
        for member in &change.add {
            let known = Known {
                until_us: member.until.map_or(i64::MAX, Instant::micros),
                reference: self.keep_reference(member.reference.as_deref()),
            };
            self.members[change.list].insert(member.key.clone(), known);
        }
    }

    /// A change of many people has one reference, so the last one is usually the same.
    fn keep_reference(&mut self, reference: Option<&str>) -> u32 {
        let Some(reference) = reference else { return 0 };
        let known = self.references.iter().rposition(|known| **known == *reference);
        let place = known.unwrap_or_else(|| {
            self.references.push(reference.into());
            self.references.len() - 1
        });
        u32::try_from(place + 1).unwrap_or(0)
    }

    fn reference_of(&self, known: Known) -> Option<&str> {
        let at = usize::try_from(known.reference).ok()?.checked_sub(1)?;
        self.references.get(at).map(AsRef::as_ref)
    }

    fn known(&self, place: usize, key: &str) -> Option<&Known> {
        self.members.get(place)?.get(key).filter(|known| self.now_us < known.until_us)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(key: &str, until: Option<i64>, reference: Option<&str>) -> Member {
        Member {
            key: key.into(),
            until: until.map(Instant::from_micros),
            reference: reference.map(Into::into),
        }
    }

    #[test]
    fn a_member_counts_until_its_end() {
        let mut lists = Lists::new(2);
        let add = vec![member("a", Some(100), Some("incident 1")), member("b", None, None)];
        lists.apply(&Change {
            list: 1,
            add,
            remove: vec![],
            by: "minji".into(),
            why: String::new(),
        });
        lists.set_now(Instant::from_micros(99));
        assert!(lists.contains(1, "a") && lists.contains(1, "b") && !lists.contains(0, "a"));
        assert_eq!(lists.reference(1, "a"), Some("incident 1"));
        assert_eq!(lists.reference(1, "b"), None);
        lists.set_now(Instant::from_micros(100));
        assert!(!lists.contains(1, "a") && lists.contains(1, "b"));
        assert_eq!(lists.reference(1, "a"), None);
        let remove = vec!["b".into()];
        lists.apply(&Change {
            list: 1,
            add: vec![],
            remove,
            by: "minji".into(),
            why: String::new(),
        });
        assert!(!lists.contains(1, "b"));
        assert_eq!(lists.count(1), 1);
        assert!(lists.members(1) == [member("a", Some(100), Some("incident 1"))]);
    }

    #[test]
    fn the_shipped_lists_are_declared() {
        let names: Vec<String> =
            parse(SHIPPED).unwrap().into_iter().map(|list| list.name).collect();
        assert_eq!(names, ["denied", "trusted", "suspected", "leaked", "canaries"]);
        assert!(parse("[[list]]\nname = \"A\"\nko = \"\"\nen = \"\"").is_err());
        let fault = parse("[[list]]\nname = 3").unwrap_err();
        assert!(fault.to_string().contains("line 2"));
    }
}
