//! The keyring on disk: `keys/keyring.json`, sealed by a passphrase.
//!
//! The passphrase goes through Argon2id (RFC 9106; 64 MiB, 3 passes) and opens an
//! AES-256-GCM-SIV box. The file is replaced as a whole: written beside, flushed, renamed, and the
//! folder flushed, so that a power cut leaves the old keyring or the new one.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::HEXLOWER as HEX;
use doldam_ground::{Entropy, Pii, entropy};
use serde::{Deserialize, Serialize};

use super::Keyring;
use crate::error::VaultError;
use crate::seal::SecretKey;

/// Fewest characters of a passphrase (NIST SP 800-63B-4 for a single factor).
pub const PASSPHRASE_CHARACTERS_MIN: usize = 15;

/// Memory of Argon2id in KiB (RFC 9106, section 4, second recommendation).
const MEMORY_KIB: u32 = 64 << 10;
/// Passes of Argon2id.
const PASSES: u32 = 3;
/// The most that is done for a file that somebody else may have written: 1 GiB, 16 passes.
const MEMORY_KIB_MAX: u32 = 1 << 20;
const PASSES_MAX: u32 = 16;
/// Largest keyring file; a keyring of a thousand generations is smaller.
const FILE_BYTES_MAX: u64 = 1 << 20;
/// What binds the box to its use.
const CONTEXT: &[u8] = b"doldam 1 keyring";

/// What opens the keyring. Never shown, wiped when dropped.
pub struct Passphrase(Pii<String>);

impl Passphrase {
    /// Takes a passphrase that already seals a keyring, whatever its length.
    pub fn new(text: &str) -> Self {
        Self(Pii::new(text.trim_end_matches(['\r', '\n']).to_owned()))
    }

    /// Takes a passphrase for a new keyring and refuses a short one.
    pub fn for_new_keyring(text: &str) -> Result<Self, VaultError> {
        let passphrase = Self::new(text);
        if passphrase.0.expose().chars().count() < PASSPHRASE_CHARACTERS_MIN {
            return Err(VaultError::PassphraseTooShort { least: PASSPHRASE_CHARACTERS_MIN });
        }
        Ok(passphrase)
    }

    fn key(&self, salt: &[u8], memory_kib: u32, passes: u32) -> Result<SecretKey, VaultError> {
        let refused =
            |_| VaultError::KeyringUnreadable { why: "its Argon2 parameters are refused" };
        let parameters = Params::new(memory_kib, passes, 1, Some(32)).map_err(refused)?;
        let mut key = [0; 32];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
            .hash_password_into(self.0.expose().as_bytes(), salt, &mut key)
            .map_err(refused)?;
        Ok(SecretKey::from_bytes(key))
    }
}

/// What stands in the file: everything but the passphrase.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    schema: u32,
    kdf: String,
    memory_kib: u32,
    passes: u32,
    salt: String,
    sealed: String,
}

/// Where a keyring is kept.
pub struct KeyringFile {
    path: PathBuf,
}

impl KeyringFile {
    /// The keyring of the key folder `folder`.
    pub fn of(folder: &Path) -> Self {
        Self { path: folder.join("keyring.json") }
    }

    /// Whether the file is there.
    pub fn exists(&self) -> bool {
        self.path.exists()
    }

    /// Whether others than the owner may read the file: a fault that `doctor` reports.
    pub fn is_exposed(&self) -> Result<bool, VaultError> {
        let metadata = fs::metadata(&self.path).map_err(|error| self.failed("inspect", &error))?;
        Ok(metadata.permissions().mode() & 0o077 != 0)
    }

    /// Opens the keyring.
    pub fn open(&self, passphrase: &Passphrase) -> Result<Keyring, VaultError> {
        let text = self.read().map_err(|error| match error.kind() {
            ErrorKind::NotFound => VaultError::KeyringMissing,
            _ => self.failed("read", &error),
        })?;
        let unreadable = |why| VaultError::KeyringUnreadable { why };
        let envelope: Envelope =
            serde_json::from_slice(&text).map_err(|_| unreadable("it is not a keyring"))?;
        if envelope.schema != 1 || envelope.kdf != "argon2id" {
            return Err(unreadable("it was made by a newer version; use that version"));
        }
        if envelope.memory_kib > MEMORY_KIB_MAX || envelope.passes > PASSES_MAX {
            return Err(unreadable("its Argon2 parameters are out of bounds"));
        }
        let salt = HEX.decode(envelope.salt.as_bytes()).map_err(|_| unreadable("its salt"))?;
        let sealed = HEX.decode(envelope.sealed.as_bytes()).map_err(|_| unreadable("its box"))?;
        let key = passphrase.key(&salt, envelope.memory_kib, envelope.passes)?;
        let plain =
            key.open(CONTEXT, &sealed, "keyring").map_err(|_| VaultError::WrongPassphrase)?;
        Keyring::from_bytes(plain.expose())
    }

