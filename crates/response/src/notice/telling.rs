//! What a notice tells and by which template: the row of its duty decides, not whoever writes it.

use doldam_ground::locale::Language;

use super::Stage;
use crate::audience::{Audience, POSSIBILITY};
use crate::duty::Rule;
use crate::error::ResponseError;
use crate::words::Form;

/// What a notice tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Telling {
    /// A leak that is certain.
    Leak(Stage),
    /// One that may have been (PIPA 34(2), in force since 2026-09-11).
    Possibility,
    /// That what may have been was not (PIPA Decree 39-3(3)).
    Retraction,
}

impl Telling {
    /// What the notice of a duty tells. Refused for a duty that is no notice to persons of an
    /// incident, and for a supplement where there is none.
    pub(super) fn of(rule: &Rule, stage: Stage) -> Result<Self, ResponseError> {
        let audience = Audience::of(rule).filter(|_| rule.form == Form::Notice);
        let telling = match audience {
            Some(Audience::Hit) => Self::Leak(stage),
            Some(Audience::Touched) => Self::Possibility,
            Some(Audience::Warned) => Self::Retraction,
            None => {
                return Err(ResponseError::Refused(
                    "that duty is not a notice to the people who are hit",
                ));
            }
        };
        if stage == Stage::Supplement && !matches!(telling, Self::Leak(_)) {
            return Err(ResponseError::Refused(
                "only the notice of a certain leak is supplemented",
            ));
        }
        Ok(telling)
    }

    /// The word in the ledger: a person is told once in each stage.
    pub(super) const fn stage(self) -> &'static str {
        match self {
            Self::Leak(stage) => stage.code(),
            Self::Possibility => POSSIBILITY,
            Self::Retraction => "retraction",
        }
    }

    /// The name of its template.
    pub(super) const fn template(self) -> &'static str {
        match self {
            Self::Leak(_) => "leak_confirmed",
            Self::Possibility => "leak_possible",
            Self::Retraction => "leak_retracted",
        }
    }

    /// The template's text.
    pub(super) const fn source(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Leak(_), Language::Ko) => include_str!("../../templates/ko/leak_confirmed.txt"),
            (Self::Leak(_), Language::En) => include_str!("../../templates/en/leak_confirmed.txt"),
            (Self::Possibility, Language::Ko) => {
                include_str!("../../templates/ko/leak_possible.txt")
            }
            (Self::Possibility, Language::En) => {
                include_str!("../../templates/en/leak_possible.txt")
            }
            (Self::Retraction, Language::Ko) => {
                include_str!("../../templates/ko/leak_retracted.txt")
            }
            (Self::Retraction, Language::En) => {
                include_str!("../../templates/en/leak_retracted.txt")
            }
        }
    }
}
