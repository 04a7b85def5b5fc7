//! One entry of the log, as bytes and back.
//!
//! The first byte is the form's version. What an old program wrote is read for ever; what a newer
//! one wrote is refused instead of guessed at.

use doldam_ground::Instant;

use super::codec::{Reader, Writer};
use crate::decision::{Action, Decision, Mark, Verdict};
use crate::error::FraudError;
use crate::event::{Event, EventId, EventKind};
use crate::list::{Change, Member};
use crate::model::Reason;
use crate::rule::Fault;
use crate::value::{Span, Value};

const VERSION: u8 = 1;

/// What is known of an event afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The event.
    pub event: EventId,
    /// Whether it was fraud.
    pub fraud: bool,
    /// When that became known, as whoever said it says.
    pub known: Instant,
    /// Who said it: a staff name, or the name of the other system.
    pub by: String,
}

/// What decisions are made with from here on, by hash ([`doldam_store::fraud::artifact`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupNames {
    /// The fields of events.
    pub schema: [u8; 32],
    /// The declared lists.
    pub lists: [u8; 32],
    /// The features.
    pub features: [u8; 32],
    /// The rules.
    pub rules: [u8; 32],
    /// The model, if there is one.
    pub model: Option<[u8; 32]>,
    /// A rule set that runs beside and decides nothing.
    pub shadow: Option<[u8; 32]>,
    /// Who put it in force: a staff name, or `shipped`.
    pub by: String,
    /// Why, in the person's words.
    pub why: String,
}

/// One entry.
#[derive(Clone)]
pub enum Entry {
    /// An event and the decision on it.
    Event(Box<(Event, Decision)>),
    /// What became known of an event.
    Label(Label),
    /// A change of a list.
    List(Change),
    /// A new set-up.
    Setup(Box<SetupNames>),
}

impl Entry {
    /// The number of a label.
    pub(crate) const LABEL: u8 = 2;

    /// Its number in the log; never reused.
    pub const fn number(&self) -> u8 {
        match self {
            Self::Event(_) => 1,
            Self::Label(_) => Self::LABEL,
            Self::List(_) => 3,
            Self::Setup(_) => 4,
        }
    }

    /// As bytes of the log.
    pub fn write(&self) -> Vec<u8> {
        match self {
            Self::Event(both) => write_event(&both.0, &both.1),
            Self::Label(label) => write_label(label),
            Self::List(change) => write_change(change),
            Self::Setup(names) => write_setup(names),
        }
    }

    /// From bytes of the log. Never panics on any bytes.
    pub fn read(number: u8, body: &[u8]) -> Result<Self, FraudError> {
        let mut reader = Reader::new(body);
        if reader.byte()? != VERSION {
            return Err(FraudError::Journal { why: "a newer program wrote it" });
        }
        let entry = match number {
            1 => {
                let event = read_event(&mut reader)?;
                let decision = read_decision(&mut reader)?;
                Self::Event(Box::new((event, decision)))
            }
            2 => Self::Label(read_label(&mut reader)?),
            3 => Self::List(read_change(&mut reader)?),
            4 => Self::Setup(Box::new(read_setup(&mut reader)?)),
            _ => return Err(FraudError::Journal { why: "it is of an unknown sort" }),
        };
        reader.end()?;
        Ok(entry)
    }
}

/// BLAKE3 of what an event says: the same for the same event, however its JSON was laid out.
pub(crate) fn event_digest(event: &Event) -> [u8; 32] {
    let mut writer = Writer::over(Vec::with_capacity(128));
    write_event_only(&mut writer, event);
    *blake3::hash(&writer.finish()).as_bytes()
}

/// An event and its decision as bytes of the log, without taking either apart.
pub(crate) fn write_event(event: &Event, decision: &Decision) -> Vec<u8> {
    let mut writer = Writer::over(Vec::with_capacity(192));
    writer.byte(VERSION);
    write_event_only(&mut writer, event);
    write_decision(&mut writer, decision);
    writer.finish()
}

fn write_event_only(writer: &mut Writer, event: &Event) {
    writer.text(event.id.as_str());
    writer.byte(event.kind.number());
    writer.number(event.time.micros());
    writer.size(event.values.len());
    for value in &event.values {
        write_value(writer, value);
    }
}

