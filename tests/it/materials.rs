//! What the materials say, from records handed in as departments do: targets judged, what is
//! missing said to be missing, what was frozen kept as it was.

use lianfang::submit::verdict::{Mode, RowOutcome};
use serde_json::{Value, json};

use crate::{
    samples::{CITY, COUNTY, accident, disease, hazard, man, training, uscc, with},
    support::{Backend, TestHub, backends},
};

const CONTENT: &str = "head { year provisional protected plan { code } } \
    headlines { indicator { code } industry { code } department { code } target actual outcome reason } \
    figures { indicator { code } region { code } industry { code } numerator denominator shown lastYear baseYear outcome reason } \
    heat { industries { code } regions { region { code } counts } } \
    returns { department { code } title due state signedAt } \
    hazards { number employer daysOverdue supervised level { code } } \
    employers { name uscc reasons } \
    differences { place then now }";

/// Coal-mine accidents: three in 2019, two in 2024, the second written off.
async fn filled(backend: Backend) -> TestHub {
    let hub = TestHub::on(backend).await;
    let of = |number: &str, day: &str, status: &str| {
        with(
            accident(number),
            json!({"occurredAt": format!("{day}T09:30:00+08:00"), "statStatus": status, "deaths": 0, "seriousInjuries": 1, "minorInjuries": 1}),
        )
    };
    let rows = vec![
        of("A1", "2019-02-01", "DETERMINED"),
        // New Year's Eve in China, still 2018 nowhere: the year is cut in Asia/Shanghai.
        of("A2", "2019-01-01", "DETERMINED"),
        of("A3", "2019-12-31", "DETERMINED"),
        of("A4", "2024-05-06", "DETERMINED"),
        of("A5", "2024-06-01", "WRITTEN_OFF"),
    ];
    hub.take("EMERGENCY", "Accident", "accidents", rows).await;
    let overdue = json!({"level": "MAJOR", "supervised": true, "supervisedAt": "2024-03-06", "orderedAt": "2024-03-06", "deadline": "2024-04-06"});
    let overdue = with(hazard("H1", "ORDERED"), overdue);
    hub.take("EMERGENCY", "HazardRectification", "hazards", vec![overdue]).await;
    hub
}

async fn brief(hub: &TestHub, token: &str, year: i32, which: &str) -> Value {
    let document = format!(
        "{{ jointMeeting(region: \"{CITY}\", year: {year}) {{ {which} {{ {CONTENT} }} }} }}"
    );
    hub.data(token, &document).await["jointMeeting"][which].clone()
}

#[tokio::test]
async fn every_hazard_past_its_deadline_is_listed_and_none_that_waits_for_its_recheck() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let of = |number: &str, status: &str, submitted: Option<&str>| {
            let dates = json!({"orderedAt": "2024-03-06", "deadline": "2024-04-06", "submittedAt": submitted});
            with(hazard(number, status), dates)
        };
        let mut rows: Vec<_> = (0..203).map(|n| of(&format!("H{n}"), "ORDERED", None)).collect();
        rows.push(of("IN-TIME", "SUBMITTED", Some("2024-04-06")));
        rows.push(of("LATE", "SUBMITTED", Some("2024-04-07")));
        hub.take("EMERGENCY", "HazardRectification", "hazards", rows).await;
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        let brief = brief(&hub, &office, 2024, "brief").await;
        let listed: Vec<&str> = brief["hazards"]
            .as_array()
            .expect("hazards")
            .iter()
            .filter_map(|hazard| hazard["number"].as_str())
            .collect();
        assert_eq!(listed.len(), 204, "{backend:?}");
        assert!(listed.contains(&"LATE") && !listed.contains(&"IN-TIME"));
    }
}

fn figure<'a>(brief: &'a Value, indicator: &str, region: &str, industry: &str) -> &'a Value {
    let found = brief["figures"].as_array().expect("figures").iter().find(|figure| {
        figure["indicator"]["code"] == indicator
            && figure["region"]["code"] == region
            && figure["industry"]["code"] == industry
    });
    found.unwrap_or_else(|| unreachable!("no {indicator} of {industry} in {region}"))
}

