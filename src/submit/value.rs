//! JSON values to typed values, by the declaration of their field. People's ways of writing are
//! taken where one meaning is possible; the same for every way in.

use chrono::NaiveDate;
use entity::catalogue::{Field, Kind};
use serde_json::Value;

use crate::{
    domain::{
        clock::TimeFault,
        code::Coded as _,
        moment::{self, Moment},
        money::FenFault,
        number::{self, NumberUse},
        quantity::{self, QuantityFault},
        text::{TextFault, clean_name, half_width, is_clean_text, is_nothing, without_invisible},
    },
    error::Text,
    store::{reference::Reference, sql::cell::Cell},
    submit::codes::{code, codes},
};

/// Why a value is no value of its field; or what someone should look at although it is taken.
pub(super) struct Wrong {
    pub code: String,
    pub text: Text,
}

pub(super) fn wrong(code: &str, zh: impl Into<String>, en: impl Into<String>) -> Wrong {
    Wrong { code: code.to_owned(), text: Text::new(zh, en) }
}

/// What a field of text is, if its values are numbers of something.
#[must_use]
pub fn numbered(field: &Field) -> Option<NumberUse> {
    match field.kind {
        Kind::Text if field.key.is_some() || field.column.ends_with("uscc") => {
            Some(NumberUse::Identifier)
        }
        Kind::Text if field.column.ends_with("_no") => Some(NumberUse::Record),
        _ => None,
    }
}

