//! What in a stretch of bytes has the shape of personal data.
//!
//! One pass over the bytes with a table of byte classes, and not a regular expression a kind: with
//! fourteen patterns the best general engines drop to a hundred megabytes a second, and dumps of
//! personal data are dense, so that nearly every line is a match. The pass stops at the end of a
//! run of letters and digits, at an `@`, at a digit; a file a kind then looks closer.
//!
//! Shape alone decides nothing here. A detector says how sure it would be without any context and
//! how sure if the column, key or words before it name the kind; `context` finds out which it is.

mod card;
mod ci;
mod email;
mod number;
mod phone;
mod pseudonym;
mod rrn;

use doldam_ground::Kind;

use crate::finding::Confidence;

/// How sure, and the sentence that says why.
pub(crate) type Said = (Confidence, &'static str);

/// A stretch of bytes that may be personal data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Without context; `None`: nothing then.
    pub(crate) bare: Option<Said>,
    /// When the context names the kind.
    pub(crate) backed: Said,
}

/// Longest stretch that a detector looks at, so that windows of a stream overlap by as much.
pub(crate) const REACH_BYTES: usize = 4 << 10;

const DIGIT: u8 = 1;
const UPPER: u8 = 2;
const LOWER: u8 = 4;
/// `+` and `/`, the other two characters of base64.
const SIGN: u8 = 8;
/// `@`, in the middle of e-mail addresses.
const AT: u8 = 16;
const ALNUM: u8 = DIGIT | UPPER | LOWER;
const WORD: u8 = ALNUM | SIGN;

const CLASS: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = match byte {
            b'0'..=b'9' => DIGIT,
            b'A'..=b'Z' => UPPER,
            b'a'..=b'z' => LOWER,
            b'+' | b'/' => SIGN,
            b'@' => AT,
            _ => 0,
        };
        byte += 1;
    }
    table
};

fn class(byte: u8) -> u8 {
    CLASS[usize::from(byte)]
}

fn is_alnum(byte: u8) -> bool {
    class(byte) & ALNUM != 0
}

/// Hands every candidate that begins in `buffer[from..to]` to `emit`; gives where to go on.
///
/// What lies before `from` and behind `to` is looked at, too: a candidate may reach beyond `to`,
/// and the caller sees to it that [`REACH_BYTES`] follow it unless the source ends.
pub(crate) fn candidates(
    buffer: &[u8],
    from: usize,
    to: usize,
    mut emit: impl FnMut(Candidate),
) -> usize {
    let mut at = from;
    let mut unfolded = from;
    if from > 0 && class(buffer[from - 1]) & WORD != 0 {
        at += buffer[from..].iter().take_while(|byte| class(**byte) & WORD != 0).count();
    }
    while at < to {
        let here = class(buffer[at]);
        if here & WORD == 0 {
            let found = if here == AT { email::find(buffer, at) } else { None };
            at = found.map_or(at + 1, |candidate| candidate.end);
            found.into_iter().for_each(&mut emit);
            at += buffer[at..to.max(at)].iter().take_while(|byte| class(**byte) == 0).count();
            continue;
        }
        let start = at;
        let mut seen = 0;
        while let Some(byte) = buffer.get(at)
            && class(*byte) & WORD != 0
        {
            seen |= class(*byte);
            at += 1;
        }
        if at - start >= ci::LENGTH_MIN || buffer.get(at).is_some_and(|byte| ci::is_escape(*byte)) {
            let found = ci::find(buffer, start, at, &mut unfolded);
            if let Some(candidate) = found {
                at = candidate.end.max(at);
                emit(candidate);
                continue;
            }
        }
        if seen & DIGIT != 0 {
            at = numbers(buffer, start, at, seen & SIGN != 0, &mut emit);
        }
    }
    at
}

/// Looks for numbers in the run `buffer[start..end]`; gives where to go on.
fn numbers(
    buffer: &[u8],
    start: usize,
    end: usize,
    has_signs: bool,
    emit: &mut impl FnMut(Candidate),
) -> usize {
    let mut at = start;
    while at < end {
        if class(buffer[at]) & DIGIT != 0 {
            let groups = number::Groups::parse(buffer, at);
            if let Some(candidate) = judge(buffer, &groups) {
                at = candidate.end;
                emit(candidate);
                continue;
            }
        }
        if !has_signs {
            return end.max(at);
        }
        at += buffer[at..end]
            .iter()
            .position(|byte| class(*byte) & SIGN != 0)
            .map_or(end - at, |place| place + 1);
    }
    at
}

fn judge(buffer: &[u8], groups: &number::Groups) -> Option<Candidate> {
    rrn::judge(buffer, groups)
        .or_else(|| card::judge(buffer, groups))
        .or_else(|| phone::judge(buffer, groups))
}

#[cfg(test)]
mod tests;
