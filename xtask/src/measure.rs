//! `cargo xtask measure`: the shape of the code against the limits of CONTRIBUTING.md.
//!
//! The figures are those by which the code bases we learn from were compared: how long files and
//! functions are, how many public items say what they are, how often `unwrap` stands in product
//! code. Two of them are hard limits and fail the build; the others are printed so that a change
//! for the worse shows. It is a heuristic on text (see [`crate::rust_text`]): differences of a few
//! per cent mean nothing.

use crate::rust_text::{RustText, is_word_byte};
use crate::{out, workspace};
use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use std::ops::Range;
use std::path::{Path, PathBuf};

const FUNCTION_LINES_MAX: usize = 70;
const FILE_LINES_MAX: usize = 800;
const TEST_FILE_LINES_MAX: usize = 1_500;

/// One Rust file of the workspace.
pub(crate) struct SourceFile {
    /// The room that it belongs to, such as `store`.
    pub(crate) room: String,
    /// Its path from the root of the workspace.
    pub(crate) path: String,
    /// Its whole text.
    pub(crate) source: String,
    /// Its text with comments and literals blanked out.
    pub(crate) text: RustText,
    /// True when the whole file is tests, a benchmark or an example.
    pub(crate) is_test_file: bool,
    test_regions: Vec<Range<usize>>,
}

impl SourceFile {
    /// A file with this text.
    pub(crate) fn new(room: &str, path: String, source: &str) -> Self {
        let text = RustText::new(source);
        let is_test_file = ["/tests/", "/tests.rs", "/benches/", "/examples/"]
            .iter()
            .any(|part| path.contains(part));
        let test_regions = test_regions(&text);
        let source = source.to_owned();
        Self { room: room.to_owned(), path, source, text, is_test_file, test_regions }
    }

    /// Every Rust file of the workspace's crates, in the order of their paths.
    pub(crate) fn read_all() -> Result<Vec<Self>> {
        let mut folders: Vec<PathBuf> = list(&workspace::root().join("crates"))?;
        folders.push(workspace::root().join("xtask"));
        let mut files = Vec::new();
        for folder in folders {
            let room = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            for part in ["src", "tests", "benches", "examples"] {
                read_folder(&folder.join(part), &room, &mut files)?;
            }
        }
        Ok(files)
    }

    /// True when the position stands in test code.
    pub(crate) fn is_in_tests(&self, position: usize) -> bool {
        self.is_test_file || self.test_regions.iter().any(|region| region.contains(&position))
    }

    fn line_count(&self) -> usize {
        self.source.lines().count()
    }

    fn line_limit(&self) -> usize {
        if self.is_test_file { TEST_FILE_LINES_MAX } else { FILE_LINES_MAX }
    }

    /// Lines that hold code: `(product, tests)`.
    fn code_lines(&self) -> (usize, usize) {
        let mut counts = (0, 0);
        let mut position = 0;
        for line in self.text.code().split(|byte| *byte == b'\n') {
            if !line.iter().all(u8::is_ascii_whitespace) {
                if self.is_in_tests(position) {
                    counts.1 += 1;
                } else {
                    counts.0 += 1;
                }
            }
            position += line.len() + 1;
        }
        counts
    }

    fn functions(&self) -> Vec<Function> {
        self.text.words("fn").filter_map(|start| self.function(start)).collect()
    }

    /// The function whose `fn` stands here; `None` for a function type or one without a body.
    fn function(&self, start: usize) -> Option<Function> {
        let code = self.text.code();
        let name_start = start + 3;
        let length = code.get(name_start..)?.iter().take_while(|byte| is_word_byte(**byte)).count();
        if length == 0 {
            return None;
        }
        let open = self.text.find_outside_brackets(name_start, b"{;")?;
        if code[open] == b';' {
            return None;
        }
        let first = self.text.line(start);
        let last = self.text.line(self.text.closing(open)?);
        Some(Function {
            place: format!("{}:{first}", self.path),
            name: self.source.get(name_start..name_start + length)?.to_owned(),
            lines: last - first + 1,
            is_test: self.is_in_tests(start),
        })
    }

