//! Rust source as the checks need it: where is code, where is text.
//!
//! A brace inside a string or a word inside a comment must not count. A full parser would be the
//! heaviest dependency of the tasks and would still not say how long a function looks on the
//! screen, so this is a small lexer: it knows comments (nested), strings, byte, C and raw strings,
//! characters and lifetimes, and blanks out whatever is not code. Positions stay the same.

use std::ops::Range;

/// A source file with its comments and literals blanked out.
pub(crate) struct RustText {
    /// The code: same length and same line ends as the source, everything else is spaces.
    code: Vec<u8>,
    /// Where the contents of string literals stand.
    strings: Vec<Range<usize>>,
    /// Start of each line.
    line_starts: Vec<usize>,
}

impl RustText {
    /// Reads a source text; text that is no Rust gives some answer, never a panic.
    pub(crate) fn new(source: &str) -> Self {
        let mut lexer =
            Lexer { bytes: source.as_bytes(), at: 0, code: Vec::new(), strings: vec![] };
        lexer.run();
        let line_starts = std::iter::once(0)
            .chain(source.bytes().enumerate().filter(|pair| pair.1 == b'\n').map(|pair| pair.0 + 1))
            .collect();
        Self { code: lexer.code, strings: lexer.strings, line_starts }
    }

    /// The blanked source.
    pub(crate) fn code(&self) -> &[u8] {
        &self.code
    }

    /// Where the contents of string literals stand.
    pub(crate) fn strings(&self) -> &[Range<usize>] {
        &self.strings
    }

    /// The line number, from 1, of a position.
    pub(crate) fn line(&self, position: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= position)
    }

    /// Positions of a whole word in the code.
    pub(crate) fn words<'a>(&'a self, word: &'a str) -> impl Iterator<Item = usize> + 'a {
        let length = word.len();
        let is_edge = |position: usize| self.code.get(position).is_none_or(|b| !is_word_byte(*b));
        (0..self.code.len().saturating_sub(length - 1)).filter(move |start| {
            self.code[*start..].starts_with(word.as_bytes())
                && (*start == 0 || is_edge(start - 1))
                && is_edge(start + length)
        })
    }

    /// The first of `wanted` at or after `from` that stands in no bracket opened after `from`.
    pub(crate) fn find_outside_brackets(&self, from: usize, wanted: &[u8]) -> Option<usize> {
        let mut depth = 0_usize;
        for (position, byte) in self.code.iter().enumerate().skip(from) {
            if depth == 0 && wanted.contains(byte) {
                return Some(position);
            }
            match byte {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.checked_sub(1)?,
                _ => {}
            }
        }
        None
    }

    /// The position of the bracket that closes the one at `open`.
    pub(crate) fn closing(&self, open: usize) -> Option<usize> {
        self.find_outside_brackets(open + 1, b")]}")
    }
}

/// True for bytes that can stand in an identifier.
pub(crate) fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    code: Vec<u8>,
    strings: Vec<Range<usize>>,
}

