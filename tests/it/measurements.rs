//! Exposure measurements are judged by the limit of their day, exactly, or not at all.

use serde_json::{Value, json};

use crate::{
    files::{NDJSON, lines},
    samples::{CITY, codes, measurement, with},
    support::{Row, TestHub, backends},
};

const SEEN: &str = "{ exposureMeasurements(orderBy: [{field: MEASUREMENT_NO}]) { nodes { limitUg limitEdition exceeded silicaClass } } }";

#[tokio::test]
async fn the_limit_follows_factor_fraction_share_and_day() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let cases = [
            (
                json!({}),
                json!({"limitUg": 4000, "limitEdition": "GBZ 2.1-2019", "exceeded": false, "silicaClass": "BELOW_10"}),
            ),
            (
                json!({"valueUg": 4001}),
                json!({"limitUg": 4000, "limitEdition": "GBZ 2.1-2019", "exceeded": true, "silicaClass": "BELOW_10"}),
            ),
            (
                json!({"freeSilicaPermille": 100, "valueUg": 1001}),
                json!({"limitUg": 1000, "limitEdition": "GBZ 2.1-2019", "exceeded": true, "silicaClass": "FROM_10_TO_50"}),
            ),
            (
                json!({"dustFraction": "RESPIRABLE", "freeSilicaPermille": 801}),
                json!({"limitUg": 200, "limitEdition": "GBZ 2.1-2019", "exceeded": true, "silicaClass": "OVER_80"}),
            ),
            (
                json!({"sampledAt": "2019-11-20", "factor": "WELDING_FUME", "freeSilicaPermille": null}),
                json!({"limitUg": 4000, "limitEdition": "GBZ 2.1-2007", "exceeded": false, "silicaClass": null}),
            ),
        ];
        let rows = cases
            .iter()
            .enumerate()
            .map(|(number, (change, _))| with(measurement(&format!("M{number}")), change.clone()));
        hub.take("HEALTH", "ExposureMeasurement", "k", rows.collect()).await;
        let seen = hub.data(&hub.reader("HRSS", CITY), SEEN).await;
        let expected: Vec<&Value> = cases.iter().map(|(_, judged)| judged).collect();
        assert_eq!(seen["exposureMeasurements"]["nodes"], json!(expected), "{backend:?}");
    }
}

#[tokio::test]
async fn a_measurement_that_cannot_be_judged_for_want_of_a_value_is_rejected() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("HEALTH");
        let cases = [
            (json!({"freeSilicaPermille": null}), "SILICA_SHARE_MISSING", "freeSilicaPermille"),
            (
                json!({"factor": "SILICA_DUST", "freeSilicaPermille": null}),
                "SILICA_SHARE_MISSING",
                "freeSilicaPermille",
            ),
            (json!({"freeSilicaPermille": 1001}), "SILICA_SHARE_TOO_LARGE", "freeSilicaPermille"),
            (json!({"freeSilicaPermille": -1}), "NEGATIVE", "freeSilicaPermille"),
            (json!({"dustFraction": null}), "DUST_FRACTION_MISSING", "dustFraction"),
            (json!({"factor": "NOISE"}), "FACTOR_WITHOUT_CONCENTRATION", "factor"),
            (json!({"valueUg": -5}), "NEGATIVE", "valueUg"),
        ];
        let rows: Vec<Row> = cases
            .iter()
            .enumerate()
            .map(|(number, (change, ..))| with(measurement(&format!("M{number}")), change.clone()))
            .collect();
        let sent = hub
            .upload(
                &token,
                "/exchange/exposureMeasurements?mode=dry-run&wait=60",
                "k",
                NDJSON,
                lines(&rows),
            )
            .await;
        let verdicts = hub.verdicts(&token, &sent.id()).await;
        for ((_, code, field), verdict) in cases.iter().zip(verdicts) {
            let fault = &verdict["faults"][0];
            assert_eq!(
                (&verdict["outcome"], &fault["code"], &fault["field"]),
                (&json!("REJECTED"), &json!(code), &json!(field)),
                "{verdict}"
            );
        }
    }
}

