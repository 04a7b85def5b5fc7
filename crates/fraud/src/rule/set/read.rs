//! A rule set out of its text, with every fault that it has.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::{Band, RULES_MAX, Rule, RuleSet, SET_COST_MAX, SET_TEXT_MAX, SetFault};
use crate::decision::Action;
use crate::event::EventKind;
use crate::frame::Scope;
use crate::rule::expression::Expression;
use crate::rule::fault::{RuleFault, Sentence, did_you_mean};
use crate::schema::is_name;
use crate::value::Type;

/// Longest reason, in characters.
const REASON_CHARS_MAX: usize = 200;
/// Most tags of a rule.
const TAGS_MAX: usize = 16;
/// Most tags of a set that rules may stand beside.
const BESIDE_TAGS_MAX: usize = 64;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: Spanned<String>,
    #[serde(default)]
    rule: Vec<Spanned<WrittenRule>>,
    #[serde(default)]
    band: Vec<WrittenBand>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRule {
    name: Spanned<String>,
    on: Option<Vec<Spanned<String>>>,
    when: Spanned<String>,
    beside: Option<Spanned<String>>,
    #[serde(default)]
    score: Option<Spanned<i64>>,
    floor: Option<Spanned<i64>>,
    action: Spanned<String>,
    #[serde(default)]
    tags: Vec<Spanned<String>>,
    reason: WrittenSentence,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSentence {
    ko: Spanned<String>,
    en: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenBand {
    from: Spanned<i64>,
    action: Spanned<String>,
}

/// Reads and checks; see [`RuleSet::parse`].
pub(super) fn read(scope: &dyn Scope, text: &str) -> Result<RuleSet, Vec<SetFault>> {
    let mut reader = Reader { scope, text, rule: None, faults: Vec::new() };
    if text.len() > SET_TEXT_MAX {
        let what = (
            format!("a rule set has at most {SET_TEXT_MAX} bytes"),
            format!("룰셋은 최대 {SET_TEXT_MAX}바이트입니다"),
        );
        reader.fault(0..0, what, None);
        return Err(reader.faults);
    }
    let written: Written = match toml::from_str(text) {
        Ok(written) => written,
        Err(error) => {
            let what = (error.message(), format!("TOML로 읽을 수 없습니다: {}", error.message()));
            reader.fault(error.span().unwrap_or(0..0), what, None);
            return Err(reader.faults);
        }
    };
    reader.set(written)
}

struct Reader<'a> {
    scope: &'a dyn Scope,
    text: &'a str,
    /// The rule that is read.
    rule: Option<String>,
    faults: Vec<SetFault>,
}

impl Reader<'_> {
    fn fault(&mut self, range: Range<usize>, what: impl Into<Sentence>, hint: Option<Sentence>) {
        let mut fault = RuleFault::new(self.text, range, what);
        fault.hint = hint;
        self.faults.push(SetFault { rule: self.rule.clone(), fault });
    }

    fn set(mut self, written: Written) -> Result<RuleSet, Vec<SetFault>> {
        if !is_name(written.name.get_ref()) {
            self.fault(written.name.span(), NAME, None);
        }
        if written.rule.len() > RULES_MAX {
            let what = (
                format!("a rule set has at most {RULES_MAX} rules"),
                format!("룰셋의 룰은 최대 {RULES_MAX}개입니다"),
            );
            self.fault(written.rule[RULES_MAX].span(), what, None);
            return Err(self.faults);
        }
        let bits = self.beside_bits(&written.rule);
        let mut names = HashSet::new();
        let mut rules = Vec::with_capacity(written.rule.len());
        for written in &written.rule {
            let written = written.get_ref();
            self.rule = Some(written.name.get_ref().clone()).filter(|name| is_name(name));
            if !names.insert(written.name.get_ref().clone()) {
                self.fault(
                    written.name.span(),
                    ("another rule has this name", "같은 이름의 룰이 있습니다"),
                    None,
                );
            }
            rules.extend(self.rule(written));
        }
        self.rule = None;
        let bands = self.bands(&written.band);
        let set = assemble(written.name.into_inner(), self.text, rules, bands, &bits);
        if set.cost > SET_COST_MAX {
            let cost = set.cost;
            let what = (
                format!("one event costs {cost} units, and {SET_COST_MAX} are allowed"),
                format!("사건 하나의 비용이 {cost}인데 {SET_COST_MAX}까지만 됩니다"),
            );
            let hint = Sentence::from((
                "leave out kinds of event by on = [...], or declare features",
                "on = [...]으로 사건 종류를 줄이거나 피처를 선언하십시오",
            ));
            self.fault(0..0, what, Some(hint));
        }
        self.faults.sort_by_key(|fault| fault.fault.range.start);
        if self.faults.is_empty() { Ok(set) } else { Err(self.faults) }
    }

    /// A bit for each tag that some rule stands beside. Each must be brought by a rule that stands
    /// alone.
    fn beside_bits(&mut self, rules: &[Spanned<WrittenRule>]) -> HashMap<String, u64> {
        let brought: HashSet<&str> = rules
            .iter()
            .map(Spanned::get_ref)
            .filter(|rule| rule.beside.is_none())
            .flat_map(|rule| rule.tags.iter().map(|tag| tag.get_ref().as_str()))
            .collect();
        let mut bits = HashMap::new();
        for beside in rules.iter().filter_map(|rule| rule.get_ref().beside.as_ref()) {
            let tag = beside.get_ref();
            if !brought.contains(tag.as_str()) {
                let mut known: Vec<&str> = brought.iter().copied().collect();
                known.sort_unstable();
                let hint = did_you_mean(tag, known.into_iter());
                self.fault(
                    beside.span(),
                    (
                        "no rule that stands alone has this tag",
                        "혼자 서는 룰 가운데 이 태그를 가진 것이 없습니다",
                    ),
                    hint,
                );
            } else if bits.len() < BESIDE_TAGS_MAX {
                let next = 1_u64 << bits.len();
                bits.entry(tag.clone()).or_insert(next);
            } else if !bits.contains_key(tag) {
                let what = (
                    format!("rules stand beside at most {BESIDE_TAGS_MAX} tags"),
                    format!("beside에 쓸 수 있는 태그는 최대 {BESIDE_TAGS_MAX}개입니다"),
                );
                self.fault(beside.span(), what, None);
            }
        }
        bits
    }

    /// One rule; `None` when a fault of it was noted.
    fn rule(&mut self, written: &WrittenRule) -> Option<Rule> {
        let before = self.faults.len();
        if !is_name(written.name.get_ref()) {
            self.fault(written.name.span(), NAME, None);
        }
        let on = self.kinds(written.on.as_deref());
        let when = self.expression(&written.when);
        let score = self.points(written.score.as_ref(), 0);
        let floor = self.points(written.floor.as_ref(), 0);
        let action = self.action(&written.action);
        self.tags(&written.tags);
        self.sentence(&written.reason.ko);
        self.sentence(&written.reason.en);
        let (when, action) = (when?, action?);
        if self.faults.len() > before {
            return None;
        }
        Some(Rule {
            name: written.name.get_ref().clone(),
            on,
            when,
            beside: written.beside.as_ref().map(|tag| tag.get_ref().clone()),
            score,
            floor,
            action,
            tags: written.tags.iter().map(|tag| tag.get_ref().clone()).collect(),
            reason: Sentence {
                ko: written.reason.ko.get_ref().as_str().into(),
                en: written.reason.en.get_ref().as_str().into(),
            },
        })
    }

    fn kinds(&mut self, written: Option<&[Spanned<String>]>) -> Vec<EventKind> {
        let Some(names) = written else { return EventKind::ALL.to_vec() };
        let mut kinds = Vec::with_capacity(names.len());
        for name in names {
            match EventKind::of_name(name.get_ref()) {
                Some(kind) if kinds.contains(&kind) => {
                    self.fault(
                        name.span(),
                        ("this kind of event stands here twice", "같은 사건 종류가 두 번 있습니다"),
                        None,
                    );
                }
                Some(kind) => kinds.push(kind),
                None => {
                    let known = EventKind::ALL.into_iter().map(EventKind::name);
                    let hint = did_you_mean(name.get_ref(), known);
                    self.fault(
                        name.span(),
                        ("there is no such kind of event", "그런 사건 종류가 없습니다"),
                        hint,
                    );
                }
            }
        }
        kinds
    }

    fn expression(&mut self, written: &Spanned<String>) -> Option<Expression> {
        match Expression::compile(written.get_ref(), self.scope, Type::Bool) {
            Ok(expression) => Some(expression),
            Err(fault) => {
                let range = place_of(self.text, written, &fault.range);
                self.fault(range, fault.what, fault.hint);
                None
            }
        }
    }

    fn points(&mut self, written: Option<&Spanned<i64>>, otherwise: u8) -> u8 {
        let Some(written) = written else { return otherwise };
        let points = u8::try_from(*written.get_ref()).ok().filter(|points| *points <= 100);
        points.unwrap_or_else(|| {
            self.fault(
                written.span(),
                ("a score is a whole number from 0 to 100", "점수는 0부터 100까지의 정수입니다"),
                None,
            );
            otherwise
        })
    }

    fn action(&mut self, written: &Spanned<String>) -> Option<Action> {
        let found = Action::ALL.into_iter().find(|action| action.name() == written.get_ref());
        if found.is_none() {
            let names = Action::ALL.map(Action::name);
            let hint = did_you_mean(written.get_ref(), names.into_iter());
            let names = names.join(", ");
            let all = || (format!("one of {names}"), format!("다음 중 하나: {names}")).into();
            let hint = hint.unwrap_or_else(all);
            self.fault(
                written.span(),
                ("there is no such action", "그런 조치가 없습니다"),
                Some(hint),
            );
        }
        found
    }

    fn tags(&mut self, tags: &[Spanned<String>]) {
        if let Some(tag) = tags.get(TAGS_MAX) {
            let what = (
                format!("a rule has at most {TAGS_MAX} tags"),
                format!("룰의 태그는 최대 {TAGS_MAX}개입니다"),
            );
            self.fault(tag.span(), what, None);
        }
        for tag in tags.iter().take(TAGS_MAX).filter(|tag| !is_name(tag.get_ref())) {
            self.fault(tag.span(), NAME, None);
        }
    }

    fn sentence(&mut self, written: &Spanned<String>) {
        let text = written.get_ref();
        let length = text.chars().count();
        if length > REASON_CHARS_MAX || text.trim().is_empty() || text.contains(char::is_control) {
            let what = (
                format!("a reason is one line of 1 to {REASON_CHARS_MAX} characters"),
                format!("사유는 1자에서 {REASON_CHARS_MAX}자까지의 한 줄입니다"),
            );
            self.fault(written.span(), what, None);
        }
    }

    fn bands(&mut self, written: &[WrittenBand]) -> Vec<Band> {
        let mut bands: Vec<Band> = Vec::with_capacity(written.len());
        for band in written {
            let Some(action) = self.action(&band.action) else { continue };
            let from = self.points(Some(&band.from), 1);
            if from == 0 || bands.iter().any(|other| other.from == from || other.action == action) {
                let what = (
                    "each band begins above 0 at a score of its own, with an action of its own",
                    "구간은 0보다 큰 서로 다른 점수에서 시작하고 조치도 서로 다릅니다",
                );
                self.fault(band.from.span(), what, None);
            }
            bands.push(Band { from, action });
        }
        bands.sort_by_key(|band| std::cmp::Reverse(band.from));
        let rising = bands.windows(2).all(|pair| pair[0].action > pair[1].action);
        if let (false, Some(first)) = (rising, written.first()) {
            self.fault(
                first.from.span(),
                ("a higher score has a stronger action", "점수가 높을수록 조치가 강해야 합니다"),
                None,
            );
        }
        bands
    }
}

