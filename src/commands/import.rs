//! `lianfang import`: a file of another system, through a profile and the same pipeline as everything else.

use std::{
    collections::{BTreeMap, HashSet},
    io::Read,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use lianfang::{
    authz::actor::Actor,
    context::OpCtx,
    import::{profile::Profile, records::Mapped, rejects::Rejects, source::Source, survey::Survey},
    services::Services,
    submit::{
        pipeline::{MOST_ROWS, Submission},
        verdict::{Mode, Outcome, Verdict},
    },
};

use crate::commands::{
    options::{Common, told},
    say,
};

/// What to import.
#[derive(Args, Clone, Debug)]
pub struct ImportArgs {
    #[command(flatten)]
    common: Common,
    /// 主要记录类别，须在模板中；模板的其他类别一并导入 Main family; the profile's other families come with it
    family: String,
    /// CSV 文件 File
    file: PathBuf,
    /// 模板 Profile (TOML)
    #[arg(long)]
    profile: PathBuf,
    /// 只检查，不入库 Say what would happen and keep nothing
    #[arg(long)]
    dry_run: bool,
    /// 令牌 Token of the organisation that hands in
    #[arg(long = "as", env = "LIANFANG_TOKEN", hide_env_values = true)]
    token: String,
    /// 退回文件，默认为“文件名.rejects.csv” Where rejected rows go
    #[arg(long)]
    rejects: Option<PathBuf>,
}

/// A file that moves a progress bar as it is read.
struct Counted<'a> {
    path: &'a Path,
    bar: &'a ProgressBar,
}

impl Source for Counted<'_> {
    fn open(&self) -> std::io::Result<Box<dyn Read + Send + '_>> {
        Ok(Box::new(self.bar.wrap_read(std::fs::File::open(self.path)?)))
    }
}

/// Runs it; fails when the file cannot be read, not when rows are rejected.
pub async fn run(arguments: ImportArgs) -> anyhow::Result<()> {
    let settled = arguments.common.settle()?;
    let (_router, services) = settled.hub().await?;
    let ctx = OpCtx::begin("import");
    let actor = services.tokens.check(&services.policy, &arguments.token, ctx.now().timestamp()).map_err(told)?;
    let text =
        std::fs::read_to_string(&arguments.profile).map_err(|error| anyhow::anyhow!("{}: {error}", arguments.profile.display()))?;
    let profile = Profile::parse(&text)?;
    check(&services, &profile, &arguments.family)?;
    let size = std::fs::metadata(&arguments.file).map_err(|error| anyhow::anyhow!("{}: {error}", arguments.file.display()))?.len();
    let passes = u64::try_from(profile.passes())?;
    let bar = ProgressBar::new(size.saturating_mul(passes));
    if let Ok(style) = ProgressStyle::with_template("{msg:24} {wide_bar} {bytes}/{total_bytes} {eta}") {
        bar.set_style(style);
    }
    let source = Counted { path: &arguments.file, bar: &bar };
    bar.set_message("读取 reading");
    let survey = Survey::new(&profile, &source).map_err(|error| anyhow::anyhow!("{}\n{error}", error.message_zh()))?;
    let mut run = Run {
        services: &services,
        actor: &actor,
        profile: &profile,
        dry_run: arguments.dry_run,
        number: ctx.new_id().simple().to_string(),
        rejects: Rejects::from_survey(&survey),
        counts: BTreeMap::new(),
        would_be: HashSet::new(),
        chunk: 0,
    };
    let mut batch: Vec<Mapped> = Vec::with_capacity(MOST_ROWS);
    for record in survey.records(&source) {
        let record = record.map_err(|error| anyhow::anyhow!("{}\n{error}", error.message_zh()))?;
        if batch.len() == MOST_ROWS || batch.first().is_some_and(|first| first.family != record.family) {
            bar.set_message(batch.first().map(|first| first.family.clone()).unwrap_or_default());
            run.hand_in(std::mem::take(&mut batch)).await?;
        }
        batch.push(record);
    }
    run.hand_in(batch).await?;
    let path = arguments.rejects.unwrap_or_else(|| arguments.file.with_extension("rejects.csv"));
    let rejected = if run.rejects.is_empty() {
        0
    } else {
        run.rejects.write(&survey, &source, std::io::BufWriter::new(std::fs::File::create(&path)?))?
    };
    bar.finish_and_clear();
    report(&survey, &run, rejected, &path)
}

