//! Puts the built console into the program.
//!
//! npm makes the console's files, cargo the program, and neither calls the other: `cargo xtask up`
//! runs both in order, and a plain `cargo build` takes what stands in `console/build`. Nothing there
//! is no fault: the program then serves a page that says what to run. The files are copied first, so
//! that npm may empty its folder while the compiler reads.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};

fn main() {
    let console = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../console");
    let built = console.join("build");
    // While nothing is built, the folder above is watched: one that is missing would mean that the
    // program is compiled again each time.
    let watched = if built.is_dir() { &built } else { &console };
    println!("cargo::rerun-if-changed={}", watched.display());
    println!("cargo::rerun-if-changed=build.rs");
    let mut files = BTreeMap::new();
    collect(&built, "", &mut files);
    if !is_finished(&files) {
        files.clear();
    }
    #[expect(clippy::disallowed_methods, reason = "cargo tells a build script its folder this way")]
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo names the folder"));
    fs::write(out.join("console.rs"), table(&out, &files)).expect("the folder is ours");
}

/// All files under a folder by their address.
fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let address = format!("{prefix}/{name}");
        let path = entry.path();
        if path.is_dir() {
            collect(&path, &address, files);
        } else if let Ok(bytes) = fs::read(&path) {
            files.insert(address, bytes);
        }
    }
}

/// Whether the page is there with everything that it names, and nothing in it is inline, as the
/// policy wants it. Half a build is none.
fn is_finished(files: &BTreeMap<String, Vec<u8>>) -> bool {
    let Some(page) = files.get("/index.html").and_then(|page| std::str::from_utf8(page).ok())
    else {
        return false;
    };
    let named = page.split('"').filter(|word| word.starts_with("/_app/"));
    let is_whole = named.into_iter().all(|address| files.contains_key(address));
    is_whole && page.contains("<script src=") && !page.contains("<script>")
}

/// The table as Rust, sorted by address.
fn table(out: &Path, files: &BTreeMap<String, Vec<u8>>) -> String {
    let mut text = String::from("&[\n");
    let keep = |index: usize, ending: &str, bytes: &[u8]| {
        let name = format!("console-{index}{ending}");
        fs::write(out.join(&name), bytes).expect("the folder is ours");
        format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\"))")
    };
    let shown = files.iter().filter(|(address, _)| address.strip_suffix(".gz").is_none());
    for (index, (address, bytes)) in shown.enumerate() {
        let plain = keep(index, "", bytes);
        let packed = files.get(&format!("{address}.gz")).map_or_else(
            || "None".to_owned(),
            |packed| format!("Some({})", keep(index, ".gz", packed)),
        );
        let mut hasher = DefaultHasher::new();
        hasher.write(bytes);
        let mark = format!("W/\"{:016x}\"", hasher.finish());
        let kind = media_type(address);
        let _ = writeln!(
            text,
            "File {{ address: {address:?}, kind: {kind:?}, mark: {mark:?}, plain: {plain}, packed: {packed} }},"
        );
    }
    text.push_str("]\n");
    text
}

/// The media type by which a browser takes the file (`nosniff` is sent).
fn media_type(address: &str) -> &'static str {
    match address.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
