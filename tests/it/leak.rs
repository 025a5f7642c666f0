//! No clause of any question tells an actor anything of a value the policy denies: two stores that
//! differ in denied values only answer byte for byte the same. What is denied is worked out in
//! `oracle`, apart from the hub's own code.

mod clauses;
pub mod values;
pub mod worlds;

use std::collections::BTreeSet;

use entity::catalogue::Family;
use lianfang::{app::Settings, feed, http::limits::DocumentLimits};
use sea_orm_migration::sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::{
    leak::{
        clauses::{Clause, Clauses, Kind, Schema},
        values::{Values, Variant},
        worlds::{Pass, ROWS, World, load, place_of},
    },
    oracle::{Asker, Oracle, relation},
    support::{Backend, TestHub},
};

/// Questions of this test are larger than those the hub takes from people.
fn settings() -> Settings {
    let document = DocumentLimits {
        bytes: 4_000_000,
        tokens: 1_000_000,
        depth: 12,
        fields: 100_000,
        aliases: 10_000,
        roots: 1_000,
        cost: u64::MAX,
    };
    // Its records are dated years ago; what is old is cut off a minute after the start, and the
    // questions take longer.
    let feed = feed::FeedSettings { days: 36_500, ..feed::FeedSettings::default() };
    Settings { document, feed, ..Settings::default() }
}

/// Answers to all clauses, without what differs at every request. What is closed is asked the first
/// time only: that it is refused is all there is to know.
async fn answers(
    hub: &TestHub,
    token: &str,
    clauses: &[Clause],
    first: bool,
) -> Vec<(String, String)> {
    let mut list = Vec::new();
    for clause in clauses.iter().filter(|clause| first || clause.kind != Kind::Closed) {
        let mut answer = hub.ask(token, &clause.document, json!({})).await;
        let codes: BTreeSet<&str> = list_of(&answer["errors"])
            .filter_map(|error| error["extensions"]["code"].as_str())
            .collect();
        let expected = match clause.kind {
            Kind::Open | Kind::Pages => codes.is_empty(),
            // Each of its root fields is refused.
            Kind::Closed => {
                let fields = answer["data"].as_object().map_or(0, serde_json::Map::len);
                codes == BTreeSet::from(["FORBIDDEN"])
                    && list_of(&answer["errors"]).count() == fields
            }
            Kind::Either => {
                codes.is_subset(&BTreeSet::from(["FORBIDDEN", "NOT_FOUND", "BAD_USER_INPUT"]))
            }
        };
        assert!(
            expected,
            "{} is {:?}, the answer is {answer}\n{}",
            clause.name, clause.kind, clause.document
        );
        if clause.kind == Kind::Closed {
            continue;
        }
        if clause.kind == Kind::Pages {
            let next = next_pages(&clause.document, &answer);
            let mut page = hub.ask(token, &next, json!({})).await;
            assert!(page["errors"].is_null(), "{}: {page}", clause.name);
            normalise(&mut page);
            list.push((format!("{} next page", clause.name), page.to_string()));
        }
        normalise(&mut answer);
        list.push((clause.name.clone(), answer.to_string()));
    }
    list
}

