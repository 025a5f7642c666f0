//! Tasks of plans: reported by those who carry them out, confirmed by somebody else.

use axum::http::Request;
use serde_json::{Value, json};

use crate::{
    accounts::post,
    samples::{CITY, COUNTY},
    support::{TestHub, backends},
};

const RETURN: &str = "SHUOZHOU-2021/TASK/2024/1";
const MEETING: &str = "SHUOZHOU-2021/TASK/2024/3";
const OFFICER: [&str; 2] = ["READER", "STEWARD"];
const FIELDS: &str = "department state overdue version content remark evidence { title digest } known { text happened day }";

async fn tasks(hub: &TestHub, token: &str, region: &str, year: i32) -> Vec<Value> {
    let question = format!(
        "{{ planTasks(region: \"{region}\", year: {year}) {{ planId task {{ id name }} reports {{ {FIELDS} }} }} }}"
    );
    hub.data(token, &question).await["planTasks"].as_array().expect("tasks").clone()
}

fn of(tasks: &[Value], task: &str, department: &str) -> Value {
    let own = tasks.iter().find(|own| own["task"]["id"] == task).expect("the task");
    let reports = own["reports"].as_array().expect("reports");
    reports.iter().find(|report| report["department"] == department).expect("a report").clone()
}

/// Takes a step; the report after it, or the code of the refusal.
async fn step(hub: &TestHub, token: &str, field: &str, input: Value) -> Value {
    let kind =
        if field == "reportPlanTask" { "ReportPlanTaskInput" } else { "ReviewPlanTaskInput" };
    let query = format!("mutation($input: {kind}!) {{ {field}(input: $input) {{ {FIELDS} }} }}");
    let answer = hub.ask(token, &query, json!({"input": input})).await;
    if answer["data"][field].is_null() {
        answer["errors"][0]["extensions"]["code"].clone()
    } else {
        answer["data"][field].clone()
    }
}

fn report(task: &str, version: i32, content: &str) -> Value {
    json!({"region": CITY, "task": task, "year": 2024, "version": version, "content": content})
}

fn review(task: &str, department: &str, version: i32, remark: Option<&str>) -> Value {
    json!({"region": CITY, "task": task, "year": 2024, "department": department, "version": version, "remark": remark})
}

fn changed(mut input: Value, name: &str, value: Value) -> Value {
    input[name] = value;
    input
}

