//! What a notice, a report or a record must say, in plain words.

use std::collections::BTreeMap;

use crate::error::ResponseError;
use crate::row::{document, rows};
use crate::words::{Bilingual, words};

words! {
    /// Where a content item belongs.
    ItemUse in "item_use" {
        Notice = "notice",
        Report = "report",
        Reply = "reply",
        Record = "record",
        Contract = "contract",
        Style = "style",
        MustNot = "must_not",
    }
}

/// A content item of `rules/items.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The word by which rows name it.
    pub id: String,
    /// Where it belongs.
    pub used_in: ItemUse,
    /// What it asks for.
    pub text: Bilingual,
}

const TABLE: &str = "items.toml";

/// The items by id.
pub(super) fn parse(text: &str) -> Result<BTreeMap<String, Item>, ResponseError> {
    let document = document(TABLE, text, &["item"])?;
    let mut items = BTreeMap::new();
    for mut row in rows(TABLE, &document, "item")? {
        let item = Item {
            id: row.filled("id")?.to_owned(),
            used_in: row.word("use")?,
            text: row.bilingual("ko", "en")?,
        };
        let twice = row.wrong("id", "stands twice");
        row.finish()?;
        if items.insert(item.id.clone(), item).is_some() {
            return Err(twice);
        }
    }
    Ok(items)
}
