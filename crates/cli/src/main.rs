//! `doldam`: the one binary. Every command is a role's door into the rooms below.
//!
//! Data goes to standard output, talk to standard error; the exit code says how it ended (0 clean,
//! 1 personal data found or faults in an audit, 2 error, 75 not ready). See [`output`] and
//! [`failure`].

mod clock;
mod commands;
mod config;
mod context;
mod demo;
mod entropy;
mod errand;
mod failure;
mod files;
mod output;
mod people;
mod progress;
mod secret;
mod wording;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Parser, Subcommand};

use commands::{
    affected, approve, audit, backup, bench, disclose, doctor, domain, drill, evidence, fraud,
    init, key, processor, restore, scan, serve, staff, store, subject, trace,
};
use context::{Context, Globals};
use errand::{Needs, messenger};
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
    Init(init::InitArgs),
    Serve(serve::ServeArgs),
    Subject(subject::SubjectArgs),
    Disclose(disclose::DiscloseArgs),
    Scan(scan::ScanArgs),
    Trace(trace::TraceArgs),
    Affected(affected::AffectedArgs),
    Evidence(evidence::EvidenceArgs),
    Drill(drill::DrillArgs),
    Fraud(fraud::FraudArgs),
    Processor(processor::ProcessorArgs),
    Domain(domain::DomainArgs),
    Staff(staff::StaffArgs),
    Approve(approve::ApproveArgs),
    Audit(audit::AuditArgs),
    Backup(backup::BackupArgs),
    Restore(restore::RestoreArgs),
    Key(key::KeyArgs),
    Store(store::StoreArgs),
    Doctor(doctor::DoctorArgs),
    #[command(hide = true)]
    Bench(bench::BenchArgs),
}

impl Command {
    /// What it needs of the data folder.
    const fn needs(&self) -> Needs {
        match self {
            Self::Init(_) | Self::Scan(_) | Self::Drill(_) | Self::Bench(_) => Needs::Nothing,
            Self::Fraud(args) => args.needs(),
            Self::Serve(_) | Self::Restore(_) | Self::Store(_) => Needs::Alone,
            Self::Trace(args) => args.needs(),
            Self::Affected(args) => args.needs(),
            Self::Disclose(args) => args.needs(),
            Self::Key(args) => args.needs(),
            Self::Subject(_)
            | Self::Evidence(_)
            | Self::Processor(_)
            | Self::Domain(_)
            | Self::Staff(_)
            | Self::Approve(_)
            | Self::Audit(_)
            | Self::Backup(_)
            | Self::Doctor(_) => Needs::Vault,
        }
    }
}

fn main() -> ExitCode {
    match CommandLine::try_parse() {
        Ok(line) => conclude(here_or_there(line)),
        Err(error) => refuse(&error),
    }
}

/// Runs a command line in the server that holds the data folder, or else in this process.
fn here_or_there(mut line: CommandLine) -> anyhow::Result<ExitCode> {
    let server = messenger::server_for(line.command.needs(), &line.globals.data)?;
    if matches!(line.command, Command::Serve(_)) {
        line.globals.make_absolute()?;
    }
    let context = Context::new(line.globals);
    match server {
        Some(server) => server.run(context.sender()?),
        None => run(&context, &line.command),
    }
}

/// Runs a command line that somebody has handed in at this server.
fn run_errand(arguments: &[OsString], staff: Option<String>) -> u8 {
    let code = match CommandLine::try_parse_from(arguments) {
        Ok(line) if line.command.needs() == Needs::Vault => {
            let context = Context::new(line.globals.of_errand(staff));
            conclude(run(&context, &line.command))
        }
        Ok(_) => conclude(Err(failure::failure("this is no errand for a server", "use `doldam`"))),
        Err(error) => refuse(&error),
    };
    // The standard library does not say which number a code is.
    (0..=u8::MAX).find(|number| ExitCode::from(*number) == code).unwrap_or(failure::ERROR)
}

/// Says how a command has failed, and gives its exit code.
fn conclude(ended: anyhow::Result<ExitCode>) -> ExitCode {
    match ended {
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
        Command::Init(args) => init::run(context, args),
        Command::Serve(args) => serve::run(context, args),
        Command::Subject(args) => subject::run(context, args),
        Command::Disclose(args) => disclose::run(context, args),
        Command::Scan(args) => scan::run(context, args),
        Command::Trace(args) => trace::run(context, args),
        Command::Affected(args) => affected::run(context, args),
        Command::Evidence(args) => evidence::run(context, args),
        Command::Drill(args) => drill::run(context, args),
        Command::Fraud(args) => fraud::run(context, args),
        Command::Processor(args) => processor::run(context, args),
        Command::Domain(args) => domain::run(context, args),
        Command::Staff(args) => staff::run(context, args),
        Command::Approve(args) => approve::run(context, args),
        Command::Audit(args) => audit::run(context, args),
        Command::Backup(args) => backup::run(context, args),
        Command::Restore(args) => restore::run(context, args),
        Command::Key(args) => key::run(context, args),
        Command::Store(args) => store::run(context, args),
        Command::Doctor(args) => doctor::run(context, args),
        Command::Bench(args) => bench::run(context, args),
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
