//! TLS at the doors: what is spoken, what is refused, how a certificate is renewed.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use doldam_ground::Instant;
use doldam_server::app::App;
use doldam_server::tls::TlsError;
use doldam_server::{
    CertificateFiles, Certificates, ReloadSwitch, Server, ServerError, Settings, StopSwitch,
};
use doldam_vault::{Newcomer, Vault};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion,
};
use serde_json::json;

use crate::client::Ask;
use crate::world::{World, actor};

type Stream = StreamOwned<ClientConnection, TcpStream>;

/// Writes a certificate for `localhost` that holds over these years, and its key.
fn issue(folder: &Path, years: [i32; 2]) -> (CertificateFiles, CertificateDer<'static>) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    [params.not_before, params.not_after] = years.map(|year| date_time_ymd(year, 1, 1));
    let certificate = params.self_signed(&key).unwrap();
    let files =
        CertificateFiles { certificate: folder.join("door.pem"), key: folder.join("door.key") };
    fs::write(&files.certificate, certificate.pem()).unwrap();
    fs::write(&files.key, key.serialize_pem()).unwrap();
    (files, certificate.der().clone())
}

/// A server whose doors speak TLS.
struct Guarded {
    vault: Arc<Vault>,
    staff: SocketAddr,
    processors: SocketAddr,
    log: Arc<Mutex<Vec<String>>>,
    reload: ReloadSwitch,
    stop: StopSwitch,
    thread: Option<JoinHandle<Result<(), ServerError>>>,
}

