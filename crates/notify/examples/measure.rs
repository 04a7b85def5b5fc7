//! Prints how fast people are told on this machine.
//!
//! `cargo run --release -p doldam-notify --example measure -- PEOPLE [WINDOW] [FOLDER | DATABASE]`
//!
//! Sends one short text to PEOPLE people through a gateway on the loopback address, which runs as
//! a process of its own, with durable intents (SQLite, WAL, synchronous=FULL) in FOLDER, or in an
//! empty PostgreSQL DATABASE (`host=… dbname=…`). Prints the texts per second of wall clock, and per
//! second of processor time that the sender took for itself.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use doldam_ground::ids::{IncidentId, Ordinal};
use doldam_ground::{Clock, Instant, Pii};
use doldam_notify::{Gateway, NotifyError, Recipient, Recipients, Sender};
use doldam_store::dispatch::{self, NewDispatch};
use doldam_store::{Location, Schema, Store, notice};
use doldam_synthetic::Seed;
use doldam_synthetic::smsc::{Faults, Smsc};

const SECOND_US: u64 = 1_000_000;
/// Clock ticks a second of the figures in /proc (USER_HZ, 100 on every Linux).
const TICKS: u64 = 100;

struct MachineClock(std::time::Instant);

#[expect(clippy::disallowed_methods, reason = "a measurement needs the real time")]
fn machine_clock() -> Arc<dyn Clock> {
    Arc::new(MachineClock(std::time::Instant::now()))
}

impl Clock for MachineClock {
    fn now(&self) -> Instant {
        Instant::from_micros(i64::try_from(self.elapsed_us()).unwrap_or(i64::MAX))
    }

    fn elapsed_us(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

struct People;

impl Recipients for People {
    fn look_up(&self, ordinals: &[Ordinal]) -> Result<Vec<Recipient>, NotifyError> {
        let one = |ordinal: &Ordinal| Recipient {
            ordinal: *ordinal,
            number: Some(Pii::new(format!("010{:08}", 20_000_000 + ordinal.number()))),
            text: Pii::new("[돌담은행] 개인정보 유출 안내".to_owned()),
        };
        Ok(ordinals.iter().map(one).collect())
    }

    fn digest(&self, number: &Pii<String>) -> [u8; 16] {
        let digits = number.expose().bytes();
        digits.fold(7_u128, |sum, digit| sum * 31 + u128::from(digit)).to_be_bytes()
    }
}

/// The gateway's process: prints its address and runs until its standard input ends.
#[expect(clippy::print_stdout, reason = "how the other process learns the address")]
fn serve() {
    let smsc = Smsc::start(Seed::new(1), Faults::default()).expect("the loopback address is free");
    println!("{}", smsc.address());
    let mut line = String::new();
    while std::io::stdin().read_line(&mut line).is_ok_and(|bytes| bytes > 0) {}
}

/// The gateway's process; it ends when dropped.
struct Peer(Child);

impl Peer {
    fn start() -> (Self, String) {
        let mut peer = Self(
            Command::new(std::env::current_exe().expect("the program has a file"))
                .arg("serve")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .expect("the program can start itself"),
        );
        let answers = peer.0.stdout.take().expect("stdout is piped");
        let mut address = String::new();
        BufReader::new(answers).read_line(&mut address).expect("the gateway prints its address");
        (peer, address.trim().to_owned())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // How it ended says nothing about the measurement.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Processor time that this process has taken, in microseconds (proc(5), /proc/self/stat).
fn processor_us() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit(')').next().unwrap_or_default();
    let field = |place: usize| -> u64 {
        behind_name.split_whitespace().nth(place).and_then(|text| text.parse().ok()).unwrap_or(0)
    };
    (field(11) + field(12)) * (SECOND_US / TICKS)
}

#[expect(clippy::print_stdout, reason = "printing is what a measurement is for")]
fn main() -> Result<(), NotifyError> {
    let mut arguments = std::env::args().skip(1);
    let first = arguments.next().unwrap_or_else(|| "17551".to_owned());
    if first == "serve" {
        serve();
        return Ok(());
    }
    let people: u32 = first.parse().unwrap_or(17_551);
    let window: usize = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(64);
    let scratch = tempfile::tempdir().expect("there is room for a scratch folder");
    let location = match arguments.next() {
        Some(address) if address.contains("dbname=") => Location::Postgres(address),
        Some(folder) => Location::Sqlite(PathBuf::from(folder).join("measure.db")),
        None => Location::Sqlite(scratch.path().join("measure.db")),
    };
    let (peer, address) = Peer::start();

    let clock = machine_clock();
    let store = Store::open(&location, Schema::Data, Arc::clone(&clock))?;
    let start_us = clock.elapsed_us();
    let id = store.write("measure.plan", move |tx| {
        let approved = NewDispatch {
            incident: IncidentId::new(1),
            stage: "first".to_owned(),
            channel: "sms".to_owned(),
            gateway: "measure".to_owned(),
            template: "measure".to_owned(),
            template_version: 1,
            template_digest: [0; 32],
        };
        let id = dispatch::create(tx, &approved, Instant::from_micros(0))?;
        notice::plan(tx, id, &(0..people).map(Ordinal::new).collect::<Vec<_>>())?;
        Ok(id)
    })?;
    let planned_us = clock.elapsed_us() - start_us;
    let mut gateway = Gateway::new("measure", &address, "bank", Pii::new(String::new()));
    "15990000".clone_into(&mut gateway.sender);
    gateway.window = window;
    gateway.receipt_wait_us = SECOND_US;
    let (commits, start_us, start_processor_us) =
        (store.write_counts().commits, clock.elapsed_us(), processor_us());
    let stop = AtomicBool::new(false);
    let summary = Sender::new(store.clone()).run(id, &People, &gateway, &*clock, &stop)?;
    let us = (clock.elapsed_us() - start_us).max(1);
    let own_us = (processor_us() - start_processor_us).max(1);
    let commits = store.write_counts().commits - commits;
    let texts = summary.messages;
    println!("{people} notices planned in {:.3} s", planned_us as f64 / 1e6);
    println!(
        "{texts} texts with receipts in {:.3} s = {}/s (window {window}, {commits} durable commits)",
        us as f64 / 1e6,
        texts * SECOND_US / us
    );
    println!(
        "{:.3} s of processor time of the sender = {} texts/s per core",
        own_us as f64 / 1e6,
        texts * SECOND_US / own_us
    );
    println!("{} delivered, {} in doubt", summary.counts.delivered, summary.counts.in_doubt);
    drop(peer);
    Ok(())
}
