//! CI (연계정보) and DI (중복가입확인정보), in the spellings in which they are stored.
//!
//! A CI is 64 bytes in base64: 86 characters and `==`, of which the last before the padding carries
//! two bits only and is one of `A Q g w`. A SHA-512 digest or an Ed25519 signature has exactly that
//! shape, too; every line of a package lock file holds one. So `sha512-` before it is a veto, words
//! such as *signature* lower the grade, and a column or key that names it raises it.
//!
//! A DI is 48 bytes in base64: 64 characters without padding, and nothing to check. It is found
//! only where it is named, or right behind a CI on the same line.

use doldam_ground::Kind;

use super::{Candidate, WORD, class, is_alnum, pseudonym};
use crate::finding::Confidence::{Certain, Likely, Possible};

/// The fewest base64 characters that are worth a look.
pub(super) const LENGTH_MIN: usize = DI_LENGTH;
const DI_LENGTH: usize = 64;
const CI_LENGTH: usize = 86;
/// Random base64 of this length has nearly fifty different characters; fillers have few.
const DIFFERENT_MIN: u32 = 24;

const CANONICAL: &str = "canonical base64 of 64 bytes, the shape of a CI";
const DOUBTFUL: &str = "the shape of a CI, behind a word for a digest or signature";
const NAMED: &str = "the shape of a CI, named by column, key or words before it";
const NAMED_DI: &str = "the shape of a DI, named by column, key or words before it";

/// The padding in the spellings in which it is met.
const PADDINGS: [&[u8]; 5] = [b"==", b"%3D%3D", b"%3d%3d", b"\\u003d\\u003d", b"\\u003D\\u003D"];
/// What marks a digest, right before it.
const DIGEST_PREFIXES: [&[u8]; 6] =
    [b"sha512-", b"sha512:", b"sha-512=", b"sha512=", b"sha384-", b"sha384:"];
/// Words before a value that speak for a digest or a signature.
const DIGEST_WORDS: [&[u8]; 7] =
    [b"integrity", b"signature", b"digest", b"hmac", b"checksum", b"sha512", b"sig="];

/// Whether a byte may begin an escaped, or be a base64url, character.
pub(super) const fn is_escape(byte: u8) -> bool {
    matches!(byte, b'\\' | b'%' | b'-' | b'_')
}

/// The CI, DI or pseudonym that begins at `start`.
///
/// `run` is where plain base64 characters end. `unfolded` is where the last look through an escaped
/// value ended: its pieces are not looked at again.
pub(super) fn find(
    buffer: &[u8],
    start: usize,
    run: usize,
    unfolded: &mut usize,
) -> Option<Candidate> {
    if start < *unfolded {
        return None;
    }
    let mut plain = [0; CI_LENGTH + 1];
    let (data, end) = if buffer.get(run).is_some_and(|byte| is_escape(*byte)) {
        let (length, end) = unfold(buffer, start, &mut plain);
        *unfolded = end;
        (&plain[..length], end)
    } else {
        (&buffer[start..run], run)
    };
    let length = data.len();
    if length != CI_LENGTH && length != DI_LENGTH {
        return None;
    }
    let padding = PADDINGS.iter().find(|padding| buffer[end..].starts_with(padding));
    let end = end + padding.map_or(0, |padding| padding.len());
    if buffer.get(end) == Some(&b'=') || begins_inside(buffer, start) {
        return None;
    }
    let found =
        pseudonym::find(data, start, end).filter(|_| length == CI_LENGTH || padding.is_none());
    if found.is_some() {
        return found;
    }
    if !looks_random(data) || has_digest_prefix(buffer, start) {
        return None;
    }
    match (length, padding) {
        (CI_LENGTH, padding) => judge_ci(buffer, data, start, end, padding.is_some()),
        (_, None) => {
            Some(Candidate { kind: Kind::DI, start, end, bare: None, backed: (Certain, NAMED_DI) })
        }
        _ => None,
    }
}

