//! Scopes that were made before: all readers of an organisation with the same kind of purpose have
//! the same.

use std::sync::Arc;

use entity::catalogue::Family;
use quick_cache::sync::Cache;

use crate::{
    authz::{
        actor::Actor,
        policy::Policy,
        scope::{Scope, Standing},
    },
    error::HubError,
};

/// Scopes cached at most: the families of some 400 organisations.
const KEPT: usize = 4_096;

/// The scopes of a policy, each made once.
#[derive(Debug)]
pub struct SharedScopes {
    policy: Arc<Policy>,
    known: Cache<(&'static str, Standing), Arc<Scope>>,
}

impl SharedScopes {
    /// No scopes yet.
    #[must_use]
    pub fn new(policy: Arc<Policy>) -> Self {
        Self { policy, known: Cache::new(KEPT) }
    }

    /// The scope of an actor over a family.
    ///
    /// # Errors
    ///
    /// As [`Scope::new`].
    pub fn get(&self, actor: &Actor, family: &'static Family) -> Result<Arc<Scope>, HubError> {
        let standing = Standing::of(&self.policy, actor)?;
        let key = (family.name, standing);
        if let Some(known) = self.known.get(&key) {
            return Ok(known);
        }
        let scope = Arc::new(Scope::of(&self.policy, &key.1, family));
        self.known.insert(key, Arc::clone(&scope));
        Ok(scope)
    }
}
