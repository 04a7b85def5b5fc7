//! Names are looked up, types are checked, and what comes out can run.
//!
//! A fault found here has a place and, where it can be guessed, what to write instead. What is
//! constant is computed here, so that `1 / 0` is refused while somebody looks.

use std::ops::Range;

use super::fault::{Fault, RuleFault, Sentence, did_you_mean};
use super::run::{Operation, Order, Real, Text, Truth, Whole};
use super::syntax::{Form, Piece};
use crate::event::EventKind;
use crate::frame::{Scope, Slot};
use crate::value::Type;

mod call;

/// A checked piece, by the way it runs.
#[derive(Clone)]
pub(super) enum Node {
    Truth(Truth),
    /// An int, a timestamp or a duration.
    Whole(Type, Whole),
    Real(Real),
    Text(Text),
}

impl Node {
    pub(super) const fn kind(&self) -> Type {
        match self {
            Self::Truth(_) => Type::Bool,
            Self::Whole(kind, _) => *kind,
            Self::Real(_) => Type::Real,
            Self::Text(_) => Type::Text,
        }
    }
}

/// What checking one text has gathered.
pub(super) struct Checker<'a> {
    pub(super) text: &'a str,
    pub(super) scope: &'a dyn Scope,
    /// Units of cost so far; see `docs/rules.md`.
    pub(super) cost: u32,
    pub(super) slots: Vec<Slot>,
    pub(super) lists: Vec<usize>,
}

type Checked<T> = Result<T, RuleFault>;

