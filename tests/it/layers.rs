//! Who may import whom, read from the sources. Source: `docs/architecture.md`; a rule that is not
//! tested decays.

mod circles;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use lianfang::store::reference::Reference;

/// What each part of the library may use of the others. Whoever adds a part says here where it
/// stands.
const MAY_USE: [(&str, &[&str]); 23] = [
    ("error", &[]),
    ("context", &[]),
    ("owner_only", &["error"]),
    ("keys", &["error", "owner_only"]),
    ("domain", &[]),
    ("config", &[]),
    ("authz", &["domain", "error", "keys"]),
    ("store", &["domain", "authz", "error", "keys", "owner_only"]),
    ("audit", &["domain", "authz", "store", "error", "context"]),
    ("accounts", &["domain", "authz", "store", "error", "context", "audit"]),
    ("submit", &["domain", "authz", "store", "error", "context", "audit"]),
    ("feed", &["domain", "authz", "store", "error", "context"]),
    ("import", &["domain", "authz", "store", "error", "context"]),
    (
        "exchange",
        &[
            "domain", "authz", "store", "error", "context", "audit", "submit", "import",
            "services", "feed",
        ],
    ),
    ("seed", &["domain", "authz", "store", "error", "context"]),
    ("quota", &["domain", "authz", "store", "error", "context"]),
    ("readiness", &["store", "error", "context", "audit"]),
    (
        "services",
        &[
            "domain",
            "authz",
            "store",
            "error",
            "context",
            "keys",
            "accounts",
            "audit",
            "submit",
            "feed",
            "quota",
            "readiness",
        ],
    ),
    ("sharing", &["domain", "authz", "store", "error", "context", "audit", "services"]),
    (
        "meeting",
        &[
            "domain", "authz", "store", "error", "context", "audit", "submit", "feed", "services",
            "sharing",
        ],
    ),
    (
        "graphql",
        &[
            "domain", "authz", "store", "error", "context", "audit", "submit", "feed", "services",
            "sharing", "meeting",
        ],
    ),
    (
        "http",
        &[
            "accounts",
            "domain",
            "authz",
            "store",
            "error",
            "context",
            "audit",
            "submit",
            "feed",
            "exchange",
            "services",
            "sharing",
            "graphql",
            "meeting",
            "quota",
            "owner_only",
        ],
    ),
    (
        "app",
        &[
            "domain", "authz", "store", "error", "context", "keys", "exchange", "services",
            "graphql", "http", "feed", "meeting", "quota",
        ],
    ),
];

/// Crates that only some parts know, with those parts.
const KNOWN_BY: [(&str, &[&str]); 17] = [
    ("async_graphql", &["graphql", "http"]),
    // `error` tells an outage of the database from a fault; migrations are run by `app`.
    ("sea_orm", &["store", "error"]),
    ("sea_query_sqlx", &["store"]),
    ("sea_orm_migration", &["app"]),
    ("argon2", &["accounts"]),
    ("totp_rs", &["accounts"]),
    ("axum", &["http", "app", "commands"]),
    ("calamine", &["exchange"]),
    ("rust_xlsxwriter", &["exchange"]),
    ("hyper_util", &["http"]),
    ("tokio_rustls", &["http"]),
    ("maud", &["http"]),
    ("cookie", &["http"]),
    ("clap", &["main", "commands", "config"]),
    ("confique", &["commands", "config"]),
    ("strsim", &["config"]),
    // Derives the codes of enums.
    ("strum", &["domain", "store", "submit", "exchange", "meeting", "seed"]),
];

const ROLES: [&str; 7] =
    ["READER", "SUBMITTER", "STEWARD", "SECRETARY", "OPERATOR", "SECURITY_OFFICER", "AUDITOR"];

/// Where a role is named outside `authz`, and why.
const NAMES_ROLES: [(&str, &str); 3] = [
    ("audit/view.rs", "says which role to ask for, to people"),
    ("commands/demo.rs", "orders the tokens of the demonstration"),
    ("commands/seed.rs", "signs the returns of the demonstration as their departments"),
];

/// All sources below `src`, by path from there, without comments and tests.
fn sources() -> BTreeMap<String, String> {
    fn collect(directory: &Path, into: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                collect(&path, into);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                into.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a source");
        let name = path.strip_prefix(&root).expect("below the root").to_string_lossy().into_owned();
        (name, text)
    };
    paths.into_iter().map(read).filter(|(name, _)| !name.contains("tests")).collect()
}

fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

fn part(name: &str) -> &str {
    name.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

/// Words of a source.
fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
        .filter(|word| !word.is_empty())
}

/// Parts of the library that a source names: `crate::part` anywhere, and each in `use crate::{…}`.
fn named(code: &str) -> BTreeSet<&str> {
    named_of(code, "crate::")
}

