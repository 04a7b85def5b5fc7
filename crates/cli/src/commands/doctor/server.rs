//! Whether a server holds the folder, and whether only its owner can reach it.

use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};

use super::{Findings, State};
use crate::context::Context;
use crate::errand::messenger::Server;
use crate::errand::{NAME, seat};

/// Rights of anybody but the owner.
const OTHERS: u32 = 0o077;

/// Looks at the socket.
pub(super) fn look(context: &Context, findings: &mut Findings) {
    let (state, what) = match (seat::caller(), Server::of(context.folder())) {
        (Some(_), _) => {
            (State::Ok, format!("process {}; this check runs in it", std::process::id()))
        }
        (None, Ok(Some(server))) => (State::Ok, format!("process {}", server.process)),
        (None, Ok(None)) => {
            (State::Ok, "none runs; commands open the folder themselves".to_owned())
        }
        (None, Err(error)) => (State::Fault, error.to_string()),
    };
    findings.add("server", state, what);
    let path = context.folder().join(NAME);
    match path.symlink_metadata() {
        Ok(there) if !there.file_type().is_socket() => {
            let what = format!("{} is another file: move it away", path.display());
            findings.add("socket", State::Fault, what);
        }
        Ok(there) if there.permissions().mode() & OTHERS != 0 => {
            let what = format!("open to others: chmod 600 {}", path.display());
            findings.add("socket", State::Warning, what);
        }
        Ok(_) => findings.add("socket", State::Ok, "closed to others"),
        // Without a server there is none.
        Err(_) => {}
    }
}
