//! Every fault of a text, before two people approve it.
//!
//! Fraudsters write "your data leaked, click here" within days of a leak, so a genuine notice has
//! nothing to click and no address that is not on the list. It says all that the law asks for, its
//! numbers and dates come from the incident's record and not from somebody's keyboard, and it fits
//! into the message that it is billed as. All faults are given at once, each with its place.

use std::collections::BTreeSet;
use std::fmt;

use super::{Template, Variables};
use crate::{NotifyError, encode};

/// What a text is held against. The items come from the rule table, the lists from the settings.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// What the text must say.
    pub required: Vec<Required>,
    /// The variables that the program can fill.
    pub variables: BTreeSet<String>,
    /// Domains and mail addresses that may be named. A link is never allowed.
    pub addresses_allowed: Vec<String>,
    /// The number that the text will be sent from.
    pub sender: String,
    /// The numbers that are registered with the operator (Telecommunications Business Act 84-2).
    pub senders_registered: Vec<String>,
    /// Most bytes of CP949 that the text may take once it is filled.
    pub bytes_max: usize,
}

/// Something that a text must say: by one of these variables, or in one of these phrases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Required {
    /// Id of the item in the rule table.
    pub item: String,
    /// Variables that say it.
    pub variables: Vec<String>,
    /// Phrases that say it.
    pub phrases: Vec<String>,
}

/// A fault and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line, counted from 1; 0 when the fault is of the whole text.
    pub line: usize,
    /// Character in the line, counted from 1; 0 when the fault is of the whole text.
    pub column: usize,
    /// What is wrong.
    pub what: What,
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It does not say what it must.
    Missing {
        /// Id of the item in the rule table.
        item: String,
    },
    /// It has a hole that the program cannot fill.
    Unfillable {
        /// Name of the variable.
        variable: String,
    },
    /// It holds a link.
    Link,
    /// It names an address that is not on the list.
    Address,
    /// It tells people to click or press.
    Click,
    /// It holds a number that does not come from the incident's record.
    Number,
    /// A character has no code on the wire.
    NoCode {
        /// What would stand in for it, if anything does.
        stand_in: Option<&'static str>,
    },
    /// The number that it would come from is not registered.
    Sender,
    /// It is too long once it is filled.
    TooLong {
        /// Bytes of CP949.
        bytes: usize,
        /// The limit.
        most: usize,
    },
    /// It cannot be filled with the sample.
    Sample(NotifyError),
}

impl What {
    /// A stable word for screens and programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "lint.missing",
            Self::Unfillable { .. } => "lint.unfillable",
            Self::Link => "lint.link",
            Self::Address => "lint.address",
            Self::Click => "lint.click",
            Self::Number => "lint.number",
            Self::NoCode { .. } => "lint.no-code",
            Self::Sender => "lint.sender",
            Self::TooLong { .. } => "lint.too-long",
            Self::Sample(_) => "lint.sample",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(formatter, "{}:{}: ", self.line, self.column)?;
        }
        match &self.what {
            What::Missing { item } => write!(formatter, "the item {item} is missing"),
            What::Unfillable { variable } => {
                write!(formatter, "there is no variable {variable}: see the list of the stage")
            }
            What::Link => formatter.write_str("a link: people are told never to follow one"),
            What::Address => formatter.write_str("an address that is not on the list"),
            What::Click => formatter.write_str("it tells people to click, as fraudsters do"),
            What::Number => {
                formatter.write_str("a number that is typed in: take it from the incident")
            }
            What::NoCode { stand_in: Some(other) } => {
                write!(formatter, "a character that phones may not show: write {other:?} instead")
            }
            What::NoCode { stand_in: None } => {
                formatter.write_str("a character that phones may not show: choose another")
            }
            What::Sender => formatter.write_str("the sender's number is not registered"),
            What::TooLong { bytes, most } => {
                write!(formatter, "{bytes} bytes once it is filled; {most} fit")
            }
            What::Sample(error) => write!(formatter, "it cannot be filled: {error}"),
        }
    }
}

