//! A keyring file and shares of a backup key, of any bytes.

#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use doldam_fuzz::parts;
use doldam_vault::keyring::{KeyringFile, Passphrase, Share, join};
use libfuzzer_sys::fuzz_target;

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    tempfile::Builder::new().tempdir_in("/dev/shm").expect("there is memory").keep()
});

/// Whether opening the file would cost more than a run may: what asks for too much is refused at
/// once, but what is allowed still takes a gibibyte.
fn is_costly(text: &[u8]) -> bool {
    let number = |value: &serde_json::Value, name: &str| {
        value.get(name).and_then(serde_json::Value::as_u64).unwrap_or(0)
    };
    serde_json::from_slice(text).is_ok_and(|value| {
        let (memory, passes) = (number(&value, "memory_kib"), number(&value, "passes"));
        (512..=1 << 20).contains(&memory) || (5..=16).contains(&passes)
    })
}

fuzz_target!(|bytes: &[u8]| {
    let [first, second, file] = parts(bytes, 3)[..] else { return };
    let shares: Vec<Share> = [first, second]
        .iter()
        .filter_map(|text| Share::parse(str::from_utf8(text).ok()?).ok())
        .collect();
    let _ = join(&shares);
    if is_costly(file) {
        return;
    }
    fs::write(FOLDER.join("keyring.json"), file).expect("files can be written");
    let keyring = KeyringFile::of(&FOLDER);
    if let Ok(opened) = keyring.open(&Passphrase::new("correct horse battery staple")) {
        assert!(opened.generation() > 0);
        let _ = opened.sign(b"message");
    }
});
