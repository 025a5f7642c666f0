//! What charts show: lines over the years with the stair of their targets, accidents by type, by
//! place and industry, disease by exposure, measurements by factor.

use std::collections::BTreeMap;

use super::{
    cube::RegionTotals,
    frame::IndustryGroup,
    maker::SheetBuilder,
    sheet::{AccidentGrid, AccidentGridRow, LabelledCount, Series, SeriesMeasure, YearValue},
};
use crate::{
    domain::{
        code::Coded as _,
        fraction::Fraction,
        indicator::{Goal, Indicator, YearCount},
        region::RegionCode,
    },
    store::meeting::figures::{FigureMeasure, Tallied},
};

impl SeriesMeasure {
    /// The indicator whose numbers it shows.
    #[must_use]
    pub const fn indicator(self) -> Indicator {
        match self {
            Self::Accidents => Indicator::I1,
            Self::Casualties => Indicator::I2,
            Self::PneumoconiosisRatio => Indicator::I3,
            Self::SafetyTraining => Indicator::I4,
            Self::HealthTraining => Indicator::I5,
        }
    }

    const fn counts(self) -> bool {
        matches!(self, Self::Accidents | Self::Casualties)
    }
}

/// The lines of a region.
pub(super) fn series(maker: &SheetBuilder<'_>, totals: &RegionTotals<'_>) -> Vec<Series> {
    let mut lines = Vec::new();
    for &measure in SeriesMeasure::ALL {
        let indicator = measure.indicator();
        if maker.asked.indicators.as_ref().is_some_and(|list| !list.contains(&indicator)) {
            continue;
        }
        for group in maker.groups(indicator) {
            let points = maker.taken.cube.years().clone().map(|year| {
                let parts = maker.parts(indicator, totals, &group, year);
                let denominator =
                    if measure.counts() { YearCount::Known(1) } else { parts.denominator };
                YearValue {
                    year,
                    numerator: parts.numerator,
                    denominator,
                    provisional: maker.provisional(indicator, totals.region(), &group, year),
                }
            });
            let points = points.collect();
            let stair = stair(maker, measure, totals, &group);
            lines.push(Series { measure, group, points, stair });
        }
    }
    lines
}

/// What each year of the plan allows, as a count or a share.
fn stair(
    maker: &SheetBuilder<'_>,
    measure: SeriesMeasure,
    totals: &RegionTotals<'_>,
    group: &IndustryGroup,
) -> Vec<(i32, Fraction)> {
    let (indicator, base_year) = (measure.indicator(), maker.frame.base_year);
    let base = maker.parts(indicator, totals, group, base_year).numerator.number();
    let (first, last) = maker.frame.years();
    let step = |year: i32| {
        let aim = maker.frame.aim(indicator, group, year)?;
        let most = match (aim.goal, base) {
            (Goal::BelowBase, Some(base)) => Fraction::new((base - 1).max(0), 1)?,
            // The exact share of the base, which need be no whole number.
            (Goal::ReducedBy(least), Some(base)) => {
                let rest = least.rest()?;
                Fraction::new(rest.numerator().checked_mul(base)?, rest.denominator())?
            }
            (Goal::AtLeast(bound) | Goal::AtMost(bound), _) => bound,
            _ => return None,
        };
        Some((year, most))
    };
    (first..=last).filter_map(step).collect()
}

