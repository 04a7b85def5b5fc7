//! What is known about an event beyond what it says itself.
//!
//! Features are declared, not programmed: an analyst can read how a number comes about, the same
//! text serves the live decision, the back-test and the training, and a change of it shows in its
//! version. A *window feature* looks back over what one key (an account, a payee, an account with a
//! payee) did in an exact window; a *derived feature* is an expression over fields and features
//! that stand before it. Declared order is the order of computing, so there are no cycles.
//!
//! Features with the same key, events and condition share one buffer of items; see
//! [`crate::window`].

use std::collections::HashMap;

use crate::error::FraudError;
use crate::event::{Event, EventKind};
use crate::frame::{Frame, Scope, Slot};
use crate::rule::Expression;
use crate::schema::Schema;
use crate::value::{Type, Value};
use crate::window::{BufferPlan, Look};

mod build;
mod declaration;

pub use crate::window::Aggregate;

/// Most features of a set.
pub const FEATURES_MAX: usize = 512;
/// Most fields that make up one key.
pub const KEY_FIELDS_MAX: usize = 4;
/// Shortest window, in microseconds: one minute.
pub const WINDOW_US_MIN: i64 = 60_000_000;
/// Longest window, and longest delay, in microseconds: 90 days.
pub const WINDOW_US_MAX: i64 = 90 * 86_400_000_000;
/// Longest time that a set may wait for late events, in microseconds: 7 days.
pub const LATE_US_MAX: i64 = 7 * 86_400_000_000;

/// The 15 features of the book whose figures are the public yardstick.
pub const PUBLISHED: &str = include_str!("../defaults/features/published.toml");
/// What the shipped starter rules look at.
pub const BANK: &str = include_str!("../defaults/features/bank.toml");

/// One feature, as people and models see it.
#[derive(Clone, Debug)]
pub struct Feature {
    /// How rules and models call it.
    pub name: String,
    /// What its value is, when it has one.
    pub holds: Type,
    /// One sentence for the person who writes a rule, Korean.
    pub ko: String,
    /// The same in English.
    pub en: String,
    /// How it comes about, in words of the declaration: `count of payment by account, (t-1d, t],
    /// current included`.
    pub meaning: String,
}

/// A declared set of features, checked and ready to run.
pub struct FeatureSet {
    name: String,
    version: [u8; 32],
    late_us: i64,
    features: Vec<Feature>,
    scope: SetScope,
    pub(crate) steps: Vec<Step>,
    pub(crate) groups: Vec<Group>,
    pub(crate) sources: Vec<Source>,
}

/// What is computed, in order.
pub(crate) enum Step {
    /// Whether the event is an item of a source.
    Qualify(usize),
    /// What the event carries in a column of a source.
    Column { source: usize, column: usize },
    /// The next feature, from a window.
    Window(WindowFeature),
    /// The next feature, from an expression.
    Derived(Expression),
}

/// How a window feature is read.
pub(crate) struct WindowFeature {
    pub(crate) source: usize,
    pub(crate) look: Look,
    /// Whether the event that is judged belongs to the window.
    pub(crate) included: bool,
    /// Type of the column, for answers that are one of its values.
    pub(crate) slot: Type,
    /// The value of an empty window.
    pub(crate) empty: Value,
}

/// Fields that make up a key, and the sources that are kept by it.
pub(crate) struct Group {
    pub(crate) fields: Vec<usize>,
    pub(crate) sources: Vec<usize>,
    /// How far back any of its sources is kept behind the newest event, in microseconds.
    pub(crate) kept_us: i64,
}

/// Which events become items, and what they carry.
pub(crate) struct Source {
    pub(crate) group: usize,
    /// Its place among the group's sources.
    pub(crate) place: usize,
    /// Bits of the kinds of event ([`EventKind::number`]).
    pub(crate) over: u16,
    pub(crate) when: Option<Expression>,
    pub(crate) values: Vec<Carried>,
    pub(crate) plan: BufferPlan,
    /// Whether a feature looks at the labels of its items.
    pub(crate) labels: bool,
    /// How far back its items are kept behind the newest event, in microseconds.
    pub(crate) kept_us: i64,
}

/// Where a value of an item comes from.
pub(crate) enum Carried {
    Field(usize),
    Feature(usize),
    Expression(Expression),
}

impl Source {
    pub(crate) fn takes(&self, kind: EventKind) -> bool {
        self.over >> kind.number() & 1 == 1
    }
}

