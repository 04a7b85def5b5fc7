//! Prints how fast the store is on this machine.
//!
//! `cargo run --release -p doldam-store --example measure -- ROWS [FOLDER | postgres-address]`
//!
//! ROWS digests of the blind index are inserted in chunks of 160,000 (20,000 subjects with 8
//! values), once in the order of the key and once in random order (each chunk sorted, as an import
//! does it); then 1,000,000 random keys are looked up, sorted and unsorted, and the access log is
//! written and verified.

use std::path::PathBuf;
use std::sync::Arc;

use doldam_ground::{Clock, Instant, Kind};
use doldam_store::audit::{self, Entry, Verdict};
use doldam_store::subject::{self, Digests};
use doldam_store::{Location, Schema, Store, StoreError, import};

const CHUNK: u64 = 160_000;
const ASKED: usize = 1_000_000;
const AUDITED: u64 = 1_000_000;

struct MachineClock(std::time::Instant);

impl Clock for MachineClock {
    fn now(&self) -> Instant {
        Instant::from_micros(0)
    }

    fn elapsed_us(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs the real time")]
fn machine_clock() -> Arc<dyn Clock> {
    Arc::new(MachineClock(std::time::Instant::now()))
}

/// A number that looks random, the same in every run (splitmix64).
const fn scatter(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

fn digest(number: u64) -> [u8; 16] {
    let wide = u128::from(scatter(number)) << 64 | u128::from(number);
    wide.to_be_bytes()
}

#[expect(clippy::print_stdout, reason = "printing is what a measurement is for")]
fn report(what: &str, count: u64, us: u64) {
    let per_second = count * 1_000_000 / us.max(1);
    println!("{what:<48} {count:>9} in {:>9.3} s = {per_second:>9}/s", us as f64 / 1e6);
}

struct Bench {
    store: Store,
    clock: Arc<dyn Clock>,
}

impl Bench {
    fn timed<T>(
        &self,
        what: &str,
        count: u64,
        run: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let start = self.clock.elapsed_us();
        let value = run()?;
        report(what, count, self.clock.elapsed_us() - start);
        Ok(value)
    }

    /// Inserts `rows` digests of `kind`, in chunks that are sorted in themselves.
    fn insert(&self, kind: Kind, mut all: Vec<u64>, in_order: bool) -> Result<(), StoreError> {
        if in_order {
            all.sort_unstable_by_key(|number| digest(*number));
        }
        let import = self.store.write("measure.import", |tx| {
            let origin = import::Origin {
                source: "measure",
                received_at: Instant::from_micros(0),
                legal_basis: None,
            };
            import::begin(tx, &origin, Instant::from_micros(0))
        })?;
        let rows = all.len() as u64;
        let order = if in_order { "in key order" } else { "in random order" };
        let chunk = usize::try_from(CHUNK).unwrap_or(usize::MAX);
        self.timed(&format!("insert_many, {order}"), rows, || {
            for numbers in all.chunks(chunk) {
                let mut numbers = numbers.to_vec();
                numbers.sort_unstable_by_key(|number| digest(*number));
                let mut digests = Digests::default();
                for number in &numbers {
                    digests.push(kind, digest(*number));
                }
                let ordinals: Vec<i64> =
                    numbers.iter().map(|number| number.cast_signed()).collect();
                self.store.write("measure.insert", move |tx| {
                    subject::insert_digests(tx, import, &digests, &ordinals)
                })?;
            }
            Ok(())
        })?;
        self.store.write("measure.flip", move |tx| {
            import::flip(tx, import, rows, 0, Instant::from_micros(0))
        })
    }

    fn lookup(&self, kind: Kind, rows: u64, sorted: bool) -> Result<(), StoreError> {
        let mut keys: Vec<[u8; 16]> =
            (0..ASKED as u64).map(|number| digest(scatter(number) % rows)).collect();
        if sorted {
            keys.sort_unstable();
        }
        let mut asked = Digests::default();
        for key in keys {
            asked.push(kind, key);
        }
        let order = if sorted { "sorted" } else { "unsorted" };
        let mut found = 0;
        self.timed(&format!("lookup_many, {order}"), ASKED as u64, || {
            self.store.read("measure.lookup", |tx| {
                subject::find_by_digests(tx, &asked, &mut |_, _| {
                    found += 1;
                    Ok(())
                })
            })
        })?;
        assert_eq!(found, ASKED, "every key was inserted");
        Ok(())
    }

    fn audit(&self) -> Result<(), StoreError> {
        self.timed("audit::append, 1,000 a transaction", AUDITED, || {
            for _ in 0..AUDITED / 1_000 {
                self.store.write("measure.audit", |tx| {
                    for number in 0..1_000 {
                        audit::append(tx, &entry(number))?;
                    }
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        let verdict = self.timed("audit::verify", AUDITED, || {
            self.store.read("measure.verify", |tx| audit::verify(tx, None))
        })?;
        assert!(matches!(verdict, Verdict::Intact { .. }), "the chain holds");
        Ok(())
    }

    fn commits(&self) -> Result<(), StoreError> {
        self.timed("write, one small transaction at a time", 2_000, || {
            for number in 0..2_000 {
                self.store.write("measure.one", move |tx| audit::append(tx, &entry(number)))?;
            }
            Ok(())
        })?;
        let before = self.store.write_counts();
        self.timed("write, 64 threads", 64 * 500, || {
            let threads: Vec<_> = (0..64)
                .map(|_| {
                    let store = self.store.clone();
                    std::thread::spawn(move || {
                        (0..500).try_for_each(|number| {
                            store.write("measure.one", move |tx| {
                                audit::append(tx, &entry(number))
                            })?;
                            Ok(())
                        })
                    })
                })
                .collect();
            threads.into_iter().try_for_each(|thread| thread.join().expect("no thread panics"))
        })?;
        let after = self.store.write_counts();
        report("  commits that they took", after.commits - before.commits, 1_000_000);
        Ok(())
    }
}

fn entry(number: u32) -> Entry {
    Entry {
        at: Instant::from_micros(i64::from(number)),
        actor: "hong".to_owned(),
        origin: "192.0.2.7".to_owned(),
        action: "subject.reveal",
        object: "D-12".to_owned(),
        purpose: "answer a customer's question".to_owned(),
        subject_count: number,
        sealed_subjects: Some(vec![7; 64]),
    }
}

fn main() -> Result<(), StoreError> {
    let mut arguments = std::env::args().skip(1);
    let rows: u64 = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let place = arguments.next();
    let scratch = tempfile::tempdir()?;
    let location = match place {
        Some(address) if address.contains("dbname=") || address.contains("://") => {
            Location::Postgres(address)
        }
        Some(folder) => Location::Sqlite(PathBuf::from(folder).join("measure.db")),
        None => Location::Sqlite(scratch.path().join("measure.db")),
    };
    let clock = machine_clock();
    let store = Store::open(&location, Schema::Data, Arc::clone(&clock))?;
    let bench = Bench { store, clock };
    let numbers = || (0..rows).collect::<Vec<u64>>();
    bench.insert(Kind::CI, numbers(), true)?;
    bench.insert(Kind::PHONE, numbers(), false)?;
    bench.lookup(Kind::PHONE, rows, true)?;
    bench.lookup(Kind::PHONE, rows, false)?;
    bench.commits()?;
    if rows <= 1_000_000 {
        bench.store.scrub()?;
    }
    let backup = scratch.path().join("backup.db");
    bench.timed("backup_into (rows of the blind index)", 2 * rows, || {
        bench.store.backup_into(&backup)
    })?;
    bench.timed("scrub (rows of the blind index)", 2 * rows, || bench.store.scrub())?;
    bench.timed("integrity_check (rows of the blind index)", 2 * rows, || {
        bench.store.integrity_check()
    })?;
    let fresh = Location::Sqlite(scratch.path().join("audit.db"));
    let log = match &location {
        Location::Sqlite(_) => Store::open(&fresh, Schema::Data, Arc::clone(&bench.clock))?,
        Location::Postgres(_) => return Ok(()),
    };
    Bench { store: log, clock: bench.clock }.audit()
}
