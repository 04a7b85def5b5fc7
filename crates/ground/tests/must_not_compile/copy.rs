//! Personal data has no `Clone`: a second copy is asked for by name.
use doldam_ground::Pii;

fn main() {
    let ci = Pii::new(String::from("value"));
    let _copy = ci.clone();
}
