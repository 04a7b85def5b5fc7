//! Sealed pseudonyms: AES-256-SIV (RFC 5297) over `handle ‖ disclosure ‖ zeros`.
//!
//! ```text
//! ci     SIV 16 ‖ enciphered (handle 8 ‖ disclosure 8 ‖ zeros 28) ‖ mark 4 = 64 bytes, 88 base64 characters
//! di     SIV 16 ‖ enciphered (handle 8 ‖ disclosure 8 ‖ zeros 12) ‖ mark 4 = 48 bytes, 64 base64 characters
//! short  SIV 16 ‖ enciphered (handle 8), disclosure as associated data     = 24 bytes, 32 base64url characters
//! email  the short form in lower-case base32 @ pseudonym.invalid
//! ```
//!
//! Disclosure 0 means domain-wide. The 128-bit SIV makes a pseudonym authentic: no other key
//! accepts it but with a chance of 2^-128.

use aes::Aes256;
use data_encoding::BASE32_NOPAD as BASE32;
use doldam_ground::ids::{DisclosureId, Handle};
use doldam_ground::mark::mark_of;

use super::Member;
use crate::siv::Siv;

/// Characters of a CI-shaped pseudonym.
pub const CI_CHARACTERS: usize = 88;
/// The host of e-mail pseudonyms; `.invalid` never resolves (RFC 2606, section 2).
pub(super) const EMAIL_HOST: &str = "pseudonym.invalid";

pub(super) const CI_BYTES: usize = 64;
pub(super) const DI_BYTES: usize = 48;
pub(super) const SHORT_BYTES: usize = 24;

/// How many pseudonyms are worked on before they are encoded: small enough to stay in the cache.
const BATCH: usize = 64;

/// The eight bytes that name a disclosure inside a pseudonym.
pub(super) fn disclosure_bytes(bound: Option<DisclosureId>) -> [u8; 8] {
    u64::from(bound.map_or(0, DisclosureId::number)).to_be_bytes()
}

/// `handle ‖ disclosure ‖ zeros`.
fn body<const P: usize>(member: &Member, disclosure: [u8; 8]) -> [u8; P] {
    let mut body = [0; P];
    body[..8].copy_from_slice(&member.handle.bits().to_be_bytes());
    if P >= 16 {
        body[8..16].copy_from_slice(&disclosure);
    }
    body
}

/// Reads a body back; `None` when its padding is not all zeros, which no key of ours produces.
pub(super) fn read_body(body: &[u8]) -> Option<(Handle, Option<DisclosureId>)> {
    let (handle, rest) = body.split_first_chunk::<8>()?;
    let handle = Handle::new(u64::from_be_bytes(*handle));
    let Some((disclosure, zeros)) = rest.split_first_chunk::<8>() else {
        return Some((handle, None));
    };
    let disclosure = u32::try_from(u64::from_be_bytes(*disclosure)).ok()?;
    zeros
        .iter()
        .all(|byte| *byte == 0)
        .then(|| (handle, (disclosure != 0).then(|| DisclosureId::new(disclosure))))
}

/// Seals members in batches and hands each finished pseudonym of `N` bytes, mark included, to
/// `emit`.
fn seal_marked<const P: usize, const S: usize, const N: usize>(
    siv: &Siv<Aes256>,
    bound: Option<DisclosureId>,
    members: &[Member],
    mut emit: impl FnMut(&[[u8; N]]),
) {
    if let [one] = members {
        return seal_batch::<P, S, N, 1>(siv, bound, std::slice::from_ref(one), &mut emit);
    }
    for members in members.chunks(BATCH) {
        seal_batch::<P, S, N, BATCH>(siv, bound, members, &mut emit);
    }
}

/// Seals up to `B` members.
fn seal_batch<const P: usize, const S: usize, const N: usize, const B: usize>(
    siv: &Siv<Aes256>,
    bound: Option<DisclosureId>,
    members: &[Member],
    emit: &mut impl FnMut(&[[u8; N]]),
) {
    let disclosure = disclosure_bytes(bound);
    let mut bodies = [[0; P]; B];
    let mut sealed = [[0; S]; B];
    let mut marked = [[0; N]; B];
    for (slot, member) in bodies.iter_mut().zip(members) {
        *slot = body(member, disclosure);
    }
    siv.seal(&bodies[..members.len()], &mut sealed[..members.len()]);
    for (marked, sealed) in marked.iter_mut().zip(&sealed[..members.len()]) {
        marked[..S].copy_from_slice(sealed);
        marked[S..].copy_from_slice(&mark_of(sealed));
    }
    emit(&marked[..members.len()]);
}

pub(super) fn issue_ci_into(
    siv: &Siv<Aes256>,
    bound: Option<DisclosureId>,
    members: &[Member],
    out: &mut Vec<u8>,
) {
    out.reserve(members.len() * CI_CHARACTERS);
    seal_marked::<44, 60, CI_BYTES>(siv, bound, members, |batch| {
        let mut text = [0_u8; CI_CHARACTERS];
        for bytes in batch {
            let _ = base64_simd::STANDARD.encode(bytes, base64_simd::Out::from_slice(&mut text));
            out.extend_from_slice(&text);
        }
    });
}

pub(super) fn issue_ci(
    siv: &Siv<Aes256>,
    bound: Option<DisclosureId>,
    members: &[Member],
) -> Vec<String> {
    let mut out = Vec::with_capacity(members.len());
    seal_marked::<44, 60, CI_BYTES>(siv, bound, members, |batch| {
        out.extend(batch.iter().map(|bytes| base64_simd::STANDARD.encode_to_string(bytes)));
    });
    out
}

pub(super) fn issue_di(
    siv: &Siv<Aes256>,
    bound: Option<DisclosureId>,
    members: &[Member],
) -> Vec<String> {
    let mut out = Vec::with_capacity(members.len());
    seal_marked::<28, 44, DI_BYTES>(siv, bound, members, |batch| {
        out.extend(batch.iter().map(|bytes| base64_simd::STANDARD.encode_to_string(bytes)));
    });
    out
}

/// The short form of each member; `siv` has the disclosure absorbed.
fn short(siv: &Siv<Aes256>, members: &[Member]) -> Vec<[u8; SHORT_BYTES]> {
    let bodies: Vec<[u8; 8]> = members.iter().map(|member| body(member, [0; 8])).collect();
    let mut sealed = vec![[0; SHORT_BYTES]; members.len()];
    siv.seal(&bodies, &mut sealed);
    sealed
}

pub(super) fn issue_short(siv: &Siv<Aes256>, members: &[Member]) -> Vec<String> {
    short(siv, members)
        .iter()
        .map(|bytes| base64_simd::URL_SAFE_NO_PAD.encode_to_string(bytes))
        .collect()
}

pub(super) fn issue_email(siv: &Siv<Aes256>, members: &[Member]) -> Vec<String> {
    short(siv, members)
        .iter()
        .map(|bytes| format!("{}@{EMAIL_HOST}", BASE32.encode(bytes).to_ascii_lowercase()))
        .collect()
}
