//! Free text that is kept for ever: purposes, sources, reasons.
//!
//! They stand in the access log, in manifests and in lists, in clear. A purpose that names the
//! person would put into the log what the vault keeps out of it, so such a text is refused.

use doldam_scanner::{ScanOptions, scan};

use crate::failure::failure;

/// Refuses a text in which the scanner finds personal data. `what` is the word for the text.
pub(crate) fn require_impersonal(what: &str, text: &str) -> anyhow::Result<()> {
    let Some(finding) = scan(text.as_bytes(), &ScanOptions::default()).into_iter().next() else {
        return Ok(());
    };
    let kind = finding.kind.entry().name_en.to_lowercase();
    Err(failure(
        format!("the {what} holds what looks like personal data ({kind})"),
        "name the case, not the person: the text is kept in the access log",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_with_a_number_of_a_person_is_refused_without_repeating_it() {
        assert!(require_impersonal("purpose", "call back, case 42").is_ok());
        assert!(require_impersonal("purpose", "월간 안내 문자").is_ok());
        let error = require_impersonal("purpose", "call 010-1234-5678 back").unwrap_err();
        assert!(!error.to_string().contains("1234"), "{error}");
        assert!(require_impersonal("source", "from kim.minsu@naver.com").is_err());
    }
}
