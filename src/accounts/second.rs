//! The second factor: one-time codes of an authenticator (TOTP, RFC 6238), each good once.

use rand::RngCore as _;
use totp_rs::{Algorithm, Builder, Totp};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    domain::account::narrow,
    error::HubError,
    store::{accounts::people::second_place, seal::Seal},
};

/// Bytes of a secret (RFC 4226 §4).
const BYTES: usize = 20;

/// A new secret: sealed, and as an address for an authenticator.
///
/// # Errors
///
/// [`HubError::Internal`] when it cannot be sealed.
pub(super) fn made(seal: &Seal, account: Uuid, login: &str) -> Result<(Vec<u8>, String), HubError> {
    let mut secret = Zeroizing::new(vec![0; BYTES]);
    rand::rngs::OsRng.fill_bytes(&mut secret);
    let address = totp(&secret, login)?.to_url().map_err(HubError::internal)?;
    Ok((seal.seal_bytes(&second_place(account), &secret)?, address))
}

/// The step whose code this is, around a time in seconds since 1970; `None` for another code.
///
/// # Errors
///
/// [`HubError::Internal`] when the secret does not open.
pub(super) fn step(
    seal: &Seal,
    (account, login): (Uuid, &str),
    sealed: &[u8],
    code: &str,
    now: i64,
) -> Result<Option<i64>, HubError> {
    let secret = Zeroizing::new(seal.open_bytes(&second_place(account), sealed)?);
    let plain = code.chars().map(narrow);
    let code: String = plain.filter(|letter| !letter.is_whitespace() && *letter != '-').collect();
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    let found = totp(&secret, login)?.check(&code, now.unsigned_abs());
    Ok(found.and_then(|step| i64::try_from(step).ok()))
}

fn totp(secret: &[u8], login: &str) -> Result<Totp, HubError> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(secret.to_vec())
        .with_issuer(Some("联防"))
        .with_account_name(login)
        .build()
        .map_err(HubError::internal)
}
