//! Who may import whom, read from the sources: rules that are not tested decay.

use std::path::{Path, PathBuf};

/// Module, and the modules of ours it may name.
const MAY: [(&str, &[&str]); 11] = [
    ("domain", &["domain"]),
    ("keys", &["keys"]),
    ("error", &["error"]),
    ("context", &["context"]),
    ("authz", &["authz", "domain", "error", "keys"]),
    ("store", &["store", "authz", "domain", "error", "keys"]),
    ("audit", &["audit", "store", "authz", "domain", "error"]),
    ("submit", &["submit", "audit", "store", "authz", "domain", "error", "context"]),
    ("import", &["import", "domain", "error"]),
    ("seed", &["seed", "domain", "error"]),
    ("graphql", &["graphql", "services", "submit", "audit", "store", "authz", "domain", "error", "context"]),
];

fn sources(directory: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

/// Modules named by `use crate::…` and `crate::…` in a source, comments left out.
fn named(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    for part in code.split("crate::").skip(1) {
        let word = |text: &str| text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect::<String>();
        let Some(list) = part.strip_prefix('{') else {
            names.push(word(part));
            continue;
        };
        let mut level = 0;
        let mut start = true;
        for (at, letter) in list.char_indices() {
            match letter {
                '{' => level += 1,
                '}' if level == 0 => break,
                '}' => level -= 1,
                ',' if level == 0 => start = true,
                letter if start && level == 0 && !letter.is_whitespace() => {
                    names.push(word(&list[at..]));
                    start = false;
                }
                _ => {}
            }
        }
    }
    names
}

#[test]
fn a_module_names_only_those_below_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let modules: Vec<String> = std::fs::read_dir(&root)
        .expect("src")
        .map(|entry| entry.expect("an entry").path().file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    let mut wrong = Vec::new();
    let mut looked = 0;
    for (module, may) in MAY {
        let mut files = Vec::new();
        let directory = root.join(module);
        if directory.is_dir() {
            sources(&directory, &mut files);
        } else {
            files.push(directory);
        }
        let single = root.join(format!("{module}.rs"));
        files.retain(|file| file.exists());
        files.extend(single.exists().then_some(single));
        for file in files {
            looked += 1;
            let text = std::fs::read_to_string(&file).expect("a source");
            for name in named(&text).into_iter().filter(|name| modules.contains(name) && !may.contains(&name.as_str())) {
                wrong.push(format!("{} names crate::{name}", file.strip_prefix(&root).expect("below src").display()));
            }
        }
    }
    assert!(looked > 80, "only {looked} sources were read");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn libraries_stay_in_their_rooms() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    for (library, rooms) in [
        ("async_graphql::", &["graphql", "http"] as &[&str]),
        ("sea_orm::", &["store", "error.rs"]),
        ("axum::", &["http", "app.rs", "commands"]),
    ] {
        for file in &files {
            let place = file.strip_prefix(&root).expect("below src");
            let first = place.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(file).expect("a source");
            assert!(rooms.contains(&first.as_str()) || !text.contains(library), "{} uses {library}", place.display());
        }
    }
}
