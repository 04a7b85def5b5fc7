//! Counts of requests in Prometheus' text format. Routes stand as their patterns: no id, no name.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use doldam_fraud::decision::Action;

use crate::fraud::Shown;

/// Upper bounds of the buckets, in microseconds.
const BUCKETS_US: [u64; 7] = [1_000, 5_000, 20_000, 100_000, 500_000, 2_000_000, 10_000_000];

/// All counts.
#[derive(Default)]
pub(crate) struct Metrics {
    routes: Mutex<BTreeMap<(String, String, u16), Count>>,
}

#[derive(Default)]
struct Count {
    requests: u64,
    total_us: u64,
    buckets: [u64; BUCKETS_US.len()],
}

impl Metrics {
    /// Counts an answered request.
    pub(crate) fn note(&self, method: &str, route: &str, status: u16, took_us: u64) {
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let count = routes.entry((method.to_owned(), route.to_owned(), status)).or_default();
        count.requests += 1;
        count.total_us += took_us;
        for (bucket, bound) in count.buckets.iter_mut().zip(BUCKETS_US) {
            *bucket += u64::from(took_us <= bound);
        }
    }

    /// The text that Prometheus reads.
    pub(crate) fn text(&self, running: usize, subjects: u64, fraud: Option<&Shown>) -> String {
        let mut out = String::from("# TYPE doldam_http_request_seconds histogram\n");
        let name = "doldam_http_request_seconds";
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        for ((method, route, status), count) in routes.iter() {
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            for (bucket, bound) in count.buckets.iter().zip(BUCKETS_US) {
                let bound = seconds(bound);
                let _ = writeln!(out, "{name}_bucket{{{labels},le=\"{bound}\"}} {bucket}");
            }
            let _ = writeln!(out, "{name}_bucket{{{labels},le=\"+Inf\"}} {}", count.requests);
            let _ = writeln!(out, "{name}_sum{{{labels}}} {}", seconds(count.total_us));
            let _ = writeln!(out, "{name}_count{{{labels}}} {}", count.requests);
        }
        let _ = write!(
            out,
            "# TYPE doldam_processor_requests_running gauge\n\
             doldam_processor_requests_running {running}\n\
             # TYPE doldam_subjects gauge\ndoldam_subjects {subjects}\n"
        );
        if let Some(shown) = fraud {
            decided(&mut out, shown);
        }
        out
    }
}

/// What fraud detection decided: counts only, no name of anything.
fn decided(out: &mut String, shown: &Shown) {
    let name = "doldam_fraud_decisions_total";
    let _ = writeln!(out, "# TYPE {name} counter");
    for (action, count) in Action::ALL.iter().zip(shown.actions) {
        let _ = writeln!(out, "{name}{{action=\"{action}\"}} {count}");
    }
    let name = "doldam_fraud_events_total";
    let _ = writeln!(out, "# TYPE {name} counter");
    for (outcome, count) in [
        ("again", shown.again),
        ("conflict", shown.conflicts),
        ("refused", shown.refused),
        ("fail_open", shown.fail_open),
        ("fail_closed", shown.fail_closed),
    ] {
        let _ = writeln!(out, "{name}{{outcome=\"{outcome}\"}} {count}");
    }
}

fn seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}
