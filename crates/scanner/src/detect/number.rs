//! Groups of digits with single separators between them: `010-1234-5678`, `4111 1111 1111 1111`.

use super::is_alnum;

/// Most groups that a number of any kind has.
const GROUPS_MAX: usize = 6;
/// Most digits that are kept of one number.
const DIGITS_MAX: usize = 24;

/// The groups from one digit on, as far as they may belong to one number.
pub(super) struct Groups {
    start: usize,
    digits: [u8; DIGITS_MAX],
    /// For each group: how many digits, and where it ends in the buffer.
    members: [(usize, usize); GROUPS_MAX],
    /// The separator behind each group; 0 when none was taken.
    separators: [u8; GROUPS_MAX],
    count: usize,
    /// Whether a letter, or more digits than any number has, follows the last group directly.
    glued: bool,
}

impl Groups {
    /// Reads the groups that begin at `start`, where a digit stands.
    pub(super) fn parse(buffer: &[u8], start: usize) -> Self {
        let mut groups = Self {
            start,
            digits: [0; DIGITS_MAX],
            members: [(0, 0); GROUPS_MAX],
            separators: [0; GROUPS_MAX],
            count: 0,
            glued: false,
        };
        let (mut at, mut total) = (start, 0);
        while groups.count < GROUPS_MAX {
            let first = total;
            while let Some(digit) = buffer.get(at).filter(|byte| byte.is_ascii_digit())
                && total < DIGITS_MAX
            {
                groups.digits[total] = *digit;
                total += 1;
                at += 1;
            }
            groups.members[groups.count] = (total - first, at);
            groups.count += 1;
            groups.glued = buffer.get(at).is_some_and(|byte| is_alnum(*byte));
            let Some(length) = separator(&buffer[at..]) else {
                break;
            };
            groups.separators[groups.count - 1] = buffer[at];
            at += length;
        }
        groups
    }

    /// The lengths of the first `count` groups, if they are there and nothing clings to them on
    /// either side that would make them part of something longer.
    pub(super) fn lengths(&self, buffer: &[u8], count: usize) -> Option<[usize; GROUPS_MAX]> {
        if count > self.count || !self.stands_free(buffer, count) {
            return None;
        }
        let mut lengths = [0; GROUPS_MAX];
        for (length, group) in lengths.iter_mut().zip(&self.members[..count]) {
            *length = group.0;
        }
        Some(lengths)
    }

    /// Whether the first groups have these lengths and stand free.
    pub(super) fn fit(&self, buffer: &[u8], shape: &[usize]) -> bool {
        let lengths = self.members[..self.count].iter().map(|member| member.0);
        self.count >= shape.len()
            && lengths.zip(shape).all(|(length, wanted)| length == *wanted)
            && self.stands_free(buffer, shape.len())
    }

    fn stands_free(&self, buffer: &[u8], count: usize) -> bool {
        let last = count - 1;
        let behind = self.separators[last];
        let inside = if count > 1 { self.separators[0] } else { 0 };
        let ends = match behind {
            0 => !(count == self.count && self.glued),
            // An expiry date or an age may follow; a group as long as those before may not.
            b' ' => inside != b' ' || self.members[count].0 <= 2,
            _ => false,
        };
        let next = buffer.get(self.members[last].1);
        ends && next != Some(&b'@') && self.begins_free(buffer, count)
    }

    fn begins_free(&self, buffer: &[u8], count: usize) -> bool {
        let before =
            |distance: usize| self.start.checked_sub(distance).map_or(b' ', |place| buffer[place]);
        match before(1) {
            b'-' => !before(2).is_ascii_digit() && (count > 1 || !is_alnum(before(2))),
            b'.' => !before(2).is_ascii_digit(),
            b'*' | b'@' => false,
            _ => true,
        }
    }

    /// The digits of the first `count` groups.
    pub(super) fn digits(&self, count: usize) -> &str {
        let total = self.members[..count].iter().map(|group| group.0).sum::<usize>();
        std::str::from_utf8(&self.digits[..total]).expect("only ASCII digits are kept")
    }

    /// The separators inside the first `count` groups.
    pub(super) fn separators(&self, count: usize) -> &[u8] {
        &self.separators[..count - 1]
    }

    /// Whether the first `count` groups have one and the same separator, one of `allowed`.
    pub(super) fn evenly_separated(&self, count: usize, allowed: &[u8]) -> bool {
        let separators = self.separators(count);
        separators
            .first()
            .is_none_or(|first| allowed.contains(first) && separators.iter().all(|s| s == first))
    }

    /// Whether a `+` stands right before the first digit.
    pub(super) fn has_plus(&self, buffer: &[u8]) -> bool {
        self.start > 0 && buffer[self.start - 1] == b'+'
    }

    /// Where the first digit stands.
    pub(super) const fn start(&self) -> usize {
        self.start
    }

    /// Where the last of the first `count` groups ends.
    pub(super) const fn end(&self, count: usize) -> usize {
        self.members[count - 1].1
    }
}

/// The length of the separator at the front, if a digit follows it.
fn separator(rest: &[u8]) -> Option<usize> {
    match rest {
        [b')', b' ' | b'-', digit, ..] if digit.is_ascii_digit() => Some(2),
        [b'-' | b' ' | b'.' | b')', digit, ..] if digit.is_ascii_digit() => Some(1),
        _ => None,
    }
}
