//! The public door: notices for people whom nobody could reach, by a listener of its own.
//!
//! Nobody signs in here, nothing is looked up, and no data of a person is within reach: the pages
//! that stand are kept in memory, byte by byte as they were put up, and every other route answers
//! that it is not there. So a crowd that reads about a leak cannot keep those from their work who
//! contain it. How often a page was given is counted by the day; who asked is not kept. Once an hour
//! the server asks itself for each page over the network and notes whether it got exactly that.

mod look;
pub(crate) mod page;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::{BASE64, HEXLOWER};
use doldam_ground::deadline::Zone;
use doldam_ground::limits::POSTINGS_SHOWN_MAX;
use doldam_ground::{Instant, entropy};
use doldam_store::StoreError;
use doldam_store::posting::{self, Posting, PostingDay};
use doldam_vault::Vault;
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::problem::Problem;

pub(crate) use look::{LOOK_US, look};

/// How long a browser or a proxy may keep a page, so that one that is taken down is gone soon.
const KEPT: &str = "public, max-age=60";
/// The header by which our own look is told from a reader.
const OUR_LOOK: HeaderName = HeaderName::from_static("doldam-look");

/// The notices as they stand, and what was counted since it was last written down.
pub(crate) struct Shelf {
    stands: RwLock<Arc<BTreeMap<String, Shown>>>,
    counted: Mutex<BTreeMap<(u32, String), PostingDay>>,
    /// What our own look says; another one in each process.
    word: String,
}

/// A notice.
pub(crate) struct Shown {
    pub(crate) id: u32,
    pub(crate) entry: page::Entry,
    /// `None` once it was taken down.
    page: Option<Page>,
    zone: Option<Zone>,
}

struct Page {
    text: Bytes,
    digest: [u8; 32],
}

impl Shelf {
    /// The notices of a store.
    pub(crate) fn open(vault: &Vault) -> Result<Self, StoreError> {
        let word = entropy::bytes::<16>(&mut **vault.entropy());
        let shelf = Self {
            stands: RwLock::default(),
            counted: Mutex::default(),
            word: HEXLOWER.encode(&word),
        };
        shelf.reload(vault)?;
        Ok(shelf)
    }

    /// Reads what stands again, after something was put up or taken down.
    pub(crate) fn reload(&self, vault: &Vault) -> Result<(), StoreError> {
        let all =
            vault.data().read("posting.newest", |tx| posting::newest(tx, POSTINGS_SHOWN_MAX))?;
        let all = all.into_iter().map(|one| (one.slug.clone(), shown(one))).collect();
        *self.stands.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(all);
        Ok(())
    }

    fn all(&self) -> Arc<BTreeMap<String, Shown>> {
        Arc::clone(&self.stands.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds to the count of the day.
    fn count(&self, shown: &Shown, now: Instant, add: impl FnOnce(&mut PostingDay)) {
        let Some(zone) = &shown.zone else { return };
        let day = zone.day_of(now).to_string();
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (shown.id, day.clone());
        add(counted.entry(key).or_insert_with(|| PostingDay { day, ..PostingDay::default() }));
    }

    /// Writes down what was counted. What cannot be written is counted on.
    pub(crate) fn write_down(&self, vault: &Vault) -> Result<(), StoreError> {
        let counted =
            std::mem::take(&mut *self.counted.lock().unwrap_or_else(PoisonError::into_inner));
        if counted.is_empty() {
            return Ok(());
        }
        let rows = counted.clone();
        let written = vault.data().write("posting.count", move |tx| {
            rows.iter().try_for_each(|((id, _), more)| posting::count(tx, *id, more))
        });
        if let Err(error) = written {
            let mut held = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
            for (key, more) in counted {
                let day = held.entry(key).or_default();
                day.day = more.day;
                day.served += more.served;
                day.held += more.held;
                day.missed += more.missed;
            }
            return Err(error);
        }
        Ok(())
    }
}

fn shown(posting: Posting) -> Shown {
    let titles: BTreeMap<String, String> =
        serde_json::from_str(&posting.put_up.titles).unwrap_or_default();
    let title = |code: &str| titles.get(code).cloned().unwrap_or_default();
    let spoken = |language| {
        let day = posting.put_up.day.parse();
        day.map(|day| doldam_response::spoken::day(day, language)).unwrap_or_default()
    };
    Shown {
        id: posting.id,
        entry: page::Entry {
            korean: title("ko"),
            english: title("en"),
            korean_day: spoken(doldam_ground::locale::Language::Ko),
            english_day: spoken(doldam_ground::locale::Language::En),
            day: posting.put_up.day,
            slug: posting.slug,
        },
        zone: Zone::named(&posting.put_up.zone).ok(),
        page: posting.end.is_none().then(|| Page {
            text: Bytes::from(posting.put_up.page),
            digest: posting.put_up.page_digest,
        }),
    }
}

/// The list of the notices that stand, newest first.
pub(crate) fn list(app: &App) -> Result<Response, Problem> {
    let all = app.shelf.all();
    let mut standing: Vec<&Shown> = all.values().filter(|one| one.page.is_some()).collect();
    standing.sort_by_key(|one| std::cmp::Reverse(one.id));
    let rows: Vec<&page::Entry> = standing.into_iter().map(|one| &one.entry).collect();
    Ok(html(StatusCode::OK, page::notices(&rows)?.into()))
}

/// A notice: the page as it was put up, 304 for who has it, 410 when it was taken down.
pub(crate) fn show(app: &App, slug: &str, headers: &HeaderMap) -> Result<Response, Problem> {
    let all = app.shelf.all();
    let Some(shown) = all.get(slug) else { return nothing() };
    let Some(page) = &shown.page else {
        return Ok(html(StatusCode::GONE, page::over()?.into()));
    };
    let is_ours = headers.get(OUR_LOOK).is_some_and(|word| word == app.shelf.word.as_str());
    if !is_ours {
        app.shelf.count(shown, app.clock.now(), |day| day.served += 1);
    }
    let tag = format!("\"{}\"", HEXLOWER.encode(&page.digest));
    let has_it = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known == tag.as_str());
    let mut response = html(StatusCode::OK, page.text.clone());
    if has_it {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = axum::body::Body::empty();
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

/// What somebody is told who asks for anything else here.
pub(crate) fn nothing() -> Result<Response, Problem> {
    Ok(html(StatusCode::NOT_FOUND, page::nothing()?.into()))
}

/// A page that may do nothing but be read: its own style, by hash, and not one thing besides.
fn html(status: StatusCode, text: Bytes) -> Response {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'",
        BASE64.encode(&Sha256::digest(style_of(&text)))
    );
    let mut response = (status, text).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(KEPT));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The style of a page: of one that an older program wrote, its own.
fn style_of(page: &[u8]) -> &[u8] {
    let text = std::str::from_utf8(page).unwrap_or_default();
    let style = text.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>"));
    style.map_or(&[], |(style, _)| style.as_bytes())
}
