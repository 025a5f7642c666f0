//! The joint meeting from outside: it is called, its materials are frozen and signed, what it
//! resolves is carried on.

use serde_json::{Value, json};

use crate::{
    samples::{CITY, COUNTY},
    support::{TestHub, backends},
};

const PLAN: &str = "kind: ROUTINE, heldAt: \"2025-03-01 09:00\", members: [HRSS, EMERGENCY, UNION], agenda: [\"通报2024年目标完成情况\"]";

async fn meeting(hub: &TestHub, token: &str, year: i32) -> Value {
    let document = format!(
        "mutation {{ callMeeting(input: {{region: \"{CITY}\", year: {year}, {PLAN}}}) {{ id number version heldAt members agenda }} }}"
    );
    hub.data(token, &document).await["callMeeting"].clone()
}

async fn whole(hub: &TestHub, token: &str, year: i32) -> Value {
    let document = format!(
        "{{ jointMeeting(region: \"{CITY}\", year: {year}) {{ meeting {{ id number }} \
         materials {{ number digest parts {{ department signedAt remark }} }} \
         resolutions {{ id number content owner state overdue carried progress version }} \
         brief {{ head {{ year digest region {{ label }} }} resolutions {{ number state {{ code }} }} \
           meeting {{ title parts {{ department {{ code }} signedAt }} }} differences {{ place then now }} }} }} }}"
    );
    hub.data(token, &document).await["jointMeeting"].clone()
}

#[tokio::test]
async fn a_meeting_is_called_frozen_signed_and_its_resolutions_are_carried_on() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        let emergency = hub.token("EMERGENCY", CITY, &["STEWARD", "READER"]);
        let before = whole(&hub, &office, 2024).await;
        assert_eq!(
            (&before["meeting"], &before["materials"], &before["brief"]["meeting"]),
            (&Value::Null, &Value::Null, &Value::Null)
        );
        let called = meeting(&hub, &office, 2024).await;
        assert_eq!((&called["number"], &called["version"]), (&json!(1), &json!(1)));
        assert_eq!(called["heldAt"], "2025-03-01T09:00:00+08:00");
        assert_eq!(meeting(&hub, &office, 2024).await["number"], 2, "the next one of the year");
        let id = whole(&hub, &office, 2024).await["meeting"]["id"]
            .as_str()
            .expect("an identifier")
            .to_owned();

        // Frozen content is signed by its digest, once by each member.
        let freeze = format!(
            "mutation {{ freezeMaterials(input: {{region: \"{CITY}\", meeting: \"{id}\"}}) {{ number digest parts {{ signedAt }} }} }}"
        );
        let frozen = hub.data(&office, &freeze).await["freezeMaterials"].clone();
        assert_eq!(
            frozen["parts"],
            json!([{"signedAt": null}, {"signedAt": null}, {"signedAt": null}]),
            "a missing part is missing"
        );
        let sign = |digest: &str| {
            format!(
                "mutation {{ signMaterials(input: {{region: \"{CITY}\", meeting: \"{id}\", digest: \"{digest}\", remark: \"已核\"}}) {{ parts {{ department signedAt remark }} }} }}"
            )
        };
        let digest = frozen["digest"].as_str().expect("a digest");
        assert_eq!(
            hub.code(&emergency, &sign("0")).await,
            "CONFLICT",
            "other materials than those that were seen"
        );
        let parts = hub.data(&emergency, &sign(digest)).await["signMaterials"]["parts"].clone();
        assert_eq!((&parts[0]["signedAt"], &parts[1]["remark"]), (&Value::Null, &json!("已核")));
        assert_eq!(hub.code(&emergency, &sign(digest)).await, "CONFLICT", "signed already");
        assert_eq!(
            hub.code(&hub.token("HEALTH", CITY, &["STEWARD", "READER"]), &sign(digest)).await,
            "FORBIDDEN",
            "no member"
        );
        let shown = whole(&hub, &emergency, 2024).await;
        assert_eq!(shown["brief"]["head"]["digest"], digest);
        assert_eq!(shown["brief"]["head"]["region"]["label"], "朔州市");
        assert_eq!(shown["brief"]["meeting"]["title"], "2024年度第2次（例会）");
        let again = hub.data(&office, &freeze).await["freezeMaterials"].clone();
        assert_eq!(again["number"], 2);
        assert_eq!(
            again["parts"][1]["signedAt"],
            Value::Null,
            "what is frozen again is signed again"
        );

        // Resolutions: reported by their owner, settled by the office, carried to the next meeting
        // while open.
        let resolve = |content: &str, owner: &str, due: &str| {
            format!(
                "mutation {{ addResolution(input: {{region: \"{CITY}\", meeting: \"{id}\", content: \"{content}\", owner: {owner}, due: \"{due}\"}}) {{ id number version }} }}"
            )
        };
        let first = hub
            .data(&office, &resolve("逾期重大隐患挂牌督办", "EMERGENCY", "2025-06-30"))
            .await["addResolution"]
            .clone();
        assert_eq!(first["number"], "2024-2-1");
        hub.data(&office, &resolve("补齐工会通报", "UNION", "2099-12-31")).await;
        let settle = |one: &Value, state: &str| {
            format!(
                "mutation {{ settleResolution(input: {{region: \"{CITY}\", resolution: {}, version: {}, state: {state}, progress: \"已督办两次\"}}) {{ version state progress }} }}",
                one["id"], one["version"]
            )
        };
        assert_eq!(
            hub.code(&emergency, &settle(&first, "DONE")).await,
            "FORBIDDEN",
            "its owner reports, the office settles"
        );
        let reported =
            hub.data(&emergency, &settle(&first, "OPEN")).await["settleResolution"].clone();
        assert_eq!(
            (&reported["version"], &reported["progress"]),
            (&json!(2), &json!("已督办两次"))
        );
        assert_eq!(
            hub.code(&office, &settle(&first, "DONE")).await,
            "CONFLICT",
            "changed in between"
        );
        assert_eq!(
            hub.code(&hub.token("UNION", CITY, &["STEWARD", "READER"]), &settle(&first, "OPEN"))
                .await,
            "FORBIDDEN"
        );
        // They stand with the meeting although its materials were frozen before, and not with the
        // year before it.
        let own = whole(&hub, &office, 2024).await;
        assert!(own["brief"]["head"]["digest"].is_string(), "frozen");
        let numbers = |of: &Value| {
            of.as_array()
                .expect("a list")
                .iter()
                .map(|one| one["number"].clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(numbers(&own["brief"]["resolutions"]), ["2024-2-1", "2024-2-2"]);
        assert_eq!(numbers(&whole(&hub, &office, 2023).await["resolutions"]), [""; 0]);
        for address in ["2024", "2024?today=1"] {
            let request = axum::http::Request::get(format!("/meeting/{CITY}/{address}"))
                .header("authorization", format!("Bearer {office}"));
            let (_, _, page) = hub.request(request.body(String::new()).expect("a request")).await;
            assert!(String::from_utf8_lossy(&page).contains("补齐工会通报"), "{address}");
        }
        meeting(&hub, &office, 2025).await;
        let next = whole(&hub, &office, 2025).await;
        assert_eq!(next["resolutions"].as_array().map(Vec::len), Some(2));
        assert_eq!(
            (
                &next["resolutions"][0]["overdue"],
                &next["resolutions"][1]["carried"],
                &next["brief"]["resolutions"][1]["state"]["code"]
            ),
            (&json!(true), &json!(true), &json!("CARRIED"))
        );
        let done = json!({"id": next["resolutions"][1]["id"], "version": next["resolutions"][1]["version"]});
        assert_eq!(
            hub.data(&office, &settle(&done, "DONE")).await["settleResolution"]["state"],
            "DONE"
        );
        assert_eq!(
            whole(&hub, &office, 2025).await["resolutions"][1]["state"],
            "DONE",
            "shown until the meeting after"
        );
        meeting(&hub, &office, 2026).await;
        assert_eq!(
            whole(&hub, &office, 2026).await["resolutions"].as_array().map(Vec::len),
            Some(1),
            "what is done is not carried"
        );
    }
}

