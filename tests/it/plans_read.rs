//! What a statement costs, read from the plans of both databases without a clock.

use sea_orm_migration::sea_orm::{ConnectionTrait, Statement};
use serde_json::Value;

use crate::support::TestHub;

/// Rows that a plan of PostgreSQL read from tables, whether it gave them on or not.
fn visited(node: &Value) -> f64 {
    let number = |name: &str| node[name].as_f64().unwrap_or_default();
    let own = if node["Relation Name"].is_string() {
        (number("Actual Rows") + number("Rows Removed by Filter")) * number("Actual Loops")
    } else {
        0.0
    };
    own + node["Plans"].as_array().map_or(0.0, |below| below.iter().map(visited).sum())
}

/// What a page costs: rows it gives and rows that were read for it.
pub async fn postgres_cost(hub: &TestHub, statement: Statement) -> (f64, f64, String) {
    let sql = format!("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {}", statement.sql);
    let explain = Statement { sql, ..statement };
    let row = hub.database.migrations().query_one_raw(explain).await.expect("a plan");
    let plan: Value = row.expect("a row").try_get_by_index(0).expect("JSON");
    let root = &plan[0]["Plan"];
    (root["Actual Rows"].as_f64().unwrap_or_default(), visited(root), plan.to_string())
}

/// Steps of a plan of SQLite.
pub async fn sqlite_steps(hub: &TestHub, statement: Statement) -> Vec<String> {
    let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
    let rows = hub.database.migrations().query_all_raw(Statement { sql, ..statement }).await;
    let steps = rows.expect("a plan");
    steps.iter().map(|row| row.try_get_by_index(3).expect("a step")).collect()
}

/// Steps of a plan of SQLite that read more than their rows.
pub async fn sqlite_faults(hub: &TestHub, statement: Statement) -> Vec<String> {
    let mut steps = sqlite_steps(hub, statement).await;
    steps.retain(|step| {
        step.contains("TEMP B-TREE") || (step.starts_with("SCAN") && !step.contains("USING INDEX"))
    });
    steps
}
