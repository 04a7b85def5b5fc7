//! Random expressions of the right types, rendered as text, compiled and run, against a naive
//! interpreter that walks the same tree, shares no code with the product and does not care for speed.

use std::fmt::Write as _;

use doldam_fraud::list::Lists;
use doldam_fraud::{
    Event, EventId, EventKind, Expression, Fault, Frame, Scope, Slot, Span, Type, Value,
};
use doldam_ground::Instant;
use proptest::prelude::*;
use proptest::sample::select;

/// Names by type; each stands for a field and, with an `f` before it, for a feature.
const NAMES: [(&str, Type); 10] = [
    ("b1", Type::Bool),
    ("b2", Type::Bool),
    ("i1", Type::Int),
    ("i2", Type::Int),
    ("r1", Type::Real),
    ("r2", Type::Real),
    ("s1", Type::Text),
    ("s2", Type::Text),
    ("t1", Type::Time),
    ("d1", Type::Span),
];

struct Names;

impl Scope for Names {
    fn look_up(&self, name: &str) -> Option<(Slot, Type)> {
        let place = |name: &str| NAMES.iter().position(|(known, _)| *known == name);
        if let Some(at) = name.strip_prefix('f').and_then(place) {
            return Some((Slot::Feature(at), NAMES[at].1));
        }
        place(name).map(|at| (Slot::Field(at), NAMES[at].1))
    }

    fn list(&self, _name: &str) -> Option<usize> {
        None
    }

    fn names(&self) -> Vec<&str> {
        NAMES.iter().map(|(name, _)| *name).collect()
    }
}

/// A value of the naive interpreter. Times and spans are microseconds.
#[derive(Clone, Debug)]
enum Naive {
    Bool(bool),
    Int(i64),
    Real(f64),
    Text(String),
    Time(i64),
    Span(i64),
}

