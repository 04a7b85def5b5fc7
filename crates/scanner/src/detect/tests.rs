use super::*;
use doldam_ground::mark::mark_of;
use proptest::prelude::*;

use Confidence::{Certain, Likely, Possible};

fn found(text: &str) -> Vec<(&'static str, String, Option<Confidence>)> {
    let mut all = Vec::new();
    candidates(text.as_bytes(), 0, text.len(), |candidate| {
        let value = text[candidate.start..candidate.end].to_owned();
        all.push((candidate.kind.id(), value, candidate.bare.map(|said| said.0)));
    });
    all
}

/// What is found without context, as kind and grade.
fn bare(text: &str) -> Vec<(&'static str, Confidence)> {
    found(text).into_iter().filter_map(|(kind, _, grade)| Some((kind, grade?))).collect()
}

/// Base64 characters that look random, by a small generator of its own.
fn letters(seed: u64, length: usize) -> String {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            char::from(alphabet[usize::try_from(state >> 40).unwrap() % 64])
        })
        .collect()
}

fn ci(seed: u64) -> String {
    format!("{}Q==", letters(seed, 85))
}

fn encode(bytes: &[u8]) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let mut bits = [0; 4];
        bits[1..=group.len()].copy_from_slice(group);
        let bits = u32::from_be_bytes(bits);
        for place in 0..=group.len() {
            out.push(alphabet[(bits >> (18 - 6 * place) & 63) as usize].into());
        }
        out.push_str(&"="[..].repeat(3 - group.len()));
    }
    out
}

fn pseudonym(length: usize) -> String {
    let mut bytes: Vec<u8> =
        (0..length).map(|place| u8::try_from(place * 37 % 251).unwrap()).collect();
    let mark = mark_of(&bytes[..length - 4]);
    bytes[length - 4..].copy_from_slice(&mark);
    encode(&bytes)
}

#[test]
fn a_ci_is_found_in_each_spelling() {
    let plain = ci(7);
    assert_eq!(found(&plain), [("ci", plain.clone(), Some(Likely))]);
    assert_eq!(bare(&format!("user={plain}&x")), [("ci", Likely)]);
    assert_eq!(bare(&format!("고객{plain}님")), [("ci", Likely)]);
    let url = plain.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    assert_eq!(found(&url), [("ci", url.clone(), Some(Likely))]);
    let json = format!("\"{}\"", plain.replace('/', "\\/").replace('=', "\\u003d"));
    assert_eq!(bare(&json), [("ci", Likely)]);
    let safe = plain.replace('+', "-").replace('/', "_");
    assert_eq!(bare(&safe), [("ci", Likely)]);
    assert_eq!(bare(safe.trim_end_matches('=')), []);
    assert_eq!(found(safe.trim_end_matches('=')).len(), 1);
}

#[test]
fn what_only_looks_like_a_ci_is_left_out() {
    let plain = ci(8);
    for text in [
        format!("\"integrity\": \"sha512-{plain}\""),
        format!("resolved sha512-{plain}"),
        format!("x{plain}"),
        format!("{plain}="),
        plain.replace("Q==", "R=="),
        format!("{}Q==", "a".repeat(85)),
        format!("{}==", "0123456789abcdef".repeat(6)[..86].to_owned()),
        format!("eyJhbGciOi.eyJzdWIiOi.{}", letters(9, 86)),
    ] {
        assert_eq!(bare(&text), [], "{text}");
    }
    assert_eq!(bare(&format!("signature: {plain}")), [("ci", Possible)]);
}

#[test]
fn our_pseudonyms_carry_a_mark() {
    let long = pseudonym(64);
    assert_eq!(long.len(), 88);
    assert_eq!(bare(&long), [("pseudonym", Certain)]);
    let short = pseudonym(48);
    assert_eq!(short.len(), 64);
    assert_eq!(bare(&format!("[{short}]")), [("pseudonym", Certain)]);
    let url = long.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    assert_eq!(bare(&url), [("pseudonym", Certain)]);
    let broken = format!("{}{}", if long.starts_with('A') { 'B' } else { 'A' }, &long[1..]);
    assert!(!bare(&broken).contains(&("pseudonym", Certain)));
}

#[test]
fn a_di_needs_context() {
    let di = letters(4, 64);
    assert_eq!(found(&di), [("di", di.clone(), None)]);
    assert_eq!(found(&"0123456789abcdef".repeat(4)), []);
    assert_eq!(found(&format!("sha384-{di}")), []);
}

