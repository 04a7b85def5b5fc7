use super::*;
use proptest::prelude::*;

type Rows = (Vec<String>, Vec<(u64, Vec<String>)>, Vec<RowFault>);

fn read_all(bytes: &[u8], options: TableOptions) -> Result<Rows, ReadError> {
    let mut table = TableReader::open(bytes, options)?;
    let (mut row, mut rows, mut faults) = (Row::default(), Vec::new(), Vec::new());
    loop {
        match table.next_row(&mut row) {
            Ok(true) => rows.push((row.line(), row.fields().map(str::to_owned).collect())),
            Ok(false) => return Ok((table.columns().to_vec(), rows, faults)),
            Err(ReadError::Row(fault)) => faults.push(fault),
            Err(error) => return Err(error),
        }
    }
}

fn auto(text: &str) -> Rows {
    read_all(text.as_bytes(), TableOptions::default()).unwrap()
}

fn fault(line: u64, reason: FaultReason) -> RowFault {
    RowFault { line, reason }
}

fn cp949(text: &str) -> Vec<u8> {
    encoding_rs::EUC_KR.encode(text).0.into_owned()
}

#[test]
fn a_csv_with_a_header() {
    let (columns, rows, faults) =
        auto("\u{feff}\n\nnickname, 휴대폰 ,\n\"고래,1\",010-1234-5678,x\r\n");
    assert_eq!(columns, ["nickname", "휴대폰", "column_3"]);
    assert_eq!(rows, [(4, vec!["고래,1".into(), "010-1234-5678".into(), "x".into()])]);
    assert!(faults.is_empty());
}

#[test]
fn without_a_header_the_first_row_is_a_row() {
    let (columns, rows, _) = auto("a@b.kr,kim\nc@d.kr,lee\n");
    assert_eq!(columns, ["column_1", "column_2"]);
    assert_eq!(rows.len(), 2);
}

#[test]
fn a_wanted_header_that_is_data_is_refused() {
    let options = TableOptions { has_header: Header::Yes, ..TableOptions::default() };
    let refused = read_all(b"a@b.kr,kim\nc@d.kr,lee\n", options);
    assert!(matches!(refused, Err(ReadError::NoHeader)));
    let (columns, rows, _) = read_all(b"a,b\nc,d\n", options).unwrap();
    assert_eq!((columns.len(), rows.len()), (2, 1));
}

#[test]
fn broken_rows_are_reported_and_the_next_ones_are_read() {
    let (_, rows, faults) = auto("email,name\na@b.kr\n\na@b.kr,x,y\nc@d.kr,z,,\nd@e.kr,\"w\nv\"\n");
    assert_eq!(
        faults,
        [
            fault(2, FaultReason::FieldCount { expected: 2, found: 1 }),
            fault(4, FaultReason::FieldCount { expected: 2, found: 3 }),
        ]
    );
    assert_eq!(rows[0], (5, vec!["c@d.kr".into(), "z".into()]));
    assert_eq!(rows[1], (6, vec!["d@e.kr".into(), "w\nv".into()]));
}

#[test]
fn a_quote_that_nobody_closes_costs_one_line() {
    let (_, rows, faults) = auto("email,name\na@b.kr,\"x\nc@d.kr,y\ne@f.kr,z\n");
    assert_eq!(faults, [fault(2, FaultReason::QuoteNotClosed)]);
    assert_eq!(rows.iter().map(|row| row.0).collect::<Vec<_>>(), [3, 4]);
}

#[test]
fn a_file_made_of_open_quotes_is_read_in_linear_time() {
    let text = format!("email,name\n{}", "a\",\"\n".repeat(2_000_000));
    let (_, rows, faults) = auto(&text);
    assert!(rows.is_empty());
    assert!((8..100).contains(&faults.len()), "{}", faults.len());
}

