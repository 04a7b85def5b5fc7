//! What `cargo xtask bench notify` and `cargo xtask bench notify-faults` run.
//!
//! An example and no command: it needs the gateway that misbehaves on demand, and the tests' own
//! account of what must never be.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "it prints what it measured")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdout, Command, ExitCode, Stdio};

use doldam_store::{Location, Store};
use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};

use crate::faults::{TEXT, faults_of_all, send};
use crate::postgres::TestDatabase;
use crate::world::{DISPATCH, People, gateway, machine_clock, open, open_at, plan, run};

#[path = "../tests/it/faults.rs"]
mod faults;
#[path = "../../store/tests/support/postgres.rs"]
mod postgres;
#[path = "../tests/it/world.rs"]
mod world;

/// The bar, in texts a second and core.
const BAR: f64 = 3_000.0;
/// Ticks a second in `/proc/*/stat` (`getconf CLK_TCK`; the kernel shows 100 to everybody).
const TICKS: f64 = 100.0;
/// People in each ledger that is measured.
const PEOPLE: u32 = 17_551;
/// Windows that are measured: a usual contract, and a generous one.
const WINDOWS: [usize; 2] = [64, 512];
const ROUNDS: usize = 3;

fn main() -> ExitCode {
    let flags: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = flags.iter().map(String::as_str).collect();
    let is_good = match words[..] {
        ["send", file, address] => {
            send(&Location::Sqlite(file.into()), address);
            true
        }
        ["serve"] => serve(),
        ["faults", ref options @ ..] => faults_by_hand(options),
        ["throughput"] => throughput(),
        _ => {
            println!("usage: measure throughput | faults [--seeds N] [--from N] [--people N]");
            false
        }
    };
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What one sending took, in seconds.
struct Cost {
    wall: f64,
    /// CPU of this process: the sender and, with SQLite, the ledger.
    sender: f64,
    /// CPU of the gateway's process.
    gateway: f64,
}

/// The gateway as a process of its own; it ends when dropped.
struct Peer {
    child: Child,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    fn start() -> (Self, String) {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let mut child =
            command.arg("serve").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        let mut peer = Self { child, answers };
        let address = peer.line();
        (peer, address)
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    /// How many numbers were texted, and how many of them more than once.
    fn texted(&mut self) -> String {
        self.child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
        self.line()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The gateway's process: prints its address, and its account for each line that it is sent.
fn serve() -> bool {
    let smsc = Smsc::start(Seed::new(1), Faults::default()).unwrap();
    println!("{}", smsc.address());
    let mut line = String::new();
    while std::io::stdin().read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
        let log = smsc.log();
        println!("{} {}", log.texted.len(), log.texted_twice());
    }
    true
}

fn throughput() -> bool {
    let texts = f64::from(PEOPLE);
    println!(
        "SMPP 3.4 submit on loopback to the simulated gateway in a process of its own, {PEOPLE} texts \
         a round, each an intent in the ledger on disk before it is on the wire; {} cores for both; \
         median of {ROUNDS} rounds",
        std::thread::available_parallelism().unwrap()
    );
    let mut best = Vec::new();
    for window in WINDOWS {
        let folder = || tempfile::tempdir().unwrap();
        let sqlite = (0..ROUNDS)
            .map(|_| {
                let folder = folder();
                round(&open(folder.path()), window)
            })
            .collect();
        best.push(tell("SQLite, synchronous FULL", window, texts, sqlite));
        let postgres = (0..ROUNDS)
            .map(|_| {
                let database = TestDatabase::create();
                round(&open_at(&Location::Postgres(database.address())), window)
            })
            .collect();
        tell("PostgreSQL, its own CPU not counted", window, texts, postgres);
    }
    let reached = best.into_iter().fold(0.0, f64::max);
    let is_met = reached >= BAR;
    let word = if is_met { "met" } else { "MISSED" };
    println!("bar: {BAR} texts a second and core, sender and gateway together, on SQLite: {word}");
    is_met
}

/// Prints the median of some rounds and gives its texts a second and core of sender and gateway.
fn tell(store: &str, window: usize, texts: f64, mut rounds: Vec<Cost>) -> f64 {
    rounds.sort_by(|one, other| one.wall.total_cmp(&other.wall));
    let Cost { wall, sender, gateway } = rounds.swap_remove(ROUNDS / 2);
    let together = texts / (sender + gateway);
    println!(
        "{store}, window {window}: {:.0} texts/s by the wall clock ({wall:.2} s); a core of CPU: \
         {:.0}/s of the sender ({sender:.2} s), {together:.0}/s of sender and gateway ({:.2} s)",
        texts / wall,
        texts / sender,
        sender + gateway,
    );
    together
}

fn round(store: &Store, window: usize) -> Cost {
    plan(store, PEOPLE);
    let (mut peer, address) = Peer::start();
    let mut gateway = gateway(&address);
    gateway.window = window;
    gateway.response_us = 10_000_000;
    gateway.lease_us = 30_000_000;
    // From the first text to the last answer: receipts come meanwhile and are not waited for.
    gateway.receipt_wait_us = 0;
    let clock = machine_clock();
    let theirs = peer.child.id().to_string();
    let (own, started_us) = (cpu_seconds("self"), clock.elapsed_us());
    let before = cpu_seconds(&theirs);
    let summary = run(store, DISPATCH, &People::with(TEXT), &gateway).unwrap();
    let wall = (clock.elapsed_us() - started_us) as f64 / 1e6;
    let (sender, gateway) = (cpu_seconds("self") - own, cpu_seconds(&theirs) - before);
    assert_eq!(summary.counts.accepted + summary.counts.delivered, u64::from(PEOPLE));
    assert_eq!(peer.texted(), format!("{PEOPLE} 0"));
    Cost { wall, sender, gateway }
}

/// CPU seconds of a process so far, user and system, threads that ended included (proc(5), fields 14
/// and 15).
fn cpu_seconds(process: &str) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields = text.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks = fields.skip(11).take(2).map(|field| field.parse::<f64>().unwrap());
    ticks.sum::<f64>() / TICKS
}

fn faults_by_hand(options: &[&str]) -> bool {
    let number = |name: &str, default: u64| {
        let place = options.iter().position(|option| *option == name);
        place.map_or(default, |place| options[place + 1].parse().expect("a number"))
    };
    let (seeds, from, people) =
        (number("--seeds", 20), number("--from", 0), number("--people", 2_000));
    let people = u32::try_from(people).expect("a number of people");
    let start = |location: &Location, address: &str| -> Child {
        let Location::Sqlite(file) = location else { panic!("seeds run on SQLite") };
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("send").arg(file).arg(address).stdout(Stdio::null());
        command.spawn().unwrap()
    };
    let done = |seed: u64| println!("seed {seed}: done");
    let found = faults_of_all(from..from + seeds, people, start, done);
    println!(
        "{seeds} seeds from {from}, {people} people each; kill -9, hang-ups, throttling, lost, late, \
         repeated and early receipts, lost, late and misdirected answers: {} faults",
        found.len()
    );
    for fault in &found {
        println!("{fault}");
    }
    found.is_empty()
}
