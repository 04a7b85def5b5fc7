//! The kind table: parsed once from the text that is compiled in, and checked while parsing.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::check::Check;
use super::normalise::Normaliser;

/// What a processor gets in place of a value of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PseudonymShape {
    /// Digits of the length of a bank account, in a range that no bank uses.
    Account,
    /// Digits of the length of a card, with a wrong check digit.
    Card,
    /// 88 base64 characters.
    Ci,
    /// 64 base64 characters.
    Di,
    /// An address under the reserved domain `.invalid` (RFC 2606).
    Email,
    /// Two words and a suffix.
    Nickname,
    /// The kind is never given out.
    None,
    /// Digits that cannot be dialled.
    Phone,
    /// 32 base64url characters.
    Short,
}

/// One kind of personal data.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindEntry {
    /// The word in headers, flags and JSON.
    pub id: String,
    /// The stored number; never reused.
    pub number: u8,
    /// How two spellings become one value.
    pub normalise: Normaliser,
    /// What a normalised value must satisfy.
    pub check: Check,
    /// What a processor gets instead.
    pub pseudonym: PseudonymShape,
    /// Order in which a re-import recognises a person by this kind; 0 for never.
    pub identifies: u8,
    /// Column names under which the kind is met, in lower case.
    pub headers: Vec<String>,
    /// The Korean name.
    pub name_ko: String,
    /// The English name.
    pub name_en: String,
    /// Legal classes in Korea.
    pub class_kr: Vec<String>,
    /// Legal classes in the European Union and the United Kingdom.
    pub class_eu: Vec<String>,
    /// Legal classes in the United States.
    pub class_us: Vec<String>,
    /// Legal classes in Japan.
    pub class_jp: Vec<String>,
    /// Legal classes in Singapore.
    pub class_sg: Vec<String>,
    /// Whether the person can change the value: yes, hard or no.
    pub changeable: String,
    /// How sure the Korean class is: read, secondary or memory.
    pub verified: String,
    /// What it is, in Korean.
    pub what_ko: String,
    /// What it is, in English.
    pub what_en: String,
    /// What it cannot do alone, in Korean.
    pub alone_ko: String,
    /// What it cannot do alone, in English.
    pub alone_en: String,
    /// What to do if it leaked, in Korean.
    pub if_leaked_ko: String,
    /// What to do if it leaked, in English.
    pub if_leaked_en: String,
}

#[derive(Deserialize)]
struct Document {
    kind: Vec<KindEntry>,
}

struct Table {
    entries: Vec<KindEntry>,
    by_number: [Option<usize>; 256],
    by_header: HashMap<String, u8>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let document: Document =
            toml::from_str(include_str!("kinds.toml")).expect("kinds.toml is tested to parse");
        index(document.kind)
    })
}

fn index(mut entries: Vec<KindEntry>) -> Table {
    entries.sort_by_key(|entry| entry.number);
    let mut by_number = [None; 256];
    let mut by_header = HashMap::new();
    for (position, entry) in entries.iter().enumerate() {
        let before = by_number[usize::from(entry.number)].replace(position);
        assert!(before.is_none(), "two kinds have number {}", entry.number);
        for header in entry.headers.iter().chain([&entry.id]) {
            let before = by_header.insert(header.clone(), entry.number);
            assert!(before.is_none_or(|number| number == entry.number), "header {header} twice");
        }
    }
    Table { entries, by_number, by_header }
}

/// All entries, by number.
pub(super) fn all() -> &'static [KindEntry] {
    &table().entries
}

/// The entry with this number.
pub(super) fn by_number(number: u8) -> Option<&'static KindEntry> {
    let table = table();
    table.by_number[usize::from(number)].map(|position| &table.entries[position])
}

/// The number of the kind that a column header names.
pub(super) fn by_header(header: &str) -> Option<u8> {
    let header = header.trim_start_matches('\u{feff}').trim().to_lowercase();
    table().by_header.get(&header).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_sentences_in_both_languages() {
        assert!(all().len() >= 37);
        for entry in all() {
            for text in [
                &entry.name_ko,
                &entry.name_en,
                &entry.what_ko,
                &entry.what_en,
                &entry.alone_ko,
                &entry.alone_en,
                &entry.if_leaked_ko,
                &entry.if_leaked_en,
            ] {
                assert!(!text.is_empty(), "{}", entry.id);
            }
        }
    }

    #[test]
    fn a_person_is_recognised_by_ci_before_anything_else() {
        let mut order: Vec<_> = all().iter().filter(|entry| entry.identifies > 0).collect();
        order.sort_by_key(|entry| entry.identifies);
        let ids: Vec<_> = order.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(ids, ["ci", "customer_id", "di"]);
    }
}
