//! The content of a version as it is kept: JSON by name of the field, sealed where the column is
//! sealed.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use entity::catalogue::{Family, Field};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    error::HubError,
    store::{
        records::{earlier::renewed, versions::RecordSite},
        seal::{Bond, Seal, unbound},
    },
};

/// A content that was read.
#[derive(Clone, Debug)]
pub struct RecordContent {
    family: &'static Family,
    record: Uuid,
    /// Values by name of the field.
    pub values: Map<String, Value>,
    /// Whether it was kept in the form of an earlier version of the hub.
    pub renewed: bool,
}

impl RecordContent {
    /// Reads the content of a version of a record.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when it is no JSON object.
    pub fn read(family: &'static Family, record: Uuid, text: &str) -> Result<Self, HubError> {
        let mut values = serde_json::from_str(text).map_err(HubError::internal)?;
        let renewed = renewed(family, &mut values);
        Ok(Self { family, record, values, renewed })
    }

    /// Where the record lay.
    #[must_use]
    pub fn site(&self) -> RecordSite {
        let text = |index: usize| {
            Some(self.values.get(self.family.fields.get(index)?.kept)?.as_str()?.to_owned())
        };
        RecordSite {
            region: text(self.family.region).unwrap_or_default(),
            industry: self.family.industry.and_then(text),
        }
    }

    /// The value of a field in the clear; `Null` when it has none. `department` is that of the
    /// record.
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when a sealed value does not open.
    pub fn clear(&self, seal: &Seal, department: &str, field: &Field) -> Result<Value, HubError> {
        let kept = self.values.get(field.kept);
        match kept {
            Some(Value::String(text)) if field.sealed => {
                let bytes = BASE64_STANDARD.decode(text).map_err(HubError::internal)?;
                self.open(seal, department, field, &bytes).map(Value::String)
            }
            other => Ok(other.cloned().unwrap_or_default()),
        }
    }

    fn open(
        &self,
        seal: &Seal,
        department: &str,
        field: &Field,
        bytes: &[u8],
    ) -> Result<String, HubError> {
        let RecordSite { region, industry } = self.site();
        let bond = Bond {
            record: self.record,
            department,
            region: &region,
            industry: industry.as_deref(),
        };
        // Versions keep the form they were written in: their keyed digests hold it.
        seal.open_either(
            &bond.place(self.family.table, field.column),
            &unbound(self.family.table, field.column),
            bytes,
        )
    }
}

/// A sealed value as contents keep it.
#[must_use]
pub fn encoded(sealed: &[u8]) -> String {
    BASE64_STANDARD.encode(sealed)
}
