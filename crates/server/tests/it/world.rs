//! A vault of invented people and a server over it.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use doldam_ground::ids::{ProcessorId, StaffId};
use doldam_ground::locale::Language;
use doldam_ground::{Clock, Instant, Kind, MockClock};
use doldam_server::app::App;
use doldam_server::{Channels, FraudSettings, Server, ServerError, Settings, StopSwitch, Ways};
use doldam_store::access::session;
use doldam_store::access::staff_access::{self, StaffAccess};
use doldam_store::staff;
use doldam_synthetic::{People, Person, Seed};
use doldam_vault::keyring::Passphrase;
use doldam_vault::{Actor, Place, Row, Source, Vault};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::client::{Answer, Ask};
use crate::postgres::TestDatabase;

const PASSPHRASE: &str = "correct horse battery staple";
static COUNTER: AtomicU64 = AtomicU64::new(1);

pub(crate) struct World {
    pub(crate) clock: Arc<MockClock>,
    pub(crate) folder: TempDir,
    pub(crate) database: Option<TestDatabase>,
}

pub(crate) struct House {
    pub(crate) vault: Arc<Vault>,
    pub(crate) staff: SocketAddr,
    pub(crate) processors: SocketAddr,
    pub(crate) public: SocketAddr,
    pub(crate) log: Arc<Mutex<Vec<String>>>,
    pub(crate) stop: StopSwitch,
    pub(crate) thread: Option<JoinHandle<Result<(), ServerError>>>,
}

pub(crate) fn actor() -> Actor {
    Actor { name: "test".to_owned(), origin: "local".to_owned() }
}

pub(crate) fn person(index: u32) -> Person {
    People::new(&Seed::new(7)).person(index)
}

/// A number that nothing else in this process has.
pub(crate) fn number() -> u64 {
    COUNTER.fetch_add(1, Ordering::Relaxed)
}

/// A server over an existing folder, with this clock; it is not running yet.
pub(crate) fn serve_folder(
    folder: &std::path::Path,
    clock: Arc<dyn Clock>,
    channels: Channels,
) -> Server {
    let place = Place {
        folder: folder.join("var"),
        postgres: None,
        anchor: folder.join("anchor.jsonl"),
        language: Language::Ko,
        clock: Arc::clone(&clock),
        entropy: Box::new(Seed::new(u64::from(std::process::id())).entropy()),
    };
    let vault = Arc::new(Vault::open(place, &Passphrase::new(PASSPHRASE)).unwrap());
    #[expect(clippy::print_stderr, reason = "the log of a child process of a test")]
    let write = Arc::new(|line: &str| eprintln!("{line}"));
    let ways = Ways::open("http://localhost:7117", None, Arc::clone(&clock)).unwrap();
    let settings = Settings { ways: Arc::new(ways), ..local_settings(channels) };
    Server::bind(App::new(vault, clock, settings, write).unwrap()).unwrap()
}

fn local_settings(channels: Channels) -> Settings {
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let channels = Arc::new(channels);
    Settings {
        staff: any,
        processors: any,
        public: any,
        trusted_proxy: None,
        channels,
        ways: Arc::default(),
        fraud: Some(FraudSettings::default()),
    }
}

impl World {
    /// When the clock of a world starts.
    pub(crate) const fn start() -> Instant {
        Instant::from_micros(1_795_000_000_000_000)
    }

    /// The moment some days after now.
    pub(crate) fn clock_in(&self, days: i64) -> Instant {
        self.clock.now().plus_days(days)
    }

    pub(crate) fn new() -> Self {
        let clock = Arc::new(MockClock::new(Self::start()));
        Self { clock, folder: tempfile::tempdir().unwrap(), database: None }
    }

    pub(crate) fn place(&self) -> Place {
        Place {
            folder: self.folder.path().join("var"),
            postgres: self.database.as_ref().map(TestDatabase::address),
            anchor: self.folder.path().join("anchor.jsonl"),
            language: Language::Ko,
            clock: self.clock.clone(),
            entropy: Box::new(
                Seed::new(number()).numbered(u64::from(std::process::id())).entropy(),
            ),
        }
    }

    /// A new vault with `count` people.
    pub(crate) fn create(&self, count: u32) -> Arc<Vault> {
        let vault = Vault::create(self.place(), &Passphrase::new(PASSPHRASE)).unwrap();
        let source = Source {
            source: "test".to_owned(),
            received_at: self.clock.now(),
            legal_basis: None,
            identify_by: vec![Kind::CI],
        };
        let mut import = vault.enrol(source).unwrap();
        for index in 0..count {
            let person = person(index);
            let values = vec![
                (Kind::CI, person.ci.duplicate()),
                (Kind::DI, person.di.duplicate()),
                (Kind::NICKNAME, person.nickname.duplicate()),
                (Kind::PHONE, person.phone.duplicate()),
                (Kind::EMAIL, person.email.duplicate()),
            ];
            let line = u64::from(index) + 1;
            import.push(Row { line, values, language: person.language }).unwrap();
        }
        import.finish(&actor(), "integration test").unwrap();
        Arc::new(vault)
    }

    /// A statement behind the server's back.
    pub(crate) fn meddle(&self, sql: &str) {
        match &self.database {
            None => {
                let path = self.folder.path().join("var/data/doldam.db");
                rusqlite::Connection::open(path).unwrap().execute_batch(sql).unwrap();
            }
            Some(database) => {
                let address = database.address();
                let mut client = ::postgres::Client::connect(&address, ::postgres::NoTls).unwrap();
                client.batch_execute(sql).unwrap();
            }
        }
    }

