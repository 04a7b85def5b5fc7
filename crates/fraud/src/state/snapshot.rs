//! The state as bytes: what a restart begins with.
//!
//! `DOLDAMFS`, a version, then numbers (LEB128) and texts, then a BLAKE3 of everything before it. A
//! reader takes memory only for bytes that are there, checks every number before it is used, and
//! refuses a snapshot of other features: its windows would be silently short.

use std::io::{Read, Write};

use super::fault::StateFault;
use super::keys::{Hot, Keys};
use super::label::{ABSENT, Labels, Record};
use super::names::Names;
use super::symbol::Symbols;
use super::{Counts, State};
use crate::event::TEXT_BYTES_MAX;
use crate::feature::{FeatureSet, KEY_FIELDS_MAX};
use crate::window::{put_number, put_signed};

const MAGIC: &[u8; 8] = b"DOLDAMFS";
const VERSION: u64 = 1;
/// How much is gathered before it is written, and how much is read at once.
const CHUNK: usize = 1 << 16;
/// Longest key: its fields and the characters between them.
const KEY_BYTES_MAX: usize = KEY_FIELDS_MAX * (TEXT_BYTES_MAX + 1);

impl State {
    /// Writes a snapshot.
    ///
    /// Errors: the stream refused, or a spilled key cannot be read.
    pub fn write(&self, out: &mut dyn Write) -> Result<(), StateFault> {
        let mut writer = Writer { out, hash: blake3::Hasher::new(), bytes: Vec::new() };
        writer.bytes.extend_from_slice(MAGIC);
        writer.number(VERSION)?;
        writer.raw(&self.version)?;
        writer.number(u64::from(self.newest.is_some()))?;
        writer.signed(self.newest.unwrap_or(0))?;
        for count in [self.counts.events, self.counts.late, self.counts.too_late] {
            writer.number(count)?;
        }
        let names = self.symbols.names();
        writer.number(names.end() as u64)?;
        for number in (0..).take(names.end()) {
            writer.text(names.text(number))?;
        }
        for keys in &self.groups {
            writer.number(keys.end() as u64)?;
            keys.each_packed(self.spill.as_ref(), |key| {
                writer.text(key.map(|(text, ..)| text))?;
                let Some((_, newest, bytes)) = key else { return Ok(()) };
                writer.signed(newest)?;
                writer.number(bytes.len() as u64)?;
                writer.raw(bytes)
            })?;
        }
        writer.number(self.labels.count() as u64)?;
        for (hash, record) in self.labels.each() {
            writer.raw(&hash.to_le_bytes())?;
            writer.signed(record.time)?;
            writer.number(u64::from(record.sequence))?;
            record.keys.iter().try_for_each(|key| writer.number(u64::from(*key)))?;
        }
        writer.finish()
    }

    /// Reads a snapshot of the same feature set. All keys are packed, until they are used.
    ///
    /// Errors: it is not a snapshot, belongs to another set, or is damaged. Never panics on any
    /// bytes, and takes memory only in proportion to them.
    pub fn read(set: &FeatureSet, from: &mut dyn Read) -> Result<Self, StateFault> {
        let mut reader = Reader::new(from);
        if reader.raw::<8>().map_err(|_| StateFault::Form)? != *MAGIC || reader.number()? != VERSION
        {
            return Err(StateFault::Form);
        }
        if reader.raw::<32>()? != *set.version() {
            return Err(StateFault::OtherFeatures);
        }
        let mut state = Self::new(set);
        let known = reader.number()? == 1;
        let newest = reader.signed()?;
        state.newest = known.then_some(newest);
        state.counts =
            Counts { events: reader.number()?, late: reader.number()?, too_late: reader.number()? };
        state.symbols = Symbols::of(read_names(&mut reader)?);
        for group in 0..set.groups.len() {
            state.groups[group] = read_keys(set, group, &mut reader, &mut state.symbols)?;
        }
        state.symbols.forget_unused();
        let bound = newest.saturating_sub(
            state.labelled.iter().map(|group| set.groups[*group].kept_us).max().unwrap_or(0),
        );
        state.labels = read_labels(&state.labelled, &state.groups, bound, &mut reader)?;
        reader.finish()?;
        Ok(state)
    }
}

fn read_names(reader: &mut Reader<'_>) -> Result<Names, StateFault> {
    let mut names = Names::default();
    let count = reader.number()?;
    for _ in 0..count {
        let text = reader.text(crate::rule::TEXT_MAX.max(TEXT_BYTES_MAX))?;
        if !names.put_next(text.as_deref()) {
            return Err(StateFault::Damaged);
        }
    }
    Ok(names)
}

fn read_keys(
    set: &FeatureSet,
    group: usize,
    reader: &mut Reader<'_>,
    symbols: &mut Symbols,
) -> Result<Keys, StateFault> {
    let mut keys = Keys::new(set, group);
    let end = symbols.names().end() as u64;
    let count = reader.number()?;
    for _ in 0..count {
        let Some(text) = reader.text(KEY_BYTES_MAX)? else {
            if !keys.put_next(None) {
                return Err(StateFault::Damaged);
            }
            continue;
        };
        let newest = reader.signed()?;
        let length = usize::try_from(reader.number()?).map_err(|_| StateFault::Damaged)?;
        let bytes = reader.bytes(length)?;
        let hot = Hot::unpack(set, group, &bytes, end).ok_or(StateFault::Damaged)?;
        hot.each_symbol(set, group, |symbol| symbols.use_again(symbol));
        if !keys.put_next(Some((&text, newest, bytes.into_boxed_slice()))) {
            return Err(StateFault::Damaged);
        }
    }
    Ok(keys)
}

