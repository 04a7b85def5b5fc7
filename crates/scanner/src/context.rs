//! What stands around a value and says what it is.
//!
//! In a table the header speaks for its whole column; elsewhere the key or the words right before a
//! value do. Context raises or lowers a grade, it never invents a value.

use std::sync::OnceLock;

use doldam_ground::Kind;
use doldam_ground::limits::COLUMNS_MAX;
use encoding_rs::EUC_KR;

use crate::read::text::from_cp949;

/// What the context says about one candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It names the candidate's kind.
    Backs,
    /// It says nothing.
    Silent,
    /// It names another kind.
    Contradicts,
}

/// How far before a value words count.
const NEAR_BYTES: usize = 48;

/// Words that name a kind, and whether they count only when no letter touches them.
const WORDS: [(&str, &[(&str, bool)]); 7] = [
    ("ci", &[("ci", true), ("conninfo", false), ("conn_info", false), ("연계정보", false)]),
    ("di", &[("di", true), ("dupinfo", false), ("dup_info", false), ("중복가입", false)]),
    (
        "phone",
        &[
            ("phone", false),
            ("mobile", false),
            ("cell", false),
            ("contact", false),
            ("tel", true),
            ("hp", true),
            ("휴대", false),
            ("핸드폰", false),
            ("전화", false),
            ("연락처", false),
        ],
    ),
    ("email", &[("mail", false), ("메일", false)]),
    (
        "rrn",
        &[("rrn", true), ("ssn", true), ("jumin", false), ("resident", false), ("주민", false)],
    ),
    ("frn", &[("frn", true), ("foreigner", false), ("alien", false), ("외국인", false)]),
    ("card", &[("card", false), ("credit", false), ("pan", true), ("카드", false)]),
];

struct Word {
    kind: Kind,
    bytes: Vec<u8>,
    whole: bool,
}

/// The words in UTF-8 and, where it differs, in CP949.
fn words() -> &'static [Word] {
    static ALL: OnceLock<Vec<Word>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = Vec::new();
        for (id, spellings) in WORDS {
            let kind = Kind::from_id(id).expect("the words are those of kinds of the table");
            for (word, whole) in spellings {
                let legacy = EUC_KR.encode(word).0.into_owned();
                if legacy != word.as_bytes() {
                    all.push(Word { kind, bytes: legacy, whole: *whole });
                }
                all.push(Word { kind, bytes: word.as_bytes().to_vec(), whole: *whole });
            }
        }
        all
    })
}

/// Whether the line, as far as it stands right before a value, names the kind.
pub(crate) fn names(before: &[u8], kind: Kind) -> bool {
    let near = &before[before.len().saturating_sub(NEAR_BYTES)..];
    let mut lower = [0; NEAR_BYTES];
    let lower = &mut lower[..near.len()];
    lower.copy_from_slice(near);
    lower.make_ascii_lowercase();
    words().iter().any(|word| word.kind == kind && contains(lower, word))
}

fn contains(text: &[u8], word: &Word) -> bool {
    memchr::memmem::find_iter(text, &word.bytes).any(|start| {
        let letter = |place: usize| text.get(place).is_some_and(u8::is_ascii_alphabetic);
        let end = start + word.bytes.len();
        !word.whole || !(letter(end) || start > 0 && letter(start - 1))
    })
}

/// The kind that a column's header names, in the table's spellings or in words.
fn header_kind(header: &str) -> Option<Kind> {
    Kind::from_header(header).or_else(|| {
        let lower = header.to_lowercase();
        words().iter().find(|word| contains(lower.as_bytes(), word)).map(|word| word.kind)
    })
}

/// Longest first line that is looked at as a header, in bytes.
const HEADER_BYTES_MAX: usize = 16 << 10;
/// Longest name of a column, in characters.
const NAME_CHARACTERS_MAX: usize = 40;

/// The columns of a table with a header.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    delimiter: u8,
    kinds: Vec<Option<Kind>>,
    /// Where counting stands: the offset of the line, of the next byte to look at, the column that
    /// it belongs to, and whether it is inside quotation marks.
    line_start: u64,
    counted: u64,
    column: usize,
    quoted: bool,
}

