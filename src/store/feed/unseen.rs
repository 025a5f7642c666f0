//! Changes of which a reader sees nothing. That a record got a new version tells that something of
//! it changed: where all that changed is hidden from the reader, the version is left out for that
//! reader, from the feed and from the history.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use entity::catalogue::{Family, Field, Mask};
use sea_orm::{Statement, Value};
use serde_json::Map;
use uuid::Uuid;

use crate::{
    authz::{
        policy::Openness,
        scope::{Scope, Use, Zone},
    },
    error::HubError,
    store::{
        feed::events::FeedEvent,
        records::{content::RecordContent, read::Reader, versions::StoredVersion},
        seal::Bond,
        sql::{cell::Cell, statement::numbered},
    },
};

/// A correction: what was there is there still, in the same place.
#[derive(Clone, Debug)]
pub(in crate::store) struct Correction {
    /// Where the record lies: region, department, industry.
    pub place: (String, String, Option<String>),
    /// Names of the fields that changed, as a JSON list.
    pub changed: String,
}

/// How a reader sees that a correction changed something.
#[derive(PartialEq, Eq)]
enum VisibleParts {
    /// By a value that is shown whole.
    Whole,
    /// Perhaps by a masked value.
    Masked,
    /// Not at all.
    None,
}

fn sight(family: &Family, zone: &Zone, changed: &str) -> VisibleParts {
    let names: Vec<String> = serde_json::from_str(changed).unwrap_or_default();
    let fields = || names.iter().filter_map(|name| family.versioned(name));
    if fields().any(|field| zone.outcome(field.class) == Openness::Full) {
        return VisibleParts::Whole;
    }
    let masked =
        |field: &Field| zone.outcome(field.class) == Openness::Masked && field.mask != Mask::Hide;
    if fields().any(masked) { VisibleParts::Masked } else { VisibleParts::None }
}

impl Reader<'_> {
    /// The events of which the reader sees something.
    pub(in crate::store) async fn seen(
        &self,
        scopes: &[Arc<Scope>],
        mut events: Vec<FeedEvent>,
    ) -> Result<Vec<FeedEvent>, HubError> {
        let mut unseen = HashSet::new();
        let mut masked = Vec::new();
        for event in &events {
            let Some((scope, correction)) = scopes.get(event.scope).zip(event.correction.as_ref())
            else {
                continue;
            };
            let (family, (region, department, industry)) = (scope.family(), &correction.place);
            let zone = scope.zone_of(region, department, industry.as_deref());
            let Some(zone) = zone.filter(|zone| !zone.shows_all(family)) else { continue };
            match sight(family, zone, &correction.changed) {
                VisibleParts::Whole => {}
                VisibleParts::Masked => masked.push((
                    event.record,
                    event.version,
                    family,
                    zone,
                    (department.as_str(), region.as_str()),
                )),
                VisibleParts::None => {
                    unseen.insert((event.record, event.version));
                }
            }
        }
        let wanted: Vec<(Uuid, i32)> = masked
            .iter()
            .flat_map(|(record, version, ..)| [(*record, *version), (*record, version - 1)])
            .collect();
        let contents = self.contents(&wanted).await?;
        for (record, version, family, zone, place) in masked {
            let shown = |version: i32| {
                let content = contents.get(&(record, version)).map_or("{}", String::as_str);
                self.shown(family, zone, place, &RecordContent::read(family, record, content)?)
            };
            if shown(version)? == shown(version - 1)? {
                unseen.insert((record, version));
            }
        }
        events.retain(|event| !unseen.contains(&(event.record, event.version)));
        Ok(events)
    }

    /// The versions of a record of which the reader sees something, of a list with the latest
    /// first. Where some were left out or may have been, the numbers count those that are there: a
    /// gap would tell.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when a sealed value does not open.
    pub fn visible(
        &self,
        family: &'static Family,
        zone: &Zone,
        place: (&str, &str),
        all: Vec<StoredVersion>,
    ) -> Result<Vec<StoredVersion>, HubError> {
        if zone.shows_all(family) {
            return Ok(all);
        }
        let mut told: Vec<StoredVersion> = Vec::with_capacity(all.len());
        let mut before: Option<StoredVersion> = None;
        for version in all.into_iter().rev() {
            let corrected = before
                .as_ref()
                .filter(|before| version.action == "UPDATED" && before.action != "WITHDRAWN");
            let same = match corrected {
                None => false,
                Some(before) => {
                    sight(family, zone, &version.changed) != VisibleParts::Whole
                        && self.shown(family, zone, place, &version.content)?
                            == self.shown(family, zone, place, &before.content)?
                }
            };
            before = Some(version.clone());
            if !same {
                let number = i32::try_from(told.len()).unwrap_or(i32::MAX).saturating_add(1);
                told.push(StoredVersion { version: number, ..version });
            }
        }
        told.reverse();
        Ok(told)
    }

    /// The content of a version as the zone shows it, of a record of that department that lies in
    /// that region.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when a sealed value does not open.
    pub fn shown(
        &self,
        family: &'static Family,
        zone: &Zone,
        (department, region): (&str, &str),
        content: &RecordContent,
    ) -> Result<Map<String, serde_json::Value>, HubError> {
        let mut shown = Map::new();
        for field in family.fields.iter().filter(|field| !field.hidden) {
            let outcome = zone.outcome(field.class);
            if outcome < Openness::Masked || !content.values.contains_key(field.kept) {
                continue;
            }
            let clear = content.clear(self.seal, department, field)?;
            let told = match (outcome, clear.as_str()) {
                (Openness::Full, _) => clear,
                (_, Some(text)) => {
                    let bond = Bond { record: Uuid::nil(), department, region, industry: None };
                    match self.masked(family, field, outcome, Cell::Text(text.to_owned()), &bond)? {
                        Cell::Text(text) => text.into(),
                        _ => continue,
                    }
                }
                (_, None) => continue,
            };
            shown.insert(field.name.to_owned(), told);
        }
        Ok(shown)
    }

    async fn contents(
        &self,
        versions: &[(Uuid, i32)],
    ) -> Result<HashMap<(Uuid, i32), String>, HubError> {
        let mut contents = HashMap::with_capacity(versions.len());
        let backend = self.database.backend();
        for chunk in versions.chunks(200) {
            let marks = vec!["(record_id = ? AND version = ?)"; chunk.len()].join(" OR ");
            let sql =
                format!("SELECT record_id, version, content FROM record_versions WHERE {marks}");
            let values = chunk
                .iter()
                .flat_map(|(id, version)| [Value::from(*id), Value::from(*version)])
                .collect::<Vec<_>>();
            for row in self
                .database
                .all(Statement::from_sql_and_values(backend, numbered(backend, &sql), values))
                .await?
            {
                contents.insert(
                    (row.try_get_by_index(0)?, row.try_get_by_index(1)?),
                    row.try_get_by_index(2)?,
                );
            }
        }
        Ok(contents)
    }
}

/// Whether a reader may be shown less than all of some record.
pub(in crate::store) fn partial(scopes: &[Arc<Scope>]) -> bool {
    scopes
        .iter()
        .any(|scope| scope.zones(Use::List, &[]).iter().any(|zone| !zone.shows_all(scope.family())))
}
