//! What one operation knows of itself: its time, its number, new identifiers. Time is read here and
//! nowhere else, so that tests can set it.

use chrono::{DateTime, Utc};
use uuid::{NoContext, Timestamp, Uuid};

/// Context of one operation.
#[derive(Clone, Debug)]
pub struct OpCtx {
    now: DateTime<Utc>,
    request: String,
}

impl OpCtx {
    /// An operation that begins now.
    #[must_use]
    pub fn begin(request: impl Into<String>) -> Self {
        #[expect(clippy::disallowed_methods, reason = "the one place where time enters")]
        let now = Utc::now();
        Self::at(now, request)
    }

    /// An operation at a given time.
    #[must_use]
    pub fn at(now: DateTime<Utc>, request: impl Into<String>) -> Self {
        let now = DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now);
        Self { now, request: request.into() }
    }

    /// When it began, to the microsecond.
    #[must_use]
    pub const fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Its number, as in `extensions.requestId`.
    #[must_use]
    pub fn request(&self) -> &str {
        &self.request
    }

    /// A new identifier, ordered by time.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        let seconds = u64::try_from(self.now.timestamp()).unwrap_or_default();
        Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, self.now.timestamp_subsec_nanos()))
    }
}