/// Finds every fault of a text. `longest` holds the longest value that each variable can have.
pub fn lint(template: &Template, rules: &Rules, longest: Variables) -> Vec<Fault> {
    let literal = Literal::of(template.source());
    let mut faults = Vec::new();
    whole_text(template, rules, &literal, &mut faults);
    for token in literal.tokens() {
        faults.extend(address_fault(&token.text, rules).map(|what| literal.fault(token.at, what)));
    }
    clicks(&literal, &mut faults);
    numbers(&literal, &mut faults);
    for (at, character) in literal.characters.iter().enumerate() {
        if !matches!(*character, '\n' | '\r' | HOLE) && !encode::has_cp949_code(*character) {
            let what = What::NoCode { stand_in: encode::stand_in(*character) };
            faults.push(literal.fault(at, what));
        }
    }
    filled(template, rules, longest, &mut faults);
    faults.sort_by_key(|fault| (fault.line, fault.column));
    faults
}

fn whole_text(template: &Template, rules: &Rules, literal: &Literal, faults: &mut Vec<Fault>) {
    let of_all = |what| Fault { line: 0, column: 0, what };
    let used = template.variables();
    let plain: String = literal.characters.iter().collect();
    for required in &rules.required {
        let said = required.variables.iter().any(|name| used.contains(name))
            || required.phrases.iter().any(|phrase| plain.contains(phrase.as_str()));
        if !said {
            faults.push(of_all(What::Missing { item: required.item.clone() }));
        }
    }
    for variable in used.difference(&rules.variables) {
        faults.push(of_all(What::Unfillable { variable: variable.clone() }));
    }
    if !rules.senders_registered.contains(&rules.sender) {
        faults.push(of_all(What::Sender));
    }
}

/// Faults that show only once the holes are filled.
fn filled(template: &Template, rules: &Rules, longest: Variables, faults: &mut Vec<Fault>) {
    let of_all = |what| Fault { line: 0, column: 0, what };
    let text = match template.render(longest) {
        Ok(text) => text,
        Err(error) => return faults.push(of_all(What::Sample(error))),
    };
    let encodable = encode::replaced(text.expose());
    match encode::cp949_bytes(&encodable) {
        Ok(bytes) if bytes > rules.bytes_max => {
            faults.push(of_all(What::TooLong { bytes, most: rules.bytes_max }));
        }
        Ok(_) => {}
        // It is in the literal text, and was found there, or in a value.
        Err(_) if faults.iter().any(|fault| fault.what == NO_CODE) => {}
        Err(_) => faults.push(of_all(NO_CODE)),
    }
    let found: Vec<What> = Literal::of_plain(text.expose())
        .tokens()
        .filter_map(|token| address_fault(&token.text, rules))
        .filter(|what| !faults.iter().any(|fault| fault.what == *what))
        .collect();
    faults.extend(found.into_iter().map(of_all));
}

const NO_CODE: What = What::NoCode { stand_in: None };

/// Stands where a hole of the template is.
const HOLE: char = '\0';

/// The characters of a template with its holes blotted out, so that places stay what they are.
struct Literal {
    characters: Vec<char>,
}

struct Token {
    at: usize,
    text: String,
}

impl Literal {
    fn of(source: &str) -> Self {
        let mut characters: Vec<char> = source.chars().collect();
        let mut at = 0;
        while at + 1 < characters.len() {
            let close = match (characters[at], characters[at + 1]) {
                ('{', '{') => ['}', '}'],
                ('{', '%') => ['%', '}'],
                ('{', '#') => ['#', '}'],
                _ => {
                    at += 1;
                    continue;
                }
            };
            let end = characters[at..]
                .windows(2)
                .position(|pair| pair == close)
                .map_or(characters.len(), |length| at + length + 2);
            for character in &mut characters[at..end] {
                if *character != '\n' {
                    *character = HOLE;
                }
            }
            at = end;
        }
        Self { characters }
    }

    fn of_plain(text: &str) -> Self {
        Self { characters: text.chars().collect() }
    }

    fn fault(&self, at: usize, what: What) -> Fault {
        let before = &self.characters[..at];
        let line = before.iter().filter(|character| **character == '\n').count() + 1;
        let start =
            before.iter().rposition(|character| *character == '\n').map_or(0, |end| end + 1);
        Fault { line, column: at - start + 1, what }
    }

    /// Runs of the characters that addresses are made of.
    fn tokens(&self) -> impl Iterator<Item = Token> + '_ {
        let belongs = |character: char| {
            character.is_ascii_alphanumeric() || "._-@:/?=&%#+~".contains(character)
        };
        let starts = (0..self.characters.len()).filter(move |at| {
            belongs(self.characters[*at]) && (*at == 0 || !belongs(self.characters[at - 1]))
        });
        starts.map(move |at| {
            let run = self.characters[at..].iter().take_while(|character| belongs(**character));
            Token { at, text: run.collect::<String>().to_ascii_lowercase() }
        })
    }

    fn matches(&self, at: usize, word: &str) -> bool {
        let mut rest = self.characters[at..].iter();
        word.chars()
            .all(|wanted| rest.next().is_some_and(|found| found.to_ascii_lowercase() == wanted))
    }
}