/// Accidents by subordinate region and industry.
pub(super) fn heat(
    maker: &SheetBuilder<'_>,
    below: &[RegionCode],
    parts: &[RegionTotals<'_>],
) -> AccidentGrid {
    let groups: Vec<IndustryGroup> = maker
        .groups(Indicator::I1)
        .into_iter()
        .filter(|group| group.industry().is_some())
        .collect();
    let row = |(region, totals): (&RegionCode, &RegionTotals<'_>)| {
        let count = |group: &IndustryGroup| {
            maker.count(totals, group, maker.asked.year, &[FigureMeasure::Accidents])
        };
        AccidentGridRow { region: region.clone(), counts: groups.iter().map(count).collect() }
    };
    let rows = below.iter().zip(parts).map(row).collect();
    AccidentGrid { industries: groups.iter().map(|group| group.code().to_owned()).collect(), rows }
}

/// Accidents of the key industries by type, in the coarser grouping that both editions of the
/// standard share.
pub(super) fn accident_types(
    maker: &SheetBuilder<'_>,
    totals: &RegionTotals<'_>,
    tallied: Option<&[Tallied]>,
) -> Vec<LabelledCount> {
    let Some(tallied) = tallied else { return Vec::new() };
    let (reference, year) = (&maker.services.reference, maker.asked.year);
    let known = KnownYears::of(maker, totals, &IndustryGroup::Key, FigureMeasure::Accidents);
    let table = reference.table("accident_type");
    let mut groups: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for row in
        tallied.iter().filter(|row| maker.frame.holds(&IndustryGroup::Key, row.industry.as_deref()))
    {
        let code = row.item.as_deref().unwrap_or_default();
        let known = table.and_then(|table| table.editions(code).next());
        let group = known
            .and_then(|code| code.attributes.get("common_group"))
            .map_or("OTHER", String::as_str);
        let entry = groups.entry(group).or_default();
        *if row.year == year { &mut entry.0 } else { &mut entry.1 } +=
            row.numbers.first().copied().unwrap_or_default();
    }
    let label = |group: &str| {
        let codes = table.map(|table| table.codes.as_slice()).unwrap_or_default();
        // A group is named after the type of the same code, else after all types in it.
        let own = codes.iter().find(|code| code.code == group).map(|code| code.name_zh.clone());
        own.unwrap_or_else(|| {
            let mut names: Vec<&str> = codes
                .iter()
                .filter(|code| code.attributes.get("common_group").is_some_and(|own| own == group))
                .map(|code| code.name_zh.as_str())
                .collect();
            names.truncate(2);
            names.join("、")
        })
    };
    let mut list: Vec<LabelledCount> = groups
        .into_iter()
        .map(|(group, counts)| known.tally(group, label(group), counts))
        .collect();
    list.sort_by_key(|tally| std::cmp::Reverse(tally.count.number()));
    list
}

/// New pneumoconiosis of the dust industries by years of exposure.
pub(super) fn exposure(
    maker: &SheetBuilder<'_>,
    totals: &RegionTotals<'_>,
    tallied: Option<&[Tallied]>,
    exact: bool,
) -> Vec<LabelledCount> {
    const STEPS: [(&str, &str); 6] = [
        ("0", "不足1年"),
        ("1", "1至5年"),
        ("5", "5至10年"),
        ("10", "10至20年"),
        ("20", "20年以上"),
        ("UNKNOWN", "接尘工龄不详"),
    ];
    let Some(tallied) = tallied else { return Vec::new() };
    let year = maker.asked.year;
    let known = KnownYears::of(maker, totals, &IndustryGroup::Dust, FigureMeasure::Pneumoconiosis);
    let number = |step: &str, of: i32| {
        let own = tallied.iter().filter(|row| {
            row.item.as_deref().unwrap_or("UNKNOWN") == step
                && (row.year == year) == (of == year)
                && maker.frame.holds(&IndustryGroup::Dust, row.industry.as_deref())
        });
        own.map(|row| row.numbers.first().copied().unwrap_or_default()).sum()
    };
    let all = STEPS.iter().map(|(step, label)| {
        let counts = (number(step, year), number(step, year - 1));
        let tally = known.tally(step, (*label).to_owned(), counts);
        // Parts of a share that is itself protected, along a line of their own.
        if exact {
            tally
        } else {
            LabelledCount { count: YearCount::Withheld, last_year: YearCount::Withheld, ..tally }
        }
    });
    all.collect()
}

/// Measurements by factor with those above the limit.
pub(super) fn factors(
    maker: &SheetBuilder<'_>,
    totals: &RegionTotals<'_>,
    tallied: Option<&[Tallied]>,
) -> Vec<LabelledCount> {
    let Some(tallied) = tallied else { return Vec::new() };
    let (reference, year) = (&maker.services.reference, maker.asked.year);
    let known = KnownYears::of(maker, totals, &IndustryGroup::All, FigureMeasure::Points);
    let mut factors: BTreeMap<&str, (i64, i64, i64)> = BTreeMap::new();
    for row in tallied {
        let entry = factors.entry(row.item.as_deref().unwrap_or_default()).or_default();
        let [points, above] =
            [0, 1].map(|index| row.numbers.get(index).copied().unwrap_or_default());
        if row.year == year {
            entry.0 += points;
            entry.2 += above;
        } else {
            entry.1 += points;
        }
    }
    let label = |code: &str| reference.label("hazard_factor", code).unwrap_or(code).to_owned();
    let one = |(code, (now, before, above)): (&str, (i64, i64, i64))| LabelledCount {
        above: Some(count(above, known.now)),
        ..known.tally(code, label(code), (now, before))
    };
    let mut list: Vec<LabelledCount> = factors.into_iter().map(one).collect();
    list.sort_by_key(|tally| std::cmp::Reverse(tally.above.and_then(YearCount::number)));
    list
}

/// Whether somebody answers for all of the counts of the year and of the year before. Where not, a
/// part of which there are records is told, and one of which there are none is missing.
struct KnownYears {
    now: bool,
    before: bool,
}

impl KnownYears {
    fn of(
        maker: &SheetBuilder<'_>,
        totals: &RegionTotals<'_>,
        group: &IndustryGroup,
        measure: FigureMeasure,
    ) -> Self {
        let known = |year| maker.waits(totals, group, (year, measure)).is_empty();
        Self { now: known(maker.asked.year), before: known(maker.asked.year - 1) }
    }

    fn tally(&self, item: &str, label: String, (now, before): (i64, i64)) -> LabelledCount {
        LabelledCount {
            item: item.to_owned(),
            label,
            count: count(now, self.now),
            last_year: count(before, self.before),
            above: None,
        }
    }
}

const fn count(number: i64, known: bool) -> YearCount {
    if number == 0 && !known { YearCount::Missing } else { YearCount::Known(number) }
}
