//! A checked expression, ready to run.
//!
//! There is one kind of node for each type, so nothing is looked up, boxed or asked for its type
//! while an event is judged. Whole numbers, times and lengths of time are all 64-bit integers here
//! (times in microseconds); the checker has seen to it that they are not mixed up.

use std::cmp::Ordering;

use doldam_ground::Instant;

use super::calendar::{Part, Zone};
use super::fault::Fault;
use crate::frame::Frame;
use crate::value::Value;

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Order {
    /// Whether it holds between two things that stand so.
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Unequal => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

/// An operation on two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Operation {
    /// On whole numbers; division cuts towards zero, and a remainder has the sign of the dividend.
    pub(super) fn on_whole(self, left: i64, right: i64) -> Result<i64, Fault> {
        let divides = matches!(self, Self::Divide | Self::Remainder);
        if divides && right == 0 {
            return Err(Fault::DivisionByZero);
        }
        let result = match self {
            Self::Add => left.checked_add(right),
            Self::Subtract => left.checked_sub(right),
            Self::Multiply => left.checked_mul(right),
            Self::Divide => left.checked_div(right),
            Self::Remainder => left.checked_rem(right),
        };
        result.ok_or(Fault::Overflow)
    }

    /// On floating-point numbers; a result that is not finite is a fault.
    pub(super) fn on_real(self, left: f64, right: f64) -> Result<f64, Fault> {
        if self == Self::Divide && right == 0.0 {
            return Err(Fault::DivisionByZero);
        }
        let result = match self {
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            Self::Divide => left / right,
            Self::Remainder => left % right,
        };
        if result.is_finite() { Ok(result) } else { Err(Fault::Overflow) }
    }
}

/// How one text is sought in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Search {
    Start,
    End,
    Anywhere,
}

/// Something true or false.
#[derive(Clone)]
pub(super) enum Truth {
    Constant(bool),
    Field(u32),
    Feature(u32),
    HasField(u32),
    HasFeature(u32),
    HasScore,
    /// The event's kind is one of these; bit n is kind number n.
    Kinds(u16),
    Not(Box<Self>),
    /// All of them (true), or any of them (false).
    Chain(bool, Box<[Self]>),
    Choice(Box<(Self, Self, Self)>),
    Truths(Order, Box<(Self, Self)>),
    Wholes(Order, Box<(Whole, Whole)>),
    Reals(Order, Box<(Real, Real)>),
    WholeReal(Order, Box<(Whole, Real)>),
    RealWhole(Order, Box<(Real, Whole)>),
    Texts(Order, Box<(Text, Text)>),
    WholeIn(Box<(Whole, Box<[Whole]>)>),
    RealIn(Box<(Real, Box<[Real]>)>),
    TextIn(Box<(Text, Box<[Text]>)>),
    /// The text stands on the list at this place.
    Listed(Box<Text>, u32),
    Search(Search, Box<(Text, Text)>),
}

/// A whole number, a time or a length of time.
#[derive(Clone)]
pub(super) enum Whole {
    Constant(i64),
    Field(u32),
    Feature(u32),
    EventTime,
    Negate(Box<Self>),
    Absolute(Box<Self>),
    Both(Operation, Box<(Self, Self)>),
    /// The least of them (true), or the greatest (false).
    Extreme(bool, Box<[Self]>),
    /// `int(double)`: cut towards zero.
    Cut(Box<Real>),
    /// Microseconds in units of this many, rounded down.
    UnitsDown(i64, Box<Self>),
    /// Microseconds in units of this many, cut towards zero.
    UnitsCut(i64, Box<Self>),
    /// Number of characters.
    Size(Box<Text>),
    Calendar(Box<(Self, Part, Zone)>),
    Choice(Box<(Truth, Self, Self)>),
}

/// A finite floating-point number.
#[derive(Clone)]
pub(super) enum Real {
    Constant(f64),
    Field(u32),
    Feature(u32),
    Score,
    Negate(Box<Self>),
    Absolute(Box<Self>),
    Both(Operation, Box<(Self, Self)>),
    Extreme(bool, Box<[Self]>),
    Of(Box<Whole>),
    /// Kilometres between two places, each latitude and longitude in degrees.
    Distance(Box<[Self; 4]>),
    Choice(Box<(Truth, Self, Self)>),
}

