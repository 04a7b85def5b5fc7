//! The rule table: all duties, and what they refer to, checked as a whole.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use doldam_ground::deadline::{Day, Holidays};

use super::control::{self, Control};
use super::item::{self, Item};
use super::name::Region;
use super::rule::{self, Context, Rule};
use super::trigger::{Atom, Expression};
use crate::clock::{Counting, Delay, DelayEffect, Length};
use crate::error::ResponseError;
use crate::row::{Row, document, rows};
use crate::words::Verified;

const RULES: &str = "rules.toml";
const DELAYS: &str = "delays.toml";
const CALENDAR: &str = "calendar.toml";

/// The texts of the tables, as files hold them.
#[derive(Clone, Copy, Debug)]
pub struct TableTexts<'t> {
    /// Duties: `rules.toml`.
    pub rules: &'t str,
    /// Content items: `items.toml`.
    pub items: &'t str,
    /// Controls: `controls.toml`.
    pub controls: &'t str,
    /// Reasons to wait: `delays.toml`.
    pub delays: &'t str,
    /// Counting of days and holidays: `calendar.toml`.
    pub calendar: &'t str,
}

impl TableTexts<'static> {
    /// The texts that this program was built with.
    pub const BUILT_IN: Self = Self {
        rules: include_str!("../../rules/rules.toml"),
        items: include_str!("../../rules/items.toml"),
        controls: include_str!("../../rules/controls.toml"),
        delays: include_str!("../../rules/delays.toml"),
        calendar: include_str!("../../rules/calendar.toml"),
    };
}

/// All duties that are known, with what they refer to.
#[derive(Clone, Debug)]
pub struct RuleTable {
    rules: Vec<Rule>,
    by_id: BTreeMap<String, usize>,
    items: BTreeMap<String, Arc<Item>>,
    delays: BTreeMap<String, Arc<Delay>>,
    controls: Vec<Control>,
    digest: String,
}

impl RuleTable {
    /// The table that this program was built with.
    pub fn built_in() -> &'static Self {
        static TABLE: OnceLock<RuleTable> = OnceLock::new();
        TABLE.get_or_init(|| {
            Self::parse(&TableTexts::BUILT_IN).expect("the built-in tables are tested to be whole")
        })
    }

    /// Reads and checks tables; the error names the row and the field.
    pub fn parse(texts: &TableTexts<'_>) -> Result<Self, ResponseError> {
        let items = item::parse(texts.items)?;
        let items: BTreeMap<String, Arc<Item>> =
            items.into_iter().map(|(id, item)| (id, Arc::new(item))).collect();
        let delays = delays(texts.delays)?;
        let (countings, holidays) = calendar(texts.calendar)?;
        let document = document(RULES, texts.rules, &["rule", "scope"])?;
        let scopes = scopes(&document)?;
        let context = Context { items, delays, scopes, countings, holidays };
        let (rules, by_id) = rules(&document, &context)?;
        let Context { items, delays, .. } = context;
        let controls = control::parse(texts.controls)?;
        Ok(Self { rules, by_id, items, delays, controls, digest: digest(texts) })
    }

    /// The duties, in the order of the table.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The duty with this id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.by_id.get(id).map(|position| &self.rules[*position])
    }

    /// The content item with this id.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.get(id).map(Arc::as_ref)
    }

    /// All content items, by id.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.values().map(Arc::as_ref)
    }

    /// All reasons to wait, by id.
    pub fn delays(&self) -> impl Iterator<Item = &Delay> {
        self.delays.values().map(Arc::as_ref)
    }

    /// The controls, in the order of the table.
    pub fn controls(&self) -> &[Control] {
        &self.controls
    }

    /// BLAKE3 of the texts in hexadecimal: which edition of the table gave an answer.
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

