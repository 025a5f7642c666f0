//! Counties of a region of which nobody has handed in what a figure rests on. A share or rate of the
//! others is no figure of the region: nothing is judged by it, and the counties are named.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    cube::RegionTotals,
    frame::IndustryGroup,
    gaps::{FigureGap, GapKind},
    maker::SheetBuilder,
    shade::{amount, sensitive},
};
use crate::{
    domain::{indicator::Indicator, region::RegionCode},
    store::meeting::figures::FigureMeasure,
};

impl SheetBuilder<'_> {
    /// The counties below a region that are silent about a figure, by year. Accidents and diseases
    /// are signed for by the region itself; victims may be none.
    pub(super) fn silent(
        &self,
        indicator: Indicator,
        totals: &RegionTotals<'_>,
        group: &IndustryGroup,
    ) -> Vec<FigureGap> {
        match indicator {
            Indicator::I1 | Indicator::I2 | Indicator::I3 | Indicator::I10 | Indicator::I15 => {
                return Vec::new();
            }
            Indicator::I4
            | Indicator::I5
            | Indicator::I6
            | Indicator::I7
            | Indicator::I8
            | Indicator::I9
            | Indicator::I11
            | Indicator::I16 => {}
        }
        let below: Vec<(RegionTotals<'_>, bool)> = self
            .places
            .iter()
            .filter(|place| {
                place.region != *totals.region() && totals.region().contains(&place.region)
            })
            .map(|place| (self.taken.cube.region(&place.region), place.county))
            .collect();
        let base = self.frame.base_year;
        // A rate is held against that of the base year.
        let earlier = (indicator == Indicator::I6).then(|| self.made_of(indicator, base));
        let parts = self.made_of(indicator, self.asked.year).into_iter();
        let mut silent: BTreeMap<i32, BTreeSet<RegionCode>> = BTreeMap::new();
        for (year, measures) in parts.chain(earlier.into_iter().flatten()) {
            // What a seat may only know protected, it is not told of a county either; which
            // employers exist is public. A figure that waits for everything says so itself.
            let told = |measure| self.shade.is_none() || !sensitive(measure) || amount(measure);
            let asked = measures.iter().copied().filter(|measure| {
                told(*measure) && self.waits(totals, group, (year, *measure)).is_empty()
            });
            let asked: Vec<FigureMeasure> = asked.collect();
            let waits = |(place, county): &&(RegionTotals<'_>, bool)| {
                let owed = |measure| {
                    // Posts of no industry answer for none.
                    let posts = measure == FigureMeasure::KeyPosts
                        && !self
                            .taken
                            .present_of(place.region(), year, measure, |own| own.is_some());
                    posts || !self.waits(place, group, (year, measure)).is_empty()
                };
                asked.iter().any(|measure| owed(*measure))
                    && (*county || self.holds_any(place, group, year))
            };
            let found = below.iter().filter(waits).map(|(place, _)| place.region().clone());
            silent.entry(year).or_default().extend(found);
        }
        let named = silent.into_iter().filter(|(_, regions)| !regions.is_empty());
        let gap = |(year, regions): (i32, BTreeSet<RegionCode>)| FigureGap {
            kind: GapKind::CountiesWithoutRecords,
            year,
            count: i64::try_from(regions.len()).unwrap_or(i64::MAX),
            regions: regions.into_iter().collect(),
        };
        named.map(gap).collect()
    }

    /// Whether a zone has any of the persons or employers that a figure may count.
    fn holds_any(&self, zone: &RegionTotals<'_>, group: &IndustryGroup, year: i32) -> bool {
        let holds = |industry: Option<&str>| self.frame.holds(group, industry);
        [FigureMeasure::KeyPosts, FigureMeasure::Units]
            .into_iter()
            .any(|measure| zone.sum(holds, year, measure) > 0)
    }
}
