//! The sheet of indicators as clients see it, and what it is asked with.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    domain::{
        indicator::{FigureFormula, Indicator, TargetOutcome},
        plan::Finality,
    },
    graphql::declared::kinds::{Code, Department, Id, Json, KeyIndustry, Year},
    meeting::indicators::{CasualtyCounting, DenominatorBasis, InjuryBasis, SeriesMeasure},
    store::meeting::figures::DiseaseYear,
};

/// 一个地区一年的工伤预防指标：逐项列出分子分母、与目标、上年和基准年的比较及判定，可追到记录。
///
/// The indicators of a region and year: both numbers of each, compared with target, year before and
/// base year, judged, and opening down to their records.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Indicators {
    /// 行政区划代码：本地区或下级。 Region: your own or one below.
    pub region: String,
    /// 方案标识；不给则用适用的最近一级方案。 Plan; the nearest that holds otherwise.
    pub plan: Option<Id>,
    /// 年度。 Year.
    pub year: Year,
    /// 逐个列出的行业，不给则为方案所列；合计始终按方案。
    ///
    /// Industries shown one by one, those of the plan otherwise; sums are always over those of the
    /// plan.
    pub industries: Option<Vec<KeyIndustry>>,
    /// 只要这些指标。 Only these indicators.
    pub indicators: Option<Vec<Code<Indicator>>>,
    /// 伤亡人数口径，默认死亡、失踪与受伤。 What counts as a casualty; deaths, missing and injured
    /// by default.
    pub casualty_basis: Option<Code<CasualtyCounting>>,
    /// 尘肺病报告比例的分母，默认当年新发尘肺病。 Denominator of the share of pneumoconiosis; new
    /// pneumoconiosis by default.
    pub denominator_basis: Option<Code<DenominatorBasis>>,
    /// 工伤事故发生率的口径，默认全部认定和视同。 Injuries of the rate; all recognised and deemed
    /// by default.
    pub injury_basis: Option<Code<InjuryBasis>>,
    /// 职业病按诊断还是报告日期计年，默认诊断日期。
    ///
    /// Day that gives a case of disease its year; that of the diagnosis by default.
    pub disease_year_basis: Option<Code<DiseaseYear>>,
}

/// 一个地区一年的指标。 The indicators of a region and year.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorSheet {
    /// 地区代码。 Region.
    pub region: String,
    /// 地区名称。 Name of the region.
    pub region_name: Option<String>,
    /// 年度。 Year.
    pub year: i32,
    /// 所依据的方案。 Plan it is judged by.
    pub plan: Option<Id>,
    /// 方案名称。 Name of the plan.
    pub plan_name: Option<String>,
    /// 方案的目标是否尚不完整。 Whether some of the plan's targets are not known yet.
    pub incomplete_plan: bool,
    /// 基准年。 Base year.
    pub base_year: i32,
    /// 伤亡人数口径。 What counts as a casualty.
    pub casualty_basis: Code<CasualtyCounting>,
    /// 尘肺病报告比例的分母。 Denominator of the share of pneumoconiosis.
    pub denominator_basis: Code<DenominatorBasis>,
    /// 工伤事故发生率的口径。 Injuries of the rate.
    pub injury_basis: Code<InjuryBasis>,
    /// 职业病按诊断还是报告日期计年。 Day that gives a case its year.
    pub disease_year_basis: Code<DiseaseYear>,
    /// 年度未结束，或本地区有目标的数据尚未定报，不作终判。
    ///
    /// Whether the year is open or a figure with a target is not signed as final: nothing is judged
    /// for good.
    pub provisional: bool,
    /// 敏感计数的小数值是否不显示。 Whether small cells of sensitive counts are withheld.
    pub protected: bool,
    /// 统计到变更流的此处。 Place in the change feed up to which records are counted.
    pub position: String,
    /// 事故类型标准版本。 Editions of accident types in the years compared.
    pub accident_type_editions: Vec<String>,
    /// 职业病目录版本。 Editions of the catalogue of diseases in the years compared.
    pub disease_editions: Vec<String>,
    /// 指标表：本地区在前，合计在前。 The table: the region first, sums first.
    pub rows: Vec<IndicatorRow>,
    /// 本级数与下级之和不一致之处。 Where the region's own numbers are not the sum of those below.
    pub differences: Vec<IndicatorDifference>,
    /// 历年曲线与目标阶梯。 Lines over the years with the stair of targets.
    pub series: Vec<IndicatorSeries>,
    /// 按类型的事故起数（新旧标准共同分组）。 Accidents by type, in the grouping both editions
    /// share.
    pub accident_types: Vec<IndicatorTally>,
    /// 下级地区与行业的事故起数。 Accidents by subordinate region and industry.
    pub heat: IndicatorHeat,
    /// 按接尘工龄的新发尘肺病。 New pneumoconiosis by years of exposure.
    pub exposure: Vec<IndicatorTally>,
    /// 按危害因素的检测与超标。 Measurements by hazard factor.
    pub factors: Vec<IndicatorTally>,
}

