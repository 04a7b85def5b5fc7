//! What a gateway sends: PDUs one behind the other, receipts among them.

#![no_main]

use doldam_notify::fuzzing::read_stream;
use libfuzzer_sys::fuzz_target;

/// A byte that is no text becomes a sign of three; a text of 1,024 bytes is kept as bytes.
const KEPT_MAX: usize = 1_024;

fuzz_target!(|bytes: &[u8]| {
    let read = read_stream(bytes);
    assert!(read.frames * 16 <= bytes.len(), "a PDU has a header");
    assert!(read.receipts <= read.frames);
    assert!(read.longest <= KEPT_MAX, "what is kept of a PDU is bounded");
    // What follows on the stream changes nothing about what came before.
    let first = read_stream(&bytes[..bytes.len() / 2]);
    assert!(first.frames <= read.frames && first.receipts <= read.receipts);
});
