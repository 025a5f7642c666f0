//! Counts of persons and cases as they are told to whoever has no seat with exact figures.
//!
//! The table that is protected is always the whole province with every group of industries that any plan there adds up,
//! whoever asks for whichever part of it: so a cell is shown to all of them or to none, and no two answers differ in it.
//! What is told comes from that table and from nowhere else, in one state of the store. Accidents and their casualties are
//! public and not protected; injuries, diseases, training and matches are about persons.

mod kept;
mod layout;
mod wholes;

use std::{
    collections::{BTreeMap, HashMap},
    ops::RangeInclusive,
    sync::Arc,
};

use super::frame::{Frame, Group};
use crate::{
    domain::{
        disclosure::suppression::{Dimension, Guard, Sides, Table, withheld},
        indicator::{Count, Renamed},
        region::RegionCode,
    },
    store::{
        figures::{Counted, Measure},
        reference::Reference,
    },
};

use super::cube::Cube;
use layout::{Columns, Rows};
use wholes::{WHOLES, Whole};

pub use kept::{Shades, Wanted};

/// What is told of a province.
#[derive(Debug)]
pub struct Shade {
    columns: Arc<Columns>,
    wholes: Vec<Option<Arc<Protected>>>,
    /// For each whole how much of the records of each industry whoever asks may list, in the order of the cube.
    listed: Vec<Vec<Listed>>,
}

/// How much of the records behind a count somebody may list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Listed {
    /// All that it follows from: the count can be made of the list.
    Whole,
    /// The records, but not all that it follows from. The list tells how many there are of any place and industry, whatever
    /// their year or kind, and every table beside it would narrow down the rest.
    Part,
    /// None of them.
    Nothing,
}

/// Whether a measure counts persons or cases that are nobody else's business.
#[must_use]
pub fn sensitive(measure: Measure) -> bool {
    place(measure).is_some()
}

impl Shade {
    /// Whether whoever asks may list all records of a measure, so that there is nothing to protect.
    #[must_use]
    pub fn listed(&self, frame: &Frame, group: &Group, measure: Measure) -> bool {
        place(measure).is_some() && self.of(frame, group, measure).all(|listed| listed == Listed::Whole)
    }

    /// How much may be listed of the industries of a group.
    fn of<'a>(&'a self, frame: &'a Frame, group: &'a Group, measure: Measure) -> impl Iterator<Item = Listed> + 'a {
        let industries = self.columns.industries.iter().map(|code| Some(code.as_str())).chain([None]);
        let listed = place(measure).and_then(|place| self.listed.get(place)).into_iter().flatten();
        industries.zip(listed).filter(|(industry, _)| frame.holds(group, *industry)).map(|(_, listed)| *listed)
    }

    /// A count of a measure that is protected, unless it is withheld; nothing where there is nothing to protect.
    #[must_use]
    pub fn count(&self, frame: &Frame, region: &RegionCode, group: &Group, (year, measure): (i32, Measure)) -> Option<Count> {
        if !sensitive(measure) || self.listed(frame, group, measure) {
            return None;
        }
        if self.of(frame, group, measure).any(|listed| listed == Listed::Part) {
            return Some(Count::Withheld);
        }
        let found = || {
            let place = place(measure)?;
            let part = WHOLES[place].parts.iter().position(|part| part.told == Some(measure))?;
            let own = self.wholes.get(place)?.as_deref()?;
            let cells = own.years.get(&year)?;
            let (row, column) = (own.rows.place(region)?, self.columns.place(frame, group)?);
            let at = (row * self.columns.side.nodes() + column) * WHOLES[place].parts.len() + part;
            cells.told.get(at).copied().flatten()
        };
        Some(found().map_or(Count::Withheld, Count::Known))
    }
}

/// Place of the whole that a measure belongs to.
fn place(measure: Measure) -> Option<usize> {
    WHOLES.iter().position(|whole| whole.measures.contains(&measure))
}

/// The tables of a whole, year by year.
#[derive(Debug)]
struct Protected {
    rows: Rows,
    years: BTreeMap<i32, Arc<Cells>>,
}

/// The table of a whole and a year.
#[derive(Debug)]
struct Cells {
    /// Counts of the finest parts.
    counts: Vec<i64>,
    /// For each cell its count, where it is told.
    told: Vec<Option<i64>>,
}

