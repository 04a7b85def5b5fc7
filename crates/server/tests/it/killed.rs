//! kill -9 in the middle of every POST: one effect, one answer.
//!
//! The test starts itself again as a child that serves a folder. The child's clock counts how often
//! it is asked; at the seeded count the asking thread says so and stands still, which is a point
//! before, in or after one of the request's transactions, and the parent sends SIGKILL. A new child
//! then gets the same request up to five times at once. Every answer must be the same, and the
//! rows must show one act.

mod alerts;
mod fraud;
mod leak;
mod ways;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use doldam_ground::{Clock, Instant, MockClock};
use doldam_server::permission::TABLE;
use doldam_synthetic::Seed;
use serde_json::{Value, json};

use crate::client::{Answer, Ask};
use crate::leak::channels;
use crate::world::{House, World, actor, number, serve_folder};

const FOLDER: &str = "DOLDAM_TEST_KILLED_FOLDER";
const NAME: &str = "killed::a_death_in_the_middle_leaves_one_effect_and_one_answer";
/// How often each route is killed.
const KILLS: u64 = 6;
/// How often a request asks the clock, about: the kill is at one of these, or after the answer.
const POINTS: u64 = 24;
const SECRET: &str = "a long secret of theirs";

/// A calendar that stands, durations that are real, and all of it still for ever when it was asked
/// so often.
struct Dying {
    clock: MockClock,
    begun: std::time::Instant,
    left: AtomicI64,
}

impl Dying {
    fn tick(&self) {
        if self.left.load(Ordering::SeqCst) > 0 && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            say("HERE");
            loop {
                std::thread::park();
            }
        }
    }
}

impl Clock for Dying {
    fn now(&self) -> Instant {
        self.tick();
        self.clock.now()
    }

    fn elapsed_us(&self) -> u64 {
        self.tick();
        u64::try_from(self.begun.elapsed().as_micros()).unwrap()
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{line}").and_then(|()| out.flush()).expect("the parent listens");
}

/// The child: serves until it is killed, and dies where it is told to.
fn serve(folder: &Path) {
    let clock = Arc::new(Dying {
        clock: MockClock::new(World::start()),
        #[expect(clippy::disallowed_methods, reason = "a drill waits for real sockets")]
        begun: std::time::Instant::now(),
        left: AtomicI64::new(0),
    });
    // Nobody listens there: what is to be sent waits.
    let server = serve_folder(folder, clock.clone(), channels("127.0.0.1:1"));
    let (staff, processors) = server.addresses().expect("the ports are taken");
    say(&format!("READY {staff} {processors}"));
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            clock.left.store(line.parse().unwrap_or(0), Ordering::SeqCst);
            say("ARMED");
        }
        // Nobody is left who could kill us.
        #[expect(clippy::disallowed_methods, reason = "a child process without its test ends")]
        std::process::exit(1);
    });
    server.run(false).expect("the server runs");
}

/// The child as the parent sees it.
struct Victim {
    child: Child,
    tell: ChildStdin,
    hear: BufReader<ChildStdout>,
    staff: SocketAddr,
    processors: SocketAddr,
}

