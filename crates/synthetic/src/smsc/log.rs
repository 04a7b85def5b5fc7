//! What the gateway knows: whom it texted, and which receipts it still owes.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// The gateway's own account, against which a sender's ledger is held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// How often each number was texted. A text in parts counts once when all parts came once.
    pub texted: BTreeMap<String, u32>,
    /// Numbers of which some parts of a text came and others did not.
    pub incomplete: BTreeSet<String>,
    /// Numbers that were refused for good.
    pub refused: BTreeSet<String>,
    /// Numbers whose text was taken and whose receipt will never come.
    pub receipts_withheld: BTreeSet<String>,
    /// Messages that came, refused and throttled ones included.
    pub messages: u64,
    /// Messages that were told to come later.
    pub throttled: u64,
    /// Answers that never went out, or went out under a wrong number.
    pub answers_lost: u64,
    /// Receipts that were confirmed.
    pub receipts_confirmed: u64,
    /// How often it hung up by itself.
    pub disconnects: u64,
    /// How often somebody signed in.
    pub binds: u64,
}

impl Log {
    /// Numbers that were texted more than once.
    pub fn texted_twice(&self) -> usize {
        self.texted.values().filter(|times| **times > 1).count()
    }
}

/// A receipt that is owed.
#[derive(Clone)]
pub(super) struct Owed {
    pub(super) message_id: String,
    pub(super) number: String,
    pub(super) sender: String,
    pub(super) reference: Option<u16>,
    pub(super) is_delivered: bool,
}

/// The books behind a [`Log`].
#[derive(Default)]
pub(super) struct Books {
    /// The figures; the tables below are joined to them when asked.
    pub(super) figures: Log,
    /// How often each part (0: the whole) of a text to each number came.
    parts: HashMap<String, BTreeMap<u8, u32>>,
    /// How many parts the texts to a number have.
    totals: HashMap<String, u8>,
    /// Whether each message was delivered, by its id.
    pub(super) messages: HashMap<String, bool>,
    /// Receipts to send now.
    pub(super) owed: VecDeque<Owed>,
    /// Receipts to send when nothing else happens.
    pub(super) late: VecDeque<Owed>,
}

impl Books {
    /// Writes down that one message came: part `part` of `total` (0 of 0 for a whole text).
    pub(super) fn take(&mut self, number: &str, part: u8, total: u8) {
        *self.parts.entry(number.to_owned()).or_default().entry(part).or_default() += 1;
        self.totals.insert(number.to_owned(), total);
    }

    pub(super) fn log(&self) -> Log {
        let mut log = self.figures.clone();
        for (number, parts) in &self.parts {
            let times = parts.values().copied().max().unwrap_or(0);
            log.texted.insert(number.clone(), times);
            let total = usize::from(self.totals.get(number).copied().unwrap_or(0).max(1));
            if parts.len() < total || parts.values().any(|count| *count != times) {
                log.incomplete.insert(number.clone());
            }
        }
        log
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_counted_as_one_text() {
        let mut books = Books::default();
        books.take("010", 0, 0);
        books.take("011", 1, 2);
        books.take("012", 1, 2);
        books.take("012", 2, 2);
        books.take("013", 0, 0);
        books.take("013", 0, 0);
        let log = books.log();
        assert_eq!(log.texted.values().copied().collect::<Vec<_>>(), [1, 1, 1, 2]);
        assert_eq!(log.texted_twice(), 1);
        assert_eq!(log.incomplete, BTreeSet::from(["011".to_owned()]));
    }
}
