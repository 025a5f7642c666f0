//! Makes a sheet: takes the numbers of the region and of those below it, and puts its figures
//! together.

use chrono::{Datelike, NaiveDate};

use super::{
    frame::{IndustryGroup, JudgingBasis},
    maker::{SheetBuilder, SheetQuery},
    punctual::punctual,
    series,
    shade::{TableRequest, Tables, sensitive},
    sheet::FigureSheet,
    signed::Signatures,
    taken::CountQuery,
    uses::uses,
};
use crate::{
    domain::{
        accident::accident_type_edition, disease::catalogue_edition, indicator::Renamed,
        region::RegionCode,
    },
    error::HubError,
    meeting::{below, plans::PlanSet, returns::MeetingContext},
    services::Services,
    store::{
        meeting::figures::{By, FigureMeasure},
        reference::Reference,
    },
};

/// Before it nothing is counted.
const FIRST_YEAR: i32 = 2010;

/// Most years between the base year and the year asked for.
const MOST_YEARS: i32 = 15;

/// The sheet of the region whose table somebody sits at.
///
/// # Errors
///
/// [`HubError::Invalid`] for a year that has not begun, a plan that is not there or does not hold
/// in the region, or an industry that the plan does not list; [`HubError::Forbidden`] when the actor reads no
/// records.
pub async fn sheet(
    sitting: &MeetingContext<'_>,
    asked: &SheetQuery<'_>,
) -> Result<FigureSheet, HubError> {
    let MeetingContext { services, rules, actor, seat, .. } = *sitting;
    let (today, plans) = (sitting.today(), &rules.plans);
    let (region, year) = (seat.region(), asked.year);
    let frame = framed(services, plans, region, asked, today)?;
    check(&frame, asked)?;
    let first = frame.base_year.min(year - 1);
    if year - first > MOST_YEARS {
        return Err(HubError::invalid(
            format!("年份 {year} 距基准年 {} 过远，最多 {MOST_YEARS} 年。", frame.base_year),
            format!(
                "{year} is too far from the base year {}: at most {MOST_YEARS} years.",
                frame.base_year
            ),
        ));
    }
    let mark = services.database.feed_horizon().await?;
    let renamed = renamed(&services.reference);
    let (posts, disease_year) = (&frame.posts, asked.basis.disease_year);
    let taking = CountQuery {
        services,
        actor,
        seat,
        posts,
        disease_year,
        region,
        years: first..=year,
        today,
    };
    let below = below::next(&services.reference, region, year);
    let regions: Vec<&RegionCode> = std::iter::once(region).chain(&below).collect();
    let wanted = |measure: FigureMeasure| {
        asked.indicators.as_ref().is_none_or(|list| list.iter().any(|own| uses(*own, measure)))
    };
    let shaded = async {
        if seat.exact() {
            return Ok(None);
        }
        let measures = |measure| wanted(measure) && sensitive(measure);
        let (years, renamed) = (first..=year, &renamed);
        let tables = Tables { services, plans, seat, posts, disease_year, years, today, renamed };
        rules.shades.shade(&TableRequest { tables, actor, measures: &measures }).await.map(Some)
    };
    let (taken, shade, signed, returns, accident_types, exposure, factors) = tokio::try_join!(
        taking.take(&wanted, &renamed),
        shaded,
        Signatures::of(services, plans, seat, &regions, (first, year), today.year()),
        punctual(sitting),
        taking.tally(entity::accident::names::FAMILY, By::AccidentType, year - 1..=year),
        taking.tally(
            entity::occupational_disease_case::names::FAMILY,
            By::ExposureYears,
            year - 1..=year
        ),
        taking.tally(entity::exposure_measurement::names::FAMILY, By::Factor, year - 1..=year),
    )?;
    let maker = SheetBuilder {
        services,
        frame: &frame,
        taken: &taken,
        signed: &signed,
        shade: shade.as_ref(),
        returns,
        asked,
        places: below::places(&services.reference, region, year),
        today,
    };
    let mut figures = Vec::new();
    let own = taken.cube.region(region);
    maker.figures(region, &own, true, &mut figures);
    let mut parts = Vec::with_capacity(below.len());
    for region in &below {
        let totals = taken.cube.region(region);
        maker.figures(region, &totals, false, &mut figures);
        parts.push(totals);
    }
    let exact = shade.as_ref().is_none_or(|shade| {
        shade.listed(&frame, &IndustryGroup::Dust, FigureMeasure::Pneumoconiosis)
    });
    let differences = maker.differences(&own, &parts);
    let (series, heat) = (series::series(&maker, &own), series::heat(&maker, &below, &parts));
    let days = [NaiveDate::from_ymd_opt(first, 1, 1), NaiveDate::from_ymd_opt(year, 12, 31)];
    let editions = |edition: fn(NaiveDate) -> &'static str| {
        let mut found: Vec<&'static str> = days.iter().flatten().map(|day| edition(*day)).collect();
        found.dedup();
        found
    };
    Ok(FigureSheet {
        region: region.clone(),
        year,
        basis: asked.basis,
        provisional: maker.open(year)
            || figures
                .iter()
                .any(|own| own.region == *region && own.aim.is_some() && own.provisional),
        protected: !seat.exact(),
        position: mark.sealed(&services.seal, "indicators")?,
        accident_type_editions: editions(accident_type_edition),
        disease_editions: editions(catalogue_edition),
        figures,
        differences,
        series,
        accident_types: series::accident_types(&maker, &own, accident_types.as_deref()),
        heat,
        exposure: series::exposure(&maker, &own, exposure.as_deref(), exact),
        factors: series::factors(&maker, &own, factors.as_deref()),
        below,
        frame,
    })
}

fn framed(
    services: &Services,
    plans: &PlanSet,
    region: &RegionCode,
    asked: &SheetQuery<'_>,
    today: NaiveDate,
) -> Result<JudgingBasis, HubError> {
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
                    format!(
                        "没有适用于 {region} 的方案 {id}。请用 plans(region: \"{region}\") 查看可用的方案。"
                    ),
                    format!("No plan {id} holds in {region}. See plans(region: \"{region}\")."),
                ));
            }
        },
    };
    Ok(JudgingBasis::new(plans, &services.reference, region, asked.year, plan))
}

/// Refuses an industry that the plan does not list: there would be no line of it, and no word why.
fn check(frame: &JudgingBasis, asked: &SheetQuery<'_>) -> Result<(), HubError> {
    let listed = frame.industries();
    let Some(code) = asked.industries.iter().flatten().find(|code| !listed.contains(code)) else {
        return Ok(());
    };
    let list = |gap: &str| listed.iter().map(|own| own.as_str()).collect::<Vec<_>>().join(gap);
    Err(HubError::invalid(
        format!("industries 中的 {code} 不在方案所列行业之内。可用：{}。", list("、")),
        format!(
            "`industries` names {code}, which the plan does not list. It lists {}.",
            list(", ")
        ),
    ))
}

/// Codes that were replaced.
pub(super) fn renamed(reference: &Reference) -> Renamed {
    let rows = |table: &str| {
        reference.table(table).map(|table| table.codes.as_slice()).unwrap_or_default().iter()
    };
    // A code that holds today is that of its region, also where an older list gives it a successor.
    let current = |code: &str| {
        reference
            .table("region")
            .is_some_and(|table| table.editions(code).any(|own| own.valid_to.is_none()))
    };
    let replaced = rows("region").chain(rows("abolished_region"));
    replaced
        .filter(|code| !current(&code.code))
        .filter_map(|code| Some((code.code.clone(), code.replaced_by.clone()?)))
        .collect()
}
