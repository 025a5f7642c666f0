//! What the records of a department sum up to, counted by the same recipes as the indicators.
//!
//! These counts are exact, small ones too: the department that signs them holds the records or is
//! given them by law, and the lead department and the table receive them. Whoever else looks at the
//! board is told a return only where they could count it from lists of their own. Sources:
//! 晋人社厅发〔2021〕24号 附件2 and 朔州市实施方案 五(四) (every year the responsible departments
//! give the figures of the year before to 人社 of the same level); 职业病防治法 第五十一条 (卫健
//! counts diseases).

use crate::{
    domain::{
        plan::{IndustryRole, ObligationKind},
        returns::ReturnCount,
    },
    error::HubError,
    meeting::{indicators::lists, returns::MeetingContext},
    store::meeting::figures::{FigureMeasure, Recipe, Span, recipes},
};

/// A count of a key industry, or of the region as a whole.
pub type IndustrySum = (ReturnCount, Option<String>, i64);

/// Key industries a department answers for in a year at the seat's region: those its plan names,
/// else those of the code table that the plan names as key industries.
pub(super) fn industries(sitting: &MeetingContext<'_>, department: &str, year: i32) -> Vec<String> {
    let (plans, region) = (&sitting.rules.plans, sitting.seat.region());
    let asking =
        sitting.owed().into_iter().find(|one| one.owed.data_year == year).map(|one| one.plan);
    let Some(plan) = asking.or_else(|| plans.nearest(region, year)) else {
        return of_table(sitting, department, None);
    };
    let named = plan.industries.iter().filter(|own| own.role == IndustryRole::Key);
    if named.clone().any(|own| own.department.is_some()) {
        return named
            .filter(|own| own.department.as_deref() == Some(department))
            .map(|own| own.industry.clone())
            .collect();
    }
    of_table(sitting, department, Some(&plan.industries_of(IndustryRole::Key)))
}

fn of_table(sitting: &MeetingContext<'_>, department: &str, among: Option<&[&str]>) -> Vec<String> {
    let codes = sitting
        .services
        .reference
        .table("key_industry")
        .map(|table| table.codes.as_slice())
        .unwrap_or_default();
    let own = codes.iter().filter(|code| {
        code.attributes.get("responsible_department").is_some_and(|own| own == department)
    });
    own.map(|code| code.code.clone())
        .filter(|code| among.is_none_or(|among| among.contains(&code.as_str())))
        .collect()
}

/// What a kind of return counts, family by family.
type ReturnTerms = &'static [(&'static str, &'static [(FigureMeasure, ReturnCount)])];

const fn parts(kind: ObligationKind) -> ReturnTerms {
    match kind {
        ObligationKind::AccidentReturn => &[(
            entity::accident::names::FAMILY,
            &[
                (FigureMeasure::Accidents, ReturnCount::Accidents),
                (FigureMeasure::Deaths, ReturnCount::Deaths),
                (FigureMeasure::Missing, ReturnCount::Missing),
                (FigureMeasure::Serious, ReturnCount::Serious),
                (FigureMeasure::Minor, ReturnCount::Minor),
            ],
        )],
        ObligationKind::DiseaseReturn => &[(
            entity::occupational_disease_case::names::FAMILY,
            &[
                (FigureMeasure::Pneumoconiosis, ReturnCount::Pneumoconiosis),
                (FigureMeasure::ShortExposure, ReturnCount::UnderFiveYears),
                (FigureMeasure::Diseases, ReturnCount::Diseases),
            ],
        )],
        ObligationKind::PlanReport => &[
            (
                entity::work_injury::names::FAMILY,
                &[(FigureMeasure::Injuries, ReturnCount::Injuries)],
            ),
            (
                entity::insured_unit_year::names::FAMILY,
                &[(FigureMeasure::Insured, ReturnCount::Insured)],
            ),
        ],
        // What is filed is the plan itself.
        ObligationKind::PlanFiling => &[],
    }
}

/// Whether somebody could count everything in a kind of return from lists of their own, or it is
/// public.
pub(super) fn open(sitting: &MeetingContext<'_>, kind: ObligationKind) -> Result<bool, HubError> {
    let region = sitting.seat.region().as_str();
    for (measure, _) in parts(kind).iter().flat_map(|(_, wanted)| *wanted) {
        if !lists(sitting.services, sitting.actor, region, *measure)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The sums of a kind of return, as far as the actor may count; nothing where they may not.
///
/// # Errors
///
/// [`HubError::Forbidden`] when no role reads; what the database says.
pub(super) async fn of(
    sitting: &MeetingContext<'_>,
    kind: ObligationKind,
    department: &str,
    year: i32,
) -> Result<Option<Vec<IndustrySum>>, HubError> {
    let mut sums = Vec::new();
    for (family, wanted) in parts(kind) {
        match part(sitting, (kind, department), (family, wanted), year).await? {
            Some(own) => sums.extend(own),
            None => return Ok(None),
        }
    }
    Ok(Some(sums))
}

/// The sums of one family.
async fn part(
    sitting: &MeetingContext<'_>,
    (kind, department): (ObligationKind, &str),
    (family, wanted): (&str, &[(FigureMeasure, ReturnCount)]),
    year: i32,
) -> Result<Option<Vec<IndustrySum>>, HubError> {
    let services = sitting.services;
    let family = services.catalogue.find(family).ok_or(HubError::NotFound)?;
    let scope = services.scope(sitting.actor, family)?;
    let Some(recipe) =
        recipes(&services.reference).into_iter().find(|recipe| recipe.family == family.name)
    else {
        return Ok(None);
    };
    if !scope.allows(crate::authz::scope::Use::Aggregate, recipe.classes) {
        return Ok(None);
    }
    let span =
        Span { region: sitting.seat.region().clone(), years: year..=year, today: sitting.today() };
    let counted = services.reader().counted(&scope, &recipe, &span).await?;
    let sum = |count: (FigureMeasure, ReturnCount), industry: Option<&str>| {
        let place = place(&recipe, count.0);
        let rows = counted
            .iter()
            .filter(|row| industry.is_none_or(|own| row.industry.as_deref() == Some(own)));
        let total: i64 = rows.filter_map(|row| row.numbers.get(place?)).sum();
        (count.1, industry.map(ToOwned::to_owned), total)
    };
    if kind != ObligationKind::AccidentReturn {
        return Ok(Some(wanted.iter().map(|count| sum(*count, None)).collect()));
    }
    let own = industries(sitting, department, year);
    Ok(Some(
        own.iter()
            .flat_map(|industry| wanted.iter().map(|count| sum(*count, Some(industry))))
            .collect(),
    ))
}

fn place(recipe: &Recipe, measure: FigureMeasure) -> Option<usize> {
    recipe.measures.iter().position(|(own, _)| *own == measure)
}