#[test]
fn an_endless_line_is_a_fault_in_the_middle_and_an_error_at_the_start() {
    let long = "x".repeat(3 * LINE_BYTES_MAX);
    let (_, rows, faults) = auto(&format!("email,name\na@b.kr,{long}\nc@d.kr,y\n"));
    assert_eq!(faults, [fault(2, FaultReason::LineTooLong)]);
    assert_eq!(rows, [(3, vec!["c@d.kr".into(), "y".into()])]);
    let endless = io::repeat(b'x');
    let refused = TableReader::open(endless, TableOptions::default());
    assert!(matches!(refused, Err(ReadError::FirstLineTooLong)));
    let field = "y".repeat(FIELD_BYTES_MAX + 1);
    let (_, rows, faults) = auto(&format!("email,name\na@b.kr,{field}\nc@d.kr,y\n"));
    assert_eq!((rows.len(), faults[0].reason), (1, FaultReason::FieldTooLong));
}

#[test]
fn a_long_first_line_is_still_read() {
    let field = "y".repeat(FIELD_BYTES_MAX - 1);
    let (columns, rows, _) = auto(&format!("a@b.kr,{field},{field},{field}\n"));
    assert_eq!((columns.len(), rows.len()), (4, 1));
}

#[test]
fn empty_files_are_refused() {
    for text in ["", "\n\r\n  \n", "\u{feff}"] {
        let refused = read_all(text.as_bytes(), TableOptions::default());
        assert!(matches!(refused, Err(ReadError::Empty)), "{text:?}");
    }
}

#[test]
fn cp949_and_utf16_give_the_same_rows() {
    let text = "별명,연락처\n푸른고래,010-1234-5678\n뷁뛣,010-0000-0000\n";
    let expected = auto(text);
    assert_eq!(expected.0, ["별명", "연락처"]);
    assert_eq!(read_all(&cp949(text), TableOptions::default()).unwrap(), expected);
    let units: Vec<u16> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    assert_eq!(read_all(&little, TableOptions::default()).unwrap(), expected);
    assert_eq!(read_all(&big, TableOptions::default()).unwrap(), expected);
    let table = TableReader::open(&big[..], TableOptions::default()).unwrap();
    assert_eq!(table.encoding(), Encoding::Utf16Be);
}

#[test]
fn bytes_that_contradict_the_encoding_make_a_fault() {
    let mut bytes = "별명,연락처\n푸른고래,1\n".as_bytes().to_vec();
    bytes.extend(cp949("홍길동,2\n"));
    bytes.extend("김민지,3\n".as_bytes());
    let (_, rows, faults) = read_all(&bytes, TableOptions::default()).unwrap();
    assert_eq!(faults, [fault(3, FaultReason::Undecodable)]);
    assert_eq!(rows.len(), 2);
}

#[test]
fn korean_that_begins_after_the_sample_is_still_decoded() {
    let mut bytes = b"email,name\n".to_vec();
    bytes.extend(b"a@b.kr,kim\n".repeat(20_000));
    bytes.extend(cp949("c@d.kr,홍길동\n"));
    let (_, rows, faults) = read_all(&bytes, TableOptions::default()).unwrap();
    assert!(faults.is_empty());
    assert_eq!(rows.last().unwrap().1[1], "홍길동");
}

#[test]
fn ndjson_is_recognised_and_its_columns_grow() {
    let mut text = String::from("{\"ci\":\"x\",\"n\":1}\n\nbroken\n[2]\n");
    for _ in 0..20_000 {
        text.push_str("{\"ci\":\"y\",\"n\":2}\n");
    }
    text.push_str("{\"late\":\"\\uac00\"}");
    let (columns, rows, faults) = auto(&text);
    assert_eq!(columns, ["ci", "n", "late"]);
    assert_eq!(rows[0], (1, vec!["x".into(), "1".into()]));
    assert_eq!(rows.last().unwrap().1, ["", "", "가"]);
    assert_eq!(faults, [fault(3, FaultReason::NotJson), fault(4, FaultReason::NotObject)]);
    let refused = read_all(b"[\n{\"a\":1}]", TableOptions::default());
    assert!(matches!(refused, Err(ReadError::JsonArray)));
}

