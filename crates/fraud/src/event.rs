//! One thing that happened, about pseudonyms only.
//!
//! An event comes from outside, so it is read strictly: a field that is not declared, a second
//! value of one field, money below zero or a currency that does not exist is refused with the name
//! of the field, never with its value.

use std::fmt;

use doldam_ground::Instant;
use serde::{Deserialize, Serialize};

use crate::schema::{FieldType, Schema};
use crate::value::Value;

mod currency;
mod json;

pub use currency::is_currency;

/// Longest text or key of an event, in bytes.
pub const TEXT_BYTES_MAX: usize = 256;
/// Longest event in JSON, in bytes.
pub const EVENT_BYTES_MAX: usize = 64 << 10;

/// The caller's name of an event: 1 to 64 of `A-Z a-z 0-9 . _ : -`, unique for all time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(Box<str>);

impl EventId {
    /// Checks the form.
    pub fn new(text: &str) -> Result<Self, EventFault> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte));
        if fits { Ok(Self(text.into())) } else { Err(EventFault::Id) }
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Money is to leave an account: a card payment, a transfer, a withdrawal.
    Payment,
    /// Money came into an account.
    Credit,
    /// Somebody signed in, or tried to.
    LogIn,
    /// A device was registered or replaced.
    DeviceChange,
    /// A phone number, SIM or address was changed.
    ContactChange,
    /// An identity check was made: by phone, certificate, face, …
    IdentityCheck,
    /// An account was opened.
    AccountOpening,
    /// A limit was raised or lowered, a certificate or one-time-code card reissued.
    LimitChange,
    /// A payee was registered or changed.
    PayeeChange,
    /// A token (NFT) is to change hands.
    TokenTransfer,
    /// The address that a member withdraws tokens to was changed.
    WalletChange,
}

impl EventKind {
    /// Every kind, in the order of its number in the journal ([`EventKind::number`]).
    pub const ALL: [Self; 11] = [
        Self::Payment,
        Self::Credit,
        Self::LogIn,
        Self::DeviceChange,
        Self::ContactChange,
        Self::IdentityCheck,
        Self::AccountOpening,
        Self::LimitChange,
        Self::PayeeChange,
        Self::TokenTransfer,
        Self::WalletChange,
    ];

    /// Its name in events, rules and declarations.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Credit => "credit",
            Self::LogIn => "log_in",
            Self::DeviceChange => "device_change",
            Self::ContactChange => "contact_change",
            Self::IdentityCheck => "identity_check",
            Self::AccountOpening => "account_opening",
            Self::LimitChange => "limit_change",
            Self::PayeeChange => "payee_change",
            Self::TokenTransfer => "token_transfer",
            Self::WalletChange => "wallet_change",
        }
    }

    /// Its number in the journal; never reused.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The kind of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// One event. `values` stands in the order of the schema, [`Value::Missing`] where nothing came.
///
/// Not `Debug`: a pseudonym is personal data in law and has no place in a log.
#[derive(Clone)]
pub struct Event {
    /// The caller's name of it.
    pub id: EventId,
    /// What happened.
    pub kind: EventKind,
    /// When it happened, by the channel's clock.
    pub time: Instant,
    /// The values of the schema's fields.
    pub values: Box<[Value]>,
}

impl Event {
    /// Reads one event from JSON: an object with `id`, `kind`, `time` (RFC 3339) and declared fields.
    ///
    /// Errors: see [`EventFault`]. Never panics on any bytes.
    pub fn from_json(schema: &Schema, bytes: &[u8]) -> Result<Self, EventFault> {
        json::read(schema, bytes)
    }

    /// Text of a key or text field; `None` when it did not come.
    pub fn text(&self, place: usize) -> Option<&str> {
        match self.values.get(place) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Checks that every field is there that its kind must carry.
    pub fn check_required(&self, schema: &Schema) -> Result<(), EventFault> {
        let absent = schema.fields().iter().zip(&self.values).find(|(field, value)| {
            matches!(value, Value::Missing) && field.required.contains(&self.kind)
        });
        match absent {
            Some((field, _)) => Err(EventFault::Absent { field: field.name.clone() }),
            None => Ok(()),
        }
    }
}

/// Why an event is refused. Names fields, never values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EventFault {
    /// Not JSON, or not an object of the expected shape.
    #[error("it is not a JSON object of fields (fault at byte {byte})")]
    Json {
        /// Where reading stopped.
        byte: usize,
    },
    /// Longer than [`EVENT_BYTES_MAX`].
    #[error("it is longer than {EVENT_BYTES_MAX} bytes")]
    TooLong,
    /// The id has not the form of [`EventId`].
    #[error("its id must be 1 to 64 letters, digits or . _ : -")]
    Id,
    /// No such kind of event.
    #[error("its kind is none of the known ones")]
    Kind,
    /// `id`, `kind`, `time` or a required field did not come.
    #[error("the field {field} is missing")]
    Absent {
        /// Its name.
        field: String,
    },
    /// A field that the schema does not declare. The name is not repeated: it may be anything.
    #[error("field number {place} is not declared in the schema: declare it or leave it out")]
    Unknown {
        /// Its place in the object, counted from 1.
        place: usize,
    },
    /// One field came twice.
    #[error("the field {field} stands twice")]
    Twice {
        /// Its name.
        field: String,
    },
    /// A value is not of the declared type, or out of range.
    #[error("the field {field} must be {wanted}")]
    Wrong {
        /// Its name.
        field: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// The event lies too far in the future of our clock, or too far in the past to be judged.
    #[error("its time is {0}")]
    Time(&'static str),
}

impl EventFault {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Json { .. } => "event-json",
            Self::TooLong => "event-too-long",
            Self::Id => "event-id",
            Self::Kind => "event-kind",
            Self::Absent { .. } => "event-field-absent",
            Self::Unknown { .. } => "event-field-unknown",
            Self::Twice { .. } => "event-field-twice",
            Self::Wrong { .. } => "event-field-wrong",
            Self::Time(_) => "event-time",
        }
    }
}

/// What a field must be, in words for [`EventFault::Wrong`].
pub(crate) const fn wanted(holds: FieldType) -> &'static str {
    match holds {
        FieldType::Key | FieldType::Text => "text of 1 to 256 bytes without control characters",
        FieldType::Currency => "a currency of ISO 4217, three capital letters",
        FieldType::Money => "money: a whole number of minor units, 0 to 9007199254740991",
        FieldType::Int => "a whole number of 64 bits",
        FieldType::Real => "a finite number",
        FieldType::Bool => "true or false",
        FieldType::Time => "a time such as 2026-11-23T09:12:00+09:00",
    }
}
