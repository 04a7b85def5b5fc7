//! Why a duty is due, is not, or is not decided, in plain Korean and English.
//!
//! The sentences are built from the statements that decided the answer, so they can say nothing
//! that the evaluation did not do. They hold counts, days, ids of kinds and words of the table:
//! nothing of any person.

use doldam_ground::deadline::Day;
use doldam_ground::locale::Language;

use super::evaluate::{Case, Judgement, Reason, deciding_date};
use super::name::FactName;
use super::rule::Rule;
use super::table::RuleTable;
use super::trigger::Atom;
use super::truth::Truth;
use super::value::{Comparison, Count};
use super::view::View;
use crate::clock::Length;
use crate::words::{Bilingual, Status, Word};

/// Why `rule` was judged so.
pub(super) fn explanation(
    table: &RuleTable,
    rule: &Rule,
    view: View<'_>,
    judgement: &Judgement<'_>,
) -> Bilingual {
    let teller = |language| Teller { language, table, rule, view, judgement }.tell();
    Bilingual { ko: teller(Language::Ko), en: teller(Language::En) }
}

/// Picks the text in the language.
const fn say<'s>(language: Language, ko: &'s str, en: &'s str) -> &'s str {
    match language {
        Language::Ko => ko,
        Language::En => en,
    }
}

struct Teller<'a, 'c, 't> {
    language: Language,
    table: &'t RuleTable,
    rule: &'a Rule,
    view: View<'c>,
    judgement: &'a Judgement<'t>,
}

impl Teller<'_, '_, '_> {
    fn say<'s>(&self, ko: &'s str, en: &'s str) -> &'s str {
        say(self.language, ko, en)
    }

    fn tell(&self) -> String {
        let title = self.rule.title.get(self.language);
        let verdict = match self.judgement.truth {
            Truth::True => self.say("해당합니다", "due"),
            Truth::False => self.say("해당하지 않습니다", "not due"),
            Truth::Unknown => self.say("아직 정할 수 없습니다", "not decided"),
        };
        let mut sentences = vec![format!("{title}: {verdict}."), self.why(), self.text()];
        if self.judgement.truth != Truth::False {
            sentences.push(format!(
                "{}: {}.",
                self.say("기한", "By when"),
                deadline(self.rule, self.language)
            ));
            sentences.push(format!(
                "{}: {}.",
                self.say("받는 곳", "To"),
                recipients(self.rule, self.language)
            ));
        }
        let sure = self.rule.verified.label(self.language);
        sentences.push(format!("{}: {sure}.", self.say("이 행의 확실성", "How sure this row is")));
        if self.rule.status == Status::Proposed {
            let status = Status::Proposed.label(self.language);
            sentences.push(format!("{}: {status}.", self.say("상태", "Status")));
        }
        sentences.join(" ")
    }

    fn why(&self) -> String {
        let (head, reason) = match (self.judgement.truth, self.judgement.reason) {
            (Truth::Unknown, _) => (self.say("먼저 답할 것", "To be answered first"), self.needs()),
            (_, Reason::Role) => (self.say("까닭", "Why"), self.binds_others()),
            (_, Reason::Text) => (self.say("까닭", "Why"), self.other_text()),
            (_, Reason::Facts) => (self.say("까닭", "Why"), self.statements()),
        };
        format!("{head}: {reason}.")
    }

    fn needs(&self) -> String {
        let labels = self.judgement.needs.iter().map(|need| need.label(self.language));
        labels.collect::<Vec<_>>().join("; ")
    }

    fn binds_others(&self) -> String {
        let roles: Vec<&str> =
            self.rule.roles.iter().map(|role| role.label(self.language)).collect();
        let roles = roles.join(", ");
        match self.language {
            Language::Ko => format!("이 의무를 지는 역할({roles})이 아님"),
            Language::En => format!("it binds others ({roles})"),
        }
    }

    fn other_text(&self) -> String {
        let by = self.rule.applies_by.label(self.language);
        let date = deciding_date(self.rule, self.view);
        let zone = &self.rule.clock.zone;
        let day = |instant| zone.day_of(instant).to_string();
        let span = match (date.earliest().map(day), date.latest().map(day)) {
            (Some(first), Some(last)) if first == last => first,
            (first, last) => format!("{}–{}", first.unwrap_or_default(), last.unwrap_or_default()),
        };
        match self.language {
            Language::Ko => format!("이 조문은 {by}을 기준으로 하는데 그날은 {span}임"),
            Language::En => format!("this text goes by {by}, which was {span}"),
        }
    }

    fn statements(&self) -> String {
        let zone = &self.rule.clock.zone;
        let case = Case { table: self.table, view: self.view, zone, role: self.judgement.role };
        let tell = |atom: &&Atom| statement(&case, atom, self.language);
        self.judgement.decisive.iter().map(tell).collect::<Vec<_>>().join("; ")
    }

    fn text(&self) -> String {
        let rule = self.rule;
        let span = validity(rule.valid_from, rule.valid_to);
        let by = rule.applies_by.label(self.language);
        let (text, article) = (&rule.instrument, &rule.article);
        match self.language {
            Language::Ko => format!("근거: {text} {article} ({span}, {by} 기준)."),
            Language::En => format!("Source: {text} {article} ({span}, by {by})."),
        }
    }
}

