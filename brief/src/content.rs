//! The content of the materials, ready to be shown: every figure comes with the numbers it was made of, every judgement with
//! its reason, and what is missing is said to be missing and never shown as zero.
//!
//! Texts are Chinese, for the people in the room. Money is in fen, shares are exact fractions of two whole numbers beside
//! the text that is printed. The content has one JSON form, in the order of the declaration, so that it can be hashed; its
//! types in the GraphQL schema follow from this declaration too, descriptions included.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 代码及其中文名称。
///
/// A code with its Chinese name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Coded {
    /// 代码（区划、行业、部门、种类）。
    ///
    /// Stable code: of a region, an industry, a department, a kind.
    pub code: String,
    /// 中文名称。
    ///
    /// Its Chinese name.
    pub label: String,
}

/// 一次联席会议的材料。
///
/// The materials of one meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Brief {
    /// 所属地区、年度和口径。
    ///
    /// Whose, of which year, on which basis.
    pub head: Head,
    /// 各项目标及是否达标，按规划中的次序。
    ///
    /// One for each target of the plan, in the plan's order.
    pub headlines: Vec<Headline>,
    /// 指标表：先全区域，再分行业，再分下级地区。
    ///
    /// The indicator table (domain I1–I15): whole region first, then by industry, then by subordinate region.
    pub figures: Vec<Figure>,
    /// 规划各年走势与年度目标阶梯。
    ///
    /// Lines over the years of the plan against the stair of its targets.
    pub trends: Vec<Trend>,
    /// 本年事故按类型，由多到少。
    ///
    /// Accidents of the year by type, most first.
    pub accident_types: Vec<Tally>,
    /// 下级地区与行业交叉的事故起数。
    ///
    /// Accidents by subordinate region and industry.
    pub heat: Heat,
    /// 新报告尘肺病按接尘工龄。
    ///
    /// Newly reported pneumoconiosis by years of exposure, in order of years.
    pub exposure: Vec<Tally>,
    /// 应报送事项及报送情况。
    ///
    /// Who had to hand in what, and whether they did.
    pub returns: Vec<Return>,
    /// 部门间数据差异线索，按种类。
    ///
    /// Differences between departments, by kind.
    pub leads: Vec<LeadGroup>,
    /// 逾期未整改隐患，逾期最久的在前。
    ///
    /// Hazards past their deadline, the longest overdue first.
    pub hazards: Vec<Hazard>,
    /// 建议走访的单位及理由。
    ///
    /// Employers to visit, with the reasons.
    pub employers: Vec<Employer>,
    /// 以往会议未办结的决议和上次会议的决议。
    ///
    /// Resolutions of earlier meetings that are not done, and those of the last one.
    pub resolutions: Vec<Resolution>,
    /// 会议本身；尚未召集时为空。
    ///
    /// The meeting itself, once it is called.
    pub meeting: Option<Meeting>,
    /// 冻结内容与今日数据的差异；未冻结时为空。
    ///
    /// What differs between the frozen content and today; empty where nothing is frozen, and in the frozen content itself.
    pub differences: Vec<Difference>,
}

/// 冻结内容与今日数据的一处差异。
///
/// One place where the frozen content and today differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// 所在，如“I1 安全生产事故起数降幅，煤矿”。
    ///
    /// Where: part, indicator, region, industry.
    pub place: String,
    /// 冻结时的值。
    ///
    /// What the frozen content says.
    pub then: String,
    /// 今日的值。
    ///
    /// What the records say today.
    pub now: String,
}

