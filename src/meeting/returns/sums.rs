//! What the records of a department sum up to, counted by the same recipes as the indicators.
//!
//! These counts are exact, small ones too: the department that signs them holds the records or is
//! given them by law, and the lead department and the table receive them. Whoever else looks at the
//! board is told a return only where they could count it from lists of their own. Sources:
//! 晋人社厅发〔2021〕24号 附件2 and 朔州市实施方案 五(四) (every year the responsible departments
//! give the figures of the year before to 人社 of the same level); 职业病防治法 第五十一条 (卫健
//! counts diseases).

use entity::accident;

use crate::{
    authz::scope::Use,
    domain::{
        plan::{IndustryRole, ObligationKind},
        returns::ReturnCount,
    },
    error::HubError,
    meeting::{
        indicators::{lists, whole},
        returns::MeetingContext,
    },
    store::meeting::figures::{FigureMeasure, Recipe, Span, accidents_without_industry, recipes},
};

/// A count of a key industry, or of the region as a whole.
pub type IndustrySum = (ReturnCount, Option<String>, i64);

/// What the records behind a return sum up to, as far as somebody may count all of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums {
    /// The sums.
    pub counted: Vec<IndustrySum>,
    /// Counts, each with its industry, of whose records the actor may count some only, or none. A
    /// sum of some would look like one of all.
    pub closed: Vec<(ReturnCount, Option<String>)>,
    /// Accidents of the department that state no industry and are in the sum of none; `None` where
    /// the actor may not count them all, and of other kinds of return.
    pub without_industry: Option<i64>,
}

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

/// The sums of a kind of return.
///
/// # Errors
///
/// [`HubError::Forbidden`] when no role reads; what the database says.
pub(super) async fn of(
    sitting: &MeetingContext<'_>,
    kind: ObligationKind,
    department: &str,
    year: i32,
) -> Result<Sums, HubError> {
    let industries: Vec<Option<String>> = match kind {
        ObligationKind::AccidentReturn => {
            industries(sitting, department, year).into_iter().map(Some).collect()
        }
        _ => vec![None],
    };
    let mut sums = Sums::default();
    for (family, wanted) in parts(kind) {
        part(sitting, (family, wanted), (&industries, year), &mut sums).await?;
    }
    if kind == ObligationKind::AccidentReturn {
        sums.without_industry = without_industry(sitting, department, year).await?;
    }
    Ok(sums)
}

/// Accidents that a department holds and of which no industry is known.
async fn without_industry(
    sitting: &MeetingContext<'_>,
    department: &str,
    year: i32,
) -> Result<Option<i64>, HubError> {
    let (services, region) = (sitting.services, sitting.seat.region());
    let Some(family) = services.catalogue.of::<accident::Entity>() else { return Ok(None) };
    let recipe = accidents_without_industry(department);
    let scope = services.scope(sitting.actor, family)?;
    if !scope.covers(Use::Aggregate, recipe.classes, region.as_str(), &[department], None) {
        return Ok(None);
    }
    let span = Span { region: region.clone(), years: year..=year, today: sitting.today() };
    let counted = services.reader().counted(&scope, &recipe, &span).await?;
    Ok(Some(counted.iter().filter_map(|row| row.numbers.first()).sum()))
}

/// Adds the sums of one family.
async fn part(
    sitting: &MeetingContext<'_>,
    (family, wanted): (&str, &[(FigureMeasure, ReturnCount)]),
    (industries, year): (&[Option<String>], i32),
    sums: &mut Sums,
) -> Result<(), HubError> {
    let (services, region) = (sitting.services, sitting.seat.region());
    let family = services.catalogue.find(family).ok_or(HubError::NotFound)?;
    let recipe = recipes(&services.reference)
        .into_iter()
        .find(|recipe| recipe.family == family.name)
        .ok_or(HubError::NotFound)?;
    let scope = services.scope(sitting.actor, family)?;
    let open = whole(services, &scope, region, (Use::Aggregate, recipe.classes, recipe.held_by));
    let counts_all = |industry: Option<&str>| match industry {
        Some(own) => open.iter().any(|(code, open)| *code == Some(own) && *open),
        None => open.iter().all(|(_, open)| *open),
    };
    let span = Span { region: region.clone(), years: year..=year, today: sitting.today() };
    let counted = services.reader().counted(&scope, &recipe, &span).await?;
    for industry in industries {
        let counts = wanted.iter().map(|(_, count)| *count);
        if !counts_all(industry.as_deref()) {
            let casualties = counts
                .clone()
                .any(|count| count == ReturnCount::Deaths)
                .then_some(ReturnCount::Casualties);
            sums.closed.extend(counts.chain(casualties).map(|count| (count, industry.clone())));
            continue;
        }
        let rows = || counted.iter().filter(|row| industry.is_none() || row.industry == *industry);
        sums.counted.extend(wanted.iter().map(|(measure, count)| {
            let place = place(&recipe, *measure);
            let total = rows().filter_map(|row| row.numbers.get(place?)).sum();
            (*count, industry.clone(), total)
        }));
    }
    Ok(())
}

fn place(recipe: &Recipe, measure: FigureMeasure) -> Option<usize> {
    recipe.measures.iter().position(|(own, _)| *own == measure)
}
