//! Backups: of data (no keys in them), of keys (sealed for two of three people), and back again.
//!
//! The two are kept apart on purpose. A data backup alone is unreadable. A key backup alone opens
//! nothing. And because erased people's keys live only in key backups, those have a date by which
//! they must be destroyed, which the vault remembers.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER as HEX;
use doldam_ground::Pii;
use doldam_ground::ids::{DomainId, KeyBackupId};
use doldam_ground::limits::KEY_BACKUP_DAYS;
use doldam_store::{Schema, Store, audit, erasure, key, subject};
use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::domain::DESTROYED;
use crate::error::VaultError;
use crate::keyring::{Keyring, KeyringFile, Passphrase, SHARES_NEEDED, Share, join, split};
use crate::record::subject_key_context;
use crate::seal::{SecretKey, context};
use crate::vault::{Actor, Place, SEALED_FOLDERS, Vault, file_error, make_private_folder};

/// Subject keys that are re-wrapped in one transaction.
const REWRAP: u32 = 8_192;
/// Where the key store is copied to before it is sealed.
const KEY_COPY: &str = "keys/backup.part";
/// The database in a data backup.
const DATABASE: &str = "doldam.db";
/// What a key backup begins with.
const MAGIC: &[u8; 8] = b"DOLDAMK1";
/// The largest list of a data backup that is read, in bytes.
const CONTENTS_BYTES_MAX: u64 = 64 << 20;
/// The largest key backup that is read, in bytes: keys of a hundred million subjects.
const KEY_BACKUP_BYTES_MAX: u64 = 16 << 30;

/// The table of contents of a data backup.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contents {
    schema: u32,
    installation: String,
    made_at: String,
    files: Vec<FileEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileEntry {
    name: String,
    bytes: u64,
    sha256: String,
}

/// What cannot be read any more because its key is nowhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MissingKeys {
    /// Subjects whose data key is missing.
    pub subjects: u64,
    /// Domains whose salt is missing: their pseudonyms cannot be traced.
    pub domains: Vec<DomainId>,
}

/// A written key backup.
pub struct KeyBackup {
    /// Its number.
    pub id: KeyBackupId,
    /// The sealed file.
    pub file: PathBuf,
    /// One file a share, to be handed to different people.
    pub shares: Vec<PathBuf>,
}

impl Vault {
    /// Writes a backup of all data into a new folder: the database, the folders of sealed files
    /// ([`SEALED_FOLDERS`]), and a list of their hashes. Keys are not in it, nor settings, which may name a database's password.
    pub fn backup(&self, folder: &Path, actor: &Actor) -> Result<(), VaultError> {
        if folder.exists() && fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
        {
            return Err(VaultError::Invalid("the backup folder is not empty; name a new one"));
        }
        make_private_folder(folder)?;
        self.log(actor, "backup.data", String::new(), "backup", None)?;
        self.data.backup_into(&folder.join(DATABASE))?;
        let mut names = vec![DATABASE.to_owned()];
        for part in SEALED_FOLDERS {
            make_private_folder(&folder.join(part))?;
            for name in list(&self.folder().join(part))? {
                let name = format!("{part}/{name}");
                copy(&self.folder().join(&name), &folder.join(&name))?;
                names.push(name);
            }
        }
        let files = names
            .into_iter()
            .map(|name| {
                let (bytes, sha256) = hash_file(&folder.join(&name))?;
                Ok(FileEntry { name, bytes, sha256: HEX.encode(&sha256) })
            })
            .collect::<Result<Vec<_>, VaultError>>()?;
        let contents = Contents {
            schema: 1,
            installation: self.installation().to_owned(),
            made_at: self.now().to_rfc3339(),
            files,
        };
        let text = serde_json::to_string_pretty(&contents).expect("a list of files serialises");
        // The list is written last: a folder without it is no backup.
        write_new(&folder.join("backup.json"), text.as_bytes())
    }

