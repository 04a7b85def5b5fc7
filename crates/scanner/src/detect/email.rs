//! E-mail addresses: what stands around an `@` (RFC 5322 dot-atom, RFC 1035 names).

use doldam_ground::Kind;

use super::{Candidate, is_alnum};
use crate::finding::Confidence::{Certain, Likely, Possible};

const ADDRESS: &str = "an e-mail address";
const RESERVED: &str = "an e-mail address under a name reserved for examples";

/// Longest local part (RFC 5321, section 4.5.3.1.1).
const LOCAL_BYTES_MAX: usize = 64;
/// Longest domain (RFC 5321, section 4.5.3.1.2).
const DOMAIN_BYTES_MAX: usize = 255;

/// Endings of file names that follow an `@` in names such as `logo@2x.png`, and top-level domains
/// that are no such endings are not among them.
const FILE_ENDINGS: [&[u8]; 14] = [
    b"png", b"jpg", b"jpeg", b"gif", b"svg", b"webp", b"css", b"js", b"mjs", b"ts", b"json",
    b"html", b"lock", b"yml",
];
/// Names that nobody can own (RFC 2606).
const RESERVED_NAMES: [&[u8]; 7] =
    [b"invalid", b"test", b"example", b"localhost", b"example.com", b"example.org", b"example.net"];

/// The address around the `@` at this place.
pub(super) fn find(buffer: &[u8], at: usize) -> Option<Candidate> {
    let start = local_start(buffer, at)?;
    let end = domain_end(buffer, at + 1)?;
    let domain = &buffer[at + 1..end];
    let top = domain.rsplit(|byte| *byte == b'.').next().unwrap_or(domain);
    let is_file = FILE_ENDINGS.iter().any(|ending| top.eq_ignore_ascii_case(ending));
    if is_file || is_login(buffer, start) || is_remote(buffer, start, at, end) {
        return None;
    }
    let reserved = RESERVED_NAMES.iter().any(|name| ends_in_name(domain, name));
    let bare = if reserved { (Possible, RESERVED) } else { (Likely, ADDRESS) };
    Some(Candidate { kind: Kind::EMAIL, start, end, bare: Some(bare), backed: (Certain, ADDRESS) })
}

fn is_local(byte: u8) -> bool {
    is_alnum(byte) || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'-')
}

fn local_start(buffer: &[u8], at: usize) -> Option<usize> {
    let floor = at.saturating_sub(LOCAL_BYTES_MAX + 1);
    let length = buffer[floor..at].iter().rev().take_while(|byte| is_local(**byte)).count();
    let start = at - length;
    let dropped = buffer[start..at].iter().position(|byte| is_alnum(*byte) || *byte == b'_')?;
    let start = start + dropped;
    let fits = (1..=LOCAL_BYTES_MAX).contains(&(at - start)) && buffer[at - 1] != b'.';
    fits.then_some(start)
}

/// Where the domain from `start` on ends: two labels at least, the last one of letters.
fn domain_end(buffer: &[u8], start: usize) -> Option<usize> {
    let rest = &buffer[start..buffer.len().min(start + DOMAIN_BYTES_MAX + 1)];
    let length =
        rest.iter().take_while(|byte| is_alnum(**byte) || matches!(byte, b'.' | b'-')).count();
    let name = rest[..length].strip_suffix(b".").unwrap_or(&rest[..length]);
    let mut labels = 0;
    for label in name.split(|byte| *byte == b'.') {
        let sound = !label.is_empty() && !label.starts_with(b"-") && !label.ends_with(b"-");
        if !sound || label.len() > 63 {
            return None;
        }
        labels += 1;
    }
    let top = name.rsplit(|byte| *byte == b'.').next()?;
    let top_fits =
        top.len() >= 2 && (top.iter().all(u8::is_ascii_alphabetic) || top.starts_with(b"xn--"));
    (labels >= 2 && top_fits && length <= DOMAIN_BYTES_MAX).then_some(start + name.len())
}

/// Whether the local part is the password or user of an address such as `db://user:word@host.kr`.
fn is_login(buffer: &[u8], start: usize) -> bool {
    if start == 0 || !matches!(buffer[start - 1], b':' | b'/') {
        return false;
    }
    let line = &buffer[start.saturating_sub(80)..start];
    let word =
        line.rsplit(|byte| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'')).next();
    word.is_some_and(|word| memchr::memmem::find(word, b"://").is_some())
}

/// Whether this is a remote such as `git@host.kr:team/repository`.
fn is_remote(buffer: &[u8], start: usize, at: usize, end: usize) -> bool {
    &buffer[start..at] == b"git" && matches!(buffer.get(end), Some(b':' | b'/'))
}

fn ends_in_name(domain: &[u8], name: &[u8]) -> bool {
    domain.len() >= name.len() && {
        let (front, back) = domain.split_at(domain.len() - name.len());
        back.eq_ignore_ascii_case(name) && (front.is_empty() || front.ends_with(b"."))
    }
}
