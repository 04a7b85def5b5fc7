//! A buffer as few bytes: for keys that are idle, for snapshots and for the disk.
//!
//! Times are differences (in whole seconds where they are), numbers are variable in length, so a
//! payment of an idle account takes about six bytes instead of 24. Where the windows stood is not
//! kept: it follows from the items.

use super::items::Meta;
use super::{Buffer, BufferPlan, COLUMNS_MAX};

const SECOND_US: u64 = 1_000_000;

/// Writes a number, seven bits a byte, low ones first (LEB128).
pub(crate) fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(low(number) | 0x80);
        number >>= 7;
    }
    out.push(low(number));
}

/// The low seven bits.
const fn low(number: u64) -> u8 {
    number.to_le_bytes()[0] & 0x7f
}

/// Writes a signed number: its sign goes into the lowest bit.
pub(crate) fn put_signed(out: &mut Vec<u8>, number: i64) {
    put_number(out, (number << 1 ^ number >> 63).cast_unsigned());
}

/// Reads what was packed. Every call gives `None` where the bytes do not hold what is asked.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Of these bytes.
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Whether all has been read.
    pub(crate) const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// A number of [`put_number`].
    pub(crate) fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let (first, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            let bits = u64::from(first & 0x7f);
            if shift == 63 && bits > 1 {
                return None;
            }
            number |= bits << shift;
            if first & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// A number of [`put_signed`].
    pub(crate) fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1).cast_signed() ^ -((number & 1).cast_signed()))
    }
}

impl Buffer {
    /// Packs the items; [`unpack`] is the way back.
    pub(crate) fn pack(&self, out: &mut Vec<u8>) {
        let items = self.items();
        put_number(out, (items.end() - items.first()) as u64);
        let mut before = 0;
        let mut sequence = 0;
        for number in items.first()..items.end() {
            let (time, meta) = (items.time(number), items.meta(number));
            put_step(out, before, time);
            put_number(out, u64::from(meta.present()) << 1 | u64::from(meta.fraud()));
            put_signed(out, i64::from(meta.sequence()) - i64::from(sequence));
            items.each_slot(number, &mut |_, slot| put_signed(out, slot));
            (before, sequence) = (time, meta.sequence());
        }
    }
}

/// A time after the one before it. The difference of two times may need 65 bits, so the few that
/// are so far apart are written whole: `…1` whole seconds, `…01` microseconds, `…00` whole.
fn put_step(out: &mut Vec<u8>, before: i64, time: i64) {
    let step = time.checked_sub(before).and_then(|step| u64::try_from(step).ok());
    match step {
        Some(step) if step % SECOND_US == 0 => put_number(out, ((step / SECOND_US) << 1) | 1),
        Some(step) if step < 1 << 61 => put_number(out, step << 2 | 2),
        _ => {
            put_number(out, 0);
            put_signed(out, time);
        }
    }
}

fn step(reader: &mut Reader<'_>, before: i64) -> Option<i64> {
    let number = reader.number()?;
    let step = match number & 3 {
        1 | 3 => (number >> 1).checked_mul(SECOND_US)?,
        2 => number >> 2,
        _ if number == 0 => return reader.signed(),
        _ => return None,
    };
    before.checked_add_unsigned(step)
}

/// Reads a packed buffer. `None` when the bytes are not one of this plan; every slot of a text
/// column must be a symbol below `symbols`.
pub(crate) fn unpack(plan: &BufferPlan, reader: &mut Reader<'_>, symbols: u64) -> Option<Buffer> {
    let mut buffer = Buffer::new(plan);
    let count = reader.number()?;
    // An item takes three bytes at least, so a count cannot ask for memory that its bytes do not.
    if count > 0 {
        buffer.items.reserve(usize::try_from(count).ok()?.min(reader.bytes.len() / 3));
    }
    let (mut before, mut sequence) = (0_i64, 0_u32);
    let mut slots = [0; COLUMNS_MAX];
    for number in 0..count {
        let time = step(reader, before)?;
        if number > 0 && time < before {
            return None;
        }
        let facts = reader.number()?;
        let present = u16::try_from(facts >> 1).ok()?;
        sequence = u32::try_from(i64::from(sequence).checked_add(reader.signed()?)?).ok()?;
        if u32::from(present) >> plan.columns.len() != 0 {
            return None;
        }
        for (column, holds) in plan.columns.iter().enumerate() {
            slots[column] = if present >> column & 1 == 1 { reader.signed()? } else { 0 };
            let text = present >> column & 1 == 1 && *holds == crate::value::Type::Text;
            if text && u64::try_from(slots[column]).ok()? >= symbols {
                return None;
            }
        }
        let meta = Meta::new(present, sequence).labelled(facts & 1 == 1);
        let end = buffer.items.end();
        buffer.items.insert(end, time, meta, &slots[..plan.columns.len()]);
        before = time;
    }
    Some(buffer)
}

#[cfg(test)]
mod tests {
    use doldam_ground::Instant;
    use proptest::prelude::*;

    use super::*;
    use crate::value::Type;
    use crate::window::RangePlan;

    fn plan() -> BufferPlan {
        let range = RangePlan { span_us: 5, delay_us: 0, keeps: Vec::new() };
        BufferPlan { columns: vec![Type::Int, Type::Text], ranges: vec![range] }
    }

    fn facts(buffer: &Buffer) -> Vec<(i64, Meta, Option<i64>, Option<i64>)> {
        let items = buffer.items();
        let item = |number| {
            (items.time(number), items.meta(number), items.slot(number, 0), items.slot(number, 1))
        };
        (items.first()..items.end()).map(item).collect()
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_back(
            items in proptest::collection::vec(
                (prop_oneof![any::<i64>(), -5..5_i64, (0..9_i64).prop_map(|second| second * 1_000_000)],
                 any::<(u32, bool, i64)>(), 0..4_u16, 0..3_i64),
                0..40,
            ),
        ) {
            let plan = plan();
            let mut buffer = Buffer::new(&plan);
            for (time, (sequence, fraud, value), present, symbol) in items {
                buffer.stand_at(&plan, Instant::from_micros(time));
                buffer.add(&plan, Meta::new(present, sequence).labelled(fraud), &[value, symbol]);
            }
            let mut bytes = Vec::new();
            buffer.pack(&mut bytes);
            let mut reader = Reader::new(&bytes);
            let back = unpack(&plan, &mut reader, 3).unwrap();
            prop_assert!(reader.is_empty());
            prop_assert_eq!(facts(&buffer), facts(&back));
            if bytes.len() > 1 {
                prop_assert!(unpack(&plan, &mut Reader::new(&bytes[..bytes.len() - 1]), 3).is_none());
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Some(mut buffer) = unpack(&plan(), &mut Reader::new(&bytes), 3) {
                buffer.stand_at(&plan(), Instant::from_micros(0));
            }
        }

        #[test]
        fn numbers_come_back(number in any::<u64>(), signed in any::<i64>()) {
            let mut bytes = Vec::new();
            put_number(&mut bytes, number);
            put_signed(&mut bytes, signed);
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.number(), Some(number));
            prop_assert_eq!(reader.signed(), Some(signed));
            prop_assert!(reader.is_empty());
        }
    }
}
