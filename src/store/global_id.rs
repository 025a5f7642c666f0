//! Global identifiers of records: family and identifier in one text, opaque to clients.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use entity::catalogue::{Catalogue, Family};
use uuid::Uuid;

use crate::error::HubError;

/// Global identifier of a record.
#[must_use]
pub fn global_id(family: &Family, id: Uuid) -> String {
    let mut text = String::new();
    append(&mut text, family, id);
    text
}

/// Appends the global identifier of a record to a text.
pub fn append(text: &mut String, family: &Family, id: Uuid) {
    let mut bytes = Vec::with_capacity(family.name.len() + 17);
    bytes.extend_from_slice(family.name.as_bytes());
    bytes.push(0);
    bytes.extend_from_slice(id.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode_string(bytes, text);
}

/// Family and identifier of a global identifier.
///
/// # Errors
///
/// [`HubError::NotFound`]: what is no identifier identifies nothing.
pub fn parse(catalogue: &Catalogue, text: &str) -> Result<(&'static Family, Uuid), HubError> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| HubError::NotFound)?;
    let (head, id) = bytes.split_at_checked(bytes.len().saturating_sub(16)).ok_or(HubError::NotFound)?;
    let name = head.strip_suffix(&[0]).and_then(|name| std::str::from_utf8(name).ok()).ok_or(HubError::NotFound)?;
    let family = catalogue.find(name).ok_or(HubError::NotFound)?;
    Ok((family, Uuid::from_slice(id).map_err(|_| HubError::NotFound)?))
}
