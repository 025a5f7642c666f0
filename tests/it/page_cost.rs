//! A page costs its own rows, whatever others hold: read from the plans of both databases, without a
//! clock, on a store where one region holds half of all rows and deliveries came region by region.

use entity::catalogue::{Class, Family, Kind};
use lianfang::{
    authz::scope::{Scope, Use, Zone},
    context::OpCtx,
    store::records::{cursor::OrderKey, filter::Filter, page_query::PageQuery, row::Selection},
};

use crate::{
    plans_read::{postgres_cost, sqlite_faults},
    support::{TestHub, backends},
};

const ROWS: u32 = 6_000;
const FIRST: u64 = 51;

/// One region with half of all rows, seventeen of the cities around it, one of another province.
const FULL: &str = "140602";

/// The region of the nth row: deliveries come region by region.
fn region_sql(number: &str) -> String {
    let others: Vec<String> =
        ["140603", "140621", "140622", "140623", "140681", "140600", "140202"]
            .iter()
            .chain(&[
                "140212", "140221", "140222", "140105", "140106", "140107", "141002", "141021",
            ])
            .chain(&["110101", "130102"])
            .enumerate()
            .map(|(place, code)| {
                format!("WHEN {number} < {} THEN '{code}'", 3_000 + (place + 1) * 176)
            })
            .collect();
    format!("CASE WHEN {number} < 3000 THEN '{FULL}' {} ELSE '140829' END", others.join(" "))
}

/// A value of a column for the nth row, in SQL that both databases read.
fn value_sql(postgres: bool, kind: Kind, column: &str) -> String {
    let day = if postgres {
        "DATE '2020-01-01' + CAST(n * 7 % 1500 AS integer)".to_owned()
    } else {
        "date('2020-01-01', '+' || (n * 7 % 1500) || ' days')".to_owned()
    };
    match kind {
        Kind::Text | Kind::Codes(_) => format!("'{column}' || (n * 7919 % 6007)"),
        Kind::Code(_) => "'OTHER'".to_owned(),
        Kind::Int | Kind::Money => "n % 97".to_owned(),
        Kind::Bool => if postgres { "n % 2 = 0" } else { "n % 2" }.to_owned(),
        Kind::Date => day,
        Kind::DateTime if postgres => {
            "TIMESTAMPTZ '2020-01-01 00:00:00+00' + n * 7919 % 6007 * INTERVAL '1 hour'".to_owned()
        }
        Kind::DateTime => {
            "strftime('%Y-%m-%dT%H:%M:%S+00:00', '2020-01-01', '+' || (n * 7919 % 6007) || ' hours')"
                .to_owned()
        }
    }
}

/// Fills the table of a family past the hub.
async fn fill(hub: &TestHub, family: &Family) {
    let postgres = hub.is_postgres();
    let mut columns = vec![
        (
            "id".to_owned(),
            if postgres {
                "CAST(lpad(to_hex(n), 32, '0') AS uuid)".to_owned()
            } else {
                "unhex(printf('%032x', n))".to_owned()
            },
        ),
        ("ref".to_owned(), "'R' || n".to_owned()),
        (
            "department".to_owned(),
            "CASE WHEN n % 3 = 0 THEN 'HRSS' ELSE 'EMERGENCY' END".to_owned(),
        ),
        ("source_system".to_owned(), "''".to_owned()),
        ("version".to_owned(), "1".to_owned()),
        ("fingerprint".to_owned(), "''".to_owned()),
        ("created_at".to_owned(), value_sql(postgres, Kind::DateTime, "")),
        ("updated_at".to_owned(), value_sql(postgres, Kind::DateTime, "")),
        ("record_key".to_owned(), "1".to_owned()),
    ];
    for field in family.fields {
        let value = match field.kind {
            _ if field.column == family.region_column() => region_sql("n"),
            _ if field.sealed => continue,
            // Half of the rows lie in an industry that one department answers for.
            _ if Some(field.column) == family.industry_column() => {
                "CASE WHEN n % 2 = 0 THEN 'TRANSPORT' END".to_owned()
            }
            // Among three dates and names one is missing.
            kind if !field.required && matches!(kind, Kind::Date) => {
                format!("CASE WHEN n % 3 > 0 THEN {} END", value_sql(postgres, kind, field.column))
            }
            kind => value_sql(postgres, kind, field.column),
        };
        if let Some(sort) = field.sort {
            columns.push((sort.to_owned(), "'s' || (n * 7919 % 6007)".to_owned()));
        }
        columns.push((field.column.to_owned(), value));
    }
    let (names, values): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    let numbers = if postgres {
        format!("generate_series(1, {ROWS}) AS n")
    } else {
        format!(
            "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {ROWS}) SELECT n FROM c)"
        )
    };
    hub.db_run(&format!(
        "INSERT INTO {} ({}) SELECT {} FROM {numbers}",
        family.table,
        names.join(", "),
        values.join(", ")
    ))
    .await;
}

