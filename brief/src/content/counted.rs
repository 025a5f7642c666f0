//! Counts: numbers under a label, accidents by subordinate region and industry.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Coded;

/// 一项数目及上年数。
///
/// A labelled count with that of the previous year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// 统计项。
    ///
    /// What is counted, by code and name.
    pub item: Coded,
    /// 本年数；隐去时为空。
    ///
    /// Count of the year; null if withheld.
    pub count: Option<i64>,
    /// 上年数；隐去时为空。
    ///
    /// Count of the previous year; null if withheld.
    pub last_year: Option<i64>,
}

/// 下级地区与行业交叉的事故起数。
///
/// Accidents of the year by region below and industry, as a grid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Heat {
    /// 各列行业。
    ///
    /// Industries, one for each column.
    pub industries: Vec<Coded>,
    /// 各行地区。
    ///
    /// Regions right below, one for each row.
    pub regions: Vec<HeatRow>,
    /// 本级数与下级合计之差的说明；没有差异时为空。
    ///
    /// Difference between the region's own count and the sum of the rows, in one Chinese sentence;
    /// null if there is none.
    pub difference: Option<String>,
}

/// 一个下级地区。
///
/// One region of the grid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HeatRow {
    /// 地区。
    ///
    /// The region of the row.
    pub region: Coded,
    /// 各行业数目；缺报或隐去时为空。
    ///
    /// Number of accidents in each industry, in the order of the columns; null if missing or
    /// withheld.
    pub counts: Vec<Option<i64>>,
}