    /// Public items of the product code: `(documented, all)`.
    fn public_items(&self) -> (usize, usize) {
        let lines: Vec<&str> = self.source.lines().collect();
        let mut counts = (0, 0);
        let mut position = 0;
        for (index, code) in self.text.code().split(|byte| *byte == b'\n').enumerate() {
            if is_public_item(&String::from_utf8_lossy(code)) && !self.is_in_tests(position) {
                counts.1 += 1;
                counts.0 += usize::from(is_documented(&lines[..index]));
            }
            position += code.len() + 1;
        }
        counts
    }

    fn product_words(&self, word: &str) -> usize {
        self.text.words(word).filter(|position| !self.is_in_tests(*position)).count()
    }

    fn unwraps(&self) -> usize {
        let code = self.text.code();
        let is_call = |start: &usize| {
            *start > 0 && code[start - 1] == b'.' && code[start + 6..].starts_with(b"()")
        };
        self.text
            .words("unwrap")
            .filter(|start| is_call(start) && !self.is_in_tests(*start))
            .count()
    }
}

struct Function {
    place: String,
    name: String,
    lines: usize,
    is_test: bool,
}

/// The figures of a set of files.
struct Shape {
    files: usize,
    code_lines: usize,
    test_lines: usize,
    file_lines: Spread,
    function_lines: Spread,
    functions_long: usize,
    public_items: usize,
    public_documented: usize,
    unwraps: usize,
    unsafe_words: usize,
    faults: Vec<String>,
}

/// Where the values of a list lie (nearest rank).
struct Spread {
    count: usize,
    median: usize,
    p90: usize,
    p99: usize,
    max: usize,
}

impl Spread {
    fn new(mut values: Vec<usize>) -> Self {
        values.sort_unstable();
        let rank = |percent: usize| {
            let rank = (values.len() * percent).div_ceil(100).max(1);
            values.get(rank - 1).copied().unwrap_or(0)
        };
        let (median, p90, p99, max) = (rank(50), rank(90), rank(99), rank(100));
        Self { count: values.len(), median, p90, p99, max }
    }
}

impl Shape {
    fn new(files: &[SourceFile]) -> Self {
        let functions: Vec<Function> = files.iter().flat_map(SourceFile::functions).collect();
        let product = || files.iter().filter(|file| !file.is_test_file);
        let sizes = |functions: &[Function]| {
            functions.iter().filter(|f| !f.is_test).map(|f| f.lines).collect::<Vec<_>>()
        };
        let code_lines: Vec<(usize, usize)> = files.iter().map(SourceFile::code_lines).collect();
        let public: Vec<(usize, usize)> = product().map(SourceFile::public_items).collect();
        let function_lines = sizes(&functions);
        Self {
            files: files.len(),
            code_lines: code_lines.iter().map(|counts| counts.0).sum(),
            test_lines: code_lines.iter().map(|counts| counts.1).sum(),
            file_lines: Spread::new(product().map(SourceFile::line_count).collect()),
            functions_long: function_lines.iter().filter(|l| **l > FUNCTION_LINES_MAX).count(),
            function_lines: Spread::new(function_lines),
            public_items: public.iter().map(|counts| counts.1).sum(),
            public_documented: public.iter().map(|counts| counts.0).sum(),
            unwraps: files.iter().map(SourceFile::unwraps).sum(),
            unsafe_words: files.iter().map(|file| file.product_words("unsafe")).sum(),
            faults: faults(files, &functions),
        }
    }

    fn per_thousand_lines(&self, count: usize) -> f64 {
        share(count * 1_000, self.code_lines)
    }

    fn to_json(&self) -> Value {
        json!({
            "schema": 1,
            "files": self.files,
            "code_lines": self.code_lines,
            "test_lines": self.test_lines,
            "tests_per_code": rounded(share(self.test_lines, self.code_lines)),
            "file_lines": {
                "median": self.file_lines.median,
                "p90": self.file_lines.p90,
                "max": self.file_lines.max,
            },
            "function_lines": {
                "count": self.function_lines.count,
                "median": self.function_lines.median,
                "p90": self.function_lines.p90,
                "p99": self.function_lines.p99,
                "max": self.function_lines.max,
                "over_70_percent":
                    rounded(share(self.functions_long * 100, self.function_lines.count)),
            },
            "public_items": self.public_items,
            "public_documented_percent":
                rounded(share(self.public_documented * 100, self.public_items)),
            "unwrap_per_thousand_lines": rounded(self.per_thousand_lines(self.unwraps)),
            "unsafe_per_thousand_lines": rounded(self.per_thousand_lines(self.unsafe_words)),
            "faults": self.faults,
        })
    }

