//! Code tables of the store against those that the program brings.

use std::collections::BTreeMap;

use sea_orm::Statement;

use crate::{
    error::HubError,
    store::{
        reference::{Reference, kept},
        sql::database::Database,
        verify::Check,
    },
};

/// Every code is as the program has it, in its place, and there is no other.
///
/// # Errors
///
/// What the files or the database say.
pub async fn shipped(database: &Database) -> Result<Check, HubError> {
    let mut check = Check::new("codes: the tables are those of this program (else: lianfang migrate)");
    let mut awaited: BTreeMap<(String, String, String), [String; 9]> = BTreeMap::new();
    let shipped = Reference::shipped().map_err(HubError::internal)?;
    for table in shipped.tables() {
        awaited.extend(kept(table));
    }
    let sql = "SELECT table_name, code, edition, CAST(position AS TEXT), name_zh, name_en, CAST(valid_from AS TEXT), \
               CAST(valid_to AS TEXT), parent, replaced_by, attributes, source FROM reference_codes";
    for row in database.all(Statement::from_string(database.backend(), sql)).await? {
        check.looked += 1;
        let text = |index: usize| row.try_get_by_index::<Option<String>>(index).map(Option::unwrap_or_default);
        let key = (text(0)?, text(1)?, text(2)?);
        let mut own = [const { String::new() }; 9];
        for (index, part) in own.iter_mut().enumerate() {
            *part = text(index + 3)?;
        }
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
    for row in database.all(Statement::from_string(database.backend(), sql)).await? {
        let (name, digest, rows): (String, String, i32) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        known += 1;
        if digests.get(&name) != Some(&(digest, rows)) {
            check.fault(format!("reference_tables {name}"));
        }
    }
    if known != digests.len() {
        check.fault(format!("reference_tables: {known} of {}", digests.len()));
    }
    Ok(check)
}
