//! `lianfang brief`: the materials of a meeting as files, to be taken along: page, document,
//! workbook, and the content as JSON.

use std::path::{Path, PathBuf};

use brief::{docx, links::NoLinks, page, xlsx};
use clap::Args;
use lianfang::{
    context::OpCtx,
    domain::region::RegionCode,
    meeting::{
        room::{self, ContentChoice, ContentRequest, MaterialsReader},
        rulebook::Rulebook,
    },
};

use crate::commands::{
    options::{Common, into_anyhow},
    say,
};

/// Which materials, and where to.
#[derive(Args, Clone, Debug)]
pub struct BriefArgs {
    #[command(flatten)]
    common: Common,
    /// 行政区划代码 Region code, for example 140600
    #[arg(long)]
    region: String,
    /// 考核年度 Year that is judged
    #[arg(long)]
    year: i32,
    /// 当年第几次会议，默认最近一次 Number of the meeting in that year; the last one by default
    #[arg(long)]
    number: Option<i32>,
    /// 写入的目录 Directory for the files; made where it is missing
    #[arg(long)]
    out: PathBuf,
    /// 令牌 Token of whoever takes part in the meeting
    #[arg(long = "as", env = "LIANFANG_TOKEN", hide_env_values = true)]
    token: String,
    /// 按今日数据，即使材料已冻结 As of today, even where materials are frozen
    #[arg(long)]
    today: bool,
}

/// Writes the materials of the meeting as files into the given directory.
pub async fn run(arguments: BriefArgs) -> anyhow::Result<()> {
    let settled = arguments.common.settle()?;
    let services = settled.services().await?;
    let ctx = OpCtx::begin("brief");
    let actor = services
        .tokens
        .check(&services.policy, &arguments.token, ctx.now().timestamp())
        .map_err(into_anyhow)?;
    let region = RegionCode::parse(&arguments.region)
        .map_err(|fault| anyhow::anyhow!("{} {}", fault.message_zh(), fault.message_en()))?;
    let rules = Rulebook::load(&services.reference).map_err(into_anyhow)?;
    let caller = MaterialsReader { services: &services, rules: &rules, ctx: &ctx, actor: &actor };
    let which = if arguments.today { ContentChoice::Today } else { ContentChoice::Shown };
    let wanted = ContentRequest { region, year: arguments.year, number: arguments.number, which };
    let content = caller.content(&wanted).await.map_err(into_anyhow)?;
    let mut json = serde_json::to_vec_pretty(&content)?;
    json.push(b'\n');
    // All files are rendered before any is written.
    let files = [
        ("html", page::html(&content, &NoLinks).into_bytes()),
        ("docx", docx::write(&content)?),
        ("xlsx", xlsx::write(&content)?),
        ("json", json),
    ];
    std::fs::create_dir_all(&arguments.out).map_err(|error| at(&arguments.out, &error))?;
    let name = room::file_name(&content);
    for (ending, bytes) in files {
        let path = arguments.out.join(format!("{name}.{ending}"));
        let size = bytes.len();
        write(&path, &bytes)?;
        say(format_args!("写入 written  {size:>9}  {}", path.display()))?;
    }
    Ok(())
}

/// Replaces a file only once the new one is complete, so that a full disk does not destroy the old
/// content.
fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut making = path.as_os_str().to_owned();
    making.push(".part");
    let making = PathBuf::from(making);
    let written = std::fs::write(&making, bytes).and_then(|()| std::fs::rename(&making, path));
    written.map_err(|error| {
        // A failure here leaves a file that is in nobody's way.
        let _ = std::fs::remove_file(&making);
        at(path, &error)
    })
}

fn at(path: &Path, error: &std::io::Error) -> anyhow::Error {
    anyhow::anyhow!("{}: {error}", path.display())
}
