//! A notice on the company's web site, for people who cannot be reached (PIPA Decree 39(3)).
//!
//! The law lets a page stand for the personal notice of whoever has no known contact or was not
//! reached, and asks that it stand for a number of days. So a posting is made of words that two
//! people agreed to and of nothing else, the page is kept byte by byte under its hash, its days are
//! counted by the calendar of the law's own zone, and it is the evidence `posting:n` that stops the
//! clocks of exactly those whom the notice did not reach. It is not taken down before its days are
//! over, unless another one stands in its place.

use std::collections::BTreeMap;

use doldam_ground::Instant;
use doldam_ground::deadline::Day;
use doldam_ground::ids::{IncidentId, Ordinal};
use doldam_ground::limits::POSTING_DAYS_MAX;
use doldam_ground::locale::Language;
use doldam_store::break_glass::{self as glass, Agreed};
use doldam_store::incident::draft::{self, Draft, DraftState};
use doldam_store::posting::{self as store, End, NewPosting, Posting, PostingDay};
use doldam_store::{StoreError, Tx, incident};
use doldam_vault::{Actor, Vault};
use roaring::RoaringBitmap;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::audience::Audience;
use crate::clock::Evidence;
use crate::docket;
use crate::duty::{Rule, RuleTable};
use crate::error::ResponseError;
use crate::notice::{self, APPROVALS_NEEDED, Company};
use crate::timeline::{Line, require_impersonal};
use crate::words::{Channel, EvidenceKind, Form};

/// How evidence names a posting.
const REFERENCE: &str = "posting:";
/// States of a notice whose person was not reached.
const NOT_REACHED: [&str; 2] = ["failed", "expired"];
/// The same, once nobody waits for receipts any more.
const NEVER_REACHED: [&str; 4] = ["failed", "expired", "accepted", "in_doubt"];

/// What a page says, in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Its heading.
    pub title: String,
    /// Its parts, in order.
    pub sections: Vec<Section>,
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What it is about: "What got out". Absent where the notice numbers nothing.
    pub heading: Option<String>,
    /// What is said.
    pub text: String,
}

/// A page before it is written: the words that were agreed to, who speaks, and for how long.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The words in each language.
    pub words: BTreeMap<Language, Words>,
    /// Who speaks.
    pub company: Company,
    /// The day on which it is put up.
    pub posted_on: Day,
    /// The last day on which it must stand.
    pub until: Day,
    /// For how many whole days it must stand.
    pub days: u32,
    draft: u32,
    digest: [u8; 32],
    zone: String,
    posted_at: Instant,
    full_at: Instant,
}

/// A posting and what was counted of it.
#[derive(Clone, Debug)]
pub struct PostingRecord {
    /// What was shown, from when till when.
    pub posting: Posting,
    /// By day: how often it was given, and how often we found it as it should be.
    pub days: Vec<PostingDay>,
}

/// Composes the page of a notice, to stand for `days` days, or for as long as the law asks.
///
/// Refused for a notice that two people did not agree to, for other words than those of `digest`,
/// and for fewer days than the law asks for.
pub fn compose(
    vault: &Vault,
    id: IncidentId,
    seq: u32,
    digest: &[u8; 32],
    days: Option<u32>,
    company: &Company,
) -> Result<Letter, ResponseError> {
    let found = notice::find(vault, id, seq)?;
    if *digest != found.written.digest {
        return Err(ResponseError::Refused("these are not the words of the draft: look again"));
    }
    vault.data().read("posting.agreed", |tx| require_agreed(tx, id, &found))?;
    let rule = rule_of(&found)?;
    let least = days_asked(rule);
    let days = days.unwrap_or(least);
    if days < least || days > POSTING_DAYS_MAX {
        return Err(ResponseError::Refused(
            "a posting stands for as many days as the law asks, and for at most a year",
        ));
    }
    let (clock, posted_at) = (&rule.clock, vault.now());
    let posted_on = clock.zone.day_of(posted_at);
    let until = last_day(rule, posted_on, days);
    let words = notice::texts(&found)?;
    Ok(Letter {
        words: words.iter().map(|(language, text)| (*language, parts(text))).collect(),
        company: company.clone(),
        posted_on,
        until,
        days,
        draft: seq,
        digest: *digest,
        zone: clock.zone.name().to_owned(),
        posted_at,
        full_at: clock.zone.end_of(until),
    })
}

