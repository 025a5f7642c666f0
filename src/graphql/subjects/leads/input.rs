//! Inputs of steps with leads, as words and numbers, and the cursors of their pages.

use async_graphql::{Name, Value, dynamic::ResolverContext, indexmap::IndexMap};
use uuid::Uuid;

use crate::{
    error::HubError,
    store::{global_id, seal::Seal},
};

/// Values by name.
pub(super) struct Given(IndexMap<Name, Value>);

impl Given {
    /// The argument `input`.
    pub(super) fn input(ctx: &ResolverContext<'_>) -> Result<Self, HubError> {
        match ctx.args.get("input").map(|value| value.as_value().clone()) {
            Some(Value::Object(parts)) => Ok(Self(parts)),
            _ => Err(HubError::invalid("input 的内容不完整。", "`input` is incomplete.")),
        }
    }

    /// A text or the code of an enum.
    pub(super) fn word(&self, name: &str) -> Option<&str> {
        match self.0.get(name)? {
            Value::String(text) => Some(text),
            Value::Enum(code) => Some(code.as_str()),
            _ => None,
        }
    }

    /// A whole number.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        match self.0.get(name)? {
            Value::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    /// The identifier of a thing in the field `id`.
    pub(super) fn id(&self, seal: &Seal, kind: &str) -> Result<Uuid, HubError> {
        global_id::parse_name(seal, kind, self.word("id").unwrap_or_default())
    }
}

/// Name under which cursors are written.
const CURSOR: &str = "LeadCursor";

/// The serial number behind a cursor; without one, all leads are behind it.
pub(super) fn after(seal: &Seal, cursor: Option<&str>) -> Result<i64, HubError> {
    let Some(text) = cursor else { return Ok(0) };
    let serial = global_id::parse_name(seal, CURSOR, text).ok().and_then(|id| i64::try_from(id.as_u128()).ok());
    serial.ok_or_else(|| HubError::invalid("游标无效，请从首页重新查询。", "The cursor does not hold. Begin with the first page."))
}

/// A cursor behind a lead. Ciphered like an identifier: a serial number would tell how many leads others have.
pub(super) fn cursor(seal: &Seal, serial: i64) -> String {
    global_id::of_name(seal, CURSOR, Uuid::from_u128(u128::try_from(serial).unwrap_or_default()))
}