    /// Writes a backup of all keys, sealed under a key that any two of three shares bring back.
    /// It is registered before it exists, so that no erasure overlooks it.
    pub fn key_backup(
        &self,
        folder: &Path,
        days: Option<u32>,
        actor: &Actor,
    ) -> Result<KeyBackup, VaultError> {
        make_private_folder(folder)?;
        let days = i64::from(days.unwrap_or(KEY_BACKUP_DAYS));
        // Between the copy and its registration no erasure may answer that no copy is left.
        let _one_at_a_time = self.keys_in_motion();
        let made_at = self.now();
        let (backup_key, sealed) = self.seal_keys()?;
        let digest = <[u8; 32]>::from(Sha256::digest(&sealed));
        let expires_at = made_at.plus_days(days);
        let entry = self.entry(actor, "backup.keys", String::new(), "backup", None);
        let id = self.data.write("backup.keys", move |tx| {
            let id = erasure::backup_insert(tx, made_at, expires_at, &digest)?;
            audit::append(tx, &entry)?;
            Ok(id)
        })?;
        let file = folder.join(format!("{id}.keys"));
        write_new(&file, &sealed)?;
        let mut shares = Vec::new();
        for (place, share) in split(&backup_key, &mut **self.entropy()).iter().enumerate() {
            let path = folder.join(format!("{id}.share-{}.txt", place + 1));
            write_new(&path, format!("{}\n", share.expose()).as_bytes())?;
            shares.push(path);
        }
        Ok(KeyBackup { id, file, shares })
    }

    /// The keyring and the key store in one box.
    fn seal_keys(&self) -> Result<(SecretKey, Vec<u8>), VaultError> {
        // The copy never leaves the key folder, where the next start finds what a kill left.
        self.remove_key_copies()?;
        let beside = self.folder().join(KEY_COPY);
        self.keys.backup_into(&beside)?;
        let store = fs::read(&beside).map_err(|error| file_error("read", &beside, &error))?;
        fs::remove_file(&beside).map_err(|error| file_error("remove", &beside, &error))?;
        let keyring = self.keyring.to_bytes();
        let length = (keyring.len() as u64).to_be_bytes();
        let plain = Pii::new([length.as_slice(), &keyring, &store].concat());
        let mut source = self.entropy();
        let key = SecretKey::draw(&mut **source);
        let mut sealed = MAGIC.to_vec();
        sealed.extend(key.seal(&mut **source, &context("key backup", &[]), plain.expose()));
        Ok((key, sealed))
    }

