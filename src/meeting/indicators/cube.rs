//! Numbers by region, industry, year and measure, to be added up along any of them: the counts of
//! all families of a sheet side by side, each kept with its rows.

use std::{ops::RangeInclusive, sync::Arc};

use crate::{
    domain::{indicator::Renamed, region::RegionCode},
    store::meeting::figures::{CountedRows, FigureMeasure, RegionPlane, RegionSums, SumFrame},
};

/// All numbers of a sheet.
#[derive(Debug)]
pub struct NumberCube {
    /// Codes of the industries; the place after them is for records of none of them.
    industries: Vec<String>,
    years: RangeInclusive<i32>,
    renamed: Renamed,
    parts: Vec<CubePart>,
    /// For each measure the parts that count it, with its place among their numbers.
    counted_by: Vec<Vec<(usize, usize)>>,
}

/// The counts of a family.
#[derive(Debug)]
struct CubePart {
    /// What may be counted by whoever asks.
    rows: Arc<CountedRows>,
    /// What shows whether anything was handed in: the same for every asker.
    present: Arc<CountedRows>,
}

/// The numbers of a region, by the parts of the cube.
#[derive(Clone, Debug)]
pub struct RegionTotals<'a> {
    cube: &'a NumberCube,
    region: RegionCode,
    planes: Vec<Option<&'a RegionPlane>>,
}

impl NumberCube {
    /// An empty cube.
    #[must_use]
    pub fn new(industries: Vec<String>, years: RangeInclusive<i32>, renamed: Renamed) -> Self {
        let counted_by = vec![Vec::new(); FigureMeasure::COUNT];
        Self { industries, years, renamed, parts: Vec::new(), counted_by }
    }

    /// Years it holds.
    #[must_use]
    pub const fn years(&self) -> &RangeInclusive<i32> {
        &self.years
    }

    /// Industries it tells apart; beyond them one place for all other records.
    #[must_use]
    pub fn industries(&self) -> &[String] {
        &self.industries
    }

    /// Adds what the store counted of these measures, and what shows whether anything is there.
    pub fn add(
        &mut self,
        measures: &[FigureMeasure],
        rows: Arc<CountedRows>,
        present: Arc<CountedRows>,
    ) {
        for (number, measure) in measures.iter().enumerate() {
            if let Some(by) = self.counted_by.get_mut(*measure as usize) {
                by.push((self.parts.len(), number));
            }
        }
        self.parts.push(CubePart { rows, present });
    }

    /// The numbers of a region: all places in it together.
    #[must_use]
    pub fn region(&self, region: &RegionCode) -> RegionTotals<'_> {
        let frame = self.frame();
        let planes = self.parts.iter().map(|part| part.rows.sums(&frame).region(region));
        RegionTotals { cube: self, region: region.clone(), planes: planes.collect() }
    }

    /// Whether a region has any record of a measure in a year in the industries that `holds` says
    /// yes to, whoever asks.
    #[must_use]
    pub fn present(
        &self,
        region: &RegionCode,
        (year, measure): (i32, FigureMeasure),
        holds: impl Fn(Option<&str>) -> bool,
    ) -> bool {
        let frame = self.frame();
        let holding: Vec<usize> = self.holding(holds).collect();
        self.counted_by(measure).any(|(part, number)| {
            let sums = self.parts[part].present.sums(&frame);
            sums.region(region).is_some_and(|plane| {
                holding.iter().any(|industry| sums.has(plane, (*industry, year), number))
            })
        })
    }

    const fn frame(&self) -> SumFrame<'_> {
        let years = *self.years.start()..=*self.years.end();
        SumFrame { industries: self.industries.as_slice(), years, renamed: &self.renamed }
    }

    fn counted_by(&self, measure: FigureMeasure) -> impl Iterator<Item = (usize, usize)> {
        self.counted_by.get(measure as usize).into_iter().flatten().copied()
    }

    /// Places of the industries that `holds` says yes to; none is the place of all other records.
    fn holding(&self, holds: impl Fn(Option<&str>) -> bool) -> impl Iterator<Item = usize> {
        let named = self.industries.iter().map(|code| Some(code.as_str()));
        let all = named.chain(std::iter::once(None)).enumerate();
        all.filter(move |(_, industry)| holds(*industry)).map(|(place, _)| place)
    }
}

