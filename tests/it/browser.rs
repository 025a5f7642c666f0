//! The page of a meeting in a browser, as somebody goes through it without a mouse, without script,
//! with a screen reader, on a telephone and on paper. `tests/browser/materials.mjs` says what has
//! to hold.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

use lianfang::{
    accounts::manage::AccountOrder,
    authz::officers::AccountsPermit,
    context::OpCtx,
    domain::account::AccountKind,
    seed::{self, Scale},
    submit::verdict::Mode,
};
use serde_json::Value;

use crate::{
    clients::program::{browser, made, needed},
    live_client::listening,
    samples::CITY,
    support::{Backend, TestHub},
};

const SCRIPTS: [&str; 6] = [
    "package.json",
    "package-lock.json",
    "chromium.mjs",
    "materials.mjs",
    "account.mjs",
    "view.mjs",
];

/// A hub with the demonstration records of one county, a meeting and its frozen materials.
pub async fn with_a_meeting() -> (TestHub, String) {
    let hub = TestHub::on(Backend::Sqlite).await;
    for (number, batch) in
        seed::batches(Scale::County).enumerate().filter(|(_, batch)| batch.region == CITY)
    {
        hub.hand_in(
            batch.department,
            batch.region,
            batch.family,
            Mode::Partial,
            &format!("seed-{number}"),
            batch.rows,
        )
        .await;
    }
    let token = hub.token("HRSS", CITY, &["SECRETARY", "READER"]);
    let call = format!(
        "mutation {{ callMeeting(input: {{region: \"{CITY}\", year: 2024, kind: ROUTINE, heldAt: \"2025-02-28 09:00\", \
         members: [HRSS, EMERGENCY, UNION], agenda: [\"通报2024年目标完成情况\", \"研究部门间数据差异\"]}}) {{ id }} }}"
    );
    let id = hub.data(&token, &call).await["callMeeting"]["id"].clone();
    let of_it = format!("region: \"{CITY}\", meeting: {id}");
    let resolve = format!(
        "mutation {{ addResolution(input: {{{of_it}, content: \"逾期重大隐患挂牌督办\", owner: EMERGENCY, due: \"2025-06-30\"}}) {{ id }} }}"
    );
    hub.data(&token, &resolve).await;
    hub.data(&token, &format!("mutation {{ freezeMaterials(input: {{{of_it}}}) {{ digest }} }}"))
        .await;
    (hub, token)
}

/// Runs a script of `tests/browser` against a hub; gives what it says it found. Pictures go where
/// they can be looked at.
pub async fn run(script: &str, hub: SocketAddr, token: &str) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (script, token) = (script.to_owned(), token.to_owned());
    let run = move || {
        needed("node");
        let steps: [&[&str]; 1] = [&["npm", "ci", "--no-audit", "--no-fund"]];
        let home = made("browser", &root.join("tests/browser"), &SCRIPTS, "", &steps);
        let mut command = Command::new("node");
        command
            .arg(home.join(format!("{script}.mjs")))
            .env("LIANFANG_URL", format!("http://{hub}"))
            .env("LIANFANG_TOKEN", token);
        command
            .env("CHROMIUM", browser())
            // In a terminal without UTF-8 a browser takes a Chinese name of a file for none.
            .env("LC_ALL", "C.UTF-8")
            .env("SCREENSHOTS", pictures())
            .env("OPERATION", root.join("examples/meeting-view/operation.graphql"));
        command.output().expect("node runs")
    };
    let output = tokio::task::spawn_blocking(run).await.expect("it ends");
    let (said, wrong) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{wrong}\npictures: {}", pictures().display());
    said.lines()
        .next_back()
        .and_then(|line| serde_json::from_str(line).ok())
        .unwrap_or_else(|| unreachable!("{said}\n{wrong}"))
}

fn pictures() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_of_a_meeting_is_read_by_keyboard_by_ear_on_a_telephone_and_on_paper() {
    let (hub, token) = with_a_meeting().await;
    let found = run("materials", listening(&hub).await, &token).await;
    for part in ["stops", "sections", "pictures", "sheets"] {
        assert!(found[part].as_i64() > Some(1), "{part}: {found}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_with_an_account_chooses_a_password_signs_in_and_out() {
    let (hub, _) = with_a_meeting().await;
    let order = AccountOrder {
        login: "clerk".to_owned(),
        name: "测试人员".to_owned(),
        kind: AccountKind::Person,
        department: "HRSS".to_owned(),
        region: CITY.to_owned(),
        roles: vec!["READER".to_owned()],
    };
    let (ctx, permit) = (OpCtx::begin("add"), AccountsPermit::machine());
    let sign_ins = &hub.services.sign_ins;
    let first = sign_ins.add((&hub.services.policy, &permit), &ctx, order).await.expect("added");
    let found = run("account", listening(&hub).await, &format!("clerk {}", *first)).await;
    assert_eq!(found["signedIn"], 1, "{found}");
}