impl FeatureSet {
    /// Reads a declaration (TOML; `docs/features.md` says what can stand in it) and checks every
    /// name and type. `lists` are the names of the lists that expressions may ask, in the order of
    /// [`crate::list::Lists`].
    ///
    /// Errors: [`FraudError::Declaration`] with the line of the feature and what to do.
    pub fn parse(schema: &Schema, lists: &[String], text: &str) -> Result<Self, FraudError> {
        build::build(schema, lists, text)
    }

    /// What the declaration calls itself.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A digest (BLAKE3) of all that a value depends on: schema, lists' names and the declaration
    /// without its sentences for people. State and models of another version do not fit.
    pub const fn version(&self) -> &[u8; 32] {
        &self.version
    }

    /// How much older than the newest event an event may be to be aggregated, in microseconds.
    pub const fn late_us(&self) -> i64 {
        self.late_us
    }

    /// The features in declared order; values come in the same order.
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// Where a feature stands.
    pub fn place(&self, name: &str) -> Option<usize> {
        match self.scope.names.get(name) {
            Some((Slot::Feature(place), _)) => Some(*place),
            _ => None,
        }
    }

    /// All that a rule may name: fields, features, `kind`, `time`, `score` and the lists.
    pub const fn scope(&self) -> &SetScope {
        &self.scope
    }
}

/// The key of an event in a group: its fields, told apart by a character that no field may hold.
/// `false` when a field did not come.
pub(crate) fn key_of(group: &Group, event: &Event, out: &mut String) -> bool {
    out.clear();
    for (number, field) in group.fields.iter().enumerate() {
        let Some(text) = event.text(*field) else { return false };
        if number > 0 {
            out.push('\u{1f}');
        }
        out.push_str(text);
    }
    true
}

/// The names of a feature set; see [`FeatureSet::scope`].
#[derive(Clone, Default)]
pub struct SetScope {
    names: HashMap<String, (Slot, Type)>,
    lists: Vec<String>,
}

impl SetScope {
    fn of_event(schema: &Schema, lists: &[String]) -> Self {
        let mut scope = Self { names: HashMap::new(), lists: lists.to_vec() };
        scope.add("kind", Slot::Kind, Type::Text);
        scope.add("time", Slot::Time, Type::Time);
        for (place, field) in schema.fields().iter().enumerate() {
            scope.add(&field.name, Slot::Field(place), field.holds.value_type());
        }
        scope
    }

    fn add(&mut self, name: &str, slot: Slot, holds: Type) {
        self.names.insert(name.to_owned(), (slot, holds));
    }
}

impl Scope for SetScope {
    fn look_up(&self, name: &str) -> Option<(Slot, Type)> {
        self.names.get(name).copied()
    }

    fn list(&self, name: &str) -> Option<usize> {
        self.lists.iter().position(|list| list == name)
    }

    fn list_names(&self) -> Vec<&str> {
        self.lists.iter().map(String::as_str).collect()
    }

    fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.names.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }
}