#[tokio::test]
async fn without_a_known_limit_nothing_is_said_to_exceed_it() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("HEALTH");
        let rows = [
            with(
                measurement("M1"),
                json!({"factor": "BENZENE", "dustFraction": null, "freeSilicaPermille": null, "valueUg": 99_999}),
            ),
            with(measurement("M2"), json!({"measureKind": "PC_STEL"})),
            with(measurement("M3"), json!({"factor": "SILICA_DUST", "freeSilicaPermille": 99})),
        ];
        let answer = hub.submit(&token, "ExposureMeasurements", "ATOMIC", "k", &rows).await;
        for row in 0..rows.len() {
            assert_eq!(codes(&answer, row, "findings"), ["EXPOSURE_LIMIT_UNKNOWN"], "{answer}");
        }
        let seen = hub.data(&token, SEEN).await;
        for node in seen["exposureMeasurements"]["nodes"].as_array().expect("a list") {
            assert!(node["limitUg"].is_null() && node["exceeded"].is_null(), "{node}");
        }
        let above = hub
            .data(
                &token,
                "{ exposureMeasurementStats(groupBy: [EXCEEDED]) { keys { value } count } }",
            )
            .await;
        assert_eq!(above["exposureMeasurementStats"].as_array().map(Vec::len), Some(1), "{above}");
    }
}

#[tokio::test]
async fn the_union_reads_measurements_of_the_dust_industries_only() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let rows = vec![
            measurement("M1"),
            with(measurement("M2"), json!({"keyIndustry": "MACHINERY", "factor": "WELDING_FUME"})),
        ];
        hub.take("HEALTH", "ExposureMeasurement", "k", rows).await;
        let count = async |department: &str| {
            let seen = hub
                .data(
                    &hub.reader(department, CITY),
                    "{ exposureMeasurements { nodes { measurementNo } } }",
                )
                .await;
            seen["exposureMeasurements"]["nodes"].clone()
        };
        assert_eq!(count("UNION").await, json!([{"measurementNo": "M1"}]), "{backend:?}");
        assert_eq!(count("EMERGENCY").await.as_array().map(Vec::len), Some(2));
        assert_eq!(count("HOUSING").await, json!([]));
    }
}

#[tokio::test]
async fn noise_is_taken_in_its_unit_and_the_meeting_says_what_no_limit_judges() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let token = hub.both("HEALTH");
        let noise = |number: &str, changes: Value| {
            let own = json!({"factor": "NOISE", "measureKind": "LEX_8H", "dustFraction": null, "freeSilicaPermille": null, "valueUg": null,
                "physicalTenths": 852});
            with(with(measurement(number), own), changes)
        };
        let rows = [
            noise("N1", json!({})),
            noise("N2", json!({"physicalUnit": "dB(A)"})),
            noise("N3", json!({"physicalUnit": "Pa"})),
            noise("N4", json!({"physicalTenths": null})),
            with(measurement("N5"), json!({"physicalTenths": 852})),
            with(measurement("N6"), json!({"valueUg": null})),
            measurement("N7"),
        ];
        let answer = hub.submit(&token, "ExposureMeasurements", "PARTIAL", "k", &rows).await;
        let faults: Vec<Vec<&str>> =
            (0..rows.len()).map(|row| codes(&answer, row, "faults")).collect();
        let expected: [&[&str]; 7] = [
            &[],
            &[],
            &["PHYSICAL_UNIT_WRONG"],
            &["MEASURED_VALUE_MISSING"],
            &["FACTOR_WITHOUT_PHYSICAL_VALUE"],
            &["MEASURED_VALUE_MISSING"],
            &[],
        ];
        assert_eq!(faults, expected, "{answer}");
        assert_eq!(codes(&answer, 0, "findings"), ["EXPOSURE_LIMIT_UNKNOWN"], "{answer}");
        let list = "{ exposureMeasurements(where: {factor: {eq: NOISE}}) { nodes { valueUg physicalTenths physicalUnit exceeded } } }";
        let seen = hub.data(&token, list).await["exposureMeasurements"]["nodes"].clone();
        assert_eq!(
            seen[0],
            json!({"valueUg": null, "physicalTenths": 852, "physicalUnit": "dB(A)", "exceeded": null})
        );
        let office = hub.token("HRSS", CITY, &["SECRETARY", "READER"]);
        let question = format!(
            "{{ jointMeeting(region: \"{CITY}\", year: 2024) {{ brief {{ head {{ basis }} }} }} }}"
        );
        let basis =
            hub.data(&office, &question).await["jointMeeting"]["brief"]["head"]["basis"].clone();
        let told = basis
            .as_array()
            .expect("a basis")
            .iter()
            .any(|line| line.as_str().is_some_and(|line| line.contains("检测3件中，有2件")));
        assert!(told, "{basis}");
        hub.holds().await;
    }
}
