//! Those who call: each on a connection of its own, one request after the other, without a pause.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use doldam_ground::ids::ApiKeyId;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::house::{House, Served};
use crate::now;

/// Longest that an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// What came of calls.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) by_key: u64,
    pub(crate) looks: u64,
    pub(crate) writes: u64,
    /// 503.
    pub(crate) refused: u64,
    pub(crate) refused_without_retry: u64,
    /// Everything else: no answer, another status.
    pub(crate) failed: u64,
    /// Of what was answered.
    latencies_us: Vec<u32>,
}

impl Tally {
    pub(crate) fn answered(&self) -> u64 {
        self.by_key + self.looks + self.writes
    }

    pub(crate) fn share(&self, part: u64) -> u64 {
        (part * 100 + self.answered() / 2) / self.answered().max(1)
    }

    pub(crate) fn percentile_us(&self, percent: usize) -> u32 {
        let place = self.latencies_us.len() * percent / 100;
        self.latencies_us
            .get(place.min(self.latencies_us.len().saturating_sub(1)))
            .map_or(0, |us| *us)
    }

    fn add(&mut self, other: Self) {
        self.by_key += other.by_key;
        self.looks += other.looks;
        self.writes += other.writes;
        self.refused += other.refused;
        self.refused_without_retry += other.refused_without_retry;
        self.failed += other.failed;
        self.latencies_us.extend(other.latencies_us);
    }
}

/// What a request is.
#[derive(Clone, Copy)]
enum Sort {
    ByKey,
    Look,
    Issue,
    Revoke(ApiKeyId),
}

/// All callers.
pub(crate) struct Callers {
    token: String,
    keys: Vec<(String, String)>,
    staff: SocketAddr,
    processors: SocketAddr,
    numbers: AtomicU64,
    /// Keys that were made (false) and revoked (true), by the server's word.
    acknowledged: Mutex<Vec<(ApiKeyId, bool)>>,
}

impl Callers {
    pub(crate) fn new(house: &House, served: &Served) -> Self {
        let keys = house.processors.iter().map(|(id, key)| (id.to_string(), key.clone()));
        Self {
            token: house.token.clone(),
            keys: keys.collect(),
            staff: served.staff,
            processors: served.processors,
            numbers: AtomicU64::new(0),
            acknowledged: Mutex::default(),
        }
    }

    /// So many callers for so long.
    pub(crate) async fn call(self: &Arc<Self>, callers: usize, length: Duration) -> Tally {
        let end = now() + length;
        let mut all = JoinSet::new();
        for caller in 0..callers {
            let callers = Arc::clone(self);
            all.spawn(async move { callers.one(caller, end).await });
        }
        let mut sum = Tally::default();
        while let Some(tally) = all.join_next().await {
            sum.add(tally.unwrap_or_default());
        }
        sum.latencies_us.sort_unstable();
        sum
    }

    pub(crate) fn acknowledged(&self) -> Vec<(ApiKeyId, bool)> {
        self.acknowledged.lock().map(|held| held.clone()).unwrap_or_default()
    }