impl Guarded {
    fn start(world: &World, staff: CertificateFiles, processors: Option<CertificateFiles>) -> Self {
        let vault = world.create(1);
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let log = Arc::new(Mutex::new(Vec::new()));
        let lines = Arc::clone(&log);
        let server = bind(
            world,
            &vault,
            any,
            Certificates { staff: Some(staff), processors },
            Arc::new(move |line: &str| lines.lock().unwrap().push(line.to_owned())),
        );
        let server = server.unwrap();
        let (staff, processors) = server.addresses().unwrap();
        let (reload, stop) = (server.reload_switch(), server.stop_switch());
        let thread = Some(std::thread::spawn(move || server.run(false)));
        Self { vault, staff, processors, log, reload, stop, thread }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.stop.stop();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn bind(
    world: &World,
    vault: &Arc<Vault>,
    staff: SocketAddr,
    certificates: Certificates,
    log: Arc<dyn Fn(&str) + Send + Sync>,
) -> Result<Server, ServerError> {
    let processors = SocketAddr::from(([127, 0, 0, 1], 0));
    let settings = Settings {
        staff,
        processors,
        public: processors,
        trusted_proxy: None,
        channels: Arc::default(),
        ways: Arc::default(),
        fraud: None,
    };
    let app = App::new(Arc::clone(vault), world.clock.clone(), settings, log)?;
    Server::bind_with(app, certificates)
}

fn try_connect(
    to: SocketAddr,
    root: &CertificateDer<'static>,
    version: &'static SupportedProtocolVersion,
) -> Result<Stream, std::io::Error> {
    let mut roots = RootCertStore::empty();
    roots.add(root.clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let client = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let stream = TcpStream::connect(to).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut stream = StreamOwned::new(client, stream);
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock)?;
    }
    Ok(stream)
}

fn connect(to: SocketAddr, root: &CertificateDer<'static>) -> Stream {
    try_connect(to, root, &rustls::version::TLS13).unwrap()
}

#[test]
fn staff_sign_in_over_tls_with_a_cookie_that_stays_on_it() {
    let world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let (files, root) = issue(folder.path(), [2020, 2090]);
    let guarded = Guarded::start(&world, files, None);
    let newcomer = Newcomer {
        name: "jisu".to_owned(),
        role: "privacy-officer".to_owned(),
        scope: None,
        expires_at: None,
    };
    let (_, password) = guarded.vault.staff_invite(&newcomer, &actor()).unwrap();
    let body = json!({ "name": "jisu", "secret": password.expose() });
    let ask = Ask::post("/api/v1/sessions", "sign-1", &body);
    let opened = ask.send_over(&mut connect(guarded.staff, &root)).expect(201);
    let cookie = opened.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-doldam="), "the browser binds it to this host");
    for part in ["; Path=/;", "; Secure", "; HttpOnly", "; SameSite=Strict"] {
        assert!(cookie.contains(part), "{part}");
    }
    assert!(!cookie.contains("Domain"), "a __Host- cookie has none");
    assert_eq!(opened.header("strict-transport-security"), Some("max-age=63072000"));
    let me = |version| {
        let ask = Ask::get("/api/v1/sessions/current");
        let ask = ask.header("cookie", &format!("__Host-doldam={}", opened.token()));
        ask.send_over(&mut try_connect(guarded.staff, &root, version).unwrap()).status
    };
    assert_eq!((me(&rustls::version::TLS13), me(&rustls::version::TLS12)), (200, 200));
    // The other door has no certificate: it speaks in clear, and promises no TLS.
    let clear = Ask::get("/healthz").send(guarded.processors).expect(200);
    assert_eq!(clear.header("strict-transport-security"), None);
}

#[test]
fn whoever_speaks_in_clear_is_told_to_speak_tls() {
    let world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let (files, _) = issue(folder.path(), [2020, 2090]);
    let guarded = Guarded::start(&world, files.clone(), Some(files));
    for door in [guarded.staff, guarded.processors] {
        let long = vec![b'x'; 50_000];
        let ask = Ask::new("POST", "/api/v1/sessions").body(&long);
        let answer = ask.send(door).expect(400);
        assert_eq!(answer.json()["code"], "server.speak_tls");
        let mut rubbish = TcpStream::connect(door).unwrap();
        rubbish.write_all(&[HANDSHAKE, 3, 1, 0xFF, 0xFF, 0, 0]).unwrap();
        rubbish.shutdown(std::net::Shutdown::Write).unwrap();
        let mut end = Vec::new();
        let _ = rubbish.read_to_end(&mut end);
        assert!(!end.starts_with(b"HTTP"), "a handshake that is none gets no HTTP");
    }
}

const HANDSHAKE: u8 = 22;

#[test]
#[expect(clippy::disallowed_methods, reason = "it is the time limit that is tested")]
fn whoever_says_nothing_is_not_waited_for() {
    let world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let (files, root) = issue(folder.path(), [2020, 2090]);
    let guarded = Guarded::start(&world, files, None);
    let started = std::time::Instant::now();
    let silent = TcpStream::connect(guarded.staff).unwrap();
    let mut half = TcpStream::connect(guarded.staff).unwrap();
    half.write_all(&[HANDSHAKE, 3, 1, 2]).unwrap();
    for mut stream in [silent, half] {
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        // Others come in meanwhile.
        Ask::get("/healthz").send_over(&mut connect(guarded.staff, &root)).expect(200);
        let end = stream.read(&mut [0; 100]);
        assert!(end.is_ok_and(|count| count == 0), "it is closed");
        let waited = started.elapsed();
        assert!((5..30).contains(&waited.as_secs()), "{waited:?}");
    }
}

#[test]
fn a_certificate_that_does_not_hold_is_refused_at_the_start() {
    let world = World::new();
    let vault = world.create(1);
    let start = |staff: CertificateFiles| {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let certificates = Certificates { staff: Some(staff), processors: None };
        let error = bind(&world, &vault, any, certificates, Arc::new(|_: &str| ())).err();
        match error.expect("it is refused") {
            ServerError::Tls(error) => error,
            other => panic!("{other}"),
        }
    };
    let folder = tempfile::tempdir().unwrap();
    let (files, _) = issue(folder.path(), [2020, 2026]);
    let expired = start(files.clone());
    assert!(matches!(expired, TlsError::Expired { .. }));
    assert!(expired.to_string().contains("ran out on 2026-01-01T00:00:00Z"), "{expired}");
    let (_, _) = issue(folder.path(), [2027, 2090]);
    assert!(matches!(start(files.clone()), TlsError::Early { .. }));
    let mine = fs::read(&files.key).unwrap();
    let (_, _) = issue(folder.path(), [2020, 2090]);
    fs::write(&files.key, mine).unwrap();
    let other = start(files.clone());
    assert!(matches!(other, TlsError::Mismatch { .. }), "{other}");
    fs::remove_file(&files.key).unwrap();
    let missing = start(files);
    assert_eq!(missing.code(), "server.certificate_unreadable");
    assert!(missing.to_string().contains("door.key"));
}

#[test]
fn with_a_certificate_other_machines_may_be_let_in() {
    let world = World::new();
    let vault = world.create(1);
    let folder = tempfile::tempdir().unwrap();
    let (files, _) = issue(folder.path(), [2020, 2090]);
    let open = SocketAddr::from(([0, 0, 0, 0], 0));
    let start = |staff, processors| {
        let certificates = Certificates { staff, processors };
        bind(&world, &vault, open, certificates, Arc::new(|_: &str| ()))
    };
    assert!(start(Some(files.clone()), None).is_ok());
    let other_door_only = start(None, Some(files)).err();
    assert!(matches!(other_door_only, Some(ServerError::Plain { .. })));
}

#[test]
fn a_renewed_certificate_is_used_without_a_stop() {
    let world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let (files, first) = issue(folder.path(), [2020, 2090]);
    let guarded = Guarded::start(&world, files.clone(), None);
    let health = Ask::get("/healthz");
    let mut running = connect(guarded.staff, &first);
    let (_, second) = issue(folder.path(), [2020, 2091]);
    fs::write(&files.key, "half of a").unwrap();
    guarded.reload.reload();
    health.send_over(&mut connect(guarded.staff, &first)).expect(200);
    let (_, third) = issue(folder.path(), [2020, 2092]);
    guarded.reload.reload();
    health.send_over(&mut connect(guarded.staff, &third)).expect(200);
    for old in [first, second] {
        assert!(try_connect(guarded.staff, &old, &rustls::version::TLS13).is_err());
    }
    health.send_over(&mut running).expect(200);
    let log = guarded.log.lock().unwrap().clone();
    let until = Instant::parse("2092-01-01", "UTC").unwrap();
    assert_eq!(log.len(), 2, "{log:?}");
    assert!(log[0].contains("the old one stays") && log[0].contains("door.key"), "{log:?}");
    assert_eq!(log[1], format!("certificate: read again, holds until {until}"));
}
