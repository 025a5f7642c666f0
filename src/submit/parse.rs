//! JSON values to typed values, by the declaration of their field.

use chrono::NaiveDate;
use entity::catalogue::{Family, Field, Kind};
use serde_json::{Map, Value};

use crate::{
    domain::{
        clock,
        money::Fen,
        text::{clean_name, half_width, is_clean_text, normalise_identifier},
    },
    error::Text,
    store::{cell::Cell, reference::Reference},
    submit::{codes::code, draft::Draft},
};

/// A row as handed in, by field name.
pub type InputRow = Map<String, Value>;

/// Why a value is no value of its field.
pub(super) struct Wrong {
    pub(super) code: String,
    pub(super) text: Text,
}

pub(super) fn wrong(code: &str, zh: impl Into<String>, en: impl Into<String>) -> Wrong {
    Wrong { code: code.to_owned(), text: Text::new(zh, en) }
}

/// Reads a row: unknown fields, missing fields and wrong values are faults, the rest is kept for the rules.
#[must_use]
pub fn read(family: &'static Family, row: &InputRow, reference: &Reference, today: NaiveDate) -> Draft {
    let mut draft = Draft::new(family);
    for name in row.keys() {
        if !family.inputs().any(|field| field.name == name) {
            let known = family.field(name).is_some();
            let text = if known {
                Text::new("该字段由平台计算，不能报送。请去掉。", "The hub computes this field; leave it out.")
            } else {
                Text::new("没有这个字段。请核对字段名。", "There is no such field. Check the name.")
            };
            draft.fault_at(Some(name), if known { "DERIVED_FIELD" } else { "UNKNOWN_FIELD" }, text);
        }
    }
    // Codes are judged on the day of the record, so dates are read first.
    for codes in [false, true] {
        let day = if codes { draft.judged_on(today) } else { None };
        for (index, field) in family.fields.iter().enumerate() {
            let is_code = matches!(field.kind, Kind::Code(_) | Kind::Codes(_));
            if field.derived || field.hidden || is_code != codes {
                continue;
            }
            let value = row.get(field.name).unwrap_or(&Value::Null);
            let mut notes = Vec::new();
            let read = match value_of(field, value, reference, day, &mut notes) {
                // What has ended is held under the code of its time or under the one that took its place.
                Err(fault) if fault.code == "CODE_EDITION" && family.until.is_some() => {
                    value_of(field, value, reference, Some(today), &mut notes)
                }
                other => other,
            };
            for note in notes {
                draft.finding(field.column, note.code, note.text.zh, note.text.en);
            }
            match read {
                Ok(Cell::Null) if field.required => {
                    let text = Text::new(format!("缺少“{}”。请补填。", field.label), format!("{} is missing.", field.name));
                    draft.fault_at(Some(field.name), "REQUIRED", text);
                }
                Ok(cell) => draft.put(index, cell),
                Err(fault) => draft.fault_at(Some(field.name), fault.code, fault.text),
            }
        }
    }
    if let Some(day) = draft.dated()
        && day > today
        && let Some(field) = family.dated.and_then(|index| family.fields.get(index))
    {
        let text = Text::new("日期在将来。请核对。", "The date lies in the future. Check it.");
        draft.fault_at(Some(field.name), "DATE_IN_FUTURE", text);
    }
    draft
}

/// The natural key of a row as the hub will read it, if it has one.
#[must_use]
pub fn natural_key(family: &'static Family, row: &InputRow) -> Option<String> {
    let field = family.key_field()?;
    match words(field, row.get(field.name)?.as_str()?) {
        Ok(Cell::Text(key)) => Some(key),
        _ => None,
    }
}

