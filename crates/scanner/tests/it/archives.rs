use std::fs;
use std::io::{self, Read};

use doldam_scanner::walk::{Source, WalkOptions, walk};
use doldam_scanner::{Locator, SkipReason};
use proptest::prelude::*;

use crate::corpus::{Met, customers, gzip, reopened, tar, zip};

#[test]
fn archives_in_archives_are_entered_and_opened_again() {
    let table = customers(1, 30);
    let bytes = table.as_bytes();
    let inner = zip(&[("export/users!1.csv", bytes), ("empty.txt", b"")]);
    let packed = gzip(&tar(&[("a/readme", b"nothing"), ("a/inner.zip", &inner)]));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("plain.csv"), bytes).unwrap();
    fs::write(folder.path().join("dump.tgz"), &packed).unwrap();
    fs::write(folder.path().join("odd!name.zip"), zip(&[("b.csv.gz", &gzip(bytes))])).unwrap();
    let mut met = Met::default();
    walk(&[folder.path().to_owned()], &WalkOptions::default(), &mut |source| met.visit(source));
    assert_eq!(met.skipped, []);
    let places: Vec<&str> =
        met.found.keys().map(|place| &place[folder.path().to_str().unwrap().len() + 1..]).collect();
    assert_eq!(
        places,
        [
            "dump.tgz!dump.tar!a/inner.zip!export/users%211.csv",
            "odd%21name.zip!b.csv.gz!b.csv",
            "plain.csv"
        ]
    );
    for (place, kinds) in &met.found {
        assert_eq!(
            kinds.iter().map(|(kind, n)| (*kind, *n)).collect::<Vec<_>>(),
            [("ci", 30), ("phone", 30)]
        );
        let locator: Locator = place.parse().unwrap();
        let mut text = String::new();
        locator.open().unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, table, "{place}");
    }
    assert_eq!(
        reopened(folder.path().join("odd!name.zip!b.csv.gz!b.csv").to_str().unwrap()),
        table
    );
}

#[test]
fn what_is_not_there_cannot_be_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    fs::write(&path, zip(&[("x", b"text")])).unwrap();
    let code = |inner: &[&str]| {
        let locator = inner.iter().fold(Locator::new(&path), |above, name| above.child(*name));
        locator.open().err().map(|error| error.code())
    };
    assert_eq!(code(&["x"]), None);
    assert_eq!(code(&["y"]), Some("not_found"));
    assert_eq!(code(&["x", "z"]), Some("not_a_container"));
    assert_eq!(Locator::new(folder.path().join("b")).open().err().map(|e| e.code()), Some("io"));
}

#[test]
fn cp949_is_read_in_names_and_tables() {
    let legacy =
        encoding_rs::EUC_KR.encode("고객명,주민등록번호\n김민지,9001011000007\n").0.into_owned();
    let name = encoding_rs::EUC_KR.encode("고객.csv").0.into_owned();
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(&name);
    header.set_size(legacy.len() as u64);
    header.set_cksum();
    let mut builder = tar::Builder::new(Vec::new());
    builder.append(&header, &legacy[..]).unwrap();
    let met = Met::in_bytes("x.tar", &builder.into_inner().unwrap());
    assert_eq!(met.found["x.tar!고객.csv"]["rrn"], 1);
}

#[test]
fn long_names_in_tar_archives_are_kept() {
    let name = format!("{}/users.csv", "folder".repeat(40));
    let met = Met::in_bytes("x.tar", &tar(&[(&name, customers(2, 3).as_bytes())]));
    assert_eq!(met.found[&format!("x.tar!{name}")]["ci"], 3);
}

#[test]
fn bombs_are_reported_and_cost_little() {
    let mut zeros = Vec::new();
    io::repeat(0).take(64 << 20).read_to_end(&mut zeros).unwrap();
    let once = zip(&[("zeros", &zeros)]);
    assert!(once.len() < 100_000);
    assert_eq!(Met::in_bytes("once.zip", &once).skipped, [], "one layer is sound compression");
    let twice = zip(&[("once.zip", &once), ("after.txt", b"010-1234-5678")]);
    let met = Met::in_bytes("twice.zip", &twice);
    assert!(
        met.skipped.contains(&("twice.zip!once.zip!zeros".into(), SkipReason::Bomb)),
        "{met:?}"
    );
    let flow = gzip(&gzip(&zeros));
    let met = Met::in_bytes("x.gz", &flow);
    assert_eq!(met.skipped.last().unwrap().1, SkipReason::Bomb);
}

