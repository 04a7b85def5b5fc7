//! What a gateway says about a text that it took: by parameters, else by the customary text
//! (`id:… sub:… dlvrd:… submit date:… done date:… stat:… err:… text:…`, SMPP 3.4, appendix B).

use doldam_store::notice::Settled;

use super::pdu::Deliver;

/// Bits of `esm_class` that mark a receipt (5.2.12): delivery receipt.
const RECEIPT: u8 = 0x04;
const RECEIPT_MASK: u8 = 0x3C;

/// Longest message id that is kept: the standard's 65 bytes (5.2.23).
const MESSAGE_ID_MAX: usize = 65;

/// A receipt, as the gateway gave it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Report {
    /// Empty when the gateway did not say.
    pub(crate) message_id: String,
    pub(crate) reference: Option<u16>,
    /// `None` while nothing is final.
    pub(crate) settled: Option<Settled>,
}

/// Reads a receipt; `None` when the message is no receipt.
pub(crate) fn read(deliver: &Deliver) -> Option<Report> {
    let marked = deliver.esm_class & RECEIPT_MASK == RECEIPT;
    if !marked && deliver.receipted_message_id.is_none() {
        return None;
    }
    let text = String::from_utf8_lossy(&deliver.text);
    let error = field(&text, "err:").unwrap_or_default();
    let settled = match deliver.message_state {
        Some(state) => of_state(state, error),
        None => of_word(field(&text, "stat:").unwrap_or_default(), error),
    };
    let named = deliver.receipted_message_id.as_deref().or_else(|| field(&text, "id:"));
    let message_id = message_id(named.unwrap_or_default());
    Some(Report { message_id, reference: deliver.reference, settled })
}

/// A message id as it is kept, in answers and in receipts alike.
pub(crate) fn message_id(raw: &str) -> String {
    raw.chars().take(MESSAGE_ID_MAX).collect()
}

/// The word behind a name in the customary text.
fn field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.split_whitespace().find_map(|word| {
        let start = word.get(..name.len())?;
        start.eq_ignore_ascii_case(name).then(|| &word[name.len()..])
    })
}

/// What a `message_state` means (5.2.28); `None` when nothing is final.
pub(crate) fn of_state(state: u8, error: &str) -> Option<Settled> {
    match state {
        2 => Some(Settled::Delivered),
        3 => Some(Settled::Expired),
        4 => Some(failed("deleted", error)),
        5 => Some(failed("undeliverable", error)),
        8 => Some(failed("rejected", error)),
        _ => None,
    }
}

fn of_word(word: &str, error: &str) -> Option<Settled> {
    match word.to_ascii_uppercase().as_str() {
        "DELIVRD" => of_state(2, error),
        "EXPIRED" => of_state(3, error),
        "DELETED" => of_state(4, error),
        "UNDELIV" => of_state(5, error),
        "REJECTD" => of_state(8, error),
        _ => None,
    }
}

/// The code of a failure, with the gateway's own error number when it gave a plain one.
fn failed(word: &str, error: &str) -> Settled {
    let plain = (1..=8).contains(&error.len())
        && error.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && error.bytes().any(|byte| byte != b'0');
    Settled::Failed(if plain {
        format!("receipt.{word}.{}", error.to_ascii_lowercase())
    } else {
        format!("receipt.{word}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn by_text(text: &str) -> Report {
        let deliver =
            Deliver { esm_class: 4, text: text.as_bytes().to_vec(), ..Deliver::default() };
        read(&deliver).unwrap_or_else(|| panic!("it is marked as a receipt"))
    }

    #[test]
    fn the_customary_text_is_understood() {
        let report = by_text(
            "id:0A3f sub:001 dlvrd:001 submit date:2611231512 done date:2611231513 stat:DELIVRD \
             err:000 text:hello",
        );
        assert_eq!(
            (report.message_id.as_str(), &report.settled),
            ("0A3f", &Some(Settled::Delivered))
        );
        let failed = by_text("id:7 stat:UNDELIV err:04B text:");
        let code = Settled::Failed("receipt.undeliverable.04b".to_owned());
        assert_eq!(failed.settled, Some(code));
        let expired = by_text("ID:7 Stat:expired err:000");
        assert_eq!(expired.settled, Some(Settled::Expired));
        assert!(by_text("id:7 stat:ENROUTE").settled.is_none(), "it is still on its way");
        assert!(by_text("hello").message_id.is_empty());
    }

    #[test]
    fn parameters_count_more_than_the_text() {
        let deliver = Deliver {
            text: b"id:1 stat:DELIVRD err:000".to_vec(),
            receipted_message_id: Some("2".to_owned()),
            message_state: Some(5),
            reference: Some(9),
            ..Deliver::default()
        };
        let report = read(&deliver).unwrap_or_else(|| panic!("it names a message"));
        assert_eq!((report.message_id.as_str(), report.reference), ("2", Some(9)));
        let code = Settled::Failed("receipt.undeliverable".to_owned());
        assert_eq!(report.settled, Some(code));
    }

    #[test]
    fn an_answer_of_a_customer_is_no_receipt() {
        let deliver = Deliver { text: b"id:1 stat:DELIVRD".to_vec(), ..Deliver::default() };
        assert!(read(&deliver).is_none());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in proptest::collection::vec(any::<u8>(), 0..80)) {
            let deliver = Deliver { esm_class: 4, text, ..Deliver::default() };
            prop_assert!(read(&deliver).is_some());
        }
    }
}
