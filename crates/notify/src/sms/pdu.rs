//! The PDUs of SMPP 3.4 that a client writes and reads (chapters 3 to 5 of the standard).
//!
//! Writing follows the standard to the letter. Reading is lenient: a gateway that leaves a field
//! out or adds one gets what can be understood, and nothing that it sends can make us panic.

use doldam_ground::limits;

/// Most bytes of a field of characters that are kept: the standard's longest has 65 (5.2.23).
const FIELD_BYTES_MAX: usize = 255;
/// Most bytes of a message to us that are kept. A receipt has about 150; a gateway that sends more
/// must not fill the queue between the reading thread and the worker with it.
const TEXT_BYTES_MAX: usize = 1_024;
/// Bytes of the header: length, command, status, sequence number.
pub(crate) const HEADER: usize = 16;

const GENERIC_NACK: u32 = 0x8000_0000;
const QUERY_SM: u32 = 0x0000_0003;
const SUBMIT_SM: u32 = 0x0000_0004;
const DELIVER_SM: u32 = 0x0000_0005;
const UNBIND: u32 = 0x0000_0006;
const BIND_TRANSCEIVER: u32 = 0x0000_0009;
const ENQUIRE_LINK: u32 = 0x0000_0015;
const RESPONSE: u32 = 0x8000_0000;

/// Optional parameters (5.3.2).
pub(crate) mod tag {
    pub(crate) const RECEIPTED_MESSAGE_ID: u16 = 0x001E;
    pub(crate) const USER_MESSAGE_REFERENCE: u16 = 0x0204;
    pub(crate) const MESSAGE_PAYLOAD: u16 = 0x0424;
    pub(crate) const MESSAGE_STATE: u16 = 0x0427;
}

/// `command_status` values that mean something to us (5.1.3).
pub(crate) mod status {
    pub(crate) const OK: u32 = 0;
    pub(crate) const INVALID_COMMAND: u32 = 0x03;
    pub(crate) const SYSTEM_ERROR: u32 = 0x08;
    pub(crate) const QUEUE_FULL: u32 = 0x14;
    pub(crate) const THROTTLED: u32 = 0x58;
    pub(crate) const TEMPORARY: u32 = 0x64;
}

/// A short message on its way out.
pub(crate) struct Submit<'a> {
    pub(crate) sender: &'a str,
    /// Digits, with a leading `+` when they are international.
    pub(crate) destination: &'a str,
    pub(crate) data_coding: u8,
    pub(crate) has_header: bool,
    pub(crate) is_payload: bool,
    pub(crate) message: &'a [u8],
    pub(crate) reference: u16,
}

/// Something that a gateway sent.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Incoming {
    BindAnswer,
    SubmitAnswer {
        message_id: String,
    },
    QueryAnswer {
        message_id: String,
        state: u8,
        error: u8,
    },
    Deliver(Deliver),
    EnquireLink,
    EnquireLinkAnswer,
    Unbind,
    UnbindAnswer,
    Nack,
    /// A command that we do not know.
    Other {
        is_answer: bool,
    },
}

/// A message or receipt from the gateway.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Deliver {
    /// Of a receipt: the number that the text went to.
    pub(crate) source: String,
    pub(crate) esm_class: u8,
    pub(crate) text: Vec<u8>,
    pub(crate) receipted_message_id: Option<String>,
    pub(crate) message_state: Option<u8>,
    pub(crate) reference: Option<u16>,
}

/// A PDU as it came in.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) status: u32,
    pub(crate) sequence: u32,
    pub(crate) incoming: Incoming,
}

/// Appends `bind_transceiver` (4.1.5).
pub(crate) fn write_bind(
    out: &mut Vec<u8>,
    sequence: u32,
    system_id: &str,
    password: &str,
    system_type: &str,
) {
    frame(out, BIND_TRANSCEIVER, status::OK, sequence, |out| {
        text(out, system_id);
        text(out, password);
        text(out, system_type);
        // interface_version 3.4, addr_ton, addr_npi, address_range.
        out.extend_from_slice(&[0x34, 0, 0, 0]);
    });
}

