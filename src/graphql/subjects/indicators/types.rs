//! The sheet of indicators as clients see it, and what it is asked with.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    domain::{
        accident::CasualtyBasis,
        indicator::{FigureFormula, Indicator, TargetOutcome},
        plan::Finality,
    },
    graphql::declared::kinds::{Code, Department, Id, Json, KeyIndustry, Year},
    meeting::indicators::{DenominatorBasis, InjuryBasis, SeriesMeasure},
    store::meeting::figures::DiseaseYear,
};

/// 一个地区一年的工伤预防指标：逐项列出分子分母、与目标、上年和基准年的比较及判定，可追到记录。
///
/// The work-injury prevention indicators of a region and year: numerator and denominator of each,
/// compared with target, previous year and base year, judged, with a query for the records behind
/// it.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Indicators {
    /// 行政区划代码：本地区或下级。 Region code: your own region or one below it.
    pub region: String,
    /// 方案标识；不给则用适用的最近一级方案。 Plan to judge by; by default the nearest one that
    /// applies to the region.
    pub plan: Option<Id>,
    /// 年度，2010 至本年。 Calendar year, 2010 to the current year.
    pub year: Year,
    /// 逐个列出的行业，须为方案所列，不给则为其全部；合计始终按方案。 Industries of the plan to show
    /// one by one; all of them by default. Sums always cover the industries of the plan.
    pub industries: Option<Vec<KeyIndustry>>,
    /// 只要这些指标；不给则为全部。 Only these indicators; all if omitted.
    pub indicators: Option<Vec<Code<Indicator>>>,
    /// 伤亡人数口径，默认死亡、失踪与受伤。 Which harmed persons count as casualties; by default
    /// deaths, missing and injured.
    pub casualty_basis: Option<Code<CasualtyBasis>>,
    /// 尘肺病报告比例的分母，默认当年新发尘肺病。 Denominator of the share of pneumoconiosis; by
    /// default the new cases of pneumoconiosis of the year.
    pub denominator_basis: Option<Code<DenominatorBasis>>,
    /// 工伤事故发生率的口径，默认全部认定和视同。 Which injuries the injury rate counts; by default
    /// all that were recognised or deemed.
    pub injury_basis: Option<Code<InjuryBasis>>,
    /// 职业病按诊断还是报告日期计年，默认诊断日期。 Date that assigns a disease case to a year; by
    /// default the date of diagnosis.
    pub disease_year_basis: Option<Code<DiseaseYear>>,
}

/// 一个地区一年的指标。 The indicators of a region and year.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorSheet {
    /// 地区代码（六位）。 Code of the region.
    pub region: String,
    /// 地区名称。 Chinese name of the region.
    pub region_name: Option<String>,
    /// 统计年度。 Calendar year of the figures.
    pub year: i32,
    /// 所依据的方案；没有适用方案时为空。 Plan by which the figures are judged; null if none
    /// applies.
    pub plan: Option<Id>,
    /// 方案名称，语言按 Accept-Language；没有适用方案时为空。 Title of the plan in the language of
    /// `Accept-Language`; null if none applies.
    pub plan_name: Option<String>,
    /// 方案的目标是否尚不完整。 Whether some of the plan's targets are not known to the hub yet.
    pub incomplete_plan: bool,
    /// 基准年。 Year that reductions are measured against.
    pub base_year: i32,
    /// 伤亡人数口径。 Which harmed persons the figures count as casualties.
    pub casualty_basis: Code<CasualtyBasis>,
    /// 尘肺病报告比例的分母。 Denominator used for the share of pneumoconiosis.
    pub denominator_basis: Code<DenominatorBasis>,
    /// 工伤事故发生率的口径。 Which injuries the injury rate counts.
    pub injury_basis: Code<InjuryBasis>,
    /// 职业病按诊断还是报告日期计年。 Date that assigns disease cases to a year.
    pub disease_year_basis: Code<DiseaseYear>,
    /// 年度未结束，或本地区有目标的数据尚未定报，不作终判。 Whether nothing is judged finally,
    /// because the year is not over or a figure of the region with a target is not signed as final.
    pub provisional: bool,
    /// 敏感计数的小数值是否不显示。 Whether small values of sensitive counts are withheld from you.
    pub protected: bool,
    /// 统计到变更流的此处；不透明文本。 Position in the change feed up to which records are
    /// counted; an opaque text.
    pub position: String,
    /// 事故类型标准版本。 Editions of the accident-type standard in the years compared.
    pub accident_type_editions: Vec<String>,
    /// 职业病目录版本。 Editions of the disease catalogue in the years compared.
    pub disease_editions: Vec<String>,
    /// 指标表：本地区在前，合计在前。 The table of indicators: the region before those below it,
    /// and within each the sums before single industries.
    pub rows: Vec<IndicatorRow>,
    /// 本级数与下级之和不一致之处。 Counts where the region's own number is not the sum of the
    /// regions below it.
    pub differences: Vec<IndicatorDifference>,
    /// 历年曲线与目标阶梯。 Values over the years, with the target of each year, for charts.
    pub series: Vec<IndicatorSeries>,
    /// 按类型的事故起数（新旧标准共同分组，重点行业），由多到少。 Accidents in key industries by
    /// type, in the grouping common to both editions of the standard, most first.
    pub accident_types: Vec<IndicatorTally>,
    /// 下级地区与行业的事故起数。 Accidents by region below and industry, as a grid.
    pub heat: IndicatorHeat,
    /// 按接尘工龄的新发尘肺病（涉尘行业）。 New cases of pneumoconiosis in dust industries by years
    /// of exposure.
    pub exposure: Vec<IndicatorTally>,
    /// 按危害因素的检测与超标，超标多的在前。 Exposure measurements by hazard factor, those most
    /// often above the limit first.
    pub factors: Vec<IndicatorTally>,
}

