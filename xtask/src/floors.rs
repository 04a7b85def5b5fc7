//! The floors of ARCHITECTURE.md, kept by a machine.
//!
//! A crate imports only from floors below it, and on its own floor only along the drawn arrows.
//! The table stands here as data; what cargo says about the workspace is compared with it. Crates
//! that are not opened yet stand in the table already, so that opening one is no edit of the rules.
//! Two further rules have the same purpose: outside crates that belong to one room (a database
//! driver, a web framework) and SQL texts may stand in that room only.

use crate::measure::SourceFile;
use crate::{out, workspace};
use anyhow::{Context as _, Result};
use serde_json::Value;

/// What a crate may import from its own workspace.
struct Floor {
    name: &'static str,
    imports: &'static [&'static str],
}

const fn floor(name: &'static str, imports: &'static [&'static str]) -> Floor {
    Floor { name, imports }
}

/// Every edge that may exist, lowest floor first. `synthetic` is for demos, drills and tests, so
/// only the crates that make demos import it; tests of every crate may (see [`TEST_ONLY`]).
const FLOORS: &[Floor] = &[
    floor("ground", &[]),
    floor("store", &["ground"]),
    floor("scanner", &["ground"]),
    floor("synthetic", &["ground"]),
    floor("vault", &["ground", "store"]),
    floor("notify", &["ground", "store"]),
    floor("fraud", &["ground", "store"]),
    floor("chain", &["ground", "store"]),
    floor("processors", &["ground", "store", "scanner", "vault", "notify"]),
    floor("trace", &["ground", "store", "scanner", "vault", "processors"]),
    floor(
        "response",
        &["ground", "store", "scanner", "vault", "notify", "fraud", "processors", "trace"],
    ),
    floor(
        "claims",
        &["ground", "store", "vault", "notify", "fraud", "processors", "trace", "response"],
    ),
    floor("nft", &["ground", "store", "vault", "notify", "fraud", "chain"]),
    floor(
        "drill",
        &[
            "ground",
            "store",
            "scanner",
            "synthetic",
            "vault",
            "notify",
            "fraud",
            "chain",
            "processors",
            "trace",
            "response",
            "claims",
            "nft",
        ],
    ),
    floor(
        "server",
        &[
            "ground",
            "store",
            "scanner",
            "synthetic",
            "vault",
            "notify",
            "fraud",
            "chain",
            "processors",
            "trace",
            "response",
            "claims",
            "nft",
            "drill",
        ],
    ),
    floor(
        "cli",
        &[
            "ground",
            "store",
            "scanner",
            "synthetic",
            "vault",
            "notify",
            "fraud",
            "chain",
            "processors",
            "trace",
            "response",
            "claims",
            "nft",
            "drill",
            "server",
        ],
    ),
    floor("xtask", &[]),
];

/// What the tests of any crate may import in addition.
const TEST_ONLY: &str = "synthetic";

/// An outside crate that belongs to certain rooms. Tests are free: they look from outside.
struct Outside {
    crates: &'static [&'static str],
    rooms: &'static [&'static str],
    why: &'static str,
}

const OUTSIDE: &[Outside] = &[
    Outside {
        crates: &["rusqlite", "libsqlite3-sys", "postgres", "tokio-postgres", "sqlx", "diesel"],
        rooms: &["store"],
        why: "SQL stands in store only",
    },
    Outside {
        crates: &["axum", "hyper", "tower-http", "utoipa"],
        rooms: &["server"],
        why: "HTTP is served by server only",
    },
    Outside {
        crates: &["tokio"],
        rooms: &["chain", "cli", "notify", "server"],
        why: "the rooms of facts are synchronous",
    },
    Outside {
        crates: &["clap", "indicatif"],
        rooms: &["cli", "xtask"],
        why: "only a binary talks to a terminal",
    },
    Outside {
        crates: &["anyhow"],
        rooms: &["cli", "xtask"],
        why: "a library's errors are an enum with codes",
    },
];

/// Starts of SQL statements that may stand in string literals of `store` only.
const SQL_STARTS: &[&str] =
    &["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "CREATE TABLE "];

/// Rooms that may hold SQL texts: `store` runs them, `synthetic` writes fake dumps with them, and
/// this table names them.
const SQL_ROOMS: &[&str] = &["store", "synthetic", "xtask"];

/// A crate of the workspace as cargo describes it.
#[derive(Debug)]
struct Member {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug)]
struct Dependency {
    name: String,
    is_ours: bool,
    is_for_tests: bool,
}

/// Checks the workspace and prints each edge that is not drawn; false when there is one.
pub(crate) fn floors() -> Result<bool> {
    let members = members(&workspace::metadata(&["--no-deps"])?)?;
    let mut faults = import_faults(&members);
    for file in SourceFile::read_all()? {
        faults.extend(sql_faults(&file));
    }
    for fault in &faults {
        out::tell(&format!("floors: {fault}"));
    }
    if faults.is_empty() {
        out::say(&format!("floors: {} crates, every import is drawn", members.len()));
    }
    Ok(faults.is_empty())
}

/// The short name of a crate: `doldam-store` is the room `store`.
fn room(name: &str) -> &str {
    name.strip_prefix("doldam-").unwrap_or(name)
}

fn members(metadata: &Value) -> Result<Vec<Member>> {
    let packages = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    packages.iter().map(member).collect()
}

