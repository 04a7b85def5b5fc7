//! Searching files for what must not be in them.
//!
//! A value may lie in a file in many dresses: as text in several encodings, as the bytes that its
//! base64 stands for, as hexadecimal, as a hash that anybody can compute. All dresses of all values
//! go into one Aho–Corasick automaton, and every file is read once. A search that finds nothing
//! proves nothing unless the same search finds a planted control, so [`Needles::control`] writes
//! a file that holds each dress once.

use std::fs;
use std::path::{Path, PathBuf};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use data_encoding::{BASE64, HEXLOWER, HEXUPPER};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

/// Shorter needles are found by chance in a few megabytes of sealed bytes.
const NEEDLE_BYTES_MIN: usize = 6;

/// What is searched for: bytes, and a label that may be shown.
#[derive(Default)]
pub(crate) struct Needles {
    bytes: Vec<Vec<u8>>,
    labels: Vec<String>,
}

/// A needle that was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    pub(crate) file: PathBuf,
    pub(crate) label: String,
}

impl Needles {
    /// Adds raw bytes.
    pub(crate) fn push(&mut self, label: &str, bytes: Vec<u8>) {
        if bytes.len() >= NEEDLE_BYTES_MIN {
            self.bytes.push(bytes);
            self.labels.push(label.to_owned());
        }
    }

    /// Adds a value in all its dresses.
    pub(crate) fn push_value(&mut self, label: &str, value: &str) {
        let text = value.as_bytes();
        self.push(&format!("{label} as UTF-8"), text.to_vec());
        let units: Vec<u16> = value.encode_utf16().collect();
        let little = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        self.push(&format!("{label} as UTF-16LE"), little);
        self.push(&format!("{label} as UTF-16BE"), big);
        self.push_with_hex(&format!("{label} by MD5"), &Md5::digest(text));
        self.push_with_hex(&format!("{label} by SHA-1"), &Sha1::digest(text));
        self.push_with_hex(&format!("{label} by SHA-256"), &Sha256::digest(text));
        self.push_with_hex(&format!("{label} by SHA-512"), &Sha512::digest(text));
        if let Some(decoded) = BASE64.decode(text).ok().filter(|bytes| bytes.len() >= 32) {
            self.push_with_hex(&format!("{label} decoded"), &decoded);
        }
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        if digits.len() >= 9 && digits != value {
            self.push(&format!("{label} without its hyphens"), digits.into_bytes());
        }
    }

    fn push_with_hex(&mut self, label: &str, bytes: &[u8]) {
        self.push(label, bytes.to_vec());
        self.push(&format!("{label}, hex"), HEXLOWER.encode(bytes).into_bytes());
        self.push(&format!("{label}, HEX"), HEXUPPER.encode(bytes).into_bytes());
    }

    pub(crate) const fn len(&self) -> usize {
        self.bytes.len()
    }

    /// A file that holds every needle once, with something in between.
    pub(crate) fn control(&self) -> Vec<u8> {
        self.bytes.join(b"\0\xff\0".as_slice())
    }

    /// The automaton over all needles.
    pub(crate) fn searcher(&self) -> Searcher<'_> {
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&self.bytes)
            .expect("the needles fit");
        Searcher { needles: self, automaton }
    }
}

/// All needles, ready to be looked for.
pub(crate) struct Searcher<'n> {
    needles: &'n Needles,
    automaton: AhoCorasick,
}

impl Searcher<'_> {
    /// Labels of the needles that are in `haystack`, each once.
    pub(crate) fn search(&self, haystack: &[u8]) -> Vec<&str> {
        let mut is_found = vec![false; self.needles.len()];
        for found in self.automaton.find_overlapping_iter(haystack) {
            is_found[found.pattern().as_usize()] = true;
        }
        let found = self.needles.labels.iter().zip(is_found);
        found.filter(|(_, is_found)| *is_found).map(|(label, _)| label.as_str()).collect()
    }

    /// Searches every file under `paths`: databases, logs of them, free pages, everything.
    pub(crate) fn search_files(&self, paths: &[PathBuf]) -> Vec<Hit> {
        let mut hits = Vec::new();
        for file in paths.iter().flat_map(|path| files_under(path)) {
            let bytes = fs::read(&file).expect("the file can be read");
            hits.extend(
                self.search(&bytes)
                    .into_iter()
                    .map(|label| Hit { file: file.clone(), label: label.to_owned() }),
            );
        }
        hits
    }
}

/// Every file under a path, the path itself included when it is one.
pub(crate) fn files_under(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let entries = fs::read_dir(path).expect("the folder can be listed");
    entries.flat_map(|entry| files_under(&entry.expect("the entry can be read").path())).collect()
}
