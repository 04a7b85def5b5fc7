//! Personal data is not log-safe, and neither is a string that may hold it.
use doldam_ground::{Pii, logsafe};

fn main() {
    let ci = Pii::new(String::from("value"));
    let _ = logsafe::line("subject", ci.expose());
}
