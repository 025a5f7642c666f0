//! Cursors of the pages of leads.

use uuid::Uuid;

use crate::{
    error::HubError,
    store::{records::global_id, seal::Seal},
};

/// Name under which cursors are written.
const CURSOR: &str = "LeadCursor";

/// The serial number behind a cursor; without one, all leads are behind it.
pub(super) fn after(seal: &Seal, cursor: Option<&str>) -> Result<i64, HubError> {
    let Some(text) = cursor else { return Ok(0) };
    let serial = global_id::parse_name(seal, CURSOR, text)
        .ok()
        .and_then(|id| i64::try_from(id.as_u128()).ok());
    serial.ok_or_else(|| {
        HubError::invalid(
            "游标无效，请从首页重新查询。",
            "The cursor does not hold. Begin with the first page.",
        )
    })
}

/// A cursor behind a lead. Ciphered like an identifier: a serial number would tell how many leads
/// others have.
pub(super) fn cursor(seal: &Seal, serial: i64) -> String {
    global_id::of_name(seal, CURSOR, Uuid::from_u128(u128::try_from(serial).unwrap_or_default()))
}
