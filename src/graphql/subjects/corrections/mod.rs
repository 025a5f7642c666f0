//! `corrections` and the work on them: what is wrong with a record, and what its holder says.

mod inputs;
mod types;

use async_graphql::dynamic::ResolverContext;
use futures_util::FutureExt as _;

use self::{
    inputs::{
        ClaimCorrection, ClaimCorrectionInput, CorrectionById, Corrections, TakeCorrectionStep,
        TakeCorrectionStepInput,
    },
    types::{Correction, CorrectionPage},
};
use crate::{
    domain::correction::{CorrectionState, CorrectionStep},
    error::HubError,
    graphql::{
        context::{rules, session},
        declared::kinds::Id,
        part::SubjectSchema,
        records::{connection::PageInfo, plan::DEFAULT_FIRST},
    },
    sharing::corrections::{CorrectionContext, CorrectionDraft, IDENTIFIER, noted},
    store::{
        records::global_id::parse_name,
        sharing::corrections::{CorrectionQuery, StoredCorrection},
    },
};

/// The fields and types of corrections.
#[must_use]
pub fn part() -> SubjectSchema {
    SubjectSchema::default()
        .query("corrections", |ctx, given| page(ctx, given).boxed())
        .query("correction", |ctx, given| one(ctx, given).boxed())
        .mutation("claimCorrection", |ctx, ClaimCorrection { input }| claim(ctx, input).boxed())
        .mutation("takeCorrectionStep", |ctx, TakeCorrectionStep { input }| {
            take(ctx, input).boxed()
        })
        .choice("数据校核的状态。\n\nState of a correction.", |state| match state {
            CorrectionState::Open => "待核实。\n\nRaised, and not yet answered.",
            CorrectionState::Accepted => {
                "已核实，待更正。\n\nThe holder agrees and has yet to correct the record."
            }
            CorrectionState::Corrected => "已更正。\n\nThe holder has corrected the record.",
            CorrectionState::Rejected => {
                "核实无误，记录不变。\n\nThe holder says why the record stays as it is."
            }
            CorrectionState::Withdrawn => "已由提出单位撤回。\n\nWhoever raised it took it back.",
        })
        .choice("数据校核的步骤。\n\nStep of the work on a correction.", |step| match step {
            CorrectionStep::Accept => "核实有误，将更正。\n\nThe holder agrees and will correct it.",
            CorrectionStep::Correct => {
                "已更正（平台核对提出之后确有更正）。\n\nThe record has been corrected; the hub checks that it was changed since."
            }
            CorrectionStep::Reject => {
                "核实无误，须写明理由。\n\nThe record stays as it is; the reason is required."
            }
            CorrectionStep::Withdraw => "由提出单位撤回。\n\nWhoever raised it takes it back.",
        })
}

/// What is done and seen of corrections.
fn desk<'a>(ctx: &ResolverContext<'a>) -> Result<CorrectionContext<'a>, HubError> {
    let (session, rules) = (session(ctx), rules(ctx));
    Ok(CorrectionContext {
        services: &session.services,
        clocks: &rules.clocks,
        calendar: &rules.calendar,
        ctx: &session.ctx,
        actor: session.actor()?,
    })
}

fn shown(
    ctx: &ResolverContext<'_>,
    desk: &CorrectionContext<'_>,
    own: &StoredCorrection,
) -> Result<Correction, HubError> {
    let session = session(ctx);
    let words = desk.shows_words(own)?;
    if let Some(family) = session.services.catalogue.find(&own.claim.family).filter(|_| words) {
        session.collector.note(family.name, std::iter::once(noted(own)));
    }
    Ok(Correction::of(&session.services.seal, own, (desk.due(own)?, words)))
}

async fn page(ctx: &ResolverContext<'_>, given: Corrections) -> Result<CorrectionPage, HubError> {
    let desk = desk(ctx)?;
    let seal = &session(ctx).services.seal;
    let first = given.first.map_or(DEFAULT_FIRST, |first| first.0);
    let before = given.after.as_ref().map(|after| parse_name(seal, IDENTIFIER, &after.0));
    let before = before.transpose().map_err(|_| {
        HubError::invalid(
            "游标无效。请从第一页重新开始。",
            "That is no cursor of this list. Start again from the first page.",
        )
    })?;
    let asked = CorrectionQuery {
        raised: given.raised,
        states: given.states.unwrap_or_default().into_iter().map(|state| state.0).collect(),
        from: before,
        most: first + 1,
        ..CorrectionQuery::default()
    };
    let found = desk.list(&asked).await?;
    let kept = usize::try_from(first).unwrap_or(usize::MAX);
    let more = found.len() > kept;
    let nodes: Vec<Correction> =
        found.iter().take(kept).map(|own| shown(ctx, &desk, own)).collect::<Result<_, _>>()?;
    let page_info = PageInfo {
        has_next_page: more,
        has_previous_page: before.is_some(),
        start_cursor: None,
        end_cursor: nodes.last().map(|last| last.id.0.clone()),
    };
    Ok(CorrectionPage { nodes, page_info })
}

async fn one(ctx: &ResolverContext<'_>, given: CorrectionById) -> Result<Correction, HubError> {
    let desk = desk(ctx)?;
    let id = parse_name(&session(ctx).services.seal, IDENTIFIER, &given.id.0);
    shown(ctx, &desk, &desk.named(id).await?)
}

async fn claim(
    ctx: &ResolverContext<'_>,
    input: ClaimCorrectionInput,
) -> Result<Correction, HubError> {
    let desk = desk(ctx)?;
    let text = |id: Id| id.0;
    let draft = CorrectionDraft {
        record: input.record.0,
        field: input.field,
        claim: input.claim,
        basis: input.basis,
        basis_record: input.basis_record.map(text),
        basis_digest: input.basis_digest,
    };
    shown(ctx, &desk, &desk.claim(&draft).await?)
}

async fn take(
    ctx: &ResolverContext<'_>,
    input: TakeCorrectionStepInput,
) -> Result<Correction, HubError> {
    let desk = desk(ctx)?;
    let id = parse_name(&session(ctx).services.seal, IDENTIFIER, &input.id.0);
    let words = input.words.as_deref();
    shown(ctx, &desk, &desk.take(id, input.version, input.step.0, words).await?)
}