/// The days that the postings of a row's jurisdiction must stand.
fn days_asked(rule: &Rule) -> u32 {
    let rules = RuleTable::built_in().rules().iter();
    let same =
        rules.filter(|one| one.form == Form::Posting && one.jurisdiction == rule.jurisdiction);
    same.map(|one| one.posting_days).max().unwrap_or_default().max(1)
}

/// The last of `days` whole days: the day of the posting counts where the law counts first days,
/// and a last day of rest moves on where it does so.
fn last_day(rule: &Rule, posted_on: Day, days: u32) -> Day {
    let counting = rule.clock.counting;
    let last = posted_on.plus_days(i64::from(days) - i64::from(counting.first_day_counted));
    if counting.rest_day_moves_on { rule.clock.holidays.business_day_from(last) } else { last }
}

fn rule_of(draft: &Draft) -> Result<&'static Rule, ResponseError> {
    let rule = RuleTable::built_in().rule(&draft.written.duty);
    rule.ok_or(ResponseError::Refused("the rule table has no duty of that id"))
}

/// Refuses what is not agreed to by two who did not write it, or by one and a broken glass.
fn require_agreed(tx: &mut Tx<'_>, id: IncidentId, draft: &Draft) -> Result<(), StoreError> {
    let (written, seq) = (&draft.written, draft.seq);
    let approvals = draft::approvals(tx, id, seq)?;
    let alone = glass::find(tx, Agreed::Notice(id, seq))?;
    let alone = alone.filter(|glass| glass.digest == written.digest);
    let eyes = notice::agreed(&approvals, &written.digest, written.author);
    if draft.state == DraftState::Dropped || eyes + usize::from(alone.is_some()) < APPROVALS_NEEDED
    {
        return Err(StoreError::State { what: "two people must agree to the notice first" });
    }
    Ok(())
}

/// The heading and the parts of a text: its first line without the company's name in brackets, then
/// a part for each line; `1. What got out: …` is a part with a heading.
fn parts(text: &str) -> Words {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let title = first.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let title = title.map_or(first, |(_, rest)| rest.trim());
    Words { title: title.to_owned(), sections: lines.map(part).collect() }
}

fn part(line: &str) -> Section {
    let numbered = line.split_once(". ").filter(|(number, _)| number.parse::<u8>().is_ok());
    let headed = numbered.and_then(|(_, rest)| rest.split_once(": "));
    match headed {
        Some((heading, text)) => {
            Section { heading: Some(heading.to_owned()), text: text.to_owned() }
        }
        None => Section { heading: None, text: line.to_owned() },
    }
}

/// Puts a page up and keeps it byte by byte; gives its number. Then [`settle`] stops the clocks.
pub fn put_up(
    vault: &Vault,
    id: IncidentId,
    letter: &Letter,
    page: String,
    actor: &Actor,
) -> Result<u32, ResponseError> {
    let titles: BTreeMap<&str, &str> = letter
        .words
        .iter()
        .map(|(language, words)| (language.code(), words.title.as_str()))
        .collect();
    let new = NewPosting {
        incident: id,
        draft: letter.draft,
        draft_digest: letter.digest,
        day: letter.posted_on.to_string(),
        titles: serde_json::to_string(&titles).expect("texts serialise"),
        page_digest: Sha256::digest(&page).into(),
        page,
        zone: letter.zone.clone(),
        days: letter.days,
        posted_by: actor.name.clone(),
        posted_at: letter.posted_at,
        full_at: letter.full_at,
    };
    let shown = json!({
        "notice": new.draft, "days": new.days, "until": letter.until.to_string(),
        "page": data_encoding::HEXLOWER.encode(&new.page_digest),
    });
    let mut line = Line::new(vault, actor, "posting.put_up", "", &shown);
    Ok(vault.data().write("posting.put_up", move |tx| {
        incident::require_open(tx, id)?;
        let draft =
            draft::find(tx, id, new.draft)?.ok_or(StoreError::NotFound { what: "draft" })?;
        if draft.written.digest != new.draft_digest {
            return Err(StoreError::State { what: "these are not the words of the draft" });
        }
        require_agreed(tx, id, &draft)?;
        let posting = store::insert(tx, &new)?;
        line.name(&format!("{REFERENCE}{posting}"));
        line.append(tx, id)?;
        Ok(posting)
    })?)
}

