//! Ways through a table along which one cell can change while every sum stays: the best next move
//! of each.

use super::{Best, NEVER, NEXT_ROWS, PARTS, ROWS, Search};
use crate::domain::disclosure::suppression::{moves::Move, table::Spot};

impl Search<'_> {
    pub(super) fn left(&self, spot: Spot) -> i64 {
        let spot = self.sides.spot(spot);
        self.counts[spot] + self.moved[spot]
    }

    /// The step that costs least, by so much at most.
    pub(super) fn best(&self, cell: usize, sign: i64, most: i64) -> Best {
        let mut best = Best { step: None, cost: NEVER };
        let at = self.sides.nodes(cell);
        for to in self.inside(at, sign) {
            self.around(at, to, (sign, most), &mut best);
            if best.cost == 0 {
                break;
            }
        }
        best
    }

    /// Finest parts of a cell at which something is added or taken away.
    pub(super) fn inside(&self, at: Spot, sign: i64) -> Vec<Spot> {
        let [rows, columns, parts] = [0, 1, 2].map(|side| self.sides.0[side].members(at[side]));
        let all = rows.len() * columns.len() * parts.len();
        let mut list = Vec::with_capacity(all.min(PARTS));
        for row in rows {
            for column in columns {
                for part in parts {
                    let spot = [*row, *column, *part];
                    if sign > 0 || self.left(spot) > 0 {
                        list.push(spot);
                    }
                }
            }
        }
        if list.len() > PARTS {
            // Where there is more beside it, more can be moved.
            let beside = |row: usize| -> i64 {
                let first = row * self.sides.0[1].leaves() * self.sides.0[2].leaves();
                self.counts[first..first + self.sides.0[1].leaves() * self.sides.0[2].leaves()]
                    .iter()
                    .sum()
            };
            let mut order: Vec<(i64, usize)> =
                rows.iter().map(|row| (-beside(*row), *row)).collect();
            order.sort_unstable();
            let place = |row: usize| order.iter().position(|(_, own)| *own == row);
            list.sort_by_key(|spot| place(spot[0]));
            list.truncate(PARTS);
        }
        list
    }

    /// Looks at steps that change a finest part of a cell.
    pub(super) fn around(&self, at: Spot, to: Spot, (sign, most): (i64, i64), best: &mut Best) {
        let [row_side, column_side, part_side] = self.sides.0;
        let gives = |spot: Spot| sign < 0 || self.left(spot) > 0;
        let outside = |side: usize, leaf: usize| !self.sides.0[side].holds(at[side], leaf);
        let last = self.last[to[1] * part_side.leaves() + to[2]][usize::from(sign > 0)]
            .filter(|row| *row != to[0]);
        let near = row_side.near(to[0]).iter().copied().filter(|row| Some(*row) != last);
        let rows = last.into_iter().chain(near).filter(|row| outside(0, *row));
        let columns: Vec<usize> =
            column_side.near(to[1]).iter().copied().filter(|column| outside(1, *column)).collect();
        let parts: Vec<usize> =
            part_side.near(to[2]).iter().copied().filter(|part| outside(2, *part)).collect();
        let none = [None, None, None];
        for row in rows
            .clone()
            .filter(|row| gives([*row, to[1], to[2]]))
            .take(ROWS)
            .map(Some)
            .chain([None])
        {
            for column in std::iter::once(None).chain(columns.iter().copied().map(Some)) {
                for part in std::iter::once(None).chain(parts.iter().copied().map(Some)) {
                    let from = [row, column, part];
                    if from != none {
                        self.look(Move::Box(to, from), (sign, most), best);
                    }
                    if best.cost == 0 {
                        return;
                    }
                }
            }
        }
        self.look(Move::Box(to, none), (sign, most), best);
        let covered = |spot: Spot| self.sides.covers(at, spot);
        for row in
            std::iter::once(to[0]).chain(row_side.near(to[0]).iter().copied().take(NEXT_ROWS))
        {
            for column in 0..column_side.leaves() {
                for part in 0..part_side.leaves() {
                    let from = [row, column, part];
                    if covered(from) || !gives(from) {
                        continue;
                    }
                    self.look(Move::Carry(to, from), (sign, most), best);
                    if best.cost == 0 {
                        return;
                    }
                }
            }
        }
    }

    /// Takes a step for the best where it costs less for what it does.
    pub(super) fn look(&self, step: Move, (sign, most): (i64, i64), best: &mut Best) {
        let mut by = most;
        step.spots(|spot, own| {
            if own * sign < 0 {
                by = by.min(self.left(spot));
            }
            by > 0
        });
        if by <= 0 {
            return;
        }
        // A step that does a part of what is missing is as dear as all of it would be by such
        // steps.
        let (whole, part) = (most.unsigned_abs(), by.unsigned_abs());
        let affordable =
            if self.closed { 0 } else { best.cost.saturating_sub(1).saturating_mul(part) / whole };
        let mut cost = 0;
        step.cells(&self.sides, |cell, _| {
            cost += self.prices[cell];
            cost <= affordable
        });
        if cost <= affordable {
            *best = Best { step: Some((step, by)), cost: (cost * whole).div_ceil(part) };
        }
    }
}
