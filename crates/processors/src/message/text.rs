//! Texts with holes, and what may stand in the holes.
//!
//! A text goes out under the company's name, so a processor can say with it only what staff agreed
//! to. What it puts into a hole is short, holds no link, no address and no telephone number that is
//! not on the text's own list, and cannot make one together with the words around it: what is
//! checked is the whole text as a person would read it, in every language, so that a refusal says
//! nothing about whose language it would have been.

use std::collections::{BTreeMap, BTreeSet};

use doldam_ground::Pii;
use doldam_ground::ids::{ProcessorId, TemplateId};
use doldam_ground::limits::{MESSAGE_VALUE_CHARACTERS_MAX, MESSAGE_VARIABLES_MAX};
use doldam_ground::locale::Language;
use doldam_notify::encode;
use doldam_notify::template::lint::{Rules, What, lint};
use doldam_notify::template::{Template, Variables};
use doldam_store::message;
use unicode_normalization::UnicodeNormalization as _;

use crate::error::ProcessorsError;
use crate::registry::Processors;

/// Most faults that are told at once.
const FAULTS_MAX: usize = 20;

/// A text that may be sent.
pub(crate) struct Checked {
    pub(crate) id: TemplateId,
    pub(crate) name: String,
    texts: BTreeMap<Language, Template>,
    allowed: Vec<String>,
}

impl Checked {
    /// Reads a kept text.
    pub(crate) fn read(held: &message::Template) -> Result<Self, ProcessorsError> {
        let broken = |_| ProcessorsError::Unfit("it cannot be read any more".to_owned());
        let sources: BTreeMap<Language, String> =
            serde_json::from_str(&held.held.texts).map_err(broken)?;
        let allowed = serde_json::from_str(&held.held.allowed).map_err(broken)?;
        Ok(Self { id: held.id, name: held.held.name.clone(), texts: parse(&sources)?, allowed })
    }

    /// Refuses values that do not fit the text: too few, too many, too long, or such that the text
    /// says what it may not.
    pub(crate) fn check(&self, values: &BTreeMap<String, String>) -> Result<(), ProcessorsError> {
        let wanted = variables(&self.texts);
        if !values.keys().eq(wanted.iter()) {
            let names: Vec<&str> = wanted.iter().map(String::as_str).collect();
            return Err(ProcessorsError::Unfit(format!(
                "its values are exactly these: {}",
                names.join(", ")
            )));
        }
        for (name, value) in values {
            let is_short = (1..=MESSAGE_VALUE_CHARACTERS_MAX).contains(&value.chars().count());
            if !is_short || value.chars().any(char::is_control) {
                return Err(ProcessorsError::Unfit(format!(
                    "the value {name} has 1 to {MESSAGE_VALUE_CHARACTERS_MAX} characters on one line"
                )));
            }
        }
        let mut faults = BTreeSet::new();
        for language in self.texts.keys() {
            let filled = self.fill(*language, values)?;
            faults.extend(faults_of(filled.expose(), *language, &self.allowed)?);
        }
        refuse(&faults)
    }

    /// The text in a language, or else in the first that there is.
    pub(crate) fn fill(
        &self,
        language: Language,
        values: &BTreeMap<String, String>,
    ) -> Result<Pii<String>, ProcessorsError> {
        let text = self.texts.get(&language).or_else(|| self.texts.values().next());
        let text = text.ok_or(ProcessorsError::NoTemplate)?;
        let mut variables = Variables::default();
        for (name, value) in values {
            variables.set(name, value.as_str());
        }
        Ok(text.render(variables)?)
    }
}

impl Processors {
    /// The newest text of a name that a second person agreed to.
    pub(crate) fn template_for(
        &self,
        processor: ProcessorId,
        name: &str,
    ) -> Result<Checked, ProcessorsError> {
        let found = self
            .vault
            .data()
            .read("message.template", |tx| message::template_newest(tx, processor, name))?;
        Checked::read(&found.ok_or(ProcessorsError::NoTemplate)?)
    }
}

/// Reads the texts of all languages.
pub(super) fn parse(
    sources: &BTreeMap<Language, String>,
) -> Result<BTreeMap<Language, Template>, ProcessorsError> {
    let parse = |(language, source): (&Language, &String)| {
        Ok((*language, Template::parse(source, *language)?))
    };
    sources.iter().map(parse).collect()
}

/// The names of all holes.
pub(super) fn variables(texts: &BTreeMap<Language, Template>) -> BTreeSet<String> {
    texts.values().flat_map(Template::variables).collect()
}

