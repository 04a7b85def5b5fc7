//! `cargo xtask test`: everything that continuous integration runs, in its order.
//!
//! One command and one last line, `N passed, N failed`, on every machine. A check that fails does
//! not stop the others, because one run should tell all that is wrong; only without tools there is
//! nothing to run. Every check that is not a test of cargo counts as one.

use crate::command::{Ended, now, run, run_lines};
use crate::story::{Story, trace_fault};
use crate::{console, deny, floors, measure, out, postgres, tools, workspace};
use anyhow::{Result, bail};
use clap::Args;
use std::process::Command;
use std::time::Duration;

const FORMAT_LIMIT: Duration = Duration::from_mins(2);
const LINT_LIMIT: Duration = Duration::from_mins(30);
const TESTS_LIMIT: Duration = Duration::from_hours(1);

/// Customers of the demo in the check of the whole line; the NFT disclosure alone holds 17,551.
const STORY_SUBJECTS: u64 = 20_000;

/// Where tests of every crate look for a PostgreSQL server.
const POSTGRES_VARIABLE: &str = "DOLDAM_TEST_POSTGRES";

/// How much to run.
#[derive(Args)]
pub(crate) struct Options {
    /// Only the checks and the unit tests: no integration tests, no whole line, no browser
    #[arg(long)]
    quick: bool,
    /// Never install a missing Debian package, only name it
    #[arg(long)]
    no_install: bool,
}

/// What passed and failed so far.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    passed: u64,
    failed: u64,
}

/// Runs everything; false when anything failed.
pub(crate) fn test(options: &Options) -> bool {
    let mut tally = Tally::default();
    let start = now();
    let may_install = !options.no_install;
    let has_tools = tally.check("tools", || {
        tools::ensure(may_install)?;
        tools::ensure_python(may_install)?;
        tools::ensure_node(may_install)?;
        Ok(true)
    });
    if has_tools {
        // First, because the program takes the console in when it is compiled.
        let has_console = tally.check("console", console::build);
        if has_console {
            tally.check("console tests", console::test);
        }
        run_checks(&mut tally);
        run_with_postgres(&mut tally, may_install, options.quick);
        if has_console && !options.quick {
            run_browser(&mut tally, may_install);
        }
    }
    out::tell(&format!("all of it took {:.1} min", start.elapsed().as_secs_f64() / 60.0));
    out::say(&format!("{} passed, {} failed", tally.passed, tally.failed));
    tally.failed == 0
}

fn run_checks(tally: &mut Tally) {
    tally.check("format", || {
        succeeds(&mut workspace::cargo(&["fmt", "--all", "--check"]), FORMAT_LIMIT)
    });
    tally.check("clippy", || {
        let arguments =
            ["clippy", "--release", "--workspace", "--all-targets", "--", "--deny", "warnings"];
        succeeds(&mut workspace::cargo(&arguments), LINT_LIMIT)
    });
    tally.check("floors", floors::floors);
    tally.check("measure", || measure::measure(false));
    tally.check("deny", deny::deny);
}

/// The tests, unit tests among them that need a database, and the whole line by the built binary.
fn run_with_postgres(tally: &mut Tally, may_install: bool, quick: bool) {
    let mut server = None;
    tally.check("postgres", || {
        server = Some(postgres::start(may_install)?);
        Ok(true)
    });
    let connection = server.as_ref().map(|server| server.connection.as_str());
    if quick {
        run_tests(tally, &["--lib", "--bins"], connection);
    } else {
        run_tests(tally, &[], connection);
        tally.check("line", whole_line);
    }
    if server.is_some_and(|server| server.is_new) {
        tally.check("postgres stops", || postgres::stop().map(|()| true));
    }
}

/// The story in a real browser; each of its checks counts.
fn run_browser(tally: &mut Tally, may_install: bool) {
    let mut counts = (0, 0);
    let is_done = tally.check("browser", || {
        tools::ensure_browser(may_install)?;
        let Some(binary) = workspace::tested_binary()? else {
            return Ok(false);
        };
        counts = console::story(&binary)?;
        out::say(&format!("browser: {} checks held, {} did not", counts.0, counts.1));
        Ok(counts.1 == 0)
    });
    // The story as a whole is counted already, as passed or as failed.
    tally.passed += counts.0;
    tally.failed += counts.1.saturating_sub(u64::from(!is_done));
}

/// `cargo test` over the workspace: unit, integration and documentation tests.
fn run_tests(tally: &mut Tally, which: &[&str], postgres: Option<&str>) {
    heading("tests");
    let mut tests = workspace::cargo(&["test", "--release", "--workspace", "--no-fail-fast"]);
    tests.args(which);
    if let Some(connection) = postgres {
        tests.env(POSTGRES_VARIABLE, connection);
    }
    let mut count = TestCount::default();
    let start = now();
    let ended = run_lines(&mut tests, TESTS_LIMIT, &mut |line| {
        count.add(line);
        out::say(line);
    });
    let result = ended.and_then(|ended| count.verdict(ended));
    tally.passed += count.passed;
    tally.failed += count.failed;
    out::tell(&format!("tests took {:.1} s", start.elapsed().as_secs_f64()));
    if let Err(error) = result {
        out::tell(&format!("FAILED tests: {error:#}"));
        tally.failed += 1;
    }
}