impl Victim {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("the test has a file"))
            .args(["--exact", NAME, "--nocapture"])
            .env(FOLDER, folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the test can start itself");
        let tell = child.stdin.take().expect("stdin is piped");
        let mut hear = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let ready = wait_for(&mut hear, "READY").expect("the server starts");
        let addresses: Vec<SocketAddr> =
            ready.split(' ').skip(1).map(|text| text.parse().unwrap()).collect();
        Self { child, tell, hear, staff: addresses[0], processors: addresses[1] }
    }

    /// Sends a request and kills at the `point`th look at the clock; gives whether it came to that.
    fn kill_during(mut self, ask: &Ask, point: u64) -> bool {
        writeln!(self.tell, "{point}").unwrap();
        wait_for(&mut self.hear, "ARMED").unwrap();
        let mut stream = ask.start(self.door(ask));
        let answered = std::thread::spawn(move || {
            let mut all = Vec::new();
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            let _ = stream.read_to_end(&mut all);
            !all.is_empty()
        });
        let (sender, ends) = std::sync::mpsc::channel();
        let mut hear = self.hear;
        let listener = std::thread::spawn(move || {
            let _ = sender.send(wait_for(&mut hear, "HERE").is_some());
        });
        // Either it stands at its point, or the answer comes first.
        let mut is_there = false;
        while !is_there && !answered.is_finished() {
            is_there = ends.recv_timeout(Duration::from_millis(5)).unwrap_or(false);
        }
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        listener.join().unwrap();
        !answered.join().unwrap()
    }

    /// Where a request goes in: a program shows a key.
    fn door(&self, ask: &Ask) -> SocketAddr {
        if ask.is_of_program() { self.processors } else { self.staff }
    }

    fn stop(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn wait_for(hear: &mut impl BufRead, word: &str) -> Option<String> {
    let mut lines = hear.lines().map_while(Result::ok);
    lines.find(|line| line.starts_with(word))
}

/// One kind of POST.
struct Act {
    ask: Ask,
    /// A request of the same key with another body.
    other: Ask,
    /// Counts what the act leaves behind.
    effects: &'static str,
    /// What else must hold of the answer.
    check: fn(&Rig<'_>, &Victim, &Answer),
}

/// What the parent knows of the house.
struct Rig<'a> {
    world: &'a World,
    token: String,
    /// The secret of the officer, as it is now.
    secret: String,
}

fn nothing(_: &Rig<'_>, _: &Victim, _: &Answer) {}

impl Rig<'_> {
    fn database(&self) -> rusqlite::Connection {
        let path = self.world.folder.path().join("var/data/doldam.db");
        let database = rusqlite::Connection::open(path).unwrap();
        database.busy_timeout(Duration::from_secs(10)).unwrap();
        database
    }

    fn count(&self, sql: &str) -> i64 {
        self.database().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    fn post(&self, victim: &Victim, path: &str, body: &Value) -> Value {
        let ask = Ask::post(path, &format!("set-up-{}", number()), body).by(&self.token);
        let answer = ask.send(victim.staff);
        assert!((200..300).contains(&answer.status), "{path}: {}", answer.text());
        if answer.body.is_empty() { Value::Null } else { answer.json() }
    }

    fn act(&self, path: &str, body: &Value, effects: &'static str) -> Act {
        let key = format!("kill-{}", number());
        let by = |body: &Value| {
            let ask = Ask::post(path, &key, body);
            if self.token.is_empty() { ask } else { ask.by(&self.token) }
        };
        Act { ask: by(body), other: by(&json!({ "other": 1 })), effects, check: nothing }
    }
}

/// Makes what the act needs, then the act.
type Prepare = fn(&mut Rig<'_>, &Victim) -> Act;

fn scripts() -> BTreeMap<&'static str, Prepare> {
    let mut all: BTreeMap<&'static str, Prepare> = BTreeMap::new();
    all.insert("/api/v1/sessions", sign_in);
    all.insert("/api/v1/staff", invite);
    all.insert("/api/v1/staff/{id}/disable", disable);
    all.insert("/api/v1/staff/me/passphrase", choose);
    all.insert("/api/v1/processors", register);
    all.insert("/api/v1/processors/{id}/cut", cut);
    all.insert("/api/v1/processors/{id}/api-keys", issue);
    all.insert("/api/v1/api-keys/{id}/revoke", revoke);
    all.insert("/api/v1/processors/{id}/resume", resume);
    all.insert("/api/v1/processors/{id}/resume/request", request_resume);
    all.insert("/api/v1/disclosures/past", record_past);
    all.insert("/api/v1/disclosures", disclose);
    all.insert("/api/v1/disclosures/raw", request_raw);
    all.insert("/api/v1/deliveries", publish);
    all.insert("/api/v1/traces", trace);
    all.insert("/api/v1/approvals/{id}/agree", agree);
    all.insert("/api/v1/approvals/small-team", small_team);
    all.insert("/api/v1/approvals/{id}/break-glass", break_glass);
    all.insert("/api/v1/subjects/{id}/erase", erase);
    all.insert("/api/v1/incidents", open);
    all.insert("/api/v1/incidents/{id}/facts", learn);
    all.insert("/api/v1/incidents/{id}/traces", attach);
    all.insert("/api/v1/incidents/{id}/containment", contain);
    all.insert("/api/v1/incidents/{id}/duties/start", start_clocks);
    all.insert("/api/v1/incidents/{id}/report", report);
    all.insert("/api/v1/processors/{id}/message-templates", register_text);
    all.insert("/api/v1/messages", ask_message);
    all.insert("/api/v1/domains/{id}/renew", renew);
    all.insert("/api/v1/pseudonyms/remap", remap);
    all.insert("/api/v1/passkeys", ways::keep);
    all.insert("/api/v1/passkeys/{id}/revoke", ways::revoke);
    all.insert("/api/v1/sessions/passkey", ways::sign_in);
    leak::add(&mut all);
    fraud::add(&mut all);
    alerts::add(&mut all);
    all
}

/// Routes that take part like the others and are not killed here.
const NOT_KILLED: &[&str] = &[
    // Looks, which are no effects.
    "/api/v1/subjects/find",
    "/api/v1/subjects/{id}/reveal",
    "/api/v1/disclosures/past/preview",
    // Nothing is done yet: the same request begins again, and the earlier beginning runs out.
    "/api/v1/passkeys/challenge",
    "/api/v1/sessions/passkey/challenge",
    "/api/v1/sessions/sso/door",
    // The provider takes a code once. When we die between asking it and our own commit, the code is
    // spent without a session, and the person goes through the provider's door again.
    "/api/v1/sessions/sso",
    // They need a provider.
    "/api/v1/staff/{id}/sso",
    "/api/v1/staff/{id}/sso/unlink",
];

fn sign_in(rig: &mut Rig<'_>, _: &Victim) -> Act {
    let body = json!({ "name": "minji", "secret": rig.secret });
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'session.open'";
    let check = |_: &Rig<'_>, victim: &Victim, answer: &Answer| {
        Ask::get("/api/v1/sessions/current").by(&answer.token()).send(victim.staff).expect(200);
    };
    Act { check, ..rig.act("/api/v1/sessions", &body, sql) }
}

fn invite(rig: &mut Rig<'_>, _: &Victim) -> Act {
    let body = json!({ "name": format!("jisu-{}", number()), "role": "engineer" });
    let check = |rig: &Rig<'_>, victim: &Victim, answer: &Answer| {
        let made = answer.json();
        let id = made["id"].as_str().unwrap().trim_start_matches("S-").to_owned();
        let sql = format!("SELECT name FROM staff WHERE id = {id}");
        let name: String = rig.database().query_row(&sql, [], |row| row.get(0)).unwrap();
        let body = json!({ "name": name, "secret": made["one_time_password"] });
        let key = format!("first-{}", number());
        Ask::post("/api/v1/sessions", &key, &body).send(victim.staff).expect(201);
    };
    Act { check, ..rig.act("/api/v1/staff", &body, "SELECT COUNT(*) FROM staff") }
}

