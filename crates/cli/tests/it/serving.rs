//! `doldam serve` as a process: it says where it listens, answers, and stops when it is told to.

use std::fs::Permissions;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use crate::support::House;

const ANY: [&str; 7] = [
    "serve",
    "--staff-listen",
    "127.0.0.1:0",
    "--processor-listen",
    "127.0.0.1:0",
    "--public-listen",
    "127.0.0.1:0",
];

#[test]
fn a_server_answers_and_stops_in_good_order() {
    let house = House::with_customers(20);
    let added = house.run(&[
        "staff",
        "add",
        "minji",
        "--role",
        "privacy-officer",
        "--one-time",
        "--format",
        "json",
    ]);
    let password = added.good().json()["one_time_password"].as_str().unwrap().to_owned();
    assert_eq!(password.len(), 35);
    let mut command = house.command();
    let mut child = command.args(ANY).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.split(' ').find_map(|word| word.strip_prefix("http://")).unwrap();
    let body = format!("{{\"name\":\"minji\",\"secret\":\"{password}\"}}");
    let request = format!(
        "POST /api/v1/sessions HTTP/1.1\r\nhost: x\r\nidempotency-key: 1\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 201") && answer.contains("must_choose_secret"),
        "{answer}"
    );
    assert!(house.run(&["staff", "list"]).good().out.contains("minji"));
    let id = i32::try_from(child.id()).unwrap();
    let pid = rustix::process::Pid::from_raw(id).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert!(child.wait().unwrap().success());
    house.run(&["audit", "verify"]).good();
}

#[test]
fn a_port_that_is_taken_and_an_open_address_are_refused() {
    let house = House::new();
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = taken.local_addr().unwrap().to_string();
    house.run(&["serve", "--staff-listen", &address]).refused(2, "choose another port");
    let open = [
        "serve",
        "--staff-listen",
        "0.0.0.0:0",
        "--processor-listen",
        "127.0.0.1:0",
        "--public-listen",
        "127.0.0.1:0",
    ];
    house.run(&open).refused(2, "--trusted-proxy");
}

/// Writes a certificate for `localhost` that holds over these years, and its key.
fn issue(house: &House, years: [i32; 2]) {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
    [params.not_before, params.not_after] = years.map(|year| rcgen::date_time_ymd(year, 1, 1));
    house.write("door.pem", params.self_signed(&key).unwrap().pem());
    house.write("door.key", key.serialize_pem());
    std::fs::set_permissions(house.path("door.key"), Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn a_server_with_a_certificate_speaks_tls_and_reads_it_again() {
    let house = House::new();
    issue(&house, [2020, 2090]);
    let mut command = house.command();
    command.args(ANY).args(["--certificate", "door.pem", "--key", "door.key"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let addresses: Vec<&str> =
        line.split_whitespace().filter_map(|word| word.strip_prefix("https://")).collect();
    assert_eq!(addresses.len(), 2, "{line}");
    for address in addresses {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("https://"), "{answer}");
    }
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    issue(&house, [2020, 2091]);
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    rustix::process::kill_process(pid, rustix::process::Signal::HUP).unwrap();
    for _door in 0..2 {
        let again = said.find(|line| line.as_ref().unwrap().contains("certificate")).unwrap();
        assert!(again.unwrap().contains("holds until 2091-01-01"));
    }
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_certificate_that_cannot_be_used_is_refused_and_the_doctor_says_so() {
    let house = House::new();
    issue(&house, [2020, 2026]);
    let serve = [&ANY[..], &["--certificate", "door.pem", "--key", "door.key"]].concat();
    house.run(&serve).refused(2, "ran out on 2026-01-01");
    let missing = [&ANY[..], &["--certificate", "none.pem", "--key", "door.key"]].concat();
    house.run(&missing).refused(2, "none.pem");
    let settings = std::fs::read_to_string(house.path("var/doldam.toml")).unwrap();
    let named = "[server]\ncertificate = \"../door.pem\"\n";
    house.write("var/doldam.toml", settings.replace("[server]\n", named));
    house.run(&ANY).refused(2, "without its key");
    let whole = format!("{named}key = \"../door.key\"\n");
    house.write("var/doldam.toml", settings.replace("[server]\n", &whole));
    house.run(&ANY).refused(2, "ran out");
    let certificate = |house: &House| {
        let ended = house.run(&["doctor", "--format", "json"]);
        let line =
            ended.out.split('{').find(|part| part.contains("\"certificate\"")).map(str::to_owned);
        (ended.code, line.unwrap())
    };
    let (code, line) = certificate(&house);
    assert!(code == Some(1) && line.contains("FAULT") && line.contains("ran out"), "{line}");
    issue(&house, [2020, 2090]);
    let (_, line) = certificate(&house);
    assert!(line.contains("ok") && line.contains("holds until 2090-01-01"), "{line}");
}
