//! What is told of a province is kept until its counts change: whoever asks meanwhile has it at once, and those who ask while
//! it is made wait for one of them. It is made beside the workers that answer requests.

use std::{
    collections::HashMap,
    ops::RangeInclusive,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::NaiveDate;

use super::{
    Before, Listed, Making, Protected, Rule, Shade,
    layout::Columns,
    wholes::{Source, WHOLES, Whole},
};
use crate::{
    authz::{
        actor::Actor,
        meeting::Seat,
        scope::{Scope, Use},
    },
    domain::{indicator::Renamed, region::RegionCode},
    error::HubError,
    meeting::plans::Plans,
    services::Services,
    store::figures::{Counted, DiseaseYear, Matching, Measure, Named, Posts, Span, recipes_by},
};

/// Most tables that are kept, each of a province, a whole and years.
const MOST: usize = 64;

/// What is counted: a whole, as the plan and the asker want it counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Kind {
    place: usize,
    /// Which posts, where posts are counted.
    posts: Option<Named>,
    /// Which day gives a case of disease its year, where these are counted.
    disease_year: Option<DiseaseYear>,
}

impl Kind {
    fn of(place: usize, source: Source, wanted: &Wanted<'_>) -> Self {
        let diseases = source == Source::Family("OccupationalDiseaseCase");
        Self {
            place,
            posts: (source == Source::Posts).then(|| wanted.posts.clone()),
            disease_year: diseases.then_some(wanted.disease_year),
        }
    }
}

type Key = (RegionCode, Kind, RangeInclusive<i32>);
type Slot = Arc<tokio::sync::Mutex<Option<Entry>>>;

/// What is kept.
#[derive(Debug)]
struct Entry {
    /// What was counted: the same allocation as long as nothing changed.
    counted: Arc<[Counted]>,
    protected: Arc<Protected>,
}

/// Tables by province.
#[derive(Debug, Default)]
pub struct Shades {
    slots: Mutex<HashMap<Key, (u64, Slot)>>,
    columns: Mutex<HashMap<RegionCode, Arc<Columns>>>,
    years: Mutex<HashMap<(RegionCode, Kind), Before>>,
}

/// What is asked for.
pub struct Wanted<'a> {
    /// The hub.
    pub services: &'a Services,
    /// The plans, which say what is added up.
    pub plans: &'a Plans,
    /// Who asks.
    pub actor: &'a Actor,
    /// Their seat.
    pub seat: &'a Seat,
    /// Key posts that count.
    pub posts: &'a Named,
    /// Which day gives a case of disease its year.
    pub disease_year: DiseaseYear,
    /// Years.
    pub years: RangeInclusive<i32>,
    /// Today in China.
    pub today: NaiveDate,
    /// Codes that were replaced.
    pub renamed: &'a Renamed,
    /// Which measures.
    pub measures: &'a (dyn Fn(Measure) -> bool + Sync),
}

impl Shades {
    /// What is told of the province of a seat, as of now.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn shade(&self, wanted: &Wanted<'_>) -> Result<Shade, HubError> {
        let province = wanted.seat.region().province();
        let columns = self.columns(wanted, &province);
        let wholes = WHOLES.iter().enumerate().map(async |(place, whole)| {
            if whole.measures.iter().any(|measure| (wanted.measures)(*measure)) {
                self.whole(wanted, &province, &columns, (place, whole)).await.map(Some)
            } else {
                Ok(None)
            }
        });
        let wholes = futures_util::future::try_join_all(wholes).await?;
        let listed = listed(wanted, &columns.industries)?;
        Ok(Shade { columns, wholes, listed })
    }

    fn columns(&self, wanted: &Wanted<'_>, province: &RegionCode) -> Arc<Columns> {
        let mut kept = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        let reference = &wanted.services.reference;
        let make = || Arc::new(Columns::new(industries(wanted.services), wanted.plans, reference, province));
        Arc::clone(kept.entry(province.clone()).or_insert_with(make))
    }

    fn slot(&self, key: Key) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let now = slots.values().map(|(used, _)| *used).max().unwrap_or_default() + 1;
        if slots.len() >= MOST && !slots.contains_key(&key) {
            let oldest = slots.iter().min_by_key(|(_, (used, _))| *used).map(|(key, _)| key.clone());
            oldest.map(|key| slots.remove(&key));
        }
        let (used, slot) = slots.entry(key).or_default();
        *used = now;
        Arc::clone(slot)
    }

    async fn whole(
        &self,
        wanted: &Wanted<'_>,
        province: &RegionCode,
        columns: &Arc<Columns>,
        (place, whole): (usize, &'static Whole),
    ) -> Result<Arc<Protected>, HubError> {
        let kind = Kind::of(place, whole.source, wanted);
        let slot = self.slot((province.clone(), kind.clone(), wanted.years.clone()));
        let mut entry = slot.lock().await;
        let (order, counted) = counted(wanted, province, whole.source).await?;
        if let Some(kept) = entry.as_ref().filter(|kept| Arc::ptr_eq(&kept.counted, &counted)) {
            return Ok(Arc::clone(&kept.protected));
        }
        let making = Making {
            whole,
            order,
            counted: Arc::clone(&counted),
            years: wanted.years.clone(),
            renamed: Arc::new(wanted.renamed.clone()),
            reference: Arc::clone(&wanted.services.reference),
            columns: Arc::clone(columns),
            province: province.clone(),
            rule: Rule::of(&wanted.services.reference),
        };
        let before = self.before(&(province.clone(), kind.clone()));
        let made = tokio::task::spawn_blocking(move || making.make(&before)).await;
        let protected = Arc::new(made.map_err(HubError::internal)?);
        self.keep((province.clone(), kind), &protected);
        *entry = Some(Entry { counted, protected: Arc::clone(&protected) });
        Ok(protected)
    }

    /// Tables of a province and a whole that were made before, whatever years were asked for.
    fn before(&self, key: &(RegionCode, Kind)) -> Before {
        let kept = self.years.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(key).cloned().unwrap_or_default()
    }

    fn keep(&self, key: (RegionCode, Kind), protected: &Protected) {
        let mut kept = self.years.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST && !kept.contains_key(&key) {
            kept.clear();
        }
        let years = protected.years.iter().map(|(year, cells)| (*year, (protected.rows.codes.clone(), Arc::clone(cells))));
        kept.entry(key).or_default().extend(years);
    }
}

