//! Counts of persons and cases as they are told to whoever has no seat with exact figures.
//!
//! The table that is protected is always the whole province with every group of industries that any
//! plan there adds up, whoever asks for whichever part of it: so a cell is shown to all of them or
//! to none, and no two answers differ in it. What is told comes from that table and from nowhere
//! else, in one state of the store. Accidents and their casualties are public and not protected;
//! injuries, diseases, training and matches are about persons.

mod ahead;
mod cache;
mod layout;
mod lists;
mod wholes;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::RangeInclusive,
    sync::Arc,
};

use super::frame::{IndustryGroup, JudgingBasis};
use crate::{
    domain::{
        disclosure::suppression::{CellGuard, Sides, SuppressionTable, TableSide, withheld},
        indicator::{Renamed, YearCount},
        region::RegionCode,
    },
    store::{
        meeting::figures::{CountedFigures, CountedRows, FigureMeasure},
        reference::{Reference, ReferenceCode},
    },
};

use layout::{IndustryColumns, RegionRows};
use wholes::{CountFamily, WHOLES, WholeSource};

pub use ahead::begin;
pub use cache::{ProtectedTables, TableRequest, Tables};
pub(in crate::meeting) use lists::lists;

/// What is told of a province.
#[derive(Debug)]
pub struct SuppressionMask {
    columns: Arc<IndustryColumns>,
    wholes: Vec<Option<Arc<Protected>>>,
    /// For each whole how much of the records of each industry whoever asks may list, in the order
    /// of the cube.
    listed: Vec<Vec<Listed>>,
    /// Years and measures for which the caller can list the records that set the upper bound, where
    /// the bound is no higher than the count.
    bounded: BTreeSet<(i32, FigureMeasure)>,
    /// Years in which key posts are counted by another plan than the province's own: of these
    /// nothing is told, as two tables over nearly the same persons would tell of those in the one
    /// and not in the other.
    other_posts: BTreeSet<i32>,
    /// Whether cases are counted by another day than usual: the same holds of them.
    other_day: bool,
}

/// How much of the records behind a count somebody may list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Listed {
    /// All that it follows from: the count can be made of the list.
    Whole,
    /// The records, but not all that it follows from. The list tells how many there are of any
    /// place and industry, whatever their year or kind, and every table beside it would narrow down
    /// the rest.
    Part,
    /// None of them.
    Nothing,
}

/// Code of the rule for amounts of employers.
const AMOUNTS: &str = "MEETING_AMOUNTS";

/// Whether a measure counts persons or cases that are nobody else's business.
#[must_use]
pub fn sensitive(measure: FigureMeasure) -> bool {
    place(measure).is_some()
}

/// Whether a measure is an amount of employers, or how many of them there are.
#[must_use]
pub fn amount(measure: FigureMeasure) -> bool {
    place(measure).is_some_and(|place| WHOLES[place].contributors.is_some())
}

impl SuppressionMask {
    /// Whether whoever asks may list all records of a measure, so that there is nothing to protect.
    #[must_use]
    pub fn listed(
        &self,
        frame: &JudgingBasis,
        group: &IndustryGroup,
        measure: FigureMeasure,
    ) -> bool {
        place(measure).is_some()
            && self.of(frame, group, measure).all(|listed| listed == Listed::Whole)
    }

