//! Who may do what, as behaviour: every role, department and level asks for everything through the
//! router. The outcome is a table anybody can read, `tests/it/snapshots/access.txt`; what changes
//! it is reviewed as a difference.

use std::{collections::BTreeMap, fmt::Write as _};

use lianfang::store::records::global_id::global_id;
use serde_json::{Value, json};

use crate::{
    leak::{
        values::Values,
        worlds::{HOLDERS, World, id_of, load},
    },
    oracle::{Asker, Oracle, Place, Shown},
    support::TestHub,
};

const LEVELS: [&str; 3] = ["140602", "140600", "140000"];
const ACTIONS: [&str; 7] = ["list", "count", "stats", "history", "audit", "submit", "withdraw"];

/// Compares a file with what it should be, or writes it anew. Not by `insta`: the file is the matrix
/// as people read it, under a name of its own, and it is the only one.
fn is_kept(path: &str, made: &str) {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("LIANFANG_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&file, made).expect("written");
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    let differing = kept.lines().zip(made.lines()).position(|(kept, made)| kept != made);
    let line = differing.unwrap_or_else(|| kept.lines().count().min(made.lines().count()));
    assert!(
        kept == made,
        "{path} is out of date from line {}:\n  kept {:?}\n  made {:?}\nTo bring it up to date: LIANFANG_UPDATE_SNAPSHOTS=1 cargo test --test it matrix",
        line + 1,
        kept.lines().nth(line),
        made.lines().nth(line),
    );
}

/// Codes of everything one caller may ask of one family: what succeeds is `ok`.
async fn outcomes(
    hub: &TestHub,
    token: &str,
    family: &'static entity::catalogue::Family,
    record: &str,
) -> BTreeMap<&'static str, String> {
    let (plural, single) = (family.list_name(), family.single_name());
    let read = format!(
        "{{ list: {plural} {{ nodes {{ id }} }} count: {plural} {{ totalCount }} stats: {single}Stats {{ count }} \
         history(id: \"{record}\") {{ version }} audit: auditEntries {{ seq }} }}"
    );
    let missing = global_id(&hub.services.seal, family, uuid::Uuid::from_u128(7));
    let write = format!(
        "mutation {{ submit: submit{}(input: {{rows: [{{}}], mode: DRY_RUN, idempotencyKey: \"k\"}}) {{ rejected }} \
         withdraw: withdrawRecord(input: {{id: \"{missing}\", reason: \"试\"}}) {{ id }} }}",
        family.plural
    );
    let mut found: BTreeMap<&'static str, String> =
        ACTIONS.map(|action| (action, "ok".to_owned())).into();
    for document in [read, write] {
        let answer = hub.ask(token, &document, json!({})).await;
        for error in answer["errors"].as_array().into_iter().flatten() {
            let action = ACTIONS
                .iter()
                .find(|action| error["path"][0] == **action)
                .unwrap_or_else(|| unreachable!("{error}"));
            found.insert(
                action,
                error["extensions"]["code"].as_str().unwrap_or_default().to_owned(),
            );
        }
    }
    found
}

/// What the policy says of the same, without the hub.
fn expected(
    oracle: &Oracle,
    role: &str,
    asker: &Asker<'_>,
    family: &str,
    place: &Place<'_>,
) -> BTreeMap<&'static str, &'static str> {
    let may = |yes: bool| if yes { "ok" } else { "FORBIDDEN" };
    let reads = oracle.role(role, "reads") == "yes";
    let rows = || places().into_iter().map(|place| oracle.classes(asker, family, &place));
    let lists = rows().any(|classes| classes.iter().any(|shown| *shown >= Shown::Masked));
    let counts = rows().any(|classes| classes.iter().any(|shown| *shown >= Shown::Aggregate));
    let own = oracle.classes(asker, family, place);
    let history =
        match (reads, own.iter().any(|shown| *shown >= Shown::Masked), own[1] == Shown::Full) {
            (false, ..) | (true, true, false) => "FORBIDDEN",
            (true, false, _) => "NOT_FOUND",
            (true, true, true) => "ok",
        };
    let submits = oracle.role(role, "submits") == "yes" && oracle.writes(asker.department, family);
    BTreeMap::from([
        ("list", may(reads && lists)),
        ("count", may(reads && lists)),
        ("stats", may(reads && counts)),
        ("history", history),
        ("audit", may(oracle.role(role, "audit") != "none")),
        ("submit", may(submits)),
        // There is no record of the identifier asked for: who may withdraw is told so.
        ("withdraw", if submits { "NOT_FOUND" } else { "FORBIDDEN" }),
    ])
}

