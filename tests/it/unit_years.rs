//! Years of insured units and trainings: what the hub computes, what it notes, and who sees which
//! part; templates of new families.

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    files_back::sheet,
    samples::{
        CITY, accident, codes, disease, injury, man, outcomes, training, unit_year, uscc, with,
    },
    support::{TestHub, backends},
};

const SUMS: &str = "{ insuredUnitYears { nodes { floatedRatePer100000 benefitsYuan burdenBand premiumPaidYuan floatStep } } }";

#[tokio::test]
async fn rate_sum_and_band_are_computed() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("HRSS");
        let answer =
            hub.submit(&token, "InsuredUnitYears", "ATOMIC", "k", &[unit_year("Y1")]).await;
        assert_eq!(codes(&answer, 0, "findings"), Vec::<&str>::new(), "{answer}");
        let seen = hub.data(&token, SUMS).await;
        let expected = json!({
            "floatedRatePer100000": 2280, "benefitsYuan": "100000.00", "burdenBand": "UP_TO_50", "premiumPaidYuan": "228000.00",
            "floatStep": "UP_1",
        });
        assert_eq!(
            seen["insuredUnitYears"]["nodes"],
            json!([expected]),
            "{backend:?}: what the employer pays is not in the sum"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_is_rejected_and_what_does_not_fit_is_noted() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("HRSS");
        let ask = async |change: Value| {
            hub.submit(&token, "InsuredUnitYears", "DRY_RUN", "k", &[with(unit_year("Y1"), change)])
                .await
        };
        for (change, code, field) in [
            (
                json!({"riskClass": 1, "baseRatePer100000": 200, "floatStep": "DOWN_1"}),
                "CLASS_ONE_NEVER_DOWN",
                "floatStep",
            ),
            (json!({"riskClass": 9}), "RISK_CLASS_UNKNOWN", "riskClass"),
            (json!({"year": 2999}), "YEAR_OUT_OF_RANGE", "year"),
            (json!({"newInjuries": -1}), "NEGATIVE", "newInjuries"),
            (json!({"insuredPersons": -120}), "NEGATIVE", "insuredPersons"),
            (json!({"benefitDeathYuan": "-0.01"}), "MONEY_NEGATIVE", "benefitDeathYuan"),
        ] {
            let answer = ask(change).await;
            assert_eq!(codes(&answer, 0, "faults"), [code], "{answer}");
            assert_eq!(answer["verdicts"][0]["faults"][0]["field"], field);
        }
        for (change, code) in [
            (json!({"premiumDueYuan": "228001.01"}), "PREMIUM_NOT_WAGES_TIMES_RATE"),
            (json!({"baseRatePer100000": 1899, "floatStep": "DOWN_2"}), "RATE_NOT_EXACT"),
            (json!({"premiumPaidYuan": "0.00"}), "BURDEN_NOT_COMPUTABLE"),
            (json!({"newDeaths": 3}), "PART_EXCEEDS_WHOLE"),
            (json!({"insuredSince": "2024-01-01"}), "INSURED_AFTER_YEAR"),
        ] {
            let answer = ask(change).await;
            assert_eq!(
                (outcomes(&answer), codes(&answer, 0, "findings")),
                (vec!["CREATED"], vec![code]),
                "{answer}"
            );
        }
    }
}

#[tokio::test]
async fn other_departments_see_band_and_step_and_count_but_are_told_no_amount() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let of = |number: u32| {
            with(unit_year(&format!("Y{number}")), json!({"employerUscc": uscc(number)}))
        };
        let mut rows: Vec<_> = (1..=4).map(of).collect();
        rows.extend(
            (5..=7).map(|number| {
                with(of(1), json!({"unitYearNo": format!("Y{number}"), "year": 2022}))
            }),
        );
        hub.take("HRSS", "InsuredUnitYear", "k", rows).await;
        for department in ["EMERGENCY", "HEALTH", "UNION"] {
            let token = hub.reader(department, CITY);
            let seen = hub.ask(&token, SUMS, json!({})).await;
            let node = &seen["data"]["insuredUnitYears"]["nodes"][0];
            assert_eq!(
                (&node["burdenBand"], &node["floatStep"]),
                (&json!("UP_TO_50"), &json!("UP_1")),
                "{department} {seen}"
            );
            assert!(
                node["benefitsYuan"].is_null() && node["premiumPaidYuan"].is_null(),
                "{department} {node}"
            );
            let totals =
                hub.data(&token, "{ insuredUnitYearStats(groupBy: [YEAR]) { count sums { premiumPaidYuan benefitsYuan } } }").await;
            // The meeting sees the exact amounts: beside them any sum of theirs, with noise or
            // without, tells its parts.
            let untold = json!({"premiumPaidYuan": null, "benefitsYuan": null});
            let expected = json!([{"count": 3, "sums": untold}, {"count": 4, "sums": untold}]);
            assert_eq!(
                totals["insuredUnitYearStats"], expected,
                "{department}: rows that may be listed are counted, amounts not told"
            );
            let probe = "{ insuredUnitYears(where: {premiumPaidYuan: {gt: \"1.00\"}}) { nodes { unitYearNo } } }";
            assert_eq!(
                hub.code(&token, probe).await,
                "FORBIDDEN",
                "{department}: a condition does not tell what a field hides"
            );
        }
        for department in ["INDUSTRY", "MARKET"] {
            assert_eq!(
                hub.code(&hub.reader(department, CITY), SUMS).await,
                "FORBIDDEN",
                "{department}"
            );
        }
    }
}

