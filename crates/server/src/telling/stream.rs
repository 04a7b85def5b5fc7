//! One open stream of events: `text/event-stream` of the WHATWG HTML standard, 9.2.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use doldam_store::audit;
use http_body::Frame;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc, watch};

use super::{Event, Telling, held};
use crate::app::App;
use crate::blocking::inside;
use crate::permission::Role;
use crate::principal::SignedIn;
use crate::problem::Problem;
use crate::sign_in;

/// Between two signs of life; proxies hang up on a silence of a minute.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// Between two looks at whether the session still holds.
const SESSION_LOOK: Duration = Duration::from_secs(2);
/// Pieces that wait for a slow reader.
const WAITING_MAX: usize = 16;
/// Milliseconds after which a browser comes again.
const AGAIN_MS: u32 = 2_000;

/// Who listens to what.
pub(crate) struct Listener {
    pub(crate) role: Role,
    /// The session's digest: the stream ends with it.
    pub(crate) digest: [u8; 32],
    /// The nouns and ids that the page cares for; empty for all.
    pub(crate) words: Vec<String>,
    /// The last event that the page saw before it was cut off.
    pub(crate) last: Option<u64>,
}

/// Opens a stream. 429 and 503 when too many are open.
pub(crate) async fn open(
    app: &Arc<App>,
    staff: &SignedIn,
    listener: Listener,
) -> Result<Body, Problem> {
    let place = Telling::place(app, staff.session.staff)?;
    let events = app.telling.events.subscribe();
    let newest = app
        .run(|app| {
            let newest = app.vault.data().read("audit.head", audit::head)?.seq;
            held(&app.telling.seen).get_or_insert(newest);
            Ok(newest)
        })
        .await?;
    let (sender, receiver) = mpsc::channel(WAITING_MAX);
    let missed = listener.last.is_some_and(|last| last != newest);
    let first = if missed { look_again(Some(newest)) } else { format!("id: {newest}\n\n").into() };
    let ended = app.telling.ended.subscribe();
    let line = Line { app: Arc::clone(app), listener, events, sender, ended };
    let opening = [format!("retry: {AGAIN_MS}\n").into_bytes(), first.to_vec()].concat();
    tokio::spawn(async move {
        let _place = place;
        line.run(opening.into()).await;
    });
    Ok(Body::new(Receiving(receiver)))
}

struct Line {
    app: Arc<App>,
    listener: Listener,
    events: broadcast::Receiver<Arc<Event>>,
    sender: mpsc::Sender<Bytes>,
    ended: watch::Receiver<bool>,
}

impl Line {
    /// Sends until the reader goes, the session ends, or the server stops.
    async fn run(mut self, opening: Bytes) {
        let mut life = tokio::time::interval(SIGN_OF_LIFE);
        let mut session = tokio::time::interval(SESSION_LOOK);
        life.tick().await;
        session.tick().await;
        let mut next = Some(opening);
        loop {
            if let Some(bytes) = next.take() {
                // A reader that takes nothing is let go; it comes again.
                let sent = tokio::time::timeout(SIGN_OF_LIFE, self.sender.send(bytes)).await;
                if !matches!(sent, Ok(Ok(()))) {
                    return;
                }
            }
            next = tokio::select! {
                () = until_end(&mut self.ended) => return,
                () = self.sender.closed() => return,
                _ = session.tick() => {
                    if !self.holds().await {
                        return;
                    }
                    None
                }
                _ = life.tick() => Some(Bytes::from_static(b": here\n\n")),
                told = self.events.recv() => match told {
                    Ok(event) => {
                        if event.noun == "session" || event.noun == "staff" {
                            session.reset_immediately();
                        }
                        self.piece(&event)
                    }
                    Err(RecvError::Lagged(_)) => Some(look_again(None)),
                    Err(RecvError::Closed) => return,
                },
            };
        }
    }

    /// Whether the session still holds. A server that cannot tell right now asks again.
    async fn holds(&self) -> bool {
        let digest = self.listener.digest;
        let held = inside(self.app.run(move |app| sign_in::holds(app, digest))).await;
        held.unwrap_or(true)
    }

    fn piece(&self, event: &Event) -> Option<Bytes> {
        let wanted = event.is_for(self.listener.role) && event.is_about(&self.listener.words);
        wanted.then(|| piece(event.seq, &event.data))
    }
}

/// Waits until the server ends all streams.
async fn until_end(ended: &mut watch::Receiver<bool>) {
    // An error says that the server is gone, which is an end too.
    let _ = ended.wait_for(|ended| *ended).await;
}

fn piece(seq: Option<u64>, data: &Value) -> Bytes {
    let id = seq.map_or_else(String::new, |seq| format!("id: {seq}\n"));
    format!("{id}data: {data}\n\n").into()
}

/// The page missed something.
fn look_again(seq: Option<u64>) -> Bytes {
    piece(seq, &json!({ "noun": "stream", "what": "stream.look-again", "ids": [] }))
}

/// The pieces as the body of an answer.
struct Receiving(mpsc::Receiver<Bytes>);

impl http_body::Body for Receiving {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.0.poll_recv(context).map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}