    /// How much may be listed of the industries of a group.
    fn of<'a>(
        &'a self,
        frame: &'a JudgingBasis,
        group: &'a IndustryGroup,
        measure: FigureMeasure,
    ) -> impl Iterator<Item = Listed> + 'a {
        let industries =
            self.columns.industries.iter().map(|code| Some(code.as_str())).chain([None]);
        let listed = place(measure).and_then(|place| self.listed.get(place)).into_iter().flatten();
        industries
            .zip(listed)
            .filter(|(industry, _)| frame.holds(group, *industry))
            .map(|(_, listed)| *listed)
    }

    /// A count of a measure that is protected, unless it is withheld; nothing where there is
    /// nothing to protect.
    #[must_use]
    pub fn count(
        &self,
        frame: &JudgingBasis,
        region: &RegionCode,
        group: &IndustryGroup,
        (year, measure): (i32, FigureMeasure),
    ) -> Option<YearCount> {
        if !sensitive(measure) || self.listed(frame, group, measure) {
            return None;
        }
        let part = self.of(frame, group, measure).any(|listed| listed == Listed::Part);
        if part
            || self.second(year, measure)
            || (self.bounded.contains(&(year, measure))
                && !self.is_disclosed_whole(region, (year, measure)))
        {
            return Some(YearCount::Withheld);
        }
        let column = self.columns.place(frame, group);
        let found = column.and_then(|column| self.number((region, column), (year, measure)));
        Some(found.map_or(YearCount::Withheld, YearCount::Known))
    }

    /// Whether what is asked for is a second table over persons that one is told of already.
    fn second(&self, year: i32, measure: FigureMeasure) -> bool {
        let whole = place(measure).map(|place| &WHOLES[place]);
        whole.is_some_and(|whole| {
            (whole.source == WholeSource::Posts && self.other_posts.contains(&year))
                || (whole.of_diseases() && self.other_day)
        })
    }

    /// Whether the number of the whole province is told. A list that says how many there are at
    /// most in all says nothing that this does not.
    fn is_disclosed_whole(&self, region: &RegionCode, what: (i32, FigureMeasure)) -> bool {
        self.columns
            .whole()
            .and_then(|column| self.number((&region.province(), column), what))
            .is_some()
    }

    fn number(
        &self,
        (region, column): (&RegionCode, usize),
        (year, measure): (i32, FigureMeasure),
    ) -> Option<i64> {
        let place = place(measure)?;
        let part = WHOLES[place].parts.iter().position(|part| part.told == Some(measure))?;
        let own = self.wholes.get(place)?.as_deref()?;
        let row = own.rows.place(region)?;
        let at = (row * self.columns.side.nodes() + column) * WHOLES[place].parts.len() + part;
        own.years.get(&year)?.told.get(at).copied().flatten()
    }
}

/// Place of the whole that a measure belongs to.
fn place(measure: FigureMeasure) -> Option<usize> {
    WHOLES.iter().position(|whole| whole.measures.contains(&measure))
}

/// The tables of a whole, year by year.
#[derive(Debug)]
struct Protected {
    rows: RegionRows,
    years: BTreeMap<i32, Arc<YearTable>>,
}

/// The table of a whole and a year.
#[derive(Debug)]
struct YearTable {
    /// Numbers of the finest parts, and how many contribute to each where that decides.
    counts: [Vec<i64>; 2],
    /// For each cell its count, where it is told.
    told: Vec<Option<i64>>,
}

/// Tables of a whole that were made before, by year, with the finest regions they are of.
type PreparedTables = HashMap<i32, (Vec<RegionCode>, Arc<YearTable>)>;

/// From when on a number is told, and what has to stay possible for one that is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rule {
    /// Of counts of persons and cases.
    counts: Least,
    /// Of amounts of employers: from so many of them on; between so many per cent of the amount.
    amounts: Least,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Least {
    threshold: i64,
    from: i64,
    to: i64,
}

impl Rule {
    /// The rules that are in force. Where none is, those of domain reference §7.3.
    fn of(reference: &Reference) -> Self {
        let rules = reference
            .table("disclosure_rule")
            .map(|table| table.codes.as_slice())
            .unwrap_or_default();
        let least = |holds: &dyn Fn(&ReferenceCode) -> bool, (from, to): (i64, i64)| {
            let rule = rules.iter().find(|rule| holds(rule));
            let number = |name: &str, or: i64| {
                rule.and_then(|rule| rule.attributes.get(name)?.parse().ok()).unwrap_or(or)
            };
            Least {
                threshold: number("threshold", 3),
                from: number("possible_from", from),
                to: number("possible_to", to),
            }
        };
        Self {
            counts: least(
                &|rule| rule.attributes.get("in_force").is_some_and(|word| word == "yes"),
                (0, 3),
            ),
            amounts: least(&|rule| rule.code == AMOUNTS, (50, 150)),
        }
    }

    fn guard_of_count(self, sum: i64) -> Option<CellGuard> {
        let Least { threshold, from, to } = self.counts;
        (sum < threshold).then_some(CellGuard { least: from, most: to })
    }

    /// That nobody contributes is no secret: which employers there are is public.
    fn guard_of_amount(self, sum: i64, contributors: i64) -> Option<CellGuard> {
        let Least { threshold, from, to } = self.amounts;
        let share = |percent: i64| {
            i64::try_from(i128::from(sum) * i128::from(percent) / 100).unwrap_or(i64::MAX)
        };
        ((1..threshold).contains(&contributors) && sum > 0)
            .then(|| CellGuard { least: share(from), most: share(to) })
    }
}

/// What the tables of a whole are made from.
struct Making {
    whole: &'static CountFamily,
    /// Measures in the order of the numbers that were counted.
    order: Vec<FigureMeasure>,
    counted: Arc<CountedRows>,
    years: RangeInclusive<i32>,
    renamed: Arc<Renamed>,
    reference: Arc<Reference>,
    columns: Arc<IndustryColumns>,
    province: RegionCode,
    rule: Rule,
}