    pub(crate) fn open(&self) -> Arc<Vault> {
        Arc::new(Vault::open(self.place(), &Passphrase::new(PASSPHRASE)).unwrap())
    }

    pub(crate) fn serve(&self, vault: Arc<Vault>) -> House {
        self.serve_with(vault, self.clock.clone(), Channels::default())
    }

    /// With channels, and a clock for what waits for sockets.
    #[expect(clippy::unused_self, reason = "a house stands in a world")]
    pub(crate) fn serve_with(
        &self,
        vault: Arc<Vault>,
        clock: Arc<dyn Clock>,
        channels: Channels,
    ) -> House {
        Self::serve_settings(vault, clock, local_settings(channels))
    }

    /// Without fraud detection.
    pub(crate) fn serve_without_fraud(&self, vault: Arc<Vault>) -> House {
        let settings = Settings { fraud: None, ..local_settings(Channels::default()) };
        Self::serve_settings(vault, self.clock.clone(), settings)
    }

    fn serve_settings(vault: Arc<Vault>, clock: Arc<dyn Clock>, settings: Settings) -> House {
        let log = Arc::new(Mutex::new(Vec::new()));
        let lines = Arc::clone(&log);
        let write = Arc::new(move |line: &str| lines.lock().unwrap().push(line.to_owned()));
        let app = App::new(Arc::clone(&vault), clock, settings, write).unwrap();
        let server = Server::bind(app).unwrap();
        let (staff, processors) = server.addresses().unwrap();
        let public = server.public_address().unwrap();
        let stop = server.stop_switch();
        let thread = Some(std::thread::spawn(move || server.run(false)));
        House { vault, staff, processors, public, log, stop, thread }
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.stop();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        if !std::thread::panicking() {
            let log = self.log.lock().unwrap();
            assert!(log.is_empty(), "the server failed: {log:?}");
        }
    }
}

impl House {
    /// A member of staff of this role, without a secret that opens anything.
    pub(crate) fn staff_of(&self, role: &'static str, access: Option<StaffAccess>) -> StaffId {
        let (name, now) = (format!("{role}-{}", number()), self.vault.now());
        self.vault
            .data()
            .write("test.staff", move |tx| {
                let id = staff::insert(tx, &name, role, "none", now)?;
                if let Some(access) = &access {
                    staff_access::put(tx, id, access)?;
                }
                Ok(id)
            })
            .unwrap()
    }

    /// A session of a member of staff, opened behind the server's back.
    pub(crate) fn session_of(&self, staff: StaffId) -> String {
        Self::session_in(&self.vault, staff)
    }

    /// A session in a vault that nobody serves.
    pub(crate) fn session_in(vault: &Vault, staff: StaffId) -> String {
        let token = format!("token-{}", number());
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let now = vault.now();
        let end = now.plus_days(1);
        vault
            .data()
            .write("test.session", move |tx| session::insert(tx, &digest, staff, now, end))
            .unwrap();
        token
    }

    pub(crate) fn officer(&self) -> String {
        self.session_of(self.staff_of("privacy-officer", None))
    }

    /// A POST of staff that must succeed.
    pub(crate) fn act(&self, token: &str, path: &str, body: &Value) -> Answer {
        let key = format!("key-{}", number());
        let answer = Ask::post(path, &key, body).by(token).send(self.staff);
        assert!((200..300).contains(&answer.status), "{path}: {} {}", answer.status, answer.text());
        answer
    }

    /// A second person agrees to a request.
    pub(crate) fn agree(&self, approval: &str) {
        let token = self.session_of(self.staff_of("approver", None));
        self.act(&token, &format!("/api/v1/approvals/{approval}/agree"), &json!({}));
    }

    pub(crate) fn look(&self, token: &str, path: &str) -> Value {
        Ask::get(path).by(token).send(self.staff).expect(200).json()
    }

    /// A registered processor and a key with these scopes.
    pub(crate) fn processor(
        &self,
        token: &str,
        name: &str,
        scopes: &[&str],
    ) -> (ProcessorId, String) {
        let body = json!({ "name": name, "relation": "outsourcing" });
        let id = self.act(token, "/api/v1/processors", &body).json()["id"].clone();
        let id = id.as_str().unwrap().to_owned();
        let key = self.key(token, &id, scopes);
        (id.parse().unwrap(), key)
    }

    pub(crate) fn key(&self, token: &str, processor: &str, scopes: &[&str]) -> String {
        let path = format!("/api/v1/processors/{processor}/api-keys");
        let body = json!({ "scopes": scopes, "days": 30 });
        self.act(token, &path, &body).json()["key"].as_str().unwrap().to_owned()
    }

    /// A published delivery of everybody's pseudonyms.
    pub(crate) fn delivery(&self, token: &str, processor: ProcessorId) -> String {
        let body = json!({
            "processor": processor.to_string(), "purpose": "NFT platform",
            "fields": ["ci", "di", "nickname"], "subjects": "all",
        });
        let made = self.act(token, "/api/v1/disclosures", &body).json();
        let body = json!({ "disclosure": made["id"], "days": 7 });
        self.act(token, "/api/v1/deliveries", &body);
        made["delivery"].as_str().unwrap().to_owned()
    }
}