#[tokio::test]
async fn a_task_is_reported_by_its_department_and_confirmed_by_another() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let emergency = hub.token("EMERGENCY", CITY, &OFFICER);
        let office = hub.token("HRSS", CITY, &["READER", "SECRETARY"]);
        let own = of(&tasks(&hub, &emergency, CITY, 2024).await, RETURN, "EMERGENCY");
        assert_eq!(
            (&own["state"], &own["overdue"], &own["version"], &own["known"][0]["happened"]),
            (&json!("OPEN"), &json!(true), &json!(0), &json!(false)),
            "{own}"
        );
        let first = report(RETURN, 0, "已按时签报。");
        for (token, input, code) in [
            (&hub.token("HEALTH", CITY, &OFFICER), first.clone(), "FORBIDDEN"),
            (&hub.reader("EMERGENCY", CITY), first.clone(), "FORBIDDEN"),
            (&hub.token("EMERGENCY", COUNTY, &OFFICER), first.clone(), "FORBIDDEN"),
            (&emergency, changed(first.clone(), "region", json!(COUNTY)), "FORBIDDEN"),
            (&emergency, report(RETURN, 0, "  \n "), "BAD_USER_INPUT"),
            (&emergency, report(RETURN, 0, &"字".repeat(1001)), "BAD_USER_INPUT"),
            (&emergency, report(RETURN, 0, "\u{200b}\u{3164}"), "BAD_USER_INPUT"),
            (
                &emergency,
                report(RETURN, 0, &format!("名单：{}", crate::samples::man(1))),
                "BAD_USER_INPUT",
            ),
            (&emergency, report(RETURN, 0, "已签\u{202e}报"), "BAD_USER_INPUT"),
            (&emergency, report(RETURN, 3, "已签报。"), "CONFLICT"),
            (&emergency, report("SHUOZHOU-2021/TASK/2023/1", 0, "已签报。"), "BAD_USER_INPUT"),
            (&emergency, report("X", 0, "已签报。"), "BAD_USER_INPUT"),
            (
                &emergency,
                changed(
                    first.clone(),
                    "evidence",
                    json!([{"title": "朔应急函9号", "digest": "abc"}]),
                ),
                "BAD_USER_INPUT",
            ),
            (
                &emergency,
                changed(first.clone(), "evidence", json!([{"title": "事故", "record": "abc"}])),
                "BAD_USER_INPUT",
            ),
            (
                &emergency,
                changed(first.clone(), "evidence", json!(vec![json!({"title": "件"}); 21])),
                "BAD_USER_INPUT",
            ),
        ] {
            assert_eq!(step(&hub, token, "reportPlanTask", input.clone()).await, code, "{input}");
        }
        let evidence = json!([{"title": "朔应急函〔2024〕9号", "digest": "AB".repeat(32)}]);
        let first = changed(first, "evidence", evidence);
        let reported = step(&hub, &emergency, "reportPlanTask", first.clone()).await;
        assert_eq!((&reported["state"], &reported["version"]), (&json!("REPORTED"), &json!(1)));
        assert_eq!(reported["evidence"][0]["digest"], "ab".repeat(32), "{reported}");
        assert_eq!(
            step(&hub, &emergency, "reportPlanTask", first).await["version"],
            1,
            "{backend:?}: sent twice it is one"
        );
        for (token, input, code) in [
            (&emergency, review(RETURN, "EMERGENCY", 1, None), "FORBIDDEN"),
            (&hub.reader("HRSS", CITY), review(RETURN, "EMERGENCY", 1, None), "FORBIDDEN"),
            (
                &hub.token("HRSS", COUNTY, &OFFICER),
                review(RETURN, "EMERGENCY", 1, None),
                "FORBIDDEN",
            ),
            // The hub knows that nothing was signed.
            (&office, review(RETURN, "EMERGENCY", 1, None), "BAD_USER_INPUT"),
            (&office, review(RETURN, "EMERGENCY", 1, Some(" ")), "BAD_USER_INPUT"),
            (&office, review(RETURN, "EMERGENCY", 7, Some("纸质报送")), "CONFLICT"),
            (&office, review(RETURN, "HOUSING", 0, Some("纸质报送")), "CONFLICT"),
            (&office, review(RETURN, "HEALTH", 0, Some("纸质报送")), "BAD_USER_INPUT"),
        ] {
            assert_eq!(step(&hub, token, "confirmPlanTask", input.clone()).await, code, "{input}");
        }
        let confirmed = step(
            &hub,
            &office,
            "confirmPlanTask",
            review(RETURN, "EMERGENCY", 1, Some("纸质报送")),
        )
        .await;
        assert_eq!(
            (&confirmed["state"], &confirmed["remark"], &confirmed["overdue"]),
            (&json!("CONFIRMED"), &json!("纸质报送"), &json!(false))
        );
        assert_eq!(
            step(&hub, &emergency, "reportPlanTask", report(RETURN, 2, "再报一次。")).await,
            "CONFLICT",
            "{backend:?}: what is confirmed stays"
        );
        let back = review(RETURN, "EMERGENCY", 2, None);
        assert_eq!(step(&hub, &office, "returnPlanTask", back).await, "BAD_USER_INPUT");
        let back = review(RETURN, "EMERGENCY", 2, Some("请补文号"));
        assert_eq!(step(&hub, &office, "returnPlanTask", back).await["state"], "RETURNED");
        let again = step(&hub, &emergency, "reportPlanTask", report(RETURN, 3, "补文号。")).await;
        assert_eq!(
            (&again["state"], &again["version"], &again["remark"]),
            (&json!("REPORTED"), &json!(4), &Value::Null),
            "{again}"
        );
        let history = format!(
            "{{ planTasks(region: \"{CITY}\", year: 2024) {{ task {{ id }} reports {{ department steps {{ version state content remark department }} }} }} }}"
        );
        let kept =
            hub.data(&office, &history).await["planTasks"].as_array().expect("tasks").clone();
        let steps = of(&kept, RETURN, "EMERGENCY")["steps"].clone();
        let told: Vec<(&Value, &Value, &Value)> = steps
            .as_array()
            .expect("steps")
            .iter()
            .map(|step| (&step["state"], &step["content"], &step["remark"]))
            .collect();
        let (words, reason) = (json!("已按时签报。"), json!("请补文号"));
        assert_eq!(told[0], (&json!("REPORTED"), &words, &Value::Null));
        assert_eq!(told[1], (&json!("CONFIRMED"), &words, &json!("纸质报送")));
        assert_eq!(told[2], (&json!("RETURNED"), &words, &reason));
        assert_eq!(
            told[3],
            (&json!("REPORTED"), &json!("补文号。"), &Value::Null),
            "nothing is written over"
        );
        hub.holds().await;
    }
}

