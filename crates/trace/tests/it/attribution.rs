//! Whose copy: two hundred leaks of twelve overlapping disclosures, and the cases that a figure
//! over easy leaks would hide.

use doldam_ground::Kind;
use doldam_ground::ids::DisclosureId;
use doldam_trace::Trace;
use doldam_trace::attribution::{Reason, Verdict};
use doldam_trace::house::Field;

use crate::world::{Dice, RAW, STRANGERS, World, churn, sample, twelve};

/// A leak whose main source is known.
struct Leak {
    main: usize,
    kinds: Vec<Kind>,
    people: Vec<u32>,
}

/// Cut, mixed, shuffled, padded with strangers, columns dropped: each with the seed's luck.
fn leak(world: &World, seed: u64) -> Leak {
    let mut dice = Dice(seed.wrapping_mul(0x1234_5678_9ABC_DEF1));
    let main = dice.below(world.disclosures.len());
    let rows = &world.disclosures[main].rows;
    let count = 500 + dice.below(2_500);
    let mut people = if dice.below(2) == 0 {
        let start = dice.below(rows.len() - count);
        rows[start..start + count].to_vec()
    } else {
        dice.some(rows, count)
    };
    if dice.below(3) == 0 {
        let other = (main + 1 + dice.below(world.disclosures.len() - 1)) % world.disclosures.len();
        people.extend(dice.some(&world.disclosures[other].rows, count / 3));
    }
    if dice.below(2) == 0 {
        let strangers = dice.below(count);
        people.extend((0..strangers).map(|_| STRANGERS + dice.person(1_000_000)));
    }
    if dice.below(3) == 0 {
        let again = dice.some(&people, count / 5);
        people.extend(again);
    }
    if dice.below(3) > 0 {
        dice.shuffle(&mut people);
    }
    let kinds = match dice.below(4) {
        0 => vec![Kind::CI],
        1 => vec![Kind::NICKNAME, Kind::CI],
        2 => vec![Kind::PHONE, Kind::NICKNAME],
        _ => RAW.to_vec(),
    };
    Leak { main, kinds, people }
}

fn first(trace: &Trace) -> (String, String) {
    let disclosure = trace.report.disclosures.first().map(|first| first.id.clone());
    (trace.report.processors[0].id.clone(), disclosure.unwrap_or_default())
}

fn wanted(world: &World, main: usize) -> (String, String) {
    let disclosure = &world.disclosures[main];
    (disclosure.processor.to_string(), disclosure.id.to_string())
}

#[test]
fn two_hundred_leaks_find_their_processor_and_disclosure() {
    let world = twelve();
    let mut wrong = Vec::new();
    for seed in 0..200 {
        let leak = leak(&world, seed);
        let trace = world.trace_people(&leak.kinds, &leak.people);
        let (found, wanted) = (first(&trace), wanted(&world, leak.main));
        if found != wanted {
            wrong.push(format!("seed {seed}: {found:?} instead of {wanted:?}"));
        }
    }
    println!("right processor and disclosure first: {} of 200", 200 - wrong.len());
    assert!(wrong.len() <= 2, "{} of 200 wrong: {wrong:#?}", wrong.len());
}

#[test]
fn foreign_files_are_nobodys_even_with_nicknames_in_common() {
    let world = twelve();
    for seed in 0..200 {
        let mut dice = Dice(seed);
        let count = 20 + dice.below(3_000);
        let shared = if seed % 2 == 0 { 0 } else { dice.below(count / 25 + 1) };
        let with_ci = seed % 4 < 2;
        let row = |at: usize, dice: &mut Dice| {
            let stranger = STRANGERS + u32::try_from(at).unwrap();
            let nick = if at < shared { dice.person(100_000) } else { stranger };
            let nickname = crate::world::nickname(nick);
            if with_ci { vec![nickname, crate::world::ci(stranger)] } else { vec![nickname] }
        };
        let rows: Vec<Vec<String>> = (0..count).map(|at| row(at, &mut dice)).collect();
        let columns = if with_ci { &["nickname", "ci"][..] } else { &["nickname"] };
        let report = world.trace_table(columns, &rows).report;
        assert_eq!(report.attribution.verdict, Verdict::Nobody, "seed {seed}");
        assert!(report.disclosures.is_empty(), "seed {seed}");
        assert_eq!(report.processors.len(), 1);
        let ours = &report.processors[0];
        assert_eq!((&*ours.id, &*ours.name, ours.rows), ("ours", "Ours", 0));
        if with_ci {
            assert_eq!(report.unknown_rows, count as u64, "seed {seed}");
        }
    }
}

