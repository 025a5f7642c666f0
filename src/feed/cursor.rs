//! Cursors of the change feed: a place in the order of events, bound to who asks and for what.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::{
    authz::{
        actor::Actor,
        scope::{Scope, Use},
    },
    error::HubError,
    store::{feed::checkpoint::FeedOffset, records::read::Reader},
};

/// Digest of what a cursor belongs to: the organisation, the families, and what is shown of them.
/// Where rights change, what was heard before is no longer what a copy may hold, so the copy is
/// made anew. The scopes come in the order of their families' names.
#[must_use]
pub fn question(actor: &Actor, scopes: &[Arc<Scope>]) -> String {
    let mut digest = Sha256::new();
    let mut add = |part: &str| {
        digest.update(part.as_bytes());
        digest.update([0]);
    };
    for part in [
        actor.department().as_str(),
        actor.region().as_str(),
        &actor.sorted_roles(),
        actor.purpose().as_str(),
    ] {
        add(part);
    }
    for scope in scopes {
        add(scope.family().name);
        add(&format!("{:?}", scope.zones(Use::List, &[])));
    }
    format!("{:x}", digest.finalize()).chars().take(32).collect()
}

/// The cursor with which an actor goes on behind a place, as `changes` takes it. The scopes come in
/// the order of their families' names.
///
/// # Errors
///
/// [`HubError::Resync`] when what follows the place is no longer kept, [`HubError::Unavailable`]
/// when the database does not answer, [`HubError::Internal`] when sealing fails.
pub async fn sealed(
    reader: &Reader<'_>,
    actor: &Actor,
    scopes: &[Arc<Scope>],
    point: FeedOffset,
) -> Result<String, HubError> {
    reader.database.feed_checkpoint(point).await?.sealed(reader.seal, &question(actor, scopes))
}
