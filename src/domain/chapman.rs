//! Estimates the total number of events from two lists and their overlap (Chapman's estimator).
//!
//! The estimate is valid if the lists are independent, every event could have been on either list,
//! and matches are correct. Departments that inform each other do not keep independent lists: then
//! the estimate is too low. It is always shown with its interval and this caveat.

/// With fewer matches the estimate is biased and its interval says little (Robson and Regier 1964).
pub const FEWEST_MATCHES: u64 = 7;

/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.959_963_985;

/// Two lists of the same kind of event, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaptureCounts {
    /// Events found on both lists.
    pub matched: u64,
    /// Events found on the first list only.
    pub only_here: u64,
    /// Events found on the second list only.
    pub only_there: u64,
}

/// Estimated total number of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Chapman's estimate, rounded half up to a whole number; computed exactly.
    pub total: u64,
    /// Lower end of the 95 % interval, rounded down; never below the number of events on the lists.
    pub low: u64,
    /// Upper end of the interval, rounded up.
    pub high: u64,
    /// Whether there are too few matches to rely on it.
    pub weak: bool,
}

/// Why there is no estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NoEstimate {
    /// No event is on both lists: any total is possible.
    #[error("nothing is in both lists")]
    NothingMatches,
    /// The counts are too large for the computation.
    #[error("the counts are too large")]
    TooMany,
}

impl CaptureCounts {
    /// Events in at least one list.
    #[must_use]
    pub const fn seen(&self) -> u64 {
        self.matched.saturating_add(self.only_here).saturating_add(self.only_there)
    }

    /// The estimate with its 95 % interval. The interval is that of the number of unseen events,
    /// taken as log-normal (Chao 1987), so that its lower end is never below the number seen. The
    /// estimate is computed in whole numbers, the interval in floating point and rounded outwards.
    ///
    /// # Errors
    ///
    /// [`NoEstimate`] where nothing matches, or a count exceeds 1,000,000,000.
    pub fn estimate(&self) -> Result<Estimate, NoEstimate> {
        if self.matched == 0 {
            return Err(NoEstimate::NothingMatches);
        }
        if [self.matched, self.only_here, self.only_there]
            .iter()
            .any(|count| *count > 1_000_000_000)
        {
            return Err(NoEstimate::TooMany);
        }
        let (matched, here, there) =
            (u128::from(self.matched), u128::from(self.only_here), u128::from(self.only_there));
        // (n1 + 1)(n2 + 1) / (m + 1) - 1 equals the number seen plus b * c / (m + 1), the estimated
        // number of events on neither list.
        let unseen = here * there;
        let total = self.seen()
            + u64::try_from((2 * unseen + matched + 1) / (2 * (matched + 1))).unwrap_or(u64::MAX);
        let (low, high) = self.interval();
        Ok(Estimate {
            total,
            low: low.min(total),
            high: high.max(total),
            weak: self.matched < FEWEST_MATCHES,
        })
    }

    fn interval(&self) -> (u64, u64) {
        let (matched, here, there) =
            (self.matched as f64, self.only_here as f64, self.only_there as f64);
        let unseen = here * there / (matched + 1.0);
        if unseen == 0.0 {
            return (self.seen(), self.seen());
        }
        let (first, second) = (matched + here + 1.0, matched + there + 1.0);
        let variance = first * second * here * there / ((matched + 1.0).powi(2) * (matched + 2.0));
        let factor = (Z * (variance / unseen.powi(2)).ln_1p().sqrt()).exp();
        let seen = self.seen() as f64;
        ((seen + unseen / factor).floor() as u64, (seen + unseen * factor).ceil() as u64)
    }
}

#[cfg(test)]
mod tests;
