//! One row of the rule table, typed.

use std::collections::BTreeMap;
use std::sync::Arc;

use doldam_ground::deadline::{Day, Holidays};
use doldam_ground::limits;

use super::item::{Item, ItemUse};
use super::name::Region;
use super::trigger::Expression;
use crate::clock::{ClockRule, Counting, Delay, Length};
use crate::error::ResponseError;
use crate::row::Row;
use crate::words::{
    AppliesBy, Bilingual, Channel, Form, Recipient, Role, Status, Unit, Verified, Word,
};

/// A duty as the law has it: a row of `rules/rules.toml`, whose header says what each field means.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// What fulfilling it looks like.
    pub form: Form,
    /// What is to be done, in a few words.
    pub title: Bilingual,
    /// Whose law it is.
    pub jurisdiction: Region,
    /// The instrument: act, decree, notice, regulation.
    pub instrument: String,
    /// The article.
    pub article: String,
    /// The first day on which this text applies.
    pub valid_from: Day,
    /// The last day; `None` while it is open.
    pub valid_to: Option<Day>,
    /// Which date of the incident picks this text.
    pub applies_by: AppliesBy,
    /// Whether it was in force when the row was written.
    pub status: Status,
    /// Whom it binds; any one role suffices.
    pub roles: Vec<Role>,
    /// When it is due, as written.
    pub trigger_text: String,
    /// When it is due: the scope of its jurisdiction and its trigger.
    pub trigger: Expression,
    /// By when.
    pub clock: ClockRule,
    /// Whether an early, incomplete message with supplements is allowed or required.
    pub first_then_supplement: bool,
    /// Who is told: each entry is told, any one within an entry suffices.
    pub recipients: Vec<Vec<Recipient>>,
    /// By what, in order of preference.
    pub channels: Vec<Channel>,
    /// What must be said or shown.
    pub must_items: Vec<Arc<Item>>,
    /// What must not be said.
    pub must_not_items: Vec<Arc<Item>>,
    /// The least days of a public posting; 0 where there is none.
    pub posting_days: u32,
    /// Where the text was read.
    pub source: String,
    /// How sure the row is.
    pub verified: Verified,
    /// Who read it: `law` or `response`, the two works behind the table; empty if nobody did.
    pub read_by: String,
    /// What else is to be known, in at most [`limits::NOTE_CHARACTERS_MAX`] characters.
    pub note: String,
}

/// What the rows of the rule table refer to.
pub(super) struct Context {
    pub(super) items: BTreeMap<String, Arc<Item>>,
    pub(super) delays: BTreeMap<String, Arc<Delay>>,
    pub(super) scopes: BTreeMap<Region, Expression>,
    pub(super) countings: BTreeMap<String, Counting>,
    pub(super) holidays: BTreeMap<String, Arc<Holidays>>,
}

impl Rule {
    /// Whether the law counts persons for this duty, so that each has a clock and a notice.
    fn tells_persons(recipients: &[Vec<Recipient>], form: Form) -> bool {
        let person = |recipient: &Recipient| {
            matches!(
                recipient,
                Recipient::Subject
                    | Recipient::PossibleSubject
                    | Recipient::NoticedSubject
                    | Recipient::AccountHolder
                    | Recipient::Victim
            )
        };
        matches!(form, Form::Notice | Form::Posting) && recipients.iter().flatten().any(person)
    }
}

/// Reads a row.
pub(super) fn rule(mut row: Row<'_>, context: &Context) -> Result<Rule, ResponseError> {
    let row = &mut row;
    let jurisdiction = region(row)?;
    let (trigger_text, trigger) = trigger(row, context.scopes.get(&jurisdiction))?;
    let (valid_from, valid_to) = validity(row)?;
    let (form, recipients) = (row.word("form")?, recipients(row)?);
    let clock = clock(row, context, &jurisdiction, (form, &recipients))?;
    let rule = Rule {
        id: row.filled("id")?.to_owned(),
        form,
        title: row.bilingual("title_ko", "title_en")?,
        instrument: row.filled("instrument")?.to_owned(),
        article: row.filled("article")?.to_owned(),
        valid_from,
        valid_to,
        applies_by: row.word("applies_by")?,
        status: row.word("status")?,
        roles: some(row, "role")?,
        trigger_text,
        trigger,
        clock,
        first_then_supplement: row.truth("first_then_supplement")?,
        recipients,
        channels: some(row, "channels")?,
        must_items: items(row, "must_items", context)?,
        must_not_items: items(row, "must_not_items", context)?,
        posting_days: row.number("posting_days")?,
        source: row.filled("source")?.to_owned(),
        verified: row.word("verified")?,
        read_by: row.text("read_by")?.to_owned(),
        note: row.filled("note")?.to_owned(),
        jurisdiction,
    };
    whole(row, &rule)?;
    Ok(rule)
}

