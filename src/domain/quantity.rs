//! Numbers as people write them: `1,234`, `1.0`, `１２６`, `12.6万元`, `￥5`, `3人`. Read as
//! decimals, never through floating point, and only where the meaning is unambiguous.
//!
//! A unit is accepted if it is that of the field or converts to it by an exact factor: 万元 for an
//! amount in 元, 年 for a period in 月, `%` for a share in `‰`.

use super::text::{half_width, without_invisible};

/// Written units, each with the unit of the field it converts to and the factor.
const UNITS: [(&str, &str, i128); 64] = [
    ("元", "元", 1),
    ("圆", "元", 1),
    ("元整", "元", 1),
    ("百元", "元", 100),
    ("千元", "元", 1_000),
    ("万元", "元", 10_000),
    ("万", "元", 10_000),
    ("百万元", "元", 1_000_000),
    ("千万元", "元", 10_000_000),
    ("亿元", "元", 100_000_000),
    ("亿", "元", 100_000_000),
    ("人", "人", 1),
    ("名", "人", 1),
    ("位", "人", 1),
    ("百人", "人", 100),
    ("千人", "人", 1_000),
    ("万人", "人", 10_000),
    ("人次", "人次", 1),
    ("百人次", "人次", 100),
    ("千人次", "人次", 1_000),
    ("万人次", "人次", 10_000),
    ("人/次", "人次", 1),
    ("次", "人次", 1),
    ("千次", "人次", 1_000),
    ("万次", "人次", 10_000),
    ("起", "起", 1),
    ("日", "日", 1),
    ("天", "日", 1),
    ("个工作日", "日", 1),
    ("工日", "日", 1),
    ("月", "月", 1),
    ("个月", "月", 1),
    ("年", "月", 12),
    ("年", "年", 1),
    ("岁", "岁", 1),
    ("周岁", "岁", 1),
    ("学时", "学时", 1),
    ("课时", "学时", 1),
    ("个学时", "学时", 1),
    ("‰", "‰", 1),
    ("%", "‰", 10),
    ("1/100000", "1/100000", 1),
    ("‱", "1/100000", 10),
    ("‰", "1/100000", 100),
    ("%", "1/100000", 1_000),
    ("μg/m³", "μg/m³", 1),
    ("µg/m³", "μg/m³", 1),
    ("ug/m3", "μg/m³", 1),
    ("mg/m³", "μg/m³", 1_000),
    ("mg/m3", "μg/m³", 1_000),
    ("MG/M3", "μg/m³", 1_000),
    ("mg/m^3", "μg/m³", 1_000),
    ("mg·m-3", "μg/m³", 1_000),
    ("mg·m⁻³", "μg/m³", 1_000),
    ("mgm-3", "μg/m³", 1_000),
    ("μg/m3", "μg/m³", 1),
    ("µg/m3", "μg/m³", 1),
    ("μg/m^3", "μg/m³", 1),
    ("毫克/立方米", "μg/m³", 1_000),
    ("微克/立方米", "μg/m³", 1),
    ("1/10", "1/10", 1),
    ("dB(A)", "1/10", 10),
    ("dB", "1/10", 10),
    ("分贝", "1/10", 10),
];

/// Units of things that no field counts: below a heading with one of them there are no persons.
const OF_OTHER_THINGS: [&str; 22] = [
    "小时", "分钟", "户", "家", "件", "场", "场次", "个", "批", "批次", "期", "项", "处", "份",
    "台", "套", "班次", "册", "班", "工时", "人·时", "人·月",
];

/// Why a text is not a number of its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuantityFault {
    /// The text is empty.
    Empty,
    /// Something other than digits, separators every three digits, one point, and a unit.
    Characters,
    /// The unit does not belong to the field.
    Unit,
    /// More decimals than the field can hold.
    Decimals,
    /// The number is negative; no field accepts that.
    Negative,
    /// Too large to be stored.
    TooLarge,
}

/// Signs and words of the currency that people set before an amount.
const CURRENCY: [&str; 5] = ["人民币", "￥", "¥", "RMB", "CNY"];

/// An amount without its signs of currency.
fn without_currency(text: &str) -> &str {
    CURRENCY.iter().fold(text, |text, sign| text.strip_prefix(sign).map_or(text, str::trim_start))
}

/// The unit that a word states: 万元 of 人民币万元, of 以万元计 and of 万元/起.
#[must_use]
pub fn stated(word: &str) -> Option<&str> {
    let word = ["单位", "以", "按", "人民币"]
        .iter()
        .fold(word, |word, before| word.strip_prefix(before).unwrap_or(word))
        .trim_start_matches([':', '为', '是']);
    let word = ["为单位", "计算", "计", "人民币"]
        .iter()
        .fold(word, |word, behind| word.strip_suffix(behind).unwrap_or(word));
    // mg/m³ is one, 万元/起 is a unit for each of something.
    if is_unit(word) {
        return Some(word);
    }
    let parts = word.split(['、', ',', ';']);
    parts.flat_map(|part| [part].into_iter().chain(part.split('/'))).find(|part| is_unit(part))
}

