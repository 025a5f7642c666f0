//! The joint meeting in the schema: what one takes into the room, and how it comes about.

mod act;
mod look;
mod types;

use async_graphql::Value;
use uuid::Uuid;

use crate::{error::HubError, graphql::part::Part, store::seal::Seal};

/// The fields and types of the meeting.
#[must_use]
pub fn part() -> Part {
    let content = types::content();
    let mut objects = content.objects;
    objects.extend(types::objects());
    Part { queries: look::fields(), mutations: act::fields(), objects, inputs: types::inputs(), enums: content.enums }
}

/// Identifier of a meeting or a resolution, opaque like those of records.
fn global(seal: &Seal, kind: &str, id: Uuid) -> Value {
    Value::String(crate::store::global_id::of_name(seal, kind, id))
}

/// What an identifier of that kind stands for.
fn local(seal: &Seal, kind: &str, text: Option<&Value>) -> Result<Uuid, HubError> {
    match text {
        Some(Value::String(text)) => crate::store::global_id::parse_name(seal, kind, text),
        _ => Err(HubError::NotFound),
    }
}
