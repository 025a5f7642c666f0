//! `lianfang import`: a file from the disk, taken in as files over HTTP are.

use std::{
    collections::BTreeMap,
    io::{self, BufWriter},
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use lianfang::{
    authz::actor::Actor,
    context::OpCtx,
    domain::clock,
    error::HubError,
    exchange::{
        format::{
            judged::VerdictRow,
            media::Format,
            mended::{CorrectedWorkbook, VerdictWorkbook},
            report::Report,
            rows::Input,
        },
        intake::{
            chunks::{Chunk, ChunkOptions},
            content::JobContent,
            engine::{self, IncomingFile, Keeper},
            profiles,
            returned::Returned,
        },
    },
    import::counts::RowCounts,
    owner_only,
    services::Services,
    store::exchange::jobs::JobProgress,
    submit::verdict::{Mode, RowOutcome, RowVerdict},
};

use crate::commands::{
    options::{Common, into_anyhow},
    say,
};

/// What to import.
#[derive(Args, Clone, Debug)]
pub struct ImportArgs {
    #[command(flatten)]
    common: Common,
    /// 记录类别；有模板时为主要类别，其他类别一并导入 Family; with a profile the main one, the
    /// others come with it
    family: String,
    /// 文件：.ndjson、.csv、.xlsx File to import, in one of these formats
    file: PathBuf,
    /// 导入模板，用于其他系统的 CSV 或 Excel 表 Profile (TOML), for a table (CSV or Excel) of
    /// another system
    #[arg(long)]
    profile: Option<PathBuf>,
    /// CSV 的编码，默认自动识别 Encoding of a CSV file: utf-8 or gb18030; found out by default
    #[arg(long)]
    charset: Option<String>,
    /// 隐藏的行和列：take 照常读取，leave 略过 Hidden rows and columns of a workbook: take them or
    /// leave them
    #[arg(long, default_value = "take", value_parser = ["take", "leave"])]
    hidden: String,
    /// 来源系统 Name of the source system
    #[arg(long)]
    source_system: Option<String>,
    /// 只检查，不入库 Say what would happen and keep nothing
    #[arg(long, conflicts_with = "atomic")]
    dry_run: bool,
    /// 全部入库，或一行也不入库 Take all rows or none
    #[arg(long)]
    atomic: bool,
    /// 令牌 Token of the organisation that hands in
    #[arg(long = "as", env = "LIANFANG_TOKEN", hide_env_values = true)]
    token: String,
    /// 退回文件，默认为“文件名.rejects.xlsx”，用模板时为“.rejects.csv” Where rejected rows go
    #[arg(long)]
    rejects: Option<PathBuf>,
}

/// A file that advances a progress bar as it is read.
struct ProgressFile {
    path: PathBuf,
    bar: ProgressBar,
}

impl JobContent for ProgressFile {
    fn open(&self) -> io::Result<Box<dyn Input>> {
        Ok(Box::new(self.bar.wrap_read(std::fs::File::open(&self.path)?)))
    }
}

/// Imports the file; fails if it cannot be read, but not if rows are rejected.
pub async fn run(arguments: ImportArgs) -> anyhow::Result<()> {
    let settled = arguments.common.settle()?;
    let services = settled.services().await?;
    let ctx = OpCtx::begin("import");
    let actor = services
        .tokens
        .check(&services.policy, &arguments.token, ctx.now().timestamp())
        .map_err(into_anyhow)?;
    let file = file(&services, &arguments, &ctx)?;
    let unread = |error: io::Error| anyhow::anyhow!("{}: {error}", arguments.file.display());
    let size = std::fs::metadata(&arguments.file).map_err(unread)?.len();
    let passes = file.reading.profile.as_ref().map_or(1, |profile| profile.passes());
    let bar = ProgressBar::new(size.saturating_mul(u64::try_from(passes)?));
    if let Ok(style) =
        ProgressStyle::with_template("{msg:24} {wide_bar} {bytes}/{total_bytes} {eta}")
    {
        bar.set_style(style);
    }
    bar.set_message("读取 reading");
    let content = Arc::new(ProgressFile { path: arguments.file.clone(), bar: bar.clone() });
    let own = if file.reading.profile.is_some() { "rejects.csv" } else { "rejects.xlsx" };
    let path = arguments.rejects.unwrap_or_else(|| arguments.file.with_extension(own));
    let back = Back::new(&file, &services, &actor)?;
    let mut run = ImportRun { bar, back, counts: BTreeMap::new(), survey: None, report: None };
    engine::take_in(&services, &actor, &file, content, JobProgress::default(), &mut run)
        .await
        .map_err(into_anyhow)?;
    run.bar.finish_and_clear();
    let ImportRun { back, counts, survey, report: reading, .. } = run;
    for text in reading.iter().flat_map(|reading| reading.sentences()) {
        say(format_args!("{} {}", text.zh, text.en))?;
    }
    let returned = back.write(&file, &arguments.file, &path)?;
    report(&counts, survey.as_deref(), file.mode == Mode::DryRun, returned, &path)
}

/// Rejected rows: those of a profile in their own columns, others in a workbook that can be
/// corrected and submitted again.
enum Back<'a> {
    Lines(Returned),
    Workbook(Box<CorrectedWorkbook<'a>>, u64),
}

impl<'a> Back<'a> {
    fn new(file: &IncomingFile, services: &'a Services, actor: &'a Actor) -> anyhow::Result<Self> {
        if file.reading.profile.is_some() {
            return Ok(Self::Lines(Returned::default()));
        }
        let (family, reference, today) =
            (file.reading.family, services.reference.as_ref(), file.reading.today);
        let order =
            VerdictWorkbook { family, reference, region: Some(actor.region()), today, spill: None };
        Ok(Self::Workbook(Box::new(CorrectedWorkbook::new(order).map_err(into_anyhow)?), 0))
    }

    fn add(&mut self, chunk: &Chunk, verdicts: &[RowVerdict]) -> Result<(), HubError> {
        match self {
            Self::Lines(returned) => returned.add(chunk, verdicts),
            Self::Workbook(book, number) => {
                for (row, verdict) in chunk
                    .rows
                    .iter()
                    .zip(verdicts)
                    .filter(|(_, verdict)| verdict.outcome == RowOutcome::Rejected)
                {
                    book.row(
                        &VerdictRow {
                            row: row.line(),
                            family: chunk.family,
                            verdict: verdict.clone(),
                        },
                        &row.values,
                    )?;
                    *number += 1;
                }
            }
        }
        Ok(())
    }

    /// Writes them, if there are any. Returns the number of lines.
    fn write(self, file: &IncomingFile, source: &Path, path: &Path) -> anyhow::Result<u64> {
        // It contains what was submitted, including identity numbers.
        let out = |path: &Path| {
            let file = std::fs::File::create(path)?;
            owner_only::set(&file)?;
            Ok::<_, std::io::Error>(BufWriter::new(file))
        };
        match (self, file.reading.profile.as_deref()) {
            (Self::Workbook(book, number), _) if number > 0 => {
                book.finish(out(path)?).map(|()| number).map_err(into_anyhow)
            }
            (Self::Lines(returned), Some(profile)) => returned
                .write(profile, (&source.to_path_buf(), file.reading.leave_hidden), || out(path))
                .map_err(into_anyhow),
            _ => Ok(0),
        }
    }
}

/// How the file is read and taken in.
fn file(services: &Services, arguments: &ImportArgs, ctx: &OpCtx) -> anyhow::Result<IncomingFile> {
    let family = services
        .catalogue
        .find(&arguments.family)
        .ok_or_else(|| anyhow::anyhow!("没有这个数据类别 no such family: {}", arguments.family))?;
    let profile = match &arguments.profile {
        None => None,
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
            let profile = profiles::parse(services, &text).map_err(into_anyhow)?;
            if !profiles::makes(&profile, family.name) {
                anyhow::bail!("模板不产生该类别 the profile gives no {}", family.name);
            }
            let charset = arguments.charset.as_deref();
            let stated = profiles::for_file(profile, Format::Csv, charset).map_err(into_anyhow)?;
            Some(Arc::new(stated))
        }
    };
    let named =
        arguments.file.extension().and_then(|extension| Format::of_name(extension.to_str()?));
    let format = match (&profile, named) {
        (Some(_), _) => Format::Csv,
        (None, Some(format)) => format,
        (None, None) => anyhow::bail!(
            "文件名须以 .ndjson、.csv 或 .xlsx 结尾 the file's name ends with .ndjson, .csv or .xlsx"
        ),
    };
    let own = || profile.as_ref().map(|profile| profile.source_system().to_owned());
    Ok(IncomingFile {
        mode: match (arguments.dry_run, arguments.atomic) {
            (true, _) => Mode::DryRun,
            (_, true) => Mode::Atomic,
            _ => Mode::Partial,
        },
        source_system: arguments.source_system.clone().or_else(own).unwrap_or_default(),
        // Each run has a key of its own: a file sent again is checked again, and rows that are
        // already stored are unchanged.
        key: format!("import-{}", ctx.new_id().simple()),
        reading: ChunkOptions {
            format,
            charset: arguments.charset.clone(),
            family,
            profile,
            catalogue: Arc::clone(&services.catalogue),
            reference: Arc::clone(&services.reference),
            today: clock::shanghai_date(ctx.now()),
            leave_hidden: arguments.hidden == "leave",
        },
    })
}

