//! An open vault: a folder that this process holds, its two stores and its keyring.
//!
//! ```text
//! var/
//!   doldam.toml        settings (written by `doldam init`)
//!   lock               held while a process works on the folder
//!   data/doldam.db     all facts; absent when PostgreSQL keeps them
//!   keys/keyring.json  long-lived keys, sealed by the passphrase
//!   keys/keys.db       destroyable keys, with backups of their own
//!   evidence/E-1       files that turned up, sealed
//!   deliveries/V-1     files for processors, sealed
//! ```

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use doldam_ground::locale::Language;
use doldam_ground::{Clock, Entropy, Instant, Pii, entropy};
use doldam_store::access::rider;
use doldam_store::audit::{self, Entry, Head};
use doldam_store::{FolderLock, Location, Schema, Store, Tx, installation};
use roaring::RoaringBitmap;
use zeroize::Zeroizing;

use crate::error::VaultError;
use crate::keyring::{Keyring, KeyringFile, Passphrase};
use crate::seal::context;

/// What a secret is sealed for between its act and the answer that shows it.
const SHOWN_ONCE_LABEL: &str = "secret that is shown once";

/// The folders of sealed files: the one list of what a backup holds beside the database. A room
/// that keeps sealed files of its own adds its folder here.
pub const SEALED_FOLDERS: [&str; 2] = ["evidence", "deliveries"];

/// Who acts, and from where: what the access log asks first.
#[derive(Clone, Debug)]
pub struct Actor {
    /// A staff name, or the operating system account.
    pub name: String,
    /// `local`, or an address.
    pub origin: String,
}

/// Where a vault is and what it stands on.
pub struct Place {
    /// The data folder.
    pub folder: PathBuf,
    /// A PostgreSQL address when SQLite is not to keep the facts.
    pub postgres: Option<String>,
    /// The file outside the folder that checkpoints of the log are appended to.
    pub anchor: PathBuf,
    /// The language of invented nicknames.
    pub language: Language,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where randomness comes from.
    pub entropy: Box<dyn Entropy>,
}

/// What gets its number before its transaction.
#[derive(Clone, Copy, Debug)]
pub enum Numbered {
    /// Disclosures and their canaries.
    Disclosure,
    /// Files that turned up.
    Evidence,
    /// Runs of the tracer.
    Trace,
}

/// An open vault.
pub struct Vault {
    folder: PathBuf,
    anchor: PathBuf,
    language: Language,
    pub(crate) data: Store,
    pub(crate) keys: Store,
    pub(crate) keyring: Keyring,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Mutex<Box<dyn Entropy>>,
    installation: String,
    /// Held while a domain is looked for and opened, so that two callers do not open two.
    pub(crate) opening: Mutex<()>,
    /// Held while the key store is copied or keys in it are destroyed.
    keys_in_motion: Mutex<()>,
    /// Held from the drawing of a number until its row is durable; one for each [`Numbered`].
    numbering: [Mutex<()>; 3],
    _lock: FolderLock,
}

impl Place {
    /// The folder of keys.
    pub fn keys(&self) -> PathBuf {
        self.folder.join("keys")
    }

    /// Where the facts are.
    pub fn data_location(&self) -> Location {
        match &self.postgres {
            Some(address) => Location::Postgres(address.clone()),
            None => Location::Sqlite(self.folder.join("data").join("doldam.db")),
        }
    }

    /// Where the destroyable keys are.
    pub fn keys_location(&self) -> Location {
        Location::Sqlite(self.keys().join("keys.db"))
    }

    /// Makes the folders, readable by the owner only.
    pub fn make_folders(&self) -> Result<(), VaultError> {
        for folder in ["", "data", "keys"].into_iter().chain(SEALED_FOLDERS) {
            make_private_folder(&self.folder.join(folder))?;
        }
        Ok(())
    }
}

/// Makes a folder and those above it; a new one is readable by its owner only.
pub(crate) fn make_private_folder(folder: &Path) -> Result<(), VaultError> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| file_error("make", folder, &error))
}

/// An error about one of our own files.
pub(crate) fn file_error(act: &'static str, path: &Path, error: &std::io::Error) -> VaultError {
    VaultError::File { act, what: path.display().to_string(), kind: error.kind() }
}

