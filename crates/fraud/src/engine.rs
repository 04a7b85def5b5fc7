//! One event in, one decision out.
//!
//! An [`Engine`] is a state machine over the log: its state is a function of the entries that it
//! was given, in their order, and of nothing else. The live path and the replay are the same calls;
//! that is the whole reason why a replay gives the same decisions bit for bit.

use std::sync::Arc;

use doldam_ground::Instant;

use crate::decision::{Action, Decision, Mark};
use crate::error::FraudError;
use crate::event::Event;
use crate::frame::Frame;
use crate::journal::{Entry, Label, Record, Writer, write_value};
use crate::list::{Change, Lists};
use crate::model::Reason;
use crate::schema::FieldType;
use crate::setup::Setup;
use crate::state::{Labelled, State, Timeliness};
use crate::value::Value;

/// Most features that a decision names as reasons.
pub const REASONS_MAX: usize = 5;

/// Judges events in the order of the log.
pub struct Engine {
    setup: Arc<Setup>,
    state: State,
    lists: Lists,
    /// Place of the entry that put the set-up in force.
    setup_at: u64,
    /// Place of the last change of a list.
    lists_at: u64,
    /// Place of the last entry that was taken in.
    last: u64,
    features: Vec<Value>,
    writer: Vec<u8>,
    /// Places of the schema's keys.
    keys: Vec<usize>,
}

impl Engine {
    /// An engine at the beginning of a log, with nothing seen.
    pub fn new(setup: Arc<Setup>) -> Self {
        let state = State::new(&setup.features);
        Self::with_state(setup, state)
    }

    /// An engine over a state that was read from a snapshot. [`Engine::stand`] says where it stands.
    pub fn with_state(setup: Arc<Setup>, state: State) -> Self {
        let fields = setup.schema.fields().iter().enumerate();
        let keys = fields
            .filter(|(_, field)| field.holds == FieldType::Key)
            .map(|(place, _)| place)
            .collect();
        let lists = Lists::new(setup.lists.len());
        Self {
            setup,
            state,
            lists,
            setup_at: 0,
            lists_at: 0,
            last: 0,
            features: Vec::new(),
            writer: Vec::new(),
            keys,
        }
    }

    /// Says that everything up to `last` has been taken in, by whoever made its state.
    pub const fn stand(&mut self, last: u64, setup_at: u64) {
        self.last = last;
        self.setup_at = setup_at;
    }

    /// The set-up in force.
    pub const fn setup(&self) -> &Arc<Setup> {
        &self.setup
    }

    /// The windows.
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// The windows, to bound or spill them.
    pub const fn state_mut(&mut self) -> &mut State {
        &mut self.state
    }

    /// The lists as they stand.
    pub const fn lists(&self) -> &Lists {
        &self.lists
    }

    /// Place of the last entry that was taken in.
    pub const fn last(&self) -> u64 {
        self.last
    }

    /// The features of the event that was judged last.
    pub fn features(&self) -> &[Value] {
        &self.features
    }

    /// Judges an event that was taken in at `at` and becomes the next entry of the log.
    ///
    /// Errors: a spilled key cannot be read; then nothing has changed.
    pub fn judge(&mut self, at: Instant, event: &Event) -> Result<Decision, FraudError> {
        self.lists.set_now(at);
        let setup = Arc::clone(&self.setup);
        let timeliness = self.state.observe(
            &setup.features,
            event,
            self.last + 1,
            &self.lists,
            &mut self.features,
        )?;
        self.last += 1;
        let probability = setup.model.as_ref().map(|model| model.score(&self.features));
        let frame =
            Frame { event, features: &self.features, score: probability, lists: &self.lists };
        let verdict = setup.rules.judge(&frame);
        let shadow = setup.shadow.as_ref().map(|rules| rules.judge(&frame));
        let allowed = verdict.action == Action::Allow;
        Ok(Decision {
            reasons: if allowed { Vec::new() } else { self.reasons() },
            marks: if allowed { Vec::new() } else { self.marks(event) },
            verdict,
            probability,
            too_late: timeliness == Timeliness::TooLate,
            snapshot: self.snapshot(),
            setup: self.setup_at,
            lists: self.lists_at,
            shadow,
        })
    }

    /// Takes an event into the windows and judges nothing.
    pub(crate) fn observe_only(&mut self, at: Instant, event: &Event) -> Result<(), FraudError> {
        self.lists.set_now(at);
        let (features, next) = (&self.setup.features, self.last + 1);
        self.state.observe(features, event, next, &self.lists, &mut self.features)?;
        self.last = next;
        Ok(())
    }

    /// Takes over the windows of another engine of the same features.
    pub(crate) fn take_state_of(&mut self, other: Self) {
        self.state = other.state;
    }

