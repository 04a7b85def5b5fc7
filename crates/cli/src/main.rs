//! `doldam`: the one binary. Every command is a role's door into the rooms below.
//!
//! Data goes to standard output, talk to standard error; the exit code says how it ended (0 clean,
//! 1 personal data found or faults in an audit, 2 error, 75 not ready). See [`output`] and
//! [`failure`].

mod clock;
mod commands;
mod config;
mod context;
mod entropy;
mod failure;
mod output;
mod secret;
mod wording;

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Parser, Subcommand};

use commands::{bench, processor, scan, trace};
use context::{Context, Globals};
use output::tell;

/// The wall around a company's customers when outsiders work on its systems
#[derive(Parser)]
#[command(name = "doldam", version, max_term_width = 100)]
struct CommandLine {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    #[command(hide = true)]
    Bench(bench::BenchArgs),
    Scan(scan::ScanArgs),
    Trace(trace::TraceArgs),
    Processor(processor::ProcessorArgs),
}

fn main() -> ExitCode {
    let line = match CommandLine::try_parse() {
        Ok(line) => line,
        Err(error) => return refuse(&error),
    };
    let context = Context::new(line.globals);
    match run(&context, &line.command) {
        Ok(code) => code,
        Err(error) if failure::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let (message, hint) = failure::explain(&error);
            tell(&format!("error: {message}"));
            if let Some(hint) = hint {
                tell(&format!("hint: {hint}"));
            }
            ExitCode::from(failure::exit_code(&error))
        }
    }
}

fn run(context: &Context, command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Bench(args) => bench::run(context, args),
        Command::Scan(args) => scan::run(context, args),
        Command::Trace(args) => trace::run(context, args),
        Command::Processor(args) => processor::run(context, args),
    }
}

/// Shows help and the version; or says what is wrong with the line, without repeating its values:
/// one of them may be somebody's.
fn refuse(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // A reader who has gone has seen enough.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let mut text = error.to_string();
    for kind in [ContextKind::InvalidValue, ContextKind::InvalidArg] {
        if let Some(ContextValue::String(value)) = error.get(kind)
            && !value.starts_with(['-', '<'])
            && !value.is_empty()
        {
            text = text.replace(&format!("'{value}'"), "'…'");
        }
    }
    tell(text.trim_end());
    if !text.contains("--help") {
        tell("hint: `doldam --help` lists the commands");
    }
    ExitCode::from(failure::ERROR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        CommandLine::command().debug_assert();
    }
}
