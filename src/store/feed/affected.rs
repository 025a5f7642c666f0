//! Where something happened: the places of new events, once for all who wait for news. It reads no
//! record and shows nothing to anybody; it only says whom a page is worth reading for.

use std::{collections::HashSet, sync::Arc};

use sea_orm::sea_query::Alias;

use crate::{
    authz::scope::{Scope, Use},
    error::HubError,
    store::{
        feed::{
            checkpoint::{FeedCheckpoint, FeedOffset},
            window::{EVENTS, between},
        },
        sql::{condition::built, database::Database},
    },
};

/// Events looked at together.
const TOGETHER: u64 = 2_000;

/// Where records lay when something happened to them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EventLocation {
    family: String,
    department: Option<String>,
    now: EventSite,
    before: EventSite,
}

/// Region and key industry.
type EventSite = (Option<String>, Option<String>);

impl EventLocation {
    /// Whether a page under this scope would tell of it, as the condition of
    /// [`crate::store::records::read::Reader::changes`] does.
    #[must_use]
    pub fn concerns(&self, scope: &Scope) -> bool {
        let family = scope.family();
        if family.name != self.family {
            return false;
        }
        let Some(department) = &self.department else { return false };
        let zones = scope.zones(Use::List, &[]);
        [&self.now, &self.before].into_iter().any(|(region, industry)| {
            let industry = industry.as_deref().filter(|_| family.industry_column().is_some());
            let lies = |region: &String| {
                zones.iter().any(|zone| zone.condition().holds(region, department, industry))
            };
            region.as_ref().is_some_and(lies)
        })
    }
}

/// What happened after a place.
#[derive(Clone, Debug, Default)]
pub struct AffectedLocations {
    /// Where, each once.
    pub places: HashSet<EventLocation>,
    /// Up to where was looked.
    pub end: FeedCheckpoint,
    /// Whether there is more already.
    pub more: bool,
    /// Whether events are written that an older transaction, still open, holds back.
    pub held: bool,
}

impl Database {
    /// What happened after a place.
    ///
    /// # Errors
    ///
    /// [`HubError::Resync`] when the store does not know the place as it was.
    pub async fn affected_since(
        &self,
        after: FeedCheckpoint,
    ) -> Result<AffectedLocations, HubError> {
        let stands = self.feed_stands(after.point).await?;
        if stands.asked != Some(after) || after.point > stands.horizon.point {
            return Err(HubError::Resync);
        }
        let mut stir = AffectedLocations {
            end: stands.horizon,
            held: stands.held,
            ..AffectedLocations::default()
        };
        if stands.horizon.last == after.last {
            return Ok(stir);
        }
        let mut select = between(self.backend(), EVENTS, after.point, stands.horizon.point);
        let names = ["transaction_id", "position", "record_id", "version", "family", "department"];
        for name in
            names.into_iter().chain(["region_code", "key_industry", "was_region", "was_industry"])
        {
            select.column(Alias::new(name));
        }
        select.limit(TOGETHER);
        let rows = self.all(built(self.backend(), &select)).await?;
        for row in &rows {
            stir.places.insert(EventLocation {
                family: row.try_get_by_index(4)?,
                department: row.try_get_by_index(5)?,
                now: (row.try_get_by_index(6)?, row.try_get_by_index(7)?),
                before: (row.try_get_by_index(8)?, row.try_get_by_index(9)?),
            });
        }
        if let Some(last) = rows.last().filter(|_| rows.len() as u64 == TOGETHER) {
            let point = FeedOffset::new(last.try_get_by_index(0)?, last.try_get_by_index(1)?);
            stir.end =
                FeedCheckpoint::behind(point, last.try_get_by_index(2)?, last.try_get_by_index(3)?);
            stir.more = true;
        }
        Ok(stir)
    }
}

/// Whether any of these places concerns any of these scopes.
#[must_use]
pub fn concerns(places: &HashSet<EventLocation>, scopes: &[Arc<Scope>]) -> bool {
    places.iter().any(|place| scopes.iter().any(|scope| place.concerns(scope)))
}
