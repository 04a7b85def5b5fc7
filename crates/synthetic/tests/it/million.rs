//! Uniqueness is a promise about everybody, so it is tested on a million people.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use doldam_synthetic::bank::Table;
use doldam_synthetic::{Column, Encoding, People, Seed};

const PEOPLE: u32 = 1_000_000;

/// The normalised values' 64-bit hashes: two equal values would be found, and among a million the
/// chance that two different ones meet is one in 37 million.
fn distinct(people: &People, column: Column, indices: impl Iterator<Item = u32>) -> usize {
    let mut seen = HashSet::new();
    let mut value = String::new();
    for index in indices {
        value.clear();
        people.push_value(index, column, &mut value);
        let mut hasher = DefaultHasher::new();
        if column == Column::Nickname {
            value.to_lowercase().hash(&mut hasher);
        } else {
            value.replace('-', "").hash(&mut hasher);
        }
        seen.insert(hasher.finish());
    }
    seen.len()
}

#[test]
fn a_million_people_share_no_unique_value() {
    let people = People::new(&Seed::new(2026));
    for column in [
        Column::Ci,
        Column::Di,
        Column::Nickname,
        Column::Phone,
        Column::Email,
        Column::CustomerId,
        Column::Account,
        Column::Card,
        Column::Rrn,
    ] {
        assert_eq!(distinct(&people, column, 0..PEOPLE), PEOPLE as usize, "{column:?}");
    }
}

#[test]
fn the_last_people_are_still_unique() {
    let people = People::new(&Seed::new(2026));
    let last = doldam_synthetic::people::PEOPLE_MAX;
    for column in [Column::Nickname, Column::Phone, Column::Email, Column::CustomerId] {
        let ends = (0..50_000).chain(last - 50_000..last);
        assert_eq!(distinct(&people, column, ends), 100_000, "{column:?}");
    }
}

#[test]
fn strangers_share_nothing_with_the_banks_customers() {
    let seed = Seed::new(2026);
    let (people, strangers) = (People::new(&seed), People::strangers(&seed));
    for column in [Column::Ci, Column::Nickname, Column::Phone, Column::Email] {
        let mut values = HashSet::new();
        for index in 0..100_000 {
            values.insert(people.person(index).expose(column).to_lowercase());
        }
        for index in 0..20_000 {
            let value = strangers.person(index).expose(column).to_lowercase();
            assert!(!values.contains(&value), "{column:?}");
        }
    }
}

/// Hundreds of thousands of people a second, with all columns, as a table and one by one; the figure
/// is printed. What is asserted is a tenth of it, so that a busy machine does not fail the build:
/// the best of five short runs is taken, because other work makes a run slower, never faster.
#[test]
fn a_bank_is_written_fast_enough_for_a_million() {
    const ROWS: u32 = 50_000;
    let people = People::new(&Seed::new(1));
    let table = Table { people: &people, columns: Column::ALL, encoding: Encoding::Utf8 };
    let rows_per_s = best_per_s(ROWS, || {
        table.write_csv(&mut std::io::sink(), 0..ROWS).unwrap();
    });
    let people_per_s = best_per_s(ROWS, || {
        for index in 0..ROWS {
            std::hint::black_box(people.person(index));
        }
    });
    say(&format!("rows/s {rows_per_s:.0}, people/s {people_per_s:.0}, all columns, one thread"));
    assert!(rows_per_s > 50_000.0, "{rows_per_s}");
    assert!(people_per_s > 50_000.0, "{people_per_s}");
}

#[expect(clippy::disallowed_methods, reason = "a speed is measured with the real clock")]
fn best_per_s(rows: u32, work: impl Fn()) -> f64 {
    let run = |_| {
        let start = std::time::Instant::now();
        work();
        f64::from(rows) / start.elapsed().as_secs_f64()
    };
    (0..5).map(run).fold(0.0, f64::max)
}

/// Says a figure on standard error: shown by `cargo test -- --nocapture`.
#[expect(clippy::print_stderr, reason = "the figure is what the test is run for")]
fn say(line: &str) {
    eprintln!("{line}");
}
