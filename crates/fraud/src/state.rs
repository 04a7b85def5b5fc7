//! All keys' windows: what one feature set remembers of everything that came.
//!
//! The state is a function of the events and labels that were taken in, in their order, and of
//! nothing else: no clock, no chance, no order of a hash map and no shortage of memory shows in a
//! value. So a replay of the log gives the same values bit for bit, and so does a snapshot with the
//! rest of the log.
//!
//! An event's features are computed from what was known when it came, at its own time; then it is
//! taken in. One that comes late stands where it belongs for those that follow, and changes nothing
//! about decisions that were made.

use std::path::Path;

use doldam_ground::Instant;

use crate::event::{Event, EventId};
use crate::feature::{Carried, FeatureSet, Step, WindowFeature, key_of, value_of};
use crate::frame::Frame;
use crate::list::Lists;
use crate::value::{Span, Type, Value};
use crate::window::{Answer, Buffer, COLUMNS_MAX, Current, Meta};

mod fault;
mod keys;
mod label;
mod names;
mod snapshot;
mod spill;
mod symbol;

pub use fault::StateFault;
use keys::{Keys, Pressure};
use label::{ABSENT, Found, Labels, Record};
use spill::Spill;
use symbol::Symbols;

/// After how many events the memory is weighed again.
const WEIGH_EVENTS: u64 = 256;

/// How an event stood to those that came before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeliness {
    /// No earlier event of its keys happened after it.
    InOrder,
    /// Events of its keys that happened after it were judged without it.
    Late,
    /// It is older than the set waits for; it was not aggregated and its window features are missing.
    TooLate,
}

/// What became of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Labelled {
    /// The windows know it from now on.
    Applied,
    /// No window can reach the event any more, or none looks at its label, or it never came.
    Unknown,
    /// Two events cannot be told apart by this id; neither was labelled.
    Ambiguous,
}

/// How much memory the windows may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Above this size of the buffers of keys in use, in bytes, keys that were not used for a while
    /// are packed.
    pub hot_bytes: usize,
    /// Above this size of everything, in bytes, packed keys go to the disk, if there is a folder for
    /// them ([`State::spill_to`]).
    pub memory_bytes: usize,
}

impl Default for Bounds {
    /// 256 MiB of keys in use, 2 GiB in all.
    fn default() -> Self {
        Self { hot_bytes: 256 << 20, memory_bytes: 2 << 30 }
    }
}

/// What has been taken in so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Events, in all.
    pub events: u64,
    /// Those of [`Timeliness::Late`].
    pub late: u64,
    /// Those of [`Timeliness::TooLate`].
    pub too_late: u64,
}

/// Whose windows an event touches in one group.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A field of the key did not come.
    Absent,
    /// The key is not known yet.
    New,
    Known(u32),
}

/// What the event that is judged carries for one source.
#[derive(Clone, Copy)]
struct Carries {
    /// Whether it becomes an item.
    taken: bool,
    present: u16,
    slots: [i64; COLUMNS_MAX],
}

/// Room that is used again for every event.
#[derive(Default)]
struct Scratch {
    texts: Vec<String>,
    places: Vec<Place>,
    carries: Vec<Carries>,
    labelled: Vec<u32>,
}

/// See the module. It belongs to the [`FeatureSet`] that it was made for; giving it another one is a
/// mistake that is caught by its version.
pub struct State {
    version: [u8; 32],
    /// Time of the newest event.
    newest: Option<i64>,
    groups: Vec<Keys>,
    symbols: Symbols,
    labels: Labels,
    /// Groups with a labelled source; a record has a key for each.
    labelled: Vec<usize>,
    counts: Counts,
    bounds: Bounds,
    spill: Option<Spill>,
    /// Whether more memory is taken than should be.
    full: bool,
    scratch: Scratch,
}

impl State {
    /// Nothing has happened yet.
    pub fn new(set: &FeatureSet) -> Self {
        let labelled: Vec<usize> = (0..set.groups.len())
            .filter(|group| set.groups[*group].sources.iter().any(|it| set.sources[*it].labels))
            .collect();
        let carries = Carries { taken: false, present: 0, slots: [0; COLUMNS_MAX] };
        Self {
            version: *set.version(),
            newest: None,
            groups: (0..set.groups.len()).map(|group| Keys::new(set, group)).collect(),
            symbols: Symbols::default(),
            labels: Labels::new(labelled.len()),
            labelled,
            counts: Counts::default(),
            bounds: Bounds::default(),
            spill: None,
            full: false,
            scratch: Scratch {
                texts: vec![String::new(); set.groups.len()],
                places: vec![Place::Absent; set.groups.len()],
                carries: vec![carries; set.sources.len()],
                labelled: Vec::new(),
            },
        }
    }