fn validity(from: Day, to: Option<Day>) -> String {
    to.map_or_else(|| format!("{from}–"), |to| format!("{from}–{to}"))
}

/// One statement with what is known of it: `persons hit: 17,551 (limit ≥ 1,000)`.
fn statement(case: &Case<'_, '_>, atom: &Atom, language: Language) -> String {
    let yes_no = |label: String| format!("{label}: {}", truth(case.holds(atom), language));
    match atom {
        Atom::Always => say(language, "언제나", "always").into(),
        Atom::Flag(flag) => yes_no(flag.label(language).into()),
        Atom::State(name, _) => {
            let state = case.view.facts().states.get(name);
            let value =
                state.map_or(truth(Truth::Unknown, language), |state| state.label(language));
            format!("{}: {value}", name.label(language))
        }
        Atom::Number(name, comparison, limit) => {
            number(case.number(name), name, (*comparison, *limit), language)
        }
        Atom::HasKind(set, kind) => {
            let name = match language {
                Language::Ko => &kind.entry().name_ko,
                Language::En => &kind.entry().name_en,
            };
            yes_no(format!("{} – {name}", set.label(language)))
        }
        Atom::Role(role) => yes_no(FactName::Role(*role).label(language)),
        Atom::Date(name, comparison, day) => {
            yes_no(format!("{} {} {day}", name.label(language), comparison.sign()))
        }
        Atom::LocalTime(from, to) => {
            let time = |minute: &u16| format!("{:02}:{:02}", minute / 60, minute % 60);
            yes_no(format!("{} {}–{}", FactName::LocalTime.label(language), time(from), time(to)))
        }
        Atom::UsPi(region) => yes_no(FactName::UsPi(region.clone()).label(language)),
        Atom::SubjectTo(region) => yes_no(FactName::SubjectTo(region.clone()).label(language)),
        Atom::NoticeDue(id) => yes_no(match case.table.rule(id) {
            Some(rule) => rule.title.get(language).to_owned(),
            None => id.clone(),
        }),
    }
}

fn truth(truth: Truth, language: Language) -> &'static str {
    match truth {
        Truth::True => say(language, "예", "yes"),
        Truth::False => say(language, "아니요", "no"),
        Truth::Unknown => say(language, "모름", "not known"),
    }
}

fn number(count: Count, name: &FactName, limit: (Comparison, u64), language: Language) -> String {
    let value = match (count.low(), count.high()) {
        (low, Some(high)) if low == high => grouped(low),
        (low, Some(high)) => format!("{}–{}", grouped(low), grouped(high)),
        (0, None) => truth(Truth::Unknown, language).to_owned(),
        (low, None) => format!("≥ {}", grouped(low)),
    };
    let (comparison, limit) = (limit.0.sign(), grouped(limit.1));
    let head = say(language, "기준", "limit");
    format!("{}: {value} ({head} {comparison} {limit})", name.label(language))
}

/// A number with its thousands apart: `17,551`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let comma = |place: usize| place > 0 && (digits.len() - place).is_multiple_of(3);
    let grouped = digits
        .char_indices()
        .flat_map(|(place, digit)| comma(place).then_some(',').into_iter().chain([digit]));
    grouped.collect()
}

