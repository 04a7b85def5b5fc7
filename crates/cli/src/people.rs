//! Files of people that the user names.

use std::fs::File;
use std::path::Path;

use clap::ValueEnum;
use doldam_ground::Kind;
use doldam_scanner::read::people::known_headers;
use doldam_scanner::read::table::Format;

use crate::failure::{failure, file_failure};

pub(crate) use doldam_scanner::read::people::{BadRow, PeopleFile, PersonRow, Unknown};

/// How the rows of a file are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Layout {
    /// Found out from the file
    #[default]
    Auto,
    /// Comma-separated or a relative of it
    Csv,
    /// One JSON object a line
    Ndjson,
}

impl From<Layout> for Format {
    fn from(layout: Layout) -> Self {
        match layout {
            Layout::Auto => Self::Auto,
            Layout::Csv => Self::Csv,
            Layout::Ndjson => Self::Ndjson,
        }
    }
}

/// Opens a file that the user named.
pub(crate) fn open(path: &Path) -> anyhow::Result<File> {
    let file = File::open(path).map_err(|error| file_failure("read", path, &error))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(failure(format!("{} is a folder", path.display()), "name a file in it"));
    }
    Ok(file)
}

/// The kinds of a comma-separated list of headers.
pub(crate) fn parse_kinds(list: &str, flag: &str) -> anyhow::Result<Vec<Kind>> {
    list.split(',')
        .map(|name| {
            Kind::from_header(name).ok_or_else(|| {
                failure(
                    format!("{flag} names something that is no kind of personal data"),
                    format!("choose from {}", known_headers()),
                )
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_kinds_are_read_or_refused() {
        assert_eq!(parse_kinds("nickname, ci", "--fields").unwrap(), [Kind::NICKNAME, Kind::CI]);
        assert!(parse_kinds("nickname,hamster", "--fields").is_err());
    }
}