/// An import under way.
struct ImportRun<'a> {
    bar: ProgressBar,
    back: Back<'a>,
    counts: BTreeMap<&'static str, [u64; 5]>,
    survey: Option<Arc<RowCounts>>,
    report: Option<Arc<Report>>,
}

impl Keeper for ImportRun<'_> {
    async fn settled(
        &mut self,
        chunk: &Chunk,
        verdicts: &[RowVerdict],
        _: &JobProgress,
    ) -> Result<bool, HubError> {
        self.bar.set_message(chunk.family.name);
        if let Some(survey) = &chunk.survey {
            self.survey = Some(Arc::clone(survey));
        }
        if let Some(report) = &chunk.report {
            self.report = Some(Arc::clone(report));
        }
        for (row, verdict) in chunk.rows.iter().zip(verdicts) {
            // Rows that the profile rejected never became records of a family.
            if self.survey.is_some() && !row.faults.is_empty() {
                continue;
            }
            if let Some(count) =
                self.counts.entry(chunk.family.name).or_default().get_mut(verdict.outcome as usize)
            {
                *count += 1;
            }
        }
        self.back.add(chunk, verdicts)?;
        Ok(true)
    }

    async fn earlier_verdicts(&mut self, _: &Chunk) -> Result<Option<Vec<RowVerdict>>, HubError> {
        Ok(None)
    }
}

