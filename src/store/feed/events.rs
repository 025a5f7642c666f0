//! The change feed: events in the order of their commits, as far as a caller may see them, and the
//! affected records in their current state. Places in that order are explained in
//! [`crate::store::feed::checkpoint`].

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::ExprTrait;
use uuid::Uuid;

use crate::{
    authz::scope::{Scope, Use},
    error::HubError,
    store::{
        feed::{
            checkpoint::FeedCheckpoint,
            unseen::Correction,
            window::{FeedReading, NextWindow},
        },
        records::{
            column_plan::ColumnPlan,
            read::{Reader, visible},
            row::{Classes, Row, Selection},
        },
        sql::{
            cell::value,
            condition::{built, column, in_ids},
        },
    },
};

/// How many windows one page examines when the caller sees none of the events found.
const TURNS: usize = 50;

/// A change that the caller may see.
#[derive(Clone, Debug)]
pub struct FeedEvent {
    /// Index of the scope it belongs to, in the list the caller passed.
    pub scope: usize,
    /// Identifier of the record that changed.
    pub record: Uuid,
    /// Version of the record after the change.
    pub version: i32,
    /// When the change was made, as recorded with the version.
    pub at: DateTime<Utc>,
    /// Names of the changed fields as a JSON list; `None` unless requested.
    pub changed: Option<String>,
    /// Reason of a withdrawal; `None` unless requested.
    pub reason: Option<String>,
    /// What was corrected; `None` unless the caller may see only part of some record.
    pub(in crate::store) correction: Option<Correction>,
    /// The place right behind this event.
    pub(super) mark: FeedCheckpoint,
}

/// One page of changes after a place.
#[derive(Clone, Debug)]
pub struct Heard {
    /// The changes, in order.
    pub events: Vec<FeedEvent>,
    /// Where the next page starts.
    pub end: FeedCheckpoint,
    /// Whether further changes are available now.
    pub more: bool,
}

/// The records that changes concern, in their current state.
#[derive(Clone, Debug, Default)]
pub struct CurrentRecords {
    /// Records the caller may see.
    pub present: Vec<Row>,
    /// Withdrawn records the caller could see otherwise; without any values.
    pub withdrawn: Vec<Row>,
}

impl Reader<'_> {
    /// Changes to records of these families, at most `first`, after a place. A change counts if the
    /// record lay where the caller may list records, before or after it. With `told` each change
    /// carries its changed fields and its reason.
    ///
    /// Earlier changes of a record made where the caller sees nothing are left out: the change that
    /// moved the record into view stands for them. So are corrections of which the caller sees
    /// nothing. `more` and a full page count only what is returned.
    ///
    /// # Errors
    ///
    /// [`HubError::Resync`] when the changes after the place are no longer kept, or when the store
    /// does not recognise the place because it was restored. Without a place, the feed starts at
    /// its beginning.
    pub async fn changes(
        &self,
        scopes: &[Arc<Scope>],
        after: Option<FeedCheckpoint>,
        first: u64,
        told: bool,
    ) -> Result<Heard, HubError> {
        let after = after.unwrap_or_default();
        let stands = self.database.feed_stands(after.point).await?;
        let horizon = stands.horizon;
        if stands.asked != Some(after) || after.point > horizon.point {
            return Err(HubError::Resync);
        }
        let Some(reading) = FeedReading::of(self, scopes, told).await? else {
            return Ok(Heard { events: Vec::new(), end: horizon, more: false });
        };
        let most = usize::try_from(first).unwrap_or(usize::MAX);
        let (mut events, mut from): (Vec<FeedEvent>, FeedCheckpoint) = (Vec::new(), after);
        for _ in 0..TURNS {
            let wanted = (most + 1).saturating_sub(events.len());
            let window = self.window(&reading, (from, horizon), wanted).await?;
            events.extend(self.seen(scopes, window.events).await?);
            if events.len() > most {
                events.truncate(most);
                let end = events.last().map_or(after, |event| event.mark);
                return Ok(Heard { events, end, more: true });
            }
            from = match window.next {
                NextWindow::Behind(last) => last,
                NextWindow::End { end, more } => return Ok(Heard { events, end, more }),
            };
        }
        Ok(Heard { events, end: from, more: true })
    }

    /// The records with these identifiers in their current state.
    ///
    /// # Errors
    ///
    /// Only what the database says.
    pub async fn standing(
        &self,
        scope: &Scope,
        ids: &[Uuid],
        selection: &Selection,
    ) -> Result<CurrentRecords, HubError> {
        let (family, backend) = (scope.family(), self.database.backend());
        let plan = ColumnPlan::new(family, family.table, selection, &[], None);
        let mut select = plan.select();
        select
            .expr(column(family.table, "withdrawn_at").is_not_null())
            .and_where(in_ids(backend, column(family.table, "id"), ids))
            .cond_where(visible(family, &scope.zones(Use::List, &[])));
        let mut standing = CurrentRecords::default();
        for result in self.database.all(built(backend, &select)).await? {
            let Some(row) = self.row(scope, &plan.layout, &result, 0)? else { continue };
            if value(&result, plan.layout.width())? == Some(true) {
                let (cells, links, shown) = (Vec::new(), Vec::new(), Classes::default());
                standing.withdrawn.push(Row { cells, links, shown, ..row });
            } else {
                standing.present.push(row);
            }
        }
        Ok(standing)
    }
}
