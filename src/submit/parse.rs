//! Rows as handed in to rows as judged: which fields there are, which are missing, what each says.

use chrono::{Datelike as _, NaiveDate};
use entity::catalogue::{Family, Kind};
use serde_json::{Map, Value};

use crate::{
    error::Text,
    store::{reference::Reference, sql::cell::Cell},
    submit::{
        draft::{Draft, Origin},
        value::{self, Wrong},
    },
};

/// No record is of a time before the People's Republic: the year is a slip of the pen.
const EARLIEST_EVENT: i32 = 1949;

/// Nobody of whom there are records was born before.
const EARLIEST_DAY: i32 = 1900;

/// A row as handed in, by field name.
pub type InputRow = Map<String, Value>;

/// Reads a row: unknown fields, missing fields and wrong values are faults, the rest is kept for
/// the rules.
#[must_use]
pub fn read(
    family: &'static Family,
    row: &InputRow,
    reference: &Reference,
    today: NaiveDate,
) -> Draft {
    let mut draft = Draft::new(family);
    for (name, value) in row {
        if family.inputs().any(|field| field.name == name || field.kept == name)
            || origin(&mut draft, name, value)
        {
            continue;
        }
        let known = family.field(name).is_some();
        let text = if known {
            Text::new(
                "该字段由平台计算，不能报送。请去掉。",
                "The hub computes this field; leave it out.",
            )
        } else {
            Text::new("没有这个字段。请核对字段名。", "There is no such field. Check the name.")
        };
        draft.fault_at(Some(name), if known { "DERIVED_FIELD" } else { "UNKNOWN_FIELD" }, text);
    }
    // Codes are judged on the day of the record, so dates are read first.
    for codes in [false, true] {
        let day = if codes { draft.judged_on(today) } else { None };
        for (index, field) in family.fields.iter().enumerate() {
            let is_code = matches!(field.kind, Kind::Code(_) | Kind::Codes(_));
            if field.derived || field.hidden || is_code != codes {
                continue;
            }
            // A file or profile of another time calls it by the name of that time.
            let given = row.get(field.name).or_else(|| row.get(field.kept)).unwrap_or(&Value::Null);
            let mut notes = Vec::new();
            let read = match value::read(field, given, reference, day, &mut notes) {
                // What has ended is held under the code of its time or under the one that took its
                // place.
                Err(fault) if fault.code == "CODE_EDITION" && family.until.is_some() => {
                    value::read(field, given, reference, Some(today), &mut notes)
                }
                other => other,
            };
            match read {
                Ok(Cell::Null) if field.required => {
                    let text = Text::new(
                        format!("缺少“{}”。请补填。", field.label),
                        format!("{} is missing.", field.name),
                    );
                    draft.fault_at(Some(field.name), "REQUIRED", text);
                }
                Ok(cell) => {
                    draft.put(index, cell);
                    for Wrong { code, text } in notes {
                        draft.finding(field.column, code, text.zh, text.en);
                    }
                }
                Err(fault) => draft.fault_at(Some(field.name), fault.code, fault.text),
            }
        }
    }
    if let Some(day) = draft.dated()
        && let Some(field) = family.dated.and_then(|index| family.fields.get(index))
        && day > today
    {
        let text = Text::new("日期在将来。请核对。", "The date lies in the future. Check it.");
        draft.fault_at(Some(field.name), "DATE_IN_FUTURE", text);
    }
    for (index, field) in family.fields.iter().enumerate() {
        let earliest = if family.dated == Some(index) { EARLIEST_EVENT } else { EARLIEST_DAY };
        if draft.day(field.column).is_some_and(|day| day.year() < earliest) {
            let text = Text::new(
                format!("日期早于 {earliest} 年。请核对年份。"),
                format!("The date lies before {earliest}. Check the year."),
            );
            draft.fault_at(Some(field.name), "DATE_TOO_EARLY", text);
        }
    }
    draft
}

/// What an export of the hub says of where a row comes from: not a value, but a claim that is
/// compared with the store.
fn origin(draft: &mut Draft, name: &str, value: &Value) -> bool {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Null => String::new(),
        _ => return false,
    };
    let place = match name {
        "id" => &mut draft.origin.id,
        "department" => &mut draft.origin.department,
        "sourceSystem" => &mut draft.origin.source_system,
        _ => return false,
    };
    *place = Some(text).filter(|text| !text.is_empty());
    true
}

/// The names under which rows say where they come from.
pub const ORIGIN: [&str; 3] = Origin::NAMES;

/// The natural key of a row as the hub will read it, if it has one.
#[must_use]
pub fn natural_key(family: &'static Family, row: &InputRow) -> Option<String> {
    let field = family.key_field()?;
    match value::words(field, row.get(field.name)?.as_str()?, &mut Vec::new()) {
        Ok(Cell::Text(key)) => Some(key),
        _ => None,
    }
}
