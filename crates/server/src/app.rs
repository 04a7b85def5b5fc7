//! What all requests share, and the layers around every answer: a number, a time limit, headers, a
//! count, a line in the log.

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use doldam_ground::{Clock, Instant, entropy};
use doldam_processors::Processors;
use doldam_vault::{Vault, VaultError};

use crate::answer::Answers;
use crate::blocking::{Blocking, PROVING_MAX};
use crate::channels::Channels;
use crate::console;
use crate::error::ServerError;
use crate::fraud::{Fraud, FraudSettings};
use crate::gate::gate;
use crate::gateways::Gateways;
use crate::looking::Looking;
use crate::metrics::Metrics;
use crate::permission::Door;
use crate::problem::{ForLog, Problem};
use crate::public::{self, Shelf};
use crate::routes;
use crate::sending::Sending;
use crate::sign_in::passkey::Site;
use crate::sign_in::sso::provider::Provider;
use crate::sign_in::ways::Ways;
use crate::telling::Telling;

/// Longest that an answer may take to begin.
const ANSWER_TIME: Duration = Duration::from_mins(2);

/// Where the server listens and whom it believes.
#[derive(Clone, Debug)]
pub struct Settings {
    /// For staff.
    pub staff: SocketAddr,
    /// For processors' programs.
    pub processors: SocketAddr,
    /// For whoever reads a notice on the web site.
    pub public: SocketAddr,
    /// The proxy that speaks TLS to the outside and says from where a request really came.
    pub trusted_proxy: Option<IpAddr>,
    /// By what people are told.
    pub channels: Arc<Channels>,
    /// How staff sign in besides by a passphrase.
    pub ways: Arc<Ways>,
    /// Fraud detection, where it is on.
    pub fraud: Option<FraudSettings>,
}

/// Where a line of the log goes.
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// What all requests share.
pub struct App {
    pub(crate) vault: Arc<Vault>,
    pub(crate) desk: Processors,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: Settings,
    pub(crate) fraud: Option<Arc<Fraud>>,
    pub(crate) blocking: Blocking,
    pub(crate) proving: tokio::sync::Semaphore,
    pub(crate) answers: Answers,
    pub(crate) metrics: Metrics,
    pub(crate) log: Log,
    /// The notices that are on their way.
    pub(crate) sending: Sending,
    /// The notices on the web site.
    pub(crate) shelf: Shelf,
    /// How each gateway was when it was used last.
    pub(crate) gateways: Gateways,
    /// How often each member of staff looked for people.
    pub(crate) looking: Looking,
    /// What open pages are told.
    pub(crate) telling: Telling,
    /// When the access log was checked last, and whether nothing was wrong.
    pub(crate) verified: Mutex<Option<(Instant, bool)>>,
    /// Held while a drill runs: one at a time.
    pub(crate) drilling: Mutex<()>,
    /// Whether something happened since the last checkpoint of the access log.
    pub(crate) is_changed: AtomicBool,
    /// Names requests: random at the start, then counted.
    boot: u32,
    requests: AtomicU64,
}

impl App {
    /// Over an open vault. Unfinished cuts are carried out first, and where fraud detection is on its
    /// log is read to the end.
    pub fn new(
        vault: Arc<Vault>,
        clock: Arc<dyn Clock>,
        settings: Settings,
        log: Log,
    ) -> Result<Self, ServerError> {
        let desk = Processors::open(Arc::clone(&vault), Arc::clone(&clock))?;
        let boot = u32::from_be_bytes(entropy::bytes(&mut **vault.entropy()));
        let answers = Answers::new(&vault);
        let shelf = Shelf::open(&vault).map_err(VaultError::from)?;
        let fraud = settings.fraud.clone();
        let fraud =
            fraud.map(|fraud| Fraud::open(&vault, Arc::clone(&clock), fraud)).transpose()?;
        Ok(Self {
            vault,
            desk,
            fraud: fraud.map(Arc::new),
            clock,
            settings,
            blocking: Blocking::default(),
            proving: tokio::sync::Semaphore::new(PROVING_MAX),
            answers,
            metrics: Metrics::default(),
            log,
            sending: Sending::default(),
            shelf,
            looking: Looking::default(),
            gateways: Gateways::default(),
            telling: Telling::default(),
            verified: Mutex::new(None),
            drilling: Mutex::new(()),
            is_changed: AtomicBool::new(false),
            boot,
            requests: AtomicU64::new(0),
        })
    }

    /// Writes a checkpoint of the access log if something happened since the last one.
    pub(crate) fn checkpoint(&self) -> Result<(), ServerError> {
        if self.is_changed.swap(false, Ordering::SeqCst)
            && let Err(error) = self.vault.checkpoint()
        {
            self.is_changed.store(true, Ordering::SeqCst);
            return Err(error.into());
        }
        Ok(())
    }

    /// The console's address, which passkeys are bound to.
    pub(crate) fn site(&self) -> Result<&Site, Problem> {
        Ok(self.settings.ways.site()?)
    }

    /// The company's identity provider.
    pub(crate) fn provider(&self) -> Result<&Provider, Problem> {
        Ok(self.settings.ways.provider()?)
    }

    fn request_name(&self) -> String {
        format!("{:08x}-{:x}", self.boot, self.requests.fetch_add(1, Ordering::Relaxed))
    }
}

/// The routes of one door with everything around them.
pub(crate) fn router(app: &Arc<App>, door: Door) -> Router {
    routes::all()
        .route_layer(from_fn_with_state(Arc::clone(app), gate))
        .fallback(nothing_here)
        .method_not_allowed_fallback(nothing_here)
        .layer(from_fn_with_state(Arc::clone(app), around))
        .layer(Extension(door))
        .with_state(Arc::clone(app))
}

/// What is answered where there is no route: at the public door, a page; at that for staff, the
/// console.
async fn nothing_here(
    Extension(door): Extension<Door>,
    method: Method,
    address: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    match door {
        Door::Staff => console::show(&method, address.path(), &headers),
        Door::Processor => Err(Problem::not_found()),
        Door::Public => public::nothing(),
    }
}

/// What every answer gets.
async fn around(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let started_us = app.clock.elapsed_us();
    let name = app.request_name();
    let method = request.method().as_str().to_owned();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let mut response = match tokio::time::timeout(ANSWER_TIME, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::busy().into_response(),
    };
    let took_us = app.clock.elapsed_us().saturating_sub(started_us);
    let status = response.status().as_u16();
    app.metrics.note(&method, &route, status, took_us);
    // Being busy is counted and no failure: a line for each would be one load more.
    if let Some(ForLog(text)) = response.extensions().get::<ForLog>()
        && status >= 500
        && status != 503
    {
        (app.log)(&format!("{name} {method} {route} {status} {text}"));
    }
    dress(&mut response, &name);
    response
}

/// Security headers (OWASP ASVS 5.0, chapter 3) and the request's name.
fn dress(response: &mut Response, name: &str) {
    let headers = response.headers_mut();
    for (header, value) in [
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000"),
    ] {
        // A page says more exactly what it may do.
        headers.entry(header).or_insert(HeaderValue::from_static(value));
    }
    if let Ok(name) = HeaderValue::from_str(name) {
        headers.insert(HeaderName::from_static("request-id"), name);
    }
}
