//! The demo's server: started so that it outlives the task, stopped in good order.
//!
//! Beside the data folder stand its log and a note of its process. A process is known by its number
//! and the moment of its start, because numbers are given again: nobody else's process is ever ended.

use crate::story::Story;
use crate::{command, out};
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::fs::OpenOptions;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Where staff come in; processors' programs come in one port above.
pub(crate) const PORT: u16 = 7117;
/// Longest that a server may take to answer after its start.
const START_LIMIT: Duration = Duration::from_mins(1);
/// Longest that a server may take to finish what it does.
const STOP_LIMIT: Duration = Duration::from_mins(2);
/// Between two looks at whether something has happened.
const PAUSE: Duration = Duration::from_millis(50);
/// Longest wait for one answer of the server.
const ANSWER_LIMIT: Duration = Duration::from_secs(2);
/// Lines of the log that are shown when the server did not start.
const LOG_LINES: usize = 12;
/// The member of staff whom the demo invites.
pub(crate) const OFFICER: &str = "officer";

/// How somebody can sign in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SignIn {
    /// With this one-time password; it replaces an earlier one that was not used.
    OneTime { password: String, is_again: bool },
    /// With the passphrase that they chose.
    Chosen,
    /// Not at all: in this state is the account.
    Not(String),
}

/// What must be done so that somebody can sign in.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Invite,
    Reset,
    Nothing,
    Impossible(String),
}

/// Where a server is noted and logs.
fn note(story: &Story) -> PathBuf {
    story.beside("server")
}

/// The file that the server's words go to.
pub(crate) fn log(story: &Story) -> PathBuf {
    story.beside("server.log")
}

/// Starts the server; it goes on when the task has ended. Returns once it answers.
pub(crate) fn start(story: &Story, port: u16) -> Result<()> {
    require_free(port)?;
    let path = log(story);
    let log = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path);
    let log = log.with_context(|| format!("writing {}", path.display()))?;
    let address = |port: u16| format!("127.0.0.1:{port}");
    let mut serve = story.doldam(&["serve", "--staff-listen", &address(port)]);
    serve
        .args(["--processor-listen", &address(port + 1)])
        .args(["--public-listen", &address(port + 2)])
        .stdin(Stdio::null())
        .stdout(log.try_clone().context("the log of the server")?)
        .stderr(log)
        // Ctrl-C at the terminal is for the task.
        .process_group(0);
    let mut child = serve.spawn().context("the server does not start")?;
    if let Some(moment) = started(child.id()) {
        std::fs::write(note(story), format!("{} {moment}", child.id()))
            .with_context(|| format!("writing {}", note(story).display()))?;
    }
    wait_for_answer(story, &mut child, port)
}

/// Refuses a port on which something listens, or one of the two ports after it.
pub(crate) fn require_free(port: u16) -> Result<()> {
    for port in [Some(port), port.checked_add(1), port.checked_add(2)] {
        let port = port.context("there is no port after the last one")?;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_err() {
            bail!(
                "port {port} is taken by another program\nhint: cargo xtask up --port {}",
                if port < 60_000 { port + 100 } else { port - 100 }
            );
        }
    }
    Ok(())
}

fn wait_for_answer(story: &Story, child: &mut Child, port: u16) -> Result<()> {
    let end = command::now() + START_LIMIT;
    loop {
        let ended = child.try_wait().context("waiting for the server")?;
        if ended.is_none() && answers(port) {
            return Ok(());
        }
        if ended.is_some() || command::now() > end {
            // One that hangs is not left behind.
            let _ = child.kill();
            let _ = child.wait();
            let text = std::fs::read_to_string(log(story)).unwrap_or_default();
            let lines: Vec<&str> = text.lines().collect();
            let shown = lines[lines.len().saturating_sub(LOG_LINES)..].join("\n   ");
            bail!("the server did not start; its log ends with\n   {shown}");
        }
        std::thread::park_timeout(PAUSE);
    }
}