fn judge_ci(
    buffer: &[u8],
    data: &[u8],
    start: usize,
    end: usize,
    padded: bool,
) -> Option<Candidate> {
    if !matches!(data[CI_LENGTH - 1], b'A' | b'Q' | b'g' | b'w') {
        return None;
    }
    let bare = match (padded, has_digest_word(buffer, start)) {
        (true, false) => Some((Likely, CANONICAL)),
        (true, true) => Some((Possible, DOUBTFUL)),
        (false, _) => None,
    };
    Some(Candidate { kind: Kind::CI, start, end, bare, backed: (Certain, NAMED) })
}

/// Writes the base64 characters from `start` on into `out`, unescaped and in the standard alphabet;
/// how many there are (one more than fits means too many), and where they end in the buffer.
fn unfold(buffer: &[u8], start: usize, out: &mut [u8; CI_LENGTH + 1]) -> (usize, usize) {
    let (mut at, mut length) = (start, 0);
    while length < out.len() {
        let Some((plain, taken)) = unit(&buffer[at..]) else {
            break;
        };
        out[length] = plain;
        length += 1;
        at += taken;
    }
    (length, at)
}

/// One base64 character at the front, and how many bytes it takes.
fn unit(rest: &[u8]) -> Option<(u8, usize)> {
    match rest {
        [byte, ..] if class(*byte) & WORD != 0 => Some((*byte, 1)),
        [b'-', ..] => Some((b'+', 1)),
        [b'_', ..] => Some((b'/', 1)),
        [b'\\', b'/', ..] => Some((b'/', 2)),
        [b'%', b'2', b'B' | b'b', ..] => Some((b'+', 3)),
        [b'%', b'2', b'F' | b'f', ..] => Some((b'/', 3)),
        [b'\\', b'u', b'0', b'0', b'2', b'B' | b'b', ..] => Some((b'+', 6)),
        [b'\\', b'u', b'0', b'0', b'2', b'F' | b'f', ..] => Some((b'/', 6)),
        _ => None,
    }
}

/// Whether the value is the tail of something longer: a token's third part, a kebab-case name.
fn begins_inside(buffer: &[u8], start: usize) -> bool {
    let before = |distance: usize| start.checked_sub(distance).map_or(b' ', |place| buffer[place]);
    matches!(before(1), b'.' | b'-' | b'_')
        && is_alnum(before(2))
        && !has_digest_prefix(buffer, start)
}

/// The digits among the bytes 0 to 63, the letters among 64 to 127, a bit each.
const DIGITS: u64 = 0x03FF_0000_0000_0000;
const UPPER: u64 = 0x0000_0000_07FF_FFFE;
const LOWER: u64 = UPPER << 32;

fn looks_random(data: &[u8]) -> bool {
    // Two sets of 64: bytes below and from 64 on; digits are below, letters are above.
    let mut seen = [0_u64; 2];
    for byte in data {
        seen[usize::from(*byte >> 6 & 1)] |= 1 << (byte & 63);
    }
    seen[0].count_ones() + seen[1].count_ones() >= DIFFERENT_MIN
        && seen[0] & DIGITS != 0
        && seen[1] & UPPER != 0
        && seen[1] & LOWER != 0
}

fn has_digest_prefix(buffer: &[u8], start: usize) -> bool {
    let before = &buffer[..start];
    DIGEST_PREFIXES.iter().any(|prefix| {
        before.len() >= prefix.len()
            && before[before.len() - prefix.len()..].eq_ignore_ascii_case(prefix)
    })
}

fn has_digest_word(buffer: &[u8], start: usize) -> bool {
    let window = &buffer[start.saturating_sub(32)..start];
    let line = window.rsplit(|byte| *byte == b'\n').next().unwrap_or(window);
    (0..line.len()).any(|at| {
        let rest = &line[at..];
        // Five first letters sort out nearly every place before a word is compared.
        matches!(rest[0] | 0x20, b'i' | b's' | b'd' | b'h' | b'c')
            && DIGEST_WORDS.iter().any(|word| {
                rest.len() >= word.len() && rest[..word.len()].eq_ignore_ascii_case(word)
            })
    })
}
