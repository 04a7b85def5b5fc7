//! From a declaration to a plan.

use std::fmt::Write as _;

use super::declaration::{Declaration, Declared, Inclusion, OneOrMore};
use super::{
    Carried, FEATURES_MAX, Feature, FeatureSet, Group, KEY_FIELDS_MAX, LATE_US_MAX, SetScope,
    Source, Step, WINDOW_US_MAX, WINDOW_US_MIN, WindowFeature,
};
use crate::error::FraudError;
use crate::event::EventKind;
use crate::frame::{Scope, Slot};
use crate::rule::{Expression, RuleFault};
use crate::schema::{Schema, is_name};
use crate::value::{Span, Type, Value};
use crate::window::{Aggregate, BufferPlan, COLUMNS_MAX, Keep, Look, RangePlan};

/// How long late events are waited for unless told otherwise: a day.
const LATE_US: i64 = 86_400_000_000;
/// What is counted when a declaration does not say.
const VALUE: &str = "amount";

/// Why a feature cannot be used, in a sentence.
type Fault = String;

pub(super) fn build(
    schema: &Schema,
    lists: &[String],
    text: &str,
) -> Result<FeatureSet, FraudError> {
    let declaration = Declaration::read(text)?;
    let wrong = |why: &str| FraudError::declaration("features", text, None, why);
    if !is_name(&declaration.name) {
        return Err(wrong("the set's name is lower-case letters, digits and underscores"));
    }
    if declaration.feature.len() > FEATURES_MAX {
        return Err(wrong("there are more features than a set may have"));
    }
    let late_us = match &declaration.late_max {
        None => LATE_US,
        Some(late) => span_of("late_max", late, 0, LATE_US_MAX).map_err(|why| wrong(&why))?,
    };
    let mut builder = Builder::new(schema, lists);
    for declared in &declaration.feature {
        let named = |why: Fault| {
            let name = declared.get_ref().name.chars().take(64).collect::<String>();
            let why = format!("feature {}: {why}", name.escape_debug());
            FraudError::declaration("features", text, Some(declared.span()), &why)
        };
        builder.add(declared.get_ref()).map_err(named)?;
    }
    Ok(builder.finish(declaration.name, late_us))
}

fn span_of(what: &str, text: &str, min: i64, max: i64) -> Result<i64, Fault> {
    let span: Span = text.parse().map_err(|fault| format!("{what} is {fault}"))?;
    if (min..=max).contains(&span.micros()) {
        return Ok(span.micros());
    }
    let (min, max) = (Span::from_micros(min), Span::from_micros(max));
    Err(format!("{what} must be {min} to {max}"))
}

/// What makes a source one: key, kinds, condition.
#[derive(PartialEq, Eq)]
struct SourceKey {
    fields: Vec<usize>,
    over: u16,
    when: Option<String>,
}

struct Builder<'a> {
    schema: &'a Schema,
    scope: SetScope,
    features: Vec<Feature>,
    steps: Vec<Step>,
    groups: Vec<Group>,
    sources: Vec<Source>,
    source_keys: Vec<SourceKey>,
    /// Texts of the columns of each source.
    columns: Vec<Vec<String>>,
    digest: blake3::Hasher,
}

impl<'a> Builder<'a> {
    fn new(schema: &'a Schema, lists: &[String]) -> Self {
        let mut digest = blake3::Hasher::new();
        digest.update(b"doldam feature set 1\n");
        let mut head = String::new();
        for field in schema.fields() {
            let _ = writeln!(head, "field {} {:?}", field.name, field.holds);
        }
        for list in lists {
            let _ = writeln!(head, "list {list:?}");
        }
        digest.update(head.as_bytes());
        Self {
            schema,
            scope: SetScope::of_event(schema, lists),
            features: Vec::new(),
            steps: Vec::new(),
            groups: Vec::new(),
            sources: Vec::new(),
            source_keys: Vec::new(),
            columns: Vec::new(),
            digest,
        }
    }

    fn add(&mut self, declared: &Declared) -> Result<(), Fault> {
        if !is_name(&declared.name) {
            return Err("its name must be lower-case letters, digits and underscores".into());
        }
        let taken = ["score", "lists", "id", "true", "false", "in", "has"];
        if self.scope.look_up(&declared.name).is_some() || taken.contains(&&*declared.name) {
            return Err("its name stands for something already: choose another".into());
        }
        let before = self.steps.len();
        let (holds, meaning) = match &declared.is {
            Some(text) => self.derived(declared, text)?,
            None => self.window(declared)?,
        };
        if declared.holds.is_some_and(|wanted| wanted != holds) {
            return Err(format!("its type is {holds}, not the one that is declared"));
        }
        debug_assert!(self.steps.len() > before);
        self.digest.update(format!("feature {} {holds} {meaning}\n", declared.name).as_bytes());
        self.scope.add(&declared.name, Slot::Feature(self.features.len()), holds);
        self.features.push(Feature {
            name: declared.name.clone(),
            holds,
            ko: declared.ko.clone(),
            en: declared.en.clone(),
            meaning,
        });
        Ok(())
    }

