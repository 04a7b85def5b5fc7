//! Child processes that cannot hang.
//!
//! Every child has a time limit. When it is over, the child and all its descendants are ended, so
//! that a test which waits for ever costs one failed check instead of a stuck build machine.
//! Children stay in the process group of the terminal: Ctrl-C reaches them as usual.

use crate::out;
use anyhow::{Context as _, Result, bail};
use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// How long output may still trickle in after the child itself has ended.
const DRAIN: Duration = Duration::from_secs(2);
/// How long the child may take to disappear after it was killed.
const BURIAL: Duration = Duration::from_secs(10);

/// How a child ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ended {
    /// The exit code; `None` when a signal or the time limit ended the child.
    pub(crate) code: Option<i32>,
    /// True when the time limit ended it.
    pub(crate) timed_out: bool,
    /// Wall time from start to end.
    pub(crate) elapsed: Duration,
}

impl Ended {
    /// True for exit code 0.
    pub(crate) fn is_success(self) -> bool {
        self.code == Some(0)
    }

    /// What to tell a person about a failure.
    pub(crate) fn reason(self) -> String {
        match (self.timed_out, self.code) {
            (true, _) => format!("stopped after its limit of {} s", self.elapsed.as_secs()),
            (false, Some(code)) => format!("exit code {code}"),
            (false, None) => "ended by a signal".to_owned(),
        }
    }
}

enum Event {
    Line(String),
    OutputClosed,
    Exit(std::io::Result<ExitStatus>),
}

/// The time since an unspecified start, for limits and for the figures printed beside a check.
#[expect(clippy::disallowed_methods, reason = "a task measures real time and stands on no crate")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Runs a child whose output goes straight to the terminal.
pub(crate) fn run(command: &mut Command, limit: Duration) -> Result<Ended> {
    supervise(command.stdin(Stdio::null()), limit, &mut |_| ())
}

/// Runs a child and hands over its standard output line by line; errors go to the terminal.
pub(crate) fn run_lines(
    command: &mut Command,
    limit: Duration,
    line: &mut dyn FnMut(&str),
) -> Result<Ended> {
    supervise(command.stdin(Stdio::null()).stdout(Stdio::piped()), limit, line)
}

/// Runs a child quietly and returns its standard output, whatever its exit code.
pub(crate) fn capture(command: &mut Command, limit: Duration) -> Result<(Ended, String)> {
    let mut text = String::new();
    let ended = run_lines(command, limit, &mut |line| {
        text.push_str(line);
        text.push('\n');
    })?;
    Ok((ended, text))
}

/// As [`capture`], but an exit code other than 0 is an error.
pub(crate) fn capture_success(command: &mut Command, limit: Duration) -> Result<String> {
    let shown = shown(command);
    let (ended, text) = capture(command, limit)?;
    if !ended.is_success() {
        bail!("`{shown}`: {}", ended.reason());
    }
    Ok(text)
}

