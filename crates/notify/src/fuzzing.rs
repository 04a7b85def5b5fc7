//! The readers of a gateway's bytes, for the fuzzer and nobody else.

use crate::sms::pdu::{self, Incoming};
use crate::sms::receipt;

/// What reading a stream of PDUs came to.
#[derive(Debug, PartialEq, Eq)]
pub struct Read {
    /// PDUs that were read whole.
    pub frames: usize,
    /// Receipts among them.
    pub receipts: usize,
    /// Characters and bytes of the longest thing that is kept of one of them.
    pub longest: usize,
}

/// Reads PDUs off a stream as the reading thread of a link does, until one cannot be.
pub fn read_stream(mut bytes: &[u8]) -> Read {
    let mut read = Read { frames: 0, receipts: 0, longest: 0 };
    while let Some(length) = bytes.first_chunk().and_then(|prefix| pdu::frame_length(*prefix)) {
        let Some((whole, rest)) = bytes.split_at_checked(length) else { break };
        let frame = pdu::read(whole).expect("a frame is at least as long as its header");
        read.frames += 1;
        let kept = match frame.incoming {
            Incoming::SubmitAnswer { message_id } | Incoming::QueryAnswer { message_id, .. } => {
                message_id.len()
            }
            Incoming::Deliver(deliver) => {
                if let Some(report) = receipt::read(&deliver) {
                    read.receipts += 1;
                    read.longest = read.longest.max(report.message_id.len());
                }
                let named = deliver.receipted_message_id.map_or(0, |id| id.len());
                deliver.source.len().max(deliver.text.len()).max(named)
            }
            _ => 0,
        };
        read.longest = read.longest.max(kept);
        bytes = rest;
    }
    read
}
