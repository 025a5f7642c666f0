//! Code tables of the store against those that the program brings.

use std::collections::BTreeMap;

use sea_orm::{QueryResult, Statement};

use crate::{
    error::HubError,
    store::{
        reference::{Reference, stored::stored_codes},
        sql::database::Database,
        verify::{Check, shown_text},
    },
};

/// Table, code and edition.
type CodeKey = (String, String, String);

/// Every code is as the program has it, in its place, and there is no other.
///
/// # Errors
///
/// What the files or the database say.
pub async fn shipped(database: &Database) -> Result<Check, HubError> {
    let mut check =
        Check::new("codes: the tables are those of this program (else: lianfang migrate)");
    let mut awaited: BTreeMap<CodeKey, [String; 9]> = BTreeMap::new();
    let shipped = Reference::shipped().map_err(HubError::internal)?;
    for table in shipped.tables() {
        awaited.extend(stored_codes(table));
    }
    let sql = "SELECT table_name, code, edition, CAST(position AS TEXT), name_zh, name_en, CAST(valid_from AS TEXT), \
               CAST(valid_to AS TEXT), parent, replaced_by, attributes, source FROM reference_codes";
    let rows = check
        .read(database.all(Statement::from_string(database.backend(), sql)).await, || {
            "reference_codes".to_owned()
        })?;
    for row in rows.unwrap_or_default() {
        check.looked += 1;
        let place = || {
            format!(
                "reference_codes {} {} {}",
                shown_text(&row, 0),
                shown_text(&row, 1),
                shown_text(&row, 2)
            )
        };
        let Some((key, own)) = check.read(texts(&row), place)? else { continue };
        let place = format!("reference_codes {} {} {}", key.0, key.1, key.2);
        if awaited.remove(&key) != Some(own) {
            check.fault(place);
        }
    }
    for (table, code, edition) in awaited.into_keys() {
        check.fault(format!("reference_codes {table} {code} {edition} is gone"));
    }
    let digests = shipped.digests();
    let sql = "SELECT name, digest, rows FROM reference_tables";
    let mut known = 0;
    let tables = check
        .read(database.all(Statement::from_string(database.backend(), sql)).await, || {
            "reference_tables".to_owned()
        })?;
    for row in tables.unwrap_or_default() {
        known += 1;
        let Some((name, digest, rows)) =
            check.read(loaded(&row), || format!("reference_tables {}", shown_text(&row, 0)))?
        else {
            continue;
        };
        if digests.get(&name) != Some(&(digest, rows)) {
            check.fault(format!("reference_tables {name}"));
        }
    }
    if known != digests.len() {
        check.fault(format!("reference_tables: {known} of {}", digests.len()));
    }
    Ok(check)
}

/// The key of a code, and the rest.
fn texts(row: &QueryResult) -> Result<(CodeKey, [String; 9]), HubError> {
    let text =
        |index: usize| row.try_get_by_index::<Option<String>>(index).map(Option::unwrap_or_default);
    let mut own = [const { String::new() }; 9];
    for (index, part) in own.iter_mut().enumerate() {
        *part = text(index + 3)?;
    }
    Ok(((text(0)?, text(1)?, text(2)?), own))
}

/// Name, digest and number of rows of a table.
fn loaded(row: &QueryResult) -> Result<(String, String, i32), HubError> {
    Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))
}
