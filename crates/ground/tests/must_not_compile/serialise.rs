//! Personal data has no `Serialize`.
use doldam_ground::Pii;
use serde::Serialize;

#[derive(Serialize)]
struct Row {
    ci: Pii<String>,
}

fn main() {}