/// 一项指标。 One figure.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorRow {
    /// 指标。 Indicator.
    pub indicator: Code<Indicator>,
    /// 名称。 Name.
    pub label: String,
    /// 地区代码。 Region.
    pub region: String,
    /// 地区名称。 Name of the region.
    pub region_name: Option<String>,
    /// 行业范围：KEY、DUST、ALL 或行业代码。 Industries: KEY, DUST, ALL, or one.
    pub scope: String,
    /// 行业；合计为空。 Industry; empty for a sum.
    pub industry: Option<KeyIndustry>,
    /// 行业名称或合计的范围。 Name of the industry or of the sum.
    pub industry_label: String,
    /// 由分子分母得出指标的方法。 How the value follows.
    pub formula: Code<FigureFormula>,
    /// 分子分母是否为金额（分）。 Whether both numbers are money in fen.
    pub money: bool,
    /// 分子；降幅为本年数。 Numerator; of a reduction the count of the year.
    pub numerator: Option<i64>,
    /// 分母；降幅为基准年数。 Denominator; of a reduction the count of the base year.
    pub denominator: Option<i64>,
    /// 精确值，分数。 Exact value, as a fraction.
    pub value: Option<String>,
    /// 显示值，一位小数。 The value with one decimal; a dash where there is none.
    pub shown: String,
    /// 上年。 The year before.
    pub last_year: IndicatorParts,
    /// 基准年。 The base year.
    pub base_year: IndicatorParts,
    /// 目标。 Target, in words.
    pub target: Option<String>,
    /// 目标标识。 Identifier of the target.
    pub target_id: Option<Id>,
    /// 责任部门。 Department that answers for it.
    pub department: Option<Department>,
    /// 达标的最高数。 Highest count that still meets the target.
    pub most: Option<i64>,
    /// 判定。 Judgement.
    pub outcome: Code<TargetOutcome>,
    /// 事故起数与伤亡人数合并判定，须均达标。 Accidents and casualties together: both must hold.
    pub together: Option<Code<TargetOutcome>>,
    /// 判定理由代码。 Code of the reason.
    pub reason_code: String,
    /// 判定理由，含待报部门和签报数。 Reason, with who has still to hand something in and what was
    /// signed.
    pub reason: String,
    /// 年度未结束或定报未签，不作终判。 Whether the year is open or a final return is not signed.
    pub provisional: bool,
    /// 缺什么、由谁报送。 What is missing, and who owes it.
    pub missing: Vec<IndicatorMissing>,
    /// 尚未签报的定报。 Final returns that are not signed.
    pub unsigned: Vec<IndicatorMissing>,
    /// 签报数与记录数。 What was signed beside what is recorded.
    pub signed: Vec<IndicatorSigned>,
    /// 接尘工龄不明的例数（仅尘肺病报告比例）。 Cases whose exposure is not known, of the share of
    /// pneumoconiosis.
    pub unknown_exposure: Option<i64>,
    /// 发生率比基准年的降幅。 How much lower a rate is than in the base year.
    pub reduction: Option<String>,
    /// 分子的记录。 Records behind the numerator.
    pub records: Option<IndicatorRecords>,
}

