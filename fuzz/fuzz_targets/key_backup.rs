//! A key backup of any bytes: as it lies on a disk, and as it would be behind a right seal.

#![no_main]

use std::sync::LazyLock;

use doldam_fuzz::Counting;
use doldam_vault::KeyBackup;
use doldam_vault::keyring::{Share, split};
use doldam_vault::seal::{SecretKey, context};
use libfuzzer_sys::fuzz_target;

/// What a key backup begins with; part of the format.
const MAGIC: &[u8] = b"DOLDAMK1";

static KEY: LazyLock<SecretKey> = LazyLock::new(|| SecretKey::from_bytes([7; 32]));

thread_local! {
    static SHARES: Vec<Share> = split(&KEY, &mut Counting(1)).into_iter().skip(1).collect();
}

fuzz_target!(|bytes: &[u8]| {
    SHARES.with(|shares| {
        assert!(KeyBackup::check(bytes, shares).is_err(), "the key was never used to seal this");
        let sealed = KEY.seal(&mut Counting(3), &context("key backup", &[]), bytes);
        if let Ok(generations) = KeyBackup::check(&[MAGIC, &sealed].concat(), shares) {
            assert!(generations > 0 && bytes.len() > 8 + 7 * 32 - 1);
        }
    });
});
