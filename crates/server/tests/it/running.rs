//! Starting, stopping, limits.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

use doldam_server::app::App;
use doldam_server::{Server, ServerError, Settings};

use crate::client::Ask;
use crate::world::World;

fn bind(world: &World, staff: SocketAddr, proxy: Option<[u8; 4]>) -> Result<Server, ServerError> {
    let vault = world.create(1);
    let settings = Settings {
        staff,
        processors: SocketAddr::from(([127, 0, 0, 1], 0)),
        public: SocketAddr::from(([127, 0, 0, 1], 0)),
        trusted_proxy: proxy.map(Into::into),
        channels: Arc::default(),
        ways: Arc::default(),
        fraud: None,
    };
    let app = App::new(vault, world.clock.clone(), settings, Arc::new(|_: &str| ())).unwrap();
    Server::bind(app)
}

#[test]
fn a_port_that_is_taken_is_said_so() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = taken.local_addr().unwrap();
    let error = bind(&World::new(), address, None).err().unwrap();
    assert!(matches!(error, ServerError::Listen { .. }));
    assert!(error.to_string().contains("choose another port"), "{error}");
}

#[test]
fn others_are_not_let_in_in_clear() {
    let open = SocketAddr::from(([0, 0, 0, 0], 0));
    assert!(matches!(bind(&World::new(), open, None), Err(ServerError::Plain { .. })));
    assert!(bind(&World::new(), open, Some([10, 0, 0, 1])).is_ok());
}

#[test]
fn a_stop_finishes_what_runs_and_writes_a_checkpoint() {
    let world = World::new();
    let mut house = world.serve(world.create(3_000));
    let officer = house.officer();
    let (builder, key) = house.processor(&officer, "Builder", &["deliveries:read"]);
    let delivery = house.delivery(&officer, builder);
    let path = format!("/api/v1/deliveries/{delivery}/file");
    let mut stream = Ask::get(&path).with_key(&key).start(house.processors);
    let mut head = [0; 1_000];
    stream.read_exact(&mut head).unwrap();
    house.stop.stop();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    let text = String::from_utf8_lossy(&head).into_owned();
    let length = text.split("content-length: ").nth(1).unwrap().split('\r').next().unwrap();
    let head_bytes = text.find("\r\n\r\n").unwrap() + 4;
    assert_eq!(head.len() + rest.len(), head_bytes + length.parse::<usize>().unwrap());
    house.thread.take().unwrap().join().unwrap().unwrap();
    assert!(TcpStream::connect(house.staff).is_err());
    let report = house.vault.audit_verify(Some(house.vault.anchor())).unwrap();
    assert!(report.checkpoints > 0 && report.faults.is_empty());
}

#[test]
fn bodies_and_paths_that_make_no_sense_are_refused() {
    let world = World::new();
    let house = world.serve(world.create(1));
    let officer = house.officer();
    let ask = Ask::new("POST", "/api/v1/processors").by(&officer).header("idempotency-key", "k");
    let json = ask.clone().header("content-type", "application/json");
    let long = vec![b' '; 70_000];
    json.clone().body(&long).send(house.staff).expect(413);
    ask.body(b"{}").send(house.staff).expect(415);
    let broken = json.header("idempotency-key", "k2").body(b"{\"name\": \"secret");
    let answer = broken.send(house.staff).expect(400);
    assert!(!answer.text().contains("secret"), "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert!(answer.header("request-id").is_some());
    Ask::new("PATCH", "/api/v1/processors").by(&officer).send(house.staff).expect(404);
    Ask::get("/api/v1/../../etc/passwd").by(&officer).send(house.staff).expect(404);
    Ask::get("/api/v1/processors/P-99999999999").by(&officer).send(house.staff).expect(404);
    Ask::get("/api/v1/audit?limit=x").by(&officer).send(house.staff).expect(400);
    let mut raw = TcpStream::connect(house.staff).unwrap();
    raw.write_all(b"\x16\x03\x01 not http at all\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    raw.read_to_end(&mut answer).unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 400"));
}