    /// Puts lists in their place as a snapshot knew them, last changed at `lists_at`.
    pub(crate) fn take_lists(&mut self, changes: &[Change], lists_at: u64) {
        for change in changes {
            self.lists.apply(change);
        }
        self.lists_at = lists_at;
    }

    /// Place of the set-up in force.
    pub const fn setup_at(&self) -> u64 {
        self.setup_at
    }

    /// Place of the last change of a list.
    pub const fn lists_at(&self) -> u64 {
        self.lists_at
    }

    /// Takes a label in as the next entry.
    pub fn label(&mut self, label: &Label) -> Result<Labelled, FraudError> {
        let labelled = self.state.label(&self.setup.features, &label.event, label.fraud)?;
        self.last += 1;
        Ok(labelled)
    }

    /// Takes a change of a list in as the next entry.
    pub fn change(&mut self, change: &Change) {
        self.last += 1;
        self.lists_at = self.last;
        self.lists.apply(change);
    }

    /// Puts a set-up in force as the next entry. Lists keep their members by their names; windows
    /// stay as they are when the features are the same, and start empty when they are not: whoever
    /// calls rebuilds them from the log before ([`crate::replay::rebuild`]).
    pub fn put_in_force(&mut self, setup: Arc<Setup>) {
        self.last += 1;
        self.setup_at = self.last;
        let mut lists = Lists::new(setup.lists.len());
        for (place, list) in setup.lists.iter().enumerate() {
            let Some(before) = self.setup.list(&list.name) else { continue };
            let add = self.lists.members(before);
            let (by, why) = (String::new(), String::new());
            lists.apply(&Change { list: place, add, remove: Vec::new(), by, why });
        }
        let same = setup.features.version() == self.setup.features.version();
        let state = if same {
            std::mem::replace(&mut self.state, State::new(&setup.features))
        } else {
            State::new(&setup.features)
        };
        let (last, lists_at) = (self.last, self.lists_at);
        *self = Self { lists, lists_at, ..Self::with_state(setup, state) };
        self.stand(last, last);
    }

    /// Takes an entry of the log in again. For an event it gives the decision that is made now, to
    /// be compared with the one that stands in the log.
    ///
    /// Errors: the entry is not the one that follows, or a set-up, which only the caller can fetch.
    pub fn replay(&mut self, record: &Record) -> Result<Option<Decision>, FraudError> {
        if record.sequence != self.last + 1 {
            return Err(FraudError::Journal { why: "it is not the one that follows" });
        }
        match &record.entry {
            Entry::Event(both) => self.judge(record.at, &both.0).map(Some),
            Entry::Label(label) => self.label(label).map(|_| None),
            Entry::List(change) => {
                self.change(change);
                Ok(None)
            }
            Entry::Setup(_) => Err(FraudError::Journal { why: "a set-up must be fetched first" }),
        }
    }

    /// Takes an entry of the log in without judging it again: windows, lists and labels stand after
    /// it as they do after [`Engine::replay`], and the features are those that it was judged with.
    ///
    /// Errors: as [`Engine::replay`].
    pub(crate) fn follow(&mut self, record: &Record) -> Result<(), FraudError> {
        match &record.entry {
            Entry::Event(both) if record.sequence == self.last + 1 => {
                self.observe_only(record.at, &both.0)
            }
            _ => self.replay(record).map(drop),
        }
    }

    fn reasons(&self) -> Vec<Reason> {
        let Some(model) = &self.setup.model else { return Vec::new() };
        let mut reasons = model.reasons(&self.features);
        reasons.retain(|reason| reason.contribution > 0.0);
        reasons.truncate(REASONS_MAX);
        reasons
    }

    fn marks(&self, event: &Event) -> Vec<Mark> {
        let mut marks = Vec::new();
        for field in &self.keys {
            let Some(key) = event.text(*field) else { continue };
            for list in 0..self.lists.lists() {
                if self.lists.contains(list, key) {
                    let reference = self.lists.reference(list, key).unwrap_or_default();
                    let number = |place: usize| u16::try_from(place).unwrap_or(u16::MAX);
                    marks.push(Mark {
                        list: number(list),
                        field: number(*field),
                        reference: reference.into(),
                    });
                }
            }
        }
        marks
    }

    /// First half of the BLAKE3 hash of all features, each with its type.
    fn snapshot(&mut self) -> [u8; 16] {
        let mut writer = Writer::over(std::mem::take(&mut self.writer));
        for value in &self.features {
            write_value(&mut writer, value);
        }
        let mut bytes = writer.finish();
        let hash = blake3::hash(&bytes);
        bytes.clear();
        self.writer = bytes;
        let mut half = [0; 16];
        half.copy_from_slice(&hash.as_bytes()[..16]);
        half
    }
}
