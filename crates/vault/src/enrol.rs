//! Enrolment: rows of customers become sealed subjects.
//!
//! A file is taken in chunks. Each chunk is normalised, indexed and sealed on the caller's thread
//! while the chunk before it is written on another. Everything lands in a *staging* import that no
//! reader sees; the digests are kept back and written at the end in key order, because an index of
//! random keys is only fast to build when it is sorted. Then one small transaction makes the whole
//! import visible. If the process dies before that, the next one gives the import up and destroys
//! its keys: nothing is half-imported.

mod chunk;
mod staging;

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::mem;

use doldam_ground::ids::{ImportId, Ordinal};
use doldam_ground::limits::SUBJECTS_MAX;
use doldam_ground::locale::Language;
use doldam_ground::{Instant, Kind, Pii};
use doldam_store::subject::Digests;
use doldam_store::{audit, import, job, key, subject};

use crate::error::VaultError;
use crate::index::{BlindIndex, Digest};
use crate::record::{Attributes, fits};
use crate::vault::{Actor, Vault};
use chunk::Candidate;
use staging::{Entry, Staging};

/// Subjects that are sealed and written at a time.
const CHUNK: usize = 8_192;
/// Index entries that are kept back before a sorted run of them is written.
const ENTRIES_HELD: usize = 16 << 20;
/// The job that sweeps away what an import replaced.
const SWEEP: &str = "import.sweep";

/// Where the rows of an import come from.
pub struct Source {
    /// From whom the data was received, in the controller's words.
    pub source: String,
    /// When it was received.
    pub received_at: Instant,
    /// The law that allows resident numbers; without it a row that has one is refused.
    pub legal_basis: Option<String>,
    /// Kinds by which a person who is enrolled already is recognised, best first.
    pub identify_by: Vec<Kind>,
}

/// One row of a file of customers.
pub struct Row {
    /// Its line in the file, from 1.
    pub line: u64,
    /// Kinds and values as they stand in the file; empty values are left out.
    pub values: Vec<(Kind, Pii<String>)>,
    /// The language of notices.
    pub language: Language,
}

/// Why a row was not taken. Holds no value of the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// There is nothing in it.
    #[error("the row is empty")]
    Empty,
    /// A value cannot be of its column's kind.
    #[error("the value of {kind} is not a {kind}")]
    Shape {
        /// Which kind.
        kind: Kind,
    },
    /// There are too many or too long values.
    #[error("the row has too many values, or one that is too long")]
    TooLarge,
    /// No value says whose row it is.
    #[error("no value says who it is: {kind} is empty")]
    Anonymous {
        /// The first kind that could have said it.
        kind: Kind,
    },
    /// Another row of the file is about the same person.
    #[error("the same {kind} stands in line {line}")]
    Repeated {
        /// Which kind repeats.
        kind: Kind,
        /// Where it stood first.
        line: u64,
    },
    /// Two values of the row belong to two different subjects, or one belongs to several.
    #[error("{kind} belongs to several subjects, or to another than the values before it")]
    Conflict {
        /// The kind that points elsewhere.
        kind: Kind,
    },
    /// A resident number without a legal basis.
    #[error("a resident number needs --legal-basis (Personal Information Protection Act 24-2)")]
    NoLegalBasis,
}

/// A row that was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its line in the file, from 1.
    pub line: u64,
    /// Why.
    pub why: Refusal,
}

/// What an import did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// The import.
    pub import: ImportId,
    /// New subjects.
    pub new: u64,
    /// Subjects that were known and whose attributes changed.
    pub updated: u64,
    /// Subjects that were known and came as they were.
    pub unchanged: u64,
    /// Rows that were refused.
    pub refused: u64,
}

/// Digests are random already, so they are their own hash.
#[derive(Default)]
struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk::<8>() {
            self.0 = u64::from_le_bytes(*first);
        }
    }
}

type Lines = HashMap<Digest, u64, BuildHasherDefault<Identity>>;

/// An import under way. Dropping it without [`Enrolment::finish`] gives the import up.
pub struct Enrolment<'v> {
    vault: &'v Vault,
    import: ImportId,
    source: Source,
    index: BlindIndex,
    resident_index: BlindIndex,
    /// Whether anybody was enrolled before, so that rows may be about known people.
    known_before: bool,
    next_ordinal: u32,
    waiting: Vec<Candidate>,
    seen: Vec<Lines>,
    /// Known people whom a row was about, with its line: two rows may name one person differently.
    met: HashMap<u32, u64>,
    entries: Vec<Entry>,
    handles: Vec<(i64, i64)>,
    staging: Option<Staging>,
    enrolled: Enrolled,
    replaced: bool,
    finished: bool,
}

