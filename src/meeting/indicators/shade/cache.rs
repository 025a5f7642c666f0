//! The published tables of a province are cached until its counts change: later requests are
//! answered at once, and simultaneous requests wait for one computation. Tables are computed
//! outside the workers that answer requests.

use std::{
    collections::{BTreeSet, HashMap},
    ops::RangeInclusive,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use chrono::{Datelike as _, NaiveDate};
use tokio::sync::Semaphore;

use super::{
    Listed, Making, PreparedTables, Protected, Rule, SuppressionMask,
    layout::IndustryColumns,
    lists::{ListableRows, industries},
    wholes::{CountFamily, WHOLES, WholeSource},
};
use crate::{
    authz::{actor::Actor, meeting::Seat, scope::Scope},
    domain::{indicator::Renamed, region::RegionCode},
    error::HubError,
    meeting::{indicators::frame::JudgingBasis, plans::PlanSet},
    services::Services,
    store::meeting::figures::{
        CountedPosts, CountedRows, DiseaseYear, FigureMeasure, Posts, Span, VictimMatching,
        recipes_by,
    },
};

/// Greatest number of cached tables, each for a province, a whole and a range of years.
const MOST: usize = 64;

/// What is counted: a whole, in the way that plan and asker want it counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct TableKind {
    place: usize,
    /// The key posts that count, where posts are counted.
    posts: Option<CountedPosts>,
    /// The date that assigns a disease case to a year, where cases are counted.
    disease_year: Option<DiseaseYear>,
}

impl TableKind {
    fn of(place: usize, source: WholeSource, wanted: &Tables<'_>) -> Self {
        let diseases =
            source == WholeSource::Family(entity::occupational_disease_case::names::FAMILY);
        Self {
            place,
            posts: (source == WholeSource::Posts).then(|| wanted.posts.clone()),
            disease_year: diseases.then_some(wanted.disease_year),
        }
    }
}

type TableKey = (RegionCode, TableKind, RangeInclusive<i32>);
type TableSlot = Arc<tokio::sync::Mutex<Option<CachedTable>>>;

/// A table in the cache.
#[derive(Debug)]
struct CachedTable {
    /// The counts it was made from: the same allocation as long as nothing has changed.
    counted: Arc<CountedRows>,
    protected: Arc<Protected>,
}

/// The cached tables, by province.
#[derive(Debug, Default)]
pub struct ProtectedTables {
    slots: Mutex<HashMap<TableKey, (u64, TableSlot)>>,
    columns: Mutex<HashMap<RegionCode, Arc<IndustryColumns>>>,
    years: Arc<Years>,
    turns: Turns,
    made: Arc<AtomicU64>,
}

/// The latest tables of each year.
type Years = Mutex<HashMap<(RegionCode, TableKind), PreparedTables>>;

/// Limit on tables computed at the same time: half of the processors remain free for other
/// requests.
#[derive(Debug)]
struct Turns(Arc<Semaphore>);

impl Default for Turns {
    fn default() -> Self {
        let all = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self(Arc::new(Semaphore::new((all / 2).max(1))))
    }
}

/// What is counted in the province of a seat, independently of the asker.
pub struct Tables<'a> {
    /// The services of the hub, for reading counts.
    pub services: &'a Services,
    /// The plans, which determine what is added up.
    pub plans: &'a PlanSet,
    /// The seat at the meeting, whose province is counted.
    pub seat: &'a Seat,
    /// Key posts that are counted.
    pub posts: &'a CountedPosts,
    /// The date that assigns a disease case to a year.
    pub disease_year: DiseaseYear,
    /// Calendar years to count, both ends included.
    pub years: RangeInclusive<i32>,
    /// Today in China.
    pub today: NaiveDate,
    /// Successors of codes that were replaced.
    pub renamed: &'a Renamed,
}

/// A request for published tables.
pub struct TableRequest<'a> {
    /// What is counted.
    pub tables: Tables<'a>,
    /// The actor who asks, whose rights decide what may be listed.
    pub actor: &'a Actor,
    /// Selects the measures that the request needs.
    pub measures: &'a (dyn Fn(FigureMeasure) -> bool + Sync),
}

