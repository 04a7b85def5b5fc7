//! Reading any texts as pseudonyms: only what a key issued is recognised as proven.

#![no_main]

use doldam_fuzz::{domains, members};
use doldam_ground::locale::Language;
use doldam_vault::pseudonym::{Recogniser, Whose};
use libfuzzer_sys::fuzz_target;

/// How many subjects the domains count.
const SUBJECTS: u64 = 1_000;

thread_local! {
    static RECOGNISER: Recogniser = Recogniser::new(domains(), SUBJECTS, 10);
    /// Every sealed pseudonym of the targets' people.
    static ISSUED: Vec<String> = domains()
        .iter()
        .flat_map(|(key, disclosures)| {
            let bound = disclosures.first().copied();
            [None, bound].map(|bound| key.issue(bound, &members(), Language::Ko))
        })
        .flat_map(|issued| issued.expect("these kinds have pseudonyms"))
        .collect();
}

/// Whether the keyed part of `line` is that of an issued text: the mark behind it may be damaged,
/// and addresses may be spelled in any case.
fn is_of(issued: &str, line: &str) -> bool {
    let keyed = match issued.len() {
        88 => 80,
        64 => 58,
        _ if issued.contains('@') => return issued.eq_ignore_ascii_case(line.trim()),
        whole => whole,
    };
    let line = line.trim();
    line.len() == issued.len() && line.as_bytes()[..keyed] == issued.as_bytes()[..keyed]
}

fuzz_target!(|text: &str| {
    let lines: Vec<&str> = text.lines().take(300).collect();
    let found = RECOGNISER.with(|recogniser| recogniser.recognise(&lines));
    assert!(found.len() == lines.len());
    for (line, found) in lines.iter().zip(found) {
        match found.map(|found| found.whose) {
            Some(Whose::Handle(_)) => ISSUED.with(|issued| {
                assert!(
                    issued.iter().any(|one| is_of(one, line)),
                    "a key recognises what it never issued"
                );
            }),
            Some(Whose::Ordinal(ordinal)) => {
                let number = u64::from(ordinal.number());
                assert!(ordinal.is_canary() || number < SUBJECTS);
            }
            None => {}
        }
    }
});
