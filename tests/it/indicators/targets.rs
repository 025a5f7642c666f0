//! Every target of every plan has a figure with a verdict, or the reason why there is none; posts
//! are those of the plan.

use std::collections::BTreeSet;

use lianfang::{
    seed::{self, Scale},
    store::reference::Reference,
    submit::verdict::{Mode, RowOutcome},
};
use serde_json::{Value, json};

use crate::{
    samples::{CITY, man, training, with},
    support::{TestHub, backends, row},
};

#[tokio::test]
async fn no_target_of_any_plan_is_without_a_verdict_or_a_reason() {
    let reference = Reference::shipped().expect("the code tables read");
    let rows = &reference.table("plan_target").expect("targets").codes;
    let of = |plan: &str| match plan.split('-').next().unwrap_or_default() {
        "SHANXI" => "140200",
        "SHUOZHOU" => "140600",
        "ZIBO" => "370300",
        "SHANDONG" => "370100",
        _ => "110100",
    };
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let mut asked: BTreeSet<(String, i32)> = BTreeSet::new();
        let mut told: Vec<Value> = Vec::new();
        for target in rows {
            let (plan, year) = (
                &target.attributes["plan"],
                target.attributes["year"].parse::<i32>().expect("a year"),
            );
            let region = of(plan).to_owned();
            let office = hub.token("HRSS", &region, &["SECRETARY"]);
            if year > 2026 {
                // A year that has not begun is refused by name.
                let answer = hub
                    .ask(
                        &office,
                        &format!("{{ indicators(region: \"{region}\", year: {year}) {{ year }} }}"),
                        json!({}),
                    )
                    .await;
                let said = answer["errors"][0]["message"].as_str().unwrap_or_default();
                assert!(said.contains(&year.to_string()), "{} {answer}", target.code);
                continue;
            }
            if asked.insert((region.clone(), year)) {
                let document = format!(
                    "{{ jointMeeting(region: \"{region}\", year: {year}) {{ brief {{ headlines {{ targetId actual outcome reason reasonCode }} }} }} }}"
                );
                let brief = hub.data(&office, &document).await["jointMeeting"]["brief"].clone();
                told.extend(brief["headlines"].as_array().expect("headlines").clone());
            }
            let own: Vec<&Value> =
                told.iter().filter(|line| line["targetId"] == target.code.as_str()).collect();
            assert!(!own.is_empty(), "{} has no headline", target.code);
            for line in own {
                let known = line["outcome"] != "NOT_JUDGED" && line["actual"] != "—";
                let reason = line["reasonCode"].as_str().unwrap_or_default();
                assert!(
                    known || !reason.is_empty() && reason != "NO_INDICATOR",
                    "{}: {line}",
                    target.code
                );
            }
        }
        assert!(told.len() > 200, "{}", told.len());
    }
}

