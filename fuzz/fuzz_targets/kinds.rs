//! Normalising any text as any kind: the same value has one spelling, and that is stable.

#![no_main]

use doldam_ground::Kind;
use doldam_ground::kind::{card_luhn_holds, ci_is_canonical, rrn_check};
use doldam_ground::limits::VALUE_BYTES_MAX;
use doldam_ground::mark::has_mark;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for kind in Kind::all() {
        let Some(value) = kind.normalise(text) else { continue };
        assert!(!value.expose().is_empty() && value.expose().len() <= VALUE_BYTES_MAX);
        let again = kind.normalise(value.expose());
        assert!(
            again.is_some_and(|again| again.expose() == value.expose()),
            "{kind}: a normal value is not its own normal value"
        );
    }
    let _ = (Kind::from_header(text), Kind::from_id(text));
    let _ = (card_luhn_holds(text), ci_is_canonical(text), rrn_check(text));
    if let Some((first, _)) = text.as_bytes().split_first_chunk::<64>() {
        let _ = has_mark(first);
    }
});
