//! `lianfang seed`: the demonstration data, through the same pipeline as everything else.

use std::sync::Arc;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use lianfang::{
    authz::{actor::Actor, identity::PurposeCode, meeting::Seat, token},
    context::OpCtx,
    domain::{code::Coded as _, plan::Finality, region::RegionCode},
    error::HubError,
    meeting::{
        returns::{MeetingContext, SignRequest},
        rulebook::Rulebook,
    },
    seed::{self, Scale},
    services::Services,
    store::meeting::tasks::{TaskEvidence, TaskKey, TaskReportDraft},
    submit::{
        pipeline::Submission,
        verdict::{Mode, RowOutcome},
    },
};

use crate::commands::{
    options::{Common, into_anyhow},
    say,
};

/// Which demonstration data to write, and how much.
#[derive(Args, Clone, Debug)]
pub struct SeedArgs {
    #[command(flatten)]
    common: Common,
    /// county | city | province
    #[arg(long)]
    scale: String,
    /// 列出预埋的部门间不一致，不写入 Print the planted discrepancies and write nothing
    #[arg(long)]
    planted: bool,
}

/// Writes the demonstration data, or only prints the planted discrepancies.
pub async fn run(arguments: SeedArgs) -> anyhow::Result<()> {
    let scale: Scale = arguments.scale.parse().map_err(|error| anyhow::anyhow!("{error}"))?;
    if arguments.planted {
        for planted in seed::planted(scale) {
            say(format_args!("{}\t{}\t{}", planted.kind, planted.zh, planted.keys.join("\t")))?;
        }
        return Ok(());
    }
    let settled = arguments.common.settle()?;
    settled.prepare().await?;
    let services = settled.services().await?;
    let count = fill(&services, scale).await?;
    say(format_args!("写入 {count} 条演示记录 {count} demonstration records written"))?;
    Ok(())
}

/// Submits all demonstration data. Returns the number of rows accepted.
pub async fn fill(services: &Arc<Services>, scale: Scale) -> anyhow::Result<u64> {
    let bar = ProgressBar::new(seed::total_rows(scale));
    if let Ok(style) =
        ProgressStyle::with_template("{msg:24} {wide_bar} {human_pos}/{human_len} {per_sec}")
    {
        bar.set_style(style);
    }
    let mut taken = 0;
    for (number, batch) in seed::batches(scale).enumerate() {
        let ctx = OpCtx::begin(format!("seed-{number}"));
        let family = services
            .catalogue
            .find(batch.family)
            .ok_or_else(|| anyhow::anyhow!("no family {}", batch.family))?;
        let region = RegionCode::parse(batch.region).map_err(|fault| anyhow::anyhow!("{fault}"))?;
        let actor = Actor::internal("seed", batch.department, region);
        let permit = services.permit(&actor, family).map_err(into_anyhow)?;
        let rows = u64::try_from(batch.rows.len())?;
        let submission = Submission {
            rows: batch.rows,
            mode: Mode::Partial,
            source_system: String::new(),
            idempotency_key: format!("seed-{}-{number}", scale.code()),
        };
        bar.set_message(batch.family);
        let answer = services
            .submitter()
            .submit(&ctx, &actor, &permit, &submission)
            .await
            .map_err(into_anyhow)?;
        let rejected = answer.count(RowOutcome::Rejected);
        if rejected > 0 {
            let fault = answer.verdicts.iter().flat_map(|verdict| &verdict.faults).next();
            anyhow::bail!(
                "{rejected} rows of {} were rejected, the first with {fault:?}",
                batch.family
            );
        }
        taken += rows;
        bar.inc(rows);
    }
    bar.finish_and_clear();
    sign(services, scale).await?;
    report(services, scale).await?;
    Ok(taken)
}

/// Signs the returns of the demonstration, each as its department; returns that are signed already
/// are left alone.
async fn sign(services: &Arc<Services>, scale: Scale) -> anyhow::Result<()> {
    let rules = Rulebook::load(&services.reference).map_err(into_anyhow)?;
    for (number, one) in seed::signings(scale).enumerate() {
        let ctx = OpCtx::begin(format!("seed-return-{number}"));
        let (actor, seat) = steward(services, &ctx, one.department, &one.region)?;
        let sitting =
            MeetingContext { services, rules: &rules, ctx: &ctx, actor: &actor, seat: &seat };
        let order = SignRequest {
            kind: None,
            year: one.year,
            finality: if one.provisional { Finality::Provisional } else { Finality::Final },
            replaces: None,
            casualty_basis: None,
            denominator_basis: None,
            given: Vec::new(),
            remark: None,
            document: None,
        };
        match sitting.sign(&order).await {
            Ok(_) | Err(HubError::Conflict(_)) => {}
            Err(error) => return Err(into_anyhow(error)),
        }
    }
    Ok(())
}

/// Reports on tasks, each as its department; what is reported already is left alone.
async fn report(services: &Arc<Services>, scale: Scale) -> anyhow::Result<()> {
    let rules = Rulebook::load(&services.reference).map_err(into_anyhow)?;
    for (number, one) in seed::reports(scale).iter().enumerate() {
        let ctx = OpCtx::begin(format!("seed-task-{number}"));
        let (actor, seat) = steward(services, &ctx, one.department, one.region)?;
        let sitting =
            MeetingContext { services, rules: &rules, ctx: &ctx, actor: &actor, seat: &seat };
        let evidence = TaskEvidence { title: one.evidence.to_owned(), record: None, digest: None };
        let draft = TaskReportDraft { content: one.content.to_owned(), evidence: vec![evidence] };
        let key = TaskKey { task: one.task.to_owned(), year: one.year };
        match sitting.report_task(&key, 0, &draft).await {
            Ok(_) | Err(HubError::Conflict(_)) => {}
            Err(error) => return Err(into_anyhow(error)),
        }
    }
    Ok(())
}

/// The steward of a department of the demonstration at the table of its region.
fn steward(
    services: &Services,
    ctx: &OpCtx,
    department: &str,
    region: &str,
) -> anyhow::Result<(Arc<Actor>, Seat)> {
    let order = token::TokenRequest {
        subject: "seed".to_owned(),
        department: department.to_owned(),
        region: region.to_owned(),
        roles: vec!["STEWARD".to_owned()],
        purpose: PurposeCode::ROUTINE.as_str().to_owned(),
        ticket: None,
        seconds: 3600,
    };
    let now = ctx.now();
    let token = services.tokens.issue(&services.policy, order, now).map_err(into_anyhow)?.text;
    let actor =
        services.tokens.check(&services.policy, &token, now.timestamp()).map_err(into_anyhow)?;
    let region = RegionCode::parse(region).map_err(|fault| anyhow::anyhow!("{fault}"))?;
    let seat = Seat::new(&services.policy, &actor, &region).map_err(into_anyhow)?;
    Ok((actor, seat))
}
