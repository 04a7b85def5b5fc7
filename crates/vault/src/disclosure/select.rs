//! Choosing subjects for a disclosure.

use std::str::FromStr;

use doldam_ground::ids::Ordinal;
use doldam_ground::locale::Language;
use doldam_store::subject;

use crate::error::VaultError;
use crate::vault::Vault;

/// Which subjects are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Everybody.
    All,
    /// Those whose notices are in a language: `language=ko`.
    Language(Language),
    /// The first so many by time of enrolment: `first:1000`.
    First(usize),
    /// So many, chosen evenly and the same each time: `sample:1000`, `sample:1000:7` for another.
    Sample(usize, u64),
}

impl FromStr for Filter {
    type Err = VaultError;

    fn from_str(text: &str) -> Result<Self, VaultError> {
        const REFUSED: VaultError = VaultError::Invalid(
            "not a filter: write all, language=ko, first:1000, sample:1000 or sample:1000:7, or name a file of subjects",
        );
        if text == "all" {
            return Ok(Self::All);
        }
        if let Some(language) = text.strip_prefix("language=") {
            return language.parse().map(Self::Language).map_err(|_| REFUSED);
        }
        if let Some(count) = text.strip_prefix("first:") {
            return count.parse().map(Self::First).map_err(|_| REFUSED);
        }
        let Some(rest) = text.strip_prefix("sample:") else { return Err(REFUSED) };
        let (count, seed) = rest.split_once(':').unwrap_or((rest, "0"));
        match (count.parse(), seed.parse()) {
            (Ok(count), Ok(seed)) => Ok(Self::Sample(count, seed)),
            _ => Err(REFUSED),
        }
    }
}

impl Vault {
    /// The ordinals that a filter selects, ascending.
    pub fn select(&self, filter: Filter) -> Result<Vec<Ordinal>, VaultError> {
        let language = match filter {
            Filter::Language(language) => Some(language.code()),
            _ => None,
        };
        let mut selected = self.read("subject.select", |tx| subject::select(tx, language))?;
        match filter {
            Filter::All | Filter::Language(_) => {}
            Filter::First(count) => selected.truncate(count),
            Filter::Sample(count, seed) => {
                // A keyed hash of the ordinal is a fixed random rank.
                let rank = |ordinal: &Ordinal| {
                    let mut hasher = blake3::Hasher::new();
                    hasher.update(&seed.to_be_bytes());
                    hasher.update(&ordinal.number().to_be_bytes());
                    *hasher.finalize().as_bytes()
                };
                selected.sort_by_cached_key(rank);
                selected.truncate(count);
                selected.sort_unstable();
            }
        }
        Ok(selected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_read_or_refused() {
        assert_eq!("all".parse::<Filter>().ok(), Some(Filter::All));
        assert_eq!("sample:10:3".parse::<Filter>().ok(), Some(Filter::Sample(10, 3)));
        assert_eq!("language=en".parse::<Filter>().ok(), Some(Filter::Language(Language::En)));
        for wrong in ["", "everyone", "sample:x", "first:", "language=tlh"] {
            assert!(wrong.parse::<Filter>().is_err(), "{wrong}");
        }
    }
}
