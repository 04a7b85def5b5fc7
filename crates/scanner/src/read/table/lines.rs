//! A buffer over a source of lines that never holds more than one longest line.

use std::io::{self, Read};

use doldam_ground::limits::LINE_BYTES_MAX;

/// The smallest step in which the source is read.
const STEP_BYTES: usize = 128 << 10;

/// The bytes that were read and not yet taken, and the number of the line that they begin on.
pub(super) struct Lines<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    /// Why the source failed: told when all that was read before is taken.
    failed: Option<io::ErrorKind>,
    line: u64,
}

impl<R: Read> Lines<R> {
    /// Goes on from `begun`, bytes that were already read from the source.
    pub(super) fn new(source: R, begun: Vec<u8>, failed: Option<io::Error>) -> Self {
        Self {
            source,
            end: begun.len(),
            buffer: begun,
            start: 0,
            ended: false,
            failed: failed.map(|error| error.kind()),
            line: 1,
        }
    }

    /// What may be looked at: at most one longest line. `true` when nothing will follow it.
    pub(super) fn window(&self) -> (&[u8], bool) {
        let have = self.end - self.start;
        let length = have.min(LINE_BYTES_MAX);
        let window = &self.buffer[self.start..self.start + length];
        (window, self.ended && length == have)
    }

    /// The number of the line at which the window begins, from 1.
    pub(super) const fn line(&self) -> u64 {
        self.line
    }

    /// Takes `bytes` from the front, which hold `lines` line ends.
    pub(super) fn take(&mut self, bytes: usize, lines: u64) {
        self.start += bytes;
        self.line += lines;
        debug_assert!(self.start <= self.end, "only what is there can be taken");
    }

    /// Reads more, so that the window at least doubles unless the source ends.
    ///
    /// `false` when the window cannot grow: it is as long as the longest line, or the source ended.
    pub(super) fn grow(&mut self) -> io::Result<bool> {
        let have = self.end - self.start;
        if self.ended || have >= LINE_BYTES_MAX {
            return Ok(false);
        }
        if let Some(kind) = self.failed {
            return Err(kind.into());
        }
        self.buffer.copy_within(self.start..self.end, 0);
        self.start = 0;
        self.end = have;
        let target = (have * 2).clamp(STEP_BYTES, LINE_BYTES_MAX + STEP_BYTES);
        if self.buffer.len() < target {
            self.buffer.resize(target, 0);
        }
        while self.end < target && !self.ended && self.failed.is_none() {
            match self.source.read(&mut self.buffer[self.end..target]) {
                Ok(0) => self.ended = true,
                Ok(read) => self.end += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => self.failed = Some(error.kind()),
            }
        }
        match self.failed {
            Some(kind) if self.end == have => Err(kind.into()),
            _ => Ok(self.end > have || self.ended),
        }
    }

    /// Takes everything up to and with the next line end, however far, without keeping it.
    pub(super) fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let rest = &self.buffer[self.start..self.end];
            if let Some(place) = memchr::memchr(b'\n', rest) {
                self.take(place + 1, 1);
                return Ok(());
            }
            self.start = self.end;
            if self.ended || !self.grow()? {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_end_is_skipped_in_bounded_memory() {
        let long = io::repeat(b'x').take(64 << 20);
        let mut lines = Lines::new(long.chain(&b"\nnext"[..]), Vec::new(), None);
        while lines.grow().unwrap() {}
        assert_eq!(lines.window().0.len(), LINE_BYTES_MAX);
        lines.skip_line().unwrap();
        assert!(lines.buffer.len() <= LINE_BYTES_MAX + STEP_BYTES);
        assert_eq!((lines.window(), lines.line()), ((&b"next"[..], true), 2));
    }
}
