//! Leads between departments: reading them, searching for them, and the work on them.

mod cursor;
mod fields;
mod inputs;
mod types;
mod values;

use uuid::Uuid;

use crate::{
    error::HubError,
    graphql::{declared::kinds::Id, part::SubjectSchema},
    meeting::leads::RecordRole,
    store::{records::global_id, seal::Seal},
};

/// Name under which identifiers of leads are ciphered.
const IDENTIFIER: &str = "Lead";

/// Fields and types of leads.
#[must_use]
pub fn part() -> SubjectSchema {
    fields::add(SubjectSchema::default()).choice(
        "记录在线索中的作用。\n\nRole of a record in a lead.",
        |role| match role {
            RecordRole::Subject => "线索所指的记录。\n\nRecord that the lead is about.",
            RecordRole::Context => {
                "该记录所属的事故等。\n\nRecord to which the subject belongs, such as the accident of a victim."
            }
            RecordRole::Other => "与之不一致的记录。\n\nRecord that contradicts the subject.",
            RecordRole::Candidate => {
                "可能与之对应，待人核对。\n\nRecord that may match the subject; a person has to check."
            }
        },
    )
}

fn outer(seal: &Seal, id: Uuid) -> Id {
    Id(global_id::of_name(seal, IDENTIFIER, id))
}

fn inner(seal: &Seal, id: &Id) -> Result<Uuid, HubError> {
    global_id::parse_name(seal, IDENTIFIER, &id.0)
}
