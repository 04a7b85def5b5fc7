//! What lies outside: the repository of a fake developer, with leaked files in it.

use std::path::{Path, PathBuf};

use doldam_ground::ids::DisclosureId;
use doldam_scanner::read::table::{Row, TableOptions, TableReader};
use doldam_synthetic::People;
use doldam_synthetic::bank::Scenario;
use doldam_synthetic::corpus::{self, Hidden};
use doldam_synthetic::leak::{self, Delivered, Recipe};

use super::{Demo, Given};

/// The delivery of which a part lies in the repository's history: the second of three monthly
/// lists that are nearly the same.
const IN_HISTORY: usize = 9;
/// Fewest rows of that part, where the list has as many.
const PART_ROWS_MIN: usize = 500;

/// Where the leaked files are.
pub(super) struct Planted {
    /// The developer's repository.
    pub(super) folder: PathBuf,
    /// The disclosures that leaked.
    pub(super) leaked_from: Vec<DisclosureId>,
}

impl Demo<'_> {
    /// Makes the repository: the file of the story in an archive in a folder, and a shuffled part
    /// of a pseudonymised list in an archive in the history.
    pub(super) fn plant(&self, outside: &Path, given: &[Given]) -> anyhow::Result<Planted> {
        self.context.output.note("hiding leaked files in a developer's repository");
        let whole = &given[Scenario::NFT_PRE_REGISTRATION];
        let part = &given[IN_HISTORY];
        let leaked = self.shuffled_part(&part.csv)?;
        let folder = outside.join("developer");
        corpus::write(
            &self.seed.child("corpus"),
            &folder,
            &[Hidden { name: "2025-09/members.csv", bytes: &whole.csv }],
            &[Hidden { name: "users.csv", bytes: &leaked }],
        )?;
        Ok(Planted { folder, leaked_from: vec![whole.id, part.id] })
    }

    fn shuffled_part(&self, csv: &[u8]) -> anyhow::Result<Vec<u8>> {
        let delivered = read_table(csv)?;
        let rows = delivered.row_count();
        let taken = (rows / 20).max(PART_ROWS_MIN).min(rows);
        let mut recipe = Recipe::random_rows(0, taken);
        recipe.shuffled = true;
        let strangers = People::strangers(&self.seed);
        Ok(leak::make(&self.seed.child("leak"), &strangers, &[delivered], &recipe)?.bytes)
    }
}

/// The table that was handed over.
pub(crate) fn read_table(csv: &[u8]) -> anyhow::Result<Delivered> {
    let mut table = TableReader::open(csv, TableOptions::default())?;
    let (mut row, mut rows) = (Row::default(), Vec::new());
    while table.next_row(&mut row)? {
        rows.push(row.fields().map(str::to_owned).collect());
    }
    Ok(Delivered::new(table.columns().to_vec(), rows)?)
}