/// By when, in a few words: `72 hours from when the leak became known`.
fn deadline(rule: &Rule, language: Language) -> String {
    let clock = &rule.clock;
    let start = clock.start.label(language);
    let (count, unit) = match clock.length {
        Length::Unnumbered => (0, ""),
        Length::Hours(hours) => (hours, say(language, "시간", "hours")),
        Length::Days(days) => (days, say(language, "일", "days")),
        Length::BusinessDays(days) => (days, say(language, "영업일", "business days")),
        Length::Months(months) => (months, say(language, "개월", "months")),
    };
    let word = clock.word.map(|word| word.label(language));
    let time = match (count, word, language) {
        (0, None, _) => say(language, "정해진 때 없음", "no set time").to_owned(),
        (0, Some(word), Language::Ko) => format!("{word}(기준: {start})"),
        (0, Some(word), Language::En) => format!("{word}, from {start}"),
        (count, None, Language::Ko) => format!("{start}부터 {count}{unit}"),
        (count, None, Language::En) => format!("{count} {unit} from {start}"),
        (count, Some(word), Language::Ko) => format!("{word}, 늦어도 {start}부터 {count}{unit}"),
        (count, Some(word), Language::En) => {
            format!("{word}, at most {count} {unit} from {start}")
        }
    };
    match (clock.suggested_hours, language) {
        (0, _) => time,
        (hours, Language::Ko) => format!("{time}, 우리 경보 {hours}시간(법이 정한 수가 아님)"),
        (hours, Language::En) => format!("{time}; our own alarm after {hours} hours, not law"),
    }
}

fn recipients(rule: &Rule, language: Language) -> String {
    let either = say(language, " 또는 ", " or ");
    let names = rule.recipients.iter().map(|entry| {
        entry.iter().map(|recipient| recipient.label(language)).collect::<Vec<_>>().join(either)
    });
    names.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duty::Facts;
    use doldam_ground::Instant;

    fn explained(answers: &[(&str, &str)], rule: &str) -> (String, String) {
        let mut facts = Facts::new();
        for (name, value) in answers {
            facts.answer(name, value).unwrap();
        }
        let table = RuleTable::built_in();
        let at = Instant::parse("2026-07-01", "Asia/Seoul").unwrap();
        let duty = table.evaluate_rule(table.rule(rule).unwrap(), &facts, at);
        (duty.explain(Language::Ko).to_owned(), duty.explain(Language::En).to_owned())
    }

    const SEED: &[(&str, &str)] = &[
        ("role(controller)", "yes"),
        ("role(recipient)", "no"),
        ("role(processor)", "no"),
        ("subject_to(KR)", "yes"),
        ("certainty", "confirmed"),
        ("event", "leak"),
        ("subjects", "17551"),
        ("aware_at", "2026-06-30T00:00:00+09:00"),
    ];

    #[test]
    fn a_report_that_is_due_says_so_in_both_languages() {
        let (ko, en) = explained(SEED, "kr-pipa-report-2023");
        assert_eq!(
            en,
            "Report the leak to PIPC or KISA: due. Why: the law of KR governs us: yes; how certain \
             the leak is: confirmed; what happened: leak; persons hit: 17,551 (limit ≥ 1,000); path \
             found and data recalled or deleted, harm markedly unlikely (shown by evidence): no. \
             Source: PIPA; PIPA Decree; Standard Privacy Guideline 34(3) (old numbering); ED 40; \
             Guideline 28 (2023-09-15–2026-09-10, by the day of knowing). By when: 72 hours from \
             when the leak became known. To: PIPC or KISA. How sure this row is: read in the text of \
             the law."
        );
        assert!(ko.contains("해당합니다. 까닭: KR 법의 적용을 받음: 예;"), "{ko}");
        assert!(ko.contains("유출된 사람 수: 17,551 (기준 ≥ 1,000)"), "{ko}");
        assert!(ko.contains("기한: 유출을 알게 된 때부터 72시간."), "{ko}");
        assert!(ko.contains("받는 곳: 개인정보보호위원회 또는 한국인터넷진흥원."), "{ko}");
    }

    #[test]
    fn a_text_that_does_not_apply_says_by_which_day() {
        let (ko, en) = explained(SEED, "kr-pipa-notice-2026");
        assert!(
            en.contains(
                "not due. Why: this text goes by the day of knowing, which was 2026-06-30."
            ),
            "{en}"
        );
        assert!(ko.contains("알게 된 날을 기준으로 하는데 그날은 2026-06-30임"), "{ko}");
    }

    #[test]
    fn an_open_question_is_asked() {
        let (ko, en) = explained(SEED, "kr-pipa-posting-2023");
        assert!(
            en.contains("not decided. To be answered first: some persons cannot be reached."),
            "{en}"
        );
        assert!(ko.contains("먼저 답할 것: 연락처를 모르는 사람이 있음."), "{ko}");
        let (_, en) = explained(SEED, "us-sec-8k-105");
        assert!(
            en.contains("To be answered first: acts as company registered with the SEC;"),
            "{en}"
        );
    }

    #[test]
    fn a_duty_of_others_says_whose() {
        let (_, en) = explained(SEED, "kr-pipa-subprocessing");
        assert!(en.contains("Why: it binds others (processor)."), "{en}");
    }

    #[test]
    fn thousands_stand_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (33_700_000, "33,700,000")]
        {
            assert_eq!(grouped(number), text);
        }
    }
}
