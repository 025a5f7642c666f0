//! The parts of a profile that say what is done to one cell.

use serde::Deserialize;

/// What happens to control characters such as U+0092, which other systems leave in texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Controls {
    /// They are removed.
    Drop,
    /// Each becomes a blank.
    Blank,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pad {
    pub width: usize,
    pub with: char,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NumberSpec {
    /// Factor the number is multiplied by, such as 12 for years to months or 10000 for 万元 to yuan.
    #[serde(default = "one")]
    pub times: i64,
    /// Decimals kept; with any, the value is a text such as `"12.50"`.
    #[serde(default)]
    pub decimals: u32,
    #[serde(default)]
    pub round: Round,
}

/// What happens to decimals beyond those kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Round {
    /// The row is rejected.
    #[default]
    Refuse,
    /// Half away from zero.
    Nearest,
    /// Digits are cut off: rounds towards zero.
    Truncate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TimeFormat {
    /// `5`, `945`, `1715`: hours and minutes as a number; 2400 is the end of the day.
    Hhmm,
    /// `09:45` or `09:45:00`.
    Clock,
}

const fn one() -> i64 {
    1
}
