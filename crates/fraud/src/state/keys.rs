//! The keys of one group, and what each of them did.
//!
//! A key is *hot* while its items stand in buffers with windows over them, *packed* when they are a
//! few bytes, and *spilled* when those bytes are on disk. A hand goes around the keys: what it has
//! not seen used since its last round is packed when memory is short, and what no window can reach
//! any more is forgotten. Which of the three a key is never shows in a value.

use super::fault::StateFault;
use super::names::{ALLOCATION, Names};
use super::spill::{Spill, Spilled};
use super::symbol::Symbols;
use crate::feature::FeatureSet;
use crate::value::Type;
use crate::window::{Buffer, Reader, put_number, unpack};

/// What a key did.
pub(super) enum Held {
    /// There is no such key.
    Free,
    Hot(Hot),
    Packed(Box<[u8]>),
    Spilled(Spilled),
}

/// The buffers of a key, by the place of the source in the group.
pub(super) struct Hot {
    pub(super) buffers: Box<[Option<Box<Buffer>>]>,
    /// Its size when it was last weighed.
    bytes: usize,
}

impl Hot {
    fn empty(sources: usize) -> Self {
        Self { buffers: (0..sources).map(|_| None).collect(), bytes: 0 }
    }

    fn weigh(&self) -> usize {
        let slots = self.buffers.len() * size_of::<Option<Box<Buffer>>>();
        let buffers = self.buffers.iter().flatten();
        slots + buffers.map(|buffer| buffer.bytes() + ALLOCATION).sum::<usize>()
    }

    /// Packs into `out`, which is used again: memory that grows by and by leaves gaps.
    fn pack(&self, out: &mut Vec<u8>) {
        out.clear();
        for buffer in &self.buffers {
            match buffer {
                Some(buffer) => buffer.pack(out),
                None => put_number(out, 0),
            }
        }
    }

    /// `None` when the bytes are not those of this group.
    pub(super) fn unpack(
        set: &FeatureSet,
        group: usize,
        bytes: &[u8],
        symbols: u64,
    ) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let sources = &set.groups[group].sources;
        let mut hot = Self::empty(sources.len());
        for (slot, source) in hot.buffers.iter_mut().zip(sources) {
            let buffer = unpack(&set.sources[*source].plan, &mut reader, symbols)?;
            *slot = (!buffer.items().is_empty()).then(|| Box::new(buffer));
        }
        reader.is_empty().then_some(hot)
    }

    /// Tells every text that its items carry.
    pub(super) fn each_symbol(&self, set: &FeatureSet, group: usize, mut told: impl FnMut(i64)) {
        for (buffer, source) in self.buffers.iter().zip(&set.groups[group].sources) {
            let Some(buffer) = buffer else { continue };
            let columns = &set.sources[*source].plan.columns;
            let items = buffer.items();
            for number in items.first()..items.end() {
                items.each_slot(number, &mut |column, slot| {
                    if columns[column] == Type::Text {
                        told(slot);
                    }
                });
            }
        }
    }
}

/// One key.
pub(super) struct Key {
    /// When its newest item happened.
    pub(super) newest: i64,
    /// Whether it was used since the hand came by.
    used: bool,
    pub(super) held: Held,
}

/// See the module.
#[derive(Default)]
pub(super) struct Keys {
    group: usize,
    pub(super) names: Names,
    all: Vec<Key>,
    hand: usize,
    hot_bytes: usize,
    packed_bytes: usize,
    /// Whether items of the group carry texts.
    texts: bool,
    scratch: Vec<u8>,
}

impl Keys {
    pub(super) fn new(set: &FeatureSet, group: usize) -> Self {
        let mut sources = set.groups[group].sources.iter().map(|source| &set.sources[*source].plan);
        let texts = sources.any(|plan| plan.columns.contains(&Type::Text));
        Self { group, texts, ..Self::default() }
    }

    /// The buffers of a hot key; none of another.
    pub(super) fn hot(&self, number: u32) -> Option<&Hot> {
        match &self.all.get(number as usize)?.held {
            Held::Hot(hot) => Some(hot),
            _ => None,
        }
    }

