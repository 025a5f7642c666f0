//! `lianfang token`: a signed token, on the last line.

use clap::Args;
use lianfang::{
    app,
    authz::{
        identity::PurposeCode,
        token::{TokenRequest, Tokens},
    },
    context::OpCtx,
};

use crate::commands::{
    options::{Common, into_anyhow},
    say,
};

/// What the token says.
#[derive(Args, Clone, Debug)]
pub struct TokenArgs {
    #[command(flatten)]
    common: Common,
    /// 部门代码 Department code, for example EMERGENCY
    #[arg(long)]
    department: String,
    /// 行政区划代码 Region code, for example 140600
    #[arg(long)]
    region: String,
    /// 角色，可多次 Role, may be given several times
    #[arg(long = "role", required = true)]
    roles: Vec<String>,
    /// 账号名称 Name of the account or system
    #[arg(long, default_value = "cli")]
    subject: String,
    /// 用途代码 Purpose code
    #[arg(long, default_value_t = PurposeCode::ROUTINE.as_str().to_owned())]
    purpose: String,
    /// 案件或任务编号 Number of the case or task, for a case purpose
    #[arg(long)]
    ticket: Option<String>,
    /// 有效小时数 Hours it holds
    #[arg(long, default_value_t = 12)]
    hours: u32,
}

/// Issues the token and prints it on the last line.
pub fn run(arguments: TokenArgs) -> anyhow::Result<()> {
    let settled = arguments.common.settle()?;
    let catalogue = app::catalogue().map_err(into_anyhow)?;
    let policy = app::policy(settled.configuration.policy_directory.as_deref(), &catalogue)
        .map_err(into_anyhow)?;
    let tokens = Tokens::new(&*settled.secret_keys()?).map_err(into_anyhow)?;
    let order = TokenRequest {
        subject: arguments.subject,
        department: arguments.department,
        region: arguments.region,
        roles: arguments.roles,
        purpose: arguments.purpose,
        ticket: arguments.ticket,
        seconds: i64::from(arguments.hours) * 3600,
    };
    let ctx = OpCtx::begin("token");
    let issued = tokens.issue(&policy, order, ctx.now()).map_err(into_anyhow)?;
    say(format_args!("编号 number: {}", issued.number))?;
    say(issued.text)?;
    Ok(())
}