    /// Removes an unsealed copy of the key store that a killed process left behind.
    pub(crate) fn remove_key_copies(&self) -> Result<(), VaultError> {
        for ending in ["", ".partial", ".partial-journal", ".partial-wal", ".partial-shm"] {
            let path = self.folder().join(format!("{KEY_COPY}{ending}"));
            match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(file_error("remove", &path, &error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Draws a new root, seals the keyring under `passphrase`, and wraps every subject's key anew.
    /// Pseudonyms that were given out stay traceable: old roots are kept for them.
    pub fn key_rotate(
        &mut self,
        passphrase: &Passphrase,
        actor: &Actor,
    ) -> Result<u32, VaultError> {
        let mut source = std::mem::replace(
            self.entropy.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner),
            Box::new(Spent),
        );
        let rotated = self.keyring.rotated(&mut *source);
        let file = KeyringFile::of(&self.folder().join("keys"));
        let written = file.write(&rotated, passphrase, &mut *source);
        *self.entropy.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner) = source;
        written?;
        self.keyring = rotated;
        let generation = self.keyring.generation();
        self.log(actor, "key.rotate", format!("generation {generation}"), "key rotation", None)?;
        self.finish_rotation()?;
        Ok(generation)
    }

    /// Wraps under the newest root what an older one still wraps. Safe to repeat.
    pub(crate) fn finish_rotation(&self) -> Result<(), VaultError> {
        let generation = self.keyring.generation();
        let wrap = self.keyring.subject_wrap(generation)?;
        let (mut moved, mut first) = (false, 0);
        loop {
            let old = self
                .keys
                .read("key.old", |tx| key::subject_keys_before(tx, generation, first, REWRAP))?;
            let Some((last, ..)) = old.last() else { break };
            first = last.number().saturating_add(1);
            let mut keys = key::SubjectKeys::default();
            for (ordinal, held, wrapped) in old {
                let place = subject_key_context(ordinal);
                let plain =
                    self.keyring.subject_wrap(held)?.open(&place, &wrapped, "subject key")?;
                keys.ordinals.push(i64::from(ordinal.number()));
                keys.wrapped.push(wrap.seal(&mut **self.entropy(), &place, plain.expose()));
            }
            self.keys
                .write("key.rewrap", move |tx| key::insert_subject_keys(tx, generation, &keys))?;
            moved = true;
        }
        if moved { Ok(self.keys.scrub()?) } else { Ok(()) }
    }

    /// Restores a vault into an empty folder from a data backup, a key backup and two shares, and
    /// opens it. Whoever was erased between the two backups is forgotten again.
    pub fn restore(
        mut place: Place,
        backup: &Path,
        key_backup: &Path,
        shares: &[Share],
        passphrase: &Passphrase,
    ) -> Result<Self, VaultError> {
        if KeyringFile::of(&place.keys()).exists() {
            return Err(VaultError::Invalid(
                "there is a vault in this folder already; restore into an empty one",
            ));
        }
        let contents = check_backup(backup)?;
        let (keyring, store) = open_key_backup(key_backup, shares)?;
        place.make_folders()?;
        let restored = Store::restore_from(
            &backup.join(DATABASE),
            &place.data_location(),
            Schema::Data,
            std::sync::Arc::clone(&place.clock),
        )?;
        drop(restored);
        for entry in &contents.files {
            if entry.name != DATABASE {
                copy(&backup.join(&entry.name), &place.folder.join(&entry.name))?;
            }
        }
        let keys = place.keys().join("keys.db");
        write_new(&keys, store.expose())?;
        // The keyring is written last: without it there is no vault, and a second try may follow.
        KeyringFile::of(&place.keys()).write(&keyring, passphrase, &mut place.entropy)?;
        Self::open(place, passphrase)
    }

    /// Who has no key although nobody erased them: after a restore from a backup of keys that is
    /// older than the data. They are in no answer and in no disclosure any more.
    pub fn missing_keys(&self) -> Result<MissingKeys, VaultError> {
        let living = self.read("subject.living", |tx| subject::select(tx, None))?;
        let mut missing: RoaringBitmap = living.iter().map(|one| one.number()).collect();
        self.keys.read("key.ordinals", |tx| {
            key::subject_key_ordinals(tx, &mut |ordinal| {
                missing.remove(ordinal);
            })
        })?;
        let mut domains = Vec::new();
        for domain in self.domains()?.into_iter().filter(|domain| domain.state != DESTROYED) {
            if self.keys.read("key.salt", |tx| key::domain_salt(tx, domain.id))?.is_none() {
                domains.push(domain.id);
            }
        }
        Ok(MissingKeys { subjects: missing.len(), domains })
    }

    /// Brings lost keys back into a folder whose data is still there.
    pub fn key_restore(
        mut place: Place,
        key_backup: &Path,
        shares: &[Share],
        passphrase: &Passphrase,
    ) -> Result<Self, VaultError> {
        if KeyringFile::of(&place.keys()).exists() {
            return Err(VaultError::Invalid(
                "the folder still has its keyring; move it away if it is of no use",
            ));
        }
        let (keyring, store) = open_key_backup(key_backup, shares)?;
        place.make_folders()?;
        let keys = place.keys().join("keys.db");
        if !keys.exists() {
            write_new(&keys, store.expose())?;
        }
        KeyringFile::of(&place.keys()).write(&keyring, passphrase, &mut place.entropy)?;
        Self::open(place, passphrase)
    }
}

/// Stands in for the entropy while a rotation holds it; nobody can draw from it meanwhile.
struct Spent;

impl doldam_ground::Entropy for Spent {
    fn fill(&mut self, _: &mut [u8]) {
        unreachable!("a rotation holds the vault exclusively");
    }
}

/// Reads the list of a data backup and checks every file against it.
fn check_backup(folder: &Path) -> Result<Contents, VaultError> {
    let path = folder.join("backup.json");
    let text = read_bounded(&path, CONTENTS_BYTES_MAX)?;
    let contents: Contents =
        serde_json::from_slice(&text).map_err(|_| VaultError::Damaged { what: "backup list" })?;
    for entry in &contents.files {
        if !is_ours(&entry.name) {
            return Err(VaultError::Damaged { what: "backup list" });
        }
        let (bytes, sha256) = hash_file(&folder.join(&entry.name))?;
        if bytes != entry.bytes || HEX.encode(&sha256) != entry.sha256 {
            return Err(VaultError::Invalid(
                "a file of the backup does not have the hash it was written with; use another backup",
            ));
        }
    }
    Ok(contents)
}

/// Whether a list of ours can name this file: the database, or a plain name in a sealed folder.
fn is_ours(name: &str) -> bool {
    let sealed = name.split_once('/').filter(|(part, _)| SEALED_FOLDERS.contains(part));
    let is_plain = |name: &str| !name.contains(['/', '\\']) && !matches!(name, "" | "." | "..");
    name == DATABASE || sealed.is_some_and(|(_, plain)| is_plain(plain))
}

impl KeyBackup {
    /// Checks that these shares open this sealed file, and gives how many generations of roots it
    /// brings back. A backup that was never opened is a hope.
    pub fn check(sealed: &[u8], shares: &[Share]) -> Result<u32, VaultError> {
        unseal_key_backup(sealed, &join(shares)?).map(|(keyring, _)| keyring.generation())
    }
}

fn open_key_backup(path: &Path, shares: &[Share]) -> Result<(Keyring, Pii<Vec<u8>>), VaultError> {
    let key = join(shares)?;
    unseal_key_backup(&read_bounded(path, KEY_BACKUP_BYTES_MAX)?, &key)
}

/// A whole file, but no more of it than `most` bytes.
fn read_bounded(path: &Path, most: u64) -> Result<Vec<u8>, VaultError> {
    let failed = |error| file_error("read", path, &error);
    let mut bytes = Vec::new();
    File::open(path).map_err(failed)?.take(most).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// The keyring and the key store in a sealed file.
fn unseal_key_backup(bytes: &[u8], key: &SecretKey) -> Result<(Keyring, Pii<Vec<u8>>), VaultError> {
    const DAMAGED: VaultError = VaultError::Damaged { what: "key backup" };
    let sealed = bytes.strip_prefix(MAGIC).ok_or(DAMAGED)?;
    let plain = key
        .open(&context("key backup", &[]), sealed, "key backup")
        .map_err(|_| VaultError::Shares { threshold: SHARES_NEEDED })?;
    let (length, rest) = plain.expose().split_first_chunk::<8>().ok_or(DAMAGED)?;
    let length = usize::try_from(u64::from_be_bytes(*length)).map_err(|_| DAMAGED)?;
    let (keyring, store) = rest.split_at_checked(length).ok_or(DAMAGED)?;
    Ok((Keyring::from_bytes(keyring)?, Pii::new(store.to_vec())))
}

fn list(folder: &Path) -> Result<Vec<String>, VaultError> {
    let entries = fs::read_dir(folder).map_err(|error| file_error("list", folder, &error))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| file_error("list", folder, &error))?;
        let path = PathBuf::from(entry.file_name());
        let is_partial = path.extension().is_some_and(|extension| extension == "part");
        if let Some(name) = path.to_str().filter(|_| !is_partial) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn copy(from: &Path, to: &Path) -> Result<(), VaultError> {
    fs::copy(from, to).map_err(|error| file_error("copy", from, &error))?;
    let file = File::open(to).map_err(|error| file_error("open", to, &error))?;
    file.sync_all().map_err(|error| file_error("flush", to, &error))
}

fn hash_file(path: &Path) -> Result<(u64, [u8; 32]), VaultError> {
    let failed = |error| file_error("read", path, &error);
    let mut file = File::open(path).map_err(failed)?;
    let (mut hasher, mut buffer, mut total) = (Sha256::new(), vec![0; 1 << 20], 0);
    loop {
        let read = file.read(&mut buffer).map_err(failed)?;
        if read == 0 {
            return Ok((total, hasher.finalize().into()));
        }
        hasher.update(&buffer[..read]);
        total += read as u64;
    }
}

/// Writes a file that must not exist yet, readable by its owner only, durably.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    let failed = |error| file_error("write", path, &error);
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.sync_all().map_err(failed)
}