/// Checks what hangs together, and that no field is left over.
fn whole(row: &mut Row<'_>, rule: &Rule) -> Result<(), ResponseError> {
    if rule.note.chars().count() > limits::NOTE_CHARACTERS_MAX {
        return Err(row.wrong("note", "longer than NOTE_CHARACTERS_MAX"));
    }
    if (rule.verified == Verified::Read) != matches!(rule.read_by.as_str(), "law" | "response") {
        return Err(row.wrong("read_by", "must name who read the text, and only if it was read"));
    }
    if rule.must_items.iter().any(|item| item.used_in == ItemUse::MustNot) {
        return Err(row.wrong("must_items", "asks for what must never be said"));
    }
    if rule.must_items.iter().any(|item| rule.must_not_items.contains(item)) {
        return Err(row.wrong("must_not_items", "forbids what must_items asks for"));
    }
    row.finish()
}

fn region(row: &mut Row<'_>) -> Result<Region, ResponseError> {
    let code = row.text("jurisdiction")?;
    Region::new(code).ok_or_else(|| row.wrong("jurisdiction", "must be a code such as KR or US-CA"))
}

fn trigger(
    row: &mut Row<'_>,
    scope: Option<&Expression>,
) -> Result<(String, Expression), ResponseError> {
    let text = row.filled("trigger")?;
    let trigger = expression(row, text)?;
    let scoped = scope.map(|scope| Expression::All(vec![scope.clone(), trigger.clone()]));
    Ok((text.to_owned(), scoped.unwrap_or(trigger)))
}

/// Parses a trigger, naming the character at which it goes wrong.
pub(super) fn expression(row: &Row<'_>, text: &str) -> Result<Expression, ResponseError> {
    Expression::parse(text)
        .map_err(|error| row.wrong(&format!("trigger (character {})", error.at + 1), error.problem))
}

fn validity(row: &mut Row<'_>) -> Result<(Day, Option<Day>), ResponseError> {
    let from =
        row.day("valid_from")?.ok_or_else(|| row.wrong("valid_from", "must not be empty"))?;
    let to = row.day("valid_to")?;
    if to.is_some_and(|to| to < from) {
        return Err(row.wrong("valid_to", "lies before valid_from"));
    }
    Ok((from, to))
}

/// A list of words that may not be empty.
fn some<W: Word>(row: &mut Row<'_>, field: &'static str) -> Result<Vec<W>, ResponseError> {
    let words = row.words(field)?;
    if words.is_empty() { Err(row.wrong(field, "must not be empty")) } else { Ok(words) }
}

fn recipients(row: &mut Row<'_>) -> Result<Vec<Vec<Recipient>>, ResponseError> {
    let entries = row.texts("recipients")?;
    let read = |entry: &&str| entry.split('|').map(Recipient::from_id).collect();
    let recipients: Option<Vec<Vec<Recipient>>> = entries.iter().map(read).collect();
    let recipients = recipients.filter(|recipients| !recipients.is_empty());
    recipients.ok_or_else(|| row.wrong("recipients", "must name recipients of the vocabulary"))
}

fn items(
    row: &mut Row<'_>,
    field: &'static str,
    context: &Context,
) -> Result<Vec<Arc<Item>>, ResponseError> {
    let ids = row.texts(field)?;
    let items: Option<Vec<_>> = ids.iter().map(|id| context.items.get(*id).cloned()).collect();
    items.ok_or_else(|| row.wrong(field, "names an item that items.toml does not have"))
}

fn clock(
    row: &mut Row<'_>,
    context: &Context,
    jurisdiction: &Region,
    (form, recipients): (Form, &[Vec<Recipient>]),
) -> Result<ClockRule, ResponseError> {
    const COMMON: Counting = Counting {
        first_day_counted: false,
        rest_day_moves_on: false,
        verified: Verified::Secondary,
    };
    let country = jurisdiction.country();
    let delays = row.texts("delay_reasons")?;
    let delays: Option<Vec<_>> = delays.iter().map(|id| context.delays.get(*id).cloned()).collect();
    Ok(ClockRule {
        start: row.word("clock_start")?,
        length: length(row, "clock_length", "clock_unit")?,
        word: row.optional_word("clock_word")?,
        zone: row.zone("clock_zone")?,
        suggested_hours: row.number("suggested_hours")?,
        delays: delays.ok_or_else(|| {
            row.wrong("delay_reasons", "names a reason that delays.toml does not have")
        })?,
        stops_on: some(row, "stops_on")?,
        keep: form == Form::Keep,
        per_person: Rule::tells_persons(recipients, form),
        counting: context.countings.get(country).copied().unwrap_or(COMMON),
        holidays: context.holidays.get(country).cloned().unwrap_or_default(),
    })
}

/// A length and its unit; both are there or neither is.
pub(super) fn length(
    row: &mut Row<'_>,
    length: &'static str,
    unit: &'static str,
) -> Result<Length, ResponseError> {
    match (row.number(length)?, row.optional_word(unit)?) {
        (0, None) => Ok(Length::Unnumbered),
        (0, Some(_)) | (_, None) => {
            Err(row.wrong(unit, "must be there exactly if the length is not 0"))
        }
        (hours, Some(Unit::Hours)) => Ok(Length::Hours(hours)),
        (days, Some(Unit::Days)) => Ok(Length::Days(days)),
        (days, Some(Unit::BusinessDays)) => Ok(Length::BusinessDays(days)),
        (months, Some(Unit::Months)) => Ok(Length::Months(months)),
    }
}