fn member(package: &Value) -> Result<Member> {
    let name = package["name"].as_str().context("a package has no name")?;
    let listed = package["dependencies"].as_array().context("a package has no dependencies")?;
    let dependencies = listed
        .iter()
        .map(|dependency| {
            let name = dependency["name"].as_str().context("a dependency has no name")?;
            Ok(Dependency {
                name: name.to_owned(),
                is_ours: dependency["path"].is_string(),
                is_for_tests: dependency["kind"] == "dev",
            })
        })
        .collect::<Result<_>>()?;
    Ok(Member { name: name.to_owned(), dependencies })
}

fn import_faults(members: &[Member]) -> Vec<String> {
    let mut faults = Vec::new();
    for member in members {
        let room = room(&member.name);
        let Some(floor) = FLOORS.iter().find(|floor| floor.name == room) else {
            faults.push(format!("{room} stands on no floor; add it to the table of floors"));
            continue;
        };
        for dependency in &member.dependencies {
            faults.extend(import_fault(floor, dependency));
        }
    }
    faults
}

fn import_fault(floor: &Floor, dependency: &Dependency) -> Option<String> {
    let importer = floor.name;
    if dependency.is_ours {
        let imported = room(&dependency.name);
        let is_drawn = floor.imports.contains(&imported);
        let is_for_tests = dependency.is_for_tests && imported == TEST_ONLY;
        return (!is_drawn && !is_for_tests)
            .then(|| format!("{importer} imports {imported}: this edge is not drawn"));
    }
    let rule = OUTSIDE.iter().find(|rule| rule.crates.contains(&dependency.name.as_str()))?;
    (!dependency.is_for_tests && !rule.rooms.contains(&importer))
        .then(|| format!("{importer} imports {}: {}", dependency.name, rule.why))
}

/// SQL texts in the product code (not the tests) of a crate that is not `store`.
fn sql_faults(file: &SourceFile) -> Vec<String> {
    if file.is_test_file || SQL_ROOMS.contains(&file.room.as_str()) {
        return Vec::new();
    }
    let is_sql = |text: &str| SQL_STARTS.iter().any(|start| text.trim_start().starts_with(start));
    file.text
        .strings()
        .iter()
        .filter(|span| !file.is_in_tests(span.start) && is_sql(&file.source[(*span).clone()]))
        .map(|span| {
            let line = file.text.line(span.start);
            format!("{}:{line} holds SQL: SQL stands in store only", file.path)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn faults(metadata: &Value) -> Vec<String> {
        import_faults(&members(metadata).expect("the metadata is well formed"))
    }

    fn package(name: &str, dependencies: &[Value]) -> Value {
        json!({ "packages": [{ "name": name, "dependencies": dependencies }] })
    }

    fn ours(name: &str, kind: Option<&str>) -> Value {
        json!({ "name": format!("doldam-{name}"), "kind": kind, "path": "/somewhere" })
    }

    fn outside(name: &str, kind: Option<&str>) -> Value {
        json!({ "name": name, "kind": kind })
    }

    #[test]
    fn drawn_edges_pass() {
        let trace = [ours("ground", None), ours("vault", None), outside("roaring", None)];
        assert!(faults(&package("doldam-trace", &trace)).is_empty());
        assert!(faults(&package("doldam-store", &[outside("rusqlite", None)])).is_empty());
    }

    #[test]
    fn an_edge_upwards_is_found() {
        for kind in [None, Some("build"), Some("dev")] {
            let found = faults(&package("doldam-store", &[ours("vault", kind)]));
            assert_eq!(found, ["store imports vault: this edge is not drawn"]);
        }
    }

    #[test]
    fn synthetic_is_for_tests() {
        assert!(faults(&package("doldam-trace", &[ours("synthetic", Some("dev"))])).is_empty());
        assert_eq!(faults(&package("doldam-trace", &[ours("synthetic", None)])).len(), 1);
        assert_eq!(faults(&package("doldam-synthetic", &[ours("scanner", None)])).len(), 1);
        assert_eq!(faults(&package("doldam-scanner", &[ours("store", Some("dev"))])).len(), 1);
    }

    #[test]
    fn outside_crates_stay_in_their_rooms() {
        for (room, outsider) in
            [("vault", "rusqlite"), ("trace", "axum"), ("scanner", "tokio"), ("store", "anyhow")]
        {
            let name = format!("doldam-{room}");
            assert_eq!(faults(&package(&name, &[outside(outsider, None)])).len(), 1, "{room}");
            assert!(faults(&package(&name, &[outside(outsider, Some("dev"))])).is_empty());
        }
    }

    #[test]
    fn a_crate_without_a_floor_is_found() {
        let found = faults(&package("doldam-utils", &[]));
        assert_eq!(found, ["utils stands on no floor; add it to the table of floors"]);
    }

    #[test]
    fn the_table_has_no_cycle_and_names_only_its_own_rooms() {
        for (index, floor) in FLOORS.iter().enumerate() {
            for import in floor.imports {
                let place = FLOORS.iter().position(|other| other.name == *import);
                assert!(place.is_some_and(|place| place < index), "{} → {import}", floor.name);
            }
        }
    }

    #[test]
    fn sql_outside_of_store_is_found_but_not_in_tests_and_comments() {
        let source = "/// SELECT x\nfn f() -> &'static str { \"SELECT 1\" }\n\
                      #[cfg(test)]\nmod tests { const S: &str = \"INSERT INTO t\"; }\n";
        let file = |room: &str| SourceFile::new(room, format!("crates/{room}/src/a.rs"), source);
        assert_eq!(
            sql_faults(&file("vault")),
            ["crates/vault/src/a.rs:2 holds SQL: SQL stands in store only"]
        );
        assert!(sql_faults(&file("store")).is_empty());
    }
}