/// Whether a run of characters is a link, or an address that is not on the list.
fn address_fault(token: &str, rules: &Rules) -> Option<What> {
    let token = token.trim_matches(['.', '-', ':', '/', '?']);
    let is_link = token.contains("://") || token.starts_with("www.");
    let name = token.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let domain = name.rsplit('@').next().unwrap_or_default();
    if is_link || (is_domain(domain) && name.len() < token.len()) {
        return Some(What::Link);
    }
    let listed = rules.addresses_allowed.iter().any(|allowed| allowed == name);
    (is_domain(domain) && !listed).then_some(What::Address)
}

/// Labels with dots between them, the last of letters only: what a phone makes tappable.
fn is_domain(text: &str) -> bool {
    let mut labels = text.rsplit('.');
    let last = labels.next().unwrap_or_default();
    let mut others = labels.peekable();
    last.len() >= 2
        && last.bytes().all(|byte| byte.is_ascii_alphabetic())
        && others.peek().is_some()
        && others.all(|label| !label.is_empty())
}

/// Forms that tell people to do it. "누르지 마세요" tells them not to, and is welcome.
const CLICKS_KO: [&str; 13] = [
    "눌러",
    "누르세요",
    "누르시",
    "누르면",
    "클릭하세요",
    "클릭하시",
    "클릭해",
    "클릭 ",
    "터치하",
    "접속하세요",
    "접속하시",
    "다운로드하",
    "설치하세요",
];
const CLICKS_EN: [&str; 5] = ["click", "tap ", "press ", "download", "install"];
const REFUSALS_EN: [&str; 4] = ["not ", "never ", "n't ", "n’t "];
/// How far before the word an English "not" may stand, in characters.
const REFUSAL_REACH: usize = 24;

fn clicks(literal: &Literal, faults: &mut Vec<Fault>) {
    for at in 0..literal.characters.len() {
        let told = CLICKS_KO.iter().any(|word| literal.matches(at, word));
        let asked = CLICKS_EN.iter().any(|word| literal.matches(at, word))
            && (at == 0 || !literal.characters[at - 1].is_ascii_alphabetic())
            && !is_refused(literal, at);
        if told || asked {
            faults.push(literal.fault(at, What::Click));
        }
    }
}

fn is_refused(literal: &Literal, at: usize) -> bool {
    let start = at.saturating_sub(REFUSAL_REACH);
    let before: String = literal.characters[start..at].iter().collect();
    let sentence = before.rsplit(['.', '!', '?', '\n']).next().unwrap_or_default();
    let sentence = sentence.to_ascii_lowercase();
    REFUSALS_EN.iter().any(|word| sentence.contains(word))
}

fn numbers(literal: &Literal, faults: &mut Vec<Fault>) {
    let characters = &literal.characters;
    let mut at = 0;
    while at < characters.len() {
        let length = characters[at..].iter().take_while(|one| one.is_ascii_digit()).count();
        if length == 0 {
            at += 1;
            continue;
        }
        if !names_a_place(literal, at, at + length) {
            faults.push(literal.fault(at, What::Number));
        }
        at += length;
    }
}

/// Whether the digits number an item of a list or an article of a law, which no incident changes.
fn names_a_place(literal: &Literal, start: usize, end: usize) -> bool {
    let characters = &literal.characters;
    let line_starts = start == 0 || characters[start - 1] == '\n';
    if line_starts && matches!(characters.get(end), Some('.' | ')')) {
        return true;
    }
    let before: String = characters[start.saturating_sub(8)..start].iter().collect();
    let before = before.to_ascii_lowercase();
    let article = before.ends_with("article ") || before.ends_with("제");
    article || before.ends_with("조의") || before.ends_with("조의 ")
}

#[cfg(test)]
mod tests {
    use doldam_ground::locale::Language;

    use super::*;

    const GOOD_KO: &str = "[{{ company }}] 개인정보 유출 안내\n\
        1. 유출 항목: {{ items }}\n\
        2. 시점: {{ when }}\n\
        3. 모르는 링크는 누르지 마세요.\n\
        법 제39조, 제39조의2에 따라 배상을 청구할 수 있습니다.\n\
        문의: {{ phone }}";
    const GOOD_EN: &str = "[{{ company }}] Notice of a data leak\n\
        1. What: {{ items }}\n\
        2. When: {{ when }}\n\
        3. Do not click on links. You may claim damages (Article 39).\n\
        Contact: {{ phone }}, privacy@bank.example";

