//! The truth that comes with a leak is the truth.

use std::collections::HashSet;
use std::sync::OnceLock;

use doldam_synthetic::bank::{Scenario, Table};
use doldam_synthetic::leak::{
    Columns, Delivered, Format, Headers, Layout, Leak, Recipe, Source, Spelling, Truth, make,
};
use doldam_synthetic::{Encoding, People, Seed, SyntheticError};

const SUBJECTS: u32 = 20_000;

fn seed() -> Seed {
    Seed::new(42)
}

/// The deliveries of the demo bank, as they are, with whose each row is.
fn deliveries() -> &'static [Delivered] {
    static DELIVERIES: OnceLock<Vec<Delivered>> = OnceLock::new();
    DELIVERIES.get_or_init(deliver_all)
}

fn deliver_all() -> Vec<Delivered> {
    let people = People::new(&seed());
    let deliver = |delivery: doldam_synthetic::bank::Delivery| {
        let table = Table { people: &people, columns: &delivery.columns, encoding: Encoding::Utf8 };
        let subjects = delivery.subjects.iter().map(|index| u64::from(*index)).collect();
        Delivered::new(table.header(), table.rows(delivery.subjects))
            .unwrap()
            .with_subjects(subjects)
            .unwrap()
    };
    let scenario = Scenario::demo(&seed(), SUBJECTS);
    scenario.deliveries.into_iter().map(deliver).collect()
}

fn leak(recipe: &Recipe) -> Leak {
    make(&seed().child("leak"), &People::strangers(&seed()), deliveries(), recipe).unwrap()
}

