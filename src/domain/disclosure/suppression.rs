//! Which cells of a table of counts are withheld, so that nobody works out a small one: neither
//! from the cell nor from the sums around it.
//!
//! A cell that is to be protected is withheld, zero like one and two, and with it others until
//! there are two more tables of counts that show just the same: one in which it is as low, and one
//! in which it is as high as its guard asks for. Whoever knows all shown cells and all sums, and
//! that no count is negative, can therefore not narrow it to less, by whatever arithmetic. The
//! other tables are made by moving counts between the finest parts of the table, so that only
//! withheld cells change; where that does not go, the move that takes the fewest further cells is
//! chosen and these are withheld too. What is withheld once stays so: a table that was found holds
//! for good, and no cell is looked at twice. At the end each further cell is shown again where all
//! tables that changed it can do without.
//!
//! The outcome depends on nothing but the counts and their order: the same table gives the same
//! answer to everybody and every time, so that two answers never differ in what one of them gives
//! away. Source: domain reference §7.3 (threshold of three), §6; law reference §2 (differencing,
//! complementary suppression).

mod dimension;
mod moves;
mod search;
mod table;

pub use dimension::TableSide;
pub use table::{Sides, Spot};

use search::Search;

/// What has to stay possible for a cell that is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CellGuard {
    /// It may be as low as this.
    pub least: i64,
    /// It may be as high as this.
    pub most: i64,
}

/// A table to be told.
#[derive(Clone, Debug)]
pub struct SuppressionTable<'a> {
    /// Its sides.
    pub sides: Sides<'a>,
    /// Counts of the finest parts; none is negative.
    pub counts: &'a [i64],
    /// For each cell whether it is told unless it is withheld. What is not told costs nothing, but
    /// may be guarded: it is known to whoever subtracts.
    pub told: &'a [bool],
    /// For each cell whether and how far it is protected.
    pub guards: &'a [Option<CellGuard>],
}

/// Most cells that are protected by means of one that is tried to be shown again.
const MOST_USERS: usize = 32;

/// For each cell whether it is withheld; what is not told is.
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
