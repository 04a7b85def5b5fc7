//! The gate before every route: who is it, may they, was it answered before.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use doldam_processors::access::Pass;
use http_body::{Body as _, Frame, SizeHint};

use crate::answer::{Again, Asked, once};
use crate::app::App;
use crate::blocking::inside;
use crate::permission::{Door, Rule, UPLOAD, Who, rule};
use crate::principal::{Connection, Principal, Sender};
use crate::problem::Problem;
use crate::recovery::recovery;
use crate::sign_in;

/// Longest Idempotency-Key, in characters.
const KEY_CHARACTERS_MAX: usize = 128;
/// The purpose of a trace; part of what a repeated request must repeat.
pub(crate) const PURPOSE: &str = "doldam-purpose";

/// The gate.
pub(crate) async fn gate(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match enter(app, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn enter(app: Arc<App>, mut request: Request, next: Next) -> Result<Response, Problem> {
    let door = *request.extensions().get::<Door>().ok_or_else(Problem::forbidden)?;
    let rule = matched_rule(&request).ok_or_else(Problem::forbidden)?;
    if !rule.doors.contains(&door) {
        return Err(Problem::not_found());
    }
    refuse_other_sites(door, &request)?;
    let (address, is_private) = address(&app, &request);
    // Where anybody may, an old cookie must not keep anybody out.
    let principal = if rule.may.contains(&Who::Anybody) {
        Principal::Nobody
    } else {
        principal(&app, door, request.headers()).await?
    };
    if !principal.kinds().into_iter().chain([Who::Anybody]).any(|who| rule.lets_in(door, who)) {
        return Err(match principal {
            Principal::Nobody => Problem::unauthorised(),
            Principal::Staff(_) | Principal::Program(_) => Problem::forbidden(),
        });
    }
    let pass = pass(&app, &principal, &request)?;
    let asked = asked(rule, &principal, &request)?;
    let sender = Sender { principal, address, is_private };
    request.extensions_mut().insert(sender.clone());
    let (parts, body) = request.into_parts();
    let body = read_body(rule, &parts.headers, body).await?;
    let response = match asked {
        // Health must be told however busy the server is.
        None if rule.may.contains(&Who::Anybody) => {
            next.run(Request::from_parts(parts, Body::from(body))).await
        }
        None => {
            let _place = app.place()?;
            inside(next.run(Request::from_parts(parts, Body::from(body)))).await
        }
        Some(asked) => {
            let purpose = parts.headers.get(PURPOSE).map_or(&[][..], HeaderValue::as_bytes);
            // Another browser is not given the answer to this one's way in.
            let ticket = sign_in::ticket_of(&parts.headers);
            let digest =
                app.answers.digest(&[purpose, b"\0", ticket.as_bytes(), b"\0", &body].concat());
            app.is_changed.store(true, Ordering::SeqCst);
            let place = app.place()?;
            let again = Again { recovery: recovery(rule.path), sender };
            let run = next.run(Request::from_parts(parts, Body::from(body)));
            let run = async move {
                let _place = place;
                run.await
            };
            once(Arc::clone(&app), asked, digest, again, run).await
        }
    };
    Ok(match pass {
        Some(pass) => guard(response, pass),
        None => response,
    })
}

fn matched_rule(request: &Request) -> Option<&'static Rule> {
    let path = request.extensions().get::<MatchedPath>()?;
    let method = if request.method() == Method::HEAD { "GET" } else { request.method().as_str() };
    rule(method, path.as_str())
}

/// Another site's page must not act with a browser's cookie (Fetch Metadata; the cookie is also
/// SameSite=Strict).
fn refuse_other_sites(door: Door, request: &Request) -> Result<(), Problem> {
    let site = request.headers().get("sec-fetch-site").map(HeaderValue::as_bytes);
    let is_ours = matches!(site, None | Some(b"same-origin" | b"none"));
    if door == Door::Staff && !request.method().is_safe() && !is_ours {
        return Err(Problem::forbidden());
    }
    Ok(())
}

/// From where a request really came, and whether TLS is spoken there: to us, or to the trusted
/// proxy.
fn address(app: &App, request: &Request) -> (String, bool) {
    let connection = request.extensions().get::<Arc<Connection>>();
    let Some(connection) = connection else { return ("unknown".to_owned(), false) };
    let peer = connection.peer;
    if app.settings.trusted_proxy != Some(peer) {
        return (peer.to_string(), connection.is_tls);
    }
    let said = request
        .headers()
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.rsplit(',').next()?.trim().parse::<std::net::IpAddr>().ok());
    (said.unwrap_or(peer).to_string(), true)
}

