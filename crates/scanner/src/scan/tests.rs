use super::*;
use Confidence::{Certain, Likely};
use proptest::prelude::*;
use std::fmt::Write;

fn all() -> ScanOptions {
    ScanOptions { least: Confidence::Possible, kinds: None }
}

fn ci(seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out: String = (0..85)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            char::from(alphabet[usize::try_from(state >> 40).unwrap() % 64])
        })
        .collect();
    out.push_str("Q==");
    out
}

type Seen = Vec<(&'static str, u64, u64, u64, Confidence)>;

fn seen(findings: &[Finding]) -> Seen {
    findings
        .iter()
        .map(|found| {
            let Place { offset, line, column } = found.place;
            (found.kind.id(), offset, line, column, found.confidence)
        })
        .collect()
}

#[test]
fn places_are_counted_in_lines_and_bytes() {
    let text = "a\n가 010-1234-5678\n\nx 010-9999-8888";
    let findings = scan(text.as_bytes(), &ScanOptions::default());
    assert_eq!(
        seen(&findings),
        [("phone", 6, 2, 5, Confidence::Likely), ("phone", 23, 4, 3, Confidence::Likely)]
    );
    assert_eq!(findings[0].value.expose(), "01012345678");
    assert_eq!(findings[0].masked(), "0•••••");
}

#[test]
fn a_header_decides_for_its_column() {
    let text = format!(
        "order_no,연계정보,hp\n4242424242424242,{},0212345678\n,{},1012345678\n",
        ci(1),
        ci(2)
    );
    let kinds: Vec<_> =
        scan(text.as_bytes(), &all()).iter().map(|f| (f.kind.id(), f.confidence)).collect();
    assert_eq!(
        kinds,
        [("card", Likely), ("ci", Certain), ("phone", Likely), ("ci", Certain), ("phone", Likely)]
    );
    let account = "account,ci\n4242424242424242,x\n";
    assert!(scan(account.as_bytes(), &ScanOptions::default()).is_empty());
}

#[test]
fn keys_and_words_decide_elsewhere() {
    let json = format!("{{\"ci\":\"{}\",\"tel\":\"0212345678\"}}\n", ci(3));
    let found: Vec<_> = scan(json.as_bytes(), &all()).iter().map(|f| f.confidence).collect();
    assert_eq!(found, [Confidence::Certain, Confidence::Likely]);
    let legacy = encoding_rs::EUC_KR.encode("주민번호 : 9001011000007").0.into_owned();
    let found = scan(&legacy, &all());
    assert_eq!((found.len(), found[0].kind), (1, Kind::RRN));
}

#[test]
fn utf16_is_scanned_as_text() {
    let text = "\u{feff}고객,메일\n김,kim@bank.kr\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let found = scan(&bytes, &all());
    assert_eq!((found.len(), found[0].place.line), (1, 2));
}

#[test]
fn kinds_can_be_chosen() {
    let options = ScanOptions { kinds: Some(vec![Kind::EMAIL]), ..all() };
    let found = scan(b"010-1234-5678 kim@bank.kr", &options);
    assert_eq!((found.len(), found[0].kind), (1, Kind::EMAIL));
}

/// A corpus of a few windows with findings everywhere, lines of all lengths and one endless one.
fn corpus(newlines: bool) -> String {
    let mut text = String::from("memo,ci,휴대폰\n");
    for row in 0..20_000_u64 {
        let filler = "가나 x1".repeat(usize::try_from(row % 7).unwrap());
        write!(text, "{filler},{},010-{:04}-{:04}", ci(row), row % 10_000, row * 7 % 10_000)
            .unwrap();
        text.push(if newlines { '\n' } else { ' ' });
    }
    text
}

#[test]
fn windows_make_no_difference() {
    for newlines in [true, false] {
        let text = corpus(newlines);
        let whole = scan(text.as_bytes(), &all());
        let mut streamed = Vec::new();
        let scanned =
            scan_read(&mut text.as_bytes(), &all(), &mut |hit| streamed.push(hit.to_finding()));
        assert_eq!(scanned.unwrap().bytes, text.len() as u64);
        assert!(text.len() > 2 * WINDOW_BYTES);
        assert_eq!(whole.len(), 40_000);
        assert_eq!(seen(&whole), seen(&streamed));
    }
}

#[test]
fn a_run_longer_than_a_window_holds_nothing() {
    let text = format!("{}=={}", "aB3/".repeat(1 << 20), "x".repeat(86));
    let mut count = 0;
    scan_read(&mut text.as_bytes(), &all(), &mut |_| count += 1).unwrap();
    assert_eq!(count, 0);
    assert!(scan(text.as_bytes(), &all()).is_empty());
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..500),
        text in "(ci|phone|email)?[,;\n\"a-z0-9@.=+-]{0,300}",
    ) {
        let _ = scan(&bytes, &all());
        let _ = scan(text.as_bytes(), &all());
        let marked = [&[0xFF, 0xFE][..], &bytes].concat();
        let _ = scan(&marked, &all());
    }
}
