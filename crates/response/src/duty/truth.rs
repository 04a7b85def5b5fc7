//! Three-valued logic: yes, no, and *not known yet*.
//!
//! Source: S. C. Kleene, Introduction to Metamathematics (1952), § 64, the strong tables. Their
//! virtue here: once an answer is yes or no, answering further facts never turns it round.

use std::ops::Not;

/// What is known about a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// A fact that it hangs on was not answered.
    Unknown,
}

impl Truth {
    /// Both hold.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            _ => Self::Unknown,
        }
    }

    /// One of them holds.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::True, _) | (_, Self::True) => Self::True,
            (Self::False, Self::False) => Self::False,
            _ => Self::Unknown,
        }
    }

    /// Whether it is neither yes nor no.
    pub const fn is_unknown(self) -> bool {
        matches!(self, Self::Unknown)
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

impl From<Option<bool>> for Truth {
    fn from(holds: Option<bool>) -> Self {
        holds.map_or(Self::Unknown, Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Truth; 3] = [Truth::True, Truth::False, Truth::Unknown];

    #[test]
    fn one_no_decides_an_and_and_one_yes_an_or() {
        for other in ALL {
            assert_eq!(Truth::False.and(other), Truth::False);
            assert_eq!(Truth::True.or(other), Truth::True);
            assert_eq!(Truth::True.and(other), other);
            assert_eq!(Truth::False.or(other), other);
        }
        assert_eq!(Truth::Unknown.and(Truth::Unknown), Truth::Unknown);
        assert!((!Truth::Unknown).is_unknown());
    }

    #[test]
    fn de_morgan_holds() {
        for left in ALL {
            for right in ALL {
                assert_eq!(!left.and(right), (!left).or(!right));
                assert_eq!(left.and(right), right.and(left));
                assert_eq!(left.or(right), right.or(left));
            }
        }
    }
}
