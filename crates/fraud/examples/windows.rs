//! Prints how fast the windows are on this machine, and how much memory they take.
//!
//! `cargo run --release -p doldam-fraud --example windows -- transactions FILE` observes every
//! transaction of a Parquet or CSV file, in order, on one core, first with the published features
//! and then with fifteen more; then it writes a snapshot and starts from it.
//!
//! `… -- accounts ACCOUNTS PAYMENTS_A_DAY [FOLDER]` lets that many accounts pay a merchant so often a
//! day for 40 days, with the published features, and prints what the state takes. With a folder,
//! idle keys may go there above 2 GiB a million accounts.

use std::fmt::Write as _;
use std::io::{BufReader, BufWriter, Write as _};
use std::path::Path;
use std::process::ExitCode;

use doldam_fraud::dataset::Transactions;
use doldam_fraud::feature::PUBLISHED;
use doldam_fraud::list::Lists;
use doldam_fraud::schema::SHIPPED;
use doldam_fraud::state::Bounds;
use doldam_fraud::{Event, EventId, EventKind, FeatureSet, Schema, State, Value};
use doldam_ground::Instant;

/// Fifteen more: one of every aggregate, other keys, short windows, and the current one left out.
const MORE: &str = r#"
hour_count | account | aggregate = "count", window = "1h"
hour_sum | account | aggregate = "sum", window = "1h"
week_minimum | account | aggregate = "min", window = "7d"
week_maximum | account | aggregate = "max", window = "7d"
before_mean | account | aggregate = "mean", window = "30d", current = "excluded"
before_spread | account | aggregate = "standard_deviation", window = "30d", current = "excluded"
places | account | aggregate = "distinct", value = "terminal", window = "7d"
last_amount | account | aggregate = "last", value = "amount", window = "30d", current = "excluded"
since_last | account | aggregate = "time_since", window = "30d", current = "excluded"
first_seen | account | aggregate = "first_seen", window = "30d"
large_count | account | aggregate = "count", window = "14d", when = "amount > 10000"
place_hour | terminal | aggregate = "count", window = "1h"
place_people | terminal | aggregate = "distinct", value = "account", window = "7d"
place_mean | terminal | aggregate = "mean", window = "14d"
pair_count | account terminal | aggregate = "count", window = "30d", current = "excluded"
"#;

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["transactions", file] => transactions(Path::new(file)),
        ["accounts", accounts, a_day] => people(accounts, a_day, None),
        ["accounts", accounts, a_day, folder] => people(accounts, a_day, Some(Path::new(folder))),
        _ => Err("say: transactions FILE, or accounts ACCOUNTS PAYMENTS_A_DAY [FOLDER]".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say(&format!("error: {failure}"));
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "printing is what this program is for")]
fn say(line: &str) {
    println!("{line}");
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs the real time")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

/// Seconds of processor time that this process has used, to a hundredth: on a machine that others use
/// too, the clock says more about them.
fn worked() -> Result<f64, Failure> {
    let facts = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = facts.rsplit(')').next().unwrap_or_default();
    let mut ticks = after_name.split_whitespace().skip(11).map(str::parse::<f64>);
    let user = ticks.next().ok_or("no processor time")??;
    let system = ticks.next().ok_or("no processor time")??;
    Ok((user + system) / 100.0)
}

fn declaration() -> String {
    let mut text = PUBLISHED.to_owned();
    for line in MORE.lines().filter(|line| !line.is_empty()) {
        let mut parts = line.split('|').map(str::trim);
        let [name, keys, rest] = [(); 3].map(|()| parts.next().unwrap_or_default());
        let keys: Vec<String> = keys.split(' ').map(|key| format!("{key:?}")).collect();
        let _ = write!(text, "\n[[feature]]\nname = \"{name}\"\nkey = [{}]\n", keys.join(", "));
        let _ = writeln!(text, "over = [\"payment\"]\n{}", rest.replace(", ", "\n"));
    }
    text
}

fn transactions(file: &Path) -> Result<(), Failure> {
    let transactions = Transactions::read(file)?;
    let schema = Schema::parse(SHIPPED)?;
    let event = transactions.events(&schema)?;
    let events: Vec<Event> = (0..transactions.len()).map(event).collect();
    for (what, text) in [("published", PUBLISHED.to_owned()), ("with 15 more", declaration())] {
        let set = FeatureSet::parse(&schema, &[], &text)?;
        observe_all(what, &set, &events, transactions.frauds())?;
    }
    Ok(())
}

fn observe_all(
    what: &str,
    set: &FeatureSet,
    events: &[Event],
    frauds: &[bool],
) -> Result<(), Failure> {
    let (lists, mut out) = (Lists::new(0), Vec::new());
    let (mut best, mut best_worked) = (f64::INFINITY, f64::INFINITY);
    let mut state = State::new(set);
    for _ in 0..3 {
        state = State::new(set);
        let (start, before) = (now(), worked()?);
        for (sequence, event) in (0..).zip(events) {
            state.observe(set, event, sequence, &lists, &mut out)?;
        }
        best = best.min(start.elapsed().as_secs_f64());
        best_worked = best_worked.min(worked()? - before);
    }
    let features = set.features().len();
    let (rate, work) = (events.len() as f64 / best, events.len() as f64 / best_worked);
    say(&format!(
        "{what}: {features} features, {} events, {rate:.0} a second by the clock, {work:.0} a second \
         of processor time",
        events.len(),
    ));
    let start = now();
    let mut labels = 0;
    for (event, fraud) in events.iter().zip(frauds) {
        if *fraud {
            state.label(set, &event.id, true)?;
            labels += 1;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    say(&format!("{what}: {labels} labels in {seconds:.3} s, {} MiB", state.bytes() >> 20));
    latency(what, set, events)?;
    let folder = tempfile::tempdir()?;
    restart(what, set, &state, &folder.path().join("snapshot"))
}

/// How long single events take; the clock itself takes some 30 ns of each.
fn latency(what: &str, set: &FeatureSet, events: &[Event]) -> Result<(), Failure> {
    let (lists, mut out, mut state) = (Lists::new(0), Vec::new(), State::new(set));
    let mut times = Vec::with_capacity(events.len());
    for (sequence, event) in (0..).zip(events) {
        let start = now();
        state.observe(set, event, sequence, &lists, &mut out)?;
        times.push(start.elapsed().as_nanos());
    }
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 10_000] as f64 / 1_000.0;
    let (half, high, higher) = (at(5_000), at(9_900), at(9_990));
    say(&format!("{what}: p50 {half:.2} µs, p99 {high:.2} µs, p99.9 {higher:.2} µs"));
    Ok(())
}

fn restart(what: &str, set: &FeatureSet, state: &State, path: &Path) -> Result<(), Failure> {
    let start = now();
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    state.write(&mut file)?;
    file.flush()?;
    let written = start.elapsed().as_secs_f64();
    let bytes = std::fs::metadata(path)?.len();
    let start = now();
    let read = State::read(set, &mut BufReader::new(std::fs::File::open(path)?))?;
    let started = start.elapsed().as_secs_f64();
    say(&format!(
        "{what}: snapshot of {} keys, {} MiB, written in {written:.2} s, read in {started:.2} s",
        read.keys(),
        bytes >> 20,
    ));
    Ok(())
}

/// A number that looks random, the same in every run (splitmix64).
const fn scatter(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

fn people(accounts: &str, a_day: &str, folder: Option<&Path>) -> Result<(), Failure> {
    const DAYS: f64 = 40.0;
    let (accounts, a_day): (u64, f64) = (accounts.parse()?, a_day.parse()?);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
    let count = (accounts as f64 * a_day * DAYS) as u64;
    let schema = Schema::parse(SHIPPED)?;
    let set = FeatureSet::parse(&schema, &[], PUBLISHED)?;
    let place = |name| schema.place(name).ok_or("the schema lacks a field of a payment");
    let fields = [place("account")?, place("terminal")?, place("amount")?];
    let mut state = State::new(&set);
    // What the default gives to a million, so that a tenth of them takes a tenth.
    let share = accounts as f64 / 1e6;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size")]
    let part = |bytes: usize| (bytes as f64 * share) as usize;
    let Bounds { hot_bytes, memory_bytes } = Bounds::default();
    state.bound(Bounds { hot_bytes: part(hot_bytes), memory_bytes: part(memory_bytes) });
    if let Some(folder) = folder {
        state.spill_to(folder)?;
    }
    let (lists, mut out) = (Lists::new(0), Vec::new());
    let step_us = DAYS * 86_400e6 / count as f64;
    let start = now();
    for sequence in 0..count {
        let chance = scatter(sequence);
        let mut values = vec![Value::Missing; schema.fields().len()];
        let text = |letter: char, number: u64| Value::Text(format!("{letter}{number:011}").into());
        values[fields[0]] = text('a', chance % accounts);
        values[fields[1]] = text('t', scatter(chance) % (accounts * 2));
        values[fields[2]] = Value::Int(i64::try_from(chance >> 48)?);
        #[expect(clippy::cast_possible_truncation, reason = "microseconds of 40 days")]
        let time = (sequence as f64 * step_us) as i64 / 1_000_000 * 1_000_000;
        let event = Event {
            id: EventId::new(&format!("{sequence:016}"))?,
            kind: EventKind::Payment,
            time: Instant::from_micros(time),
            values: values.into(),
        };
        state.observe(&set, &event, sequence, &lists, &mut out)?;
        if sequence % 1_000_000 == 999_999 {
            report(sequence + 1, start.elapsed().as_secs_f64(), &state)?;
        }
    }
    report(count, start.elapsed().as_secs_f64(), &state)
}

fn report(count: u64, seconds: f64, state: &State) -> Result<(), Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = |name: &str| status.lines().find(|line| line.starts_with(name)).unwrap_or("?");
    say(&format!(
        "{count} events in {seconds:.0} s ({:.0} a second, their making included): {} keys, {} MiB \
         by our account, {} MiB on disk; {}; {}",
        count as f64 / seconds,
        state.keys(),
        state.bytes() >> 20,
        state.spilled_bytes() >> 20,
        line("VmRSS").replace('\t', " "),
        line("VmHWM").replace('\t', " "),
    ));
    Ok(())
}