/// A text.
#[derive(Clone)]
pub(super) enum Text {
    Constant(Box<str>),
    Field(u32),
    Feature(u32),
    Kind,
    Choice(Box<(Truth, Self, Self)>),
}

fn field<'a>(frame: &Frame<'a>, place: u32) -> &'a Value {
    frame.event.values.get(place as usize).unwrap_or(&Value::Missing)
}

fn feature<'a>(frame: &Frame<'a>, place: u32) -> &'a Value {
    frame.features.get(place as usize).unwrap_or(&Value::Missing)
}

/// Why a value could not be used.
const fn unusable(value: &Value) -> Fault {
    match value {
        Value::Missing | Value::Real(_) => Fault::Missing,
        _ => Fault::WrongType,
    }
}

fn truth_of(value: &Value) -> Result<bool, Fault> {
    if let Value::Bool(value) = value { Ok(*value) } else { Err(unusable(value)) }
}

fn whole_of(value: &Value) -> Result<i64, Fault> {
    match value {
        Value::Int(number) => Ok(*number),
        Value::Time(time) => Ok(time.micros()),
        Value::Span(span) => Ok(span.micros()),
        Value::Real(_) => Err(Fault::WrongType),
        _ => Err(unusable(value)),
    }
}

fn real_of(value: &Value) -> Result<f64, Fault> {
    match value {
        Value::Real(number) if number.is_finite() => Ok(*number),
        _ => Err(unusable(value)),
    }
}

fn text_of(value: &Value) -> Result<&str, Fault> {
    if let Value::Text(text) = value { Ok(text) } else { Err(unusable(value)) }
}

/// Where a whole number stands to a real one, exactly: no digit of either is lost.
pub(super) fn compare(whole: i64, real: f64) -> Ordering {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if real >= LIMIT {
        return Ordering::Less;
    }
    if real < -LIMIT {
        return Ordering::Greater;
    }
    let cut = real.trunc();
    #[expect(clippy::cast_possible_truncation, reason = "the limits above make it fit")]
    let ordering = whole.cmp(&(cut as i64));
    ordering.then_with(|| cut.partial_cmp(&real).unwrap_or(Ordering::Equal))
}

/// `int(double)`: cut towards zero.
pub(super) fn cut(real: f64) -> Result<i64, Fault> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    #[expect(clippy::cast_possible_truncation, reason = "the limits make it fit")]
    if (-LIMIT..LIMIT).contains(&real) { Ok(real as i64) } else { Err(Fault::Overflow) }
}

/// Great-circle distance in kilometres by the haversine formula, on a sphere of radius 6,371.0088 km
/// (the Earth's mean radius, IUGG). Sine and arc sine are computed in software, so that every
/// machine gives the same bits.
pub(super) fn distance_km(places: [f64; 4]) -> f64 {
    const RADIUS_KM: f64 = 6_371.008_8;
    let [from_latitude, from_longitude, to_latitude, to_longitude] = places.map(f64::to_radians);
    let half = |from: f64, to: f64| {
        let sine = libm::sin((to - from) / 2.0);
        sine * sine
    };
    let across = libm::cos(from_latitude) * libm::cos(to_latitude);
    let chord = half(from_latitude, to_latitude) + across * half(from_longitude, to_longitude);
    2.0 * RADIUS_KM * libm::asin(chord.clamp(0.0, 1.0).sqrt())
}

