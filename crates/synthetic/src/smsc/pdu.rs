//! SMPP 3.4 as a server sees it. Strict: a client's fault is a fault of the program under test.

/// Longest PDU that is taken.
const LENGTH_MAX: usize = 64 << 10;
const HEADER: usize = 16;

pub(super) const BIND_RECEIVER: u32 = 1;
pub(super) const BIND_TRANSMITTER: u32 = 2;
pub(super) const QUERY: u32 = 3;
pub(super) const SUBMIT: u32 = 4;
pub(super) const DELIVER: u32 = 5;
pub(super) const UNBIND: u32 = 6;
pub(super) const BIND_TRANSCEIVER: u32 = 9;
pub(super) const ENQUIRE: u32 = 0x15;
pub(super) const ANSWER: u32 = 0x8000_0000;
pub(super) const NACK: u32 = ANSWER;

pub(super) const OK: u32 = 0;
pub(super) const BAD_COMMAND: u32 = 3;
pub(super) const NOT_BOUND: u32 = 4;
pub(super) const BAD_DESTINATION: u32 = 0x0B;
pub(super) const THROTTLED: u32 = 0x58;
pub(super) const QUERY_FAILED: u32 = 0x67;
pub(super) const BAD_PARAMETERS: u32 = 0xC4;

/// A PDU that came.
pub(super) struct Pdu {
    pub(super) command: u32,
    pub(super) sequence: u32,
    pub(super) body: Vec<u8>,
}

/// A short message that came.
pub(super) struct Message {
    pub(super) sender: String,
    pub(super) number: String,
    pub(super) wants_receipt: bool,
    pub(super) reference: Option<u16>,
    /// Part and number of parts; 0 of 0 for a whole text.
    pub(super) part: (u8, u8),
}

/// Takes the first whole PDU off `bytes`. `Err` when no PDU can begin there.
pub(super) fn split(bytes: &mut Vec<u8>) -> Result<Option<Pdu>, ()> {
    let Some(prefix) = bytes.first_chunk::<4>() else { return Ok(None) };
    let length = u32::from_be_bytes(*prefix) as usize;
    if !(HEADER..=LENGTH_MAX).contains(&length) {
        return Err(());
    }
    if bytes.len() < length {
        return Ok(None);
    }
    let word =
        |at: usize| u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    let (command, sequence) = (word(4), word(12));
    let body = bytes[HEADER..length].to_vec();
    bytes.drain(..length);
    Ok(Some(Pdu { command, sequence, body }))
}

/// Appends a PDU.
pub(super) fn write(out: &mut Vec<u8>, command: u32, status: u32, sequence: u32, body: &[u8]) {
    let length = u32::try_from(HEADER + body.len()).unwrap_or(u32::MAX);
    for word in [length, command, status, sequence] {
        out.extend_from_slice(&word.to_be_bytes());
    }
    out.extend_from_slice(body);
}

/// A zero-terminated text, off the front of `rest`.
fn string(rest: &mut &[u8]) -> Option<String> {
    let end = rest.iter().position(|byte| *byte == 0)?;
    let text = std::str::from_utf8(&rest[..end]).ok().filter(|text| text.is_ascii())?.to_owned();
    *rest = &rest[end + 1..];
    Some(text)
}

fn bytes<'b>(rest: &mut &'b [u8], count: usize) -> Option<&'b [u8]> {
    let (taken, left) = rest.split_at_checked(count)?;
    *rest = left;
    Some(taken)
}

/// Reads the body of `submit_sm`; `None` when it is not as the standard says.
pub(super) fn read_message(body: &[u8]) -> Option<Message> {
    let rest = &mut &*body;
    string(rest)?;
    bytes(rest, 2)?;
    let sender = string(rest)?;
    bytes(rest, 2)?;
    let number = string(rest).filter(|number| !number.is_empty())?;
    let esm_class = bytes(rest, 3)?[0];
    string(rest)?;
    string(rest)?;
    let wants_receipt = bytes(rest, 4)?[0] & 3 == 1;
    let length = usize::from(bytes(rest, 1)?[0]);
    let text = bytes(rest, length)?;
    let mut reference = None;
    let mut has_payload = false;
    while !rest.is_empty() {
        let head = bytes(rest, 4)?;
        let value = bytes(rest, usize::from(u16::from_be_bytes([head[2], head[3]])))?;
        match (head[0], head[1]) {
            (0x02, 0x04) => reference = Some(u16::from_be_bytes(value.try_into().ok()?)),
            (0x04, 0x24) => has_payload = !value.is_empty(),
            _ => {}
        }
    }
    let part = match text {
        [5, 0, 3, _, total, part, ..] if esm_class & 0x40 != 0 => (*part, *total),
        _ if esm_class & 0x40 != 0 => return None,
        _ => (0, 0),
    };
    // A text of nothing tells nobody anything, and the two places for it exclude each other.
    (has_payload == text.is_empty()).then_some(Message {
        sender,
        number,
        wants_receipt,
        reference,
        part,
    })
}

/// The message id that `query_sm` asks for.
pub(super) fn read_query(body: &[u8]) -> Option<String> {
    string(&mut &*body)
}

/// The body of a `deliver_sm` that carries a receipt.
pub(super) fn receipt_body(owed: &super::log::Owed) -> Vec<u8> {
    let word = if owed.is_delivered { "DELIVRD" } else { "UNDELIV" };
    let error = if owed.is_delivered { "000" } else { "04B" };
    let text = format!(
        "id:{} sub:001 dlvrd:001 submit date:2611231200 done date:2611231201 stat:{word} \
         err:{error} text:",
        owed.message_id
    );
    let mut body = vec![0, 0, 1];
    body.extend_from_slice(owed.number.as_bytes());
    body.extend_from_slice(&[0, 0, 1]);
    body.extend_from_slice(owed.sender.as_bytes());
    body.extend_from_slice(&[0, 4, 0, 0, 0, 0, 0, 0, 0, 0]);
    body.push(u8::try_from(text.len()).unwrap_or(0));
    body.extend_from_slice(text.as_bytes());
    let id_length = u16::try_from(owed.message_id.len() + 1).unwrap_or(0);
    body.extend_from_slice(&[0, 0x1E]);
    body.extend_from_slice(&id_length.to_be_bytes());
    body.extend_from_slice(owed.message_id.as_bytes());
    body.extend_from_slice(&[0, 0x04, 0x27, 0, 1, if owed.is_delivered { 2 } else { 5 }]);
    if let Some(reference) = owed.reference {
        body.extend_from_slice(&[0x02, 0x04, 0, 2]);
        body.extend_from_slice(&reference.to_be_bytes());
    }
    body
}