    fn finish(mut self, name: String, late_us: i64) -> FeatureSet {
        self.digest.update(&late_us.to_le_bytes());
        self.scope.add("score", Slot::Score, Type::Real);
        for source in &mut self.sources {
            source.kept_us = source.plan.reach_us().saturating_add(late_us);
            let group = &mut self.groups[source.group];
            group.kept_us = group.kept_us.max(source.kept_us);
        }
        FeatureSet {
            name,
            version: *self.digest.finalize().as_bytes(),
            late_us,
            features: self.features,
            scope: self.scope,
            steps: self.steps,
            groups: self.groups,
            sources: self.sources,
        }
    }

    fn infer(&self, what: &str, text: &str) -> Result<Expression, Fault> {
        Expression::infer(text, &self.scope).map_err(|fault| said(what, &fault))
    }

    fn derived(&mut self, declared: &Declared, text: &str) -> Result<(Type, String), Fault> {
        if let Some(key) = declared.window_keys().first() {
            return Err(format!("a feature with `is` is an expression and has no `{key}`"));
        }
        let expression = self.infer("is", text)?;
        let holds = expression.kind();
        self.steps.push(Step::Derived(expression));
        Ok((holds, format!("is {}", text.trim())))
    }

    fn window(&mut self, declared: &Declared) -> Result<(Type, String), Fault> {
        let needed = |what: &str| {
            format!("it needs `{what}`, or `is` with an expression (docs/features.md shows both)")
        };
        let key = declared.key.as_ref().ok_or_else(|| needed("key"))?;
        let over = declared.over.as_deref().ok_or_else(|| needed("over"))?;
        let aggregate = declared.aggregate.ok_or_else(|| needed("aggregate"))?;
        let window = declared.window.as_deref().ok_or_else(|| needed("window"))?;
        let span_us = span_of("window", window, WINDOW_US_MIN, WINDOW_US_MAX)?;
        let delay_us = match &declared.delay {
            None => 0,
            Some(delay) => span_of("delay", delay, 0, WINDOW_US_MAX)?,
        };
        let included = declared.current.unwrap_or(Inclusion::Included) == Inclusion::Included;
        if delay_us > 0 && declared.current == Some(Inclusion::Included) {
            return Err("a window that is shifted back never includes the current event".into());
        }
        let source_key = self.source_key(key, over, declared.when.as_deref())?;
        let value = value_text(declared, aggregate)?;
        let meaning = meaning(declared, &source_key, key, aggregate, value, span_us, delay_us);
        let source = self.source(source_key)?;
        let (column, slot) = match value {
            Some(text) => self.column(source, text)?,
            None => (0, Type::Int),
        };
        check_value(aggregate, value.unwrap_or_default(), slot)?;
        let holds = holds(aggregate, slot);
        let empty = match &declared.empty {
            None => Value::Missing,
            Some(value) => empty_value(value, holds, aggregate)?,
        };
        let look = self.look(source, aggregate, column, slot, span_us, delay_us);
        self.sources[source].labels |= aggregate == Aggregate::LabelShare;
        let included = included && delay_us == 0;
        self.steps.push(Step::Window(WindowFeature { source, look, included, slot, empty }));
        Ok((holds, meaning))
    }

    fn source_key(
        &self,
        key: &OneOrMore,
        over: &[EventKind],
        when: Option<&str>,
    ) -> Result<SourceKey, Fault> {
        let names = key.as_slice();
        if names.is_empty() || names.len() > KEY_FIELDS_MAX {
            return Err(format!("a key is 1 to {KEY_FIELDS_MAX} fields"));
        }
        let mut fields = Vec::with_capacity(names.len());
        for name in names {
            let place =
                self.schema.place(name).ok_or("its key names a field that is not declared")?;
            if self.schema.fields()[place].holds.value_type() != Type::Text {
                return Err(format!("a key is made of key and text fields, and {name} is none"));
            }
            if fields.contains(&place) {
                return Err(format!("its key names {name} twice"));
            }
            fields.push(place);
        }
        if over.is_empty() {
            return Err("`over` must name at least one kind of event".into());
        }
        let over = over.iter().fold(0, |bits, kind| bits | 1 << kind.number());
        Ok(SourceKey { fields, over, when: when.map(|when| when.trim().to_owned()) })
    }