fn report(
    counts: &BTreeMap<&'static str, [u64; 5]>,
    survey: Option<&RowCounts>,
    dry: bool,
    returned: u64,
    path: &Path,
) -> anyhow::Result<()> {
    let all = |outcome: RowOutcome| {
        counts.values().filter_map(|counts| counts.get(outcome as usize)).sum::<u64>()
    };
    let foreign = all(RowOutcome::Skipped);
    let (read, skipped) = match survey {
        Some(counts) => (counts.read, counts.skipped.values().sum()),
        None => (
            all(RowOutcome::Created)
                + all(RowOutcome::Updated)
                + all(RowOutcome::Unchanged)
                + all(RowOutcome::Rejected)
                + foreign,
            foreign,
        ),
    };
    say(format_args!("读取 read       {read:>8}"))?;
    for (rule, count) in survey.iter().flat_map(|counts| &counts.skipped) {
        say(format_args!("跳过 skipped    {count:>8}  {rule}"))?;
    }
    for (rule, count) in survey.iter().flat_map(|counts| &counts.fallbacks) {
        say(format_args!("默认 fallback   {count:>8}  {rule}"))?;
    }
    for (family, [created, updated, unchanged, refused, _]) in counts {
        say(format_args!(
            "{family:<16} 新增 created {created}  更新 updated {updated}  无变化 unchanged {unchanged}  拒绝 rejected {refused}"
        ))?;
    }
    if dry {
        say("试运行，未入库 dry run, nothing was kept")?;
    }
    if returned > 0 {
        say(format_args!("退回 returned   {returned:>8}  {}", path.display()))?;
    }
    let stored = read.saturating_sub(skipped).saturating_sub(returned);
    say(format_args!(
        "合计 {read} = 入库 stored {stored} + 跳过 skipped {skipped} + 退回 returned {returned}"
    ))?;
    Ok(())
}