fn disable(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let body = json!({ "name": format!("leaver-{}", number()), "role": "engineer" });
    let made = rig.post(victim, "/api/v1/staff", &body);
    let path = format!("/api/v1/staff/{}/disable", made["id"].as_str().unwrap());
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'staff.disable'";
    rig.act(&path, &json!({ "reason": "left the company" }), sql)
}

fn choose(rig: &mut Rig<'_>, _: &Victim) -> Act {
    let new_secret = format!("a long secret of theirs {}", number());
    let body = json!({ "secret": rig.secret, "new_secret": new_secret });
    rig.secret = new_secret;
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'staff.set_secret'";
    let check = |rig: &Rig<'_>, victim: &Victim, _: &Answer| {
        let body = json!({ "name": "minji", "secret": rig.secret });
        let key = format!("chosen-{}", number());
        Ask::post("/api/v1/sessions", &key, &body).send(victim.staff).expect(201);
    };
    Act { check, ..rig.act("/api/v1/staff/me/passphrase", &body, sql) }
}

fn erase(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    // Whoever is next: the others are forgotten already.
    let next = 10 + u32::try_from(rig.count("SELECT COUNT(*) FROM erasure")).unwrap();
    let email = crate::world::person(next).email.expose().clone();
    let body = json!({ "kind": "email", "value": email, "purpose": "a call of a customer" });
    let found = rig.post(victim, "/api/v1/subjects/find", &body);
    let path = format!("/api/v1/subjects/{}/erase", found["subject"]["id"].as_str().unwrap());
    let body = json!({ "purpose": "the customer asked for it" });
    rig.act(&path, &body, "SELECT COUNT(*) FROM erasure")
}

fn firm() -> Value {
    json!({ "name": format!("Builder {}", number()), "relation": "outsourcing" })
}

fn register(rig: &mut Rig<'_>, _: &Victim) -> Act {
    rig.act("/api/v1/processors", &firm(), "SELECT COUNT(*) FROM processor")
}