/// Appends `submit_sm` (4.4.1), asking for a receipt of success and of failure.
pub(crate) fn write_submit(out: &mut Vec<u8>, sequence: u32, submit: &Submit<'_>) {
    frame(out, SUBMIT_SM, status::OK, sequence, |out| {
        text(out, "");
        out.extend_from_slice(&[0, 1]);
        text(out, submit.sender);
        let (type_of_number, digits) = match submit.destination.strip_prefix('+') {
            Some(digits) => (1, digits),
            None => (0, submit.destination),
        };
        out.extend_from_slice(&[type_of_number, 1]);
        text(out, digits);
        // esm_class (0x40: the message begins with a header), protocol_id, priority_flag.
        out.extend_from_slice(&[if submit.has_header { 0x40 } else { 0 }, 0, 0]);
        // schedule_delivery_time, validity_period.
        out.extend_from_slice(&[0, 0]);
        // registered_delivery, replace_if_present_flag, data_coding, sm_default_msg_id.
        out.extend_from_slice(&[1, 0, submit.data_coding, 0]);
        if submit.is_payload {
            out.push(0);
            parameter(out, tag::MESSAGE_PAYLOAD, submit.message);
        } else {
            out.push(u8::try_from(submit.message.len()).unwrap_or(0));
            out.extend_from_slice(submit.message);
        }
        parameter(out, tag::USER_MESSAGE_REFERENCE, &submit.reference.to_be_bytes());
    });
}

/// Appends `query_sm` (4.8.1).
pub(crate) fn write_query(out: &mut Vec<u8>, sequence: u32, message_id: &str, sender: &str) {
    frame(out, QUERY_SM, status::OK, sequence, |out| {
        text(out, message_id);
        out.extend_from_slice(&[0, 1]);
        text(out, sender);
    });
}

/// Appends `deliver_sm_resp` (4.6.2).
pub(crate) fn write_deliver_answer(out: &mut Vec<u8>, sequence: u32) {
    frame(out, DELIVER_SM | RESPONSE, status::OK, sequence, |out| text(out, ""));
}

/// Appends `enquire_link` (4.11.1).
pub(crate) fn write_enquire(out: &mut Vec<u8>, sequence: u32) {
    frame(out, ENQUIRE_LINK, status::OK, sequence, |_| {});
}

/// Appends `enquire_link_resp` (4.11.2).
pub(crate) fn write_enquire_answer(out: &mut Vec<u8>, sequence: u32) {
    frame(out, ENQUIRE_LINK | RESPONSE, status::OK, sequence, |_| {});
}

/// Appends `unbind` (4.2.1).
pub(crate) fn write_unbind(out: &mut Vec<u8>, sequence: u32) {
    frame(out, UNBIND, status::OK, sequence, |_| {});
}

/// Appends `unbind_resp` (4.2.2).
pub(crate) fn write_unbind_answer(out: &mut Vec<u8>, sequence: u32) {
    frame(out, UNBIND | RESPONSE, status::OK, sequence, |_| {});
}

/// Appends `generic_nack` (4.3.1) for a command that we do not know.
pub(crate) fn write_nack(out: &mut Vec<u8>, sequence: u32) {
    frame(out, GENERIC_NACK, status::INVALID_COMMAND, sequence, |_| {});
}

fn frame(
    out: &mut Vec<u8>,
    command: u32,
    status: u32,
    sequence: u32,
    body: impl FnOnce(&mut Vec<u8>),
) {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    for field in [command, status, sequence] {
        out.extend_from_slice(&field.to_be_bytes());
    }
    body(out);
    let length = u32::try_from(out.len() - start).expect("a PDU that we write is short");
    out[start..start + 4].copy_from_slice(&length.to_be_bytes());
}

/// A C octet string: the text and a zero.
fn text(out: &mut Vec<u8>, value: &str) {
    out.extend(value.bytes().filter(|byte| *byte != 0));
    out.push(0);
}

fn parameter(out: &mut Vec<u8>, tag: u16, value: &[u8]) {
    let length = u16::try_from(value.len()).expect("a text is limited to fewer parts than that");
    out.extend_from_slice(&tag.to_be_bytes());
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(value);
}

