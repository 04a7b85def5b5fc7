//! Writes the seeds: a few small inputs for each target from which the fuzzer starts.
//!
//! `cargo run --release --example seeds`, in this folder. The people in them are invented.

use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use doldam_fuzz::{Counting, domains, join, members};
use doldam_ground::locale::Language;
use doldam_ground::{Instant, MockClock};
use doldam_synthetic::{Column, Encoding, People, Seed};
use doldam_vault::keyring::{Keyring, KeyringFile, Passphrase, split};
use doldam_vault::seal::SecretKey;
use doldam_vault::{Actor, Place, Vault};
use flate2::Compression;
use flate2::write::GzEncoder;

type Done = Result<(), Box<dyn Error>>;

fn main() -> Done {
    let table = csv(0..6, b',');
    customers(&table)?;
    scan(&table)?;
    tables(&table)?;
    archives(&table)?;
    repository()?;
    texts(&table)?;
    secrets()?;
    smpp()?;
    anchor()
}

fn write(target: &str, name: &str, bytes: &[u8]) -> Done {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target);
    fs::create_dir_all(&folder)?;
    Ok(fs::write(folder.join(name), bytes)?)
}

fn csv(people: std::ops::Range<u32>, delimiter: u8) -> String {
    let delimiter = char::from(delimiter).to_string();
    let names: Vec<&str> = Column::ALL.iter().map(|column| column.id()).collect();
    let mut text = names.join(&delimiter) + "\n";
    let known = People::new(&Seed::new(1));
    for index in people {
        let person = known.person(index);
        let fields: Vec<&str> = Column::ALL.iter().map(|column| person.expose(*column)).collect();
        text += &(fields.join(&delimiter) + "\n");
    }
    text
}

fn customers(table: &str) -> Done {
    write(".", "customers.csv", table.as_bytes())?;
    let leak = csv(2..5, b';');
    write("trace", "own-list", &join(&[table.as_bytes(), leak.as_bytes()]))?;
    let lines: Vec<String> = leak
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(';').take(4).collect();
            serde_json::json!({ "a": cells[0], "b": cells.get(1), "c": cells.last() }).to_string()
        })
        .collect();
    write("trace", "ndjson", &join(&[b"", lines.join("\n").as_bytes()]))?;
    write("trace", "text", &join(&[b"", leak.replace(';', " / ").as_bytes()]))
}

fn scan(table: &str) -> Done {
    for encoding in Encoding::ALL {
        write("scan", &encoding.name().replace(' ', "-"), &encoding.file(table)?)?;
    }
    let talk = "phone: 010-1234-5678, card 4111-1111-1111-1111, mail a@b.example, \
                resident 800101-1234567, account=110-123-456789\n";
    write("scan", "talk", talk.as_bytes())
}

fn tables(table: &str) -> Done {
    for (place, encoding) in Encoding::ALL.into_iter().enumerate() {
        let choice = [0, 4, 8, 12][place % 4];
        write(
            "table",
            &encoding.name().replace(' ', "-"),
            &[&[choice][..], &encoding.file(table)?].concat(),
        )?;
    }
    write("table", "tabs", &[&[1][..], csv(0..2, b'\t').as_bytes()].concat())?;
    let quoted = "\x01a,b\n\"x\"\"y\",\"two\nlines\"\n\"open,1\nlast,2";
    write("table", "quotes", quoted.as_bytes())?;
    let objects =
        "\x02{\"a\":1,\"b\":[true,null,{\"c\":\"\\ud55c\\n\"}]}\n{\"b\":-1.5e3}\n{broken\n";
    write("table", "ndjson", objects.as_bytes())?;
    write("table", "lines", b"\x03one\r\n\r\ntwo\0three")
}

fn archives(table: &str) -> Done {
    let mut zipped = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, method) in [
        ("a!b.csv", zip::CompressionMethod::Stored),
        ("folder/b.csv", zip::CompressionMethod::Deflated),
    ] {
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        zipped.start_file(name, options)?;
        zipped.write_all(&table.as_bytes()[..400])?;
    }
    let zipped = zipped.finish()?.into_inner();
    write("walk", "zip", &zipped)?;
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(table.as_bytes())?;
    write("walk", "gzip", &packed.finish()?)?;
    let mut archive = tar::Builder::new(Vec::new());
    let long = "long/".repeat(30) + "name.csv";
    for (name, data) in [("plain.csv", &table.as_bytes()[..300]), (&long, &zipped)] {
        let mut header = tar::Header::new_gnu();
        header.set_size(data.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, data)?;
    }
    let archive = archive.into_inner()?;
    write("walk", "tar", &archive)?;
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&archive)?;
    write("walk", "tar-gzip", &packed.finish()?)
}

