//! Messages: a processor has a text sent to somebody whom it knows by pseudonym.
//!
//! The processor never sees the telephone number, and what it is answered says nothing about a
//! person that it was not given. A pseudonym of another processor, of nobody, of somebody who was
//! erased and of a suspended domain are all taken like any other, wait like any other, and end as
//! `failed`, as the text to somebody without a telephone does. A canary ends as `delivered`: a
//! program that writes to all its customers must not find out by whom it cannot reach which of them
//! are invented. What we learn from such a request stands in the access log (`message.foreign`,
//! `message.canary`, `message.suspended`): a pseudonym of one processor in the hands of another is
//! a lead.
//!
//! Limits are counted by the pseudonym that was shown, whatever it stands for. The limit of a
//! person, over all processors, is kept silently by the [worker](worker::Messenger): if it were
//! answered, it would join two pseudonyms of one person. A text over it ends as `failed`; that two
//! such experiments hint at the same person is the rest that remains, and it is blurred by what
//! other processors send.
//!
//! What may be said is a [template](text) that staff registered for that processor and a second
//! person agreed to. Its values are checked, kept sealed, and gone once the text is handed over.

mod register;
pub(crate) mod text;
pub mod worker;

use std::collections::BTreeMap;

use doldam_ground::ids::{MessageId, Ordinal, ProcessorId, TemplateId};
use doldam_ground::limits::{
    MESSAGES_PER_PROCESSOR_DAY_MAX, MESSAGES_PER_PSEUDONYM_DAY_MAX, PSEUDONYM_BYTES_MAX,
};
use doldam_ground::{Instant, Pii};
use doldam_store::audit::{self, Entry};
use doldam_store::message::{self, NewMessage, Standing};
use doldam_store::{StoreError, Tx};
use doldam_vault::{Actor, Shown};
use roaring::RoaringBitmap;
use zeroize::Zeroize as _;

use crate::access::Caller;
use crate::error::ProcessorsError;
use crate::registry::Processors;

pub use register::{NewText, RegisteredText};

/// What sealed values are sealed for.
const VALUES_LABEL: &str = "message values";
/// What the hash of a pseudonym is keyed for.
const TARGET_LABEL: &str = "doldam 1 message target";

/// The values of a message. They may be personal data, so they are not shown.
#[derive(Default)]
pub struct Values(BTreeMap<String, String>);

impl Values {
    /// From names and values.
    pub const fn new(values: BTreeMap<String, String>) -> Self {
        Self(values)
    }

    pub(crate) const fn inner(&self) -> &BTreeMap<String, String> {
        &self.0
    }
}

impl Drop for Values {
    fn drop(&mut self) {
        self.0.values_mut().for_each(String::zeroize);
    }
}

/// What a processor is told of its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageState {
    /// It waits.
    Queued,
    /// The gateway has it.
    Sent,
    /// The gateway says that it arrived.
    Delivered,
    /// It will not arrive; why is not said.
    Failed,
    /// Perhaps sent, perhaps not: it is not sent again.
    InDoubt,
}

impl MessageState {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::InDoubt => "in_doubt",
        }
    }

    /// The notice's own state, where the message got so far.
    fn of(standing: &Standing) -> Self {
        match (standing.state.as_str(), standing.notice.as_deref()) {
            (_, Some("accepted")) => Self::Sent,
            (_, Some("delivered")) => Self::Delivered,
            (_, Some("in_doubt")) => Self::InDoubt,
            ("told", None) if standing.is_canary => Self::Delivered,
            (_, Some("failed" | "expired")) | ("dropped", _) | ("told", None) => Self::Failed,
            _ => Self::Queued,
        }
    }
}

impl Processors {
    /// Takes a message for whoever a pseudonym stands for. It is durable before the answer, which
    /// is the same whoever that is.
    ///
    /// Fails when there is no such template that was agreed to, when the values do not fit it, or
    /// when the processor asked for too many.
    pub fn message_ask(
        &self,
        caller: &Caller,
        to: &Pii<String>,
        template: &str,
        values: &Values,
        actor: &Actor,
    ) -> Result<MessageId, ProcessorsError> {
        if !(1..=PSEUDONYM_BYTES_MAX).contains(&to.expose().len()) {
            return Err(ProcessorsError::Invalid("a pseudonym has 1 to 128 bytes"));
        }
        let processor = caller.processor;
        let text = self.template_for(processor, template)?;
        text.check(values.inner())?;
        let target = self.target(processor, to);
        let shown = self.vault.shown_by(processor, &[to.expose()])?[0];
        let (ordinal, content) = match shown {
            Shown::Theirs(ordinal) => {
                (Some(ordinal), Some(self.seal_values(processor, text.id, &target, values)))
            }
            Shown::Canary(ordinal, _) => (Some(ordinal), None),
            Shown::Foreign(_) | Shown::Suspended(_) | Shown::Nobody => (None, None),
        };
        let new =
            NewMessage { processor, key: caller.key, template: text.id, target, ordinal, content };
        let mut entries = self.entries(shown, ordinal, &text, actor);
        let now = self.vault.now();
        let asked =
            self.vault.data().write("message.ask", move |tx| ask(tx, &new, &mut entries, now))?;
        asked.map(MessageId::new).ok_or(ProcessorsError::TooMany)
    }

