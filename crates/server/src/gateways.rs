//! How each gateway was when it was used last: what a person looks at before choosing one. Nothing is
//! tried for its own sake, because a connection that nobody needs costs one of the few of a contract.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use doldam_ground::Instant;

/// The last use of a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Used {
    /// When it ended.
    pub(crate) at: Instant,
    /// The stable word for what was wrong, if something was.
    pub(crate) fault: Option<String>,
}

/// The last use of each gateway since the server started.
#[derive(Default)]
pub(crate) struct Gateways(Mutex<BTreeMap<String, Used>>);

impl Gateways {
    /// Notes how a use of a gateway ended.
    pub(crate) fn note(&self, name: &str, used: Used) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(name.to_owned(), used);
    }

    /// The last use of a gateway, if there was one.
    pub(crate) fn last(&self, name: &str) -> Option<Used> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }
}
