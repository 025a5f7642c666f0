//! Counts added up for every region: made once of the rows that were counted, and kept as long as
//! they are.

use std::{
    collections::HashMap,
    ops::{Deref, RangeInclusive},
    sync::OnceLock,
};

use super::CountedFigures;
use crate::domain::{indicator::Renamed, region::RegionCode};

/// Rows that were counted, with what they add up to.
#[derive(Debug, Default)]
pub struct CountedRows {
    rows: Box<[CountedFigures]>,
    sums: OnceLock<RegionSums>,
}

/// What sums are told apart by.
#[derive(Clone, Debug)]
pub struct SumFrame<'a> {
    /// Codes of the industries; what belongs to none of them is told apart as well.
    pub industries: &'a [String],
    /// Calendar years, both ends included.
    pub years: RangeInclusive<i32>,
    /// Successors of codes that were replaced: a region that was renamed counts where it is now.
    pub renamed: &'a Renamed,
}

/// The sums of all regions with records, those of a region holding all places in it.
///
/// The smallest parts are places as the records have them: what a city runs itself, or a zone
/// without a code of its own, lies in the city and in none of its counties.
#[derive(Debug)]
pub struct RegionSums {
    years: RangeInclusive<i32>,
    width: usize,
    regions: HashMap<String, RegionPlane>,
}

/// The sums of a region.
#[derive(Debug)]
pub struct RegionPlane {
    /// For each industry and year where its numbers begin, counted from one; zero where there are
    /// none.
    starts: Box<[u32]>,
    numbers: Vec<i64>,
    /// Of each group of numbers which of them any row has, a bit each.
    there: Vec<u64>,
}

impl Deref for CountedRows {
    type Target = [CountedFigures];

    fn deref(&self) -> &Self::Target {
        &self.rows
    }
}

impl FromIterator<CountedFigures> for CountedRows {
    fn from_iter<I: IntoIterator<Item = CountedFigures>>(rows: I) -> Self {
        Self { rows: rows.into_iter().collect(), sums: OnceLock::new() }
    }
}

impl CountedRows {
    /// What the rows add up to. The statement that counted them names the years, and the code
    /// tables stay as they are while the hub runs: whoever asks brings the same frame.
    pub fn sums(&self, frame: &SumFrame<'_>) -> &RegionSums {
        self.sums.get_or_init(|| RegionSums::of(&self.rows, frame))
    }
}

impl RegionSums {
    fn of(rows: &[CountedFigures], frame: &SumFrame<'_>) -> Self {
        let width = rows.first().map_or(0, |row| row.numbers.len());
        let industries: HashMap<&str, usize> = frame
            .industries
            .iter()
            .enumerate()
            .map(|(place, code)| (code.as_str(), place))
            .collect();
        let mut sums = Self { years: frame.years.clone(), width, regions: HashMap::new() };
        for row in rows {
            let own = row.region.as_deref().map(|code| RegionCode::parse(frame.renamed.now(code)));
            let Some(Ok(own)) = own else { continue };
            let industry = row.industry.as_deref().and_then(|code| industries.get(code).copied());
            let Some(place) = sums.place(industry.unwrap_or(industries.len()), row.year) else {
                continue;
            };
            let above = [Some(own.province()), own.city()].into_iter().flatten();
            for region in above.filter(|region| *region != own).chain([own.clone()]) {
                let size = (industries.len() + 1) * sums.span();
                let plane =
                    sums.regions.entry(region.as_str().to_owned()).or_insert_with(|| RegionPlane {
                        starts: vec![0; size].into(),
                        numbers: Vec::new(),
                        there: Vec::new(),
                    });
                plane.add(place, &row.numbers);
            }
        }
        sums
    }

    /// The sums of a region; nothing where it has no records.
    #[must_use]
    pub fn region(&self, region: &RegionCode) -> Option<&RegionPlane> {
        self.regions.get(region.as_str())
    }

    /// A number of an industry, by its place in the list, in a year.
    #[must_use]
    pub fn number(
        &self,
        plane: &RegionPlane,
        (industry, year): (usize, i32),
        number: usize,
    ) -> i64 {
        let group = self.place(industry, year).and_then(|place| plane.group(place));
        group.and_then(|group| plane.numbers.get(group * self.width + number)).copied().unwrap_or(0)
    }