    fn to_table(&self) -> Vec<String> {
        let (file, function) = (&self.file_lines, &self.function_lines);
        vec![
            format!(
                "code lines            {} product, {} tests ({:.2} : 1)",
                out::grouped(self.code_lines as u64),
                out::grouped(self.test_lines as u64),
                share(self.test_lines, self.code_lines)
            ),
            format!(
                "file lines            median {}, p90 {}, max {}",
                file.median, file.p90, file.max
            ),
            format!(
                "function lines        median {}, p90 {}, p99 {}, max {} of {} functions",
                function.median,
                function.p90,
                function.p99,
                function.max,
                out::grouped(function.count as u64)
            ),
            format!(
                "functions over {FUNCTION_LINES_MAX}     {:.2} %",
                share(self.functions_long * 100, function.count)
            ),
            format!(
                "public documented     {:.1} % of {}",
                share(self.public_documented * 100, self.public_items),
                self.public_items
            ),
            format!("unwrap per 1,000      {:.2}", self.per_thousand_lines(self.unwraps)),
            format!("unsafe per 1,000      {:.2}", self.per_thousand_lines(self.unsafe_words)),
        ]
    }
}

/// Prints the figures; false when a hard limit is passed.
pub(crate) fn measure(is_json: bool) -> Result<bool> {
    let shape = Shape::new(&SourceFile::read_all()?);
    if is_json {
        out::say(&format!("{:#}", shape.to_json()));
    } else {
        for line in shape.to_table() {
            out::say(&line);
        }
    }
    for fault in &shape.faults {
        out::tell(&format!("measure: {fault}"));
    }
    Ok(shape.faults.is_empty())
}

/// What passes a hard limit. Functions of tests obey it too: a test is read as often as code.
fn faults(files: &[SourceFile], functions: &[Function]) -> Vec<String> {
    let long_files =
        files.iter().filter(|file| file.line_count() > file.line_limit()).map(|file| {
            format!("{} has {} lines, limit {}", file.path, file.line_count(), file.line_limit())
        });
    let long_functions = functions.iter().filter(|f| f.lines > FUNCTION_LINES_MAX).map(|f| {
        format!("{} `{}` has {} lines, limit {FUNCTION_LINES_MAX}", f.place, f.name, f.lines)
    });
    long_files.chain(long_functions).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts of lines are far below 2^52")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// What follows a `#[cfg(test)]`, up to its closing brace.
fn test_regions(text: &RustText) -> Vec<Range<usize>> {
    let code = text.code();
    text.words("cfg")
        .filter(|start| {
            let rest = &code[start + 3..];
            rest.starts_with(b"(test)") || rest.starts_with(b"(all(test")
        })
        .filter_map(|start| {
            let attribute_end = text.find_outside_brackets(start, b"]")?;
            let open = text.find_outside_brackets(attribute_end + 1, b"{;")?;
            let end = if code[open] == b'{' { text.closing(open)? } else { open };
            Some(start.saturating_sub(2)..end + 1)
        })
        .collect()
}

/// True for a line that begins a public item other than a re-export or a module.
fn is_public_item(line: &str) -> bool {
    let Some(rest) = line.trim_start().strip_prefix("pub ") else {
        return false;
    };
    let is_item = |word: &str| {
        matches!(word, "fn" | "struct" | "enum" | "trait" | "type" | "const" | "static" | "union")
    };
    rest.split_whitespace().take(4).any(is_item)
}

/// True when the nearest line above that is not an attribute is documentation.
fn is_documented(above: &[&str]) -> bool {
    let mut is_in_attribute = false;
    for line in above.iter().rev().map(|line| line.trim()) {
        if line.starts_with("#[doc") || line.starts_with("///") || line.ends_with("*/") {
            return true;
        }
        if line.starts_with("#[") {
            is_in_attribute = false;
        } else if line.ends_with(")]") || line == "]" {
            is_in_attribute = true;
        } else if !is_in_attribute {
            return false;
        }
    }
    false
}

fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<PathBuf>>>()?;
    paths.sort();
    Ok(paths)
}

