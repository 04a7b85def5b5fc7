//! Postings: a notice on the web site, put up and taken down by staff.

pub(crate) mod create;
pub(crate) mod end;
pub(crate) mod list;

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use doldam_ground::ids::IncidentId;
use doldam_response::posting::{self, PostingRecord};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::problem::Problem;

/// A notice on the web site and the record of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct PostingBody {
    /// Counts all postings from 1.
    number: u32,
    /// How a duty's clock names it as evidence: posting:1.
    evidence: String,
    /// Number of the notice whose words it shows.
    notice: u32,
    /// SHA-256 of the words that were agreed to, hexadecimal.
    digest: String,
    /// Where it is read, at the public door.
    path: String,
    /// Its heading in each language.
    titles: BTreeMap<String, String>,
    /// The page, byte by byte.
    page: String,
    /// SHA-256 of the page, hexadecimal.
    page_digest: String,
    /// Where its days are counted.
    zone: String,
    /// For how many whole days it must stand.
    days: u32,
    posted_by: String,
    posted_at: String,
    /// When its days are over.
    full_at: String,
    /// Whether it can be read now.
    is_standing: bool,
    ended_by: Option<String>,
    ended_reason: Option<String>,
    ended_at: Option<String>,
    /// What was counted, by day.
    record: Vec<PostingDayBody>,
}

/// A day of a posting, in its zone.
#[derive(Serialize, ToSchema)]
pub(crate) struct PostingDayBody {
    day: String,
    /// How often it was read.
    served: u64,
    /// How often we looked for ourselves and found exactly the page.
    held: u64,
    /// How often we looked and did not.
    missed: u64,
}

impl From<PostingRecord> for PostingBody {
    fn from(record: PostingRecord) -> Self {
        let (posting, put_up) = (record.posting.clone(), record.posting.put_up);
        let (ended_by, ended_reason, ended_at) = posting
            .end
            .map_or((None, None, None), |end| (Some(end.by), Some(end.reason), Some(end.at)));
        Self {
            number: posting.id,
            evidence: format!("posting:{}", posting.id),
            notice: put_up.draft,
            digest: HEXLOWER.encode(&put_up.draft_digest),
            path: format!("/notices/{}", posting.slug),
            titles: serde_json::from_str(&put_up.titles).unwrap_or_default(),
            page: put_up.page,
            page_digest: HEXLOWER.encode(&put_up.page_digest),
            zone: put_up.zone,
            days: put_up.days,
            posted_by: put_up.posted_by,
            posted_at: put_up.posted_at.to_rfc3339(),
            full_at: put_up.full_at.to_rfc3339(),
            is_standing: ended_at.is_none(),
            ended_by,
            ended_reason,
            ended_at: ended_at.map(doldam_ground::Instant::to_rfc3339),
            record: record
                .days
                .into_iter()
                .map(|day| PostingDayBody {
                    day: day.day,
                    served: day.served,
                    held: day.held,
                    missed: day.missed,
                })
                .collect(),
        }
    }
}

/// A posting of an incident as it stands now.
fn shown(app: &App, id: IncidentId, number: u32) -> Result<PostingBody, Problem> {
    let all = posting::list(&app.vault, id)?;
    let found = all.into_iter().find(|one| one.posting.id == number);
    found.map(PostingBody::from).ok_or_else(Problem::not_found)
}
