//! The trigger language of the rule table, parsed into typed expressions.
//!
//! ```text
//! any    = all ("or" all)*
//! all    = one ("and" one)*
//! one    = "not" one | "(" any ")" | atom
//! atom   = "always" | flag | state ("==" | "!=") 'word' | state "in" "[" 'word', … "]"
//!        | number sign integer | residents_of('EU') sign integer | 'kind' "in" (kinds | kinds_held)
//!        | role ("==" | "!=") 'role' | date sign 'day' | local_time between 21:00 and 08:00
//!        | us_pi('CA') | subject_to('KR') | notice_due('rule-id')
//! ```
//!
//! Every word is checked against its vocabulary while parsing, so a trigger that parses can be
//! evaluated; there is nothing left in it that could be misspelt, except the id of another rule,
//! which the table resolves.

use std::collections::BTreeSet;

use doldam_ground::deadline::Day;
use doldam_ground::{Kind, limits};

use super::fact::State;
use super::name::{FactName, Region};
use super::token::{Token, tokens};
use super::value::Comparison;
use crate::words::{DateName, Flag, KindSetName, Role, StateName, Word};

/// A condition over the facts of an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// One statement about one fact.
    Atom(Atom),
    /// It does not hold.
    Not(Box<Self>),
    /// All of them hold.
    All(Vec<Self>),
    /// One of them holds.
    Any(Vec<Self>),
}

/// One statement about one fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Atom {
    /// It always holds.
    Always,
    /// A flag is yes.
    Flag(Flag),
    /// A state is one of these words.
    State(StateName, BTreeSet<State>),
    /// A number (a number or the residents of a region) compares so with a limit.
    Number(FactName, Comparison, u64),
    /// A set of kinds holds a kind.
    HasKind(KindSetName, Kind),
    /// The party acts in this role.
    Role(Role),
    /// The day of a time compares so with a day, in the rule's zone.
    Date(DateName, Comparison, Day),
    /// The time on the wall lies in a span of minutes of the day; the span may pass midnight.
    LocalTime(u16, u16),
    /// The leaked kinds meet a state's own definition.
    UsPi(Region),
    /// The law of a region governs the party.
    SubjectTo(Region),
    /// The notice of another rule is due.
    NoticeDue(String),
}

/// Why a text is not a trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TriggerError {
    /// The byte at which the parser stood.
    pub(super) at: usize,
    /// What is wrong there.
    pub(super) problem: &'static str,
}

type Parsed<T> = Result<T, TriggerError>;

impl Expression {
    /// Parses a trigger.
    pub(super) fn parse(text: &str) -> Parsed<Self> {
        if text.len() > limits::TRIGGER_BYTES_MAX {
            return Err(TriggerError { at: 0, problem: "longer than TRIGGER_BYTES_MAX" });
        }
        let tokens = tokens(text)?;
        let mut parser = Parser { tokens: &tokens, next: 0, end: text.len(), depth: 0 };
        let expression = parser.any()?;
        match parser.tokens.get(parser.next) {
            Some(_) => Err(parser.wrong("nothing may follow here but and, or")),
            None => Ok(expression),
        }
    }

    /// All statements of the expression.
    pub fn atoms(&self) -> Vec<&Atom> {
        match self {
            Self::Atom(atom) => vec![atom],
            Self::Not(inner) => inner.atoms(),
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::atoms).collect(),
        }
    }
}

