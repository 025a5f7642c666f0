//! Whether a regional rule is at least as strict as the national one in every case that can happen.

use super::{ClockRule, ClockUnit};

/// A regional rule that is rejected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{row}: {en}")]
pub struct ClockFault {
    /// Code of the regional rule.
    pub row: String,
    /// Chinese message: what is wrong and what to do about it.
    pub zh: String,
    /// The same message in English.
    pub en: String,
}

/// Faults of all rules.
pub(super) fn faults(rules: &[ClockRule]) -> Vec<ClockFault> {
    let overlapping = rules.iter().enumerate().filter(|(place, rule)| {
        rules.iter().take(*place).any(|other| other.code == rule.code && meet(other, rule))
    });
    let overlapping = overlapping.map(|(_, rule)| ClockFault {
        row: rule.code.clone(),
        zh: "两个版本的有效期重叠；请用 valid_to 截止旧版本".to_owned(),
        en: "two editions apply at the same time; end the older one by valid_to".to_owned(),
    });
    let regional = rules.iter().filter(|rule| rule.region.is_some());
    overlapping.chain(regional.filter_map(|rule| looser(rule, rules))).collect()
}

/// Whether two editions apply on some day in common.
fn meet(one: &ClockRule, other: &ClockRule) -> bool {
    let begins_in_time = |one: &ClockRule, other: &ClockRule| {
        one.valid_from.zip(other.valid_to).is_none_or(|(from, to)| from <= to)
    };
    begins_in_time(one, other) && begins_in_time(other, one)
}

/// What a regional rule does wrong beside the editions of the national one that apply with it.
fn looser(rule: &ClockRule, rules: &[ClockRule]) -> Option<ClockFault> {
    let fault = |zh: String, en: String| Some(ClockFault { row: rule.code.clone(), zh, en });
    let mut beside = rules.iter().filter(|other| {
        other.region.is_none()
            && Some(other.code.as_str()) == rule.national.as_deref()
            && meet(other, rule)
    });
    let Some(first) = beside.next() else {
        return fault(
            "地区规则须以 parent 列指明对应的国家规则".to_owned(),
            "a regional rule names the national one beside it in the column parent".to_owned(),
        );
    };
    let national = std::iter::once(first)
        .chain(beside)
        .find(|national| !at_least_as_strict(rule, national))?;
    fault(
        format!(
            "地区规则比国家规则 {}（{}）宽松，不得采用；请缩短期限",
            national.code, national.source
        ),
        format!(
            "looser than the national rule {} ({}), which a region may not be; shorten it",
            national.code, national.source
        ),
    )
}

fn at_least_as_strict(rule: &ClockRule, national: &ClockRule) -> bool {
    let length = match (rule.unit, national.unit) {
        (ClockUnit::DayOfYear, ClockUnit::DayOfYear) => date(rule) <= date(national),
        (own, other) if own == other => {
            rule.amount <= national.amount
                && rule.amount + rule.extension <= national.amount + national.extension
        }
        _ => match (longest(rule), shortest(national)) {
            (Some(own), Some(other)) => own <= other,
            _ => false,
        },
    };
    length && (national.rolls || !rule.rolls) && (national.suspends || !rule.suspends)
}

/// Month and day of the rule; the last day of a month sorts after every other day of it.
fn date(rule: &ClockRule) -> (u32, u32) {
    (rule.month.unwrap_or(12), rule.day.unwrap_or(31))
}

/// Greatest number of calendar days it can take, with its extension; working days have no such
/// bound.
fn longest(rule: &ClockRule) -> Option<u64> {
    let amount = u64::from(rule.amount) + u64::from(rule.extension);
    match rule.unit {
        ClockUnit::CalendarDay => Some(amount),
        ClockUnit::Month => Some(amount * 31),
        ClockUnit::Year => Some(amount * 366),
        ClockUnit::Hour => Some(amount.div_ceil(24)),
        ClockUnit::WorkingDay | ClockUnit::DayOfYear => None,
    }
}

/// Least number of calendar days it can take.
fn shortest(rule: &ClockRule) -> Option<u64> {
    let amount = u64::from(rule.amount);
    match rule.unit {
        ClockUnit::CalendarDay | ClockUnit::WorkingDay => Some(amount),
        ClockUnit::Month => Some(amount * 28),
        ClockUnit::Year => Some(amount * 365),
        ClockUnit::Hour => Some(amount / 24),
        ClockUnit::DayOfYear => None,
    }
}