/// 一项指标。 One indicator for one region and one group of industries.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorRow {
    /// 指标代码。 The indicator.
    pub indicator: Code<Indicator>,
    /// 指标名称，语言按 Accept-Language。 Name of the indicator, in the language of
    /// `Accept-Language`.
    pub label: String,
    /// 地区代码（六位）。 Code of the region.
    pub region: String,
    /// 地区名称。 Chinese name of the region.
    pub region_name: Option<String>,
    /// 行业范围：KEY、DUST、ALL 或行业代码。 Industries covered: KEY (all key industries), DUST
    /// (all dust industries), ALL, or the code of one industry.
    pub scope: String,
    /// 行业；合计为空。 The industry, if it is a single one; null for a sum.
    pub industry: Option<KeyIndustry>,
    /// 行业名称或合计的范围。 Name of the industry or of the sum.
    pub industry_label: String,
    /// 由分子分母得出指标的方法。 How `value` is computed from the two numbers.
    pub formula: Code<FigureFormula>,
    /// 分子分母是否为金额（分）。 Whether numerator and denominator are amounts of money in fen.
    pub money: bool,
    /// 分子，降幅为本年数；缺或不显示时为空。 Numerator; for a reduction, the count of the year.
    /// Null if missing or withheld.
    pub numerator: Option<i64>,
    /// 分母，降幅为基准年数；缺或不显示时为空。 Denominator; for a reduction, the count of the base
    /// year. Null if missing or withheld.
    pub denominator: Option<i64>,
    /// 精确值，分数，如 3/24；判定以此为准；无法计算时为空。 Exact value as a fraction such as
    /// `3/24`, which is what is judged; null if it cannot be computed.
    pub value: Option<String>,
    /// 显示值，百分比或千分比，一位小数；没有时为“—”。 Value in percent or per mille with one
    /// decimal, for display only; a dash if there is none.
    pub shown: String,
    /// 上年的数值。 The same figure for the previous year.
    pub last_year: IndicatorParts,
    /// 基准年的数值。 The same figure for the base year.
    pub base_year: IndicatorParts,
    /// 目标内容，语言按 Accept-Language；没有目标时为空。 The target in words, in the language of
    /// `Accept-Language`; null if the plan sets none.
    pub target: Option<String>,
    /// 目标标识；没有目标时为空。 Identifier of the target, as in `targets`; null if the plan sets
    /// none.
    pub target_id: Option<Id>,
    /// 目标的责任部门；未写明时为空。 Department responsible for the target; null if none is named.
    pub department: Option<Department>,
    /// 达标的最高数；目标不是计数时为空。 Highest count that still meets the target; null if the
    /// target is not about a count.
    pub most: Option<i64>,
    /// 是否达标；理由见 reasonCode 和 reason。 Whether the target is met; `reasonCode` and `reason`
    /// say why.
    pub outcome: Code<TargetOutcome>,
    /// 事故起数与伤亡人数合并判定，须均达标；其他指标为空。 Joint outcome of accidents and
    /// casualties, which must both meet their targets; null for other indicators.
    pub together: Option<Code<TargetOutcome>>,
    /// 判定理由代码，如 NO_FIGURE。 Stable code of the reason, such as `NO_FIGURE`.
    pub reason_code: String,
    /// 判定理由，含待报部门和签报数，语言按 Accept-Language。 Reason in words, with what is missing
    /// from whom and what was signed, in the language of `Accept-Language`.
    pub reason: String,
    /// 年度未结束或定报未签，不作终判。 Whether the figure is not final, because the year is not
    /// over or a final return is not signed.
    pub provisional: bool,
    /// 缺什么、由谁报送。 What the figure still needs, and which departments owe it.
    pub missing: Vec<IndicatorMissing>,
    /// 尚未签报的定报。 Final returns that are not signed yet.
    pub unsigned: Vec<IndicatorMissing>,
    /// 各年度的签报数与记录数。 Signed values of the numerator beside the recorded ones, by year.
    pub signed: Vec<IndicatorSigned>,
    /// 接尘工龄不明的例数；仅尘肺病报告比例，其他为空。 Number of cases with unknown exposure; only
    /// for the share of pneumoconiosis, null otherwise.
    pub unknown_exposure: Option<i64>,
    /// 信息不全、影响该数的记录；只对可看准确数的席位列出。 Records that do not say enough to be
    /// counted as they should be; listed only for seats with exact figures.
    pub gaps: Vec<IndicatorGap>,
    /// 发生率比基准年的降幅，如 12.5%；仅工伤事故发生率，其他为空。 Reduction of the injury rate
    /// against the base year, such as `12.5%`; null for other indicators.
    pub reduction: Option<String>,
    /// 分子的记录；不能以一个条件列出时为空。 Query for the records behind the numerator; null if
    /// one condition cannot list them.
    pub records: Option<IndicatorRecords>,
}

