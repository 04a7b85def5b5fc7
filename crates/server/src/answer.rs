//! One effect for a request that is sent again: same key and same body, same answer.
//!
//! Each transaction that a request runs notes itself in its own commit (`store::access::rider`),
//! and the answer, sealed, is durable before it is sent. Requests under one key wait for each
//! other. So a repeated request meets one of three:
//!
//! - an *answer*: it is given again;
//! - *nothing*, or only transactions that may be run again: the act is done now;
//! - the transaction that the route is for, without an answer, because the process died in between:
//!   the act is done, and only its answer is made, from what it left behind ([`recovery`]).
//!
//! Whether an act is done and what it answers are decided by rows that were committed together, so
//! a death at any moment leaves one effect. A route takes part by one line in [`recovery`]. A
//! failure of the server (5xx) is no answer: nothing is kept, and the request may be sent again.
//!
//! [`recovery`]: crate::recovery

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64;
use doldam_ground::Pii;
use doldam_store::access::answer::{self, Earlier, Request};
use doldam_store::access::rider::Rider;
use doldam_vault::Vault;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::blocking;
use crate::principal::Sender;
use crate::problem::Problem;
use crate::recovery::{Done, Recovery};

/// Days for which an answer is kept.
const KEPT_DAYS: i64 = 1;
/// Largest answer that is kept.
const ANSWER_BYTES_MAX: usize = 4 << 20;
const SEAL_LABEL: &str = "answer";
/// Headers that belong to an answer.
const KEPT_HEADERS: [HeaderName; 2] = [header::CONTENT_TYPE, header::SET_COOKIE];

/// Which request this is.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Asked {
    pub(crate) actor: String,
    pub(crate) route: String,
    pub(crate) key: String,
}

impl Asked {
    fn row(&self) -> Request<'_> {
        Request { actor: &self.actor, route: &self.route, key: &self.key }
    }
}

/// The requests that run, by key, so that a second one waits for the first.
pub(crate) struct Answers {
    running: Mutex<HashMap<Asked, Arc<tokio::sync::Mutex<()>>>>,
    /// Held for reading by each effect; the last stop waits for all.
    pub(crate) effects: Arc<tokio::sync::RwLock<()>>,
    digest_key: [u8; 32],
}

/// Marks an answer that shows somebody: it is kept nowhere, so that nothing of a person outlives
/// their erasure. The same request is a new look when it is sent again, and the access log says so.
#[derive(Clone, Copy)]
pub(crate) struct Fleeting;

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Answers {
    pub(crate) fn new(vault: &Vault) -> Self {
        Self {
            running: Mutex::default(),
            effects: Arc::default(),
            digest_key: *vault.derive_key("doldam 1 request body", b""),
        }
    }

    /// A keyed hash, because a body may hold a passphrase.
    pub(crate) fn digest(&self, body: &[u8]) -> [u8; 32] {
        // The key comes first and has a fixed length; the outer hash closes length extension.
        let inner = Sha256::new().chain_update(self.digest_key).chain_update(body).finalize();
        Sha256::new().chain_update(self.digest_key).chain_update(inner).finalize().into()
    }

    fn turn(&self, asked: &Asked) -> Arc<tokio::sync::Mutex<()>> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|_, turn| Arc::strong_count(turn) > 1);
        Arc::clone(running.entry(asked.clone()).or_default())
    }
}

/// Answers a request once. It runs to its end even if its sender has gone.
pub(crate) async fn once(
    app: Arc<App>,
    asked: Asked,
    digest: [u8; 32],
    again: Again,
    run: impl Future<Output = Response> + Send + 'static,
) -> Response {
    let effect = Arc::clone(&app.answers.effects).read_owned().await;
    let task = tokio::spawn(blocking::inside(async move {
        let _effect = effect;
        let turn = app.answers.turn(&asked);
        let _turn = turn.lock().await;
        let asked = Arc::new(asked);
        let fresh = match earlier(&app, &asked, digest, again).await {
            Ok(Some(Met::Answered(response))) => return response,
            Ok(Some(Met::Recovered(response))) => Ok(response),
            Ok(None) => {
                let (store, came_at) = (app.vault.data(), app.vault.now());
                let rider = Arc::new(Rider::new(store, &asked.row(), digest, came_at));
                Ok(blocking::RIDER.scope(rider, run).await)
            }
            Err(problem) => Err(problem),
        };
        let kept = match fresh {
            Ok(response) => keep(&app, asked, digest, response).await,
            Err(problem) => Err(problem),
        };
        kept.unwrap_or_else(Problem::into_response)
    }));
    task.await.unwrap_or_else(|_| Problem::internal("an effect panicked").into_response())
}

