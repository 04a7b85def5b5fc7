//! Listening: three doors, in TLS or on this machine only, connections that can be ended from
//! outside, and a stop that finishes what runs.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use doldam_vault::VaultError;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use crate::answer::sweep;
use crate::app::{App, router};
use crate::blocking::{THREADS_MAX, inside};
use crate::error::ServerError;
use crate::messages::Messages;
use crate::permission::Door;
use crate::principal::Connection;
use crate::public::{LOOK_US, look};
use crate::sending::Sending;
use crate::telling::keep_telling;
use crate::tls::{CertificateFiles, Certificates, Identity};

/// Most connections at a time, per door; all doors together stay below the usual 1,024 open files.
const CONNECTIONS_MAX: usize = 384;
/// Most connections beyond those that are told to come again, per door.
const TURNED_AWAY_MAX: usize = 64;
/// Both at the public door: a page is small and gone in a moment, and a crowd there must not take
/// the other doors' files.
const PUBLIC_PLACES: Places = Places { taken: 48, turned_away: 16 };
/// Longest that one of them is waited for.
const TURNING_AWAY_TIME: Duration = Duration::from_secs(1);
/// What they are told: nothing was done.
const COME_AGAIN: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\n\
    content-type: application/problem+json\r\ncontent-length: 104\r\nconnection: close\r\n\r\n\
    {\"type\":\"about:blank\",\"status\":503,\"code\":\"server.busy\",\
    \"detail\":\"the server is busy; nothing was done\"}";
/// Longest that a request's head may take to arrive.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// Longest that running requests are waited for at the stop.
const STOP_TIME: Duration = Duration::from_secs(30);
/// Between two checkpoints of the access log.
const CHECKPOINT_TIME: Duration = Duration::from_secs(10);

/// A server whose ports are taken already. Nobody is answered before [`Server::run`].
pub struct Server {
    app: Arc<App>,
    staff: Doorway,
    processors: Doorway,
    public: Doorway,
    stop: watch::Sender<bool>,
}

/// A port that is taken and what is spoken there.
struct Doorway {
    listener: StdListener,
    identity: Option<Arc<Identity>>,
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

/// Makes a server read its certificates again.
#[derive(Clone)]
pub struct ReloadSwitch {
    app: Arc<App>,
    identities: Vec<Arc<Identity>>,
}

impl ReloadSwitch {
    /// Reads each certificate again, for connections from now on, and says in the log how that
    /// went. One that cannot be used changes nothing.
    pub fn reload(&self) {
        for identity in &self.identities {
            match identity.reload(self.app.clock.now()) {
                Ok(validity) => {
                    (self.app.log)(&format!(
                        "certificate: read again, holds until {}",
                        validity.until
                    ));
                }
                Err(error) => (self.app.log)(&format!("certificate: the old one stays: {error}")),
            }
        }
    }
}

impl Server {
    /// Takes the ports and speaks HTTP in clear there. Refuses an address that others can reach,
    /// unless a trusted proxy is named.
    pub fn bind(app: App) -> Result<Self, ServerError> {
        Self::bind_with(app, Certificates::default())
    }

    /// Takes the ports and speaks TLS where there is a certificate for it. Refuses a certificate
    /// that does not hold now, and an address that others can reach in clear.
    pub fn bind_with(app: App, certificates: Certificates) -> Result<Self, ServerError> {
        let staff = open(&app, app.settings.staff, certificates.staff)?;
        let processors = open(&app, app.settings.processors, certificates.processors)?;
        let public = open(&app, app.settings.public, None)?;
        Ok(Self { app: Arc::new(app), staff, processors, public, stop: watch::Sender::new(false) })
    }

    /// Where staff and where processors are listened to: port 0 has become a real one.
    pub fn addresses(&self) -> Result<(SocketAddr, SocketAddr), ServerError> {
        let system = |error: io::Error| ServerError::System(error.kind());
        Ok((
            self.staff.listener.local_addr().map_err(system)?,
            self.processors.listener.local_addr().map_err(system)?,
        ))
    }

    /// Where readers of notices are listened to.
    pub fn public_address(&self) -> Result<SocketAddr, ServerError> {
        let address = self.public.listener.local_addr();
        address.map_err(|error| ServerError::System(error.kind()))
    }

    /// The switch that stops it.
    pub fn stop_switch(&self) -> StopSwitch {
        StopSwitch(self.stop.clone())
    }

    /// The switch by which it reads its certificates again.
    pub fn reload_switch(&self) -> ReloadSwitch {
        let identities = [&self.staff, &self.processors].into_iter();
        let identities = identities.filter_map(|doorway| doorway.identity.clone()).collect();
        ReloadSwitch { app: Arc::clone(&self.app), identities }
    }

    /// Answers until it is stopped by the switch or, with `signals`, by SIGTERM or SIGINT; with
    /// certificates, SIGHUP reads them again. The last thing it does is a checkpoint of the access
    /// log.
    pub fn run(self, signals: bool) -> Result<(), ServerError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .worker_threads(2)
            .max_blocking_threads(THREADS_MAX)
            .build()
            .map_err(|error| ServerError::System(error.kind()))?;
        let app = Arc::clone(&self.app);
        Sending::resume(&app)?;
        let messages = Messages::start(&app)?;
        let answered = runtime.block_on(self.answer(signals));
        app.sending.stop();
        messages.stop();
        runtime.shutdown_timeout(STOP_TIME);
        answered?;
        app.shelf.write_down(&app.vault).map_err(VaultError::from)?;
        app.checkpoint()
    }

    async fn answer(self, signals: bool) -> Result<(), ServerError> {
        if signals {
            on_signals(&self.stop_switch())?;
            on_hang_up(self.reload_switch())?;
        }
        let mut doors = JoinSet::new();
        let public = self.public_address()?;
        for (doorway, door) in [
            (self.staff, Door::Staff),
            (self.processors, Door::Processor),
            (self.public, Door::Public),
        ] {
            let listener = TcpListener::from_std(doorway.listener)
                .map_err(|error| ServerError::System(error.kind()))?;
            let room = Room {
                router: router(&self.app, door),
                places: Places::at(door),
                identity: doorway.identity,
                trusted_proxy: self.app.settings.trusted_proxy,
                stop: self.stop.subscribe(),
            };
            doors.spawn(accept(listener, room));
        }
        let keeper = tokio::spawn(keep_checkpoints(Arc::clone(&self.app)));
        let looker = tokio::spawn(keep_looking(Arc::clone(&self.app), public));
        let teller = tokio::spawn(keep_telling(Arc::clone(&self.app), self.stop.subscribe()));
        while doors.join_next().await.is_some() {}
        keeper.abort();
        teller.abort();
        looker.abort();
        // Effects run on although their sender has gone: the last one ends before we do.
        let effects = Arc::clone(&self.app.answers.effects);
        let _ = tokio::time::timeout(STOP_TIME, effects.write_owned()).await;
        Ok(())
    }
}

fn open(
    app: &App,
    address: SocketAddr,
    files: Option<CertificateFiles>,
) -> Result<Doorway, ServerError> {
    let is_open = files.is_none() && app.settings.trusted_proxy.is_none();
    if is_open && !address.ip().is_loopback() {
        return Err(ServerError::Plain { address });
    }
    let now = app.clock.now();
    let identity = files.map(|files| Identity::load(files, now)).transpose()?.map(Arc::new);
    let listener = StdListener::bind(address)
        .map_err(|error| ServerError::Listen { address, kind: error.kind() })?;
    listener.set_nonblocking(true).map_err(|error| ServerError::System(error.kind()))?;
    Ok(Doorway { listener, identity })
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

/// Without a certificate a hang-up ends the process, as it ends any other.
fn on_hang_up(switch: ReloadSwitch) -> Result<(), ServerError> {
    use tokio::signal::unix::{SignalKind, signal};
    if switch.identities.is_empty() {
        return Ok(());
    }
    let mut stream =
        signal(SignalKind::hangup()).map_err(|error| ServerError::System(error.kind()))?;
    tokio::spawn(async move {
        while stream.recv().await.is_some() {
            let switch = switch.clone();
            // A panic in there was printed, and the old certificate stays.
            let _ = tokio::task::spawn_blocking(move || switch.reload()).await;
        }
    });
    Ok(())
}

async fn keep_checkpoints(app: Arc<App>) {
    loop {
        tokio::time::sleep(CHECKPOINT_TIME).await;
        if let Err(problem) = inside(app.run(sweep)).await {
            (app.log)(&format!("answers that are over: {}", problem.for_log()));
        }
        if let Err(problem) = inside(app.run(App::keep_measures)).await {
            (app.log)(&format!("temporary measures: {}", problem.for_log()));
        }
        let done = app.run(|app| Ok(app.checkpoint())).await;
        if let Ok(Err(error)) = done {
            (app.log)(&format!("checkpoint: {error}"));
        }
        let sending = Arc::clone(&app);
        let resumed = tokio::task::spawn_blocking(move || Sending::resume(&sending)).await;
        if let Ok(Err(error)) = resumed {
            (app.log)(&format!("notices on their way: {error}"));
        }
    }
}

/// Looks at each notice on the web site once an hour and writes down what was counted.
async fn keep_looking(app: Arc<App>, door: SocketAddr) {
    let mut looked_us = None;
    loop {
        let now_us = app.clock.elapsed_us();
        if looked_us.is_none_or(|looked_us: u64| now_us.saturating_sub(looked_us) >= LOOK_US) {
            looked_us = Some(now_us);
            look(&app, door).await;
        }
        tokio::time::sleep(CHECKPOINT_TIME).await;
        let written = app.run(|app| Ok(app.shelf.write_down(&app.vault)?)).await;
        if let Err(problem) = written {
            (app.log)(&format!("notices on the web site: {}", problem.for_log()));
        }
    }
}

/// How many connections a door has at a time, and how many more it tells to come again.
#[derive(Clone, Copy)]
struct Places {
    taken: usize,
    turned_away: usize,
}

impl Places {
    fn at(door: Door) -> Self {
        match door {
            Door::Public => PUBLIC_PLACES,
            _ => Self { taken: CONNECTIONS_MAX, turned_away: TURNED_AWAY_MAX },
        }
    }
}

/// What every connection of a door gets.
#[derive(Clone)]
struct Room {
    router: Router,
    places: Places,
    identity: Option<Arc<Identity>>,
    trusted_proxy: Option<IpAddr>,
    stop: watch::Receiver<bool>,
}

/// Takes connections until the stop, then waits for those that run.
async fn accept(listener: TcpListener, room: Room) {
    let mut stop = room.stop.clone();
    let places = Arc::new(Semaphore::new(room.places.taken));
    let turned_away = Arc::new(Semaphore::new(room.places.turned_away));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            _ = stop.wait_for(|stopped| *stopped) => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, peer)) = accepted else {
            // Too many open files: wait for one to be closed.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // While as many are being turned away as may be, the next one waits in the system's queue.
        tokio::select! {
            biased;
            place = Arc::clone(&places).acquire_owned() => {
                let room = room.clone();
                connections.spawn(async move {
                    receive(stream, peer.ip(), room).await;
                    drop(place);
                });
            }
            place = Arc::clone(&turned_away).acquire_owned() => {
                let told = turn_away(stream, room.identity.is_none());
                connections.spawn(async move {
                    let _ = tokio::time::timeout(TURNING_AWAY_TIME, told).await;
                    drop(place);
                });
            }
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(STOP_TIME, all).await;
}

/// Tells one connection too many to come again, instead of letting it wait for nobody knows how
/// long. In TLS it is only closed: a greeting costs more than an answer.
async fn turn_away(mut stream: TcpStream, is_clear: bool) {
    if !is_clear {
        return;
    }
    // What was sent is read first: closing over unread bytes would take the answer back.
    let mut sent = [0; 4096];
    let _ = stream.read(&mut sent).await;
    let _ = stream.write_all(COME_AGAIN).await;
    let _ = stream.shutdown().await;
    while stream.read(&mut sent).await.is_ok_and(|bytes| bytes > 0) {}
}

/// One connection: the greeting, then HTTP.
async fn receive(stream: TcpStream, peer: IpAddr, mut room: Room) {
    let Some(identity) = room.identity.take() else {
        return converse(stream, peer, false, room).await;
    };
    let greeted = tokio::select! {
        // Nothing was asked yet.
        _ = room.stop.wait_for(|stopped| *stopped) => return,
        greeted = identity.greet(stream) => greeted,
    };
    if let Some(stream) = greeted {
        converse(stream, peer, true, room).await;
    }
}

async fn converse<S>(stream: S, peer: IpAddr, is_tls: bool, room: Room)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Room { router, trusted_proxy, mut stop, .. } = room;
    let end = Arc::new(Notify::new());
    let connection = Arc::new(Connection { peer, end: Arc::clone(&end), is_tls });
    let is_private = is_tls || trusted_proxy == Some(peer);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Arc::clone(&connection));
        let router = router.clone();
        async move {
            let answered = router.oneshot(request).await;
            let mut response = answered.unwrap_or_else(|never| match never {});
            if !is_private {
                // RFC 6797, 7.2: not over a connection in clear.
                response.headers_mut().remove(header::STRICT_TRANSPORT_SECURITY);
            }
            Ok::<_, Infallible>(response)
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_to_one_connection_too_many_is_as_long_as_it_says() {
        let text = std::str::from_utf8(COME_AGAIN).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{}", body.len());
    }
}
