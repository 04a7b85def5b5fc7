//! The certificates of the settings: can they be used, and for how long?

use std::os::unix::fs::PermissionsExt;

use doldam_ground::Instant;
use doldam_server::CertificateFiles;

use super::{Findings, State};
use crate::commands::serve::CertificateArgs;
use crate::context::Context;

/// A certificate with fewer days left should be renewed.
const DAYS_LEFT_MIN: i64 = 14;
/// Rights of everybody.
const OTHERS: u32 = 0o007;

/// Looks at the certificates that `serve` would use.
pub(super) fn look(context: &Context, findings: &mut Findings) {
    match CertificateArgs::default().over(context) {
        Ok(certificates) => {
            let staff = certificates.staff;
            let own = certificates.processors.filter(|files| Some(files) != staff.as_ref());
            let now = context.clock().now();
            for (name, files) in [("certificate", staff), ("processors' certificate", own)] {
                if let Some(files) = files {
                    let (state, what) = judge(&files, now);
                    findings.add(name, state, what);
                }
            }
        }
        Err(error) => findings.add("certificate", State::Fault, error.to_string()),
    }
}

fn judge(files: &CertificateFiles, now: Instant) -> (State, String) {
    let validity = match files.inspect() {
        Ok(validity) => validity,
        Err(error) => return (State::Fault, error.to_string()),
    };
    let shown = files.certificate.display();
    if now > validity.until {
        return (State::Fault, format!("{shown} ran out on {}: renew it", validity.until));
    }
    if now < validity.from {
        return (State::Fault, format!("{shown} holds only from {}", validity.from));
    }
    let is_open =
        files.key.metadata().is_ok_and(|metadata| metadata.permissions().mode() & OTHERS != 0);
    if is_open {
        return (
            State::Warning,
            format!("{0} is open to others: chmod 600 {0}", files.key.display()),
        );
    }
    let what = format!("{shown} holds until {}", validity.until);
    if now.plus_days(DAYS_LEFT_MIN) > validity.until {
        return (State::Warning, format!("{what}: renew it, then send the server SIGHUP"));
    }
    (State::Ok, what)
}