fn read_folder(folder: &Path, room: &str, files: &mut Vec<SourceFile>) -> Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for path in list(folder)? {
        if path.is_dir() {
            read_folder(&path, room, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source =
                std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let shown = path.strip_prefix(workspace::root()).unwrap_or(&path);
            files.push(SourceFile::new(room, shown.display().to_string(), &source));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    fn file(source: &str) -> SourceFile {
        SourceFile::new("ground", "crates/ground/src/a.rs".to_owned(), source)
    }

    fn function_of(lines: usize) -> String {
        let mut source = "fn long() {\n".to_owned();
        for _ in 0..lines - 2 {
            let _ = writeln!(source, "    call(\"}}\"); // }}");
        }
        source + "}\n"
    }

    #[test]
    fn a_function_is_measured_from_its_signature_to_its_brace() {
        let found = file("struct S { f: fn(u8) -> u8 }\ntrait T { fn g(&self); }\n\
                          fn a(\n  x: [u8; 2],\n) -> u8\nwhere u8: Copy,\n{\n  let _ = '{';\n  0\n}\n")
            .functions();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].name.as_str(), found[0].lines), ("a", 8));
    }

    #[test]
    fn seventy_lines_pass_and_one_more_fails() {
        assert!(Shape::new(&[file(&function_of(70))]).faults.is_empty());
        assert_eq!(
            Shape::new(&[file(&function_of(71))]).faults,
            ["crates/ground/src/a.rs:1 `long` has 71 lines, limit 70"]
        );
    }

    #[test]
    fn files_over_their_limit_fail_and_test_files_may_be_longer() {
        let lines = |count: usize| "const A: u8 = 1;\n".repeat(count);
        let tests = |source: &str| {
            SourceFile::new("ground", "crates/ground/tests/it/a.rs".to_owned(), source)
        };
        assert!(Shape::new(&[file(&lines(800))]).faults.is_empty());
        assert_eq!(Shape::new(&[file(&lines(801))]).faults.len(), 1);
        assert!(Shape::new(&[tests(&lines(1_500))]).faults.is_empty());
        assert_eq!(Shape::new(&[tests(&lines(1_501))]).faults.len(), 1);
    }

    #[test]
    fn tests_do_not_count_as_product_code() {
        let source = "fn a() { b.unwrap(); }\n// .unwrap()\n\n#[cfg(test)]\nmod tests {\n    \
                      fn c() { d.unwrap(); }\n}\n";
        let shape = Shape::new(&[file(source)]);
        assert_eq!((shape.code_lines, shape.test_lines, shape.unwraps), (1, 4, 1));
        assert_eq!(shape.function_lines.count, 1);
    }

    #[test]
    fn unwrap_with_a_default_is_no_unwrap() {
        assert_eq!(file("fn a() { b.unwrap_or(1); c.unwrap_or_default(); }").unwraps(), 0);
    }

    #[test]
    fn documentation_is_seen_above_attributes() {
        let source = "/// Said.\n#[derive(\n    Debug,\n)]\npub struct A;\n\npub fn b() {}\n\
                      pub(crate) fn c() {}\npub use x::y;\n/** Said. */\npub const fn d() {}\n\
                      #[must_use]\npub fn e() {}\n";
        assert_eq!(file(source).public_items(), (2, 4));
    }

    #[test]
    fn ranks_are_the_nearest() {
        let spread = Spread::new((1..=100).rev().collect());
        assert_eq!((spread.median, spread.p90, spread.p99, spread.max), (50, 90, 99, 100));
        let nothing = Spread::new(Vec::new());
        assert_eq!((nothing.count, nothing.max), (0, 0));
    }

    #[test]
    fn the_workspace_itself_is_read() {
        let files = SourceFile::read_all().expect("the workspace is readable");
        assert!(files.iter().any(|file| file.path == "xtask/src/measure.rs"));
        assert!(Shape::new(&files).function_lines.count > 50);
    }
}
