//! Changes as a page shows them: what is asked of each, the records they are about as they are now,
//! and what the caller may hear of each.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use entity::catalogue::{Family, Kind};
use uuid::Uuid;

use crate::{
    authz::{policy::Openness, scope::Scope},
    error::HubError,
    graphql::records::{
        answer::JsonWriter,
        levels::{Level, descend},
        plan::ReadPlan,
        selection::CollectedField,
        session::Session,
        shape::{Shape, ShapeBuilder},
    },
    store::{
        feed::events::{FeedEvent, Heard},
        records::{
            global_id::global_id,
            row::{Classes, Row},
        },
        seal::Seal,
        sql::cell::Cell,
    },
};

/// What stands under a response name of a change.
pub(super) enum EventPart {
    TypeName,
    Kind,
    Family,
    Id,
    Version,
    Changed,
    Previous,
    Reason,
    At,
    /// The record, by scope.
    Record(Vec<Shape>),
}

/// Records of one family that a page is about.
pub(super) struct FamilyRecords {
    pub(super) scope: Arc<Scope>,
    pub(super) level: Level,
    pub(super) present: HashMap<Uuid, usize>,
    pub(super) withdrawn: HashMap<Uuid, Row>,
}

/// A change as the caller may hear of it.
pub(super) struct VisibleChange<'a> {
    pub(super) event: &'a FeedEvent,
    /// The record as it is now, in the level of its family.
    pub(super) present: Option<usize>,
    /// Whether time and reason of the version are shown.
    pub(super) versions: bool,
    /// Whether its number is, too: it counts also what the caller sees nothing of.
    pub(super) numbers: bool,
    pub(super) changed: Vec<&'static str>,
}

pub(super) fn event_form(
    maker: &ShapeBuilder<'_>,
    plans: &mut [ReadPlan],
    uses: &CollectedField<'_>,
) -> Result<Vec<(String, EventPart)>, HubError> {
    let mut parts = Vec::new();
    for picked in maker.picked("Change", &uses.sets()) {
        let part = match picked.name {
            "kind" => EventPart::Kind,
            "family" => EventPart::Family,
            "id" => EventPart::Id,
            "version" => EventPart::Version,
            "changed" => EventPart::Changed,
            "previousVersion" => EventPart::Previous,
            "reason" => EventPart::Reason,
            "at" => EventPart::At,
            "record" => {
                let sets = picked.sets();
                EventPart::Record(
                    plans
                        .iter_mut()
                        .map(|plan| maker.shape(plan, &sets))
                        .collect::<Result<_, _>>()?,
                )
            }
            _ => EventPart::TypeName,
        };
        parts.push((picked.key.to_owned(), part));
    }
    Ok(parts)
}

/// The records of one family that a page is about, each read once, however many changes it had.
pub(super) async fn standing(
    session: &Session,
    scope: &Arc<Scope>,
    plan: &ReadPlan,
    heard: &Heard,
    number: usize,
) -> Result<FamilyRecords, HubError> {
    let own = heard.events.iter().filter(|event| event.scope == number).map(|event| event.record);
    let ids: Vec<Uuid> = own.collect::<BTreeSet<_>>().into_iter().collect();
    if ids.is_empty() {
        let level = Level::default();
        return Ok(FamilyRecords {
            scope: Arc::clone(scope),
            level,
            present: HashMap::new(),
            withdrawn: HashMap::new(),
        });
    }
    let found = session.services.reader().standing(scope, &ids, &plan.selection).await?;
    let present = found.present.iter().enumerate().map(|(index, row)| (row.id, index)).collect();
    let withdrawn = found.withdrawn.into_iter().map(|row| (row.id, row)).collect();
    let level = descend(session, plan, found.present).await?;
    Ok(FamilyRecords { scope: Arc::clone(scope), level, present, withdrawn })
}

/// What may be told of a change. As in the history of a record, its zone as it is now decides.
pub(super) fn tell<'a>(
    session: &Session,
    records: &FamilyRecords,
    event: &'a FeedEvent,
) -> Option<VisibleChange<'a>> {
    let present = records.present.get(&event.record).copied();
    let row = present
        .and_then(|index| records.level.rows.get(index))
        .map(Arc::as_ref)
        .or_else(|| records.withdrawn.get(&event.record));
    let zone = row.and_then(|row| {
        records.scope.zone_of(&row.region, &row.department, row.industry.as_deref())
    });
    let (Some(row), Some(zone)) = (row, zone.filter(|zone| zone.shows_versions())) else {
        return Some(VisibleChange {
            event,
            present,
            versions: false,
            numbers: false,
            changed: Vec::new(),
        });
    };
    let family = records.scope.family();
    let names: Vec<String> = event
        .changed
        .as_deref()
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let fields = names.iter().filter_map(|name| family.versioned(name));
    let fields: Vec<_> =
        fields.filter(|field| zone.outcome(field.class) == Openness::Full).collect();
    let mut classes = Classes::default();
    fields.iter().for_each(|field| classes.add(field.class));
    let changed = fields.iter().map(|field| field.name).collect();
    // That a medical fact of a person changed is a fact about that person.
    session.show_classes(&records.scope, row, classes);
    Some(VisibleChange { event, present, versions: true, numbers: zone.shows_all(family), changed })
}

pub(super) fn write(
    writer: &mut JsonWriter<'_>,
    seal: &Seal,
    parts: &[(String, EventPart)],
    records: &FamilyRecords,
    told: &VisibleChange<'_>,
) {
    let family: &'static Family = records.scope.family();
    let event = told.event;
    let versions = |value: i32| told.numbers.then_some(value);
    writer.object(parts, |writer, part| match part {
        EventPart::TypeName => writer.value("Change"),
        EventPart::Kind => {
            writer.value(if told.present.is_some() { "UPSERT" } else { "TOMBSTONE" })
        }
        EventPart::Family => writer.value(family.name),
        EventPart::Id => writer.value(&global_id(seal, family, event.record)),
        EventPart::Version => writer.value(&versions(event.version)),
        EventPart::Previous => {
            writer.value(&versions(event.version - 1).filter(|version| *version > 0))
        }
        EventPart::Changed => writer.value(&told.changed),
        EventPart::Reason => writer.text(event.reason.as_deref().filter(|_| told.versions)),
        EventPart::At => {
            let at = told.versions.then(|| Cell::Instant(event.at).text(Kind::DateTime)).flatten();
            writer.text(at.as_deref());
        }
        EventPart::Record(shapes) => match (told.present, shapes.get(event.scope)) {
            (Some(index), Some(shape)) => writer.record(shape, &records.level, index),
            _ => writer.text(None),
        },
    });
}
