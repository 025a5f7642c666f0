//! Which cells of a table of counts are withheld, so that nobody works out a small one: neither from the cell nor from the
//! sums around it.
//!
//! A count above zero and under the threshold is withheld; zero is shown, as it tells of nobody. Along every sum the next
//! smallest counts are withheld with it until what is withheld could hide any of them (complementary suppression, as
//! OpenSAFELY does it), and where that is not enough the sum itself. At the end an attack is tried: whoever knows all shown
//! cells and all sums must find no withheld cell to the last person, and none of the small ones to be under the threshold.
//!
//! The outcome depends on nothing but the counts, their order and the threshold: the same table gives the same answer to
//! everybody and every time, so that two answers never differ in what one of them gives away.
//! Source: domain reference §7.3 (threshold of three), §6; law reference §2 (differencing, complementary suppression).

use std::collections::BTreeSet;

/// A sum: the cell that equals all the others together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The sum.
    pub sum: usize,
    /// Its parts.
    pub parts: Vec<usize>,
}

/// So many are more than any count.
const UNBOUNDED: i64 = i64::MAX / 4;

/// For each cell whether it is withheld. Counts must not be negative, and every sum must be that of its parts.
#[must_use]
pub fn withheld(counts: &[i64], lines: &[Line], threshold: i64) -> Vec<bool> {
    let small = |count: &i64| *count > 0 && *count < threshold;
    let mut table = Table { counts, lines, threshold, hidden: counts.iter().map(small).collect() };
    if table.hidden.contains(&true) {
        loop {
            while table.complement() {}
            if !table.repair() {
                break;
            }
        }
    }
    table.hidden
}

struct Table<'a> {
    counts: &'a [i64],
    lines: &'a [Line],
    threshold: i64,
    hidden: Vec<bool>,
}

impl Table<'_> {
    fn count(&self, cell: usize) -> i64 {
        self.counts.get(cell).copied().unwrap_or_default()
    }

    fn hides(&self, cell: usize) -> bool {
        self.hidden.get(cell).copied().unwrap_or_default()
    }

    fn hide(&mut self, cell: usize) {
        if let Some(hidden) = self.hidden.get_mut(cell) {
            *hidden = true;
        }
    }

    /// The smallest cell that is shown and above zero.
    fn next(&self, cells: impl Iterator<Item = usize>) -> Option<usize> {
        cells.filter(|cell| !self.hides(*cell) && self.count(*cell) > 0).min_by_key(|cell| (self.count(*cell), *cell))
    }

    /// One round along all sums; whether anything more was withheld.
    fn complement(&mut self) -> bool {
        let mut more = false;
        for line in self.lines {
            loop {
                let hidden: Vec<i64> = line.parts.iter().filter(|part| self.hides(**part)).map(|part| self.count(*part)).collect();
                let together: i64 = hidden.iter().sum();
                let number = i64::try_from(hidden.len()).unwrap_or(i64::MAX);
                let enough = match (self.hides(line.sum), number) {
                    // With all parts shown a withheld sum is no secret.
                    (true, 0) => self.count(line.sum) == 0,
                    (true, _) | (false, 0) => true,
                    (false, 1) => false,
                    // Each of them could be all but one of the others, and be no small one.
                    (false, _) => together - (number - 1) >= self.threshold,
                };
                if enough {
                    break;
                }
                match self.next(line.parts.iter().copied()) {
                    Some(part) => self.hide(part),
                    None if self.hides(line.sum) => break,
                    None => self.hide(line.sum),
                }
                more = true;
            }
        }
        more
    }

    /// Tries the attack and withholds one cell more where it succeeds; whether it did.
    fn repair(&mut self) -> bool {
        let bounds = bounds(self.counts, self.lines, &self.hidden);
        let found = |(cell, (least, most)): (usize, &(i64, i64))| {
            let known = least == most || (*most < self.threshold && self.count(cell) < self.threshold);
            (self.hides(cell) && known).then_some(cell)
        };
        let broken: Vec<usize> = bounds.iter().enumerate().filter_map(found).collect();
        for cell in broken {
            // What gives it away may lie some sums further on, behind cells that are withheld already.
            let mut reached = BTreeSet::from([cell]);
            loop {
                let around = self
                    .lines
                    .iter()
                    .filter(|line| reached.contains(&line.sum) || line.parts.iter().any(|part| reached.contains(part)));
                let around: BTreeSet<usize> =
                    around.flat_map(|line| line.parts.iter().copied().chain(std::iter::once(line.sum))).collect();
                if let Some(next) = self.next(around.iter().copied()) {
                    self.hide(next);
                    return true;
                }
                let before = reached.len();
                reached.extend(around.into_iter().filter(|cell| self.hides(*cell)));
                if reached.len() == before {
                    break;
                }
            }
        }
        false
    }
}

/// What an attacker knows of each cell: at least and at most. Withheld cells are known to be above zero.
#[must_use]
pub fn bounds(counts: &[i64], lines: &[Line], hidden: &[bool]) -> Vec<(i64, i64)> {
    let start = |(count, hidden): (&i64, &bool)| if *hidden { (1, UNBOUNDED) } else { (*count, *count) };
    let mut bounds: Vec<(i64, i64)> = counts.iter().zip(hidden).map(start).collect();
    let at = |bounds: &[(i64, i64)], cell: usize| bounds.get(cell).copied().unwrap_or((0, 0));
    let mut moved = true;
    while moved {
        moved = false;
        for line in lines {
            let (low, high) = line.parts.iter().fold((0_i64, 0_i64), |(low, high), part| {
                let (least, most) = at(&bounds, *part);
                (low + least, high.saturating_add(most).min(UNBOUNDED))
            });
            let (least, most) = at(&bounds, line.sum);
            let (least, most) = (least.max(low), most.min(high));
            moved |= set(&mut bounds, line.sum, (least, most));
            for part in &line.parts {
                let own = at(&bounds, *part);
                // What the others leave of the sum.
                let up = if most >= UNBOUNDED { UNBOUNDED } else { most - (low - own.0) };
                let down = if high >= UNBOUNDED { 0 } else { least - (high - own.1) };
                moved |= set(&mut bounds, *part, (own.0.max(down), own.1.min(up)));
            }
        }
    }
    bounds
}

fn set(bounds: &mut [(i64, i64)], cell: usize, to: (i64, i64)) -> bool {
    match bounds.get_mut(cell) {
        Some(own) if *own != to => {
            *own = to;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