/// Parts that a source names of what stands before them.
fn named_of<'a>(code: &'a str, of: &str) -> BTreeSet<&'a str> {
    let mut parts = BTreeSet::new();
    for rest in code.split(of).skip(1) {
        let Some(list) = rest.strip_prefix('{') else {
            parts.extend(words(rest).next());
            continue;
        };
        let (mut level, mut from) = (0_usize, 0);
        for (at, letter) in list.char_indices() {
            match letter {
                '{' => level += 1,
                '}' if level == 0 => {
                    parts.extend(words(&list[from..at]).next());
                    break;
                }
                '}' => level -= 1,
                ',' if level == 0 => {
                    parts.extend(words(&list[from..at]).next());
                    from = at + 1;
                }
                _ => {}
            }
        }
    }
    parts
}

#[test]
fn parts_use_only_what_stands_below_them() {
    assert_eq!(
        named("use crate::{a::{b, c}, d};\nuse crate::e;\nlet x = crate::f::g();"),
        ["a", "d", "e", "f"].into()
    );
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let own = part(&name);
        if ["lib", "main", "commands"].contains(&own) {
            continue;
        }
        let Some((_, allowed)) = MAY_USE.iter().find(|(part, _)| *part == own) else {
            wrong.push(format!("src/{name}: say in tests/it/layers.rs what {own} may use"));
            continue;
        };
        let code = code(&text);
        let used = named(&code).into_iter().filter(|used| *used != own && !allowed.contains(used));
        wrong.extend(used.map(|used| format!("src/{name}: {own} may not use {used}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn libraries_are_known_only_where_they_belong() {
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let code = code(&text);
        for (library, parts) in KNOWN_BY {
            if words(&code).any(|word| word == library) && !parts.contains(&part(&name)) {
                wrong.push(format!(
                    "src/{name} names {library}, which only {} may",
                    parts.join(", ")
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn roles_are_named_only_where_access_is_decided() {
    let mut named = BTreeSet::new();
    for (name, text) in sources() {
        let code = code(&text);
        if part(&name) != "authz" && words(&code).any(|word| ROLES.contains(&word)) {
            assert!(
                NAMES_ROLES.iter().any(|(file, _)| *file == name),
                "src/{name} names a role: ask `authz` instead"
            );
            named.insert(name);
        }
    }
    for (file, reason) in NAMES_ROLES {
        assert!(
            named.contains(file),
            "src/{file} names no role any more: take it from the list ({reason})"
        );
    }
}

/// Where the code of a department or a purpose stands as a text, outside `authz`, and why.
const NAMES_CODES: [(&str, &str); 4] = [
    ("domain/department.rs", "names those that a law names for a matter"),
    ("domain/industry.rs", "an industry is called as a department is"),
    ("domain/recognition/codes.rs", "an applicant is called as a department is"),
    ("seed/", "invents records of each department"),
];

/// Codes of departments and purposes, from their tables.
fn codes_of_tables() -> BTreeSet<String> {
    let reference = Reference::shipped().expect("the code tables read");
    let of = |name: &str| {
        reference
            .table(name)
            .expect("a table")
            .codes
            .iter()
            .map(|code| code.code.clone())
            .collect::<Vec<_>>()
    };
    ["department", "purpose"].into_iter().flat_map(of).collect()
}

#[test]
fn departments_and_purposes_are_named_by_their_constants() {
    let codes = codes_of_tables();
    assert!(
        ["HRSS", "UNION", "JOINT_MEETING"].iter().all(|code| codes.contains(*code)),
        "{codes:?}"
    );
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        if part(&name) == "authz" || NAMES_CODES.iter().any(|(file, _)| name.starts_with(file)) {
            continue;
        }
        let code = code(&text);
        // Also within SQL, between its own quotes.
        let named = code.split(['"', '\'']).filter(|text| codes.contains(*text));
        wrong.extend(named.map(|text| {
            format!("src/{name} names {text}: take it from `domain/department.rs` or `authz`")
        }));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_are_short_and_named_after_an_idea() {
    for (name, text) in sources() {
        let lines = code(&text).lines().count();
        assert!(lines <= 400, "src/{name} has {lines} lines: split it by verb");
        for word in ["utils", "util", "common", "helpers", "helper", "misc"] {
            assert!(
                !name.trim_end_matches(".rs").split('/').any(|part| part == word),
                "src/{name}: name the idea"
            );
        }
    }
}

/// Ways to name a family, a field or a column by a text of the program's own: misspelt, they
/// compile.
const BY_TEXT: [&str; 6] =
    [".find(\"", ".field(\"", ".position(\"", "draft.text(\"", "draft.get(\"", "draft.set(\""];

#[test]
fn families_and_columns_are_named_by_their_types() {
    let families: Vec<&str> = entity::families().iter().map(|family| family.name).collect();
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        // Demonstration and checks at the edge read what people wrote.
        let code = code(&text);
        for way in BY_TEXT {
            for rest in code.split(way).skip(1) {
                let word = rest.split('"').next().unwrap_or_default();
                let known = entity::families().iter().any(|family| {
                    family.field(word).is_some()
                        || family.fields.iter().any(|field| field.column == word)
                });
                if families.contains(&word) || known {
                    wrong.push(format!(
                        "src/{name}: {way}{word}\"): use the type of the declaration"
                    ));
                }
            }
        }
        for family in &families {
            for test in [format!("== \"{family}\""), format!("!= \"{family}\"")] {
                if code.contains(&test) {
                    wrong.push(format!("src/{name}: {test}: ask `family.is::<…>()`"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Wings of the store that the SQL engine stands below: it knows no family and no subject.
const ABOVE_SQL: [&str; 6] = ["audit", "exchange", "feed", "meeting", "records", "verify"];

#[test]
fn the_sql_engine_knows_no_other_wing_of_the_store() {
    let mut wrong = Vec::new();
    for (name, text) in sources().into_iter().filter(|(name, _)| name.starts_with("store/sql/")) {
        let code = code(&text);
        wrong.extend(
            ABOVE_SQL
                .iter()
                .filter(|wing| code.contains(&format!("{wing}::")))
                .map(|wing| format!("src/{name} names {wing}: the engine stands below it")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Types that only `authz` makes: whoever has one has proved something.
fn proofs(sources: &BTreeMap<String, String>) -> BTreeSet<String> {
    let declared =
        sources.iter().filter(|(name, _)| part(name) == "authz").flat_map(|(_, text)| {
            let code = code(text);
            let names: Vec<String> = code
                .split("pub struct ")
                .skip(1)
                .filter_map(|rest| words(rest).next())
                .map(ToOwned::to_owned)
                .collect();
            names
        });
    declared.collect()
}

/// Proofs that are taken under a name that tells the compiler that nobody looks.
fn unseen<'a>(code: &'a str, proofs: &BTreeSet<String>) -> Vec<&'a str> {
    let taken = code.match_indices(": ").filter_map(|(at, _)| {
        let name = code[..at]
            .rsplit(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
            .next()?;
        let given = code[at + 2..]
            .split([',', ')', ';', '{', '='])
            .next()
            .filter(|_| name.starts_with('_'))?;
        words(given).find(|word| proofs.contains(*word))
    });
    taken.collect()
}

#[test]
fn a_proof_that_the_store_takes_is_looked_at() {
    let sources = sources();
    let proofs = proofs(&sources);
    assert!(
        ["Permit", "JobPermit", "ChildPermit", "Scope"].iter().all(|name| proofs.contains(*name)),
        "{proofs:?}"
    );
    assert_eq!(
        unseen("fn f(_: &Scope, _permit: &'a Permit, scope: &Scope, _slot: SlotPermit)", &proofs),
        ["Scope", "Permit"]
    );
    let mut wrong = Vec::new();
    for (name, text) in sources.iter().filter(|(name, _)| part(name) == "store") {
        let code = code(text);
        wrong.extend(
            unseen(&code, &proofs)
                .iter()
                .map(|proof| format!("src/{name} takes a {proof} and does not look at it")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What answers requests: each for its own addresses.
const HANDLERS: [&str; 6] = ["exchange", "export", "graphql", "health", "live", "meeting"];

/// Which handler hands requests to which other: `/graphql` is answered live where the client asks
/// for that.
const HANDS_OVER: [(&str, &str); 1] = [("graphql", "live")];

#[test]
fn handlers_do_not_know_each_other() {
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let Some(own) = name.strip_prefix("http/").map(part).filter(|own| HANDLERS.contains(own))
        else {
            continue;
        };
        let code = code(&text);
        let others = named_of(&code, "http::")
            .into_iter()
            .filter(|other| HANDLERS.contains(other) && *other != own);
        wrong.extend(others.filter(|other| !HANDS_OVER.contains(&(own, other))).map(|other| {
            format!("src/{name} names http::{other}: what both need stands beside them")
        }));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Ways to put what a library or the database said into a line of the log.
const CAUSES: [&str; 9] = [
    "%cause",
    "?cause",
    "cause =",
    "%error",
    "?error",
    "error = %",
    "error = ?",
    "field::display",
    "field::debug",
];

#[test]
fn causes_are_logged_in_one_place() {
    let mut wrong = Vec::new();
    for (name, text) in sources().into_iter().filter(|(name, _)| name != "error/log.rs") {
        for line in code(&text).split("tracing::").skip(1).filter_map(|rest| rest.split(';').next())
        {
            if let Some(way) = CAUSES.iter().find(|way| line.contains(**way)) {
                wrong.push(format!(
                    "src/{name} logs {way}: a database may quote a row in it; see src/error/log.rs"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the library turns into a message for the client, whatever was meant.
const OF_THE_LIBRARY: [&str; 4] =
    ["FieldFuture::new", "Error::new(", "async_graphql::Error", "async_graphql::Result"];

#[test]
fn errors_become_messages_for_clients_in_one_place() {
    let mut wrong = Vec::new();
    for (name, text) in sources()
        .into_iter()
        .filter(|(name, _)| part(name) == "graphql" && name != "graphql/fault.rs")
    {
        let code = code(&text);
        let named = OF_THE_LIBRARY.iter().filter(|word| code.contains(**word));
        wrong.extend(named.map(|word| format!("src/{name}: {word}: see graphql/fault.rs")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
