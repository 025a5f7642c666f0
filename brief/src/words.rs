//! How numbers, days and judgements are written, the same in page, document and workbook.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate, TimeZone as _, Timelike as _, Utc};

use crate::content::{Coded, Formula, Outcome, ReturnState};

/// Shown for a figure that nobody has handed in.
pub(crate) const MISSING: &str = "缺";
/// Shown for a fact of a record that whoever handed it in left open.
pub(crate) const UNREPORTED: &str = "未报";
/// Shown for a count that the reader may not see.
pub(crate) const WITHHELD: &str = "不公布";
/// Shown where there is nothing to say.
pub(crate) const NONE: &str = "—";

/// Shown for a missing number where small counts may also be withheld.
pub(crate) const fn absent(protected: bool) -> &'static str {
    if protected { "缺或不公布" } else { MISSING }
}

/// The instant in Asia/Shanghai time.
pub(crate) fn local(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    FixedOffset::east_opt(8 * 3600)
        .expect("eight hours are less than a day")
        .from_utc_datetime(&at.naive_utc())
}

/// A day in short form, `2024-02-29`.
pub(crate) fn day(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

/// A day in Chinese, `2024年2月29日`.
pub(crate) fn long_day(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// An instant in Asia/Shanghai, `2024-02-29 16:30`.
pub(crate) fn moment(at: DateTime<Utc>) -> String {
    local(at).format("%Y-%m-%d %H:%M").to_string()
}

/// An instant in Asia/Shanghai, in Chinese, `2024年2月29日16时30分`.
pub(crate) fn long_moment(at: DateTime<Utc>) -> String {
    let at = local(at);
    format!("{}{}时{:02}分", long_day(at.date_naive()), at.hour(), at.minute())
}

/// A whole number; from ten thousand on with commas between thousands.
pub(crate) fn count(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let sign = if number < 0 { "-" } else { "" };
    if digits.len() < 5 { format!("{sign}{digits}") } else { format!("{sign}{}", grouped(&digits)) }
}

/// An amount in fen as yuan, exactly.
pub(crate) fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}元", grouped(&(fen / 100).to_string()), fen % 100)
}

fn grouped(digits: &str) -> String {
    let mut grouped = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A fraction with one decimal, rounded half up; the decimal is left out if the value is a whole
/// number of the unit and `whole` is set.
pub(crate) fn fraction(
    numerator: i64,
    denominator: i64,
    times: i64,
    whole: bool,
) -> Option<String> {
    let (numerator, denominator) =
        (i128::from(numerator) * i128::from(times), i128::from(denominator));
    if denominator <= 0 {
        return None;
    }
    if whole && numerator % denominator == 0 {
        return Some((numerator / denominator).to_string());
    }
    let tenths = (numerator * 20 + denominator).div_euclid(denominator * 2);
    let sign = if tenths < 0 { "-" } else { "" };
    let tenths = tenths.unsigned_abs();
    Some(format!("{sign}{}.{}", tenths / 10, tenths % 10))
}

/// The label of a code, or the code itself if it has none.
pub(crate) fn label(coded: &Coded) -> &str {
    if coded.label.is_empty() { &coded.code } else { &coded.label }
}

/// The label of an industry, or 合计 for all together.
pub(crate) fn industry(industry: Option<&Coded>) -> &str {
    industry.map_or("合计", label)
}

/// The Chinese word for an outcome, such as 达标.
pub(crate) const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Met => "达标",
        Outcome::NotMet => "未达标",
        Outcome::About => "只报数",
        Outcome::NotJudged => "不判定",
    }
}

/// The Chinese words for the state of a return.
pub(crate) const fn return_state(state: ReturnState) -> &'static str {
    match state {
        ReturnState::OnTime => "按时报送",
        ReturnState::Late => "逾期报送",
        ReturnState::Overdue => "逾期未报",
        ReturnState::NotDue => "未到期",
    }
}

/// The formula of a figure, in Chinese.
pub(crate) const fn formula(formula: Formula) -> &'static str {
    match formula {
        Formula::Reduction => "（基数 − 本期数）÷ 基数，%",
        Formula::Share => "分子 ÷ 分母，%",
        Formula::PerMille => "分子 ÷ 分母，‰",
        Formula::Count => "计数",
    }
}

#[cfg(test)]
mod tests {
    use super::{count, fraction, yuan};

    #[test]
    fn numbers_are_printed_as_they_are() {
        assert_eq!(count(9999), "9999");
        assert_eq!(count(12_026), "12,026");
        assert_eq!(count(-1_234_567), "-1,234,567");
        assert_eq!(yuan(123_456_705), "1,234,567.05元");
        assert_eq!(yuan(-5), "-0.05元");
        assert_eq!(yuan(i64::MIN), "-92,233,720,368,547,758.08元");
    }

    #[test]
    fn fractions_have_one_decimal_half_up() {
        assert_eq!(fraction(1, 8, 100, false).as_deref(), Some("12.5"));
        assert_eq!(fraction(1, 80, 100, false).as_deref(), Some("1.3"), "1.25 goes up");
        assert_eq!(
            fraction(-1, 80, 100, false).as_deref(),
            Some("-1.2"),
            "up is up, also below zero"
        );
        assert_eq!(fraction(2040, 100, 1, true).as_deref(), Some("20.4"));
        assert_eq!(fraction(2000, 100, 1, true).as_deref(), Some("20"));
        assert_eq!(fraction(7, 10, 100, true).as_deref(), Some("70"));
        assert_eq!(fraction(7, 0, 100, true), None);
        assert_eq!(fraction(i64::MAX, 1, 1000, true).as_deref(), Some("9223372036854775807000"));
    }
}
