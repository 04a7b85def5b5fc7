//! `GET /api/v1/fraud/lists/{name}`

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use doldam_fraud::FraudError;
use doldam_fraud::list::Member;
use doldam_ground::Instant;
use doldam_ground::mask::mask;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::input::{List, Page, json};
use crate::problem::{Problem, ProblemBody};

/// Somebody or something on a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct ListMember {
    /// Its key, masked: it stands for a person.
    key: String,
    /// From when on it counts no more.
    until: Option<String>,
    /// What put it there.
    reference: Option<String>,
}

impl From<Member> for ListMember {
    fn from(member: Member) -> Self {
        Self {
            key: mask(&member.key),
            until: member.until.map(Instant::to_rfc3339),
            reference: member.reference.map(String::from),
        }
    }
}

/// Who stands on a list, in the order of the keys.
#[utoipa::path(get, path = "/api/v1/fraud/lists/{name}", tag = "fraud",
    params(("name" = String, Path, description = "the list"),
           ("after" = Option<u32>, Query, description = "`next` of the page before"),
           ("limit" = Option<u32>, Query, description = "up to 1,000; 100 if left out")),
    responses((status = 200, description = "members", body = List<ListMember>),
              (status = 404, description = "no such list, or fraud detection is off",
               body = ProblemBody)))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    page: Page,
) -> Result<Response, Problem> {
    app.run(move |app| {
        let all = app.fraud()?.desk.look(move |engine| {
            let place = engine.setup().list(&name)?;
            Some(engine.lists().members(place))
        })?;
        let all = all.ok_or(FraudError::UnknownList)?;
        let (count, after) = (all.len(), usize::try_from(page.after).unwrap_or(usize::MAX));
        let limit = usize::try_from(page.limit()).unwrap_or(usize::MAX);
        let items = all.into_iter().skip(after).take(limit).map(ListMember::from).collect();
        let end = after.saturating_add(limit);
        let next = (end < count).then_some(end as u64);
        json(200, &List { schema: 1, items, next })
    })
    .await
}