fn list_of(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The same question after the first page of each ascending list.
fn next_pages(document: &str, answer: &Value) -> String {
    let mut next = document.to_owned();
    for (alias, page) in answer["data"].as_object().into_iter().flatten() {
        if let Some(cursor) = page["pageInfo"]["endCursor"].as_str() {
            let plural = document
                .split(&format!(" {alias}: "))
                .nth(1)
                .and_then(|rest| rest.split('(').next())
                .unwrap_or_default();
            next = next.replace(
                &format!(" {alias}: {plural}(first: 1,"),
                &format!(" {alias}: {plural}(first: 200, after: \"{cursor}\","),
            );
        }
    }
    next
}

/// Leaves out the number of the request, and of a cursor all but its length.
fn normalise(value: &mut Value) {
    match value {
        Value::Object(parts) => {
            parts.remove("requestId");
            if let Some(Value::Array(errors)) = parts.get_mut("errors") {
                // Fields of one level are resolved side by side, so their errors come in any order.
                errors.sort_by_key(ToString::to_string);
            }
            for (name, part) in parts.iter_mut() {
                match part {
                    Value::String(text) if matches!(name.as_str(), "cursor" | "endCursor") => {
                        *part = json!(text.len())
                    }
                    other => normalise(other),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(normalise),
        _ => {}
    }
}

fn differences(left: &[(String, String)], right: &[(String, String)]) -> Vec<String> {
    assert_eq!(left.len(), right.len());
    let pairs = left.iter().zip(right).filter(|(left, right)| left != right);
    pairs
        .map(|((name, left), (_, right))| {
            format!("{name}\n      {}", first_difference(left, right))
        })
        .collect()
}

fn first_difference(left: &str, right: &str) -> String {
    let at = left.chars().zip(right.chars()).take_while(|(left, right)| left == right).count();
    let near = |text: &str| text.chars().skip(at.saturating_sub(80)).take(200).collect::<String>();
    format!("…{}…\n      …{}…", near(left), near(right))
}

/// A hub whose store can be filled, with what the schema offers.
struct Stage {
    hub: TestHub,
    oracle: Oracle,
    families: Vec<&'static Family>,
    schema: Schema,
}

impl Stage {
    async fn on(backend: Backend) -> Self {
        let hub = TestHub::with(backend, settings()).await;
        let families: Vec<&'static Family> = hub.services.catalogue.families().collect();
        let schema = Schema::read(&hub, &hub.reader("HRSS", "140600"), &families).await;
        if backend == Backend::Sqlite {
            // Refusals are audited durably; this test asks for many.
            hub.database
                .migrations()
                .execute_unprepared("PRAGMA synchronous = OFF")
                .await
                .expect("a setting");
        }
        Self { hub, oracle: Oracle::shipped(), families, schema }
    }

    fn values(&self) -> Values<'_> {
        Values::of(&self.hub)
    }

    fn world<'a>(&'a self, against: Option<(Asker<'a>, Pass)>) -> World<'a> {
        World::new(&self.oracle, &self.families, against)
    }

    fn clauses(&self, values: &Values<'_>, asker: &Asker<'_>, pass: Pass) -> Vec<Clause> {
        let world = self.world(Some((*asker, Pass::List)));
        let clauses =
            Clauses { families: &self.families, schema: &self.schema, values, world: &world };
        match pass {
            Pass::List => clauses.lists(),
            Pass::Stats => clauses.statistics(),
            Pass::Hashes => clauses.hashes(),
        }
    }

    async fn load(&self, values: &Values<'_>, world: &World<'_>) {
        load(self.hub.database.migrations(), &self.families, values, world).await;
    }
}

/// Everything of every family for one kind of actor of every department: returns the number of
/// cells.
async fn leaks(backend: Backend, region: &str, case: bool, only: &[&str]) -> usize {
    let stage = Stage::on(backend).await;
    let (hub, values) = (&stage.hub, stage.values());
    let (purpose, ticket) =
        if case { ("MATCHING", Some("T-1")) } else { ("ROUTINE_SHARING", None) };
    let departments = stage.oracle.departments();
    let askers: Vec<_> = departments
        .iter()
        .filter(|department| only.is_empty() || only.contains(department))
        // A case that opens nothing is the same as none.
        .filter(|department| !case || opens(&stage.oracle, &stage.families, department, region))
        .map(|department| {
            let token = hub.token_for(department, region, &["READER"], purpose, ticket);
            (Asker { department, region, case }, token)
        })
        .collect();
    let passes = [Pass::List, Pass::Stats, Pass::Hashes];
    stage.load(&values, &stage.world(None)).await;
    let mut before = Vec::new();
    for (asker, token) in &askers {
        for pass in passes {
            let clauses = stage.clauses(&values, asker, pass);
            let answers = answers(hub, token, &clauses, true).await;
            before.push((clauses, answers));
        }
    }
    let mut before = before.into_iter();
    let mut found = Vec::new();
    let mut cells = BTreeSet::new();
    for (asker, token) in &askers {
        for pass in passes {
            let world = stage.world(Some((*asker, pass)));
            stage.load(&values, &world).await;
            let (clauses, before) = before.next().expect("an answer");
            let after = answers(hub, token, &clauses, false).await;
            let differing = differences(&before, &after);
            found.extend(
                differing
                    .into_iter()
                    .map(|what| format!("{} {} {pass:?}: {what}", asker.department, asker.region)),
            );
            count(&world, asker, pass, &stage.families, &stage.schema, &mut cells);
        }
    }
    assert!(
        found.is_empty(),
        "{} answers depend on denied values:\n  {}",
        found.len(),
        found.join("\n  ")
    );
    cells.len()
}

/// Whether a case shows a department more.
fn opens(oracle: &Oracle, families: &[&'static Family], department: &str, region: &str) -> bool {
    let rights = |case| {
        let asker = Asker { department, region, case };
        let rows =
            families.iter().flat_map(|family| (0..ROWS).map(|row| (family.name, place_of(row))));
        rows.map(|(family, place)| oracle.classes(&asker, family, &place)).collect::<Vec<_>>()
    };
    rights(true) != rights(false)
}

type Cell = (String, &'static str, &'static str, crate::oracle::Relation, String);

/// Notes which cells a comparison has covered: a denied field of a row in that relation, and a
/// clause on it.
fn count(
    world: &World<'_>,
    asker: &Asker<'_>,
    pass: Pass,
    families: &[&'static Family],
    schema: &Schema,
    cells: &mut BTreeSet<Cell>,
) {
    for family in families {
        for field in family.all_fields().filter(|field| !field.hidden) {
            let mut clauses: Vec<String> = Vec::new();
            let tests = schema.tests(family, field).iter();
            match pass {
                Pass::List => {
                    clauses.extend(
                        [
                            "select",
                            "changes",
                            "node",
                            "single",
                            "history",
                            "candidates",
                            "totalCount",
                            "error",
                        ]
                        .map(ToOwned::to_owned),
                    );
                    clauses.extend(tests.map(|test| format!("where {test}")));
                    for (other, link) in families
                        .iter()
                        .flat_map(|other| other.links.iter().map(move |link| (other, link)))
                    {
                        if link.to == family.name {
                            clauses.push(format!("nested {}.{}", other.name, link.name));
                            if field.filter {
                                clauses.extend(
                                    ["some", "none"]
                                        .map(|how| format!("{how} {}.{}", other.name, link.name)),
                                );
                            }
                        }
                    }
                    if field.order {
                        clauses
                            .extend(["orderBy", "orderBy DESC", "cursor"].map(ToOwned::to_owned));
                    }
                }
                Pass::Stats => {
                    clauses.extend(tests.map(|test| format!("stats where {test}")));
                    clauses.extend(field.group.then(|| "groupBy".to_owned()));
                    clauses.extend(field.sum.then(|| "sums".to_owned()));
                }
                Pass::Hashes => clauses.extend(field.key.map(|_| "where hash".to_owned())),
            }
            let rows = (0..ROWS).filter(|row| world.of_field(family, *row, field) != Variant::A);
            let relations: BTreeSet<_> =
                rows.map(|row| relation(asker.region, place_of(row).region)).collect();
            for (relation, clause) in relations
                .iter()
                .flat_map(|relation| clauses.iter().map(move |clause| (relation, clause)))
            {
                cells.insert((
                    asker.department.to_owned(),
                    family.name,
                    field.name,
                    *relation,
                    clause.clone(),
                ));
            }
        }
    }
}

#[tokio::test]
async fn every_clause_notices_a_change_in_what_may_be_seen() {
    let stage = Stage::on(Backend::Sqlite).await;
    let values = stage.values();
    let owner = Asker { department: "EMERGENCY", region: "140602", case: false };
    let stranger = Asker { department: "MARKET", region: "140602", case: false };
    let token = stage.hub.reader("EMERGENCY", "140602");
    for pass in [Pass::List, Pass::Stats] {
        let mut clauses = stage.clauses(&values, &owner, pass);
        clauses.retain(|clause| {
            clause.name.starts_with("AccidentVictim ")
                && matches!(clause.kind, Kind::Open | Kind::Pages)
        });
        stage.load(&values, &stage.world(None)).await;
        let before = answers(&stage.hub, &token, &clauses, true).await;
        stage.load(&values, &stage.world(Some((stranger, pass)))).await;
        let after = answers(&stage.hub, &token, &clauses, false).await;
        assert!(before.len() > 1 - usize::from(pass == Pass::Stats));
        for ((name, before), (_, after)) in before.iter().zip(&after) {
            assert_ne!(before, after, "{name} does not notice what it shows");
        }
    }
}

macro_rules! leak_tests {
    ($($name:ident: $backend:expr, $region:expr, $case:expr, $only:expr, $least:expr;)*) => {$(
        #[tokio::test]
        async fn $name() {
            let cells = leaks($backend, $region, $case, $only).await;
            println!("leak cells: {cells}");
            assert!(cells >= $least, "only {cells} cells were compared");
        }
    )*};
}

leak_tests! {
    a_county_actor_learns_nothing_of_what_is_denied: Backend::Sqlite, "140602", false, &[], 100_000;
    a_city_actor_learns_nothing_of_what_is_denied: Backend::Sqlite, "140600", false, &[], 100_000;
    a_province_actor_learns_nothing_of_what_is_denied: Backend::Sqlite, "140000", false, &[], 60_000;
    a_county_actor_on_a_case_learns_nothing_of_what_is_denied: Backend::Sqlite, "140602", true, &[], 30_000;
    a_province_actor_on_a_case_learns_nothing_of_what_is_denied: Backend::Sqlite, "140000", true, &[], 20_000;
    on_postgres_too: Backend::Postgres, "140602", false, &["HRSS", "EMERGENCY", "HOUSING", "UNION"], 30_000;
}
