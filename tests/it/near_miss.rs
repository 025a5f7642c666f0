//! The worked example of `docs/adding-a-record-family.md`: a declaration, a migration and a line of
//! policy for each department are all it takes. The files under `examples/near-miss` are compiled
//! here as they stand.

use std::sync::Arc;

use entity::catalogue::Catalogue;
use lianfang::{
    app::{self, Settings},
    authz::policy::Policy,
    store::sql::database::Database,
};
use sea_orm_migration::{MigrationTrait as _, SchemaManager};
use serde_json::{Value, json};

use tempfile::TempDir;

use crate::support::{Backend, TestHub, backends, store};

#[path = "../../examples/near-miss/near_miss.rs"]
mod family;
#[path = "../../examples/near-miss/migration.rs"]
mod table;

const ACCESS: &str = include_str!("../../examples/near-miss/access.csv");
const REGION: &str = "140600";

fn with_near_misses() -> Arc<Catalogue> {
    let mut families = entity::families();
    families.push(&family::FAMILY);
    Arc::new(Catalogue::new(families).expect("the example fits the catalogue"))
}

async fn hub(backend: Backend) -> TestHub {
    let catalogue = with_near_misses();
    let policy =
        Arc::new(Policy::load(None, ACCESS, &catalogue).expect("the example's policy holds"));
    let directory = TempDir::new().expect("a temporary directory");
    let url = store(backend, &directory).await;
    let before = Database::connect(&url, Settings::default().database).await.expect("a store");
    table::Migration.up(&SchemaManager::new(before.migrations())).await.expect("the table is made");
    drop(before);
    TestHub::opened(directory, url, Settings::default(), catalogue, policy).await
}

fn rows(list: &[(&str, &str, &str)]) -> Value {
    let row = |(number, region, industry): &(&str, &str, &str)| {
        json!({
            "nearMissNo": number, "occurredAt": "2024-05-06T10:00:00+08:00", "regionCode": region, "industryCode": industry,
            "employerName": "朔州示例单位", "employerNo": "E-1", "accidentType": "ROOF_FALL", "personsAtRisk": 4,
            "avoidedLossYuan": "1000.50", "reporterName": "王小明", "reporterPhone": "13800001234", "course": "顶板掉块，无人受伤",
        })
    };
    list.iter().map(row).collect()
}

async fn submit(hub: &TestHub, department: &str, key: &str, rows: Value) -> Value {
    let query = "mutation($input: SubmitNearMissesInput!) { submitNearMisses(input: $input) \
                 { created updated unchanged rejected verdicts { outcome id faults { code field } } } }";
    let token = hub.token(department, REGION, &["SUBMITTER"]);
    let input = json!({"input": {"mode": "PARTIAL", "idempotencyKey": key, "rows": rows}});
    let answer = hub.ask(&token, query, input).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"]["submitNearMisses"].clone()
}

