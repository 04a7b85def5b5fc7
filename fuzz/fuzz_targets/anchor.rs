//! An anchor file of any bytes: checkpoints and tombstones are ours, another's, or forged.

#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use doldam_fuzz::Counting;
use doldam_ground::locale::Language;
use doldam_ground::{Instant, MockClock};
use doldam_vault::keyring::Passphrase;
use doldam_vault::{Place, Vault};
use libfuzzer_sys::fuzz_target;

struct World {
    vault: Vault,
    anchor: PathBuf,
}

thread_local! {
    static WORLD: World = World::new();
}

impl World {
    /// A vault whose log has a few rows, in memory.
    fn new() -> Self {
        let folder =
            tempfile::Builder::new().tempdir_in("/dev/shm").expect("there is memory").keep();
        let place = Place {
            folder: folder.join("var"),
            postgres: None,
            anchor: folder.join("own.anchor"),
            language: Language::Ko,
            clock: Arc::new(MockClock::new(Instant::from_micros(1_795_000_000_000_000))),
            entropy: Box::new(Counting(9)),
        };
        let vault = Vault::create(place, &Passphrase::new("correct horse battery staple"))
            .expect("a vault can be made");
        vault.checkpoint().expect("the log has a head");
        Self { vault, anchor: folder.join("any.anchor") }
    }
}

fuzz_target!(|bytes: &[u8]| {
    WORLD.with(|world| {
        fs::write(&world.anchor, bytes).expect("files can be written");
        let report = world.vault.audit_verify(Some(&world.anchor)).expect("the log can be read");
        let lines = bytes.split(|byte| *byte == b'\n').count();
        assert!(report.checkpoints + report.faults.len() <= 2 * lines);
        for fault in &report.faults {
            assert!(!fault.to_string().contains('\n'));
        }
    });
});
