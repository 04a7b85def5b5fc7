//! From a person's number and text to what goes on the wire.

use doldam_ground::ids::Ordinal;
use doldam_ground::{Kind, Pii};
use doldam_store::notice::{Attempt, Refusal};

use super::{Recipient, Recipients};
use crate::NotifyError;
use crate::encode::{self, Encoded};
use crate::sms::gateway::Gateway;

/// A notice that can be sent.
pub(super) struct Ready {
    pub(super) ordinal: Ordinal,
    pub(super) number: Pii<String>,
    pub(super) digest: [u8; 16],
    pub(super) encoded: Encoded,
    /// How often the gateway refused it for a passing reason.
    pub(super) refusals: u32,
}

/// Prepares one person's notice, or says why there can be none.
pub(super) fn prepare(
    recipient: &Recipient,
    gateway: &Gateway,
    recipients: &dyn Recipients,
) -> Result<Ready, Refusal> {
    let refuse = |outcome| never(recipient.ordinal, outcome);
    let raw = recipient.number.as_ref().ok_or_else(|| refuse("no_number"))?;
    let number = phone(raw.expose()).ok_or_else(|| refuse("not_a_phone"))?;
    // The reference that tells the parts of one text from another's is known with the intent.
    let text = encode::replaced(recipient.text.expose());
    let encoded = encode::encode(&text, gateway.coding, gateway.long_text, 0).map_err(|error| {
        refuse(match error {
            NotifyError::TooLong { .. } => "text_too_long",
            _ => "text_unencodable",
        })
    })?;
    if encoded.parts.iter().all(Vec::is_empty) {
        return Err(refuse("text_empty"));
    }
    let digest = recipients.digest(&number);
    Ok(Ready { ordinal: recipient.ordinal, number, digest, encoded, refusals: 0 })
}

/// A refusal of a notice that never came to an attempt.
pub(super) fn never(ordinal: Ordinal, outcome: &str) -> Refusal {
    Refusal { attempt: Attempt { ordinal, number: 0 }, outcome: outcome.to_owned() }
}

/// The normalised number, if a text can be sent to it: national with its leading 0, or
/// international behind a `+` (ITU-T E.164).
pub(super) fn phone(raw: &str) -> Option<Pii<String>> {
    let number = Kind::PHONE.normalise(raw)?;
    let text = number.expose();
    let fits = match text.strip_prefix('+') {
        Some(digits) => (8..=15).contains(&digits.len()),
        None => text.starts_with('0') && (9..=12).contains(&text.len()),
    };
    fits.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_sent_to_telephones_only() {
        let spelled = |raw| phone(raw).map(|number| number.expose().clone());
        assert_eq!(spelled("010-1234-5678").as_deref(), Some("01012345678"));
        assert_eq!(spelled("+82 10 1234 5678").as_deref(), Some("01012345678"));
        assert_eq!(spelled("+44 20 7946 0958").as_deref(), Some("+442079460958"));
        for wrong in ["", "1234567", "91012345678", "010-12", "hello", "0101234567890"] {
            assert_eq!(spelled(wrong), None, "{wrong}");
        }
    }
}
