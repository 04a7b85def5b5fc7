use std::collections::BTreeMap;
use std::fmt::Write;

use doldam_scanner::{ScanOptions, scan};

use crate::corpus::Dice;

/// What is found in a text by kind, as values.
fn values(bytes: &[u8]) -> BTreeMap<&'static str, Vec<String>> {
    let mut all: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for found in scan(bytes, &ScanOptions::default()) {
        all.entry(found.kind.id()).or_default().push(found.value.expose().clone());
    }
    all
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

struct Person {
    ci: String,
    phone: String,
    email: String,
    rrn: String,
    card: String,
}

fn people(seed: u64, count: usize) -> Vec<Person> {
    let mut dice = Dice(seed);
    (0..count)
        .map(|_| Person {
            ci: dice.ci(),
            phone: dice.phone(),
            email: dice.email(),
            rrn: dice.rrn(),
            card: dice.card(),
        })
        .collect()
}

fn expected(people: &[Person]) -> BTreeMap<&'static str, Vec<String>> {
    BTreeMap::from([
        ("card", people.iter().map(|person| digits(&person.card)).collect()),
        ("ci", people.iter().map(|person| person.ci.clone()).collect()),
        ("email", people.iter().map(|person| person.email.clone()).collect()),
        ("phone", people.iter().map(|person| digits(&person.phone)).collect()),
        ("rrn", people.iter().map(|person| digits(&person.rrn)).collect()),
    ])
}

/// The same people as a table, as objects, as a dump and as prose.
fn writings(people: &[Person]) -> [String; 4] {
    let mut out = [const { String::new() }; 4];
    out[0].push_str("회원번호,휴대폰,이메일,주민등록번호,연계정보,카드번호,메모\n");
    for (row, person) in people.iter().enumerate() {
        let Person { ci, phone, email, rrn, card } = person;
        writeln!(out[0], "{row},{phone},{email},{rrn},{ci},{card},\"배송, 부재시 경비실\"")
            .unwrap();
        let plain = digits(phone);
        writeln!(out[1], r#"{{"no":{row},"mobile":"{plain}","mail":"{email}","rrn":"{rrn}","ci":"{ci}","card":"{card}"}}"#).unwrap();
        write!(out[2], "({row},'{phone}','{email}','{rrn}','{ci}','{card}'),").unwrap();
        writeln!(out[3], "고객님의 연락처는 {phone}이고 메일은 {email}입니다. 주민번호 {rrn}, 카드 {card}, CI {ci}.").unwrap();
    }
    out
}

#[test]
fn every_planted_value_is_found_and_nothing_else() {
    let people = people(5, 300);
    let expected = expected(&people);
    for text in writings(&people) {
        assert_eq!(
            values(text.as_bytes()),
            expected,
            "{}",
            &text[..40.min(text.len() / 4 * 4)].escape_debug()
        );
        let legacy = encoding_rs::EUC_KR.encode(&text).0.into_owned();
        assert_eq!(values(&legacy), expected, "in CP949");
        let wide: Vec<u8> =
            std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        assert_eq!(values(&wide), expected, "in UTF-16");
    }
}

/// Lines of a developer's files that look like personal data and are not.
fn look_alikes(seed: u64, count: usize) -> String {
    let mut dice = Dice(seed);
    let hex = b"0123456789abcdef";
    let mut out = String::new();
    for row in 0..count {
        writeln!(out, r#"      "integrity": "sha512-{}Q==","#, dice.base64(85)).unwrap();
        writeln!(
            out,
            "  resolved \"https://registry.host/pkg/-/pkg-{row}.tgz#{}\"",
            dice.text(hex, 40)
        )
        .unwrap();
        writeln!(out, "commit {} sha256:{}", dice.text(hex, 40), dice.text(hex, 64)).unwrap();
        writeln!(
            out,
            "id {}-{}-4{}-8{}-{}",
            dice.text(hex, 8),
            dice.text(hex, 4),
            dice.text(hex, 3),
            dice.text(hex, 3),
            dice.text(hex, 12)
        )
        .unwrap();
        writeln!(out, "wallet 0x{} nonce {}", dice.text(hex, 40), dice.digits(6)).unwrap();
        writeln!(
            out,
            "2026-11-23T09:{:02}:12.{} INFO took {}ms v{}.{}.{}",
            row % 60,
            dice.digits(6),
            dice.digits(3),
            row % 9,
            row % 7,
            row % 5
        )
        .unwrap();
        writeln!(
            out,
            "eyJhbGciOiJIUzUxMiJ9.{}.{}",
            dice.base64(60).replace(['+', '/'], "_"),
            dice.base64(86).replace('+', "-").replace('/', "_")
        )
        .unwrap();
        writeln!(
            out,
            "at 37.{}, 127.{} by git@host.kr:team/app.git icon@2x.png lodash@4.17.{row}",
            dice.digits(6),
            dice.digits(6)
        )
        .unwrap();
        writeln!(out, "{}", dice.base64(76)).unwrap();
        writeln!(out, "order 2026{} call 1588-{}", dice.digits(7), dice.digits(4)).unwrap();
    }
    out
}

#[test]
fn look_alikes_are_left_alone() {
    let text = look_alikes(6, 500);
    let found = values(text.as_bytes());
    let false_ones: usize = found.values().map(Vec::len).sum();
    assert!(text.len() > 400_000);
    assert_eq!(false_ones, 0, "{found:?}");
}
