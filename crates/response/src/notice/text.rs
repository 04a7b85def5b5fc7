//! The words of a notice: templates filled with what the incident's record says.
//!
//! Nothing is typed in. What got out, when and how, what was cut and when: all of it comes from
//! facts, the kind table and proven orders; the company's own name and department come from its
//! settings. What is not known is said to be not known yet, and only in a first notice.

use std::collections::BTreeMap;

use doldam_ground::Instant;
use doldam_ground::Kind;
use doldam_ground::deadline::{Day, Zone};
use doldam_ground::ids::IncidentId;
use doldam_ground::locale::Language;
use doldam_notify::template::lint::{Required, Rules, lint};
use doldam_notify::template::{Template, Variables};
use doldam_store::dispatch;
use doldam_store::incident::draft;
use doldam_vault::Vault;

use super::Stage;
use super::telling::Telling;
use crate::audience::POSSIBILITY;
use crate::contain;
use crate::duty::Rule;
use crate::error::ResponseError;
use crate::incident::answers;
use crate::spoken;
use crate::words::{Bilingual, Path, Word};

const LANGUAGES: [Language; 2] = [Language::Ko, Language::En];

/// Who speaks in a notice.
#[derive(Clone, Debug)]
pub struct Company {
    /// Its name as its customers know it.
    pub name: Bilingual,
    /// The department that takes reports of damage.
    pub department: Bilingual,
    /// Its telephone number.
    pub telephone: String,
}

/// How a notice will be sent, as far as its words hang on it.
#[derive(Clone, Debug)]
pub struct SendingRules {
    /// The number that it comes from.
    pub sender: String,
    /// The numbers that are registered with the operator.
    pub senders_registered: Vec<String>,
    /// Most bytes of CP949 that it may take.
    pub bytes_max: usize,
}

/// Which variable says an item of the rule table, or which phrase of the templates.
const SAID_BY: [(&str, &[&str], &[&str]); 11] = [
    ("leaked_items", &["leaked_items"], &[]),
    ("leak_time_and_cause", &["time_and_cause"], &[]),
    ("self_protection_steps", &["protection_steps"], &[]),
    ("countermeasures_and_relief", &["countermeasures"], &[]),
    ("contact_for_damage_reports", &["contact"], &[]),
    ("legal_rights_and_how", &[], &["법정손해배상", "statutory damages"]),
    ("possible_items", &["possible_items"], &[]),
    ("suspected_time_and_cause", &["suspected_time_and_cause"], &[]),
    ("promise_of_further_notice", &[], &["다시 알려 드리겠습니다", "we will write to you again"]),
    ("not_leaked_statement", &[], &["유출되지 않은 것으로 확인", "your data did not get out"]),
    ("reference_to_first_notice", &["first_notice_on"], &[]),
];

fn template(telling: Telling, language: Language) -> Result<Template, ResponseError> {
    Ok(Template::parse(telling.source(language), language)?)
}

/// The text of a notice in each language, without a fault.
pub(super) fn write(
    vault: &Vault,
    id: IncidentId,
    rule: &Rule,
    telling: Telling,
    company: &Company,
    sending: &SendingRules,
) -> Result<BTreeMap<Language, String>, ResponseError> {
    let record = Record::read(vault, id, rule.clock.zone.clone())?;
    let required = rule.must_items.iter().map(|item| required(&item.id)).collect::<Vec<_>>();
    let mut texts = BTreeMap::new();
    let mut faults = Vec::new();
    for language in LANGUAGES {
        let template = template(telling, language)?;
        let values = record.values(language, telling, company)?;
        let filled = || {
            let mut variables = Variables::default();
            for (name, value) in &values {
                variables.set(name, value.as_str());
            }
            variables
        };
        let rules = Rules {
            required: required.clone(),
            variables: values.iter().map(|(name, _)| (*name).to_owned()).collect(),
            addresses_allowed: Vec::new(),
            sender: sending.sender.clone(),
            senders_registered: sending.senders_registered.clone(),
            bytes_max: sending.bytes_max,
        };
        let found = lint(&template, &rules, filled());
        faults.extend(found.iter().map(|fault| format!("{language}: {fault}")));
        if found.is_empty() {
            texts.insert(language, template.render(filled())?.expose().clone());
        }
    }
    if faults.is_empty() { Ok(texts) } else { Err(ResponseError::NoticeFaults(faults)) }
}

