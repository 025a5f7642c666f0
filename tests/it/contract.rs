//! Generated files are what the program makes of its declarations.

use lianfang::{app, authz::matrix};

#[test]
fn schema_graphql_is_what_the_catalogue_gives() {
    let catalogue = app::catalogue().expect("the shipped catalogue holds");
    let made = app::sdl(&catalogue).expect("the schema builds");
    assert!(
        made.trim_end() == include_str!("../../schema.graphql").trim_end(),
        "schema.graphql is out of date: cargo run -- schema > schema.graphql"
    );
}

#[test]
fn the_access_matrix_is_what_the_policy_gives() {
    let catalogue = app::catalogue().expect("the shipped catalogue holds");
    let policy = app::policy(None, &catalogue).expect("the shipped policy holds");
    assert!(
        matrix::markdown(&catalogue, &policy).trim_end()
            == include_str!("../../docs/access-matrix.md").trim_end(),
        "docs/access-matrix.md is out of date: cargo run -- access-matrix > docs/access-matrix.md"
    );
}
