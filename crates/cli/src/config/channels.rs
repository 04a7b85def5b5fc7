//! By what and in whose name people are told: `[company]`, `[sms]` and each `[[gateway]]`.
//!
//! A password is never written here, only the name of the file that holds it. It is read when the
//! server starts, and no message shows it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use doldam_notify::Gateway;
use doldam_notify::encode::{Coding, LMS_BYTES, LongText, SMS_BYTES};
use doldam_response::notice::{Company, SendingRules};
use doldam_response::words::Bilingual;
use doldam_server::Channels;
use serde::Deserialize;

use crate::failure::failure;
use crate::secret;

const SECOND_US: u64 = 1_000_000;

/// The channels as they are written in the settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ChannelsText {
    pub(super) company: Option<CompanyText>,
    pub(super) sms: Option<SmsText>,
    pub(super) gateways: Vec<GatewayText>,
}

/// Who speaks in a notice.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CompanyText {
    name_ko: String,
    name_en: String,
    department_ko: String,
    department_en: String,
    telephone: String,
}

/// From which number texts come.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SmsText {
    sender: String,
    senders_registered: Vec<String>,
    #[serde(default = "usual_bytes")]
    bytes_max: usize,
    /// The gateway of the messages that processors ask for.
    #[serde(default)]
    messages_gateway: Option<String>,
}

const fn usual_bytes() -> usize {
    LMS_BYTES
}

/// An SMPP account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GatewayText {
    name: String,
    address: String,
    system_id: String,
    password_file: PathBuf,
    #[serde(default)]
    system_type: String,
    #[serde(default = "usual_window")]
    window: usize,
    #[serde(default)]
    texts_per_second: Option<u32>,
    #[serde(default)]
    long_text: LongTextWord,
    #[serde(default)]
    cp949_data_coding: Option<u8>,
    #[serde(default = "usual_response")]
    response_seconds: u32,
    #[serde(default = "usual_receipts")]
    receipt_wait_seconds: u32,
    #[serde(default)]
    asks: bool,
}

/// How long texts go out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LongTextWord {
    /// In parts that the phone puts together.
    #[default]
    Parts,
    /// As one long message.
    Payload,
}

const fn usual_window() -> usize {
    64
}

const fn usual_response() -> u32 {
    10
}

const fn usual_receipts() -> u32 {
    30
}

/// Connections in a row that may fail before the server shows it and waits longer.
const RECONNECTS_MAX: u32 = 3;

impl ChannelsText {
    /// The channels, with the passwords that stand in files relative to the data folder.
    pub(crate) fn open(&self, folder: &Path) -> anyhow::Result<Channels> {
        if !self.gateways.is_empty() && self.sms.is_none() {
            return Err(failure(
                "a gateway is set and no [sms]",
                "say from which registered number texts come: [sms] sender and senders_registered",
            ));
        }
        let names: BTreeSet<&str> = self.gateways.iter().map(|it| it.name.as_str()).collect();
        if names.len() < self.gateways.len() {
            return Err(failure("two gateways have the same name", "name each differently"));
        }
        let gateways: anyhow::Result<Vec<Gateway>> =
            self.gateways.iter().map(|gateway| self.gateway(gateway, folder)).collect();
        let company = self.company.as_ref().map(CompanyText::company);
        let rules = self.sms.as_ref().map(SmsText::rules).transpose()?;
        let messages = self.sms.as_ref().and_then(|sms| sms.messages_gateway.clone());
        if messages.as_deref().is_some_and(|name| !names.contains(name)) {
            return Err(failure(
                "[sms] messages_gateway names no gateway",
                "give it the name of a [[gateway]], or leave it out",
            ));
        }
        Ok(Channels { gateways: gateways?, messages, company, rules })
    }

    fn gateway(&self, text: &GatewayText, folder: &Path) -> anyhow::Result<Gateway> {
        let password = secret::read(&folder.join(&text.password_file))?;
        let mut gateway = Gateway::new(&text.name, &text.address, &text.system_id, password);
        gateway.system_type.clone_from(&text.system_type);
        gateway.sender = self.sms.as_ref().map(|sms| sms.sender.clone()).unwrap_or_default();
        gateway.window = text.window;
        gateway.texts_per_second = text.texts_per_second;
        gateway.long_text = match text.long_text {
            LongTextWord::Parts => LongText::Parts,
            LongTextWord::Payload => LongText::Payload,
        };
        if let Some(data_coding) = text.cp949_data_coding {
            gateway.coding = Coding::Cp949 { data_coding };
        }
        gateway.response_us = u64::from(text.response_seconds) * SECOND_US;
        gateway.receipt_wait_us = u64::from(text.receipt_wait_seconds) * SECOND_US;
        gateway.asks = text.asks;
        gateway.reconnects_max = RECONNECTS_MAX;
        gateway.check().map_err(|error| {
            failure(
                format!("gateway {}: {error}", text.name),
                "doldam.default.toml documents every key of a [[gateway]]",
            )
        })?;
        Ok(gateway)
    }
}

impl CompanyText {
    fn company(&self) -> Company {
        let both = |ko: &String, en: &String| Bilingual { ko: ko.clone(), en: en.clone() };
        Company {
            name: both(&self.name_ko, &self.name_en),
            department: both(&self.department_ko, &self.department_en),
            telephone: self.telephone.clone(),
        }
    }
}

impl SmsText {
    fn rules(&self) -> anyhow::Result<SendingRules> {
        if !(SMS_BYTES..=LMS_BYTES).contains(&self.bytes_max) {
            return Err(failure(
                format!("[sms] bytes_max must be between {SMS_BYTES} and {LMS_BYTES}"),
                "leave it out for the most that an operator carries as one long message",
            ));
        }
        Ok(SendingRules {
            sender: self.sender.clone(),
            senders_registered: self.senders_registered.clone(),
            bytes_max: self.bytes_max,
        })
    }
}