#[test]
fn depth_is_limited() {
    let mut bytes = b"010-1234-5678".to_vec();
    for _ in 0..8 {
        bytes = gzip(&bytes);
    }
    assert_eq!(Met::in_bytes("x", &bytes).total("phone"), 1);
    let met = Met::in_bytes("x", &gzip(&bytes));
    assert_eq!((met.total("phone"), met.skipped[0].1), (0, SkipReason::TooDeep));
}

#[test]
fn an_archive_too_large_for_memory_is_reported() {
    let inner = zip(&[("a", b"010-1234-5678")]);
    let outer = tar(&[("inner.zip", &inner)]);
    let options = WalkOptions { memory_bytes_max: 10, ..WalkOptions::default() };
    let mut met = Met::default();
    doldam_scanner::walk_bytes("x.tar", &outer, &options, &mut |source| met.visit(source));
    assert_eq!(met.skipped, [("x.tar!inner.zip".into(), SkipReason::TooLarge)]);
}

#[test]
fn broken_and_encrypted_entries_are_reported_and_the_rest_is_read() {
    let table = customers(3, 20);
    let sound = zip(&[("a.csv", table.as_bytes()), ("b.csv", table.as_bytes())]);
    let mut encrypted = sound.clone();
    let local = 6;
    let central = memchr_find(&sound, b"PK\x01\x02") + 8;
    encrypted[local] |= 1;
    encrypted[central] |= 1;
    let met = Met::in_bytes("x.zip", &encrypted);
    assert_eq!(met.skipped, [("x.zip!a.csv".into(), SkipReason::Encrypted)]);
    assert_eq!(met.found["x.zip!b.csv"]["ci"], 20);

    let mut damaged = sound.clone();
    damaged[200] ^= 0xFF;
    let met = Met::in_bytes("x.zip", &damaged);
    assert_eq!(met.skipped, [("x.zip!a.csv".into(), SkipReason::Corrupt)]);
    assert_eq!(met.found["x.zip!b.csv"]["ci"], 20);

    let met = Met::in_bytes("x.zip", &sound[..sound.len() - 10]);
    assert_eq!(met.skipped, [("x.zip".into(), SkipReason::Corrupt)]);
    let cut = gzip(table.as_bytes());
    let met = Met::in_bytes("x.csv.gz", &cut[..cut.len() / 2]);
    assert_eq!(met.skipped, [("x.csv.gz!x.csv".into(), SkipReason::Corrupt)]);
    assert!(met.total("ci") > 0, "what could be read was scanned");
    let whole = tar(&[("a.csv", table.as_bytes())]);
    let met = Met::in_bytes("x.tar", &whole[..1024]);
    assert!(met.skipped.iter().all(|skipped| skipped.1 == SkipReason::Corrupt));
    assert!(!met.skipped.is_empty());
}

#[test]
fn links_are_not_followed_and_the_order_is_that_of_names() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["b", "a", "c"] {
        fs::write(folder.path().join(name), "x").unwrap();
    }
    std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", folder.path().join("link")).unwrap();
    let mut names = Vec::new();
    let paths = [folder.path().to_owned(), folder.path().join("absent")];
    walk(&paths, &WalkOptions::default(), &mut |source| match source {
        Source::Data { locator, .. } => names.push(locator.name()),
        Source::Skipped(skipped) => names.push(skipped.reason.code().to_owned()),
    });
    assert_eq!(names, ["a", "b", "c", "unreadable"]);
}

fn memchr_find(bytes: &[u8], needle: &[u8]) -> usize {
    bytes.windows(needle.len()).position(|window| window == needle).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn damaged_archives_never_panic(
        which in 0_usize..4,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
        is_cut: bool,
    ) {
        let table = customers(4, 5);
        let files = [("a.csv", table.as_bytes()), ("b/c.csv", table.as_bytes())];
        let mut bytes = match which {
            0 => zip(&files),
            1 => tar(&files),
            2 => gzip(&tar(&files)),
            _ => tar(&[("x.zip", &zip(&files))]),
        };
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        Met::in_bytes("x", &bytes);
    }
}
