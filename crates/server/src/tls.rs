//! TLS in this process: a certificate and its key from two files, read anew on demand.
//!
//! An installation without a proxy in front must not speak in clear to other machines, and a
//! certificate that ran out last night must not be found out by its customers. So the files are
//! looked at as a whole before the first connection (do they belong together, does the certificate
//! hold today), and renewing one needs no stop. Only TLS 1.2 and 1.3 are spoken, by rustls over
//! ring: beside its peer aws-lc-rs it builds without CMake and in a fraction of the time.

mod validity;

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use doldam_ground::{Instant, limits};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::version::{TLS12, TLS13};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

pub use self::validity::Validity;

/// Longest that a handshake may take.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
/// The first byte of every TLS connection: a record of the handshake (RFC 8446, 5.1).
const HANDSHAKE: u8 = 22;
/// What is read of somebody who speaks in clear before the connection ends, in bytes.
const CLEAR_BYTES_MAX: usize = 64 << 10;
/// The only protocol that is spoken inside.
const PROTOCOL: &[u8] = b"http/1.1";
/// For whoever speaks in clear: by the first byte nobody can know whether they speak HTTP, but a
/// person who sees it knows what to do.
const SPEAK_TLS: &[u8] = b"HTTP/1.1 400 Bad Request\r\n\
    content-type: application/problem+json\r\ncontent-length: 141\r\nconnection: close\r\n\r\n\
    {\"type\":\"about:blank\",\"title\":\"This port speaks TLS: use https://\",\"status\":400,\
    \"code\":\"server.speak_tls\",\"detail\":\"Nothing of it was read.\"}";

/// Where a door's certificate and key lie, both in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The certificate, then those that lead to its root.
    pub certificate: PathBuf,
    /// Its private key: PKCS #8, SEC 1 or PKCS #1.
    pub key: PathBuf,
}

/// What the doors speak: TLS with these files, or HTTP in clear.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificates {
    /// To staff.
    pub staff: Option<CertificateFiles>,
    /// To processors' programs.
    pub processors: Option<CertificateFiles>,
}

/// Why a certificate cannot be used. Display names files and dates only.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{} cannot be read: {kind}; check the path and who may read it", file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// The system's answer.
        kind: io::ErrorKind,
    },
    /// A file is not what it should be.
    #[error("{} holds no {what} in PEM; convert it, or name another file", file.display())]
    Content {
        /// Which.
        file: PathBuf,
        /// What was looked for.
        what: &'static str,
    },
    /// The key is another's.
    #[error(
        "{} is not the key of the certificate {}; name the two that were made together",
        key.display(),
        certificate.display()
    )]
    Mismatch {
        /// The certificate.
        certificate: PathBuf,
        /// The key.
        key: PathBuf,
    },
    /// The certificate has run out.
    #[error("the certificate {} ran out on {until}; renew it", file.display())]
    Expired {
        /// Which.
        file: PathBuf,
        /// Its last moment.
        until: Instant,
    },
    /// The certificate holds from a later time.
    #[error("the certificate {} holds only from {from}; check it, and the clock", file.display())]
    Early {
        /// Which.
        file: PathBuf,
        /// Its first moment.
        from: Instant,
    },
}

impl TlsError {
    /// A stable word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "server.certificate_unreadable",
            Self::Content { .. } => "server.certificate_content",
            Self::Mismatch { .. } => "server.certificate_mismatch",
            Self::Expired { .. } => "server.certificate_expired",
            Self::Early { .. } => "server.certificate_early",
        }
    }
}

impl CertificateFiles {
    /// From when until when the certificate holds. Fails when the files cannot be used at all;
    /// whether it holds today is the caller's question.
    pub fn inspect(&self) -> Result<Validity, TlsError> {
        self.read().map(|(validity, _)| validity)
    }

    fn read(&self) -> Result<(Validity, ServerConfig), TlsError> {
        let no_certificate =
            || TlsError::Content { file: self.certificate.clone(), what: "certificate" };
        let no_key = || TlsError::Content { file: self.key.clone(), what: "private key" };
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&read(&self.certificate)?)
            .collect::<Result<_, _>>()
            .map_err(|_| no_certificate())?;
        let validity = chain.first().and_then(|first| Validity::of(first));
        let validity = validity.ok_or_else(no_certificate)?;
        let pem = zeroize::Zeroizing::new(read(&self.key)?);
        let key = PrivateKeyDer::from_pem_slice(&pem).map_err(|_| no_key())?;
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&TLS13, &TLS12])
            .expect("ring speaks both");
        let config = builder.with_no_client_auth().with_single_cert(chain, key);
        let mut config = config.map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => {
                TlsError::Mismatch { certificate: self.certificate.clone(), key: self.key.clone() }
            }
            rustls::Error::InvalidCertificate(_) => no_certificate(),
            _ => no_key(),
        })?;
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        Ok((validity, config))
    }

    fn read_valid(&self, now: Instant) -> Result<(Validity, TlsAcceptor), TlsError> {
        let (validity, config) = self.read()?;
        let Validity { from, until } = validity;
        if now > until {
            return Err(TlsError::Expired { file: self.certificate.clone(), until });
        }
        if now < from {
            return Err(TlsError::Early { file: self.certificate.clone(), from });
        }
        Ok((validity, TlsAcceptor::from(Arc::new(config))))
    }
}