/// A tree of an expression.
#[derive(Clone, Debug)]
enum Term {
    Literal(Naive),
    Name(String),
    Has(String),
    Not(Box<Self>),
    Minus(Box<Self>),
    Both(&'static str, Box<Self>, Box<Self>),
    If(Box<Self>, Box<Self>, Box<Self>),
    In(Box<Self>, Vec<Self>),
    Call(&'static str, Vec<Self>),
    Method(&'static str, Box<Self>, Vec<Self>),
}

use Term::{Both, Call, Has, If, In, Literal, Method, Minus, Name, Not};

impl Term {
    /// How tightly it binds; what stands in it must bind as tightly, or stand in brackets.
    fn binding(&self) -> u8 {
        match self {
            If(..) => 0,
            Both("||", ..) => 1,
            Both("&&", ..) => 2,
            In(..) | Both("==" | "!=" | "<" | "<=" | ">" | ">=", ..) => 3,
            Both("+" | "-", ..) => 4,
            Both(..) => 5,
            Not(_) | Minus(_) => 6,
            Literal(Naive::Int(value)) if *value < 0 => 6,
            Literal(Naive::Real(value)) if value.is_sign_negative() => 6,
            _ => 7,
        }
    }

    fn render(&self, at_least: u8, out: &mut String) {
        let brackets = self.binding() < at_least;
        if brackets {
            out.push('(');
        }
        self.render_plain(out);
        if brackets {
            out.push(')');
        }
    }

    fn render_plain(&self, out: &mut String) {
        let items = |items: &[Self], out: &mut String| {
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                item.render(0, out);
            }
        };
        let own = self.binding();
        match self {
            Literal(value) => literal(value, out),
            Name(name) => out.push_str(name),
            Has(name) => {
                let _ = write!(out, "has({name})");
            }
            Not(inner) => {
                out.push('!');
                inner.render(6, out);
            }
            Minus(inner) => {
                out.push_str("- ");
                inner.render(7, out);
            }
            Both(sign, left, right) => {
                left.render(own, out);
                let _ = write!(out, " {sign} ");
                right.render(own + 1, out);
            }
            If(condition, yes, no) => {
                condition.render(1, out);
                out.push_str(" ? ");
                yes.render(1, out);
                out.push_str(" : ");
                no.render(0, out);
            }
            In(sought, list) => {
                sought.render(3, out);
                out.push_str(" in [");
                items(list, out);
                out.push(']');
            }
            Call(name, arguments) => {
                let _ = write!(out, "{name}(");
                items(arguments, out);
                out.push(')');
            }
            Method(name, on, arguments) => {
                on.render(7, out);
                let _ = write!(out, ".{name}(");
                items(arguments, out);
                out.push(')');
            }
        }
    }

    fn children(&self) -> Vec<&Self> {
        match self {
            Literal(_) | Name(_) | Has(_) => Vec::new(),
            Not(one) | Minus(one) => vec![one],
            Both(_, left, right) => vec![left, right],
            If(one, two, three) => vec![one, two, three],
            In(one, more) | Method(_, one, more) => std::iter::once(&**one).chain(more).collect(),
            Call(_, more) => more.iter().collect(),
        }
    }

    fn names_nothing(&self) -> bool {
        !matches!(self, Name(_) | Has(_)) && self.children().into_iter().all(Self::names_nothing)
    }

    /// Whether some part of it is at fault whatever the event says.
    fn is_always_at_fault_somewhere(&self) -> bool {
        let divides_by_zero = || match self {
            Both("/" | "%", _, right) if right.names_nothing() => match run(right, &Row::default())
            {
                Ok(Naive::Int(value)) => value == 0,
                Ok(Naive::Real(value)) => value == 0.0,
                _ => false,
            },
            _ => false,
        };
        self.names_nothing() && run(self, &Row::default()).is_err()
            || divides_by_zero()
            || self.children().into_iter().any(Self::is_always_at_fault_somewhere)
    }
}

fn literal(value: &Naive, out: &mut String) {
    let _ = match value {
        Naive::Bool(value) => write!(out, "{value}"),
        Naive::Int(value) => write!(out, "{value}"),
        Naive::Real(value) => write!(out, "{value:?}"),
        Naive::Text(value) => write!(out, "{value:?}"),
        Naive::Time(value) => {
            let stamp = jiff::Timestamp::from_microsecond(*value).unwrap();
            write!(out, "timestamp(\"{stamp}\")")
        }
        Naive::Span(value) => {
            let sign = if *value < 0 { "-" } else { "" };
            write!(out, "duration(\"{sign}{}ms\")", value.abs() / 1_000)
        }
    };
}

/// What an event says: fields, then features.
#[derive(Clone, Debug, Default)]
struct Row {
    fields: Vec<Option<Naive>>,
    features: Vec<Option<Naive>>,
}

impl Row {
    fn find(&self, name: &str) -> Option<Naive> {
        let place = |name: &str| NAMES.iter().position(|(known, _)| *known == name).unwrap();
        match name.strip_prefix('f') {
            Some(name) => self.features.get(place(name)).cloned().flatten(),
            None => self.fields.get(place(name)).cloned().flatten(),
        }
    }
}

/// The naive interpreter.
fn run(term: &Term, row: &Row) -> Result<Naive, Fault> {
    Ok(match term {
        Literal(value) => value.clone(),
        Name(name) => row.find(name).ok_or(Fault::Missing)?,
        Has(name) => Naive::Bool(row.find(name).is_some()),
        Not(inner) => Naive::Bool(!truth(inner, row)?),
        Minus(inner) => match run(inner, row)? {
            Naive::Int(value) => Naive::Int(fits(-i128::from(value))?),
            Naive::Real(value) => Naive::Real(-value),
            other => panic!("- {other:?}"),
        },
        Both("&&", left, right) => Naive::Bool(logic(false, truth(left, row), truth(right, row))?),
        Both("||", left, right) => Naive::Bool(logic(true, truth(left, row), truth(right, row))?),
        Both(sign, left, right) => both(sign, run(left, row)?, run(right, row)?)?,
        If(condition, yes, no) => run(if truth(condition, row)? { yes } else { no }, row)?,
        In(sought, list) => {
            let sought = run(sought, row)?;
            let list = list.iter().map(|item| run(item, row)).collect::<Result<Vec<_>, _>>()?;
            let same = |item| order(&sought, item) == std::cmp::Ordering::Equal;
            Naive::Bool(list.iter().any(same))
        }
        Call(name, arguments) => {
            let values =
                arguments.iter().map(|item| run(item, row)).collect::<Result<Vec<_>, _>>()?;
            call(name, values)?
        }
        Method(name, on, arguments) => {
            let mut values = vec![run(on, row)?];
            for argument in arguments {
                values.push(run(argument, row)?);
            }
            method(name, &values)?
        }
    })
}

fn truth(term: &Term, row: &Row) -> Result<bool, Fault> {
    match run(term, row)? {
        Naive::Bool(value) => Ok(value),
        other => panic!("{other:?} is no bool"),
    }
}

fn logic(
    deciding: bool,
    left: Result<bool, Fault>,
    right: Result<bool, Fault>,
) -> Result<bool, Fault> {
    match (left, right) {
        (Ok(left), _) if left == deciding => Ok(deciding),
        (_, Ok(right)) if right == deciding => Ok(deciding),
        (Err(fault), _) | (Ok(_), Err(fault)) => Err(fault),
        (Ok(_), Ok(_)) => Ok(!deciding),
    }
}

fn fits(value: i128) -> Result<i64, Fault> {
    i64::try_from(value).map_err(|_| Fault::Overflow)
}

fn finite(value: f64) -> Result<f64, Fault> {
    if value.is_finite() { Ok(value) } else { Err(Fault::Overflow) }
}

fn order(left: &Naive, right: &Naive) -> std::cmp::Ordering {
    use Naive::{Bool, Int, Real, Span, Text, Time};
    match (left, right) {
        (Bool(left), Bool(right)) => left.cmp(right),
        (Int(left), Int(right)) | (Time(left), Time(right)) | (Span(left), Span(right)) => {
            left.cmp(right)
        }
        (Real(left), Real(right)) => left.partial_cmp(right).unwrap(),
        (Text(left), Text(right)) => left.as_bytes().cmp(right.as_bytes()),
        (Int(whole), Real(real)) => exact(*whole, *real),
        (Real(real), Int(whole)) => exact(*whole, *real).reverse(),
        other => panic!("order of {other:?}"),
    }
}

/// A whole number beside a real one. Beyond 1e30 the sign of the real one decides.
#[expect(clippy::cast_possible_truncation, reason = "what is cast is below 1e30")]
fn exact(whole: i64, real: f64) -> std::cmp::Ordering {
    if real.abs() > 1e30 {
        return 0.0.partial_cmp(&real).unwrap();
    }
    let floor = real.floor();
    let fraction = if real > floor { std::cmp::Ordering::Less } else { std::cmp::Ordering::Equal };
    i128::from(whole).cmp(&(floor as i128)).then(fraction)
}

fn both(sign: &str, left: Naive, right: Naive) -> Result<Naive, Fault> {
    use Naive::{Int, Real, Span, Time};
    use std::cmp::Ordering::{Equal, Greater, Less};
    let ordering = |wanted: &[std::cmp::Ordering]| wanted.contains(&order(&left, &right));
    match sign {
        "==" => return Ok(Naive::Bool(ordering(&[Equal]))),
        "!=" => return Ok(Naive::Bool(ordering(&[Less, Greater]))),
        "<" => return Ok(Naive::Bool(ordering(&[Less]))),
        "<=" => return Ok(Naive::Bool(ordering(&[Less, Equal]))),
        ">" => return Ok(Naive::Bool(ordering(&[Greater]))),
        ">=" => return Ok(Naive::Bool(ordering(&[Greater, Equal]))),
        _ => {}
    }
    let whole = |left: i64, right: i64| {
        let (left, right) = (i128::from(left), i128::from(right));
        match sign {
            "+" => fits(left + right),
            "-" => fits(left - right),
            "*" => fits(left * right),
            _ if right == 0 => Err(Fault::DivisionByZero),
            "/" => fits(left / right),
            // What divides i64::MIN by -1 overflows on the way to its remainder, as CEL's does.
            _ if left == i128::from(i64::MIN) && right == -1 => Err(Fault::Overflow),
            _ => fits(left % right),
        }
    };
    Ok(match (left, right) {
        (Int(left), Int(right)) => Int(whole(left, right)?),
        (Time(left), Time(right)) | (Span(left), Span(right)) => Span(whole(left, right)?),
        (Time(left), Span(right)) | (Span(left), Time(right)) => Time(whole(left, right)?),
        (Real(_), Real(0.0)) if sign == "/" => return Err(Fault::DivisionByZero),
        (Real(left), Real(right)) => Real(finite(match sign {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            _ => left / right,
        })?),
        other => panic!("{sign} of {other:?}"),
    })
}

#[expect(clippy::cast_possible_truncation, reason = "what is cast is below 1e30")]
fn call(name: &str, mut values: Vec<Naive>) -> Result<Naive, Fault> {
    Ok(match (name, values.remove(0)) {
        ("abs", Naive::Int(value)) => Naive::Int(fits(i128::from(value).abs())?),
        ("abs", Naive::Real(value)) => Naive::Real(value.abs()),
        ("int", Naive::Real(value)) if value.abs() < 1e30 => {
            Naive::Int(fits(value.trunc() as i128)?)
        }
        ("int", Naive::Real(_)) => return Err(Fault::Overflow),
        ("int", Naive::Time(value)) => {
            Naive::Int((value - value.rem_euclid(1_000_000)) / 1_000_000)
        }
        ("double", Naive::Int(value)) => Naive::Real(value as f64),
        ("size", Naive::Text(value)) => Naive::Int(i64::try_from(value.chars().count()).unwrap()),
        ("min" | "max", first) => {
            let wanted =
                if name == "min" { std::cmp::Ordering::Less } else { std::cmp::Ordering::Greater };
            values.into_iter().fold(
                first,
                |best, next| {
                    if order(&next, &best) == wanted { next } else { best }
                },
            )
        }
        (_, value) => panic!("{name}({value:?})"),
    })
}

fn method(name: &str, values: &[Naive]) -> Result<Naive, Fault> {
    const HOUR: i64 = 3_600_000_000;
    Ok(match (name, values) {
        ("startsWith", [Naive::Text(text), Naive::Text(sought)]) => {
            Naive::Bool(text.as_bytes().starts_with(sought.as_bytes()))
        }
        ("endsWith", [Naive::Text(text), Naive::Text(sought)]) => {
            Naive::Bool(text.as_bytes().ends_with(sought.as_bytes()))
        }
        ("contains", [Naive::Text(text), Naive::Text(sought)]) => {
            let (text, sought) = (text.as_bytes(), sought.as_bytes());
            let at = |start: usize| text.get(start..start + sought.len()) == Some(sought);
            Naive::Bool((0..=text.len()).any(at))
        }
        ("getHours", [Naive::Span(span)]) => Naive::Int(span / HOUR),
        ("getSeconds", [Naive::Span(span)]) => Naive::Int(span / 1_000_000),
        ("getHours" | "getDayOfWeek", [Naive::Time(time), zone @ ..]) => {
            if jiff::Timestamp::from_microsecond(*time).is_err() {
                return Err(Fault::Overflow);
            }
            let local = if zone.is_empty() { *time } else { time + 9 * HOUR };
            let days = local.div_euclid(24 * HOUR);
            Naive::Int(match name {
                "getHours" => local.rem_euclid(24 * HOUR) / HOUR,
                // The first of January 1970 was a Thursday.
                _ => (days + 4).rem_euclid(7),
            })
        }
        other => panic!("{other:?}"),
    })
}

const TIMES: [i64; 4] = [0, 1_795_392_750_500_000, 1_795_360_000_000_000, -1_000];
const SPANS: [i64; 4] = [0, 1_800_000_000, -5_400_000_000, 604_800_000_000];
const WHOLES: [i64; 9] = [0, 1, -1, 2, 7, 100, i64::MAX, i64::MIN, 9_007_199_254_740_993];
const REALS: [f64; 8] = [0.0, 1.5, -2.25, 0.1, 1e10, 1e308, -1e308, 9_007_199_254_740_992.0];
const TEXTS: [&str; 6] = ["", "a", "ab", "한글", "b\"c\n\\", "글"];

/// Terms of every type, each at most so many levels deep.
#[derive(Clone)]
struct Level([BoxedStrategy<Term>; 6]);

const KINDS: [Type; 6] = [Type::Bool, Type::Int, Type::Real, Type::Text, Type::Time, Type::Span];

fn place(kind: Type) -> usize {
    KINDS.iter().position(|known| *known == kind).unwrap()
}

fn leaf(kind: Type) -> BoxedStrategy<Term> {
    let names: Vec<String> = NAMES
        .iter()
        .filter(|(_, holds)| *holds == kind)
        .flat_map(|(name, _)| [(*name).to_owned(), format!("f{name}")])
        .collect();
    let literal = match kind {
        Type::Bool => any::<bool>().prop_map(Naive::Bool).boxed(),
        Type::Int => select(&WHOLES[..]).prop_map(Naive::Int).boxed(),
        Type::Real => select(&REALS[..]).prop_map(Naive::Real).boxed(),
        Type::Text => select(&TEXTS[..]).prop_map(|text| Naive::Text(text.to_owned())).boxed(),
        Type::Time => select(&TIMES[..]).prop_map(Naive::Time).boxed(),
        Type::Span => select(&SPANS[..]).prop_map(Naive::Span).boxed(),
    };
    prop_oneof![2 => select(names).prop_map(Name), 1 => literal.prop_map(Literal)].boxed()
}

fn two(
    signs: &'static [&'static str],
    left: &BoxedStrategy<Term>,
    right: &BoxedStrategy<Term>,
) -> BoxedStrategy<Term> {
    (select(signs), left.clone(), right.clone())
        .prop_map(|(sign, left, right)| Both(sign, Box::new(left), Box::new(right)))
        .boxed()
}

fn one(make: fn(Box<Term>) -> Term, of: &BoxedStrategy<Term>) -> BoxedStrategy<Term> {
    of.clone().prop_map(move |term| make(Box::new(term))).boxed()
}

fn called(name: &'static str, of: &BoxedStrategy<Term>, count: usize) -> BoxedStrategy<Term> {
    proptest::collection::vec(of.clone(), count)
        .prop_map(move |arguments| Call(name, arguments))
        .boxed()
}

impl Level {
    fn of(&self, kind: Type) -> &BoxedStrategy<Term> {
        &self.0[place(kind)]
    }

