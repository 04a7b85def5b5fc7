//! The ways in of the settings: can staff come in by more than a passphrase?

use super::{Findings, State};
use crate::commands::serve::{CertificateArgs, STAFF_LISTEN};
use crate::context::Context;

/// Looks at the ways in that `serve` would open with the addresses that it has by itself. Nothing is
/// asked of the identity provider.
pub(super) fn look(context: &Context, findings: &mut Findings) {
    let (state, what) = match judge(context) {
        Ok(found) => found,
        Err(error) => (State::Fault, error.to_string()),
    };
    findings.add("sign-in", state, what);
}

fn judge(context: &Context) -> anyhow::Result<(State, String)> {
    let is_tls = CertificateArgs::default().over(context)?.staff.is_some();
    let staff = STAFF_LISTEN.parse()?;
    let settings = &context.config()?.sign_in;
    let ways = settings.open(context.folder(), staff, is_tls, context.shared_clock())?;
    Ok(match (ways.has_passkeys(), ways.has_sso()) {
        (true, true) => (State::Ok, "passphrase, passkeys, single sign-on".to_owned()),
        (true, false) => (State::Ok, "passphrase, passkeys; no single sign-on".to_owned()),
        (false, true) => (State::Ok, "passphrase, single sign-on; no passkeys".to_owned()),
        (false, false) => {
            let what = "by passphrase alone: set [sign_in] console in doldam.toml, and staff can \
                        use passkeys";
            (State::Warning, what.to_owned())
        }
    })
}