    /// Sets how much memory may be taken; values do not depend on it.
    pub const fn bound(&mut self, bounds: Bounds) {
        self.bounds = bounds;
    }

    /// Lets packed keys go to files in `folder`, which is the process's own: files of an earlier
    /// process are removed. Errors: the folder cannot be used.
    pub fn spill_to(&mut self, folder: &Path) -> Result<(), StateFault> {
        self.spill = Some(Spill::open(folder)?);
        Ok(())
    }

    /// Computes the features of an event into `out`, in the order of the set, and takes the event in.
    ///
    /// `sequence` is its number in the log and grows from call to call; `lists` are as they stand at
    /// that place. Errors: the disk refused a spilled key, which leaves the event out; or the set is
    /// not the one of this state.
    pub fn observe(
        &mut self,
        set: &FeatureSet,
        event: &Event,
        sequence: u64,
        lists: &Lists,
        out: &mut Vec<Value>,
    ) -> Result<Timeliness, StateFault> {
        if self.version != *set.version() {
            return Err(StateFault::OtherFeatures);
        }
        out.clear();
        let time = event.time.micros();
        let too_late = |newest: i64| time <= newest.saturating_sub(set.late_us());
        if self.newest.is_some_and(too_late) {
            without_windows(set, event, lists, out);
            self.counts.events += 1;
            self.counts.too_late += 1;
            return Ok(Timeliness::TooLate);
        }
        let newest = self.newest.map_or(time, |newest| newest.max(time));
        self.find(set, event);
        self.stand(set, event.time, newest)?;
        self.compute(set, event, lists, out)?;
        let late = self.take_in(set, event, sequence, newest)?;
        self.newest = Some(newest);
        self.counts.events += 1;
        self.counts.late += u64::from(late);
        self.sweep(set, newest)?;
        Ok(if late { Timeliness::Late } else { Timeliness::InOrder })
    }

    /// Gives an event its label, or takes it back. It counts for what is observed from now on.
    ///
    /// Errors: as [`State::observe`].
    pub fn label(
        &mut self,
        set: &FeatureSet,
        id: &EventId,
        fraud: bool,
    ) -> Result<Labelled, StateFault> {
        if self.version != *set.version() {
            return Err(StateFault::OtherFeatures);
        }
        let record = match self.labels.find(label::hash(id)) {
            Found::Nothing => return Ok(Labelled::Unknown),
            Found::Many => return Ok(Labelled::Ambiguous),
            Found::One(record) => record,
        };
        let (newest, symbols) =
            (self.newest.unwrap_or(i64::MIN), self.symbols.names().end() as u64);
        let mut found = false;
        for (group, key) in self.labelled.iter().zip(record.keys) {
            let keys = &mut self.groups[*group];
            // Its number may be another key's by now; then no window reaches the event any more.
            let reached = record.time > newest.saturating_sub(set.groups[*group].kept_us);
            if *key == ABSENT || !reached || !keys.knows(*key) {
                continue;
            }
            let hot = keys.warm(set, *key, symbols, &mut self.spill)?;
            for (buffer, source) in hot.buffers.iter_mut().zip(&set.groups[*group].sources) {
                if let (Some(buffer), true) = (buffer, set.sources[*source].labels) {
                    found |= buffer.label(record.time, record.sequence, fraud);
                }
            }
        }
        Ok(if found { Labelled::Applied } else { Labelled::Unknown })
    }

    /// What has been taken in so far.
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// Time of the newest event.
    pub fn newest(&self) -> Option<Instant> {
        self.newest.map(Instant::from_micros)
    }

    /// How many keys are remembered, in all groups.
    pub fn keys(&self) -> usize {
        self.groups.iter().map(|keys| keys.names.count()).sum()
    }

    /// About how many bytes of memory are taken.
    pub fn bytes(&self) -> usize {
        self.groups.iter().map(Keys::bytes).sum::<usize>()
            + self.symbols.bytes()
            + self.labels.bytes()
    }

    /// How many bytes stand in spill files.
    pub fn spilled_bytes(&self) -> u64 {
        self.spill.as_ref().map_or(0, Spill::bytes)
    }

    /// Finds the keys of the event.
    fn find(&mut self, set: &FeatureSet, event: &Event) {
        let scratch = &mut self.scratch;
        for (number, group) in set.groups.iter().enumerate() {
            let text = &mut scratch.texts[number];
            scratch.places[number] = if key_of(group, event, text) {
                self.groups[number].names.find(text).map_or(Place::New, Place::Known)
            } else {
                Place::Absent
            };
        }
    }

