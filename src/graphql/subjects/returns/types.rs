//! Returns as clients see them, and what they are asked for and signed with.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    domain::{
        accident::CasualtyBasis,
        plan::{Finality, ObligationKind},
        returns::ReturnCount,
    },
    graphql::declared::kinds::{Code, Department, Id, Instant, KeyIndustry, Year},
};

/// 一个部门一个年度的报送：签报时冻结，各版本均保留。 The figures or the report of one department
/// for one year, frozen when signed; all versions remain.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Return {
    /// 报送的全局标识；未签报为空。 Global identifier of the signed version; null if nothing was
    /// signed.
    pub id: Option<Id>,
    /// 区划代码（六位）。 Code of the region the return is about.
    pub region_code: String,
    /// 签报或应报的部门。 Department that signed or owes the return.
    pub department: Department,
    /// 报送的种类。 Kind of return or report.
    pub kind: Code<ObligationKind>,
    /// 数据年度。 Calendar year that the figures describe.
    pub year: i32,
    /// 快报或定报。 Whether the figures are provisional or final.
    pub finality: Code<Finality>,
    /// 报送的状态。 Whether it is signed, replaced by a later version, or missing.
    pub state: ReturnState,
    /// 版本，自 1 起；未签报为空。 Version of the return, counted from 1; null if nothing was
    /// signed.
    pub version: Option<i32>,
    /// 签报时所依据的计划；没有时为空。 Plan it was signed under; null if there is none or nothing
    /// was signed.
    pub plan_id: Option<String>,
    /// 报送要求的出处；无人要求的为空。 Provision that requires the return; null if none does.
    pub source: Option<String>,
    /// 所依据的计划已期满，其长期要求继续适用。 Whether the plan has ended and its standing
    /// requirement continues.
    pub carried: bool,
    /// 签报所用的伤亡人数口径，仅事故报送。 Which harmed persons the signed figures count as
    /// casualties; null except for a signed return of accidents.
    #[schemars(with = "Option<Code<CasualtyBasis>>")]
    pub casualty_basis: Option<String>,
    /// 尘肺病报告比例的分母：PNEUMOCONIOSIS_NEW 或 ALL_OCCUPATIONAL_DISEASE_NEW，仅职业病报送。
    ///
    /// Denominator of the share of pneumoconiosis, PNEUMOCONIOSIS_NEW or
    /// ALL_OCCUPATIONAL_DISEASE_NEW; null except for a signed return of diseases.
    pub denominator_basis: Option<String>,
    /// 各数据项；隐去时为空列表。 The figures, signed and as of today; an empty list if they are
    /// withheld.
    pub figures: Vec<ReturnFigure>,
    /// 签报数与签报时或今日记录汇总数不同的项。 Those figures whose signed value differs from the
    /// records, as of the signature or as of today.
    pub differences: Vec<ReturnFigure>,
    /// 本部门今日未填行业、不计入任何数据项的事故起数，仅事故报送；您无权汇总时为空，不是零。
    ///
    /// Accidents of the department that state no industry and are in no figure, as of today; null,
    /// and not 0, if you may not count them, and for other returns.
    pub without_industry: Option<i64>,
    /// 数据项是否因敏感而不显示；以联席会议用途查看可见。 Whether the figures are withheld because
    /// they are sensitive; they are shown for the purpose of the joint meeting.
    pub withheld: bool,
    /// 说明；计划落实情况报告的文字；没有时为空。 Remark of the department, or the text of a report
    /// on a plan; null if there is none.
    pub remark: Option<String>,
    /// 所报告或备案的文件；没有时为空。 Document that was reported or filed; null if there is none.
    pub document: Option<ReturnDocument>,
    /// 冻结内容的 SHA-256，十六进制；未签报、数据项不显示时为空。 SHA-256 of the frozen content in
    /// hexadecimal digits; null if nothing was signed or the figures are withheld.
    pub digest: Option<String>,
    /// 变更位置：此前的变更均已计入；未签报为空。 Position in the change feed: all earlier changes
    /// are included in the sums. Null if nothing was signed.
    pub position: Option<String>,
    /// 签报时间；未签报为空。 When it was signed; null if nothing was signed.
    pub signed_at: Option<Instant>,
    /// 签报账号，仅本部门和人社可见，其他为空。 Account that signed, visible to its department and
    /// HRSS; null for others.
    pub signed_by: Option<String>,
}

/// 以摘要指明的文件。 A document, identified by its SHA-256.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReturnDocument {
    /// 文件标题。 Title of the document.
    pub title: String,
    /// 文号；没有时为空。 Number of the document; null if it has none.
    pub number: Option<String>,
    /// 文件的 SHA-256，64 位十六进制。 SHA-256 of the file, 64 hexadecimal digits.
    pub sha256: String,
}

/// 一个数据项。 One figure of a return, as signed and as the records give it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReturnFigure {
    /// 数据项。 What the figure counts.
    pub count: Code<ReturnCount>,
    /// 重点行业；空为全地区。 Key industry it is about; null for the whole region.
    pub industry: Option<KeyIndustry>,
    /// 签报时记录汇总数；未签报为空。 Sum of the records at the moment of signing; null if nothing
    /// was signed.
    pub records: Option<i64>,
    /// 签报数；未签报为空。 Value that was signed; null if nothing was signed.
    pub signed: Option<i64>,
    /// 差异说明；没有时为空。 Why the signed value differed from the records; null if none was
    /// given.
    pub explanation: Option<String>,
    /// 今日记录汇总数；您无权汇总全部有关记录时为空，不是零。 Sum of the records today; null, and
    /// not 0, if you may not count all of them.
    pub today: Option<i64>,
    /// 签报数是否与签报时或今日的记录汇总数不同。 Whether the signed value differs from the
    /// records, as of the signature or as of today.
    pub differs: bool,
}