#[test]
fn phone_numbers_by_the_numbering_plan() {
    for (text, grade) in [
        ("010-1234-5678", Some(Likely)),
        ("전화01012345678로", Some(Likely)),
        ("010.1234.5678.", Some(Likely)),
        ("(010) 1234-5678", Some(Likely)),
        ("+82 10-1234-5678", Some(Likely)),
        ("+82-010-1234-5678", Some(Likely)),
        ("+821012345678", Some(Likely)),
        ("821012345678", Some(Likely)),
        ("011-123-4567", Some(Likely)),
        ("02-123-4567", Some(Possible)),
        ("(031)123-4567", Some(Possible)),
        ("070-1234-5678", Some(Possible)),
        ("0504-123-4567", Some(Possible)),
        ("+44 20 7946 0958", Some(Possible)),
        ("0212345678", None),
        ("1012345678", None),
    ] {
        let all = found(text);
        assert_eq!(all.len(), 1, "{text}");
        assert_eq!((all[0].0, all[0].2), ("phone", grade), "{text}");
    }
}

#[test]
fn numbers_inside_something_longer_are_no_phones() {
    for text in [
        "1588-1234",
        "080-123-4567",
        "010-1234-56789",
        "9-010-1234-5678",
        "010-1234-5678-9",
        "3f01012345678",
        "0.01012345678",
        "01012345678.5",
        "9a3f5c1e-0000-4000-8000-010123456789",
        "***-1234-5678",
        "010-12345-678",
        "2026-11-23 14:45:10",
        "192.168.10.12",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn resident_numbers_are_graded() {
    assert_eq!(bare("900101-1000006"), [("rrn", Certain)]);
    assert_eq!(bare("9001011000006"), [("rrn", Likely)]);
    assert_eq!(bare("900101-1000007"), [("rrn", Possible)]);
    assert_eq!(found("9001011000007"), [("rrn", "9001011000007".into(), None)]);
    assert_eq!(bare("201101-3000000"), [("rrn", Likely)]);
    assert_eq!(bare("901301-1000006"), []);
    assert_eq!(found("900101-5000008")[0].0, "frn");
    assert_eq!(found("법인등록번호: 110111-1000006"), []);
    let legacy = encoding_rs::EUC_KR.encode("법인번호 110111-1000006").0.into_owned();
    candidates(&legacy, 0, legacy.len(), |found| panic!("{found:?}"));
}

#[test]
fn cards_pass_the_luhn_check() {
    assert_eq!(bare("4242-4242-4242-4242"), [("card", Likely)]);
    assert_eq!(bare("5555 5555 5555 4444 12/29"), [("card", Likely)]);
    assert_eq!(bare("4242424242424242"), [("card", Likely)]);
    assert_eq!(bare("3782-822463-10005"), [("card", Likely)]);
    assert_eq!(bare("4242-4242-4242-4241"), []);
    assert_eq!(bare("4242 4242-4242 4242"), []);
    assert_eq!(bare("1234567890123452"), []);
}

#[test]
fn e_mail_addresses_and_what_only_has_an_at() {
    assert_eq!(found("메일은kim.min+x@bank.co.kr입니다")[0].1, "kim.min+x@bank.co.kr");
    assert_eq!(bare("<010-1234-5678@naver.com>."), [("email", Likely)]);
    assert_eq!(bare("mailto:a@b.kr"), [("email", Likely)]);
    assert_eq!(bare("whale@p-3.invalid"), [("email", Possible)]);
    for text in [
        "logo@2x.png",
        "lodash@4.17.21",
        "git@host.kr:team/repository",
        "postgres://user:secret@db.bank.kr/x",
        "@scope/package",
        "a@b",
        "a@-b.kr",
        "a.@b.kr",
        "@",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        text in "[0-9a-zA-Z@.+/=\\\\%_ )(-]{0,300}",
        from in 0_usize..200,
    ) {
        for buffer in [&bytes[..], text.as_bytes()] {
            let from = from.min(buffer.len());
            let mut last = 0;
            let end = candidates(buffer, from, buffer.len(), |candidate| {
                assert!(candidate.start < candidate.end && candidate.end <= buffer.len());
                last = candidate.end;
            });
            prop_assert!(end >= last);
        }
    }

    #[test]
    fn every_planted_ci_is_found(seed: u64, before in "[ \"',:=가-힣\n|]{0,5}", after in "[ \"',:가-힣\n|]{0,5}") {
        let value = ci(seed);
        let text = format!("{before}{value}{after}");
        prop_assert_eq!(found(&text), [("ci", value, Some(Likely))]);
    }
}
