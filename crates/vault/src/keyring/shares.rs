//! Shamir's secret sharing over GF(256): a backup key in three pieces, of which two bring it back.
//!
//! One piece alone tells nothing of the key (Shamir, "How to share a secret", CACM 22(11), 1979).
//! Pieces are written as text with a check, so that a typing error is met before it is tried.

use blahaj::Sharks;
use data_encoding::BASE32_NOPAD as BASE32;
use doldam_ground::{Entropy, Pii};
use rand_core::{TryCryptoRng, TryRng};

use crate::error::VaultError;
use crate::seal::SecretKey;

/// How many shares a backup key is split into.
pub const SHARES_MADE: u8 = 3;
/// How many of them bring it back.
pub const SHARES_NEEDED: u8 = 2;

const PREFIX: &str = "doldam-share-1";

/// One piece of a backup key, as a person keeps it.
pub struct Share(Pii<String>);

impl Share {
    /// Reads a share as it was written out; white space around it does not matter.
    pub fn parse(text: &str) -> Result<Self, VaultError> {
        let text = text.trim();
        decode(text).map(|_| Self(Pii::new(text.to_owned())))
    }

    /// The text to hand to the person who keeps it.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// Lets the sharing crate draw from our entropy.
struct Source<'a>(&'a mut dyn Entropy);

impl TryRng for Source<'_> {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(u32::from_be_bytes(doldam_ground::entropy::bytes(self.0)))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(doldam_ground::entropy::number(self.0))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(out);
        Ok(())
    }
}

impl TryCryptoRng for Source<'_> {}

/// Splits `key` into [`SHARES_MADE`] shares.
pub fn split(key: &SecretKey, entropy: &mut dyn Entropy) -> Vec<Share> {
    let mut source = Source(entropy);
    Sharks(SHARES_NEEDED)
        .dealer_rng(key.expose(), &mut source)
        .take(usize::from(SHARES_MADE))
        .map(|share| {
            let mut bytes = Vec::from(&share);
            bytes.extend_from_slice(&check(&bytes));
            Share(Pii::new(format!("{PREFIX}-{}", BASE32.encode(&bytes))))
        })
        .collect()
}

/// Brings the key back from [`SHARES_NEEDED`] different shares.
pub fn join(shares: &[Share]) -> Result<SecretKey, VaultError> {
    let refused = VaultError::Shares { threshold: SHARES_NEEDED };
    let mut pieces = Vec::new();
    for share in shares {
        let bytes = decode(share.expose())?;
        let piece = blahaj::Share::try_from(bytes.as_slice()).map_err(|_| refused_now())?;
        pieces.push(piece);
    }
    let key = Sharks(SHARES_NEEDED).recover(&pieces).map(Pii::new).map_err(|_| refused)?;
    SecretKey::from_slice(key.expose())
}

const fn refused_now() -> VaultError {
    VaultError::Shares { threshold: SHARES_NEEDED }
}

fn decode(text: &str) -> Result<Vec<u8>, VaultError> {
    let body = text.strip_prefix(PREFIX).and_then(|rest| rest.strip_prefix('-'));
    let bytes = body.and_then(|body| BASE32.decode(body.to_ascii_uppercase().as_bytes()).ok());
    let bytes = bytes.ok_or_else(refused_now)?;
    match bytes.split_last_chunk::<4>() {
        Some((share, sum)) if check(share) == *sum => Ok(share.to_vec()),
        _ => Err(refused_now()),
    }
}

fn check(share: &[u8]) -> [u8; 4] {
    let mut sum = [0; 4];
    sum.copy_from_slice(&blake3::hash(share).as_bytes()[..4]);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Seeded;

    #[test]
    fn any_two_of_three_shares_bring_the_key_back_and_one_does_not() {
        let mut entropy = Seeded::new(5);
        let key = SecretKey::draw(&mut entropy);
        let texts: Vec<String> =
            split(&key, &mut entropy).iter().map(|share| share.expose().to_owned()).collect();
        assert_eq!(texts.len(), 3);
        for (one, other) in [(0, 1), (0, 2), (1, 2), (2, 0)] {
            let shares: Vec<Share> = [one, other]
                .iter()
                .map(|place: &usize| Share::parse(&texts[*place]).unwrap())
                .collect();
            assert_eq!(join(&shares).unwrap().expose(), key.expose());
        }
        assert!(join(&[Share::parse(&texts[0]).unwrap()]).is_err());
        let twice = [Share::parse(&texts[0]).unwrap(), Share::parse(&texts[0]).unwrap()];
        assert!(join(&twice).is_err());
    }

    #[test]
    fn a_mistyped_share_is_refused() {
        let mut entropy = Seeded::new(6);
        let key = SecretKey::draw(&mut entropy);
        let text = split(&key, &mut entropy)[0].expose().to_owned();
        assert!(Share::parse(&format!(" {text}\n")).is_ok());
        let last = if text.ends_with('A') { 'B' } else { 'A' };
        let mistyped = format!("{}{last}", &text[..text.len() - 1]);
        assert!(Share::parse(&mistyped).is_err());
        assert!(Share::parse("doldam-share-1-").is_err());
        assert!(Share::parse("").is_err());
    }
}
