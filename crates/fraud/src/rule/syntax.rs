//! The words of a text put together, by the precedence of CEL's grammar. What the names mean is
//! [`super::check`]'s business.

use std::ops::Range;

use super::fault::{RuleFault, Sentence};
use super::token::{TOO_BIG, Token, Word, cut};

/// Deepest nesting: brackets in brackets, or operators over operators. `&&` and `||` chains count
/// once, however long.
pub(super) const DEPTH_MAX: usize = 48;

/// One piece of an expression, and where it stands.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) form: Form,
    pub(super) range: Range<usize>,
    depth: usize,
}

/// What a piece is.
#[derive(Debug)]
pub(super) enum Form {
    Bool(bool),
    Int(i64),
    Real(f64),
    Text(String),
    /// A name; the characters stand in the source.
    Name,
    List(Vec<Piece>),
    /// `lists.leaked`: a piece, and the range of the name after the dot.
    Member(Box<Piece>, Range<usize>),
    /// `size(x)` or `x.size()`; the range is that of the function's name.
    Call {
        name: Range<usize>,
        on: Option<Box<Piece>>,
        arguments: Vec<Piece>,
    },
    Unary(&'static str, Box<Piece>),
    Binary(&'static str, Box<(Piece, Piece)>),
    /// `a && b && c` (true) or `a || b || c` (false).
    Chain(bool, Vec<Piece>),
    /// `a ? b : c`.
    Choice(Box<(Piece, Piece, Piece)>),
}

const OPEN_ROUND: (&str, &str) = ("a bracket ( is not closed", "괄호 (가 닫히지 않았습니다");
const OPEN_SQUARE: (&str, &str) = ("a bracket [ is not closed", "괄호 [가 닫히지 않았습니다");

/// Words that CEL keeps for itself and its hosts' languages.
const RESERVED: [&str; 18] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "var",
    "while",
];

/// Reads a whole text as one expression.
pub(super) fn read(text: &str) -> Result<Piece, RuleFault> {
    let mut parser = Parser { text, tokens: cut(text)?, at: 0, open: 0 };
    let piece = parser.expression()?;
    match parser.peek().word {
        Word::End => Ok(piece),
        _ => {
            Err(parser.unexpected(("here the expression should end", "식이 여기서 끝나야 합니다")))
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    /// How many expressions stand around the one that is read.
    open: usize,
}

type Level<'a> = fn(&mut Parser<'a>) -> Result<Piece, RuleFault>;

impl<'a> Parser<'a> {
    fn peek(&self) -> &Token {
        &self.tokens[self.at]
    }

    /// Takes the next token. The last one, the end, stays.
    fn take(&mut self) -> Token {
        let token = self.peek().clone();
        if token.word != Word::End {
            self.at += 1;
        }
        token
    }

    fn sign(&mut self, wanted: &'static str) -> bool {
        let found = self.peek().word == Word::Sign(wanted);
        if found {
            self.at += 1;
        }
        found
    }

    /// The operator that stands here, if it is one of `wanted`; `in` is a word and an operator.
    fn operator(&mut self, wanted: &[&'static str]) -> Option<&'static str> {
        let token = self.peek();
        let found = match &token.word {
            Word::Sign(sign) => wanted.iter().find(|wanted| *wanted == sign),
            Word::Name => wanted.iter().find(|wanted| **wanted == &self.text[token.range.clone()]),
            _ => None,
        };
        let found = *found?;
        self.at += 1;
        Some(found)
    }

    fn expect(
        &mut self,
        wanted: &'static str,
        what: impl Into<Sentence>,
    ) -> Result<Range<usize>, RuleFault> {
        let range = self.peek().range.clone();
        if self.sign(wanted) { Ok(range) } else { Err(self.unexpected(what)) }
    }

    fn unexpected(&self, what: impl Into<Sentence>) -> RuleFault {
        RuleFault::new(self.text, self.peek().range.clone(), what)
    }

    fn piece(&self, form: Form, range: Range<usize>, below: usize) -> Result<Piece, RuleFault> {
        let depth = below + 1;
        if depth > DEPTH_MAX {
            return Err(self.too_deep(range));
        }
        Ok(Piece { form, range, depth })
    }

    fn too_deep(&self, range: Range<usize>) -> RuleFault {
        let what = (
            format!("this is nested deeper than {DEPTH_MAX} levels"),
            format!("{DEPTH_MAX}단계보다 깊이 겹쳐 있습니다"),
        );
        RuleFault::new(self.text, range, what)
            .advise(("declare a part of it as a feature", "일부를 피처로 선언하십시오"))
    }

    /// `a`, or `a ? b : c`.
    fn expression(&mut self) -> Result<Piece, RuleFault> {
        self.open += 1;
        if self.open > DEPTH_MAX {
            return Err(self.too_deep(self.peek().range.clone()));
        }
        let first = self.chain("||", Self::and)?;
        let piece = if self.sign("?") {
            let yes = self.chain("||", Self::and)?;
            self.expect(
                ":",
                (
                    "after ? and a value comes : and the other value",
                    "? 다음 값 뒤에는 :과 다른 값이 옵니다",
                ),
            )?;
            let no = self.expression()?;
            let range = first.range.start..no.range.end;
            let depth = first.depth.max(yes.depth).max(no.depth);
            self.piece(Form::Choice(Box::new((first, yes, no))), range, depth)?
        } else {
            first
        };
        self.open -= 1;
        Ok(piece)
    }

    fn and(&mut self) -> Result<Piece, RuleFault> {
        self.chain("&&", Self::relation)
    }

    fn chain(&mut self, sign: &'static str, below: Level<'a>) -> Result<Piece, RuleFault> {
        let first = below(self)?;
        if self.peek().word != Word::Sign(sign) {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.sign(sign) {
            parts.push(below(self)?);
        }
        let range = parts[0].range.start..parts[parts.len() - 1].range.end;
        let depth = parts.iter().map(|part| part.depth).max().unwrap_or(0);
        self.piece(Form::Chain(sign == "&&", parts), range, depth)
    }

    fn relation(&mut self) -> Result<Piece, RuleFault> {
        self.binary(&["==", "!=", "<=", ">=", "<", ">", "in"], Self::sum)
    }

    fn sum(&mut self) -> Result<Piece, RuleFault> {
        self.binary(&["+", "-"], Self::product)
    }

    fn product(&mut self) -> Result<Piece, RuleFault> {
        self.binary(&["*", "/", "%"], Self::unary)
    }

    fn binary(&mut self, signs: &[&'static str], below: Level<'a>) -> Result<Piece, RuleFault> {
        let mut left = below(self)?;
        while let Some(sign) = self.operator(signs) {
            let right = below(self)?;
            let range = left.range.start..right.range.end;
            let depth = left.depth.max(right.depth);
            left = self.piece(Form::Binary(sign, Box::new((left, right))), range, depth)?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Piece, RuleFault> {
        let start = self.peek().range.start;
        let Some(sign) = self.operator(&["!", "-"]) else { return self.member() };
        if let ("-", Word::Int(number)) = (sign, &self.peek().word) {
            let number = 0_i64.checked_sub_unsigned(*number);
            let end = self.take().range.end;
            let number = number.expect("the lexer lets no number above 2^63 through");
            let piece = self.piece(Form::Int(number), start..end, 0)?;
            return self.members(piece);
        }
        self.open += 1;
        if self.open > DEPTH_MAX {
            return Err(self.too_deep(self.peek().range.clone()));
        }
        let inner = self.unary()?;
        self.open -= 1;
        let (range, depth) = (start..inner.range.end, inner.depth);
        self.piece(Form::Unary(sign, Box::new(inner)), range, depth)
    }

    fn member(&mut self) -> Result<Piece, RuleFault> {
        let piece = self.primary()?;
        self.members(piece)
    }

    /// `.name` and `.name(…)` behind a piece.
    fn members(&mut self, mut piece: Piece) -> Result<Piece, RuleFault> {
        loop {
            if self.peek().word == Word::Sign("[") {
                return Err(self.unexpected((
                    "there is nothing here that could be indexed",
                    "번호로 꺼낼 것이 없습니다",
                )));
            }
            if !self.sign(".") {
                return Ok(piece);
            }
            let name = self.take();
            if name.word != Word::Name {
                return Err(RuleFault::new(
                    self.text,
                    name.range,
                    ("after a dot comes a name", "점 뒤에는 이름이 옵니다"),
                ));
            }
            let start = piece.range.start;
            piece = if self.sign("(") {
                let (arguments, end, depth) = self.items(")")?;
                let depth = depth.max(piece.depth);
                let on = Some(Box::new(piece));
                self.piece(Form::Call { name: name.range, on, arguments }, start..end, depth)?
            } else {
                let (depth, end) = (piece.depth, name.range.end);
                self.piece(Form::Member(Box::new(piece), name.range), start..end, depth)?
            };
        }
    }

    fn primary(&mut self) -> Result<Piece, RuleFault> {
        let token = self.take();
        let range = token.range.clone();
        let form = match token.word {
            Word::Int(number) => {
                if let Ok(number) = i64::try_from(number) {
                    Form::Int(number)
                } else {
                    return Err(RuleFault::new(self.text, range, TOO_BIG));
                }
            }
            Word::Real(number) => Form::Real(number),
            Word::Text(text) => Form::Text(text),
            Word::Name => return self.name(range),
            Word::Sign("(") => {
                let inner = self.expression()?;
                let end = self.expect(")", OPEN_ROUND)?.end;
                return Ok(Piece { range: range.start..end, ..inner });
            }
            Word::Sign("[") => {
                let (items, end, depth) = self.items("]")?;
                return self.piece(Form::List(items), range.start..end, depth);
            }
            Word::Sign(_) | Word::End => {
                return Err(RuleFault::new(
                    self.text,
                    range,
                    ("here a value should stand", "여기에 값이 와야 합니다"),
                ));
            }
        };
        self.piece(form, range, 0)
    }

    fn name(&mut self, range: Range<usize>) -> Result<Piece, RuleFault> {
        let form = match &self.text[range.clone()] {
            "true" => Form::Bool(true),
            "false" => Form::Bool(false),
            word if RESERVED.contains(&word) => {
                let what = (
                    format!("{word} is a word that CEL keeps for itself"),
                    format!("{word}: CEL이 따로 쓰는 낱말입니다"),
                );
                let fault = RuleFault::new(self.text, range, what);
                return Err(match word {
                    "null" => fault.advise((
                        "write !has(name) when nothing came",
                        "값이 오지 않은 경우는 !has(이름)으로 쓰십시오",
                    )),
                    "if" => fault.advise((
                        "write condition ? this : that",
                        "조건 ? 이것 : 저것으로 쓰십시오",
                    )),
                    _ => fault,
                });
            }
            _ if self.sign("(") => {
                let (arguments, end, depth) = self.items(")")?;
                let form = Form::Call { name: range.clone(), on: None, arguments };
                return self.piece(form, range.start..end, depth);
            }
            _ => Form::Name,
        };
        self.piece(form, range, 0)
    }

    /// Expressions between commas up to `close`; where that ends, and the deepest of them. A comma
    /// may follow the last one of a list.
    fn items(&mut self, close: &'static str) -> Result<(Vec<Piece>, usize, usize), RuleFault> {
        let mut items = Vec::new();
        loop {
            let end = self.peek().range.end;
            let may_close = items.is_empty() || close == "]" || self.previous_is_item();
            if may_close && self.sign(close) {
                let depth = items.iter().map(|item: &Piece| item.depth).max().unwrap_or(0);
                return Ok((items, end, depth));
            }
            if !items.is_empty() && self.previous_is_item() {
                let what = if close == "]" { OPEN_SQUARE } else { OPEN_ROUND };
                self.expect(",", what)?;
                continue;
            }
            items.push(self.expression()?);
        }
    }

    /// Whether the token before this one ended an item, and was not a comma or an opening bracket.
    fn previous_is_item(&self) -> bool {
        !matches!(self.tokens[self.at - 1].word, Word::Sign("," | "(" | "["))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expression with every bracket written out.
    fn shape(text: &str, piece: &Piece) -> String {
        let all = |pieces: &[Piece], between: &str| {
            pieces.iter().map(|piece| shape(text, piece)).collect::<Vec<_>>().join(between)
        };
        match &piece.form {
            Form::Bool(value) => value.to_string(),
            Form::Int(value) => value.to_string(),
            Form::Real(value) => value.to_string(),
            Form::Text(value) => format!("{value:?}"),
            Form::Name => text[piece.range.clone()].to_owned(),
            Form::List(items) => format!("[{}]", all(items, ", ")),
            Form::Member(on, name) => format!("{}.{}", shape(text, on), &text[name.clone()]),
            Form::Call { name, on, arguments } => {
                let on = on.as_ref().map_or(String::new(), |on| shape(text, on) + ".");
                format!("{on}{}({})", &text[name.clone()], all(arguments, ", "))
            }
            Form::Unary(sign, inner) => format!("({sign}{})", shape(text, inner)),
            Form::Binary(sign, both) => {
                format!("({} {sign} {})", shape(text, &both.0), shape(text, &both.1))
            }
            Form::Chain(and, parts) => {
                format!("({})", all(parts, if *and { " && " } else { " || " }))
            }
            Form::Choice(three) => format!(
                "({} ? {} : {})",
                shape(text, &three.0),
                shape(text, &three.1),
                shape(text, &three.2)
            ),
        }
    }

    fn read_as(text: &str) -> String {
        shape(text, &read(text).unwrap())
    }

    fn fault(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn precedence_is_that_of_cel() {
        for (text, wanted) in [
            ("a + b * c - d", "((a + (b * c)) - d)"),
            ("a || b && c || d", "(a || (b && c) || d)"),
            ("!a && -b < c + 1", "((!a) && ((-b) < (c + 1)))"),
            ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
            ("(a ? b : c) ? d : e", "((a ? b : c) ? d : e)"),
            ("a in lists.leaked || b in [1, 2,]", "((a in lists.leaked) || (b in [1, 2]))"),
            ("time.getHours('Asia/Seoul') % 2 == 0", "((time.getHours(\"Asia/Seoul\") % 2) == 0)"),
            ("- 9223372036854775808", "-9223372036854775808"),
            ("--a", "(-(-a))"),
            ("min(a, b) .size()", "min(a, b).size()"),
            ("1 - -1", "(1 - -1)"),
            ("f()", "f()"),
            ("index < inner", "(index < inner)"),
        ] {
            assert_eq!(read_as(text), wanted, "{text}");
        }
    }

    #[test]
    fn faults_say_where() {
        for (text, wanted) in [
            ("", "line 1, column 1: here a value should stand"),
            ("a &&", "line 1, column 5: here a value should stand"),
            ("(a", "line 1, column 3: a bracket ( is not closed"),
            ("f(a b)", "line 1, column 5: a bracket ( is not closed"),
            ("[1 2]", "line 1, column 4: a bracket [ is not closed"),
            ("f(a,)", "line 1, column 5: here a value should stand"),
            ("[,]", "line 1, column 2: here a value should stand"),
            ("a b", "line 1, column 3: here the expression should end"),
            ("a ? b", "line 1, column 6: after ? and a value comes : and the other value"),
            ("a.1", "line 1, column 2: here the expression should end"),
            ("a.(", "line 1, column 3: after a dot comes a name"),
            ("a[0]", "line 1, column 2: there is nothing here that could be indexed"),
            ("9223372036854775808", "line 1, column 1: this number does not fit in 64 bits"),
            (
                "a == null",
                "line 1, column 6: null is a word that CEL keeps for itself (write !has(name) when nothing came)",
            ),
        ] {
            assert_eq!(fault(text), wanted, "{text}");
        }
    }

    #[test]
    fn depth_has_a_limit_and_chains_have_none() {
        let nested = |open: &str, close: &str, times: usize| {
            read(&format!("{}a{}", open.repeat(times), close.repeat(times))).map(|_| ())
        };
        assert!(nested("(", ")", DEPTH_MAX - 1).is_ok());
        for (open, close) in
            [("(", ")"), ("[", "]"), ("!", ""), ("f(", ")"), ("a?b:", ""), ("", "+1")]
        {
            let fault = nested(open, close, 1500).unwrap_err();
            assert!(fault.what.en.contains("nested deeper"), "{open}: {fault}");
        }
        assert!(read(&vec!["a"; 2000].join(" && ")).is_ok());
        assert!(read(&vec!["a"; 2000].join(" || ")).is_ok());
    }
}
