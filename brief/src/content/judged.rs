//! Targets and indicators: every figure with the numbers it was made of, every judgement with its
//! reason.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Coded;
use crate::words;

/// 目标是否达到。
///
/// Whether a target is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// 达标。
    ///
    /// The target is met.
    Met,
    /// 未达标。
    ///
    /// The target is not met.
    NotMet,
    /// 只报数：“左右”目标，不判定是否达到。
    ///
    /// Target of “about”: reported, whatever the figure is, and never judged.
    About,
    /// 不判定，原因另述。
    ///
    /// Not judged; `reason` says why.
    NotJudged,
}

impl Outcome {
    /// The Chinese word for it, such as 达标.
    #[must_use]
    pub const fn name_zh(self) -> &'static str {
        words::outcome(self)
    }
}

/// 一项目标及其结果。
///
/// One target and its result, worded to be read out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Headline {
    /// 指标代码和名称。
    ///
    /// The indicator, such as `I1`, with its name.
    pub indicator: Coded,
    /// 行业；空为合计。
    ///
    /// Industry the target is about; null for a sum of industries.
    pub industry: Option<Coded>,
    /// 责任部门；未写明时为空。
    ///
    /// Department responsible for the target; null if none is named.
    pub department: Option<Coded>,
    /// 目标，如“较2019年下降15%”。
    ///
    /// The target in Chinese words, such as `较2019年下降15%`.
    pub target: String,
    /// 实际，如“下降12.5%（24起→21起）”；无数据为“—”。
    ///
    /// The result in Chinese words, such as `下降12.5%（24起→21起）`; a dash if there is no figure.
    pub actual: String,
    /// 是否达标。
    ///
    /// Whether the target is met.
    pub outcome: Outcome,
    /// 理由：差多少，或为何不判定。
    ///
    /// One Chinese sentence: what is lacking, or why nothing is judged.
    pub reason: String,
    /// 目标标识；早先冻结的内容没有。
    ///
    /// Identifier of the target; null in content frozen before it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_id: Option<String>,
    /// 理由代码；早先冻结的内容没有。
    ///
    /// Stable code of the reason; null in content frozen before it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_code: Option<String>,
}

/// 指标值的算法。
///
/// How the value of a figure is computed from its two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Formula {
    /// （基期−本期）÷基期；分子为本期数，分母为基期数。
    ///
    /// (base year − year) ÷ base year; the numerator is the count of the year, the denominator that
    /// of the base year.
    Reduction,
    /// 分子÷分母，百分比。
    ///
    /// Numerator ÷ denominator, in percent.
    Share,
    /// 分子÷分母，千分比。
    ///
    /// Numerator ÷ denominator, in per mille.
    PerMille,
    /// 只有分子。
    ///
    /// A count: the numerator alone.
    Count,
}

/// 指标表的一行。
///
/// One row of the indicator table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Figure {
    /// 指标代码和名称。
    ///
    /// The indicator, such as `I1`, with its name.
    pub indicator: Coded,
    /// 统计地区。
    ///
    /// Region that the figure covers.
    pub region: Coded,
    /// 统计行业；空为合计。
    ///
    /// Industry that the figure covers; null for a sum of industries.
    pub industry: Option<Coded>,
    /// 算法。
    ///
    /// How the value is computed from the two numbers.
    pub formula: Formula,
    /// 分子；缺失或隐去时为空；金额以分计。
    ///
    /// Numerator; null if missing or withheld. In fen if `money` is true.
    pub numerator: Option<i64>,
    /// 分母；没有、缺失或隐去时为空。
    ///
    /// Denominator; null if there is none, or it is missing or withheld. In fen if `money` is true.
    pub denominator: Option<i64>,
    /// 分子分母是否为金额（分）。
    ///
    /// Whether numerator and denominator are amounts of money in fen.
    pub money: bool,
    /// 显示值，如“12.5%”“—”。
    ///
    /// Value as printed, such as `12.5%`; a dash if there is none.
    pub shown: String,
    /// 上年值。
    ///
    /// Value of the previous year, as printed.
    pub last_year: String,
    /// 基期值。
    ///
    /// Value of the base year, as printed.
    pub base_year: String,
    /// 目标；规划无此目标时为空。
    ///
    /// The target in Chinese words; null if the plan sets none.
    pub target: Option<String>,
    /// 与目标相比是否达标；没有目标时为空。
    ///
    /// Whether the target is met; null without a target.
    pub outcome: Option<Outcome>,
    /// 判定理由，或无值的原因。
    ///
    /// Reason for the outcome, or for the lack of a value, in one Chinese sentence.
    pub reason: String,
}

/// 某年的值。
///
/// Value of one year, as a fraction of two numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Point {
    /// 年份。
    ///
    /// Calendar year.
    pub year: i32,
    /// 分子或数目；无数据时为空。
    ///
    /// The count, or the numerator of a share; null if there is no figure.
    pub numerator: Option<i64>,
    /// 分母，大于零；数目为 1。
    ///
    /// Denominator of a share, greater than zero; 1 for a count.
    pub denominator: i64,
    /// 是否未定数。
    ///
    /// Whether the value is not final yet.
    pub provisional: bool,
    /// 无值时代之以何：“无病例”“未考核”；空为缺或不公布。
    ///
    /// Chinese text to show for a value that is not defined although nothing is missing; null if it
    /// is missing or withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
}

/// 一条走势线与目标阶梯。
///
/// Values of one measure over the years of the plan, with its targets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Trend {
    /// 统计内容：事故起数、伤亡人数、尘肺病报告比例、两类培训覆盖率。
    ///
    /// What the line shows: `ACCIDENTS`, `CASUALTIES`, `PNEUMOCONIOSIS_RATIO`, `SAFETY_TRAINING` or
    /// `HEALTH_TRAINING`.
    pub measure: Coded,
    /// 行业；空为合计。
    ///
    /// Industry that the line covers; null for a sum of industries.
    pub industry: Option<Coded>,
    /// 单位：起、人、%。
    ///
    /// Unit in Chinese: 起 (accidents), 人 (persons) or % (percent).
    pub unit: String,
    /// 各年的值，基期年在前。
    ///
    /// One value for each year, even without a figure, in order; the base year comes first.
    pub points: Vec<Point>,
    /// 规划的年度上限（培训为下限），同一单位的精确分数；比例为比例，70% 即 70/100。
    ///
    /// Target of each year: an upper limit, or for trainings a lower limit. An exact fraction; a
    /// share of 70 % is 70/100.
    pub stair: Vec<Point>,
}
