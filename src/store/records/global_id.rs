//! Global identifiers of records: family and identifier in one text, opaque to clients. Identifiers
//! within the hub hold the instant at which the record was made, of whichever region, so they leave
//! it under a cipher only. This is the one place where they are written and read; those of an
//! earlier form, in the clear, are still taken.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use entity::catalogue::{Catalogue, Family};
use uuid::Uuid;

use crate::{error::HubError, store::seal::Seal};

/// Stands behind the name, and says how the identifier behind it is written.
const CLEAR: &[u8] = &[0];
const TOLD: &[u8] = &[0, 1];

/// Global identifier of a record.
#[must_use]
pub fn global_id(seal: &Seal, family: &Family, id: Uuid) -> String {
    of_name(seal, family.name, id)
}

/// Global identifier of something that is no record of a family, under the name of its type.
#[must_use]
pub fn of_name(seal: &Seal, name: &str, id: Uuid) -> String {
    let mut text = String::new();
    append(&mut text, seal, name, id);
    text
}

/// Appends a global identifier to a text.
pub fn append(text: &mut String, seal: &Seal, name: &str, id: Uuid) {
    let mut bytes = Vec::with_capacity(name.len() + 18);
    bytes.extend_from_slice(name.as_bytes());
    bytes.extend_from_slice(TOLD);
    bytes.extend_from_slice(&seal.outer(id));
    BASE64_URL_SAFE_NO_PAD.encode_string(bytes, text);
}

/// Family and identifier of a global identifier.
///
/// # Errors
///
/// [`HubError::NotFound`]: what is no identifier identifies nothing.
pub fn parse(
    seal: &Seal,
    catalogue: &Catalogue,
    text: &str,
) -> Result<(&'static Family, Uuid), HubError> {
    let (name, id) = parts(seal, text)?;
    let family = catalogue.find(&name).ok_or(HubError::NotFound)?;
    Ok((family, id))
}

/// Identifier in a global identifier of that name.
///
/// # Errors
///
/// [`HubError::NotFound`] for anything else.
pub fn parse_name(seal: &Seal, name: &str, text: &str) -> Result<Uuid, HubError> {
    let (own, id) = parts(seal, text)?;
    if own == name { Ok(id) } else { Err(HubError::NotFound) }
}

fn parts(seal: &Seal, text: &str) -> Result<(String, Uuid), HubError> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| HubError::NotFound)?;
    let (head, id) = bytes.split_last_chunk::<16>().ok_or(HubError::NotFound)?;
    let (name, id) = match (head.strip_suffix(TOLD), head.strip_suffix(CLEAR)) {
        (Some(name), _) => (name, seal.inner(*id)),
        (None, Some(name)) => (name, Uuid::from_bytes(*id)),
        (None, None) => return Err(HubError::NotFound),
    };
    Ok((std::str::from_utf8(name).map_err(|_| HubError::NotFound)?.to_owned(), id))
}
