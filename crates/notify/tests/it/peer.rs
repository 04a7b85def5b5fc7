//! An SMSC that we did not write receives everybody's text, once.
//!
//! It is the Python package `smpp34`, installed by name into a virtual environment under the build
//! folder. Where it cannot be installed this test fails: an untested protocol is no protocol.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use doldam_store::notice::Counts;

use crate::world::{People, gateway, open, plan, run};

const PACKAGE: &str = "smpp34==1.5.0";
const PEOPLE: u32 = 17_551;
const TEXT: &str = "[돌담은행] 개인정보 유출 안내";

/// The Python of the virtual environment, made when it is missing.
fn python() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("smpp34");
    let python = folder.join("bin/python");
    let works = |python: &Path| {
        let import =
            Command::new(python).args(["-c", "import smpp34"]).stderr(Stdio::null()).status();
        import.is_ok_and(|status| status.success())
    };
    if !works(&python) {
        let venv = Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder).status();
        assert!(
            venv.is_ok_and(|status| status.success()),
            "python3 -m venv does not work: install python3-venv"
        );
        let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE];
        let install = Command::new(&python).args(quiet).status();
        assert!(
            install.is_ok_and(|status| status.success()) && works(&python),
            "{PACKAGE} cannot be installed with pip"
        );
    }
    python
}

/// The foreign SMSC; it is killed when dropped.
struct Peer {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    fn start() -> (Self, String) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peer/smsc.py");
        let mut child = Command::new(python())
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python starts");
        let questions = child.stdin.take().expect("stdin is piped");
        let answers = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut peer = Self { child, questions, answers };
        let port = peer.line();
        (peer, format!("127.0.0.1:{port}"))
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("the peer speaks");
        line.trim().to_owned()
    }

    fn figures(&mut self) -> String {
        self.questions.write_all(b"\n").expect("the peer listens");
        self.line()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn an_smsc_that_we_did_not_write_gets_everybody_once() {
    let (mut peer, address) = Peer::start();
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let id = plan(&store, PEOPLE);
    let mut gateway = gateway(&address);
    // It is slower than ours, above all beside other tests; that is no fault of it.
    gateway.response_us = 20_000_000;
    gateway.receipt_wait_us = 10_000_000;
    gateway.lease_us = 60_000_000;
    let summary = run(&store, id, &People::with(TEXT), &gateway).unwrap();
    let characters = TEXT.chars().count();
    assert_eq!(peer.figures(), format!("{PEOPLE} {PEOPLE} 0 [{characters}]"));
    let everybody = u64::from(PEOPLE);
    assert_eq!(summary.counts, Counts { delivered: everybody, ..Counts::default() }, "{summary:?}");
    assert_eq!((summary.messages, summary.disconnects), (everybody, 0));
}