fn value_of(
    field: &Field,
    value: &Value,
    reference: &Reference,
    day: Option<NaiveDate>,
    notes: &mut Vec<Wrong>,
) -> Result<Cell, Wrong> {
    let kind_fault = |zh: &str, en: &str| wrong("WRONG_TYPE", format!("应为{zh}。"), format!("Expected {en}."));
    match (field.kind, value) {
        (_, Value::Null) => Ok(Cell::Null),
        (_, Value::String(text)) if text.trim().is_empty() => Ok(Cell::Null),
        (Kind::Text, Value::String(text)) => words(field, text),
        (Kind::Text, _) => Err(kind_fault("文本（证件号码、编号等一律用文本）", "text; numbers of documents are text too")),
        (Kind::Int, Value::Number(number)) => {
            let number = number.as_i64().ok_or_else(|| kind_fault("整数", "a whole number"))?;
            within(number)
        }
        (Kind::Int, Value::String(text)) => {
            let number = half_width(text).trim().parse().map_err(|_| kind_fault("整数", "a whole number"))?;
            within(number)
        }
        (Kind::Int, _) => Err(kind_fault("整数", "a whole number")),
        (Kind::Bool, Value::Bool(yes)) => Ok(Cell::Bool(*yes)),
        (Kind::Bool, Value::String(text)) => match text.trim() {
            "true" | "是" | "1" => Ok(Cell::Bool(true)),
            "false" | "否" | "0" => Ok(Cell::Bool(false)),
            _ => Err(kind_fault("true 或 false（是或否）", "true or false")),
        },
        (Kind::Bool, _) => Err(kind_fault("true 或 false（是或否）", "true or false")),
        (Kind::Date, Value::String(text)) => {
            clock::parse_date(text).map(Cell::Date).map_err(|fault| wrong(fault.code(), fault.message_zh(), fault.message_en()))
        }
        (Kind::Date, _) => Err(kind_fault("日期文本，如 2024-03-05", "a date as text, such as 2024-03-05")),
        (Kind::DateTime, Value::String(text)) => clock::parse_instant(text)
            .map(Cell::Instant)
            .map_err(|fault| wrong(fault.code(), fault.message_zh(), fault.message_en())),
        (Kind::DateTime, _) => Err(kind_fault("时间文本，如 2024-03-05T09:30:00+08:00", "an instant as text")),
        (Kind::Money, Value::String(text)) => Fen::parse(text)
            .map(|fen| Cell::Int(fen.0))
            .map_err(|fault| wrong(fault.code(), fault.message_zh(), fault.message_en())),
        (Kind::Money, _) => Err(kind_fault("以元为单位的文本金额，如 \"1234.50\"", "money in yuan as text, such as \"1234.50\"")),
        (Kind::Code(table), Value::String(text)) => code(reference, table, text, day, notes).map(Cell::Text),
        (Kind::Code(_), _) => Err(kind_fault("代码文本", "a code as text")),
        (Kind::Codes(table), Value::Array(list)) => {
            let texts = list.iter().map(|item| item.as_str().ok_or_else(|| kind_fault("代码列表", "a list of codes")));
            codes(reference, table, texts, day, notes)
        }
        (Kind::Codes(table), Value::String(text)) => codes(reference, table, text.split('|').map(Ok), day, notes),
        (Kind::Codes(_), _) => Err(kind_fault("代码列表", "a list of codes")),
    }
}

/// Counts and lengths are never negative, and fit 32 bits.
fn within(number: i64) -> Result<Cell, Wrong> {
    if number < 0 {
        return Err(wrong("NEGATIVE", "不能为负数。", "It cannot be negative."));
    }
    if number > i64::from(i32::MAX) {
        return Err(wrong("TOO_LARGE", "数值过大。", "The number is too large."));
    }
    Ok(Cell::Int(number))
}

fn words(field: &Field, raw: &str) -> Result<Cell, Wrong> {
    let text = raw.replace("\r\n", "\n").replace('\r', "\n");
    is_clean_text(&text).map_err(|fault| wrong(fault.code(), fault.message_zh(), fault.message_en()))?;
    let identifier = field.key.is_some() || field.column.ends_with("_uscc") || field.column == "uscc";
    let text = if identifier { normalise_identifier(&text) } else { clean_name(&text) };
    if text.chars().count() > field.max {
        let most = field.max;
        return Err(wrong("TOO_LONG", format!("超过 {most} 个字符。"), format!("Longer than {most} characters.")));
    }
    Ok(if text.is_empty() { Cell::Null } else { Cell::Text(text) })
}

fn codes<'a>(
    reference: &Reference,
    table: &str,
    list: impl Iterator<Item = Result<&'a str, Wrong>>,
    day: Option<NaiveDate>,
    notes: &mut Vec<Wrong>,
) -> Result<Cell, Wrong> {
    let mut found = list.map(|item| code(reference, table, item?, day, notes)).collect::<Result<Vec<_>, _>>()?;
    found.sort();
    found.dedup();
    Ok(if found.is_empty() { Cell::Null } else { Cell::Text(serde_json::Value::from(found).to_string()) })
}
