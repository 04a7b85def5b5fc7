//! The tasks of this repository: `cargo xtask <task>`.
//!
//! Continuous integration and a newcomer's machine run the same commands, so everything beyond
//! plain cargo lives here and needs nothing but cargo, a C compiler, git and Node. The tasks import none
//! of the product's crates: they look at it from outside and run the binary that it builds.

mod bench;
mod command;
mod console;
mod deny;
mod floors;
mod fuzz;
mod measure;
mod out;
mod postgres;
mod rust_text;
mod server;
mod story;
mod test;
mod tools;
mod up;
mod workspace;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Tasks of the Doldam repository")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build, make a demo bank in ./var, trace what leaked of it, start the server, rehearse
    Up(up::Options),
    /// Run everything that CI runs, in CI's order; the last line is `N passed, N failed`
    Test(test::Options),
    /// Start a throw-away PostgreSQL for the tests and print its connection string
    Postgres {
        /// Stop it and delete its data
        #[arg(long)]
        stop: bool,
    },
    /// Check that every crate imports only what the floors of ARCHITECTURE.md allow
    Floors,
    /// Print the shape of the code: sizes, documentation, unwraps; fails over the hard limits
    Measure {
        /// Print the figures as JSON
        #[arg(long)]
        json: bool,
    },
    /// Build and run `doldam bench NAME`, passing the flags through
    Bench(bench::Options),
    /// Feed random bytes to every reader of outside bytes; needs cargo-fuzz
    Fuzz(fuzz::Options),
    /// Check licences, sources and banned crates of every dependency against deny.toml
    Deny,
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            out::tell(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

/// Runs one task; `false` means that it ran and found something wrong.
fn run(task: Task) -> Result<bool> {
    match task {
        Task::Up(options) => up::up(&options),
        Task::Test(options) => Ok(test::test(&options)),
        Task::Postgres { stop: true } => postgres::stop_and_tell(),
        Task::Postgres { stop: false } => postgres::start_and_tell(),
        Task::Floors => floors::floors(),
        Task::Measure { json } => measure::measure(json),
        Task::Bench(options) => bench::bench(&options),
        Task::Fuzz(options) => fuzz::fuzz(&options),
        Task::Deny => deny::deny(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }
}