#[tokio::test]
async fn training_of_key_posts_in_prevention_is_judged_as_the_national_plan_asks() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let holder = |number: u32, post: &str| {
            row(json!({
                "employmentNo": format!("M{number}"), "idType": "RESIDENT_ID", "idNumber": man(number), "keyPost": post,
                "keyIndustry": "COAL_MINE", "insuredFrom": "2015-01-01", "regionCode": "370303",
            }))
        };
        let roll = vec![
            holder(1, "TEAM_LEADER"),
            holder(2, "DEPUTY_HEAD"),
            holder(3, "TEAM_LEADER"),
            holder(4, "FULL_TIME_MANAGER"),
        ];
        let answer = hub.hand_in("HRSS", "370300", "Employment", Mode::Atomic, "roll", roll).await;
        assert_eq!(answer.count(RowOutcome::Created), 4, "{answer:?}");
        let of = |number: &str, order, domain: &str, day: &str| {
            let changes = json!({"trainingDomain": domain, "regionCode": "370303", "startedOn": day, "endedOn": day, "examAt": day});
            with(training(number, &man(order)), changes)
        };
        let trained = vec![
            of("T1", 1, "INJURY_PREVENTION", "2023-05-05"),
            of("T2", 2, "SAFETY", "2024-05-05"),
            // Before the first day of the plan.
            of("T3", 3, "INJURY_PREVENTION", "2020-12-31"),
        ];
        let answer =
            hub.hand_in("HRSS", "370300", "TrainingRecord", Mode::Atomic, "trained", trained).await;
        assert_eq!(answer.count(RowOutcome::Created), 3, "{answer:?}");
        let office = hub.token("HRSS", "370303", &["SECRETARY"]);
        let document = "{ indicators(region: \"370303\", year: 2025) { rows { region indicator scope numerator denominator targetId outcome } } \
             jointMeeting(region: \"370303\", year: 2025) { brief { headlines { targetId actual outcome } } } }";
        let data = hub.data(&office, document).await;
        // The province repeats what the national plan asks for.
        let named =
            |id: &Value| id.as_str().is_some_and(|id| id.ends_with("/2025/KEY/POST_TRAINING"));
        let mut rows = data["indicators"]["rows"].as_array().expect("rows").iter();
        let own = rows.find(|row| named(&row["targetId"]) && row["region"] == "370303");
        let own = own.expect("a row for the target");
        assert_eq!(
            (&own["numerator"], &own["denominator"], &own["outcome"]),
            (&json!(2), &json!(3), &json!("NOT_MET")),
            "{own}"
        );
        let mut lines =
            data["jointMeeting"]["brief"]["headlines"].as_array().expect("headlines").iter();
        let line = lines.find(|line| named(&line["targetId"])).expect("a headline");
        assert_eq!(
            (&line["actual"], &line["outcome"]),
            (&json!("66.7%（2/3）"), &json!("NOT_MET"))
        );
    }
}

/// Trained and all, by a statement of its own over the demonstration data.
async fn by_sql(
    hub: &TestHub,
    (region, year): (&str, i32),
    domain: &str,
    posts: &str,
    industries: &str,
) -> (i64, i64) {
    let last = format!("'{year}-12-31'");
    let roll = format!(
        "FROM (SELECT DISTINCT region_code, key_industry, person_key FROM employments WHERE region_code LIKE '{region}%' AND withdrawn_at IS NULL \
         AND department = 'HRSS' AND {posts} AND key_industry IN ({industries}) AND insured_from <= {last} \
         AND (insured_to IS NULL OR insured_to >= {last})) held"
    );
    let trained = format!(
        "EXISTS (SELECT 1 FROM training_records t WHERE t.person_key = held.person_key AND t.withdrawn_at IS NULL AND t.passed AND \
         t.training_domain = '{domain}' AND COALESCE(t.exam_at, t.ended_on) BETWEEN '2021-01-01' AND {last})"
    );
    (
        hub.db_count(&format!("SELECT COUNT(*) {roll} WHERE {trained}")).await,
        hub.db_count(&format!("SELECT COUNT(*) {roll}")).await,
    )
}

