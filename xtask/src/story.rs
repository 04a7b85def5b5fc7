//! The line from a leaked file to names and origin, told by the built binary.
//!
//! `up` shows it to a person and `test` checks it, so that the first command of the README cannot
//! rot: a demo bank is made, its fake developer repository is scanned, and every file that holds
//! customers is traced.

use crate::command;
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const STEP_LIMIT: Duration = Duration::from_mins(15);

/// Exit codes of `doldam`: nothing found, personal data found.
const ANSWERED: [i32; 2] = [0, 1];

/// Kinds that name one person, or that are our own pseudonyms.
const TELLING_KINDS: [&str; 3] = ["ci", "di", "pseudonym"];

/// Fewer telling values than this are a line in a log, not a copied table.
const TELLING_VALUES_MIN: u64 = 20;

/// A data folder of the demo and the binary that works on it.
pub(crate) struct Story {
    /// The built `doldam`.
    pub(crate) binary: PathBuf,
    /// The data folder.
    pub(crate) data: PathBuf,
}

/// What a scan reported.
pub(crate) struct Scan {
    /// Files looked at; `None` when the report does not say.
    pub(crate) scanned: Option<u64>,
    /// Files with any finding.
    pub(crate) with_findings: usize,
    /// Where files stand that hold many people, most people first.
    pub(crate) leaked: Vec<String>,
    /// Milliseconds that the scan took.
    pub(crate) elapsed_ms: u64,
}

impl Story {
    /// A path beside the data folder: `var` and `outside` give `var.outside`.
    pub(crate) fn beside(&self, suffix: &str) -> PathBuf {
        let mut name = OsString::from(self.data.as_os_str());
        name.push(".");
        name.push(suffix);
        PathBuf::from(name)
    }

    /// The fake repository of an outside developer that the demo makes.
    pub(crate) fn developer(&self) -> PathBuf {
        self.beside("outside").join("developer")
    }

    /// Makes the demo bank; its talk goes to the terminal.
    pub(crate) fn init(&self, subjects: Option<u64>) -> Result<()> {
        let mut init = self.doldam(&["init", "--demo"]);
        if let Some(subjects) = subjects {
            init.arg("--subjects").arg(subjects.to_string());
        }
        let ended = command::run(&mut init, STEP_LIMIT)?;
        if !ended.is_success() {
            bail!("`doldam init --demo`: {}", ended.reason());
        }
        if !self.data.is_dir() || !self.developer().is_dir() {
            bail!("`doldam init --demo` made no bank and no developer's repository");
        }
        Ok(())
    }

    /// Scans the developer's repository.
    pub(crate) fn scan(&self) -> Result<Scan> {
        let mut scan = self.doldam(&["scan", "--format", "json"]);
        scan.arg(self.developer());
        Scan::parse(&report(&mut scan)?)
    }

    /// Traces one file, named as the scan named it, and returns the report.
    pub(crate) fn trace(&self, locator: &str) -> Result<Value> {
        report(self.doldam(&["trace", "--format", "json"]).arg(locator))
    }

    /// Asks the binary something that it answers in JSON.
    pub(crate) fn ask(&self, arguments: &[&str]) -> Result<Value> {
        report(self.doldam(arguments).args(["--format", "json"]))
    }

    /// Verifies the audit log of the data folder against its anchor.
    pub(crate) fn verify_audit(&self) -> Result<()> {
        let mut verify = self.doldam(&["audit", "verify", "--anchor"]);
        verify.arg(self.beside("anchor.jsonl"));
        command::capture_success(&mut verify, STEP_LIMIT).map(drop)
    }

    /// Deletes the data folder and everything that the demo put beside it.
    pub(crate) fn wipe(&self) -> Result<()> {
        let beside = ["outside", "anchor.jsonl", "server.log"].map(|suffix| self.beside(suffix));
        for path in [self.data.clone()].into_iter().chain(beside) {
            remove(&path).with_context(|| format!("deleting {}", path.display()))?;
        }
        Ok(())
    }

