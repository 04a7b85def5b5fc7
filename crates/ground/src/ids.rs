//! Typed ids: a processor's number can never be passed where a disclosure's is asked for.
//!
//! Ids are shown as a letter, a dash and a number (`P-3`, `D-12`) and never carry personal data, so
//! they may stand in logs, file names and URLs. [`Handle`] and [`Ordinal`] are not ids of that
//! sort: they point at one person and stay inside the vault.

use std::fmt;
use std::str::FromStr;

use crate::logsafe::LogSafe;

/// Why a text is not an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected a letter, a dash and a number, such as {prefix}-12")]
pub struct IdError {
    prefix: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            /// From the number that the store gave it.
            pub const fn new(number: u32) -> Self {
                Self(number)
            }

            /// The number in the store.
            pub const fn number(self) -> u32 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!($prefix, "-{}"), self.0)
            }
        }

        impl LogSafe for $name {}

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix(concat!($prefix, "-"))
                    .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
                    .and_then(|digits| digits.parse().ok())
                    .map(Self)
                    .ok_or(IdError { prefix: $prefix })
            }
        }
    };
}

id!(/// A key by which a processor's programs come in.
    ApiKeyId, "Y");
id!(/// A recorded consent of a second person to one act.
    ApprovalId, "A");
id!(/// An order to cut a processor's access off.
    CutId, "C");
id!(/// The sealed file of a disclosure, for its processor to fetch.
    DeliveryId, "V");
id!(/// One act of giving data to a processor.
    DisclosureId, "D");
id!(/// One approved sending of notices.
    DispatchId, "N");
id!(/// A pseudonym key's scope: (processor, purpose, kind, epoch).
    DomainId, "M");
id!(/// A sealed copy of a file that turned up.
    EvidenceId, "E");
id!(/// A leak, possible or confirmed.
    IncidentId, "L");
id!(/// One import of subjects: from whom, when.
    ImportId, "I");
id!(/// A durable job.
    JobId, "J");
id!(/// A backup of keys.
    KeyBackupId, "K");
id!(/// A text that a processor asked us to send.
    MessageId, "X");
id!(/// A passkey of a member of staff.
    PasskeyId, "F");
id!(/// An outside party that gets data or access.
    ProcessorId, "P");
id!(/// A person who works at the controller.
    StaffId, "S");
id!(/// A text with holes that a processor may ask us to send.
    TemplateId, "W");
id!(/// One run of the tracer over one piece of evidence.
    TraceId, "T");

/// A subject's random 64-bit number. It is what pseudonyms are made from, and is never issued.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle(u64);

impl Handle {
    /// From the 64 random bits.
    pub const fn new(bits: u64) -> Self {
        Self(bits)
    }

    /// The 64 random bits: for pseudonyms and the store only.
    pub const fn bits(self) -> u64 {
        self.0
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("‹handle›")
    }
}

/// A subject's dense number inside this installation: an index into bitmaps, never issued.
///
/// Real subjects count up from 0; canaries count up from [`Ordinal::CANARY_BASE`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ordinal(u32);

impl Ordinal {
    /// The first ordinal of a canary; all below belong to real subjects.
    pub const CANARY_BASE: u32 = 1 << 31;

    /// From the dense number.
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The dense number.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// Whether this is an invented subject planted in a disclosure.
    pub const fn is_canary(self) -> bool {
        self.0 >= Self::CANARY_BASE
    }
}

impl fmt::Debug for Ordinal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("‹ordinal›")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_back_what_they_show() {
        let id = DisclosureId::new(12);
        assert_eq!(id.to_string(), "D-12");
        assert_eq!("D-12".parse(), Ok(id));
        for wrong in ["P-12", "D-", "D-x", "12", "D-+1", "D-99999999999"] {
            assert!(wrong.parse::<DisclosureId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn handles_and_ordinals_do_not_show_themselves() {
        assert_eq!(format!("{:?}", Handle::new(7)), "‹handle›");
        assert_eq!(format!("{:?}", Ordinal::new(7)), "‹ordinal›");
    }
}
