//! One finding a line, written as it is found: for pipes, and for scans that find millions.

use std::io::{self, Write};

use super::Line;
use crate::finding::Hit;
use crate::locator::Locator;

/// Writes one finding as a JSON object and a line end.
pub fn write(locator: &Locator, hit: &Hit<'_>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Line::new(locator, hit))?;
    out.write_all(b"\n")
}
