//! `lianfang verify`: the log, records, versions, events, receipts and all other tables against
//! their keyed digests.

use std::path::{Path, PathBuf};

use clap::Args;
use lianfang::{
    app, audit,
    error::HubError,
    store::{
        self,
        proof::{checkpoint::Checkpoint, prover::Prover},
        seal::Seal,
    },
};

use crate::commands::{
    options::{Common, into_anyhow},
    say,
};

/// What to compare with.
#[derive(Args, Clone, Debug)]
pub struct VerifyArgs {
    #[command(flatten)]
    common: Common,
    /// 校验点文件：已有则比对，全部一致后写入新的。请保存在本机之外 Checkpoint: compared with if it
    /// is there, written anew when everything holds; keep it elsewhere
    #[arg(long)]
    checkpoint: Option<PathBuf>,
}

/// Runs it; fails when something is wrong.
pub async fn run(arguments: VerifyArgs) -> anyhow::Result<()> {
    let settled = arguments.common.settle()?;
    let database = settled.connect().await?;
    let catalogue = app::catalogue().map_err(into_anyhow)?;
    if let Err(error) = store::reference::Reference::load(&database).await {
        // What was damaged is told by the checks; what was never migrated has nothing to be
        // checked.
        let damaged = matches!(error, HubError::Internal(_))
            || store::verify::is_empty(&database).await.is_ok();
        if matches!(error, HubError::Unavailable(_)) || !damaged {
            return Err(into_anyhow(error));
        }
    }
    // A copy of a store may be looked at where its keys are not.
    let keys = if settled.configuration.secret_key_file.exists() {
        Some(settled.secret_keys()?)
    } else {
        None
    };
    if let Some(prover) = keys.as_deref().and_then(Prover::new) {
        database.prove_with(prover);
    }
    let seal = keys.map(Seal::new);
    let kept = match (&arguments.checkpoint, database.prover()) {
        (Some(path), Some(prover)) => read(path, prover)?,
        (Some(_), None) => anyhow::bail!(
            "校验点需要含核验密钥的密钥文件 a checkpoint needs a key file with a proving key"
        ),
        (None, _) => None,
    };
    let declared = app::declared().await.map_err(into_anyhow)?;
    let mut checks = store::verify::schema(&database, &declared).await.map_err(into_anyhow)?;
    checks.push(audit::verify::since(&database, kept.as_ref()).await.map_err(into_anyhow)?);
    checks.extend(
        store::verify::since(&database, &catalogue, seal.as_ref(), kept.as_ref())
            .await
            .map_err(into_anyhow)?,
    );
    checks.push(store::verify::codes(&database).await.map_err(into_anyhow)?);
    let mut wrong = 0;
    for check in &checks {
        wrong += check.wrong;
        let mark = if check.wrong == 0 { "ok   " } else { "WRONG" };
        say(format_args!(
            "{mark} {:>10} looked at, {:>6} wrong  {}",
            check.looked, check.wrong, check.name
        ))?;
        for place in &check.places {
            say(format_args!("        {place}"))?;
        }
    }
    if seal.is_none() {
        say("没有密钥文件，加密值未解开核对 no key file: sealed values were not opened")?;
    }
    if database.prover().is_none() {
        say(
            "没有核验密钥，未核对是否被他人改动 no proving key: that nobody else changed anything was not checked",
        )?;
    }
    if wrong > 0 {
        anyhow::bail!("发现 {wrong} 处不一致 {wrong} faults found");
    }
    if let (Some(path), Some(prover)) = (&arguments.checkpoint, database.prover()) {
        let now = Checkpoint::now(&database, prover).await.map_err(into_anyhow)?;
        std::fs::write(path, serde_json::to_string_pretty(&now)?)?;
        say(format_args!(
            "校验点已写入，请保存在本机之外 checkpoint written, keep it elsewhere: {}",
            path.display()
        ))?;
    }
    say("全部一致 everything holds")?;
    Ok(())
}

/// A checkpoint that was kept; none yet where there is no file. One that cannot be read is never
/// taken for none: it would be written over, and nothing compared.
fn read(path: &Path, prover: &Prover) -> anyhow::Result<Option<Checkpoint>> {
    let unread = |why: &dyn std::fmt::Display| {
        anyhow::anyhow!(
            "校验点文件无法读取，未作校验，文件未改动；请换用完好的副本，或改用新的文件名重新建立 the checkpoint cannot be read, nothing was \
             compared and the file is left as it is; give a sound copy, or a new name to begin one: {} ({why})",
            path.display()
        )
    };
    let text = match std::fs::read(path) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| unread(&"not UTF-8"))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unread(&error)),
    };
    let kept: Checkpoint = serde_json::from_str(&text).map_err(|error| unread(&error))?;
    if !kept.holds(prover) {
        anyhow::bail!(
            "校验点文件不是本密钥写出的，或已被改动 the checkpoint was not written with this key, or was changed: {}",
            path.display()
        );
    }
    Ok(Some(kept))
}
