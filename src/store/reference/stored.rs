//! Code tables as the store keeps them.

use chrono::NaiveDate;
use sea_orm::DbBackend;

use super::CodeTable;

pub(super) fn insert(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => {
            "INSERT INTO reference_codes (table_name, code, edition, position, name_zh, name_en, valid_from, valid_to, parent, \
             replaced_by, attributes, source) SELECT t, c, e, p, z, n, f::date, u::date, o, r, a, s FROM json_to_recordset(?::json) \
             AS x(t text, c text, e text, p integer, z text, n text, f text, u text, o text, r text, a text, s text)"
        }
        _ => {
            "INSERT INTO reference_codes (table_name, code, edition, position, name_zh, name_en, valid_from, valid_to, parent, \
             replaced_by, attributes, source) SELECT value->>'t', value->>'c', value->>'e', value->>'p', value->>'z', value->>'n', \
             value->>'f', value->>'u', value->>'o', value->>'r', value->>'a', value->>'s' FROM json_each(?)"
        }
    }
}

pub(super) fn wire(table: &CodeTable) -> String {
    let rows = table.codes.iter().enumerate().map(|(position, code)| {
        serde_json::json!({
            "t": table.name, "c": code.code, "e": code.edition, "p": position, "z": code.name_zh, "n": code.name_en,
            "f": code.valid_from.map(|day| day.to_string()), "u": code.valid_to.map(|day| day.to_string()),
            "o": code.parent, "r": code.replaced_by,
            "a": serde_json::to_string(&code.attributes).unwrap_or_default(), "s": code.source,
        })
    });
    serde_json::Value::from(rows.collect::<Vec<_>>()).to_string()
}

/// The codes of a table as the store keeps them, by table, code and edition; days as text, and
/// nothing as an empty text.
pub(in crate::store) fn stored_codes(
    table: &CodeTable,
) -> impl Iterator<Item = ((String, String, String), [String; 9])> {
    table.codes.iter().enumerate().map(|(position, code)| {
        let day = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
        let own = [
            position.to_string(),
            code.name_zh.clone(),
            code.name_en.clone(),
            day(code.valid_from),
            day(code.valid_to),
            code.parent.clone().unwrap_or_default(),
            code.replaced_by.clone().unwrap_or_default(),
            serde_json::to_string(&code.attributes).unwrap_or_default(),
            code.source.clone(),
        ];
        ((table.name.clone(), code.code.clone(), code.edition.clone()), own)
    })
}
