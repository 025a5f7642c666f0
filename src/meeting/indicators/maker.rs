//! The query for a sheet, the data its figures are made from, and the resulting numbers.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::{
    cube::RegionTotals,
    frame::{IndustryGroup, JudgingBasis},
    shade::{SuppressionMask, amount},
    sheet::{FigureBasis, FigureTerms, RegionDifference, SheetFigure, casualty_measures},
    signed::Signatures,
    taken::{Counts, NumberStanding},
};
use crate::{
    domain::{
        code::Coded as _,
        fraction::Fraction,
        indicator::{self, FigureFormula, Indicator, Season, YearCount},
        region::RegionCode,
    },
    meeting::below::Place,
    services::Services,
    store::meeting::figures::FigureMeasure,
};

/// The query for a sheet.
#[derive(Clone, Debug)]
pub struct SheetQuery<'a> {
    /// Calendar year of the figures.
    pub year: i32,
    /// Identifier of the plan to judge by; `None` for the nearest plan.
    pub plan: Option<&'a str>,
    /// Industries shown individually; `None` for those of the plan. Totals always cover the
    /// industries of the plan.
    pub industries: Option<Vec<String>>,
    /// Indicators to compute; `None` for all.
    pub indicators: Option<Vec<Indicator>>,
    /// The counting rules for the figures.
    pub basis: FigureBasis,
}

/// The value of an indicator, computed from its two numbers.
pub(super) fn value(indicator: Indicator, upper: YearCount, lower: YearCount) -> Option<Fraction> {
    let (upper, lower) = (upper.number()?, lower.number()?);
    if indicator.formula() == FigureFormula::Reduction {
        Fraction::reduction(lower, upper)
    } else {
        Fraction::new(upper, lower)
    }
}

/// The data that figures are made from.
pub(super) struct SheetBuilder<'a> {
    pub services: &'a Services,
    pub frame: &'a JudgingBasis,
    pub taken: &'a Counts,
    pub signed: &'a Signatures,
    pub shade: Option<&'a SuppressionMask>,
    /// For each year, the number of returns signed in time and the number due.
    pub returns: BTreeMap<i32, (i64, i64)>,
    pub asked: &'a SheetQuery<'a>,
    /// Counties of the region, each of which has to hand in records of its own, and its zones.
    pub places: Vec<Place>,
    pub today: NaiveDate,
}

