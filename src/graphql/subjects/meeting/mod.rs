//! The joint meeting in the schema: its materials, and how it comes about.

mod act;
mod inputs;
mod look;
mod types;
mod values;

use futures_util::FutureExt as _;
use uuid::Uuid;

use self::inputs::{
    AddResolution, CallMeeting, ChangeMeeting, FreezeMaterials, SettleResolution, SignMaterials,
};
use crate::{
    error::HubError,
    graphql::{
        declared::{self, kinds::Id},
        part::SubjectSchema,
    },
    store::{records::global_id, seal::Seal},
};

/// The fields and types of the meeting.
#[must_use]
pub fn part() -> SubjectSchema {
    let content = declared::types("Brief", &brief::content::Brief::declaration());
    SubjectSchema { objects: content.objects, enums: content.enums, ..SubjectSchema::default() }
        .query("jointMeeting", |ctx, given| look::meeting(ctx, given).boxed())
        .query("jointMeetings", |ctx, given| look::meetings(ctx, given).boxed())
        .mutation("callMeeting", |ctx, CallMeeting { input }| act::call(ctx, input).boxed())
        .mutation("changeMeeting", |ctx, ChangeMeeting { input }| act::change(ctx, input).boxed())
        .mutation("freezeMaterials", |ctx, FreezeMaterials { input }| {
            act::freeze(ctx, input).boxed()
        })
        .mutation("signMaterials", |ctx, SignMaterials { input }| act::sign(ctx, input).boxed())
        .mutation("addResolution", |ctx, AddResolution { input }| act::resolve(ctx, input).boxed())
        .mutation("settleResolution", |ctx, SettleResolution { input }| {
            act::settle(ctx, input).boxed()
        })
}

/// Identifier of a meeting or a resolution, opaque like those of records.
fn outer(seal: &Seal, kind: &str, id: Uuid) -> Id {
    Id(global_id::of_name(seal, kind, id))
}

/// What an identifier of that kind stands for.
fn inner(seal: &Seal, kind: &str, id: &Id) -> Result<Uuid, HubError> {
    global_id::parse_name(seal, kind, &id.0)
}
