//! Numbers by region, industry, year and measure, to be added up along any of them.
//!
//! The smallest parts are what the store counted: places as the records have them, so that what a
//! city runs itself, or a zone without a code of its own, lies in the city and in none of its
//! counties.

use std::{collections::BTreeMap, ops::RangeInclusive};

use crate::{
    domain::{indicator::Renamed, region::RegionCode},
    store::meeting::figures::{CountedFigures, FigureMeasure},
};

/// Numbers of one place: industry × year × measure.
type Plane = Vec<i64>;

/// All numbers of a sheet.
#[derive(Clone, Debug)]
pub struct NumberCube {
    /// Codes of the industries; the last place is for records of none of them.
    industries: Vec<String>,
    years: RangeInclusive<i32>,
    places: BTreeMap<String, Plane>,
}

impl NumberCube {
    /// An empty cube.
    #[must_use]
    pub const fn new(industries: Vec<String>, years: RangeInclusive<i32>) -> Self {
        Self { industries, years, places: BTreeMap::new() }
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

    /// Adds what the store counted; a region that was renamed counts where it is now.
    pub fn add(
        &mut self,
        measures: &[FigureMeasure],
        counted: &[CountedFigures],
        renamed: &Renamed,
    ) {
        let size = (self.industries.len() + 1) * self.span() * FigureMeasure::COUNT;
        for row in counted {
            let Some(region) = row.region.as_deref() else { continue };
            let industry = self.place_of(row.industry.as_deref());
            let Some(start) = self.start(industry, row.year) else { continue };
            let region = renamed.now(region);
            if !self.places.contains_key(region) {
                self.places.insert(region.to_owned(), vec![0; size]);
            }
            let Some(plane) = self.places.get_mut(region) else { continue };
            for (measure, number) in measures.iter().zip(&row.numbers) {
                if let Some(cell) = plane.get_mut(start + *measure as usize) {
                    *cell += number;
                }
            }
        }
    }

    /// The numbers of a region: all places in it together.
    #[must_use]
    pub fn region(&self, region: &RegionCode) -> RegionTotals<'_> {
        let mut plane: Plane =
            vec![0; (self.industries.len() + 1) * self.span() * FigureMeasure::COUNT];
        let prefix = region.prefix();
        for (_, part) in
            self.places.range(prefix.to_owned()..).take_while(|(code, _)| code.starts_with(prefix))
        {
            plane.iter_mut().zip(part).for_each(|(sum, number)| *sum += number);
        }
        RegionTotals { cube: self, region: region.clone(), plane }
    }

    /// Each place of the records with its numbers.
    pub fn each(&self) -> impl Iterator<Item = RegionTotals<'_>> {
        let known = |(code, plane): (&'_ String, &Plane)| {
            let region = RegionCode::parse(code).ok()?;
            Some(RegionTotals { cube: self, region, plane: plane.clone() })
        };
        self.places.iter().filter_map(known)
    }

    fn span(&self) -> usize {
        usize::try_from(self.years.end() - self.years.start() + 1).unwrap_or_default()
    }

    fn place_of(&self, industry: Option<&str>) -> usize {
        industry
            .and_then(|code| self.industries.iter().position(|own| own == code))
            .unwrap_or(self.industries.len())
    }

    fn start(&self, industry: usize, year: i32) -> Option<usize> {
        let year = self
            .years
            .contains(&year)
            .then(|| usize::try_from(year - self.years.start()).ok())??;
        Some((industry * self.span() + year) * FigureMeasure::COUNT)
    }
}

/// The numbers of a region.
#[derive(Clone, Debug)]
pub struct RegionTotals<'a> {
    cube: &'a NumberCube,
    region: RegionCode,
    plane: Plane,
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
        let named = self
            .cube
            .industries
            .iter()
            .map(|code| Some(code.as_str()))
            .chain(std::iter::once(None));
        let number = |(place, industry): (usize, Option<&str>)| {
            let start = if holds(industry) { self.cube.start(place, year)? } else { return None };
            self.plane.get(start + measure as usize)
        };
        named.enumerate().filter_map(number).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::NumberCube;
    use crate::{
        domain::{indicator::Renamed, region::RegionCode},
        store::meeting::figures::{CountedFigures, FigureMeasure},
    };

    fn row(region: &str, industry: Option<&str>, year: i32, number: i64) -> CountedFigures {
        CountedFigures {
            region: Some(region.to_owned()),
            industry: industry.map(ToOwned::to_owned),
            year,
            numbers: vec![number],
        }
    }

    #[test]
    fn a_city_holds_its_counties_itself_and_what_was_renamed_into_it() {
        let mut cube = NumberCube::new(vec!["COAL_MINE".to_owned()], 2019..=2021);
        let renamed: Renamed = [("140624".to_owned(), "140681".to_owned())].into_iter().collect();
        let rows = [
            row("140600", Some("COAL_MINE"), 2019, 1),
            row("140602", Some("COAL_MINE"), 2019, 2),
            row("140602", Some("OTHER"), 2019, 4),
            row("140602", None, 2020, 8),
            row("140624", Some("COAL_MINE"), 2019, 16),
            row("140212", Some("COAL_MINE"), 2019, 32),
            row("140602", Some("COAL_MINE"), 2018, 64),
        ];
        cube.add(&[FigureMeasure::Accidents], &rows, &renamed);
        let sum = |code: &str, year, industry: Option<&str>| {
            let region = RegionCode::parse(code).expect("a region");
            cube.region(&region).sum(
                |own| industry.is_none_or(|code| own == Some(code)),
                year,
                FigureMeasure::Accidents,
            )
        };
        assert_eq!(sum("140600", 2019, Some("COAL_MINE")), 1 + 2 + 16);
        assert_eq!(sum("140600", 2019, None), 1 + 2 + 4 + 16);
        assert_eq!(sum("140600", 2020, None), 8);
        assert_eq!(sum("140681", 2019, None), 16, "怀仁县 became 怀仁市");
        assert_eq!(sum("140624", 2019, None), 0);
        assert_eq!(sum("140000", 2019, Some("COAL_MINE")), 1 + 2 + 16 + 32);
        assert_eq!(sum("140602", 2018, None), 0, "before the first year");
    }
}
