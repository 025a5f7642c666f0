//! Cached counts that are brought up to date whenever they are requested: an answer is never older
//! than the request.
//!
//! The counts of a statement stay in memory with the place in the order of events at which they
//! were made. The next request looks at the events after that place. If none concerns a relevant
//! family, the counts are still valid. If records of the counted family changed, only their regions
//! and industries, before and after, are counted again, in the same state of the store in which the
//! events were read; if other families matter and changed, everything is. Looking at an event twice
//! does no harm, so the place is that of the oldest open transaction. Writes cost nothing, and a
//! hub that was just started counts everything once.
//!
//! The key is the statement with its values. These include the caller's scope, so nobody gets
//! counts that another caller was allowed to see.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use entity::catalogue::Family;
use quick_cache::{Weighter, sync::Cache};
use sea_orm::{
    DbBackend, QueryResult, Statement,
    sea_query::{Alias, Cond, Expr, ExprTrait, Query},
};

use crate::{
    error::HubError,
    store::{
        feed::checkpoint::FeedCheckpoint,
        meeting::figures::CountedRows,
        sql::{
            condition::{built, column, word},
            database::Database,
            snapshot::Snapshot,
        },
    },
};

/// Rows cached at most, over all statements; each also holds its part of the sums of its regions.
const MOST_ROWS: u64 = 400_000;
/// Expected number of statements: few enough for a single shard, so that one statement may fill
/// nearly all of the capacity. A statement with more rows than fit is counted every time.
const STATEMENTS: usize = 31;
/// After this time the mark of counts that still hold is moved to the present, so that no request
/// looks through the events of hours.
const AGE: Duration = Duration::from_secs(60);
/// Changed places that are recounted one by one; beyond this number everything is recounted.
const MOST_PLACES: usize = 200;

/// Numbers of one place, industry and year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedFigures {
    /// Region code of the records, at whatever level they lie.
    pub region: Option<String>,
    /// Key industry of the records.
    pub industry: Option<String>,
    /// Calendar year (Asia/Shanghai) the numbers belong to.
    pub year: i32,
    /// Numbers, in the order of the requested measures.
    pub numbers: Vec<i64>,
}

/// Counts by statement; the least used ones are evicted.
#[derive(Debug)]
pub struct FigureCache(Cache<String, CachedFigures, CachedRows>);

#[derive(Clone, Debug)]
struct CachedFigures {
    mark: FeedCheckpoint,
    /// When the mark was taken.
    at: Instant,
    rows: Arc<CountedRows>,
}

/// Weight of a cache entry: its rows and a constant.
#[derive(Clone, Debug)]
struct CachedRows;

impl Weighter<String, CachedFigures> for CachedRows {
    fn weight(&self, _: &String, entry: &CachedFigures) -> u64 {
        entry.rows.len() as u64 + 64
    }
}

impl Default for FigureCache {
    fn default() -> Self {
        Self(Cache::with_weighter(STATEMENTS, MOST_ROWS, CachedRows))
    }
}

/// A request for counts.
pub(in crate::store) struct Counting<'a> {
    /// Names of the families whose records affect the counts.
    pub families: &'a [&'static str],
    /// The family whose region and industry the counts are grouped by; `None` when they are grouped
    /// by something else.
    pub own: Option<&'static Family>,
    /// Numbers in a row.
    pub width: usize,
    /// Builds the statement, for everything or limited by a condition on places.
    pub statement: &'a (dyn Fn(Option<Cond>) -> Statement + Sync),
    /// Reads one row of the result.
    pub read: fn(&QueryResult, usize) -> Result<CountedFigures, HubError>,
}

/// What has changed since a place.
enum ChangesSince {
    Nothing,
    /// Records of the counted family, which lay there before and after.
    Places(BTreeSet<(String, Option<String>)>),
    Everything,
}

impl FigureCache {
    /// The counts as of now.
    ///
    /// # Errors
    ///
    /// Only what the database says.
    pub(in crate::store) async fn counts(
        &self,
        database: &Database,
        counting: &Counting<'_>,
    ) -> Result<Arc<CountedRows>, HubError> {
        let whole = (counting.statement)(None);
        let key = format!("{} {:?}", whole.sql, whole.values);
        let kept = match self.0.get(&key) {
            // A restored store, or one that pruned these events, has a different event there or
            // none.
            Some(entry)
                if database.feed_stands(entry.mark.point()).await?.asked == Some(entry.mark) =>
            {
                Some(entry)
            }
            _ => None,
        };
        if let Some(entry) = &kept
            && entry.at.elapsed() < AGE
            && let ChangesSince::Nothing = moved(
                counting,
                &database.all(events(database.backend(), counting, entry.mark)).await?,
            )?
        {
            return Ok(Arc::clone(&entry.rows));
        }
        let at = Instant::now();
        let mut state = database.reading().await?;
        let counted = recounted(&mut state, database.backend(), counting, whole, kept).await;
        state.close().await;
        let (mark, rows) = counted?;
        self.0.insert(key, CachedFigures { mark, at, rows: Arc::clone(&rows) });
        Ok(rows)
    }
}