fn processor(rig: &Rig<'_>, victim: &Victim) -> String {
    rig.post(victim, "/api/v1/processors", &firm())["id"].as_str().unwrap().to_owned()
}

fn cut(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let id = processor(rig, victim);
    let scopes = json!({ "scopes": ["deliveries:read"], "days": 30 });
    rig.post(victim, &format!("/api/v1/processors/{id}/api-keys"), &scopes);
    let check = |_: &Rig<'_>, _: &Victim, answer: &Answer| {
        assert_eq!(answer.json()["parts"][1]["credential"], "API keys", "{}", answer.text());
    };
    let body = json!({ "reason": "a leaked file" });
    let sql = "SELECT COUNT(*) FROM access_cut";
    Act { check, ..rig.act(&format!("/api/v1/processors/{id}/cut"), &body, sql) }
}

/// A processor whose domain was cut.
fn cut_off(rig: &Rig<'_>, victim: &Victim) -> String {
    let id = domain(rig, victim).1;
    let reason = json!({ "reason": "the copy was found to be ours" });
    rig.post(victim, &format!("/api/v1/processors/{id}/cut"), &reason);
    id
}

fn request_resume(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = format!("/api/v1/processors/{}/resume/request", cut_off(rig, victim));
    let reason = json!({ "reason": "the copy was found to be ours" });
    rig.act(&path, &reason, "SELECT COUNT(*) FROM approval")
}

/// It is let in again, with a consent that is used up once.
fn resume(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let id = cut_off(rig, victim);
    let reason = json!({ "reason": "the copy was found to be ours" });
    let asked = rig.post(victim, &format!("/api/v1/processors/{id}/resume/request"), &reason);
    // As if a second person had agreed.
    let agree = "UPDATE approval SET approved_by = 999 WHERE act = 'access.resume'";
    rig.database().execute(agree, []).unwrap();
    let body = json!({ "approval": asked["approval"] });
    let check = |rig: &Rig<'_>, _: &Victim, answer: &Answer| {
        assert_eq!(answer.json()["domains"].as_array().unwrap().len(), 1, "{}", answer.text());
        let twice = "SELECT COUNT(*) FROM audit WHERE action = 'domain.resume'";
        let once = "SELECT COUNT(*) FROM audit WHERE action = 'access.resume'";
        assert_eq!(rig.count(twice), rig.count(once));
    };
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'access.resume'";
    Act { check, ..rig.act(&format!("/api/v1/processors/{id}/resume"), &body, sql) }
}

fn record_past(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = format!(
        "/api/v1/disclosures/past?processor={}&given_at=2025-01-02T00:00:00Z",
        processor(rig, victim)
    );
    let key = format!("kill-{}", number());
    let by = |row: String| {
        let ask = Ask::new("POST", &path).by(&rig.token).header("idempotency-key", &key);
        let ask = ask.header("doldam-purpose", "an old pilot");
        ask.body(format!("ci\r\n{row}\r\n").as_bytes())
    };
    let sql = "SELECT COUNT(*) FROM disclosure WHERE origin = 'recorded'";
    let ask = by(crate::world::person(3).ci.expose().clone());
    Act { ask, other: by("other".to_owned()), effects: sql, check: nothing }
}

fn request_raw(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let body = order(&processor(rig, victim));
    rig.act("/api/v1/disclosures/raw", &body, "SELECT COUNT(*) FROM approval")
}

fn issue(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = format!("/api/v1/processors/{}/api-keys", processor(rig, victim));
    let body = json!({ "scopes": ["deliveries:read"], "days": 30 });
    let check = |_: &Rig<'_>, victim: &Victim, answer: &Answer| {
        let made = answer.json();
        let ask = Ask::get("/api/v1/deliveries").with_key(made["key"].as_str().unwrap());
        ask.send(victim.processors).expect(200);
    };
    Act { check, ..rig.act(&path, &body, "SELECT COUNT(*) FROM api_key") }
}

fn revoke(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = format!("/api/v1/processors/{}/api-keys", processor(rig, victim));
    let made = rig.post(victim, &path, &json!({ "scopes": ["deliveries:read"], "days": 30 }));
    let path = format!("/api/v1/api-keys/{}/revoke", made["id"].as_str().unwrap());
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'api_key.revoke'";
    rig.act(&path, &json!({ "reason": "the key was lost" }), sql)
}

