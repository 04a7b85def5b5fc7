//! Prints how many requests a second the server answers on this machine, and what it does when
//! three times as many come.
//!
//! `cargo run --release -p doldam-server --example load -- [--seconds N] [--json]`
//!
//! The server is a process of its own over a new folder (SQLite, WAL, synchronous=FULL). The
//! requests come from this process, over the loopback address and **on the same cores**; what each
//! of the two took of them is printed. The mix: programs that list their deliveries with a key,
//! staff who look, and POSTs with an Idempotency-Key whose effect, log row and answer are on the
//! disk before they are answered. At the end the server gets SIGKILL, and every write that it
//! acknowledged must be there.

mod callers;
mod house;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use callers::{Callers, Tally};
use house::{House, Served};

/// Callers at once that use what the machine has.
const CALLERS: usize = 96;
/// Callers of the overload: three times as many as the server has places (256).
const CALLERS_OVERLOAD: usize = 768;
/// Longest that the recovery is waited for.
const RECOVERY: Duration = Duration::from_secs(20);

struct Options {
    seconds: u64,
    json: bool,
}

fn options() -> Options {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let place = arguments.iter().position(|text| text == "--seconds");
    let seconds = place.and_then(|place| arguments.get(place + 1)?.parse().ok());
    Options { seconds: seconds.unwrap_or(10), json: arguments.iter().any(|text| text == "--json") }
}

/// What was measured.
struct Figures {
    steady: Tally,
    steady_s: f64,
    server_s: f64,
    callers_s: f64,
    commits_bytes: u64,
    overload: Tally,
    overload_s: f64,
    recovery_s: Option<f64>,
    acknowledged: usize,
    lost: usize,
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs the real time")]
fn now() -> Instant {
    Instant::now()
}

fn main() -> ExitCode {
    if let Some(folder) = house::folder_to_serve() {
        house::serve(&folder);
        return ExitCode::SUCCESS;
    }
    let options = options();
    let scratch = tempfile::tempdir().expect("there is room for a scratch folder");
    let house = House::create(scratch.path());
    let figures = measure(&house, scratch.path(), Duration::from_secs(options.seconds));
    if options.json {
        print_json(&figures);
    } else {
        print(&figures);
    }
    if figures.lost > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn measure(house: &House, folder: &std::path::Path, length: Duration) -> Figures {
    let served = Served::start(folder);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("the system gives a runtime");
    let callers = Arc::new(Callers::new(house, &served));
    // Statements are prepared and connections opened before anything is measured.
    runtime.block_on(callers.call(CALLERS, Duration::from_secs(1)));
    let before = (now(), served.processor_us(), house::own_processor_us(), served.written_bytes());
    let steady = runtime.block_on(callers.call(CALLERS, length));
    let steady_s = before.0.elapsed().as_secs_f64();
    let server_s = (served.processor_us() - before.1) as f64 / 1e6;
    let callers_s = (house::own_processor_us() - before.2) as f64 / 1e6;
    let commits_bytes = served.written_bytes() - before.3;
    let start = now();
    let overload = runtime.block_on(callers.call(CALLERS_OVERLOAD, length));
    let overload_s = start.elapsed().as_secs_f64();
    let recovery_s = recovery(&runtime, &callers, &steady);
    // Nothing is stopped gently: what was acknowledged is on the disk or lost.
    drop(served);
    let acknowledged = callers.acknowledged();
    let lost = house.missing(folder, &acknowledged);
    Figures {
        steady,
        steady_s,
        server_s,
        callers_s,
        commits_bytes,
        overload,
        overload_s,
        recovery_s,
        acknowledged: acknowledged.len(),
        lost,
    }
}

/// How long after the overload a tenth of a second of the usual load is answered without a refusal
/// and about as fast as before it.
fn recovery(
    runtime: &tokio::runtime::Runtime,
    callers: &Arc<Callers>,
    steady: &Tally,
) -> Option<f64> {
    let start = now();
    while start.elapsed() < RECOVERY {
        let begun = start.elapsed().as_secs_f64();
        let sample = runtime.block_on(callers.call(CALLERS, Duration::from_millis(100)));
        let is_fast = sample.percentile_us(50) <= 2 * steady.percentile_us(50);
        if sample.refused == 0 && sample.failed == 0 && is_fast {
            return Some(begun);
        }
    }
    None
}

#[expect(clippy::print_stdout, reason = "printing is what a measurement is for")]
fn print(figures: &Figures) {
    let Figures { steady, overload, .. } = figures;
    let rate = steady.answered() as f64 / figures.steady_s;
    println!(
        "{} requests in {:.2} s = {rate:.0}/s by {CALLERS} callers on the same {} cores",
        steady.answered(),
        figures.steady_s,
        std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
    );
    println!(
        "  mix: {} % by key, {} % by staff who look, {} % durable writes ({:.0}/s)",
        steady.share(steady.by_key),
        steady.share(steady.looks),
        steady.share(steady.writes),
        steady.writes as f64 / figures.steady_s
    );
    println!(
        "  p50 {:.1} ms, p99 {:.1} ms; refused {}, failed {}",
        f64::from(steady.percentile_us(50)) / 1e3,
        f64::from(steady.percentile_us(99)) / 1e3,
        steady.refused,
        steady.failed
    );
    println!(
        "  processor time: server {:.2} s = {:.0} requests/s per core; callers {:.2} s",
        figures.server_s,
        steady.answered() as f64 / figures.server_s,
        figures.callers_s
    );
    println!("  {:.1} MB written by the server", figures.commits_bytes as f64 / 1e6);
    println!(
        "overload, {CALLERS_OVERLOAD} callers who never wait: {:.0} answered/s, {} refused with 503 \
         ({} % of all, {} without Retry-After), failed {}",
        overload.answered() as f64 / figures.overload_s,
        overload.refused,
        overload.refused * 100 / (overload.answered() + overload.refused).max(1),
        overload.refused_without_retry,
        overload.failed
    );
    match figures.recovery_s {
        Some(seconds) => println!("  usual again after {seconds:.1} s"),
        None => println!("  not usual again after {} s", RECOVERY.as_secs()),
    }
    println!(
        "{} writes acknowledged, {} of them lost after SIGKILL",
        figures.acknowledged, figures.lost
    );
}

#[expect(clippy::print_stdout, reason = "printing is what a measurement is for")]
fn print_json(figures: &Figures) {
    let Figures { steady, overload, .. } = figures;
    println!(
        "{}",
        serde_json::json!({
            "schema": 1,
            "requests_per_second": steady.answered() as f64 / figures.steady_s,
            "writes_per_second": steady.writes as f64 / figures.steady_s,
            "by_key": steady.by_key, "looks": steady.looks, "writes": steady.writes,
            "p50_us": steady.percentile_us(50), "p99_us": steady.percentile_us(99),
            "refused": steady.refused, "failed": steady.failed,
            "server_processor_s": figures.server_s, "callers_processor_s": figures.callers_s,
            "overload": {
                "answered": overload.answered(), "refused": overload.refused,
                "refused_without_retry": overload.refused_without_retry,
                "failed": overload.failed,
            },
            "recovery_s": figures.recovery_s,
            "acknowledged": figures.acknowledged, "lost": figures.lost,
        })
    );
}