#[tokio::test]
async fn the_materials_judge_each_target_on_exact_numbers_and_say_why() {
    for backend in backends() {
        let hub = filled(backend).await;
        hub.sign("EMERGENCY", CITY, 2019, "").await;
        hub.sign("EMERGENCY", CITY, 2024, "").await;
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        let brief = brief(&hub, &office, 2024, "brief").await;
        assert_eq!(
            brief["head"],
            json!({"year": 2024, "provisional": true, "protected": false, "plan": {"code": "SHUOZHOU-2021"}})
        );
        let coal = figure(&brief, "I1", CITY, "COAL_MINE");
        assert_eq!(
            (&coal["numerator"], &coal["denominator"], &coal["shown"], &coal["outcome"]),
            (&json!(1), &json!(3), &json!("66.7%"), &json!("MET"))
        );
        assert_eq!(
            figure(&brief, "I2", CITY, "COAL_MINE")["numerator"],
            2,
            "casualties of what counts"
        );
        assert_eq!(
            figure(&brief, "I1", COUNTY, "COAL_MINE")["numerator"],
            1,
            "the county in which it happened"
        );
        let headline =
            brief["headlines"].as_array().expect("headlines").iter().find(|one| {
                one["indicator"]["code"] == "I1" && one["industry"]["code"] == "COAL_MINE"
            });
        let headline = headline.expect("a headline for each target");
        assert_eq!(
            (&headline["department"]["code"], &headline["actual"]),
            (&json!("EMERGENCY"), &json!("下降66.7%（3起→1起）"))
        );
        // Zero accidents with machinery are signed: zero of zero holds at zero. Nobody answers for
        // building, nor for diseases.
        let machinery = figure(&brief, "I1", CITY, "MACHINERY");
        assert_eq!((&machinery["shown"], &machinery["numerator"]), (&json!("—"), &json!(0)));
        assert_eq!(machinery["outcome"], "MET");
        for (indicator, industry, who) in
            [("I1", "CONSTRUCTION", "住建2024年"), ("I3", "DUST", "卫健2024年")]
        {
            let missing = figure(&brief, indicator, CITY, industry);
            assert_eq!(
                (&missing["shown"], &missing["numerator"], &missing["outcome"]),
                (&json!("缺"), &Value::Null, &json!("NOT_JUDGED")),
                "{missing}"
            );
            assert!(
                missing["reason"].as_str().is_some_and(|reason| reason.contains(who)),
                "{missing}"
            );
        }
        let machines = brief["heat"]["industries"]
            .as_array()
            .expect("industries")
            .iter()
            .position(|one| one["code"] == "MACHINERY");
        let cell = |region: &str| {
            let row = brief["heat"]["regions"]
                .as_array()
                .expect("rows")
                .iter()
                .find(|row| row["region"]["code"] == region);
            row.expect("a row")["counts"][machines.expect("a column")].clone()
        };
        assert_eq!(cell(COUNTY), Value::Null, "nobody in the county answers for it");
        let emergency = brief["returns"].as_array().expect("returns").iter().find(|one| {
            one["department"]["code"] == "HOUSING"
                && one["title"].as_str().is_some_and(|title| title.starts_with("2024年"))
        });
        let emergency = emergency.expect("a return of 2024");
        assert_eq!(
            (&emergency["due"], &emergency["state"], &emergency["signedAt"]),
            (&json!("2025-02-28"), &json!("OVERDUE"), &Value::Null)
        );
        assert_eq!(
            (&brief["hazards"][0]["number"], &brief["hazards"][0]["supervised"]),
            (&json!("H1"), &json!(true))
        );
        assert_eq!(brief["employers"][0]["uscc"], uscc(1));
        assert_eq!(brief["employers"][0]["reasons"][0], "2024年1起事故，伤亡2人");
    }
}

#[tokio::test]
async fn what_was_frozen_stays_and_what_has_changed_since_is_listed() {
    for backend in backends() {
        let hub = filled(backend).await;
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        let call = format!(
            "mutation {{ callMeeting(input: {{region: \"{CITY}\", year: 2024, kind: ROUTINE, members: [HRSS, EMERGENCY], agenda: []}}) {{ id }} }}"
        );
        let id = hub.data(&office, &call).await["callMeeting"]["id"].clone();
        hub.data(&office, &format!("mutation {{ freezeMaterials(input: {{region: \"{CITY}\", meeting: {id}}}) {{ digest }} }}"))
            .await;
        let before = brief(&hub, &office, 2024, "brief").await;
        assert_eq!(before["differences"], json!([]));
        let digest = async |department: &str| {
            let reader = hub.reader(department, CITY);
            hub.data(&reader, &format!("{{ jointMeeting(region: \"{CITY}\", year: 2024) {{ brief {{ head {{ digest }} }} }} }}"))
                .await
        };
        let told = async |department: &str| {
            digest(department).await["jointMeeting"]["brief"]["head"]["digest"].is_string()
        };
        assert!(told("EMERGENCY").await, "a member reads what was frozen");
        assert!(!told("MARKET").await, "who is no member and sees no exact figures does not");
        hub.take(
            "EMERGENCY",
            "Accident",
            "late",
            vec![with(accident("A6"), json!({"statStatus": "DETERMINED"}))],
        )
        .await;
        let after = brief(&hub, &office, 2024, "brief").await;
        assert_eq!(figure(&after, "I1", CITY, "COAL_MINE")["numerator"], 1, "as it was frozen");
        let today = brief(&hub, &office, 2024, "today").await;
        assert_eq!(figure(&today, "I1", CITY, "COAL_MINE")["numerator"], 2, "as it is today");
        let place = "I1 安全生产事故起数降幅，朔州市，煤矿";
        let change = after["differences"]
            .as_array()
            .expect("differences")
            .iter()
            .find(|one| one["place"] == place);
        assert_eq!(
            change,
            Some(&json!({"place": place, "then": "66.7%（1/3）", "now": "33.3%（2/3）"})),
            "{}",
            after["differences"]
        );
    }
}

