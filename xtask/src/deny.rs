//! `cargo xtask deny`: licences, sources and banned crates of everything that is linked in.
//!
//! The rules stand in deny.toml, in the format of cargo-deny. Where cargo-deny is installed it does
//! the work; where it is not, the part that a company must be sure of is checked here from the same
//! file, so that no build machine needs a further tool. The lock file of the console's packages is
//! held to the same list, and to the few licences that only npm's world and fonts have.

pub(crate) mod licence;

use crate::{command, out, tools, workspace};
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::time::Duration;

const DENY_LIMIT: Duration = Duration::from_mins(5);

/// Permissive licences of packages that build the console, and of the font in it.
const NPM_LICENCES: [&str; 3] = ["BlueOak-1.0.0", "OFL-1.1", "Python-2.0"];

/// The rules of deny.toml that the check of this module knows.
struct Rules {
    licences: Vec<String>,
    banned: Vec<String>,
}

/// Checks every dependency; false when one breaks a rule.
pub(crate) fn deny() -> Result<bool> {
    let path = workspace::root().join("deny.toml");
    let text = std::fs::read_to_string(&path).context("deny.toml")?;
    let rules = Rules::parse(&text)?;
    let is_console_good = deny_console(&rules)?;
    if tools::answer("cargo", &["deny", "--version"]).is_some() {
        let mut command = workspace::cargo(&["deny", "check", "bans", "licenses", "sources"]);
        return Ok(command::run(&mut command, DENY_LIMIT)?.is_success() && is_console_good);
    }
    let target = host().context("rustc does not name its host")?;
    // `--locked`: a lock file that is not current would be rewritten silently by the next build.
    let metadata = workspace::metadata(&["--locked", "--filter-platform", &target])?;
    let linked = linked_packages(&metadata)?;
    let faults: Vec<String> =
        linked.iter().flat_map(|package| package_faults(package, &rules)).collect();
    for fault in &faults {
        out::tell(&format!("deny: {fault}"));
    }
    if faults.is_empty() {
        out::say(&format!("deny: {} packages keep the rules of deny.toml", linked.len()));
    }
    Ok(faults.is_empty() && is_console_good)
}

/// Checks every package of the console's lock file.
fn deny_console(rules: &Rules) -> Result<bool> {
    let path = workspace::root().join("console/package-lock.json");
    let text = std::fs::read_to_string(&path).context("console/package-lock.json")?;
    let lock: Value = serde_json::from_str(&text).context("console/package-lock.json")?;
    let (count, faults) = npm_faults(&lock, rules)?;
    for fault in &faults {
        out::tell(&format!("deny: console: {fault}"));
    }
    if faults.is_empty() {
        out::say(&format!("deny: {count} packages of the console keep them, too"));
    }
    Ok(faults.is_empty())
}

/// How many packages a lock file of npm names, and what is wrong with them.
fn npm_faults(lock: &Value, rules: &Rules) -> Result<(usize, Vec<String>)> {
    let packages = lock["packages"].as_object().context("the lock file names no packages")?;
    let mut allowed = rules.licences.clone();
    allowed.extend(NPM_LICENCES.map(str::to_owned));
    let mut faults = Vec::new();
    for (place, package) in packages.iter().filter(|(place, _)| !place.is_empty()) {
        let name = place.trim_start_matches("node_modules/");
        match package["license"].as_str().map(|text| licence::is_allowed(text, &allowed)) {
            Some(Ok(true)) => {}
            Some(_) => faults.push(format!("{name}: {} is not allowed", package["license"])),
            None => faults.push(format!("{name} names no licence")),
        }
        if package["integrity"].as_str().is_none_or(|digest| !digest.starts_with("sha512-")) {
            faults.push(format!("{name} has no SHA-512 digest"));
        }
        // An address would bind the file to one network; npm asks the registry that is set.
        if !package["resolved"].is_null() {
            faults.push(format!("{name} names an address"));
        }
    }
    Ok((packages.len().saturating_sub(1), faults))
}

/// The target triple that is built for.
fn host() -> Option<String> {
    let text = tools::answer("rustc", &["-vV"])?;
    text.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned)
}

impl Rules {
    fn parse(text: &str) -> Result<Self> {
        let table: toml::Table = text.parse().context("deny.toml")?;
        let list = |section: &str, key: &str| -> Result<Vec<toml::Value>> {
            let entries = table.get(section).and_then(|section| section.get(key)?.as_array());
            entries.cloned().with_context(|| format!("deny.toml has no list {section}.{key}"))
        };
        let licences: Vec<String> = list("licenses", "allow")?
            .iter()
            .filter_map(|v| v.as_str().map(str::to_owned))
            .collect();
        let banned = list("bans", "deny")?
            .iter()
            .filter_map(|entry| entry.get("crate")?.as_str().map(str::to_owned))
            .collect();
        if licences.is_empty() {
            bail!("deny.toml allows no licence");
        }
        Ok(Self { licences, banned })
    }
}

