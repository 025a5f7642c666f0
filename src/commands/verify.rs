//! `lianfang verify`: chain, records, versions, events, receipts.

use lianfang::{
    app, audit,
    store::{self, seal::Seal},
};

use crate::commands::{
    options::{Common, told},
    say,
};

/// Runs it; fails when something is wrong.
pub async fn run(common: Common) -> anyhow::Result<()> {
    let settled = common.settle()?;
    let database = settled.connect().await?;
    let catalogue = app::catalogue().map_err(told)?;
    store::reference::Reference::load(&database).await.map_err(told)?;
    // A copy of a store may be looked at where its keys are not.
    let seal = if settled.secret_key_file.exists() { Some(Seal::new(settled.keys()?)) } else { None };
    let mut checks = vec![audit::verify::chain(&database).await.map_err(told)?];
    checks.extend(store::verify::records(&database, &catalogue, seal.as_ref()).await.map_err(told)?);
    let mut wrong = 0;
    for check in &checks {
        wrong += check.wrong;
        let mark = if check.wrong == 0 { "ok   " } else { "WRONG" };
        say(format_args!("{mark} {:>10} looked at, {:>6} wrong  {}", check.looked, check.wrong, check.name))?;
    }
    if seal.is_none() {
        say("没有密钥文件，加密值未解开核对 no key file: sealed values were not opened")?;
    }
    if wrong > 0 {
        anyhow::bail!("发现 {wrong} 处不一致 {wrong} faults found");
    }
    say("全部一致 everything holds")?;
    Ok(())
}