fn read_labels(
    labelled: &[usize],
    groups: &[Keys],
    bound: i64,
    reader: &mut Reader<'_>,
) -> Result<Labels, StateFault> {
    let mut labels = Labels::new(labelled.len());
    let mut keys = Vec::with_capacity(labelled.len());
    let count = reader.number()?;
    for _ in 0..count {
        let hash = u64::from_le_bytes(reader.raw()?);
        let time = reader.signed()?;
        let sequence = u32::try_from(reader.number()?).map_err(|_| StateFault::Damaged)?;
        keys.clear();
        for group in labelled {
            let key = u32::try_from(reader.number()?).map_err(|_| StateFault::Damaged)?;
            if key != ABSENT && key as usize >= groups[*group].end() {
                return Err(StateFault::Damaged);
            }
            keys.push(key);
        }
        labels.add(hash, Record { time, sequence, keys: &keys }, bound);
    }
    Ok(labels)
}

struct Writer<'a> {
    out: &'a mut dyn Write,
    hash: blake3::Hasher,
    bytes: Vec<u8>,
}

impl Writer<'_> {
    fn number(&mut self, number: u64) -> Result<(), StateFault> {
        put_number(&mut self.bytes, number);
        self.flush(CHUNK)
    }

    fn signed(&mut self, number: i64) -> Result<(), StateFault> {
        put_signed(&mut self.bytes, number);
        self.flush(CHUNK)
    }

    fn raw(&mut self, bytes: &[u8]) -> Result<(), StateFault> {
        self.bytes.extend_from_slice(bytes);
        self.flush(CHUNK)
    }

    /// Its length plus one and the text; 0 for none.
    fn text(&mut self, text: Option<&str>) -> Result<(), StateFault> {
        self.number(text.map_or(0, |text| text.len() as u64 + 1))?;
        self.raw(text.unwrap_or_default().as_bytes())
    }

    fn flush(&mut self, above: usize) -> Result<(), StateFault> {
        if self.bytes.len() >= above {
            self.hash.update(&self.bytes);
            self.out.write_all(&self.bytes)?;
            self.bytes.clear();
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), StateFault> {
        self.flush(0)?;
        self.out.write_all(self.hash.finalize().as_bytes())?;
        self.out.flush()?;
        Ok(())
    }
}

struct Reader<'a> {
    from: &'a mut dyn Read,
    hash: blake3::Hasher,
    chunk: Vec<u8>,
    at: usize,
}

impl<'a> Reader<'a> {
    fn new(from: &'a mut dyn Read) -> Self {
        Self { from, hash: blake3::Hasher::new(), chunk: Vec::new(), at: 0 }
    }

    /// Reads on when all has been used.
    fn fill(&mut self) -> Result<(), StateFault> {
        if self.at < self.chunk.len() {
            return Ok(());
        }
        self.hash.update(&self.chunk);
        self.chunk.clear();
        self.at = 0;
        let mut limited = Read::take(&mut *self.from, CHUNK as u64);
        limited.read_to_end(&mut self.chunk)?;
        if self.chunk.is_empty() { Err(StateFault::Damaged) } else { Ok(()) }
    }

    fn byte(&mut self) -> Result<u8, StateFault> {
        self.fill()?;
        self.at += 1;
        Ok(self.chunk[self.at - 1])
    }

    fn number(&mut self) -> Result<u64, StateFault> {
        let mut bytes = [0; 10];
        for place in 0..bytes.len() {
            bytes[place] = self.byte()?;
            if bytes[place] & 0x80 == 0 {
                let mut packed = crate::window::Reader::new(&bytes[..=place]);
                return packed.number().ok_or(StateFault::Damaged);
            }
        }
        Err(StateFault::Damaged)
    }

    fn signed(&mut self) -> Result<i64, StateFault> {
        let number = self.number()?;
        Ok((number >> 1).cast_signed() ^ -((number & 1).cast_signed()))
    }

    fn raw<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], StateFault> {
        let mut bytes = [0; LENGTH];
        for byte in &mut bytes {
            *byte = self.byte()?;
        }
        Ok(bytes)
    }

    fn bytes(&mut self, length: usize) -> Result<Vec<u8>, StateFault> {
        let mut bytes = Vec::new();
        while bytes.len() < length {
            self.fill()?;
            let taken = (length - bytes.len()).min(self.chunk.len() - self.at);
            bytes.extend_from_slice(&self.chunk[self.at..self.at + taken]);
            self.at += taken;
        }
        Ok(bytes)
    }

    fn text(&mut self, longest: usize) -> Result<Option<String>, StateFault> {
        let Some(length) = self.number()?.checked_sub(1) else { return Ok(None) };
        let length = usize::try_from(length).map_err(|_| StateFault::Damaged)?;
        if length > longest {
            return Err(StateFault::Damaged);
        }
        let bytes = self.bytes(length)?;
        String::from_utf8(bytes).map(Some).map_err(|_| StateFault::Damaged)
    }

    /// Compares the checksum, which must be the last that there is.
    fn finish(mut self) -> Result<(), StateFault> {
        self.hash.update(&self.chunk[..self.at]);
        let wanted = self.hash.finalize();
        self.chunk.drain(..self.at);
        self.at = 0;
        let rest = 32_usize.saturating_sub(self.chunk.len()) as u64 + 1;
        Read::take(&mut *self.from, rest).read_to_end(&mut self.chunk)?;
        if self.chunk == wanted.as_bytes() { Ok(()) } else { Err(StateFault::Damaged) }
    }
}
