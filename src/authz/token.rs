//! Signed tokens (EdDSA JWT): issued when somebody signs in or by `lianfang token`, checked on every
//! request.

use std::{fmt, sync::Arc};

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    authz::{actor::Actor, identity::Identity, policy::Policy, revoked::Revocations},
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
    /// Milliseconds after `iat`: a token may be revoked and another issued within a second.
    #[serde(default)]
    ms: i64,
    /// Seconds since 1970 from which it holds.
    #[serde(default)]
    nbf: i64,
    /// The turn of its account, in milliseconds since 1970, where it is later than the clock: turns
    /// only grow, and a clock that was set back does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    turn: Option<i64>,
    /// To when using a session may draw it out, in seconds since 1970; none of other tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<i64>,
    /// Number of the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    jti: Option<Uuid>,
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
    /// What was revoked before its end.
    pub revoked: Revocations,
}

/// A token that was issued.
#[derive(Clone)]
pub struct IssuedToken {
    /// The token itself.
    pub text: String,
    /// Its number, by which it can be revoked.
    pub number: Uuid,
}

/// The number alone: whoever reads the token has it.
impl fmt::Debug for IssuedToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "IssuedToken({})", self.number)
    }
}

/// Seconds that a token holds at the most: 90 days.
pub const LONGEST: i64 = 90 * 24 * 3600;

/// Seconds after which a session that nobody uses has ended.
pub const IDLE: i64 = 30 * 60;

/// Seconds of a session after which it is drawn out when it is used.
const USED: i64 = 60;

/// Seconds by which the clocks of two hubs may differ.
const SKEW: i64 = 60;

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
            revoked: Revocations::default(),
        })
    }

    /// Signs a token after checking it against the policy.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] for unknown codes, roles that exclude each other, or too long a time.
    pub fn issue(
        &self,
        policy: &Policy,
        order: TokenRequest,
        now: DateTime<Utc>,
    ) -> Result<IssuedToken, HubError> {
        self.issue_in_turn(policy, order, now, now)
    }

    /// The same for an account, whose turn decides what revokes the token.
    ///
    /// # Errors
    ///
    /// As [`Tokens::issue`].
    pub fn issue_in_turn(
        &self,
        policy: &Policy,
        order: TokenRequest,
        now: DateTime<Utc>,
        turn: DateTime<Utc>,
    ) -> Result<IssuedToken, HubError> {
        self.sign(&claims(policy, order, now, turn)?)
    }

    /// The same for a session in a browser, which ends when nobody uses it, and at the end of the
    /// time of the order at the latest.
    ///
    /// # Errors
    ///
    /// As [`Tokens::issue`].
    pub fn issue_session(
        &self,
        policy: &Policy,
        order: TokenRequest,
        now: DateTime<Utc>,
        turn: DateTime<Utc>,
    ) -> Result<IssuedToken, HubError> {
        let claims = claims(policy, order, now, turn)?;
        let until = claims.exp;
        self.sign(&Claims { exp: until.min(claims.iat + IDLE), until: Some(until), ..claims })
    }

    /// The token with which a session goes on that is used now: the same number, by which it is
    /// revoked, and a later end. None where there is nothing to draw out.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when it cannot be signed.
    pub fn drawn_out(&self, token: &str, now: i64) -> Result<Option<IssuedToken>, HubError> {
        let Ok(known) = decode::<Claims>(token, &self.decoding, &self.validation) else {
            return Ok(None);
        };
        let claims = known.claims;
        let (exp, until) = (claims.exp, claims.until.unwrap_or(claims.exp));
        let later = until.min(now.saturating_add(IDLE));
        if exp <= now || later < exp.saturating_add(USED).min(until) || later == exp {
            return Ok(None);
        }
        self.sign(&Claims { exp: later, ..claims }).map(Some)
    }

    fn sign(&self, claims: &Claims) -> Result<IssuedToken, HubError> {
        let text = encode(&Header::new(Algorithm::EdDSA), claims, &self.encoding)
            .map_err(HubError::internal)?;
        Ok(IssuedToken { text, number: claims.jti.unwrap_or_default() })
    }

    /// The actor of a token, under the policy of the hub. Expiry is checked on every call, also for
    /// a cached token.
    ///
    /// # Errors
    ///
    /// [`HubError::Unauthenticated`], whatever is wrong with it; the text reveals at most that the
    /// token has expired, does not hold yet, or was revoked.
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
        if actor.issued_at.saturating_sub(SKEW * 1000) > now.saturating_mul(1000) {
            return Err(HubError::Unauthenticated(Text::new(
                "令牌尚未生效。请核对服务器时间后再试。",
                "The token does not hold yet. Check the clocks and try again.",
            )));
        }
        self.stands(&actor)?;
        Ok(actor)
    }

    /// Whether the token of an actor was not revoked since it was checked.
    ///
    /// # Errors
    ///
    /// [`HubError::Unauthenticated`].
    pub fn stands(&self, actor: &Actor) -> Result<(), HubError> {
        if self.revoked.holds(actor) {
            return Ok(());
        }
        Err(HubError::Unauthenticated(Text::new(
            "登录已被终止或令牌已被吊销。请重新登录；仍不行的，请联系本单位负责共享工作的机构。",
            "The session was ended or the token revoked. Sign in again, or ask the office in charge of sharing.",
        )))
    }

    /// The number of a token that this hub signed, whether or not it still holds.
    #[must_use]
    pub fn number(&self, token: &str) -> Option<Uuid> {
        decode::<Claims>(token, &self.decoding, &self.validation).ok()?.claims.jti
    }

    fn verified(&self, policy: &Policy, token: &str) -> Option<Actor> {
        let claims = decode::<Claims>(token, &self.decoding, &self.validation).ok()?.claims;
        let lasts = claims.exp.saturating_sub(claims.iat);
        actor(policy, &claims).ok().filter(|_| lasts <= LONGEST && claims.nbf <= claims.exp)
    }
}

/// The claims of a token, checked against the policy.
fn claims(
    policy: &Policy,
    order: TokenRequest,
    now: DateTime<Utc>,
    turn: DateTime<Utc>,
) -> Result<Claims, HubError> {
    if !(1..=LONGEST).contains(&order.seconds) {
        let days = LONGEST / (24 * 3600);
        return Err(HubError::invalid(
            format!("令牌有效期须在 {days} 天之内。请缩短有效期，到期前重新签发。"),
            format!(
                "A token holds for {days} days at the most. Have it issued anew before it ends."
            ),
        ));
    }
    // Not in the order of time: whoever has one token guesses no other.
    let number = Uuid::new_v4();
    let (at, ms) = (now.timestamp(), i64::from(now.timestamp_subsec_millis()));
    let claims = Claims {
        iss: ISSUER.to_owned(),
        sub: order.subject,
        department: order.department,
        region: order.region,
        roles: order.roles,
        purpose: order.purpose,
        ticket: order.ticket,
        iat: at,
        exp: at.saturating_add(order.seconds),
        ms,
        nbf: at,
        turn: Some(turn.timestamp_millis()).filter(|turn| *turn > now.timestamp_millis()),
        until: None,
        jti: Some(number),
    };
    actor(policy, &claims)?;
    Ok(claims)
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
    let issued_at = claims.iat.max(claims.nbf).saturating_mul(1000).saturating_add(claims.ms);
    Ok(Actor {
        subject: claims.sub.clone(),
        department,
        region,
        roles,
        purpose,
        ticket,
        expires_at: claims.exp,
        issued_at,
        turn: claims.turn.map_or(issued_at, |turn| turn.max(issued_at)),
        token: claims.jti,
    })
}
