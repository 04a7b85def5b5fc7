//! A repository of any bytes: a pack, its index, a loose object.

#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use doldam_fuzz::parts;
use doldam_scanner::{Source, WalkOptions, walk};
use libfuzzer_sys::fuzz_target;

const LOOSE: &str = "objects/ab/cdef0123456789abcdef0123456789abcdef01";

/// A git folder whose objects are written anew for each run. Dropped never: it lies in memory.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    // What panics inside of the library that reads packs is caught by the product, so a panic must
    // not end the process on its way up; one that comes out at the top still does.
    std::panic::set_hook(Box::new(|_| {}));
    let folder = tempfile::Builder::new().tempdir_in("/dev/shm").expect("there is memory").keep();
    for inner in ["objects/pack", "objects/ab", "refs"] {
        fs::create_dir_all(folder.join(inner)).expect("folders can be made");
    }
    fs::write(folder.join("HEAD"), "ref: refs/heads/main\n").expect("files can be written");
    folder
});

fuzz_target!(|bytes: &[u8]| {
    let names = ["objects/pack/pack-1.idx", LOOSE, "objects/pack/pack-1.pack"];
    for (name, part) in names.iter().zip(parts(bytes, names.len())) {
        fs::write(FOLDER.join(name), part).expect("files can be written");
    }
    let mut count = 0;
    walk(std::slice::from_ref(&FOLDER), &WalkOptions::default(), &mut |source| {
        count += 1;
        if let Source::Data { read, .. } = source {
            let _ = std::io::copy(&mut std::io::Read::take(read, 4 << 20), &mut std::io::sink());
        }
    });
    assert!(count > 0, "the folder's own files are handed out");
});
