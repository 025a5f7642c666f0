//! Finds the other tables, and what has to be withheld for them.

mod paths;

use super::{CellGuard, SuppressionTable, moves::Move, table::Sides};

/// Rows from which, or to which, something is moved that are looked at.
const ROWS: usize = 8;
/// Rows of which any part is looked at.
const NEXT_ROWS: usize = 3;
/// Finest parts of a sum that are tried, at most.
const PARTS: usize = 160;

/// Cost that is never paid.
const NEVER: u64 = u64::MAX / 1_000;

/// What a table that was found uses: cells that are withheld for others' sake.
type Used = Vec<usize>;

pub(super) struct Search<'a> {
    sides: Sides<'a>,
    guards: &'a [Option<CellGuard>],
    counts: &'a [i64],
    sums: Vec<i64>,
    /// What it costs to withhold a cell; nothing where it is withheld.
    prices: Vec<u64>,
    /// What it costs where it is shown.
    weights: Vec<u64>,
    /// Cells that are withheld for others' sake.
    further: Vec<bool>,
    /// For each cell the tables that were found, downwards and upwards.
    found: Vec<[Option<usize>; 2]>,
    tables: Vec<Used>,
    /// How the table that is being made differs: by finest part and by cell.
    moved: Vec<i64>,
    delta: Vec<i64>,
    spots: Vec<usize>,
    cells: Vec<usize>,
    /// The row that last gave, or took, by the rest of the spot.
    last: Vec<[Option<usize>; 2]>,
    /// Whether no further cell may be withheld.
    closed: bool,
}

struct Best {
    step: Option<(Move, i64)>,
    cost: u64,
}

impl<'a> Search<'a> {
    pub(super) fn new(table: &SuppressionTable<'a>) -> Self {
        let sides = table.sides;
        let sums = sides.sums(table.counts);
        // Sums tell more than their parts, the more so the more they go over.
        let weight = |(cell, sum): (usize, &i64)| {
            let nodes = sides.nodes(cell);
            let under: usize =
                (0..3).map(|side| sides.0[side].members(nodes[side]).len()).product();
            let sum = sum.unsigned_abs();
            1_024 * under.isqrt() as u64 + 128 * u64::from((sum + 1).ilog2()) + sum.min(127)
        };
        let weights: Vec<u64> = sums.iter().enumerate().map(weight).collect();
        let shown = |cell: usize| table.told[cell] && table.guards[cell].is_none();
        Self {
            sides,
            guards: table.guards,
            counts: table.counts,
            prices: weights
                .iter()
                .enumerate()
                .map(|(cell, weight)| if shown(cell) { *weight } else { 0 })
                .collect(),
            weights,
            further: vec![false; sums.len()],
            found: vec![[None; 2]; sums.len()],
            tables: Vec::new(),
            moved: vec![0; sides.spots()],
            delta: vec![0; sums.len()],
            spots: Vec::new(),
            cells: Vec::new(),
            last: vec![[None; 2]; sides.0[1].leaves() * sides.0[2].leaves()],
            closed: false,
            sums,
        }
    }

    /// For each cell whether it is withheld.
    pub(super) fn withheld(&self) -> Vec<bool> {
        self.prices.iter().map(|price| *price == 0).collect()
    }

    /// Whether every cell is withheld.
    pub(super) fn all_withheld(&self) -> bool {
        self.prices.iter().all(|price| *price == 0)
    }

    /// Rows that need not be looked at: they and whatever else they are in are empty and wholly
    /// withheld, but for the same sums as an earlier one, so that each table that serves that one
    /// serves them, with the two exchanged. Something can only be added to them, from elsewhere.
    pub(super) fn alike(&self) -> Vec<bool> {
        let [rows, columns, parts] = self.sides.0;
        let (plane, width) = (columns.nodes() * parts.nodes(), columns.leaves() * parts.leaves());
        let none = |leaf: &usize| {
            self.counts[leaf * width..(leaf + 1) * width].iter().all(|count| *count == 0)
        };
        let withheld = |node: usize| {
            self.prices[node * plane..(node + 1) * plane].iter().all(|price| *price == 0)
        };
        let hollow: Vec<bool> = (0..rows.nodes())
            .map(|node| rows.members(node).iter().all(none) && withheld(node))
            .collect();
        let mut seen = std::collections::HashSet::new();
        let alike = |node: usize| {
            let Some(first) = rows.members(node).first().filter(|_| hollow[node]) else {
                return false;
            };
            let sums: Vec<usize> =
                rows.above(*first).iter().copied().filter(|sum| !hollow[*sum]).collect();
            !seen.insert((sums, &self.guards[node * plane..(node + 1) * plane]))
        };
        (0..rows.nodes()).map(alike).collect()
    }

    /// Withholds what it takes for a cell to be as low and as high as its guard asks for.
    pub(super) fn protect(&mut self, cell: usize) {
        for (way, sign) in [(0, -1), (1, 1)] {
            if self.found[cell][way].is_none() {
                self.make(cell, sign);
            }
        }
    }

