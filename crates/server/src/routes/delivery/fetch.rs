//! `GET /api/v1/deliveries/{id}/file`
//!
//! The file is opened a piece at a time, only when the receiver has taken the one before: a slow
//! receiver holds no thread, and a cut stops it between two pieces.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use std::sync::Arc;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use doldam_ground::ids::DeliveryId;
use doldam_processors::Fetching;
use http_body::Frame;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::input::Id;
use crate::principal::{Principal, Sender};
use crate::problem::{Problem, ProblemBody};

/// Bytes of a piece.
const PIECE_BYTES: usize = 64 << 10;

/// The file of a delivery: CSV.
#[utoipa::path(get, path = "/api/v1/deliveries/{id}/file", tag = "processors",
    params(("id" = String, Path, description = "V-1")),
    responses((status = 200, description = "the file", body = String, content_type = "text/csv"),
              (status = 404, description = "no such delivery", body = ProblemBody),
              (status = 410, description = "its term has ended", body = ProblemBody)))]
pub(crate) async fn fetch(
    State(app): State<Arc<App>>,
    Extension(sender): Extension<Sender>,
    Id(id): Id<DeliveryId>,
) -> Result<Response, Problem> {
    let Principal::Program(caller) = sender.principal.clone() else {
        return Err(Problem::unauthorised());
    };
    let fetching = app.run(move |app| Ok(app.desk.fetch(id, &caller, &sender.actor())?)).await?;
    let (number, bytes) = (fetching.number, fetching.delivery.bytes);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_LENGTH, bytes.to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{id}.csv\"")),
    ];
    let body = Pieces { app, number, left: bytes, step: Step::Idle(Some(Box::new(fetching))) };
    Ok((headers, Body::new(body)).into_response())
}

struct Pieces {
    app: Arc<App>,
    number: u32,
    left: u64,
    step: Step,
}

type Read = (Box<Fetching>, io::Result<Vec<u8>>);

enum Step {
    Idle(Option<Box<Fetching>>),
    Reading(JoinHandle<Read>),
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        if let Step::Idle(idle) = &mut self.step {
            let Some(mut fetching) = idle.take() else { return Poll::Ready(None) };
            self.step = Step::Reading(tokio::task::spawn_blocking(move || {
                let read = fetching.next_bytes(PIECE_BYTES);
                (fetching, read)
            }));
        }
        let Step::Reading(task) = &mut self.step else { return Poll::Ready(None) };
        let Poll::Ready(done) = Pin::new(task).poll(context) else { return Poll::Pending };
        let (fetching, read) = done.map_err(io::Error::other)?;
        self.step = Step::Idle(Some(fetching));
        let piece = read?;
        if piece.is_empty() {
            return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())));
        }
        self.left = self.left.saturating_sub(piece.len() as u64);
        Poll::Ready(Some(Ok(Frame::data(piece.into()))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> http_body::SizeHint {
        http_body::SizeHint::with_exact(self.left)
    }
}

impl Drop for Pieces {
    /// Notes how the fetch ended, wherever it ended.
    fn drop(&mut self) {
        let (app, number, is_whole) = (Arc::clone(&self.app), self.number, self.left == 0);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn_blocking(move || {
                if let Err(error) = app.desk.fetch_ended(number, is_whole) {
                    (app.log)(&format!("fetch {number}: {error}"));
                }
            });
        }
    }
}
