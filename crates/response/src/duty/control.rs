//! What an outside developer is inspected for: the controls of `rules/controls.toml`.
//!
//! The table stands beside the duties because both quote the same articles and change with them;
//! inspections themselves are another room's work.

use crate::error::ResponseError;
use crate::row::{Row, document, rows};
use crate::words::{Bilingual, words};

words! {
    /// What part of a processor's work a control looks at.
    ControlGroup in "control_group" {
        ContractAndDisclosure = "contract_and_disclosure",
        MinimisationAndDelivery = "minimisation_and_delivery",
        People = "people",
        Access = "access",
        Encryption = "encryption",
        LogsAndDetection = "logs_and_detection",
        CopiesAndDeletion = "copies_and_deletion",
        PhysicalAndPrint = "physical_and_print",
        IncidentReadiness = "incident_readiness",
    }
}

words! {
    /// What shows that a control is met.
    ControlEvidence in "control_evidence" {
        Contract = "contract",
        Roster = "roster",
        ScanAttestation = "scan_attestation",
        LogHead = "log_head",
        Probe = "probe",
        Rehearsal = "rehearsal",
        Register = "register",
        Upload = "upload",
    }
}

words! {
    /// How heavily a control that is not met weighs.
    Severity in "severity" {
        Critical = "critical",
        High = "high",
        Medium = "medium",
    }
}

words! {
    /// How sure a control's basis is; `own` is our own practice and not law.
    ControlBasis in "control_basis" {
        Read = "read",
        Secondary = "secondary",
        Memory = "memory",
        Own = "own",
    }
}

/// A control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// Its id: `C01`.
    pub id: String,
    /// What it looks at.
    pub group: ControlGroup,
    /// The articles behind it.
    pub basis: String,
    /// The question that is asked.
    pub check: Bilingual,
    /// What shows that it is met.
    pub evidence: ControlEvidence,
    /// Whether a machine gives the evidence, wholly or in part.
    pub automatic: bool,
    /// Days after which its evidence is stale; our own number, not law.
    pub expires_days: u32,
    /// How heavily it weighs.
    pub severity: Severity,
    /// Where the basis was read.
    pub source: String,
    /// How sure that is.
    pub verified: ControlBasis,
}

const TABLE: &str = "controls.toml";

/// The controls, in the order of the table.
pub(super) fn parse(text: &str) -> Result<Vec<Control>, ResponseError> {
    let document = document(TABLE, text, &["control"])?;
    let mut controls: Vec<Control> = Vec::new();
    for row in rows(TABLE, &document, "control")? {
        let twice = row.wrong("id", "stands twice");
        let control = control(row)?;
        if controls.iter().any(|other| other.id == control.id) {
            return Err(twice);
        }
        controls.push(control);
    }
    Ok(controls)
}

fn control(mut row: Row<'_>) -> Result<Control, ResponseError> {
    let control = Control {
        id: row.filled("id")?.to_owned(),
        group: row.word("group")?,
        basis: row.filled("basis")?.to_owned(),
        check: row.bilingual("check_ko", "check_en")?,
        evidence: row.word("evidence_kind")?,
        automatic: row.truth("automatic")?,
        expires_days: row.number("expires_days")?,
        severity: row.word("severity")?,
        source: row.filled("source")?.to_owned(),
        verified: row.word("verified")?,
    };
    row.finish()?;
    Ok(control)
}
