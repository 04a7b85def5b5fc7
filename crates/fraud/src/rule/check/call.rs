//! The functions of the language.

use std::ops::Range;

use doldam_ground::Instant;

use super::super::calendar::{Part, Zone};
use super::super::fault::{Fault, RuleFault, did_you_mean};
use super::super::run::{Real, Search, Truth, Whole, cut};
use super::super::syntax::{Form, Piece};
use super::{Checked, Checker, INT_AND_DOUBLE, Node, constant, only, real_node, short, whole_node};
use crate::frame::Slot;
use crate::value::{Span, Type};

/// Functions that stand before their arguments.
const FUNCTIONS: [&str; 10] =
    ["has", "size", "int", "double", "abs", "min", "max", "duration", "timestamp", "distance_km"];

/// Functions that stand behind a string, with what they look for.
const SEARCHES: [(&str, Search); 3] =
    [("startsWith", Search::Start), ("endsWith", Search::End), ("contains", Search::Anywhere)];

/// Advice to write something.
fn write(usage: &str) -> (String, String) {
    (format!("write {usage}"), format!("이렇게 쓰십시오: {usage}"))
}

impl Checker<'_> {
    /// `name(arguments)` or `on.name(arguments)`.
    pub(super) fn call(
        &mut self,
        piece: &Piece,
        name: &Range<usize>,
        on: Option<&Piece>,
        arguments: &[Piece],
    ) -> Checked<Node> {
        let word = &self.text[name.clone()];
        match on {
            Some(on) => self.method(piece, name, word, on, arguments),
            None => self.function(piece, name, word, arguments),
        }
    }

    fn function(
        &mut self,
        piece: &Piece,
        name: &Range<usize>,
        word: &str,
        arguments: &[Piece],
    ) -> Checked<Node> {
        match (word, arguments) {
            ("has", [argument]) => self.has(argument),
            ("size", [argument]) => self.size(argument),
            ("int", [argument]) => self.int(argument),
            ("double", [argument]) => self.double(argument),
            ("abs", [argument]) => self.absolute(argument),
            ("min" | "max", [_, _, ..]) => self.extreme(word == "min", arguments),
            ("duration", [argument]) => self.duration(argument),
            ("timestamp", [argument]) => self.timestamp(argument),
            ("distance_km", [_, _, _, _]) => self.distance(arguments),
            _ if FUNCTIONS.contains(&word) => Err(self.wrong_count(piece, word)),
            _ => Err(self.unknown_function(name, word)),
        }
    }

    fn method(
        &mut self,
        piece: &Piece,
        name: &Range<usize>,
        word: &str,
        on: &Piece,
        arguments: &[Piece],
    ) -> Checked<Node> {
        if let Some((_, search)) = SEARCHES.iter().find(|(known, _)| *known == word) {
            let [sought] = arguments else { return Err(self.wrong_count(piece, word)) };
            let both = Box::new((self.text(on)?, self.text(sought)?));
            self.pay(60);
            return Ok(Node::Truth(Truth::Search(*search, both)));
        }
        if let Some((_, part)) = Part::ALL.iter().find(|(known, _)| *known == word) {
            return self.part(piece, *part, on, arguments);
        }
        match (word, arguments) {
            ("size", []) => self.size(on),
            ("size", _) => Err(self.wrong_count(piece, word)),
            ("matches", _) => {
                let fault = self.fault(
                    name,
                    (
                        "regular expressions are not a part of this language",
                        "정규식은 이 언어에 없습니다",
                    ),
                );
                Err(fault.advise((
                    "write startsWith, endsWith or contains",
                    "startsWith, endsWith, contains를 쓰십시오",
                )))
            }
            _ => Err(self.unknown_function(name, word)),
        }
    }

    fn wrong_count(&self, piece: &Piece, word: &str) -> RuleFault {
        let usage = match word {
            "has" => "has(amount)",
            "min" | "max" => "max(a, b)",
            "duration" => "duration(\"30m\")",
            "timestamp" => "timestamp(\"2026-11-23T09:00:00+09:00\")",
            "distance_km" => "distance_km(latitude, longitude, latitude, longitude)",
            "startsWith" | "endsWith" | "contains" => "channel.startsWith(\"open\")",
            "size" => "size(payee)",
            "abs" => "abs(amount)",
            "int" => "int(payment_mean_90d)",
            _ => "double(amount)",
        };
        let what = (
            format!("{word} is not called with so many arguments"),
            format!("{word}: 인수의 수가 맞지 않습니다"),
        );
        self.fault(&piece.range, what).advise(write(usage))
    }

    fn unknown_function(&self, name: &Range<usize>, word: &str) -> RuleFault {
        let fault = self.fault(
            name,
            (format!("there is no function {word}"), format!("{word}: 그런 함수가 없습니다")),
        );
        let methods = SEARCHES.iter().map(|(name, _)| *name);
        let parts = Part::ALL.iter().map(|(name, _)| *name);
        if methods.clone().chain(parts.clone()).any(|known| known == word) {
            return fault.advise((
                format!("it stands behind a value: x.{word}(…)"),
                format!("값 뒤에 씁니다: x.{word}(…)"),
            ));
        }
        if FUNCTIONS.contains(&word) {
            return fault.advise((
                format!("it stands before its arguments: {word}(…)"),
                format!("인수 앞에 씁니다: {word}(…)"),
            ));
        }
        if ["all", "exists", "exists_one", "map", "filter"].contains(&word) {
            return fault.advise((
                "there are no loops: declare a feature that counts",
                "반복은 없습니다. 세는 피처를 선언하십시오",
            ));
        }
        match did_you_mean(word, FUNCTIONS.into_iter().chain(methods).chain(parts)) {
            Some(hint) => fault.advise(hint),
            None => fault,
        }
    }

    /// Whether a field came, a feature has a value, the model gave a score.
    fn has(&mut self, argument: &Piece) -> Checked<Node> {
        if !matches!(argument.form, Form::Name) {
            let fault =
                self.fault(&argument.range, ("has asks for a name", "has에는 이름을 씁니다"));
            return Err(fault.advise(write("has(amount)")));
        }
        let (slot, _) = self.slot(&argument.range)?;
        Ok(Node::Truth(match slot {
            Slot::Kind | Slot::Time => Truth::Constant(true),
            Slot::Field(place) => Truth::HasField(short(place)),
            Slot::Feature(place) => Truth::HasFeature(short(place)),
            Slot::Score => Truth::HasScore,
        }))
    }

    fn size(&mut self, argument: &Piece) -> Checked<Node> {
        let text = self.text(argument)?;
        self.pay(60);
        Ok(Node::Whole(Type::Int, Whole::Size(Box::new(text))))
    }

    fn int(&mut self, argument: &Piece) -> Checked<Node> {
        let whole = match self.node(argument)? {
            Node::Whole(Type::Int, whole) => whole,
            Node::Real(Real::Constant(value)) => {
                let value = cut(value).map_err(|fault| self.always(&argument.range, fault))?;
                Whole::Constant(value)
            }
            Node::Real(real) => Whole::Cut(Box::new(real)),
            Node::Whole(Type::Time, whole) => Whole::UnitsDown(1_000_000, Box::new(whole)),
            Node::Whole(Type::Span, _) => {
                let fault = self.wrong(argument, Type::Span, &[Type::Int, Type::Real, Type::Time]);
                return Err(fault.advise(write("x.getSeconds()")));
            }
            other => {
                return Err(self.wrong(
                    argument,
                    other.kind(),
                    &[Type::Int, Type::Real, Type::Time],
                ));
            }
        };
        Ok(Node::Whole(Type::Int, whole))
    }

    fn double(&mut self, argument: &Piece) -> Checked<Node> {
        let real = match self.node(argument)? {
            Node::Real(real) => real,
            Node::Whole(Type::Int, Whole::Constant(value)) => Real::Constant(value as f64),
            Node::Whole(Type::Int, whole) => Real::Of(Box::new(whole)),
            other => return Err(self.wrong(argument, other.kind(), &[Type::Int, Type::Real])),
        };
        Ok(Node::Real(real))
    }

    fn absolute(&mut self, argument: &Piece) -> Checked<Node> {
        match self.node(argument)? {
            Node::Real(Real::Constant(value)) => Ok(Node::Real(Real::Constant(value.abs()))),
            Node::Real(real) => Ok(Node::Real(Real::Absolute(Box::new(real)))),
            Node::Whole(kind @ (Type::Int | Type::Span), whole) => {
                let known =
                    constant(&whole).map(|value| value.checked_abs().ok_or(Fault::Overflow));
                let node = || Whole::Absolute(Box::new(whole));
                Ok(Node::Whole(kind, self.folded(known, &argument.range, node)?))
            }
            other => Err(self.wrong(argument, other.kind(), &[Type::Int, Type::Real, Type::Span])),
        }
    }

    fn extreme(&mut self, least: bool, arguments: &[Piece]) -> Checked<Node> {
        let mut nodes = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let node = self.node(argument)?;
            if matches!(node.kind(), Type::Bool | Type::Text) {
                let wanted = [Type::Int, Type::Real, Type::Time, Type::Span];
                return Err(self.wrong(argument, node.kind(), &wanted));
            }
            nodes.push(node);
        }
        let wanted = nodes[0].kind();
        if let Some(other) = nodes.iter().position(|node| node.kind() != wanted) {
            let found = nodes[other].kind();
            let fault = self.wrong(&arguments[other], found, &[wanted]);
            let numbers =
                matches!((found, wanted), (Type::Int, Type::Real) | (Type::Real, Type::Int));
            return Err(if numbers { fault.advise(INT_AND_DOUBLE) } else { fault });
        }
        Ok(match wanted {
            Type::Real => Node::Real(Real::Extreme(least, only(nodes, real_node))),
            kind => Node::Whole(kind, Whole::Extreme(least, only(nodes, whole_node))),
        })
    }

    /// The text of a literal, for what must be known when a rule is saved.
    fn literal<'p>(&self, argument: &'p Piece, usage: &str) -> Checked<&'p str> {
        if let Form::Text(text) = &argument.form {
            Ok(text)
        } else {
            let fault = self.fault(
                &argument.range,
                ("here a text in quotes should stand", "따옴표로 묶은 글이 와야 합니다"),
            );
            Err(fault.advise(write(usage)))
        }
    }

    fn duration(&mut self, argument: &Piece) -> Checked<Node> {
        let text = self.literal(argument, "duration(\"30m\")")?;
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let Ok(span) = digits.parse::<Span>() else {
            let fault = self
                .fault(&argument.range, ("this is not a length of time", "시간 길이가 아닙니다"));
            return Err(fault.advise((
                "write 90s, 30m, 24h, 7d or 1h30m",
                "90s, 30m, 24h, 7d, 1h30m처럼 쓰십시오",
            )));
        };
        let micros = if negative { -span.micros() } else { span.micros() };
        Ok(Node::Whole(Type::Span, Whole::Constant(micros)))
    }

    fn timestamp(&mut self, argument: &Piece) -> Checked<Node> {
        let usage = "2026-11-23T09:00:00+09:00";
        let text = self.literal(argument, &format!("timestamp(\"{usage}\")"))?;
        let stamp: Option<jiff::Timestamp> = text.parse().ok();
        let Some(stamp) = stamp else {
            let fault = self.fault(
                &argument.range,
                (
                    "this is not a time with its zone (RFC 3339)",
                    "시간대가 있는 시각이 아닙니다(RFC 3339)",
                ),
            );
            return Err(fault.advise(write(usage)));
        };
        let time = Instant::from_micros(stamp.as_microsecond());
        Ok(Node::Whole(Type::Time, Whole::Constant(time.micros())))
    }

    fn distance(&mut self, arguments: &[Piece]) -> Checked<Node> {
        let mut places = Vec::with_capacity(4);
        for argument in arguments {
            places.push(self.real(argument)?);
        }
        self.pay(120);
        match <[Real; 4]>::try_from(places) {
            Ok(places) => Ok(Node::Real(Real::Distance(Box::new(places)))),
            Err(_) => Err(self.always(&arguments[0].range, Fault::WrongType)),
        }
    }

    /// `time.getHours("Asia/Seoul")`, or the length of a duration in whole hours.
    fn part(
        &mut self,
        piece: &Piece,
        part: Part,
        on: &Piece,
        arguments: &[Piece],
    ) -> Checked<Node> {
        let whole = match (self.node(on)?, part.of_span(), arguments) {
            (Node::Whole(Type::Time, whole), _, arguments) => {
                let zone = self.zone(piece, arguments)?;
                self.pay(40);
                Whole::Calendar(Box::new((whole, part, zone)))
            }
            (Node::Whole(Type::Span, whole), Some(unit), []) => {
                Whole::UnitsCut(unit, Box::new(whole))
            }
            (Node::Whole(Type::Span, _), Some(_), _) => {
                return Err(self.fault(
                    &piece.range,
                    ("a length of time has no zone", "시간 길이에는 시간대가 없습니다"),
                ));
            }
            (other, _, _) => return Err(self.wrong(on, other.kind(), &[Type::Time])),
        };
        Ok(Node::Whole(Type::Int, whole))
    }

    fn zone(&self, piece: &Piece, arguments: &[Piece]) -> Checked<Zone> {
        let argument = match arguments {
            [] => return Ok(Zone::UTC),
            [argument] => argument,
            _ => {
                let fault =
                    self.fault(&piece.range, ("one zone is enough", "시간대는 하나만 씁니다"));
                return Err(fault.advise(write("time.getHours(\"Asia/Seoul\")")));
            }
        };
        let text = self.literal(argument, "\"Asia/Seoul\"")?;
        Zone::parse(text).ok_or_else(|| {
            let fault = self
                .fault(&argument.range, ("there is no such time zone", "그런 시간대가 없습니다"));
            fault.advise((
                "write an IANA name such as Asia/Seoul, UTC, or +09:00",
                "Asia/Seoul 같은 IANA 이름, UTC, +09:00을 쓰십시오",
            ))
        })
    }
}