#[test]
fn lines_of_text_are_one_column() {
    let (columns, rows, _) = auto("Dear all, hello\nsee the list below\n\nbye, bye, bye\n");
    assert_eq!(columns, ["column_1"]);
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[2].0, 4);
}

#[test]
fn too_many_columns_are_refused() {
    let line = "email,".repeat(COLUMNS_MAX + 1);
    let refused = read_all(line.as_bytes(), TableOptions::default());
    assert!(matches!(refused, Err(ReadError::TooManyColumns { found }) if found > COLUMNS_MAX));
}

/// Hands out one byte at a time, now and then interrupted.
struct Slow<'a>(&'a [u8], bool);

impl Read for Slow<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.1 = !self.1;
        if self.1 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let Some((first, rest)) = self.0.split_first() else {
            return Ok(0);
        };
        out[0] = *first;
        self.0 = rest;
        Ok(1)
    }
}

#[test]
fn a_slow_source_gives_the_same_rows() {
    let text = "email,name\na@b.kr,\"x\ny\"\n".repeat(3);
    let mut table =
        TableReader::open(Slow(text.as_bytes(), false), TableOptions::default()).unwrap();
    let mut row = Row::default();
    let mut count = 0;
    while table.next_row(&mut row).unwrap() {
        count += 1;
    }
    assert_eq!(count, 5);
}

/// Fails after its bytes.
struct Failing<'a>(&'a [u8]);

impl Read for Failing<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.0.read(out)? {
            0 => Err(io::ErrorKind::InvalidData.into()),
            read => Ok(read),
        }
    }
}

#[test]
fn rows_before_a_failure_are_given_and_half_a_row_is_not() {
    for rows in [1, 20_000] {
        let text = format!("email,name\n{}c@d.kr,le", "a@b.kr,kim\n".repeat(rows));
        let options = TableOptions::default();
        let mut table = TableReader::open(Failing(text.as_bytes()), options).unwrap();
        let mut row = Row::default();
        for _ in 0..rows {
            assert!(table.next_row(&mut row).unwrap());
        }
        let failed = table.next_row(&mut row);
        assert!(matches!(failed, Err(ReadError::Io(io::ErrorKind::InvalidData))));
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        rows in proptest::collection::vec(proptest::collection::vec("[a-z가-힣 \",\n@0-9]{0,9}", 3), 1..30),
        legacy: bool,
    ) {
        // A syllable or two of CP949 can be UTF-8 by chance (C2 8A is 혡 and U+008A), and then nobody
        // can tell; the bytes of this header cannot.
        let mut text = String::from("ci,이름,phone\n");
        for row in &rows {
            let quoted: Vec<_> =
                row.iter().map(|field| format!("\"{}\"", field.replace('"', "\"\""))).collect();
            text.push_str(&quoted.join(","));
            text.push('\n');
        }
        let bytes = if legacy { cp949(&text) } else { text.into_bytes() };
        let options = TableOptions { has_header: Header::Yes, ..TableOptions::default() };
        let (_, found, faults) = read_all(&bytes, options).unwrap();
        prop_assert!(faults.is_empty());
        let found: Vec<_> = found.into_iter().map(|(_, fields)| fields).collect();
        prop_assert_eq!(found, rows);
    }

    #[test]
    fn arbitrary_bytes_never_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        text in "[a,\"\n\r{}:;\t|@가0-9]{0,200}",
    ) {
        for format in [Format::Auto, Format::Csv, Format::Ndjson, Format::Text] {
            let options = TableOptions { format, ..TableOptions::default() };
            let _ = read_all(&bytes, options);
            let _ = read_all(text.as_bytes(), options);
        }
    }
}
