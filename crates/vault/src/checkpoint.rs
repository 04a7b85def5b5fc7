//! Checkpoints: signed heads of the access log, kept outside the data folder.
//!
//! The hash chain shows any change inside of it. Whoever can write the whole folder could still
//! rewrite the chain from some row on, cut it, or put an old copy back; a checkpoint that was taken
//! elsewhere before shows that too. Each line of the anchor file is one JSON object; the file may
//! be mailed, printed or time-stamped.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use data_encoding::HEXLOWER as HEX;
use doldam_ground::limits::LINE_BYTES_MAX;
use doldam_store::audit::{self, Break, Head, Verdict};
use serde::{Deserialize, Serialize};

use crate::error::VaultError;
use crate::keyring::signature_holds;
use crate::vault::{Vault, file_error};

/// One line of the anchor file.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    installation: String,
    seq: u64,
    hash: String,
    at: String,
    signature: String,
}

impl Line {
    /// What the signature covers.
    fn message(&self) -> String {
        format!(
            "doldam checkpoint 1\n{}\n{}\n{}\n{}\n",
            self.installation, self.seq, self.hash, self.at
        )
    }
}

/// What a check of the log against its checkpoints found.
#[derive(Debug, PartialEq, Eq)]
pub struct AuditReport {
    /// Rows of the log.
    pub rows: u64,
    /// Checkpoints of this installation in the anchor file.
    pub checkpoints: usize,
    /// What is wrong, in the order in which it was met; empty when all is well.
    pub faults: Vec<AuditFault>,
}

/// One thing that is wrong with the log or its checkpoints.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuditFault {
    /// The chain itself is broken.
    #[error("row {row} was changed, removed or added: {why}")]
    Chain {
        /// The first row that does not fit.
        row: u64,
        /// In what way.
        why: &'static str,
    },
    /// A checkpoint names a row with another hash: the log was rewritten.
    #[error("row {row} is not the one that was checkpointed on {at}: the log was rewritten")]
    Rewritten {
        /// The row.
        row: u64,
        /// When the checkpoint was taken.
        at: String,
    },
    /// A checkpoint names a row that is not there: the log was cut or rolled back.
    #[error(
        "row {row} was checkpointed on {at} and is gone: the log was cut or an old copy put back"
    )]
    RolledBack {
        /// The row.
        row: u64,
        /// When the checkpoint was taken.
        at: String,
    },
    /// A line of the anchor file is not a checkpoint, or its signature does not hold.
    #[error("line {line} of the anchor file is not a checkpoint signed by this installation")]
    Forged {
        /// The line, from 1.
        line: usize,
    },
}

impl Vault {
    /// Appends a signed checkpoint of the log's head to the anchor file, and the tombstones of
    /// erasures that it lacks.
    pub fn checkpoint(&self) -> Result<Head, VaultError> {
        self.write_tombstones()?;
        let head = self.read("audit.head", audit::head)?;
        let mut line = Line {
            installation: self.installation().to_owned(),
            seq: head.seq,
            hash: HEX.encode(&head.hash),
            at: self.now().to_rfc3339(),
            signature: String::new(),
        };
        line.signature = HEX.encode(&self.sign(line.message().as_bytes()));
        let mut text = serde_json::to_string(&line).expect("a checkpoint serialises");
        text.push('\n');
        append(self.anchor(), text.as_bytes())
            .map_err(|error| file_error("append to", self.anchor(), &error))?;
        Ok(head)
    }

    /// Checks the whole log, and that it holds every row that `anchor` has a checkpoint of.
    pub fn audit_verify(&self, anchor: Option<&Path>) -> Result<AuditReport, VaultError> {
        let verdict = self.read("audit.verify", |tx| audit::verify(tx, None))?;
        let mut faults = Vec::new();
        let rows = match verdict {
            Verdict::Intact { head, .. } => head.seq,
            Verdict::Broken { seq, why } => {
                faults.push(AuditFault::Chain { row: seq, why: explain(why) });
                self.read("audit.head", audit::head)?.seq
            }
        };
        let mut checkpoints = 0;
        if let Some(path) = anchor {
            checkpoints = self.check_anchor(path, &mut faults)?;
        }
        Ok(AuditReport { rows, checkpoints, faults })
    }

    fn check_anchor(&self, path: &Path, faults: &mut Vec<AuditFault>) -> Result<usize, VaultError> {
        let mut checkpoints = 0;
        for_each_line(path, &mut |number, text| {
            if self.is_tombstone(text) {
                return Ok(());
            }
            let Some(line) = self.read_line(text) else {
                faults.push(AuditFault::Forged { line: number });
                return Ok(());
            };
            if line.installation == self.installation() {
                checkpoints += 1;
                faults.extend(self.compare(&line)?);
            }
            Ok(())
        })?;
        Ok(checkpoints)
    }

    /// A checkpoint whose signature holds, of whatever installation it says it is.
    fn read_line(&self, text: &[u8]) -> Option<Line> {
        let line: Line = serde_json::from_slice(text).ok()?;
        let signature = HEX.decode(line.signature.as_bytes()).ok()?;
        let ours = line.installation == self.installation();
        let holds = signature_holds(&self.verifying_key(), line.message().as_bytes(), &signature);
        (!ours || holds).then_some(line)
    }

    fn compare(&self, line: &Line) -> Result<Option<AuditFault>, VaultError> {
        if line.seq == 0 {
            return Ok(None);
        }
        let (row, at) = (line.seq, line.at.clone());
        let held = self.read("audit.hash", |tx| audit::hash_at(tx, row))?;
        Ok(match held {
            None => Some(AuditFault::RolledBack { row, at }),
            Some(hash) if HEX.encode(&hash) != line.hash => Some(AuditFault::Rewritten { row, at }),
            Some(_) => None,
        })
    }
}

const fn explain(why: Break) -> &'static str {
    match why {
        Break::Checkpoint => "it is not the row that was checkpointed",
        Break::Gap => "a row is missing before it",
        Break::Link => "it does not follow from the row before",
        Break::Content => "its contents do not have its hash",
        Break::End => "the log does not end where its head says",
    }
}

/// Reads a file line by line, counted from 1; no line is longer than the limit.
pub(crate) fn for_each_line(
    path: &Path,
    visit: &mut dyn FnMut(usize, &[u8]) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    let failed = |error| file_error("read", path, &error);
    let mut reader = BufReader::new(std::fs::File::open(path).map_err(failed)?);
    let (mut number, mut text) = (0, Vec::new());
    loop {
        text.clear();
        let mut limited = std::io::Read::take(&mut reader, LINE_BYTES_MAX as u64);
        if limited.read_until(b'\n', &mut text).map_err(failed)? == 0 {
            return Ok(());
        }
        number += 1;
        visit(number, &text)?;
    }
}

pub(crate) fn append(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
