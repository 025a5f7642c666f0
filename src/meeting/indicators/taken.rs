//! Reads the counts of a sheet from the store under the rights of the asker, the families in
//! parallel.

use std::{ops::RangeInclusive, sync::Arc};

use chrono::NaiveDate;
use entity::catalogue::Class;
use futures_util::future::try_join_all;

use super::cube::NumberCube;
use crate::{
    authz::{
        actor::Actor,
        identity::DepartmentCode,
        meeting::Seat,
        scope::{Scope, Use},
    },
    domain::{department::Department, indicator::Renamed, region::RegionCode},
    error::HubError,
    services::Services,
    store::meeting::figures::{
        By, CountedPosts, CountedRows, DiseaseYear, FigureMeasure, HeldBy, Posts, Recipe, Span,
        Tallied, VictimMatching, recipes_by, responsible, unnumbered_trainings,
    },
};

/// The counts of a sheet, with what is known about missing ones.
#[derive(Debug)]
pub struct Counts {
    /// The counts by region, year, industry and measure.
    pub cube: NumberCube,
    /// For each source of counts, what may be shown of it.
    sources: Vec<NumberSource>,
}

/// A source of counts, with the measures it provides.
#[derive(Debug)]
struct NumberSource {
    measures: Vec<FigureMeasure>,
    /// For each industry, in the order of the cube, whether all of its records may be counted; the
    /// last entry is for records without industry.
    open: Vec<bool>,
}

/// Whether a count may be shown to the asker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberStanding {
    /// It may be shown.
    Open,
    /// The asker may not count some of the records.
    Closed,
}

/// The query for the counts of a sheet.
pub struct CountQuery<'a> {
    /// The services of the hub, for reading counts.
    pub services: &'a Services,
    /// The actor who asks, under whose rights the counts are read.
    pub actor: &'a Actor,
    /// The seat at whose meeting the counts are shown.
    pub seat: &'a Seat,
    /// Key posts that are counted.
    pub posts: &'a CountedPosts,
    /// The date that assigns a disease case to a year.
    pub disease_year: DiseaseYear,
    /// Region to count, including everything below it.
    pub region: &'a RegionCode,
    /// Calendar years to count, both ends included.
    pub years: RangeInclusive<i32>,
    /// Today in China.
    pub today: NaiveDate,
}

const INTERNAL: &[Class] = &[Class::Internal];

/// Counts of a family: rows, the industries whose records may all be counted, and the rows that
/// show whether anything was handed in, which do not depend on the asker.
struct FamilyCounts {
    rows: Arc<CountedRows>,
    open: Vec<bool>,
    present: Arc<CountedRows>,
}

