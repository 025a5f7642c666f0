//! Makes a sheet: takes the numbers, puts each figure together, and judges it.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::{
    cube::Totals,
    frame::{Frame, Group},
    punctual::punctual,
    series,
    shade::{Shade, Tables, Wanted, amount, sensitive},
    sheet::{Basis, Difference, Figure, Parts, Sheet},
    signed::Signatures,
    standing::Owed,
    taken::{Standing, Taken, Taking},
    uses::uses,
};
use crate::{
    domain::{
        accident::accident_type_edition,
        code::Coded as _,
        disease::catalogue_edition,
        fraction::Fraction,
        indicator::{self, Count, Formula, Indicator, Renamed, Season},
        region::RegionCode,
    },
    error::HubError,
    meeting::{plans::Plans, returns::Sitting},
    services::Services,
    store::{
        meeting::figures::{By, Measure},
        reference::Reference,
    },
};

/// Before it nothing is counted.
const FIRST_YEAR: i32 = 2010;

/// Most years between the base year and the year asked for.
const MOST_YEARS: i32 = 15;

/// What a sheet is asked for.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// Year.
    pub year: i32,
    /// Identifier of the plan; the nearest otherwise.
    pub plan: Option<&'a str>,
    /// Industries shown one by one; those of the plan otherwise. Sums are always over those of the plan.
    pub industries: Option<Vec<String>>,
    /// Indicators; all otherwise.
    pub indicators: Option<Vec<Indicator>>,
    /// What the figures rest on.
    pub basis: Basis,
}

/// The sheet of the region whose table somebody sits at.
///
/// # Errors
///
/// [`HubError::Invalid`] for a year that has not begun, a plan that is not there or does not hold in the region, or an
/// industry that is none; [`HubError::Forbidden`] when the actor reads no records.
pub async fn sheet(sitting: &Sitting<'_>, asked: &Asked<'_>) -> Result<Sheet, HubError> {
    let Sitting { services, rules, actor, seat, .. } = *sitting;
    let (today, plans) = (sitting.today(), &rules.plans);
    let (region, year) = (seat.region(), asked.year);
    let frame = framed(services, plans, region, asked, today)?;
    check(&services.reference, asked)?;
    let first = frame.base_year.min(year - 1);
    if year - first > MOST_YEARS {
        return Err(HubError::invalid(
            format!("年份 {year} 距基准年 {} 过远，最多 {MOST_YEARS} 年。", frame.base_year),
            format!("{year} is too far from the base year {}: at most {MOST_YEARS} years.", frame.base_year),
        ));
    }
    let mark = services.database.feed_horizon().await?;
    let renamed = renamed(&services.reference);
    let (posts, disease_year) = (&frame.posts, asked.basis.disease_year);
    let taking = Taking { services, actor, seat, posts, disease_year, region, years: first..=year, today };
    let below = subordinate(&services.reference, region, year);
    let regions: Vec<&RegionCode> = std::iter::once(region).chain(&below).collect();
    let wanted = |measure: Measure| asked.indicators.as_ref().is_none_or(|list| list.iter().any(|own| uses(*own, measure)));
    let shaded = async {
        if seat.exact() {
            return Ok(None);
        }
        let measures = |measure| wanted(measure) && sensitive(measure);
        let (years, renamed) = (first..=year, &renamed);
        let tables = Tables { services, plans, seat, posts, disease_year, years, today, renamed };
        rules.shades.shade(&Wanted { tables, actor, measures: &measures }).await.map(Some)
    };
    let (taken, shade, signed, returns, accident_types, exposure, factors) = tokio::try_join!(
        taking.take(&wanted, &renamed),
        shaded,
        Signatures::of(services, plans, seat, &regions, (first, year), today.year()),
        punctual(sitting),
        taking.tally(entity::accident::names::FAMILY, By::AccidentType, year - 1..=year),
        taking.tally(entity::occupational_disease_case::names::FAMILY, By::ExposureYears, year - 1..=year),
        taking.tally(entity::exposure_measurement::names::FAMILY, By::Factor, year - 1..=year),
    )?;
    let maker = Maker { services, frame: &frame, taken: &taken, signed: &signed, shade: shade.as_ref(), returns, asked, today };
    let mut figures = Vec::new();
    let own = taken.cube.region(region);
    maker.figures(region, &own, true, &mut figures);
    let mut parts = Vec::with_capacity(below.len());
    for region in &below {
        let totals = taken.cube.region(region);
        maker.figures(region, &totals, false, &mut figures);
        parts.push(totals);
    }
    let exact = shade.as_ref().is_none_or(|shade| shade.listed(&frame, &Group::Dust, Measure::Pneumoconiosis));
    let differences = maker.differences(&own, &parts);
    let (series, heat) = (series::series(&maker, &own), series::heat(&maker, &below, &parts));
    let days = [NaiveDate::from_ymd_opt(first, 1, 1), NaiveDate::from_ymd_opt(year, 12, 31)];
    let editions = |edition: fn(NaiveDate) -> &'static str| {
        let mut found: Vec<&'static str> = days.iter().flatten().map(|day| edition(*day)).collect();
        found.dedup();
        found
    };
    Ok(Sheet {
        region: region.clone(),
        year,
        basis: asked.basis,
        provisional: maker.open(year) || figures.iter().any(|own| own.region == *region && own.aim.is_some() && own.provisional),
        protected: !seat.exact(),
        position: mark.sealed(&services.seal, "indicators")?,
        accident_type_editions: editions(accident_type_edition),
        disease_editions: editions(catalogue_edition),
        figures,
        differences,
        series,
        accident_types: series::accident_types(&services.reference, &frame, accident_types.as_deref(), year),
        heat,
        exposure: series::exposure(&frame, exposure.as_deref(), year, exact),
        factors: series::factors(&services.reference, factors.as_deref(), year),
        below,
        frame,
    })
}

