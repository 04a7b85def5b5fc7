//! One SQL, two spellings.
//!
//! Statements are written as SQLite reads them. PostgreSQL gets them with `?1` as `$1`, `INTEGER`
//! as `BIGINT`, `BLOB` as `BYTEA`, `X'00'` as `'\x00'::bytea`, and without table options. Nothing
//! inside a quoted text or a comment is touched, so the rewriting works on tokens, not on text.

/// A piece of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    /// A name, keyword or number.
    Word(&'a str),
    /// `'…'` or `"…"`, quotes included.
    Quoted(&'a str),
    /// The hexadecimal digits of `X'…'`.
    Bytes(&'a str),
    /// The digits of `?1`.
    Place(&'a str),
    /// White space or a comment.
    Gap,
    /// Anything else, one character.
    Sign(&'a str),
}

/// One statement, without its semicolon.
#[derive(Clone, Debug)]
pub(crate) struct Statement<'a> {
    tokens: Vec<Token<'a>>,
}

/// Splits a script into its statements.
pub(crate) fn statements(script: &str) -> Vec<Statement<'_>> {
    tokens(script)
        .split(|token| *token == Token::Sign(";"))
        .map(|tokens| Statement { tokens: tokens.to_vec() })
        .filter(|statement| statement.tokens.iter().any(|token| *token != Token::Gap))
        .collect()
}

/// One statement as PostgreSQL reads it.
pub(crate) fn for_postgres(sql: &str) -> String {
    Statement { tokens: tokens(sql) }.postgres()
}

impl Statement<'_> {
    /// As SQLite reads it, without comments and with single spaces.
    pub(crate) fn sqlite(&self) -> String {
        spell(&self.tokens, |token, out| match token {
            Token::Bytes(digits) => quote(out, "X'", digits, "'"),
            Token::Place(digits) => quote(out, "?", digits, ""),
            other => plain(other, out),
        })
    }

    /// As PostgreSQL reads it, without comments and with single spaces.
    pub(crate) fn postgres(&self) -> String {
        spell(self.without_table_options(), |token, out| match token {
            Token::Word("INTEGER") => out.push_str("BIGINT"),
            Token::Word("BLOB") => out.push_str("BYTEA"),
            Token::Bytes(digits) => quote(out, "'\\x", digits, "'::bytea"),
            Token::Place(digits) => quote(out, "$", digits, ""),
            other => plain(other, out),
        })
    }

    /// `STRICT` and `WITHOUT ROWID` stand behind the last bracket of a CREATE TABLE.
    fn without_table_options(&self) -> &[Token<'_>] {
        let mut words = self.tokens.iter().filter(|token| **token != Token::Gap);
        let creates_table = words.next() == Some(&Token::Word("CREATE"))
            && words.next() == Some(&Token::Word("TABLE"));
        let last_bracket = self.tokens.iter().rposition(|token| *token == Token::Sign(")"));
        match last_bracket {
            Some(at) if creates_table => &self.tokens[..=at],
            _ => &self.tokens,
        }
    }
}

fn spell(tokens: &[Token<'_>], mut write: impl FnMut(Token<'_>, &mut String)) -> String {
    let mut out = String::new();
    for token in tokens {
        if *token != Token::Gap {
            write(*token, &mut out);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn plain(token: Token<'_>, out: &mut String) {
    match token {
        Token::Word(text) | Token::Quoted(text) | Token::Sign(text) => out.push_str(text),
        Token::Bytes(_) | Token::Place(_) | Token::Gap => {}
    }
}

fn quote(out: &mut String, before: &str, digits: &str, after: &str) {
    out.push_str(before);
    out.push_str(digits);
    out.push_str(after);
}

fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = sql;
    while !rest.is_empty() {
        let (token, length) = first_token(rest);
        found.push(token);
        rest = &rest[length..];
    }
    found
}

/// The token that `rest` begins with, and its length in bytes; `rest` is not empty.
fn first_token(rest: &str) -> (Token<'_>, usize) {
    let bytes = rest.as_bytes();
    let run = |from: usize, belongs: fn(u8) -> bool| {
        from + bytes[from..].iter().take_while(|byte| belongs(**byte)).count()
    };
    match bytes {
        [b'-', b'-', ..] => (Token::Gap, rest.find('\n').unwrap_or(rest.len())),
        [b'/', b'*', ..] => (Token::Gap, rest.find("*/").map_or(rest.len(), |at| at + 2)),
        [b'X' | b'x', b'\'', ..] => {
            let length = quoted_end(bytes, 1);
            let digits = &rest[2..length];
            (Token::Bytes(digits.strip_suffix('\'').unwrap_or(digits)), length)
        }
        [b'\'' | b'"', ..] => {
            let length = quoted_end(bytes, 0);
            (Token::Quoted(&rest[..length]), length)
        }
        [b'?', b'0'..=b'9', ..] => {
            let length = run(1, |byte| byte.is_ascii_digit());
            (Token::Place(&rest[1..length]), length)
        }
        [byte, ..] if byte.is_ascii_whitespace() => {
            (Token::Gap, run(0, |byte| byte.is_ascii_whitespace()))
        }
        [byte, ..] if is_word(*byte) => {
            let length = run(0, is_word);
            (Token::Word(&rest[..length]), length)
        }
        _ => {
            let length = rest.chars().next().map_or(1, char::len_utf8);
            (Token::Sign(&rest[..length]), length)
        }
    }
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where the quoted text that opens at `open` ends; a doubled quote does not end it.
fn quoted_end(bytes: &[u8], open: usize) -> usize {
    let quote = bytes[open];
    let mut at = open + 1;
    while at < bytes.len() {
        if bytes[at] != quote {
            at += 1;
        } else if bytes.get(at + 1) == Some(&quote) {
            at += 2;
        } else {
            return at + 1;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn postgres_gets_its_own_spelling() {
        let sql = "CREATE TABLE t ( -- a; comment's\n a INTEGER, b BLOB DEFAULT X'00ff') STRICT;\n\
                   INSERT INTO t VALUES (?1, '?2 INTEGER;''') -- end";
        let spelled: Vec<String> = statements(sql).iter().map(Statement::postgres).collect();
        assert_eq!(
            spelled,
            [
                "CREATE TABLE t ( a BIGINT, b BYTEA DEFAULT '\\x00ff'::bytea)",
                "INSERT INTO t VALUES ($1, '?2 INTEGER;''')",
            ]
        );
    }

    #[test]
    fn sqlite_gets_what_was_written_without_comments() {
        let sql = "SELECT a /* not\nb */ FROM t WHERE b = X'00' AND c = ?12";
        assert_eq!(statements(sql)[0].sqlite(), "SELECT a FROM t WHERE b = X'00' AND c = ?12");
        assert!(statements(" -- nothing\n;;").is_empty());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(sql in "[-'\"xX?0-9;() /*a-z\n김]{0,60}") {
            for statement in statements(&sql) {
                let _ = statement.postgres();
                let _ = statement.sqlite();
            }
        }
    }
}
