//! Which kinds of values name a person, and in which order they are believed.
//!
//! A row often holds several values, and they may point at different people: a phone number was
//! passed on, two files were pasted together. The ladder decides once, for everybody: the harder a
//! value is to change or to share, the higher it stands. A nickname names a person only if nothing
//! stronger in the row speaks, and a name alone never does.

use doldam_ground::Kind;

/// How far down the ladder `kind` stands: 0 is believed first. `None` when a value of the kind
/// never names a person, however rare it is (names, addresses, birth dates).
pub fn rank(kind: Kind) -> Option<u8> {
    const LADDER: [&str; 14] = [
        "ci",
        "di",
        "customer_id",
        "rrn",
        "frn",
        "passport",
        "driver_licence",
        "my_number_jp",
        "ssn_us",
        "phone",
        "email",
        "account",
        "card",
        "nickname",
    ];
    let place = LADDER.iter().position(|id| *id == kind.id())?;
    u8::try_from(place).ok()
}

/// Whether a value of `kind` can name a person at all.
pub fn identifies(kind: Kind) -> bool {
    rank(kind).is_some()
}
