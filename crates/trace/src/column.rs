//! What the columns of a leaked file hold.
//!
//! Headers lie, are missing, or belong to another column; validators tell a CI from a phone but not
//! a nickname from a name. So the last word has the register: a sample of each column is asked for
//! under every kind that it could be, and a column is of the kinds under which its values are
//! known. A header or a strict shape keeps a kind even without a hit, because a file of strangers
//! with one customer in it must not be passed over.

mod explore;
mod free_text;
mod sample;
mod shape;

use doldam_ground::Kind;
use doldam_ground::ids::DomainId;

pub(crate) use explore::{is_issued, type_columns};
pub(crate) use free_text::{Found, each_found};
pub(crate) use sample::{FAULTS_SHOWN_MAX, Sample, sample};
pub(crate) use shape::{admit, admit_pseudonym, decides};

/// One way of reading the texts of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// As values of a kind.
    Value(Kind),
    /// As our pseudonyms.
    Pseudonym {
        /// The kind whose pseudonym shape they have; `None` for the short form.
        shape: Option<Kind>,
        /// Of the domains whose readings prove nothing singly, those that the whole sample bears
        /// out.
        borne_out: Vec<DomainId>,
    },
    /// As text that holds values here and there: lines of a log, remarks.
    FreeText,
}

/// A reading and what the sample said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// How the texts are read.
    pub reading: Reading,
    /// How many sampled texts were asked for under it.
    pub asked: usize,
    /// How many of them are known.
    pub hits: usize,
    /// Whether the header names this kind.
    pub by_header: bool,
}

/// What one column holds: no reading when nothing in it is known or looks like a known kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// The readings, best known first; later ones read what the earlier ones left unknown.
    pub readings: Vec<Typed>,
}
