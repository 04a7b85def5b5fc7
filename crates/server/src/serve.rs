//! Listening: two doors, connections that can be ended from outside, and a stop that finishes what
//! runs.

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use crate::app::{App, router};
use crate::blocking::THREADS_MAX;
use crate::error::ServerError;
use crate::permission::Door;
use crate::principal::Connection;

/// Most connections at a time, per door.
const CONNECTIONS_MAX: usize = 512;
/// Longest that a request's head may take to arrive.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// Longest that running requests are waited for at the stop.
const STOP_TIME: Duration = Duration::from_secs(30);
/// Between two checkpoints of the access log.
const CHECKPOINT_TIME: Duration = Duration::from_secs(10);

/// A server whose ports are taken already. Nobody is answered before [`Server::run`].
pub struct Server {
    app: Arc<App>,
    staff: StdListener,
    processors: StdListener,
    stop: watch::Sender<bool>,
}

/// Stops a server from anywhere.
#[derive(Clone)]
pub struct StopSwitch(watch::Sender<bool>);

impl StopSwitch {
    /// No new connection is taken; what runs is finished.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Server {
    /// Takes the ports. Refuses an address that others can reach in clear, unless a trusted proxy
    /// is named.
    pub fn bind(app: App) -> Result<Self, ServerError> {
        let staff = listen(&app, app.settings.staff)?;
        let processors = listen(&app, app.settings.processors)?;
        Ok(Self { app: Arc::new(app), staff, processors, stop: watch::Sender::new(false) })
    }

    /// Where staff and where processors are listened to: port 0 has become a real one.
    pub fn addresses(&self) -> Result<(SocketAddr, SocketAddr), ServerError> {
        let system = |error: io::Error| ServerError::System(error.kind());
        Ok((
            self.staff.local_addr().map_err(system)?,
            self.processors.local_addr().map_err(system)?,
        ))
    }

    /// The switch that stops it.
    pub fn stop_switch(&self) -> StopSwitch {
        StopSwitch(self.stop.clone())
    }

    /// Answers until it is stopped by the switch or, with `signals`, by SIGTERM or SIGINT. The last
    /// thing it does is a checkpoint of the access log.
    pub fn run(self, signals: bool) -> Result<(), ServerError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .worker_threads(2)
            .max_blocking_threads(THREADS_MAX)
            .build()
            .map_err(|error| ServerError::System(error.kind()))?;
        let app = Arc::clone(&self.app);
        let answered = runtime.block_on(self.answer(signals));
        runtime.shutdown_timeout(STOP_TIME);
        answered?;
        app.checkpoint()
    }

    async fn answer(self, signals: bool) -> Result<(), ServerError> {
        if signals {
            on_signals(&StopSwitch(self.stop.clone()))?;
        }
        let mut doors = JoinSet::new();
        for (listener, door) in [(self.staff, Door::Staff), (self.processors, Door::Processor)] {
            let listener =
                TcpListener::from_std(listener).map_err(|e| ServerError::System(e.kind()))?;
            doors.spawn(accept(listener, router(&self.app, door), self.stop.subscribe()));
        }
        let keeper = tokio::spawn(keep_checkpoints(Arc::clone(&self.app)));
        while doors.join_next().await.is_some() {}
        keeper.abort();
        // Effects run on although their sender has gone: the last one ends before we do.
        let effects = Arc::clone(&self.app.answers.effects);
        let _ = tokio::time::timeout(STOP_TIME, effects.write_owned()).await;
        Ok(())
    }
}

fn listen(app: &App, address: SocketAddr) -> Result<StdListener, ServerError> {
    if !address.ip().is_loopback() && app.settings.trusted_proxy.is_none() {
        return Err(ServerError::Plain { address });
    }
    let listener = StdListener::bind(address)
        .map_err(|error| ServerError::Listen { address, kind: error.kind() })?;
    listener.set_nonblocking(true).map_err(|error| ServerError::System(error.kind()))?;
    Ok(listener)
}

fn on_signals(switch: &StopSwitch) -> Result<(), ServerError> {
    use tokio::signal::unix::{SignalKind, signal};
    for kind in [SignalKind::terminate(), SignalKind::interrupt()] {
        let mut stream = signal(kind).map_err(|error| ServerError::System(error.kind()))?;
        let switch = switch.clone();
        tokio::spawn(async move {
            stream.recv().await;
            switch.stop();
        });
    }
    Ok(())
}

async fn keep_checkpoints(app: Arc<App>) {
    loop {
        tokio::time::sleep(CHECKPOINT_TIME).await;
        let done = app.run(|app| Ok(app.checkpoint())).await;
        if let Ok(Err(error)) = done {
            (app.log)(&format!("checkpoint: {error}"));
        }
    }
}

/// Takes connections until the stop, then waits for those that run.
async fn accept(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut connections = JoinSet::new();
    loop {
        let place = tokio::select! {
            _ = stop.wait_for(|stopped| *stopped) => break,
            place = Arc::clone(&places).acquire_owned() => place,
        };
        let Ok(place) = place else { break };
        let accepted = tokio::select! {
            _ = stop.wait_for(|stopped| *stopped) => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, peer)) = accepted else {
            // Too many open files: wait for one to be closed.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (router, stop) = (router.clone(), stop.clone());
        connections.spawn(async move {
            serve_connection(stream, peer, router, stop).await;
            drop(place);
        });
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(STOP_TIME, all).await;
}

async fn serve_connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    mut stop: watch::Receiver<bool>,
) {
    let end = Arc::new(Notify::new());
    let connection = Arc::new(Connection { peer: peer.ip(), end: Arc::clone(&end) });
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Arc::clone(&connection));
        let router = router.clone();
        async move { Ok::<_, Infallible>(router.oneshot(request).await.unwrap_or_else(|e| match e {})) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(64 << 10)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(served);
    let mut is_stopping = false;
    loop {
        tokio::select! {
            // A broken connection is its sender's affair.
            _ = served.as_mut() => return,
            // A cut: what was sent is sent, and not one byte more.
            () = end.notified() => return,
            _ = stop.wait_for(|stopped| *stopped), if !is_stopping => {
                is_stopping = true;
                served.as_mut().graceful_shutdown();
            }
        }
    }
}
