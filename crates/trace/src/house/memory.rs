//! A house without an installation: a customer list, read once, kept as keyed digests.
//!
//! `doldam trace leaked.csv --against customers.csv` is the first thing a newcomer tries and often
//! the only thing an outsider may run. It knows no processors and no disclosures, so it can only
//! say whose data a file holds, never whose copy it is. Values are not kept: each is replaced by 16
//! bytes of SHA-256 under a key that is drawn for this run.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use doldam_ground::entropy::{self, Entropy};
use doldam_ground::ids::{DisclosureId, Ordinal};
use doldam_ground::{Kind, limits};
use roaring::RoaringBitmap;
use sha2::{Digest as _, Sha256};

use super::{Answer, DisclosureFacts, House, Marker, ProcessorFacts, Unmasked};
use crate::TraceError;
use crate::match_ladder::rank;
use crate::rows::{Fault, Next, Rows};

/// Takes the low half of a keyed digest, which is as good as any hash of it.
#[derive(Default)]
struct DigestHasher(u64);

impl Hasher for DigestHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u128(&mut self, digest: u128) {
        self.0 = u64::try_from(digest & u128::from(u64::MAX)).expect("64 bits were cut out");
    }
}

type ByDigest<T> = HashMap<u128, T, BuildHasherDefault<DigestHasher>>;

/// A customer list as a [`House`]: no processors, no disclosures, only "ours".
///
/// No `Debug`: there is nothing in it that may be shown.
pub struct InMemoryHouse {
    key: [u8; 32],
    columns: Vec<Option<Kind>>,
    /// Places of the columns whose kind names a person, strongest first.
    identifying: Vec<usize>,
    holders: ByDigest<u32>,
    shared: ByDigest<RoaringBitmap>,
    subjects: u32,
    skipped: u64,
}

impl InMemoryHouse {
    /// An empty list whose rows will have these columns; `None` for a column of no known kind.
    pub fn new(columns: Vec<Option<Kind>>, entropy: &mut dyn Entropy) -> Self {
        let mut house = Self {
            key: entropy::bytes(entropy),
            columns: Vec::new(),
            identifying: Vec::new(),
            holders: HashMap::default(),
            shared: HashMap::default(),
            subjects: 0,
            skipped: 0,
        };
        house.add_columns(columns);
        house
    }

    /// Reads a whole customer list; its header names the kinds.
    ///
    /// Gives the house and the rows that could not be read. A list without a header, or whose
    /// header names nothing by which a person is recognised, is refused: what its columns hold
    /// must not be guessed, because everything is measured against it.
    pub fn read(
        table: &mut dyn Rows,
        entropy: &mut dyn Entropy,
    ) -> Result<(Self, Vec<Fault>), TraceError> {
        let mut house = Self::new(Vec::new(), entropy);
        let mut faults = Vec::new();
        loop {
            let next = table.advance()?;
            let names = table.columns().get(house.columns.len()..).unwrap_or_default();
            let named = table.has_header();
            let kind = |name: &String| named.then(|| Kind::from_header(name)).flatten();
            house.add_columns(names.iter().map(kind).collect());
            match next {
                Next::End => break,
                Next::Fault(fault) => faults.push(fault),
                Next::Row => house.add_row(|place| Some(table.field(place)))?,
            }
        }
        if house.identifying.is_empty() {
            return Err(TraceError::NoCustomerColumns);
        }
        Ok((house, faults))
    }

    fn add_columns(&mut self, columns: Vec<Option<Kind>>) {
        if columns.is_empty() {
            return;
        }
        self.columns.extend(columns);
        let mut ranked: Vec<(u8, usize)> = self
            .columns
            .iter()
            .enumerate()
            .filter_map(|(place, kind)| kind.and_then(rank).map(|rank| (rank, place)))
            .collect();
        ranked.sort_unstable();
        self.identifying = ranked.into_iter().map(|(_, place)| place).collect();
    }

    /// Adds one customer; `field` gives the raw text of a column.
    ///
    /// Two rows that agree in the strongest identifying value that they hold are one subject. A row
    /// without any such value names nobody and is only counted.
    pub fn add_row<'row>(
        &mut self,
        field: impl Fn(usize) -> Option<&'row str>,
    ) -> Result<(), TraceError> {
        let digests: Vec<Option<u128>> = (0..self.columns.len())
            .map(|place| {
                let kind = self.columns[place]?;
                let value = kind.normalise(field(place)?)?;
                Some(self.digest(kind, value.expose()))
            })
            .collect();
        let strongest = self.identifying.iter().find_map(|place| digests[*place]);
        let Some(strongest) = strongest else {
            self.skipped += 1;
            return Ok(());
        };
        let subject = match self.holders.get(&strongest) {
            Some(holder) => *holder,
            None => self.enrol()?,
        };
        for digest in digests.into_iter().flatten() {
            self.hold(digest, subject);
        }
        Ok(())
    }

    /// How many rows held no value that names a person.
    pub const fn skipped_rows(&self) -> u64 {
        self.skipped
    }

    fn enrol(&mut self) -> Result<u32, TraceError> {
        let most = limits::SUBJECTS_MAX;
        if self.subjects >= most {
            return Err(TraceError::TooManySubjects { most });
        }
        self.subjects += 1;
        Ok(self.subjects - 1)
    }

    fn hold(&mut self, digest: u128, subject: u32) {
        let first = *self.holders.entry(digest).or_insert(subject);
        if first != subject {
            let sharers = self.shared.entry(digest).or_default();
            sharers.insert(first);
            sharers.insert(subject);
        }
    }

    /// The value under this run's key. The key's length is fixed and the kind is one byte, so no
    /// two (kind, value) pairs give one input.
    fn digest(&self, kind: Kind, value: &str) -> u128 {
        let hash = Sha256::new()
            .chain_update(self.key)
            .chain_update([kind.number()])
            .chain_update(value)
            .finalize();
        let (head, _) = hash.split_first_chunk().expect("SHA-256 gives 32 bytes");
        u128::from_le_bytes(*head)
    }
}