/// The length of the PDU that begins with these four bytes; `None` when no PDU can be so long or
/// so short, and the stream cannot be followed any further.
pub(crate) fn frame_length(prefix: [u8; 4]) -> Option<usize> {
    let length = usize::try_from(u32::from_be_bytes(prefix)).ok()?;
    (HEADER..=limits::SMPP_PDU_BYTES_MAX).contains(&length).then_some(length)
}

/// Reads a whole PDU, length included. `None` when it is shorter than a header.
pub(crate) fn read(bytes: &[u8]) -> Option<Frame> {
    let mut fields = Fields(bytes);
    let _length = fields.number(4)?;
    let command = fields.number(4)?;
    let status = fields.number(4)?;
    let sequence = fields.number(4)?;
    let incoming = match command {
        GENERIC_NACK => Incoming::Nack,
        DELIVER_SM => Incoming::Deliver(read_deliver(fields)),
        ENQUIRE_LINK => Incoming::EnquireLink,
        UNBIND => Incoming::Unbind,
        _ => match (command & RESPONSE != 0, command & !RESPONSE) {
            (true, BIND_TRANSCEIVER) => Incoming::BindAnswer,
            (true, SUBMIT_SM) => Incoming::SubmitAnswer { message_id: fields.text() },
            (true, QUERY_SM) => read_query_answer(fields),
            (true, ENQUIRE_LINK) => Incoming::EnquireLinkAnswer,
            (true, UNBIND) => Incoming::UnbindAnswer,
            (is_answer, _) => Incoming::Other { is_answer },
        },
    };
    Some(Frame { status, sequence, incoming })
}

fn read_query_answer(mut fields: Fields<'_>) -> Incoming {
    let message_id = fields.text();
    let _final_date = fields.text();
    let state = fields.byte();
    let error = fields.byte();
    Incoming::QueryAnswer { message_id, state, error }
}

fn read_deliver(mut fields: Fields<'_>) -> Deliver {
    let _service_type = fields.text();
    fields.skip(2);
    let source = fields.text();
    fields.skip(2);
    let _destination = fields.text();
    let esm_class = fields.byte();
    fields.skip(2);
    let _schedule = fields.text();
    let _validity = fields.text();
    fields.skip(4);
    let length = usize::from(fields.byte());
    let mut deliver =
        Deliver { source, esm_class, text: fields.take(length).to_vec(), ..Deliver::default() };
    while let Some((tag, value)) = fields.parameter() {
        match (tag, value) {
            (tag::RECEIPTED_MESSAGE_ID, value) => {
                deliver.receipted_message_id = Some(Fields(value).text());
            }
            (tag::MESSAGE_STATE, [state, ..]) => deliver.message_state = Some(*state),
            (tag::USER_MESSAGE_REFERENCE, [high, low]) => {
                deliver.reference = Some(u16::from_be_bytes([*high, *low]));
            }
            (tag::MESSAGE_PAYLOAD, value) if deliver.text.is_empty() => {
                deliver.text = value[..value.len().min(TEXT_BYTES_MAX)].to_vec();
            }
            _ => {}
        }
    }
    deliver
}

