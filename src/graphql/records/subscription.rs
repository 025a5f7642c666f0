//! The subscription root: `changes`, page after page.
//!
//! The library reads and validates the document, as for a query, and calls the root field once. It
//! would then build a tree of values for every page and subscriber; that is avoided: the field
//! stores its request here, and the HTTP layer has each page written once for all subscribers with
//! the same request, by the function that answers the query.

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::{
    context::QueryEnv,
    dynamic::{Subscription, SubscriptionField, TypeRef},
};

use crate::{
    error::HubError,
    graphql::{
        context::session,
        declared::given::ArgumentDeclaration,
        fault::{left, public},
        records::{
            change_types::ChangesOf,
            changes::{self, ChangesRequest, WrittenPage},
            selection::AskedOperation,
            session::Session,
            shape::ShapeBuilder,
        },
    },
    store::feed::checkpoint::FeedCheckpoint,
};

/// Name of the root type.
pub const ROOT: &str = "Subscription";

/// A validated subscription.
pub struct Live {
    env: QueryEnv,
    key: String,
    /// The request to the feed.
    pub asked: ChangesRequest,
}

impl std::fmt::Debug for Live {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Live")
            .field("key", &self.key)
            .field("asked", &self.asked)
            .finish_non_exhaustive()
    }
}

/// The requests of root fields; one per request, in the request's data.
#[derive(Clone, Debug, Default)]
pub struct SubscriptionRequests(Arc<Mutex<Vec<Live>>>);

impl SubscriptionRequests {
    /// The stored requests. They must be taken out, because they hold the request's data, which
    /// holds this slot.
    #[must_use]
    pub fn take(&self) -> Vec<Live> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The root type `Subscription`, with its only field `changes`.
#[must_use]
pub fn root() -> Subscription {
    let arguments = ArgumentDeclaration::of::<ChangesOf>();
    let values = arguments.values();
    let field =
        SubscriptionField::new(changes::NAME, TypeRef::named_nn("ChangePage"), move |ctx| {
            let arguments = arguments.clone();
            left(async move {
                let session = session(&ctx);
                let given = arguments.read(ctx.args.as_index_map());
                let asked = given
                    .and_then(|given| ChangesRequest::read(session, given))
                    .map_err(|error| public(session, &error))?;
                let key = ctx.ctx.item.node.response_key().node.to_string();
                let live = Live { env: ctx.ctx.query_env.clone(), key, asked };
                ctx.ctx
                    .data_unchecked::<SubscriptionRequests>()
                    .0
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(live);
                Ok(())
            })
        });
    let field = values.into_iter().fold(field, SubscriptionField::argument).description(
        "变更一经提交即推送，与同名查询相同；无变更时定时给出空页以更新 cursor。\n\nChanges as soon as they are committed, \
         in the form of the query of the same name; while there are none, an empty page brings a current `cursor` from time to time.",
    );
    Subscription::new(ROOT)
        .description("订阅。\n\nPages that the hub sends as data changes.")
        .field(field)
}

impl Live {
    /// The page after a place.
    ///
    /// # Errors
    ///
    /// As the query of the same name.
    pub async fn page(
        &self,
        session: &Session,
        after: Option<FeedCheckpoint>,
    ) -> Result<WrittenPage, HubError> {
        let maker = ShapeBuilder { session, asked: AskedOperation::of(&self.env, None) };
        let all = maker.picked(ROOT, &[maker.asked.root()]);
        let uses = all.iter().find(|picked| picked.key == self.key).ok_or_else(lost)?;
        changes::page(&maker, &self.asked, after, uses).await
    }

    /// A page without changes, up to a place.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when sealing fails.
    pub fn quiet(&self, session: &Session, end: FeedCheckpoint) -> Result<WrittenPage, HubError> {
        let maker = ShapeBuilder { session, asked: AskedOperation::of(&self.env, None) };
        let all = maker.picked(ROOT, &[maker.asked.root()]);
        let uses = all.iter().find(|picked| picked.key == self.key).ok_or_else(lost)?;
        changes::quiet(&maker, &self.asked, end, uses)
    }

    /// Response name of the root field.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

fn lost() -> HubError {
    HubError::internal("a root field that was called is not selected")
}
