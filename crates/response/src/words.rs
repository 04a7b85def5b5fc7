//! The vocabularies of the legal tables, as closed sets.
//!
//! A table that is data invites the misspelt word that silently never matches. So every word of
//! every table is a value of an enum here, an unknown one stops the table from loading, and each
//! has a name in every language in `rules/words.toml` (a test holds the two together).

mod fact;
mod law;

use std::collections::HashMap;
use std::sync::OnceLock;

use doldam_ground::locale::Language;

pub use fact::{
    Certainty, CourtOrder, DateName, Event, Flag, KindSetName, Mediation, MessageChannel,
    NumberName, Order, Path, PossibleReason, Relation, Request, Risk, Role, StateName, UserClaim,
};
pub use law::{
    AppliesBy, Channel, ClockWord, EvidenceKind, Form, Recipient, StartEvent, Status, Unit,
    Verified,
};

/// A text in every language of the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bilingual {
    /// The Korean text.
    pub ko: String,
    /// The English text.
    pub en: String,
}

impl Bilingual {
    /// The text in `language`.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Ko => &self.ko,
            Language::En => &self.en,
        }
    }
}

/// A word of a closed vocabulary.
pub trait Word: Copy + Ord + 'static {
    /// The vocabulary's name in `rules/words.toml`.
    const VOCABULARY: &'static str;

    /// All words, in the order of the table.
    const ALL: &'static [Self];

    /// The word as the tables spell it.
    fn id(self) -> &'static str;

    /// The word that the tables spell so.
    fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| word.id() == id)
    }

    /// What it is called on screens and in documents.
    fn label(self, language: Language) -> &'static str {
        label(Self::VOCABULARY, self.id(), language)
    }
}

type Vocabulary = HashMap<String, Bilingual>;

fn table() -> &'static HashMap<String, Vocabulary> {
    static TABLE: OnceLock<HashMap<String, Vocabulary>> = OnceLock::new();
    TABLE.get_or_init(|| {
        read(include_str!("../rules/words.toml")).expect("words.toml is tested to be well formed")
    })
}

fn read(text: &str) -> Option<HashMap<String, Vocabulary>> {
    let document: toml::Table = text.parse().ok()?;
    document.iter().map(|(name, words)| Some((name.clone(), vocabulary(words)?))).collect()
}

fn vocabulary(words: &toml::Value) -> Option<Vocabulary> {
    words.as_table()?.iter().map(|(id, names)| Some((id.clone(), bilingual(names)?))).collect()
}

fn bilingual(names: &toml::Value) -> Option<Bilingual> {
    match names.as_array()?.as_slice() {
        [ko, en] => Some(Bilingual { ko: ko.as_str()?.into(), en: en.as_str()?.into() }),
        _ => None,
    }
}

fn label(vocabulary: &str, id: &'static str, language: Language) -> &'static str {
    let names = table().get(vocabulary).and_then(|words| words.get(id));
    names.map_or(id, |names| names.get(language))
}

/// Declares a closed vocabulary: an enum whose words are spelt as the tables spell them.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident in $vocabulary:literal { $($word:ident = $id:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = concat!("Spelt `", $id, "`; its name stands in `rules/words.toml`.")] $word,)+
        }

        impl $crate::words::Word for $name {
            const VOCABULARY: &'static str = $vocabulary;
            const ALL: &'static [Self] = &[$(Self::$word),+];

            fn id(self) -> &'static str {
                match self {
                    $(Self::$word => $id,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str($crate::words::Word::id(*self))
            }
        }

        impl doldam_ground::LogSafe for $name {}
    };
}
pub(crate) use words;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn check<W: Word>(seen: &mut BTreeSet<&'static str>) {
        let words = table().get(W::VOCABULARY).expect(W::VOCABULARY);
        let known: BTreeSet<&str> = W::ALL.iter().map(|word| word.id()).collect();
        let named: BTreeSet<&str> = words.keys().map(String::as_str).collect();
        assert_eq!(known, named, "{}", W::VOCABULARY);
        for word in W::ALL {
            assert_eq!(W::from_id(word.id()).map(Word::id), Some(word.id()));
            assert!(!word.label(Language::Ko).is_empty() && !word.label(Language::En).is_empty());
        }
        assert!(W::from_id("no such word").is_none());
        seen.insert(W::VOCABULARY);
    }

    #[test]
    fn every_word_has_a_name_in_both_languages_and_no_name_is_left_over() {
        let mut seen = BTreeSet::new();
        check::<Form>(&mut seen);
        check::<AppliesBy>(&mut seen);
        check::<Status>(&mut seen);
        check::<Verified>(&mut seen);
        check::<Role>(&mut seen);
        check::<NumberName>(&mut seen);
        check::<KindSetName>(&mut seen);
        check::<StateName>(&mut seen);
        check::<Certainty>(&mut seen);
        check::<PossibleReason>(&mut seen);
        check::<Event>(&mut seen);
        check::<Path>(&mut seen);
        check::<Relation>(&mut seen);
        check::<Risk>(&mut seen);
        check::<MessageChannel>(&mut seen);
        check::<Request>(&mut seen);
        check::<Mediation>(&mut seen);
        check::<Order>(&mut seen);
        check::<CourtOrder>(&mut seen);
        check::<UserClaim>(&mut seen);
        check::<Flag>(&mut seen);
        check::<DateName>(&mut seen);
        check::<StartEvent>(&mut seen);
        check::<ClockWord>(&mut seen);
        check::<Recipient>(&mut seen);
        check::<Channel>(&mut seen);
        check::<EvidenceKind>(&mut seen);
        check::<Unit>(&mut seen);
        check::<crate::duty::ItemUse>(&mut seen);
        check::<crate::duty::ControlGroup>(&mut seen);
        check::<crate::duty::ControlEvidence>(&mut seen);
        check::<crate::duty::Severity>(&mut seen);
        check::<crate::duty::ControlBasis>(&mut seen);
        let all: BTreeSet<&str> = table().keys().map(String::as_str).collect();
        assert_eq!(all, seen);
    }

    #[test]
    fn a_vocabulary_that_is_not_pairs_of_names_is_refused() {
        for text in ["form = 1", "[form]\nnotice = []", "[form]\nnotice = [1, 2]", "["] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