/// What is left of a PDU. Past its end everything is empty or zero.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        taken
    }

    fn skip(&mut self, length: usize) {
        self.take(length);
    }

    fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or(0)
    }

    fn number(&mut self, length: usize) -> Option<u32> {
        let bytes = self.take(length);
        (bytes.len() == length)
            .then(|| bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }

    /// Up to the next zero or the end. Message ids and numbers are ASCII; anything else in them is
    /// kept apart by its replacement sign.
    fn text(&mut self) -> String {
        let length = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        let bytes = self.take(length);
        self.skip(1);
        String::from_utf8_lossy(&bytes[..bytes.len().min(FIELD_BYTES_MAX)]).into_owned()
    }

    fn parameter(&mut self) -> Option<(u16, &'a [u8])> {
        let tag = u16::try_from(self.number(2)?).ok()?;
        let length = usize::try_from(self.number(2)?).ok()?;
        Some((tag, self.take(length)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_submit_is_written_as_the_standard_says() {
        let mut out = Vec::new();
        let submit = Submit {
            sender: "1599",
            destination: "010",
            data_coding: 8,
            has_header: false,
            is_payload: false,
            message: &[0xAC, 0x00],
            reference: 0x0102,
        };
        write_submit(&mut out, 7, &submit);
        let expected = [
            &[0, 0, 0, 51, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 7][..],
            &[0, 0, 1, b'1', b'5', b'9', b'9', 0, 0, 1, b'0', b'1', b'0', 0],
            &[0, 0, 0, 0, 0, 1, 0, 8, 0, 2, 0xAC, 0x00],
            &[0x02, 0x04, 0, 2, 1, 2],
        ]
        .concat();
        assert_eq!(out.len(), expected.len());
        let mut expected = expected;
        expected[3] = u8::try_from(out.len()).unwrap();
        assert_eq!(out, expected);
        let long = Submit { destination: "+44", is_payload: true, has_header: false, ..submit };
        let mut out = Vec::new();
        write_submit(&mut out, 7, &long);
        assert!(out.windows(6).any(|part| part == [0x04, 0x24, 0, 2, 0xAC, 0x00]));
        assert!(out.windows(5).any(|part| part == [1, 1, b'4', b'4', 0]));
    }

    #[test]
    fn a_receipt_is_read_with_its_parameters() {
        let mut body = vec![0, 0, 1];
        body.extend_from_slice(b"01012345678\0\0\x011599\0\x04\0\0\0\0\0\0\0\0\x04text");
        body.extend_from_slice(&[0x00, 0x1E, 0, 3, b'a', b'b', 0]);
        body.extend_from_slice(&[0x04, 0x27, 0, 1, 2, 0x02, 0x04, 0, 2, 1, 2, 0x99, 0x99, 0, 0]);
        let mut bytes = Vec::new();
        frame(&mut bytes, DELIVER_SM, 0, 9, |out| out.extend_from_slice(&body));
        let Some(Frame { sequence: 9, incoming: Incoming::Deliver(deliver), .. }) = read(&bytes)
        else {
            panic!("it is a deliver_sm");
        };
        assert_eq!((deliver.source.as_str(), deliver.esm_class), ("01012345678", 4));
        assert_eq!((deliver.text.as_slice(), deliver.message_state), (&b"text"[..], Some(2)));
        assert_eq!(deliver.receipted_message_id.as_deref(), Some("ab"));
        assert_eq!(deliver.reference, Some(0x0102));
    }

    #[test]
    fn what_is_kept_of_a_long_pdu_is_short() {
        let long = |body: &[u8]| {
            let mut bytes = Vec::new();
            frame(&mut bytes, DELIVER_SM, 0, 9, |out| out.extend_from_slice(body));
            match read(&bytes).map(|frame| frame.incoming) {
                Some(Incoming::Deliver(deliver)) => deliver,
                _ => panic!("it is a deliver_sm"),
            }
        };
        let mut body = vec![0, 0, 1];
        body.extend(vec![b'1'; 60_000]);
        assert_eq!(long(&body).source.len(), FIELD_BYTES_MAX);
        let mut body = vec![0; 17];
        body.extend([0x04, 0x24, 0xEA, 0x60]);
        body.extend(vec![b'x'; 60_000]);
        assert_eq!(long(&body).text.len(), TEXT_BYTES_MAX);
    }

    #[test]
    fn lengths_that_cannot_be_are_refused() {
        assert_eq!(frame_length([0, 0, 0, 15]), None);
        assert_eq!(frame_length([0, 0, 0, 16]), Some(16));
        assert_eq!(frame_length([0xFF; 4]), None);
        assert!(read(&[0; 15]).is_none());
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(
            command in prop_oneof![
                Just(DELIVER_SM), Just(SUBMIT_SM | RESPONSE), Just(QUERY_SM | RESPONSE),
                Just(BIND_TRANSCEIVER | RESPONSE), any::<u32>(),
            ],
            body in proptest::collection::vec(any::<u8>(), 0..120),
        ) {
            let mut bytes = Vec::new();
            frame(&mut bytes, command, 0, 5, |out| out.extend_from_slice(&body));
            prop_assert_eq!(read(&bytes).map(|frame| frame.sequence), Some(5));
            let _ = read(&body);
        }
    }
}