/// The command as a person would type it.
pub(crate) fn shown(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

fn supervise(command: &mut Command, limit: Duration, line: &mut dyn FnMut(&str)) -> Result<Ended> {
    let start = now();
    let mut child =
        command.spawn().with_context(|| format!("`{}` does not start", shown(command)))?;
    let process = child.id();
    let (sender, receiver) = channel();
    let mut is_open = read_output(&mut child, &sender);
    std::thread::spawn(move || sender.send(Event::Exit(child.wait())));

    let mut timed_out = false;
    let mut deadline = start + limit;
    loop {
        match receiver.recv_timeout(deadline.saturating_duration_since(now())) {
            Ok(Event::Line(text)) => line(&text),
            Ok(Event::OutputClosed) => is_open = false,
            Ok(Event::Exit(status)) => {
                drain(&receiver, is_open, line);
                let code = status.context("waiting for a child")?.code();
                let code = if timed_out { None } else { code };
                return Ok(Ended { code, timed_out, elapsed: start.elapsed() });
            }
            Err(RecvTimeoutError::Timeout) if !timed_out => {
                timed_out = true;
                deadline = now() + BURIAL;
                end_family(process);
            }
            Err(_) => bail!("`{}` cannot be ended", shown(command)),
        }
    }
}

/// Starts the reader of a piped standard output; false when the output is not piped.
fn read_output(child: &mut Child, sender: &Sender<Event>) -> bool {
    let Some(output) = child.stdout.take() else {
        return false;
    };
    let sender = sender.clone();
    std::thread::spawn(move || {
        send_lines(output, &sender);
        let _ = sender.send(Event::OutputClosed);
    });
    true
}

fn send_lines(output: impl Read, sender: &Sender<Event>) {
    let mut reader = BufReader::new(output);
    let mut bytes = Vec::new();
    while matches!(reader.read_until(b'\n', &mut bytes), Ok(read) if read > 0) {
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim_end_matches(['\n', '\r']).to_owned();
        if sender.send(Event::Line(text)).is_err() {
            return;
        }
        bytes.clear();
    }
}

/// Takes what is left in the pipe; a grandchild that keeps it open is not waited for.
fn drain(receiver: &Receiver<Event>, is_open: bool, line: &mut dyn FnMut(&str)) {
    if !is_open {
        return;
    }
    while let Ok(Event::Line(text)) = receiver.recv_timeout(DRAIN) {
        line(&text);
    }
}

/// Ends a child that is still ours and everything that it started.
fn end_family(process: u32) {
    let mut kill = Command::new("kill");
    kill.arg("-KILL");
    for member in family(process) {
        kill.arg(member.to_string());
    }
    if let Err(error) = kill.stderr(Stdio::null()).status() {
        out::tell(&format!("error: `kill` does not run: {error}"));
    }
}

/// The process and its descendants, from /proc; only the process itself where there is no /proc.
fn family(process: u32) -> Vec<u32> {
    let parents: Vec<(u32, u32)> = std::fs::read_dir("/proc")
        .map(|folder| folder.flatten().filter_map(|entry| parent_of(&entry.path())).collect())
        .unwrap_or_default();
    let mut members = vec![process];
    let mut next = 0;
    while let Some(&parent) = members.get(next) {
        members.extend(parents.iter().filter(|pair| pair.1 == parent).map(|pair| pair.0));
        next += 1;
    }
    members
}

/// `(process, parent)` of a /proc folder: in `stat` they surround the name, which may hold
/// anything, so the parent is the second field after the last closing parenthesis (proc(5)).
fn parent_of(folder: &std::path::Path) -> Option<(u32, u32)> {
    let process = folder.file_name()?.to_str()?.parse().ok()?;
    let stat = std::fs::read_to_string(folder.join("stat")).ok()?;
    let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
    Some((process, parent))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn output_and_exit_code_are_handed_over() {
        let (ended, text) =
            capture(&mut shell("echo one; printf two; exit 7"), Duration::from_secs(20))
                .expect("sh runs");
        assert_eq!(ended.code, Some(7));
        assert_eq!(text, "one\ntwo\n");
        assert_eq!(ended.reason(), "exit code 7");
    }

    #[test]
    fn a_child_over_its_limit_is_ended_with_its_children() {
        let (ended, text) = capture(
            &mut shell("echo begun; sleep 60 & wait; echo never"),
            Duration::from_millis(300),
        )
        .expect("sh runs");
        assert!(ended.timed_out && ended.code.is_none());
        assert_eq!(text, "begun\n");
        assert!(ended.elapsed < Duration::from_secs(10), "the pipe was held open");
    }

    #[test]
    fn a_failed_command_is_named() {
        let error = capture_success(&mut shell("exit 3"), Duration::from_secs(20))
            .expect_err("the exit code is 3");
        assert_eq!(error.to_string(), "`sh -c exit 3`: exit code 3");
    }

    #[test]
    fn a_command_that_does_not_exist_is_an_error() {
        let mut command = Command::new("doldam-there-is-no-such-program");
        assert!(run(&mut command, Duration::from_secs(1)).is_err());
    }
}