/// Reads a value. Codes are judged on the day, or in any edition without one.
pub(super) fn read(
    field: &Field,
    value: &Value,
    reference: &Reference,
    day: Option<NaiveDate>,
    notes: &mut Vec<Wrong>,
) -> Result<Cell, Wrong> {
    let kind_fault =
        |zh: &str, en: &str| wrong("WRONG_TYPE", format!("应为{zh}。"), format!("Expected {en}."));
    match (field.kind, value) {
        (_, Value::Null) => Ok(Cell::Null),
        (_, Value::String(text)) if is_nothing(text) => Ok(Cell::Null),
        (Kind::Text, Value::String(text)) => words(field, text, notes),
        (Kind::Text, _) => Err(kind_fault(
            "文本（证件号码、编号等一律用文本）",
            "text; numbers of documents are text too",
        )),
        (Kind::Int, Value::Number(number)) => {
            let number = number.as_i64().ok_or_else(|| kind_fault("整数", "a whole number"))?;
            within(number)
        }
        (Kind::Int, Value::String(text)) => count(field, text),
        (Kind::Int, _) => Err(kind_fault("整数", "a whole number")),
        (Kind::Bool, Value::Bool(yes)) => Ok(Cell::Bool(*yes)),
        (Kind::Bool, Value::String(text)) => {
            match half_width(&without_invisible(text)).trim().to_lowercase().as_str() {
                "true" | "是" | "1" | "yes" | "y" | "√" | "✓" | "有" | "有异议" | "合格"
                | "通过" | "及格" => Ok(Cell::Bool(true)),
                "false" | "否" | "0" | "no" | "n" | "×" | "无" | "无异议" | "不合格" | "未通过"
                | "不及格" => Ok(Cell::Bool(false)),
                _ => Err(kind_fault("是或否", "true or false")),
            }
        }
        (Kind::Bool, _) => Err(kind_fault("是或否", "true or false")),
        (Kind::Date, Value::String(text)) => day_of(text, notes),
        (Kind::Date, _) => {
            Err(kind_fault("日期文本，如 2024-03-05", "a date as text, such as 2024-03-05"))
        }
        (Kind::DateTime, Value::String(text)) => instant_of(text, notes),
        (Kind::DateTime, _) => Err(kind_fault(
            "时间文本，如 2024-03-05 09:30",
            "an instant as text, such as 2024-03-05 09:30",
        )),
        (Kind::Money, Value::String(text)) => amount(text),
        (Kind::Money, _) => Err(kind_fault(
            "以元为单位的文本金额，如 \"1234.50\"",
            "money in yuan as text, such as \"1234.50\"",
        )),
        (Kind::Code(table), Value::String(text)) => {
            code(reference, table, text, day, notes).map(Cell::Text)
        }
        (Kind::Code(_), _) => Err(kind_fault("代码文本", "a code as text")),
        (Kind::Codes(table), Value::Array(list)) => {
            let texts = list
                .iter()
                .map(|item| item.as_str().ok_or_else(|| kind_fault("代码列表", "a list of codes")));
            codes(reference, table, texts, day, notes)
        }
        (Kind::Codes(table), Value::String(text)) => {
            codes(reference, table, text.split(['|', '｜']).map(Ok), day, notes)
        }
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

fn count(field: &Field, text: &str) -> Result<Cell, Wrong> {
    let unit = field.unit.map(|unit| format!("，单位是{unit}")).unwrap_or_default();
    match quantity::read(text, field.unit, 1) {
        Ok(number) => within(number),
        Err(QuantityFault::Negative) => within(-1),
        Err(QuantityFault::TooLarge) => within(i64::MAX),
        Err(QuantityFault::Unit) => Err(wrong(
            "WRONG_TYPE",
            format!("应为整数{unit}。写在数字后面的单位不是本列的单位，请换算后填写。"),
            "Expected a whole number. The unit behind it is not that of the column; convert it.",
        )),
        Err(QuantityFault::Decimals) => {
            let (zh, en) = precision(field.unit);
            Err(wrong("WRONG_TYPE", zh, en))
        }
        Err(QuantityFault::Characters) if is_range(text) => Err(wrong(
            "WRONG_TYPE",
            "应为一个数，不能写范围或误差（如 0.5~0.6、5.3±0.2）。请填一个数值。",
            "Expected one number, not a range or a tolerance. Write a single value.",
        )),
        Err(QuantityFault::Characters) if below_limit(text) => Err(wrong(
            "WRONG_TYPE",
            format!("应为一个数{unit}，不能写“<”或“未检出”。低于检出限的，请填检出限的数值。"),
            "Expected a number, not “<” or “not detected”. Of what lies below the limit of detection, write that limit.",
        )),
        Err(QuantityFault::Characters) if in_words(text) => Err(wrong(
            "WRONG_TYPE",
            format!("应为整数{unit}，请用阿拉伯数字填写。"),
            "Expected a whole number, written in digits.",
        )),
        Err(QuantityFault::Empty | QuantityFault::Characters) => {
            // What has to be given cannot be left empty.
            let (zh, en) = if field.unit.is_none() {
                ("请核对", "check it")
            } else if field.required {
                ("没有的请填 0", "write 0 where there is none")
            } else {
                (
                    "没有的请填 0，不知道的请留空",
                    "write 0 where there is none, and leave it empty where it is not known",
                )
            };
            Err(wrong(
                "WRONG_TYPE",
                format!("应为整数{unit}，{zh}。"),
                format!("Expected a whole number; {en}."),
            ))
        }
    }
}

/// How exact a number may be, in the units in which people write it.
fn precision(unit: Option<&str>) -> (String, &'static str) {
    let (zh, en) = match unit {
        Some("1/10") => {
            ("数值最多一位小数，如 85.3dB(A)", "At most one decimal, such as 85.3 dB(A)")
        }
        Some("μg/m³") => {
            ("数值精确到 0.001mg/m³（1μg/m³），请取到三位小数", "At most three decimals in mg/m³")
        }
        Some("‰") => (
            "数值精确到 1‰（0.1%），请取到整数‰或一位小数的 %",
            "Whole per mille, or one decimal of a percent",
        ),
        Some("1/100000") => (
            "费率精确到十万分之一（0.001%），请取到三位小数的 %",
            "At most three decimals of a percent",
        ),
        Some("年") => (
            "年数应为整数。不足一年的部分请填月数，或写作 20年3个月",
            "Whole years; give the rest in months, or write 20年3个月",
        ),
        Some(unit) => {
            return (
                format!("应为整数，单位是{unit}，不能有小数。"),
                "Expected a whole number without decimals.",
            );
        }
        None => ("应为整数，不能有小数", "Expected a whole number without decimals"),
    };
    (format!("{zh}。"), en)
}

/// Whether a text is a range, or a number with its tolerance.
fn is_range(text: &str) -> bool {
    let text = half_width(text);
    text.contains(|c: char| c.is_ascii_digit()) && text.contains(['~', '±', '～', '至'])
}

/// Whether a text says that something was too little to be measured.
fn below_limit(text: &str) -> bool {
    let text = half_width(text);
    let text = text.trim();
    text.starts_with(['<', '≤', '﹤']) || ["未检出", "ND", "低于检出限"].contains(&text)
}

/// Whether a text is a number in Chinese numerals.
fn in_words(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.chars().all(|c| "〇零一二两三四五六七八九十百千万".contains(c))
}

fn amount(text: &str) -> Result<Cell, Wrong> {
    let fault = |fault: FenFault| Err(wrong(fault.code(), fault.message_zh(), fault.message_en()));
    match quantity::read(text, Some("元"), 100) {
        Ok(fen) => Ok(Cell::Int(fen)),
        Err(QuantityFault::Empty) => Ok(Cell::Null),
        Err(QuantityFault::Negative) => fault(FenFault::Negative),
        Err(QuantityFault::TooLarge) => fault(FenFault::TooLarge),
        Err(QuantityFault::Decimals) => fault(FenFault::Decimals),
        Err(QuantityFault::Characters | QuantityFault::Unit) => fault(FenFault::Characters),
    }
}

fn moment_of(text: &str) -> Result<Moment, Wrong> {
    moment::read(text).map_err(time_fault)
}

fn time_fault(fault: TimeFault) -> Wrong {
    wrong(fault.code(), fault.message_zh(), fault.message_en())
}

fn day_of(text: &str, notes: &mut Vec<Wrong>) -> Result<Cell, Wrong> {
    let moment = moment_of(text)?;
    if moment.zoned {
        return Err(time_fault(TimeFault::Format));
    }
    if moment.at.is_some_and(|_| moment.instant() != Moment { at: None, ..moment }.instant()) {
        notes.push(wrong(
            "TIME_LEFT_OUT",
            "本列只记日期，已略去时间。",
            "The column holds days; the time of day was left out.",
        ));
    }
    Ok(Cell::Date(moment.day))
}

/// Of a day alone the beginning is kept, and that the time is not known is told.
fn instant_of(text: &str, notes: &mut Vec<Wrong>) -> Result<Cell, Wrong> {
    let moment = moment_of(text)?;
    if moment.at.is_none() {
        notes.push(wrong(
            "TIME_UNKNOWN",
            "只有日期，没有时间，暂按当日 0 时记。知道时间的请补上。",
            "A day without a time; kept as the beginning of that day. Add the time if it is known.",
        ));
    }
    moment.instant().map(Cell::Instant).ok_or_else(|| time_fault(TimeFault::NoSuchDate))
}

/// Reads a text.
pub(super) fn words(field: &Field, raw: &str, notes: &mut Vec<Wrong>) -> Result<Cell, Wrong> {
    let text = raw.replace("\r\n", "\n").replace('\r', "\n");
    let fault = |fault: TextFault| wrong(fault.code(), fault.message_zh(), fault.message_en());
    is_clean_text(&text).map_err(fault)?;
    let text = match numbered(field) {
        None => clean_name(&text),
        Some(sort) => {
            let number = number::read(&text, sort).map_err(fault)?;
            if let Some((zh, en)) = number.changes() {
                notes.push(wrong(
                    "NUMBER_MENDED",
                    format!("{zh}，再入库。"),
                    format!("It was taken after {en}."),
                ));
            }
            number.text
        }
    };
    if text.chars().count() > field.max {
        let most = field.max;
        return Err(wrong(
            "TOO_LONG",
            format!("超过 {most} 个字符。"),
            format!("Longer than {most} characters."),
        ));
    }
    Ok(if text.is_empty() { Cell::Null } else { Cell::Text(text) })
}
