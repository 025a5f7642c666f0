//! The content of a record as versions keep it: sealed where it is sealed, compared in the clear,
//! told apart by a digest.

use entity::{
    catalogue::{Family, Field},
    typed::Shared,
};
use serde::ser::{Serialize, SerializeMap, Serializer};
use uuid::Uuid;

use crate::{
    error::HubError,
    store::{
        records::{
            computed,
            content::{RecordContent, encoded},
            follow::{Followed, MovedRow},
            natural_key::number_of,
        },
        seal::Bond,
        sql::cell::Cell,
    },
    submit::{draft::Draft, pipeline::Submitter},
};

impl Submitter {
    /// Digest of what was handed in.
    pub(super) fn fingerprint(&self, draft: &Draft) -> String {
        computed::fingerprint(&self.seal, draft.family(), draft.cells())
    }

    /// Names of the fields that differ between two contents, as a JSON list, and the fields that
    /// had a value and have none now.
    pub(super) fn changed(
        &self,
        family: &'static Family,
        (record, department): (Uuid, &str),
        [old, new]: [&str; 2],
    ) -> Result<(String, Vec<&'static Field>), HubError> {
        let (old, new) =
            (RecordContent::read(family, record, old)?, RecordContent::read(family, record, new)?);
        let (mut names, mut cleared) = (Vec::new(), Vec::new());
        for field in family.fields.iter().filter(|field| !field.hidden) {
            let clear = |content: &RecordContent| content.clear(&self.seal, department, field);
            let (was, is) = (clear(&old)?, clear(&new)?);
            if was == is {
                continue;
            }
            names.push(field.kept);
            if is.is_null() && !field.derived {
                cleared.push(field);
            }
        }
        Ok((serde_json::to_string(&names).map_err(HubError::internal)?, cleared))
    }

    /// The content of a row as JSON.
    pub(super) fn content(&self, draft: &Draft, cells: &[Cell]) -> Result<String, HubError> {
        let content = ContentMap { family: draft.family(), plain: draft.cells(), kept: cells };
        serde_json::to_string(&content).map_err(HubError::internal)
    }

    /// Seals what is sealed and computes what stands beside it.
    pub(super) fn settle(
        &self,
        draft: &mut Draft,
        bond: &Bond<'_>,
    ) -> Result<(Vec<Cell>, Vec<Option<String>>), HubError> {
        let family = draft.family();
        let person_key = computed::person_key(&self.seal, family, draft.cells());
        if let (Some(person), Some(accident)) =
            (&person_key, draft.shared_text(Shared::AccidentRef))
        {
            let key = format!("{}#{person}", number_of(accident));
            draft.shared().set(Shared::InjuryKey, Cell::Text(key));
        }
        let mut cells = Vec::with_capacity(family.fields.len());
        let mut beside = Vec::with_capacity(family.fields.len());
        for (field, cell) in family.fields.iter().zip(draft.cells()) {
            if !field.sealed && field.key.is_none() && field.sort.is_none() {
                beside.push(None);
                cells.push(cell.clone());
                continue;
            }
            let text = cell.text(field.kind);
            beside.push(computed::beside(
                &self.seal,
                field,
                text.as_deref(),
                person_key.as_deref(),
            ));
            cells.push(match text {
                Some(text) if field.sealed => {
                    Cell::Sealed(self.seal.seal(&bond.place(family.table, field.column), &text)?)
                }
                _ => cell.clone(),
            });
        }
        Ok((cells, beside))
    }
}

/// The content of a row, by name of the field; empty values are left out.
struct ContentMap<'a> {
    family: &'static Family,
    plain: &'a [Cell],
    kept: &'a [Cell],
}

impl Serialize for ContentMap<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for ((field, plain), kept) in self.family.fields.iter().zip(self.plain).zip(self.kept) {
            if field.hidden || plain.is_null() {
                continue;
            }
            match (kept, plain) {
                (Cell::Sealed(bytes), _) => map.serialize_entry(field.kept, &encoded(bytes))?,
                (_, Cell::Text(text)) => map.serialize_entry(field.kept, text)?,
                _ => map.serialize_entry(field.kept, &plain.json(field.kind))?,
            }
        }
        map.end()
    }
}

/// The content of a version with the region and industry of the row it follows, and what was sealed
/// again for them.
pub(super) fn relocated(
    family: &Family,
    content: &str,
    moved: &MovedRow,
    followed: &Followed,
) -> Result<String, HubError> {
    let mut content: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(content).map_err(HubError::internal)?;
    let name = |index: usize| family.fields.get(index).map_or("", |field| field.kept).to_owned();
    content.insert(name(family.region), moved.site.region.as_str().into());
    if let Some(index) = family.industry {
        match &moved.site.industry {
            Some(industry) => content.insert(name(index), industry.as_str().into()),
            None => content.remove(&name(index)),
        };
    }
    for (field, sealed) in &followed.sealed {
        content.insert(field.kept.to_owned(), encoded(sealed).into());
    }
    serde_json::to_string(&content).map_err(HubError::internal)
}