    /// Whether any row has such a number.
    #[must_use]
    pub fn has(&self, plane: &RegionPlane, (industry, year): (usize, i32), number: usize) -> bool {
        let group = self.place(industry, year).and_then(|place| plane.group(place));
        group.and_then(|group| plane.there.get(group)).is_some_and(|bits| bits >> number & 1 == 1)
    }

    fn span(&self) -> usize {
        usize::try_from(self.years.end() - self.years.start() + 1).unwrap_or_default()
    }

    fn place(&self, industry: usize, year: i32) -> Option<usize> {
        let year = self
            .years
            .contains(&year)
            .then(|| usize::try_from(year - self.years.start()).ok())??;
        Some(industry * self.span() + year)
    }
}

impl RegionPlane {
    fn group(&self, place: usize) -> Option<usize> {
        let start = usize::try_from(*self.starts.get(place)?).ok()?;
        start.checked_sub(1)
    }

    fn add(&mut self, place: usize, numbers: &[i64]) {
        let group = self.group(place).unwrap_or_else(|| {
            self.there.push(0);
            self.numbers.extend(numbers.iter().map(|_| 0));
            if let Some(start) = self.starts.get_mut(place) {
                *start = u32::try_from(self.there.len()).unwrap_or_default();
            }
            self.there.len() - 1
        });
        let own = self.numbers.iter_mut().skip(group * numbers.len());
        own.zip(numbers).for_each(|(sum, number)| *sum += number);
        if let Some(bits) = self.there.get_mut(group) {
            let there = numbers.iter().enumerate().filter(|(_, number)| **number > 0);
            there.for_each(|(number, _)| {
                *bits |= 1_u64.checked_shl(u32::try_from(number).unwrap_or(64)).unwrap_or(0)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CountedFigures, CountedRows, SumFrame};
    use crate::domain::{indicator::Renamed, region::RegionCode};

    fn row(region: &str, industry: Option<&str>, year: i32, number: i64) -> CountedFigures {
        CountedFigures {
            region: Some(region.to_owned()),
            industry: industry.map(ToOwned::to_owned),
            year,
            numbers: vec![0, number],
        }
    }

    #[test]
    fn a_city_holds_its_counties_itself_and_what_was_renamed_into_it() {
        let renamed: Renamed = [("140624".to_owned(), "140681".to_owned())].into_iter().collect();
        let industries = ["COAL_MINE".to_owned()];
        let rows: CountedRows = [
            row("140600", Some("COAL_MINE"), 2019, 1),
            row("140602", Some("COAL_MINE"), 2019, 2),
            row("140602", Some("OTHER"), 2019, 4),
            row("140602", None, 2020, 8),
            row("140624", Some("COAL_MINE"), 2019, 16),
            row("140212", Some("COAL_MINE"), 2019, 32),
            row("140602", Some("COAL_MINE"), 2018, 64),
            row("1406Z1", Some("COAL_MINE"), 2019, -128),
            row("none", Some("COAL_MINE"), 2019, 256),
        ]
        .into_iter()
        .collect();
        let frame = SumFrame { industries: &industries, years: 2019..=2021, renamed: &renamed };
        let sums = rows.sums(&frame);
        let number = |code: &str, year, industry| {
            let plane = sums.region(&RegionCode::parse(code).expect("a region"))?;
            Some((
                sums.number(plane, (industry, year), 1),
                [0, 1].map(|number| sums.has(plane, (industry, year), number)),
            ))
        };
        let there = [false, true];
        assert_eq!(number("140600", 2019, 0), Some((1 + 2 + 16 - 128, there)));
        assert_eq!(number("140600", 2019, 1), Some((4, there)));
        assert_eq!(number("140600", 2020, 1), Some((8, there)));
        assert_eq!(number("140681", 2019, 0), Some((16, there)), "怀仁县 became 怀仁市");
        assert_eq!(number("140624", 2019, 0), None);
        assert_eq!(number("140000", 2019, 0), Some((1 + 2 + 16 + 32 - 128, there)));
        assert_eq!(number("140602", 2021, 0), Some((0, [false, false])));
        assert_eq!(number("140602", 2018, 0), Some((0, [false, false])), "before the first year");
        assert_eq!(number("1406Z1", 2019, 0), Some((-128, [false, false])));
    }
}