#[test]
fn our_own_copy_is_found_when_the_people_are_spread_over_all_subjects() {
    let world = twelve();
    let mut wrong = 0;
    for seed in 0..60 {
        let count = 600 + 50 * usize::try_from(seed).unwrap();
        let mut people = sample(world.subjects, count, 900 + seed);
        if seed % 2 == 0 {
            people.sort_unstable();
        }
        let trace = world.trace_people(&RAW, &people);
        wrong += u32::from(trace.report.attribution.verdict != Verdict::Ours);
        assert_eq!(trace.report.subjects.exact, people.len() as u64);
    }
    assert_eq!(wrong, 0);
}

#[test]
fn monthly_deliveries_are_told_apart_by_one_in_a_hundred() {
    let world = twelve();
    let (mut right, mut all) = (0, 0);
    for seed in 0..80 {
        let mut dice = Dice(5_000 + seed);
        let main = dice.below(4);
        let people = dice.some(&world.disclosures[main].rows, 1_000);
        let trace = world.trace_people(&[Kind::CI], &people);
        all += 1;
        right += u32::from(first(&trace) == wanted(&world, main));
    }
    println!("monthly deliveries told apart: {right} of {all}");
    assert!(right * 100 >= all * 99, "{right} of {all}");
}

#[test]
fn nested_subsets_are_told_apart_both_ways() {
    let mut world = World::new(100_000);
    let wide = sample(100_000, 20_000, 1);
    let inner = Dice(2).some(&wide, 19_800);
    world.give(1, &wide);
    world.give(2, &inner);
    let mut right = 0;
    for seed in 0..100 {
        let mut dice = Dice(7_000 + seed);
        let main = dice.below(2);
        let people = dice.some(&world.disclosures[main].rows, 2_000);
        let trace = world.trace_people(&[Kind::CI], &people);
        right += u32::from(first(&trace) == wanted(&world, main));
    }
    println!("nested subsets told apart: {right} of 100");
    assert!(right >= 99, "{right} of 100");
}

#[test]
fn the_same_set_given_to_two_is_a_tie_and_says_so() {
    let mut world = World::new(100_000);
    let rows = sample(100_000, 10_000, 1);
    world.give(1, &rows);
    world.give(2, &rows);
    let people = Dice(3).some(&rows, 1_000);
    let report = world.trace_people(&RAW, &people).report;
    let [left, right] = &report.disclosures[..] else { panic!("two are in question") };
    assert!((left.score - right.score).abs() < 0.001 && left.score > 0.4);
    assert_eq!(report.attribution.verdict, Verdict::Several);
    assert!(left.reasons.iter().any(|reason| matches!(reason, Reason::Tie { .. })));
    assert!(left.why.contains("exactly as well"), "{}", left.why);
    let rows: Vec<u64> = report.processors.iter().map(|processor| processor.rows).collect();
    assert_eq!((rows[0], rows[1]), (500, 500));
}

/// The tie of the test above, with something that breaks it.
fn tied() -> World {
    let mut world = World::new(100_000);
    let rows = sample(100_000, 10_000, 1);
    world.give(1, &rows);
    world.give(2, &rows);
    world
}

#[test]
fn a_tie_is_broken_by_row_order() {
    let world = tied();
    for (main, start) in [(0, 100), (1, 5_000)] {
        let mut people = world.disclosures[main].rows[start..start + 60].to_vec();
        let report = world.trace_people(&RAW, &people);
        assert_eq!(first(&report), wanted(&world, main));
        assert!(report.report.disclosures[0].score > 0.99);
        people.reverse();
        assert_eq!(first(&world.trace_people(&RAW, &people)), wanted(&world, main));
    }
}

#[test]
fn a_tie_is_broken_by_fields() {
    let mut world = tied();
    let field = |kind| Field { kind, raw: true };
    world.disclosures[1].fields = vec![field(Kind::CI), field(Kind::NICKNAME)];
    let people = Dice(3).some(&world.disclosures[0].rows, 1_000);
    let with_phone = world.trace_people(&RAW, &people);
    assert_eq!(first(&with_phone), wanted(&world, 0));
    assert!(with_phone.report.disclosures[0].score > 0.99);
    let without = world.trace_people(&[Kind::CI, Kind::NICKNAME], &people);
    assert_eq!(first(&without), wanted(&world, 1));
    assert!(without.report.disclosures[0].score < 0.9, "lacking columns are weak evidence");
}