#[tokio::test]
async fn a_meeting_is_its_own_levels() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let call = format!(
            "mutation {{ callMeeting(input: {{region: \"{CITY}\", year: 2024, {PLAN}}}) {{ id }} }}"
        );
        for (department, region, roles) in [
            ("HRSS", CITY, ["READER", "STEWARD"].as_slice()),
            ("EMERGENCY", CITY, &["SECRETARY"]),
            ("HRSS", "140000", &["SECRETARY"]),
            ("HRSS", COUNTY, &["SECRETARY"]),
        ] {
            assert_eq!(
                hub.code(&hub.token(department, region, roles), &call).await,
                "FORBIDDEN",
                "{department} {region}"
            );
        }
        let question = format!("{{ jointMeeting(region: \"{CITY}\", year: 2024) {{ year }} }}");
        assert_eq!(
            hub.code(&hub.reader("HRSS", COUNTY), &question).await,
            "FORBIDDEN",
            "a county has no seat at the city's table"
        );
        assert_eq!(
            hub.data(&hub.reader("UNION", "140000"), &question).await["jointMeeting"]["year"],
            2024
        );
        let plan = |part: &str| {
            format!(
                "mutation {{ callMeeting(input: {{region: \"{CITY}\", year: 2024, kind: ROUTINE, {part}}}) {{ id }} }}"
            )
        };
        let office = hub.token("HRSS", CITY, &["SECRETARY"]);
        assert_eq!(hub.code(&office, &plan("members: [], agenda: []")).await, "BAD_USER_INPUT");
        assert_eq!(
            hub.code(&office, &plan("members: [HRSS], agenda: [\" \"]")).await,
            "BAD_USER_INPUT"
        );
        let entries = "SELECT COUNT(*) FROM audit_entries WHERE operation = 'call meeting'";
        let audited = hub.db_count(entries).await;
        hub.data(&office, &call).await;
        assert_eq!(hub.db_count(entries).await, audited + 2, "begun and done");
    }
}
