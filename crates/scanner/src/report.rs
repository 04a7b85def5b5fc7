//! What was found, for people and for programs, without ever showing a value.
//!
//! [`scan_paths`] walks, scans and tells everything as it happens, as [`Event`]s. [`Report`] collects
//! them: a leaked file has tens of thousands of findings, so the list of findings is cut at a limit,
//! while the counts by file and kind stay exact. [`jsonl`] writes each finding at once.

pub mod json;
pub mod jsonl;
pub mod table;

use std::collections::BTreeMap;
use std::path::PathBuf;

use doldam_ground::Kind;
use doldam_ground::mask::mask;
use serde::Serialize;

use crate::finding::{Confidence, Hit};
use crate::locator::Locator;
use crate::scan::{ScanOptions, scan_read};
use crate::walk::{Skipped, Source, WalkOptions, walk};

/// How many findings a report lists unless told otherwise.
pub const FINDINGS_MAX: usize = 1_000;

/// What happens while paths are scanned.
pub enum Event<'a> {
    /// Something was found in the source that is being scanned.
    Found(&'a Locator, &'a Hit<'a>),
    /// A source was scanned to its end, or as far as it could be read, so many bytes.
    Scanned(&'a Locator, u64),
    /// Something was not scanned, or not to its end.
    Skipped(Skipped),
}

/// Scans everything under these paths and tells `observe` what happens, in the order of the walk.
pub fn scan_paths(
    paths: &[PathBuf],
    walk_options: &WalkOptions,
    scan_options: &ScanOptions,
    observe: &mut dyn FnMut(Event<'_>),
) {
    walk(paths, walk_options, &mut |source| match source {
        Source::Data { locator, read } => {
            let mut counted = Counted { read, bytes: 0 };
            let scanned = scan_read(&mut counted, scan_options, &mut |hit| {
                observe(Event::Found(locator, hit));
            });
            // A source that fails is handed out as skipped by the walk itself.
            let bytes = scanned.map_or(counted.bytes, |scanned| scanned.bytes);
            observe(Event::Scanned(locator, bytes));
        }
        Source::Skipped(skipped) => observe(Event::Skipped(skipped)),
    });
}

struct Counted<'a> {
    read: &'a mut dyn std::io::Read,
    bytes: u64,
}

impl std::io::Read for Counted<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let read = self.read.read(out)?;
        self.bytes += read as u64;
        Ok(read)
    }
}

/// One finding as it is shown.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// The kind's id.
    pub kind: &'static str,
    /// The locator of the source.
    #[serde(rename = "where")]
    pub source: String,
    /// The line, from 1.
    pub line: u64,
    /// Bytes before it on its line, plus 1.
    pub column: u64,
    /// Bytes before it in the source.
    pub offset: u64,
    /// How sure it is.
    pub confidence: Confidence,
    /// Why.
    pub why: &'static str,
    /// The value, masked.
    pub masked: String,
}

impl Line {
    /// A finding in a source.
    pub fn new(locator: &Locator, hit: &Hit<'_>) -> Self {
        Self {
            kind: hit.kind.id(),
            source: locator.to_string(),
            line: hit.place.line,
            column: hit.place.column,
            offset: hit.place.offset,
            confidence: hit.confidence,
            why: hit.why,
            masked: mask(hit.value().expose()),
        }
    }
}

/// What was found of one kind in one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindCount {
    /// How many findings.
    pub count: u64,
    /// The first of them, masked.
    pub example: String,
}

/// What was found in one source.
#[derive(Clone, Debug)]
pub struct FileCount {
    /// Where it is.
    pub locator: Locator,
    /// By kind.
    pub kinds: BTreeMap<Kind, KindCount>,
    /// How many lines hold at least one finding.
    pub rows: u64,
    last_line: u64,
}

/// Everything that was found and skipped.
#[derive(Debug)]
pub struct Report {
    findings_max: usize,
    findings: Vec<Line>,
    findings_total: u64,
    files: Vec<FileCount>,
    skipped: Vec<Skipped>,
    scanned_files: u64,
    scanned_bytes: u64,
}

impl Default for Report {
    fn default() -> Self {
        Self::new(FINDINGS_MAX)
    }
}

impl Report {
    /// An empty report that will list so many findings at most.
    pub const fn new(findings_max: usize) -> Self {
        Self {
            findings_max,
            findings: Vec::new(),
            findings_total: 0,
            files: Vec::new(),
            skipped: Vec::new(),
            scanned_files: 0,
            scanned_bytes: 0,
        }
    }

    /// Takes in what happened.
    pub fn observe(&mut self, event: Event<'_>) {
        match event {
            Event::Found(locator, hit) => self.found(locator, hit),
            Event::Scanned(_, bytes) => {
                self.scanned_files += 1;
                self.scanned_bytes += bytes;
            }
            Event::Skipped(skipped) => self.skipped.push(skipped),
        }
    }

    fn found(&mut self, locator: &Locator, hit: &Hit<'_>) {
        self.findings_total += 1;
        if self.findings.len() < self.findings_max {
            self.findings.push(Line::new(locator, hit));
        }
        if self.files.last().is_none_or(|file| file.locator != *locator) {
            self.files.push(FileCount {
                locator: locator.clone(),
                kinds: BTreeMap::new(),
                rows: 0,
                last_line: 0,
            });
        }
        let Some(file) = self.files.last_mut() else {
            return;
        };
        if file.last_line != hit.place.line {
            file.last_line = hit.place.line;
            file.rows += 1;
        }
        let example = || KindCount { count: 0, example: mask(hit.value().expose()) };
        file.kinds.entry(hit.kind).or_insert_with(example).count += 1;
    }

    /// The first findings, as many as the report lists.
    pub fn findings(&self) -> &[Line] {
        &self.findings
    }

    /// How many findings there are in all.
    pub const fn findings_total(&self) -> u64 {
        self.findings_total
    }

    /// The sources in which something was found, in the order of the walk.
    pub fn files(&self) -> &[FileCount] {
        &self.files
    }

    /// What was not scanned.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// How many sources were scanned.
    pub const fn scanned_files(&self) -> u64 {
        self.scanned_files
    }

    /// How many bytes were scanned, unpacked.
    pub const fn scanned_bytes(&self) -> u64 {
        self.scanned_bytes
    }
}