    /// Moves the windows of the event's keys to its time, and forgets what is out of all reach.
    fn stand(&mut self, set: &FeatureSet, time: Instant, newest: i64) -> Result<(), StateFault> {
        let end = self.symbols.names().end() as u64;
        for (number, keys) in self.groups.iter_mut().enumerate() {
            let Place::Known(key) = self.scratch.places[number] else { continue };
            let hot = keys.warm(set, key, end, &mut self.spill)?;
            for (buffer, source) in hot.buffers.iter_mut().zip(&set.groups[number].sources) {
                let Some(buffer) = buffer else { continue };
                let source = &set.sources[*source];
                buffer.stand_at(&source.plan, time);
                let symbols = &mut self.symbols;
                buffer.forget(newest.saturating_sub(source.kept_us), |column, slot| {
                    if source.plan.columns[column] == Type::Text {
                        symbols.release(slot);
                    }
                });
            }
        }
        Ok(())
    }

    fn compute(
        &mut self,
        set: &FeatureSet,
        event: &Event,
        lists: &Lists,
        out: &mut Vec<Value>,
    ) -> Result<(), StateFault> {
        for step in &set.steps {
            let frame = Frame { event, features: out, score: None, lists };
            match step {
                Step::Qualify(number) => {
                    let source = &set.sources[*number];
                    let taken = self.scratch.places[source.group] != Place::Absent
                        && source.takes(event.kind)
                        && source.when.as_ref().is_none_or(|when| when.is_true(&frame) == Ok(true));
                    let carries = &mut self.scratch.carries[*number];
                    carries.taken = taken;
                    carries.present = 0;
                }
                Step::Column { source, column } => {
                    if self.scratch.carries[*source].taken {
                        let slot = self.slot(set, *source, *column, &frame)?;
                        let carries = &mut self.scratch.carries[*source];
                        carries.present |= u16::from(slot.is_some()) << column;
                        carries.slots[*column] = slot.unwrap_or(0);
                    }
                }
                Step::Window(feature) => {
                    let value = self.window(set, feature, event.time);
                    out.push(value);
                }
                Step::Derived(expression) => {
                    let value = value_of(expression, &frame);
                    out.push(value);
                }
            }
        }
        Ok(())
    }

    /// What the event carries in a column.
    fn slot(
        &mut self,
        set: &FeatureSet,
        source: usize,
        column: usize,
        frame: &Frame<'_>,
    ) -> Result<Option<i64>, StateFault> {
        let source = &set.sources[source];
        let mut symbol = |text: &str| self.symbols.take(text).ok_or(StateFault::Full).map(Some);
        let value = match &source.values[column] {
            Carried::Field(place) => &frame.event.values[*place],
            Carried::Feature(place) => &frame.features[*place],
            Carried::Expression(expression) => {
                return match source.plan.columns[column] {
                    Type::Text => expression.string(frame).map_or(Ok(None), symbol),
                    Type::Real => Ok(expression.number(frame).ok().and_then(bits)),
                    _ => Ok(expression.integer(frame).ok()),
                };
            }
        };
        match value {
            Value::Missing => Ok(None),
            Value::Bool(value) => Ok(Some(i64::from(*value))),
            Value::Int(value) => Ok(Some(*value)),
            Value::Real(value) => Ok(bits(*value)),
            Value::Text(text) => symbol(text),
            Value::Time(value) => Ok(Some(value.micros())),
            Value::Span(value) => Ok(Some(value.micros())),
        }
    }

    fn window(&self, set: &FeatureSet, feature: &WindowFeature, time: Instant) -> Value {
        let source = &set.sources[feature.source];
        let buffer: Option<&Buffer> = match self.scratch.places[source.group] {
            Place::Absent => return Value::Missing,
            Place::New => None,
            Place::Known(key) => {
                let hot = self.groups[source.group].hot(key);
                hot.and_then(|hot| hot.buffers[source.place].as_deref())
            }
        };
        let carries = &self.scratch.carries[feature.source];
        let current = (feature.included && carries.taken).then(|| {
            let has = carries.present >> feature.look.column & 1 == 1;
            Current { slot: has.then(|| carries.slots[feature.look.column]) }
        });
        match feature.look.ask(buffer, time.micros(), current) {
            Answer::Nothing => feature.empty.clone(),
            Answer::Int(value) => Value::Int(value),
            Answer::Real(value) => Value::Real(value),
            Answer::Time(value) => Value::Time(Instant::from_micros(value)),
            Answer::Span(value) => Value::Span(Span::from_micros(value)),
            Answer::Slot(slot) => self.value(feature.slot, slot),
        }
    }