    /// Whether there is such a key.
    pub(super) fn knows(&self, number: u32) -> bool {
        self.all.get(number as usize).is_some_and(|key| !matches!(key.held, Held::Free))
    }

    /// Adds a key that has no items yet.
    pub(super) fn add(&mut self, set: &FeatureSet, text: &str) -> Result<u32, StateFault> {
        let number = self.names.insert(text).ok_or(StateFault::Full)?;
        let hot = Hot::empty(set.groups[self.group].sources.len());
        let key = Key { newest: i64::MIN, used: true, held: Held::Hot(hot) };
        match self.all.get_mut(number as usize) {
            Some(free) => *free = key,
            None => self.all.push(key),
        }
        Ok(number)
    }

    /// Makes a key hot and gives it.
    pub(super) fn warm(
        &mut self,
        set: &FeatureSet,
        number: u32,
        symbols: u64,
        spill: &mut Option<Spill>,
    ) -> Result<&mut Hot, StateFault> {
        let key = &mut self.all[number as usize];
        key.used = true;
        let bytes = match &key.held {
            Held::Hot(_) | Held::Free => None,
            Held::Packed(bytes) => {
                self.packed_bytes -= bytes.len() + ALLOCATION;
                Some(Hot::unpack(set, self.group, bytes, symbols))
            }
            Held::Spilled(place) => {
                let spill = spill.as_mut().ok_or(StateFault::Damaged)?;
                let bytes = spill.read(place)?;
                let hot = Hot::unpack(set, self.group, &bytes, symbols);
                spill.release(place);
                Some(hot)
            }
        };
        if let Some(hot) = bytes {
            let mut hot = hot.ok_or(StateFault::Damaged)?;
            hot.bytes = hot.weigh();
            self.hot_bytes += hot.bytes;
            key.held = Held::Hot(hot);
        }
        match &mut key.held {
            Held::Hot(hot) => Ok(hot),
            _ => Err(StateFault::Damaged),
        }
    }

    /// A hot key has got an item of `time`: keeps its account right.
    pub(super) fn grown(&mut self, number: u32, time: i64) {
        let key = &mut self.all[number as usize];
        key.newest = key.newest.max(time);
        if let Held::Hot(hot) = &mut key.held {
            let before = hot.bytes;
            hot.bytes = hot.weigh();
            self.hot_bytes = self.hot_bytes - before + hot.bytes;
        }
    }

    /// Moves the hand over `steps` keys: forgets what ended at `bound` or before, packs what was not
    /// used if `pack`, and spills what is packed and was not used if `push`.
    pub(super) fn sweep(
        &mut self,
        set: &FeatureSet,
        bound: i64,
        pressure: Pressure,
        symbols: &mut Symbols,
        spill: &mut Option<Spill>,
    ) -> Result<(), StateFault> {
        for _ in 0..pressure.steps.min(self.all.len()) {
            self.hand = if self.hand + 1 < self.all.len() { self.hand + 1 } else { 0 };
            let key = &mut self.all[self.hand];
            if matches!(key.held, Held::Free) {
                continue;
            }
            if key.newest <= bound {
                self.forget(set, symbols, spill)?;
            } else if std::mem::take(&mut key.used) {
            } else if pressure.pack && matches!(key.held, Held::Hot(_)) {
                self.pack(self.hand);
            } else if let Some(spill) = spill.as_mut() {
                self.spill(spill, pressure.spill)?;
            }
        }
        Ok(())
    }

    fn pack(&mut self, place: usize) {
        let key = &mut self.all[place];
        if let Held::Hot(hot) = &key.held {
            hot.pack(&mut self.scratch);
            let packed: Box<[u8]> = self.scratch.as_slice().into();
            self.hot_bytes -= hot.bytes;
            self.packed_bytes += packed.len() + ALLOCATION;
            key.held = Held::Packed(packed);
        }
    }

