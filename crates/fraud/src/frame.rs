//! What an expression can see while one event is judged.
//!
//! Rules and derived features are written in the same language; both are compiled against a
//! [`Scope`] (names to slots, before anything runs) and evaluated on a [`Frame`] (slots to values,
//! for one event).

use crate::event::Event;
use crate::list::Lists;
use crate::value::{Type, Value};

/// Where a name's value is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// `id` is never visible; `kind` is: the event's kind as text, `payment`.
    Kind,
    /// `time`: when it happened.
    Time,
    /// A field of the event, by its place in the schema.
    Field(usize),
    /// A feature, by its place in the feature set.
    Feature(usize),
    /// `score`: what the model says, 0 to 1; missing when there is no model.
    Score,
}

/// Names that an expression may use, with their types.
pub trait Scope {
    /// What a name stands for.
    fn look_up(&self, name: &str) -> Option<(Slot, Type)>;

    /// The place of a list in [`Lists`]; an expression writes `account in lists.leaked`.
    fn list(&self, name: &str) -> Option<usize>;

    /// Every name that [`Scope::list`] knows, for "did you mean".
    fn list_names(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Every name that [`Scope::look_up`] knows, for "did you mean".
    fn names(&self) -> Vec<&str>;
}

/// The values of one event's slots.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// The event.
    pub event: &'a Event,
    /// Its features, in the order of the feature set; shorter while earlier features are computed.
    pub features: &'a [Value],
    /// The model's score.
    pub score: Option<f64>,
    /// The lists as they stand at this place of the log.
    pub lists: &'a Lists,
}
