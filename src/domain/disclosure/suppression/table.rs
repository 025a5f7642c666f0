//! A table of counts with three sides: every cell is the sum over a node of each.

use super::dimension::TableSide;

/// A finest part, by its place along each side; or a cell, by its nodes.
pub type Spot = [usize; 3];

/// The sides of a table.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a>(pub [&'a TableSide; 3]);

impl Sides<'_> {
    /// How many cells there are.
    #[must_use]
    pub const fn cells(&self) -> usize {
        self.0[0].nodes() * self.0[1].nodes() * self.0[2].nodes()
    }

    /// How many finest parts there are.
    #[must_use]
    pub const fn spots(&self) -> usize {
        self.0[0].leaves() * self.0[1].leaves() * self.0[2].leaves()
    }

    /// Place of a cell.
    #[must_use]
    pub const fn cell(&self, at: Spot) -> usize {
        (at[0] * self.0[1].nodes() + at[1]) * self.0[2].nodes() + at[2]
    }

    /// Nodes of a cell.
    #[must_use]
    pub const fn nodes(&self, cell: usize) -> Spot {
        let (columns, parts) = (self.0[1].nodes(), self.0[2].nodes());
        [cell / parts / columns, cell / parts % columns, cell % parts]
    }

    /// Place of a finest part.
    #[must_use]
    pub const fn spot(&self, at: Spot) -> usize {
        (at[0] * self.0[1].leaves() + at[1]) * self.0[2].leaves() + at[2]
    }

    /// Whether a cell's sum goes over a finest part.
    #[must_use]
    pub fn covers(&self, cell: Spot, spot: Spot) -> bool {
        (0..3).all(|side| self.0[side].holds(cell[side], spot[side]))
    }

    /// All cells, from the counts of the finest parts.
    #[must_use]
    pub fn sums(&self, counts: &[i64]) -> Vec<i64> {
        let [rows, columns, parts] = self.0;
        let mut by_part = vec![0; rows.leaves() * columns.leaves() * parts.nodes()];
        for part in 0..parts.nodes() {
            for line in 0..rows.leaves() * columns.leaves() {
                by_part[line * parts.nodes() + part] = parts
                    .members(part)
                    .iter()
                    .map(|leaf| counts[line * parts.leaves() + leaf])
                    .sum();
            }
        }
        let depth = parts.nodes();
        let mut by_column = vec![0; rows.leaves() * columns.nodes() * depth];
        for row in 0..rows.leaves() {
            for column in 0..columns.nodes() {
                for leaf in columns.members(column) {
                    for part in 0..depth {
                        by_column[(row * columns.nodes() + column) * depth + part] +=
                            by_part[(row * columns.leaves() + leaf) * depth + part];
                    }
                }
            }
        }
        let plane = columns.nodes() * depth;
        let mut cells = vec![0; rows.nodes() * plane];
        for row in 0..rows.nodes() {
            for leaf in rows.members(row) {
                for place in 0..plane {
                    cells[row * plane + place] += by_column[leaf * plane + place];
                }
            }
        }
        cells
    }
}
