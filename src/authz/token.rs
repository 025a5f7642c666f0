//! Signed tokens (EdDSA JWT): issued by `lianfang token`, checked on every request.

use std::sync::Arc;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    authz::{actor::Actor, identity::Identity, policy::Policy},
    domain::region::RegionCode,
    error::{HubError, Text},
    keys::Keys,
};

/// Issuer written into every token and required when checking it.
const ISSUER: &str = "lianfang";

/// The claims in a token; `iat` and `exp` are in seconds since 1970.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    /// Name of the account or system.
    pub sub: String,
    /// Code of the department, such as `EMERGENCY`.
    pub department: String,
    /// Code of the region in six characters, such as `140600`.
    pub region: String,
    /// Codes of the roles, such as `READER`.
    pub roles: Vec<String>,
    /// Code of the purpose, such as the routine purpose or a case purpose.
    pub purpose: String,
    /// Case or task number; required for a case purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    iat: i64,
    exp: i64,
}

/// The claims that a new token is to have.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// Name of the account or system.
    pub subject: String,
    /// Code of the department, such as `EMERGENCY`.
    pub department: String,
    /// Code of the region in six characters, such as `140600`.
    pub region: String,
    /// Codes of the roles, such as `READER`.
    pub roles: Vec<String>,
    /// Code of the purpose; a case purpose needs a ticket.
    pub purpose: String,
    /// Case or task number; required for a case purpose.
    pub ticket: Option<String>,
    /// Validity of the token, in seconds.
    pub seconds: i64,
}

/// Number of verified tokens that are cached. A system sends the same token with every request, and
/// checking the signature costs more than the rest of a small request.
const KEPT: usize = 4_096;

/// Issues and checks tokens.
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    /// Actors of valid tokens, by digest: the tokens themselves are not stored.
    known: Cache<[u8; 32], Arc<Actor>>,
}

impl Tokens {
    /// Builds it from the hub's keys.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] if the keys cannot be used for signing.
    pub fn new(keys: &Keys) -> Result<Self, HubError> {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        validation.validate_exp = false;
        Ok(Self {
            encoding: EncodingKey::from_ed_pem(keys.signing_pem().as_bytes())
                .map_err(HubError::internal)?,
            decoding: DecodingKey::from_ed_pem(keys.verifying_pem().as_bytes())
                .map_err(HubError::internal)?,
            validation,
            known: Cache::new(KEPT),
        })
    }

    /// Signs a token after checking it against the policy.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] for unknown codes or roles that exclude each other.
    pub fn issue(
        &self,
        policy: &Policy,
        order: TokenRequest,
        now: i64,
    ) -> Result<String, HubError> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            sub: order.subject,
            department: order.department,
            region: order.region,
            roles: order.roles,
            purpose: order.purpose,
            ticket: order.ticket,
            iat: now,
            exp: now.saturating_add(order.seconds),
        };
        actor(policy, &claims)?;
        encode(&Header::new(Algorithm::EdDSA), &claims, &self.encoding).map_err(HubError::internal)
    }

    /// The actor of a token, under the policy of the hub. Expiry is checked on every call, also for
    /// a cached token.
    ///
    /// # Errors
    ///
    /// [`HubError::Unauthenticated`], whatever is wrong with it; the text reveals at most that the
    /// token has expired.
    pub fn check(&self, policy: &Policy, token: &str, now: i64) -> Result<Arc<Actor>, HubError> {
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let actor = match self.known.get(&digest) {
            Some(known) => known,
            None => {
                let found = Arc::new(self.verified(policy, token).ok_or_else(refused)?);
                self.known.insert(digest, Arc::clone(&found));
                found
            }
        };
        if actor.expires_at <= now {
            return Err(HubError::Unauthenticated(Text::new(
                "令牌已过期。请重新签发令牌后再试。",
                "The token has expired. Have a new one issued and try again.",
            )));
        }
        Ok(actor)
    }

    fn verified(&self, policy: &Policy, token: &str) -> Option<Actor> {
        let claims = decode::<Claims>(token, &self.decoding, &self.validation).ok()?.claims;
        actor(policy, &claims).ok()
    }
}

fn refused() -> HubError {
    HubError::Unauthenticated(Text::new(
        "令牌无效。请重新签发令牌后再试。",
        "The token does not hold. Have a new one issued and try again.",
    ))
}

fn actor(policy: &Policy, claims: &Claims) -> Result<Actor, HubError> {
    let region = RegionCode::parse(&claims.region)
        .map_err(|fault| HubError::invalid(fault.message_zh(), fault.message_en()))?;
    let Identity { department, roles, purpose, ticket } = Identity::check(
        policy,
        &claims.department,
        &claims.roles,
        &claims.purpose,
        claims.ticket.as_deref(),
    )?;
    if claims.sub.trim().is_empty() {
        return Err(HubError::invalid("令牌须写明账号名称。", "A token names its subject."));
    }
    Ok(Actor {
        subject: claims.sub.clone(),
        department,
        region,
        roles,
        purpose,
        ticket,
        expires_at: claims.exp,
    })
}