#[test]
fn a_tie_is_broken_by_one_canary_and_the_canary_is_no_subject() {
    let mut world = tied();
    let canary = STRANGERS + 3;
    let id = world.disclosures[1].id;
    world.canaries.insert(canary, id);
    world.disclosures[1].rows.push(canary);
    let mut people = Dice(3).some(&world.disclosures[0].rows, 1_000);
    people.insert(500, canary);
    let trace = world.trace_people(&RAW, &people);
    assert_eq!(first(&trace), wanted(&world, 1));
    let report = &trace.report;
    assert!(report.disclosures[0].score > 0.99);
    assert_eq!((report.subjects.total, report.unknown_rows), (1_000, 0));
    let seen = &report.canaries[0];
    assert_eq!((&*seen.disclosure, seen.canaries, seen.rows), ("D-2", 1, 1));
    assert_eq!(seen.row_lines, [502]);
}

#[test]
fn a_tie_is_broken_by_strangers_who_stood_in_one_hand_over() {
    let mut world = tied();
    let id = world.disclosures[0].id;
    let strangers: Vec<u32> = (0..20).map(|n| STRANGERS + n).collect();
    world.strangers = strangers.iter().map(|stranger| (*stranger, id)).collect();
    let mut people = Dice(3).some(&world.disclosures[0].rows, 1_000);
    people.extend(&strangers);
    let trace = world.trace_people(&RAW, &people);
    assert_eq!(first(&trace), wanted(&world, 0));
    assert!(trace.report.disclosures[0].score > 0.99);
    assert_eq!(trace.report.unknown_rows, 20);
}

#[test]
fn both_sources_of_a_mixed_file_are_named_with_their_rows() {
    let world = twelve();
    let mut people = Dice(1).some(&world.disclosures[8].rows, 3_000);
    people.extend(Dice(2).some(&world.disclosures[9].rows, 1_000));
    Dice(3).shuffle(&mut people);
    let report = world.trace_people(&RAW, &people).report;
    assert_eq!(report.attribution.verdict, Verdict::Several);
    let named: Vec<&str> =
        report.disclosures.iter().filter(|d| d.score > 0.9).map(|d| &*d.id).collect();
    assert_eq!(named, ["D-9", "D-10"]);
    assert!(report.disclosures[0].rows.abs_diff(3_000) < 200, "{}", report.disclosures[0].why);
    assert!(report.processors[0].share > 0.65);
}

#[test]
fn everything_that_holds_all_subjects_ties_with_our_own_copy() {
    let mut world = World::new(20_000);
    let all: Vec<u32> = (0..20_000).collect();
    world.give(1, &all);
    let people = Dice(5).some(&all, 2_000);
    let report = world.trace_people(&RAW, &people).report;
    assert_eq!(report.attribution.verdict, Verdict::Several);
    assert!(report.processors.iter().any(|processor| processor.id == "ours"));
}

#[test]
fn a_thousand_disclosures_are_searched() {
    let subjects = 100_000;
    let mut world = World::new(subjects);
    let mut month = sample(subjects, 3_000, 1);
    for seed in 0..1_000 {
        if seed % 20 == 0 {
            month = sample(subjects, 3_000, 50_000 + seed);
        }
        world.give(1 + u32::try_from(seed % 4).unwrap(), &month);
        month = churn(&month, subjects, 60_000 + seed);
    }
    let mut right = 0;
    for seed in 0..20 {
        let mut dice = Dice(80_000 + seed);
        let main = dice.below(1_000);
        let people = dice.some(&world.disclosures[main].rows, 1_500);
        let trace = world.trace_people(&[Kind::CI], &people);
        right += u32::from(first(&trace) == wanted(&world, main));
    }
    println!("one of a thousand disclosures found: {right} of 20");
    assert!(right >= 19, "{right} of 20");
    assert_eq!(world.disclosures[999].id, DisclosureId::new(1_000));
}

#[test]
fn small_leaks_are_scored_no_surer_than_they_can_be() {
    let world = twelve();
    let (mut sure, mut sure_and_right, mut first_right) = (0, 0, [0; 4]);
    for (size, count) in [5, 20, 60, 200].into_iter().enumerate() {
        for seed in 0..60 {
            let mut dice = Dice(40_000 + 1_000 * count as u64 + seed);
            let main = dice.below(world.disclosures.len());
            let people = dice.some(&world.disclosures[main].rows, count);
            let trace = world.trace_people(&[Kind::CI], &people);
            let wanted = wanted(&world, main);
            first_right[size] += u32::from(first(&trace) == wanted);
            for disclosure in trace.report.disclosures.iter().filter(|d| d.score > 0.9) {
                sure += 1;
                sure_and_right += u32::from(disclosure.id == wanted.1);
            }
        }
    }
    println!("first of 60 by 5, 20, 60, 200 rows: {first_right:?}");
    println!("scores above 0.9 that were right: {sure_and_right} of {sure}");
    assert!(sure_and_right * 10 >= sure * 9, "{sure_and_right} of {sure}");
}
