//! The tokens of the trigger language.

use super::trigger::TriggerError;
use super::value::Comparison;

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// A bare word: a fact, a function or a keyword.
    Word(&'t str),
    /// A text in single quotation marks.
    Quoted(&'t str),
    /// A whole number.
    Number(u64),
    /// A time of day, in minutes.
    Minute(u16),
    /// `==`, `<`, `<=`, `>`, `>=`
    Sign(Comparison),
    /// `!=`
    NotEqual,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `[`
    OpenList,
    /// `]`
    CloseList,
    /// `,`
    Comma,
}

const SIGNS: &[(&str, Token<'static>)] = &[
    ("==", Token::Sign(Comparison::Equal)),
    ("!=", Token::NotEqual),
    ("<=", Token::Sign(Comparison::AtMost)),
    (">=", Token::Sign(Comparison::AtLeast)),
    ("<", Token::Sign(Comparison::Less)),
    (">", Token::Sign(Comparison::More)),
    ("(", Token::Open),
    (")", Token::Close),
    ("[", Token::OpenList),
    ("]", Token::CloseList),
    (",", Token::Comma),
];

/// The tokens of `text`, each with the byte at which it begins.
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token<'_>)>, TriggerError> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let (token, length) =
            token(&text[at..], first).map_err(|problem| TriggerError { at, problem })?;
        all.push((at, token));
        at += length;
    }
    Ok(all)
}

fn token(rest: &str, first: char) -> Result<(Token<'_>, usize), &'static str> {
    if let Some((sign, token)) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)) {
        return Ok((*token, sign.len()));
    }
    if let Some(inside) = rest.strip_prefix('\'') {
        let (quoted, _) = inside.split_once('\'').ok_or("a quotation mark is not closed")?;
        return Ok((Token::Quoted(quoted), quoted.len() + 2));
    }
    if first.is_ascii_digit() {
        let digits = prefix(rest, |byte| byte.is_ascii_digit() || byte == b':');
        return Ok((number(digits)?, digits.len()));
    }
    let word = prefix(rest, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if word.is_empty() {
        Err("is no character of the language")
    } else {
        Ok((Token::Word(word), word.len()))
    }
}

fn prefix(text: &str, belongs: impl Fn(u8) -> bool) -> &str {
    let length = text.bytes().take_while(|byte| belongs(*byte)).count();
    &text[..length]
}

fn number(digits: &str) -> Result<Token<'static>, &'static str> {
    let Some((hours, minutes)) = digits.split_once(':') else {
        return digits.parse().map(Token::Number).map_err(|_| "the number is too large");
    };
    match (hours.parse::<u16>(), minutes.parse::<u16>()) {
        (Ok(hours @ 0..24), Ok(minutes @ 0..60)) => Ok(Token::Minute(hours * 60 + minutes)),
        _ => Err("is no time of day"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_know_where_they_begin() {
        let all = tokens("subjects >= 10 and 21:05!='가'").unwrap();
        let places: Vec<usize> = all.iter().map(|(at, _)| *at).collect();
        assert_eq!(places, [0, 9, 12, 15, 19, 24, 26]);
        assert_eq!(all[4].1, Token::Minute(21 * 60 + 5));
        assert_eq!(all[6].1, Token::Quoted("가"));
    }

    #[test]
    fn what_is_no_token_is_refused_where_it_stands() {
        for (text, at) in
            [("a ; b", 2), ("가", 0), ("a 'b", 2), ("99:99", 0), ("99999999999999999999", 0)]
        {
            assert_eq!(tokens(text).unwrap_err().at, at, "{text}");
        }
    }
}