#[tokio::test]
async fn posts_of_the_demonstration_are_those_that_each_plan_names() {
    const SIX: &str =
        "'HAZARDOUS_CHEMICALS','COAL_MINE','NON_COAL_MINE','CONSTRUCTION','TRANSPORT','MACHINERY'";
    const SEVEN: &str = "'HAZARDOUS_CHEMICALS','COAL_MINE','NON_COAL_MINE','CONSTRUCTION','TRANSPORT','MACHINERY','BUILDING_MATERIALS'";
    const DUST: &str = "'COAL_MINE','NON_COAL_MINE','METALLURGY','BUILDING_MATERIALS'";
    const THREE: &str = "key_post IN ('DEPUTY_HEAD','DEPARTMENT_HEAD','TEAM_LEADER')";
    const KINDS: &str = "(key_post IN ('DEPUTY_HEAD','FULL_TIME_MANAGER','TEAM_LEADER') OR (key_post = 'PROJECT_LEADER' AND key_industry = 'CONSTRUCTION'))";
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let wanted = ["Employment", "TrainingRecord"];
        for (number, batch) in
            seed::batches(Scale::County).filter(|batch| wanted.contains(&batch.family)).enumerate()
        {
            let key = format!("seed-{number}");
            let answer = hub
                .hand_in(
                    batch.department,
                    batch.region,
                    batch.family,
                    Mode::Partial,
                    &key,
                    batch.rows,
                )
                .await;
            assert_eq!(answer.count(RowOutcome::Rejected), 0, "{answer:?}");
        }
        let told = async |region: &str, year: i32, indicator: &str, scope: &str| {
            let office = hub.token("HRSS", region, &["SECRETARY"]);
            let document = format!(
                "{{ indicators(region: \"{region}\", year: {year}, indicators: [{indicator}]) {{ rows {{ region scope numerator denominator outcome }} }} }}"
            );
            let sheet = hub.data(&office, &document).await["indicators"].clone();
            let own = |row: &&Value| row["region"] == region && row["scope"] == scope;
            let row =
                sheet["rows"].as_array().expect("rows").iter().find(own).expect("a row").clone();
            (
                row["numerator"].as_i64().unwrap_or(-1),
                row["denominator"].as_i64().unwrap_or(-1),
                row["outcome"].as_str().unwrap_or_default().to_owned(),
            )
        };
        let wanted = [
            (CITY, 2024, "I4", "TRANSPORT", (4, 4), "NOT_JUDGED"),
            (CITY, 2024, "I4", "KEY", (72, 75), ""),
            (CITY, 2024, "I4", "COAL_MINE", (45, 47), "NOT_JUDGED"),
            (CITY, 2024, "I5", "DUST", (54, 57), ""),
            (CITY, 2025, "I4", "TRANSPORT", (4, 4), "NOT_JUDGED"),
            (CITY, 2025, "I4", "KEY", (73, 73), ""),
            (CITY, 2025, "I5", "DUST", (55, 56), ""),
            (CITY, 2021, "I4", "COAL_MINE", (32, 47), "NOT_JUDGED"),
            ("370300", 2024, "I4", "KEY", (74, 84), ""),
        ];
        // The one county that has records is judged by them.
        for (year, outcome) in [(2024, "MET"), (2021, "NOT_MET")] {
            assert_eq!(told("140681", year, "I4", "COAL_MINE").await.2, outcome, "{year}");
        }
        let mut all = Vec::new();
        for (region, year, indicator, scope, _, outcome) in wanted {
            let (numerator, denominator, found) = told(region, year, indicator, scope).await;
            let numbers = (numerator, denominator);
            all.push((region, year, indicator, scope, numbers, outcome));
            assert!(
                outcome.is_empty() || outcome == found,
                "{region} {year} {indicator} {scope}: {found}"
            );
            let quoted = format!("'{scope}'");
            let industries = match scope {
                "KEY" if region == CITY => SIX,
                "KEY" => SEVEN,
                "DUST" => DUST,
                _ => &quoted,
            };
            let (domain, posts) = (
                if indicator == "I4" { "SAFETY" } else { "OCCUPATIONAL_HEALTH" },
                if region == CITY { THREE } else { KINDS },
            );
            assert_eq!(
                by_sql(&hub, (&region[..4], year), domain, posts, industries).await,
                numbers,
                "by SQL"
            );
        }
        assert_eq!(all, wanted, "{backend:?}");
    }
}

#[tokio::test]
async fn targets_that_lie_ahead_are_those_of_all_plans_in_force() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        for (region, wanted) in [
            ("370300", "SHANDONG-2021/2025/KEY/POST_TRAINING"),
            (CITY, "NATIONAL-2021/2025/KEY/POST_TRAINING"),
        ] {
            let office = hub.token("HRSS", region, &["SECRETARY"]);
            let document = format!(
                "{{ jointMeeting(region: \"{region}\", year: 2024) {{ brief {{ headlines {{ targetId reasonCode }} }} }} }}"
            );
            let brief = hub.data(&office, &document).await["jointMeeting"]["brief"].clone();
            let lines = brief["headlines"].as_array().expect("headlines");
            let own: Vec<_> = lines.iter().filter(|line| line["targetId"] == wanted).collect();
            assert_eq!(own.len(), 1, "{region}: {brief}");
            assert_eq!(own[0]["reasonCode"], "TARGET_OF_LATER_YEAR", "{region}");
        }
    }
}
