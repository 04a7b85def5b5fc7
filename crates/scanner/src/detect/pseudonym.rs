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
    let mut wrong = 0;
    for group in data.chunks(4) {
        let mut bits = 0_u32;
        for place in 0..4 {
            let sextet = group.get(place).map_or(0, |byte| SEXTETS[usize::from(*byte)]);
            wrong |= sextet;
            bits = bits << 6 | u32::from(sextet);
        }
        let bytes = bits.to_be_bytes();
        let taken = group.len() * 6 / 8;
        out[length..length + taken].copy_from_slice(&bytes[1..=taken]);
        length += taken;
    }
    (wrong & WRONG == 0).then_some(length)
}

/// Set in the entry of a byte that is no base64 character.
const WRONG: u8 = 0x80;

/// The six bits of each base64 character.
const SEXTETS: [u8; 256] = {
    let mut table = [WRONG; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut value = 0_u8;
    while value < 64 {
        table[alphabet[value as usize] as usize] = value;
        value += 1;
    }
    table
};
