//! Where output goes: data on standard output, talk on standard error.
//!
//! A reader that closes the pipe early is not an error, so a failed write is dropped.

use std::io::Write;

/// Writes one line of data to standard output.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Writes one line of talk to standard error.
pub(crate) fn tell(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// A whole number with commas between groups of three digits: `17,551`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_stand_between_groups_of_three() {
        let shown: Vec<String> =
            [0, 12, 999, 1_000, 17_551, 1_234_567].iter().map(|number| grouped(*number)).collect();
        assert_eq!(shown, ["0", "12", "999", "1,000", "17,551", "1,234,567"]);
    }
}
