//! The root fields of leads.

use async_graphql::dynamic::ResolverContext;
use entity::catalogue::Class;
use futures_util::FutureExt as _;

use super::{
    cursor, inner,
    inputs::{AnswerLead, AssignLead, CloseLead, LeadRunOf, Leads, SearchLeads, Summaries},
    types::{Lead, LeadPage, LeadRun, LeadSummary},
    values,
};
use crate::{
    audit::collector::Noted,
    authz::{meeting::Seat, scope::Use},
    error::HubError,
    graphql::{
        context::{region, rules, seat, session},
        declared::kinds::Id,
        part::SubjectSchema,
        records::{plan::DEFAULT_FIRST, session::Session},
    },
    meeting::leads::{self, Act, LeadQuery, SearchStanding},
    store::records::row::Classes,
};

pub(super) fn add(part: SubjectSchema) -> SubjectSchema {
    part.query("leads", |ctx, given| leads(ctx, given).boxed())
        .query("leadSummary", |ctx, given| summary(ctx, given).boxed())
        .query("leadRun", |ctx, given| standing(ctx, given).boxed())
        .mutation("searchLeads", |ctx, given| search(ctx, given).boxed())
        .mutation("assignLead", |ctx, AssignLead { input }| {
            let act = Act::Assign { department: input.department.0, words: input.words };
            step(ctx, input.id, input.version, act).boxed()
        })
        .mutation("answerLead", |ctx, AnswerLead { input }| {
            step(ctx, input.id, input.version, Act::Answer { words: input.words }).boxed()
        })
        .mutation("closeLead", |ctx, CloseLead { input }| {
            let act = Act::Close { resolution: input.resolution.0, words: input.words };
            step(ctx, input.id, input.version, act).boxed()
        })
}

async fn leads(ctx: &ResolverContext<'_>, given: Leads) -> Result<LeadPage, HubError> {
    let (session, seat) = (session(ctx), seat(ctx, &given.region)?);
    let wanted = LeadQuery {
        kind: given.kind.map(|kind| kind.0),
        state: given.state.map(|state| state.0),
        tier: given.tier.map(|tier| tier.0),
        department: given.department.map(|department| department.0),
        after: cursor::after(&session.services.seal, given.after.as_deref())?,
        first: given.first.map_or(DEFAULT_FIRST, |first| first.0),
        ..LeadQuery::default()
    };
    let mut page = session.services.database.leads(&seat, &wanted).await?;
    page.leads.iter_mut().for_each(|lead| own_records(session, lead));
    let ids: Vec<_> = page.leads.iter().map(|lead| lead.id).collect();
    let asked = ctx.ctx.look_ahead().field("nodes").field("events").exists();
    let events =
        if asked { session.services.database.lead_events(&seat, &ids).await? } else { Vec::new() };
    Ok(values::page(session, page, &events))
}

async fn summary(
    ctx: &ResolverContext<'_>,
    given: Summaries,
) -> Result<Vec<LeadSummary>, HubError> {
    let (session, seat) = (session(ctx), seat(ctx, &given.region)?);
    let summary = leads::summary(&session.services, &seat, given.year.map(|year| year.0)).await?;
    session.count(&leads::compared(&session.services.catalogue), summary.len());
    Ok(summary.into_iter().map(|own| values::summary(session, own)).collect())
}

async fn search(ctx: &ResolverContext<'_>, given: SearchLeads) -> Result<LeadRun, HubError> {
    let (session, region) = (session(ctx), region(ctx, &given.region)?);
    let (searches, actor) = (&rules(ctx).searches, session.actor()?);
    let run = searches.order(&session.services, &session.ctx, actor, &region).await?;
    Ok(counted(session, &run))
}

async fn standing(
    ctx: &ResolverContext<'_>,
    given: LeadRunOf,
) -> Result<Option<LeadRun>, HubError> {
    let (session, region) = (session(ctx), region(ctx, &given.region)?);
    let searches = &rules(ctx).searches;
    let run = searches.standing(&session.services, session.actor()?, &region).await?;
    Ok(run.map(|run| counted(session, &run)))
}

/// A search with its counts, which are noted in the log as those of a summary are.
fn counted(session: &Session, run: &SearchStanding) -> LeadRun {
    if !run.kinds.is_empty() {
        session.count(&leads::compared(&session.services.catalogue), run.kinds.len());
    }
    values::run(session, run)
}

/// Leaves those records of a lead whose family whoever asks may list: one of a family that they may
/// only count would be a count of one. Which records belong together is a fact of the class of
/// identity numbers, so showing it is a read of it.
fn own_records(session: &Session, lead: &mut leads::StoredLeadRow) {
    let family = |record: &leads::RecordPointer| session.services.catalogue.find(&record.family);
    let lists = |family| session.scope(family).is_ok_and(|scope| scope.allows(Use::List, &[]));
    lead.found.records.retain(|record| family(record).is_some_and(lists));
    let classes: Classes = [Class::Personal].into_iter().collect();
    for record in &lead.found.records {
        let noted = Noted {
            id: record.id,
            department: &record.department,
            region: &record.region,
            classes,
        };
        if let Some(family) = family(record) {
            session.collector.note(family.name, std::iter::once(noted));
        }
    }
}

/// Works on a lead, and shows it with its history to whoever did.
async fn step(ctx: &ResolverContext<'_>, id: Id, version: i32, act: Act) -> Result<Lead, HubError> {
    let session = session(ctx);
    let actor = session.actor()?;
    let id = inner(&session.services.seal, &id);
    let mut lead = leads::act(&session.services, &session.ctx, actor, (id, version), &act).await?;
    own_records(session, &mut lead);
    let seat = Seat::new(&session.services.policy, actor, actor.region())?;
    let events = session.services.database.lead_events(&seat, &[lead.id]).await?;
    Ok(values::lead(session, lead, &events))
}
