//! `doldam fraud`: figures that anybody can repeat, and clear words where there are none.

use std::fmt::Write as _;

use crate::support::{Ended, House};

const HEAD: &str = "transaction_id,time,customer_id,terminal_id,amount_cents,fraud\n";
const DAYS: [&str; 10] = [
    "--train-from",
    "2026-02-01",
    "--train-to",
    "2026-02-10",
    "--delay-days",
    "7",
    "--test-from",
    "2026-02-18",
    "--test-to",
    "2026-02-24",
];

/// Sixty days of payments of people who do not exist: a fraud is ten times what they usually pay.
fn payments() -> String {
    let mut text = HEAD.to_owned();
    let mut id = 0;
    for day in 0..60_u32 {
        for customer in 0..60_u32 {
            let mixed = (day * 61 + customer).wrapping_mul(2_654_435_761) >> 8;
            let fraud = u32::from(mixed.is_multiple_of(97));
            let amount = (1_000 + mixed % 500) * if fraud == 1 { 10 } else { 1 };
            let (month, date) = (1 + day / 30, 1 + day % 30);
            let (month, date) = if date > 28 { (month + 2, date - 28) } else { (month, date) };
            let (hour, minute) = (mixed % 24, customer);
            writeln!(
                text,
                "{id},2026-{month:02}-{date:02} {hour:02}:{minute:02}:00,{customer},{},{amount},{fraud}",
                mixed % 20
            )
            .unwrap();
            id += 1;
        }
    }
    text
}

fn evaluate(house: &House, file: &str, more: &[&str]) -> Ended {
    let start = ["fraud", "evaluate", "--transactions", file, "--format", "json"];
    house.run(&[&start[..], &DAYS[..], more].concat())
}

#[test]
fn a_figure_is_repeated_to_the_last_bit() {
    let house = House::empty();
    house.write("payments.csv", payments());
    let extended = ["--features", "extended"];
    let first = evaluate(&house, "payments.csv", &extended).good();
    assert_eq!(first.out, evaluate(&house, "payments.csv", &extended).good().out);
    let facts = first.json();
    assert!(facts["average_precision"].as_f64().unwrap() > 0.95, "{facts}");
    assert_eq!(facts["features"].as_array().unwrap().len(), 50);
    assert_eq!(facts["train"]["from"], "2026-02-01");
    let published = evaluate(&house, "payments.csv", &[]).good().json();
    assert_eq!(published["features"].as_array().unwrap().len(), 15);

    let train = ["fraud", "train", "--transactions", "payments.csv", "--out", "model.json"];
    let trained = house.run(&[&train[..], &DAYS[..], &extended].concat()).good();
    assert!(trained.out.contains("Trained on: 2026-02-01"), "{}", trained.out);
    let with = [&extended[..], &["--model", "model.json"]].concat();
    let measured = evaluate(&house, "payments.csv", &with).good().json();
    assert_eq!(measured["average_precision"], facts["average_precision"]);
    house.run(&[&train[..], &DAYS[..]].concat()).refused(2, "model.json");
    evaluate(&house, "payments.csv", &["--model", "model.json"]).refused(2, "needs the feature");
}

#[test]
fn features_are_written_as_parquet_and_csv() {
    let house = House::empty();
    house.write("payments.csv", payments());
    for out in ["features.parquet", "features.csv"] {
        let ended =
            house.run(&["fraud", "features", "payments.csv", "--out", out, "--format", "json"]);
        assert_eq!(ended.good().json()["rows"], 3_600);
    }
    let csv = std::fs::read_to_string(house.path("features.csv")).unwrap();
    let head = csv.lines().next().unwrap();
    assert!(head.starts_with("transaction_id,amount,weekend,night,customer_count_1d,"), "{head}");
    let compare = |name: &str| {
        let line = ["fraud", "features", "payments.csv", "--out", name, "--compare"];
        house.run(&[&line[..], &["features.csv", "--format", "json"]].concat())
    };
    assert_eq!(compare("again.csv").good().json()["compared"]["equal_but_for_ties"], true);
    let row = csv.lines().nth(50).unwrap();
    let changed = format!("{row}9");
    house.write("features.csv", csv.replace(row, &changed));
    let ended = compare("third.csv");
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    assert_eq!(ended.json()["compared"]["differences"][0]["tie"], false);
    house.run(&["fraud", "features", "payments.csv", "--out", "again.csv"]).refused(2, "again.csv");
    house.run(&["fraud", "features", "payments.csv", "--out", "features.xls"]).refused(2, ".csv");
}

#[test]
fn what_cannot_be_measured_is_refused_with_a_hint() {
    let house = House::empty();
    let good = payments();
    house.write("payments.csv", &good);
    evaluate(&house, "none.csv", &[]).refused(2, "none.csv");
    house.write("bad.csv", good.replacen("customer_id", "card", 1));
    evaluate(&house, "bad.csv", &[]).refused(2, "customer_id");
    house.write("bad.csv", good.replacen("2026-01-01 ", "yesterday ", 1));
    evaluate(&house, "bad.csv", &[]).refused(2, "row 1");
    house.write("bad.csv", format!("{HEAD}1,2026-02-01,a,b,5,0\n"));
    evaluate(&house, "bad.csv", &[]).refused(2, "fraud and honest");
    house.write("bad.csv", [b"PAR1".to_vec(), vec![7; 999], b"PAR1".to_vec()].concat());
    evaluate(&house, "bad.csv", &[]).refused(2, "damaged");
    house.write("model.json", "{}");
    evaluate(&house, "payments.csv", &["--model", "model.json"]).refused(2, "model.json");
    let early = [
        "fraud",
        "evaluate",
        "--transactions",
        "payments.csv",
        "--train-from",
        "2026-02-01",
        "--train-to",
        "2026-02-10",
        "--test-from",
        "2026-02-12",
        "--test-to",
        "2026-02-14",
    ];
    house.run(&early).refused(2, "begins before the labels");
    let wrong_day = house.run(&[&early[..5], &["1 February"]].concat());
    assert_eq!(wrong_day.code, Some(2));
    assert!(wrong_day.err.contains("2018-07-25"), "{}", wrong_day.err);
}