/// 材料的归属和口径。
///
/// Whose materials these are, and what the figures rest on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Head {
    /// 会议所属地区。
    ///
    /// Region of the meeting.
    pub region: Coded,
    /// 考核年度。
    ///
    /// Year that is judged.
    pub year: i32,
    /// 规划标识和名称。
    ///
    /// Identifier and title of the plan.
    pub plan: Coded,
    /// 降幅的基期年；规划未写明时为空。
    ///
    /// Year all reductions are measured against, where the plan names one.
    pub base_year: Option<i32>,
    /// 规划出处和文号。
    ///
    /// Where the plan is published, with its number.
    pub source: String,
    /// 规划是否尚有未知目标。
    ///
    /// Whether some of the plan's targets are not known yet.
    pub incomplete_plan: bool,
    /// 取数时间。
    ///
    /// When the figures were taken.
    pub taken_at: DateTime<Utc>,
    /// 取数时变更流的位置。
    ///
    /// Position in the change feed up to which records are counted.
    pub position: String,
    /// 年度未结束或数据未定：不作最终判定。
    ///
    /// Whether the year is open or its figures are not final: nothing is judged for good then.
    pub provisional: bool,
    /// 统计口径，逐句说明。
    ///
    /// What was counted and how, one sentence each: casualty basis, denominator basis, editions of codes, state of records.
    pub basis: Vec<String>,
    /// 是否按阈值隐去小数目。
    ///
    /// Whether counts under the threshold are withheld, because the reader may not see them.
    pub protected: bool,
    /// 冻结内容的 SHA-256；未冻结时为空。
    ///
    /// SHA-256 of the frozen content, where it is frozen.
    pub digest: Option<String>,
}

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
    /// 接近目标（“左右”指标，只报数，不按一位小数判定）。
    ///
    /// “About” target: reported, not judged by one decimal.
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
    /// (baseline − current) ÷ baseline; the numerator is the current count and the denominator the baseline.
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
    /// What stands in place of a figure that is not defined, though nothing is missing; empty where it is missing or withheld.
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
    /// What is counted: `ACCIDENTS`, `CASUALTIES`, `PNEUMOCONIOSIS_RATIO`, `SAFETY_TRAINING` or `HEALTH_TRAINING`.
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
    /// The most (or for training the least) of each year by the plan, as an exact fraction of the same unit; a share as a
    /// share, 70/100 for 70 %.
    pub stair: Vec<Point>,
}

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
    /// What the region itself counts beyond its rows, or less (units run by the city, functional zones), in one sentence.
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

/// 报送状态。
///
/// State of a return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReturnState {
    /// 已按时报送。
    ///
    /// Handed in on time.
    OnTime,
    /// 已报送，逾期。
    ///
    /// Handed in late.
    Late,
    /// 逾期未报。
    ///
    /// Overdue.
    Overdue,
    /// 未到期。
    ///
    /// Not due yet.
    NotDue,
}

/// 一项应报送事项。
///
/// A return that was owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Return {
    /// 报送部门。
    ///
    /// Department that owes it.
    pub department: Coded,
    /// 事项，如“2023年事故起数和伤亡人数”。
    ///
    /// What it is: `2023年事故起数和伤亡人数`.
    pub title: String,
    /// 最后期限。
    ///
    /// Last day.
    pub due: NaiveDate,
    /// 状态。
    ///
    /// State.
    pub state: ReturnState,
    /// 签报时间。
    ///
    /// When it was signed.
    pub signed_at: Option<DateTime<Utc>>,
    /// 是否为预报数。
    ///
    /// Whether the figures are provisional.
    pub provisional: bool,
    /// 计划已期满、按其长期要求继续报送的，注明出处。
    ///
    /// Where it stands, if it goes on after its plan has ended.
    pub carried: Option<String>,
    /// 签报数与记录汇总数的差异及说明。
    ///
    /// Where signed figures and the sums of the records differ, in one sentence with the explanation given.
    pub difference: Option<String>,
}

/// 一类部门间差异线索。
///
/// Differences of one kind between two departments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeadGroup {
    /// 种类。
    ///
    /// Kind.
    pub kind: Coded,
    /// 说明：线索，不是结论。
    ///
    /// What the kind means and what it does not: a lead, not a finding.
    pub explanation: String,
    /// 未关闭的确定比对线索数；隐去或尚未比对时为空。
    ///
    /// Leads not closed that rest on an identity number or a record number; empty where withheld, or where nobody has searched.
    pub certain: Option<i64>,
    /// 未关闭的疑似线索数，待人工核对；隐去或尚未比对时为空。
    ///
    /// Leads not closed that rest on likeness and wait for a person to look; empty where withheld, or where nobody has searched.
    pub candidates: Option<i64>,
    /// 已关闭线索数；隐去或尚未比对时为空。
    ///
    /// Closed leads; empty where withheld, or where nobody has searched.
    pub closed: Option<i64>,
    /// 两份名单的比对数；不适用时为空。
    ///
    /// Counts of both sides, where the kind compares two lists.
    pub overlap: Option<Overlap>,
    /// 最早的未关闭线索，不含姓名。
    ///
    /// The oldest open ones, without names.
    pub lines: Vec<LeadLine>,
}

/// 同类事件两份名单的比对。
///
/// Two lists of the same events and what they have in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Overlap {
    /// 第一份名单，如“应急”。
    ///
    /// Name of the first list, `应急`.
    pub here: String,
    /// 第二份名单，如“人社”。
    ///
    /// Name of the second list, `人社`.
    pub there: String,
    /// 两份都有；隐去时为空。
    ///
    /// In both; empty where withheld.
    pub matched: Option<i64>,
    /// 仅第一份有；隐去时为空。
    ///
    /// Only in the first; empty where withheld.
    pub only_here: Option<i64>,
    /// 仅第二份有；隐去时为空。
    ///
    /// Only in the second; empty where withheld.
    pub only_there: Option<i64>,
    /// Chapman 法估计的总数；无匹配时为空。
    ///
    /// Estimate of all events by Chapman, rounded; empty where nothing matches.
    pub estimate: Option<i64>,
    /// 95% 区间下限。
    ///
    /// Lower end of its 95 % interval.
    pub low: Option<i64>,
    /// 95% 区间上限。
    ///
    /// Upper end.
    pub high: Option<i64>,
    /// 估计的前提及其不足。
    ///
    /// What has to hold for the estimate, and that it does not quite.
    pub caveat: String,
}

