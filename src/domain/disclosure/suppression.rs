//! Decides which cells of a table of counts are withheld, so that nobody can derive a small one,
//! neither from the cell itself nor from the sums around it.
//!
//! A protected cell is withheld, whether its count is zero, one or two, and further cells with it,
//! until there are two alternative tables of counts that look the same: one in which the cell is as
//! low, and one in which it is as high, as its guard requires. Somebody who knows all shown cells
//! and all sums, and that no count is negative, can therefore not narrow the cell down further by
//! any arithmetic. The alternative tables are made by moving counts between the finest parts of the
//! table so that only withheld cells change; where that is impossible, the move that changes the
//! fewest further cells is chosen, and these are withheld too. A withheld cell stays withheld
//! during the search, so an alternative table stays valid once found, and no cell is examined
//! twice. At the end a further cell is shown again if every alternative table that changes it can
//! be replaced.
//!
//! The result depends only on the counts and their order: the same table gives the same result to
//! everybody at any time, so that two answers never differ in what they reveal. Source: domain
//! reference §7.3 (threshold of three), §6; law reference §2 (differencing, complementary
//! suppression).

mod dimension;
mod moves;
mod search;
mod table;

pub use dimension::TableSide;
pub use table::{Sides, Spot};

use search::Search;

/// The interval that must remain possible for a protected cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CellGuard {
    /// A count this low must remain possible.
    pub least: i64,
    /// A count this high must remain possible.
    pub most: i64,
}

/// A table of counts to be published in part.
#[derive(Clone, Debug)]
pub struct SuppressionTable<'a> {
    /// The dimensions of the table, each with its finest parts and the sums over them.
    pub sides: Sides<'a>,
    /// Counts of the finest parts, in the order of `sides`; none is negative.
    pub counts: &'a [i64],
    /// For each cell, whether it is shown unless withheld. Hiding any other cell costs nothing, but
    /// such a cell may be guarded too: it can be derived by subtraction.
    pub told: &'a [bool],
    /// For each cell, the interval that must remain possible; `None` if it is not protected.
    pub guards: &'a [Option<CellGuard>],
}

/// Greatest number of protected cells that may rely on a cell that is tried to be shown again.
const MOST_USERS: usize = 32;

/// For each cell, whether it is withheld; true for every cell that is not to be shown anyway.
#[must_use]
pub fn withheld(table: &SuppressionTable<'_>) -> Vec<bool> {
    let mut search = Search::new(table);
    if !search.all_withheld() {
        let alike = search.alike();
        let (sides, guards) = (table.sides, table.guards);
        let guarded = (0..guards.len())
            .rev()
            .filter(|cell| guards[*cell].is_some() && !alike[sides.nodes(*cell)[0]]);
        guarded.for_each(|cell| search.protect(cell));
        search.show_again(MOST_USERS);
    }
    search.withheld()
}

#[cfg(test)]
mod tests;