    fn lists(&self, kind: Type) -> BoxedStrategy<Term> {
        (self.of(kind).clone(), proptest::collection::vec(self.of(kind).clone(), 0..4))
            .prop_map(|(sought, list)| In(Box::new(sought), list))
            .boxed()
    }

    fn choice(&self, kind: Type) -> BoxedStrategy<Term> {
        (self.of(Type::Bool).clone(), self.of(kind).clone(), self.of(kind).clone())
            .prop_map(|(one, two, three)| If(Box::new(one), Box::new(two), Box::new(three)))
            .boxed()
    }

    fn truths(&self) -> BoxedStrategy<Term> {
        const ORDER: &[&str] = &["==", "!=", "<", "<=", ">", ">="];
        let bools = self.of(Type::Bool);
        let compared = KINDS.map(|kind| two(ORDER, self.of(kind), self.of(kind)));
        let names = NAMES.map(|(name, _)| name.to_owned());
        let search = (
            select(&["startsWith", "endsWith", "contains"][..]),
            self.of(Type::Text).clone(),
            self.of(Type::Text).clone(),
        );
        let (whole, real) = (self.of(Type::Int), self.of(Type::Real));
        prop_oneof![
            6 => two(&["&&", "||"], bools, bools),
            2 => one(Not, bools),
            6 => proptest::strategy::Union::new(compared),
            1 => two(&["<", "<=", ">", ">="], whole, real),
            1 => two(&["<", "<=", ">", ">="], real, whole),
            1 => select(names.to_vec()).prop_map(Has),
            1 => self.lists(Type::Int),
            1 => self.lists(Type::Text),
            1 => self.lists(Type::Real),
            1 => search.prop_map(|(name, on, sought)| Method(name, Box::new(on), vec![sought])),
            1 => self.choice(Type::Bool),
        ]
        .boxed()
    }

