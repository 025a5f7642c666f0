//! What is told of a province is kept until its counts change: whoever asks meanwhile has it at
//! once, and those who ask while it is made wait for one of them. It is made beside the workers
//! that answer requests.

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
        CountedFigures, CountedPosts, DiseaseYear, FigureMeasure, Posts, Span, VictimMatching,
        recipes_by,
    },
};

/// Most tables that are kept, each of a province, a whole and years.
const MOST: usize = 64;

/// What is counted: a whole, as the plan and the asker want it counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct TableKind {
    place: usize,
    /// Which posts, where posts are counted.
    posts: Option<CountedPosts>,
    /// Which day gives a case of disease its year, where these are counted.
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

/// What is kept.
#[derive(Debug)]
struct CachedTable {
    /// What was counted: the same allocation as long as nothing changed.
    counted: Arc<[CountedFigures]>,
    protected: Arc<Protected>,
}

/// Tables by province.
#[derive(Debug, Default)]
pub struct ProtectedTables {
    slots: Mutex<HashMap<TableKey, (u64, TableSlot)>>,
    columns: Mutex<HashMap<RegionCode, Arc<IndustryColumns>>>,
    years: Arc<Years>,
    turns: Turns,
    made: Arc<AtomicU64>,
}

/// The tables of each year that were made last.
type Years = Mutex<HashMap<(RegionCode, TableKind), PreparedTables>>;

/// So many tables are made at the same time: half of the processors are for whoever asks for
/// something else.
#[derive(Debug)]
struct Turns(Arc<Semaphore>);

impl Default for Turns {
    fn default() -> Self {
        let all = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self(Arc::new(Semaphore::new((all / 2).max(1))))
    }
}

/// What is counted of the province of a seat, whoever asks.
pub struct Tables<'a> {
    /// The hub.
    pub services: &'a Services,
    /// The plans, which say what is added up.
    pub plans: &'a PlanSet,
    /// The seat.
    pub seat: &'a Seat,
    /// Key posts that count.
    pub posts: &'a CountedPosts,
    /// Which day gives a case of disease its year.
    pub disease_year: DiseaseYear,
    /// Years.
    pub years: RangeInclusive<i32>,
    /// Today in China.
    pub today: NaiveDate,
    /// Codes that were replaced.
    pub renamed: &'a Renamed,
}

/// What is asked for.
pub struct TableRequest<'a> {
    /// What is counted.
    pub tables: Tables<'a>,
    /// Who asks.
    pub actor: &'a Actor,
    /// Which measures.
    pub measures: &'a (dyn Fn(FigureMeasure) -> bool + Sync),
}

impl ProtectedTables {
    /// What is told of the province of a seat, as of now.
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
            // Whoever lists everything needs no table, and nobody is told of a second one.
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

    /// Measures of which the list says that there can be no more than there are, or hardly any. The
    /// other tables that show the same hold no more of them altogether than a guard asks of one
    /// cell: where the list leaves room for that, it says nothing.
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

    /// How many tables were made since the start.
    #[must_use]
    pub fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }

    /// Makes all tables of a province that are not made yet.
    pub(super) async fn all(&self, tables: &Tables<'_>) -> Result<(), HubError> {
        let province = tables.seat.region().province();
        let columns = self.columns(tables, &province);
        for whole in WHOLES.iter().enumerate() {
            self.whole(tables, &province, &columns, whole).await?;
        }
        Ok(())
    }

    /// Provinces that anybody has asked for.
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
        // Made to its end whether or not whoever asked still waits: nobody begins it a second time
        // meanwhile.
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

/// Tables of a province and a whole that were made before, whatever years were asked for.
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

/// Years in which the posts asked for are not those that the province's own plan of the year
/// counts.
fn other_posts(wanted: &Tables<'_>, province: &RegionCode) -> BTreeSet<i32> {
    let own = |year: i32| {
        JudgingBasis::new(wanted.plans, &wanted.services.reference, province, year, None).posts
    };
    wanted.years.clone().filter(|year| own(*year) != *wanted.posts).collect()
}

/// What the store counts in the whole province, whoever asks, and in which order the numbers of a
/// row stand.
async fn counted(
    wanted: &Tables<'_>,
    province: &RegionCode,
    source: WholeSource,
) -> Result<(Vec<FigureMeasure>, Arc<[CountedFigures]>), HubError> {
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
