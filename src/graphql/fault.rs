//! Errors of the hub as GraphQL errors: a message in the caller's language, a stable code, and the
//! number of the request.

use async_graphql::{
    Error, ErrorExtensions as _, PathSegment,
    dynamic::{FieldFuture, FieldValue, ResolverContext, SubscriptionFieldFuture},
};
use futures_util::stream;

use crate::{
    error::{HubError, Of},
    graphql::records::session::Session,
};

/// An error in the form that clients see, made only by [`public`]. It has no `Display` and nothing
/// converts into it with `?`, so no other error gets into an answer by accident. Resolvers return
/// it, or nothing, to [`resolved`] and [`left`].
pub struct ApiError(Error);

/// A field whose resolver reports its own errors.
pub fn resolved<'a>(
    answer: impl Future<Output = Option<FieldValue<'a>>> + Send + 'a,
) -> FieldFuture<'a> {
    FieldFuture::new(async move { Ok(answer.await) })
}

/// A field of a subscription: the library resolves it once, and it leaves the request for the HTTP
/// layer to answer.
pub fn left<'a>(
    asked: impl Future<Output = Result<(), ApiError>> + Send + 'a,
) -> SubscriptionFieldFuture<'a> {
    SubscriptionFieldFuture::new(async move {
        asked.await.map_err(|ApiError(error)| error)?;
        Ok(stream::empty::<async_graphql::Result<FieldValue<'_>>>())
    })
}

/// The public form of an error. Its cause is logged here, once, and never sent.
#[must_use]
pub fn public(session: &Session, error: &HubError) -> ApiError {
    error.log(Of::Request(session.ctx.request()), "request failed");
    let code = error.code();
    ApiError(Error::new(error.text().say(session.language)).extend_with(|_, extensions| {
        extensions.set("code", code);
        extensions.set("requestId", session.ctx.request());
        if let HubError::Exhausted { after: Some(seconds), .. } = error {
            extensions.set("retryAfter", *seconds);
        }
    }))
}

/// The outcome of a root field. An error is recorded with its path and leaves `null`, so that one
/// failing field does not affect the others.
#[must_use]
pub fn report<T>(ctx: &ResolverContext<'_>, result: Result<T, HubError>) -> Option<T> {
    result
        .map_err(|error| {
            let session = ctx.ctx.data_unchecked::<Session>();
            let error = public(session, &error).0.into_server_error(ctx.ctx.item.pos);
            ctx.ctx.add_error(ctx.ctx.set_error_path(error));
        })
        .ok()
}

/// Records an error of a part of a root field at the path of that part, wherever it is selected.
pub fn note_below(ctx: &ResolverContext<'_>, name: &str, error: &HubError) {
    for field in ctx.ctx.field().selection_set().filter(|field| field.name() == name) {
        let error = public(ctx.ctx.data_unchecked::<Session>(), error)
            .0
            .into_server_error(ctx.ctx.item.pos);
        let mut error = ctx.ctx.set_error_path(error);
        error.path.push(PathSegment::Field(field.alias().unwrap_or(name).to_owned()));
        ctx.ctx.add_error(error);
    }
}
