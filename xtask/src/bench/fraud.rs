//! `cargo xtask bench fraud`: what the engine, the log and the replay of fraud detection do on this
//! machine, against their bars.
//!
//! The measuring is an example of the room itself, which prints one JSON object a line. Its log goes
//! to a folder that is made for it and removed.

use crate::{command, out, workspace};
use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::Command;

use super::BENCH_LIMIT;

/// Where the card transactions of the public comparison lie, beside the repository.
const TRANSACTIONS: &str = "../shared/data/card-transactions/transactions.parquet";

/// Measures; false when a bar is missed.
pub(super) fn measure(flags: &[String]) -> Result<bool> {
    let (mut file, mut is_json) = (workspace::root().join(TRANSACTIONS), false);
    let mut flags = flags.iter();
    while let Some(flag) = flags.next() {
        match flag.as_str() {
            "--json" => is_json = true,
            "--transactions" => file = flags.next().context("--transactions needs a file")?.into(),
            _ => bail!("unknown flag\nhint: --transactions FILE, --json"),
        }
    }
    let file: PathBuf = std::path::absolute(file)?;
    let folder = workspace::target().join("bench-fraud");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let mut example = Command::new("cargo");
    example.args(["run", "--quiet", "--release", "-p", "doldam-fraud", "--example", "speed", "--"]);
    example.arg(&file).arg(&folder).current_dir(workspace::root());
    let ended = command::capture_success(&mut example, BENCH_LIMIT);
    std::fs::remove_dir_all(&folder)?;
    let lines = ended?;
    let found: Vec<Value> =
        lines.lines().map(serde_json::from_str).collect::<Result<_, _>>().context("the example")?;
    let holds = found.iter().all(|one| one["holds"] != false);
    if is_json {
        out::say(&json!({ "schema": 1, "measurements": found, "holds": holds }).to_string());
    } else {
        for one in &found {
            out::say(&sentence(one));
        }
    }
    Ok(holds)
}

/// One measurement for people.
fn sentence(one: &Value) -> String {
    let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
    let bar = match (&one["bar"]["least"], &one["bar"]["most"]) {
        (Value::Number(least), _) => format!(", bar at least {least}"),
        (_, Value::Number(most)) => format!(", bar at most {most}"),
        _ => String::new(),
    };
    let verdict = match one["holds"].as_bool() {
        Some(true) => ": holds",
        Some(false) => ": MISSED",
        None => "",
    };
    format!("{}: {} {}{bar}{verdict} ({})", text("what"), one["value"], text("unit"), text("on"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_bar_is_said() {
        let one = json!({ "what": "cold start", "on": "a file", "value": 5, "unit": "events/s",
            "bar": { "least": 10.0 }, "holds": false });
        assert_eq!(sentence(&one), "cold start: 5 events/s, bar at least 10.0: MISSED (a file)");
    }
}
