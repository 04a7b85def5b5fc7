//! The stream of events: what is told, to whom, and when it ends.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpStream;
use std::time::Duration;

use doldam_ground::ids::StaffId;
use doldam_server::Channels;
use serde_json::{Value, json};

use crate::client::Ask;
use crate::leak::MachineClock;
use crate::world::{House, World};

/// A page that listens.
struct Page(BufReader<TcpStream>);

impl Page {
    fn open(house: &House, token: &str, about: &str, last: Option<&str>) -> Self {
        let ask = Ask::get(&format!("/api/v1/events?about={about}")).by(token);
        let ask = last.into_iter().fold(ask, |ask, id| ask.header("last-event-id", id));
        let mut page = Self(BufReader::new(ask.start(house.staff)));
        let head = page.until("\r\n").join("");
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        assert!(head.contains("content-type: text/event-stream"), "{head}");
        page
    }

    /// Lines up to one that is only this.
    fn until(&mut self, end: &str) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            let read = self.0.read_line(&mut line).unwrap();
            assert!(read > 0, "the stream ended after {lines:?}");
            if line == end {
                return lines;
            }
            lines.push(line);
        }
    }

    /// The next data, and its id.
    fn next(&mut self) -> (Option<String>, Value) {
        let mut line = String::new();
        let mut id = None;
        loop {
            line.clear();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "the stream ended");
            if let Some(text) = line.strip_prefix("id: ") {
                id = Some(text.trim().to_owned());
            }
            if let Some(text) = line.strip_prefix("data: ") {
                return (id, serde_json::from_str(text).unwrap());
            }
        }
    }

    /// Reads on until the next data is this act.
    fn wait_for(&mut self, what: &str) -> (Option<String>, Value) {
        loop {
            let (id, data) = self.next();
            if data["what"] == what {
                return (id, data);
            }
        }
    }

    /// Waits for the end.
    fn end(mut self) {
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).unwrap();
    }
}

fn open_incident(house: &House, token: &str, title: &str) -> String {
    let body = json!({ "title": title, "source": "tip", "aware_at": "2026-01-05T00:00:00Z" });
    house.act(token, "/api/v1/incidents", &body).json()["id"].as_str().unwrap().to_owned()
}

#[test]
fn open_pages_are_told_what_changed_and_nothing_of_what_was_written() {
    let world = World::new();
    let house = world.serve_with(world.create(5), MachineClock::of(&world), Channels::default());
    let officer = house.officer();
    let engineer = house.session_of(house.staff_of("engineer", None));
    let mut all = Page::open(&house, &officer, "", None);
    let mut one = Page::open(&house, &officer, "L-2", None);
    let mut other = Page::open(&house, &engineer, "", None);
    open_incident(&house, &officer, "first title");
    open_incident(&house, &officer, "second title");
    house.processor(&officer, "Builder", &["deliveries:read"]);
    let (id, first) = all.wait_for("incident.open");
    assert_eq!((&first["noun"], &first["ids"]), (&json!("incident"), &json!(["L-1"])));
    assert!(!first.to_string().contains("title"));
    assert_eq!(one.next().1["ids"], json!(["L-2"]));
    // Whoever may not read incidents is not told of any.
    assert_eq!(other.next().1["noun"], "processor");
    drop(all);
    // A page that was away learns that it missed something, and one that was not is left alone.
    let mut back = Page::open(&house, &officer, "", id.as_deref());
    let (newest, missed) = back.next();
    assert_eq!(missed["what"], "stream.look-again");
    drop(back);
    let mut back = Page::open(&house, &officer, "incident", newest.as_deref());
    open_incident(&house, &officer, "third title");
    assert_eq!(back.next().1["ids"], json!(["L-3"]));
}

#[test]
fn a_stream_ends_with_its_session_and_with_the_server() {
    let world = World::new();
    let mut house =
        world.serve_with(world.create(5), MachineClock::of(&world), Channels::default());
    let officer = house.officer();
    let analyst: StaffId = house.staff_of("analyst", None);
    let token = house.session_of(analyst);
    let mut signed_out = Page::open(&house, &house.session_of(analyst), "drill", None);
    let disabled = Page::open(&house, &token, "drill", None);
    signed_out.until("\n");
    let path = format!("/api/v1/staff/{analyst}/disable");
    house.act(&officer, &path, &json!({ "reason": "they left us" }));
    disabled.end();
    signed_out.end();
    Ask::get("/api/v1/events").by(&token).send(house.staff).expect(401);
    Ask::get("/api/v1/events?of=me").by(&officer).send(house.staff).expect(400);
    let last = Page::open(&house, &officer, "", None);
    house.stop.stop();
    last.end();
    house.thread.take().unwrap().join().unwrap().unwrap();
}

#[test]
fn streams_are_bounded_and_take_no_place_of_other_requests() {
    let world = World::new();
    let house = world.serve_with(world.create(1), MachineClock::of(&world), Channels::default());
    let officer = house.officer();
    let pages: Vec<Page> = (0..8).map(|_| Page::open(&house, &officer, "", None)).collect();
    let refused = Ask::get("/api/v1/events").by(&officer).send(house.staff).expect(429);
    assert_eq!(refused.json()["code"], "server.streams");
    let other = house.officer();
    drop(Page::open(&house, &other, "", None));
    house.look(&officer, "/api/v1/incidents");
    drop(pages);
    // A reader that went frees its place when the server writes to it or looks.
    let free = (0..100).any(|_| {
        std::thread::park_timeout(Duration::from_millis(100));
        let mut stream = Ask::get("/api/v1/events").by(&officer).start(house.staff);
        let mut head = [0; 12];
        stream.read_exact(&mut head).unwrap();
        &head == b"HTTP/1.1 200"
    });
    assert!(free);
}

#[test]
fn the_steps_of_a_drill_are_told_while_it_runs() {
    let world = World::new();
    let house = world.serve_with(world.create(1), MachineClock::of(&world), Channels::default());
    let officer = house.officer();
    let mut page = Page::open(&house, &officer, "drill", None);
    let address = house.staff;
    let drill = std::thread::spawn(move || {
        let body = json!({ "subjects": 100, "seed": 1 });
        Ask::post("/api/v1/drills", "drill", &body).by(&officer).send(address).expect(201)
    });
    let (_, begun) = page.next();
    assert_eq!((&begun["what"], &begun["step"]), (&json!("step.begun"), &json!("house")));
    let (_, done) = page.next();
    assert_eq!((&done["what"], &done["step"]), (&json!("step.done"), &json!("house")));
    assert!(done["ms"].is_u64());
    page.wait_for("drill.run");
    drill.join().unwrap();
}