/// 所缺的数据及其报送部门。 An input that a figure still needs, and the departments that owe it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorMissing {
    /// 所缺数据的代码。 Stable code of the input.
    pub what: String,
    /// 所缺数据的名称，语言按 Accept-Language。 Name of the input, in the language of
    /// `Accept-Language`.
    pub label: String,
    /// 所缺数据的年度。 Calendar year of the input.
    pub year: i32,
    /// 应报送的部门。 Departments that owe it.
    pub departments: Vec<Department>,
}

/// 影响一个数的信息不全的记录、未上报的县区。 Records behind a figure that do not say enough, or
/// counties without any.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorGap {
    /// 缺什么信息的代码，如 UNITS_WITHOUT_PREMIUM。 Stable code of what they do not say, such as
    /// `UNITS_WITHOUT_PREMIUM`.
    pub what: String,
    /// 缺什么信息，语言按 Accept-Language。 What they do not say, in the language of
    /// `Accept-Language`.
    pub label: String,
    /// 记录的年度。 Calendar year of the records.
    pub year: i32,
    /// 记录数（县区未上报的，为县区数），不为零。 Number of records, or of counties without any;
    /// never zero.
    pub count: i64,
    /// 未上报的县区的区划代码；其他情形为空。 Codes of the counties without records; empty
    /// otherwise.
    pub regions: Vec<String>,
}

/// 一个年度的签报数与记录数。 The signed value of a year beside the recorded one.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorSigned {
    /// 数据年度。 Calendar year that the value describes.
    pub year: i32,
    /// 快报或定报。 Whether it was signed as provisional or final.
    pub finality: Code<Finality>,
    /// 签报数。 Value that was signed.
    pub signed: i64,
    /// 签报的分母；不是比例的为空。 Denominator that was signed; null unless the indicator is a
    /// share.
    pub whole: Option<i64>,
    /// 签报时的记录数。 Sum of the records at the moment of signing.
    pub recorded_then: i64,
    /// 现在的记录数；不显示时为空。 Sum of the records now; null if withheld.
    pub recorded: Option<i64>,
    /// 签报数减现在的记录数；不显示时为空。 `signed` minus `recorded`; null if `recorded` is.
    pub difference: Option<i64>,
    /// 签报时对差异的说明；没有时为空。 Explanation of the difference given with the signature;
    /// null if there is none.
    pub explanation: Option<String>,
}