#[tokio::test]
async fn a_page_costs_its_own_rows_in_every_scope_and_order_that_is_indexed() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let families: Vec<&'static Family> = hub.services.catalogue.families().collect();
        for family in &families {
            fill(&hub, family).await;
        }
        // One region with records was abolished long ago: a hub looks for such when it starts.
        let hub = hub.another().await;
        hub.db_run("ANALYZE").await;
        let (filter, mut asked, mut wrong) = (Filter::everything(), 0, Vec::new());
        for department in ["HRSS", "EMERGENCY", "HEALTH", "UNION", "TRANSPORT"] {
            for region in ["140623", FULL, "140600", "140000"] {
                let token = hub.reader(department, region);
                let now = OpCtx::begin("test").now().timestamp();
                let actor =
                    hub.services.tokens.check(&hub.services.policy, &token, now).expect("an actor");
                for family in &families {
                    let Ok(scope) = hub.services.scope(&actor, family) else { continue };
                    for keys in orders(family) {
                        let selection = Selection::default();
                        let page = PageQuery {
                            selection: &selection,
                            filter: &filter,
                            keys: &keys,
                            from: None,
                            backward: false,
                            limit: FIRST,
                        };
                        let by = keys.first().map_or("id", |key| key.field.name);
                        let down = keys.first().is_some_and(|key| key.descending);
                        let what = format!(
                            "{} by {by} (down: {down}), {department} of {region}",
                            family.name
                        );
                        asked += u32::from(cost(&hub, &scope, &page, &what, &mut wrong).await);
                    }
                }
            }
        }
        assert!(asked > 550, "only {asked} pages were asked for");
        assert!(wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong.join("\n"));
    }
}

#[tokio::test]
async fn pages_of_many_regions_lose_and_repeat_no_row_where_dates_are_missing() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let family = hub.services.catalogue.find("Employment").expect("the family");
        fill(&hub, family).await;
        // One region with records was abolished long ago: a hub looks for such when it starts.
        let hub = hub.another().await;
        for (region, prefix) in [("140600", "1406"), ("140000", "14")] {
            let token = hub.reader("HRSS", region);
            for (order, by) in [
                ("", "id"),
                ("INSURED_FROM ASC", "insured_from IS NULL, insured_from, id"),
                ("INSURED_FROM DESC", "insured_from IS NULL DESC, insured_from DESC, id DESC"),
            ] {
                let all = hub
                    .db_texts(&format!(
                        "SELECT employment_no FROM employments WHERE region_code LIKE '{prefix}%' ORDER BY {by}"
                    ))
                    .await;
                let order = order.split_once(' ').map_or_else(String::new, |(field, direction)| {
                    format!("orderBy: [{{field: {field}, direction: {direction}}}]")
                });
                let forward = walk(&hub, &token, &order, ["first", "after", "endCursor"]).await;
                assert!(forward == all, "{region} {order}: {} of {}", forward.len(), all.len());
                let mut back = walk(&hub, &token, &order, ["last", "before", "startCursor"]).await;
                back.reverse();
                assert!(
                    back == all,
                    "{region} {order}, from the end: {} of {}",
                    back.len(),
                    all.len()
                );
            }
        }
    }
}

/// The numbers of all employments, page by page; those of a page of `last` from its end.
async fn walk(
    hub: &TestHub,
    token: &str,
    order: &str,
    [number, place, cursor]: [&str; 3],
) -> Vec<String> {
    let (mut all, mut from) = (Vec::new(), String::new());
    loop {
        let query = format!(
            "{{ employments({number}: 187 {from} {order}) {{ nodes {{ employmentNo }} pageInfo {{ {cursor} }} }} }}"
        );
        let page = hub.data(token, &query).await;
        let page = &page["employments"];
        let nodes = page["nodes"].as_array().expect("nodes");
        let mut numbers: Vec<String> = nodes
            .iter()
            .map(|node| node["employmentNo"].as_str().expect("a number").to_owned())
            .collect();
        if number == "last" {
            numbers.reverse();
        }
        all.extend(numbers);
        match page["pageInfo"][cursor].as_str() {
            Some(next) if all.len() <= ROWS as usize => from = format!("{place}: \"{next}\""),
            _ => return all,
        }
    }
}

/// The orders of a family that an index serves, each way.
fn orders(family: &Family) -> Vec<Vec<OrderKey>> {
    let own = family.all_fields().filter(|field| field.indexed);
    let both =
        own.flat_map(|field| [true, false].map(|descending| vec![OrderKey { field, descending }]));
    std::iter::once(Vec::new()).chain(both).collect()
}

/// Whether the page may be asked for; what is wrong with its cost is added to the list.
async fn cost(
    hub: &TestHub,
    scope: &Scope,
    page: &PageQuery<'_>,
    what: &str,
    wrong: &mut Vec<String>,
) -> bool {
    let Ok(statement) = hub.services.reader().page_statement(scope, page) else { return false };
    // Whoever sees only the records of its own department or industries has those of its region
    // looked through: they are bounded by the region.
    let narrowed =
        |zone: &&Zone| zone.condition().department.is_some() || zone.condition().industry.is_some();
    let classes: Vec<Class> = page.keys.iter().map(|key| key.field.class).collect();
    if scope.zones(Use::List, &classes).iter().all(narrowed) {
        return false;
    }
    if hub.is_postgres() {
        let (given, visited, plan) = postgres_cost(hub, statement).await;
        // A branch is looked at though its region is empty: it costs one row at most.
        if visited > 3.0 * given.max(1.0) + 20.0 {
            wrong.push(format!("{what}: {visited} rows visited for {given}\n  {plan:.600}"));
        }
    } else {
        let faults = sqlite_faults(hub, statement).await;
        if !faults.is_empty() {
            wrong.push(format!("{what}: {}", faults.join("; ")));
        }
    }
    true
}
