//! What several targets and the maker of seeds have in common.

use doldam_ground::ids::{DisclosureId, DomainId, Handle, Ordinal};
use doldam_ground::{Entropy, Kind};
use doldam_vault::pseudonym::{DomainKey, Member};

/// Numbers that are the same in every run, so that a seed made once stays of use.
pub struct Counting(pub u8);

impl Entropy for Counting {
    fn fill(&mut self, out: &mut [u8]) {
        for byte in out {
            *byte = self.0;
            self.0 = self.0.wrapping_mul(5).wrapping_add(113);
        }
    }
}

/// Kinds whose pseudonyms are recognised: one of each shape.
pub const KINDS: [Kind; 7] =
    [Kind::CI, Kind::DI, Kind::NICKNAME, Kind::PHONE, Kind::EMAIL, Kind::ACCOUNT, Kind::CARD];

/// A domain of the targets for each of [`KINDS`], with the disclosures that it may be bound to.
pub fn domains() -> Vec<(DomainKey, Vec<DisclosureId>)> {
    KINDS
        .iter()
        .zip(1..)
        .map(|(kind, number)| {
            let key = [u8::try_from(number).expect("there are seven"); 96];
            (DomainKey::new(DomainId::new(number), *kind, &key), vec![DisclosureId::new(number)])
        })
        .collect()
}

/// The people whose pseudonyms the targets know.
pub fn members() -> Vec<Member> {
    (0..8)
        .map(|number: u32| Member {
            handle: Handle::new(u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15)),
            ordinal: Ordinal::new(number),
        })
        .collect()
}

/// Takes `length`-prefixed parts off the front: two bytes, little end first; what is left over is
/// the last part.
pub fn parts(mut bytes: &[u8], count: usize) -> Vec<&[u8]> {
    let mut parts = Vec::with_capacity(count);
    for _ in 1..count {
        let (length, rest) = bytes.split_first_chunk::<2>().unwrap_or((&[0, 0], &[]));
        let length = usize::from(u16::from_le_bytes(*length)).min(rest.len());
        parts.push(&rest[..length]);
        bytes = &rest[length..];
    }
    parts.push(bytes);
    parts
}

/// The opposite of [`parts`].
pub fn join(parts: &[&[u8]]) -> Vec<u8> {
    let mut joined = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        if place + 1 < parts.len() {
            let length = u16::try_from(part.len()).expect("a seed's part is short");
            joined.extend(length.to_le_bytes());
        }
        joined.extend(*part);
    }
    joined
}
