//! Counts: numbers under a label, accidents by subordinate region and industry.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Coded;

/// 一项数目及上年数。
///
/// A count under a label, with the year before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// 统计项。
    ///
    /// What is counted.
    pub item: Coded,
    /// 本年数；隐去时为空。
    ///
    /// Count of the year; empty where it is withheld.
    pub count: Option<i64>,
    /// 上年数；隐去时为空。
    ///
    /// Count of the year before; empty where it is withheld.
    pub last_year: Option<i64>,
}

/// 下级地区与行业交叉的事故起数。
///
/// Accidents by subordinate region and industry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Heat {
    /// 各列行业。
    ///
    /// Industries, the columns.
    pub industries: Vec<Coded>,
    /// 各行地区。
    ///
    /// Rows.
    pub regions: Vec<HeatRow>,
    /// 本级数与下级合计之差的说明。
    ///
    /// What the region itself counts beyond its rows, or less (units run by the city, functional
    /// zones), in one sentence.
    pub difference: Option<String>,
}

/// 一个下级地区。
///
/// One subordinate region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HeatRow {
    /// 地区。
    ///
    /// The region.
    pub region: Coded,
    /// 各行业数目；缺报或隐去时为空。
    ///
    /// A count for each industry; empty where nobody has handed it in, or where it is withheld.
    pub counts: Vec<Option<i64>>,
}
