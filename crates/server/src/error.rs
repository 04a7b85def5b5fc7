//! Why the server does not start or run.

use std::io;
use std::net::SocketAddr;

use doldam_fraud::FraudError;
use doldam_processors::ProcessorsError;
use doldam_response::ResponseError;
use doldam_vault::VaultError;

use crate::tls::TlsError;

/// A failure to start or to run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The address is taken, or may not be used.
    #[error("cannot listen on {address}: {kind}; stop what listens there, or choose another port")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// The system's answer.
        kind: io::ErrorKind,
    },
    /// Others could listen in.
    #[error(
        "{address} can be reached from other machines and would be spoken to in clear; give a \
         certificate with --certificate and --key, listen on 127.0.0.1, or name the proxy in front \
         that speaks TLS with --trusted-proxy"
    )]
    Plain {
        /// Where.
        address: SocketAddr,
    },
    /// A door's certificate cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The system refused threads or sockets.
    #[error("the system refused threads or sockets: {0}")]
    System(io::ErrorKind),
    /// Unfinished orders could not be carried out at the start.
    #[error(transparent)]
    Processors(#[from] ProcessorsError),
    /// Notices that are on their way could not be looked up at the start.
    #[error(transparent)]
    Response(#[from] ResponseError),
    /// The log of fraud detection cannot be read, or what it names is not kept.
    #[error("fraud detection does not start: {0}")]
    Fraud(#[from] FraudError),
    /// The last checkpoint could not be written.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl ServerError {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Listen { .. } => "server.listen",
            Self::Plain { .. } => "server.plain",
            Self::Tls(error) => error.code(),
            Self::System(_) => "server.system",
            Self::Processors(error) => error.code(),
            Self::Response(error) => error.code(),
            Self::Fraud(error) => error.code(),
            Self::Vault(error) => error.code(),
        }
    }
}
