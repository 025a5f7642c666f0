//! Operations over a WebSocket (`socket`) or answered with server-sent events (`events`):
//! subscriptions, which are pages of the change feed as they come, and queries and mutations, which
//! are run as over POST. Those who ask the same share the work (`streams`); each is told, and
//! audited, by itself (`subscriber`).

pub mod events;
mod message;
pub mod socket;
mod streams;
mod subscriber;

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};

use crate::{
    authz::actor::Actor,
    context::OpCtx,
    error::{HubError, Language, Of},
    http::{live::message::Close, state::AppState},
};

pub use streams::Streams;

/// Bounds of a live connection.
#[derive(Clone, Copy, Debug)]
pub struct LiveSettings {
    /// A WebSocket says who it is within this.
    pub greeting: Duration,
    /// A message is taken within this, or the connection ends.
    pub write: Duration,
    /// A sign of life is asked for after so long, and one that gives none three times is gone.
    pub ping: Duration,
    /// A WebSocket without a subscription ends after this.
    pub idle: Duration,
    /// Subscriptions of one WebSocket.
    pub streams: usize,
    /// Most bytes of a message of the client.
    pub message_bytes: usize,
}

impl Default for LiveSettings {
    fn default() -> Self {
        Self {
            greeting: Duration::from_secs(10),
            write: Duration::from_secs(10),
            ping: Duration::from_secs(20),
            idle: Duration::from_secs(300),
            streams: 32,
            message_bytes: 128 * 1024,
        }
    }
}

/// Returns when the token of somebody who is there has ended or was revoked.
async fn over(edge: &AppState, actor: Option<Arc<Actor>>) -> Close {
    let Some(actor) = actor else { return std::future::pending().await };
    tokio::select! {
        () = sleep_until(end_of(&actor)) => Close::Expired,
        () = edge.services.tokens.revoked.gone(&actor) => Close::Revoked,
    }
}

/// When the token of an actor ends.
fn end_of(actor: &Actor) -> Instant {
    // Farther away than any connection lasts, and near enough for a clock.
    const FAR: i64 = 10 * 365 * 24 * 60 * 60;
    let now = OpCtx::begin("token").now();
    let left = actor.expires_at().saturating_sub(now.timestamp()).clamp(0, FAR);
    let whole = Duration::from_secs(u64::try_from(left).unwrap_or_default());
    Instant::now()
        + whole.saturating_sub(Duration::from_nanos(u64::from(now.timestamp_subsec_nanos())))
}

/// An error as GraphQL lists it. Its cause is logged here.
fn errors(error: &HubError, language: Language, request: &str) -> Value {
    error.log(Of::Request(request), "subscription failed");
    json!([{
        "message": error.text().say(language),
        "extensions": {"code": error.code(), "requestId": request},
    }])
}