fn read_event(reader: &mut Reader<'_>) -> Result<Event, FraudError> {
    let id = event_id(reader)?;
    let kind = EventKind::ALL
        .get(usize::from(reader.byte()?))
        .copied()
        .ok_or(FraudError::Journal { why: "its kind of event is unknown" })?;
    let time = Instant::from_micros(reader.number()?);
    let count = reader.size()?;
    let values = (0..count).map(|_| read_value(reader)).collect::<Result<_, _>>()?;
    Ok(Event { id, kind, time, values })
}

fn event_id(reader: &mut Reader<'_>) -> Result<EventId, FraudError> {
    EventId::new(reader.text()?).map_err(|_| FraudError::Journal { why: "its event has no name" })
}

/// A value with its type; also what a snapshot of features is hashed from.
pub(crate) fn write_value(writer: &mut Writer, value: &Value) {
    match value {
        Value::Missing => writer.byte(0),
        Value::Bool(value) => writer.byte(1 + u8::from(*value)),
        Value::Int(value) => {
            writer.byte(3);
            writer.number(*value);
        }
        Value::Real(value) => {
            writer.byte(4);
            writer.real(*value);
        }
        Value::Text(value) => {
            writer.byte(5);
            writer.text(value);
        }
        Value::Time(value) => {
            writer.byte(6);
            writer.number(value.micros());
        }
        Value::Span(value) => {
            writer.byte(7);
            writer.number(value.micros());
        }
    }
}

/// The value that [`write_value`] wrote.
fn read_value(reader: &mut Reader<'_>) -> Result<Value, FraudError> {
    Ok(match reader.byte()? {
        0 => Value::Missing,
        1 => Value::Bool(false),
        2 => Value::Bool(true),
        3 => Value::Int(reader.number()?),
        4 => Value::Real(reader.real()?),
        5 => Value::Text(reader.text()?.into()),
        6 => Value::Time(Instant::from_micros(reader.number()?)),
        7 => Value::Span(Span::from_micros(reader.number()?)),
        _ => return Err(FraudError::Journal { why: "a value in it has an unknown type" }),
    })
}

const PROBABILITY: u8 = 1;
const TOO_LATE: u8 = 2;
const SHADOW: u8 = 4;

fn write_decision(writer: &mut Writer, decision: &Decision) {
    let flag = |is: bool, bit: u8| if is { bit } else { 0 };
    writer.byte(
        flag(decision.probability.is_some(), PROBABILITY)
            | flag(decision.too_late, TOO_LATE)
            | flag(decision.shadow.is_some(), SHADOW),
    );
    write_verdict(writer, &decision.verdict);
    if let Some(probability) = decision.probability {
        writer.real(probability);
    }
    writer.size(decision.reasons.len());
    for reason in &decision.reasons {
        writer.size(reason.feature);
        writer.real(reason.contribution);
    }
    writer.size(decision.marks.len());
    for mark in &decision.marks {
        writer.count(u64::from(mark.list));
        writer.count(u64::from(mark.field));
        writer.text(&mark.reference);
    }
    writer.raw(&decision.snapshot);
    writer.count(decision.setup);
    writer.count(decision.lists);
    if let Some(shadow) = &decision.shadow {
        write_verdict(writer, shadow);
    }
}

fn read_decision(reader: &mut Reader<'_>) -> Result<Decision, FraudError> {
    let flags = reader.byte()?;
    let verdict = read_verdict(reader)?;
    let probability = if flags & PROBABILITY != 0 { Some(reader.real()?) } else { None };
    let reasons = many(reader, |reader| {
        Ok(Reason { feature: usize::from(place(reader)?), contribution: reader.real()? })
    })?;
    let marks = many(reader, |reader| {
        Ok(Mark { list: place(reader)?, field: place(reader)?, reference: reader.text()?.into() })
    })?;
    let snapshot = reader.array()?;
    let (setup, lists) = (reader.count()?, reader.count()?);
    let shadow = if flags & SHADOW != 0 { Some(read_verdict(reader)?) } else { None };
    let too_late = flags & TOO_LATE != 0;
    Ok(Decision { verdict, probability, reasons, marks, too_late, snapshot, setup, lists, shadow })
}

fn write_verdict(writer: &mut Writer, verdict: &Verdict) {
    writer.byte(verdict.action.number());
    writer.byte(verdict.score);
    writer.size(verdict.fired.len());
    for rule in &verdict.fired {
        writer.count(u64::from(*rule));
    }
    writer.size(verdict.faulted.len());
    for (rule, fault) in &verdict.faulted {
        writer.count(u64::from(*rule));
        writer.byte(fault_number(*fault));
    }
}

