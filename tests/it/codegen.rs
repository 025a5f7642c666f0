//! The recipe for typed clients in docs/api.md, run as it stands with the versions named there, and
//! Relay's compiler over the same schema. The packages are those of
//! `tests/codegen/package-lock.json`; npm fetches them once for each state of the files.

use std::path::Path;

use serde_json::Value;

use crate::clients::program::made;

const HOME: &str = "tests/codegen";
const FILES: [&str; 9] = [
    "schema.graphql",
    "tests/codegen/package.json",
    "tests/codegen/package-lock.json",
    "tests/codegen/tsconfig.json",
    "tests/codegen/codegen.json",
    "tests/codegen/relay.config.json",
    "tests/codegen/src/changes.graphql",
    "tests/codegen/src/use.ts",
    "tests/codegen/relay/accidents.ts",
];

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect(name)
}

#[test]
fn the_recipe_makes_types_that_compile_and_relay_takes_the_schema() {
    let steps: [&[&str]; 5] = [
        &["npm", "ci", "--no-audit", "--no-fund"],
        &["cp", "../../schema.graphql", "."],
        &["npm", "run", "types"],
        &["npm", "run", "relay"],
        &["npm", "run", "check"],
    ];
    let home =
        made("codegen", Path::new(env!("CARGO_MANIFEST_DIR")), &FILES, HOME, &steps).join(HOME);
    let made = |name: &str| std::fs::read_to_string(home.join(name)).expect(name);
    let types = made("src/hub.ts");
    assert!(types.contains("ChangesQuery") && types.contains("reportedOn"), "{types}");
    assert!(
        made("relay/__generated__/accidentsPageQuery.graphql.ts").contains("pageInfo"),
        "Relay pages by cursors"
    );
}

#[test]
fn the_documents_name_the_versions_and_the_settings_that_were_run() {
    let (documents, settings) = (read("docs/api.md"), read("tests/codegen/codegen.json"));
    assert!(
        documents.contains(settings.trim_end()),
        "docs/api.md shows another codegen.json than tests/codegen"
    );
    let package: Value = serde_json::from_str(&read("tests/codegen/package.json")).expect("JSON");
    for (name, version) in package["devDependencies"].as_object().expect("packages") {
        let version = version.as_str().expect("a version");
        // Types of a package go with it.
        let named =
            name.starts_with("@types/") || documents.contains(&format!("`{name}` {version}"));
        assert!(named, "docs/api.md does not name `{name}` {version}");
    }
}
