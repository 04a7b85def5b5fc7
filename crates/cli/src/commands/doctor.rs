//! `doldam doctor`: what is well with an installation and what is not.
//!
//! It looks even where nothing can be opened: with a wrong passphrase, a lost key file, a folder
//! that another process holds. What it cannot find out it calls unknown.

mod certificate;
mod inside;
mod outside;
mod server;
mod sign_in;

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::context::Context;
use crate::failure::FOUND;

/// Check versions, disk, clock, keys, rights and what was left unfinished
#[derive(Args)]
pub(crate) struct DoctorArgs {}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// As it should be.
    Ok,
    /// It could not be found out.
    Unknown,
    /// It works, and it should not stay so.
    Warning,
    /// It does not work, or data is in danger.
    Fault,
}

impl State {
    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Unknown => "unknown",
            Self::Warning => "warning",
            Self::Fault => "FAULT",
        }
    }
}

/// One thing that was looked at.
struct Check {
    name: &'static str,
    state: State,
    what: String,
}

/// Everything that was looked at.
#[derive(Default)]
struct Findings(Vec<Check>);

impl Findings {
    fn add(&mut self, name: &'static str, state: State, what: impl Into<String>) {
        self.0.push(Check { name, state, what: what.into() });
    }
}

/// Runs the command.
pub(crate) fn run(context: &Context, _: &DoctorArgs) -> anyhow::Result<ExitCode> {
    let mut findings = Findings::default();
    outside::look(context, &mut findings);
    server::look(context, &mut findings);
    sign_in::look(context, &mut findings);
    inside::look(context, &mut findings);
    let rows: Vec<_> = findings
        .0
        .iter()
        .map(|check| vec![json!(check.name), json!(check.state.word()), json!(check.what)])
        .collect();
    context.output.list("checks", &["check", "state", "what"], &rows)?;
    let is_ill = findings.0.iter().any(|check| check.state == State::Fault);
    Ok(if is_ill { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
}