impl Vault {
    /// Makes a new, empty vault and opens it. Fails when there is a keyring already.
    pub fn create(mut place: Place, passphrase: &Passphrase) -> Result<Self, VaultError> {
        place.make_folders()?;
        let lock = FolderLock::take(&place.folder)?;
        let file = KeyringFile::of(&place.keys());
        if file.exists() {
            return Err(VaultError::Invalid(
                "there is a vault in this folder already; choose another folder or open it",
            ));
        }
        let keyring = Keyring::draw(&mut place.entropy);
        let data = Store::open(&place.data_location(), Schema::Data, Arc::clone(&place.clock))?;
        let number: [u8; 16] = entropy::bytes(&mut place.entropy);
        let installation = data_encoding::HEXLOWER.encode(&number);
        let (fact, is_ours) = (installation.clone(), place.postgres.is_none());
        data.write("installation.create", move |tx| {
            // A first try that was killed before its keyring has left a name and nothing else.
            let is_new = installation::get(tx, "installation_id")?.is_none();
            let is_unused = is_ours && audit::head(tx)? == Head::EMPTY;
            if !is_new && !is_unused {
                return Err(doldam_store::StoreError::AlreadyThere);
            }
            installation::put(tx, "installation_id", &fact)
        })?;
        // The keyring is written last: without it there is no vault, and a second try may follow.
        file.write(&keyring, passphrase, &mut place.entropy)?;
        Self::assemble(place, keyring, data, installation, lock)
    }

    /// Opens a vault and finishes what an earlier process left half-done.
    pub fn open(place: Place, passphrase: &Passphrase) -> Result<Self, VaultError> {
        if !place.folder.is_dir() {
            return Err(VaultError::Invalid(
                "there is no vault in this folder; make one with `doldam init`",
            ));
        }
        let lock = FolderLock::take(&place.folder)?;
        let keyring = KeyringFile::of(&place.keys()).open(passphrase)?;
        let data = Store::open(&place.data_location(), Schema::Data, Arc::clone(&place.clock))?;
        let installation =
            data.read("installation.read", |tx| installation::get(tx, "installation_id"))?;
        let installation = installation
            .ok_or(VaultError::Invalid("the database is empty; restore a backup into it"))?;
        let vault = Self::assemble(place, keyring, data, installation, lock)?;
        vault.recover()?;
        Ok(vault)
    }

    fn assemble(
        place: Place,
        keyring: Keyring,
        data: Store,
        installation: String,
        lock: FolderLock,
    ) -> Result<Self, VaultError> {
        let keys = Store::open(&place.keys_location(), Schema::Keys, Arc::clone(&place.clock))?;
        Ok(Self {
            folder: place.folder,
            anchor: place.anchor,
            language: place.language,
            data,
            keys,
            keyring,
            clock: place.clock,
            entropy: Mutex::new(place.entropy),
            installation,
            opening: Mutex::new(()),
            keys_in_motion: Mutex::new(()),
            numbering: Default::default(),
            _lock: lock,
        })
    }

    /// Ends what a killed process began: a staging import is given up, ordered erasures are
    /// finished, what live imports replaced is swept away.
    fn recover(&self) -> Result<(), VaultError> {
        self.remove_key_copies()?;
        self.abandon_staging()?;
        self.take_over_sweeps()?;
        self.sweep_imports()?;
        self.finish_erasures()?;
        self.forget_again()?;
        self.finish_moves()?;
        self.finish_destructions()?;
        self.finish_rotation()
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file that checkpoints are appended to.
    pub fn anchor(&self) -> &Path {
        &self.anchor
    }

    /// The language of invented nicknames.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The random name of this installation.
    pub fn installation(&self) -> &str {
        &self.installation
    }

    /// The public key that checks manifests, lists and checkpoints.
    pub fn verifying_key(&self) -> [u8; 32] {
        self.keyring.verifying_key()
    }

    /// Signs with the installation's key.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.keyring.sign(message)
    }

    /// The store of facts, for rooms that keep facts of their own.
    pub const fn data(&self) -> &Store {
        &self.data
    }

    /// The time.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// The right to copy the key store or to destroy keys in it.
    pub(crate) fn keys_in_motion(&self) -> MutexGuard<'_, ()> {
        self.keys_in_motion.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The right to draw the next number of these rows. Hold it until the row is durable: their
    /// files and pseudonyms hold the number, so it must be known before the transaction, and it is
    /// without gaps, so that none can be said to be missing. One process holds the folder; what
    /// gets past the lock all the same is refused by the primary key.
    pub fn numbering(&self, what: Numbered) -> MutexGuard<'_, ()> {
        self.numbering[what as usize].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Random bytes, one caller at a time.
    pub fn entropy(&self) -> MutexGuard<'_, Box<dyn Entropy>> {
        self.entropy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Seals a small secret of another room (the key of a piece of evidence) for the place that
    /// `label` and `numbers` name.
    pub fn seal_secret(&self, label: &'static str, numbers: &[u64], secret: &[u8]) -> Vec<u8> {
        self.keyring.ledger().seal(&mut **self.entropy(), &context(label, numbers), secret)
    }

