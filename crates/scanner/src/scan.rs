//! Bytes in, findings out.
//!
//! [`scan`] is for bytes in memory, [`scan_read`] for sources of any length in bounded memory. Both
//! hand the same stretches to the same detectors; windows overlap by more than the longest value,
//! so that where a window ends makes no difference (a test says so).

use std::io::{self, Read};

use doldam_ground::Kind;

use crate::context::{self, Columns, Verdict};
use crate::detect::{self, Candidate, REACH_BYTES, Said};
use crate::finding::{Confidence, Finding, Hit, Place};
use crate::read::ReadError;
use crate::read::text::{self, Encoding, SAMPLE_BYTES, Utf16};

/// How many bytes of a source are in memory at a time.
const WINDOW_BYTES: usize = 1 << 20;
/// How many bytes before the next stretch stay in the window, for what stands before a value.
const BEHIND_BYTES: usize = 512;

/// What is reported.
#[derive(Clone, Debug)]
pub struct ScanOptions {
    /// Findings that are less sure are left out.
    pub least: Confidence,
    /// The kinds to look for; all when `None`.
    pub kinds: Option<Vec<Kind>>,
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self { least: Confidence::Likely, kinds: None }
    }
}

/// How much was scanned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scanned {
    /// Bytes; of UTF-16 those of the same text in UTF-8.
    pub bytes: u64,
}

/// Everything that is found in `bytes`, in the order in which it stands there.
pub fn scan(bytes: &[u8], options: &ScanOptions) -> Vec<Finding> {
    let mut findings = Vec::new();
    scan_each(bytes, options, &mut |hit| findings.push(hit.to_finding()));
    findings
}

/// Hands everything that is found in `bytes` to `visit`.
pub fn scan_each(bytes: &[u8], options: &ScanOptions, visit: &mut dyn FnMut(&Hit<'_>)) -> Scanned {
    if is_utf16(bytes) {
        return scan_read(&mut &bytes[..], options, visit)
            .expect("reading from memory does not fail");
    }
    let mut state = State::new(bytes, options);
    state.scan(bytes, 0, bytes.len(), visit);
    Scanned { bytes: bytes.len() as u64 }
}

/// Hands everything that is found in a source to `visit`, reading it once.
///
/// Fails when the source does; what was found up to there has been handed over by then.
pub fn scan_read(
    read: &mut dyn Read,
    options: &ScanOptions,
    visit: &mut dyn FnMut(&Hit<'_>),
) -> Result<Scanned, ReadError> {
    let mut read = Fused { read, failed: None };
    let mut begun = Vec::with_capacity(SAMPLE_BYTES);
    read.by_ref().take(SAMPLE_BYTES as u64).read_to_end(&mut begun)?;
    let scanned = if is_utf16(&begun) {
        let encoding = if begun[0] == 0xFF { Encoding::Utf16Le } else { Encoding::Utf16Be };
        begun.drain(..2);
        scan_windows(&mut Utf16::new(&mut read, begun, encoding), Vec::new(), options, visit)?
    } else {
        scan_windows(&mut read, begun, options, visit)?
    };
    read.failed.map_or(Ok(scanned), |error| Err(error.into()))
}

/// A source that ends where it fails, so that what was read up to there is scanned; then the failure
/// is reported.
struct Fused<'a> {
    read: &'a mut dyn Read,
    failed: Option<io::Error>,
}

impl Read for Fused<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.failed.is_some() {
            return Ok(0);
        }
        self.read.read(out).or_else(|error| {
            if error.kind() == io::ErrorKind::Interrupted {
                return Err(error);
            }
            self.failed = Some(error);
            Ok(0)
        })
    }
}

fn is_utf16(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(4)];
    text::guess(sample, false)
        .is_ok_and(|guess| matches!(guess.encoding, Encoding::Utf16Be | Encoding::Utf16Le))
}

