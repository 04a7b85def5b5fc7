//! AES-SIV (RFC 5297), many short messages at a time.
//!
//! A disclosure makes a pseudonym for every person and a trace opens one for every row, so the mode
//! must run at the speed of the cipher. One message is a chain of block encryptions that wait for
//! each other; [`LANES`] messages side by side keep the cipher's pipeline full. The mode itself is
//! exactly the RFC's: the tests hold its vectors and compare with the `aes-siv` crate.
//!
//! Messages of one call have one length, known at compile time. The associated data, if any, is
//! absorbed once when the key is set up.

use aes::cipher::array::Array;
use aes::cipher::consts::U16;
use aes::cipher::{BlockCipherEncrypt, BlockSizeUser, KeyInit};
use subtle::ConstantTimeEq;

/// Messages that are worked on side by side.
pub const LANES: usize = 16;

/// Fewer messages than this are sealed one by one.
const FEW: usize = 3;

/// Bytes of the synthetic initialisation vector in front of the ciphertext.
pub const SIV_BYTES: usize = 16;

type Block = Array<u8, U16>;

/// One AES-SIV key with its associated data absorbed.
#[derive(Clone)]
pub struct Siv<C> {
    mac: C,
    counter: C,
    /// S2V's running value after the associated data: `D` in RFC 5297, section 2.4.
    absorbed: u128,
    /// CMAC's subkey for a complete last block (NIST SP 800-38B).
    subkey_full: u128,
    /// CMAC's subkey for a padded last block.
    subkey_padded: u128,
}

