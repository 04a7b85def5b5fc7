//! Texts that items carry, each kept once and for as long as an item carries it.

use super::names::Names;

/// See the module.
#[derive(Default)]
pub(super) struct Symbols {
    names: Names,
    uses: Vec<u64>,
}

impl Symbols {
    /// The symbol of a text, with one use more. `None` when there are too many.
    pub(super) fn take(&mut self, text: &str) -> Option<i64> {
        let number = match self.names.find(text) {
            Some(number) => number,
            None => self.names.insert(text)?,
        };
        let place = number as usize;
        if place >= self.uses.len() {
            self.uses.resize(place + 1, 0);
        }
        self.uses[place] += 1;
        Some(i64::from(number))
    }

    /// One use more of a symbol that a snapshot carries.
    pub(super) fn use_again(&mut self, symbol: i64) {
        if let Some(uses) = usize::try_from(symbol).ok().and_then(|place| self.uses.get_mut(place))
        {
            *uses += 1;
        }
    }

    /// One use less.
    pub(super) fn release(&mut self, symbol: i64) {
        let Ok(number) = u32::try_from(symbol) else { return };
        let Some(uses) = self.uses.get_mut(number as usize) else { return };
        *uses = uses.saturating_sub(1);
        if *uses == 0 {
            self.names.remove(number);
        }
    }

    /// The text of a symbol.
    pub(super) fn text(&self, symbol: i64) -> Option<&str> {
        u32::try_from(symbol).ok().and_then(|number| self.names.text(number))
    }

    /// The texts by their numbers, for a snapshot.
    pub(super) const fn names(&self) -> &Names {
        &self.names
    }

    /// Symbols of a snapshot, of no use yet.
    pub(super) fn of(names: Names) -> Self {
        Self { uses: vec![0; names.end()], names }
    }

    /// Forgets those of no use: what a snapshot names and no item carries.
    pub(super) fn forget_unused(&mut self) {
        for (number, uses) in (0..).zip(&self.uses) {
            if *uses == 0 {
                self.names.remove(number);
            }
        }
    }

    /// About how many bytes of memory they take.
    pub(super) fn bytes(&self) -> usize {
        self.names.bytes() + self.uses.capacity() * size_of::<u64>()
    }
}