impl Checker<'_> {
    /// Checks one piece.
    pub(super) fn node(&mut self, piece: &Piece) -> Checked<Node> {
        self.pay(1);
        match &piece.form {
            Form::Bool(value) => Ok(Node::Truth(Truth::Constant(*value))),
            Form::Int(value) => Ok(Node::Whole(Type::Int, Whole::Constant(*value))),
            Form::Real(value) => Ok(Node::Real(Real::Constant(*value))),
            Form::Text(value) => Ok(Node::Text(Text::Constant(value.as_str().into()))),
            Form::Name => self.name(piece),
            Form::List(_) => {
                let fault = self.fault(&piece.range, LIST);
                Err(fault.advise(("write x in [1, 2]", "x in [1, 2]처럼 쓰십시오")))
            }
            Form::Member(on, name) => Err(self.member(on, name)),
            Form::Call { name, on, arguments } => self.call(piece, name, on.as_deref(), arguments),
            Form::Unary(sign, inner) => self.unary(sign, inner),
            Form::Binary("in", both) => self.contained(&both.0, &both.1),
            Form::Binary(sign, both) => match operation_of(sign) {
                Some(operation) => self.arithmetic(operation, piece, both),
                None => self.comparison(sign, piece, both),
            },
            Form::Chain(all, parts) => {
                let parts =
                    parts.iter().map(|part| self.truth(part)).collect::<Checked<Vec<_>>>()?;
                Ok(Node::Truth(Truth::Chain(*all, parts.into())))
            }
            Form::Choice(three) => self.choice(three),
        }
    }

    fn pay(&mut self, units: u32) {
        self.cost = self.cost.saturating_add(units);
    }

    fn fault(&self, range: &Range<usize>, what: impl Into<Sentence>) -> RuleFault {
        RuleFault::new(self.text, range.clone(), what)
    }

    fn wrong(&self, piece: &Piece, found: Type, wanted: &[Type]) -> RuleFault {
        let (wanted, wanted_ko) = any_of(wanted);
        let en = format!("this is {}, and {wanted} is wanted", article(found));
        let ko = format!("{wanted_ko} 값이 와야 하는데 {} 값입니다", korean(found));
        self.fault(&piece.range, (en, ko))
    }

    /// A piece that must be true or false.
    pub(super) fn truth(&mut self, piece: &Piece) -> Checked<Truth> {
        match self.node(piece)? {
            Node::Truth(truth) => Ok(truth),
            other => {
                let fault = self.wrong(piece, other.kind(), &[Type::Bool]);
                Err(fault.advise(COMPARE))
            }
        }
    }

    fn text(&mut self, piece: &Piece) -> Checked<Text> {
        match self.node(piece)? {
            Node::Text(text) => Ok(text),
            other => Err(self.wrong(piece, other.kind(), &[Type::Text])),
        }
    }

    fn real(&mut self, piece: &Piece) -> Checked<Real> {
        match self.node(piece)? {
            Node::Real(real) => Ok(real),
            other => {
                let fault = self.wrong(piece, other.kind(), &[Type::Real]);
                let whole = other.kind() == Type::Int;
                Err(if whole { fault.advise(AROUND) } else { fault })
            }
        }
    }

    fn name(&mut self, piece: &Piece) -> Checked<Node> {
        let (slot, kind) = self.slot(&piece.range)?;
        self.pay(1);
        Ok(match (slot, kind) {
            (Slot::Kind, _) => Node::Text(Text::Kind),
            (Slot::Time, _) => Node::Whole(Type::Time, Whole::EventTime),
            (Slot::Score, _) => Node::Real(Real::Score),
            (Slot::Field(place), Type::Bool) => Node::Truth(Truth::Field(short(place))),
            (Slot::Field(place), Type::Real) => Node::Real(Real::Field(short(place))),
            (Slot::Field(place), Type::Text) => Node::Text(Text::Field(short(place))),
            (Slot::Field(place), kind) => Node::Whole(kind, Whole::Field(short(place))),
            (Slot::Feature(place), Type::Bool) => Node::Truth(Truth::Feature(short(place))),
            (Slot::Feature(place), Type::Real) => Node::Real(Real::Feature(short(place))),
            (Slot::Feature(place), Type::Text) => Node::Text(Text::Feature(short(place))),
            (Slot::Feature(place), kind) => Node::Whole(kind, Whole::Feature(short(place))),
        })
    }

    /// What a name stands for; notes that it is used.
    fn slot(&mut self, range: &Range<usize>) -> Checked<(Slot, Type)> {
        let name = &self.text[range.clone()];
        if name == "lists" {
            let fault = self.fault(range, ("lists is not a value", "lists는 값이 아닙니다"));
            return Err(fault.advise(IN_LIST));
        }
        let Some((slot, kind)) = self.scope.look_up(name) else {
            let fault = self.fault(
                range,
                (
                    format!("{name} is neither a field nor a feature"),
                    format!("{name}: 그런 필드나 피처가 없습니다"),
                ),
            );
            let names = self.scope.names();
            return Err(match did_you_mean(name, names.into_iter()) {
                Some(hint) => fault.advise(hint),
                None => fault,
            });
        };
        if !self.slots.contains(&slot) {
            self.slots.push(slot);
        }
        Ok((slot, kind))
    }

    fn member(&self, on: &Piece, name: &Range<usize>) -> RuleFault {
        if matches!(on.form, Form::Name) && &self.text[on.range.clone()] == "lists" {
            let fault = self.fault(&(on.range.start..name.end), LIST);
            return fault.advise(IN_LIST);
        }
        let fault = self.fault(name, ("values have no parts", "값에는 부분이 없습니다"));
        let short = self.text[name.clone()].to_owned();
        match self.scope.look_up(&short) {
            Some(_) => {
                fault.advise((format!("write {short} alone"), format!("{short}만 쓰십시오")))
            }
            None => fault,
        }
    }

    fn unary(&mut self, sign: &str, inner: &Piece) -> Checked<Node> {
        if sign == "!" {
            return Ok(Node::Truth(match self.truth(inner)? {
                Truth::Constant(value) => Truth::Constant(!value),
                truth => Truth::Not(Box::new(truth)),
            }));
        }
        match self.node(inner)? {
            Node::Whole(Type::Int, whole) => {
                let negated =
                    constant(&whole).map(|value| value.checked_neg().ok_or(Fault::Overflow));
                let whole =
                    self.folded(negated, &inner.range, || Whole::Negate(Box::new(whole)))?;
                Ok(Node::Whole(Type::Int, whole))
            }
            Node::Real(Real::Constant(value)) => Ok(Node::Real(Real::Constant(-value))),
            Node::Real(real) => Ok(Node::Real(Real::Negate(Box::new(real)))),
            other => Err(self.wrong(inner, other.kind(), &[Type::Int, Type::Real])),
        }
    }

    /// A constant where everything is constant, else what `node` gives; a constant that faults is
    /// refused.
    fn folded(
        &self,
        constant: Option<Result<i64, Fault>>,
        range: &Range<usize>,
        node: impl FnOnce() -> Whole,
    ) -> Checked<Whole> {
        match constant {
            Some(Ok(value)) => Ok(Whole::Constant(value)),
            Some(Err(fault)) => Err(self.always(range, fault)),
            None => Ok(node()),
        }
    }

    fn always(&self, range: &Range<usize>, fault: Fault) -> RuleFault {
        let ko = format!("언제나 잘못됩니다: {}", fault.korean());
        self.fault(range, (format!("this is always at fault: {fault}"), ko))
    }

    fn arithmetic(
        &mut self,
        operation: Operation,
        piece: &Piece,
        both: &(Piece, Piece),
    ) -> Checked<Node> {
        let (left, right) = (self.node(&both.0)?, self.node(&both.1)?);
        match (left, right) {
            (Node::Whole(one, left), Node::Whole(two, right)) => {
                let Some(kind) = whole_type(operation, one, two) else {
                    return Err(self.no_arithmetic(operation, piece, one, two));
                };
                let known = constant(&left)
                    .zip(constant(&right))
                    .map(|(left, right)| operation.on_whole(left, right));
                if operation.divides() && constant(&right) == Some(0) {
                    return Err(self.always(&piece.range, Fault::DivisionByZero));
                }
                let both = Box::new((left, right));
                let whole = self.folded(known, &piece.range, || Whole::Both(operation, both))?;
                Ok(Node::Whole(kind, whole))
            }
            (Node::Real(left), Node::Real(right)) if operation != Operation::Remainder => {
                self.real_arithmetic(operation, piece, left, right)
            }
            (left, right) => Err(self.no_arithmetic(operation, piece, left.kind(), right.kind())),
        }
    }

    fn real_arithmetic(
        &self,
        operation: Operation,
        piece: &Piece,
        left: Real,
        right: Real,
    ) -> Checked<Node> {
        let zero = matches!(right, Real::Constant(value) if value == 0.0);
        let known = match (&left, &right) {
            (Real::Constant(left), Real::Constant(right)) => Some(operation.on_real(*left, *right)),
            _ if zero && operation.divides() => Some(Err(Fault::DivisionByZero)),
            _ => None,
        };
        match known {
            Some(Ok(value)) => Ok(Node::Real(Real::Constant(value))),
            Some(Err(fault)) => Err(self.always(&piece.range, fault)),
            None => Ok(Node::Real(Real::Both(operation, Box::new((left, right))))),
        }
    }

    fn no_arithmetic(
        &self,
        operation: Operation,
        piece: &Piece,
        left: Type,
        right: Type,
    ) -> RuleFault {
        let sign = operation.sign();
        let fault = self.fault(&piece.range, does_not_go(sign, left, right));
        match (operation, left, right) {
            (Operation::Remainder, Type::Real, _) | (Operation::Remainder, _, Type::Real) => fault
                .advise((
                    "% is for whole numbers: write int(…) around the double",
                    "%는 정수에만 씁니다. 실수를 int(…)로 감싸십시오",
                )),
            (_, Type::Int, Type::Real) | (_, Type::Real, Type::Int) => fault.advise(INT_AND_DOUBLE),
            (Operation::Add, Type::Text, Type::Text) => {
                fault.advise(("strings cannot be joined", "글은 이어 붙일 수 없습니다"))
            }
            (Operation::Add | Operation::Subtract, Type::Time | Type::Span, _) => {
                fault.advise(DURATION)
            }
            _ => fault,
        }
    }

    fn comparison(&mut self, sign: &str, piece: &Piece, both: &(Piece, Piece)) -> Checked<Node> {
        let order = order_of(sign);
        let (left, right) = (self.node(&both.0)?, self.node(&both.1)?);
        let equality = matches!(order, Order::Equal | Order::Unequal);
        let truth = match (left, right) {
            (Node::Text(Text::Kind), Node::Text(Text::Constant(name))) if equality => {
                self.kinds(order, &[(name, both.1.range.clone())])?
            }
            (Node::Text(Text::Constant(name)), Node::Text(Text::Kind)) if equality => {
                self.kinds(order, &[(name, both.0.range.clone())])?
            }
            (Node::Text(left), Node::Text(right)) => {
                self.pay(4);
                Truth::Texts(order, Box::new((left, right)))
            }
            (Node::Truth(left), Node::Truth(right)) => {
                Truth::Truths(order, Box::new((left, right)))
            }
            (Node::Whole(one, left), Node::Whole(two, right)) if one == two => {
                Truth::Wholes(order, Box::new((left, right)))
            }
            (Node::Real(left), Node::Real(right)) => Truth::Reals(order, Box::new((left, right))),
            (Node::Whole(Type::Int, left), Node::Real(right)) if !equality => {
                Truth::WholeReal(order, Box::new((left, right)))
            }
            (Node::Real(left), Node::Whole(Type::Int, right)) if !equality => {
                Truth::RealWhole(order, Box::new((left, right)))
            }
            (left, right) => {
                return Err(self.no_comparison(sign, piece, both, (left.kind(), right.kind())));
            }
        };
        Ok(Node::Truth(truth))
    }

    fn no_comparison(
        &self,
        sign: &str,
        piece: &Piece,
        both: &(Piece, Piece),
        kinds: (Type, Type),
    ) -> RuleFault {
        let fault = self.fault(&piece.range, does_not_go(sign, kinds.0, kinds.1));
        let chained = |form: &Form| matches!(form, Form::Binary("<" | "<=" | ">" | ">=", _));
        match kinds {
            (Type::Bool, _) if chained(&both.0.form) => {
                fault.advise(("write a < b && b < c", "a < b && b < c로 쓰십시오"))
            }
            (Type::Int, Type::Real) | (Type::Real, Type::Int) => fault.advise(INT_AND_DOUBLE),
            (Type::Span, Type::Int | Type::Text) => fault.advise(DURATION),
            (Type::Time, Type::Text | Type::Int) => fault.advise((
                "write a time as timestamp(\"2026-11-23T09:00:00+09:00\")",
                "시각은 timestamp(\"2026-11-23T09:00:00+09:00\")처럼 쓰십시오",
            )),
            (Type::Bool, Type::Int | Type::Text) => {
                fault.advise(("write true or false", "true나 false를 쓰십시오"))
            }
            (Type::Text, Type::Int | Type::Real | Type::Bool) => {
                fault.advise(("write the text in quotes", "글은 따옴표로 묶으십시오"))
            }
            _ => fault,
        }
    }

    /// A test of the event's kind against names that must exist.
    fn kinds(&mut self, order: Order, names: &[(Box<str>, Range<usize>)]) -> Checked<Truth> {
        let mut kinds = 0_u16;
        for (name, range) in names {
            let Some(kind) = EventKind::of_name(name) else {
                let fault = self.fault(range, NO_KIND);
                let known = EventKind::ALL.into_iter().map(EventKind::name);
                let all = || {
                    let names: Vec<_> = EventKind::ALL.into_iter().map(EventKind::name).collect();
                    let names = names.join(", ");
                    Sentence::from((format!("one of {names}"), format!("다음 중 하나: {names}")))
                };
                return Err(fault.advise(did_you_mean(name, known).unwrap_or_else(all)));
            };
            kinds |= 1 << kind.number();
        }
        Ok(Truth::Kinds(if order == Order::Unequal { !kinds } else { kinds }))
    }

    fn choice(&mut self, three: &(Piece, Piece, Piece)) -> Checked<Node> {
        let condition = self.truth(&three.0)?;
        let before = self.cost;
        let yes = self.node(&three.1)?;
        let after_yes = self.cost;
        self.cost = before;
        let no = self.node(&three.2)?;
        self.cost = self.cost.max(after_yes);
        let (one, two) = (yes.kind(), no.kind());
        Ok(match (yes, no) {
            (Node::Truth(yes), Node::Truth(no)) => {
                Node::Truth(Truth::Choice(Box::new((condition, yes, no))))
            }
            (Node::Whole(_, yes), Node::Whole(_, no)) if one == two => {
                Node::Whole(one, Whole::Choice(Box::new((condition, yes, no))))
            }
            (Node::Real(yes), Node::Real(no)) => {
                Node::Real(Real::Choice(Box::new((condition, yes, no))))
            }
            (Node::Text(yes), Node::Text(no)) => {
                Node::Text(Text::Choice(Box::new((condition, yes, no))))
            }
            _ => {
                let en = format!("one value is {}, the other {}", article(one), article(two));
                let ko = format!("한쪽은 {}, 다른 쪽은 {} 값입니다", korean(one), korean(two));
                let fault = self.fault(&(three.1.range.start..three.2.range.end), (en, ko));
                return Err(fault
                    .advise(("both sides of : have one type", ":의 양쪽은 형이 같아야 합니다")));
            }
        })
    }

    /// `x in [1, 2]` and `x in lists.leaked`.
    fn contained(&mut self, sought: &Piece, within: &Piece) -> Checked<Node> {
        match &within.form {
            Form::List(items) => self.within(sought, items),
            Form::Member(on, name) if matches!(on.form, Form::Name) => {
                if &self.text[on.range.clone()] != "lists" {
                    return Err(self.member(on, name));
                }
                let text = self.text(sought)?;
                let known = &self.text[name.clone()];
                let Some(place) = self.scope.list(known) else {
                    let fault = self.fault(
                        name,
                        (
                            format!("there is no list {known}"),
                            format!("{known}: 그런 목록이 없습니다"),
                        ),
                    );
                    let names = self.scope.list_names();
                    return Err(match did_you_mean(known, names.into_iter()) {
                        Some(hint) => fault.advise(hint),
                        None => fault,
                    });
                };
                self.pay(20);
                if !self.lists.contains(&place) {
                    self.lists.push(place);
                }
                Ok(Node::Truth(Truth::Listed(Box::new(text), short(place))))
            }
            _ => {
                let fault =
                    self.fault(&within.range, ("after in comes a list", "in 뒤에는 목록이 옵니다"));
                Err(fault.advise((
                    "write x in [1, 2] or x in lists.name",
                    "x in [1, 2]나 x in lists.이름으로 쓰십시오",
                )))
            }
        }
    }

    fn within(&mut self, sought: &Piece, items: &[Piece]) -> Checked<Node> {
        let sought_node = self.node(sought)?;
        let wanted = sought_node.kind();
        let mut nodes = Vec::with_capacity(items.len());
        for item in items {
            let node = self.node(item)?;
            if node.kind() != wanted {
                return Err(self.wrong(item, node.kind(), &[wanted]));
            }
            nodes.push(node);
        }
        let truth = match sought_node {
            Node::Truth(_) => {
                let fault = self.wrong(sought, Type::Bool, &[Type::Int, Type::Real, Type::Text]);
                return Err(
                    fault.advise(("compare it with true or false", "true나 false와 비교하십시오"))
                );
            }
            Node::Text(Text::Kind) if nodes.iter().all(is_constant_text) => {
                let names = nodes.into_iter().zip(items).filter_map(|(node, item)| match node {
                    Node::Text(Text::Constant(name)) => Some((name, item.range.clone())),
                    _ => None,
                });
                let names: Vec<_> = names.collect();
                self.kinds(Order::Equal, &names)?
            }
            Node::Text(text) => {
                self.pay(4 * u32::try_from(nodes.len()).unwrap_or(u32::MAX / 4));
                Truth::TextIn(Box::new((text, only(nodes, text_node))))
            }
            Node::Real(real) => Truth::RealIn(Box::new((real, only(nodes, real_node)))),
            Node::Whole(_, whole) => Truth::WholeIn(Box::new((whole, only(nodes, whole_node)))),
        };
        Ok(Node::Truth(truth))
    }
}