impl RegionTotals<'_> {
    /// Whose numbers they are.
    #[must_use]
    pub const fn region(&self) -> &RegionCode {
        &self.region
    }

    /// The sum over the industries that `holds` says yes to; none is the place of all other
    /// records.
    #[must_use]
    pub fn sum(
        &self,
        holds: impl Fn(Option<&str>) -> bool,
        year: i32,
        measure: FigureMeasure,
    ) -> i64 {
        let frame = self.cube.frame();
        let parts: Vec<_> = self
            .cube
            .counted_by(measure)
            .filter_map(|(part, number)| {
                Some((self.cube.parts[part].rows.sums(&frame), self.planes[part]?, number))
            })
            .collect();
        if parts.is_empty() {
            return 0;
        }
        let of = |industry: usize| -> i64 {
            let number = |(sums, plane, number): &(&RegionSums, &RegionPlane, usize)| {
                sums.number(plane, (industry, year), *number)
            };
            parts.iter().map(number).sum()
        };
        self.cube.holding(holds).map(of).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::NumberCube;
    use crate::{
        domain::{indicator::Renamed, region::RegionCode},
        store::meeting::figures::{CountedFigures, CountedRows, FigureMeasure},
    };

    fn rows(rows: &[(&str, Option<&str>, [i64; 2])]) -> Arc<CountedRows> {
        let row = |(region, industry, numbers): &(&str, Option<&str>, [i64; 2])| CountedFigures {
            region: Some((*region).to_owned()),
            industry: industry.map(ToOwned::to_owned),
            year: 2020,
            numbers: numbers.to_vec(),
        };
        Arc::new(rows.iter().map(row).collect())
    }

    #[test]
    fn a_measure_that_several_parts_count_is_added_up_and_present_by_any_of_them() {
        let industries = vec!["COAL_MINE".to_owned(), "METALLURGY".to_owned()];
        let mut cube = NumberCube::new(industries, 2019..=2021, Renamed::default());
        let coal = rows(&[("140602", Some("COAL_MINE"), [1, 2])]);
        let metal = rows(&[("140602", Some("METALLURGY"), [4, 0]), ("140603", None, [8, 16])]);
        let measures = [FigureMeasure::Accidents, FigureMeasure::Deaths];
        cube.add(&measures, Arc::clone(&coal), coal);
        cube.add(&measures, Arc::default(), metal);
        let code = |code: &str| RegionCode::parse(code).expect("a region");
        let (county, city) = (cube.region(&code("140602")), cube.region(&code("140600")));
        assert_eq!(county.sum(|_| true, 2020, FigureMeasure::Deaths), 2);
        assert_eq!(city.sum(|own| own.is_some(), 2020, FigureMeasure::Accidents), 1);
        assert_eq!(city.sum(|_| true, 2019, FigureMeasure::Accidents), 0);
        assert_eq!(city.sum(|_| true, 2020, FigureMeasure::Pneumoconiosis), 0);
        let there = |region: &str, measure, industry: Option<&str>| {
            cube.present(&code(region), (2020, measure), |own| own == industry)
        };
        assert!(
            there("140602", FigureMeasure::Accidents, Some("METALLURGY")),
            "of which no sum is open"
        );
        assert!(!there("140602", FigureMeasure::Deaths, Some("METALLURGY")));
        assert!(there("140000", FigureMeasure::Deaths, None));
        assert!(!there("140200", FigureMeasure::Deaths, None));
    }
}