struct Parser<'t> {
    tokens: &'t [(usize, Token<'t>)],
    next: usize,
    end: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn wrong(&self, problem: &'static str) -> TriggerError {
        let at = self.tokens.get(self.next).map_or(self.end, |(at, _)| *at);
        TriggerError { at, problem }
    }

    fn peek(&self) -> Option<Token<'t>> {
        self.tokens.get(self.next).map(|(_, token)| *token)
    }

    fn take(&mut self, token: Token<'_>) -> bool {
        let found = self.peek() == Some(token);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, token: Token<'_>, problem: &'static str) -> Parsed<()> {
        if self.take(token) { Ok(()) } else { Err(self.wrong(problem)) }
    }

    /// Reads the next token by `read`, or says what should have stood there.
    fn read<T>(
        &mut self,
        problem: &'static str,
        read: impl FnOnce(Token<'t>) -> Option<T>,
    ) -> Parsed<T> {
        let value = self.peek().and_then(read).ok_or_else(|| self.wrong(problem))?;
        self.next += 1;
        Ok(value)
    }

    /// Reads a text in quotation marks by `read`.
    fn quoted<T>(
        &mut self,
        problem: &'static str,
        read: impl FnOnce(&'t str) -> Option<T>,
    ) -> Parsed<T> {
        self.read(problem, |token| match token {
            Token::Quoted(text) => read(text),
            _ => None,
        })
    }

    fn any(&mut self) -> Parsed<Expression> {
        let mut parts = vec![self.all()?];
        while self.take(Token::Word("or")) {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::Any(parts) })
    }

    fn all(&mut self) -> Parsed<Expression> {
        let mut parts = vec![self.one()?];
        while self.take(Token::Word("and")) {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::All(parts) })
    }

    fn one(&mut self) -> Parsed<Expression> {
        if self.depth >= limits::TRIGGER_DEPTH_MAX {
            return Err(self.wrong("nested deeper than TRIGGER_DEPTH_MAX"));
        }
        self.depth += 1;
        let expression = if self.take(Token::Word("not")) {
            Expression::Not(Box::new(self.one()?))
        } else if self.take(Token::Open) {
            let inner = self.any()?;
            self.expect(Token::Close, "a parenthesis is not closed")?;
            inner
        } else {
            self.atom()?
        };
        self.depth -= 1;
        Ok(expression)
    }

    fn atom(&mut self) -> Parsed<Expression> {
        if let Some(Token::Quoted(_)) = self.peek() {
            return self.has_kind();
        }
        let word = self.read("expected a fact", |token| match token {
            Token::Word(word) => Some(word),
            _ => None,
        });
        match word? {
            "always" => Ok(Expression::Atom(Atom::Always)),
            "role" => self.role(),
            "local_time" => self.local_time(),
            "us_pi" => self.us_pi(),
            "residents_of" => {
                let region = self.argument(Region::new)?;
                self.number(FactName::ResidentsOf(region))
            }
            "subject_to" => Ok(Expression::Atom(Atom::SubjectTo(self.argument(Region::new)?))),
            "notice_due" => {
                Ok(Expression::Atom(Atom::NoticeDue(self.argument(|id| Some(id.to_owned()))?)))
            }
            name => self.named(name),
        }
    }

    fn named(&mut self, name: &str) -> Parsed<Expression> {
        match name.parse::<FactName>() {
            Ok(FactName::Flag(flag)) => Ok(Expression::Atom(Atom::Flag(flag))),
            Ok(FactName::State(state)) => self.state(state),
            Ok(number @ FactName::Number(_)) => self.number(number),
            Ok(FactName::Date(date)) => self.date(date),
            _ => {
                self.next -= 1;
                Err(self.wrong("is no fact of the vocabulary"))
            }
        }
    }

    fn argument<T>(&mut self, read: impl FnOnce(&'t str) -> Option<T>) -> Parsed<T> {
        self.expect(Token::Open, "expected (")?;
        let argument = self.quoted("is no argument of this function", read)?;
        self.expect(Token::Close, "expected )")?;
        Ok(argument)
    }

    fn us_pi(&mut self) -> Parsed<Expression> {
        let region = self.argument(|state| Region::new(&format!("US-{state}")))?;
        Ok(Expression::Atom(Atom::UsPi(region)))
    }

    fn has_kind(&mut self) -> Parsed<Expression> {
        let kind = self.quoted("is no kind of personal data", Kind::from_id)?;
        self.expect(Token::Word("in"), "expected in")?;
        let set = self.read("expected kinds or kinds_held", |token| match token {
            Token::Word(word) => KindSetName::from_id(word),
            _ => None,
        })?;
        Ok(Expression::Atom(Atom::HasKind(set, kind)))
    }

    /// `==` gives `true`, `!=` gives `false`.
    fn equality(&mut self) -> Parsed<bool> {
        self.read("expected == or !=", |token| match token {
            Token::Sign(Comparison::Equal) => Some(true),
            Token::NotEqual => Some(false),
            _ => None,
        })
    }

    fn role(&mut self) -> Parsed<Expression> {
        let equal = self.equality()?;
        let role = self.quoted("is no role of the vocabulary", Role::from_id)?;
        Ok(negated_unless(equal, Atom::Role(role)))
    }

    fn state(&mut self, name: StateName) -> Parsed<Expression> {
        const PROBLEM: &str = "is no word of this fact's vocabulary";
        let word = |text| State::from_id(name, text);
        if !self.take(Token::Word("in")) {
            let equal = self.equality()?;
            let state = self.quoted(PROBLEM, word)?;
            return Ok(negated_unless(equal, Atom::State(name, BTreeSet::from([state]))));
        }
        self.expect(Token::OpenList, "expected [")?;
        let mut states = BTreeSet::from([self.quoted(PROBLEM, word)?]);
        while self.take(Token::Comma) {
            states.insert(self.quoted(PROBLEM, word)?);
        }
        self.expect(Token::CloseList, "expected , or ]")?;
        Ok(Expression::Atom(Atom::State(name, states)))
    }

    fn comparison(&mut self) -> Parsed<Comparison> {
        self.read("expected a comparison", |token| match token {
            Token::Sign(comparison) => Some(comparison),
            _ => None,
        })
    }

    fn number(&mut self, name: FactName) -> Parsed<Expression> {
        let comparison = self.comparison()?;
        let limit = self.read("expected a number", |token| match token {
            Token::Number(number) => Some(number),
            _ => None,
        })?;
        Ok(Expression::Atom(Atom::Number(name, comparison, limit)))
    }

    fn date(&mut self, name: DateName) -> Parsed<Expression> {
        let comparison = self.comparison()?;
        let day = self.quoted("expected a day in quotation marks", |text| text.parse().ok())?;
        Ok(Expression::Atom(Atom::Date(name, comparison, day)))
    }

    fn local_time(&mut self) -> Parsed<Expression> {
        const PROBLEM: &str = "expected a time of day: 21:00";
        let minute = |token: Token<'_>| match token {
            Token::Minute(minute) => Some(minute),
            _ => None,
        };
        self.expect(Token::Word("between"), "expected between")?;
        let from = self.read(PROBLEM, minute)?;
        self.expect(Token::Word("and"), "expected and")?;
        let to = self.read(PROBLEM, minute)?;
        Ok(Expression::Atom(Atom::LocalTime(from, to)))
    }
}