/// The nodes of one type out of nodes that all have it.
fn only<T>(nodes: Vec<Node>, pick: fn(Node) -> Option<T>) -> Box<[T]> {
    nodes.into_iter().filter_map(pick).collect()
}

fn text_node(node: Node) -> Option<Text> {
    if let Node::Text(text) = node { Some(text) } else { None }
}

fn real_node(node: Node) -> Option<Real> {
    if let Node::Real(real) = node { Some(real) } else { None }
}

fn whole_node(node: Node) -> Option<Whole> {
    if let Node::Whole(_, whole) = node { Some(whole) } else { None }
}

const fn is_constant_text(node: &Node) -> bool {
    matches!(node, Node::Text(Text::Constant(_)))
}

const fn constant(whole: &Whole) -> Option<i64> {
    if let Whole::Constant(value) = whole { Some(*value) } else { None }
}

/// A slot's place as the nodes hold it; schemas and feature sets are far smaller.
fn short(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// What is said in more than one place: in English, in Korean.
type Said = (&'static str, &'static str);
const LIST: Said =
    ("a list stands only to the right of in", "목록은 in의 오른쪽에만 올 수 있습니다");
const IN_LIST: Said = ("write account in lists.name", "account in lists.이름으로 쓰십시오");
const NO_KIND: Said = ("there is no such kind of event", "그런 사건 종류가 없습니다");
pub(super) const COMPARE: Said =
    ("compare it with something, as in amount > 1000", "amount > 1000처럼 무엇과 비교하십시오");
pub(super) const AROUND: Said = ("write double(…) around it", "double(…)로 감싸십시오");
const DURATION: Said =
    ("write a length of time as duration(\"30m\")", "시간 길이는 duration(\"30m\")처럼 쓰십시오");
const INT_AND_DOUBLE: Said = (
    "write double(…) around the int, or 2.0 for 2",
    "정수를 double(…)로 감싸거나 2 대신 2.0을 쓰십시오",
);

fn does_not_go(sign: &str, left: Type, right: Type) -> Sentence {
    let en = format!("{sign} does not go with {} and {}", article(left), article(right));
    let ko = format!("{sign} 연산은 {} 값과 {} 값에 쓸 수 없습니다", korean(left), korean(right));
    Sentence::from((en, ko))
}

/// `an int or a double`, in both languages.
fn any_of(kinds: &[Type]) -> (String, String) {
    let en: Vec<String> = kinds.iter().map(|kind| article(*kind)).collect();
    let ko: Vec<&str> = kinds.iter().map(|kind| korean(*kind)).collect();
    (en.join(" or "), ko.join("·"))
}

/// A type's name in Korean.
pub(super) const fn korean(kind: Type) -> &'static str {
    match kind {
        Type::Bool => "참거짓(bool)",
        Type::Int => "정수(int)",
        Type::Real => "실수(double)",
        Type::Text => "글(string)",
        Type::Time => "시각(timestamp)",
        Type::Span => "시간 길이(duration)",
    }
}