/// The packages that the dependency graph of this platform reaches.
fn linked_packages(metadata: &Value) -> Result<Vec<&Value>> {
    let packages = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    let nodes = metadata["resolve"]["nodes"].as_array().context("cargo metadata has no graph")?;
    let is_linked = |package: &&Value| nodes.iter().any(|node| node["id"] == package["id"]);
    Ok(packages.iter().filter(is_linked).collect())
}

fn package_faults(package: &Value, rules: &Rules) -> Vec<String> {
    let name = package["name"].as_str().unwrap_or("a package without a name");
    let mut faults = Vec::new();
    match package["license"].as_str() {
        None => faults.push(format!("{name} names no licence")),
        Some(text) => match licence::is_allowed(text, &rules.licences) {
            Ok(true) => {}
            Ok(false) => faults.push(format!("{name}: the licence {text} is not allowed")),
            Err(error) => faults.push(format!("{name}: the licence {text} is not read: {error}")),
        },
    }
    if rules.banned.iter().any(|banned| banned == name) {
        faults.push(format!("{name} is banned; deny.toml says why"));
    }
    let source = package["source"].as_str();
    if source.is_some_and(|s| !s.starts_with("registry+") && !s.starts_with("sparse+")) {
        faults.push(format!("{name} comes from no registry"));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rules() -> Rules {
        Rules::parse(
            "[licenses]\nallow = [\"MIT\", \"Apache-2.0\"]\n\
             [bans]\ndeny = [{ crate = \"openssl\", reason = \"rustls\" }]\n",
        )
        .expect("the rules are well formed")
    }

    #[test]
    fn good_packages_pass() {
        let ours = json!({ "name": "doldam-ground", "license": "Apache-2.0", "source": null });
        let other = json!({ "name": "a", "license": "MIT OR GPL-3.0", "source": "registry+x" });
        assert!(package_faults(&ours, &rules()).is_empty());
        assert!(package_faults(&other, &rules()).is_empty());
    }

    #[test]
    fn each_broken_rule_is_named() {
        let package = json!({ "name": "openssl", "license": "GPL-3.0", "source": "git+x" });
        assert_eq!(
            package_faults(&package, &rules()),
            [
                "openssl: the licence GPL-3.0 is not allowed",
                "openssl is banned; deny.toml says why",
                "openssl comes from no registry",
            ]
        );
        let silent = json!({ "name": "a", "license": null, "source": null });
        assert_eq!(package_faults(&silent, &rules()), ["a names no licence"]);
    }

    #[test]
    fn packages_of_the_console_are_held_to_the_same_rules() {
        let good = json!({ "license": "(MIT OR GPL-3.0)", "integrity": "sha512-x" });
        let font = json!({ "license": "OFL-1.1", "integrity": "sha512-x" });
        let lock =
            json!({ "packages": { "": {}, "node_modules/a": good, "node_modules/f": font } });
        assert_eq!(npm_faults(&lock, &rules()).expect("a lock file"), (2, Vec::new()));
        let bad = json!({ "license": "GPL-3.0", "integrity": "sha1-x", "resolved": "https://x" });
        let lock = json!({ "packages": { "": {}, "node_modules/b": bad, "node_modules/c": {} } });
        let (_, faults) = npm_faults(&lock, &rules()).expect("a lock file");
        assert_eq!(
            faults,
            [
                "b: \"GPL-3.0\" is not allowed",
                "b has no SHA-512 digest",
                "b names an address",
                "c names no licence",
                "c has no SHA-512 digest",
            ]
        );
        assert!(npm_faults(&json!({}), &rules()).is_err());
    }

    #[test]
    fn only_packages_of_the_graph_count() {
        let metadata = json!({
            "packages": [{ "id": 1, "name": "linked" }, { "id": 2, "name": "other platform" }],
            "resolve": { "nodes": [{ "id": 1 }] },
        });
        let linked = linked_packages(&metadata).expect("there is a graph");
        assert_eq!(linked.len(), 1);
        assert_eq!(linked[0]["name"], "linked");
    }

    #[test]
    fn rules_without_licences_are_refused() {
        assert!(Rules::parse("[licenses]\nallow = []\n[bans]\ndeny = []\n").is_err());
        assert!(Rules::parse("[bans]\ndeny = []\n").is_err());
    }

    #[test]
    fn the_rules_of_the_repository_are_read() {
        let text = std::fs::read_to_string(workspace::root().join("deny.toml")).expect("deny.toml");
        let rules = Rules::parse(&text).expect("deny.toml is well formed");
        assert!(rules.licences.iter().any(|licence| licence == "Apache-2.0"));
        assert!(rules.banned.iter().any(|name| name == "openssl"));
    }
}