impl Truth {
    pub(super) fn value(&self, frame: &Frame<'_>) -> Result<bool, Fault> {
        match self {
            Self::Constant(value) => Ok(*value),
            Self::Field(place) => truth_of(field(frame, *place)),
            Self::Feature(place) => truth_of(feature(frame, *place)),
            Self::HasField(place) => Ok(!matches!(field(frame, *place), Value::Missing)),
            Self::HasFeature(place) => Ok(!matches!(feature(frame, *place), Value::Missing)),
            Self::HasScore => Ok(frame.score.is_some_and(f64::is_finite)),
            Self::Kinds(kinds) => Ok((kinds >> frame.event.kind.number()) & 1 == 1),
            Self::Not(inner) => inner.value(frame).map(|value| !value),
            Self::Chain(all, parts) => chain(*all, parts, frame),
            Self::Choice(three) => {
                if three.0.value(frame)? {
                    three.1.value(frame)
                } else {
                    three.2.value(frame)
                }
            }
            Self::Wholes(order, both) => {
                Ok(order.holds(both.0.value(frame)?.cmp(&both.1.value(frame)?)))
            }
            Self::Reals(order, both) => {
                let (left, right) = (both.0.value(frame)?, both.1.value(frame)?);
                Ok(order.holds(left.partial_cmp(&right).ok_or(Fault::Missing)?))
            }
            Self::WholeReal(order, both) => {
                Ok(order.holds(compare(both.0.value(frame)?, both.1.value(frame)?)))
            }
            Self::RealWhole(order, both) => {
                let (left, right) = (both.0.value(frame)?, both.1.value(frame)?);
                Ok(order.holds(compare(right, left).reverse()))
            }
            Self::Texts(order, both) => texts(*order, both, frame),
            Self::Truths(order, both) => {
                Ok(order.holds(both.0.value(frame)?.cmp(&both.1.value(frame)?)))
            }
            Self::Listed(text, list) => {
                Ok(frame.lists.contains(*list as usize, text.value(frame)?))
            }
            Self::WholeIn(both) => among(&both.0.value(frame)?, &both.1, |item| item.value(frame)),
            Self::RealIn(both) => among(&both.0.value(frame)?, &both.1, |item| item.value(frame)),
            Self::TextIn(both) => among(&both.0.value(frame)?, &both.1, |item| item.value(frame)),
            Self::Search(search, both) => {
                let (text, sought) = (both.0.value(frame)?, both.1.value(frame)?);
                Ok(match search {
                    Search::Start => text.starts_with(sought),
                    Search::End => text.ends_with(sought),
                    Search::Anywhere => text.contains(sought),
                })
            }
        }
    }
}

/// `&&` (all) and `||` of CEL: a part that decides wins over every fault; else the first fault.
fn chain(all: bool, parts: &[Truth], frame: &Frame<'_>) -> Result<bool, Fault> {
    let mut fault = None;
    for part in parts {
        match part.value(frame) {
            Ok(value) if value == all => {}
            Ok(value) => return Ok(value),
            Err(found) => fault = fault.or(Some(found)),
        }
    }
    fault.map_or(Ok(all), Err)
}

fn texts(order: Order, both: &(Text, Text), frame: &Frame<'_>) -> Result<bool, Fault> {
    let (left, right) = (both.0.value(frame)?, both.1.value(frame)?);
    Ok(match order {
        Order::Equal => left == right,
        Order::Unequal => left != right,
        order => order.holds(left.cmp(right)),
    })
}

/// Whether `sought` is among the items. A list with a faulty item is a fault, as in CEL.
fn among<'i, I, T: PartialEq>(
    sought: &T,
    items: &'i [I],
    value: impl Fn(&'i I) -> Result<T, Fault>,
) -> Result<bool, Fault> {
    let mut found = false;
    for item in items {
        found |= value(item)? == *sought;
    }
    Ok(found)
}

impl Whole {
    pub(super) fn value(&self, frame: &Frame<'_>) -> Result<i64, Fault> {
        match self {
            Self::Constant(value) => Ok(*value),
            Self::Field(place) => whole_of(field(frame, *place)),
            Self::Feature(place) => whole_of(feature(frame, *place)),
            Self::EventTime => Ok(frame.event.time.micros()),
            Self::Negate(inner) => inner.value(frame)?.checked_neg().ok_or(Fault::Overflow),
            Self::Absolute(inner) => inner.value(frame)?.checked_abs().ok_or(Fault::Overflow),
            Self::Both(operation, both) => {
                operation.on_whole(both.0.value(frame)?, both.1.value(frame)?)
            }
            Self::Extreme(least, items) => {
                extreme(*least, items.iter().map(|item| item.value(frame)))
            }
            Self::Cut(inner) => cut(inner.value(frame)?),
            Self::UnitsDown(unit, inner) => Ok(inner.value(frame)?.div_euclid(*unit)),
            Self::UnitsCut(unit, inner) => Ok(inner.value(frame)? / unit),
            Self::Size(text) => {
                i64::try_from(text.value(frame)?.chars().count()).map_err(|_| Fault::Overflow)
            }
            Self::Calendar(three) => {
                three.2.read(Instant::from_micros(three.0.value(frame)?), three.1)
            }
            Self::Choice(three) => {
                if three.0.value(frame)? {
                    three.1.value(frame)
                } else {
                    three.2.value(frame)
                }
            }
        }
    }
}