/// `an int`, `a double`.
fn article(kind: Type) -> String {
    let article = if kind == Type::Int { "an" } else { "a" };
    format!("{article} {kind}")
}

impl Operation {
    const fn divides(self) -> bool {
        matches!(self, Self::Divide | Self::Remainder)
    }

    const fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

fn operation_of(sign: &str) -> Option<Operation> {
    Some(match sign {
        "+" => Operation::Add,
        "-" => Operation::Subtract,
        "*" => Operation::Multiply,
        "/" => Operation::Divide,
        "%" => Operation::Remainder,
        _ => return None,
    })
}

fn order_of(sign: &str) -> Order {
    match sign {
        "==" => Order::Equal,
        "!=" => Order::Unequal,
        "<" => Order::Less,
        "<=" => Order::LessOrEqual,
        ">" => Order::Greater,
        _ => Order::GreaterOrEqual,
    }
}

/// The type of an operation on whole numbers, times and lengths of time; `None` when there is none.
fn whole_type(operation: Operation, left: Type, right: Type) -> Option<Type> {
    use Operation::{Add, Subtract};
    Some(match (operation, left, right) {
        (_, Type::Int, Type::Int) => Type::Int,
        (Add | Subtract, Type::Span, Type::Span) | (Subtract, Type::Time, Type::Time) => Type::Span,
        (Add | Subtract, Type::Time, Type::Span) | (Add, Type::Span, Type::Time) => Type::Time,
        _ => return None,
    })
}