impl Making {
    /// Makes the tables; of those made before the ones that hold are taken.
    fn make(&self, before: &PreparedTables) -> Protected {
        let places = self.counted.iter().filter_map(|row| self.place(row));
        let rows = RegionRows::new(places, &self.reference, &self.province);
        let years = self.finest(&rows).into_iter().map(|(year, counts)| {
            let holds = |(codes, cells): &&(Vec<RegionCode>, Arc<YearTable>)| {
                *codes == rows.codes && cells.counts == counts
            };
            let known = before.get(&year).filter(holds).map(|(_, cells)| Arc::clone(cells));
            (year, known.unwrap_or_else(|| Arc::new(self.cells(&rows, counts))))
        });
        let years = years.collect();
        Protected { rows, years }
    }

    /// Where a row counts now.
    fn place(&self, row: &CountedFigures) -> Option<RegionCode> {
        RegionCode::parse(self.renamed.now(row.region.as_deref()?)).ok()
    }

    /// Numbers of the finest parts of each year, and how many contribute to each.
    fn finest(&self, rows: &RegionRows) -> BTreeMap<i32, [Vec<i64>; 2]> {
        let (width, depth) = (self.columns.side.leaves(), self.whole.depth);
        let wanted = self.whole.measures.iter().chain(&self.whole.contributors);
        let numbers: Vec<Option<usize>> =
            wanted.map(|measure| self.order.iter().position(|own| own == measure)).collect();
        // The numbers of each place and industry; the finest parts need not be sums of theirs.
        let size = rows.codes.len() * width * numbers.len();
        let mut years: BTreeMap<i32, Vec<i64>> =
            self.years.clone().map(|year| (year, vec![0; size])).collect();
        for row in self.counted.iter() {
            let place = self.place(row).and_then(|code| rows.codes.binary_search(&code).ok());
            let (Some(place), Some(cells)) = (place, years.get_mut(&row.year)) else { continue };
            let industry = row.industry.as_ref();
            let column = industry
                .and_then(|code| self.columns.industries.iter().position(|own| own == code))
                .unwrap_or(self.columns.industries.len());
            let start = (place * width + column) * numbers.len();
            for (cell, number) in cells[start..].iter_mut().zip(&numbers) {
                *cell += number.and_then(|number| row.numbers.get(number)).copied().unwrap_or(0);
            }
        }
        let of_year = |cells: Vec<i64>| {
            let mut counts = [Vec::with_capacity(rows.codes.len() * width * depth), Vec::new()];
            for own in cells.chunks(numbers.len()) {
                let (measures, contributors) = own.split_at(self.whole.measures.len());
                counts[0].extend((self.whole.finest)(measures));
                counts[1].extend(
                    contributors.iter().flat_map(|number| std::iter::repeat_n(*number, depth)),
                );
            }
            counts
        };
        years.into_iter().map(|(year, cells)| (year, of_year(cells))).collect()
    }

    fn cells(&self, rows: &RegionRows, counts: [Vec<i64>; 2]) -> YearTable {
        let parts: Vec<Vec<usize>> = self.whole.parts.iter().map(|part| part.of.to_vec()).collect();
        let depth = TableSide::new(self.whole.depth, parts);
        let sides = Sides([&rows.side, &self.columns.side, &depth]);
        let sums = sides.sums(&counts[0]);
        let contributors = if counts[1].is_empty() { Vec::new() } else { sides.sums(&counts[1]) };
        let at = |cell: usize| {
            let [row, column, part] = sides.nodes(cell);
            (rows.told[row] && self.columns.told[column], self.whole.parts[part].told.is_some())
        };
        let told: Vec<bool> = (0..sums.len()).map(at).map(|(place, part)| place && part).collect();
        let guard = |(cell, sum): (usize, &i64)| {
            if let Some(contributors) = contributors.get(cell) {
                return self.rule.guard_of_amount(*sum, *contributors);
            }
            // That there is nothing at all beside what is told is no secret of a place or industry;
            // of a part it is.
            let secret = *sum > 0 || at(cell).0;
            self.rule.guard_of_count(*sum).filter(|_| secret)
        };
        let guards: Vec<Option<CellGuard>> = sums.iter().enumerate().map(guard).collect();
        let hidden =
            withheld(&SuppressionTable { sides, counts: &counts[0], told: &told, guards: &guards });
        let told =
            sums.into_iter().zip(hidden).map(|(sum, hidden)| (!hidden).then_some(sum)).collect();
        YearTable { counts, told }
    }
}

#[cfg(test)]
mod tests;