/// What the linter must find for an item; an item that no template can say is found missing.
fn required(item: &str) -> Required {
    let said = SAID_BY.iter().find(|(id, ..)| *id == item);
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Required {
        item: item.to_owned(),
        variables: said.map(|(_, variables, _)| owned(variables)).unwrap_or_default(),
        phrases: said.map(|(.., phrases)| owned(phrases)).unwrap_or_default(),
    }
}

/// Reads the stored texts of a draft.
pub(super) fn parse(texts: &str) -> Result<BTreeMap<Language, String>, ResponseError> {
    serde_json::from_str(texts)
        .map_err(|_| ResponseError::Refused("the stored texts of the notice are damaged"))
}

/// What the incident's record says, as far as a notice tells it.
struct Record {
    answers: Vec<(String, String)>,
    /// When the processor was cut off, if every order is proved.
    cut_at: Option<Instant>,
    /// When the first notice of a possible leak was opened.
    warned_at: Option<Instant>,
    zone: Zone,
}

impl Record {
    fn read(vault: &Vault, id: IncidentId, zone: Zone) -> Result<Self, ResponseError> {
        let orders = contain::orders(vault, id)?;
        let proofs: Option<Vec<Instant>> =
            orders.iter().map(|order| order.proof.as_ref().map(|(at, _)| *at)).collect();
        let cut_at = proofs.and_then(|proofs| proofs.into_iter().max());
        let warned_at = vault.data().read("notice.warned_at", |tx| {
            let mut drafts = draft::list(tx, id)?.into_iter();
            let sent = drafts
                .find_map(|draft| draft.dispatch.filter(|_| draft.written.stage == POSSIBILITY));
            let Some(sent) = sent else { return Ok(None) };
            Ok(dispatch::find(tx, sent)?.map(|found| found.created_at))
        })?;
        Ok(Self { answers: answers(vault, id, None)?, cut_at, warned_at, zone })
    }

    fn answer(&self, name: &str) -> Option<&str> {
        let found = self.answers.iter().find(|(fact, _)| fact == name);
        found.map(|(_, value)| value.as_str())
    }

    fn values(
        &self,
        language: Language,
        telling: Telling,
        company: &Company,
    ) -> Result<Vec<(&'static str, String)>, ResponseError> {
        let department = company.department.get(language);
        let mut values = vec![
            ("company", company.name.get(language).to_owned()),
            ("contact", format!("{department} {}", company.telephone)),
        ];
        let (items, time_and_cause) = match telling {
            Telling::Leak(_) => ("leaked_items", "time_and_cause"),
            Telling::Possibility => ("possible_items", "suspected_time_and_cause"),
            Telling::Retraction => {
                values.push(("first_notice_on", self.warned_on(language)?));
                return Ok(values);
            }
        };
        let unknown = || match telling {
            Telling::Leak(Stage::Supplement) => {
                Err(ResponseError::Refused("a supplement says what was unknown: answer it first"))
            }
            _ => Ok(not_yet(language).to_owned()),
        };
        let kinds = self.kinds(telling);
        values.push((items, if kinds.is_empty() { unknown()? } else { names(&kinds, language) }));
        let said = self.time_and_cause(language);
        values.push((time_and_cause, said.map_or_else(unknown, Ok)?));
        values.push(("protection_steps", steps(&kinds, language)));
        values.push(("countermeasures", self.countermeasures(language)?));
        Ok(values)
    }

    /// The day on which people were told that a leak is possible.
    fn warned_on(&self, language: Language) -> Result<String, ResponseError> {
        let warned_at = self.warned_at.ok_or(ResponseError::Refused(
            "there is no notice of a possible leak that could be taken back",
        ))?;
        Ok(spoken::day(self.zone.day_of(warned_at), language))
    }

    /// The kinds that are known to have got out. While that is not known, all that are held may
    /// have.
    fn kinds(&self, telling: Telling) -> Vec<Kind> {
        let held = || self.answer("kinds_held").filter(|_| telling == Telling::Possibility);
        let kinds = self.answer("kinds").or_else(held).unwrap_or_default();
        kinds.split(',').filter_map(Kind::from_id).collect()
    }

