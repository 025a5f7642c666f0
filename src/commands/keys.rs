//! `lianfang keys init | rotate`: the key file, and a new sealing key for all records.

use clap::Subcommand;
use lianfang::{app, keys::Keys, store::rotate, store::seal::Seal};

use crate::commands::{
    options::{Common, into_anyhow},
    say,
};

/// What to do with the keys.
#[derive(Subcommand, Clone, Debug)]
pub enum Action {
    /// 生成密钥文件 Make a key file; an existing one stays as it is
    Init(Common),
    /// 更换加密密钥并重新加密全部记录 Add a sealing key and seal all records with it
    Rotate(Common),
}

/// Makes the key file, or adds a sealing key and seals all records with it.
pub async fn run(action: Action) -> anyhow::Result<()> {
    match action {
        Action::Init(common) => {
            let settled = common.settle()?;
            if settled.configuration.secret_key_file.exists() {
                say(format_args!(
                    "已有密钥文件，保持不变 kept: {}",
                    settled.configuration.secret_key_file.display()
                ))?;
                return Ok(());
            }
            init(&settled.configuration.secret_key_file)?;
            say(format_args!(
                "已生成密钥文件，请妥善备份 made, keep a copy safe: {}",
                settled.configuration.secret_key_file.display()
            ))?;
        }
        Action::Rotate(common) => {
            let settled = common.settle()?;
            let database = settled.connect().await?;
            let mut keys = Keys::read(&settled.configuration.secret_key_file)?;
            // The new key is on disk before anything is sealed with it: after a crash half-way
            // everything is still readable.
            let id = keys.rotate()?;
            keys.write(&settled.configuration.secret_key_file)?;
            let seal = Seal::new(std::sync::Arc::new(keys));
            let catalogue = app::catalogue().map_err(into_anyhow)?;
            let count = rotate::reseal(&database, &seal, &catalogue).await.map_err(into_anyhow)?;
            say(format_args!(
                "密钥 {id} 已启用，重新加密 {count} 条记录 key {id} is active, {count} records sealed again"
            ))?;
        }
    }
    Ok(())
}

/// Makes a key file.
pub fn init(path: &std::path::Path) -> anyhow::Result<()> {
    if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        std::fs::create_dir_all(directory)?;
    }
    Keys::generate()?.write(path)?;
    Ok(())
}