fn scan_windows(
    read: &mut dyn Read,
    mut window: Vec<u8>,
    options: &ScanOptions,
    visit: &mut dyn FnMut(&Hit<'_>),
) -> Result<Scanned, ReadError> {
    let mut ended = fill(read, &mut window)?;
    let mut state = State::new(&window, options);
    let mut from = 0;
    loop {
        let to = if ended { window.len() } else { window.len() - REACH_BYTES };
        from = state.scan(&window, from, to, visit);
        if ended {
            return Ok(Scanned { bytes: state.base + window.len() as u64 });
        }
        let keep = from.saturating_sub(BEHIND_BYTES);
        state.forget(&window, keep);
        window.drain(..keep);
        from -= keep;
        ended = fill(read, &mut window)?;
    }
}

/// Fills the window; `true` when the source has ended.
fn fill(read: &mut dyn Read, window: &mut Vec<u8>) -> io::Result<bool> {
    let room = WINDOW_BYTES.saturating_sub(window.len());
    Ok(read.take(room as u64).read_to_end(window)? < room)
}

/// What is known between two stretches of one source.
struct State<'a> {
    options: &'a ScanOptions,
    columns: Option<Columns>,
    /// Offset of the buffer's first byte in the source.
    base: u64,
    /// The line, from 1, on which counting stands, where it begins and how far was counted.
    line: u64,
    line_start: u64,
    counted: u64,
    /// The line on which the last CI stood.
    ci_line: u64,
}

impl<'a> State<'a> {
    fn new(beginning: &[u8], options: &'a ScanOptions) -> Self {
        let sample = &beginning[..beginning.len().min(SAMPLE_BYTES)];
        let is_text = memchr::memchr(0, sample).is_none();
        Self {
            options,
            columns: Columns::from_header(sample).filter(|_| is_text),
            base: 0,
            line: 1,
            line_start: 0,
            counted: 0,
            ci_line: 0,
        }
    }

    /// Scans `buffer[from..to]`; gives where to go on.
    fn scan(
        &mut self,
        buffer: &[u8],
        from: usize,
        to: usize,
        visit: &mut dyn FnMut(&Hit<'_>),
    ) -> usize {
        detect::candidates(buffer, from, to, |candidate| {
            self.count_lines(buffer, candidate.start);
            if let Some(said) = self.judge(buffer, &candidate)
                && said.0 >= self.options.least
                && self.options.kinds.as_ref().is_none_or(|kinds| kinds.contains(&candidate.kind))
            {
                let offset = self.base + candidate.start as u64;
                let column = offset.saturating_sub(self.line_start) + 1;
                let place = Place { offset, line: self.line, column };
                visit(&Hit::new(
                    candidate.kind,
                    said,
                    place,
                    &buffer[candidate.start..candidate.end],
                ));
            }
        })
    }

    /// Counts lines up to `place` in the buffer.
    fn count_lines(&mut self, buffer: &[u8], place: usize) {
        let from = usize::try_from(self.counted - self.base).unwrap_or(buffer.len());
        let Some(passed) = buffer.get(from..place) else {
            return;
        };
        for at in memchr::memchr_iter(b'\n', passed) {
            self.line += 1;
            self.line_start = self.counted + at as u64 + 1;
        }
        self.counted = self.base + place as u64;
    }

    /// Prepares for the first `bytes` of the buffer to be dropped.
    fn forget(&mut self, buffer: &[u8], bytes: usize) {
        self.count_lines(buffer, bytes);
        self.base += bytes as u64;
    }

    fn judge(&mut self, buffer: &[u8], candidate: &Candidate) -> Option<Said> {
        match self.verdict(buffer, candidate) {
            Verdict::Backs => Some(candidate.backed),
            Verdict::Silent => candidate.bare,
            Verdict::Contradicts if candidate.kind == Kind::PSEUDONYM => candidate.bare,
            Verdict::Contradicts => {
                let (confidence, why) = candidate.bare?;
                confidence.lower().map(|lower| (lower, why))
            }
        }
    }

    fn verdict(&mut self, buffer: &[u8], candidate: &Candidate) -> Verdict {
        if candidate.kind == Kind::CI {
            self.ci_line = self.line;
        }
        let start = self.base + candidate.start as u64;
        let verdict = self.columns.as_mut().map_or(Verdict::Silent, |columns| {
            columns.verdict(buffer, self.base, self.line_start, start, candidate.kind)
        });
        if verdict != Verdict::Silent {
            return verdict;
        }
        let behind_ci = candidate.kind == Kind::DI && self.ci_line == self.line;
        let line_start = usize::try_from(self.line_start.saturating_sub(self.base)).unwrap_or(0);
        let before = buffer.get(line_start..candidate.start).unwrap_or(&[]);
        if behind_ci || self.columns.is_none() && context::names(before, candidate.kind) {
            return Verdict::Backs;
        }
        Verdict::Silent
    }
}

#[cfg(test)]
mod tests;