/// The first command of the README at a small size: every leaked file must be traced to a processor.
fn whole_line() -> Result<bool> {
    let Some(binary) = workspace::tested_binary()? else {
        return Ok(false);
    };
    let folder = workspace::target().join("story");
    std::fs::create_dir_all(&folder)?;
    let story = Story { binary, data: folder.join("var") };
    story.wipe()?;
    story.init(Some(STORY_SUBJECTS))?;
    let scan = story.scan()?;
    if scan.leaked.is_empty() {
        bail!("the scan finds no leaked file");
    }
    for locator in &scan.leaked {
        if let Some(fault) = trace_fault(&story.trace(locator)?) {
            bail!("{locator}: {fault}");
        }
    }
    story.verify_audit()?;
    out::say(&format!("line: {} leaked files found and traced", scan.leaked.len()));
    story.wipe()?;
    Ok(true)
}

fn succeeds(command: &mut Command, limit: Duration) -> Result<bool> {
    let ended = run(command, limit)?;
    if ended.timed_out {
        bail!("{}", ended.reason());
    }
    Ok(ended.is_success())
}

fn heading(name: &str) {
    out::tell(&format!("\n=== {name}"));
}

impl Tally {
    /// Runs one check and counts it; true when it passed.
    fn check(&mut self, name: &str, run: impl FnOnce() -> Result<bool>) -> bool {
        heading(name);
        let start = now();
        let result = run();
        let seconds = start.elapsed().as_secs_f64();
        match &result {
            Ok(true) => out::tell(&format!("ok {name} ({seconds:.1} s)")),
            Ok(false) => out::tell(&format!("FAILED {name} ({seconds:.1} s)")),
            Err(error) => out::tell(&format!("FAILED {name}: {error:#}")),
        }
        self.count(&result)
    }

    /// Counts the result of one check; true when it passed.
    fn count(&mut self, result: &Result<bool>) -> bool {
        let is_passed = matches!(result, Ok(true));
        self.passed += u64::from(is_passed);
        self.failed += u64::from(!is_passed);
        is_passed
    }
}

/// Counts of cargo's test binaries, read from their last lines.
#[derive(Default)]
struct TestCount {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl TestCount {
    /// Reads `test result: ok. 12 passed; 0 failed; 0 ignored; …`; other lines count nothing.
    fn add(&mut self, line: &str) {
        let Some((_, counts)) =
            line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". "))
        else {
            return;
        };
        for count in counts.split("; ") {
            let Some((number, what)) = count.split_once(' ') else {
                continue;
            };
            let number = number.parse().unwrap_or(0);
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }

    /// What is wrong beyond the failed tests that were counted: a run that did not build, broke
    /// off or skipped something must not look like a good one.
    fn verdict(&self, ended: Ended) -> Result<()> {
        if !ended.is_success() && (self.failed == 0 || ended.timed_out) {
            bail!("cargo test: {}", ended.reason());
        }
        if self.ignored > 0 {
            bail!("{} tests are ignored; a test runs or is deleted", self.ignored);
        }
        if self.passed + self.failed == 0 {
            bail!("no test ran");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(lines: &[&str]) -> TestCount {
        let mut count = TestCount::default();
        for line in lines {
            count.add(line);
        }
        count
    }

    fn ended(code: Option<i32>) -> Ended {
        Ended { code, timed_out: false, elapsed: Duration::from_secs(1) }
    }

    const GOOD: &str = "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; \
                        0 filtered out; finished in 0.01s";
    const BAD: &str = "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; \
                       0 filtered out; finished in 0.01s";
    const IGNORED: &str = "test result: ok. 1 passed; 0 failed; 1 ignored; 0 measured; \
                           0 filtered out; finished in 0.01s";

    #[test]
    fn results_of_all_binaries_are_summed() {
        let count = count(&[GOOD, "running 5 tests", "test a ... ok", BAD]);
        assert_eq!((count.passed, count.failed, count.ignored), (15, 2, 0));
        assert!(count.verdict(ended(Some(101))).is_ok(), "the failures are counted already");
    }

    #[test]
    fn a_run_that_did_not_build_or_broke_off_is_a_failure() {
        assert!(count(&[]).verdict(ended(Some(101))).is_err());
        assert!(count(&[GOOD]).verdict(ended(None)).is_err());
        assert!(count(&[GOOD]).verdict(ended(Some(0))).is_ok());
    }

    #[test]
    fn a_run_over_its_limit_is_a_failure_even_beside_failed_tests() {
        let late = Ended { code: None, timed_out: true, elapsed: Duration::from_secs(9) };
        assert!(count(&[BAD]).verdict(late).is_err());
    }

    #[test]
    fn nothing_run_and_ignored_tests_are_failures() {
        assert!(count(&[]).verdict(ended(Some(0))).is_err());
        assert!(count(&[IGNORED]).verdict(ended(Some(0))).is_err());
    }

    #[test]
    fn checks_are_counted_once_whatever_their_end() {
        let mut tally = Tally::default();
        assert!(tally.count(&Ok(true)));
        assert!(!tally.count(&Ok(false)));
        assert!(!tally.count(&Err(anyhow::anyhow!("a reason"))));
        assert_eq!(tally, Tally { passed: 1, failed: 2 });
    }
}