/// Tables of a whole that were made before, by year, with the finest regions they are of.
type Before = HashMap<i32, (Vec<RegionCode>, Arc<Cells>)>;

/// From when on a count is told, and what has to stay possible for one that is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rule {
    threshold: i64,
    guard: Guard,
}

impl Rule {
    /// The rule that is in force. Where none is, that of domain reference §7.3.
    fn of(reference: &Reference) -> Self {
        let rules = reference.table("disclosure_rule").map(|table| table.codes.as_slice()).unwrap_or_default();
        let rule = rules.iter().find(|rule| rule.attributes.get("in_force").is_some_and(|word| word == "yes"));
        let number = |name: &str, or: i64| rule.and_then(|rule| rule.attributes.get(name)?.parse().ok()).unwrap_or(or);
        let threshold = number("threshold", 3);
        Self { threshold, guard: Guard { least: number("possible_from", 0), most: number("possible_to", threshold) } }
    }
}

/// What the tables of a whole are made from.
struct Making {
    whole: &'static Whole,
    /// Measures in the order of the numbers that were counted.
    order: Vec<Measure>,
    counted: Arc<[Counted]>,
    years: RangeInclusive<i32>,
    renamed: Arc<Renamed>,
    reference: Arc<Reference>,
    columns: Arc<Columns>,
    province: RegionCode,
    rule: Rule,
}

impl Making {
    /// Makes the tables; of those made before the ones that hold are taken.
    fn make(&self, before: &Before) -> Protected {
        let mut cube = Cube::new(self.columns.industries.clone(), self.years.clone());
        cube.add(&self.order, &self.counted, &self.renamed);
        let rows = Rows::new(&cube, &self.reference, &self.province);
        let years = self.years.clone().map(|year| {
            let counts = self.finest(&cube, &rows, year);
            let holds = |(codes, cells): &&(Vec<RegionCode>, Arc<Cells>)| *codes == rows.codes && cells.counts == counts;
            let known = before.get(&year).filter(holds).map(|(_, cells)| Arc::clone(cells));
            (year, known.unwrap_or_else(|| Arc::new(self.cells(&rows, counts))))
        });
        let years = years.collect();
        Protected { rows, years }
    }

    fn finest(&self, cube: &Cube, rows: &Rows, year: i32) -> Vec<i64> {
        let (width, depth) = (self.columns.side.leaves(), self.whole.depth);
        let mut counts = vec![0; rows.codes.len() * width * depth];
        for totals in cube.each() {
            let Ok(row) = rows.codes.binary_search(totals.region()) else { continue };
            for column in 0..width {
                let own = |code: Option<&str>| code == self.columns.industries.get(column).map(String::as_str);
                let numbers: Vec<i64> = self.whole.measures.iter().map(|measure| totals.sum(own, year, *measure)).collect();
                let start = (row * width + column) * depth;
                counts[start..start + depth].copy_from_slice(&(self.whole.finest)(&numbers));
            }
        }
        counts
    }

    fn cells(&self, rows: &Rows, counts: Vec<i64>) -> Cells {
        let parts: Vec<Vec<usize>> = self.whole.parts.iter().map(|part| part.of.to_vec()).collect();
        let depth = Dimension::new(self.whole.depth, parts);
        let sides = Sides([&rows.side, &self.columns.side, &depth]);
        let sums = sides.sums(&counts);
        let at = |cell: usize| {
            let [row, column, part] = sides.nodes(cell);
            (rows.told[row] && self.columns.told[column], self.whole.parts[part].told.is_some())
        };
        let told: Vec<bool> = (0..sums.len()).map(at).map(|(place, part)| place && part).collect();
        let guard = |(cell, sum): (usize, &i64)| {
            // That there is nothing at all beside what is told is no secret of a place or industry; of a part it is.
            let secret = *sum > 0 || at(cell).0;
            (*sum < self.rule.threshold && secret).then_some(self.rule.guard)
        };
        let guards: Vec<Option<Guard>> = sums.iter().enumerate().map(guard).collect();
        let hidden = withheld(&Table { sides, counts: &counts, told: &told, guards: &guards });
        let told = sums.into_iter().zip(hidden).map(|(sum, hidden)| (!hidden).then_some(sum)).collect();
        Cells { counts, told }
    }
}

#[cfg(test)]
mod tests;