/// For each whole how much of each industry's records an actor may list in the region of the seat.
fn listed(wanted: &Wanted<'_>, industries: &[String]) -> Result<Vec<Vec<Listed>>, HubError> {
    let (services, region) = (wanted.services, wanted.seat.region().as_str());
    let departments: Vec<&str> = services.policy.departments().collect();
    let mut all = Vec::new();
    for whole in &WHOLES {
        let mut scopes = Vec::new();
        for (name, classes) in whole.from {
            let Some(family) = services.catalogue.find(name) else { continue };
            scopes.push((services.scope(wanted.actor, family)?, classes));
        }
        let listed = |industry: Option<&str>| {
            if scopes.iter().all(|(scope, classes)| scope.covers(Use::List, classes, region, &departments, industry)) {
                return Listed::Whole;
            }
            // What follows from several families is a count of none of their lists.
            let part = |scope: &Scope| departments.iter().any(|one| scope.covers(Use::List, &[], region, &[one], industry));
            match scopes.as_slice() {
                [(scope, _)] if part(scope) => Listed::Part,
                _ => Listed::Nothing,
            }
        };
        all.push(industries.iter().map(|code| Some(code.as_str())).chain([None]).map(listed).collect());
    }
    Ok(all)
}

/// Key industries that are told apart.
fn industries(services: &Services) -> Vec<String> {
    let codes = services.reference.table("key_industry").map(|table| table.codes.as_slice()).unwrap_or_default();
    codes.iter().map(|code| code.code.clone()).collect()
}

/// What the store counts in the whole province, whoever asks, and in which order the numbers of a row stand.
async fn counted(wanted: &Wanted<'_>, province: &RegionCode, source: Source) -> Result<(Vec<Measure>, Arc<[Counted]>), HubError> {
    let services = wanted.services;
    let span = Span { region: province.clone(), years: wanted.years.clone(), today: wanted.today };
    let scope = |name: &str| services.catalogue.find(name).map(|family| Scope::of_province(wanted.seat, family));
    let nothing = || (Vec::new(), Arc::default());
    match source {
        Source::Family(name) => {
            let all = recipes_by(&services.reference, wanted.disease_year);
            let found = all.iter().find(|recipe| recipe.family == name).zip(scope(name));
            let Some((recipe, scope)) = found else { return Ok(nothing()) };
            let order = recipe.measures.iter().map(|(measure, _)| *measure).collect();
            Ok((order, services.reader().counted(&scope, recipe, &span).await?))
        }
        Source::Posts => {
            let [Some(roll), Some(training)] = &["Employment", "TrainingRecord"].map(scope) else { return Ok(nothing()) };
            Ok((Posts::MEASURES.to_vec(), services.reader().key_posts(Posts { roll, training, named: wanted.posts }, &span).await?))
        }
        Source::Victims => {
            let scopes = ["AccidentVictim", "Accident", "Employment", "WorkInjury"].map(scope);
            let [Some(victims), Some(accidents), Some(roll), Some(injuries)] = &scopes else { return Ok(nothing()) };
            let right = Matching { victims, accidents, roll, injuries };
            Ok((Matching::MEASURES.to_vec(), services.reader().matched_victims(right, &span).await?))
        }
    }
}