fn read(file: &Path) -> Result<Vec<u8>, TlsError> {
    let unreadable =
        |error: &io::Error| TlsError::Unreadable { file: file.to_path_buf(), kind: error.kind() };
    let mut bytes = Vec::new();
    let opened = File::open(file).map_err(|error| unreadable(&error))?;
    let most = limits::CERTIFICATE_BYTES_MAX;
    opened.take(most + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > most {
        return Err(unreadable(&io::Error::from(io::ErrorKind::FileTooLarge)));
    }
    Ok(bytes)
}

/// The certificate of one door, in use.
pub(crate) struct Identity {
    files: CertificateFiles,
    acceptor: RwLock<TlsAcceptor>,
}

impl Identity {
    /// Reads the files. Refuses a certificate that does not hold now.
    pub(crate) fn load(files: CertificateFiles, now: Instant) -> Result<Self, TlsError> {
        let (_, acceptor) = files.read_valid(now)?;
        Ok(Self { files, acceptor: RwLock::new(acceptor) })
    }

    /// Reads the files again, for connections from now on. After an error nothing has changed.
    pub(crate) fn reload(&self, now: Instant) -> Result<Validity, TlsError> {
        let (validity, acceptor) = self.files.read_valid(now)?;
        *self.acceptor.write().unwrap_or_else(PoisonError::into_inner) = acceptor;
        Ok(validity)
    }

    /// Greets a new connection. `None` when it did not come to TLS in time; whoever speaks in
    /// clear is told so.
    pub(crate) async fn greet(&self, stream: TcpStream) -> Option<TlsStream<TcpStream>> {
        let acceptor = self.acceptor.read().unwrap_or_else(PoisonError::into_inner).clone();
        let greeting = async {
            let mut first = [0];
            let is_there = stream.peek(&mut first).await.is_ok_and(|count| count > 0);
            if is_there && first[0] == HANDSHAKE {
                return acceptor.accept(stream).await.ok();
            }
            if is_there {
                refuse(stream).await;
            }
            None
        };
        tokio::time::timeout(HANDSHAKE_TIME, greeting).await.ok().flatten()
    }
}

/// Answers somebody who speaks in clear. A connection that is closed over unread bytes is reset,
/// and a reset may overtake the answer; so some of them are read.
async fn refuse(mut stream: TcpStream) {
    if stream.write_all(SPEAK_TLS).await.is_err() || stream.shutdown().await.is_err() {
        return;
    }
    let mut rest = stream.take(CLEAR_BYTES_MAX as u64);
    let mut unread = [0; 4 << 10];
    while rest.read(&mut unread).await.is_ok_and(|count| count > 0) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_in_clear_is_as_long_as_it_says() {
        let text = std::str::from_utf8(SPEAK_TLS).expect("it is ASCII");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{}", body.len());
        let problem: serde_json::Value = serde_json::from_str(body).expect("it is JSON");
        assert_eq!(problem["status"], 400);
    }

    #[test]
    fn a_file_that_is_none_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let (missing, text) = (folder.path().join("missing.pem"), folder.path().join("text.pem"));
        std::fs::write(&text, "no certificate").expect("it can be written");
        let inspect = |certificate: &PathBuf| {
            let files = CertificateFiles { certificate: certificate.clone(), key: text.clone() };
            files.inspect().expect_err("it is none")
        };
        assert!(matches!(inspect(&missing), TlsError::Unreadable { .. }));
        assert!(inspect(&missing).to_string().contains("missing.pem"));
        assert!(matches!(inspect(&text), TlsError::Content { what: "certificate", .. }));
        std::fs::write(&text, vec![b'\n'; (1 << 20) + 1]).expect("it can be written");
        let kind = io::ErrorKind::FileTooLarge;
        assert!(matches!(inspect(&text), TlsError::Unreadable { kind: k, .. } if k == kind));
    }
}