fn check(services: &Services, profile: &Profile, family: &str) -> anyhow::Result<()> {
    let mut found = false;
    for (name, fields) in profile.outputs() {
        let declared = services.catalogue.find(name).ok_or_else(|| anyhow::anyhow!("模板中的类别不存在 no such family: {name}"))?;
        for field in fields {
            if !declared.inputs().any(|own| own.name == field) {
                anyhow::bail!("模板中的字段不存在或不可报送 {name} has no field to hand in named {field}");
            }
        }
        found |= name == family;
    }
    if !found {
        anyhow::bail!("模板不产生该类别 the profile gives no {family}");
    }
    Ok(())
}

/// An import under way.
struct Run<'a> {
    services: &'a Arc<Services>,
    actor: &'a Actor,
    profile: &'a Profile,
    dry_run: bool,
    /// A key of its own for each run: a file sent again is judged again, and what is there already is unchanged.
    number: String,
    rejects: Rejects,
    counts: BTreeMap<String, [u64; 4]>,
    /// Keys that a dry run would have written, for rows that depend on them.
    would_be: HashSet<String>,
    chunk: usize,
}

impl Run<'_> {
    async fn hand_in(&mut self, batch: Vec<Mapped>) -> anyhow::Result<()> {
        let Some(first) = batch.first() else { return Ok(()) };
        let name = first.family.clone();
        let family = self.services.catalogue.find(&name).ok_or_else(|| anyhow::anyhow!("no family {name}"))?;
        let permit = self.services.permit(self.actor, family).map_err(told)?;
        self.chunk += 1;
        let submission = Submission {
            rows: batch.iter().map(|record| record.row.clone()).collect(),
            mode: if self.dry_run { Mode::DryRun } else { Mode::Partial },
            source_system: self.profile.source_system().to_owned(),
            idempotency_key: format!("import-{}-{}", self.number, self.chunk),
        };
        let ctx = OpCtx::begin(format!("import-{}", self.chunk));
        let answer = self.services.submitter().submit(&ctx, self.actor, &permit, &submission).await.map_err(told)?;
        for (record, verdict) in batch.iter().zip(&answer.verdicts) {
            self.count(&name, record, verdict);
        }
        Ok(())
    }

    fn count(&mut self, family: &str, record: &Mapped, verdict: &Verdict) {
        let parent = record.row.get("accidentNo").and_then(serde_json::Value::as_str).unwrap_or_default();
        let waits = self.dry_run
            && self.would_be.contains(&format!("Accident {parent}"))
            && verdict.faults.iter().all(|fault| fault.code == "PARENT_MISSING");
        let outcome = if waits && verdict.outcome == Outcome::Rejected { Outcome::Created } else { verdict.outcome };
        let counts = self.counts.entry(family.to_owned()).or_default();
        if let Some(count) = counts.get_mut(outcome as usize) {
            *count += 1;
        }
        if outcome == Outcome::Rejected {
            for fault in &verdict.faults {
                self.rejects.add_record(record, fault.field.as_deref(), &fault.code, &fault.zh, &fault.en);
            }
        } else {
            self.would_be.insert(format!("{family} {}", record.key));
        }
    }
}

fn report(survey: &Survey<'_>, run: &Run<'_>, rejected: u64, path: &Path) -> anyhow::Result<()> {
    let counts = survey.counts();
    let skipped: u64 = counts.skipped.values().sum();
    say(format_args!("读取 read       {:>8}", counts.read))?;
    for (rule, count) in &counts.skipped {
        say(format_args!("跳过 skipped    {count:>8}  {rule}"))?;
    }
    for (rule, count) in &counts.fallbacks {
        say(format_args!("默认 fallback   {count:>8}  {rule}"))?;
    }
    for (family, [created, updated, unchanged, refused]) in &run.counts {
        say(format_args!(
            "{family:<16} 新增 created {created}  更新 updated {updated}  无变化 unchanged {unchanged}  拒绝 rejected {refused}"
        ))?;
    }
    if run.dry_run {
        say("试运行，未入库 dry run, nothing was kept")?;
    }
    if rejected > 0 {
        say(format_args!("退回 returned   {rejected:>8}  {}", path.display()))?;
    }
    let stored = counts.read.saturating_sub(skipped).saturating_sub(rejected);
    say(format_args!("合计 {} = 入库 stored {stored} + 跳过 skipped {skipped} + 退回 returned {rejected}", counts.read))?;
    Ok(())
}
