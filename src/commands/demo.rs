//! `lianfang demo`: an embedded store with demonstration data, a token per department, three
//! queries to paste, the page of a meeting, and a server.

use clap::Args;
use confique::Layer as _;
use lianfang::{
    accounts::{
        manage::{AccountChange, AccountOrder},
        sign_in::Credentials,
    },
    authz::{identity::PurposeCode, meeting::LEAD, officers::AccountsPermit, token::TokenRequest},
    context::OpCtx,
    domain::{account::AccountKind, department::Department},
    error::HubError,
    seed::Scale,
    services::Services,
};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::commands::{
    options::{Common, into_anyhow},
    say, seed, serve,
};
use crate::config::ConfigLayer;

/// Directory and address of the demonstration.
#[derive(Args, Clone, Debug)]
pub struct DemoArgs {
    /// 数据目录 Directory of the demonstration store
    #[arg(long, default_value = "var/demo")]
    directory: std::path::PathBuf,
    /// 监听地址 Address and port
    #[arg(long)]
    listen: Option<String>,
}

/// Roles of each account: read, submit, and sign for its department at the meeting; that of 人社
/// also convenes and freezes a meeting.
const ROLES: [&str; 4] = ["READER", "SUBMITTER", "STEWARD", "SECRETARY"];

/// Account with which one looks around in a browser.
const LOGIN: &str = "renshe";

/// Department that convenes the meeting.
const OFFICE: Department = LEAD;

/// Year whose materials are shown.
const YEAR: i32 = 2024;

/// Region the demonstration is about.
const REGION: &str = "140600";

/// The queries, each with the department that asks and what it shows.
pub const QUERIES: [(Department, &str, &str); 3] = [
    (
        Department::HRSS,
        "2024 年朔州建筑施工事故，其伤亡人员，及每人是否已认定工伤 construction accidents with their victims and recognitions",
        r#"{ accidents(first: 3, where: {regionCode: {prefix: "1406"}, keyIndustry: {eq: CONSTRUCTION}, occurredAt: {gte: "2024-01-01", lt: "2025-01-01"}}, orderBy: [{field: OCCURRED_AT, direction: DESC}]) { totalCount nodes { occurredAt region { name } gradeLabel deaths employer { name } victims { name injuryDegreeLabel workInjury { resultLabel articleLabel } } } } }"#,
    ),
    (
        Department::EMERGENCY,
        "各行业 2024 年事故起数和伤亡人数 accidents and casualties by industry",
        r#"{ accidentStats(where: {regionCode: {prefix: "1406"}, occurredAt: {gte: "2024-01-01", lt: "2025-01-01"}}, groupBy: [KEY_INDUSTRY]) { keys { value label } count sums { deaths casualties } } }"#,
    ),
    (
        Department::UNION,
        "总工会看到的伤亡人员：姓名脱敏，证件号码不可见 what a union sees of victims: names masked, numbers hidden",
        r#"{ viewer { department rights { family personal sensitive } } accidentVictims(first: 3, where: {regionCode: {prefix: "1406"}}) { nodes { name idNumber injuryDegreeLabel } } }"#,
    ),
];

/// Prepares the demonstration store, prints tokens and queries, and serves it.
pub async fn run(arguments: DemoArgs) -> anyhow::Result<()> {
    std::fs::create_dir_all(&arguments.directory)?;
    let given = ConfigLayer {
        database_url: Some(format!("sqlite:{}", arguments.directory.join("lianfang.db").display())),
        secret_key_file: Some(arguments.directory.join("keys.json")),
        listen: arguments.listen,
        ..ConfigLayer::empty()
    };
    let settled = Common { config: None, given }.settle()?;
    let codes = settled.prepare().await?;
    if codes > 0 {
        say(format_args!("装入代码 {codes} 条 {codes} reference codes loaded"))?;
    }
    let services = settled.services().await?;
    let count = seed::fill(&services, Scale::County).await?;
    say(format_args!("演示数据 {count} 条 {count} demonstration records (county scale)"))?;
    print(&services, &settled.configuration.listen)?;
    let password = account(&services).await.map_err(into_anyhow)?;
    say(format_args!(
        "联席会议材料：用浏览器打开下面的地址，以账号 {LOGIN} 登录 materials of the joint meeting: open this address in a browser and sign \
         in with the account {LOGIN}\nhttp://{}/meeting/{REGION}/{YEAR}\n口令 password: {password}\n",
        settled.configuration.listen
    ))?;
    drop(services);
    serve::run(&settled).await
}

fn print(services: &Services, listen: &str) -> anyhow::Result<()> {
    let ctx = OpCtx::begin("demo");
    let token = |department: &str| {
        let order = TokenRequest {
            subject: "demo".to_owned(),
            department: department.to_owned(),
            region: REGION.to_owned(),
            roles: ROLES
                .into_iter()
                .filter(|role| OFFICE == *department || *role != "SECRETARY")
                .map(ToOwned::to_owned)
                .collect(),
            purpose: PurposeCode::ROUTINE.as_str().to_owned(),
            ticket: None,
            seconds: 30 * 24 * 3600,
        };
        let issued = services.tokens.issue(&services.policy, order, ctx.now());
        issued.map(|issued| issued.text).map_err(into_anyhow)
    };
    say("\n令牌（三十天有效） tokens, good for thirty days:\n")?;
    // The convening office, and the departments responsible for a key industry.
    let departments = services
        .reference
        .table("department")
        .map(|table| table.codes.as_slice())
        .unwrap_or_default();
    for code in departments.iter().filter(|code| {
        let of = services.policy.departments().find(|own| **own == *code.code);
        of.is_some_and(|own| *own == OFFICE || !services.policy.industries(own).is_empty())
    }) {
        let (department, name) =
            (&code.code, code.attributes.get("short_zh").unwrap_or(&code.name_zh));
        say(format_args!("export TOKEN_{department}={}  # {name} {REGION}", token(department)?))?;
    }
    say("\n示例查询，整行复制即可运行 example queries, paste a whole line:")?;
    for (department, about, query) in QUERIES {
        let body = serde_json::json!({ "query": query }).to_string();
        say(format_args!(
            "\n# {about}\ncurl -s http://{listen}/graphql -H 'Content-Type: application/json' -H 'Authorization: Bearer {}' -d '{body}'",
            token(department.code())?
        ))?;
    }
    Ok(())
}

/// Makes the account with which one looks around in a browser, with a new password at every start.
async fn account(services: &Services) -> Result<String, HubError> {
    let (ctx, permit) = (OpCtx::begin("demo"), AccountsPermit::machine());
    let (sign_ins, policy) = (&services.sign_ins, &*services.policy);
    let order = AccountOrder {
        login: LOGIN.to_owned(),
        name: "演示账号".to_owned(),
        kind: AccountKind::Person,
        department: OFFICE.code().to_owned(),
        region: REGION.to_owned(),
        roles: ROLES.into_iter().map(ToOwned::to_owned).collect(),
    };
    let first = match sign_ins.add((policy, &permit), &ctx, order).await {
        Ok(first) => first,
        Err(HubError::Conflict(_)) => sign_ins
            .change((policy, &permit), &ctx, LOGIN, AccountChange::Password)
            .await?
            .unwrap_or_default(),
        Err(error) => return Err(error),
    };
    // Whoever looks around need not choose one first.
    let password = Zeroizing::new(format!("Demo-{}", Uuid::new_v4()));
    let credentials = Credentials { login: LOGIN.to_owned(), password: first, code: String::new() };
    sign_ins.change_password(&ctx, credentials, &password).await?;
    Ok(password.to_string())
}