#[tokio::test]
async fn what_the_leading_department_reports_is_confirmed_above_it() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let office = hub.token("HRSS", CITY, &["READER", "SECRETARY"]);
        let province = hub.token("HRSS", "140000", &OFFICER);
        step(&hub, &office, "reportPlanTask", report(MEETING, 0, "已召开联席会议。")).await;
        let held = review(MEETING, "HRSS", 1, Some("会议在平台启用前召开"));
        assert_eq!(step(&hub, &office, "confirmPlanTask", held.clone()).await, "FORBIDDEN");
        let told = "SELECT COUNT(*) FROM audit_entries WHERE outcome = 'FORBIDDEN' AND operation = 'confirm task'";
        assert_eq!(hub.db_count(told).await, 1, "a refused step is on record");
        let confirmed = step(&hub, &province, "confirmPlanTask", held).await;
        assert_eq!(confirmed["state"], "CONFIRMED", "{backend:?}: {confirmed}");
        // Two plans that ask in the same words ask once; a county is not asked for a city's tasks.
        let own = tasks(&hub, &office, CITY, 2024).await;
        let names: Vec<&Value> = own.iter().map(|task| &task["task"]["name"]).collect();
        let mut once = names.clone();
        once.sort_by_key(|name| name.to_string());
        once.dedup();
        assert_eq!(names.len(), once.len());
        assert!(own.iter().any(|task| task["planId"] == "SHANXI-2021"), "各市按计划开展宣传、培训");
        assert_eq!(tasks(&hub, &office, CITY, 2019).await, [] as [Value; 0], "no plan, no task");
        assert_eq!(
            step(
                &hub,
                &office,
                "reportPlanTask",
                changed(report(MEETING, 0, "x"), "year", json!(2031))
            )
            .await,
            "BAD_USER_INPUT"
        );
    }
}

#[tokio::test]
async fn the_materials_tell_what_became_of_each_task_and_freeze_it() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let emergency = hub.token("EMERGENCY", CITY, &OFFICER);
        let office = hub.token("HRSS", CITY, &["READER", "SECRETARY"]);
        step(&hub, &emergency, "reportPlanTask", report(RETURN, 0, "<b>已签报</b>")).await;
        let called = format!(
            "mutation {{ callMeeting(input: {{region: \"{CITY}\", year: 2024, kind: ROUTINE, members: [HRSS, EMERGENCY], agenda: []}}) {{ id }} }}"
        );
        let id = hub.data(&office, &called).await["callMeeting"]["id"].clone();
        let freeze = format!(
            "mutation {{ freezeMaterials(input: {{region: \"{CITY}\", meeting: {id}}}) {{ digest }} }}"
        );
        hub.data(&office, &freeze).await;
        let confirm = review(RETURN, "EMERGENCY", 1, Some("纸质报送"));
        step(&hub, &office, "confirmPlanTask", confirm).await;
        let question = format!(
            "{{ jointMeeting(region: \"{CITY}\", year: 2024) {{ brief {{ tasks {{ department {{ code }} state {{ code }} report known }} \
             differences {{ place now }} }} today {{ tasks {{ department {{ code }} state {{ code }} }} }} }} }}"
        );
        let meeting = hub.data(&office, &question).await["jointMeeting"].clone();
        let states = |of: &Value, department: &str, state: &str| {
            let lines = of["tasks"].as_array().expect("tasks").iter();
            lines
                .filter(|line| {
                    line["department"]["code"] == department && line["state"]["code"] == state
                })
                .count()
        };
        assert_eq!(
            states(&meeting["brief"], "EMERGENCY", "REPORTED"),
            1,
            "{backend:?}: as it was frozen"
        );
        assert_eq!(states(&meeting["today"], "EMERGENCY", "CONFIRMED"), 1, "{backend:?}");
        assert!(
            states(&meeting["brief"], "HOUSING", "OVERDUE") > 0,
            "what nobody reported is told"
        );
        let differs = meeting["brief"]["differences"].to_string();
        assert!(differs.contains("任务") && differs.contains("已确认"), "{differs}");
        let page = Request::get(format!("/meeting/{CITY}/2024"))
            .header("authorization", format!("Bearer {office}"));
        let (_, _, page) = hub.request(page.body(String::new()).expect("a request")).await;
        let page = String::from_utf8_lossy(&page);
        assert!(
            page.contains("&lt;b&gt;已签报&lt;/b&gt;") && !page.contains("<b>已签报"),
            "{backend:?}"
        );
        assert!(page.contains(&format!("href=\"/meeting/{CITY}/2024/tasks\"")));
    }
}

async fn post_as(
    hub: &TestHub,
    path: &str,
    bearer: &str,
    form: &str,
) -> (u16, axum::http::HeaderMap, String) {
    post(hub, path, form, &[("authorization", bearer), ORIGIN[0], ORIGIN[1]]).await
}

const ORIGIN: [(&str, &str); 2] =
    [("host", "lianfang.example"), ("origin", "https://lianfang.example")];

