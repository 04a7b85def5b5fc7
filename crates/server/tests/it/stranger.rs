//! Requests that we did not think of: schemathesis makes them from the OpenAPI document.
//!
//! It is installed by name into `target/schemathesis` when it is not there; without it the test
//! fails and says so.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use doldam_processors::Scope;

use crate::client::Ask;
use crate::world::World;

const VERSION: &str = "schemathesis==4.32.5";
/// Seconds of each run.
const STAFF_SECONDS: &str = "60";
const PROCESSOR_SECONDS: &str = "10";

fn run(command: &mut Command) -> (bool, String) {
    let output = command.output().expect("python3 with venv is installed");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout) + &text(&output.stderr))
}

fn installed(root: &Path) -> PathBuf {
    let folder = root.join("target/schemathesis");
    let program = folder.join("bin/schemathesis");
    if !program.exists() {
        let (made, said) = run(Command::new("python3").args(["-m", "venv"]).arg(&folder));
        assert!(made, "python3 -m venv: {said}");
        let pip = folder.join("bin/pip");
        let (done, said) = run(Command::new(pip).args(["install", "-q", VERSION]));
        assert!(done, "pip install {VERSION}: {said}");
    }
    program
}

fn attack(root: &Path, url: &str, header: &str, seconds: &str, without: &[&str]) {
    let mut command = Command::new(installed(root));
    command
        .current_dir(root.join("target/schemathesis"))
        .arg("run")
        .arg(root.join("openapi.json"))
        .args(["--url", url, "--header", header, "--max-time", seconds])
        .args(["--checks", "not_a_server_error", "--continue-on-failure", "--no-color"])
        .args(["--generation-database", "none", "--warnings", "off", "--seed", "1"])
        .args(["--suppress-health-check", "all"]);
    for path in without {
        command.args(["--exclude-path", path]);
    }
    let (passed, said) = run(&mut command);
    let end = said.char_indices().rev().nth(3_000).map_or(0, |(place, _)| place);
    assert!(passed, "{}", &said[end..]);
}

#[test]
fn no_request_makes_the_server_fail() {
    let world = World::new();
    let house = world.serve(world.create(20));
    let officer = house.officer();
    let (builder, key) = house.processor(&officer, "Builder", &Scope::ALL.map(Scope::word));
    house.delivery(&officer, builder);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let staff = format!("http://{}", house.staff);
    // What would end the session, or lets nobody in for minutes, is tested by hand.
    // A drill is long by design, and a stream of events never ends.
    let without = [
        "/api/v1/sessions/current",
        "/api/v1/sessions",
        "/api/v1/staff/me/passphrase",
        "/api/v1/drills",
        "/api/v1/events",
    ];
    attack(&root, &staff, &format!("Cookie: doldam={officer}"), STAFF_SECONDS, &without);
    // It was let in and did things: a run that only meets the gate shows nothing.
    let metrics = Ask::get("/metrics").send(house.staff).expect(200).text();
    let done = |line: &&str| line.contains("_count{") && line.contains("status=\"20");
    let routes: BTreeSet<&str> =
        metrics.lines().filter(done).filter_map(|line| line.split('"').nth(3)).collect();
    assert!(routes.contains("/api/v1/processors") && routes.len() >= 20, "{routes:?}");
    assert!(routes.iter().any(|route| route.contains("{id}")), "{routes:?}");
    let processors = format!("http://{}", house.processors);
    let bearer = format!("Authorization: Bearer {key}");
    attack(&root, &processors, &bearer, PROCESSOR_SECONDS, &[]);
}
