//! What is computed from the values of a row and kept with it: the fingerprint of what was handed
//! in, keyed hashes, sort keys. `submit` writes them, `verify` computes them again.

use entity::{
    catalogue::{Family, Field, Mask},
    typed::Shared,
};
use std::borrow::Cow;

use crate::{
    domain::sort_key,
    store::{seal::Seal, sql::cell::Cell},
};

/// Digest of what was handed in, from the values in the clear; keyed, so that it tells nothing of a
/// value.
#[must_use]
pub fn fingerprint(seal: &Seal, family: &Family, cells: &[Cell]) -> String {
    let mut text = String::with_capacity(512);
    for (field, cell) in family.fields.iter().zip(cells) {
        if field.derived || field.hidden {
            continue;
        }
        let value = match cell {
            Cell::Text(own) => Cow::Borrowed(own.as_str()),
            other => match other.text(field.kind) {
                Some(made) => Cow::Owned(made),
                None => continue,
            },
        };
        for part in [field.column, "\u{1f}", &value, "\u{1e}"] {
            text.push_str(part);
        }
    }
    seal.hash("fingerprint", &text)
}

/// Keyed hash that links records of one person, where the row names one.
#[must_use]
pub fn person_key(seal: &Seal, family: &Family, cells: &[Cell]) -> Option<String> {
    let text = |column: Shared| {
        let index = family.fields.iter().position(|field| field.column == column.column())?;
        cells.get(index)?.as_text()
    };
    text(Shared::IdNumber)
        .map(|number| seal.person_key(text(Shared::IdType).unwrap_or("RESIDENT_ID"), number))
}

/// Keyed hash or sort key that is kept beside a field with this value in the clear.
#[must_use]
pub fn beside(
    seal: &Seal,
    field: &Field,
    text: Option<&str>,
    person_key: Option<&str>,
) -> Option<String> {
    match (field.key, field.sort) {
        (Some("person_key"), _) => person_key.map(ToOwned::to_owned),
        (Some(usage), _) => text.map(|text| seal.hash(usage, text)),
        (None, Some(_)) if field.mask == Mask::Name => text.map(sort_key::pinyin_key_of_person),
        (None, Some(_)) => text.map(sort_key::pinyin_key),
        (None, None) => None,
    }
}