    /// The binary on the data folder.
    pub(crate) fn doldam(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.arg("--data").arg(&self.data).args(arguments);
        command.current_dir(crate::workspace::root());
        command
    }
}

impl Scan {
    fn parse(report: &Value) -> Result<Self> {
        let files = report["files"].as_array().context("the scan's report has no files")?;
        let mut leaked: Vec<(u64, String)> = Vec::new();
        for file in files {
            let telling = TELLING_KINDS.iter().filter_map(|kind| file["kinds"][*kind].as_u64());
            let values: u64 = telling.sum();
            if values >= TELLING_VALUES_MIN {
                let place = file["where"].as_str().context("a file of the report has no place")?;
                leaked.push((values, place.to_owned()));
            }
        }
        leaked.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
        Ok(Self {
            scanned: report["scanned"]["files"].as_u64(),
            with_findings: files.len(),
            leaked: leaked.into_iter().map(|file| file.1).collect(),
            elapsed_ms: report["elapsed_ms"].as_u64().unwrap_or(0),
        })
    }
}

/// Runs a command of `doldam` that prints a JSON report.
fn report(command: &mut Command) -> Result<Value> {
    let shown = command::shown(command);
    let (ended, text) = command::capture(command, STEP_LIMIT)?;
    if !ended.code.is_some_and(|code| ANSWERED.contains(&code)) {
        bail!("`{shown}`: {}", ended.reason());
    }
    let report: Value =
        serde_json::from_str(&text).with_context(|| format!("`{shown}` printed no JSON"))?;
    if report["schema"] != 1 {
        bail!("`{shown}` printed a report that is not of schema 1");
    }
    Ok(report)
}

/// Deletes a file or a folder; one that is not there is fine.
fn remove(path: &Path) -> std::io::Result<()> {
    if path.is_dir() {
        return std::fs::remove_dir_all(path);
    }
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// What is wrong with a trace of a file that a processor leaked; `None` when it names one.
pub(crate) fn trace_fault(report: &Value) -> Option<&'static str> {
    let first = &report["processors"][0];
    if report["subjects"]["exact"].as_u64().unwrap_or(0) == 0 {
        return Some("nobody is recognised");
    }
    if first["id"] == "ours" || first["rows"].as_u64().unwrap_or(0) == 0 {
        return Some("no processor comes first");
    }
    report["disclosures"][0]["id"].is_null().then_some("no disclosure is named")
}

#[cfg(test)]
pub(crate) mod testing {
    //! A stand-in for the binary that keeps the command-line contract.
    use super::{Path, PathBuf, Story};
    use std::os::unix::fs::PermissionsExt as _;
    use tempfile::TempDir;

    const SCRIPT: &str = r#"#!/bin/sh
[ "$1" = --data ] || exit 2
data=$2; shift 2
case "$1 $2" in
"init --demo")
    case "$*" in *" --subjects 50") ;; *) exit 2 ;; esac
    mkdir -p "$data" "$data.outside/developer" && : >"$data/made" && : >"$data.anchor.jsonl" ;;
"scan --format")
    echo '{"schema":1,"files":[{"where":"a!b","kinds":{"ci":50},"rows":50}],"elapsed_ms":1}'
    exit 1 ;;
"trace --format")
    case "$*" in *" a!b") ;; *) exit 2 ;; esac
    echo '{"schema":1,"rows":50,"subjects":{"exact":50,"total":50},
"processors":[{"id":"p","name":"P","rows":50,"share":1.0,"why":"w"}],
"disclosures":[{"id":"d","score":1.0,"why":"w"}]}' ;;
"staff list")
    echo '{"schema":1,"staff":['
    if [ -e "$data/officer" ]; then echo '{"name":"officer","state":"invited"}'; fi
    echo ']}' ;;