    fn missing(&self, cell: usize, sign: i64) -> i64 {
        let now = self.sums[cell] + self.delta[cell];
        self.guards[cell]
            .map_or(0, |guard| if sign < 0 { now - guard.least } else { guard.most - now })
    }

    /// Makes another table step by step; whether it was found.
    fn make(&mut self, cell: usize, sign: i64) -> bool {
        let mut steps = Vec::new();
        loop {
            let missing = self.missing(cell, sign);
            if missing <= 0 {
                break;
            }
            let Best { step: Some((step, by)), .. } = self.best(cell, sign, missing) else {
                self.clear();
                return false;
            };
            self.take(step, sign * by);
            steps.push(step);
        }
        if !self.closed {
            self.note(cell, sign);
            for step in steps {
                if let Move::Box(to, [Some(from), ..]) = step {
                    self.last[to[1] * self.sides.0[2].leaves() + to[2]][usize::from(sign > 0)] =
                        Some(from);
                }
            }
        }
        true
    }

    /// Keeps the table that was made for all cells it serves.
    fn note(&mut self, cell: usize, sign: i64) {
        let used = self.cells.iter().copied().filter(|cell| self.further[*cell]).collect();
        let table = self.tables.len();
        self.tables.push(used);
        self.found[cell][usize::from(sign > 0)] = Some(table);
        for at in 0..self.cells.len() {
            let other = self.cells[at];
            let Some(guard) = self.guards[other] else { continue };
            let now = self.sums[other] + self.delta[other];
            if now <= guard.least && self.found[other][0].is_none() {
                self.found[other][0] = Some(table);
            }
            if now >= guard.most && self.found[other][1].is_none() {
                self.found[other][1] = Some(table);
            }
        }
        self.clear();
    }

    fn clear(&mut self) {
        for cell in self.cells.drain(..) {
            self.delta[cell] = 0;
        }
        for spot in self.spots.drain(..) {
            self.moved[spot] = 0;
        }
    }

    /// Makes a step, and withholds the cells it changes.
    fn take(&mut self, step: Move, by: i64) {
        let Self { sides, prices, further, delta, cells, moved, spots, .. } = self;
        step.cells(sides, |cell, sign| {
            if prices[cell] > 0 {
                prices[cell] = 0;
                further[cell] = true;
            }
            delta[cell] += sign * by;
            cells.push(cell);
            true
        });
        step.spots(|spot, sign| {
            let spot = sides.spot(spot);
            moved[spot] += sign * by;
            spots.push(spot);
            true
        });
    }

    /// Shows cells again that were withheld for others' sake, where other tables are found that do
    /// not change them.
    pub(super) fn show_again(&mut self, most_users: usize) {
        let mut users: Vec<Vec<(usize, usize)>> = vec![Vec::new(); self.tables.len()];
        for (cell, found) in self.found.iter().enumerate() {
            for (way, table) in found.iter().enumerate() {
                if let Some(table) = table {
                    users[*table].push((cell, way));
                }
            }
        }
        let mut tables_of: Vec<Vec<usize>> = vec![Vec::new(); self.sums.len()];
        for (table, used) in self.tables.iter().enumerate() {
            for cell in used {
                tables_of[*cell].push(table);
            }
        }
        let mut order: Vec<usize> =
            (0..self.sums.len()).filter(|cell| self.further[*cell]).collect();
        order.sort_by_key(|cell| (std::cmp::Reverse(self.sums[*cell]), *cell));
        self.closed = true;
        for cell in order {
            let served: Vec<(usize, usize)> = tables_of[cell]
                .iter()
                .filter(|table| self.tables[**table].contains(&cell))
                .flat_map(|table| {
                    users[*table]
                        .iter()
                        .copied()
                        .filter(|(own, way)| self.found[*own][*way] == Some(*table))
                })
                .collect();
            if served.len() > most_users {
                continue;
            }
            self.prices[cell] = self.weights[cell];
            self.further[cell] = false;
            let mut again = Vec::new();
            let all = served.iter().all(|(own, way)| {
                let sign = if *way == 0 { -1 } else { 1 };
                let made = self.make(*own, sign);
                if made {
                    let mut used: Used =
                        self.cells.iter().copied().filter(|cell| self.further[*cell]).collect();
                    used.sort_unstable();
                    used.dedup();
                    again.push(((*own, *way), used));
                    self.clear();
                }
                made
            });
            if !all {
                self.prices[cell] = 0;
                self.further[cell] = true;
                continue;
            }
            for ((own, way), used) in again {
                let table = self.tables.len();
                for cell in &used {
                    tables_of[*cell].push(table);
                }
                self.tables.push(used);
                users.push(vec![(own, way)]);
                self.found[own][way] = Some(table);
            }
        }
    }
}