impl CountQuery<'_> {
    /// The counts of the requested measures.
    ///
    /// # Errors
    ///
    /// [`HubError::Forbidden`] when the actor may read no records at all; errors of the database.
    pub async fn take(
        &self,
        wanted: &(dyn Fn(FigureMeasure) -> bool + Sync),
        renamed: &Renamed,
    ) -> Result<Counts, HubError> {
        let codes = self
            .services
            .reference
            .table("key_industry")
            .map(|table| table.codes.as_slice())
            .unwrap_or_default();
        let industries: Vec<String> = codes.iter().map(|code| code.code.clone()).collect();
        let span =
            Span { region: self.region.clone(), years: self.years.clone(), today: self.today };
        let mut cube = NumberCube::new(industries, self.years.clone(), renamed.clone());
        let all = recipes_by(&self.services.reference, self.disease_year);
        let asked: Vec<&Recipe> = all
            .iter()
            .filter(|recipe| recipe.measures.iter().any(|(own, _)| wanted(*own)))
            .collect();
        let unnumbered = unnumbered_trainings(self.posts);
        let posts_wanted = Posts::MEASURES.into_iter().any(wanted);
        let asked: Vec<&Recipe> =
            asked.into_iter().chain(posts_wanted.then_some(&unnumbered)).collect();
        let families = try_join_all(asked.iter().map(|recipe| self.family(recipe, &span)));
        let posts = async { if posts_wanted { self.posts(&span).await } else { Ok(None) } };
        let victims = async {
            if VictimMatching::MEASURES.into_iter().any(wanted) {
                self.victims(&span).await
            } else {
                Ok(None)
            }
        };
        let (families, posts, victims) = tokio::try_join!(families, posts, victims)?;
        let mut sources = Vec::new();
        let mut keep = |measures: Vec<FigureMeasure>, found: Option<FamilyCounts>| {
            let Some(FamilyCounts { rows, open, present }) = found else { return };
            cube.add(&measures, rows, present);
            sources.push(NumberSource { measures, open });
        };
        for (recipe, found) in asked.iter().zip(families) {
            keep(recipe.measures.iter().map(|(measure, _)| *measure).collect(), found);
        }
        keep([Posts::MEASURES, Posts::UNKNOWN].concat(), posts);
        keep([&VictimMatching::MEASURES[..], &VictimMatching::UNKNOWN].concat(), victims);
        Ok(Counts { cube, sources })
    }

    /// Accidents by type, cases by exposure, or measurements by factor, in the two years that are
    /// compared.
    ///
    /// # Errors
    ///
    /// As [`CountQuery::take`].
    pub async fn tally(
        &self,
        family: &str,
        by: By,
        years: RangeInclusive<i32>,
    ) -> Result<Option<Vec<Tallied>>, HubError> {
        let all = recipes_by(&self.services.reference, self.disease_year);
        let Some(recipe) = all.iter().find(|recipe| recipe.family == family) else {
            return Ok(None);
        };
        let Some(scope) = self.scope(family)? else { return Ok(None) };
        if !self.open(&scope, recipe.classes, recipe.held_by).into_iter().all(|open| open) {
            return Ok(None);
        }
        let span = Span { region: self.region.clone(), years, today: self.today };
        self.services.reader().tallied(&scope, recipe, by, &span).await.map(Some)
    }

    async fn family(&self, recipe: &Recipe, span: &Span) -> Result<Option<FamilyCounts>, HubError> {
        let Some(scope) = self.scope(recipe.family)? else { return Ok(None) };
        let rows = self.services.reader().counted(&scope, recipe, span).await?;
        let open = self.open(&scope, recipe.classes, recipe.held_by);
        // Accidents are shown industry by industry, each with its own rows.
        let present = match self
            .everything(recipe.family)
            .filter(|_| recipe.held_by != HeldBy::Responsible && open.contains(&false))
        {
            Some(scope) => self.services.reader().counted(&scope, recipe, span).await?,
            None => Arc::clone(&rows),
        };
        Ok(Some(FamilyCounts { rows, open, present }))
    }

    async fn posts(&self, span: &Span) -> Result<Option<FamilyCounts>, HubError> {
        let (Some(roll), Some(training)) = (
            self.scope(entity::employment::names::FAMILY)?,
            self.scope(entity::training_record::names::FAMILY)?,
        ) else {
            return Ok(None);
        };
        let posts = async |roll: &Scope, training: &Scope| {
            self.services
                .reader()
                .key_posts(Posts { roll, training, named: self.posts }, span)
                .await
        };
        let open = both(
            &self.open(&roll, INTERNAL, HeldBy::Only(Department::HRSS)),
            &self.open(&training, INTERNAL, HeldBy::Anybody),
        );
        // Whoever may count the trainings of the region also counts those that its people attended
        // elsewhere: a county gets the same number in its own sheet and in that of its city.
        let anywhere = self
            .everything(entity::training_record::names::FAMILY)
            .filter(|_| !open.contains(&false));
        let rows = posts(&roll, anywhere.as_ref().unwrap_or(&training)).await?;
        let present = match (
            self.everything(entity::employment::names::FAMILY),
            self.everything(entity::training_record::names::FAMILY),
        ) {
            (Some(roll), Some(training)) if open.contains(&false) => {
                posts(&roll, &training).await?
            }
            _ => Arc::clone(&rows),
        };
        Ok(Some(FamilyCounts { rows, open, present }))
    }

    async fn victims(&self, span: &Span) -> Result<Option<FamilyCounts>, HubError> {
        let scopes = [
            self.scope(entity::accident_victim::names::FAMILY)?,
            self.scope(entity::accident::names::FAMILY)?,
            self.scope(entity::employment::names::FAMILY)?,
            self.scope(entity::work_injury::names::FAMILY)?,
        ];
        let [Some(victims), Some(accidents), Some(roll), Some(injuries)] = scopes else {
            return Ok(None);
        };
        let right = VictimMatching {
            victims: &victims,
            accidents: &accidents,
            roll: &roll,
            injuries: &injuries,
        };
        let rows = self.services.reader().matched_victims(right, span).await?;
        let open = [
            self.open(&victims, INTERNAL, HeldBy::Anybody),
            self.open(&roll, INTERNAL, HeldBy::Only(Department::HRSS)),
            self.open(&injuries, INTERNAL, HeldBy::Only(Department::HRSS)),
        ];
        let open = open.iter().fold(Vec::new(), |all, own| {
            if all.is_empty() { own.clone() } else { both(&all, own) }
        });
        Ok(Some(FamilyCounts { present: Arc::clone(&rows), rows, open }))
    }

    /// The right to know whether anything was handed in: the same for every seat at the meeting.
    fn everything(&self, family: &str) -> Option<Arc<Scope>> {
        let family = self.services.catalogue.find(family)?;
        Some(Arc::new(Scope::of_province(self.seat, family)))
    }

    fn scope(&self, family: &str) -> Result<Option<Arc<Scope>>, HubError> {
        let Some(family) = self.services.catalogue.find(family) else { return Ok(None) };
        self.services.scope(self.actor, family).map(Some)
    }

    /// For each industry, in the order of the cube, whether all records that count may be counted.
    fn open(&self, scope: &Scope, classes: &[Class], held_by: HeldBy) -> Vec<bool> {
        let whole = whole(self.services, scope, self.region, (Use::Aggregate, classes, held_by));
        whole.into_iter().map(|(_, open)| open).collect()
    }
}