    fn wholes(&self) -> BoxedStrategy<Term> {
        let whole = self.of(Type::Int);
        let part = |zone: &'static str| {
            let zone: Vec<Term> = (!zone.is_empty())
                .then(|| Literal(Naive::Text(zone.to_owned())))
                .into_iter()
                .collect();
            (select(&["getHours", "getDayOfWeek"][..]), self.of(Type::Time).clone())
                .prop_map(move |(name, on)| Method(name, Box::new(on), zone.clone()))
        };
        let length = (select(&["getHours", "getSeconds"][..]), self.of(Type::Span).clone());
        prop_oneof![
            4 => two(&["+", "-", "*", "/", "%"], whole, whole),
            1 => one(Minus, whole),
            1 => called("abs", whole, 1),
            1 => called("int", self.of(Type::Real), 1),
            1 => called("int", self.of(Type::Time), 1),
            1 => called("size", self.of(Type::Text), 1),
            1 => called("min", whole, 3),
            1 => called("max", whole, 2),
            1 => part(""),
            1 => part("+09:00"),
            1 => length.prop_map(|(name, on)| Method(name, Box::new(on), Vec::new())),
            1 => self.choice(Type::Int),
        ]
        .boxed()
    }

    fn up(&self) -> Self {
        let (real, text) = (self.of(Type::Real), self.of(Type::Text));
        let (time, span) = (self.of(Type::Time), self.of(Type::Span));
        let reals = prop_oneof![
            3 => two(&["+", "-", "*", "/"], real, real),
            1 => one(Minus, real),
            1 => called("abs", real, 1),
            1 => called("double", self.of(Type::Int), 1),
            1 => called("max", real, 2),
            1 => self.choice(Type::Real),
        ];
        let times = prop_oneof![
            two(&["+", "-"], time, span),
            two(&["+"], span, time),
            self.choice(Type::Time),
        ];
        let spans = prop_oneof![
            two(&["-"], time, time),
            two(&["+", "-"], span, span),
            called("min", span, 2),
            self.choice(Type::Span),
        ];
        let all = [
            self.truths(),
            self.wholes(),
            reals.boxed(),
            prop_oneof![self.choice(Type::Text), text.clone()].boxed(),
            times.boxed(),
            spans.boxed(),
        ];
        let mut level = self.clone();
        for (own, deeper) in level.0.iter_mut().zip(all) {
            *own = prop_oneof![1 => own.clone(), 4 => deeper].boxed();
        }
        level
    }
}

