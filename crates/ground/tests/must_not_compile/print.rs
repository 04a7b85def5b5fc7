//! Personal data has no `Display`.
use doldam_ground::Pii;

fn main() {
    let ci = Pii::new(String::from("value"));
    println!("{ci}");
}
