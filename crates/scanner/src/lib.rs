//! Finds personal data in anything: bytes in, findings out.
//!
//! The scanner is useful alone, at a developer's site: it needs no store, no keys and no network.
//! It walks files, archives in archives and the whole history of repositories ([`walk()`]), scans
//! what it meets in bounded memory ([`scan_read`]), and reports without ever showing a value
//! ([`report`]). [`locator::Locator`] says where something is, through all containers, and opens it
//! again; [`read::table`] reads it as a table.

mod context;
mod detect;
pub mod finding;
pub mod locator;
pub mod read;
pub mod report;
mod scan;
pub mod walk;

pub use finding::{Confidence, Finding, Hit, Place};
pub use locator::Locator;
pub use read::ReadError;
pub use read::archive::SkipReason;
pub use scan::{ScanOptions, Scanned, scan, scan_each, scan_read};
pub use walk::{Skipped, Source, WalkOptions, walk, walk_bytes};
