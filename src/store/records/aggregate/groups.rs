//! Groups of several statements, put together by their keys.

use std::{cmp::Ordering, collections::HashMap};

use crate::store::records::aggregate::{
    GroupDimension, Method, StatsGroup, StatsQuestion, protected::ProtectedGroup, tally::GroupTally,
};

/// Values of the dimensions, in order.
type GroupKeys = Vec<Option<String>>;

/// Groups of several statements, put together by their keys.
pub(super) struct GroupUnion<'a> {
    by: &'a [GroupDimension],
    width: usize,
    found: HashMap<GroupKeys, (i64, Vec<Option<i64>>)>,
}

impl<'a> GroupUnion<'a> {
    pub(super) fn new(question: &'a StatsQuestion<'_>) -> Self {
        Self { by: question.by, width: question.sums.len(), found: HashMap::new() }
    }

    fn add(&mut self, keys: GroupKeys, count: i64, sums: Vec<Option<i64>>) {
        let (known, own) = self.found.entry(keys).or_insert_with(|| (0, vec![None; sums.len()]));
        *known += count;
        for (own, more) in own.iter_mut().zip(sums) {
            *own = match (*own, more) {
                (Some(own), Some(more)) => Some(own.saturating_add(more)),
                (own, more) => own.or(more),
            };
        }
    }

    pub(super) fn add_exact(
        &mut self,
        tallies: &[GroupTally],
        sum: impl Fn(&GroupTally, usize) -> Option<i64>,
    ) {
        for tally in tallies {
            let sums = (0..tally.sums.len()).map(|index| sum(tally, index)).collect();
            self.add(tally.keys.clone(), tally.count, sums);
        }
    }

    pub(super) fn add_protected(&mut self, told: Vec<ProtectedGroup>) {
        for ProtectedGroup { keys, count, sums } in told {
            self.add(keys, count, sums);
        }
    }

    /// In order, and at the end what is left over: it is there whether or not anything was
    /// withheld.
    pub(super) fn finish(self, method: Method) -> Vec<StatsGroup> {
        let mut groups: Vec<StatsGroup> = self
            .found
            .into_iter()
            .map(|(keys, (count, sums))| StatsGroup { keys, count: Some(count), sums })
            .collect();
        let by = self.by;
        groups.sort_by(|left, right| {
            let keys = left.keys.iter().zip(&right.keys).zip(by);
            let order = keys.map(|((left, right), dimension)| {
                dimension.compare(left.as_deref(), right.as_deref())
            });
            order.fold(Ordering::Equal, Ordering::then)
        });
        if method != Method::Exact && (groups.is_empty() || !by.is_empty()) {
            groups.push(StatsGroup { keys: Vec::new(), count: None, sums: vec![None; self.width] });
        }
        groups
    }
}
