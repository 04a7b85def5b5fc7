//! Licence expressions (SPDX 2.3, annex D): may we use a package under one of the allowed licences?

use anyhow::{Result, bail};

/// Deepest nesting of parentheses that is read.
const DEPTH_MAX: usize = 16;

/// True when the expression can be met with licences of the list alone.
///
/// `MIT/Apache-2.0`, the old way to write a choice, is read as `OR`. `X WITH exception` is allowed
/// when `X` is, because an exception only adds rights, or when the list holds it as a whole.
pub(crate) fn is_allowed(expression: &str, allowed: &[String]) -> Result<bool> {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut parser = Parser { words: spaced.split_whitespace().collect(), at: 0, allowed };
    let verdict = parser.choice(0)?;
    match parser.next() {
        None => Ok(verdict),
        Some(word) => bail!("unexpected `{word}`"),
    }
}

struct Parser<'a> {
    words: Vec<&'a str>,
    at: usize,
    allowed: &'a [String],
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let word = self.words.get(self.at).copied();
        self.at += 1;
        word
    }

    fn accept(&mut self, wanted: &str) -> bool {
        let is_there =
            self.words.get(self.at).is_some_and(|word| word.eq_ignore_ascii_case(wanted));
        self.at += usize::from(is_there);
        is_there
    }

    fn choice(&mut self, depth: usize) -> Result<bool> {
        let mut verdict = self.all(depth)?;
        while self.accept("OR") {
            verdict |= self.all(depth)?;
        }
        Ok(verdict)
    }

    fn all(&mut self, depth: usize) -> Result<bool> {
        let mut verdict = self.one(depth)?;
        while self.accept("AND") {
            verdict &= self.one(depth)?;
        }
        Ok(verdict)
    }

    fn one(&mut self, depth: usize) -> Result<bool> {
        if depth > DEPTH_MAX {
            bail!("nested too deep");
        }
        if self.accept("(") {
            let verdict = self.choice(depth + 1)?;
            if !self.accept(")") {
                bail!("a parenthesis is not closed");
            }
            return Ok(verdict);
        }
        let Some(licence) = self.next() else {
            bail!("a licence is missing");
        };
        if matches!(licence, ")" | "OR" | "AND" | "WITH") {
            bail!("unexpected `{licence}`");
        }
        let mut verdict = self.is_listed(licence);
        if self.accept("WITH") {
            let Some(exception) = self.next() else {
                bail!("an exception is missing");
            };
            verdict |= self.is_listed(&format!("{licence} WITH {exception}"));
        }
        Ok(verdict)
    }

    fn is_listed(&self, licence: &str) -> bool {
        self.allowed.iter().any(|allowed| allowed == licence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(expression: &str) -> bool {
        let allowed = ["MIT", "Apache-2.0", "Unicode-3.0"].map(str::to_owned);
        is_allowed(expression, &allowed).expect("the expression is well formed")
    }

    #[test]
    fn one_allowed_choice_is_enough() {
        assert!(verdict("MIT"));
        assert!(verdict("GPL-3.0 OR MIT"));
        assert!(verdict("MIT/GPL-2.0"));
        assert!(!verdict("GPL-3.0 OR AGPL-3.0"));
    }

    #[test]
    fn all_parts_must_be_allowed() {
        assert!(verdict("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(!verdict("MIT AND GPL-3.0"));
        assert!(!verdict("(MIT OR Apache-2.0) AND OpenSSL"));
        assert!(verdict("GPL-3.0 AND OpenSSL OR MIT"), "AND binds closer than OR");
        assert!(!verdict("GPL-3.0 AND (OpenSSL OR MIT)"));
    }

    #[test]
    fn an_exception_adds_rights_only() {
        assert!(verdict("Apache-2.0 WITH LLVM-exception"));
        assert!(!verdict("GPL-2.0 WITH Classpath-exception-2.0"));
    }

    #[test]
    fn broken_expressions_are_errors() {
        for broken in ["", "(MIT", "MIT)", "MIT OR", "AND MIT", "MIT Apache-2.0", "MIT WITH"] {
            assert!(is_allowed(broken, &["MIT".to_owned()]).is_err(), "{broken}");
        }
        let deep = "(".repeat(1_000) + "MIT" + &")".repeat(1_000);
        assert!(is_allowed(&deep, &["MIT".to_owned()]).is_err());
    }
}