fn order(processor: &str) -> Value {
    json!({
        "processor": processor, "purpose": "NFT platform", "fields": ["ci"], "subjects": "all",
    })
}

fn disclose(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let body = order(&processor(rig, victim));
    let sql = "SELECT COUNT(*) + 1000 * abs(COUNT(*) - (SELECT COUNT(*) FROM delivery))
               FROM disclosure";
    let check = |rig: &Rig<'_>, victim: &Victim, answer: &Answer| {
        // The file opens, and is the one that was signed for.
        let body = json!({ "disclosure": answer.json()["id"], "days": 7 });
        let published = rig.post(victim, "/api/v1/deliveries", &body);
        assert_eq!(published["sha256"], answer.json()["sha256"]);
        let path =
            format!("/api/v1/processors/{}/api-keys", published["processor"].as_str().unwrap());
        let key = rig.post(victim, &path, &json!({ "scopes": ["deliveries:read"], "days": 3 }));
        let path = format!("/api/v1/deliveries/{}/file", published["id"].as_str().unwrap());
        let ask = Ask::get(&path).with_key(key["key"].as_str().unwrap());
        assert_eq!(ask.send(victim.processors).expect(200).body.len() as u64, published["bytes"]);
    };
    Act { check, ..rig.act("/api/v1/disclosures", &body, sql) }
}

fn publish(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let body = order(&processor(rig, victim));
    let made = rig.post(victim, "/api/v1/disclosures", &body);
    let body = json!({ "disclosure": made["id"], "days": 7 });
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'delivery.publish'";
    rig.act("/api/v1/deliveries", &body, sql)
}

fn trace(rig: &mut Rig<'_>, _: &Victim) -> Act {
    let key = format!("kill-{}", number());
    let ask = Ask::new("POST", "/api/v1/traces").by(&rig.token).header("idempotency-key", &key);
    let file = format!("ci,note\r\n{},{key}\r\n", crate::world::person(3).ci.expose());
    let check = |_: &Rig<'_>, _: &Victim, answer: &Answer| {
        assert_eq!(answer.json()["subjects"]["exact"], 1);
    };
    Act {
        other: ask.clone().body(b"ci\r\nother\r\n"),
        ask: ask.body(file.as_bytes()),
        effects: "SELECT COUNT(*) FROM trace",
        check,
    }
}

fn agree(rig: &mut Rig<'_>, _: &Victim) -> Act {
    let end = World::start().plus_days(1).micros();
    let database = rig.database();
    database
        .execute(
            "INSERT INTO approval (id, act, act_hash, summary, requested_by, requested_at_us,
                                   expires_at_us)
             SELECT coalesce(max(id), 0) + 1, 'disclose.raw', zeroblob(32), 'raw hand-over', 999, 1, ?1
             FROM approval",
            [end],
        )
        .unwrap();
    let path = format!("/api/v1/approvals/A-{}/agree", rig.count("SELECT MAX(id) FROM approval"));
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'approval.agree'";
    rig.act(&path, &json!({}), sql)
}

fn small_team(rig: &mut Rig<'_>, _: &Victim) -> Act {
    let sql = "SELECT COUNT(*) FROM audit WHERE action LIKE '%small_team%'";
    let body = json!({ "on": rig.count(sql) % 2 == 0, "reason": "three people work here" });
    rig.act("/api/v1/approvals/small-team", &body, sql)
}

/// A team that has long been small and has broken no glass this month.
fn small_for_long(rig: &Rig<'_>) {
    rig.database()
        .execute_batch(
            "DELETE FROM break_glass;
             INSERT OR REPLACE INTO installation (name, value) VALUES ('small_team_since_us', '1')",
        )
        .unwrap();
}

/// An officer asked long ago, in such a team.
fn break_glass(rig: &mut Rig<'_>, _: &Victim) -> Act {
    small_for_long(rig);
    let sql = format!(
        "INSERT INTO approval (id, act, act_hash, summary, requested_by, requested_at_us,
                               expires_at_us)
         SELECT coalesce(max(id), 0) + 1, 'disclose.raw', zeroblob(32), 'raw hand-over',
                (SELECT id FROM staff WHERE name = 'minji'), 1, {}
         FROM approval",
        World::start().plus_days(1).micros()
    );
    rig.database().execute_batch(&sql).unwrap();
    let id = rig.count("SELECT MAX(id) FROM approval");
    let body = json!({ "reason": "the approver is in hospital and the deadline is tonight" });
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'approval.break_glass'";
    rig.act(&format!("/api/v1/approvals/A-{id}/break-glass"), &body, sql)
}

