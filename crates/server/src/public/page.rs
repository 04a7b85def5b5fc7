//! The pages as text. A letter, not an app: headings, paragraphs, a number to call.
//!
//! No script, no cookie, nothing from elsewhere, and nothing to type into: a page about a leak is the
//! first thing that a forger copies, and the true one must be the one that asks for nothing. Plain
//! colours stand before each custom property, for browsers that know none.

use askama::Template;
use doldam_ground::locale::Language;
use doldam_response::posting::{Letter, Section};
use doldam_response::spoken;

use crate::problem::Problem;

/// The look of all public pages.
pub(crate) const STYLE: &str = include_str!("../../templates/style.css");

#[derive(Template)]
#[template(path = "notice.html")]
struct Notice<'l> {
    style: &'static str,
    first: Part<'l>,
    others: Vec<Part<'l>>,
    telephone: &'l str,
    posted_on: String,
    until: String,
}

/// A letter in one language.
struct Part<'l> {
    lang: &'static str,
    title: &'l str,
    company: &'l str,
    department: &'l str,
    sections: &'l [Section],
    posted_on: String,
    until: String,
    posted: &'static str,
    stands: &'static str,
    read_here: &'static str,
    call: &'static str,
    ask: &'static str,
    nothing_kept: &'static str,
    all: &'static str,
}

/// The page of a letter: the language of most readers first, the others beside it.
pub(crate) fn notice(letter: &Letter) -> Result<String, Problem> {
    let mut parts = letter.words.iter().map(|(language, words)| {
        let frame = frame(*language);
        Part {
            lang: language.code(),
            title: &words.title,
            company: letter.company.name.get(*language),
            department: letter.company.department.get(*language),
            sections: &words.sections,
            posted_on: spoken::day(letter.posted_on, *language),
            until: spoken::day(letter.until, *language),
            ..frame
        }
    });
    let first = parts.next().ok_or_else(|| Problem::internal("a notice without words"))?;
    render(&Notice {
        style: STYLE,
        first,
        others: parts.collect(),
        telephone: &letter.company.telephone,
        posted_on: letter.posted_on.to_string(),
        until: letter.until.to_string(),
    })
}

fn frame(language: Language) -> Part<'static> {
    let blank = Part {
        lang: "",
        title: "",
        company: "",
        department: "",
        sections: &[],
        posted_on: String::new(),
        until: String::new(),
        posted: "게시한 날:",
        stands: "적어도 이날까지 둡니다:",
        read_here: "한국어로 읽기",
        call: "물어보실 곳",
        ask: "연락처를 알 수 없거나 개별 안내를 받지 못하신 분을 위해 여기에 게시합니다. \
              해당하는지는 전화로 물어보실 수 있습니다.",
        nothing_kept: "이 페이지는 아무것도 입력받지 않으며, 누가 읽었는지 남기지 않습니다.",
        all: "모든 안내",
    };
    match language {
        Language::Ko => blank,
        Language::En => Part {
            posted: "Put up on",
            stands: "Stands here at least until",
            read_here: "Read in English",
            call: "Whom to call",
            ask: "This page is for people whose address we do not know or whom our message did \
                  not reach. Call to ask whether it is about you.",
            nothing_kept: "This page asks you for nothing and does not keep who read it.",
            all: "All notices",
            ..blank
        },
    }
}

/// A notice in the list.
pub(crate) struct Entry {
    /// The last part of its address.
    pub(crate) slug: String,
    /// Its heading in Korean.
    pub(crate) korean: String,
    /// Its heading in English.
    pub(crate) english: String,
    /// The day on which it was put up.
    pub(crate) day: String,
    /// The same, spoken.
    pub(crate) korean_day: String,
    /// The same, spoken.
    pub(crate) english_day: String,
}

#[derive(Template)]
#[template(path = "notices.html")]
struct Notices<'l> {
    style: &'static str,
    rows: &'l [&'l Entry],
}

/// The list of the notices that stand.
pub(crate) fn notices(rows: &[&Entry]) -> Result<String, Problem> {
    render(&Notices { style: STYLE, rows })
}

#[derive(Template)]
#[template(path = "without.html")]
struct Without {
    style: &'static str,
    korean: &'static str,
    english: &'static str,
}

/// What is said where a notice was taken down.
pub(crate) fn over() -> Result<String, Problem> {
    let korean = "이 안내는 게시 기간이 끝나 내렸습니다.";
    let english = "This notice was taken down after its time was over.";
    render(&Without { style: STYLE, korean, english })
}

/// What is said where there never was one.
pub(crate) fn nothing() -> Result<String, Problem> {
    let korean = "이 주소에는 안내가 없습니다.";
    let english = "There is no notice at this address.";
    render(&Without { style: STYLE, korean, english })
}

fn render(page: &impl Template) -> Result<String, Problem> {
    page.render().map_err(|_| Problem::internal("a page cannot be written"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(colour: &str) -> f64 {
        let channel = |place: usize| {
            let value = u8::from_str_radix(&colour[place..place + 2], 16).unwrap();
            let share = f64::from(value) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    /// Source: WCAG 2.2, 1.4.3.
    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        one.max(other) / one.min(other)
    }

    #[test]
    fn the_colours_are_those_of_the_look_and_can_be_read() {
        let token = |scheme: &str, name: &str| {
            let text = scheme.split(&format!("--{name}:")).nth(1).unwrap();
            text[..7].to_owned()
        };
        let (light, dark) = STYLE.split_once("@media (prefers-color-scheme:dark)").unwrap();
        for scheme in [light, dark] {
            for (ink, surface) in [
                ("ink-1", "surface-0"),
                ("ink-2", "surface-0"),
                ("accent", "surface-0"),
                ("ink-1", "surface-1"),
                ("accent", "surface-1"),
            ] {
                let ratio = contrast(&token(scheme, ink), &token(scheme, surface));
                assert!(ratio >= 4.5, "{ink} on {surface}: {ratio}");
            }
        }
        let names = ["surface-0", "surface-1", "ink-1", "ink-2", "joint", "accent"];
        let tokens = |scheme: &str| names.map(|name| token(scheme, name));
        let seen = ["#FBFAF7", "#F4F2EC", "#1C1B18", "#4A4740", "#C9C4B6", "#1B665C"];
        assert_eq!(tokens(light), seen);
        let seen = ["#141517", "#1B1D20", "#ECEAE4", "#BDB9AF", "#34373B", "#6CC5B5"];
        assert_eq!(tokens(dark), seen);
        // A browser that knows no custom property sees the plain colour before it.
        for part in STYLE.split("var(--").skip(1) {
            let name = part.split(')').next().unwrap();
            assert!(STYLE.contains(&token(light, name)), "{name}");
        }
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
    }
}
