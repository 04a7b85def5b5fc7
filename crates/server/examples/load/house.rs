//! The folder that is served, the process that serves it, and what stands in it afterwards.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use doldam_ground::ids::{ApiKeyId, ProcessorId};
use doldam_ground::locale::Language;
use doldam_ground::{Clock, Instant};
use doldam_processors::{Processors, Scope};
use doldam_server::app::App;
use doldam_server::{Channels, Server, Settings};
use doldam_store::access::session;
use doldam_store::staff;
use doldam_synthetic::Seed;
use doldam_vault::keyring::Passphrase;
use doldam_vault::{Actor, Place, Vault};
use sha2::{Digest as _, Sha256};

const PASSPHRASE: &str = "correct horse battery staple";
const PROCESSORS: usize = 8;
const TOKEN: &str = "a session token of a measurement";
/// Clock ticks a second of the figures in /proc (USER_HZ, 100 on every Linux).
const TICKS: u64 = 100;

struct MachineClock(std::time::Instant);

impl Clock for MachineClock {
    #[expect(clippy::disallowed_methods, reason = "a measurement needs the real time")]
    fn now(&self) -> Instant {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Instant::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }

    fn elapsed_us(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

fn machine_clock() -> Arc<dyn Clock> {
    Arc::new(MachineClock(crate::now()))
}

fn place(folder: &Path) -> Place {
    Place {
        folder: folder.join("var"),
        postgres: None,
        anchor: folder.join("anchor.jsonl"),
        language: Language::Ko,
        clock: machine_clock(),
        entropy: Box::new(Seed::new(u64::from(std::process::id())).entropy()),
    }
}

fn open(folder: &Path) -> Arc<Vault> {
    let opened = Vault::open(place(folder), &Passphrase::new(PASSPHRASE));
    Arc::new(opened.expect("the folder is ours"))
}

/// Who may call.
pub(crate) struct House {
    pub(crate) token: String,
    /// Each with a key of its own.
    pub(crate) processors: Vec<(ProcessorId, String)>,
}

impl House {
    /// A new vault with an officer and processors.
    pub(crate) fn create(folder: &Path) -> Self {
        let vault = Vault::create(place(folder), &Passphrase::new(PASSPHRASE));
        let vault = Arc::new(vault.expect("the folder is empty"));
        let (now, digest) = (vault.now(), Sha256::digest(TOKEN.as_bytes()).into());
        vault
            .data()
            .write("load.staff", move |tx| {
                let id = staff::insert(tx, "officer", "privacy-officer", "none", now)?;
                session::insert(tx, &digest, id, now, now.plus_days(1))
            })
            .expect("the store works");
        let desk = Processors::open(Arc::clone(&vault), machine_clock()).expect("nothing is cut");
        let actor = Actor { name: "load".to_owned(), origin: "local".to_owned() };
        let processors = (0..PROCESSORS).map(|number| {
            let name = format!("Builder number {number}");
            let held = desk.register(&name, "outsourcing", &actor).expect("a new name");
            let scopes = [Scope::DeliveriesRead];
            let key = desk.keys().issue(held.id, &scopes, 30, &actor).expect("it is not cut off");
            (held.id, key.secret.expose().clone())
        });
        Self { token: TOKEN.to_owned(), processors: processors.collect() }
    }

    /// How many of the keys that were acknowledged as made or revoked are not so.
    pub(crate) fn missing(&self, folder: &Path, acknowledged: &[(ApiKeyId, bool)]) -> usize {
        let vault = open(folder);
        let desk = Processors::open(Arc::clone(&vault), machine_clock()).expect("nothing is cut");
        let mut held = HashSet::new();
        for (processor, _) in &self.processors {
            for key in desk.keys().list(*processor).expect("the store works") {
                held.insert((key.id, false));
                if key.revoked_at.is_some() {
                    held.insert((key.id, true));
                }
            }
        }
        let verified = vault.audit_verify(None).expect("the log can be read");
        assert!(verified.faults.is_empty(), "the access log is broken");
        acknowledged.iter().filter(|one| !held.contains(one)).count()
    }
}

/// The folder, when this process is the server.
pub(crate) fn folder_to_serve() -> Option<PathBuf> {
    let mut arguments = std::env::args().skip(1);
    (arguments.next()? == "serve").then(|| arguments.next().map(PathBuf::from))?
}

/// Serves the folder until it is killed.
#[expect(clippy::print_stdout, reason = "how the other process learns the addresses")]
pub(crate) fn serve(folder: &Path) {
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let channels = Arc::new(Channels::default());
    let settings = Settings {
        staff: any,
        processors: any,
        public: any,
        trusted_proxy: None,
        channels,
        ways: Arc::default(),
        fraud: None,
    };
    let log = Arc::new(|line: &str| {
        let _ = writeln!(std::io::stderr(), "{line}");
    });
    let app = App::new(open(folder), machine_clock(), settings, log).expect("the folder opens");
    let server = Server::bind(app).expect("the loopback address is free");
    let (staff, processors) = server.addresses().expect("the ports are taken");
    println!("{staff} {processors}");
    server.run(false).expect("the server runs");
}

/// The server's process; it is killed when dropped.
pub(crate) struct Served {
    child: Child,
    pub(crate) staff: SocketAddr,
    pub(crate) processors: SocketAddr,
}

impl Served {
    pub(crate) fn start(folder: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("the program has a file"))
            .arg("serve")
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program can start itself");
        let answers = child.stdout.take().expect("stdout is piped");
        let mut line = String::new();
        BufReader::new(answers).read_line(&mut line).expect("the server prints its addresses");
        let addresses: Vec<SocketAddr> =
            line.split_whitespace().filter_map(|text| text.parse().ok()).collect();
        let [staff, processors] = addresses[..] else { panic!("the server did not start") };
        Self { child, staff, processors }
    }

    /// Processor time that it has taken, in microseconds.
    pub(crate) fn processor_us(&self) -> u64 {
        processor_us(&format!("/proc/{}/stat", self.child.id()))
    }

    /// Bytes that it caused to be written to the disk (proc(5), /proc/PID/io).
    pub(crate) fn written_bytes(&self) -> u64 {
        let path = format!("/proc/{}/io", self.child.id());
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("write_bytes: "));
        line.and_then(|bytes| bytes.parse().ok()).unwrap_or(0)
    }
}

/// SIGKILL: nothing is stopped gently.
impl Drop for Served {
    fn drop(&mut self) {
        // How it ended says nothing about the measurement.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Processor time that this process has taken, in microseconds.
pub(crate) fn own_processor_us() -> u64 {
    processor_us("/proc/self/stat")
}

/// proc(5), /proc/PID/stat: utime and stime.
fn processor_us(path: &str) -> u64 {
    let stat = std::fs::read_to_string(path).unwrap_or_default();
    let behind_name = stat.rsplit(')').next().unwrap_or_default();
    let field = |place: usize| -> u64 {
        behind_name.split_whitespace().nth(place).and_then(|text| text.parse().ok()).unwrap_or(0)
    };
    (field(11) + field(12)) * (1_000_000 / TICKS)
}
