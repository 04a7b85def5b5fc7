//! One effect for a request that is sent again: same key and same body, same answer.
//!
//! A note that the request begins is durable before anything is done; the answer, sealed, is
//! durable before it is sent. Requests under one key wait for each other. A request whose process
//! died in between is *in doubt*: it is neither repeated nor forgotten, and a person looks.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64;
use doldam_ground::Pii;
use doldam_store::access::answer::{self, Request};
use doldam_vault::Vault;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::problem::Problem;

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
    run: impl Future<Output = Response> + Send + 'static,
) -> Response {
    let effect = Arc::clone(&app.answers.effects).read_owned().await;
    let task = tokio::spawn(async move {
        let _effect = effect;
        let turn = app.answers.turn(&asked);
        let _turn = turn.lock().await;
        match begin(&app, &asked, digest).await {
            Ok(Some(earlier)) => earlier,
            Ok(None) => finish(&app, asked, run.await).await.unwrap_or_else(Problem::into_response),
            Err(problem) => problem.into_response(),
        }
    });
    task.await.unwrap_or_else(|_| Problem::internal("an effect panicked").into_response())
}

async fn begin(
    app: &Arc<App>,
    asked: &Asked,
    digest: [u8; 32],
) -> Result<Option<Response>, Problem> {
    let asked = asked.clone();
    app.run(move |app| {
        let now = app.vault.now();
        let row = asked.clone();
        let earlier = app.vault.data().write("answer.begin", move |tx| {
            answer::sweep(tx, now.plus_days(-KEPT_DAYS))?;
            answer::begin(tx, &row.row(), &digest, now)
        })?;
        let Some(earlier) = earlier else { return Ok(None) };
        if earlier.body_digest != digest {
            return Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "server.idempotency",
                "this Idempotency-Key was used for another body",
            ));
        }
        let sealed = earlier.sealed.ok_or_else(|| {
            Problem::new(
                StatusCode::CONFLICT,
                "server.in_doubt",
                "the server stopped while it did this; look whether it is done before you ask \
                 under another key",
            )
        })?;
        let plain = app.vault.open_secret(SEAL_LABEL, &[], &sealed)?;
        Ok(Some(restore(plain.expose())?))
    })
    .await
}

async fn finish(app: &Arc<App>, asked: Asked, response: Response) -> Result<Response, Problem> {
    if response.status() == StatusCode::SERVICE_UNAVAILABLE
        || response.status() == StatusCode::TOO_MANY_REQUESTS
    {
        // Turned away before anything was done.
        return app
            .run(move |app| {
                app.vault
                    .data()
                    .write("answer.forget", move |tx| answer::forget(tx, &asked.row()))?;
                Ok(response)
            })
            .await;
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
        Ok(app
            .vault
            .data()
            .write("answer.finish", move |tx| answer::finish(tx, &asked.row(), &sealed))?)
    })
    .await?;
    Ok(Response::from_parts(parts, Body::from(body)))
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
