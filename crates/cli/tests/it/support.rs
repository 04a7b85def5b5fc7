//! A folder with an installation in it, and the binary that works on it.

use std::cell::RefCell;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use doldam_synthetic::bank::Table;
use doldam_synthetic::{Column, Encoding, People, Seed};
use serde_json::Value;
use tempfile::TempDir;

/// All columns of a customer, the resident number among them.
pub(crate) const ALL_COLUMNS: &str =
    "ci,di,nickname,name,phone,email,account,card,rrn,customer_id,language,address,birth_date";
/// The law that the resident numbers of the tests stand on.
pub(crate) const LAW: &str = "Act on Real Name Financial Transactions, Article 3";

/// How a command ended.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    fn new(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("our words are UTF-8");
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Fails the test unless it ended well.
    #[track_caller]
    pub(crate) fn good(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.err);
        self
    }

    /// Fails the test unless it ended with this code, an error and a hint, and no data.
    #[track_caller]
    pub(crate) fn refused(self, code: i32, about: &str) -> Self {
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.err);
        assert!(self.out.is_empty(), "{}", self.out);
        let mut lines = self.err.lines().filter(|line| !line.starts_with("note: "));
        assert!(lines.any(|line| line.starts_with("error: ")), "{}", self.err);
        assert!(self.err.contains("hint: "), "{}", self.err);
        assert!(self.err.contains(about), "{about} is not in: {}", self.err);
        self
    }

    /// The JSON that was written.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        let value: Value = serde_json::from_str(&self.out).expect(&self.err);
        assert_eq!(value["schema"], 1, "{}", self.out);
        value
    }
}

/// A folder of its own for a test, with a passphrase in it.
pub(crate) struct House {
    folder: TempDir,
    /// Everything that commands wrote to standard output and standard error, but for what was
    /// revealed on purpose.
    heard: RefCell<Vec<u8>>,
}

impl House {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        let folder = TempDir::new().expect("the system has a folder for temporary files");
        std::fs::write(folder.path().join("pass"), "correct horse battery\n").expect("writable");
        Self { folder, heard: RefCell::default() }
    }

    /// A folder with a new installation in `var`.
    pub(crate) fn new() -> Self {
        let house = Self::empty();
        house.run(&["init"]).good();
        house
    }

    /// A folder with an installation that holds so many customers.
    pub(crate) fn with_customers(count: u32) -> Self {
        let house = Self::new();
        house.write_customers("customers.csv", "ci,nickname,phone,email,customer_id", 0..count);
        house.run(&["subject", "import", "customers.csv", "--source", "branch"]).good();
        house
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the folder.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).expect("the folder is writable");
    }

    /// Writes a table of customers who do not exist.
    pub(crate) fn write_customers(
        &self,
        name: &str,
        columns: &str,
        indices: impl IntoIterator<Item = u32>,
    ) {
        let columns = Column::parse_list(columns).expect("columns of the tests exist");
        let people = people();
        let table = Table { people: &people, columns: &columns, encoding: Encoding::Utf8 };
        let mut csv = Vec::new();
        table.write_csv(&mut csv, indices).expect("memory takes every write");
        self.write(name, csv);
    }

    /// The binary with the folder as its place and the passphrase in its environment.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_doldam"));
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("USER", "tester")
            .env("DOLDAM_PASSPHRASE_FILE", "pass")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the binary.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        let output = self.command().args(arguments).output().expect("the binary starts");
        self.hear(arguments, &output);
        Ended::new(&output)
    }

    /// What commands wrote so far, but for what was revealed on purpose.
    pub(crate) fn heard(&self) -> Vec<u8> {
        self.heard.borrow().clone()
    }

    /// Runs the binary with a text on standard input.
    pub(crate) fn run_with(&self, input: &str, arguments: &[&str]) -> Ended {
        let mut command = self.command();
        let mut child =
            command.args(arguments).stdin(Stdio::piped()).spawn().expect("the binary starts");
        let mut pipe = child.stdin.take().expect("it was piped");
        pipe.write_all(input.as_bytes()).expect("the binary reads");
        drop(pipe);
        let output = child.wait_with_output().expect("the binary ends");
        self.hear(arguments, &output);
        Ended::new(&output)
    }

    fn hear(&self, arguments: &[&str], output: &Output) {
        if !arguments.contains(&"reveal") {
            let mut heard = self.heard.borrow_mut();
            heard.extend_from_slice(&output.stdout);
            heard.extend_from_slice(&output.stderr);
        }
    }

    /// Runs a line of a shell in which `$DOLDAM` is the binary.
    pub(crate) fn shell(&self, line: &str) -> Ended {
        let mut command = Command::new("/bin/sh");
        command
            .current_dir(self.folder.path())
            .env("DOLDAM", env!("CARGO_BIN_EXE_doldam"))
            .env("DOLDAM_PASSPHRASE_FILE", "pass")
            .stdin(Stdio::null())
            .args(["-c", line]);
        Ended::new(&command.output().expect("there is a shell"))
    }

    /// How many subjects are enrolled.
    #[track_caller]
    pub(crate) fn subjects(&self) -> u64 {
        let status = self.run(&["subject", "status", "--format", "json"]).good().json();
        status["subjects"].as_u64().expect("a count")
    }
}

/// The customers of all tests.
pub(crate) fn people() -> People {
    People::new(&Seed::new(4_242))
}

/// The value of a customer's column.
pub(crate) fn value(index: u32, column: Column) -> String {
    people().person(index).expose(column).to_owned()
}

/// All files under a folder.
pub(crate) fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is readable") {
        let path = entry.expect("the folder is readable").path();
        if path.is_dir() {
            files.extend(files_under(&path));
        } else {
            files.push(path);
        }
    }
    files
}
