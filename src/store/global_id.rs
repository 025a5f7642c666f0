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

/// Global identifier of something that is no record of a family, under the name of its type.
#[must_use]
pub fn of_name(name: &str, id: Uuid) -> String {
    let mut text = String::new();
    named(&mut text, name, id);
    text
}

/// Appends the global identifier of a record to a text.
pub fn append(text: &mut String, family: &Family, id: Uuid) {
    named(text, family.name, id);
}

fn named(text: &mut String, name: &str, id: Uuid) {
    let mut bytes = Vec::with_capacity(name.len() + 17);
    bytes.extend_from_slice(name.as_bytes());
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
    let (name, id) = parts(text)?;
    let family = catalogue.find(&name).ok_or(HubError::NotFound)?;
    Ok((family, id))
}

/// Identifier in a global identifier of that name.
///
/// # Errors
///
/// [`HubError::NotFound`] for anything else.
pub fn parse_name(name: &str, text: &str) -> Result<Uuid, HubError> {
    let (own, id) = parts(text)?;
    if own == name { Ok(id) } else { Err(HubError::NotFound) }
}

fn parts(text: &str) -> Result<(String, Uuid), HubError> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| HubError::NotFound)?;
    let (head, id) = bytes.split_at_checked(bytes.len().saturating_sub(16)).ok_or(HubError::NotFound)?;
    let name = head.strip_suffix(&[0]).and_then(|name| std::str::from_utf8(name).ok()).ok_or(HubError::NotFound)?;
    Ok((name.to_owned(), Uuid::from_slice(id).map_err(|_| HubError::NotFound)?))
}