fn negated_unless(holds: bool, atom: Atom) -> Expression {
    let atom = Expression::Atom(atom);
    if holds { atom } else { Expression::Not(Box::new(atom)) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn problem(text: &str) -> (usize, &'static str) {
        let error = Expression::parse(text).unwrap_err();
        (error.at, error.problem)
    }

    #[test]
    fn and_binds_closer_than_or() {
        let parsed = Expression::parse("major or closed and not refuse").unwrap();
        let Expression::Any(parts) = parsed else { panic!("an or") };
        assert_eq!(parts[0], Expression::Atom(Atom::Flag(Flag::Major)));
        assert!(matches!(&parts[1], Expression::All(parts) if parts.len() == 2));
    }

    #[test]
    fn every_form_of_the_vocabulary_is_read() {
        for text in [
            "always",
            "certainty in ['possible','refuted'] and contact_unknown",
            "subjects >= 1000 or residents_of('US-CA') > 500 or turnover_krw == 3",
            "'ci' in kinds_held and 'health' in kinds",
            "(role != 'processor' or occurred_at >= '2026-10-01')",
            "message_is_advert and local_time between 21:00 and 08:00",
            "us_pi('CA') and subject_to('KR') and notice_due('us-md-persons')",
        ] {
            assert!(!Expression::parse(text).unwrap().atoms().is_empty(), "{text}");
        }
    }

    #[test]
    fn a_misspelt_word_is_refused_where_it_stands() {
        assert_eq!(problem("subject >= 1"), (0, "is no fact of the vocabulary"));
        assert_eq!(problem("certainty == 'sure'").0, 13);
        assert_eq!(problem("'shoe' in kinds").1, "is no kind of personal data");
        assert_eq!(problem("us_pi('California')").1, "is no argument of this function");
        assert_eq!(problem("(major").1, "a parenthesis is not closed");
        assert_eq!(problem("major major").1, "nothing may follow here but and, or");
        assert_eq!(problem("subjects >= '5'").1, "expected a number");
        assert_eq!(problem("").1, "expected a fact");
        assert_eq!(problem("role == 'king'").1, "is no role of the vocabulary");
        assert_eq!(problem("path == 'unknown'").1, "is no word of this fact's vocabulary");
    }

    #[test]
    fn length_and_depth_have_limits() {
        let deep = format!("{}major{}", "(".repeat(32), ")".repeat(32));
        assert_eq!(problem(&deep).1, "nested deeper than TRIGGER_DEPTH_MAX");
        let long = "major or ".repeat(500) + "major";
        assert_eq!(problem(&long).1, "longer than TRIGGER_BYTES_MAX");
    }

    proptest! {
        #[test]
        fn never_panics(text in "[a-z_'()\\[\\]=!<>0-9:,é ]{0,80}", any: String) {
            let _ = Expression::parse(&text);
            let _ = Expression::parse(&any);
        }
    }
}
