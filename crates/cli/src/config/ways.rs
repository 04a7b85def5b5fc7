//! How staff sign in besides by a passphrase: `[sign_in]`.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use doldam_ground::Clock;
use doldam_server::{SsoSettings, Ways};
use serde::Deserialize;

use crate::failure::{failure, file_failure};
use crate::secret;

/// The ways in as they are written in the settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct WaysText {
    console: Option<String>,
    issuer: Option<String>,
    client: Option<String>,
    secret_file: Option<PathBuf>,
    authorities: Option<PathBuf>,
}

impl WaysText {
    /// The ways in of a server that listens for staff at `staff`. On this machine alone and without
    /// TLS, people come to `http://localhost`; else the settings must say where.
    pub(crate) fn open(
        &self,
        folder: &Path,
        staff: SocketAddr,
        is_tls: bool,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Ways> {
        let here = (staff.ip().is_loopback() && !is_tls)
            .then(|| format!("http://localhost:{}", staff.port()));
        let sso = self.sso(folder)?;
        let Some(console) = self.console.clone().or(here) else {
            if sso.is_some() {
                return Err(failure(
                    "[sign_in] has an issuer and no console",
                    "say at which address people come to the console: console = \"https://…\"",
                ));
            }
            return Ok(Ways::default());
        };
        Ways::open(&console, sso, clock)
            .map_err(|error| failure(error.to_string(), "check [sign_in] in doldam.toml"))
    }

    fn sso(&self, folder: &Path) -> anyhow::Result<Option<SsoSettings>> {
        let (issuer, client) = match (&self.issuer, &self.client) {
            (Some(issuer), Some(client)) => (issuer.clone(), client.clone()),
            (None, None) => return Ok(None),
            _ => {
                let hint = "[sign_in] issuer and client belong together";
                return Err(failure("single sign-on is half set", hint));
            }
        };
        let secret = self.secret_file.as_ref().map(|file| secret::read(&folder.join(file)));
        let authorities = self.authorities.as_ref().map(|file| {
            let file = folder.join(file);
            fs::read(&file).map_err(|error| file_failure("read", &file, &error))
        });
        let (secret, authorities) = (secret.transpose()?, authorities.transpose()?);
        Ok(Some(SsoSettings { issuer, client, secret, authorities }))
    }
}