/// Finds what is wrong with texts that are to be registered, with the longest values in the holes.
pub(super) fn check_new(
    texts: &BTreeMap<Language, Template>,
    allowed: &[String],
) -> Result<(), ProcessorsError> {
    let wanted = variables(texts);
    if texts.is_empty() || texts.values().any(|text| text.variables() != wanted) {
        return Err(ProcessorsError::Unfit(
            "there is no language, or the languages have different holes".to_owned(),
        ));
    }
    if wanted.len() > MESSAGE_VARIABLES_MAX {
        return Err(ProcessorsError::Unfit(format!(
            "it has more than {MESSAGE_VARIABLES_MAX} holes"
        )));
    }
    let longest = "가".repeat(MESSAGE_VALUE_CHARACTERS_MAX);
    let mut faults = BTreeSet::new();
    for (language, text) in texts {
        let mut variables = Variables::default();
        for name in &wanted {
            variables.set(name, longest.as_str());
        }
        let filled = text.render(variables)?;
        faults.extend(faults_of(filled.expose(), *language, allowed)?);
    }
    refuse(&faults)
}

fn refuse(faults: &BTreeSet<String>) -> Result<(), ProcessorsError> {
    if faults.is_empty() {
        return Ok(());
    }
    let told: Vec<&str> = faults.iter().take(FAULTS_MAX).map(String::as_str).collect();
    Err(ProcessorsError::Unfit(told.join("; ")))
}

/// What is wrong with a text as a person would read it, in words that quote nothing of it.
fn faults_of(
    text: &str,
    language: Language,
    allowed: &[String],
) -> Result<Vec<String>, ProcessorsError> {
    // Forms that look like others on a screen are read as those; a bracket opens no hole here.
    let sent = encode::replaced(text);
    let plain: String = sent
        .nfkc()
        .map(|character| match character {
            '{' | '}' => '(',
            '。' | '｡' => '.',
            other => other,
        })
        .collect();
    let rules = Rules {
        addresses_allowed: allowed.to_vec(),
        senders_registered: vec![String::new()],
        bytes_max: encode::LMS_BYTES,
        ..Rules::default()
    };
    let faults = lint(&Template::parse(&plain, language)?, &rules, Variables::default());
    let mut told: Vec<String> = faults
        .iter()
        .filter(|fault| fault.what != What::Number)
        .map(|fault| format!("{} {}", language.code(), fault.what.code()))
        .collect();
    if encode::cp949_bytes(&sent).is_err() {
        told.push(format!("{} lint.no-code", language.code()));
    }
    if has_strange_phone(&plain, allowed) {
        told.push(format!("{} lint.phone", language.code()));
    }
    Ok(told)
}