/// 所缺的数据及其报送部门。 What a figure waits for, and who owes it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorMissing {
    /// 代码。 Code.
    pub what: String,
    /// 名称。 Name.
    pub label: String,
    /// 年度。 Year.
    pub year: i32,
    /// 部门。 Departments.
    pub departments: Vec<Department>,
}

/// 一个年度的签报数与记录数。 What was signed of a year beside what is recorded.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorSigned {
    /// 年度。 Year.
    pub year: i32,
    /// 快报或定报。 Provisional or final.
    pub finality: Code<Finality>,
    /// 签报数。 What was signed.
    pub signed: i64,
    /// 签报的分母（仅比例）。 The denominator that was signed, of a share.
    pub whole: Option<i64>,
    /// 签报时的记录数。 What the records said then.
    pub recorded_then: i64,
    /// 现在的记录数。 What the records say now.
    pub recorded: Option<i64>,
    /// 签报数减记录数。 Signed less recorded.
    pub difference: Option<i64>,
    /// 说明。 Explanation.
    pub explanation: Option<String>,
}

/// 一个年度的分子分母。 Both numbers of a year.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorParts {
    /// 年度。 Year.
    pub year: i32,
    /// 分子。 Numerator.
    pub numerator: Option<i64>,
    /// 分母。 Denominator.
    pub denominator: Option<i64>,
    /// 精确值。 Exact value.
    pub value: Option<String>,
    /// 显示值。 The value with one decimal.
    pub shown: String,
}

/// 打开记录的查询：列表字段与其 where。您看到的以自己的权限为限。 A list with its `where`; you see
/// what your own rights allow.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorRecords {
    /// 列表字段。 Field of the list.
    pub field: String,
    /// 筛选条件。 Its condition.
    pub r#where: Json,
}

/// 本级数与下级之和的差。 What a region counts beyond the sum of those below.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorDifference {
    /// 指标。 Indicator.
    pub indicator: Code<Indicator>,
    /// 行业范围。 Industries.
    pub scope: String,
    /// 行业。 Industry.
    pub industry: Option<KeyIndustry>,
    /// 本级数。 Own number.
    pub own: i64,
    /// 下级之和。 Sum of those below.
    pub sum: i64,
}

/// 一条曲线。 A line over the years.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorSeries {
    /// 所示数值。 What it shows.
    pub measure: Code<SeriesMeasure>,
    /// 行业范围。 Industries.
    pub scope: String,
    /// 行业。 Industry.
    pub industry: Option<KeyIndustry>,
    /// 各年数值。 Values by year.
    pub points: Vec<IndicatorPoint>,
    /// 各年目标线。 What each year allows.
    pub stair: Vec<IndicatorPoint>,
}

/// 一个年度的数值。 A value of a year.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorPoint {
    /// 年度。 Year.
    pub year: i32,
    /// 计数或分子。 Count or numerator.
    pub numerator: Option<i64>,
    /// 分母，计数为1。 Denominator; 1 of a count.
    pub denominator: Option<i64>,
    /// 是否未终定。 Whether it is not final.
    pub provisional: bool,
}

/// 一类的计数与上年。 A count under a label, with the year before.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorTally {
    /// 代码。 Code.
    pub item: String,
    /// 名称。 Name.
    pub label: String,
    /// 本年。 The year.
    pub count: Option<i64>,
    /// 上年。 The year before.
    pub last_year: Option<i64>,
    /// 本年超标数（仅检测）。 Above the limit; of measurements only.
    pub above: Option<i64>,
}

/// 下级地区与行业的事故起数。 Accidents by subordinate region and industry.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorHeat {
    /// 行业（列）。 Industries, the columns.
    pub industries: Vec<KeyIndustry>,
    /// 地区（行）。 Regions, the rows.
    pub rows: Vec<IndicatorHeatRow>,
}

/// 一个地区。 A region.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IndicatorHeatRow {
    /// 地区代码。 Region.
    pub region: String,
    /// 地区名称。 Name of the region.
    pub region_name: Option<String>,
    /// 各行业的起数。 A count for each industry.
    pub counts: Vec<Option<i64>>,
}