fn read_verdict(reader: &mut Reader<'_>) -> Result<Verdict, FraudError> {
    let action = Action::of_number(reader.byte()?)
        .ok_or(FraudError::Journal { why: "its action is unknown" })?;
    let score = reader.byte()?;
    let fired = many(reader, place)?;
    let faulted = many(reader, |reader| Ok((place(reader)?, fault_of(reader.byte()?)?)))?;
    Ok(Verdict { action, score, fired, faulted })
}

const fn fault_number(fault: Fault) -> u8 {
    match fault {
        Fault::Missing => 0,
        Fault::DivisionByZero => 1,
        Fault::Overflow => 2,
        Fault::WrongType => 3,
    }
}

const fn fault_of(number: u8) -> Result<Fault, FraudError> {
    match number {
        0 => Ok(Fault::Missing),
        1 => Ok(Fault::DivisionByZero),
        2 => Ok(Fault::Overflow),
        3 => Ok(Fault::WrongType),
        _ => Err(FraudError::Journal { why: "a fault in it is unknown" }),
    }
}

fn place(reader: &mut Reader<'_>) -> Result<u16, FraudError> {
    u16::try_from(reader.count()?)
        .map_err(|_| FraudError::Journal { why: "a place in it is too large" })
}

fn many<T>(
    reader: &mut Reader<'_>,
    mut one: impl FnMut(&mut Reader<'_>) -> Result<T, FraudError>,
) -> Result<Vec<T>, FraudError> {
    let count = reader.size()?;
    (0..count).map(|_| one(reader)).collect()
}

fn write_label(label: &Label) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.byte(VERSION);
    writer.text(label.event.as_str());
    writer.byte(u8::from(label.fraud));
    writer.number(label.known.micros());
    writer.text(&label.by);
    writer.finish()
}

fn read_label(reader: &mut Reader<'_>) -> Result<Label, FraudError> {
    let event = event_id(reader)?;
    let fraud = reader.byte()? == 1;
    let known = Instant::from_micros(reader.number()?);
    Ok(Label { event, fraud, known, by: reader.text()?.to_owned() })
}

fn write_change(change: &Change) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.byte(VERSION);
    writer.size(change.list);
    writer.text(&change.by);
    writer.text(&change.why);
    writer.size(change.add.len());
    for member in &change.add {
        writer.text(&member.key);
        writer.byte(u8::from(member.until.is_some()));
        writer.number(member.until.map_or(0, Instant::micros));
        writer.text(member.reference.as_deref().unwrap_or_default());
    }
    writer.size(change.remove.len());
    for key in &change.remove {
        writer.text(key);
    }
    writer.finish()
}

fn read_change(reader: &mut Reader<'_>) -> Result<Change, FraudError> {
    let list = usize::from(place(reader)?);
    let (by, why) = (reader.text()?.to_owned(), reader.text()?.to_owned());
    let add = many(reader, |reader| {
        let key = reader.text()?.into();
        let ends = reader.byte()? == 1;
        let until = Instant::from_micros(reader.number()?);
        let reference = Some(reader.text()?).filter(|text| !text.is_empty()).map(Into::into);
        Ok(Member { key, until: ends.then_some(until), reference })
    })?;
    let remove = many(reader, |reader| Ok(reader.text()?.into()))?;
    Ok(Change { list, add, remove, by, why })
}

fn write_setup(names: &SetupNames) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.byte(VERSION);
    for version in [&names.schema, &names.lists, &names.features, &names.rules] {
        writer.raw(version);
    }
    for version in [&names.model, &names.shadow] {
        writer.byte(u8::from(version.is_some()));
        writer.raw(version.as_ref().map_or(&[][..], |version| version));
    }
    writer.text(&names.by);
    writer.text(&names.why);
    writer.finish()
}

fn read_setup(reader: &mut Reader<'_>) -> Result<SetupNames, FraudError> {
    let optional = |reader: &mut Reader<'_>| match reader.byte()? {
        0 => Ok(None),
        _ => reader.array().map(Some),
    };
    Ok(SetupNames {
        schema: reader.array()?,
        lists: reader.array()?,
        features: reader.array()?,
        rules: reader.array()?,
        model: optional(reader)?,
        shadow: optional(reader)?,
        by: reader.text()?.to_owned(),
        why: reader.text()?.to_owned(),
    })
}