/// 一个年度的分子分母。 Numerator, denominator and value of one year.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorParts {
    /// 统计年度。 Calendar year of the numbers.
    pub year: i32,
    /// 分子；缺或不显示时为空。 Numerator; null if missing or withheld.
    pub numerator: Option<i64>,
    /// 分母；缺或不显示时为空。 Denominator; null if missing or withheld.
    pub denominator: Option<i64>,
    /// 精确值，分数；无法计算时为空。 Exact value as a fraction such as `3/24`; null if it cannot
    /// be computed.
    pub value: Option<String>,
    /// 显示值，一位小数；没有时为“—”。 Value in percent or per mille with one decimal, for display;
    /// a dash if there is none.
    pub shown: String,
}

/// 打开记录的查询：列表字段与其 where。您看到的以自己的权限为限。 A query that lists the records:
/// root field and `where`. You see what your own rights allow.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorRecords {
    /// 列表字段名，如 accidents。 Name of the list field of `Query`, such as `accidents`.
    pub field: String,
    /// 该字段的 where 参数。 Its `where` argument, as a JSON object to be passed as a variable.
    pub r#where: Json,
}

/// 本级数与下级之和的差。 A count that differs from the sum of the regions below.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorDifference {
    /// 指标代码。 The indicator.
    pub indicator: Code<Indicator>,
    /// 行业范围：KEY、DUST、ALL 或行业代码。 Industries covered: KEY, DUST, ALL, or the code of one
    /// industry.
    pub scope: String,
    /// 行业；合计为空。 The industry, if it is a single one; null for a sum.
    pub industry: Option<KeyIndustry>,
    /// 本级数。 The region's own count.
    pub own: i64,
    /// 下级之和。 Sum of the counts of the regions right below it.
    pub sum: i64,
}

/// 一条曲线。 Values of one measure over the years, for a line chart.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorSeries {
    /// 所示数值。 What the line shows.
    pub measure: Code<SeriesMeasure>,
    /// 行业范围：KEY、DUST、ALL 或行业代码。 Industries covered: KEY, DUST, ALL, or the code of one
    /// industry.
    pub scope: String,
    /// 行业；合计为空。 The industry, if it is a single one; null for a sum.
    pub industry: Option<KeyIndustry>,
    /// 各年数值，按年度先后。 One value for each year, in order.
    pub points: Vec<IndicatorPoint>,
    /// 各年目标线：培训为下限，其他为上限；无目标的年度不列。 Target of each year that has one: an
    /// upper limit, or for trainings a lower limit.
    pub stair: Vec<IndicatorPoint>,
}

/// 一个年度的数值。 Value of one year, as a fraction of two numbers.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorPoint {
    /// 统计年度。 Calendar year of the value.
    pub year: i32,
    /// 计数或分子；缺或不显示时为空。 The count, or the numerator of a share; null if missing or
    /// withheld.
    pub numerator: Option<i64>,
    /// 分母，计数为 1；缺或不显示时为空。 Denominator of a share, 1 for a count; null if missing or
    /// withheld.
    pub denominator: Option<i64>,
    /// 是否未终定。 Whether the value is not final yet.
    pub provisional: bool,
}

/// 一类的计数与上年。 A labelled count with that of the previous year.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorTally {
    /// 代码：事故类型分组、接尘年数档次（或 UNKNOWN）或危害因素。 Code of what is counted: a group
    /// of accident types, a step of years of exposure (or UNKNOWN), or a hazard factor.
    pub item: String,
    /// 类别的中文名称。 Chinese name of what is counted.
    pub label: String,
    /// 本年数；不显示时为空。 Count of the year; null if withheld.
    pub count: Option<i64>,
    /// 上年数；不显示时为空。 Count of the previous year; null if withheld.
    pub last_year: Option<i64>,
    /// 本年超标数；不是检测的为空。 Number of measurements of the year above the limit; null for
    /// other counts.
    pub above: Option<i64>,
}

/// 下级地区与行业的事故起数。 Accidents of the year by region below and industry.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorHeat {
    /// 行业（列）。 Key industries, one for each column.
    pub industries: Vec<KeyIndustry>,
    /// 地区（行）。 Regions right below, one for each row.
    pub rows: Vec<IndicatorHeatRow>,
}

/// 一个地区。 One region of the grid.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorHeatRow {
    /// 地区代码（六位）。 Code of the region.
    pub region: String,
    /// 地区名称。 Chinese name of the region.
    pub region_name: Option<String>,
    /// 各行业的起数，与列的次序一致；缺的为空。 Number of accidents in each industry, in the order
    /// of `industries`; null where the count is missing.
    pub counts: Vec<Option<i64>>,
}