impl SheetBuilder<'_> {
    /// The groups for which an indicator is shown.
    pub(super) fn groups(&self, indicator: Indicator) -> Vec<IndustryGroup> {
        let shown = |group: &IndustryGroup| match (group.industry(), &self.asked.industries) {
            (Some(code), Some(list)) => list.iter().any(|own| own == code),
            _ => true,
        };
        self.frame.groups(indicator).into_iter().filter(shown).collect()
    }

    /// A count, or the reason why there is none.
    pub(super) fn count(
        &self,
        totals: &RegionTotals<'_>,
        group: &IndustryGroup,
        year: i32,
        measures: &[FigureMeasure],
    ) -> YearCount {
        let holds = |industry: Option<&str>| self.frame.holds(group, industry);
        if !self.taken.cube.years().contains(&year) {
            return YearCount::Missing;
        }
        let mut sum = 0;
        for measure in measures {
            if self.unasked(*measure, year) {
                return YearCount::Unasked;
            }
            if self.taken.standing(*measure, holds) == NumberStanding::Closed {
                return YearCount::Closed;
            }
            // A protected count comes only from the table that is the same for everybody, and
            // nothing else about it is revealed: not even that nothing was handed in.
            match self
                .shade
                .and_then(|shade| shade.count(self.frame, totals.region(), group, (year, *measure)))
            {
                // Which employers exist is public, and so is that nothing has been handed in about
                // them.
                Some(YearCount::Known(0))
                    if amount(*measure)
                        && !self.waits(totals, group, (year, *measure)).is_empty() =>
                {
                    return YearCount::Missing;
                }
                Some(YearCount::Known(number)) => {
                    sum += number;
                    continue;
                }
                Some(other) => return other,
                None => {}
            }
            if !self.waits(totals, group, (year, *measure)).is_empty() {
                return YearCount::Missing;
            }
            sum += totals.sum(holds, year, *measure);
        }
        YearCount::Known(sum)
    }

    /// Whether a plan asks for a count only from a later year on.
    fn unasked(&self, measure: FigureMeasure, year: i32) -> bool {
        let cumulative = matches!(
            measure,
            FigureMeasure::SafetyTrained | FigureMeasure::HealthTrained | FigureMeasure::AnyTrained
        );
        cumulative && self.frame.posts.since.is_some_and(|first| year < first.year())
    }

    /// The components of an indicator's two numbers in a year: for each, the year and the measures
    /// that are added up.
    pub(super) fn made_of(
        &self,
        indicator: Indicator,
        year: i32,
    ) -> [(i32, &'static [FigureMeasure]); 2] {
        let FigureBasis { casualties, denominator, injuries, .. } = self.asked.basis;
        let base = self.frame.base_year;
        match indicator {
            Indicator::I1 => {
                [(year, &[FigureMeasure::Accidents]), (base, &[FigureMeasure::Accidents])]
            }
            Indicator::I2 => {
                [(year, casualty_measures(casualties)), (base, casualty_measures(casualties))]
            }
            Indicator::I3 => {
                [(year, &[FigureMeasure::ShortExposure]), (year, denominator.measures())]
            }
            Indicator::I4 => {
                [(year, &[FigureMeasure::SafetyTrained]), (year, &[FigureMeasure::KeyPosts])]
            }
            Indicator::I5 => {
                [(year, &[FigureMeasure::HealthTrained]), (year, &[FigureMeasure::KeyPosts])]
            }
            Indicator::I16 => {
                [(year, &[FigureMeasure::AnyTrained]), (year, &[FigureMeasure::KeyPosts])]
            }
            Indicator::I6 => [(year, injuries.measures()), (year, &[FigureMeasure::Insured])],
            Indicator::I7 => {
                [(year, &[FigureMeasure::Benefits]), (year, &[FigureMeasure::Premiums])]
            }
            Indicator::I8 => {
                [(year, &[FigureMeasure::Prevention]), (year - 1, &[FigureMeasure::Premiums])]
            }
            Indicator::I9 => {
                [(year, &[FigureMeasure::HazardsClosed]), (year, &[FigureMeasure::HazardsDue])]
            }
            Indicator::I10 => [(year, &[]), (year, &[])],
            Indicator::I11 => {
                [(year, &[FigureMeasure::PointsAbove]), (year, &[FigureMeasure::Points])]
            }
            Indicator::I15 => {
                [(year, &[FigureMeasure::MatchedVictims]), (year, &[FigureMeasure::InsuredVictims])]
            }
        }
    }

    /// The two numbers of an indicator in a year.
    pub(super) fn parts(
        &self,
        indicator: Indicator,
        totals: &RegionTotals<'_>,
        group: &IndustryGroup,
        year: i32,
    ) -> FigureTerms {
        let [upper, lower] = self
            .made_of(indicator, year)
            .map(|(year, measures)| self.count(totals, group, year, measures));
        let (upper, lower) = if indicator == Indicator::I10 {
            let (in_time, due) = self.returns.get(&year).copied().unwrap_or_default();
            (YearCount::Known(in_time), YearCount::Known(due))
        } else {
            (upper, lower)
        };
        FigureTerms {
            year,
            numerator: upper,
            denominator: lower,
            value: value(indicator, upper, lower),
        }
    }

    /// Adds all figures of a region.
    pub(super) fn figures(
        &self,
        region: &RegionCode,
        totals: &RegionTotals<'_>,
        whole: bool,
        into: &mut Vec<SheetFigure>,
    ) {
        let start = into.len();
        for &indicator in Indicator::ALL {
            let asked = self.asked.indicators.as_ref().is_none_or(|list| list.contains(&indicator));
            if !asked || (indicator == Indicator::I10 && !whole) {
                continue;
            }
            into.extend(
                self.groups(indicator)
                    .into_iter()
                    .map(|group| self.figure(indicator, region, totals, group)),
            );
        }
        let Some(own) = into.get_mut(start..) else { return };
        let outcomes: Vec<_> = own
            .iter()
            .map(|figure| (figure.indicator, figure.group.clone(), figure.judgement.outcome))
            .collect();
        for figure in own {
            let other = match figure.indicator {
                Indicator::I1 => Indicator::I2,
                Indicator::I2 => Indicator::I1,
                _ => continue,
            };
            let other =
                outcomes.iter().find(|(own, group, _)| *own == other && *group == figure.group);
            figure.together =
                other.map(|(_, _, outcome)| indicator::both(figure.judgement.outcome, *outcome));
        }
    }

    /// The year of the figures and how it relates to the plan.
    pub(super) fn season(&self) -> Season {
        let base_year = Some(self.frame.base_year);
        Season {
            year: self.asked.year,
            base_year,
            plan: self.frame.years(),
            provisional: self.open(self.asked.year),
        }
    }

    /// Whether a year is not over yet.
    pub(super) fn open(&self, year: i32) -> bool {
        year >= self.today.year()
    }

    /// Whether the count of a year is not final.
    pub(super) fn provisional(
        &self,
        indicator: Indicator,
        region: &RegionCode,
        group: &IndustryGroup,
        year: i32,
    ) -> bool {
        self.open(year) || self.unsigned(indicator, region, group, year).is_some()
    }

    pub(super) fn differences(
        &self,
        own: &RegionTotals<'_>,
        parts: &[RegionTotals<'_>],
    ) -> Vec<RegionDifference> {
        if parts.is_empty() {
            return Vec::new();
        }
        let year = self.asked.year;
        let mut found = Vec::new();
        // Each region has returns of its own, so they do not add up.
        for indicator in Indicator::ALL.iter().copied().filter(|own| *own != Indicator::I10) {
            for group in self.groups(indicator) {
                // The records of a part are added whether or not anybody is responsible for all of
                // it.
                let [(of, measures), _] = self.made_of(indicator, year);
                let holds = |industry: Option<&str>| self.frame.holds(&group, industry);
                let number = |totals: &RegionTotals<'_>| match self
                    .parts(indicator, totals, &group, year)
                    .numerator
                {
                    YearCount::Missing => {
                        Some(measures.iter().map(|measure| totals.sum(holds, of, *measure)).sum())
                    }
                    count => count.number(),
                };
                let Some(own) = self.parts(indicator, own, &group, year).numerator.number() else {
                    continue;
                };
                let Some(sum) = parts.iter().map(number).sum::<Option<i64>>() else { continue };
                if own != sum {
                    found.push(RegionDifference { indicator, group, own, sum });
                }
            }
        }
        found
    }
}