impl Vault {
    /// Begins an import. Only one can run at a time.
    pub fn enrol(&self, source: Source) -> Result<Enrolment<'_>, VaultError> {
        if source.identify_by.is_empty() {
            return Err(VaultError::Invalid(
                "no column says who a row is about: give ci, customer_id or di, or name a column with --identify-by",
            ));
        }
        let now = self.now();
        let (name, received_at) = (source.source.clone(), source.received_at);
        let legal_basis = source.legal_basis.clone();
        let (import, next_ordinal) = self.data.write("import.begin", move |tx| {
            let origin =
                import::Origin { source: &name, received_at, legal_basis: legal_basis.as_deref() };
            Ok((import::begin(tx, &origin, now)?, subject::ordinal_end(tx)?))
        })?;
        Ok(Enrolment {
            vault: self,
            import,
            index: self.keyring.index(),
            resident_index: self.keyring.resident_index(),
            known_before: next_ordinal > 0,
            next_ordinal,
            waiting: Vec::with_capacity(CHUNK),
            seen: source.identify_by.iter().map(|_| Lines::default()).collect(),
            met: HashMap::new(),
            source,
            entries: Vec::new(),
            handles: Vec::new(),
            staging: Some(Staging::start(self, import)?),
            enrolled: Enrolled { import, new: 0, updated: 0, unchanged: 0, refused: 0 },
            replaced: false,
            finished: false,
        })
    }

    /// Gives up the import that a dead process left staging, and destroys its keys.
    pub(crate) fn abandon_staging(&self) -> Result<(), VaultError> {
        let Some(import) = self.read("import.staging", import::staging)? else { return Ok(()) };
        let now = self.now();
        // New subjects of the import had the ordinals from `end` on, and nobody else has. Their keys
        // go first: a process that dies in between finds the import still staging and repeats.
        let end = self.read("import.abandon", |tx| subject::ordinal_end_before(tx, import))?;
        self.keys.write("import.abandon", move |tx| key::destroy_subject_keys_from(tx, end))?;
        Ok(self.data.write("import.abandon", move |tx| import::abandon(tx, import, now))?)
    }

    /// Finishes the sweeps that a dead process had claimed. Whoever holds the folder need not wait
    /// until their leases run out, and a sweep may be repeated.
    pub(crate) fn take_over_sweeps(&self) -> Result<(), VaultError> {
        for job in self.read("job.unfinished", job::unfinished)? {
            if job.kind == SWEEP && job.state == job::JobState::Running {
                self.sweep_import(job)?;
            }
        }
        Ok(())
    }

    fn sweep_import(&self, job: job::Job) -> Result<(), VaultError> {
        let now = self.now();
        let number = serde_json::from_str::<serde_json::Value>(&job.payload)
            .ok()
            .and_then(|payload| u32::try_from(payload.get("import")?.as_u64()?).ok());
        Ok(self.data.write("import.sweep", move |tx| {
            match number.filter(|_| job.kind == SWEEP) {
                Some(number) => import::sweep(tx, ImportId::new(number))?,
                None => return job::failed(tx, &job, now).map(drop),
            }
            job::done(tx, &job)
        })?)
    }

    /// Runs the sweeps that imports have ordered.
    pub(crate) fn sweep_imports(&self) -> Result<(), VaultError> {
        const LEASE_US: u32 = 600_000_000;
        loop {
            let now = self.now();
            let Some(job) =
                self.data.write("job.claim", move |tx| job::claim(tx, SWEEP, now, LEASE_US))?
            else {
                return Ok(());
            };
            self.sweep_import(job)?;
        }
    }
}

