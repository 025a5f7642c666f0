//! One side of a table: the finest parts along it, and the sums over them that are told.

/// One side of a table.
#[derive(Clone, Debug)]
pub struct TableSide {
    leaves: usize,
    /// Whether a node holds a leaf, by node and leaf.
    holds: Vec<bool>,
    /// Leaves of each node.
    members: Vec<Vec<usize>>,
    /// Nodes that hold a leaf.
    above: Vec<Vec<usize>>,
    /// Other leaves by how few sums tell them apart from a leaf.
    near: Vec<Vec<usize>>,
    /// What changes when something is moved to a leaf from another, by both: nodes with the sign of
    /// the change.
    apart: Vec<Vec<(usize, i64)>>,
    /// What changes when something is added to a leaf.
    added: Vec<Vec<(usize, i64)>>,
}

impl TableSide {
    /// A side with so many finest parts and with nodes, each the sum over some of them.
    #[must_use]
    pub fn new(leaves: usize, nodes: Vec<Vec<usize>>) -> Self {
        let mut holds = vec![false; nodes.len() * leaves];
        let mut above = vec![Vec::new(); leaves];
        for (node, members) in nodes.iter().enumerate() {
            for leaf in members {
                holds[node * leaves + leaf] = true;
                above[*leaf].push(node);
            }
        }
        let inside = |node: usize, leaf: usize| holds[node * leaves + leaf];
        let mut apart = Vec::with_capacity(leaves * leaves);
        for to in 0..leaves {
            for from in 0..leaves {
                let gains =
                    above[to].iter().filter(|node| !inside(**node, from)).map(|node| (*node, 1));
                let loses =
                    above[from].iter().filter(|node| !inside(**node, to)).map(|node| (*node, -1));
                apart.push(gains.chain(loses).collect::<Vec<_>>());
            }
        }
        let near = |leaf: usize| {
            let mut others: Vec<usize> = (0..leaves).filter(|other| *other != leaf).collect();
            others.sort_by_key(|other| (apart[leaf * leaves + other].len(), *other));
            others
        };
        let near = (0..leaves).map(near).collect();
        let added =
            above.iter().map(|nodes| nodes.iter().map(|node| (*node, 1)).collect()).collect();
        Self { leaves, holds, members: nodes, above, near, apart, added }
    }

    /// How many finest parts it has.
    #[must_use]
    pub const fn leaves(&self) -> usize {
        self.leaves
    }

    /// How many nodes it has.
    #[must_use]
    pub const fn nodes(&self) -> usize {
        self.members.len()
    }

    /// Leaves of a node.
    #[must_use]
    pub fn members(&self, node: usize) -> &[usize] {
        &self.members[node]
    }

    pub(super) fn holds(&self, node: usize, leaf: usize) -> bool {
        self.holds[node * self.leaves + leaf]
    }

    pub(super) fn above(&self, leaf: usize) -> &[usize] {
        &self.above[leaf]
    }

    pub(super) fn near(&self, leaf: usize) -> &[usize] {
        &self.near[leaf]
    }

    /// What changes when something is moved to a leaf from another, or added to it.
    pub(super) fn change(&self, to: usize, from: Option<usize>) -> &[(usize, i64)] {
        match from {
            Some(from) => &self.apart[to * self.leaves + from],
            None => &self.added[to],
        }
    }
}