#[tokio::test]
async fn a_county_with_one_accident_and_a_year_without_a_plan_have_materials() {
    for backend in backends() {
        let hub = filled(backend).await;
        let clerk = hub.token("HRSS", COUNTY, &["SECRETARY", "READER"]);
        let document = format!(
            "{{ jointMeeting(region: \"{COUNTY}\", year: 2024) {{ brief {{ {CONTENT} }} }} }}"
        );
        let brief = hub.data(&clerk, &document).await["jointMeeting"]["brief"].clone();
        assert_eq!(figure(&brief, "I1", COUNTY, "COAL_MINE")["numerator"], 1);
        assert_eq!(brief["head"]["plan"]["code"], "SHUOZHOU-2021", "the plan of the city");
        let document = format!(
            "{{ jointMeeting(region: \"{COUNTY}\", year: 1990) {{ brief {{ head {{ year }} }} }} }}"
        );
        assert_eq!(hub.code(&clerk, &document).await, "NOT_FOUND", "no plan covers it");
    }
}

#[tokio::test]
async fn targets_of_another_city_are_counted_by_its_own_plan() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let office = hub.token("HRSS", "370300", &["SECRETARY"]);
        let document = "{ jointMeeting(region: \"370300\", year: 2024) { brief { head { plan { code } } headlines { target actual outcome reason reasonCode } } } }";
        let target = async |name: &str| {
            let brief = hub.data(&office, document).await["jointMeeting"]["brief"].clone();
            assert_eq!(brief["head"]["plan"]["code"], "ZIBO-2024");
            let all = brief["headlines"].as_array().expect("headlines").clone();
            all.into_iter()
                .find(|one| one["target"] == name)
                .unwrap_or_else(|| unreachable!("no {name}"))
        };
        let all = "全年培训不低于12000人";
        assert_eq!(target(all).await["outcome"], "NOT_JUDGED", "nothing was handed in");
        let of = |number: &str, order, mode: &str, domain: &str| {
            with(
                training(number, &man(order)),
                json!({"mode": mode, "regionCode": "370303", "trainingDomain": domain}),
            )
        };
        // One came twice, and one to a training in safety, which is not what the city's plan
        // counts.
        let rows = vec![
            of("T1", 1, "OFFLINE", "INJURY_PREVENTION"),
            of("T2", 2, "ONLINE", "INJURY_PREVENTION"),
            of("T3", 1, "ONLINE", "INJURY_PREVENTION"),
            of("T4", 3, "ONLINE", "SAFETY"),
        ];
        let answer =
            hub.hand_in("HRSS", "370300", "TrainingRecord", Mode::Atomic, "trainings", rows).await;
        assert_eq!(answer.count(RowOutcome::Created), 4, "{answer:?}");
        let both = target(all).await;
        let told = |line: &Value| {
            ["actual", "outcome", "reasonCode"]
                .map(|name| line[name].as_str().unwrap_or("").to_owned())
        };
        assert_eq!(told(&both), ["2人（3人次）", "NOT_JUDGED", "COUNTIES_SILENT"]);
        assert_eq!(target("线上培训不低于2000人").await["actual"], "2人");
        assert_eq!(target("线下培训不低于10000人").await["actual"], "1人");
        // Of a training that does not say the post nobody knows whether it counts: it is no 0.
        let silent = json!({"keyIndustry": "HAZARDOUS_CHEMICALS", "keyPost": null});
        let silent = with(of("T5", 5, "OFFLINE", "INJURY_PREVENTION"), silent);
        hub.hand_in("HRSS", "370300", "TrainingRecord", Mode::Atomic, "silent", vec![silent]).await;
        let leaders = target("危险化学品重点企业一线班组长不低于2026人").await;
        assert_eq!(leaders["actual"], "0人，另有1人次未填岗位", "{leaders}");
        let task = target("机械制造三类人员完成培训任务的60%").await;
        assert_eq!(
            (&task["outcome"], &task["reasonCode"]),
            (&json!("NOT_JUDGED"), &json!("NO_TASK_TOTAL")),
            "{task}"
        );
    }
}

#[tokio::test]
async fn how_many_fell_ill_at_an_employer_is_for_those_who_see_exact_figures() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        hub.take("HEALTH", "OccupationalDiseaseCase", "cases", vec![disease("D1", &man(1))]).await;
        let told = async |token: String| {
            brief(&hub, &token, 2024, "today").await["employers"]
                .to_string()
                .contains("2024年新诊断职业病1例")
        };
        assert!(told(hub.reader("HRSS", CITY)).await);
        assert!(
            told(hub.token_for("UNION", CITY, &["READER"], "JOINT_MEETING", None)).await,
            "at the meeting itself"
        );
        assert!(!told(hub.reader("UNION", CITY)).await);
    }
}
