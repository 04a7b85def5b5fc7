//! The settings of one gateway: where it is, who we are there, how fast it takes texts.

use std::fmt;

use doldam_ground::{Pii, limits};

use crate::NotifyError;
use crate::encode::{Coding, LongText};

const SECOND_US: u64 = 1_000_000;

/// One SMPP account.
pub struct Gateway {
    /// Its name in the ledger. Message ids are unique within it.
    pub name: String,
    /// `host:port`.
    pub address: String,
    /// The account's `system_id`, up to 15 bytes.
    pub system_id: String,
    /// Its password, up to 8 bytes by the standard; longer ones are sent as they are.
    pub password: Pii<String>,
    /// Its `system_type`, usually empty.
    pub system_type: String,
    /// The registered number that texts come from, digits only.
    pub sender: String,
    /// How characters are written.
    pub coding: Coding,
    /// How long texts go out.
    pub long_text: LongText,
    /// Most short messages that the gateway may hold unanswered; also the most people that one
    /// broken link can leave in doubt.
    pub window: usize,
    /// Most short messages a second, if the contract says so.
    pub texts_per_second: Option<u32>,
    /// How long an answer may take before its notice is in doubt, in microseconds.
    pub response_us: u64,
    /// After how much silence the link is tried, in microseconds.
    pub enquire_us: u64,
    /// First pause after a refusal for haste, in microseconds; it doubles up to one second.
    pub throttle_pause_us: u64,
    /// First pause before a new connection, in microseconds; it doubles up to 30 seconds.
    pub reconnect_us: u64,
    /// Connections in a row that may fail before the dispatch stops.
    pub reconnects_max: u32,
    /// How long to wait for receipts after the last text, in microseconds. The wait begins anew
    /// with each receipt.
    pub receipt_wait_us: u64,
    /// Whether to ask the gateway (`query_sm`) about messages that no receipt came for.
    pub asks: bool,
    /// How long the ledger believes in a worker that says nothing, in microseconds.
    pub lease_us: u32,
}

impl fmt::Debug for Gateway {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Gateway({}, window {})", self.name, self.window)
    }
}

impl Gateway {
    /// A gateway with the usual settings: UCS-2, parts, a window of 64, 10 seconds for an answer.
    pub fn new(name: &str, address: &str, system_id: &str, password: Pii<String>) -> Self {
        Self {
            name: name.to_owned(),
            address: address.to_owned(),
            system_id: system_id.to_owned(),
            password,
            system_type: String::new(),
            sender: String::new(),
            coding: Coding::Ucs2,
            long_text: LongText::Parts,
            window: 64,
            texts_per_second: None,
            response_us: 10 * SECOND_US,
            enquire_us: 30 * SECOND_US,
            throttle_pause_us: SECOND_US / 100,
            reconnect_us: SECOND_US / 10,
            reconnects_max: 10,
            receipt_wait_us: 0,
            asks: false,
            lease_us: 30_000_000,
        }
    }

    /// Refuses settings that cannot work.
    pub fn check(&self) -> Result<(), NotifyError> {
        let refuse = |setting, why| Err(NotifyError::Setting { setting, why });
        if self.window == 0 || self.window > limits::NOTICE_WINDOW_MAX {
            return refuse("window", "it must be between 1 and 10,000");
        }
        if self.texts_per_second == Some(0) {
            return refuse("texts_per_second", "nothing could be sent");
        }
        if self.sender.is_empty() || !self.sender.bytes().all(|byte| byte.is_ascii_digit()) {
            return refuse("sender", "it must be the digits of a registered number");
        }
        for (setting, value, most) in [
            ("system_id", self.system_id.as_str(), 15),
            ("password", self.password.expose().as_str(), 64),
            ("system_type", self.system_type.as_str(), 12),
            ("sender", self.sender.as_str(), 20),
        ] {
            if value.len() > most || !value.is_ascii() || value.contains('\0') {
                return refuse(setting, "it is too long, or not plain ASCII");
            }
        }
        if u64::from(self.lease_us) < self.reconnect_us {
            return refuse("lease_us", "the lease would end during the first pause");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_cannot_work_are_refused_by_name() {
        let good = || {
            let mut gateway = Gateway::new("main", "127.0.0.1:1", "bank", Pii::new("pw".into()));
            gateway.sender = "15990000".to_owned();
            gateway
        };
        assert_eq!(good().check(), Ok(()));
        let refused = |change: fn(&mut Gateway)| {
            let mut gateway = good();
            change(&mut gateway);
            match gateway.check() {
                Err(NotifyError::Setting { setting, .. }) => setting,
                _ => "",
            }
        };
        assert_eq!(refused(|gateway| gateway.window = 0), "window");
        assert_eq!(refused(|gateway| gateway.texts_per_second = Some(0)), "texts_per_second");
        assert_eq!(refused(|gateway| gateway.sender = "1599-0000".to_owned()), "sender");
        assert_eq!(refused(|gateway| gateway.system_id = "x".repeat(16)), "system_id");
        assert_eq!(refused(|gateway| gateway.lease_us = 1), "lease_us");
        assert!(!format!("{:?}", good()).contains("pw"));
    }
}
