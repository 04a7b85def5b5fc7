//! Notices on the company's web site: what was shown, from when till when, and that it was there.
//!
//! The page is kept byte by byte, because a court asks what people could read on a certain day, and
//! not what a later program would make of the same facts.

use doldam_ground::Instant;
use doldam_ground::ids::IncidentId;

use crate::{Row, StoreError, Tx};

/// What is put up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPosting {
    /// What it is about.
    pub incident: IncidentId,
    /// Number of the notice that two people agreed to.
    pub draft: u32,
    /// SHA-256 of the words that they agreed to.
    pub draft_digest: [u8; 32],
    /// The day on which it is put up, in its zone: the first part of its address.
    pub day: String,
    /// JSON: its heading in each language.
    pub titles: String,
    /// The page as it is shown.
    pub page: String,
    /// SHA-256 of the page.
    pub page_digest: [u8; 32],
    /// Where its days are counted: an IANA name.
    pub zone: String,
    /// For how many whole days it must stand.
    pub days: u32,
    /// A staff name.
    pub posted_by: String,
    /// From when.
    pub posted_at: Instant,
    /// When its days are over.
    pub full_at: Instant,
}

/// That a posting was taken down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// A staff name.
    pub by: String,
    /// Why, without personal data.
    pub reason: String,
    /// When.
    pub at: Instant,
}

/// A posting as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Counts from 1.
    pub id: u32,
    /// The last part of its address.
    pub slug: String,
    /// What was put up.
    pub put_up: NewPosting,
    /// Its end; `None` while it stands.
    pub end: Option<End>,
}

/// A day of a posting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostingDay {
    /// The day in the posting's zone: 2026-11-23.
    pub day: String,
    /// How often it was given.
    pub served: u64,
    /// How often we looked for ourselves and found exactly the page.
    pub held: u64,
    /// How often we looked and did not.
    pub missed: u64,
}

/// Puts a page up; gives its number.
pub fn insert(tx: &mut Tx<'_>, new: &NewPosting) -> Result<u32, StoreError> {
    let id = tx
        .query_one("SELECT COALESCE(MAX(id), 0) + 1 FROM posting", &[], |row| row.get_u32(0))?
        .ok_or(StoreError::NotFound { what: "posting" })?;
    let slug = format!("{}-{id}", new.day);
    tx.execute(
        "INSERT INTO posting (id, incident_id, draft_seq, draft_digest, slug, titles, page,
           page_digest, zone, days, posted_by, posted_at_us, full_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        &[
            id.into(),
            new.incident.number().into(),
            new.draft.into(),
            (&new.draft_digest).into(),
            (&slug).into(),
            (&new.titles).into(),
            (&new.page).into(),
            (&new.page_digest).into(),
            (&new.zone).into(),
            new.days.into(),
            (&new.posted_by).into(),
            new.posted_at.micros().into(),
            new.full_at.micros().into(),
        ],
    )?;
    Ok(id)
}

/// One posting.
pub fn find(tx: &mut Tx<'_>, id: u32) -> Result<Option<Posting>, StoreError> {
    tx.query_one(
        "SELECT id, slug, incident_id, draft_seq, draft_digest, titles, page, page_digest, zone, days,
           posted_by, posted_at_us, full_at_us, ended_by, ended_reason, ended_at_us
         FROM posting WHERE id = ?1",
        &[id.into()],
        read,
    )
}

/// The postings of an incident, oldest first.
pub fn list(tx: &mut Tx<'_>, incident: IncidentId) -> Result<Vec<Posting>, StoreError> {
    tx.query(
        "SELECT id, slug, incident_id, draft_seq, draft_digest, titles, page, page_digest, zone, days,
           posted_by, posted_at_us, full_at_us, ended_by, ended_reason, ended_at_us
         FROM posting WHERE incident_id = ?1 ORDER BY id",
        &[incident.number().into()],
        read,
    )
}

/// The newest postings of all incidents, at most `limit`, newest first: those that stand and those
/// that were taken down.
pub fn newest(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<Posting>, StoreError> {
    tx.query(
        "SELECT id, slug, incident_id, draft_seq, draft_digest, titles, page, page_digest, zone, days,
           posted_by, posted_at_us, full_at_us, ended_by, ended_reason, ended_at_us
         FROM posting ORDER BY ended_at_us IS NOT NULL, id DESC LIMIT ?1",
        &[limit.into()],
        read,
    )
}

/// Takes a posting down.
///
/// Fails with [`StoreError::State`] when it was taken down before.
pub fn end(tx: &mut Tx<'_>, id: u32, end: &End) -> Result<(), StoreError> {
    let changed = tx.execute(
        "UPDATE posting SET ended_by = ?2, ended_reason = ?3, ended_at_us = ?4
         WHERE id = ?1 AND ended_at_us IS NULL",
        &[id.into(), (&end.by).into(), (&end.reason).into(), end.at.micros().into()],
    )?;
    if changed == 1 {
        return Ok(());
    }
    Err(StoreError::State { what: "the posting was taken down already" })
}

/// Adds to what is known of a day of a posting.
pub fn count(tx: &mut Tx<'_>, id: u32, more: &PostingDay) -> Result<(), StoreError> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    tx.execute(
        "INSERT INTO posting_day (posting_id, day, served, held, missed)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (posting_id, day) DO UPDATE SET served = posting_day.served + excluded.served,
           held = posting_day.held + excluded.held, missed = posting_day.missed + excluded.missed",
        &[
            id.into(),
            (&more.day).into(),
            number(more.served).into(),
            number(more.held).into(),
            number(more.missed).into(),
        ],
    )
    .map(drop)
}

/// The days of a posting on which something was counted, oldest first.
pub fn days(tx: &mut Tx<'_>, id: u32) -> Result<Vec<PostingDay>, StoreError> {
    tx.query(
        "SELECT day, served, held, missed FROM posting_day WHERE posting_id = ?1 ORDER BY day",
        &[id.into()],
        |row| {
            let number = |count: i64| u64::try_from(count).unwrap_or_default();
            Ok(PostingDay {
                day: row.get_text(0)?,
                served: number(row.get_int(1)?),
                held: number(row.get_int(2)?),
                missed: number(row.get_int(3)?),
            })
        },
    )
}

fn read(row: &Row<'_>) -> Result<Posting, StoreError> {
    let slug = row.get_text(1)?;
    let end = match row.get_optional_int(15)? {
        None => None,
        Some(at) => Some(End {
            by: row.get_text(13)?,
            reason: row.get_text(14)?,
            at: Instant::from_micros(at),
        }),
    };
    Ok(Posting {
        id: row.get_u32(0)?,
        put_up: NewPosting {
            incident: IncidentId::new(row.get_u32(2)?),
            draft: row.get_u32(3)?,
            draft_digest: row.get_array(4)?,
            day: slug.get(..10).unwrap_or_default().to_owned(),
            titles: row.get_text(5)?,
            page: row.get_text(6)?,
            page_digest: row.get_array(7)?,
            zone: row.get_text(8)?,
            days: row.get_u32(9)?,
            posted_by: row.get_text(10)?,
            posted_at: Instant::from_micros(row.get_int(11)?),
            full_at: Instant::from_micros(row.get_int(12)?),
        },
        slug,
        end,
    })
}
