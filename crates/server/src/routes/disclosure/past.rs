//! A file of people that was handed over before: what somebody says of it, and its rows.

use doldam_ground::Instant;
use doldam_ground::ids::ProcessorId;
use doldam_scanner::read::ReadError;
use doldam_scanner::read::people::{PeopleFile, Unknown};
use doldam_scanner::read::table::Format;
use doldam_vault::disclosure::PastRow;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::input::moment;
use crate::problem::Problem;

/// To whom a file was given, when, and until when. It stands in the address: nobody is named in it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PastParams {
    /// P-1.
    pub(super) processor: String,
    /// RFC 3339.
    pub(super) given_at: String,
    /// RFC 3339.
    #[serde(default)]
    pub(super) return_by: Option<String>,
}

/// The same, looked at.
pub(super) struct PastFacts {
    pub(super) processor: ProcessorId,
    pub(super) given_at: Instant,
    pub(super) return_by: Option<Instant>,
}

fn refused(why: &str) -> Problem {
    Problem::bad_request("server.past", why)
}

impl PastParams {
    /// Fails when the processor is unknown, or the dates cannot be so.
    pub(super) fn check(&self, app: &App) -> Result<PastFacts, Problem> {
        let processor = self.processor.parse().map_err(|_| refused("processor cannot be read"))?;
        app.desk.find(processor)?;
        let given_at = moment("given_at", &self.given_at)?;
        if given_at > app.vault.now() {
            return Err(refused("given_at lies in the future: write when it was given"));
        }
        let return_by = self.return_by.as_deref();
        let return_by = return_by.map(|text| moment("return_by", text)).transpose()?;
        if return_by.is_some_and(|at| at <= given_at) {
            return Err(refused("return_by lies before given_at"));
        }
        Ok(PastFacts { processor, given_at, return_by })
    }
}

/// Refuses a file that holds nothing; gives its SHA-256.
pub(super) fn digest_of(file: &[u8]) -> Result<[u8; 32], Problem> {
    if file.is_empty() {
        return Err(refused("the file is empty"));
    }
    Ok(Sha256::digest(file).into())
}

/// The rows of a file whose header says what its columns hold; rows that cannot be read are counted.
pub(super) fn rows<'a>(
    file: &'a [u8],
    unreadable: &'a mut u64,
) -> Result<impl Iterator<Item = Result<PastRow, Problem>> + 'a, Problem> {
    let mut people = PeopleFile::open(file, Format::Auto, Unknown::Ignore)?;
    Ok(std::iter::from_fn(move || {
        loop {
            match people.next_row() {
                Ok(Some(Ok(row))) => return Some(Ok(PastRow(row.values))),
                Ok(Some(Err(_))) => *unreadable += 1,
                Ok(None) => return None,
                Err(error) => return Some(Err(error.into())),
            }
        }
    }))
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        Self::bad_request("server.unreadable", error.to_string())
    }
}
