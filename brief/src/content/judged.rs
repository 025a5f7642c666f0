//! Targets and indicators: every figure with the numbers it was made of, every judgement with its
//! reason.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Coded;

/// 目标是否达到。
///
/// What became of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// 达标。
    ///
    /// Met.
    Met,
    /// 未达标。
    ///
    /// Not met.
    NotMet,
    /// 只报数：“左右”目标，不判定是否达到。
    ///
    /// Target of “about”: reported, whatever the figure is, and never judged.
    About,
    /// 不判定，原因另述。
    ///
    /// Not judged; the reason says why.
    NotJudged,
}

/// 一项目标及其结果。
///
/// A target and what became of it, as one reads it out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Headline {
    /// 指标。
    ///
    /// Indicator, `I1`.
    pub indicator: Coded,
    /// 行业；空为合计。
    ///
    /// Industry it is about; empty for all together.
    pub industry: Option<Coded>,
    /// 责任部门。
    ///
    /// Department that answers for it.
    pub department: Option<Coded>,
    /// 目标，如“较2019年下降15%”。
    ///
    /// The target as one reads it out: `较2019年下降15%`.
    pub target: String,
    /// 实际，如“下降12.5%（24起→21起）”；无数据为“—”。
    ///
    /// `下降12.5%（24起→21起）`; `—` where there is no figure.
    pub actual: String,
    /// 判定。
    ///
    /// Judgement.
    pub outcome: Outcome,
    /// 理由：差多少，或为何不判定。
    ///
    /// Why, in one sentence: what is short, or why nothing is judged.
    pub reason: String,
    /// 目标标识。
    ///
    /// Identifier of the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_id: Option<String>,
    /// 理由代码。
    ///
    /// Stable code of the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_code: Option<String>,
}

/// 指标值的算法。
///
/// How a figure follows from its two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Formula {
    /// （基期−本期）÷基期；分子为本期数，分母为基期数。
    ///
    /// (baseline − current) ÷ baseline; the numerator is the current count and the denominator the
    /// baseline.
    Reduction,
    /// 分子÷分母，百分比。
    ///
    /// numerator ÷ denominator, in percent.
    Share,
    /// 分子÷分母，千分比。
    ///
    /// numerator ÷ denominator, in per mille.
    PerMille,
    /// 只有分子。
    ///
    /// The numerator alone.
    Count,
}

/// 指标表的一行。
///
/// One line of the indicator table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Figure {
    /// 指标。
    ///
    /// Indicator, `I1`.
    pub indicator: Coded,
    /// 统计地区。
    ///
    /// Region counted.
    pub region: Coded,
    /// 统计行业；空为合计。
    ///
    /// Industry counted; empty for all together.
    pub industry: Option<Coded>,
    /// 算法。
    ///
    /// How the value follows.
    pub formula: Formula,
    /// 分子；缺失或隐去时为空；金额以分计。
    ///
    /// Numerator; empty where it is missing or withheld. Money in fen.
    pub numerator: Option<i64>,
    /// 分母；没有、缺失或隐去时为空。
    ///
    /// Denominator; empty where there is none, it is missing or withheld.
    pub denominator: Option<i64>,
    /// 分子分母是否为金额（分）。
    ///
    /// Whether the two numbers are money in fen.
    pub money: bool,
    /// 显示值，如“12.5%”“—”。
    ///
    /// The value as printed: `12.5%`, `—`.
    pub shown: String,
    /// 上年值。
    ///
    /// The same a year before, as printed.
    pub last_year: String,
    /// 基期值。
    ///
    /// The same in the base year, as printed.
    pub base_year: String,
    /// 目标；规划无此目标时为空。
    ///
    /// The target as printed; empty where the plan has none.
    pub target: Option<String>,
    /// 与目标相比的判定。
    ///
    /// Judgement against the target.
    pub outcome: Option<Outcome>,
    /// 判定理由，或无值的原因。
    ///
    /// Reason of the judgement, or why there is no value.
    pub reason: String,
}

/// 某年的值。
///
/// A value of a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Point {
    /// 年份。
    ///
    /// Calendar year.
    pub year: i32,
    /// 分子或数目；无数据时为空。
    ///
    /// Numerator or count; empty where there is no figure.
    pub numerator: Option<i64>,
    /// 分母，大于零；数目为 1。
    ///
    /// Denominator, more than zero; 1 for a count.
    pub denominator: i64,
    /// 是否未定数。
    ///
    /// Whether the figure is not final.
    pub provisional: bool,
    /// 无值时代之以何：“无病例”“未考核”；空为缺或不公布。
    ///
    /// What stands in place of a figure that is not defined, though nothing is missing; empty where
    /// it is missing or withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
}

/// 一条走势线与目标阶梯。
///
/// A line over the years of the plan against the stair of its targets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Trend {
    /// 统计内容：事故起数、伤亡人数、尘肺病报告比例、两类培训覆盖率。
    ///
    /// What is counted: `ACCIDENTS`, `CASUALTIES`, `PNEUMOCONIOSIS_RATIO`, `SAFETY_TRAINING` or
    /// `HEALTH_TRAINING`.
    pub measure: Coded,
    /// 行业；空为合计。
    ///
    /// Industry; empty for all together.
    pub industry: Option<Coded>,
    /// 单位：起、人、%。
    ///
    /// Unit: accidents, persons, percent.
    pub unit: String,
    /// 各年的值，基期年在前。
    ///
    /// One for each year with or without a figure, in order, the base year first.
    pub points: Vec<Point>,
    /// 规划的年度上限（培训为下限），同一单位的精确分数；比例为比例，70% 即 70/100。
    ///
    /// The most (or for training the least) of each year by the plan, as an exact fraction of the
    /// same unit; a share as a share, 70/100 for 70 %.
    pub stair: Vec<Point>,
}