fn framed(services: &Services, plans: &Plans, region: &RegionCode, asked: &Asked<'_>, today: NaiveDate) -> Result<Frame, HubError> {
    if asked.year < FIRST_YEAR {
        return Err(HubError::invalid(
            format!("没有 {} 年的指标；最早为 {FIRST_YEAR} 年。", asked.year),
            format!("There are no indicators of {}; the first year is {FIRST_YEAR}.", asked.year),
        ));
    }
    if asked.year > today.year() {
        return Err(HubError::invalid(
            format!("{} 年尚未开始，没有数据可汇总。", asked.year),
            format!("{} has not begun, so there is nothing to count.", asked.year),
        ));
    }
    let plan = match asked.plan {
        None => None,
        Some(id) => match plans.get(id).filter(|plan| plan.holds_in(region)) {
            Some(plan) => Some(plan),
            None => {
                return Err(HubError::invalid(
                    format!("没有适用于 {region} 的方案 {id}。请用 plans(region: \"{region}\") 查看可用的方案。"),
                    format!("No plan {id} holds in {region}. See plans(region: \"{region}\")."),
                ));
            }
        },
    };
    Ok(Frame::new(plans, &services.reference, region, asked.year, plan))
}

fn check(reference: &Reference, asked: &Asked<'_>) -> Result<(), HubError> {
    let table = reference.table("key_industry");
    let unknown = |code: &&String| table.is_none_or(|table| table.editions(code).next().is_none());
    match asked.industries.iter().flatten().find(unknown) {
        None => Ok(()),
        Some(code) => Err(HubError::invalid(format!("没有重点行业 {code}。"), format!("There is no key industry {code}."))),
    }
}

/// Codes that were replaced.
pub(super) fn renamed(reference: &Reference) -> Renamed {
    let rows = |table: &str| reference.table(table).map(|table| table.codes.as_slice()).unwrap_or_default().iter();
    // A code that holds today is that of its region, also where an older list gives it a successor.
    let current =
        |code: &str| reference.table("region").is_some_and(|table| table.editions(code).any(|own| own.valid_to.is_none()));
    let replaced = rows("region").chain(rows("abolished_region"));
    replaced.filter(|code| !current(&code.code)).filter_map(|code| Some((code.code.clone(), code.replaced_by.clone()?))).collect()
}

/// Regions right below one in a year: cities of a province, counties and zones of a city.
fn subordinate(reference: &Reference, region: &RegionCode, year: i32) -> Vec<RegionCode> {
    let codes = reference.table("region").map(|table| table.codes.as_slice()).unwrap_or_default();
    let day = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_default();
    let below = codes.iter().filter(|code| code.parent.as_deref() == Some(region.as_str()));
    let now = below.filter(|code| {
        code.valid_to.is_none_or(|last| last >= day || code.replaced_by.is_none())
            && code.valid_from.is_none_or(|first| first <= day)
    });
    let mut found: Vec<RegionCode> = now.filter_map(|code| RegionCode::parse(&code.code).ok()).collect();
    found.sort();
    found.dedup();
    found
}

