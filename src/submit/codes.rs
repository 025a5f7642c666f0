//! Codes as they are handed in: which edition holds on the day of the record, and what became of a region since.
//!
//! A record is kept under the region that answers for its place today. So a record of the time before a merger belongs to
//! the organisation that took over, and to nobody else; the code it came under stands in a finding.

use chrono::{Datelike, NaiveDate};

use crate::{
    domain::{industry, text::normalise_identifier},
    store::reference::{Code, Lookup, Reference, Table},
    submit::parse::{Wrong, wrong},
};

/// Reads a code that belongs to a day, or to any where the day is not known; notes are what somebody should look at.
pub(super) fn code(
    reference: &Reference,
    table: &str,
    raw: &str,
    day: Option<NaiveDate>,
    notes: &mut Vec<Wrong>,
) -> Result<String, Wrong> {
    let text = normalise_identifier(raw);
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
                format!("该代码属于“{}”版，在记录日期不适用。请使用当日有效版本的代码。", other.edition),
                format!("The code belongs to edition {}, which does not hold on the day of the record.", other.edition),
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
        format!("代码不在“{name}”代码表中。请在 catalogue 中查对。"),
        format!("The code is not in table {table}. Look it up in the catalogue."),
    )
}

fn before(first: &Code) -> Wrong {
    wrong(
        "CODE_BEFORE_FIRST_EDITION",
        format!("记录日期早于代码表最早版本，按“{}”版记录（依据：{}）。请核对日期。", first.edition, first.source),
        format!(
            "The record lies before the first edition of the table; it is kept by {} (source: {}). Check the day.",
            first.edition, first.source
        ),
    )
}

/// A region on a day: itself, or what took its place since; one that had ended by then is refused with the successor named.
fn region(
    reference: &Reference,
    present: &Table,
    text: &str,
    day: Option<NaiveDate>,
    notes: &mut Vec<Wrong>,
) -> Result<String, Wrong> {
    let former = reference.table("abolished_region");
    let own = present.editions(text).next();
    let Some(code) = own.or_else(|| former.and_then(|table| table.editions(text).next())) else {
        return match present.by_source_code(text) {
            Some(code) => Ok(code.code.clone()),
            None => Err(unknown("region", &present.name_zh)),
        };
    };
    // Former codes are known from tables of whole years: it may have lasted into the year after the last of them.
    let last = if own.is_some() { code.valid_to } else { code.valid_to.and_then(next_year_end) };
    let successor = reference.present_region(text).filter(|next| next.code != code.code);
    let name = &code.name_zh;
    if last.is_some_and(|last| day.is_some_and(|day| day > last)) {
        let (zh, en) = match successor {
            Some(next) => (
                format!("请使用承继地区的代码 {}（{}）。", next.code, next.name_zh),
                format!("Use that of its successor, {} ({}).", next.code, next.name_zh),
            ),
            None => {
                ("承继地区不明，请按现行区划代码填写。".to_owned(), "Its successor is not known; use a code of today.".to_owned())
            }
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
            format!("原报 {text}（{name}），现由 {}（{}）承继，按承继地区记录。", next.code, next.name_zh),
            format!("Handed in under {text} ({name}); kept under its successor {} ({}).", next.code, next.name_zh),
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