/// 一条未关闭线索，不含个人信息。
///
/// One open lead, without personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeadLine {
    /// 线索编号。
    ///
    /// Number of the lead.
    pub number: String,
    /// 地区。
    ///
    /// Region.
    pub region: Coded,
    /// 涉及单位。
    ///
    /// Employer concerned.
    pub employer: String,
    /// 事件日期。
    ///
    /// Day of the event.
    pub day: Option<NaiveDate>,
    /// 不一致之处。
    ///
    /// What does not agree, in one sentence.
    pub reason: String,
    /// 承办部门。
    ///
    /// Department that was asked.
    pub assigned: Option<Coded>,
}

/// 一项逾期隐患。
///
/// A hazard past its deadline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Hazard {
    /// 编号。
    ///
    /// Number.
    pub number: String,
    /// 单位。
    ///
    /// Employer.
    pub employer: String,
    /// 地区。
    ///
    /// Region.
    pub region: Coded,
    /// 一般或重大。
    ///
    /// General or major.
    pub level: Coded,
    /// 隐患内容。
    ///
    /// What it is.
    pub description: String,
    /// 整改期限。
    ///
    /// Deadline.
    pub deadline: NaiveDate,
    /// 至取数日的逾期天数。
    ///
    /// Days past it, on the day the figures were taken.
    pub days_overdue: i64,
    /// 是否挂牌督办。
    ///
    /// Whether it is supervised by name (挂牌督办).
    pub supervised: bool,
    /// 负责部门。
    ///
    /// Department that holds it.
    pub department: Coded,
}

/// 建议走访的单位。
///
/// An employer to visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Employer {
    /// 名称。
    ///
    /// Name.
    pub name: String,
    /// 统一社会信用代码。
    ///
    /// Credit code, where there is one.
    pub uscc: Option<String>,
    /// 地区。
    ///
    /// Region.
    pub region: Coded,
    /// 行业。
    ///
    /// Industry.
    pub industry: Option<Coded>,
    /// 理由，最严重的在前。
    ///
    /// Why, most serious first: `2024年2起事故，亡1人`.
    pub reasons: Vec<String>,
}

/// 一项决议。
///
/// A resolution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Resolution {
    /// 编号，如 2023-1-3。
    ///
    /// Number, `2023-1-3`.
    pub number: String,
    /// 决议内容。
    ///
    /// What was resolved.
    pub text: String,
    /// 承办部门。
    ///
    /// Department that carries it out.
    pub owner: Coded,
    /// 办结期限。
    ///
    /// Due date.
    pub due: Option<NaiveDate>,
    /// 状态：在办、已办结、逾期、转入下次会议。
    ///
    /// `OPEN` 在办, `DONE` 已办结, `OVERDUE` 逾期, `CARRIED` 转入下次会议.
    pub state: Coded,
    /// 进展。
    ///
    /// What was done so far.
    pub progress: Option<String>,
}

/// 会议。
///
/// The meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Meeting {
    /// 名称，如“第2次（专题）”。
    ///
    /// Its title: year, number and kind.
    pub title: String,
    /// 召开时间。
    ///
    /// When it is held.
    pub held_at: Option<DateTime<Utc>>,
    /// 成员单位。
    ///
    /// Bodies that take part.
    pub members: Vec<Coded>,
    /// 议程。
    ///
    /// Agenda, in order.
    pub agenda: Vec<String>,
    /// 材料各部分及签报情况。
    ///
    /// Parts of the materials, with who signed.
    pub parts: Vec<Part>,
}

/// 一个部门负责的材料部分。
///
/// A department's part of the materials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// 部门。
    ///
    /// The department.
    pub department: Coded,
    /// 签报时间；未签报为空。
    ///
    /// When it signed; empty where the part is missing.
    pub signed_at: Option<DateTime<Utc>>,
    /// 说明。
    ///
    /// What it says about its part.
    pub remark: Option<String>,
}

impl Brief {
    /// JSON Schema of the content: names, kinds and descriptions of all its types, for whoever shows it in another form.
    #[must_use]
    pub fn declaration() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}