/// Whether a text names a telephone number that is not on the list.
fn has_strange_phone(text: &str, allowed: &[String]) -> bool {
    let listed: Vec<String> = allowed.iter().map(|entry| digits_of(entry)).collect();
    runs(text).iter().any(|run| {
        (0..run.len()).any(|first| {
            let has_plus = run[first].0;
            let mut number = String::new();
            run[first..].iter().any(|(_, digits)| {
                number.push_str(digits);
                let is_dialled = has_plus && (8..=15).contains(&number.len());
                (is_dialled || is_phone(&number)) && !listed.contains(&number)
            })
        })
    })
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Groups of digits that only blanks and signs stand between, each with whether a plus comes
/// before it.
fn runs(text: &str) -> Vec<Vec<(bool, String)>> {
    let mut runs: Vec<Vec<(bool, String)>> = vec![Vec::new()];
    let (mut is_apart, mut is_plus) = (true, false);
    for character in text.chars() {
        if character.is_ascii_digit() {
            let run = runs.last_mut().expect("there is always one");
            if is_apart || run.is_empty() {
                run.push((is_plus, String::new()));
            }
            let group = run.last_mut().expect("one was pushed, or is there");
            group.1.push(character);
            (is_apart, is_plus) = (false, false);
        } else {
            is_apart = true;
            is_plus = character == '+';
            let joins = character.is_whitespace() || "-.()+/~*·‐‑‒–—―−".contains(character);
            if !joins && runs.last().is_some_and(|run| !run.is_empty()) {
                runs.push(Vec::new());
            }
        }
    }
    runs
}

/// Whether digits are a telephone number in Korea, as people dial it: with a leading 0, with the
/// country's own code, or one of the numbers of companies (15xx, 16xx, 18xx and four digits).
fn is_phone(digits: &str) -> bool {
    let company = ["15", "16", "18"].iter().any(|prefix| digits.starts_with(prefix));
    (digits.starts_with('0') && (9..=15).contains(&digits.len()))
        || (digits.starts_with("82") && (11..=13).contains(&digits.len()))
        || (company && digits.len() == 8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(source: &str, allowed: &[&str]) -> Checked {
        let sources = [(Language::Ko, source.to_owned())].into();
        Checked {
            id: TemplateId::new(1),
            name: "order".to_owned(),
            texts: parse(&sources).unwrap(),
            allowed: allowed.iter().map(|entry| (*entry).to_owned()).collect(),
        }
    }

    fn refused(text: &Checked, value: &str) -> Option<String> {
        let values = [("what".to_owned(), value.to_owned())].into();
        match text.check(&values) {
            Ok(()) => None,
            Err(error) => Some(error.to_string()),
        }
    }

    #[test]
    fn values_say_what_they_may_and_nothing_to_call_or_to_follow() {
        let text = text(
            "[돌담은행] {{ what }} 안내. 문의 1599-0000, bank.example",
            &["1599-0000", "bank.example"],
        );
        for fine in [
            "작품 교환",
            "2026-07-01",
            "17,551원",
            "주문 20260701",
            "No. 42",
            "1599-0000",
            "15990000",
            "bank.example",
            "640123456789",
        ] {
            assert_eq!(refused(&text, fine), None, "{fine}");
        }
        for wrong in [
            "https://evil.example",
            "evil.example",
            "evil。example",
            "ｅｖｉｌ．ｅｘａｍｐｌｅ",
            "help@evil.example",
            "bit.ly/x",
            "010-1234-5678",
            "０１０１２３４５６７８",
            "010 1234 5678",
            "0 1 0 1 2 3 4 5 6 7 8",
            "2026-07-01 010.1234.5678",
            "+82 10 1234 5678",
            "+44 20 7946 0958",
            "821012345678",
            "1588-1234",
            "02)123-4567",
            "클릭하세요",
            "฿",
            "",
            "두\n줄",
        ] {
            assert!(refused(&text, wrong).is_some(), "{wrong}");
        }
        assert!(refused(&text, &"가".repeat(61)).is_some());
        let said = refused(&text, "evil.example").unwrap();
        assert!(!said.contains("evil"), "{said}");
    }

    #[test]
    fn what_only_the_whole_text_says_is_found() {
        let domain = text("{{ what }}.example 에서", &[]);
        assert!(refused(&domain, "evil").is_some());
        let number = text("전화 010-{{ what }}", &[]);
        assert!(refused(&number, "1234-5678").is_some());
        let bracket = text("{{ what }}", &[]);
        assert_eq!(refused(&bracket, "{{ what }} {% if %}"), None, "a value opens no hole");
    }

    #[test]
    fn the_values_are_exactly_those_of_the_text() {
        let text = text("{{ what }}", &[]);
        assert!(text.check(&BTreeMap::new()).is_err());
        let values = ["what", "more"].map(|name| (name.to_owned(), "x".to_owned()));
        assert!(text.check(&values.into()).is_err());
    }

    #[test]
    fn languages_have_the_same_holes_and_no_foreign_number() {
        let check = |pairs: &[(Language, &str)], allowed: &[&str]| {
            let sources = pairs.iter().map(|(one, text)| (*one, (*text).to_owned())).collect();
            let allowed: Vec<String> = allowed.iter().map(|entry| (*entry).to_owned()).collect();
            parse(&sources).and_then(|texts| check_new(&texts, &allowed)).is_ok()
        };
        let (ko, en) = (Language::Ko, Language::En);
        assert!(check(&[(ko, "{{ a }} 안내"), (en, "About {{ a }}")], &[]));
        assert!(!check(&[(ko, "{{ a }} 안내"), (en, "About {{ b }}")], &[]));
        assert!(!check(&[], &[]));
        assert!(!check(&[(ko, "문의 1599-0000")], &[]));
        assert!(check(&[(ko, "문의 1599-0000")], &["1599-0000"]));
        assert!(!check(&[(ko, "https://bank.example")], &["bank.example"]));
        assert!(!check(&[(ko, &"가".repeat(1_500))], &[]));
    }

    proptest! {
        #[test]
        fn a_phone_is_found_however_it_is_spelled(
            digits in "010[0-9]{8}", signs in proptest::collection::vec("[-. ]{0,2}", 10),
            before in "[가-힣]{0,3}", after in "[가-힣]{0,3}",
        ) {
            let mut spelled = before;
            for (place, digit) in digits.chars().enumerate() {
                spelled.push(digit);
                spelled.push_str(signs.get(place).map_or("", String::as_str));
            }
            spelled.push_str(&after);
            prop_assert!(has_strange_phone(&spelled, &[]));
            prop_assert!(!has_strange_phone(&digits, std::slice::from_ref(&digits)));
        }

        #[test]
        fn no_value_makes_it_panic(value in any::<String>()) {
            let _ = refused(&text("{{ what }}", &[]), &value);
        }
    }
}