fn digest(texts: &TableTexts<'_>) -> String {
    let mut hasher = blake3::Hasher::new();
    for text in [texts.rules, texts.items, texts.controls, texts.delays, texts.calendar] {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

fn rules(
    document: &toml::Table,
    context: &Context,
) -> Result<(Vec<Rule>, BTreeMap<String, usize>), ResponseError> {
    let mut all = Vec::new();
    let mut by_id = BTreeMap::new();
    for row in rows(RULES, document, "rule")? {
        let twice = row.wrong("id", "stands twice");
        let rule = rule::rule(row, context)?;
        if by_id.insert(rule.id.clone(), all.len()).is_some() {
            return Err(twice);
        }
        all.push(rule);
    }
    resolve(document, &all)?;
    Ok((all, by_id))
}

/// Checks that what a trigger says of another rule can be answered: the rule is there, and asks of
/// no further rule, so that there is no circle.
fn resolve(document: &toml::Table, all: &[Rule]) -> Result<(), ResponseError> {
    for (row, rule) in rows(RULES, document, "rule")?.iter().zip(all) {
        for id in asks_of(rule) {
            match all.iter().find(|other| other.id == *id) {
                None => {
                    return Err(row.wrong("trigger", "asks of a rule that the table does not have"));
                }
                Some(other) if asks_of(other).next().is_some() => {
                    return Err(row.wrong("trigger", "asks of a rule that asks of another rule"));
                }
                Some(_) => {}
            }
        }
    }
    Ok(())
}

fn asks_of(rule: &Rule) -> impl Iterator<Item = &String> {
    rule.trigger.atoms().into_iter().filter_map(|atom| match atom {
        Atom::NoticeDue(id) => Some(id),
        _ => None,
    })
}

fn scopes(document: &toml::Table) -> Result<BTreeMap<Region, Expression>, ResponseError> {
    let mut scopes = BTreeMap::new();
    for mut row in rows(RULES, document, "scope")? {
        let code = row.text("jurisdiction")?;
        let region = Region::new(code)
            .ok_or_else(|| row.wrong("jurisdiction", "must be a code such as KR or US-CA"))?;
        let text = row.filled("trigger")?;
        let scope = rule::expression(&row, text)?;
        row.finish()?;
        if scopes.insert(region, scope).is_some() {
            return Err(row.wrong("jurisdiction", "stands twice"));
        }
    }
    Ok(scopes)
}

fn delays(text: &str) -> Result<BTreeMap<String, Arc<Delay>>, ResponseError> {
    let document = document(DELAYS, text, &["delay"])?;
    let mut delays = BTreeMap::new();
    for mut row in rows(DELAYS, &document, "delay")? {
        let id = row.filled("id")?.to_owned();
        let effect = effect(&mut row)?;
        let (name, verified) = (row.bilingual("ko", "en")?, row.word("verified")?);
        row.finish()?;
        let delay = Delay { id: id.clone(), effect, name, verified };
        if delays.insert(id, Arc::new(delay)).is_some() {
            return Err(row.wrong("id", "stands twice"));
        }
    }
    Ok(delays)
}

fn effect(row: &mut Row<'_>) -> Result<DelayEffect, ResponseError> {
    match row.text("effect")? {
        "until_end" => Ok(DelayEffect::UntilEnd),
        "none" => Ok(DelayEffect::Record),
        "working_day" => {
            let hour = i8::try_from(row.number("hour")?).ok().filter(|hour| *hour < 24);
            let hour = hour.ok_or_else(|| row.wrong("hour", "must be 0 to 23"))?;
            Ok(DelayEffect::WorkingDay { hour })
        }
        "extend" => match rule::length(row, "length", "unit")? {
            Length::Unnumbered => Err(row.wrong("length", "must not be 0")),
            length => Ok(DelayEffect::Extend { length, times: row.number("times")? }),
        },
        _ => Err(row.wrong("effect", "must be until_end, extend, working_day or none")),
    }
}

type Calendar = (BTreeMap<String, Counting>, BTreeMap<String, Arc<Holidays>>);

fn calendar(text: &str) -> Result<Calendar, ResponseError> {
    let document = document(CALENDAR, text, &["counting", "holiday"])?;
    let mut countings = BTreeMap::new();
    for mut row in rows(CALENDAR, &document, "counting")? {
        let country = row.filled("jurisdiction")?.to_owned();
        let verified: Verified = row.word("verified")?;
        let counting = Counting {
            first_day_counted: either(&mut row, "first_day", "counted", "not_counted")?,
            rest_day_moves_on: either(&mut row, "rest_day", "moves_on", "stays")?,
            verified,
        };
        row.finish()?;
        if countings.insert(country, counting).is_some() {
            return Err(row.wrong("jurisdiction", "stands twice"));
        }
    }
    Ok((countings, holidays(&document)?))
}

fn either(
    row: &mut Row<'_>,
    field: &'static str,
    yes: &str,
    no: &str,
) -> Result<bool, ResponseError> {
    match row.text(field)? {
        text if text == yes => Ok(true),
        text if text == no => Ok(false),
        _ => Err(row.wrong(field, "is neither of its two words")),
    }
}

fn holidays(document: &toml::Table) -> Result<BTreeMap<String, Arc<Holidays>>, ResponseError> {
    let mut days: BTreeMap<String, Vec<Day>> = BTreeMap::new();
    for mut row in rows(CALENDAR, document, "holiday")? {
        let country = row.filled("jurisdiction")?.to_owned();
        let day = row.day("day")?.ok_or_else(|| row.wrong("day", "must not be empty"))?;
        row.filled("name")?;
        row.finish()?;
        days.entry(country).or_default().push(day);
    }
    Ok(days
        .into_iter()
        .map(|(country, days)| (country, Arc::new(days.into_iter().collect())))
        .collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::words::{Status, Word};

    /// The error that the table gives when `from` is written as `to`, once.
    fn broken(from: &str, to: &str) -> String {
        let rules = TableTexts::BUILT_IN.rules;
        assert!(rules.contains(from), "{from}");
        let rules = rules.replacen(from, to, 1);
        let texts = TableTexts { rules: &rules, ..TableTexts::BUILT_IN };
        RuleTable::parse(&texts).unwrap_err().to_string()
    }

    #[test]
    fn the_built_in_table_is_whole() {
        let table = RuleTable::built_in();
        assert_eq!(table.rules().len(), 108);
        assert_eq!(table.items().count(), 114);
        assert_eq!(table.controls().len(), 52);
        assert_eq!(table.digest().len(), 64);
        let of = |verified| table.rules().iter().filter(|rule| rule.verified == verified).count();
        assert_eq!(
            (of(Verified::Read), of(Verified::Secondary), of(Verified::Memory)),
            (72, 34, 2)
        );
        let proposed = |rule: &&Rule| rule.status == Status::Proposed;
        assert_eq!(table.rules().iter().filter(proposed).count(), 1);
        assert!(table.rule("kr-pipa-notice-2026").is_some_and(|rule| rule.must_items.len() == 6));
    }

    #[test]
    fn nothing_in_the_side_tables_is_left_over() {
        let table = RuleTable::built_in();
        let used = |id: &str| {
            table.rules().iter().any(|rule| {
                rule.must_items.iter().chain(&rule.must_not_items).any(|item| item.id == id)
            })
        };
        let unused: Vec<&str> =
            table.items().map(|item| item.id.as_str()).filter(|id| !used(id)).collect();
        assert_eq!(unused, Vec::<&str>::new());
        let allowed =
            |delay: &&Delay| table.rules().iter().all(|rule| rule.clock.delay(&delay.id).is_none());
        assert_eq!(table.delays().filter(allowed).count(), 0);
    }

    #[test]
    fn an_error_names_the_row_and_the_field() {
        const ROW: &str = "rules.toml: row kr-pipa-notice-2023: ";
        for (from, to, says) in [
            ("valid_to = \"2026-09-10\"", "valid_till = \"2026-09-10\"", "valid_to: is missing"),
            (
                "form = \"notice\"",
                "form = \"notice\"\nfrom = 1",
                "from: is a field that such a row",
            ),
            ("valid_to = \"2026-09-10\"", "valid_to = \"2022-01-01\"", "valid_to: lies before"),
            ("\"leak_time_and_cause\"", "\"weather\"", "must_items: names an item"),
            ("\"policy_url\"", "\"leaked_items\"", "must_not_items: forbids what"),
            ("role = [\"controller\"", "role = [\"king\"", "role: holds a word"),
            ("clock_zone = \"Asia/Seoul\"", "clock_zone = \"Mars\"", "clock_zone: must be"),
            ("clock_length = 72", "clock_length = -72", "clock_length: must be a whole number"),
            ("clock_unit = \"hours\"", "clock_unit = \"\"", "clock_unit: must be there exactly"),
            ("'confirmed' and event", "'certain' and event", "trigger (character 14): is no word"),
            ("\"containment_in_progress\"", "\"no_time\"", "delay_reasons: names a reason"),
            ("status = \"in_force\"", "status = \"maybe\"", "status: is not a word"),
            ("read_by = \"law\"", "read_by = \"\"", "read_by: must name who read"),
            ("note = \"Old", &format!("note = \"{}Old", "x".repeat(200)), "note: longer than"),
        ] {
            let error = broken(from, to);
            assert!(error.starts_with(&format!("{ROW}{says}")), "{error}");
        }
    }

    #[test]
    fn what_a_trigger_says_of_other_rules_is_checked() {
        let missing = broken("notice_due('us-md-persons')", "notice_due('us-md-people')");
        assert!(missing.ends_with("asks of a rule that the table does not have"), "{missing}");
        let circle = broken("notice_due('us-md-persons')", "notice_due('us-md-ag')");
        assert!(circle.ends_with("asks of a rule that asks of another rule"), "{circle}");
    }

    #[test]
    fn a_row_that_stands_twice_is_refused() {
        let error = broken("id = \"kr-pipa-posting-2023\"", "id = \"kr-pipa-notice-2023\"");
        assert_eq!(error, "rules.toml: row kr-pipa-notice-2023: id: stands twice");
    }

    #[test]
    fn a_table_that_is_too_long_or_no_table_is_refused() {
        let long = "#".repeat(doldam_ground::limits::LAW_TABLE_BYTES_MAX + 1);
        for rules in ["[", "rule = 1", "rule = [1]", "[[duty]]", long.as_str()] {
            let texts = TableTexts { rules, ..TableTexts::BUILT_IN };
            assert_eq!(RuleTable::parse(&texts).unwrap_err().code(), "response.table");
        }
    }

    #[test]
    fn another_word_in_a_table_gives_another_digest() {
        let delays = TableTexts::BUILT_IN.delays.replace("# verified", "# Verified");
        let other =
            RuleTable::parse(&TableTexts { delays: &delays, ..TableTexts::BUILT_IN }).unwrap();
        assert_ne!(other.digest(), RuleTable::built_in().digest());
    }

    #[test]
    fn every_form_of_duty_is_used() {
        for form in crate::words::Form::ALL {
            assert!(RuleTable::built_in().rules().iter().any(|rule| rule.form == *form), "{form}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn never_panics_on_any_text(text: String, at in 0_usize..4_000) {
            let rules: String = TableTexts::BUILT_IN.rules.chars().take(at * 4).chain(text.chars()).collect();
            let _ = RuleTable::parse(&TableTexts { rules: &rules, ..TableTexts::BUILT_IN });
            let _ = RuleTable::parse(&TableTexts { calendar: &text, ..TableTexts::BUILT_IN });
        }
    }
}