/// Whether a word is a known unit.
#[must_use]
pub fn is_unit(word: &str) -> bool {
    UNITS.iter().any(|(written, ..)| written.eq_ignore_ascii_case(word))
        || matches!(word, "%" | "人·年")
        || OF_OTHER_THINGS.contains(&counted(word))
}

/// What is counted, of a unit of so many: 次 of 万次.
fn counted(word: &str) -> &str {
    word.trim_start_matches(['十', '百', '千', '万', '亿'])
}

/// The factor that converts a written unit to that of a field.
#[must_use]
pub fn factor(written: &str, of_field: &str) -> Option<i128> {
    UNITS
        .iter()
        .find(|(own, field, _)| *own == written && *field == of_field)
        .map(|(.., factor)| *factor)
}

/// The static form of a written unit that converts to that of a field.
#[must_use]
pub fn known(written: &str, of_field: &str) -> Option<&'static str> {
    UNITS
        .iter()
        .find(|(own, field, _)| own.eq_ignore_ascii_case(written) && *field == of_field)
        .map(|(own, ..)| *own)
}

/// Whether a text contains its unit, rather than just digits: a sign of the currency in front says
/// nothing of 元 or 万元.
#[must_use]
pub fn says_its_unit(text: &str) -> bool {
    let text = half_width(&without_invisible(text));
    let text = text.trim().trim_start_matches(['\'', '’', '‘', '`']).trim();
    let behind = without_currency(text).trim_start_matches(|c: char| {
        c.is_whitespace() || c.is_ascii_digit() || matches!(c, ',' | '.' | '-' | '+')
    });
    !behind.is_empty()
}

/// The unit that stands behind the digits of a text, if it is one.
#[must_use]
pub fn unit_said(text: &str) -> Option<String> {
    let text = half_width(&without_invisible(text));
    let behind = text.trim().trim_start_matches(|c: char| {
        c.is_whitespace() || c.is_ascii_digit() || matches!(c, ',' | '.' | '-' | '+')
    });
    is_unit(behind).then(|| behind.to_owned())
}

/// A hundred times a number, as text; `None` for what is no number.
#[must_use]
pub fn hundredfold(text: &str) -> Option<String> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let moved = format!("{fraction:0<2}");
    let (front, rest) = moved.split_at(2);
    let whole = format!("{whole}{front}");
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{rest}") })
}

/// Reads a number of a field with this unit, as a whole number of its parts: `parts` is 1 for whole
/// numbers and 100 for amounts stored in hundredths.
///
/// # Errors
/// [`QuantityFault`].
pub fn read(raw: &str, unit: Option<&str>, parts: i128) -> Result<i64, QuantityFault> {
    let text = half_width(&without_invisible(raw));
    let mut text = text.trim().trim_start_matches(['\'', '’', '‘', '`']).trim();
    if text.is_empty() {
        return Err(QuantityFault::Empty);
    }
    if unit == Some("元") {
        text = without_currency(text);
    }
    let number = text
        .bytes()
        .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.' | b'-' | b'+'))
        .count();
    let (number, written) = text.split_at(number);
    // mg / m3
    let written: String = written.split_whitespace().collect();
    let (number, written) = (number.trim(), written.as_str());
    let factor = match (written, unit) {
        ("", _) => 1,
        (written, Some(unit)) => match factor(written, unit) {
            Some(factor) => factor,
            None if !number.is_empty() && is_unit(written) => return Err(QuantityFault::Unit),
            None => return Err(QuantityFault::Characters),
        },
        // 2024年, 2024年度, 5类.
        ("年" | "年度", None) if number.len() == 4 => 1,
        ("类", None) if number.len() == 1 => 1,
        (written, None) if !number.is_empty() && is_unit(written) => {
            return Err(QuantityFault::Unit);
        }
        _ => return Err(QuantityFault::Characters),
    };
    let (negative, number) = match number.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, number),
    };
    let (whole, fraction) = match number.split_once('.') {
        Some((_, "")) => return Err(QuantityFault::Characters),
        Some(parts) => parts,
        None => (number, ""),
    };
    let whole = ungrouped(whole).ok_or(QuantityFault::Characters)?;
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(&whole) || !plain(fraction) {
        return Err(QuantityFault::Characters);
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > 15 || whole.len() > 19 {
        return Err(if whole.len() > 19 {
            QuantityFault::TooLarge
        } else {
            QuantityFault::Decimals
        });
    }
    let scale = 10_i128.pow(u32::try_from(fraction.len()).unwrap_or_default());
    let digits: i128 = format!("{whole}{fraction}").parse().map_err(|_| QuantityFault::TooLarge)?;
    let scaled = digits.checked_mul(factor * parts).ok_or(QuantityFault::TooLarge)?;
    if scaled % scale != 0 {
        return Err(QuantityFault::Decimals);
    }
    let value = i64::try_from(scaled / scale).map_err(|_| QuantityFault::TooLarge)?;
    if negative && value != 0 { Err(QuantityFault::Negative) } else { Ok(value) }
}

