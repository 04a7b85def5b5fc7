//! The columns that a table of synthetic people can have.

use doldam_ground::Kind;

use crate::error::SyntheticError;

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident = $id:literal),+ $(,)?) => {
        /// A column: a kind of ground's table, or the person's language.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Column {
            $($(#[$doc])* $name),+
        }

        impl Column {
            /// All columns, in the order of a full table.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The word in a header: the id of the kind in ground's table, or `language`.
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id),+
                }
            }
        }

        /// All ids, for messages.
        const CHOICES: &str = concat!($($id, " "),+);
    };
}

columns! {
    /// 연계정보: canonical base64 of 64 bytes.
    Ci = "ci",
    /// 중복가입확인정보: base64 of 48 bytes.
    Di = "di",
    /// Two words and an ending.
    Nickname = "nickname",
    /// A Korean name, or an English given name with a Korean surname.
    Name = "name",
    /// `010-XXXX-XXXX`.
    Phone = "phone",
    /// An address under a reserved domain.
    Email = "email",
    /// A bank account as printed.
    Account = "account",
    /// A card in test ranges, check digit valid.
    Card = "card",
    /// A resident number, `YYMMDD-SXXXXXX`.
    Rrn = "rrn",
    /// `C` and nine digits.
    CustomerId = "customer_id",
    /// `ko` or `en`.
    Language = "language",
    /// A street address.
    Address = "address",
    /// `YYYY-MM-DD`, the same day as in the resident number.
    BirthDate = "birth_date",
}

impl Column {
    /// The column with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|column| column.id() == id)
    }

    /// The columns of a comma-separated list of ids, in its order.
    pub fn parse_list(ids: &str) -> Result<Vec<Self>, SyntheticError> {
        ids.split(',')
            .map(|id| Self::from_id(id.trim()).ok_or(SyntheticError::Column { choices: CHOICES }))
            .collect()
    }

    /// The column that a header names in any of the spellings of ground's table.
    pub fn from_header(header: &str) -> Option<Self> {
        Self::from_id(header).or_else(|| Self::from_id(Kind::from_header(header)?.id()))
    }

    /// The kind in ground's table; the language is none.
    pub fn kind(self) -> Option<Kind> {
        Kind::from_id(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_but_the_language_is_a_kind() {
        for column in Column::ALL {
            assert_eq!(Column::from_id(column.id()), Some(*column));
            assert_eq!(column.kind().is_none(), *column == Column::Language);
        }
        assert_eq!(Column::from_header("연계정보"), Some(Column::Ci));
    }

    #[test]
    fn a_wrong_id_is_told_the_choices_and_not_repeated() {
        let columns = Column::parse_list("nickname, ci").unwrap();
        assert_eq!(columns, [Column::Nickname, Column::Ci]);
        let error = Column::parse_list("nickname,hamster").unwrap_err();
        assert!(error.to_string().contains("customer_id"));
        assert!(!error.to_string().contains("hamster"));
    }
}