/// The value of an expression; a fault is a missing value.
pub(crate) fn value_of(expression: &Expression, frame: &Frame<'_>) -> Value {
    match expression.evaluate(frame) {
        Ok(Value::Real(number)) if !number.is_finite() => Value::Missing,
        Ok(value) => value,
        Err(_) => Value::Missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::SHIPPED;

    fn parse(features: &str) -> Result<FeatureSet, FraudError> {
        let schema = Schema::parse(SHIPPED)?;
        let text = format!("name = \"test\"\n{features}");
        FeatureSet::parse(&schema, &["leaked".to_owned()], &text)
    }

    fn why(features: &str) -> String {
        parse(features).map_or_else(|error| error.to_string(), |_| "no fault".into())
    }

    fn window(more: &str) -> String {
        format!("[[feature]]\nname = \"f\"\nkey = \"account\"\nover = [\"payment\"]\n{more}")
    }

    #[test]
    fn the_shipped_sets_are_sound() {
        let schema = Schema::parse(SHIPPED).unwrap();
        let lists: Vec<String> = crate::list::parse(crate::list::SHIPPED)
            .unwrap()
            .into_iter()
            .map(|list| list.name)
            .collect();
        for text in [PUBLISHED, BANK] {
            let set = FeatureSet::parse(&schema, &lists, text).unwrap();
            for feature in set.features() {
                assert!(!feature.ko.is_empty() && !feature.en.is_empty(), "{}", feature.name);
                assert!(set.place(&feature.name).is_some());
            }
        }
        assert_eq!(FeatureSet::parse(&schema, &lists, PUBLISHED).unwrap().features().len(), 15);
    }

    #[test]
    fn features_of_one_key_and_condition_share_their_items() {
        let more = |name: &str, rest: &str| {
            window(&format!("aggregate = \"sum\"\n{rest}")).replace("\"f\"", &format!("{name:?}"))
        };
        let set = parse(&format!(
            "{}\n{}\n{}\n{}",
            more("a", "window = \"1h\""),
            more("b", "window = \"7d\"\ndelay = \"1d\""),
            more("c", "window = \"1h\"\nwhen = \"amount > 5\""),
            more("d", "window = \"1h\"").replace("sum", "standard_deviation"),
        ))
        .unwrap();
        assert_eq!((set.sources.len(), set.groups.len()), (2, 1));
        assert_eq!(set.sources[0].plan.ranges.len(), 2);
        assert_eq!(set.sources[0].plan.ranges[0].keeps.len(), 1, "squares hold the sum too");
        assert_eq!(set.sources[0].kept_us, 9 * 86_400_000_000, "7 d, shifted by 1 d, and 1 d late");
    }

    #[test]
    fn a_fault_says_where_and_what_to_do() {
        for (text, wanted) in [
            (window("aggregate = \"count\"\nwindow = \"91d\""), "window must be 1m to 90d"),
            (window("aggregate = \"count\"\nwindow = \"59s\""), "window must be 1m to 90d"),
            (window("aggregate = \"count\""), "it needs `window`"),
            (window("aggregate = \"count\"\nwindow = \"1h\"\nvalue = \"amount\""), "no value"),
            (window("aggregate = \"sum\"\nwindow = \"1h\"\nvalue = \"latitude\""), "write int(…)"),
            (window("aggregate = \"min\"\nwindow = \"1h\"\nvalue = \"payee\""), "payee is string"),
            (window("aggregate = \"last\"\nwindow = \"1h\""), "needs a `value`"),
            (window("aggregate = \"count\"\nwindow = \"1h\"\nempty = 1"), "leave `empty` out"),
            (window("aggregate = \"mean\"\nwindow = \"1h\"\nempty = \"x\""), "of its type, double"),
            (
                window(
                    "aggregate = \"count\"\nwindow = \"1h\"\ndelay = \"1d\"\ncurrent = \"included\"",
                ),
                "never includes",
            ),
            (
                window("aggregate = \"count\"\nwindow = \"1h\"\nwhen = \"amuont > 1\""),
                "did you mean amount?",
            ),
            (window("aggregate = \"count\"\nwindow = \"1h\"\nwhen = \"score > 0.5\""), "`when`"),
            (window("aggregate = \"count\"\nwindow = \"1h\"\nkeys = 3"), "unknown field"),
            (
                window("aggregate = \"count\"\nwindow = \"1h\"")
                    .replace("\"account\"", "\"balance\""),
                "balance is none",
            ),
            ("[[feature]]\nname = \"amount\"\nis = \"1\"".into(), "choose another"),
            ("[[feature]]\nname = \"score\"\nis = \"1.0\"".into(), "choose another"),
            ("[[feature]]\nname = \"f\"\nis = \"1\"\nwindow = \"1h\"".into(), "has no `window`"),
            ("[[feature]]\nname = \"f\"\nis = \"1\"\ntype = \"real\"".into(), "its type is int"),
            ("late_max = \"8d\"".into(), "late_max must be 0s to 7d"),
        ] {
            let found = why(&text);
            assert!(found.contains(wanted), "{text}\n{found}");
        }
        let second = format!(
            "{}\n[[feature]]\nname = \"F\"\nis = \"1\"",
            window("aggregate = \"count\"\nwindow = \"1h\"")
        );
        assert!(why(&second).starts_with("line 8 of the features"), "{}", why(&second));
    }

    #[test]
    fn a_version_follows_the_meaning_and_not_the_sentences() {
        let count = window("aggregate = \"count\"\nwindow = \"1h\"");
        let version = |text: &str| *parse(text).unwrap().version();
        assert_eq!(version(&count), version(&format!("{count}\nen = \"a sentence\"")));
        assert_eq!(version(&count), version(&count.replace("1h", "60m")));
        assert_ne!(version(&count), version(&count.replace("1h", "61m")));
        assert_ne!(version(&count), version(&format!("late_max = \"1h\"\n{count}")));
    }

    #[test]
    fn a_rule_sees_features_and_score_and_a_feature_sees_those_before_it() {
        let set = parse("[[feature]]\nname = \"a\"\nis = \"amount * 2\"\n[[feature]]\nname = \"b\"\nis = \"a + 1\"").unwrap();
        assert_eq!(set.scope().look_up("b"), Some((Slot::Feature(1), Type::Int)));
        assert_eq!(set.scope().look_up("score"), Some((Slot::Score, Type::Real)));
        assert_eq!(set.scope().list("leaked"), Some(0));
        assert!(why("[[feature]]\nname = \"a\"\nis = \"b\"").contains("`is`"));
    }
}