/// The digits without thousands separators, which must stand every three digits.
fn ungrouped(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.is_empty() || first.len() > 3 {
            return None;
        }
        digits.push_str(group);
    }
    Some(digits)
}

#[cfg(test)]
mod tests {
    use super::QuantityFault::{Characters, Decimals, Empty, Negative, TooLarge, Unit};
    use super::*;

    #[test]
    fn a_number_shown_as_a_percentage_is_a_hundredfold() {
        for (text, expected) in [
            ("0.125", Some("12.5")),
            ("0.002", Some("0.2")),
            ("1", Some("100")),
            ("0.5", Some("50")),
            ("12.3456", Some("1234.56")),
            ("0", Some("0")),
            ("x", None),
            ("-0.1", None),
        ] {
            assert_eq!(hundredfold(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn counts_are_read_as_people_write_them() {
        for (text, unit, expected) in [
            ("12", None, Ok(12)),
            ("1,234", Some("人"), Ok(1234)),
            ("１，２３４", Some("人"), Ok(1234)),
            ("1.0", Some("人"), Ok(1)),
            ("１２６", None, Ok(126)),
            ("'7", None, Ok(7)),
            ("0人", Some("人"), Ok(0)),
            ("3 名", Some("人"), Ok(3)),
            ("30天", Some("日"), Ok(30)),
            ("4年", Some("月"), Ok(48)),
            ("2.5年", Some("月"), Ok(30)),
            ("6%", Some("‰"), Ok(60)),
            ("4.2 mg/m3", Some("μg/m³"), Ok(4200)),
            ("-0", None, Ok(0)),
            ("2024年", None, Ok(2024)),
            ("2024年度", None, Ok(2024)),
            ("5.3 mg / m3", Some("μg/m³"), Ok(5300)),
            ("3年", None, Err(Unit)),
            ("2万人", Some("人"), Ok(20_000)),
            ("1.1%", Some("1/100000"), Ok(1_100)),
            ("11‰", Some("1/100000"), Ok(1_100)),
            ("85.2dB(A)", Some("1/10"), Ok(852)),
            ("12,34", None, Err(Characters)),
            ("1.5", Some("人"), Err(Decimals)),
            ("12.6万", Some("人"), Err(Unit)),
            ("3起", Some("人"), Err(Unit)),
            ("-1", None, Err(Negative)),
            ("—", None, Err(Characters)),
            ("无", None, Err(Characters)),
            ("1e3", None, Err(Characters)),
            ("三", None, Err(Characters)),
            ("1.", None, Err(Characters)),
            (".5", None, Err(Characters)),
            ("￥5", Some("人"), Err(Characters)),
            ("", None, Err(Empty)),
            ("99999999999999999999", None, Err(TooLarge)),
        ] {
            assert_eq!(read(text, unit, 1), expected, "{text:?} {unit:?}");
        }
    }

    #[test]
    fn amounts_are_read_to_the_fen_in_every_usual_form() {
        for (text, expected) in [
            ("126000", Ok(12_600_000)),
            ("126,000.00", Ok(12_600_000)),
            ("１２６０００", Ok(12_600_000)),
            ("126000元", Ok(12_600_000)),
            ("12.6万元", Ok(12_600_000)),
            ("12.6万", Ok(12_600_000)),
            ("￥126,000.00", Ok(12_600_000)),
            ("¥126000元", Ok(12_600_000)),
            ("人民币126000元整", Ok(12_600_000)),
            ("0.00126亿元", Ok(12_600_000)),
            ("￥5", Ok(500)),
            ("1.234567万元", Ok(1_234_567)),
            ("0.05", Ok(5)),
            ("0.005", Err(Decimals)),
            ("-1", Err(Negative)),
            ("126.000,00", Err(Characters)),
            ("12.6人", Err(Unit)),
            ("1 000", Err(Characters)),
            ("十二万元", Err(Characters)),
        ] {
            assert_eq!(read(text, Some("元"), 100), expected, "{text:?}");
        }
    }

    #[test]
    fn a_unit_is_written_behind_the_digits_or_not_at_all() {
        for (text, says) in [
            ("12.6", false),
            ("１２６", false),
            ("12.6万元", true),
            ("￥5", false),
            ("3人 ", true),
            ("85.2 dB(A)", true),
        ] {
            assert_eq!(says_its_unit(text), says, "{text}");
        }
    }
}