impl House for InMemoryHouse {
    fn kinds(&self) -> Result<Vec<Kind>, TraceError> {
        let mut kinds: Vec<Kind> = self.columns.iter().flatten().copied().collect();
        kinds.sort_unstable();
        kinds.dedup();
        Ok(kinds)
    }

    fn whose(&self, kind: Kind, values: &[&str]) -> Result<Vec<Answer>, TraceError> {
        let answer = |value: &&str| {
            let digest = self.digest(kind, value);
            if let Some(sharers) = self.shared.get(&digest) {
                return Answer::Many(u32::try_from(sharers.len()).unwrap_or(u32::MAX));
            }
            self.holders
                .get(&digest)
                .map_or(Answer::Nobody, |holder| Answer::One(Ordinal::new(*holder)))
        };
        Ok(values.iter().map(answer).collect())
    }

    fn unmask(
        &self,
        _shape: Option<Kind>,
        texts: &[&str],
    ) -> Result<Vec<Vec<Unmasked>>, TraceError> {
        Ok(vec![Vec::new(); texts.len()])
    }

    fn markers(&self, _kind: Kind, values: &[&str]) -> Result<Vec<Vec<Marker>>, TraceError> {
        Ok(vec![Vec::new(); values.len()])
    }

    fn disclosures(&self) -> Result<Vec<DisclosureFacts>, TraceError> {
        Ok(Vec::new())
    }

    fn row_order(&self, _disclosure: DisclosureId) -> Result<Vec<Ordinal>, TraceError> {
        Ok(Vec::new())
    }

    fn processors(&self) -> Result<Vec<ProcessorFacts>, TraceError> {
        Ok(Vec::new())
    }

    fn subject_total(&self) -> Result<u64, TraceError> {
        Ok(u64::from(self.subjects))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::MemoryRows;

    struct Fixed(u8);

    impl Entropy for Fixed {
        fn fill(&mut self, out: &mut [u8]) {
            out.fill(self.0);
        }
    }

    fn list(columns: &[Kind], rows: &[&[&str]]) -> InMemoryHouse {
        let columns = columns.iter().copied().map(Some).collect();
        let mut house = InMemoryHouse::new(columns, &mut Fixed(7));
        for row in rows {
            house.add_row(|place| row.get(place).copied()).unwrap();
        }
        house
    }

    #[test]
    fn one_customer_id_is_one_subject_however_often_it_stands() {
        let house = list(
            &[Kind::PHONE, Kind::CUSTOMER_ID],
            &[
                &["010-1111-2222", "C1"],
                &["010-3333-4444", "c-1"],
                &["010-1111-2222", "C2"],
                &["", ""],
            ],
        );
        assert_eq!(house.subject_total().unwrap(), 2);
        assert_eq!(house.skipped_rows(), 1);
        let first = Answer::One(Ordinal::new(0));
        assert_eq!(house.whose(Kind::CUSTOMER_ID, &["C1", "C3"]).unwrap(), [first, Answer::Nobody]);
        assert_eq!(
            house.whose(Kind::PHONE, &["01011112222", "01033334444"]).unwrap(),
            [Answer::Many(2), first]
        );
        assert_eq!(house.whose(Kind::ACCOUNT, &["01033334444"]).unwrap(), [Answer::Nobody]);
    }

    #[test]
    fn a_list_that_names_nobody_is_refused() {
        let columns = ["name".to_owned(), "ci".to_owned()];
        let rows = [vec!["a".to_owned(), String::new()]];
        let read = |mut table: MemoryRows<'_>| InMemoryHouse::read(&mut table, &mut Fixed(1));
        let table = MemoryRows::new(&columns, &rows);
        assert_eq!(read(table.clone()).unwrap().0.skipped_rows(), 1);
        let headerless = read(table.without_header());
        assert!(matches!(headerless, Err(TraceError::NoCustomerColumns)));
        let names_only = read(MemoryRows::new(&columns[..1], &rows));
        assert!(matches!(names_only, Err(TraceError::NoCustomerColumns)));
    }
}