/// One posting.
pub fn find(vault: &Vault, id: IncidentId, number: u32) -> Result<Posting, ResponseError> {
    let found = vault.data().read("posting.find", |tx| store::find(tx, number))?;
    let found = found.filter(|posting| posting.put_up.incident == id);
    found.ok_or(ResponseError::Refused("the incident has no posting of that number"))
}

/// The postings of an incident with their record, oldest first.
pub fn list(vault: &Vault, id: IncidentId) -> Result<Vec<PostingRecord>, ResponseError> {
    Ok(vault.data().read("posting.list", |tx| {
        let all = store::list(tx, id)?.into_iter();
        all.map(|posting| Ok(PostingRecord { days: store::days(tx, posting.id)?, posting }))
            .collect::<Result<_, StoreError>>()
    })?)
}

/// Stops the clocks that a posting stands for: of the notice's own duty, those of everybody whom it
/// did not reach; of a duty to post that is due, everybody's. Doing it again stops only what is new.
///
/// While the notice is being sent, only those are taken whose text could not be delivered; once its
/// sending is finished, also those of whom no receipt came.
pub fn settle(
    vault: &Vault,
    id: IncidentId,
    number: u32,
    actor: &Actor,
) -> Result<(), ResponseError> {
    let posting = find(vault, id, number)?;
    let found = notice::find(vault, id, posting.put_up.draft)?;
    let rule = rule_of(&found)?;
    let evidence = Evidence {
        kind: EvidenceKind::PostingProof,
        reference: format!("{REFERENCE}{number}").parse()?,
    };
    let at = posting.put_up.posted_at;
    if rule.clock.stops_on.contains(&evidence.kind) {
        let left = not_reached(vault, id, &found)? - docket::stopped(vault, id, &rule.id)?;
        if !left.is_empty() {
            docket::stop(vault, id, &rule.id, &evidence, at, Some(&left), actor)?;
        }
    }
    for standing in docket::read(vault, id)? {
        let duty = standing.duty.rule;
        if standing.is_open() && stands_for(duty, rule) {
            docket::stop(vault, id, &duty.id, &evidence, at, None, actor)?;
        }
    }
    Ok(())
}

/// The same for all postings of an incident that stand.
pub fn settle_all(vault: &Vault, id: IncidentId, actor: &Actor) -> Result<(), ResponseError> {
    let all = vault.data().read("posting.of", |tx| store::list(tx, id))?;
    let mut standing = all.into_iter().filter(|posting| posting.end.is_none());
    standing.try_for_each(|posting| settle(vault, id, posting.id, actor))
}

/// Whether a page with the words of a notice fulfils a duty to post: it is for the same people, on a
/// web site, and asks for nothing that the notice does not say.
fn stands_for(posting: &Rule, notice: &Rule) -> bool {
    let is_said = |id: &str| notice.must_items.iter().any(|said| said.id == id);
    posting.form == Form::Posting
        && posting.channels.contains(&Channel::Website)
        && Audience::of(posting).is_some()
        && Audience::of(posting) == Audience::of(notice)
        && posting.must_items.iter().all(|item| is_said(&item.id))
}

fn not_reached(
    vault: &Vault,
    id: IncidentId,
    found: &Draft,
) -> Result<RoaringBitmap, ResponseError> {
    let states: &[&str] = match found.state {
        DraftState::Sent => &NEVER_REACHED,
        _ => &NOT_REACHED,
    };
    let mut people = RoaringBitmap::new();
    for state in states {
        let some = vault.data().read("posting.not_reached", |tx| {
            incident::noticed(tx, id, &found.written.stage, state)
        })?;
        people.extend(some.into_iter().map(Ordinal::number));
    }
    Ok(people)
}

