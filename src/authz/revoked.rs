//! Tokens that were revoked before their end, as this hub knows them. A token holds while neither
//! it nor what its subject had at that time was revoked.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use tokio::sync::watch;
use uuid::Uuid;

use crate::authz::actor::Actor;

/// What is revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// One token, by its number.
    Token(Uuid),
    /// All tokens of a subject that were issued up to a turn, in milliseconds since 1970.
    Subject(String, i64),
}

/// All that was revoked and could still hold.
#[derive(Debug, Default)]
struct RevokedTokens {
    tokens: HashSet<Uuid>,
    subjects: HashMap<String, i64>,
}

impl RevokedTokens {
    fn holds(&self, actor: &Actor) -> bool {
        let by_number = actor.token.is_some_and(|token| self.tokens.contains(&token));
        let by_subject =
            self.subjects.get(&actor.subject).is_some_and(|until| actor.turn <= *until);
        !by_number && !by_subject
    }
}

/// What this hub knows of revoked tokens; whoever answers for longer than a moment watches it.
pub struct Revocations(watch::Sender<RevokedTokens>);

impl Default for Revocations {
    fn default() -> Self {
        Self(watch::Sender::new(RevokedTokens::default()))
    }
}

/// Nothing of tokens or subjects.
impl fmt::Debug for Revocations {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Revocations")
    }
}

impl Revocations {
    /// Takes over what was revoked, here or at another hub.
    pub fn learn(&self, all: impl IntoIterator<Item = Revocation>) {
        let mut all = all.into_iter().peekable();
        if all.peek().is_none() {
            return;
        }
        self.0.send_modify(|known| {
            for one in all {
                match one {
                    Revocation::Token(token) => {
                        known.tokens.insert(token);
                    }
                    Revocation::Subject(subject, until) => {
                        let last = known.subjects.entry(subject).or_insert(until);
                        *last = until.max(*last);
                    }
                }
            }
        });
    }

    /// Whether nothing of an actor was revoked.
    #[must_use]
    pub fn holds(&self, actor: &Actor) -> bool {
        self.0.borrow().holds(actor)
    }

    /// Returns when an actor is revoked.
    pub async fn gone(&self, actor: &Actor) {
        let mut known = self.0.subscribe();
        // The sender lives as long as this.
        let _ = known.wait_for(|known| !known.holds(actor)).await;
    }
}
