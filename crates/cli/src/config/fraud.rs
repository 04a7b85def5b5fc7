//! Whether and how transactions are judged: `[fraud]`.

use doldam_fraud::decision::Action;
use doldam_fraud::desk::Limit;
use doldam_fraud::event::is_currency;
use doldam_server::FraudSettings;
use serde::Deserialize;

use crate::failure::failure;

/// Fraud detection as it is written in the settings.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct FraudText {
    enabled: bool,
    currency: String,
    payment_allow_up_to: i64,
    payment_above: Action,
    other: Action,
    review_capacity_per_day: u32,
}

impl Default for FraudText {
    fn default() -> Self {
        let settings = FraudSettings::default();
        Self {
            enabled: false,
            currency: settings.currency,
            payment_allow_up_to: settings.payment.allow_up_to,
            payment_above: settings.payment.above,
            other: settings.other,
            review_capacity_per_day: settings.review_capacity_per_day,
        }
    }
}

impl FraudText {
    /// The settings of fraud detection; `None` where it is off.
    pub(crate) fn open(&self) -> anyhow::Result<Option<FraudSettings>> {
        let hint = "check [fraud] in doldam.toml";
        if !is_currency(&self.currency) {
            return Err(failure("the currency of [fraud] is none of ISO 4217", hint));
        }
        if self.payment_allow_up_to < 0 {
            return Err(failure("payment_allow_up_to of [fraud] is below 0", hint));
        }
        if self.review_capacity_per_day == 0 {
            return Err(failure("review_capacity_per_day of [fraud] is 0", hint));
        }
        let payment = Limit { allow_up_to: self.payment_allow_up_to, above: self.payment_above };
        Ok(self.enabled.then(|| FraudSettings {
            currency: self.currency.clone(),
            payment,
            other: self.other,
            review_capacity_per_day: self.review_capacity_per_day,
        }))
    }
}
