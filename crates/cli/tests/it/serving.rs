//! `doldam serve` as a process: it says where it listens, answers, and stops when it is told to.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;

use crate::support::House;

const ANY: [&str; 5] =
    ["serve", "--staff-listen", "127.0.0.1:0", "--processor-listen", "127.0.0.1:0"];

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
    let open = ["serve", "--staff-listen", "0.0.0.0:0", "--processor-listen", "127.0.0.1:0"];
    house.run(&open).refused(2, "--trusted-proxy");
}