    /// The rows of the access log, each with what it is about besides the message: what the
    /// pseudonym was, if that is a lead, and what was asked.
    fn entries(
        &self,
        shown: Shown,
        ordinal: Option<Ordinal>,
        text: &text::Checked,
        actor: &Actor,
    ) -> Vec<(String, Entry)> {
        let lead = match shown {
            Shown::Canary(_, disclosure) => Some(("message.canary", disclosure.to_string())),
            Shown::Foreign(domain) => Some(("message.foreign", domain.to_string())),
            Shown::Suspended(domain) => Some(("message.suspended", domain.to_string())),
            Shown::Theirs(_) | Shown::Nobody => None,
        };
        let person = ordinal.filter(|ordinal| !ordinal.is_canary());
        let members = person.map(|ordinal| RoaringBitmap::from_iter([ordinal.number()]));
        let purpose = format!("message {}", text.name);
        let row =
            |action, members| self.vault.entry(actor, action, String::new(), &purpose, members);
        let lead = lead.map(|(action, about)| (about, row(action, None)));
        let asked = (text.id.to_string(), row("message.ask", members.as_ref()));
        lead.into_iter().chain([asked]).collect()
    }

    /// How a processor's own message stands.
    pub fn message_state(
        &self,
        id: MessageId,
        of: ProcessorId,
    ) -> Result<MessageState, ProcessorsError> {
        let found = self.vault.data().read("message.find", |tx| message::find(tx, id))?;
        let own = found.filter(|standing| standing.processor == of);
        own.map(|standing| MessageState::of(&standing)).ok_or(ProcessorsError::NoMessage(id))
    }

    /// A keyed hash of a pseudonym, apart for each processor.
    fn target(&self, processor: ProcessorId, to: &Pii<String>) -> [u8; 16] {
        let mut matter = processor.number().to_be_bytes().to_vec();
        matter.extend(to.expose().bytes());
        let hash = self.vault.derive_key(TARGET_LABEL, &matter);
        matter.zeroize();
        *hash.first_chunk().expect("32 bytes are more than 16")
    }

    fn seal_values(
        &self,
        processor: ProcessorId,
        template: TemplateId,
        target: &[u8; 16],
        values: &Values,
    ) -> Vec<u8> {
        let text = serde_json::to_vec(values.inner()).expect("texts serialise");
        let text = Pii::new(text);
        self.vault.seal_secret(VALUES_LABEL, &place(processor, template, target), text.expose())
    }
}

/// Where sealed values belong: they open for no other processor, text or person.
fn place(processor: ProcessorId, template: TemplateId, target: &[u8; 16]) -> [u64; 4] {
    let [first, second] = [&target[..8], &target[8..]]
        .map(|half| u64::from_be_bytes(half.try_into().expect("half of 16 bytes are 8")));
    [u64::from(processor.number()), u64::from(template.number()), first, second]
}

/// The message's number, or `None` when there are too many.
fn ask(
    tx: &mut Tx<'_>,
    new: &NewMessage,
    entries: &mut [(String, Entry)],
    now: Instant,
) -> Result<Option<u32>, StoreError> {
    let (to_target, in_all) =
        message::asked_since(tx, new.processor, &new.target, now.plus_days(-1))?;
    if to_target >= MESSAGES_PER_PSEUDONYM_DAY_MAX || in_all >= MESSAGES_PER_PROCESSOR_DAY_MAX {
        return Ok(None);
    }
    let id = message::next_id(tx)?;
    message::insert(tx, id, new, now)?;
    for (about, entry) in entries {
        entry.object = format!("{id} {about}");
        audit::append(tx, entry)?;
    }
    Ok(Some(id.number()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_stands_as_its_notice_does_and_a_canary_like_anybody() {
        let of = |state: &str, notice: Option<&str>, is_canary| {
            let standing = Standing {
                processor: ProcessorId::new(1),
                state: state.to_owned(),
                is_canary,
                notice: notice.map(str::to_owned),
                created_at: Instant::from_micros(0),
            };
            MessageState::of(&standing).word()
        };
        for (notice, word) in [
            ("planned", "queued"),
            ("intent", "queued"),
            ("accepted", "sent"),
            ("delivered", "delivered"),
            ("failed", "failed"),
            ("expired", "failed"),
            ("in_doubt", "in_doubt"),
        ] {
            assert_eq!(of("sending", Some(notice), false), word);
            assert_eq!(of("told", Some(notice), false), word);
        }
        for is_canary in [false, true] {
            assert_eq!(of("queued", None, is_canary), "queued");
            assert_eq!(of("sending", None, is_canary), "queued");
            assert_eq!(of("dropped", None, is_canary), "failed");
        }
        assert_eq!((of("told", None, true), of("told", None, false)), ("delivered", "failed"));
    }

    #[test]
    fn values_belong_to_one_processor_text_and_person() {
        let of = |processor, template, target| {
            place(ProcessorId::new(processor), TemplateId::new(template), &[target; 16])
        };
        let all = [of(1, 2, 3), of(2, 1, 3), of(1, 2, 4), of(2, 2, 3)];
        for (place, one) in all.iter().enumerate() {
            assert!(all[..place].iter().all(|other| other != one));
        }
    }
}
