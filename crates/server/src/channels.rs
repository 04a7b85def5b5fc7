//! By what and in whose name people are told: what a notice needs from the settings.

use axum::http::StatusCode;
use doldam_notify::Gateway;
use doldam_response::notice::{Company, SendingRules};

use crate::problem::Problem;

/// The configured channels. Without any, incidents can be worked and nobody can be told.
#[derive(Debug, Default)]
pub struct Channels {
    /// Where texts are handed over, by name.
    pub gateways: Vec<Gateway>,
    /// The name of the gateway by which the messages go out that processors ask for; without one
    /// they wait for a day and are given up.
    pub messages: Option<String>,
    /// Who speaks in a notice.
    pub company: Option<Company>,
    /// The number that texts come from, and which numbers are registered.
    pub rules: Option<SendingRules>,
}

impl Channels {
    /// The gateway of that name.
    pub(crate) fn gateway(&self, name: &str) -> Option<&Gateway> {
        self.gateways.iter().find(|gateway| gateway.name == name)
    }

    /// The gateway for messages of processors, if the settings name one that there is.
    pub(crate) fn for_messages(&self) -> Option<&Gateway> {
        self.gateway(self.messages.as_deref()?)
    }

    /// Who speaks; a problem that says what is missing.
    pub(crate) fn company(&self) -> Result<&Company, Problem> {
        self.company.as_ref().ok_or_else(|| {
            missing("the settings have no [company]: a notice says who speaks and where to ask")
        })
    }

    /// How texts are sent; a problem that says what is missing.
    pub(crate) fn rules(&self) -> Result<&SendingRules, Problem> {
        self.rules.as_ref().ok_or_else(|| {
            missing("the settings have no [sms]: a notice comes from a registered number")
        })
    }
}

/// A setting that an act needs is not there.
pub(crate) fn missing(outside: &str) -> Problem {
    Problem::new(StatusCode::CONFLICT, "server.setting", outside)
}