impl ProtectedTables {
    /// The tables as published for the province of a seat, as of now.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn shade(&self, wanted: &TableRequest<'_>) -> Result<SuppressionMask, HubError> {
        let tables = &wanted.tables;
        let province = tables.seat.region().province();
        let columns = self.columns(tables, &province);
        let who = (wanted.actor, tables.seat.region().as_str());
        let ListableRows { listed, bounded } =
            ListableRows::of(tables.services, who, &columns.industries)?;
        let other_day = tables.disease_year != DiseaseYear::default();
        let wholes = WHOLES.iter().enumerate().map(async |(place, whole)| {
            // An actor who may list everything needs no table, and only one table is given to all
            // others.
            let needless = listed[place].iter().all(|listed| *listed == Listed::Whole)
                || (other_day && whole.of_diseases());
            if !needless && whole.measures.iter().any(|measure| (wanted.measures)(*measure)) {
                self.whole(tables, &province, &columns, (place, whole)).await.map(Some)
            } else {
                Ok(None)
            }
        });
        let wholes = futures_util::future::try_join_all(wholes).await?;
        let posts = Posts::MEASURES.into_iter().any(wanted.measures);
        let other_posts = if posts { other_posts(tables, &province) } else { BTreeSet::new() };
        let mut narrow = BTreeSet::new();
        for (place, protected) in wholes.iter().enumerate().filter(|(place, _)| bounded[*place]) {
            if let Some(protected) = protected {
                self.narrow(tables, &province, (place, protected), &mut narrow).await?;
            }
        }
        Ok(SuppressionMask { columns, wholes, listed, bounded: narrow, other_posts, other_day })
    }

    /// Measures for which a list shows that there can be no more than there are, or hardly any. The
    /// alternative tables exceed the true totals by no more than the guard of one cell: where the
    /// list leaves room for that, it reveals nothing.
    async fn narrow(
        &self,
        tables: &Tables<'_>,
        province: &RegionCode,
        (place, protected): (usize, &Protected),
        into: &mut BTreeSet<(i32, FigureMeasure)>,
    ) -> Result<(), HubError> {
        let Some((family, bounds)) = WHOLES[place].bounds else { return Ok(()) };
        let (order, counted) = counted(tables, province, WholeSource::Family(family)).await?;
        let since = tables.posts.since.map_or(i32::MIN, |day| day.year());
        let room = Rule::of(&tables.services.reference).counts.to;
        for (measure, by) in bounds {
            let Some(column) = order.iter().position(|own| own == by) else { continue };
            let parts = WHOLES[place]
                .parts
                .iter()
                .find(|part| part.told == Some(*measure))
                .map_or(&[][..], |part| part.of);
            for (year, cells) in &protected.years {
                let until = counted.iter().filter(|row| (since..=*year).contains(&row.year));
                let most: i64 = until.filter_map(|row| row.numbers.get(column)).sum();
                let all: i64 = cells.counts[0]
                    .chunks(WHOLES[place].depth)
                    .flat_map(|own| parts.iter().map(|part| own[*part]))
                    .sum();
                if most < all + room {
                    into.insert((*year, *measure));
                }
            }
        }
        Ok(())
    }

    /// Number of tables computed since the start.
    #[must_use]
    pub fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }

    /// Computes all tables of a province that are not cached yet.
    pub(super) async fn all(&self, tables: &Tables<'_>) -> Result<(), HubError> {
        let province = tables.seat.region().province();
        let columns = self.columns(tables, &province);
        for whole in WHOLES.iter().enumerate() {
            self.whole(tables, &province, &columns, whole).await?;
        }
        Ok(())
    }

    /// Provinces for which tables have been requested.
    pub(super) fn asked(&self) -> BTreeSet<RegionCode> {
        let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.keys().map(|(province, ..)| province.clone()).collect()
    }

    fn columns(&self, tables: &Tables<'_>, province: &RegionCode) -> Arc<IndustryColumns> {
        let mut kept = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        let reference = &tables.services.reference;
        let make = || {
            Arc::new(IndustryColumns::new(
                industries(tables.services),
                tables.plans,
                reference,
                province,
            ))
        };
        Arc::clone(kept.entry(province.clone()).or_insert_with(make))
    }

    fn slot(&self, key: TableKey) -> TableSlot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let now = slots.values().map(|(used, _)| *used).max().unwrap_or_default() + 1;
        if slots.len() >= MOST && !slots.contains_key(&key) {
            let oldest =
                slots.iter().min_by_key(|(_, (used, _))| *used).map(|(key, _)| key.clone());
            oldest.map(|key| slots.remove(&key));
        }
        let (used, slot) = slots.entry(key).or_default();
        *used = now;
        Arc::clone(slot)
    }

    async fn whole(
        &self,
        wanted: &Tables<'_>,
        province: &RegionCode,
        columns: &Arc<IndustryColumns>,
        (place, whole): (usize, &'static CountFamily),
    ) -> Result<Arc<Protected>, HubError> {
        let kind = TableKind::of(place, whole.source, wanted);
        let slot = self.slot((province.clone(), kind.clone(), wanted.years.clone()));
        let mut entry = slot.lock_owned().await;
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
        let key = (province.clone(), kind);
        let (years, turns, count) =
            (Arc::clone(&self.years), Arc::clone(&self.turns.0), Arc::clone(&self.made));
        // Completed even if the caller has gone, so that nobody starts a second computation in the
        // meantime.
        let made = tokio::spawn(async move {
            let _turn = turns.acquire_owned().await.map_err(HubError::internal)?;
            let before = before(&years, &key);
            let made = tokio::task::spawn_blocking(move || making.make(&before)).await;
            let protected = Arc::new(made.map_err(HubError::internal)?);
            keep(&years, key, &protected);
            count.fetch_add(1, Ordering::Relaxed);
            *entry = Some(CachedTable { counted, protected: Arc::clone(&protected) });
            Ok(protected)
        });
        made.await.map_err(HubError::internal)?
    }
}