    fn rules() -> Rules {
        let required = ["items", "when", "phone"].map(|name| Required {
            item: format!("kr-{name}"),
            variables: vec![name.to_owned()],
            phrases: vec![format!("«{name}»")],
        });
        Rules {
            required: required.to_vec(),
            variables: ["company", "items", "when", "phone"].map(String::from).into(),
            addresses_allowed: vec!["privacy@bank.example".to_owned()],
            sender: "15990000".to_owned(),
            senders_registered: vec!["15990000".to_owned()],
            bytes_max: encode::LMS_BYTES,
        }
    }

    fn sample(phone: &str) -> Variables {
        let mut variables = Variables::default();
        let pairs = [
            ("company", "돌담은행"),
            ("items", "닉네임, CI"),
            ("when", "2026-06-30"),
            ("phone", phone),
        ];
        for (name, value) in pairs {
            variables.set(name, value);
        }
        variables
    }

    fn faults(source: &str, rules: &Rules) -> Vec<(usize, usize, What)> {
        let template = Template::parse(source, Language::Ko).unwrap();
        lint(&template, rules, sample("1599-0000"))
            .into_iter()
            .map(|fault| (fault.line, fault.column, fault.what))
            .collect()
    }

    #[test]
    fn good_texts_have_no_fault() {
        assert_eq!(faults(GOOD_KO, &rules()), []);
        assert_eq!(faults(GOOD_EN, &rules()), []);
    }

    #[test]
    fn each_fault_is_found_at_its_place() {
        let rules = rules();
        let with = |line: &str| faults(&format!("{GOOD_KO}\n{line}"), &rules);
        assert_eq!(with("보기 https://bank.example/a"), [(7, 4, What::Link)]);
        assert_eq!(with("보기: www.bank"), [(7, 5, What::Link)]);
        assert_eq!(with("bit.ly/xa 참조"), [(7, 1, What::Link)]);
        assert_eq!(with("evil.example."), [(7, 1, What::Address)]);
        assert_eq!(with("help@evil.example"), [(7, 1, What::Address)]);
        assert_eq!(with("아래를 클릭하세요"), [(7, 5, What::Click)]);
        assert_eq!(with("Please CLICK"), [(7, 8, What::Click)]);
        assert_eq!(with("You must not wait. Click"), [(7, 20, What::Click)]);
        assert_eq!(with("고객 17,551명")[0], (7, 4, What::Number));
        assert_eq!(with("{{ items }} 3일"), [(7, 13, What::Number)]);
        assert_eq!(with("안내 — 끝"), [(7, 4, What::NoCode { stand_in: Some("-") })]);
        assert_eq!(with("฿"), [(7, 1, What::NoCode { stand_in: None })]);
        let unknown = What::Unfillable { variable: "nick".to_owned() };
        let unfilled = NotifyError::Template { line: 7, why: "a variable has no value" };
        assert_eq!(with("{{ nick }}"), [(0, 0, unknown), (0, 0, What::Sample(unfilled))]);
    }

    #[test]
    fn faults_of_the_whole_text_are_given_together() {
        let mut rules = rules();
        rules.sender = "01012345678".to_owned();
        rules.bytes_max = encode::SMS_BYTES;
        let found = faults(&GOOD_KO.replace("{{ phone }}", "대표번호"), &rules);
        let what: Vec<&str> = found.iter().map(|(_, _, what)| what.code()).collect();
        assert_eq!(what, ["lint.missing", "lint.sender", "lint.too-long"]);
        assert_eq!(found[0].2, What::Missing { item: "kr-phone".to_owned() });
        let by_phrase = faults(&GOOD_KO.replace("{{ phone }}", "«phone»"), &super::tests::rules());
        assert!(!by_phrase.iter().any(|(_, _, what)| what.code() == "lint.missing"));
    }

    #[test]
    fn a_link_that_comes_by_a_variable_is_found_too() {
        let template = Template::parse(GOOD_KO, Language::Ko).unwrap();
        let found = lint(&template, &rules(), sample("https://evil.example"));
        assert_eq!(found, [Fault { line: 0, column: 0, what: What::Link }]);
        assert_eq!(found[0].to_string(), "a link: people are told never to follow one");
    }
}
