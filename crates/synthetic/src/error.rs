//! What can go wrong while a synthetic world is made. No variant carries a value, only counts,
//! positions and the words of this crate.

use std::io;

/// Why a table, a leak or a repository could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SyntheticError {
    /// A column was asked for that synthetic people do not have.
    #[error("unknown column: choose from {choices}")]
    Column {
        /// The ids to choose from.
        choices: &'static str,
    },
    /// A leak wants more rows than its table has, or a table that was not given.
    #[error("a leak asks for {wanted} rows of table {table}, which has {available}")]
    Rows {
        /// Position of the delivered table.
        table: usize,
        /// Rows asked for.
        wanted: usize,
        /// Rows there are.
        available: usize,
    },
    /// A delivered table whose rows, header and subjects do not fit together.
    #[error("row {row} of a delivered table does not fit its header or its list of subjects")]
    Shape {
        /// Row, counted from 0.
        row: usize,
    },
    /// A repository was to be written into a folder that already holds something.
    #[error("the folder is not empty: choose a new one, or remove what is in it")]
    NotEmpty,
    /// The encoding has no place for some character (CP949 and decomposed Hangul, for one).
    #[error("a character of the text does not exist in {encoding}")]
    Unencodable {
        /// The encoding's name.
        encoding: &'static str,
    },
    /// A file or stream could not be written.
    #[error("could not write: {0}")]
    Io(#[from] io::Error),
    /// An archive could not be written.
    #[error("could not write an archive")]
    Archive,
}

impl SyntheticError {
    /// The stable word for this error in JSON and in tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Column { .. } => "synthetic.column",
            Self::Rows { .. } => "synthetic.rows",
            Self::Shape { .. } => "synthetic.shape",
            Self::NotEmpty => "synthetic.not_empty",
            Self::Unencodable { .. } => "synthetic.unencodable",
            Self::Io(_) => "synthetic.io",
            Self::Archive => "synthetic.archive",
        }
    }
}
