//! Speaking to the provider: short, small, encrypted, and never led elsewhere.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

/// Longest that one exchange with the provider may take.
const TIME: Duration = Duration::from_secs(10);
const CONNECT_TIME: Duration = Duration::from_secs(5);
/// Largest answer of a provider in bytes.
pub(crate) const ANSWER_BYTES_MAX: u64 = 256 << 10;

/// What is sent to the provider.
pub(crate) struct Message<'a> {
    /// To where.
    pub(crate) to: &'a Url,
    /// The value of the header Authorization.
    pub(crate) authorization: Option<String>,
    /// A form, already encoded; `None` asks without a body (GET).
    pub(crate) form: Option<String>,
}

/// Its answer.
pub(crate) struct Answer {
    /// HTTP status.
    pub(crate) status: u16,
    /// The body, at most 256 KiB.
    pub(crate) body: Vec<u8>,
}

/// The provider did not answer in time, in full, or in a way that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unanswered;

/// The way to the provider.
pub(crate) trait Outside: Send + Sync {
    /// Sends a message and reads the whole answer. Follows no redirect.
    fn send(&self, message: &Message<'_>) -> Result<Answer, Unanswered>;
}

/// Whether an address may be spoken to: encrypted, or on this machine.
pub(crate) fn is_allowed(address: &Url) -> bool {
    let is_plain = address.username().is_empty() && address.password().is_none();
    is_plain
        && match address.scheme() {
            "https" => address.host_str().is_some(),
            "http" => is_this_machine(address),
            _ => false,
        }
}

fn is_this_machine(address: &Url) -> bool {
    let host = address.host_str().unwrap_or_default();
    let number = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || number.is_ok_and(|number| number.is_loopback())
}

/// The network. No proxy of the environment, no cookie, no redirect, no kept connection.
pub(crate) struct Web {
    agent: ureq::Agent,
}

impl Web {
    /// `roots` are the certificates of the authorities to believe, in PEM; without them those that
    /// Mozilla believes. `None` when they cannot be read.
    pub(crate) fn new(roots: Option<&[u8]>) -> Option<Self> {
        let roots = match roots {
            None => ureq::tls::RootCerts::WebPki,
            Some(pem) => certificates(pem)?,
        };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ureq::tls::TlsConfig::builder()
            .provider(ureq::tls::TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(provider)
            .root_certs(roots)
            .build();
        let config = ureq::Agent::config_builder()
            .tls_config(tls)
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_idle_connections(0)
            .timeout_global(Some(TIME))
            .timeout_connect(Some(CONNECT_TIME))
            .user_agent("doldam")
            .build();
        Some(Self { agent: config.new_agent() })
    }
}

fn certificates(pem: &[u8]) -> Option<ureq::tls::RootCerts> {
    let mut held = Vec::new();
    for item in ureq::tls::parse_pem(pem) {
        if let ureq::tls::PemItem::Certificate(certificate) = item.ok()? {
            held.push(certificate);
        }
    }
    (!held.is_empty()).then(|| ureq::tls::RootCerts::new_with_certs(&held))
}

impl Outside for Web {
    fn send(&self, message: &Message<'_>) -> Result<Answer, Unanswered> {
        let sent = match &message.form {
            None => self.agent.get(message.to.as_str()).header("accept", "application/json").call(),
            Some(form) => {
                let mut request = self
                    .agent
                    .post(message.to.as_str())
                    .header("accept", "application/json")
                    .header("content-type", "application/x-www-form-urlencoded");
                if let Some(value) = &message.authorization {
                    request = request.header("authorization", value);
                }
                request.send(form)
            }
        };
        let mut response = sent.map_err(|_| Unanswered)?;
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec();
        Ok(Answer { status, body: body.map_err(|_| Unanswered)? })
    }
}
