//! `cargo xtask bench NAME`: builds the binary and runs its measurement of that name.
//!
//! What a gateway that misbehaves on demand is needed for is no command of the binary but an example
//! of the room that sends.

use crate::{command, console, postgres, workspace};
use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use std::process::Command;
use std::time::Duration;

mod fraud;

const BENCH_LIMIT: Duration = Duration::from_mins(30);

/// What to measure, and how.
#[derive(Args)]
pub(crate) struct Options {
    /// What to measure
    name: Name,
    /// Flags for `doldam bench`, such as --json
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    flags: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Name {
    Attribution,
    /// How soon each page of the console is usable with 1,000,000 customers: --subjects N, --times N
    Console,
    /// Transactions judged a second, restart, cold start, back-test, replay:
    /// --transactions FILE (card transactions, Parquet or CSV), --json
    Fraud,
    Import,
    /// Texts a second through a gateway, on SQLite and PostgreSQL
    Notify,
    /// Everything that gateways do wrong, and kill -9, by seed: --seeds N, --from N, --people N
    NotifyFaults,
    Pseudonym,
    Scan,
    /// Requests a second with durable writes, three times as many, and what is left after kill -9
    Server,
    Trace,
}

/// Runs the measurement; false when it ran and missed its bar.
pub(crate) fn bench(options: &Options) -> Result<bool> {
    match options.name {
        Name::Console => return measure_console(&options.flags),
        Name::Fraud => return fraud::measure(&options.flags),
        Name::Notify => return measure_notify("throughput", &options.flags, true),
        Name::NotifyFaults => return measure_notify("faults", &options.flags, false),
        Name::Server => return measure_server(&options.flags),
        _ => {}
    }
    let Some(binary) = workspace::build_binary()? else {
        bail!("the binary does not build");
    };
    let name = options.name.to_possible_value().expect("no name is hidden");
    let mut bench = Command::new(binary);
    bench.arg("bench").arg(name.get_name()).args(&options.flags);
    Ok(command::run(&mut bench, BENCH_LIMIT)?.is_success())
}

/// Runs the measurement of the pages, which needs a browser and is the console's own.
fn measure_console(flags: &[String]) -> Result<bool> {
    if !console::build()? {
        bail!("the console does not build");
    }
    let Some(binary) = workspace::build_binary()? else {
        bail!("the binary does not build");
    };
    Ok(command::run(&mut console::bench(&binary, flags), BENCH_LIMIT)?.is_success())
}

/// Runs the example of the room that sends.
fn measure_notify(what: &str, flags: &[String], needs_postgres: bool) -> Result<bool> {
    let mut example = Command::new("cargo");
    example.args(["run", "--quiet", "--release", "-p", "doldam-notify", "--example", "measure"]);
    example.arg("--").arg(what).args(flags).current_dir(workspace::root());
    if !needs_postgres {
        return Ok(command::run(&mut example, BENCH_LIMIT)?.is_success());
    }
    let server = postgres::start(true)?;
    example.env("DOLDAM_TEST_POSTGRES", &server.connection);
    let ended = command::run(&mut example, BENCH_LIMIT);
    if server.is_new {
        postgres::stop()?;
    }
    Ok(ended?.is_success())
}

/// Runs the example of the server, whose callers are no part of the binary.
fn measure_server(flags: &[String]) -> Result<bool> {
    let mut example = Command::new("cargo");
    example.args(["run", "--quiet", "--release", "-p", "doldam-server", "--example", "load"]);
    example.arg("--").args(flags).current_dir(workspace::root());
    Ok(command::run(&mut example, BENCH_LIMIT)?.is_success())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }

    #[test]
    fn flags_are_passed_through() {
        let line = Line::try_parse_from(["bench", "trace", "--json", "--subjects", "1000"])
            .expect("the line is well formed");
        assert_eq!(line.options.flags, ["--json", "--subjects", "1000"]);
        assert!(Line::try_parse_from(["bench", "no-such-name"]).is_err());
    }
}