impl<C> Siv<C>
where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16> + KeyInit,
{
    /// Sets up a key of two cipher keys, `K1 ‖ K2` in the RFC's order, for messages that carry the
    /// given strings of associated data.
    ///
    /// # Panics
    /// When `key` is not exactly two cipher keys long; lengths are fixed where keys are derived.
    pub fn new(key: &[u8], associated: &[&[u8]]) -> Self {
        let (first, second) = key.split_at(key.len() / 2);
        let mac = C::new_from_slice(first).expect("a SIV key is two cipher keys");
        let counter = C::new_from_slice(second).expect("a SIV key is two cipher keys");
        let subkey_full = double(encrypt_one(&mac, 0));
        let subkey_padded = double(subkey_full);
        let mut siv = Self { mac, counter, absorbed: 0, subkey_full, subkey_padded };
        siv.absorbed = siv.cmac(&[0; 16]);
        for string in associated {
            siv.absorbed = double(siv.absorbed) ^ siv.cmac(string);
        }
        siv
    }

    /// Seals each message of `P` bytes into `16 + P` bytes: the SIV, then the ciphertext.
    ///
    /// `sealed` must be as long as `plain`, and `S` must be `16 + P`.
    pub fn seal<const P: usize, const S: usize>(&self, plain: &[[u8; P]], sealed: &mut [[u8; S]]) {
        const { assert!(S == P + SIV_BYTES) }
        assert_eq!(plain.len(), sealed.len(), "one box a message");
        for (plain, sealed) in plain.chunks(LANES).zip(sealed.chunks_mut(LANES)) {
            // A few messages would only fill the lanes with zeros.
            if plain.len() < FEW {
                for (plain, sealed) in plain.chunks(1).zip(sealed.chunks_mut(1)) {
                    self.seal_lanes::<P, S, 1>(plain, sealed);
                }
            } else {
                self.seal_lanes::<P, S, LANES>(plain, sealed);
            }
        }
    }

    /// Seals up to `L` messages side by side.
    fn seal_lanes<const P: usize, const S: usize, const L: usize>(
        &self,
        plain: &[[u8; P]],
        sealed: &mut [[u8; S]],
    ) {
        let mut texts = [[0; P]; L];
        texts[..plain.len()].copy_from_slice(plain);
        let vectors = self.vectors(&texts, plain.len());
        self.cross(&mut texts, &vectors, plain.len());
        for ((sealed, text), vector) in sealed.iter_mut().zip(&texts).zip(&vectors) {
            sealed[..SIV_BYTES].copy_from_slice(vector);
            sealed[SIV_BYTES..].copy_from_slice(text);
        }
    }

    /// Opens each box; `true` in the answer where the box is authentic under this key, and then
    /// `plain` holds its message. Where it is not, `plain` holds zeros.
    pub fn open<const P: usize, const S: usize>(
        &self,
        sealed: &[[u8; S]],
        plain: &mut [[u8; P]],
        authentic: &mut [bool],
    ) {
        const { assert!(S == P + SIV_BYTES) }
        assert!(sealed.len() == plain.len() && sealed.len() == authentic.len(), "one answer a box");
        let chunks = sealed.chunks(LANES).zip(plain.chunks_mut(LANES));
        for ((sealed, plain), authentic) in chunks.zip(authentic.chunks_mut(LANES)) {
            let mut vectors = [Block::default(); LANES];
            let mut texts = [[0; P]; LANES];
            for (lane, sealed) in sealed.iter().enumerate() {
                vectors[lane].copy_from_slice(&sealed[..SIV_BYTES]);
                texts[lane].copy_from_slice(&sealed[SIV_BYTES..]);
            }
            self.cross(&mut texts, &vectors, sealed.len());
            let expected = self.vectors(&texts, sealed.len());
            for lane in 0..sealed.len() {
                authentic[lane] = bool::from(expected[lane].ct_eq(&vectors[lane]));
                plain[lane] = if authentic[lane] { texts[lane] } else { [0; P] };
            }
        }
    }

    /// S2V over each text (RFC 5297, section 2.4): the synthetic initialisation vectors.
    fn vectors<const P: usize, const L: usize>(
        &self,
        texts: &[[u8; P]; L],
        lanes: usize,
    ) -> [Block; L] {
        let mut chain = [Block::default(); L];
        let chain = &mut chain[..lanes];
        let (last_start, subkey) = if P < 16 {
            (0, self.subkey_full)
        } else if P.is_multiple_of(16) {
            (P - 16, self.subkey_full)
        } else {
            (P - P % 16, self.subkey_padded)
        };
        for start in (0..last_start).step_by(16) {
            for (block, text) in chain.iter_mut().zip(texts) {
                *block = bytes_of(number_of(block) ^ self.masked::<P>(text, start));
            }
            self.mac.encrypt_blocks(chain);
        }
        for (block, text) in chain.iter_mut().zip(texts) {
            *block = bytes_of(number_of(block) ^ self.masked::<P>(text, last_start) ^ subkey);
        }
        self.mac.encrypt_blocks(chain);
        let mut vectors = [Block::default(); L];
        vectors[..lanes].copy_from_slice(chain);
        vectors
    }

    /// Sixteen bytes from `start` of S2V's last string with the absorbed value mixed in: at its end
    /// (`xorend`) for 16 bytes and more, doubled over the padded string for fewer. A short block is
    /// padded as CMAC pads it.
    fn masked<const P: usize>(&self, text: &[u8; P], start: usize) -> u128 {
        let mut block = [0_u8; 16];
        let taken = (P - start).min(16);
        block[..taken].copy_from_slice(&text[start..start + taken]);
        if P < 16 {
            block[taken] = 0x80;
            return u128::from_be_bytes(block) ^ double(self.absorbed);
        }
        if taken < 16 {
            block[taken] = 0x80;
        }
        let end_starts = P - 16;
        let mask = if start + 16 <= end_starts {
            0
        } else if start >= end_starts {
            self.absorbed << (8 * (start - end_starts))
        } else {
            self.absorbed >> (8 * (end_starts - start))
        };
        u128::from_be_bytes(block) ^ mask
    }

    /// Counter mode from each SIV with its two top bits cleared (RFC 5297, section 2.6): turns
    /// plaintext into ciphertext and back.
    fn cross<const P: usize, const L: usize>(
        &self,
        texts: &mut [[u8; P]; L],
        vectors: &[Block; L],
        lanes: usize,
    ) {
        const CLEARED: u128 = !((1 << 63) | (1 << 31));
        for (place, start) in (0..P).step_by(16).enumerate() {
            let mut stream = [Block::default(); L];
            for (block, vector) in stream.iter_mut().zip(vectors) {
                *block = bytes_of((number_of(vector) & CLEARED) + place as u128);
            }
            self.counter.encrypt_blocks(&mut stream[..lanes]);
            let end = (start + 16).min(P);
            for (text, block) in texts.iter_mut().zip(&stream[..lanes]) {
                for (byte, key) in text[start..end].iter_mut().zip(block) {
                    *byte ^= key;
                }
            }
        }
    }

    /// CMAC (NIST SP 800-38B) of a string, for setting up a key.
    fn cmac(&self, string: &[u8]) -> u128 {
        let complete = !string.is_empty() && string.len().is_multiple_of(16);
        let last_start = if complete { string.len() - 16 } else { string.len() / 16 * 16 };
        let mut chain = 0;
        for start in (0..last_start).step_by(16) {
            let mut block = [0; 16];
            block.copy_from_slice(&string[start..start + 16]);
            chain = encrypt_one(&self.mac, chain ^ u128::from_be_bytes(block));
        }
        let rest = &string[last_start..];
        let mut block = [0; 16];
        block[..rest.len()].copy_from_slice(rest);
        if !complete {
            block[rest.len()] = 0x80;
        }
        let subkey = if complete { self.subkey_full } else { self.subkey_padded };
        encrypt_one(&self.mac, chain ^ u128::from_be_bytes(block) ^ subkey)
    }
}