/// What a request under a key that was used before meets.
enum Met {
    /// Its answer.
    Answered(Response),
    /// Its effect, with an answer that was made just now.
    Recovered(Response),
}

/// What it takes to answer a request whose act is done.
pub(crate) struct Again {
    /// How its route does it; `None` when nobody has said.
    pub(crate) recovery: Option<Recovery>,
    pub(crate) sender: Sender,
}

async fn earlier(
    app: &Arc<App>,
    asked: &Arc<Asked>,
    digest: [u8; 32],
    again: Again,
) -> Result<Option<Met>, Problem> {
    let asked = Arc::clone(asked);
    app.run(move |app| {
        let found = app.vault.data().read("answer.find", |tx| answer::find(tx, &asked.row()))?;
        let Some(found) = found else { return Ok(None) };
        if found.body_digest != digest {
            return Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "server.idempotency",
                "this Idempotency-Key was used for another body",
            ));
        }
        if let Some(sealed) = &found.sealed {
            let plain = app.vault.open_secret(SEAL_LABEL, &[], sealed)?;
            return restore(plain.expose()).map(Met::Answered).map(Some);
        }
        recover(app, &found, &again)
    })
    .await
}

/// Answers an act that is done. `None` when it is not.
fn recover(app: &App, found: &Earlier, again: &Again) -> Result<Option<Met>, Problem> {
    let Some(recovery) = &again.recovery else {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "server.in_doubt",
            "the server stopped while it did this; look whether it is done before you ask under \
             another key",
        ));
    };
    let done = found
        .effects
        .iter()
        .find(|effect| effect.transaction == recovery.transaction && effect.is_done());
    let Some(effect) = done else { return Ok(None) };
    let secret = match &found.secret {
        None => None,
        Some(sealed) => Some(app.vault.open_shown_once(sealed)?),
    };
    let done = Done { effect: effect.clone(), secret };
    (recovery.answer)(app, &again.sender, &done).map(Met::Recovered).map(Some)
}

/// Keeps an answer, then gives it. A failure of the server, a request that was turned away, or a
/// look at somebody is none.
async fn keep(
    app: &Arc<App>,
    asked: Arc<Asked>,
    digest: [u8; 32],
    response: Response,
) -> Result<Response, Problem> {
    let is_fleeting = response.extensions().get::<Fleeting>().is_some();
    let is_refused = response.status() == StatusCode::TOO_MANY_REQUESTS;
    if response.status().is_server_error() || is_refused || is_fleeting {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, ANSWER_BYTES_MAX)
        .await
        .map_err(|_| Problem::internal("an answer is too long to be kept"))?;
    let headers = KEPT_HEADERS
        .iter()
        .filter_map(|name| {
            let value = parts.headers.get(name)?.to_str().ok()?;
            Some((name.as_str().to_owned(), value.to_owned()))
        })
        .collect();
    let kept = Kept { status: parts.status.as_u16(), headers, body: BASE64.encode(&body) };
    let text = serde_json::to_vec(&kept).map_err(|_| Problem::internal("an answer is no JSON"))?;
    let text = Pii::new(text);
    app.run(move |app| {
        let sealed = app.vault.seal_secret(SEAL_LABEL, &[], text.expose());
        let now = app.vault.now();
        Ok(app.vault.data().write("answer.keep", move |tx| {
            answer::keep(tx, &asked.row(), &digest, &sealed, now)
        })?)
    })
    .await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// Forgets answers whose time is over.
pub(crate) fn sweep(app: &App) -> Result<(), Problem> {
    let before = app.vault.now().plus_days(-KEPT_DAYS);
    app.vault.data().write("answer.sweep", move |tx| answer::sweep(tx, before))?;
    Ok(())
}

fn restore(plain: &[u8]) -> Result<Response, Problem> {
    let broken = || Problem::internal("a kept answer cannot be read");
    let kept: Kept = serde_json::from_slice(plain).map_err(|_| broken())?;
    let body = BASE64.decode(kept.body.as_bytes()).map_err(|_| broken())?;
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(kept.status).map_err(|_| broken())?;
    for (name, value) in kept.headers {
        let name = name.parse::<HeaderName>().map_err(|_| broken())?;
        let value = HeaderValue::from_str(&value).map_err(|_| broken())?;
        response.headers_mut().append(name, value);
    }
    Ok(response)
}