/// 报送的状态。 State of a return.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum ReturnState {
    /// 应报而未签报：缺，不是零。 Required and not signed: the figures are missing, not zero.
    Missing,
    /// 已签报，现行版本。 Signed; this is the current version.
    Signed,
    /// 已被后一版本替换。 Signed, and since replaced by a later version.
    Replaced,
}

/// 一个地区一个年度的报送：已签报的各版本，以及应报而未签报的；并列今日记录汇总数。
///
/// Returns of a region and year: all signed versions and what is required but not signed, beside
/// the sums of today's records.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Returns {
    /// 区划代码：本地区或下级。 Region code: your own region or one below it.
    pub region: String,
    /// 数据年度。 Calendar year that the figures describe.
    pub year: Year,
}

/// 按此刻的记录汇总并签报本部门的报送；与记录不同的数须说明原因。
///
/// Freezes the sums of the records as of now and signs them for your department. A figure that
/// differs from the records needs an explanation.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignReturn {
    /// 所签报的年度、种类和数据项。 Year, kind and figures to sign.
    pub input: SignReturnInput,
}

/// 签报。 A return to sign.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignReturnInput {
    /// 本机构的区划代码。 Region code of your own organisation.
    pub region: String,
    /// 数据年度，2000 至本年。 Calendar year that the figures describe, 2000 to the current year.
    pub year: Year,
    /// 种类；不填时卫健为 DISEASE_RETURN，人社为 PLAN_REPORT，其他部门为 ACCIDENT_RETURN。
    ///
    /// Kind of return; by default DISEASE_RETURN for HEALTH, PLAN_REPORT for HRSS, ACCIDENT_RETURN
    /// for the other departments.
    pub kind: Option<Code<ObligationKind>>,
    /// 快报或定报，默认定报；年度未结束的只能签快报。 Provisional or final; final by default. A
    /// year that is not over takes provisional figures only.
    pub finality: Option<Code<Finality>>,
    /// 更正时写明所替换的版本；首次签报不填，不符时返回 CONFLICT。
    ///
    /// For a correction, the latest version, which this one replaces; omit it for the first
    /// signature. CONFLICT if it does not match.
    pub replaces: Option<i32>,
    /// 伤亡人数口径，默认死亡、失踪与受伤；只用于 ACCIDENT_RETURN。 Which harmed persons count as
    /// casualties; by default deaths, missing and injured. Only for ACCIDENT_RETURN.
    pub casualty_basis: Option<Code<CasualtyBasis>>,
    /// 尘肺病报告比例的分母：PNEUMOCONIOSIS_NEW（默认）或 ALL_OCCUPATIONAL_DISEASE_NEW；只用于
    /// DISEASE_RETURN。
    ///
    /// Denominator of the share of pneumoconiosis: PNEUMOCONIOSIS_NEW (default) or
    /// ALL_OCCUPATIONAL_DISEASE_NEW. Only for DISEASE_RETURN.
    pub denominator_basis: Option<String>,
    /// 与记录汇总数不同的数据项；其余按记录汇总数签报。 Only figures that differ from the sums of
    /// the records; all others are signed as the records give them.
    pub figures: Option<Vec<SignReturnFigureInput>>,
    /// 说明，不超过 1000 字；PLAN_REPORT 的落实情况写在此处，未附 document 的不少于 100 字。
    ///
    /// Remark, at most 1,000 characters. For PLAN_REPORT the report in words, at least 100
    /// characters unless `document` is given.
    pub remark: Option<String>,
    /// 所报告或备案的文件，PLAN_FILING 必填，只用于 PLAN_REPORT 和 PLAN_FILING。 Document that is
    /// reported or filed; required for PLAN_FILING. Only for PLAN_REPORT and PLAN_FILING.
    pub document: Option<ReturnDocumentInput>,
}

/// 以摘要指明的文件。 A document, identified by its SHA-256.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReturnDocumentInput {
    /// 文件标题，1 至 200 字。 Title of the document, 1 to 200 characters.
    pub title: String,
    /// 文号，不超过 100 字；没有时不填。 Number of the document, at most 100 characters; omit it if
    /// there is none.
    pub number: Option<String>,
    /// 文件的 SHA-256，64 位十六进制。 SHA-256 of the file, 64 hexadecimal digits.
    pub sha256: String,
}

/// 一个与记录不同的数据项。 A figure to sign that differs from the records.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignReturnFigureInput {
    /// 数据项；伤亡人数（CASUALTIES）由各项得出，不可填报。 What the figure counts; CASUALTIES is
    /// computed from its parts and is refused here.
    pub count: Code<ReturnCount>,
    /// 重点行业；不填为全地区。 Key industry it is about; the whole region if omitted.
    pub industry: Option<KeyIndustry>,
    /// 签报数，不能为负。 Value to sign, 0 or more.
    pub value: i64,
    /// 差异说明，不超过 1000 字，与记录不同时必填。 Why it differs from the records, at most 1,000
    /// characters; required if it does.
    pub explanation: Option<String>,
}