fn terms(kind: Type) -> BoxedStrategy<Term> {
    let leaves = Level(KINDS.map(leaf));
    leaves.up().up().up().of(kind).clone()
}

fn rows() -> BoxedStrategy<Row> {
    let values = || {
        let of = |kind: Type| match kind {
            Type::Bool => any::<bool>().prop_map(Naive::Bool).boxed(),
            Type::Int => prop_oneof![select(&WHOLES[..]), any::<i64>(), -20_i64..20]
                .prop_map(Naive::Int)
                .boxed(),
            Type::Real => {
                prop_oneof![select(&REALS[..]), -20.0..20.0].prop_map(Naive::Real).boxed()
            }
            Type::Text => select(&TEXTS[..]).prop_map(|text| Naive::Text(text.to_owned())).boxed(),
            Type::Time => {
                prop_oneof![select(&TIMES[..]), any::<i64>()].prop_map(Naive::Time).boxed()
            }
            Type::Span => {
                prop_oneof![select(&SPANS[..]), any::<i64>()].prop_map(Naive::Span).boxed()
            }
        };
        let all = NAMES.map(|(_, kind)| proptest::option::weighted(0.8, of(kind)));
        all.to_vec()
    };
    (values(), values()).prop_map(|(fields, features)| Row { fields, features }).boxed()
}