    fn time_and_cause(&self, language: Language) -> Option<String> {
        let cause = cause(self.answer("path").and_then(Path::from_id)?, language);
        let days: Vec<Day> = self
            .answer("occurred_at")?
            .split("..")
            .filter_map(|part| Instant::parse(part, "UTC").ok())
            .map(|at| self.zone.day_of(at))
            .collect();
        let (first, last) = (days.first()?, days.last()?);
        Some(format!("{}, {cause}", spoken::between(*first, *last, language)))
    }

    /// What was done and is proved; a notice without it may not go out, not even a first one.
    fn countermeasures(&self, language: Language) -> Result<String, ResponseError> {
        let cut_at = self.cut_at.ok_or(ResponseError::Refused(
            "a notice says what was done: give an order of containment and let it be proved first",
        ))?;
        let day = spoken::day(self.zone.day_of(cut_at), language);
        Ok(match language {
            Language::Ko => format!("{day}에 해당 업체의 접근을 끊었습니다."),
            Language::En => format!("On {day} we cut off the company concerned."),
        })
    }
}

/// How it got out, as a person says it who does not know what a processor is.
fn cause(path: Path, language: Language) -> &'static str {
    match (path, language) {
        (Path::ProcessorCopy, Language::Ko) => "저희 일을 맡은 외부 업체가 가지고 있던 사본",
        (Path::ProcessorCopy, Language::En) => "from a copy that a company working for us had kept",
        _ => path.label(language),
    }
}

const fn not_yet(language: Language) -> &'static str {
    match language {
        Language::Ko => "확인하고 있으며, 확인되는 대로 다시 알려 드립니다.",
        Language::En => "We are still finding out and will tell you as soon as we know.",
    }
}

fn names(kinds: &[Kind], language: Language) -> String {
    let name = |kind: &Kind| match language {
        Language::Ko => kind.entry().name_ko.as_str(),
        Language::En => kind.entry().name_en.as_str(),
    };
    kinds.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// What to do if these kinds got out, each sentence once.
fn steps(kinds: &[Kind], language: Language) -> String {
    let mut sentences: Vec<&str> = Vec::new();
    for kind in kinds {
        let sentence = match language {
            Language::Ko => kind.entry().if_leaked_ko.as_str(),
            Language::En => kind.entry().if_leaked_en.as_str(),
        };
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    if sentences.is_empty() {
        sentences.push(match language {
            Language::Ko => "모르는 곳에서 온 전화와 문자를 조심하세요.",
            Language::En => "Be careful with calls and texts from people you do not know.",
        });
    }
    sentences.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duty::RuleTable;

    const TELLINGS: [Telling; 3] =
        [Telling::Leak(Stage::First), Telling::Possibility, Telling::Retraction];

    #[test]
    fn every_item_of_the_duties_that_the_templates_serve_is_in_them() {
        for duty in [
            "kr-pipa-notice-2023",
            "kr-pipa-notice-2026",
            "kr-pipa-upgrade-2026",
            "kr-pipa-possible-access-2026",
            "kr-pipa-possible-partial-2026",
            "kr-pipa-retraction-2026",
        ] {
            let rule = RuleTable::built_in().rule(duty).unwrap();
            let telling = Telling::of(rule, Stage::First).unwrap();
            for (item, language) in
                rule.must_items.iter().flat_map(|item| LANGUAGES.map(|language| (item, language)))
            {
                let said = required(&item.id);
                let template = template(telling, language).unwrap();
                let is_said = said.variables.iter().any(|name| template.variables().contains(name))
                    || said.phrases.iter().any(|phrase| template.source().contains(phrase));
                assert!(is_said, "{duty} {language}: {}", item.id);
            }
        }
        let other = required("recovered_statement");
        assert!(other.variables.is_empty() && other.phrases.is_empty());
    }

    #[test]
    fn both_languages_have_the_same_holes() {
        for telling in TELLINGS {
            let [korean, english] =
                LANGUAGES.map(|language| template(telling, language).unwrap().variables());
            assert_eq!(korean, english, "{telling:?}");
        }
    }

    #[test]
    fn advice_is_given_once_however_many_kinds_share_it() {
        let all: Vec<Kind> = Kind::all().collect();
        let text = steps(&all, Language::Ko);
        let first = all[0].entry().if_leaked_ko.as_str();
        assert_eq!(text.matches(first).count(), 1);
        assert!(!steps(&[], Language::En).is_empty());
    }
}