/// Who sends a cookie or a key. None at all is nobody; one that does not work is refused.
async fn principal(app: &Arc<App>, door: Door, headers: &HeaderMap) -> Result<Principal, Problem> {
    match door {
        Door::Staff => match sign_in::token_of(headers) {
            Some(token) => sign_in::signed_in(app, token).await,
            None => Ok(Principal::Nobody),
        },
        Door::Processor => {
            let Some(value) = headers.get(header::AUTHORIZATION) else {
                return Ok(Principal::Nobody);
            };
            let key = value.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
            let key = key.ok_or_else(Problem::unauthorised)?.to_owned();
            let caller = app.run(move |app| Ok(app.desk.keys().authenticate(&key)?)).await?;
            caller.map(Principal::Program).ok_or_else(Problem::unauthorised)
        }
        Door::Public => Ok(Principal::Nobody),
    }
}

/// A program's request is let in by a pass, so that a cut can stop it.
fn pass(app: &App, principal: &Principal, request: &Request) -> Result<Option<Pass>, Problem> {
    let Principal::Program(caller) = principal else { return Ok(None) };
    let connection = request.extensions().get::<Arc<Connection>>();
    let end = connection.map(|connection| Arc::clone(&connection.end)).unwrap_or_default();
    app.desk
        .running()
        .enter(caller.processor, caller.key, move || end.notify_one())
        .map(Some)
        .ok_or_else(Problem::unauthorised)
}

/// Under which key a request with an effect is answered once.
fn asked(rule: &Rule, principal: &Principal, request: &Request) -> Result<Option<Asked>, Problem> {
    if !rule.needs_key() {
        return Ok(None);
    }
    let key = request.headers().get("idempotency-key").and_then(|value| value.to_str().ok());
    let key = key.filter(|key| (1..=KEY_CHARACTERS_MAX).contains(&key.len())).ok_or_else(|| {
        Problem::bad_request(
            "server.idempotency",
            "send a header Idempotency-Key of 1 to 128 characters, another one for each act",
        )
    })?;
    let route = format!("{} {}", rule.method, request.uri());
    Ok(Some(Asked { actor: principal.name(), route, key: key.to_owned() }))
}

async fn read_body(rule: &Rule, headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    let is_json = rule.body_bytes_max < UPLOAD;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let says_json = kind.is_some_and(|kind| {
        kind.split(';').next().is_some_and(|kind| kind.trim() == "application/json")
    });
    let too_large = || {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "server.body",
            format!("the body is longer than {} bytes, or broke off", rule.body_bytes_max),
        )
    };
    if body.size_hint().lower() > rule.body_bytes_max as u64 {
        return Err(too_large());
    }
    let bytes = to_bytes(body, rule.body_bytes_max).await.map_err(|_| too_large())?;
    if is_json && !bytes.is_empty() && !says_json {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "server.body",
            "the body must be application/json",
        ));
    }
    Ok(bytes)
}

/// Keeps the pass until the last byte is sent, and breaks off when it was taken away.
fn guard(response: Response, pass: Pass) -> Response {
    response.map(|body| Body::new(Guarded { body, pass }))
}

struct Guarded {
    body: Body,
    pass: Pass,
}

impl http_body::Body for Guarded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.pass.is_stopped() {
            return Poll::Ready(Some(Err(axum::Error::new("access was cut off"))));
        }
        std::pin::Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
