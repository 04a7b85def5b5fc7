//! Free text that is kept for ever: a purpose that names the person would put into the log what the
//! vault keeps out of it.

use doldam_scanner::{ScanOptions, scan};

use crate::problem::Problem;

/// Longest free text, in characters.
const CHARACTERS_MAX: usize = 200;

/// Refuses a text that says nothing, too much, or in which personal data is found. `what` is the
/// word for the text.
pub(crate) fn require_impersonal(what: &str, text: &str) -> Result<(), Problem> {
    let refused =
        |why: &str| Err(Problem::bad_request("server.wording", format!("the {what} {why}")));
    let characters = text.trim().chars().count();
    if !(5..=CHARACTERS_MAX).contains(&characters) || text.chars().any(char::is_control) {
        return refused("has 5 to 200 characters on one line");
    }
    if scan(text.as_bytes(), &ScanOptions::default()).is_empty() {
        return Ok(());
    }
    refused("holds what looks like personal data: name the case, not the person")
}
