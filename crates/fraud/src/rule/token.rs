//! A text cut into words and signs, as CEL's grammar has them.

use std::ops::Range;

use super::fault::{RuleFault, Sentence};

/// What a piece of the text is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Word {
    /// A whole number without its sign; up to 2^63, so that the smallest `i64` can be written.
    Int(u64),
    /// A finite number without its sign.
    Real(f64),
    /// A text literal, with its escapes resolved.
    Text(String),
    /// A name; the characters stand in the source.
    Name,
    /// An operator or a bracket.
    Sign(&'static str),
    /// The end of the text.
    End,
}

/// One piece and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) word: Word,
    pub(super) range: Range<usize>,
}

/// What is said of a number that is too big.
pub(super) const TOO_BIG: (&str, &str) =
    ("this number does not fit in 64 bits", "이 수는 64비트에 들어가지 않습니다");

/// Operators and brackets, longer ones first.
const SIGNS: [&str; 23] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", "(", ")",
    "[", "]", ",", ".", "=",
];

/// Cuts `text`. The last token is [`Word::End`].
pub(super) fn cut(text: &str) -> Result<Vec<Token>, RuleFault> {
    let mut cutter = Cutter { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        let token = cutter.next()?;
        let done = token.word == Word::End;
        tokens.push(token);
        if done {
            return Ok(tokens);
        }
    }
}

