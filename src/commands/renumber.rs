//! `lianfang renumber`: after a restore on another PostgreSQL server.

use lianfang::{
    app,
    store::{self, proof::prover::Prover, seal::Seal},
};

use crate::commands::{
    options::{Common, into_anyhow},
    say,
};

/// Runs it; changes nothing where the store does not hold.
pub async fn run(common: Common) -> anyhow::Result<()> {
    let settled = common.settle()?;
    let (database, keys) = (settled.connect().await?, settled.secret_keys()?);
    let catalogue = app::catalogue().map_err(into_anyhow)?;
    store::reference::Reference::load(&database).await.map_err(into_anyhow)?;
    if let Some(prover) = Prover::new(&keys) {
        database.prove_with(prover);
    }
    let checks = store::verify::records(&database, &catalogue, Some(&Seal::new(keys)))
        .await
        .map_err(into_anyhow)?;
    // That numbers are ahead of this server is what it is about.
    let wrong =
        checks.iter().find(|check| check.wrong > 0 && !check.name.contains("transaction to come"));
    if let Some(check) = wrong {
        anyhow::bail!(
            "数据库有不一致，未作改动；请先运行 lianfang verify the store does not hold, nothing was changed: {}",
            check.name
        );
    }
    let count = database.renumber_events().await.map_err(into_anyhow)?;
    say(format_args!("已重排 {count} 个变更事件 {count} change events renumbered"))?;
    Ok(())
}
