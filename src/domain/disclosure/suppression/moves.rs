//! Other tables that show the same: what may be moved between finest parts so that nothing changes
//! but withheld cells.

use super::table::{Sides, Spot};

/// A change of the finest parts that keeps most sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// Along each side something goes to the spot from another part, or is added: with two sides a
    /// rectangle of four spots, with three a box of eight, along which it is added and taken away
    /// by turns.
    Box(Spot, [Option<usize>; 3]),
    /// From a spot right to another.
    Carry(Spot, Spot),
}

impl Move {
    /// Calls for every cell that changes, with the sign of its change, until told to stop.
    pub(super) fn cells(self, sides: &Sides<'_>, mut each: impl FnMut(usize, i64) -> bool) {
        match self {
            Self::Box(to, from) => {
                let [rows, columns, parts] = sides.0;
                for (row, by_row) in rows.change(to[0], from[0]) {
                    for (column, by_column) in columns.change(to[1], from[1]) {
                        for (part, by_part) in parts.change(to[2], from[2]) {
                            if !each(
                                sides.cell([*row, *column, *part]),
                                by_row * by_column * by_part,
                            ) {
                                return;
                            }
                        }
                    }
                }
            }
            Self::Carry(to, from) => {
                if one_way(sides, to, from, 1, &mut each) {
                    one_way(sides, from, to, -1, &mut each);
                }
            }
        }
    }

    /// Calls for every finest part that changes, with the sign of its change, until told to stop.
    pub(super) fn spots(self, mut each: impl FnMut(Spot, i64) -> bool) {
        match self {
            Self::Box(to, from) => {
                let ends = |side: usize| [(Some(to[side]), 1), (from[side], -1)];
                for (row, by_row) in ends(0) {
                    let Some(row) = row else { continue };
                    for (column, by_column) in ends(1) {
                        let Some(column) = column else { continue };
                        for (part, by_part) in ends(2) {
                            let Some(part) = part else { continue };
                            if !each([row, column, part], by_row * by_column * by_part) {
                                return;
                            }
                        }
                    }
                }
            }
            Self::Carry(to, from) => {
                if each(to, 1) {
                    each(from, -1);
                }
            }
        }
    }
}

/// Cells over one spot and not over the other.
fn one_way(
    sides: &Sides<'_>,
    of: Spot,
    other: Spot,
    sign: i64,
    each: &mut impl FnMut(usize, i64) -> bool,
) -> bool {
    let [rows, columns, parts] = sides.0;
    for row in rows.above(of[0]) {
        let same_row = rows.holds(*row, other[0]);
        for column in columns.above(of[1]) {
            let same = same_row && columns.holds(*column, other[1]);
            for part in parts.above(of[2]) {
                if same && parts.holds(*part, other[2]) {
                    continue;
                }
                if !each(sides.cell([*row, *column, *part]), sign) {
                    return false;
                }
            }
        }
    }
    true
}
