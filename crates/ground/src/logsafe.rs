//! What may be written to a log, an error, a metric or a terminal.
//!
//! A type is log-safe when nothing a person typed or owns can be in its text. Strings are not:
//! only `&'static str` is, because the programmer wrote it.

use std::fmt::Display;

/// Marker: the `Display` text of this type holds no personal data, whatever its value.
///
/// Implement it for ids, counts, units and error enums whose variants carry only such values.
#[diagnostic::on_unimplemented(
    message = "`{Self}` may hold personal data and must not reach a log",
    note = "log an id or a count instead, or implement LogSafe with the reason in a comment"
)]
pub trait LogSafe: Display {}

impl LogSafe for &'static str {}

macro_rules! log_safe {
    ($($number:ty),+) => { $(impl LogSafe for $number {})+ };
}
log_safe!(bool, u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, isize, f32, f64);

/// Formats a log line from a fixed text and a log-safe value: `"rows: 12"`.
pub fn line(what: &'static str, value: &impl LogSafe) -> String {
    format!("{what}: {value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_the_text_and_the_value() {
        assert_eq!(line("rows", &12_u64), "rows: 12");
    }
}