    /// Opens what [`Vault::seal_secret`] sealed for the same place.
    pub fn open_secret(
        &self,
        label: &'static str,
        numbers: &[u64],
        sealed: &[u8],
    ) -> Result<Pii<Vec<u8>>, VaultError> {
        self.keyring.ledger().open(&context(label, numbers), sealed, label)
    }

    /// Hands a secret that is shown once to the request that asked for it, if one does: the next
    /// transaction keeps it, sealed, so that it is shown although the process dies before.
    pub fn shown_once(&self, secret: &Pii<String>) {
        rider::keep_secret(|| self.seal_secret(SHOWN_ONCE_LABEL, &[], secret.expose().as_bytes()));
    }

    /// Opens what [`Vault::shown_once`] kept.
    pub fn open_shown_once(&self, sealed: &[u8]) -> Result<Pii<Vec<u8>>, VaultError> {
        self.open_secret(SHOWN_ONCE_LABEL, &[], sealed)
    }

    /// A key of 32 bytes that only this installation can make, for one use and one subject matter:
    /// HKDF-SHA-256 (RFC 5869) over the ledger key.
    pub fn derive_key(&self, label: &'static str, matter: &[u8]) -> Zeroizing<[u8; 32]> {
        self.keyring.derive_from_ledger(label, matter)
    }

    /// Seals a bitmap of subjects for the access log.
    pub fn seal_members(&self, members: &RoaringBitmap) -> Vec<u8> {
        let bytes = members_to_bytes(members);
        self.keyring.ledger().seal(&mut **self.entropy(), &context("audit members", &[]), &bytes)
    }

    /// Opens the bitmap of a log row: whose data the act was about.
    pub fn audit_members(&self, sealed: &[u8]) -> Result<RoaringBitmap, VaultError> {
        let bytes = self.keyring.ledger().open(&context("audit members", &[]), sealed, "bitmap")?;
        members_from_bytes(bytes.expose())
    }

    /// Prepares the log row of an act; append it in the act's own transaction.
    pub fn entry(
        &self,
        actor: &Actor,
        action: &'static str,
        object: String,
        purpose: &str,
        members: Option<&RoaringBitmap>,
    ) -> Entry {
        let subject_count =
            members.map_or(0, |members| u32::try_from(members.len()).unwrap_or(u32::MAX));
        Entry {
            at: self.now(),
            actor: actor.name.clone(),
            origin: actor.origin.clone(),
            action,
            object,
            purpose: purpose.to_owned(),
            subject_count,
            sealed_subjects: members.map(|members| self.seal_members(members)),
        }
    }

    /// Writes a log row by itself and gives the new head once it is durable. What the act answers
    /// may leave the vault only after that (decision 5).
    pub fn log(
        &self,
        actor: &Actor,
        action: &'static str,
        object: String,
        purpose: &str,
        members: Option<&RoaringBitmap>,
    ) -> Result<Head, VaultError> {
        let entry = self.entry(actor, action, object, purpose, members);
        Ok(self.data.write("audit.append", move |tx| audit::append(tx, &entry))?)
    }

    /// A read transaction on the facts.
    pub(crate) fn read<T>(
        &self,
        name: &'static str,
        run: impl FnMut(&mut Tx<'_>) -> Result<T, doldam_store::StoreError>,
    ) -> Result<T, VaultError> {
        Ok(self.data.read(name, run)?)
    }
}

/// The portable serialisation of a bitmap (RoaringFormatSpec).
pub fn members_to_bytes(members: &RoaringBitmap) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(members.serialized_size());
    members.serialize_into(&mut bytes).expect("writing to memory does not fail");
    bytes
}

/// Reads a bitmap back.
pub fn members_from_bytes(bytes: &[u8]) -> Result<RoaringBitmap, VaultError> {
    RoaringBitmap::deserialize_from(bytes).map_err(|_| VaultError::Damaged { what: "bitmap" })
}
