//! Locators and ids as people type them.

#![no_main]

use doldam_ground::Instant;
use doldam_ground::ids::{DisclosureId, EvidenceId, ProcessorId, TraceId};
use doldam_ground::locale::Language;
use doldam_scanner::Locator;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(locator) = text.parse::<Locator>();
    assert!(locator.to_string().parse().as_ref() == Ok(&locator), "it does not read back");
    let child = locator.child(text);
    assert!(child.to_string().parse().as_ref() == Ok(&child), "its child does not read back");
    let _ = Locator::resolve(text);
    let _ = locator.name();

    if let Ok(id) = text.parse::<DisclosureId>() {
        assert!(id.to_string().parse() == Ok(id));
    }
    let _ = (text.parse::<ProcessorId>(), text.parse::<EvidenceId>(), text.parse::<TraceId>());
    let _ = text.parse::<Language>();
    if let Ok(instant) = Instant::parse(text, "Asia/Seoul") {
        let _ = (instant.to_rfc3339(), instant.plus_days(i64::MAX), instant.plus_days(i64::MIN));
    }
});