fn places() -> Vec<Place<'static>> {
    (0..crate::leak::worlds::ROWS).map(crate::leak::worlds::place_of).collect()
}

#[tokio::test]
async fn every_role_department_and_level_may_do_what_the_table_says() {
    let hub = TestHub::sqlite().await;
    let oracle = Oracle::shipped();
    let families: Vec<_> = hub.services.catalogue.families().collect();
    let values = Values::of(&hub);
    load(hub.database.migrations(), &families, &values, &World::new(&oracle, &families, None))
        .await;
    let mut table = format!(
        "# county/city/province where they differ. history: of a record of the own county, held by the department if it hands\n\
         # them in, else by EMERGENCY. withdraw: of no record at all.\n# {}\n",
        ACTIONS.join(" ")
    );
    let mut wrong = Vec::new();
    for (number, family) in families.iter().enumerate() {
        let nobody =
            outcomes(&hub, "", family, &global_id(&hub.services.seal, family, id_of(number, 2)))
                .await;
        assert!(
            nobody.values().all(|code| code == "UNAUTHENTICATED"),
            "{} without a token: {nobody:?}",
            family.name
        );
    }
    for role in oracle.roles() {
        for (number, family) in families.iter().enumerate() {
            for department in oracle.departments() {
                let row = HOLDERS.iter().position(|(holder, _)| *holder == department).unwrap_or(2);
                let record = global_id(&hub.services.seal, family, id_of(number, row));
                let mut by_level = Vec::new();
                for region in LEVELS {
                    let token = hub.token(department, region, &[role]);
                    let found = outcomes(&hub, &token, family, &record).await;
                    let asker = Asker { department, region, case: false };
                    for (action, code) in expected(
                        &oracle,
                        role,
                        &asker,
                        family.name,
                        &crate::leak::worlds::place_of(row),
                    ) {
                        if found[action] != code {
                            wrong.push(format!(
                                "{role} {department} {region} {} {action}: {} instead of {code}",
                                family.name, found[action]
                            ));
                        }
                    }
                    by_level.push(found);
                }
                let _ = write!(table, "{role:<17}{:<24}{department:<10}", family.name);
                for action in ACTIONS {
                    let mut codes: Vec<&str> =
                        by_level.iter().map(|found| found[action].as_str()).collect();
                    if codes.iter().all(|code| *code == codes[0]) {
                        codes.truncate(1);
                    }
                    let _ = write!(table, " {:<9}", codes.join("/"));
                }
                table.truncate(table.trim_end().len());
                table.push('\n');
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "the hub does not do what the policy says:\n  {}",
        wrong.join("\n  ")
    );
    is_kept("tests/it/snapshots/access.txt", &table);
}

#[tokio::test]
async fn what_a_viewer_is_told_of_its_rights_is_what_the_policy_says() {
    let hub = TestHub::sqlite().await;
    let oracle = Oracle::shipped();
    let document =
        "{ viewer { rights { family lists counts submits public internal personal sensitive } } }";
    for department in oracle.departments() {
        for region in LEVELS {
            let asker = Asker { department, region, case: false };
            let answer =
                hub.data(&hub.token(department, region, &["READER", "SUBMITTER"]), document).await;
            for right in answer["viewer"]["rights"].as_array().expect("rights") {
                let family = right["family"].as_str().unwrap_or_default();
                let rows: Vec<[Shown; 4]> =
                    places().iter().map(|place| oracle.classes(&asker, family, place)).collect();
                let widest = |class: usize| match rows.iter().map(|row| row[class]).max() {
                    Some(Shown::Full) => "FULL",
                    Some(Shown::Masked) => "MASKED",
                    Some(Shown::Aggregate) => "AGGREGATE",
                    _ => "NONE",
                };
                let told = ["public", "internal", "personal", "sensitive"]
                    .map(|class| right[class].clone());
                assert_eq!(
                    told,
                    [0, 1, 2, 3].map(|class| Value::from(widest(class))),
                    "{department} {region} {family}"
                );
                assert_eq!(
                    right["submits"],
                    oracle.writes(department, family),
                    "{department} {family}"
                );
            }
        }
    }
}
