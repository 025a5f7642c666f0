//! Codes as they are handed in: which edition holds on the day of the record, and what became of a
//! region since.
//!
//! A record is kept under the region that answers for its place today. So a record of the time
//! before a merger belongs to the organisation that took over, and to nobody else; the code it came
//! under stands in a finding.

use chrono::{Datelike, NaiveDate};

use crate::{
    domain::{
        code::Coded as _,
        industry,
        text::{TextFault, is_lookalike, normalise_identifier},
    },
    store::{
        reference::{CodeTable, Lookup, Reference, ReferenceCode},
        sql::cell::Cell,
    },
    submit::value::{Wrong, wrong},
};

/// Reads a code that belongs to a day, or to any where the day is not known; notes are what
/// somebody should look at.
pub(super) fn code(
    reference: &Reference,
    table: &str,
    raw: &str,
    day: Option<NaiveDate>,
    notes: &mut Vec<Wrong>,
) -> Result<String, Wrong> {
    if raw.contains(is_lookalike) {
        let fault = TextFault::Lookalike;
        return Err(wrong(fault.code(), fault.message_zh(), fault.message_en()));
    }
    let text = normalise_identifier(raw).trim_start_matches('\'').to_owned();
    let Some(codes) = reference.table(table) else { return Err(unknown(table, table)) };
    // Classes below the division are too many to list; a code is known when its division is.
    if table == "industry" {
        let digits = industry::numeric(&text).ok_or_else(|| unknown(table, &codes.name_zh))?;
        let division = industry::division(digits).ok_or_else(|| unknown(table, &codes.name_zh))?;
        let current = codes.editions(division).any(|code| code.edition == "GB/T 4754-2017");
        return if current { Ok(digits.to_owned()) } else { Err(unknown(table, &codes.name_zh)) };
    }
    if table == "region" {
        return region(reference, codes, &text, day, notes);
    }
    match codes.look_up(&text, day) {
        Lookup::Valid(code) => Ok(code.code.clone()),
        Lookup::OtherEdition(other) => match day.and_then(|day| codes.before_first(&text, day)) {
            Some(first) => {
                notes.push(before(first));
                Ok(first.code.clone())
            }
            None => Err(wrong(
                "CODE_EDITION",
                format!(
                    "该代码属于“{}”版，在记录日期不适用。请使用当日有效版本的代码。",
                    other.edition
                ),
                format!(
                    "The code belongs to edition {}, which does not hold on the day of the record.",
                    other.edition
                ),
            )),
        },
        Lookup::Unknown => match codes.by_source_code(&text) {
            Some(code) => Ok(code.code.clone()),
            None => Err(unknown(table, &codes.name_zh)),
        },
    }
}

fn unknown(table: &str, name: &str) -> Wrong {
    wrong(
        "CODE_UNKNOWN",
        format!("不是“{name}”代码表中的代码或名称。请从模板该列的下拉列表中选择。"),
        format!(
            "It is neither a code nor a name of table {table}. Choose from the list in the template."
        ),
    )
}

fn before(first: &ReferenceCode) -> Wrong {
    wrong(
        "CODE_BEFORE_FIRST_EDITION",
        format!(
            "记录日期早于代码表最早版本，按“{}”版记录（依据：{}）。请核对日期。",
            first.edition, first.source
        ),
        format!(
            "The record lies before the first edition of the table; it is kept by {} (source: {}). Check the day.",
            first.edition, first.source
        ),
    )
}

/// A region on a day: itself, or what took its place since; one that had ended by then is refused
/// with the successor named.
fn region(
    reference: &Reference,
    present: &CodeTable,
    text: &str,
    day: Option<NaiveDate>,
    notes: &mut Vec<Wrong>,
) -> Result<String, Wrong> {
    let former = reference.table("abolished_region");
    let own = present.editions(text).next();
    let Some(code) = own.or_else(|| former.and_then(|table| table.editions(text).next())) else {
        return match (present.by_source_code(text), county(text)) {
            (Some(code), _) => Ok(code.code.clone()),
            (None, Some((six, whole))) => {
                if !whole {
                    notes.push(wrong(
                        "REGION_BELOW_COUNTY",
                        "写的是乡镇、街道或村的代码，按所在县（市、区）入库。",
                        "It is the code of a township or village; the county it lies in was taken.",
                    ));
                }
                region(reference, present, six, day, notes)
            }
            (None, None) => Err(unknown("region", &present.name_zh)),
        };
    };
    // Former codes are known from tables of whole years: it may have lasted into the year after the
    // last of them.
    let last = if own.is_some() { code.valid_to } else { code.valid_to.and_then(next_year_end) };
    let successor = reference.present_region(text).filter(|next| next.code != code.code);
    let name = &code.name_zh;
    if last.is_some_and(|last| day.is_some_and(|day| day > last)) {
        let (zh, en) = match successor {
            Some(next) => (
                format!("请使用承继地区的代码 {}（{}）。", next.code, next.name_zh),
                format!("Use that of its successor, {} ({}).", next.code, next.name_zh),
            ),
            None => (
                "承继地区不明，请按现行区划代码填写。".to_owned(),
                "Its successor is not known; use a code of today.".to_owned(),
            ),
        };
        return Err(wrong(
            "CODE_ABOLISHED",
            format!("行政区划 {text}（{name}）在记录日期已撤销。{zh}"),
            format!("The region {text} ({name}) was abolished before the day of the record. {en}"),
        ));
    }
    if let Some(next) = successor {
        notes.push(wrong(
            "REGION_SUCCEEDED",
            format!(
                "原报 {text}（{name}），现由 {}（{}）承继，按承继地区记录。",
                next.code, next.name_zh
            ),
            format!(
                "Handed in under {text} ({name}); kept under its successor {} ({}).",
                next.code, next.name_zh
            ),
        ));
        return Ok(next.code.clone());
    }
    if own.is_none() {
        notes.push(wrong(
            "REGION_FORMER",
            format!("{text}（{name}）已撤销，承继地区不明，按原代码记录，由上级地区管理。"),
            format!("{text} ({name}) was abolished and its successor is not known; kept under it, for the region above."),
        ));
    }
    Ok(code.code.clone())
}

fn next_year_end(last: NaiveDate) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(last.year().checked_add(1)?, 12, 31)
}

/// The code of the county in a statistical code of nine or twelve digits, and whether that is all
/// it says.
fn county(text: &str) -> Option<(&str, bool)> {
    if !matches!(text.len(), 9 | 12) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (six, rest) = text.split_at(6);
    Some((six, rest.bytes().all(|byte| byte == b'0')))
}

/// Reads a list of codes; it is kept in order, each once.
pub(super) fn codes<'a>(
    reference: &Reference,
    table: &str,
    list: impl Iterator<Item = Result<&'a str, Wrong>>,
    day: Option<NaiveDate>,
    notes: &mut Vec<Wrong>,
) -> Result<Cell, Wrong> {
    let mut found = list
        .map(|item| code(reference, table, item?, day, notes))
        .collect::<Result<Vec<_>, _>>()?;
    found.sort();
    found.dedup();
    Ok(if found.is_empty() {
        Cell::Null
    } else {
        Cell::Text(serde_json::Value::from(found).to_string())
    })
}
