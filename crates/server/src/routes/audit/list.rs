//! `GET /api/v1/audit`

use std::sync::Arc;

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::response::Response;
use doldam_store::Tx;
use doldam_store::audit::{self, AuditRow, Wanted};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{List, json, moment};
use crate::problem::{Problem, ProblemBody};

/// A row of the access log.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditBody {
    seq: u64,
    at: String,
    actor: String,
    origin: String,
    action: String,
    object: String,
    purpose: String,
    subjects: u32,
    /// Hash of the row, hexadecimal.
    hash: String,
}

impl From<AuditRow> for AuditBody {
    fn from(row: AuditRow) -> Self {
        Self {
            seq: row.seq,
            at: row.at.to_rfc3339(),
            actor: row.actor,
            origin: row.origin,
            action: row.action,
            object: row.object,
            purpose: row.purpose,
            subjects: row.subject_count,
            hash: data_encoding::HEXLOWER.encode(&row.hash),
        }
    }
}

/// What is looked for.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Query {
    order: Order,
    after: u64,
    limit: Option<u32>,
    actor: Option<String>,
    action: Option<String>,
    object: Option<String>,
    from: Option<String>,
    until: Option<String>,
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Order {
    #[default]
    Oldest,
    Newest,
}

impl Query {
    fn wanted(&self) -> Result<Wanted, Problem> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let at = |what, text: &Option<String>| given(text).map(|it| moment(what, &it)).transpose();
        Ok(Wanted {
            actor: given(&self.actor),
            action: given(&self.action),
            object: given(&self.object),
            from: at("from", &self.from)?,
            until: at("until", &self.until)?,
        })
    }

    fn narrows(&self) -> bool {
        [&self.actor, &self.action, &self.object, &self.from, &self.until]
            .into_iter()
            .any(|text| text.as_ref().is_some_and(|text| !text.is_empty()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let asked = axum::extract::Query::<Self>::from_request_parts(parts, state).await;
        asked.map(|axum::extract::Query(query)| query).map_err(|_| {
            let why = "a search of the log has order, after, limit, actor, action, object, from \
                       and until";
            Problem::bad_request("server.query", why)
        })
    }
}

/// The access log, oldest first, or what is wanted of it, newest first. A search looks through
/// 200,000 rows at a time: while there is a `next`, there may be more, even after an empty page.
#[utoipa::path(get, path = "/api/v1/audit", tag = "staff",
    params(("order" = Option<String>, Query, description = "oldest, or newest, in which one may search"),
           ("after" = Option<u64>, Query, description = "the row after which to go on, in that order"),
           ("limit" = Option<u32>, Query, description = "how many, up to 1,000"),
           ("actor" = Option<String>, Query, description = "who, exactly"),
           ("action" = Option<String>, Query,
            description = "what: subject.reveal, or with a dot at the end all of a noun: subject."),
           ("object" = Option<String>, Query, description = "on what, by one of its words: P-1 finds P-1 C-4"),
           ("from" = Option<String>, Query, description = "not earlier than, RFC 3339"),
           ("until" = Option<String>, Query, description = "earlier than, RFC 3339")),
    responses((status = 200, description = "rows", body = List<AuditBody>),
              (status = 400, description = "not a search", body = ProblemBody)))]
pub(crate) async fn list(State(app): State<Arc<App>>, query: Query) -> Result<Response, Problem> {
    app.run(move |app| {
        let limit = query.limit.unwrap_or(100).clamp(1, 1_000);
        if query.order == Order::Oldest {
            return oldest(app, &query, limit);
        }
        let (wanted, before) = (query.wanted()?, (query.after > 0).then_some(query.after));
        let search = |tx: &mut Tx<'_>| audit::search(tx, &wanted, before, limit);
        let found = app.vault.data().read("audit.search", search)?;
        let items = found.rows.into_iter().map(AuditBody::from).collect();
        json(200, &List { schema: 1, items, next: found.before })
    })
    .await
}

fn oldest(app: &App, query: &Query, limit: u32) -> Result<Response, Problem> {
    if query.narrows() {
        return Err(Problem::bad_request("server.query", "a search goes with order=newest"));
    }
    let rows = app.vault.data().read("audit.list", |tx| audit::rows(tx, query.after, limit))?;
    let last = rows.last().map(|row| row.seq);
    json(200, &List::page(rows.into_iter().map(AuditBody::from).collect(), limit, last))
}