fn encrypt_one<C>(cipher: &C, block: u128) -> u128
where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>,
{
    let mut block = bytes_of(block);
    cipher.encrypt_block(&mut block);
    number_of(&block)
}

fn number_of(block: &Block) -> u128 {
    u128::from_be_bytes((*block).into())
}

fn bytes_of(number: u128) -> Block {
    number.to_be_bytes().into()
}

/// Multiplication by x in GF(2^128) (RFC 5297, section 2.3).
const fn double(number: u128) -> u128 {
    (number << 1) ^ if number >> 127 == 1 { 0x87 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aes::{Aes128, Aes256};
    use aes_siv::siv::Aes256Siv;
    use data_encoding::HEXLOWER_PERMISSIVE as HEX;
    use proptest::prelude::*;

    fn hex<const N: usize>(text: &str) -> [u8; N] {
        HEX.decode(text.as_bytes()).unwrap().try_into().unwrap()
    }

    /// RFC 5297, appendix A.1: deterministic authenticated encryption.
    #[test]
    fn the_vector_of_appendix_a_1_holds() {
        let key: [u8; 32] = hex("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
        let data: [u8; 24] = hex("101112131415161718191a1b1c1d1e1f2021222324252627");
        let plain: [u8; 14] = hex("112233445566778899aabbccddee");
        let siv = Siv::<Aes128>::new(&key, &[&data]);
        let mut sealed = [[0; 30]];
        siv.seal(&[plain], &mut sealed);
        assert_eq!(
            sealed[0],
            hex::<30>("85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c")
        );
    }

    /// RFC 5297, appendix A.2: nonce-based authenticated encryption, two strings and a nonce.
    #[test]
    fn the_vector_of_appendix_a_2_holds() {
        let key: [u8; 32] = hex("7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f");
        let first: [u8; 40] =
            hex("00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100");
        let second: [u8; 10] = hex("102030405060708090a0");
        let nonce: [u8; 16] = hex("09f911029d74e35bd84156c5635688c0");
        let plain: [u8; 47] = hex(
            "7468697320697320736f6d6520706c61696e7465787420746f20656e6372797074207573696e67205349562d414553",
        );
        let siv = Siv::<Aes128>::new(&key, &[&first, &second, &nonce]);
        let mut sealed = [[0; 63]];
        siv.seal(&[plain], &mut sealed);
        assert_eq!(
            sealed[0],
            hex::<63>(
                "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d"
            )
        );
    }

    fn agrees_with_the_crate<const P: usize, const S: usize>(
        key: [u8; 64],
        texts: &[[u8; P]],
        associated: &[&[u8]],
    ) {
        let siv = Siv::<Aes256>::new(&key, associated);
        let mut sealed = vec![[0; S]; texts.len()];
        siv.seal(texts, &mut sealed);
        for (text, sealed) in texts.iter().zip(&sealed) {
            let mut peer = Aes256Siv::new(&key.into());
            let expected = peer.encrypt(associated, text.as_slice()).unwrap();
            assert_eq!(sealed.as_slice(), expected);
        }
        let mut plain = vec![[0; P]; texts.len()];
        let mut authentic = vec![false; texts.len()];
        siv.open(&sealed, &mut plain, &mut authentic);
        assert!(authentic.iter().all(|good| *good));
        assert_eq!(plain, texts);
        for place in 0..S {
            let mut broken = sealed.clone();
            for sealed in &mut broken {
                sealed[place] ^= 0x10;
            }
            siv.open(&broken, &mut plain, &mut authentic);
            assert!(authentic.iter().all(|good| !good), "byte {place}");
            assert!(plain.iter().all(|text| *text == [0; P]));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn every_length_agrees_with_the_aes_siv_crate(
            key in proptest::array::uniform32(any::<u8>()),
            seed in any::<u8>(),
            count in 1_usize..40,
            data in proptest::collection::vec(any::<u8>(), 0..40),
        ) {
            let mut long = [0; 64];
            long[..32].copy_from_slice(&key);
            long[32..].copy_from_slice(blake3::hash(&key).as_bytes());
            let fill = |index: u8| seed.wrapping_mul(31).wrapping_add(index);
            agrees_with_the_crate::<44, 60>(long, &vec![[fill(5); 44]; count], &[]);
            agrees_with_the_crate::<28, 44>(long, &vec![[fill(1); 28]; count], &[]);
            agrees_with_the_crate::<8, 24>(long, &vec![[fill(2); 8]; count], &[&data]);
            agrees_with_the_crate::<16, 32>(long, &vec![[fill(3); 16]; count], &[&data, &key]);
            agrees_with_the_crate::<32, 48>(long, &vec![[fill(4); 32]; count], &[&data]);
        }
    }
}
