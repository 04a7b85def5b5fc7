//! `cargo xtask bench NAME`: builds the binary and runs its measurement of that name.

use crate::{command, workspace};
use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use std::process::Command;
use std::time::Duration;

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
    Import,
    Pseudonym,
    Scan,
    Trace,
}

/// Runs the measurement; false when it ran and missed its bar.
pub(crate) fn bench(options: &Options) -> Result<bool> {
    let Some(binary) = workspace::build_binary()? else {
        bail!("the binary does not build");
    };
    let name = options.name.to_possible_value().expect("no name is hidden");
    let mut bench = Command::new(binary);
    bench.arg("bench").arg(name.get_name()).args(&options.flags);
    Ok(command::run(&mut bench, BENCH_LIMIT)?.is_success())
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
