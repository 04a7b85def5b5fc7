//! Personal data is not compared by accident: equality would invite a leak through `assert_eq!`.
use doldam_ground::Pii;

fn main() {
    let same = Pii::new(String::from("a")) == Pii::new(String::from("a"));
    let _ = same;
}