/// What a name must look like.
const NAME: (&str, &str) = (
    "a name is lower-case letters, digits and underscores, at most 64",
    "이름은 영문 소문자, 숫자, 밑줄 64자 이내입니다",
);

/// Where a range of a string's value stands in the text around it: exactly when the string has no
/// escapes, else the whole string.
fn place_of(text: &str, written: &Spanned<String>, range: &Range<usize>) -> Range<usize> {
    let span = written.span();
    let found = text.get(span.clone()).and_then(|source| source.find(written.get_ref().as_str()));
    match found {
        Some(at) => span.start + at + range.start..span.start + at + range.end,
        None => span,
    }
}

fn assemble(
    name: String,
    text: &str,
    rules: Vec<Rule>,
    bands: Vec<Band>,
    bits: &HashMap<String, u64>,
) -> RuleSet {
    let mut alone: [Vec<u16>; EventKind::ALL.len()] = Default::default();
    let mut beside = alone.clone();
    let mut costs = [0_u32; EventKind::ALL.len()];
    let mut tags = Vec::with_capacity(rules.len());
    for (place, rule) in (0_u16..).zip(&rules) {
        let of = |tag: &String| bits.get(tag).copied().unwrap_or(0);
        tags.push(match &rule.beside {
            Some(tag) => of(tag),
            None => rule.tags.iter().map(of).fold(0, |all, bit| all | bit),
        });
        for kind in &rule.on {
            let kind = usize::from(kind.number());
            let by_kind = if rule.beside.is_some() { &mut beside } else { &mut alone };
            by_kind[kind].push(place);
            costs[kind] = costs[kind].saturating_add(rule.when.cost());
        }
    }
    let cost = costs.into_iter().max().unwrap_or(0);
    let version = *blake3::hash(text.as_bytes()).as_bytes();
    RuleSet { name, version, rules, bands, alone, beside, tags, cost }
}