/// For each key industry, and last for records without one, whether under a scope all records of a
/// region that count may be used in this way: a count of some of them is no figure.
pub(in crate::meeting) fn whole<'a>(
    services: &'a Services,
    scope: &Scope,
    region: &RegionCode,
    (how, classes, held_by): (Use, &[Class], HeldBy),
) -> Vec<(Option<&'a str>, bool)> {
    let reference = &services.reference;
    let all: Vec<&str> = services.policy.departments().map(DepartmentCode::as_str).collect();
    let codes =
        reference.table("key_industry").map(|table| table.codes.as_slice()).unwrap_or_default();
    let industries = codes.iter().map(|code| Some(code.code.as_str())).chain(std::iter::once(None));
    let open = |industry: Option<&str>| {
        let departments = match held_by {
            HeldBy::Responsible => vec![responsible(reference, industry.unwrap_or_default())],
            HeldBy::Only(department) => vec![department.code()],
            HeldBy::Anybody => all.clone(),
        };
        scope.covers(how, classes, region.as_str(), &departments, industry)
    };
    industries.map(|industry| (industry, open(industry))).collect()
}

fn both(one: &[bool], other: &[bool]) -> Vec<bool> {
    one.iter().zip(other).map(|(one, other)| *one && *other).collect()
}

impl Counts {
    /// Whether a region has any count of a measure in a year, in whatever industry.
    #[must_use]
    pub fn present(&self, region: &RegionCode, year: i32, measure: FigureMeasure) -> bool {
        self.present_of(region, year, measure, |_| true)
    }

    /// Whether a region has any count of a measure in a year in the industries selected by `holds`.
    #[must_use]
    pub fn present_of(
        &self,
        region: &RegionCode,
        year: i32,
        measure: FigureMeasure,
        holds: impl Fn(Option<&str>) -> bool,
    ) -> bool {
        self.cube.present(region, (year, measure), holds)
    }

    /// Whether the count of a measure may be shown for the industries selected by `holds`.
    #[must_use]
    pub fn standing(
        &self,
        measure: FigureMeasure,
        holds: impl Fn(Option<&str>) -> bool,
    ) -> NumberStanding {
        let Some(source) = self.sources.iter().find(|source| source.measures.contains(&measure))
        else {
            return NumberStanding::Closed;
        };
        let industries = self
            .cube
            .industries()
            .iter()
            .map(|code| Some(code.as_str()))
            .chain(std::iter::once(None));
        if industries.zip(&source.open).any(|(industry, open)| holds(industry) && !open) {
            return NumberStanding::Closed;
        }
        NumberStanding::Open
    }
}
