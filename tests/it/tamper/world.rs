//! A hub in which every table holds something.

use lianfang::accounts::manage::AccountChange;
use serde_json::json;

use crate::{
    accounts,
    consumer::settled,
    files::{NDJSON, lines},
    samples::{CITY, accident, employer, man, person, training, unit_year, victim, with},
    support::TestHub,
    verify::filled,
};

/// Everything that the hub writes, at least once.
pub async fn world(hub: &TestHub) {
    // A death that nobody has applied for is a lead.
    let dead = with(
        victim("LV1", "L1", &man(5)),
        json!({"injuryDegree": "DEATH", "lostWorkdays": 6000, "diedAt": "2024-03-05"}),
    );
    hub.take("EMERGENCY", "Accident", "lead a", vec![accident("L1")]).await;
    hub.take("EMERGENCY", "AccidentVictim", "lead v", vec![dead]).await;
    hub.take("HRSS", "Person", "lead p", vec![person("LP1", &man(5))]).await;
    hub.take("HRSS", "Employer", "lead e", vec![employer("LE1", 1)]).await;
    let steward = hub.token("HRSS", CITY, &["READER", "STEWARD"]);
    hub.data(
        &steward,
        &format!("mutation {{ searchLeads(region: \"{CITY}\") {{ kinds {{ kind }} }} }}"),
    )
    .await;
    let lead = hub
        .data(&steward, &format!("{{ leads(region: \"{CITY}\") {{ nodes {{ id version }} }} }}"))
        .await;
    let lead = &lead["leads"]["nodes"][0];
    let step = format!(
        "id: {}, version: {}, department: EMERGENCY, words: \"请核对\"",
        lead["id"], lead["version"]
    );
    hub.data(&steward, &format!("mutation {{ assignLead(input: {{{step}}}) {{ state }} }}")).await;
    let until = lianfang::context::OpCtx::begin("test").now();
    filled(hub).await;
    hub.take("HRSS", "InsuredUnitYear", "years", vec![unit_year("U1")]).await;
    hub.take("EMERGENCY", "TrainingRecord", "trained", vec![training("T1", &man(1))]).await;
    let office = hub.token("HRSS", CITY, &["SECRETARY"]);
    let call = format!(
        "region: \"{CITY}\", year: 2024, kind: ROUTINE, members: [HRSS, EMERGENCY], agenda: []"
    );
    let id = hub
        .data(&office, &format!("mutation {{ callMeeting(input: {{{call}}}) {{ id }} }}"))
        .await["callMeeting"]["id"]
        .clone();
    let of = format!("region: \"{CITY}\", meeting: {id}");
    let frozen = hub
        .data(&office, &format!("mutation {{ freezeMaterials(input: {{{of}}}) {{ digest }} }}"))
        .await;
    let digest = &frozen["freezeMaterials"]["digest"];
    let signer = hub.token("EMERGENCY", CITY, &["STEWARD"]);
    hub.data(
        &signer,
        &format!("mutation {{ signMaterials(input: {{{of}, digest: {digest}}}) {{ digest }} }}"),
    )
    .await;
    hub.data(&office, &format!("mutation {{ addResolution(input: {{{of}, content: \"挂牌督办\", owner: HRSS}}) {{ id }} }}")).await;
    hub.data(
        &signer,
        &format!("mutation {{ signReturn(input: {{region: \"{CITY}\", year: 2024}}) {{ id }} }}"),
    )
    .await;
    let task = format!("region: \"{CITY}\", task: \"SHUOZHOU-2021/TASK/2024/1\", year: 2024");
    hub.data(
        &hub.token("EMERGENCY", CITY, &["READER", "STEWARD"]),
        &format!("mutation {{ reportPlanTask(input: {{{task}, version: 0, content: \"已签报\"}}) {{ version }} }}"),
    )
    .await;
    hub.data(
        &office,
        &format!("mutation {{ returnPlanTask(input: {{{task}, department: EMERGENCY, version: 1, remark: \"请补文号\"}}) {{ version }} }}"),
    )
    .await;
    let known = "{ accidents(first: 1) { nodes { id } } }";
    let reader = hub.reader("HRSS", CITY);
    let known = hub.data(&reader, known).await["accidents"]["nodes"][0]["id"].clone();
    let wrong =
        format!("record: {known}, field: \"deaths\", claim: \"应为 2 人\", basis: \"朔人社函9号\"");
    hub.data(&reader, &format!("mutation {{ claimCorrection(input: {{{wrong}}}) {{ id }} }}"))
        .await;
    let submitter = hub.submitter("EMERGENCY");
    let profile = include_str!("../../../examples/profiles/msha.toml");
    hub.call("PUT", &submitter, "/exchange/profiles/msha", &[], profile).await;
    let rows = lines(&[accident("F1"), accident("F2")]);
    hub.upload(&submitter, "/exchange/accidents?mode=dry-run&wait=60", "dry", NDJSON, rows.clone())
        .await;
    hub.upload(&submitter, "/exchange/accidents?wait=60", "file", NDJSON, rows).await;
    hub.call("GET", &submitter, "/exchange/accidents", &[("accept", NDJSON)], "").await;
    hub.data(&hub.reader("HRSS", CITY), "{ persons { nodes { name } } }").await;
    // A change of an account revokes its tokens.
    accounts::person(hub, "clerk", &["READER"]).await;
    accounts::change(hub, "clerk", AccountChange::Second).await;
    settled(hub).await;
    hub.database.feed_prune(until).await.expect("old events are cut off");
    hub.database.chain_all_events().await.expect("events are chained");
}