fn leak() -> Value {
    let at = World::start().to_rfc3339();
    json!({ "title": "A file on a platform", "source": "tip", "aware_at": at })
}

fn open(rig: &mut Rig<'_>, _: &Victim) -> Act {
    rig.act("/api/v1/incidents", &leak(), "SELECT COUNT(*) FROM incident")
}

fn incident(rig: &Rig<'_>, victim: &Victim) -> String {
    let made = rig.post(victim, "/api/v1/incidents", &leak());
    format!("/api/v1/incidents/{}", made["id"].as_str().unwrap())
}

fn learn(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = format!("{}/facts", incident(rig, victim));
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'incident.learn'";
    rig.act(&path, &json!({ "facts": { "subjects": ">=4500" } }), sql)
}

fn attach(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let traced = trace(rig, victim).ask.send(victim.staff).expect(201).json();
    let path = format!("{}/traces", incident(rig, victim));
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'incident.attach'";
    rig.act(&path, &json!({ "trace": traced["trace"] }), sql)
}

fn contain(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let body = json!({ "processor": processor(rig, victim), "reason": "a leaked file" });
    let path = format!("{}/containment", incident(rig, victim));
    // By two means, and each order is proved once.
    let sql = "SELECT COUNT(*) / 2 FROM containment WHERE proof IS NOT NULL";
    let check = |rig: &Rig<'_>, _: &Victim, _: &Answer| {
        assert_eq!(rig.count("SELECT COUNT(*) FROM containment WHERE proof IS NULL"), 0);
        assert_eq!(rig.count("SELECT COUNT(*) % 2 FROM containment"), 0);
    };
    Act { check, ..rig.act(&path, &body, sql) }
}

fn start_clocks(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let id = incident(rig, victim);
    rig.post(victim, &format!("{id}/facts"), &json!({ "facts": { "subjects": ">=4500" } }));
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'clock.start'";
    rig.act(&format!("{id}/duties/start"), &json!({}), sql)
}

fn report(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = format!("{}/report", incident(rig, victim));
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'report.draft'";
    rig.act(&path, &json!({ "duty": "kr-pipa-report-2026" }), sql)
}

fn a_text() -> Value {
    json!({ "name": "order", "texts": { "ko": "{{ what }} 안내" } })
}

fn register_text(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = format!("/api/v1/processors/{}/message-templates", processor(rig, victim));
    let sql = "SELECT COUNT(*) + 1000 * abs(COUNT(*) -
               (SELECT COUNT(*) FROM approval WHERE act = 'message.template'))
               FROM message_template";
    rig.act(&path, &a_text(), sql)
}

/// A processor's key for these uses.
fn program(rig: &Rig<'_>, victim: &Victim, id: &str, scope: &str) -> String {
    let path = format!("/api/v1/processors/{id}/api-keys");
    let made = rig.post(victim, &path, &json!({ "scopes": [scope], "days": 30 }));
    made["key"].as_str().unwrap().to_owned()
}

fn act_of_program(key: &str, path: &str, body: &Value, effects: &'static str) -> Act {
    let name = format!("kill-{}", number());
    let by = |body: &Value| Ask::post(path, &name, body).with_key(key);
    Act { ask: by(body), other: by(&json!({ "other": 1 })), effects, check: nothing }
}

fn ask_message(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let id = processor(rig, victim);
    let path = format!("/api/v1/processors/{id}/message-templates");
    rig.post(victim, &path, &a_text());
    // As if a second person had agreed.
    let agree = "UPDATE approval SET approved_by = 999 WHERE act = 'message.template'";
    rig.database().execute(agree, []).unwrap();
    let key = program(rig, victim, &id, "messages:write");
    let body = json!({ "to": "nobody", "template": "order", "values": { "what": "작품" } });
    act_of_program(&key, "/api/v1/messages", &body, "SELECT COUNT(*) FROM message")
}

/// A domain of CIs that was just opened, and its processor.
fn domain(rig: &Rig<'_>, victim: &Victim) -> (String, String) {
    let id = processor(rig, victim);
    rig.post(victim, "/api/v1/disclosures", &order(&id));
    (format!("M-{}", rig.count("SELECT MAX(id) FROM domain")), id)
}