    /// The source of a key; a new one if there is none yet.
    fn source(&mut self, key: SourceKey) -> Result<usize, Fault> {
        if let Some(known) = self.source_keys.iter().position(|known| *known == key) {
            return Ok(known);
        }
        let when = match &key.when {
            None => None,
            Some(text) => Some(
                Expression::compile(text, &self.scope, Type::Bool)
                    .map_err(|fault| said("when", &fault))?,
            ),
        };
        let group = self.groups.iter().position(|group| group.fields == key.fields);
        let group = group.unwrap_or_else(|| {
            self.groups.push(Group { fields: key.fields.clone(), sources: Vec::new(), kept_us: 0 });
            self.groups.len() - 1
        });
        let source = self.sources.len();
        let place = self.groups[group].sources.len();
        self.groups[group].sources.push(source);
        self.sources.push(Source {
            group,
            place,
            over: key.over,
            when,
            values: Vec::new(),
            plan: BufferPlan::default(),
            labels: false,
            kept_us: 0,
        });
        self.source_keys.push(key);
        self.columns.push(Vec::new());
        self.steps.push(Step::Qualify(source));
        Ok(source)
    }

    /// The column of a source that carries the value of an expression, and its type.
    fn column(&mut self, source: usize, text: &str) -> Result<(usize, Type), Fault> {
        let text = text.trim();
        if let Some(column) = self.columns[source].iter().position(|known| known == text) {
            return Ok((column, self.sources[source].plan.columns[column]));
        }
        let column = self.columns[source].len();
        if column == COLUMNS_MAX {
            return Err(format!("more than {COLUMNS_MAX} values of the same events"));
        }
        let (carried, holds) = match self.scope.look_up(text) {
            Some((Slot::Field(place), holds)) => (Carried::Field(place), holds),
            Some((Slot::Feature(place), holds)) => (Carried::Feature(place), holds),
            _ => {
                let expression = self.infer("value", text)?;
                let holds = expression.kind();
                (Carried::Expression(expression), holds)
            }
        };
        self.columns[source].push(text.to_owned());
        self.sources[source].values.push(carried);
        self.sources[source].plan.columns.push(holds);
        self.steps.push(Step::Column { source, column });
        Ok((column, holds))
    }

    /// The window of a source, and what it keeps for an aggregate.
    fn look(
        &mut self,
        source: usize,
        aggregate: Aggregate,
        column: usize,
        slot: Type,
        span_us: i64,
        delay_us: i64,
    ) -> Look {
        let ranges = &mut self.sources[source].plan.ranges;
        let same = |range: &RangePlan| range.span_us == span_us && range.delay_us == delay_us;
        let range = ranges.iter().position(same).unwrap_or_else(|| {
            ranges.push(RangePlan { span_us, delay_us, keeps: Vec::new() });
            ranges.len() - 1
        });
        let keep = match aggregate {
            Aggregate::Sum | Aggregate::Mean => Some(Keep::Sums(column)),
            Aggregate::StandardDeviation => Some(Keep::Squares(column)),
            Aggregate::Min | Aggregate::Max | Aggregate::Distinct => {
                Some(Keep::Bag { column, real: slot == Type::Real })
            }
            Aggregate::LabelShare => Some(Keep::Frauds),
            _ => None,
        };
        let keep = keep.map_or(0, |keep| place_of(&mut ranges[range].keeps, keep));
        Look { aggregate, range, keep, column }
    }
}

/// Where a window keeps something. Squares hold the sums too; the order of the declarations decides
/// which of the two comes first, so a later one of the same column makes the first grow.
fn place_of(keeps: &mut Vec<Keep>, keep: Keep) -> usize {
    let serves = |known: &Keep| match (known, keep) {
        (Keep::Sums(one) | Keep::Squares(one), Keep::Sums(two) | Keep::Squares(two)) => *one == two,
        (known, keep) => *known == keep,
    };
    let Some(place) = keeps.iter().position(serves) else {
        keeps.push(keep);
        return keeps.len() - 1;
    };
    if matches!(keep, Keep::Squares(_)) {
        keeps[place] = keep;
    }
    place
}

fn said(what: &str, fault: &RuleFault) -> Fault {
    format!("`{what}`: {fault}")
}

