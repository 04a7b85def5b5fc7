//! Rows of CSV (RFC 4180) that a spreadsheet takes for text and not for a formula.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// One row with its line end. Every field is quoted; one that begins like a formula gets an
/// apostrophe first.
pub(crate) fn row(fields: &[&str]) -> String {
    let mut text = String::new();
    for (place, field) in fields.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        text.push('"');
        if field.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            text.push('\'');
        }
        text.push_str(&field.replace('"', "\"\""));
        text.push('"');
    }
    text.push_str("\r\n");
    text
}

/// The answer with a file of that name, which has no letters but ASCII.
pub(crate) fn answer(name: &'static str, text: String) -> Response {
    let kind = "text/csv; charset=utf-8; header=present".to_owned();
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)], text)
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_breaks_out_or_becomes_a_formula() {
        assert_eq!(row(&["a", "b,c"]), "\"a\",\"b,c\"\r\n");
        assert_eq!(row(&["say \"no\""]), "\"say \"\"no\"\"\"\r\n");
        assert_eq!(row(&["=1+1", "-2", "홍길동"]), "\"'=1+1\",\"'-2\",\"홍길동\"\r\n");
    }
}
