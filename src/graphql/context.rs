//! What a resolver finds around it.

use std::sync::Arc;

use async_graphql::dynamic::ResolverContext;

use crate::{
    authz::meeting::Seat,
    domain::region::RegionCode,
    error::HubError,
    graphql::records::session::Session,
    meeting::{returns::MeetingContext, rulebook::Rulebook},
};

/// The session of a request.
#[must_use]
pub fn session<'a>(ctx: &ResolverContext<'a>) -> &'a Session {
    ctx.ctx.data_unchecked::<Session>()
}

/// What the meeting goes by.
#[must_use]
pub fn rules<'a>(ctx: &ResolverContext<'a>) -> &'a Arc<Rulebook> {
    ctx.ctx.data_unchecked::<Arc<Rulebook>>()
}

/// The region of that code as it is today.
///
/// # Errors
///
/// [`HubError::Unauthenticated`], or [`HubError::Invalid`] when there is no such region.
pub fn region(ctx: &ResolverContext<'_>, code: &str) -> Result<RegionCode, HubError> {
    session(ctx).actor()?;
    rules(ctx).regions.present(code)
}

/// The seat of whoever asks at the table of a region.
///
/// # Errors
///
/// As [`Seat::new`] and [`region`].
pub fn seat(ctx: &ResolverContext<'_>, code: &str) -> Result<Seat, HubError> {
    let (session, region) = (session(ctx), region(ctx, code)?);
    Seat::new(&session.services.policy, session.actor()?, &region)
}

/// What is done and seen at a seat's table.
///
/// # Errors
///
/// [`HubError::Unauthenticated`].
pub fn sitting<'a>(
    ctx: &ResolverContext<'a>,
    seat: &'a Seat,
) -> Result<MeetingContext<'a>, HubError> {
    let session = session(ctx);
    Ok(MeetingContext {
        services: &session.services,
        rules: rules(ctx),
        ctx: &session.ctx,
        actor: session.actor()?,
        seat,
    })
}
