//! The keyless mark: anybody can tell "this is one of Doldam's pseudonyms" without a key.
//!
//! The last four bytes of a long pseudonym are CRC-32C (RFC 3720, appendix B.4; Castagnoli) of all
//! bytes before them, XORed with a public constant so that ordinary CRC-carrying data does not look
//! marked. It is a label, not security: anyone can forge it, and only the vault's keyed check
//! decides. A random value carries it by chance once in 2^32.

/// The public constant: the ASCII letters `DLDM`.
const LABEL: u32 = u32::from_be_bytes(*b"DLDM");

/// The four mark bytes for the bytes that come before them.
pub fn mark_of(body: &[u8]) -> [u8; 4] {
    (crc32c::crc32c(body) ^ LABEL).to_be_bytes()
}

/// Whether `bytes` end in the mark of everything before it. Shorter than 20 bytes is never marked.
pub fn has_mark(bytes: &[u8]) -> bool {
    bytes.len() >= 20
        && bytes.split_last_chunk::<4>().is_some_and(|(body, mark)| mark_of(body) == *mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_castagnolis() {
        // RFC 3720, appendix B.4: 32 bytes of zeros give 0x8A9136AA.
        assert_eq!(crc32c::crc32c(&[0; 32]), 0x8A91_36AA);
    }

    #[test]
    fn one_changed_bit_loses_the_mark() {
        let mut bytes = [7_u8; 64];
        let mark = mark_of(&bytes[..60]);
        bytes[60..].copy_from_slice(&mark);
        assert!(has_mark(&bytes));
        for place in 0..64 {
            bytes[place] ^= 1;
            assert!(!has_mark(&bytes), "byte {place}");
            bytes[place] ^= 1;
        }
        assert!(!has_mark(&[]));
    }
}