fn renew(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let path = format!("/api/v1/domains/{}/renew", domain(rig, victim).0);
    let body = json!({ "reason": "a new contract" });
    rig.act(&path, &body, "SELECT COUNT(*) FROM domain")
}

fn remap(rig: &mut Rig<'_>, victim: &Victim) -> Act {
    let key = program(rig, victim, &domain(rig, victim).1, "pseudonyms:remap");
    let body = json!({ "purpose": "NFT platform", "kind": "ci", "pseudonyms": ["nobody"] });
    let check = |_: &Rig<'_>, _: &Victim, answer: &Answer| {
        assert_eq!(answer.json()["pseudonyms"], json!([null]));
    };
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'pseudonym.remap'";
    Act { check, ..act_of_program(&key, "/api/v1/pseudonyms/remap", &body, sql) }
}

/// How the deaths fell.
#[derive(Default)]
struct Fallen {
    before: u32,
    between: u32,
    after: u32,
}

#[test]
fn a_death_in_the_middle_leaves_one_effect_and_one_answer() {
    #[expect(clippy::disallowed_methods, reason = "how the parent tells the child what to serve")]
    if let Some(folder) = std::env::var_os(FOLDER) {
        return serve(&PathBuf::from(folder));
    }
    let world = World::new();
    let vault = world.create(20);
    let officer =
        vault.staff_add("minji", "privacy-officer", &SECRET.to_owned().into(), &actor()).unwrap();
    let token = House::session_in(&vault, officer);
    drop(vault);
    let mut rig = Rig { world: &world, token, secret: SECRET.to_owned() };
    let (mut fallen, mut seed) = (Fallen::default(), Seed::new(17).entropy());
    let mut victim = Victim::start(world.folder.path());
    for round in 0..KILLS {
        for (route, prepare) in scripts() {
            let act = prepare(&mut rig, &victim);
            let before = rig.count(act.effects);
            let point = 1 + doldam_ground::entropy::below(&mut seed, POINTS);
            let place = format!("{route}, round {round}, killed at {point}");
            let is_unanswered = victim.kill_during(&act.ask, point);
            let is_done = rig.count(act.effects) > before;
            let fell = match (is_unanswered, is_done) {
                (true, false) => &mut fallen.before,
                (true, true) => &mut fallen.between,
                (false, _) => &mut fallen.after,
            };
            *fell += 1;
            victim = Victim::start(world.folder.path());
            let answer = replay(&victim, &act.ask, 1 + round % 5, &place);
            assert_eq!(rig.count(act.effects), before + 1, "{place}: effects");
            act.other.send(victim.door(&act.other)).expect(422);
            (act.check)(&rig, &victim, &answer);
        }
    }
    let Fallen { before, between, after } = fallen;
    assert!(before + between + after >= 100, "{before} {between} {after}");
    assert!(before >= 20 && between >= 20, "{before} before, {between} between, {after} after");
    let verified = Ask::get("/api/v1/audit/verification").by(&rig.token).send(victim.staff);
    assert_eq!(verified.expect(200).json()["intact"], true);
    victim.stop();
    // What a look shows is kept nowhere, so its note stays until it is swept out.
    let left = "SELECT COUNT(*) FROM answer_effect WHERE route <> 'POST /api/v1/subjects/find'";
    assert_eq!(rig.count(left), 0, "nothing is left in doubt");
}

/// Sends the request so often at once, and once more; gives the one answer.
fn replay(victim: &Victim, ask: &Ask, times: u64, place: &str) -> Answer {
    let threads: Vec<_> = (0..times)
        .map(|_| {
            let (ask, to) = (ask.clone(), victim.door(ask));
            std::thread::spawn(move || ask.send(to))
        })
        .collect();
    let mut answers: Vec<Answer> =
        threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    answers.push(ask.send(victim.door(ask)));
    let first = answers.remove(0);
    assert!((200..300).contains(&first.status), "{place}: {} {}", first.status, first.text());
    for other in answers {
        assert_eq!((other.status, other.text()), (first.status, first.text()), "{place}");
        assert_eq!(other.header("set-cookie"), first.header("set-cookie"), "{place}");
    }
    first
}

#[test]
fn each_route_with_an_effect_is_killed() {
    let posts: BTreeSet<&str> =
        TABLE.iter().filter(|rule| rule.needs_key()).map(|rule| rule.path).collect();
    let named: BTreeSet<&str> = scripts().into_keys().chain(NOT_KILLED.iter().copied()).collect();
    assert_eq!(named, posts);
}