/// The least or the greatest item; among equal ones the first.
fn extreme<T: PartialOrd>(
    least: bool,
    mut items: impl Iterator<Item = Result<T, Fault>>,
) -> Result<T, Fault> {
    let mut best = items.next().unwrap_or(Err(Fault::Missing))?;
    for item in items {
        let item = item?;
        if (least && item < best) || (!least && item > best) {
            best = item;
        }
    }
    Ok(best)
}

impl Real {
    pub(super) fn value(&self, frame: &Frame<'_>) -> Result<f64, Fault> {
        match self {
            Self::Constant(value) => Ok(*value),
            Self::Field(place) => real_of(field(frame, *place)),
            Self::Feature(place) => real_of(feature(frame, *place)),
            Self::Score => frame.score.filter(|score| score.is_finite()).ok_or(Fault::Missing),
            Self::Negate(inner) => inner.value(frame).map(|value| -value),
            Self::Absolute(inner) => inner.value(frame).map(f64::abs),
            Self::Both(operation, both) => {
                operation.on_real(both.0.value(frame)?, both.1.value(frame)?)
            }
            Self::Extreme(least, items) => {
                extreme(*least, items.iter().map(|item| item.value(frame)))
            }
            Self::Of(inner) => inner.value(frame).map(|value| value as f64),
            Self::Distance(places) => {
                let [first, second, third, fourth] = places.as_ref();
                let first = [first.value(frame)?, second.value(frame)?];
                let second = [third.value(frame)?, fourth.value(frame)?];
                Ok(distance_km([first[0], first[1], second[0], second[1]]))
            }
            Self::Choice(three) => {
                if three.0.value(frame)? {
                    three.1.value(frame)
                } else {
                    three.2.value(frame)
                }
            }
        }
    }
}

impl Text {
    pub(super) fn value<'a>(&'a self, frame: &Frame<'a>) -> Result<&'a str, Fault> {
        match self {
            Self::Constant(text) => Ok(text),
            Self::Field(place) => text_of(field(frame, *place)),
            Self::Feature(place) => text_of(feature(frame, *place)),
            Self::Kind => Ok(frame.event.kind.name()),
            Self::Choice(three) => {
                if three.0.value(frame)? {
                    three.1.value(frame)
                } else {
                    three.2.value(frame)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_and_real_numbers_compare_exactly() {
        let big = (1_i64 << 53) + 1;
        assert_eq!(compare(big, 9_007_199_254_740_992.0), Ordering::Greater);
        assert_eq!(compare(3, 3.0), Ordering::Equal);
        assert_eq!(compare(3, 3.5), Ordering::Less);
        assert_eq!(compare(-3, -3.5), Ordering::Greater);
        assert_eq!(compare(i64::MAX, 9.3e18), Ordering::Less);
        assert_eq!(compare(i64::MIN, -9_223_372_036_854_775_808.0), Ordering::Equal);
        assert_eq!(compare(i64::MIN, -9.3e18), Ordering::Greater);
    }

    #[test]
    fn arithmetic_faults_instead_of_wrapping() {
        let on = Operation::on_whole;
        assert_eq!(on(Operation::Add, i64::MAX, 1), Err(Fault::Overflow));
        assert_eq!(on(Operation::Divide, i64::MIN, -1), Err(Fault::Overflow));
        assert_eq!(on(Operation::Remainder, i64::MIN, -1), Err(Fault::Overflow));
        assert_eq!(on(Operation::Divide, 1, 0), Err(Fault::DivisionByZero));
        assert_eq!(on(Operation::Divide, -7, 2), Ok(-3));
        assert_eq!(on(Operation::Remainder, -7, 2), Ok(-1));
        assert_eq!(Operation::Divide.on_real(1.0, -0.0), Err(Fault::DivisionByZero));
        assert_eq!(Operation::Multiply.on_real(1e300, 1e300), Err(Fault::Overflow));
        assert_eq!(cut(-2.9), Ok(-2));
        assert_eq!(cut(9.3e18), Err(Fault::Overflow));
    }

    #[test]
    fn distances_are_those_of_the_globe() {
        let seoul_busan = distance_km([37.5665, 126.9780, 35.1796, 129.0756]);
        assert!((seoul_busan - 325.1).abs() < 0.5, "{seoul_busan}");
        let around = distance_km([0.0, 0.0, 0.0, 180.0]);
        assert!((around - 20_015.1).abs() < 0.1, "{around}");
        assert_eq!(distance_km([1.0, 2.0, 1.0, 2.0]).to_bits(), 0);
    }
}