    fn value(&self, holds: Type, slot: i64) -> Value {
        match holds {
            Type::Bool => Value::Bool(slot != 0),
            Type::Int => Value::Int(slot),
            Type::Real => Value::Real(f64::from_bits(slot.cast_unsigned())),
            Type::Text => {
                self.symbols.text(slot).map_or(Value::Missing, |it| Value::Text(it.into()))
            }
            Type::Time => Value::Time(Instant::from_micros(slot)),
            Type::Span => Value::Span(Span::from_micros(slot)),
        }
    }

    /// Makes the event an item wherever it belongs; says whether it came late anywhere.
    fn take_in(
        &mut self,
        set: &FeatureSet,
        event: &Event,
        sequence: u64,
        newest: i64,
    ) -> Result<bool, StateFault> {
        let low = u32::try_from(sequence & 0xffff_ffff).expect("thirty-two bits");
        let end = self.symbols.names().end() as u64;
        let mut late = false;
        for (number, group) in set.groups.iter().enumerate() {
            if !group.sources.iter().any(|source| self.scratch.carries[*source].taken) {
                continue;
            }
            let keys = &mut self.groups[number];
            let key = match self.scratch.places[number] {
                Place::Known(key) => key,
                _ => keys.add(set, &self.scratch.texts[number])?,
            };
            self.scratch.places[number] = Place::Known(key);
            let hot = keys.warm(set, key, end, &mut self.spill)?;
            for (buffer, source) in hot.buffers.iter_mut().zip(&group.sources) {
                let carries = &self.scratch.carries[*source];
                if carries.taken {
                    let plan = &set.sources[*source].plan;
                    let buffer = buffer.get_or_insert_with(|| Box::new(Buffer::new(plan)));
                    buffer.stand_at(plan, event.time);
                    let meta = Meta::new(carries.present, low);
                    late |= buffer.add(plan, meta, &carries.slots[..plan.columns.len()]);
                }
            }
            keys.grown(key, event.time.micros());
        }
        self.record(set, event, low, newest);
        Ok(late)
    }

    /// Remembers where the event's label belongs.
    fn record(&mut self, set: &FeatureSet, event: &Event, sequence: u32, newest: i64) {
        let scratch = &mut self.scratch;
        scratch.labelled.clear();
        let mut kept_us = 0;
        for group in &self.labelled {
            let mut sources = set.groups[*group].sources.iter();
            let taken = sources.any(|it| set.sources[*it].labels && scratch.carries[*it].taken);
            scratch.labelled.push(match scratch.places[*group] {
                Place::Known(key) if taken => key,
                _ => ABSENT,
            });
            kept_us = kept_us.max(set.groups[*group].kept_us);
        }
        if scratch.labelled.iter().any(|key| *key != ABSENT) {
            let record = Record { time: event.time.micros(), sequence, keys: &scratch.labelled };
            self.labels.add(label::hash(&event.id), record, newest.saturating_sub(kept_us));
        }
    }

    /// A little housekeeping after every event, so that there is never much at once.
    fn sweep(&mut self, set: &FeatureSet, newest: i64) -> Result<(), StateFault> {
        let hot: usize = self.groups.iter().map(Keys::hot_bytes).sum();
        let pack = hot > self.bounds.hot_bytes;
        if self.spill.is_some() && self.counts.events.is_multiple_of(WEIGH_EVENTS) {
            self.full = self.bytes() > self.bounds.memory_bytes;
        }
        let spill = self.full;
        let steps = if pack || spill { 8 } else { 2 };
        let pressure = Pressure { steps, pack, spill };
        for (keys, group) in self.groups.iter_mut().zip(&set.groups) {
            let bound = newest.saturating_sub(group.kept_us);
            keys.sweep(set, bound, pressure, &mut self.symbols, &mut self.spill)?;
        }
        Ok(())
    }
}

/// The bits of a number, unless it is none.
fn bits(number: f64) -> Option<i64> {
    number.is_finite().then(|| number.to_bits().cast_signed())
}

/// The features of an event that is too late: only what follows from itself.
fn without_windows(set: &FeatureSet, event: &Event, lists: &Lists, out: &mut Vec<Value>) {
    for step in &set.steps {
        match step {
            Step::Qualify(_) | Step::Column { .. } => {}
            Step::Window(_) => out.push(Value::Missing),
            Step::Derived(expression) => {
                let frame = Frame { event, features: out, score: None, lists };
                let value = value_of(expression, &frame);
                out.push(value);
            }
        }
    }
}

#[cfg(test)]
mod tests;
