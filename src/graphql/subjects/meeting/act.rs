//! Mutations of the meeting.

use async_graphql::dynamic::ResolverContext;
use uuid::Uuid;

use super::{
    inner,
    inputs::{
        AddResolutionInput, CallMeetingInput, ChangeMeetingInput, FreezeMaterialsInput,
        SettleResolutionInput, SignMaterialsInput,
    },
    types::{Materials, Meeting, Resolution},
    values,
};
use crate::{
    authz::{chair::ConvenePermit, meeting::Seat},
    domain::clock,
    error::HubError,
    graphql::{
        context::{seat, session, sitting},
        declared::kinds::{Department, Instant, MeetingKind},
    },
    meeting::assemble::{self, MeetingFile},
    store::meeting::{meetings::MeetingDraft, resolutions::ResolutionTask},
};

fn plan(
    kind: MeetingKind,
    held_at: Option<Instant>,
    members: Vec<Department>,
    agenda: Vec<String>,
) -> MeetingDraft {
    MeetingDraft {
        kind: kind.0,
        held_at: held_at.map(|at| at.0),
        members: members.into_iter().map(|member| member.0).collect(),
        agenda,
    }
}

pub(super) async fn call(
    ctx: &ResolverContext<'_>,
    input: CallMeetingInput,
) -> Result<Meeting, HubError> {
    let seat = seat(ctx, &input.region)?;
    let plan = plan(input.kind, input.held_at, input.members, input.agenda);
    let meeting = sitting(ctx, &seat)?.call(input.year, &plan).await?;
    Ok(values::meeting(&session(ctx).services.seal, &meeting))
}

pub(super) async fn change(
    ctx: &ResolverContext<'_>,
    input: ChangeMeetingInput,
) -> Result<Meeting, HubError> {
    let (seat, seal) = (seat(ctx, &input.region)?, &session(ctx).services.seal);
    let id = inner(seal, "Meeting", &input.meeting)?;
    let plan = plan(input.kind, input.held_at, input.members, input.agenda);
    Ok(values::meeting(seal, &sitting(ctx, &seat)?.change(id, input.version, &plan).await?))
}

pub(super) async fn freeze(
    ctx: &ResolverContext<'_>,
    input: FreezeMaterialsInput,
) -> Result<Materials, HubError> {
    let (session, seat) = (session(ctx), seat(ctx, &input.region)?);
    let id = inner(&session.services.seal, "Meeting", &input.meeting)?;
    // Whoever may not freeze is refused before anything is put together.
    ConvenePermit::of(&seat)?;
    let meeting = session.services.database.meeting(&seat, id).await?.ok_or(HubError::NotFound)?;
    let which = (meeting.year, Some(meeting.number));
    let table =
        MeetingFile::load(&session.services.database, &seat, which, session.ctx.now()).await?;
    let sitting = sitting(ctx, &seat)?;
    let content = assemble::today(&sitting, meeting.year, &table).await?;
    sitting.freeze(id, &content).await?;
    frozen(ctx, &seat, id).await
}

pub(super) async fn sign(
    ctx: &ResolverContext<'_>,
    input: SignMaterialsInput,
) -> Result<Materials, HubError> {
    let seat = seat(ctx, &input.region)?;
    let id = inner(&session(ctx).services.seal, "Meeting", &input.meeting)?;
    sitting(ctx, &seat)?.sign_materials(id, &input.digest, input.remark.as_deref()).await?;
    frozen(ctx, &seat, id).await
}

async fn frozen(ctx: &ResolverContext<'_>, seat: &Seat, id: Uuid) -> Result<Materials, HubError> {
    let database = &session(ctx).services.database;
    let meeting = database.meeting(seat, id).await?.ok_or(HubError::NotFound)?;
    let (materials, signed) =
        database.materials(seat, &meeting).await?.ok_or(HubError::NotFound)?;
    Ok(values::materials(seat, &meeting, &materials, &signed))
}

pub(super) async fn resolve(
    ctx: &ResolverContext<'_>,
    input: AddResolutionInput,
) -> Result<Resolution, HubError> {
    let (session, seat) = (session(ctx), seat(ctx, &input.region)?);
    let task = ResolutionTask {
        content: input.content,
        owner: input.owner.0,
        due: input.due.map(|day| day.0),
    };
    let id = inner(&session.services.seal, "Meeting", &input.meeting)?;
    let added = sitting(ctx, &seat)?.resolve(id, &task).await?;
    Ok(values::resolution(
        &session.services.seal,
        &added,
        None,
        clock::shanghai_date(session.ctx.now()),
    ))
}

pub(super) async fn settle(
    ctx: &ResolverContext<'_>,
    input: SettleResolutionInput,
) -> Result<Resolution, HubError> {
    let (session, seat) = (session(ctx), seat(ctx, &input.region)?);
    let id = inner(&session.services.seal, "Resolution", &input.resolution)?;
    let sitting = sitting(ctx, &seat)?;
    let settled =
        sitting.settle(id, input.version, &input.state.0, input.progress.as_deref()).await?;
    Ok(values::resolution(
        &session.services.seal,
        &settled,
        None,
        clock::shanghai_date(session.ctx.now()),
    ))
}