/// The text of the value that an aggregate looks at, if it looks at one.
fn value_text(declared: &Declared, aggregate: Aggregate) -> Result<Option<&str>, Fault> {
    let name = aggregate.name();
    match (&declared.value, aggregate.takes_value()) {
        (Some(_), false) => {
            Err(format!("{name} looks at no value: say `when = \"has(…)\"` to leave events out"))
        }
        (None, false) => Ok(None),
        (Some(value), true) => Ok(Some(value)),
        (None, true) if matches!(aggregate, Aggregate::Distinct | Aggregate::Last) => {
            Err(format!("{name} needs a `value`"))
        }
        (None, true) => Ok(Some(VALUE)),
    }
}

fn check_value(aggregate: Aggregate, value: &str, slot: Type) -> Result<(), Fault> {
    let name = aggregate.name();
    match aggregate {
        Aggregate::Sum | Aggregate::Mean | Aggregate::StandardDeviation if slot != Type::Int => {
            let hint =
                if slot == Type::Real { ": write int(…), scaled as you need it" } else { "" };
            Err(format!(
                "{name} takes whole numbers, which add up exactly, and {value} is {slot}{hint}"
            ))
        }
        Aggregate::Min | Aggregate::Max if matches!(slot, Type::Text | Type::Bool) => {
            Err(format!("{name} takes numbers and times, and {value} is {slot}"))
        }
        Aggregate::Distinct if slot == Type::Real => {
            Err(format!("{name} takes no real numbers: write int(…)"))
        }
        _ => Ok(()),
    }
}

const fn holds(aggregate: Aggregate, slot: Type) -> Type {
    match aggregate {
        Aggregate::Count | Aggregate::Sum | Aggregate::Distinct => Type::Int,
        Aggregate::Mean | Aggregate::StandardDeviation | Aggregate::LabelShare => Type::Real,
        Aggregate::Min | Aggregate::Max | Aggregate::Last => slot,
        Aggregate::TimeSince => Type::Span,
        Aggregate::FirstSeen => Type::Time,
    }
}

fn empty_value(value: &toml::Value, holds: Type, aggregate: Aggregate) -> Result<Value, Fault> {
    if matches!(aggregate, Aggregate::Count | Aggregate::Sum | Aggregate::Distinct) {
        return Err(format!("{} of no events is 0: leave `empty` out", aggregate.name()));
    }
    let read = match (holds, value) {
        (Type::Int, toml::Value::Integer(value)) => Some(Value::Int(*value)),
        (Type::Real, toml::Value::Integer(value)) => Some(Value::Real(*value as f64)),
        (Type::Real, toml::Value::Float(value)) if value.is_finite() => Some(Value::Real(*value)),
        (Type::Bool, toml::Value::Boolean(value)) => Some(Value::Bool(*value)),
        (Type::Text, toml::Value::String(value)) => Some(Value::Text(value.as_str().into())),
        (Type::Span, toml::Value::String(value)) => value.parse().ok().map(Value::Span),
        _ => None,
    };
    read.ok_or_else(|| format!("`empty` must be of its type, {holds}"))
}

/// The declaration in one line, the same for the same meaning.
fn meaning(
    declared: &Declared,
    source: &SourceKey,
    key: &OneOrMore,
    aggregate: Aggregate,
    value: Option<&str>,
    span_us: i64,
    delay_us: i64,
) -> String {
    let kinds = EventKind::ALL.into_iter().filter(|kind| source.over >> kind.number() & 1 == 1);
    let kinds: Vec<&str> = kinds.map(EventKind::name).collect();
    let mut line = aggregate.name().to_owned();
    if let Some(value) = value {
        let _ = write!(line, " of {}", value.trim());
    }
    let _ = write!(line, " over {} by {}", kinds.join(", "), key.as_slice().join(" and "));
    if let Some(when) = &source.when {
        let _ = write!(line, " when {when}");
    }
    let span = Span::from_micros(span_us);
    if delay_us == 0 {
        let included = declared.current != Some(Inclusion::Excluded);
        let current = if included { "included" } else { "excluded" };
        let _ = write!(line, ", (t-{span}, t], current {current}");
    } else {
        let delay = Span::from_micros(delay_us);
        let _ = write!(line, ", (t-{delay}-{span}, t-{delay}]");
    }
    if let Some(empty) = &declared.empty {
        let empty = match empty {
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Float(number) => number.to_string(),
            toml::Value::Boolean(truth) => truth.to_string(),
            _ => "something else".to_owned(),
        };
        let _ = write!(line, ", {empty} when empty");
    }
    line
}
