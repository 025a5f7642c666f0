//! What is told of groups that were counted over rows which may not be listed.

use std::collections::HashMap;

use crate::{domain::disclosure::rules::Rules, store::aggregate::tally::Tally};

/// A group as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub keys: Vec<Option<String>>,
    pub count: i64,
    pub sums: Vec<Option<i64>>,
}

/// How groups are protected.
pub(super) struct Guard<'a> {
    pub rules: &'a Rules,
    /// Least size of a group before anything sensitive is told of its members.
    pub minimum: i64,
    /// Dimensions, in order: whether they tell something sensitive.
    pub sensitive: Vec<bool>,
    /// Dimensions, in order: whether whoever asks may list and count rows by them.
    pub listed: Vec<bool>,
    /// Whether anything sensitive is asked, by a dimension or by a condition.
    pub asks_sensitive: bool,
    /// Whether the rows may be listed at all, so that a coarser count of them is known exactly.
    pub lists: bool,
}

/// Positions of [`Tally::parts`]: rows without the sensitive conditions, and those that can be listed.
pub(super) const BASE: usize = 0;
pub(super) const LISTED: usize = 1;

impl Guard<'_> {
    /// Groups that are told. Of the others not even the keys are.
    pub(super) fn tell(&self, tallies: &[Tally], sum: impl Fn(&Tally, usize) -> Option<i64>) -> Vec<Told> {
        let plain: Vec<bool> = self.sensitive.iter().map(|sensitive| !sensitive).collect();
        let bases = totals(tallies, &plain, BASE);
        let most = totals(tallies, &self.listed, LISTED);
        let mut told = Vec::new();
        for tally in tallies {
            let base = bases.get(&part(&tally.keys, &plain)).copied().unwrap_or_default();
            if tally.count == 0 || (self.asks_sensitive && base < self.minimum) {
                continue;
            }
            let known = self.lists.then(|| most.get(&part(&tally.keys, &self.listed)).copied().unwrap_or_default());
            let Some(count) = self.rules.count(tally.count, tally.record_keys, known) else { continue };
            let sums = (0..tally.sums.len()).map(|index| sum(tally, index)).collect();
            told.push(Told { keys: tally.keys.clone(), count, sums });
        }
        told
    }
}

/// The keys of some of the dimensions.
fn part<'a>(keys: &'a [Option<String>], of: &[bool]) -> Vec<Option<&'a str>> {
    keys.iter().zip(of).filter(|(_, wanted)| **wanted).map(|(key, _)| key.as_deref()).collect()
}

fn totals<'a>(tallies: &'a [Tally], of: &[bool], position: usize) -> HashMap<Vec<Option<&'a str>>, i64> {
    let mut totals = HashMap::new();
    for tally in tallies {
        let more = tally.parts.get(position).copied().unwrap_or_default();
        *totals.entry(part(&tally.keys, of)).or_insert(0) += more;
    }
    totals
}