#[tokio::test]
async fn a_training_is_linked_by_number_and_its_order_is_noted() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("EMERGENCY");
        let rows = [
            training("T1", &man(1)),
            with(
                training("T2", &man(2)),
                json!({"endedOn": "2024-02-01", "hours": 0, "passed": false}),
            ),
        ];
        let answer = hub.submit(&token, "TrainingRecords", "ATOMIC", "k", &rows).await;
        assert_eq!(codes(&answer, 0, "findings"), Vec::<&str>::new(), "{answer}");
        assert_eq!(
            codes(&answer, 1, "findings"),
            ["DATE_ORDER", "TRAINING_WITHOUT_HOURS", "CERTIFICATE_WITHOUT_PASS"]
        );
        hub.take("HRSS", "Person", "p", vec![crate::samples::person("P1", &man(1))]).await;
        let query = "{ trainingRecords(where: {person: {some: {}}}) { nodes { trainingNo name certificateNo } } }";
        let seen = hub.data(&hub.reader("HRSS", CITY), query).await;
        let full = json!([{"trainingNo": "T1", "name": "王小明", "certificateNo": "C-0001"}]);
        assert_eq!(seen["trainingRecords"]["nodes"], full, "{backend:?}");
        let seen = hub
            .data(
                &hub.reader("UNION", CITY),
                "{ trainingRecords(first: 1) { nodes { name idNumber } } }",
            )
            .await;
        assert_eq!(seen["trainingRecords"]["nodes"], json!([{"name": "王*", "idNumber": null}]));
        let health = hub
            .submit(
                &hub.both("HEALTH"),
                "TrainingRecords",
                "DRY_RUN",
                "k",
                &[with(training("T3", &man(3)), json!({"keyIndustry": "TRANSPORT"}))],
            )
            .await;
        assert_eq!(codes(&health, 0, "faults"), ["INDUSTRY_NOT_YOURS"], "{health}");
    }
}

#[tokio::test]
async fn notices_tolls_and_suspensions_that_contradict_are_noted() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let rows = [
            with(
                accident("A1"),
                json!({"hrssNotifiedAt": "2024-03-06T08:00:00+08:00", "unionNotifiedAt": "2024-03-04T08:00:00+08:00"}),
            ),
            with(
                accident("A2"),
                json!({"tollChangedAt": "2024-03-09", "tollReportedAt": "2024-03-08"}),
            ),
            with(accident("A3"), json!({"tollReportedAt": "2024-03-08"})),
        ];
        let answer = hub.submit(&hub.both("EMERGENCY"), "Accidents", "ATOMIC", "k", &rows).await;
        let fields = |row: usize| answer["verdicts"][row]["findings"][0]["field"].clone();
        assert_eq!(
            [fields(0), fields(1), fields(2)],
            ["unionNotifiedAt", "tollReportedAt", "tollChangedAt"],
            "{answer}"
        );
        assert_eq!(codes(&answer, 2, "findings"), ["TOLL_CHANGE_MISSING"]);
        let case = with(
            injury("W1", "A1", &man(1)),
            json!({"acceptedAt": "2024-03-20", "decidedAt": "2024-04-20", "suspendedSince": "2024-03-10", "suspendedDays": 12, "simpleCase": false}),
        );
        let answer = hub.submit(&hub.both("HRSS"), "WorkInjuries", "ATOMIC", "w", &[case]).await;
        assert_eq!(
            codes(&answer, 0, "findings"),
            ["DATE_ORDER", "SUSPENDED_AFTER_DECISION"],
            "{answer}"
        );
        let card = with(disease("K1", &man(2)), json!({"exposureStart": "2024-03-06"}));
        let answer = hub
            .submit(&hub.both("HEALTH"), "OccupationalDiseaseCases", "ATOMIC", "d", &[card])
            .await;
        assert_eq!(codes(&answer, 0, "findings"), ["DATE_ORDER"], "{answer}");
    }
}

#[tokio::test]
async fn every_family_has_a_template_with_its_columns_and_code_lists() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        for (list, heading, department) in [
            ("hazardRectifications", "隐患编号", "EMERGENCY"),
            ("exposureMeasurements", "检测编号", "HEALTH"),
            ("trainingRecords", "培训记录编号", "HOUSING"),
            ("insuredUnitYears", "单位年度编号", "HRSS"),
        ] {
            let (status, bytes) = hub
                .fetch(&hub.submitter(department), &format!("/exchange/{list}/template.xlsx"))
                .await;
            assert_eq!(status, StatusCode::OK, "{list}");
            let headings = sheet(bytes).swap_remove(0);
            assert!(headings.iter().any(|found| found.starts_with(heading)), "{list} {headings:?}");
        }
    }
}