impl Lexer<'_> {
    fn run(&mut self) {
        while self.at < self.bytes.len() {
            match (self.bytes[self.at], self.peek(1)) {
                (b'/', Some(b'/')) => self.line_comment(),
                (b'/', Some(b'*')) => self.block_comment(),
                (b'"', _) => self.string(),
                (b'\'', _) => self.character_or_lifetime(),
                (byte, _) if is_word_byte(byte) => self.word(),
                _ => self.keep(1),
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn keep(&mut self, count: usize) {
        let end = (self.at + count).min(self.bytes.len());
        self.code.extend_from_slice(&self.bytes[self.at..end]);
        self.at = end;
    }

    fn blank(&mut self, count: usize) {
        let end = (self.at + count).min(self.bytes.len());
        let blanked =
            self.bytes[self.at..end].iter().map(|b| if *b == b'\n' { b'\n' } else { b' ' });
        self.code.extend(blanked);
        self.at = end;
    }

    fn line_comment(&mut self) {
        let rest = &self.bytes[self.at..];
        self.blank(rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()));
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.bytes.len() {
            match (self.bytes[self.at], self.peek(1)) {
                (b'/', Some(b'*')) => {
                    depth += 1;
                    self.blank(2);
                }
                (b'*', Some(b'/')) => {
                    depth -= 1;
                    self.blank(2);
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.blank(1),
            }
        }
    }

    fn string(&mut self) {
        self.keep(1);
        let start = self.at;
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\\' => self.blank(2),
                b'"' => break,
                _ => self.blank(1),
            }
        }
        self.strings.push(start..self.at);
        self.keep(1);
    }

    fn raw_string(&mut self, hashes: usize) {
        self.keep(hashes + 1);
        let start = self.at;
        let mut close = vec![b'"'];
        close.resize(hashes + 1, b'#');
        let rest = &self.bytes[self.at..];
        let length = rest.windows(close.len()).position(|window| window == close);
        self.blank(length.unwrap_or(rest.len()));
        self.strings.push(start..self.at);
        self.keep(close.len());
    }

    /// A quote opens a character when a second one follows after one character or an escape.
    fn character_or_lifetime(&mut self) {
        if self.peek(1) == Some(b'\\') {
            self.keep(1);
            self.blank(2);
            while self.peek(0).is_some_and(|byte| byte != b'\'' && byte != b'\n') {
                self.blank(1);
            }
            return self.keep(1);
        }
        let width = match self.peek(1) {
            Some(0xF0..) => 4,
            Some(0xE0..) => 3,
            Some(0xC0..) => 2,
            _ => 1,
        };
        if self.peek(width + 1) == Some(b'\'') {
            self.keep(1);
            self.blank(width);
        }
        self.keep(1);
    }

    fn word(&mut self) {
        let length = self.bytes[self.at..].iter().take_while(|byte| is_word_byte(**byte)).count();
        let is_raw_prefix = matches!(&self.bytes[self.at..self.at + length], b"r" | b"br" | b"cr");
        self.keep(length);
        if !is_raw_prefix {
            return;
        }
        let hashes = self.bytes[self.at..].iter().take_while(|byte| **byte == b'#').count();
        if self.peek(hashes) == Some(b'"') {
            self.raw_string(hashes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(source: &str) -> String {
        let text = RustText::new(source);
        assert_eq!(text.code().len(), source.len(), "positions must stay the same");
        String::from_utf8_lossy(text.code()).into_owned()
    }

    #[test]
    fn comments_and_literals_are_blanked() {
        assert_eq!(code("a // } {\nb"), "a       \nb");
        let nested = "a /* { /* } */ { */ b";
        assert_eq!(code(nested), format!("a{}b", " ".repeat(nested.len() - 2)));
        assert_eq!(code(r#"f("}\"{", '{', '\'', b'}')"#), r#"f("    ", ' ', '  ', b' ')"#);
        assert_eq!(code("r#\"}\"{\"# x"), "r#\"   \"# x");
        assert_eq!(code("'가' x"), "'   ' x");
    }

    #[test]
    fn lifetimes_and_raw_identifiers_are_code() {
        assert_eq!(code("fn f<'a>(x: &'a str) {}"), "fn f<'a>(x: &'a str) {}");
        assert_eq!(code("r#type + 'static"), "r#type + 'static");
    }

    #[test]
    fn unfinished_texts_do_not_panic() {
        for source in ["\"", "'", "'\\", "/*", "r#\"", "r#", "b'", "\"\\", "}", "fn f(", "/* /*"] {
            let text = RustText::new(source);
            assert_eq!(text.code().len(), source.len());
            assert_eq!(text.closing(0), None);
        }
    }

    #[test]
    fn strings_words_and_lines_are_found() {
        let source = "let s = \"SELECT 1\";\nlet fnord = 1; fn g() {}\n";
        let text = RustText::new(source);
        assert_eq!(
            text.strings().iter().map(|span| &source[span.clone()]).collect::<Vec<_>>(),
            ["SELECT 1"]
        );
        let words: Vec<usize> = text.words("fn").collect();
        assert_eq!(words.len(), 1);
        assert_eq!(text.line(words[0]), 2);
        let open = text.find_outside_brackets(words[0], b"{;").expect("a body");
        assert_eq!(text.closing(open), Some(open + 1));
    }

    #[test]
    fn brackets_hide_what_stands_inside() {
        let text = RustText::new("fn f(x: [u8; 3]) -> [u8; 2] { g(1; 2) }");
        let open = text.find_outside_brackets(0, b"{;").expect("a body");
        assert_eq!(text.code()[open], b'{');
        assert_eq!(text.closing(open), Some(text.code().len() - 1));
    }
}