fn lines(leak: &Leak) -> Vec<String> {
    let text = String::from_utf8(leak.bytes.clone()).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn the_whole_file_is_what_was_delivered() {
    let whole = leak(&Recipe::whole(0));
    let expected = Truth {
        rows: 17_551,
        sources: vec![Source { table: 0, rows: 17_551, subjects: 17_551 }],
        subjects: 17_551,
        unknown_rows: 0,
        canary_rows: 0,
    };
    assert_eq!(whole.truth, expected);
    let people = People::new(&seed());
    let first = Scenario::demo(&seed(), SUBJECTS).deliveries.swap_remove(0).subjects[0];
    let person = people.person(first);
    let lines = lines(&whole);
    assert_eq!(lines[0], "nickname,ci");
    assert_eq!(lines[1], format!("{},{}", person.nickname.expose(), person.ci.expose()));
    assert_eq!(lines.len(), 17_552);
}

#[test]
fn a_run_is_a_piece_of_the_file_and_random_rows_keep_its_order() {
    let whole = lines(&leak(&Recipe::whole(0)));
    let run = lines(&leak(&Recipe::run(0, 700)));
    let start = whole.iter().position(|line| *line == run[1]).unwrap();
    assert_eq!(whole[start..start + 700], run[1..]);
    let random = lines(&leak(&Recipe::random_rows(0, 700)));
    let place = |line: &String| whole.iter().position(|other| other == line).unwrap();
    assert!(random.is_sorted_by_key(place));
    assert_eq!(random.len(), 701);
}

#[test]
fn subjects_of_mixed_tables_are_counted_once() {
    // Table 5 is a subset of table 0 by construction: whole and whole share all of table 5.
    let tables = deliveries();
    let part = tables[5].row_count();
    let mixed = leak(&Recipe::mixed(&[(0, 17_551), (5, part)]));
    assert_eq!(mixed.truth.rows, 17_551 + part);
    assert_eq!(mixed.truth.subjects, 17_551);
    assert_eq!(mixed.truth.sources[0].table, 0);
    assert_eq!(mixed.truth.sources[1].subjects, part);
    let distinct: HashSet<_> = lines(&mixed).into_iter().skip(1).collect();
    assert_eq!(distinct.len(), 17_551);
}

#[test]
fn repeats_and_strangers_are_told_apart() {
    let recipe = Recipe { strangers: 40, repeats: 25, shuffled: true, ..Recipe::run(0, 500) };
    let made = leak(&recipe);
    let truth = &made.truth;
    assert_eq!((truth.rows, truth.subjects, truth.unknown_rows), (565, 500, 40));
    let distinct: HashSet<_> = lines(&made).into_iter().skip(1).collect();
    assert_eq!(distinct.len(), 540);
    let foreign = leak(&Recipe::foreign(0, 300)).truth;
    assert_eq!((foreign.rows, foreign.unknown_rows, foreign.subjects), (300, 300, 0));
    assert_eq!(foreign.sources, []);
}

#[test]
fn canaries_are_rows_of_the_table_and_nobody() {
    let row = |text: &str| vec![text.to_owned()];
    let table = Delivered::new(row("nickname"), vec![row("a"), row("b"), row("c")])
        .unwrap()
        .with_subjects(vec![7, Delivered::CANARY, 7])
        .unwrap();
    let strangers = People::strangers(&seed());
    let made = make(&seed(), &strangers, &[table], &Recipe::whole(0)).unwrap();
    let truth = made.truth;
    assert_eq!((truth.rows, truth.subjects, truth.canary_rows), (3, 1, 1));
    assert_eq!(truth.sources[0].rows, 3);
}

#[test]
fn a_shuffle_keeps_the_rows_and_loses_their_order() {
    let straight = lines(&leak(&Recipe::whole(3)));
    let recipe = Recipe { shuffled: true, ..Recipe::whole(3) };
    let mut shuffled = lines(&leak(&recipe));
    assert_ne!(straight, shuffled);
    let mut sorted = straight;
    sorted.sort_unstable();
    shuffled.sort_unstable();
    assert_eq!(sorted, shuffled);
}

#[test]
fn columns_are_dropped_moved_and_renamed() {
    let with = |columns: Columns| {
        let recipe = Recipe { columns, ..Recipe::run(1, 10) };
        lines(&leak(&recipe))
    };
    let dropped = with(Columns { dropped: vec!["ci".to_owned()], ..Columns::default() });
    assert_eq!(dropped[0], "nickname,phone");
    let meaningless =
        with(Columns { reordered: true, headers: Headers::Meaningless, ..Columns::default() });
    assert_eq!(meaningless[0], "col1,col2,col3");
    let absent = with(Columns { headers: Headers::Absent, ..Columns::default() });
    assert_eq!(absent.len(), 10);
    let renamed = with(Columns { headers: Headers::Renamed, ..Columns::default() });
    let kinds: Vec<_> = renamed[0]
        .split(',')
        .map(|name| doldam_ground::Kind::from_header(name).unwrap().id())
        .collect();
    assert_eq!(kinds, ["nickname", "ci", "phone"]);
}

#[test]
fn other_bytes_say_the_same() {
    let plain = lines(&leak(&Recipe::run(0, 50))).join("\n") + "\n";
    for encoding in Encoding::ALL {
        let recipe = Recipe {
            format: Format {
                layout: Layout::Delimited(';'),
                encoding,
                windows_lines: true,
                quoted: true,
            },
            ..Recipe::run(0, 50)
        };
        let decoder = match encoding {
            Encoding::Cp949 => encoding_rs::EUC_KR,
            _ => encoding_rs::UTF_8,
        };
        let leak = leak(&recipe);
        let text = decoder.decode(&leak.bytes).0;
        assert_eq!(leak.extension, "txt");
        assert!(text.starts_with("\"nickname\";\"ci\"\r\n\""), "{encoding:?}");
        assert_eq!(text.replace("\r\n", "\n").replace('"', "").replace(';', ","), plain);
    }
}

#[test]
fn respelt_values_still_belong_to_the_same_people() {
    let normalised = |recipe: &Recipe| -> Vec<Vec<String>> {
        let rows = lines(&leak(recipe));
        let kinds: Vec<_> = rows[0]
            .split(',')
            .map(|name| doldam_ground::Kind::from_header(name).unwrap())
            .collect();
        let row = |line: &String| {
            let cells = line.split(',').zip(&kinds);
            cells.map(|(cell, kind)| kind.normalise(cell).unwrap().expose().clone()).collect()
        };
        rows[1..].iter().map(row).collect()
    };
    let plain = normalised(&Recipe::run(1, 200));
    for spelling in Spelling::ALL {
        let recipe = Recipe { spellings: vec![spelling], ..Recipe::run(1, 200) };
        assert_ne!(lines(&leak(&recipe)), lines(&leak(&Recipe::run(1, 200))));
        assert_eq!(normalised(&recipe), plain, "{spelling:?}");
    }
}

#[test]
fn random_recipes_repeat_and_keep_their_promises() {
    let tables = deliveries();
    let sizes: Vec<_> = tables.iter().map(Delivered::row_count).collect();
    let strangers = People::strangers(&seed());
    let mut firsts = HashSet::new();
    for case in 0..40 {
        let seed = seed().child("cases").numbered(case);
        let recipe = Recipe::any(&seed, &sizes);
        let leak = make(&seed, &strangers, tables, &recipe).unwrap();
        let again = make(&seed, &strangers, tables, &Recipe::any(&seed, &sizes)).unwrap();
        assert_eq!(leak.bytes, again.bytes);
        let truth = leak.truth;
        assert_eq!(truth.sources[0].table, recipe.takes[0].table);
        assert!(truth.sources[0].rows >= 500.min(sizes[truth.sources[0].table]));
        let known: usize = truth.sources.iter().map(|source| source.rows).sum();
        assert_eq!(known + truth.unknown_rows, truth.rows);
        firsts.insert(truth.sources[0].table);
    }
    assert!(firsts.len() >= 8, "{}", firsts.len());
}

#[test]
fn what_cannot_be_made_is_refused() {
    let strangers = People::strangers(&seed());
    let refused =
        |recipe: &Recipe| make(&seed(), &strangers, deliveries(), recipe).unwrap_err().code();
    assert_eq!(refused(&Recipe::run(0, 17_552)), "synthetic.rows");
    assert_eq!(refused(&Recipe::whole(12)), "synthetic.rows");
    let decomposed = Recipe {
        spellings: vec![Spelling::DecomposedHangul],
        format: Format { encoding: Encoding::Cp949, ..Format::default() },
        ..Recipe::run(0, 10)
    };
    assert_eq!(refused(&decomposed), "synthetic.unencodable");
    let uneven = Delivered::new(vec!["ci".to_owned()], vec![vec![]]).unwrap_err();
    assert!(matches!(uneven, SyntheticError::Shape { row: 0 }));
}
