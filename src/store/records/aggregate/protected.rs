//! What is told of groups that were counted over rows which may not be listed.

use std::collections::HashMap;

use crate::{domain::disclosure::rules::Rules, store::records::aggregate::tally::GroupTally};

/// A group as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ProtectedGroup {
    pub keys: Vec<Option<String>>,
    pub count: i64,
    pub sums: Vec<Option<i64>>,
}

/// How groups are protected.
pub(super) struct GroupGuard<'a> {
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

/// Positions of [`GroupTally::parts`]: rows without the sensitive conditions that cannot be listed
/// by, and those that can be listed.
pub(super) const BASE: usize = 0;
pub(super) const LISTED: usize = 1;

impl GroupGuard<'_> {
    /// Groups that are told. Of the others not even the keys are.
    pub(super) fn tell(
        &self,
        tallies: &[GroupTally],
        sum: impl Fn(&GroupTally, usize) -> Option<i64>,
    ) -> Vec<ProtectedGroup> {
        // A dimension that the asker lists by makes the base smaller, however sensitive it is.
        let plain: Vec<bool> = self
            .sensitive
            .iter()
            .zip(&self.listed)
            .map(|(sensitive, listed)| !sensitive || *listed)
            .collect();
        let bases = totals(tallies, &plain, BASE);
        let most = totals(tallies, &self.listed, LISTED);
        let mut told = Vec::new();
        for tally in tallies {
            let base = bases.get(&part(&tally.keys, &plain)).copied().unwrap_or_default();
            if tally.count == 0 || (self.asks_sensitive && base < self.minimum) {
                continue;
            }
            // Of one or two employers the number says that they have such records.
            if !self.lists && tally.contributors < self.rules.threshold {
                continue;
            }
            let known = self
                .lists
                .then(|| most.get(&part(&tally.keys, &self.listed)).copied().unwrap_or_default());
            let Some(count) = self.rules.count(tally.count, tally.record_keys, known) else {
                continue;
            };
            let sums = (0..tally.sums.len()).map(|index| sum(tally, index)).collect();
            told.push(ProtectedGroup { keys: tally.keys.clone(), count, sums });
        }
        if self.lists {
            self.leave_room(&mut told, &most);
        }
        told
    }

    /// Whoever lists how many there are together must not find that each group can only be as small
    /// as it can be: of those under one number that is listed the smallest are not told until what
    /// they are at least leaves room.
    fn leave_room(&self, told: &mut Vec<ProtectedGroup>, most: &HashMap<Vec<Option<&str>>, i64>) {
        let mut least: HashMap<Vec<Option<String>>, i64> = HashMap::new();
        let under = |keys: &[Option<String>]| {
            part(keys, &self.listed).into_iter().map(|key| key.map(ToOwned::to_owned)).collect()
        };
        told.iter().for_each(|own| {
            *least.entry(under(&own.keys)).or_default() += self.rules.least(own.count)
        });
        told.sort_by(|one, other| (one.count, &one.keys).cmp(&(other.count, &other.keys)));
        told.retain(|own| {
            let known = most.get(&part(&own.keys, &self.listed)).copied().unwrap_or_default();
            let least = least.entry(under(&own.keys)).or_default();
            let roomy = known - *least >= self.rules.threshold;
            if !roomy {
                *least -= self.rules.least(own.count);
            }
            roomy
        });
    }
}

/// The keys of some of the dimensions.
fn part<'a>(keys: &'a [Option<String>], of: &[bool]) -> Vec<Option<&'a str>> {
    keys.iter().zip(of).filter(|(_, wanted)| **wanted).map(|(key, _)| key.as_deref()).collect()
}

fn totals<'a>(
    tallies: &'a [GroupTally],
    of: &[bool],
    position: usize,
) -> HashMap<Vec<Option<&'a str>>, i64> {
    let mut totals = HashMap::new();
    for tally in tallies {
        let more = tally.parts.get(position).copied().unwrap_or_default();
        *totals.entry(part(&tally.keys, of)).or_insert(0) += more;
    }
    totals
}
