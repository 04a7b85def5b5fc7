//! What can go wrong with an expression: when it is written, and when it runs.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Why an expression has no value for one event.
///
/// `&&` and `||` absorb it when their other side decides, as CEL's do: `false && fault` is false.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// A field did not come, or a feature has no value yet.
    Missing,
    /// Something was divided by zero.
    DivisionByZero,
    /// A result does not fit: a whole number of 64 bits, a finite number, a point in time.
    Overflow,
    /// A value has another type than was declared; the frame does not belong to this expression.
    WrongType,
}

impl Fault {
    /// A stable name for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::DivisionByZero => "division-by-zero",
            Self::Overflow => "overflow",
            Self::WrongType => "wrong-type",
        }
    }
}

impl Fault {
    /// What Display says, in Korean.
    pub const fn korean(self) -> &'static str {
        match self {
            Self::Missing => "값이 없습니다",
            Self::DivisionByZero => "0으로 나눕니다",
            Self::Overflow => "수가 범위를 벗어납니다",
            Self::WrongType => "선언된 형의 값이 아닙니다",
        }
    }
}

/// The same thing said in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sentence {
    /// In Korean.
    pub ko: Box<str>,
    /// In English.
    pub en: Box<str>,
}

impl<En: Into<Box<str>>, Ko: Into<Box<str>>> From<(En, Ko)> for Sentence {
    fn from((en, ko): (En, Ko)) -> Self {
        Self { ko: ko.into(), en: en.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Missing => "a value is missing",
            Self::DivisionByZero => "a division by zero",
            Self::Overflow => "a number does not fit",
            Self::WrongType => "a value has not the declared type",
        })
    }
}

impl std::error::Error for Fault {}

/// Why a text is not an expression, and where.
///
/// It repeats names that were declared or mistyped, never a text literal: a rule may name a person's
/// pseudonym.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleFault {
    /// The part of the text that is at fault, in bytes.
    pub range: Range<usize>,
    /// Its line, counted from 1.
    pub line: usize,
    /// Its first character in that line, counted from 1.
    pub column: usize,
    /// What is wrong, without a full stop.
    pub what: Sentence,
    /// What to write instead, when that can be guessed.
    pub hint: Option<Sentence>,
}

impl RuleFault {
    /// A fault at a byte range of `text`.
    pub(crate) fn new(text: &str, range: Range<usize>, what: impl Into<Sentence>) -> Self {
        let before = text.get(..range.start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            line: 1 + before.matches('\n').count(),
            column: 1 + before[line_start..].chars().count(),
            range,
            what: what.into(),
            hint: None,
        }
    }

    /// The same with advice.
    #[must_use]
    pub(crate) fn advise(mut self, hint: impl Into<Sentence>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for RuleFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}, column {}: {}", self.line, self.column, self.what.en)?;
        match &self.hint {
            Some(hint) => write!(formatter, " ({})", hint.en),
            None => Ok(()),
        }
    }
}

impl std::error::Error for RuleFault {}

/// "did you mean …?", when one of the `known` names is close to what was written.
pub(crate) fn did_you_mean<'a>(
    written: &str,
    known: impl Iterator<Item = &'a str>,
) -> Option<Sentence> {
    let allowed = (written.chars().count() / 3).clamp(1, 3);
    known
        .map(|name| (distance(written, name), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, name)| Sentence::from((format!("did you mean {name}?"), format!("혹시 {name}?"))))
}

/// How many letters must be changed, added, left out or swapped with their neighbour (optimal
/// string alignment).
fn distance(one: &str, two: &str) -> usize {
    let one: Vec<char> = one.chars().take(64).collect();
    let two: Vec<char> = two.chars().take(64).collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=two.len()).collect();
    for row in 1..=one.len() {
        let mut this = vec![row];
        for column in 1..=two.len() {
            let other = usize::from(one[row - 1] != two[column - 1]);
            let mut best =
                (last[column] + 1).min(this[column - 1] + 1).min(last[column - 1] + other);
            let swapped = row > 1
                && column > 1
                && one[row - 1] == two[column - 2]
                && one[row - 2] == two[column - 1];
            if swapped {
                best = best.min(before_last[column - 2] + 1);
            }
            this.push(best);
        }
        before_last = std::mem::replace(&mut last, this);
    }
    last[two.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_counted_in_lines_and_characters() {
        let text = "kind == \"결제\"\n  && amuont > 1";
        let at = text.find("amuont").unwrap();
        let fault = RuleFault::new(text, at..at + 6, ("amuont is not known", "모릅니다"))
            .advise(("look again", "다시"));
        assert_eq!((fault.line, fault.column), (2, 6));
        assert_eq!(fault.to_string(), "line 2, column 6: amuont is not known (look again)");
        assert_eq!(RuleFault::new(text, text.len()..text.len(), ("", "")).line, 2);
    }

    #[test]
    fn a_name_close_by_is_proposed() {
        let known = ["account", "amount", "age"];
        let meant =
            |written| did_you_mean(written, known.into_iter()).map(|hint| hint.en.into_string());
        assert_eq!(meant("acount").as_deref(), Some("did you mean account?"));
        assert_eq!(meant("amuont").as_deref(), Some("did you mean amount?"));
        assert_eq!(meant("colour"), None);
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("", "abc"), 3);
    }
}
