//! Signed manifests: what was given, so that it can be shown later that it was.
//!
//! The manifest names the file by its SHA-256 and says nothing of who is in it, nor how many of its
//! rows are canaries. It is one JSON text; the Ed25519 signature (RFC 8032) covers exactly its
//! bytes.

use data_encoding::HEXLOWER as HEX;
use doldam_ground::Instant;
use doldam_ground::ids::DisclosureId;
use doldam_store::processor::Processor;
use serde::Serialize;

use super::{Field, FieldText};
use crate::vault::Vault;

/// What goes into a manifest.
pub(super) struct Parts<'a> {
    pub(super) id: DisclosureId,
    pub(super) processor: &'a Processor,
    pub(super) purpose: &'a str,
    pub(super) fields: &'a [Field],
    pub(super) rows: usize,
    pub(super) given_at: Instant,
    pub(super) return_by: Option<Instant>,
    pub(super) origin: &'static str,
    pub(super) sha256: [u8; 32],
    pub(super) bytes: usize,
}

#[derive(Serialize)]
struct Body<'a> {
    schema: u32,
    installation: &'a str,
    disclosure: String,
    origin: &'static str,
    processor: String,
    processor_name: &'a str,
    purpose: &'a str,
    fields: Vec<FieldText>,
    rows: usize,
    given_at: String,
    return_by: Option<String>,
    file_sha256: String,
    file_bytes: usize,
    public_key: String,
}

/// A manifest and its signature.
#[derive(Clone)]
pub struct Manifest {
    text: String,
    signature: [u8; 64],
}

impl Manifest {
    /// The JSON text that is signed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The Ed25519 signature over the bytes of the text.
    pub const fn signature(&self) -> &[u8; 64] {
        &self.signature
    }

    /// The file that goes with the data: manifest as a string, so that its bytes stay exactly those
    /// that were signed, and signature in hexadecimal.
    pub fn to_json(&self) -> String {
        let signature = HEX.encode(&self.signature);
        let file = serde_json::json!({
            "schema": 1, "manifest": self.text, "signature": signature,
        });
        format!("{file:#}\n")
    }
}

impl Vault {
    pub(super) fn manifest(&self, parts: &Parts<'_>) -> Manifest {
        let body = Body {
            schema: 1,
            installation: self.installation(),
            disclosure: parts.id.to_string(),
            origin: parts.origin,
            processor: parts.processor.id.to_string(),
            processor_name: &parts.processor.name,
            purpose: parts.purpose,
            fields: parts.fields.iter().map(Field::to_text).collect(),
            rows: parts.rows,
            given_at: parts.given_at.to_rfc3339(),
            return_by: parts.return_by.map(Instant::to_rfc3339),
            file_sha256: HEX.encode(&parts.sha256),
            file_bytes: parts.bytes,
            public_key: HEX.encode(&self.verifying_key()),
        };
        let text = serde_json::to_string(&body).expect("a manifest serialises");
        let signature = self.sign(text.as_bytes());
        Manifest { text, signature }
    }
}