impl Enrolment<'_> {
    /// Takes one row; gives the rows that turned out to be no good, this one or earlier ones.
    pub fn push(&mut self, row: Row) -> Result<Vec<Refused>, VaultError> {
        let line = row.line;
        match self.admit(row) {
            Ok(candidate) => self.waiting.push(candidate),
            Err(why) => {
                self.enrolled.refused += 1;
                return Ok(vec![Refused { line, why }]);
            }
        }
        if self.waiting.len() < CHUNK { Ok(Vec::new()) } else { self.flush() }
    }

    /// Counts a row that the reader of the file could not make sense of.
    pub const fn count_unreadable(&mut self) {
        self.enrolled.refused += 1;
    }

    /// Makes everything visible at once and writes the act into the access log.
    pub fn finish(
        mut self,
        actor: &Actor,
        purpose: &str,
    ) -> Result<(Enrolled, Vec<Refused>), VaultError> {
        let refused = self.flush()?;
        self.write_entries()?;
        if let Some(staging) = self.staging.take() {
            staging.finish()?;
        }
        let (import, enrolled, replaced) = (self.import, self.enrolled, self.replaced);
        let (now, good) = (self.vault.now(), enrolled.new + enrolled.updated + enrolled.unchanged);
        let entry = self.vault.entry(actor, "subject.import", import.to_string(), purpose, None);
        self.vault.data.write("import.flip", move |tx| {
            import::flip(tx, import, good, enrolled.refused, now)?;
            if replaced {
                let payload = serde_json::json!({ "import": import.number() });
                job::enqueue(tx, SWEEP, &payload, now)?;
            }
            audit::append(tx, &entry).map(drop)
        })?;
        self.finished = true;
        self.vault.sweep_imports()?;
        Ok((enrolled, refused))
    }

    /// Checks a row by itself and against the rows before it, and takes its digests.
    fn admit(&mut self, row: Row) -> Result<Candidate, Refusal> {
        let mut digests = Vec::with_capacity(row.values.len());
        let (mut values, mut resident) = (Vec::with_capacity(row.values.len()), None);
        for (kind, value) in row.values {
            let normal = kind.normalise(value.expose()).ok_or(Refusal::Shape { kind })?;
            if kind == Kind::RRN {
                if self.source.legal_basis.is_none() {
                    return Err(Refusal::NoLegalBasis);
                }
                let digest = self.resident_index.digest(kind, normal.expose());
                resident = Some((digest, value));
            } else {
                digests.push((kind, self.index.digest(kind, normal.expose())));
                values.push((kind, value));
            }
        }
        if values.is_empty() {
            return Err(Refusal::Empty);
        }
        let attributes = Attributes::new(values);
        if !fits(&attributes) {
            return Err(Refusal::TooLarge);
        }
        self.first_of_its_kind(row.line, &digests)?;
        Ok(Candidate { line: row.line, attributes, digests, resident, language: row.language })
    }

    /// Refuses a row that no value identifies, or that another row was about already.
    fn first_of_its_kind(&mut self, line: u64, digests: &[(Kind, Digest)]) -> Result<(), Refusal> {
        let identifying =
            |kind: Kind| digests.iter().find(|(held, _)| *held == kind).map(|(_, digest)| *digest);
        let kinds = &self.source.identify_by;
        if !kinds.iter().any(|kind| identifying(*kind).is_some()) {
            return Err(Refusal::Anonymous { kind: kinds[0] });
        }
        for (kind, seen) in kinds.iter().zip(&self.seen) {
            if let Some(line) = identifying(*kind).and_then(|digest| seen.get(&digest)) {
                return Err(Refusal::Repeated { kind: *kind, line: *line });
            }
        }
        for (kind, seen) in kinds.iter().zip(&mut self.seen) {
            if let Some(digest) = identifying(*kind) {
                seen.insert(digest, line);
            }
        }
        Ok(())
    }

    /// Seals what waits and hands it to the writing thread; gives the rows that turned out to be no
    /// good. Called before [`Enrolment::finish`], it tells all of them while the import can still
    /// be given up.
    pub fn flush(&mut self) -> Result<Vec<Refused>, VaultError> {
        let waiting = mem::replace(&mut self.waiting, Vec::with_capacity(CHUNK));
        let mut refused = Vec::new();
        let (known, new) = if self.known_before {
            self.recognise(waiting, &mut refused)?
        } else {
            (Vec::new(), waiting)
        };
        self.enrolled.refused += refused.len() as u64;
        let mut batch = staging::Batch::default();
        self.update(known, &mut batch)?;
        self.enlist(new, &mut batch)?;
        if let Some(staging) = &mut self.staging {
            staging.send(batch)?;
        }
        if self.entries.len() >= ENTRIES_HELD {
            self.write_entries()?;
        }
        Ok(refused)
    }

    /// Writes the digests and handles that were kept back, in key order.
    fn write_entries(&mut self) -> Result<(), VaultError> {
        let mut entries = mem::take(&mut self.entries);
        entries.sort_unstable();
        entries.dedup();
        let mut handles = mem::take(&mut self.handles);
        handles.sort_unstable();
        if let Some(staging) = &mut self.staging {
            staging.send_index(entries, handles)?;
        }
        Ok(())
    }

    fn draw_ordinal(&mut self) -> Result<Ordinal, VaultError> {
        if self.next_ordinal >= SUBJECTS_MAX {
            let limit = u64::from(SUBJECTS_MAX);
            return Err(VaultError::Limit { what: "the number of subjects", limit });
        }
        self.next_ordinal += 1;
        Ok(Ordinal::new(self.next_ordinal - 1))
    }
}

impl Drop for Enrolment<'_> {
    fn drop(&mut self) {
        if !self.finished {
            // The thread must be done before its rows are removed. A failure here is mended when the
            // vault is opened next, so there is nobody to tell.
            drop(self.staging.take().map(Staging::finish));
            let _ = self.vault.abandon_staging();
        }
    }
}

/// The digests of a record's attributes, for retiring and erasing them.
pub(crate) fn digests_of(index: &BlindIndex, attributes: &Attributes) -> Digests {
    let mut digests = Digests::default();
    for (kind, value) in attributes.iter() {
        if let Some(normal) = kind.normalise(value.expose()) {
            digests.push(kind, index.digest(kind, normal.expose()));
        }
    }
    digests
}