/// Counts what has to be counted, in one state of the store.
async fn recounted(
    state: &mut Snapshot,
    backend: DbBackend,
    counting: &Counting<'_>,
    whole: Statement,
    kept: Option<CachedFigures>,
) -> Result<(FeedCheckpoint, Arc<CountedRows>), HubError> {
    let place = state.place();
    let last = state.look(FeedCheckpoint::last(backend, place)).await?;
    let mark = FeedCheckpoint::of_last(place, last.first())?;
    let read = |rows: Vec<QueryResult>| {
        rows.iter().map(|row| (counting.read)(row, counting.width)).collect::<Result<Vec<_>, _>>()
    };
    let since = match &kept {
        Some(entry) => moved(counting, &state.look(events(backend, counting, entry.mark)).await?)?,
        None => ChangesSince::Everything,
    };
    match (since, kept) {
        (ChangesSince::Nothing, Some(entry)) => Ok((mark, entry.rows)),
        (ChangesSince::Places(places), Some(entry)) => {
            let again =
                read(state.look((counting.statement)(Some(at(counting.own, &places)))).await?)?;
            let stays = |row: &&CountedFigures| {
                !places.contains(&(row.region.clone().unwrap_or_default(), row.industry.clone()))
            };
            let (stay, gone): (Vec<_>, Vec<_>) = entry.rows.iter().partition(stays);
            // What is told once more, as long as another writer holds the feed back, changes
            // nothing, and whatever was made of the rows stays as good.
            if gone.len() == again.len() && again.iter().all(|row| gone.contains(&row)) {
                return Ok((mark, entry.rows));
            }
            Ok((mark, Arc::new(stay.into_iter().cloned().chain(again).collect())))
        }
        _ => Ok((mark, Arc::new(read(state.look(whole).await?)?.into_iter().collect()))),
    }
}

/// Events after a place of the families that matter, each place once.
fn events(backend: DbBackend, counting: &Counting<'_>, mark: FeedCheckpoint) -> Statement {
    const EVENTS: &str = "change_events";
    let (transaction, position) = mark.point().parts();
    let mut select = Query::select();
    select
        .distinct()
        .columns(
            ["family", "region_code", "key_industry", "was_region", "was_industry"].map(Alias::new),
        )
        .from(Alias::new(EVENTS))
        .and_where(
            column(EVENTS, "family").is_in(counting.families.iter().map(|family| word(family))),
        )
        .limit(MOST_PLACES as u64 + 1);
    if backend == DbBackend::Postgres {
        select.and_where(column(EVENTS, "transaction_id").gte(transaction));
    } else {
        select.and_where(column(EVENTS, "position").gt(position));
    }
    built(backend, &select)
}

fn moved(counting: &Counting<'_>, events: &[QueryResult]) -> Result<ChangesSince, HubError> {
    let Some(own) = counting.own.map(|family| family.name).filter(|_| events.len() <= MOST_PLACES)
    else {
        return Ok(if events.is_empty() {
            ChangesSince::Nothing
        } else {
            ChangesSince::Everything
        });
    };
    let mut places = BTreeSet::new();
    for event in events {
        if event.try_get_by_index::<String>(0)? != own {
            return Ok(ChangesSince::Everything);
        }
        for (region, industry) in [(1, 2), (3, 4)] {
            if let Some(region) = event.try_get_by_index::<Option<String>>(region)? {
                places.insert((region, event.try_get_by_index::<Option<String>>(industry)?));
            }
        }
    }
    Ok(if places.is_empty() { ChangesSince::Nothing } else { ChangesSince::Places(places) })
}

/// Rows of these places.
fn at(own: Option<&'static Family>, places: &BTreeSet<(String, Option<String>)>) -> Cond {
    let mut any = Cond::any();
    let Some(family) = own else { return any };
    for (region, industry) in places {
        let mut place = Cond::all()
            .add(column(family.table, family.region_column()).eq(Expr::val(region.as_str())));
        if let Some(name) = family.industry_column() {
            let field = column(family.table, name);
            place = place.add(match industry {
                Some(code) => field.eq(Expr::val(code.as_str())),
                None => field.is_null(),
            });
        }
        any = any.add(place);
    }
    any
}