impl Columns {
    /// The columns that the first line of `beginning` names, if it names any kind.
    pub(crate) fn from_header(beginning: &[u8]) -> Option<Self> {
        let text = beginning.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(beginning);
        let line = text.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty())?;
        if line.len() > HEADER_BYTES_MAX || line.trim_ascii_start().starts_with(b"{") {
            return None;
        }
        let (delimiter, kinds) = [b',', b'\t', b';', b'|']
            .into_iter()
            .filter_map(|delimiter| Some((delimiter, header_kinds(line, delimiter)?)))
            .max_by_key(|(_, kinds)| kinds.iter().flatten().count())?;
        Some(Self { delimiter, kinds, line_start: 0, counted: 0, column: 0, quoted: false })
    }

    /// What the header says of a candidate of `kind` at `start`, on the line from `line_start` on;
    /// all offsets are from the beginning of the source, `buffer` begins at `base`.
    pub(crate) fn verdict(
        &mut self,
        buffer: &[u8],
        base: u64,
        line_start: u64,
        start: u64,
        kind: Kind,
    ) -> Verdict {
        self.count(buffer, base, line_start, start);
        match self.kinds.get(self.column).copied().flatten() {
            Some(named) if is_same(named, kind) => Verdict::Backs,
            Some(_) if self.kinds.len() > 1 => Verdict::Contradicts,
            _ => Verdict::Silent,
        }
    }

    fn count(&mut self, buffer: &[u8], base: u64, line_start: u64, start: u64) {
        if line_start != self.line_start {
            self.line_start = line_start;
            self.counted = line_start;
            self.column = 0;
            self.quoted = false;
        }
        let place = |offset: u64| usize::try_from(offset.saturating_sub(base)).unwrap_or(0);
        let (from, to) = (place(self.counted), place(start).min(buffer.len()));
        for at in memchr::memchr2_iter(self.delimiter, b'"', buffer.get(from..to).unwrap_or(&[])) {
            if buffer[from + at] == b'"' {
                self.quoted = !self.quoted;
            } else if !self.quoted {
                self.column += 1;
            }
        }
        self.counted = self.counted.max(start);
    }
}

/// The kinds that the fields of a first line name; `None` when it is no header.
///
/// A header's fields are short names. One of them must be a name of the kind table, or all must be
/// single words, so that a sentence with the word *phone* in it is not taken for one.
fn header_kinds(line: &[u8], delimiter: u8) -> Option<Vec<Option<Kind>>> {
    let mut kinds = Vec::new();
    let (mut exact, mut words_only) = (false, true);
    for field in line.split(|byte| *byte == delimiter).take(COLUMNS_MAX) {
        let text = match std::str::from_utf8(field) {
            Ok(text) => text.into(),
            Err(_) => from_cp949(field)?,
        };
        let name = text.trim().trim_matches('"').trim();
        let is_name = name.chars().count() <= NAME_CHARACTERS_MAX
            && !name.contains(['{', '}', '[', ']', '=', ':', '<', '>', '@', ';']);
        if !is_name {
            return None;
        }
        exact |= Kind::from_header(name).is_some();
        words_only &= !name.contains(' ');
        kinds.push(header_kind(name));
    }
    let named = kinds.iter().any(Option::is_some);
    (named && (exact || kinds.len() > 1 && words_only)).then_some(kinds)
}

/// Whether a column of `named` may hold `kind`: both numbers of residents share columns.
fn is_same(named: Kind, kind: Kind) -> bool {
    let resident = |kind: Kind| kind == Kind::RRN || kind.id() == "frn";
    named == kind || resident(named) && resident(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_before_a_value_name_its_kind() {
        assert!(names("\"phoneNumber\": \"".as_bytes(), Kind::PHONE));
        assert!(names("주민등록번호는 ".as_bytes(), Kind::RRN));
        assert!(names(&EUC_KR.encode("연락처 : ").0, Kind::PHONE));
        assert!(names(b"user_ci=", Kind::CI));
        assert!(!names(b"special: ", Kind::CI));
        assert!(!names(b"hotel ", Kind::PHONE));
        assert!(!names(b"", Kind::CI));
    }

    #[test]
    fn a_header_speaks_for_its_column() {
        let text = b"\xEF\xBB\xBFnick,\"CI\",user_phone\n\"a,b\",x,y\n";
        let mut columns = Columns::from_header(text).unwrap();
        let line = memchr::memchr(b'\n', text).unwrap() + 1;
        let mut at = |needle: &[u8], kind| {
            let start = line + memchr::memmem::find(&text[line..], needle).unwrap();
            columns.verdict(text, 0, line as u64, start as u64, kind)
        };
        assert_eq!(at(b"x", Kind::CI), Verdict::Backs);
        assert_eq!(at(b"y", Kind::CI), Verdict::Contradicts);
        assert_eq!(at(b"y", Kind::PHONE), Verdict::Backs);
        for prose in [&b"hello, world\n"[..], b"# Mobile app\n", b"call us, by phone or mail\n"] {
            assert!(Columns::from_header(prose).is_none());
        }
        let legacy = EUC_KR.encode("이름;휴대폰\n").0.into_owned();
        assert_eq!(
            Columns::from_header(&legacy).unwrap().kinds,
            [Some(Kind::NAME), Some(Kind::PHONE)]
        );
    }
}