/// Whether the server says that it is well.
fn answers(port: u16) -> bool {
    let ask = || -> std::io::Result<String> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut stream = TcpStream::connect_timeout(&address, ANSWER_LIMIT)?;
        stream.set_read_timeout(Some(ANSWER_LIMIT))?;
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.take(4_096).read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

/// Stops the server that was started here, if it runs, and waits until it has finished. True when
/// one was stopped.
pub(crate) fn stop(story: &Story) -> Result<bool> {
    let text = std::fs::read_to_string(note(story)).unwrap_or_default();
    let Some(process) = running(&text) else {
        let _ = std::fs::remove_file(note(story));
        return Ok(false);
    };
    out::tell(&format!("stopping the server (process {process})"));
    let mut kill = Command::new("kill");
    kill.args(["-TERM", &process.to_string()]);
    // One that has ended by itself in between is what was wanted.
    command::run(&mut kill, ANSWER_LIMIT)?;
    let end = command::now() + STOP_LIMIT;
    while running(&text).is_some() {
        if command::now() > end {
            bail!("the server does not stop\nhint: kill -KILL {process}, then repeat");
        }
        std::thread::park_timeout(PAUSE);
    }
    let _ = std::fs::remove_file(note(story));
    Ok(true)
}

/// The process of a note, while it is the one that was noted.
fn running(note: &str) -> Option<u32> {
    let (process, moment) = note.trim().split_once(' ')?;
    let process = process.parse().ok()?;
    (started(process)?.to_string() == moment).then_some(process)
}

/// When a process was started, in ticks since the machine was (proc(5)); `None` for one that has
/// ended, even if nobody has asked how.
fn started(process: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name stands in parentheses and may hold anything.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    if matches!(fields.next()?, "Z" | "X") {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

/// Makes sure that the officer can sign in, if that is possible without taking anything from them.
pub(crate) fn officer(story: &Story) -> Result<SignIn> {
    let step = step(&story.ask(&["staff", "list"])?);
    let is_again = step == Step::Reset;
    let answer = match step {
        Step::Nothing => return Ok(SignIn::Chosen),
        Step::Impossible(state) => return Ok(SignIn::Not(state)),
        Step::Invite => {
            story.ask(&["staff", "add", OFFICER, "--role", "privacy-officer", "--one-time"])?
        }
        Step::Reset => story.ask(&["staff", "reset", OFFICER, "--purpose", "demo started anew"])?,
    };
    let password = answer["one_time_password"].as_str().context("there is no one-time password")?;
    Ok(SignIn::OneTime { password: password.to_owned(), is_again })
}

fn step(staff: &Value) -> Step {
    let everybody = staff["staff"].as_array().map(Vec::as_slice).unwrap_or_default();
    let state = everybody.iter().find(|one| one["name"] == OFFICER).map(|one| &one["state"]);
    match state.map(|state| state.as_str().unwrap_or_default()) {
        None => Step::Invite,
        Some("invited" | "invitation expired") => Step::Reset,
        Some("active") => Step::Nothing,
        Some(other) => Step::Impossible(other.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::testing::fake;
    use serde_json::json;
    use std::io::{BufRead as _, BufReader};

    #[test]
    fn a_password_is_given_to_nobody_who_has_chosen_one() {
        let list = |state: &str| {
            json!({ "staff": [
                { "name": "minji", "state": "active" }, { "name": OFFICER, "state": state },
            ]})
        };
        assert_eq!(
            step(&json!({ "staff": [{ "name": "minji", "state": "active" }] })),
            Step::Invite
        );
        assert_eq!(step(&list("invited")), Step::Reset);
        assert_eq!(step(&list("invitation expired")), Step::Reset);
        assert_eq!(step(&list("active")), Step::Nothing);
        assert_eq!(step(&list("disabled")), Step::Impossible("disabled".to_owned()));
    }

    #[test]
    fn the_officer_is_invited_once_and_then_given_a_new_password() {
        let (_folder, story) = fake();
        story.init(Some(50)).expect("the demo is made");
        let first = officer(&story).expect("nobody is there yet");
        assert_eq!(first, SignIn::OneTime { password: "first-word".to_owned(), is_again: false });
        let again = officer(&story).expect("the officer is there");
        assert_eq!(again, SignIn::OneTime { password: "second-word".to_owned(), is_again: true });
    }

    #[test]
    fn a_server_that_dies_shows_the_end_of_its_log() {
        let (_folder, story) = fake();
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let port = free.local_addr().expect("it has an address").port();
        let error = require_free(port).expect_err("the port is taken").to_string();
        assert!(error.contains("--port"), "{error}");
        drop(free);
        // Somebody may take the port in between, which is an error of other words.
        let error = start(&story, port).expect_err("the stand-in serves nobody").to_string();
        assert!(error.contains("error: this is no server") || error.contains("taken"), "{error}");
    }

    #[test]
    fn only_the_process_that_was_noted_is_stopped() {
        let (_folder, story) = fake();
        assert!(!stop(&story).expect("nothing is noted"));
        let mut child = Command::new("sleep").arg("600").spawn().expect("sleep runs");
        let moment = started(child.id()).expect("it runs");
        std::fs::write(note(&story), format!("{} {}", child.id(), moment + 1)).expect("writable");
        assert!(!stop(&story).expect("the number was given again"));
        assert!(started(child.id()).is_some(), "it is another process");
        std::fs::write(note(&story), format!("{} {moment}", child.id())).expect("writable");
        assert!(stop(&story).expect("it is the one that was noted"));
        assert!(!child.wait().expect("it was ours").success());
        assert!(!note(&story).exists() && started(child.id()).is_none());
    }

    #[test]
    fn an_answer_must_be_a_good_one() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let port = listener.local_addr().expect("it has an address").port();
        let speak = std::thread::spawn(move || {
            for text in ["HTTP/1.1 503 Busy\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nok"] {
                let (mut stream, _) = listener.accept().expect("somebody asks");
                // What is not read when a connection is closed breaks it.
                let asked = BufReader::new(&stream).lines();
                asked.map_while(Result::ok).find(String::is_empty).expect("they ask to the end");
                stream.write_all(text.as_bytes()).expect("they listen");
            }
        });
        assert_eq!((answers(port), answers(port)), (false, true));
        speak.join().expect("both were answered");
        assert!(!answers(port), "nobody listens any more");
    }
}