fn product(value: Option<&Naive>) -> Value {
    match value {
        None => Value::Missing,
        Some(Naive::Bool(value)) => Value::Bool(*value),
        Some(Naive::Int(value)) => Value::Int(*value),
        Some(Naive::Real(value)) => Value::Real(*value),
        Some(Naive::Text(value)) => Value::Text(value.as_str().into()),
        Some(Naive::Time(value)) => Value::Time(Instant::from_micros(*value)),
        Some(Naive::Span(value)) => Value::Span(Span::from_micros(*value)),
    }
}

/// Both ways to the value; an error of this function is a difference.
fn compare(term: &Term, row: &Row) -> Result<(), TestCaseError> {
    let mut text = String::new();
    term.render(0, &mut text);
    let expression = match Expression::infer(&text, &Names) {
        Ok(expression) => expression,
        Err(fault) if fault.what.en.starts_with("this is always at fault") => {
            prop_assert!(term.is_always_at_fault_somewhere(), "{text}: {fault}");
            return Ok(());
        }
        Err(fault) => {
            prop_assert!(
                fault.what.en.contains("units") || fault.what.en.contains("bytes"),
                "{text}: {fault}"
            );
            return Ok(());
        }
    };
    let event = Event {
        id: EventId::new("e").ok().unwrap(),
        kind: EventKind::Payment,
        time: Instant::from_micros(0),
        values: row.fields.iter().map(|it| product(it.as_ref())).collect(),
    };
    let features: Vec<Value> = row.features.iter().map(|it| product(it.as_ref())).collect();
    let lists = Lists::new(0);
    let frame = Frame { event: &event, features: &features, score: None, lists: &lists };
    let wanted = run(term, row).map(|value| product(Some(&value)));
    let found = expression.evaluate(&frame);
    let same = match (&wanted, &found) {
        (Ok(wanted), Ok(found)) => wanted.same(found),
        (Err(wanted), Err(found)) => wanted == found,
        _ => false,
    };
    prop_assert!(same, "{text}\nwanted {wanted:?}\nfound {found:?}\n{row:?}");
    prop_assert_eq!(
        Some(expression.kind()),
        found.ok().and_then(|it| it.kind()).or(Some(expression.kind()))
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn conditions_mean_what_the_naive_interpreter_says(term in terms(Type::Bool), row in rows()) {
        compare(&term, &row)?;
    }

    #[test]
    fn numbers_mean_what_the_naive_interpreter_says(
        whole in terms(Type::Int),
        real in terms(Type::Real),
        row in rows(),
    ) {
        compare(&whole, &row)?;
        compare(&real, &row)?;
    }

    #[test]
    fn times_mean_what_the_naive_interpreter_says(
        time in terms(Type::Time),
        span in terms(Type::Span),
        text in terms(Type::Text),
        row in rows(),
    ) {
        compare(&time, &row)?;
        compare(&span, &row)?;
        compare(&text, &row)?;
    }
}