"staff add") : >"$data/officer"; echo '{"schema":1,"one_time_password":"first-word"}' ;;
"staff reset") echo '{"schema":1,"one_time_password":"second-word"}' ;;
"serve --staff-listen") echo "error: this is no server" >&2; exit 2 ;;
"audit verify") [ "$3" = --anchor ] && [ -e "$4" ] ;;
*) exit 2 ;;
esac
"#;

    /// A story in a folder of its own, told by the stand-in.
    pub(crate) fn fake() -> (TempDir, Story) {
        let folder = TempDir::new().expect("the system has a folder for temporary files");
        let binary: PathBuf = folder.path().join("doldam");
        std::fs::write(&binary, SCRIPT).expect("the script is written");
        let rights = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions::<&Path>(&binary, rights).expect("the script is ours");
        let data = folder.path().join("var");
        (folder, Story { binary, data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_line_is_told_by_a_binary_that_keeps_the_contract() {
        let (_folder, story) = testing::fake();
        assert!(story.verify_audit().is_err(), "there is no anchor yet");
        assert!(story.init(None).is_err(), "the stand-in wants its number of subjects");
        story.init(Some(50)).expect("the demo is made");
        assert!(story.developer().is_dir());
        let scan = story.scan().expect("the scan finds personal data");
        assert_eq!(scan.leaked, ["a!b"]);
        let report = story.trace(&scan.leaked[0]).expect("the file is traced");
        assert_eq!(trace_fault(&report), None);
        story.verify_audit().expect("the anchor is there");
        story.wipe().expect("the demo is ours");
        assert!(!story.data.exists() && !story.beside("anchor.jsonl").exists());
    }

    #[test]
    fn files_with_many_people_are_picked_most_people_first() {
        let scan = Scan::parse(&json!({
            "schema": 1,
            "scanned": { "files": 40, "bytes": 1 },
            "elapsed_ms": 12,
            "files": [
                { "where": "log", "kinds": { "ci": 3, "phone": 900 }, "rows": 900 },
                { "where": "small.csv", "kinds": { "pseudonym": 500 }, "rows": 500 },
                { "where": "repo!old.zip!users.csv", "kinds": { "ci": 17_551 }, "rows": 17_551 },
            ],
        }))
        .expect("the report is well formed");
        assert_eq!(scan.leaked, ["repo!old.zip!users.csv", "small.csv"]);
        assert_eq!((scan.with_findings, scan.scanned, scan.elapsed_ms), (3, Some(40), 12));
    }

    #[test]
    fn a_report_of_another_shape_is_an_error() {
        assert!(Scan::parse(&json!({ "schema": 1 })).is_err());
        assert!(report(Command::new("sh").args(["-c", "echo '{\"schema\":2}'"])).is_err());
        assert!(report(Command::new("sh").args(["-c", "echo hello"])).is_err());
        assert!(report(Command::new("sh").args(["-c", "echo '{\"schema\":1}'; exit 2"])).is_err());
        assert!(report(Command::new("sh").args(["-c", "echo '{\"schema\":1}'; exit 1"])).is_ok());
    }

    #[test]
    fn a_trace_must_name_people_a_processor_and_a_disclosure() {
        let good = json!({
            "subjects": { "exact": 5 },
            "processors": [{ "id": "p1", "rows": 5 }],
            "disclosures": [{ "id": "d1" }],
        });
        assert_eq!(trace_fault(&good), None);
        let change = |key: &str, value: Value| {
            let mut report = good.clone();
            report[key] = value;
            trace_fault(&report).is_some()
        };
        assert!(change("subjects", json!({ "exact": 0 })));
        assert!(change("processors", json!([{ "id": "ours", "rows": 5 }])));
        assert!(change("processors", json!([])));
        assert!(change("disclosures", json!([])));
    }

    #[test]
    fn neighbours_of_the_data_folder_share_its_name() {
        let story = Story { binary: PathBuf::from("doldam"), data: PathBuf::from("./var") };
        assert_eq!(story.beside("anchor.jsonl"), PathBuf::from("./var.anchor.jsonl"));
        assert_eq!(story.developer(), PathBuf::from("./var.outside/developer"));
    }
}
