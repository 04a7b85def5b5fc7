//! Values and their types, the same for event fields, features and rules.
//!
//! Whole numbers stay whole: money is minor units in an `i64`, sums are exact, and only a quotient
//! becomes a [`Value::Real`]. So two machines that see the same events hold the same values.

use std::fmt;
use std::str::FromStr;

use doldam_ground::Instant;
use serde::{Deserialize, Serialize};

/// What a value is. There are no implicit conversions between types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Type {
    /// True or false.
    Bool,
    /// A whole number of 64 bits; money in minor units is one.
    Int,
    /// A 64-bit floating-point number (IEEE 754), never NaN or infinite in a stored value.
    Real,
    /// Text; keys such as an account's pseudonym are text.
    Text,
    /// A point in time.
    Time,
    /// A length of time.
    Span,
}

impl Type {
    /// Its name in rules and messages, as CEL calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Real => "double",
            Self::Text => "string",
            Self::Time => "timestamp",
            Self::Span => "duration",
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// One value, or the fact that there is none.
///
/// Equality is bitwise for reals ([`Value::same`] is what replay compares with), so `PartialEq` is
/// not implemented: whoever compares says how.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// Nothing is known: a field that did not come, a mean of no events, a fault in a derived feature.
    #[default]
    Missing,
    /// See [`Type::Bool`].
    Bool(bool),
    /// See [`Type::Int`].
    Int(i64),
    /// See [`Type::Real`].
    Real(f64),
    /// See [`Type::Text`].
    Text(Box<str>),
    /// See [`Type::Time`].
    Time(Instant),
    /// See [`Type::Span`].
    Span(Span),
}

impl Value {
    /// Its type; `None` when it is missing.
    pub const fn kind(&self) -> Option<Type> {
        match self {
            Self::Missing => None,
            Self::Bool(_) => Some(Type::Bool),
            Self::Int(_) => Some(Type::Int),
            Self::Real(_) => Some(Type::Real),
            Self::Text(_) => Some(Type::Text),
            Self::Time(_) => Some(Type::Time),
            Self::Span(_) => Some(Type::Span),
        }
    }

    /// As a number for a model: bools are 0 and 1, times and spans microseconds; NaN when it is
    /// missing or text. Whole numbers above 2^53 lose their last bits here and nowhere else.
    pub const fn number(&self) -> f64 {
        match self {
            Self::Bool(true) => 1.0,
            Self::Bool(false) => 0.0,
            Self::Int(value) => *value as f64,
            Self::Real(value) => *value,
            Self::Time(value) => value.micros() as f64,
            Self::Span(value) => value.micros() as f64,
            Self::Missing | Self::Text(_) => f64::NAN,
        }
    }

    /// Whether both are the same value bit for bit.
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Missing, Self::Missing) => true,
            (Self::Bool(one), Self::Bool(two)) => one == two,
            (Self::Int(one), Self::Int(two)) => one == two,
            (Self::Real(one), Self::Real(two)) => one.to_bits() == two.to_bits(),
            (Self::Text(one), Self::Text(two)) => one == two,
            (Self::Time(one), Self::Time(two)) => one == two,
            (Self::Span(one), Self::Span(two)) => one == two,
            _ => false,
        }
    }
}

/// A length of time in microseconds; may be negative (a difference of two times).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Span {
    micros: i64,
}

impl Span {
    /// From microseconds.
    pub const fn from_micros(micros: i64) -> Self {
        Self { micros }
    }

    /// Whole days of 24 hours.
    pub const fn days(days: i32) -> Self {
        Self { micros: days as i64 * 86_400_000_000 }
    }

    /// Microseconds.
    pub const fn micros(self) -> i64 {
        self.micros
    }
}

/// A text is not a length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a length of time: write 90s, 30m, 24h or 7d")]
pub struct SpanError;

impl FromStr for Span {
    type Err = SpanError;

    /// A whole number and one of `ms`, `s`, `m`, `h`, `d`: `30m`. Parts may follow each other, as
    /// in Go and CEL: `1h30m`.
    fn from_str(text: &str) -> Result<Self, SpanError> {
        let mut rest = text;
        let mut micros = 0_i64;
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let count: i64 = rest[..digits].parse().map_err(|_| SpanError)?;
            rest = &rest[digits..];
            let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
            let unit = match &rest[..letters] {
                "ms" => 1_000,
                "s" => 1_000_000,
                "m" => 60_000_000,
                "h" => 3_600_000_000,
                "d" => 86_400_000_000,
                _ => return Err(SpanError),
            };
            rest = &rest[letters..];
            let part = count.checked_mul(unit).ok_or(SpanError)?;
            micros = micros.checked_add(part).ok_or(SpanError)?;
        }
        if text.is_empty() { Err(SpanError) } else { Ok(Self { micros }) }
    }
}

impl fmt::Display for Span {
    /// The largest unit that divides it: `7d`, `90m`, `1500ms`; microseconds as `3us` when none does.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [
            (86_400_000_000, "d"),
            (3_600_000_000, "h"),
            (60_000_000, "m"),
            (1_000_000, "s"),
            (1_000, "ms"),
        ];
        let (size, unit) = units
            .into_iter()
            .find(|(size, _)| self.micros != 0 && self.micros % size == 0)
            .unwrap_or(if self.micros == 0 { (1, "s") } else { (1, "us") });
        write!(formatter, "{}{unit}", self.micros / size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_and_written() {
        for (text, micros) in
            [("7d", 604_800_000_000), ("1h30m", 5_400_000_000), ("250ms", 250_000)]
        {
            assert_eq!(text.parse::<Span>().unwrap().micros(), micros);
        }
        assert_eq!(Span::days(7).to_string(), "7d");
        assert_eq!("1h30m".parse::<Span>().unwrap().to_string(), "90m");
        assert_eq!(Span::from_micros(0).to_string(), "0s");
        for wrong in ["", "7", "d", "7y", "-3d", "999999999999999999d", "1d2", "７d"] {
            assert_eq!(wrong.parse::<Span>(), Err(SpanError), "{wrong}");
        }
    }

    #[test]
    fn the_same_value_is_the_same_bits() {
        assert!(Value::Real(f64::NAN).same(&Value::Real(f64::NAN)));
        assert!(!Value::Real(0.0).same(&Value::Real(-0.0)));
        assert!(!Value::Int(0).same(&Value::Real(0.0)));
        assert!(Value::Missing.number().is_nan());
    }
}
