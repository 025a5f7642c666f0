//! The dependencies keep to `deny.toml`: licences, bans, duplicates and sources.
//!
//! cargo-deny judges the same file and more, but is not on every machine; this test is.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use toml::{Table, Value};

fn read_toml(name: &str) -> Table {
    let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect(&path);
    text.parse().expect(&path)
}

/// The strings in a list of `deny.toml`; entries that are tables give their `crate`.
fn listed(section: &str, key: &str) -> BTreeSet<String> {
    let policy = read_toml("deny.toml");
    let list = policy[section][key].as_array().expect("deny.toml: a list");
    list.iter()
        .map(|entry| match entry {
            Value::String(name) => name.clone(),
            other => other["crate"].as_str().expect("deny.toml: an entry names its crate").to_owned(),
        })
        .collect()
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    version: String,
    licence: String,
}

/// What the workspace is built from, tests included, on the systems that `deny.toml` names.
fn packages() -> BTreeSet<Package> {
    let mut packages = BTreeSet::new();
    for target in listed("graph", "targets") {
        let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(["tree", "--workspace", "--locked", "--all-features", "--target", &target])
            .args(["--edges", "normal,build,dev", "--prefix", "none", "--format", "{p}|{l}"])
            .output()
            .expect("cargo runs");
        assert!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
        for line in String::from_utf8(output.stdout).expect("cargo prints UTF-8").lines().filter(|line| !line.is_empty()) {
            // `name v1.2.3 (path or proc-macro)|MIT OR Apache-2.0 (*)`, the star where the package was shown before
            let (package, licence) = line.split_once('|').expect(line);
            let mut words = package.split(' ');
            packages.insert(Package {
                name: words.next().expect(line).to_owned(),
                version: words.next().expect(line).to_owned(),
                licence: licence.trim_end_matches(" (*)").to_owned(),
            });
        }
    }
    assert!(packages.len() > 100, "cargo tree showed {} packages only", packages.len());
    packages
}

/// Whether an SPDX expression can be met with the allowed licences. `/` is the old way to write `OR`.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = tokens.as_slice();
    any_of(&mut rest, allowed).unwrap_or(false) && rest.is_empty()
}

fn any_of(rest: &mut &[&str], allowed: &BTreeSet<String>) -> Option<bool> {
    let mut met = all_of(rest, allowed)?;
    while let Some(("OR", after)) = next(rest) {
        *rest = after;
        met |= all_of(rest, allowed)?;
    }
    Some(met)
}

fn all_of(rest: &mut &[&str], allowed: &BTreeSet<String>) -> Option<bool> {
    let mut met = one(rest, allowed)?;
    while let Some(("AND", after)) = next(rest) {
        *rest = after;
        met &= one(rest, allowed)?;
    }
    Some(met)
}

fn one(rest: &mut &[&str], allowed: &BTreeSet<String>) -> Option<bool> {
    let (token, after) = next(rest)?;
    *rest = after;
    match token {
        "(" => {
            let met = any_of(rest, allowed)?;
            let (")", after) = next(rest)? else { return None };
            *rest = after;
            Some(met)
        }
        ")" | "AND" | "OR" | "WITH" => None,
        licence => match **rest {
            ["WITH", exception, ref after @ ..] => {
                *rest = after;
                Some(allowed.contains(&format!("{licence} WITH {exception}")))
            }
            _ => Some(allowed.contains(licence)),
        },
    }
}

fn next<'a, 't>(rest: &&'a [&'t str]) -> Option<(&'t str, &'a [&'t str])> {
    rest.split_first().map(|(first, after)| (*first, after))
}

#[test]
fn a_licence_expression_is_read_as_spdx_means_it() {
    let allowed: BTreeSet<String> = ["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"].map(String::from).into();
    for met in [
        "MIT",
        "GPL-3.0 OR MIT",
        "GPL-3.0/MIT",
        "MIT AND Zlib",
        "MIT OR GPL-3.0 AND Zlib",
        "(GPL-3.0 OR MIT) AND Zlib",
        "Apache-2.0 WITH LLVM-exception",
        "GPL-3.0 OR Apache-2.0 WITH LLVM-exception OR BSL-1.0",
    ] {
        assert!(is_met(met, &allowed), "{met}");
    }
    for unmet in ["", "GPL-3.0", "Apache-2.0", "MIT AND GPL-3.0", "(MIT OR Zlib) AND GPL-3.0", "MIT OR", "(MIT", "MIT)", "MIT Zlib"]
    {
        assert!(!is_met(unmet, &allowed), "{unmet}");
    }
}

#[test]
fn every_licence_is_allowed() {
    let allowed = listed("licenses", "allow");
    let offending: Vec<_> = packages().into_iter().filter(|package| !is_met(&package.licence, &allowed)).collect();
    assert!(offending.is_empty(), "deny.toml does not allow the licences of {offending:#?}");
}

#[test]
fn no_banned_crate_is_used() {
    let banned = listed("bans", "deny");
    let offending: Vec<_> = packages().into_iter().filter(|package| banned.contains(&package.name)).collect();
    assert!(offending.is_empty(), "deny.toml bans {offending:#?}; `cargo tree --invert NAME` shows who brings it");
}

#[test]
fn a_crate_is_used_in_one_version_unless_decided_otherwise() {
    let skipped = listed("bans", "skip");
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in packages() {
        versions.entry(package.name).or_default().insert(package.version);
    }
    versions.retain(|name, versions| versions.len() > 1 && !skipped.contains(name));
    assert!(
        versions.is_empty(),
        "several versions of {versions:#?}: agree on one, or add it to bans.skip in deny.toml with a reason"
    );
}

#[test]
fn every_package_comes_from_crates_io() {
    let allowed: BTreeSet<String> =
        listed("sources", "allow-registry").into_iter().map(|registry| format!("registry+{registry}")).collect();
    let lock = read_toml("Cargo.lock");
    let packages = lock["package"].as_array().expect("Cargo.lock lists packages");
    assert!(packages.len() > 100, "Cargo.lock lists {} packages only", packages.len());
    for package in packages {
        // The members of the workspace have no source.
        if let Some(source) = package.get("source").and_then(Value::as_str) {
            assert!(allowed.contains(source), "{} comes from {source}", package["name"]);
        }
    }
}
