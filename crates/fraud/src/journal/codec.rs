//! Numbers and texts as bytes of the log, the same on every machine.
//!
//! Whole numbers are LEB128 (signed ones in zigzag), reals their IEEE 754 bits in little-endian
//! order, texts their length and UTF-8. Reading is bounded by the bytes that there are.

use crate::error::FraudError;

/// Writes.
#[derive(Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(crate) const fn over(bytes: Vec<u8>) -> Self {
        Self { bytes }
    }

    pub(crate) fn byte(&mut self, value: u8) {
        self.bytes.push(value);
    }

    pub(crate) fn count(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value.to_le_bytes()[0] | 0x80);
            value >>= 7;
        }
        self.bytes.push(value.to_le_bytes()[0]);
    }

    pub(crate) fn size(&mut self, value: usize) {
        self.count(value as u64);
    }

    pub(crate) fn number(&mut self, value: i64) {
        self.count(((value << 1) ^ (value >> 63)).cast_unsigned());
    }

    pub(crate) fn real(&mut self, value: f64) {
        self.bytes.extend_from_slice(&value.to_bits().to_le_bytes());
    }

    pub(crate) fn raw(&mut self, value: &[u8]) {
        self.bytes.extend_from_slice(value);
    }

    pub(crate) fn text(&mut self, value: &str) {
        self.size(value.len());
        self.raw(value.as_bytes());
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Reads; every fault is [`FraudError::Journal`].
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

const SHORT: FraudError = FraudError::Journal { why: "it ends too early" };

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn byte(&mut self) -> Result<u8, FraudError> {
        let (first, rest) = self.rest.split_first().ok_or(SHORT)?;
        self.rest = rest;
        Ok(*first)
    }

    pub(crate) fn count(&mut self) -> Result<u64, FraudError> {
        let mut value = 0_u64;
        for place in 0..10 {
            let byte = self.byte()?;
            if place == 9 && byte > 1 {
                break;
            }
            value |= u64::from(byte & 0x7f) << (7 * place);
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(FraudError::Journal { why: "a number in it is longer than 64 bits" })
    }

    /// A count of things of which each takes at least one byte: never more than there are bytes.
    pub(crate) fn size(&mut self) -> Result<usize, FraudError> {
        let size = usize::try_from(self.count()?).unwrap_or(usize::MAX);
        if size > self.rest.len() { Err(SHORT) } else { Ok(size) }
    }

    pub(crate) fn number(&mut self) -> Result<i64, FraudError> {
        let folded = self.count()?;
        Ok((folded >> 1).cast_signed() ^ -(folded & 1).cast_signed())
    }

    pub(crate) fn real(&mut self) -> Result<f64, FraudError> {
        Ok(f64::from_bits(u64::from_le_bytes(self.array()?)))
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], FraudError> {
        let (first, rest) = self.rest.split_first_chunk().ok_or(SHORT)?;
        self.rest = rest;
        Ok(*first)
    }

    pub(crate) fn bytes(&mut self, length: usize) -> Result<&'a [u8], FraudError> {
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or(SHORT)?;
        self.rest = rest;
        Ok(bytes)
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, FraudError> {
        let length = self.size()?;
        str::from_utf8(self.bytes(length)?)
            .map_err(|_| FraudError::Journal { why: "a text in it is not UTF-8" })
    }

    /// Nothing may follow.
    pub(crate) const fn end(&self) -> Result<(), FraudError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(FraudError::Journal { why: "something follows its end" })
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(number: i64, count: u64, real: f64, text: String) {
            let mut writer = Writer::default();
            writer.number(number);
            writer.count(count);
            writer.real(real);
            writer.text(&text);
            let bytes = writer.finish();
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.number().unwrap(), number);
            prop_assert_eq!(reader.count().unwrap(), count);
            prop_assert_eq!(reader.real().unwrap().to_bits(), real.to_bits());
            prop_assert_eq!(reader.text().unwrap(), text);
            prop_assert!(reader.end().is_ok());
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let mut reader = Reader::new(&bytes);
            while reader.text().is_ok() && reader.number().is_ok() && reader.end().is_err() {}
        }
    }
}