/// What follows from the two numbers of an indicator.
pub(super) fn value(indicator: Indicator, upper: Count, lower: Count) -> Option<Fraction> {
    let (upper, lower) = (upper.number()?, lower.number()?);
    if indicator.formula() == Formula::Reduction { Fraction::reduction(lower, upper) } else { Fraction::new(upper, lower) }
}

/// What figures are made from.
pub(super) struct Maker<'a> {
    pub services: &'a Services,
    pub frame: &'a Frame,
    pub taken: &'a Taken,
    pub signed: &'a Signatures,
    pub shade: Option<&'a Shade>,
    /// Returns of a year: in time, and due.
    pub returns: BTreeMap<i32, (i64, i64)>,
    pub asked: &'a Asked<'a>,
    pub today: NaiveDate,
}

impl Maker<'_> {
    /// Groups of an indicator that are shown.
    pub(super) fn groups(&self, indicator: Indicator) -> Vec<Group> {
        let shown = |group: &Group| match (group.industry(), &self.asked.industries) {
            (Some(code), Some(list)) => list.iter().any(|own| own == code),
            _ => true,
        };
        self.frame.groups(indicator).into_iter().filter(shown).collect()
    }

    /// A number, or why there is none.
    pub(super) fn count(&self, totals: &Totals<'_>, group: &Group, year: i32, measures: &[Measure]) -> Count {
        let holds = |industry: Option<&str>| self.frame.holds(group, industry);
        if !self.taken.cube.years().contains(&year) {
            return Count::Missing;
        }
        let mut sum = 0;
        for measure in measures {
            if self.unasked(*measure, year) {
                return Count::Unasked;
            }
            if self.taken.standing(*measure, holds) == Standing::Closed {
                return Count::Closed;
            }
            // What is protected is told by the table that is the same for everybody, and nothing else of it: not even that
            // nothing was handed in.
            match self.shade.and_then(|shade| shade.count(self.frame, totals.region(), group, (year, *measure))) {
                // Which employers there are is public, and so is that nobody has handed in anything of them.
                Some(Count::Known(0)) if amount(*measure) && self.waits(totals, group, year, *measure).is_some() => {
                    return Count::Missing;
                }
                Some(Count::Known(number)) => {
                    sum += number;
                    continue;
                }
                Some(other) => return other,
                None => {}
            }
            if self.waits(totals, group, year, *measure).is_some() {
                return Count::Missing;
            }
            sum += totals.sum(holds, year, *measure);
        }
        Count::Known(sum)
    }

    /// What a count waits for.
    pub(super) fn waits(&self, totals: &Totals<'_>, group: &Group, year: i32, measure: Measure) -> Option<Owed> {
        let number = |industry: &str, of: Measure| totals.sum(|own| own == Some(industry), year, of);
        self.owed(totals.region(), group, (year, measure), &number)
    }

    /// Whether a plan asks for a count only from a later year on.
    fn unasked(&self, measure: Measure, year: i32) -> bool {
        let cumulative = matches!(measure, Measure::SafetyTrained | Measure::HealthTrained | Measure::AnyTrained);
        cumulative && self.frame.posts.since.is_some_and(|first| year < first.year())
    }

    /// What the two numbers of an indicator in a year are made of: the year of each, and the measures that are added up.
    pub(super) fn made_of(&self, indicator: Indicator, year: i32) -> [(i32, &'static [Measure]); 2] {
        let Basis { casualties, denominator, injuries, .. } = self.asked.basis;
        let base = self.frame.base_year;
        match indicator {
            Indicator::I1 => [(year, &[Measure::Accidents]), (base, &[Measure::Accidents])],
            Indicator::I2 => [(year, casualties.measures()), (base, casualties.measures())],
            Indicator::I3 => [(year, &[Measure::ShortExposure]), (year, denominator.measures())],
            Indicator::I4 => [(year, &[Measure::SafetyTrained]), (year, &[Measure::KeyPosts])],
            Indicator::I5 => [(year, &[Measure::HealthTrained]), (year, &[Measure::KeyPosts])],
            Indicator::I16 => [(year, &[Measure::AnyTrained]), (year, &[Measure::KeyPosts])],
            Indicator::I6 => [(year, injuries.measures()), (year, &[Measure::Insured])],
            Indicator::I7 => [(year, &[Measure::Benefits]), (year, &[Measure::Premiums])],
            Indicator::I8 => [(year, &[Measure::Prevention]), (year - 1, &[Measure::Premiums])],
            Indicator::I9 => [(year, &[Measure::HazardsClosed]), (year, &[Measure::HazardsDue])],
            Indicator::I10 => [(year, &[]), (year, &[])],
            Indicator::I11 => [(year, &[Measure::PointsAbove]), (year, &[Measure::Points])],
            Indicator::I15 => [(year, &[Measure::MatchedVictims]), (year, &[Measure::InsuredVictims])],
        }
    }

    /// The two numbers of an indicator in a year.
    pub(super) fn parts(&self, indicator: Indicator, totals: &Totals<'_>, group: &Group, year: i32) -> Parts {
        let [upper, lower] = self.made_of(indicator, year).map(|(year, measures)| self.count(totals, group, year, measures));
        let (upper, lower) = if indicator == Indicator::I10 {
            let (in_time, due) = self.returns.get(&year).copied().unwrap_or_default();
            (Count::Known(in_time), Count::Known(due))
        } else {
            (upper, lower)
        };
        Parts { year, numerator: upper, denominator: lower, value: value(indicator, upper, lower) }
    }

    /// All figures of a region.
    fn figures(&self, region: &RegionCode, totals: &Totals<'_>, whole: bool, into: &mut Vec<Figure>) {
        let start = into.len();
        for &indicator in Indicator::ALL {
            let asked = self.asked.indicators.as_ref().is_none_or(|list| list.contains(&indicator));
            if !asked || (indicator == Indicator::I10 && !whole) {
                continue;
            }
            into.extend(self.groups(indicator).into_iter().map(|group| self.figure(indicator, region, totals, group)));
        }
        let Some(own) = into.get_mut(start..) else { return };
        let outcomes: Vec<_> =
            own.iter().map(|figure| (figure.indicator, figure.group.clone(), figure.judgement.outcome)).collect();
        for figure in own {
            let other = match figure.indicator {
                Indicator::I1 => Indicator::I2,
                Indicator::I2 => Indicator::I1,
                _ => continue,
            };
            let other = outcomes.iter().find(|(own, group, _)| *own == other && *group == figure.group);
            figure.together = other.map(|(_, _, outcome)| indicator::both(figure.judgement.outcome, *outcome));
        }
    }

    /// When the figures are from.
    pub(super) fn season(&self) -> Season {
        let base_year = Some(self.frame.base_year);
        Season { year: self.asked.year, base_year, plan: self.frame.years(), provisional: self.open(self.asked.year) }
    }

    /// Whether a year is not over.
    pub(super) fn open(&self, year: i32) -> bool {
        year >= self.today.year()
    }

    /// Whether the number of a year is not final.
    pub(super) fn provisional(&self, indicator: Indicator, region: &RegionCode, group: &Group, year: i32) -> bool {
        self.open(year) || self.unsigned(indicator, region, group, year).is_some()
    }

    fn differences(&self, own: &Totals<'_>, parts: &[Totals<'_>]) -> Vec<Difference> {
        if parts.is_empty() {
            return Vec::new();
        }
        let year = self.asked.year;
        let mut found = Vec::new();
        // Each region has returns of its own, which do not add up.
        for indicator in Indicator::ALL.iter().copied().filter(|own| *own != Indicator::I10) {
            for group in self.groups(indicator) {
                // The records of a part are added whether or not anybody answers for all of it.
                let [(of, measures), _] = self.made_of(indicator, year);
                let holds = |industry: Option<&str>| self.frame.holds(&group, industry);
                let number = |totals: &Totals<'_>| match self.parts(indicator, totals, &group, year).numerator {
                    Count::Missing => Some(measures.iter().map(|measure| totals.sum(holds, of, *measure)).sum()),
                    count => count.number(),
                };
                let Some(own) = self.parts(indicator, own, &group, year).numerator.number() else { continue };
                let Some(sum) = parts.iter().map(number).sum::<Option<i64>>() else { continue };
                if own != sum {
                    found.push(Difference { indicator, group, own, sum });
                }
            }
        }
        found
    }
}
