//! How many requests one account may send a second, whatever they ask for: a client that has run
//! wild is told to wait, and the others are answered.
//!
//! The limiter is that of `governor` (GCRA): a bucket that fills at the rate and holds ten seconds.

use std::{
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _};

use crate::{
    authz::actor::Actor,
    error::{HubError, Text},
};

/// Seconds of the rate that may come at once.
const BURST: u32 = 10;
/// Accounts that have been silent are forgotten so often.
const SWEEP: Duration = Duration::from_secs(60);

/// The requests of each account on this hub.
pub struct SubjectRates {
    limit: Option<(NonZeroU32, DefaultKeyedRateLimiter<String>)>,
    /// When those that have been silent were last forgotten.
    swept: Mutex<Instant>,
}

impl SubjectRates {
    /// So many requests a second for each account; none are counted where it is 0.
    #[must_use]
    pub fn new(a_second: u32) -> Self {
        let limit = NonZeroU32::new(a_second).map(|rate| {
            let burst = rate.saturating_mul(NonZeroU32::MIN.saturating_add(BURST - 1));
            (rate, RateLimiter::keyed(Quota::per_second(rate).allow_burst(burst)))
        });
        Self { limit, swept: Mutex::new(Instant::now()) }
    }

    /// Counts a request.
    ///
    /// # Errors
    ///
    /// [`HubError::Exhausted`] with the seconds to wait.
    pub fn take(&self, actor: &Actor) -> Result<(), HubError> {
        let Some((rate, limiter)) = &self.limit else { return Ok(()) };
        let mut swept = self.swept.lock().unwrap_or_else(PoisonError::into_inner);
        if swept.elapsed() > SWEEP {
            *swept = Instant::now();
            limiter.retain_recent();
        }
        drop(swept);
        let account = [actor.department().as_str(), actor.region().as_str(), actor.subject()];
        let Err(early) = limiter.check_key(&account.join("\u{1f}")) else { return Ok(()) };
        let wait = early.wait_time_from(limiter.clock().now()).as_secs();
        Err(HubError::Exhausted {
            text: Text::new(
                format!(
                    "该账号的请求过于频繁，每秒最多 {rate} 次。请按 Retry-After 等待后重试；多条记录请合并为一次报送。"
                ),
                format!(
                    "This account sends too many requests: at most {rate} a second. Wait as Retry-After says; send many records in one request."
                ),
            ),
            after: Some(u32::try_from(wait).unwrap_or(u32::MAX).saturating_add(1)),
        })
    }
}