/// Takes a posting down. Refused before its days are over, unless another page with a notice of the
/// same duty stands by then. A closed incident changes nothing about that.
pub fn end(
    vault: &Vault,
    id: IncidentId,
    number: u32,
    reason: &str,
    actor: &Actor,
) -> Result<(), ResponseError> {
    let posting = find(vault, id, number)?;
    require_impersonal(reason)?;
    let length = reason.trim().chars().count();
    if length == 0 || length > doldam_ground::limits::TITLE_CHARACTERS_MAX {
        return Err(ResponseError::Refused("say in 1 to 200 characters why it is taken down"));
    }
    let now = vault.now();
    let end = End { by: actor.name.clone(), reason: reason.trim().to_owned(), at: now };
    let mut line =
        Line::new(vault, actor, "posting.end", &format!("{REFERENCE}{number}"), &json!({}))
            .because(reason.trim());
    Ok(vault.data().write("posting.end", move |tx| {
        if now < posting.put_up.full_at && !is_replaced(tx, id, &posting)? {
            return Err(StoreError::State {
                what: "a posting stands until its days are over: put up its successor first",
            });
        }
        store::end(tx, number, &end)?;
        line.append(tx, id)
    })?)
}

/// Whether a later page of the same duty stands.
fn is_replaced(tx: &mut Tx<'_>, id: IncidentId, posting: &Posting) -> Result<bool, StoreError> {
    let own = draft::find(tx, id, posting.put_up.draft)?.map(|draft| draft.written.duty);
    for other in store::list(tx, id)? {
        let is_later = other.id > posting.id && other.end.is_none();
        let duty = draft::find(tx, id, other.put_up.draft)?.map(|draft| draft.written.duty);
        if is_later && duty == own {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Refuses evidence `posting:n` of a posting that the incident does not have. Other references are
/// to papers outside, such as a newspaper, and are their author's word.
pub(crate) fn require_known(
    vault: &Vault,
    id: IncidentId,
    evidence: &Evidence,
) -> Result<(), ResponseError> {
    let reference = evidence.reference.to_string();
    let Some(number) = reference.strip_prefix(REFERENCE) else { return Ok(()) };
    let number = number.parse().ok().filter(|_| evidence.kind == EvidenceKind::PostingProof);
    let refused = ResponseError::Refused("posting:n is the proof of a posting of this incident");
    find(vault, id, number.ok_or(refused)?).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_a_heading_and_parts_and_loses_no_word() {
        let words =
            parts("[돌담은행] 개인정보 유출 안내\n죄송합니다.\n1. 유출된 항목: CI: 둘\n2. 끝\n");
        assert_eq!(words.title, "개인정보 유출 안내");
        let shown: Vec<_> =
            words.sections.iter().map(|one| (one.heading.as_deref(), one.text.as_str())).collect();
        assert_eq!(
            shown,
            [(None, "죄송합니다."), (Some("유출된 항목"), "CI: 둘"), (None, "2. 끝")]
        );
        assert_eq!(parts("").title, "");
        assert_eq!(parts("[broken").title, "[broken");
    }

    #[test]
    fn days_are_those_of_the_calendar_and_of_the_row() {
        let rule = RuleTable::built_in().rule("kr-pipa-notice-2026").unwrap();
        assert_eq!(days_asked(rule), 30);
        let day = |text: &str| text.parse::<Day>().unwrap();
        // Thirty days after a Monday are a Wednesday.
        assert_eq!(last_day(rule, day("2026-11-23"), 30), day("2026-12-23"));
        assert!(!rule.clock.counting.first_day_counted && rule.clock.counting.rest_day_moves_on);
        // A Sunday moves on to Monday: longer is always safe.
        assert_eq!(last_day(rule, day("2026-11-20"), 30), day("2026-12-21"));
    }

    #[test]
    fn a_posting_stands_for_the_duty_of_the_same_people_whose_items_it_says() {
        let rule = |id: &str| RuleTable::built_in().rule(id).unwrap();
        let notice = rule("kr-pipa-notice-2026");
        assert!(stands_for(rule("kr-pipa-posting-2026"), notice));
        assert!(stands_for(rule("kr-pipa-posting-2023"), notice), "it asks for less");
        assert!(!stands_for(rule("kr-pipa-posting-2026"), rule("kr-pipa-notice-2023")));
        assert!(!stands_for(rule("kr-pipa-possible-posting-2026"), notice));
        assert!(stands_for(
            rule("kr-pipa-possible-posting-2026"),
            rule("kr-pipa-possible-access-2026")
        ));
        assert!(!stands_for(notice, notice));
    }
}
