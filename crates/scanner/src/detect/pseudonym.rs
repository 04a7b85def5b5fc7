//! Our own pseudonyms: base64 of 64 or 48 bytes that end in the keyless mark.

use doldam_ground::Kind;
use doldam_ground::mark::has_mark;

use super::Candidate;
use crate::finding::Confidence::Certain;

const MARKED: &str = "carries the mark of a Doldam pseudonym";

/// The candidate, if the base64 characters `data` (without padding, standard alphabet) carry the
/// mark.
pub(super) fn find(data: &[u8], start: usize, end: usize) -> Option<Candidate> {
    let mut bytes = [0; 64];
    let length = decode(data, &mut bytes)?;
    has_mark(&bytes[..length]).then_some(Candidate {
        kind: Kind::PSEUDONYM,
        start,
        end,
        bare: Some((Certain, MARKED)),
        backed: (Certain, MARKED),
    })
}

/// Decodes 86 characters to 64 bytes, or 64 to 48 (RFC 4648, section 4); the length in bytes.
fn decode(data: &[u8], out: &mut [u8; 64]) -> Option<usize> {
    if data.len() != 86 && data.len() != 64 {
        return None;
    }
    let mut length = 0;
    for group in data.chunks(4) {
        let mut bits = 0_u32;
        for byte in group {
            bits = bits << 6 | u32::from(sextet(*byte)?);
        }
        bits <<= 6 * (4 - group.len());
        let bytes = bits.to_be_bytes();
        let taken = group.len() * 6 / 8;
        out[length..length + taken].copy_from_slice(&bytes[1..=taken]);
        length += taken;
    }
    Some(length)
}

const fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}