async fn seen(hub: &TestHub, token: &str, path: &str) -> (u16, String) {
    let request = Request::get(path).header("authorization", format!("Bearer {token}"));
    let (status, _, page) = hub.request(request.body(String::new()).expect("a request")).await;
    (status.as_u16(), String::from_utf8_lossy(&page).into_owned())
}

#[tokio::test]
async fn tasks_are_reported_and_confirmed_in_a_browser_without_a_script() {
    for backend in backends() {
        let hub = TestHub::on(backend).await;
        let path = format!("/meeting/{CITY}/2024/tasks");
        let emergency = hub.token("EMERGENCY", CITY, &OFFICER);
        let office = hub.token("HRSS", CITY, &["READER", "SECRETARY"]);
        let send = async |token: &str, form: &str, headers: &[(&str, &str)]| {
            let bearer = format!("Bearer {token}");
            let mut all = vec![("authorization", bearer.as_str())];
            all.extend_from_slice(headers);
            let (status, headers, page) = post(&hub, &path, form, &all).await;
            let place = headers.get("location").and_then(|place| place.to_str().ok());
            (status, place.map(ToOwned::to_owned), page)
        };
        let (status, page) = seen(&hub, &emergency, &path).await;
        assert_eq!(status, 200, "{page}");
        assert_eq!(
            page.matches("value=\"report\"").count(),
            2,
            "its own tasks, and no other's: {page}"
        );
        assert!(!page.contains("value=\"confirm\""));
        let (_, read) = seen(&hub, &hub.reader("EMERGENCY", CITY), &path).await;
        assert!(!read.contains("<textarea"), "who only reads has no form");
        assert_eq!(seen(&hub, &hub.token("EMERGENCY", COUNTY, &OFFICER), &path).await.0, 403);
        let task = RETURN.replace('/', "%2F");
        let form = format!(
            "task={task}&department=EMERGENCY&version=0&step=report&content=%E5%B7%B2%E7%AD%BE%E6%8A%A5&evidence=%E5%87%BD9%E5%8F%B7+{}%0D%0A%E7%85%A7%E7%89%87",
            "ab".repeat(32)
        );
        assert_eq!(send(&emergency, &form, &[]).await.0, 403, "a form of another site");
        let evil = [("host", "lianfang.example"), ("origin", "https://evil.example")];
        assert_eq!(send(&emergency, &form, &evil).await.0, 403);
        let (status, _, page) =
            send(&emergency, &form.replace("=%E5%B7%B2%E7%AD%BE%E6%8A%A5", "=+"), &ORIGIN).await;
        assert_eq!(status, 400, "{page}");
        assert!(
            page.contains("role=\"alert\"") && page.contains("照片</textarea>"),
            "nothing entered is lost"
        );
        for _ in 0..2 {
            let (status, place, page) = send(&emergency, &form, &ORIGIN).await;
            assert_eq!((status, place), (303, Some(format!("{path}?done=1"))), "{page}");
        }
        let (_, page) = seen(&hub, &emergency, &format!("{path}?done=1")).await;
        assert!(page.contains("已保存") && page.contains(&"ab".repeat(32)), "{page}");
        // The office confirms with a remark, as the hub knows of no return.
        let confirm = format!("task={task}&department=EMERGENCY&version=1&step=confirm&remark=");
        let (status, _, page) = send(&office, &confirm, &ORIGIN).await;
        assert_eq!(status, 400, "{page}");
        assert!(page.contains("与平台记录不符"), "{page}");
        assert_eq!(send(&office, &format!("{confirm}%E5%B7%B2%E6%A0%B8"), &ORIGIN).await.0, 303);
        let (status, _, page) =
            send(&office, &format!("{confirm}%E5%B7%B2%E6%A0%B8"), &ORIGIN).await;
        assert_eq!(status, 409, "{page}");
        assert!(page.contains("已确认"), "{page}");
        let (status, _, page) = post_as(&hub, &path, "Bearer x", &form).await;
        assert_eq!(status, 401, "{page}");
        assert!(
            page.contains("照片") && page.contains("已签报"),
            "nothing entered is lost: {page}"
        );
        for (form, code) in [("step=report", 400), ("task=X&step=dance", 400), ("version=x", 422)] {
            assert_eq!(send(&emergency, form, &ORIGIN).await.0, code, "{form}");
        }
        assert_eq!(send(&emergency, &"x".repeat(200_000), &ORIGIN).await.0, 413);
        let (status, ..) = post(&hub, &format!("/meeting/{CITY}/2024"), "x=1", &ORIGIN).await;
        assert_eq!(status, 405, "{backend:?}: only tasks are sent to");
        let told = "SELECT COUNT(*) FROM audit_entries WHERE operation IN ('report task', 'confirm task') AND outcome = 'OK'";
        assert_eq!(hub.db_count(told).await, 2);
        hub.holds().await;
    }
}
