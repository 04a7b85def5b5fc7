//! A handle has no `Display`: it is never issued outside the vault.
use doldam_ground::ids::Handle;

fn main() {
    println!("{}", Handle::new(7));
}
