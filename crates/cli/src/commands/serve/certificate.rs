//! Which certificates the server shows: those of the flags, else those of the settings.

use std::path::{Path, PathBuf};

use clap::Args;
use doldam_server::{CertificateFiles, Certificates};

use crate::context::Context;
use crate::failure::failure;

/// Flags that name certificates.
#[derive(Args, Default)]
pub(crate) struct CertificateArgs {
    /// The certificate in PEM for TLS at both doors; left out: [server] of the settings
    #[arg(long, value_name = "FILE", requires = "key")]
    certificate: Option<PathBuf>,
    /// The certificate's private key in PEM
    #[arg(long, value_name = "FILE", requires = "certificate")]
    key: Option<PathBuf>,
    /// Another certificate for the processors' door
    #[arg(long, value_name = "FILE", requires = "processor_key")]
    processor_certificate: Option<PathBuf>,
    /// Its private key
    #[arg(long, value_name = "FILE", requires = "processor_certificate")]
    processor_key: Option<PathBuf>,
}

impl CertificateArgs {
    /// The files for each door. A door of its own comes before both, a flag before a setting.
    pub(crate) fn over(&self, context: &Context) -> anyhow::Result<Certificates> {
        let settings = &context.config()?.server;
        let folder = context.folder();
        let both = given(self.certificate.as_ref(), self.key.as_ref());
        let both = match both {
            Some(files) => Some(files),
            None => set(folder, settings.certificate.as_ref(), settings.key.as_ref())?,
        };
        let own = given(self.processor_certificate.as_ref(), self.processor_key.as_ref());
        let own = if own.is_some() {
            own
        } else {
            let certificate = settings.processor_certificate.as_ref();
            set(folder, certificate, settings.processor_key.as_ref())?
        };
        Ok(Certificates { staff: both.clone(), processors: own.or(both) })
    }
}

fn given(certificate: Option<&PathBuf>, key: Option<&PathBuf>) -> Option<CertificateFiles> {
    Some(CertificateFiles { certificate: certificate?.clone(), key: key?.clone() })
}

/// What the settings name, relative to the data folder.
fn set(
    folder: &Path,
    certificate: Option<&PathBuf>,
    key: Option<&PathBuf>,
) -> anyhow::Result<Option<CertificateFiles>> {
    match (certificate, key) {
        (None, None) => Ok(None),
        (Some(certificate), Some(key)) => Ok(Some(CertificateFiles {
            certificate: folder.join(certificate),
            key: folder.join(key),
        })),
        _ => Err(failure(
            "the settings name a certificate without its key, or a key without its certificate",
            "set both in [server] of the settings, or neither",
        )),
    }
}
