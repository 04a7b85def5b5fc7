//! Bodies and numbers that somebody sent. What is wrong with them is said by place, never by value.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use doldam_ground::Instant;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::problem::Problem;

/// A JSON body.
pub(crate) struct Input<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Input<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|_| Problem::bad_request("server.body", "the body cannot be read"))?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            let place = format!(
                "the body is not the JSON that is expected here: line {}, column {}",
                error.line(),
                error.column()
            );
            Problem::bad_request("server.json", place)
        })
    }
}

/// An id in the path.
pub(crate) struct Id<T>(pub(crate) T);

impl<T: std::str::FromStr, S: Send + Sync> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::not_found())?;
        text.parse().map(Self).map_err(|_| Problem::not_found())
    }
}

/// Two ids in the path, the outer one first.
pub(crate) struct Ids<A, B>(pub(crate) A, pub(crate) B);

impl<A, B, S> FromRequestParts<S> for Ids<A, B>
where
    A: std::str::FromStr,
    B: std::str::FromStr,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path((outer, inner)) = Path::<(String, String)>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::not_found())?;
        let outer = outer.parse().map_err(|_| Problem::not_found())?;
        inner.parse().map(|inner| Self(outer, inner)).map_err(|_| Problem::not_found())
    }
}

/// A moment that somebody wrote, RFC 3339; `what` names the field.
pub(crate) fn moment(what: &str, text: &str) -> Result<Instant, Problem> {
    Instant::parse(text, "UTC").map_err(|_| {
        Problem::bad_request("server.moment", format!("{what} is a time as in RFC 3339"))
    })
}

/// Where a list goes on, and how long a piece of it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    #[serde(default)]
    pub(crate) after: u32,
    #[serde(default = "Page::usual")]
    limit: u32,
}

impl Page {
    const fn usual() -> u32 {
        100
    }

    /// The length that is asked for, between 1 and 1,000.
    pub(crate) fn limit(&self) -> u32 {
        self.limit.clamp(1, 1_000)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Query::<Self>::from_request_parts(parts, state).await.map(|Query(page)| page).map_err(
            |_| Problem::bad_request("server.query", "a page has the numbers after and limit"),
        )
    }
}

/// What stands behind the question mark of an address.
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let found = Query::<T>::from_request_parts(parts, state).await;
        found.map(|Query(params)| Self(params)).map_err(|_| {
            Problem::bad_request("server.query", "what stands behind ? is not expected here")
        })
    }
}

/// A JSON answer.
pub(crate) fn json(status: u16, body: &impl Serialize) -> Result<Response, Problem> {
    let status = axum::http::StatusCode::from_u16(status)
        .map_err(|_| Problem::internal("an unknown status"))?;
    let text = serde_json::to_vec(body).map_err(|_| Problem::internal("an answer is no JSON"))?;
    let kind = [(axum::http::header::CONTENT_TYPE, "application/json")];
    Ok((status, kind, text).into_response())
}

/// A part of a list.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct List<T> {
    /// Always 1.
    pub(crate) schema: u32,
    /// The things.
    pub(crate) items: Vec<T>,
    /// Give this as `after` for what follows; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<u64>,
}

impl<T> List<T> {
    /// The whole of a list.
    pub(crate) const fn whole(items: Vec<T>) -> Self {
        Self { schema: 1, items, next: None }
    }

    /// A page: `last` is the number of its last item when it is full.
    pub(crate) fn page(items: Vec<T>, limit: u32, last: Option<u64>) -> Self {
        let is_full = u32::try_from(items.len()).is_ok_and(|count| count >= limit);
        Self { schema: 1, items, next: last.filter(|_| is_full) }
    }
}