/// What a gateway sends: answers, a receipt by text and one by parameters, a length that lies.
fn smpp() -> Done {
    let pdu = |command: u32, body: &[u8]| {
        let length = u32::try_from(16 + body.len()).expect("seeds are short");
        let words = [length, command, 0, 1].map(u32::to_be_bytes).concat();
        [&words[..], body].concat()
    };
    let receipt = |text: &[u8], parameters: &[u8]| {
        let length = [u8::try_from(text.len()).expect("seeds are short")];
        let head = b"\0\0\x0101012345678\0\0\x0115990000\0\x04\0\0\0\0\0\0\0\0";
        pdu(5, &[&head[..], &length, text, parameters].concat())
    };
    let text = b"id:0A3f sub:001 dlvrd:001 submit date:2611231512 stat:UNDELIV err:04B text:";
    let parameters = b"\0\x1e\0\x03ab\0\x04\x27\0\x01\x02\x02\x04\0\x02\x01\x02";
    let answers =
        [pdu(0x8000_0009, b"smsc\0"), pdu(0x8000_0004, b"1f\0"), pdu(0x15, b"")].concat();
    write("smpp", "answers", &answers)?;
    write("smpp", "receipts", &[receipt(text, b""), receipt(b"", parameters)].concat())?;
    write("smpp", "query", &pdu(0x8000_0003, b"1f\0\0\x02\0"))?;
    let mut lying = pdu(0x8000_0004, b"1f\0");
    lying[3] += 5;
    write("smpp", "length", &lying)
}

/// A pack with a delta, made by git itself.
fn repository() -> Done {
    let folder = tempfile::tempdir()?;
    let git = |arguments: &[&str]| -> Done {
        let settings = ["-c", "user.name=x", "-c", "user.email=x@x.invalid", "-C"];
        let mut git = Command::new("git");
        git.args(settings).arg(folder.path()).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null");
        git.env("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z")
            .env("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z");
        git.stdout(std::process::Stdio::null());
        if git.status()?.success() { Ok(()) } else { Err("git failed".into()) }
    };
    git(&["init", "-q"])?;
    for people in 4..6 {
        fs::write(folder.path().join("users.csv"), csv(0..people, b','))?;
        git(&["add", "."])?;
        git(&["commit", "-q", "-m", "change"])?;
    }
    git(&["repack", "-q", "-a", "-d", "-f"])?;
    let (mut index, mut pack) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder.path().join(".git/objects/pack"))? {
        let path = entry?.path();
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("idx") => index = fs::read(path)?,
            Some("pack") => pack = fs::read(path)?,
            _ => {}
        }
    }
    let mut loose = flate2::write::ZlibEncoder::new(Vec::new(), Compression::best());
    loose.write_all(b"blob 5\0hello")?;
    write("git", "pack-with-delta", &join(&[&index, &loose.finish()?, &pack]))
}

fn texts(table: &str) -> Done {
    write("locator", "nested", b"dev/repo/.git!4be1c2d0a1b2:old/backup.zip!users%21%2521.csv")?;
    write("locator", "id", b"D-12")?;
    write("locator", "time", b"2026-11-23T09:12:00+09:00")?;
    for (place, value) in table.lines().nth(1).unwrap_or_default().split(',').enumerate() {
        write("kinds", &format!("value-{place}"), value.as_bytes())?;
    }
    write("kinds", "wide", "Ｋｉｍ 가\u{1100}\u{1161} 010−1234−5678".as_bytes())?;
    for (key, disclosures) in domains() {
        let mut lines = key.issue(None, &members()[..3], Language::Ko)?;
        lines.extend(key.issue(disclosures.first().copied(), &members()[..3], Language::En)?);
        write("recognise", key.kind().id(), lines.join("\n").as_bytes())?;
    }
    write("proof", "any", &[0; 200])?;
    write("proof", "right", &[1, 99, 4, 0, 0, 0, 0, 0, 0, 0, 3, 1, 1])
}

fn secrets() -> Done {
    let folder = tempfile::tempdir()?;
    let passphrase = Passphrase::new("correct horse battery staple");
    let keyring = Keyring::draw(&mut Counting(2)).rotated(&mut Counting(3));
    KeyringFile::of(folder.path()).write(&keyring, &passphrase, &mut Counting(4))?;
    let file = fs::read_to_string(folder.path().join("keyring.json"))?;
    // Fewer passes over less memory open nothing any more, but try it at a thousand times the speed.
    let file = file.replace("65536", "8").replace("\"passes\": 3", "\"passes\": 1");
    let shares = split(&SecretKey::from_bytes([7; 32]), &mut Counting(1));
    let shares = [shares[0].expose().as_bytes(), shares[1].expose().as_bytes()];
    write("keyring", "file-and-shares", &join(&[shares[0], shares[1], file.as_bytes()]))?;
    let length = (8_u64 * 32).to_be_bytes();
    write("key_backup", "plain", &[&length[..], &[6; 8 * 32], b"SQLite format 3\0"].concat())
}

fn anchor() -> Done {
    let folder = tempfile::tempdir()?;
    let place = Place {
        folder: folder.path().join("var"),
        postgres: None,
        anchor: folder.path().join("anchor"),
        language: Language::Ko,
        clock: Arc::new(MockClock::new(Instant::from_micros(1_795_000_000_000_000))),
        entropy: Box::new(Counting(9)),
    };
    let vault = Vault::create(place, &Passphrase::new("correct horse battery staple"))?;
    let actor = Actor { name: "hong".to_owned(), origin: "local".to_owned() };
    vault.log(&actor, "subject.reveal", "D-1".to_owned(), "a test", None)?;
    vault.checkpoint()?;
    write("anchor", "checkpoints", &fs::read(folder.path().join("anchor"))?)
}
