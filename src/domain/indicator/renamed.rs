//! Regions that were merged or given another code: their figures, also those of the base year,
//! count where they are now.

use std::collections::BTreeMap;

/// Which code took the place of which.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renamed(BTreeMap<String, String>);

/// More steps than any code was ever replaced: a table that goes round in circles ends here.
const MOST_STEPS: usize = 16;

impl FromIterator<(String, String)> for Renamed {
    /// From pairs of an old code and the one that replaced it.
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self(pairs.into_iter().filter(|(old, new)| old != new).collect())
    }
}

impl Renamed {
    /// The code that a region has now.
    #[must_use]
    pub fn now<'a>(&'a self, code: &'a str) -> &'a str {
        let mut now = code;
        for _ in 0..MOST_STEPS {
            match self.0.get(now) {
                Some(next) => now = next,
                None => return now,
            }
        }
        code
    }

    /// Codes that a region had before, in order.
    pub fn before<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.keys().map(String::as_str).filter(move |old| *old != code && self.now(old) == code)
    }
}
