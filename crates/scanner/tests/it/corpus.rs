//! Invented personal data and containers around it, from a seed, by code of its own.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use doldam_scanner::walk::{Source, WalkOptions, walk_bytes};
use doldam_scanner::{Locator, ScanOptions, SkipReason, scan_read};
use flate2::Compression;
use flate2::write::GzEncoder;
use zip::write::SimpleFileOptions;

/// A small seeded generator (splitmix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).unwrap()
    }

    pub(crate) fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length).map(|_| char::from(alphabet[self.roll(alphabet.len())])).collect()
    }

    pub(crate) fn base64(&mut self, length: usize) -> String {
        self.text(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", length)
    }

    pub(crate) fn digits(&mut self, length: usize) -> String {
        self.text(b"0123456789", length)
    }

    pub(crate) fn ci(&mut self) -> String {
        let last = self.text(b"AQgw", 1);
        format!("{}{last}==", self.base64(85))
    }

    pub(crate) fn phone(&mut self) -> String {
        format!("010-{}-{}", self.digits(4), self.digits(4))
    }

    pub(crate) fn email(&mut self) -> String {
        format!("{}@{}.co.kr", self.text(b"abcdefgh", 8), self.text(b"klmnop", 6))
    }

    /// A resident number of somebody born before 2000, with a right check digit.
    pub(crate) fn rrn(&mut self) -> String {
        let day = format!("{:02}{:02}{:02}", self.roll(100), 1 + self.roll(12), 1 + self.roll(28));
        let body = format!("{day}{}{}", 1 + self.roll(2), self.digits(5));
        let sum: u32 = body
            .bytes()
            .zip([2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5])
            .map(|(digit, weight)| u32::from(digit - b'0') * weight)
            .sum();
        format!("{day}-{}{}", &body[6..], (11 - sum % 11) % 10)
    }

    /// A card number of sixteen digits with a right check digit.
    pub(crate) fn card(&mut self) -> String {
        let body = format!("4{}", self.digits(14));
        let sum: u32 = body
            .bytes()
            .enumerate()
            .map(|(place, digit)| {
                let digit = u32::from(digit - b'0') * if place % 2 == 0 { 2 } else { 1 };
                digit / 10 + digit % 10
            })
            .sum();
        let digits = format!("{body}{}", (10 - sum % 10) % 10);
        [&digits[..4], &digits[4..8], &digits[8..12], &digits[12..]].join("-")
    }
}

/// A table of customers with so many rows.
pub(crate) fn customers(seed: u64, rows: usize) -> String {
    let mut dice = Dice(seed);
    let mut out = String::from("nickname,ci,phone\n");
    for row in 0..rows {
        out.push_str(&format!("고래{row},{},{}\n", dice.ci(), dice.phone()));
    }
    out
}

pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

/// What a walk met: how much of each kind by locator, and what was skipped.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Met {
    pub(crate) found: BTreeMap<String, BTreeMap<&'static str, usize>>,
    pub(crate) skipped: Vec<(String, SkipReason)>,
}

impl Met {
    /// Scans what the walk hands out.
    pub(crate) fn visit(&mut self, source: Source<'_>) {
        match source {
            Source::Data { locator, read } => {
                let counts = &mut self.found;
                let scanned = scan_read(read, &ScanOptions::default(), &mut |hit| {
                    let file = counts.entry(locator.to_string()).or_default();
                    *file.entry(hit.kind.id()).or_default() += 1;
                });
                // Failing sources are handed out as skipped as well; that is what tests look at.
                drop(scanned);
            }
            Source::Skipped(skipped) => {
                self.skipped.push((skipped.locator.to_string(), skipped.reason));
            }
        }
    }

    pub(crate) fn in_bytes(name: &str, bytes: &[u8]) -> Self {
        let mut met = Self::default();
        walk_bytes(name, bytes, &WalkOptions::default(), &mut |source| met.visit(source));
        met
    }

    /// How many findings of a kind there are in all.
    pub(crate) fn total(&self, kind: &str) -> usize {
        self.found.values().filter_map(|kinds| kinds.get(kind)).sum()
    }
}

/// Reads what a locator names, as text.
pub(crate) fn reopened(locator: &str) -> String {
    let mut text = String::new();
    let mut read = Locator::resolve(locator).open().unwrap();
    read.read_to_string(&mut text).unwrap();
    text
}