    /// Of ten requests three are by key, three look, three make a key and one revokes one.
    async fn one(&self, caller: usize, end: Instant) -> Tally {
        let mut tally = Tally::default();
        let (mut staff, mut processors) = (Line::new(self.staff), Line::new(self.processors));
        let mut made = Vec::new();
        let mut turn = caller;
        while now() < end {
            turn += 1;
            let sort = match turn % 10 {
                0 | 3 | 6 => Sort::ByKey,
                1 | 4 | 7 => Sort::Look,
                9 => made.pop().map_or(Sort::Issue, Sort::Revoke),
                _ => Sort::Issue,
            };
            let request = self.request(sort, turn, caller);
            let line = if matches!(sort, Sort::ByKey) { &mut processors } else { &mut staff };
            let begun = now();
            let answer = tokio::time::timeout(PATIENCE, line.ask(&request)).await;
            let us = u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX);
            self.note(&mut tally, sort, answer.ok().flatten(), us, &mut made);
        }
        tally
    }

    fn request(&self, sort: Sort, turn: usize, caller: usize) -> String {
        let (processor, key) = &self.keys[caller % self.keys.len()];
        let by = format!("cookie: doldam={}", self.token);
        let get =
            |path: &str, who: &str| format!("GET {path} HTTP/1.1\r\nhost: x\r\n{who}\r\n\r\n");
        let post = |path: &str, body: &str| {
            let number = self.numbers.fetch_add(1, Ordering::Relaxed);
            format!(
                "POST {path} HTTP/1.1\r\nhost: x\r\n{by}\r\nidempotency-key: load-{number}\r\n\
                 content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
        };
        match sort {
            Sort::ByKey => get("/api/v1/deliveries", &format!("authorization: Bearer {key}")),
            Sort::Look if turn % 20 < 10 => get(&format!("/api/v1/processors/{processor}"), &by),
            Sort::Look => get("/api/v1/audit?limit=20", &by),
            Sort::Issue => post(
                &format!("/api/v1/processors/{processor}/api-keys"),
                "{\"scopes\":[\"sandbox:read\"],\"days\":3}",
            ),
            Sort::Revoke(id) => {
                post(&format!("/api/v1/api-keys/{id}/revoke"), "{\"reason\":\"it is not needed\"}")
            }
        }
    }

    fn note(
        &self,
        tally: &mut Tally,
        sort: Sort,
        answer: Option<Answer>,
        us: u32,
        made: &mut Vec<ApiKeyId>,
    ) {
        let Some(answer) = answer else {
            tally.failed += 1;
            return;
        };
        if answer.status == 503 {
            tally.refused += 1;
            tally.refused_without_retry += u64::from(!answer.says_when);
            if let Sort::Revoke(id) = sort {
                made.push(id);
            }
            return;
        }
        let acknowledged = match (sort, answer.status) {
            (Sort::ByKey, 200) => {
                tally.by_key += 1;
                None
            }
            (Sort::Look, 200) => {
                tally.looks += 1;
                None
            }
            (Sort::Issue, 201) => answer.id.inspect(|id| made.push(*id)).map(|id| (id, false)),
            (Sort::Revoke(id), 204) => Some((id, true)),
            _ => {
                tally.failed += 1;
                return;
            }
        };
        tally.latencies_us.push(us);
        if let Some(one) = acknowledged {
            tally.writes += 1;
            if let Ok(mut held) = self.acknowledged.lock() {
                held.push(one);
            }
        }
    }
}

struct Answer {
    status: u16,
    /// Whether it has a Retry-After.
    says_when: bool,
    /// The id of a key that was made.
    id: Option<ApiKeyId>,
}

/// A connection that is opened again when it ends.
struct Line {
    to: SocketAddr,
    stream: Option<TcpStream>,
    held: Vec<u8>,
}

impl Line {
    const fn new(to: SocketAddr) -> Self {
        Self { to, stream: None, held: Vec::new() }
    }

    async fn ask(&mut self, request: &str) -> Option<Answer> {
        let answer = self.try_ask(request).await;
        if answer.is_none() {
            self.stream = None;
        }
        answer
    }

    async fn try_ask(&mut self, request: &str) -> Option<Answer> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(self.to).await.ok()?;
            stream.set_nodelay(true).ok()?;
            self.stream = Some(stream);
        }
        let stream = self.stream.as_mut()?;
        stream.write_all(request.as_bytes()).await.ok()?;
        self.held.clear();
        let end = loop {
            if let Some(end) = self.held.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            if stream.read_buf(&mut self.held).await.ok()? == 0 {
                return None;
            }
        };
        let head = String::from_utf8_lossy(&self.held[..end]).to_ascii_lowercase();
        let status = head.get(9..12)?.parse().ok()?;
        let header = |name: &str| head.split("\r\n").find_map(|line| line.strip_prefix(name));
        let length: usize = header("content-length: ").map_or(Some(0), |text| text.parse().ok())?;
        while self.held.len() < end + length {
            if stream.read_buf(&mut self.held).await.ok()? == 0 {
                return None;
            }
        }
        let body = String::from_utf8_lossy(&self.held[end..]);
        let id =
            body.split("\"id\":\"").nth(1).and_then(|text| text.split('"').next()?.parse().ok());
        let answer = Answer { status, says_when: header("retry-after: ").is_some(), id };
        if header("connection: close").is_some() {
            self.stream = None;
        }
        Some(answer)
    }
}
