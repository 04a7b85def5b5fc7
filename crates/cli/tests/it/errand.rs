//! Commands beside a running server: one implementation, wherever it runs.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use doldam_synthetic::Column;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::support::{House, value};

/// A server that is stopped when the test ends, however it ends.
struct Server(Child);

impl Server {
    fn start(house: &House) -> Self {
        let mut command = house.command();
        let line = [
            "serve",
            "--staff-listen",
            "127.0.0.1:0",
            "--processor-listen",
            "127.0.0.1:0",
            "--public-listen",
            "127.0.0.1:0",
        ];
        let mut child = command.args(line).stderr(Stdio::null()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        assert!(said.starts_with("staff http://"), "{said}");
        Self(child)
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.0.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Stops it in good order.
    fn stop(mut self) {
        self.signal(Signal::TERM);
        assert!(self.0.wait().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A command that has no passphrase: only a server can run it.
fn without_passphrase(house: &House, line: &[&str]) -> crate::support::Ended {
    let all = [&["--passphrase-file", "/nonexistent/passphrase"], line].concat();
    house.run(&all)
}

#[test]
fn the_line_is_told_beside_a_running_server() {
    let house = House::new();
    let server = Server::start(&house);
    let run = |line: &[&str]| without_passphrase(&house, line);
    house.write_customers("customers.csv", "ci,nickname,phone,email,customer_id", 0..300);
    let imported =
        run(&["subject", "import", "customers.csv", "--source", "branch", "--format", "json"]);
    assert_eq!(imported.good().json()["new"], 300);
    let give = [
        "disclose",
        "--processor",
        "Firm",
        "--purpose",
        "gifts",
        "--fields",
        "nickname,ci",
        "--subjects",
        "first:120",
        "--out",
        "drop.csv",
        "--canaries",
        "2",
    ];
    let given = run(&give).good();
    assert!(given.out.contains("120 subjects and 2 canaries in drop.csv"), "{}", given.out);
    assert!(given.err.contains("note: a new processor"), "{}", given.err);
    run(&give).refused(2, "drop.csv");
    let traced = run(&["trace", "drop.csv", "--format", "json"]).good().json();
    assert_eq!(
        (&traced["subjects"]["exact"], &traced["disclosures"][0]["id"]),
        (&json!(120), &json!("D-1"))
    );
    std::fs::create_dir(house.path("found")).unwrap();
    std::fs::copy(house.path("drop.csv"), house.path("found/copy.csv")).unwrap();
    let scanned = run(&["scan", "found", "--format", "json"]);
    assert_eq!(scanned.code, Some(1));
    let report: serde_json::Value = serde_json::from_str(&scanned.out).unwrap();
    let place = report["files"][0]["where"].as_str().unwrap().to_owned();
    run(&["trace", &place]).good();
    let from_input = std::fs::read_to_string(house.path("drop.csv")).unwrap();
    let traced = house.run_with(&from_input, &["trace", "-", "--format", "json"]).good().json();
    assert_eq!(traced["subjects"]["exact"], 120);
    let selector = format!("{}\n", value(5, Column::CustomerId));
    let shown = house
        .run_with(&selector, &["subject", "reveal", "customer_id=-", "--purpose", "call back"]);
    assert!(shown.good().out.contains(&value(5, Column::Phone)));
    run(&["backup", "--out", "backup"]).good();
    assert!(house.path("backup/backup.json").is_file());
    run(&["key", "backup", "--out", "keys"]).good();
    assert!(house.path("keys/K-1.keys").is_file());
    assert_eq!(run(&["audit", "verify", "--format", "json"]).good().json()["whole"], true);
    let checks = run(&["doctor"]).good().out;
    assert!(checks.contains("this check runs in it"), "{checks}");
    server.stop();
    assert!(!house.path("var/doldam.sock").exists());
    house.run(&["audit", "verify"]).good();
    run(&["audit", "verify"]).refused(2, "/nonexistent/passphrase");
}

#[test]
fn who_acts_is_who_typed_and_staff_prove_themselves() {
    let house = House::with_customers(60);
    for (name, role) in [("minji", "privacy-officer"), ("bora", "approver")] {
        house.write(&format!("{name}.secret"), format!("{name} has a long secret\n"));
        let file = format!("{name}.secret");
        house.run(&["staff", "add", name, "--role", role, "--new-secret-file", &file]).good();
    }
    let mut server = house.command();
    // What the server's own environment says about staff is nobody's business.
    server.env("USER", "daemon").env("DOLDAM_STAFF", "minji");
    server.env("DOLDAM_SECRET_FILE", "minji.secret");
    let line = [
        "serve",
        "--staff-listen",
        "127.0.0.1:0",
        "--processor-listen",
        "127.0.0.1:0",
        "--public-listen",
        "127.0.0.1:0",
    ];
    let mut child = server.args(line).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let server = Server(child);
    let raw = [
        "disclose",
        "--raw",
        "--processor",
        "Firm",
        "--purpose",
        "legal duty",
        "--fields",
        "ci",
        "--subjects",
        "first:10",
        "--out",
        "raw.csv",
    ];
    let by = |name: &str, line: &[&str]| {
        let secret = format!("{name}.secret");
        house.run(&[&["--as", name, "--secret-file", &secret], line].concat())
    };
    house.run(&raw).refused(2, "members of staff");
    house
        .run(&[&["--as", "minji", "--secret-file", "bora.secret"], &raw[..]].concat())
        .refused(2, "wrong secret");
    by("minji", &raw).refused(75, "A-1");
    by("bora", &["approve", "A-1"]).good();
    by("minji", &[&raw[..], &["--approval", "A-1"]].concat()).good();
    assert!(house.path("raw.csv").is_file());
    let log = house.run(&["audit", "list", "--format", "json"]).good().json();
    let actors: Vec<&str> =
        log["rows"].as_array().unwrap().iter().map(|row| row["actor"].as_str().unwrap()).collect();
    assert!(actors.contains(&"minji") && actors.contains(&"bora"), "{actors:?}");
    assert!(!actors.contains(&"daemon"), "{actors:?}");
    // By a shell's file of its own: the server opens it as the client's.
    let shown = house.shell(
        "cat bora.secret | $DOLDAM --as bora --secret-file /dev/stdin approve && \
         $DOLDAM disclose verify raw.csv.manifest.json --file /dev/stdin < raw.csv",
    );
    assert_eq!(shown.code, Some(0), "{}", shown.err);
    server.stop();
}

#[test]
fn commands_for_the_folder_alone_say_what_to_do() {
    let house = House::with_customers(10);
    let server = Server::start(&house);
    let process = format!("kill {}", server.0.id());
    house.run(&["key", "rotate"]).refused(75, &process);
    house.run(&["store", "migrate", "--dry-run"]).refused(75, &process);
    house.run(&["serve"]).refused(75, &process);
    house.run(&["restore", "none", "--keys", "none", "--share", "none"]).refused(75, &process);
    house.run(&["init"]).refused(2, "a vault in");
    assert_eq!(house.run(&["scan", "var"]).code, Some(0));
    server.stop();
    house.run(&["key", "rotate"]).good();
}

#[test]
fn many_at_once_are_all_served_and_logged() {
    let house = House::with_customers(200);
    let server = Server::start(&house);
    let children: Vec<Child> = (0..6)
        .map(|number| {
            let folder = house.path(&format!("desk-{number}"));
            std::fs::create_dir(&folder).unwrap();
            let mut command = house.command();
            // Each in a folder of its own: the same relative path is another file.
            command.current_dir(folder).args(["--data", "../var", "disclose", "--processor"]);
            command.arg(format!("Firm {number}"));
            let line = ["--purpose", "gifts", "--fields", "ci", "--out", "drop.csv"];
            command.args(line).args(["--subjects", "first:50"]).spawn().unwrap()
        })
        .collect();
    for (number, child) in children.into_iter().enumerate() {
        let given = child.wait_with_output().unwrap();
        assert!(given.status.success(), "{}", String::from_utf8_lossy(&given.stderr));
        assert!(house.path(&format!("desk-{number}/drop.csv")).is_file());
    }
    let list = house.run(&["disclose", "list", "--format", "json"]).good().json();
    let mut ids: Vec<String> = list["disclosures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    assert_eq!(ids, ["D-1", "D-2", "D-3", "D-4", "D-5", "D-6"]);
    server.stop();
    house.run(&["audit", "verify"]).good();
}

#[test]
fn a_reader_that_has_gone_harms_nobody() {
    let house = House::with_customers(50);
    let server = Server::start(&house);
    for _ in 0..300 {
        let line = ["audit", "list", "--last", "1000000", "--format", "jsonl"];
        let mut child = house.command().args(line).spawn().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let piped = house.shell("$DOLDAM audit list --format jsonl | head -n 1");
    assert_eq!((piped.code, piped.err.as_str()), (Some(0), ""));
    assert_eq!(house.subjects(), 50);
    server.stop();
}

#[test]
fn garbage_on_the_socket_is_turned_away() {
    let house = House::with_customers(10);
    let server = Server::start(&house);
    let socket = house.path("var/doldam.sock");
    assert_eq!(socket.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    for garbage in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        &[0xff; 4_096],
        &[2, 0xff, 0xff, 0xff, 0xff],
        &[8, 0, 0, 0, 0],
        b"",
    ] {
        let mut stream = UnixStream::connect(&socket).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // It may have turned away before everything was sent.
        let _ = stream.write_all(garbage);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let text = String::from_utf8_lossy(&answer);
        assert!(garbage.is_empty() || text.contains("error: "), "{text}");
    }
    // Whoever says nothing holds a place, and the places are counted.
    let silent: Vec<UnixStream> = (0..16).map(|_| UnixStream::connect(&socket).unwrap()).collect();
    house.run(&["subject", "status"]).refused(75, "as many commands as it may");
    drop(silent);
    let mut tries = 0;
    while house.run(&["subject", "status"]).code != Some(0) {
        tries += 1;
        assert!(tries < 50, "the places are free again");
    }
    server.stop();
}

#[test]
fn another_account_is_refused() {
    if !rustix::process::geteuid().is_root() {
        // Only root can become somebody else; the rule itself has a unit test.
        return;
    }
    let house = House::with_customers(10);
    let server = Server::start(&house);
    let open = |path: &str, mode: u32| {
        let rights = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(house.path(path), rights).unwrap();
    };
    open("", 0o755);
    open("pass", 0o644);
    std::fs::copy(env!("CARGO_BIN_EXE_doldam"), house.path("doldam")).unwrap();
    let as_nobody = |line: &str| {
        let program = house.path("doldam");
        house.shell(&format!("setpriv --reuid 65534 --clear-groups {} {line}", program.display()))
    };
    as_nobody("subject status").refused(2, "");
    // Even where the rights of the files let somebody in, the kernel says who it is.
    open("var", 0o755);
    open("var/doldam.sock", 0o666);
    as_nobody("subject status").refused(2, "works for another account");
    server.stop();
}

#[test]
fn a_server_that_dies_leaves_a_clear_error_and_a_folder_that_opens() {
    let house = House::new();
    house.write_customers("customers.csv", "ci,nickname,phone,customer_id", 0..60_000);
    let server = Server::start(&house);
    let line = ["subject", "import", "customers.csv", "--source", "branch", "--bad-rows", "bad"];
    let child = house.command().args(line).spawn().unwrap();
    // The file of bad rows is made when the vault is open: the server is in the middle of it.
    let mut waited = 0;
    while !house.path("bad").exists() {
        assert_eq!(house.run(&["audit", "list"]).code, Some(0));
        waited += 1;
        assert!(waited < 1_000);
    }
    server.signal(Signal::KILL);
    drop(server);
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.contains("the server ended before the command did"), "{said}");
    assert!(house.path("var/doldam.sock").exists(), "nobody was left to remove it");
    let held = house.subjects();
    assert_eq!(held, 0, "what was not finished is not there");
    // The socket of the dead is replaced.
    let server = Server::start(&house);
    assert_eq!(without_passphrase(&house, &["subject", "status"]).code, Some(0));
    server.stop();
}

#[test]
fn a_long_path_and_a_foreign_file_in_the_place_of_the_socket() {
    let house = House::empty();
    let long = "a-folder-with-a-long-name/".repeat(8) + "var";
    house.run(&["--data", &long, "init"]).good();
    let mut command = house.command();
    let line = [
        "serve",
        "--staff-listen",
        "127.0.0.1:0",
        "--processor-listen",
        "127.0.0.1:0",
        "--public-listen",
        "127.0.0.1:0",
    ];
    let mut child = command.args(["--data", &long]).args(line).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let server = Server(child);
    house.run(&["--data", &long, "staff", "list"]).good();
    server.stop();
    house.write(&format!("{long}/doldam.sock"), "mine");
    let mut serve = vec!["--data", &long];
    serve.extend(line);
    house.run(&serve).refused(2, "is not the socket of a server");
    assert_eq!(std::fs::read(house.path(&format!("{long}/doldam.sock"))).unwrap(), b"mine");
}