#[tokio::test]
async fn a_new_family_is_handed_in_read_masked_counted_and_kept_in_versions() {
    for backend in backends() {
        let hub = hub(backend).await;
        let three =
            [("N-1", "140602", "0610"), ("N-2", "140602", "4710"), ("N-3", "370321", "0610")];
        let answer = submit(&hub, "EMERGENCY", "first", rows(&three)).await;
        assert_eq!((&answer["created"], &answer["rejected"]), (&json!(2), &json!(1)), "{answer}");
        assert_eq!(answer["verdicts"][2]["faults"][0]["code"], "REGION_NOT_YOURS");
        assert_eq!(submit(&hub, "EMERGENCY", "again", rows(&three[..2])).await["unchanged"], 2);

        let all = "{ nearMisses(orderBy: [{field: NEAR_MISS_NO}]) { totalCount nodes { nearMissNo keyIndustryLabel accidentTypeLabel \
                   region { name } avoidedLossYuan reporterName reporterPhone course } } }";
        let own = hub.data(&hub.reader("EMERGENCY", REGION), all).await;
        let expected = json!({"nearMissNo": "N-1", "keyIndustryLabel": "煤矿", "accidentTypeLabel": "冒顶片帮", "region": {"name": "朔城区"},
            "avoidedLossYuan": "1000.50", "reporterName": "王小明", "reporterPhone": "13800001234", "course": "顶板掉块，无人受伤"});
        assert_eq!(own["nearMisses"]["nodes"][0], expected);

        let union = hub.data(&hub.reader("UNION", REGION), all).await;
        let seen = &union["nearMisses"]["nodes"][0];
        assert_eq!(
            (&seen["reporterName"], &seen["reporterPhone"], &seen["course"]),
            (&json!("王*"), &json!("*******1234"), &Value::Null)
        );

        let housing = hub.data(&hub.reader("HOUSING", REGION), all).await;
        assert_eq!(housing["nearMisses"]["totalCount"], 1, "construction only: {housing}");
        assert_eq!(
            hub.code(&hub.reader("MARKET", REGION), "{ nearMisses { totalCount } }").await,
            "FORBIDDEN"
        );
        let by_name = "{ nearMisses(where: {reporterName: {eq: \"王小明\"}}) { totalCount } }";
        assert_eq!(hub.code(&hub.reader("UNION", REGION), by_name).await, "FORBIDDEN");
        assert_eq!(hub.code(&hub.reader("HEALTH", REGION), all).await, "FORBIDDEN");

        let stats = "{ nearMissStats(groupBy: [OCCURRED_AT_YEAR]) { keys { value } count sums { personsAtRisk avoidedLossYuan } } }";
        let counted = hub.data(&hub.reader("HRSS", REGION), stats).await;
        let group = json!({"keys": [{"value": "2024"}], "count": 2, "sums": {"personsAtRisk": 8, "avoidedLossYuan": "2001.00"}});
        assert_eq!(counted["nearMissStats"], json!([group]));

        let id = answer["verdicts"][0]["id"].as_str().expect("an identifier");
        let history = format!("{{ history(id: \"{id}\") {{ version action content }} }}");
        let versions = hub.data(&hub.reader("HRSS", REGION), &history).await;
        assert_eq!(versions["history"][0]["action"], "CREATED");
        assert_eq!(versions["history"][0]["content"]["reporterName"], Value::Null, "{versions}");

        table::Migration
            .down(&SchemaManager::new(hub.database.migrations()))
            .await
            .expect("the table is taken away");
    }
}

#[test]
fn the_schema_and_the_matrix_follow_from_the_declaration() {
    let catalogue = with_near_misses();
    let sdl = app::sdl(&catalogue).expect("the schema builds");
    for line in [
        "type NearMiss implements Node",
        "submitNearMisses(",
        "nearMissStats(",
        "input NearMissWhere",
        "enum NearMissOrderField",
    ] {
        assert!(sdl.contains(line), "{line}");
    }
    let policy = Policy::load(None, ACCESS, &catalogue).expect("the example's policy holds");
    assert!(
        lianfang::authz::matrix::markdown(&catalogue, &policy).contains("## 未遂事件 NearMiss")
    );
}

#[test]
fn a_department_without_a_line_is_named() {
    let catalogue = with_near_misses();
    let short: String = ACCESS
        .lines()
        .filter(|line| !line.contains("UNION"))
        .map(|line| format!("{line}\n"))
        .collect();
    let fault = Policy::load(None, &short, &catalogue).expect_err("refused");
    assert!(fault.contains("NearMiss") && fault.contains("UNION"), "{fault}");
}

#[test]
fn the_document_shows_the_files_that_are_tested() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/adding-a-record-family.md");
    let document = std::fs::read_to_string(path).expect("the document is there");
    for file in [
        include_str!("../../examples/near-miss/near_miss.rs"),
        include_str!("../../examples/near-miss/migration.rs"),
        include_str!("../../examples/near-miss/access.csv"),
    ] {
        assert!(
            document.contains(file.trim_end()),
            "docs/adding-a-record-family.md does not show this file:\n{file}"
        );
    }
}
