//! How one person is named in an address without being named.
//!
//! A page about a person needs something to stand in its address, and addresses end up in histories
//! and logs. So it is neither a value nor the handle, but a box that only this vault can open, that
//! works for the member of staff it was made for, and that is worth nothing half a day later. Within
//! the hour the same person has the same box, so that a request that is sent again is answered alike.

use aes::Aes128;
use data_encoding::BASE64URL_NOPAD;
use doldam_ground::Instant;
use doldam_ground::ids::{Ordinal, StaffId};

use crate::siv::{SIV_BYTES, Siv};
use crate::vault::Vault;

/// Hours after which a reference no longer works: a long day at work.
const HOURS: u32 = 12;
const HOUR_US: i64 = 3_600_000_000;
/// The ordinal and the hour of the making.
const PLAIN: usize = 8;
const SEALED: usize = SIV_BYTES + PLAIN;

impl Vault {
    /// References to these people for one member of staff: 32 characters of base64url each
    /// (AES-128-SIV, RFC 5297).
    pub fn references(&self, people: &[Ordinal], bearer: StaffId) -> Vec<String> {
        let hour = hour(self.now());
        let plain: Vec<[u8; PLAIN]> = people
            .iter()
            .map(|ordinal| {
                let mut plain = [0; PLAIN];
                plain[..4].copy_from_slice(&ordinal.number().to_be_bytes());
                plain[4..].copy_from_slice(&hour.to_be_bytes());
                plain
            })
            .collect();
        let mut sealed = vec![[0; SEALED]; plain.len()];
        self.reference_cipher(bearer).seal(&plain, &mut sealed);
        sealed.iter().map(|bytes| BASE64URL_NOPAD.encode(bytes)).collect()
    }

    /// Whom a reference means; `None` when it is none, was made for somebody else, or is too old.
    pub fn referred(&self, reference: &str, bearer: StaffId) -> Option<Ordinal> {
        let bytes = BASE64URL_NOPAD.decode(reference.as_bytes()).ok()?;
        let sealed: [u8; SEALED] = bytes.try_into().ok()?;
        let (mut plain, mut authentic) = ([[0; PLAIN]], [false]);
        self.reference_cipher(bearer).open(&[sealed], &mut plain, &mut authentic);
        let ([plain], [true]) = (plain, authentic) else { return None };
        let number = |part: &[u8]| Some(u32::from_be_bytes(part.try_into().ok()?));
        let (ordinal, made) = (number(&plain[..4])?, number(&plain[4..])?);
        let age = hour(self.now()).checked_sub(made)?;
        (age <= HOURS).then(|| Ordinal::new(ordinal))
    }

    fn reference_cipher(&self, bearer: StaffId) -> Siv<Aes128> {
        let key = self.derive_key("doldam 1 reference", &bearer.number().to_be_bytes());
        Siv::new(&*key, &[])
    }
}

/// Whole hours since 1970.
fn hour(at: Instant) -> u32 {
    u32::try_from(at.micros() / HOUR_US).unwrap_or(0)
}
