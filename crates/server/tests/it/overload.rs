//! More than the server can do, and a clock that is moved: refusals that say when to come again,
//! nothing that was acknowledged lost, nothing done twice.

use doldam_server::Channels;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

use doldam_ground::{Clock, Instant};
use serde_json::{Value, json};

use crate::client::{Answer, Ask};
use crate::world::{House, World, actor, serve_folder};

/// More at once than the server has places (256).
const CALLERS: usize = 320;
const PLACES: usize = 256;
/// Connections that a door takes.
const CONNECTIONS: usize = 384;

fn register(number: usize, token: &str) -> Ask {
    let body = json!({ "name": format!("Builder number {number}"), "relation": "outsourcing" });
    Ask::post("/api/v1/processors", &format!("key-{number}"), &body).by(token)
}

fn send_all(asks: Vec<Ask>, to: std::net::SocketAddr) -> Vec<std::thread::JoinHandle<Answer>> {
    asks.into_iter().map(|ask| std::thread::spawn(move || ask.send(to))).collect()
}

#[test]
fn a_full_server_refuses_at_once_and_loses_nothing_that_it_took() {
    let world = World::new();
    let house = world.serve(world.create(1));
    let officer = house.officer();
    // The one writer stands still: what is let in waits, and the places fill.
    let (entered, is_inside) = channel();
    let (release, may_leave) = channel::<()>();
    let store = house.vault.data().clone();
    let gate = std::thread::spawn(move || {
        store.write("test.stand", move |_| {
            entered.send(()).unwrap();
            may_leave.recv().unwrap();
            Ok(())
        })
    });
    is_inside.recv().unwrap();
    let asks = (0..CALLERS).map(|number| register(number, &officer)).collect();
    let callers = send_all(asks, house.staff);
    // Those who are turned away have their answer while the others wait.
    let mut patience = 0;
    while callers.iter().filter(|caller| caller.is_finished()).count() < CALLERS - PLACES {
        #[expect(clippy::disallowed_methods, reason = "the server's threads take real time")]
        std::thread::sleep(Duration::from_millis(20));
        patience += 1;
        assert!(patience < 500, "nobody was turned away");
    }
    Ask::get("/healthz").send(house.staff).expect(200);
    release.send(()).unwrap();
    gate.join().unwrap().unwrap();
    let answers: Vec<Answer> = callers.into_iter().map(|caller| caller.join().unwrap()).collect();
    let taken = answers.iter().filter(|answer| answer.status == 201).count();
    assert!((1..=PLACES).contains(&taken), "{taken}");
    let held = house.look(&officer, "/api/v1/processors")["items"].as_array().unwrap().len();
    assert_eq!(held, taken, "what was acknowledged is there, and what was refused was not begun");
    for (number, answer) in answers.iter().enumerate() {
        if answer.status == 201 {
            let again = register(number, &officer).send(house.staff);
            assert_eq!((again.status, again.text()), (201, answer.text()));
            continue;
        }
        assert_eq!(answer.status, 503, "{}", answer.text());
        assert_eq!(answer.header("retry-after"), Some("1"));
        register(number, &officer).send(house.staff).expect(201);
    }
    let held = house.look(&officer, "/api/v1/processors")["items"].as_array().unwrap().len();
    assert_eq!(held, CALLERS);
}

#[test]
fn one_connection_too_many_is_told_to_come_again_and_is_served_later() {
    let world = World::new();
    let house = world.serve(world.create(1));
    let idle: Vec<TcpStream> =
        (0..CONNECTIONS).map(|_| TcpStream::connect(house.staff).unwrap()).collect();
    let refused = Ask::get("/healthz").send(house.staff).expect(503);
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(refused.json()["code"], "server.busy");
    // The other door has places of its own.
    Ask::get("/healthz").send(house.processors).expect(200);
    drop(idle);
    let mut patience = 0;
    while Ask::get("/healthz").send(house.staff).status == 503 {
        #[expect(clippy::disallowed_methods, reason = "the server's threads take real time")]
        std::thread::sleep(Duration::from_millis(20));
        patience += 1;
        assert!(patience < 250, "it is not usual again after five seconds");
    }
}

/// A clock that can be set, also back.
struct Moved(AtomicI64);

impl Moved {
    fn by_hours(&self, hours: i64) {
        self.0.fetch_add(hours * 3_600_000_000, Ordering::SeqCst);
    }
}

impl Clock for Moved {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.load(Ordering::SeqCst))
    }

    fn elapsed_us(&self) -> u64 {
        0
    }
}

#[test]
fn a_clock_that_is_moved_ends_what_is_over_and_repeats_nothing() {
    let world = World::new();
    let vault = world.create(1);
    let staff = vault.staff_add("minji", "privacy-officer", &"x".repeat(20).into(), &actor());
    let officer = House::session_in(&vault, staff.unwrap());
    drop(vault);
    let clock = Arc::new(Moved(AtomicI64::new(World::start().micros())));
    let server = serve_folder(world.folder.path(), clock.clone(), Channels::default());
    let ((door, programs), stop) = (server.addresses().unwrap(), server.stop_switch());
    let thread = std::thread::spawn(move || server.run(false));
    let act = |path: &str, key: &str, body: &Value| Ask::post(path, key, body).by(&officer);
    let builder = json!({ "name": "Builder", "relation": "outsourcing" });
    let register = act("/api/v1/processors", "once", &builder);
    let first = register.send(door).expect(201);
    let body = json!({ "scopes": ["deliveries:read"], "days": 30 });
    let issued = act("/api/v1/processors/P-1/api-keys", "key", &body).send(door).expect(201);
    let key = issued.json()["key"].as_str().unwrap().to_owned();
    let look = || Ask::get("/api/v1/sessions/current").by(&officer).send(door).status;
    let fetch = || Ask::get("/api/v1/deliveries").with_key(&key).send(programs).status;
    // Back: what works goes on working, and what was answered stays answered.
    clock.by_hours(-5);
    assert_eq!((look(), fetch()), (200, 200));
    assert_eq!(register.send(door).expect(201).text(), first.text());
    // Forward beyond the time for which a session may idle.
    clock.by_hours(7);
    assert_eq!((look(), fetch()), (401, 200));
    clock.by_hours(31 * 24);
    assert_eq!(fetch(), 401);
    clock.by_hours(-31 * 24 - 2);
    assert_eq!((look(), fetch()), (200, 200), "the clock was wrong, not they");
    assert_eq!(register.send(door).expect(201).text(), first.text());
    let held = Ask::get("/api/v1/processors").by(&officer).send(door).expect(200).json();
    assert_eq!(held["items"].as_array().unwrap().len(), 1);
    stop.stop();
    thread.join().unwrap().unwrap();
}
