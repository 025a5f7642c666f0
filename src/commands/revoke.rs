//! `lianfang revoke`: revokes tokens before their end.

use clap::Args;
use lianfang::{
    accounts::revoking::revoke,
    authz::{matching::SearchAuthor, revoked::Revocation},
    context::OpCtx,
};
use uuid::Uuid;

use crate::commands::{
    options::{Common, into_anyhow},
    say,
};

/// Which tokens, and why.
#[derive(Args, Clone, Debug)]
pub struct RevokeArgs {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    which: WhichTokens,
    /// 吊销原因 Why
    #[arg(long)]
    reason: String,
}

/// One token, or all of a subject.
#[derive(Args, Clone, Debug)]
#[group(required = true, multiple = false)]
struct WhichTokens {
    /// 令牌编号，签发时已给出 Number of the token, told when it was issued
    #[arg(long)]
    number: Option<Uuid>,
    /// 该账号此前签发的全部令牌 All tokens of the account that were issued until now
    #[arg(long)]
    subject: Option<String>,
}

/// Revokes them; every hub on the store knows within half a second.
pub async fn run(arguments: RevokeArgs) -> anyhow::Result<()> {
    let services = arguments.common.settle()?.services().await?;
    let ctx = OpCtx::begin("revoke");
    let what = match (arguments.which.number, arguments.which.subject) {
        (Some(number), _) => Revocation::Token(number),
        (None, subject) => {
            Revocation::Subject(subject.unwrap_or_default(), ctx.now().timestamp_millis())
        }
    };
    let by = SearchAuthor::machine();
    revoke(
        (&services.database, &services.audit, &services.tokens),
        by,
        &ctx,
        what.clone(),
        &arguments.reason,
    )
    .await
    .map_err(into_anyhow)?;
    if let Revocation::Subject(subject, _) = &what
        && services.database.account(subject).await.map_err(into_anyhow)?.is_none()
    {
        say(format_args!(
            "注意：没有名为 {subject} 的账号，只吊销以此名称签发的令牌 note: there is no account {subject}; tokens issued in that name are revoked"
        ))?;
    }
    say("已吊销，各台服务半秒内生效 revoked; every hub knows within half a second")?;
    Ok(())
}