    /// The file, up to its limit: what is cut off there is no keyring any more.
    fn read(&self) -> std::io::Result<Vec<u8>> {
        let mut text = Vec::new();
        File::open(&self.path)?.take(FILE_BYTES_MAX).read_to_end(&mut text)?;
        Ok(text)
    }

    /// Writes the keyring under a passphrase, replacing what was there in one step.
    pub fn write(
        &self,
        keyring: &Keyring,
        passphrase: &Passphrase,
        entropy: &mut dyn Entropy,
    ) -> Result<(), VaultError> {
        let salt: [u8; 16] = entropy::bytes(entropy);
        let key = passphrase.key(&salt, MEMORY_KIB, PASSES)?;
        let envelope = Envelope {
            schema: 1,
            kdf: "argon2id".to_owned(),
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            salt: HEX.encode(&salt),
            sealed: HEX.encode(&key.seal(entropy, CONTEXT, &keyring.to_bytes())),
        };
        let mut text =
            serde_json::to_string_pretty(&envelope).expect("an envelope of strings serialises");
        text.push('\n');
        self.replace(text.as_bytes()).map_err(|error| self.failed("write", &error))
    }

    fn replace(&self, bytes: &[u8]) -> std::io::Result<()> {
        let beside = self.path.with_extension("json.new");
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, &self.path)?;
        let folder = self.path.parent().expect("the file stands in a folder");
        File::open(folder)?.sync_all()
    }

    fn failed(&self, act: &'static str, error: &std::io::Error) -> VaultError {
        VaultError::File { act, what: self.path.display().to_string(), kind: error.kind() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Seeded;

    #[test]
    fn only_the_passphrase_opens_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = KeyringFile::of(folder.path());
        let right = Passphrase::for_new_keyring("correct horse battery staple\n").unwrap();
        assert!(matches!(file.open(&right), Err(VaultError::KeyringMissing)));
        let mut entropy = Seeded::new(4);
        let keyring = Keyring::draw(&mut entropy);
        file.write(&keyring, &right, &mut entropy).unwrap();
        assert!(!file.is_exposed().unwrap());
        let again = file.open(&Passphrase::new("correct horse battery staple")).unwrap();
        assert_eq!(again.verifying_key(), keyring.verifying_key());
        let wrong = file.open(&Passphrase::new("correct horse battery stapler"));
        assert!(matches!(wrong, Err(VaultError::WrongPassphrase)));
        fs::write(folder.path().join("keyring.json"), "{}").unwrap();
        assert!(matches!(file.open(&right), Err(VaultError::KeyringUnreadable { .. })));
    }

    #[test]
    fn a_file_that_asks_for_too_much_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = KeyringFile::of(folder.path());
        let passphrase = Passphrase::new("correct horse battery staple");
        file.write(&Keyring::draw(&mut Seeded::new(5)), &passphrase, &mut Seeded::new(6)).unwrap();
        let path = folder.path().join("keyring.json");
        let text = fs::read_to_string(&path).unwrap();
        let why = |text: String| {
            fs::write(&path, text).unwrap();
            match file.open(&passphrase) {
                Err(VaultError::KeyringUnreadable { why }) => why,
                other => panic!("{:?}", other.err()),
            }
        };
        let bounds = "its Argon2 parameters are out of bounds";
        assert_eq!(why(text.replace("65536", "1048577")), bounds);
        assert_eq!(why(text.replace("\"passes\": 3", "\"passes\": 17")), bounds);
        let long = " ".repeat(usize::try_from(FILE_BYTES_MAX).unwrap()) + &text;
        assert_eq!(why(long), "it is not a keyring");
    }

    #[test]
    fn a_short_passphrase_is_refused() {
        assert!(Passphrase::for_new_keyring("short").is_err());
        assert!(Passphrase::for_new_keyring("열다섯 글자가 넘는 긴 암호문").is_ok());
    }
}