    /// Spills the key under the hand, or moves it out of a file that is mostly empty.
    fn spill(&mut self, spill: &mut Spill, push: bool) -> Result<(), StateFault> {
        let key = &mut self.all[self.hand];
        match &key.held {
            Held::Packed(bytes) if push => {
                let place = spill.write(bytes)?;
                self.packed_bytes -= bytes.len() + ALLOCATION;
                key.held = Held::Spilled(place);
            }
            Held::Spilled(place) if spill.is_worn(place) => {
                let bytes = spill.read(place)?;
                let moved = spill.write(&bytes)?;
                spill.release(place);
                key.held = Held::Spilled(moved);
            }
            _ => {}
        }
        Ok(())
    }

    /// Forgets the key under the hand.
    fn forget(
        &mut self,
        set: &FeatureSet,
        symbols: &mut Symbols,
        spill: &mut Option<Spill>,
    ) -> Result<(), StateFault> {
        let number = u32::try_from(self.hand).map_err(|_| StateFault::Full)?;
        if self.texts {
            let end = symbols.names().end() as u64;
            let group = self.group;
            let hot = self.warm(set, number, end, spill)?;
            hot.each_symbol(set, group, |symbol| symbols.release(symbol));
        }
        let key = &mut self.all[self.hand];
        match std::mem::replace(&mut key.held, Held::Free) {
            Held::Free => {}
            Held::Hot(hot) => self.hot_bytes -= hot.bytes,
            Held::Packed(bytes) => self.packed_bytes -= bytes.len() + ALLOCATION,
            Held::Spilled(place) => {
                if let Some(spill) = spill {
                    spill.release(&place);
                }
            }
        }
        self.names.remove(number);
        Ok(())
    }

    /// Bytes of memory of hot keys.
    pub(super) const fn hot_bytes(&self) -> usize {
        self.hot_bytes
    }

    /// About how many bytes of memory all keys take.
    pub(super) fn bytes(&self) -> usize {
        self.hot_bytes
            + self.packed_bytes
            + self.all.capacity() * size_of::<Key>()
            + self.names.bytes()
    }

    /// Every key as a snapshot has it, in the order of their numbers: text, newest, packed items.
    pub(super) fn each_packed(
        &self,
        spill: Option<&Spill>,
        mut told: impl FnMut(Option<(&str, i64, &[u8])>) -> Result<(), StateFault>,
    ) -> Result<(), StateFault> {
        let mut packed = Vec::new();
        for (number, key) in (0..).zip(&self.all) {
            let Some(text) = self.names.text(number) else {
                told(None)?;
                continue;
            };
            match &key.held {
                Held::Free => told(None)?,
                Held::Hot(hot) => {
                    hot.pack(&mut packed);
                    told(Some((text, key.newest, &packed)))?;
                }
                Held::Packed(bytes) => told(Some((text, key.newest, bytes)))?,
                Held::Spilled(place) => {
                    let bytes = spill.ok_or(StateFault::Damaged)?.read(place)?;
                    told(Some((text, key.newest, &bytes)))?;
                }
            }
        }
        Ok(())
    }

    /// How many numbers have been given to keys, for a snapshot.
    pub(super) const fn end(&self) -> usize {
        self.all.len()
    }

    /// Takes up the next key of a snapshot. `false` when its text stands there twice.
    pub(super) fn put_next(&mut self, key: Option<(&str, i64, Box<[u8]>)>) -> bool {
        let (text, key) = match key {
            None => (None, Key { newest: i64::MIN, used: false, held: Held::Free }),
            Some((text, newest, bytes)) => {
                self.packed_bytes += bytes.len() + ALLOCATION;
                (Some(text), Key { newest, used: false, held: Held::Packed(bytes) })
            }
        };
        self.all.push(key);
        self.names.put_next(text)
    }
}

/// How hard the hand works.
#[derive(Clone, Copy)]
pub(super) struct Pressure {
    pub(super) steps: usize,
    /// Whether unused hot keys are packed.
    pub(super) pack: bool,
    /// Whether unused packed keys are spilled.
    pub(super) spill: bool,
}
