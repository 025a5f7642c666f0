//! `lianfang account`: accounts of people and systems, by whoever runs the machine of the hub.

use std::sync::Arc;

use chrono::TimeDelta;
use clap::{Args, Subcommand};
use lianfang::{
    accounts::manage::{AccountChange, AccountOrder},
    authz::officers::AccountsPermit,
    context::OpCtx,
    domain::account::AccountKind,
    services::Services,
};

use crate::commands::{
    options::{Common, into_anyhow},
    say,
};

/// What is done with accounts.
#[derive(Subcommand, Clone, Debug)]
pub enum AccountAction {
    /// 新建账号，末行为初始口令 Make an account; the last line is its first password
    Add(AddArgs),
    /// 列出账号 List accounts
    List(Common),
    /// 调整角色，此前的登录和令牌随即失效 Give other roles; what it was signed in with ends
    Roles(RolesArgs),
    /// 停用 Disable
    Disable(LoginArgs),
    /// 恢复 Enable again
    Enable(LoginArgs),
    /// 重置口令，末行为新的初始口令 Reset the password; the last line is the new one
    Password(LoginArgs),
    /// 登记动态口令（TOTP），末行为验证器地址 Set a second factor; the last line is for an authenticator
    Second(LoginArgs),
    /// 取消动态口令 Remove the second factor
    NoSecond(LoginArgs),
}

/// An account to be made.
#[derive(Args, Clone, Debug)]
pub struct AddArgs {
    #[command(flatten)]
    common: Common,
    /// 账号名称（小写字母、数字和 . - _ @） Name it signs in with
    #[arg(long)]
    login: String,
    /// 姓名或系统名称 Who or what it is
    #[arg(long)]
    name: String,
    /// 部门代码 Department code, for example EMERGENCY
    #[arg(long)]
    department: String,
    /// 行政区划代码 Region code, for example 140600
    #[arg(long)]
    region: String,
    /// 角色，可多次 Role, may be given several times
    #[arg(long = "role", required = true)]
    roles: Vec<String>,
    /// 供系统使用，凭密钥换取令牌 For a system, which trades its secret for tokens
    #[arg(long)]
    system: bool,
}

/// Which account, and its new roles.
#[derive(Args, Clone, Debug)]
pub struct RolesArgs {
    #[command(flatten)]
    which: LoginArgs,
    /// 角色，可多次 Role, may be given several times
    #[arg(long = "role", required = true)]
    roles: Vec<String>,
}

/// Which account.
#[derive(Args, Clone, Debug)]
pub struct LoginArgs {
    #[command(flatten)]
    common: Common,
    /// 账号名称 Name of the account
    #[arg(long)]
    login: String,
}

/// Carries it out.
pub async fn run(action: AccountAction) -> anyhow::Result<()> {
    match action {
        AccountAction::Add(arguments) => add(arguments).await,
        AccountAction::List(common) => list(&common).await,
        AccountAction::Roles(RolesArgs { which, roles }) => {
            change(which, AccountChange::Roles(roles)).await
        }
        AccountAction::Disable(which) => change(which, AccountChange::Disable).await,
        AccountAction::Enable(which) => change(which, AccountChange::Enable).await,
        AccountAction::Password(which) => change(which, AccountChange::Password).await,
        AccountAction::Second(which) => change(which, AccountChange::Second).await,
        AccountAction::NoSecond(which) => change(which, AccountChange::NoSecond).await,
    }
}

async fn services(common: &Common) -> anyhow::Result<Arc<Services>> {
    common.settle()?.services().await
}

async fn add(arguments: AddArgs) -> anyhow::Result<()> {
    let services = services(&arguments.common).await?;
    let order = AccountOrder {
        login: arguments.login,
        name: arguments.name,
        kind: if arguments.system { AccountKind::System } else { AccountKind::Person },
        department: arguments.department,
        region: arguments.region,
        roles: arguments.roles,
    };
    let (ctx, permit) = (OpCtx::begin("account"), AccountsPermit::machine());
    let made = services.sign_ins.add((&services.policy, &permit), &ctx, order).await;
    let made = made.map_err(into_anyhow)?;
    say(
        "账号已建立，初始口令（或系统密钥）如下 the account is made; its first password or secret follows",
    )?;
    say(&*made)?;
    Ok(())
}

async fn list(common: &Common) -> anyhow::Result<()> {
    let services = services(common).await?;
    let all = services.database.accounts(&AccountsPermit::machine()).await.map_err(into_anyhow)?;
    let now = OpCtx::begin("account").now();
    for account in all {
        let locked = services.database.account_locked(account.id).await.map_err(into_anyhow)?;
        let state = match locked.filter(|until| *until > now) {
            _ if account.disabled_at.is_some() => "停用 disabled".to_owned(),
            Some(until) => format!(
                "锁定至 locked until {}",
                (until + TimeDelta::hours(8)).format("%Y-%m-%d %H:%M")
            ),
            None if account.must_change => "未改初始口令 first password".to_owned(),
            None => "启用 enabled".to_owned(),
        };
        let kind =
            if account.kind == AccountKind::System { "系统 system" } else { "人员 person" };
        let second = if account.second.is_some() { "动态口令 TOTP" } else { "" };
        let cells = [
            &account.login,
            &account.name,
            kind,
            &account.department,
            &account.region,
            &account.roles.join("|"),
            &state,
            second,
        ];
        say(cells.join("\t"))?;
    }
    Ok(())
}

async fn change(which: LoginArgs, change: AccountChange) -> anyhow::Result<()> {
    let services = services(&which.common).await?;
    let (ctx, permit) = (OpCtx::begin("account"), AccountsPermit::machine());
    let at = (&*services.policy, &permit);
    let told = services.sign_ins.change(at, &ctx, &which.login, change).await;
    let told = told.map_err(into_anyhow)?;
    say(
        "已修改，此前的登录和令牌半秒内失效 changed; what it was signed in with ends within half a second",
    )?;
    if let Some(told) = told {
        say(&*told)?;
    }
    Ok(())
}