struct Cutter<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cutter<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip_while(&mut self, wanted: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|letter| !wanted(letter)).unwrap_or(rest.len());
    }

    /// Blanks and comments (`//` to the end of the line).
    fn skip_blanks(&mut self) {
        loop {
            self.skip_while(|letter| matches!(letter, ' ' | '\t' | '\n' | '\r' | '\x0c'));
            if !self.rest().starts_with("//") {
                return;
            }
            self.skip_while(|letter| letter != '\n');
        }
    }

    fn next(&mut self) -> Result<Token, RuleFault> {
        self.skip_blanks();
        let start = self.at;
        let word = match self.peek() {
            None => Word::End,
            Some('"' | '\'') => Word::Text(self.quoted(start, false)?),
            Some('r' | 'R') if self.rest()[1..].starts_with(['"', '\'']) => {
                self.at += 1;
                Word::Text(self.quoted(start, true)?)
            }
            Some('b' | 'B') if self.rest()[1..].starts_with(['"', '\'']) => {
                return Err(self.fault(
                    start,
                    start + 1,
                    ("bytes are not a part of this language", "바이트열은 이 언어에 없습니다"),
                ));
            }
            Some(letter) if letter.is_ascii_digit() => self.number(start)?,
            Some('.') if self.rest()[1..].starts_with(|next: char| next.is_ascii_digit()) => {
                self.number(start)?
            }
            Some(letter) if letter.is_ascii_alphabetic() || letter == '_' => {
                self.skip_while(|letter| letter.is_ascii_alphanumeric() || letter == '_');
                Word::Name
            }
            Some(letter) => self.sign(letter)?,
        };
        Ok(Token { word, range: start..self.at })
    }

    fn fault(&self, start: usize, end: usize, what: impl Into<Sentence>) -> RuleFault {
        RuleFault::new(self.text, start..end, what)
    }

    fn sign(&mut self, letter: char) -> Result<Word, RuleFault> {
        let start = self.at;
        let found = SIGNS.into_iter().find(|sign| self.rest().starts_with(sign));
        self.at += found.map_or(letter.len_utf8(), str::len);
        let fault = || {
            self.fault(
                start,
                self.at,
                ("this character has no meaning here", "이 문자는 여기서 뜻이 없습니다"),
            )
        };
        match (found, letter) {
            (Some("="), _) => {
                Err(fault().advise(("write == to compare", "같은지 볼 때는 ==를 쓰십시오")))
            }
            (Some(sign), _) => Ok(Word::Sign(sign)),
            (None, '&') => Err(fault().advise(("write && for and", "그리고는 &&로 쓰십시오"))),
            (None, '|') => Err(fault().advise(("write || for or", "또는은 ||로 쓰십시오"))),
            (None, '“' | '”' | '‘' | '’') => {
                Err(fault().advise(("write straight quotes, \"", "곧은 따옴표 \"를 쓰십시오")))
            }
            (None, _) => Err(fault()),
        }
    }

    fn number(&mut self, start: usize) -> Result<Word, RuleFault> {
        let digit = |letter: char| letter.is_ascii_digit();
        let hexadecimal = self.rest().starts_with("0x") || self.rest().starts_with("0X");
        let mut real = false;
        if hexadecimal {
            self.at += 2;
            self.skip_while(|letter| letter.is_ascii_hexdigit());
        } else {
            self.skip_while(digit);
            if self.rest().starts_with('.') && self.rest()[1..].starts_with(digit) {
                real = true;
                self.at += 1;
                self.skip_while(digit);
            }
            real |= self.exponent();
        }
        let end = self.at;
        self.skip_while(|letter| letter.is_alphanumeric() || letter == '_');
        if self.at > end {
            return Err(self.bad_ending(start, end));
        }
        self.value(start, hexadecimal, real)
    }

    /// Takes an exponent, if one stands here.
    fn exponent(&mut self) -> bool {
        let Some(rest) = self.rest().strip_prefix(['e', 'E']) else { return false };
        let digits = rest.strip_prefix(['+', '-']).unwrap_or(rest);
        if !digits.starts_with(|letter: char| letter.is_ascii_digit()) {
            return false;
        }
        self.at += 1 + rest.len() - digits.len();
        self.skip_while(|letter| letter.is_ascii_digit());
        true
    }

    fn bad_ending(&self, start: usize, end: usize) -> RuleFault {
        let fault = self.fault(start, self.at, ("this is not a number", "수가 아닙니다"));
        match &self.text[end..self.at] {
            "u" | "U" => fault.advise((
                "there are no unsigned numbers: leave the u out",
                "부호 없는 수는 없습니다. u를 빼십시오",
            )),
            more if more.starts_with('_') => {
                fault.advise(("write the digits without _", "숫자를 _ 없이 쓰십시오"))
            }
            "s" | "m" | "h" | "d" | "ms" => fault.advise((
                "write a length of time as duration(\"30m\")",
                "시간 길이는 duration(\"30m\")처럼 쓰십시오",
            )),
            _ => fault,
        }
    }

    fn value(&self, start: usize, hexadecimal: bool, real: bool) -> Result<Word, RuleFault> {
        let digits = &self.text[start..self.at];
        let read = if real {
            digits.parse().ok().filter(|number: &f64| number.is_finite()).map(Word::Real)
        } else {
            let whole =
                if hexadecimal { u64::from_str_radix(&digits[2..], 16) } else { digits.parse() };
            whole.ok().filter(|number| *number <= 1 << 63).map(Word::Int)
        };
        read.ok_or_else(|| self.fault(start, self.at, TOO_BIG))
    }

    /// A text literal: `"…"`, `'…'`, `"""…"""`, `'''…'''`; `raw` ones have no escapes.
    fn quoted(&mut self, start: usize, raw: bool) -> Result<String, RuleFault> {
        let quote = &self.rest()[..1];
        let triple = self.rest().starts_with(&quote.repeat(3));
        let close = quote.repeat(if triple { 3 } else { 1 });
        self.at += close.len();
        let mut value = String::new();
        loop {
            if self.rest().starts_with(&close) {
                self.at += close.len();
                return Ok(value);
            }
            match self.peek() {
                Some('\\') if !raw => value.push(self.escape()?),
                Some(letter) if triple || letter != '\n' => {
                    value.push(letter);
                    self.at += letter.len_utf8();
                }
                _ => {
                    let fault = self.fault(
                        start,
                        self.at,
                        ("the text has no end", "따옴표가 닫히지 않았습니다"),
                    );
                    return Err(fault.advise((
                        format!("close it with {close}"),
                        format!("{close} 표시로 닫으십시오"),
                    )));
                }
            }
        }
    }

    /// One escape of CEL: `\n`, `\"`, `\x41`, `\u0041`, `\U00000041`, `\101`, …
    fn escape(&mut self) -> Result<char, RuleFault> {
        let start = self.at;
        self.at += 1;
        let letter = self.peek();
        let (skip, digits, radix) = match letter {
            Some('x' | 'X') => (1, 2, 16),
            Some('u') => (1, 4, 16),
            Some('U') => (1, 8, 16),
            Some('0'..='3') => (0, 3, 8),
            _ => return self.short_escape(start, letter),
        };
        let from = self.at + skip;
        let code = self
            .text
            .get(from..from + digits)
            .filter(|digits| digits.chars().all(|digit| digit.is_digit(radix)))
            .and_then(|digits| u32::from_str_radix(digits, radix).ok())
            .and_then(char::from_u32);
        let fault = || {
            self.fault(
                start,
                self.at,
                ("this escape is not a character", "이 표기는 문자가 아닙니다"),
            )
        };
        let code = code.ok_or_else(fault)?;
        self.at = from + digits;
        Ok(code)
    }

    fn short_escape(&mut self, start: usize, letter: Option<char>) -> Result<char, RuleFault> {
        let value = match letter {
            Some('a') => '\x07',
            Some('b') => '\x08',
            Some('f') => '\x0c',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('v') => '\x0b',
            Some(same @ ('\\' | '?' | '"' | '\'' | '`')) => same,
            _ => {
                let fault = self.fault(
                    start,
                    self.at,
                    ("this escape is not known", "알 수 없는 \\ 표기입니다"),
                );
                return Err(
                    fault.advise(("write \\\\ for a backslash", "역슬래시는 \\\\로 쓰십시오"))
                );
            }
        };
        self.at += 1;
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Word> {
        cut(text).unwrap().into_iter().map(|token| token.word).collect()
    }

    fn hint(text: &str) -> String {
        let fault = cut(text).unwrap_err();
        fault.hint.unwrap_or(fault.what).en.into_string()
    }

    #[test]
    fn numbers_are_read() {
        for (text, wanted) in [
            ("0", Word::Int(0)),
            ("0xfF", Word::Int(255)),
            ("9223372036854775808", Word::Int(1 << 63)),
            ("1.5", Word::Real(1.5)),
            (".5", Word::Real(0.5)),
            ("2e3", Word::Real(2000.0)),
            ("2.5E-1", Word::Real(0.25)),
        ] {
            assert_eq!(words(text), [wanted, Word::End], "{text}");
        }
        assert_eq!(words("1.size")[..2], [Word::Int(1), Word::Sign(".")]);
    }

    #[test]
    fn texts_are_read() {
        for (text, wanted) in [
            (r#""a\"b""#, "a\"b"),
            (r"'a\n\t\\'", "a\n\t\\"),
            (r#""\u AC00""#.replace(' ', "").as_str(), "가"),
            (r#""\x41\101\U0001F600""#, "AA😀"),
            (r#"r"a\n""#, "a\\n"),
            ("\"\"\"a\n\"b\"\"\"", "a\n\"b"),
            ("''", ""),
        ] {
            assert_eq!(words(text), [Word::Text(wanted.to_owned()), Word::End], "{text}");
        }
    }

    #[test]
    fn what_is_not_a_part_says_what_to_write() {
        assert_eq!(hint("amount = 1"), "write == to compare");
        assert_eq!(hint("a & b"), "write && for and");
        assert_eq!(hint("a | b"), "write || for or");
        assert_eq!(hint("“a”"), "write straight quotes, \"");
        assert_eq!(hint("1_000"), "write the digits without _");
        assert_eq!(hint("3u"), "there are no unsigned numbers: leave the u out");
        assert_eq!(hint("30m"), "write a length of time as duration(\"30m\")");
        assert_eq!(hint("\"open"), "close it with \"");
        assert_eq!(hint("\"line\n\""), "close it with \"");
        assert_eq!(hint(r#""\q""#), "write \\\\ for a backslash");
        assert_eq!(hint(r#""\ud800""#), "this escape is not a character");
        assert_eq!(hint("9223372036854775809"), "this number does not fit in 64 bits");
        assert_eq!(hint("1e999"), "this number does not fit in 64 bits");
        assert_eq!(hint("0x"), "this number does not fit in 64 bits");
        assert_eq!(hint("b\"a\""), "bytes are not a part of this language");
        assert_eq!(hint("a ; b"), "this character has no meaning here");
    }

    #[test]
    fn comments_and_lines_are_blanks() {
        assert_eq!(words("a // kind\n && b").len(), 4);
    }
}