/// Earlier tables of a province and a whole, for whatever years were requested.
fn before(years: &Years, key: &(RegionCode, TableKind)) -> PreparedTables {
    let kept = years.lock().unwrap_or_else(PoisonError::into_inner);
    kept.get(key).cloned().unwrap_or_default()
}

fn keep(years: &Years, key: (RegionCode, TableKind), protected: &Protected) {
    let mut kept = years.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= MOST && !kept.contains_key(&key) {
        kept.clear();
    }
    let years = protected
        .years
        .iter()
        .map(|(year, cells)| (*year, (protected.rows.codes.clone(), Arc::clone(cells))));
    kept.entry(key).or_default().extend(years);
}

/// Years in which the requested posts are not those that the province's own plan of the year
/// counts.
fn other_posts(wanted: &Tables<'_>, province: &RegionCode) -> BTreeSet<i32> {
    let own = |year: i32| {
        JudgingBasis::new(wanted.plans, &wanted.services.reference, province, year, None).posts
    };
    wanted.years.clone().filter(|year| own(*year) != *wanted.posts).collect()
}

/// What the store counts in the whole province, independently of the asker, and the order of the
/// numbers in a row.
async fn counted(
    wanted: &Tables<'_>,
    province: &RegionCode,
    source: WholeSource,
) -> Result<(Vec<FigureMeasure>, Arc<CountedRows>), HubError> {
    let services = wanted.services;
    let span = Span { region: province.clone(), years: wanted.years.clone(), today: wanted.today };
    let scope = |name: &str| {
        services.catalogue.find(name).map(|family| Scope::of_province(wanted.seat, family))
    };
    let nothing = || (Vec::new(), Arc::default());
    match source {
        WholeSource::Family(name) => {
            let all = recipes_by(&services.reference, wanted.disease_year);
            let found = all.iter().find(|recipe| recipe.family == name).zip(scope(name));
            let Some((recipe, scope)) = found else { return Ok(nothing()) };
            let order = recipe.measures.iter().map(|(measure, _)| *measure).collect();
            Ok((order, services.reader().counted(&scope, recipe, &span).await?))
        }
        WholeSource::Posts => {
            let [Some(roll), Some(training)] =
                &[entity::employment::names::FAMILY, entity::training_record::names::FAMILY]
                    .map(scope)
            else {
                return Ok(nothing());
            };
            Ok((
                Posts::MEASURES.to_vec(),
                services
                    .reader()
                    .key_posts(Posts { roll, training, named: wanted.posts }, &span)
                    .await?,
            ))
        }
        WholeSource::Victims => {
            let scopes = [
                entity::accident_victim::names::FAMILY,
                entity::accident::names::FAMILY,
                entity::employment::names::FAMILY,
                entity::work_injury::names::FAMILY,
            ]
            .map(scope);
            let [Some(victims), Some(accidents), Some(roll), Some(injuries)] = &scopes else {
                return Ok(nothing());
            };
            let right = VictimMatching { victims, accidents, roll, injuries };
            Ok((
                VictimMatching::MEASURES.to_vec(),
                services.reader().matched_victims(right, &span).await?,
            ))
        }
    }
}
