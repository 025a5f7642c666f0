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

/// 一个部门一个年度的报送：签报时冻结，各版本均保留。
///
/// A department's figures of a year, frozen when signed; every version is kept.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Return {
    /// 标识；未签报为空。 Identifier; empty where nothing was signed.
    pub id: Option<Id>,
    /// 区划代码。 Region.
    pub region_code: String,
    /// 部门。 Department.
    pub department: Department,
    /// 种类。 Kind.
    pub kind: Code<ObligationKind>,
    /// 数据年度。 Year of the figures.
    pub year: i32,
    /// 快报或定报。 Provisional or final.
    pub finality: Code<Finality>,
    /// 状态。 State.
    pub state: ReturnState,
    /// 版本。 Version, from 1.
    pub version: Option<i32>,
    /// 所依据的计划。 Plan it goes by.
    pub plan_id: Option<String>,
    /// 报送要求的出处；无人要求的为空。 Where it is asked for; empty where nobody does.
    pub source: Option<String>,
    /// 所依据的计划已期满，其长期要求继续适用。 Whether the plan has ended and its standing rule
    /// goes on.
    pub carried: bool,
    /// 伤亡人数口径。 Basis of casualties.
    #[schemars(with = "Option<Code<CasualtyBasis>>")]
    pub casualty_basis: Option<String>,
    /// 尘肺病报告比例的分母。 Denominator of the share of pneumoconiosis.
    pub denominator_basis: Option<String>,
    /// 数据项。 Figures.
    pub figures: Vec<ReturnFigure>,
    /// 签报数与签报时或今日记录汇总数不同的项。 Figures that differ from the records, then or
    /// today.
    pub differences: Vec<ReturnFigure>,
    /// 数据项是否因敏感而不显示；以联席会议用途查看可见。
    ///
    /// Whether figures are withheld; they are shown for the purpose of the meeting.
    pub withheld: bool,
    /// 说明；计划落实情况报告的文字。 Remark; of a report on a plan, the report in words.
    pub remark: Option<String>,
    /// 所报告或备案的文件。 Document that is reported or filed.
    pub document: Option<ReturnDocument>,
    /// 冻结内容的 SHA-256。 SHA-256 of what was frozen.
    pub digest: Option<String>,
    /// 变更位置：此前的变更均已计入。 Place in the feed; all before it is in the sums.
    pub position: Option<String>,
    /// 签报时间。 When it was signed.
    pub signed_at: Option<Instant>,
    /// 签报账号（本部门和人社可见）。 Account that signed, for its department and 人社.
    pub signed_by: Option<String>,
}

/// 以摘要指明的文件。 A document, told by its digest.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReturnDocument {
    /// 标题。 Title.
    pub title: String,
    /// 文号。 Number.
    pub number: Option<String>,
    /// 文件的 SHA-256。 SHA-256 of the file.
    pub sha256: String,
}

/// 一个数据项。 A figure.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReturnFigure {
    /// 数据项。 What it counts.
    pub count: Code<ReturnCount>,
    /// 重点行业；空为全地区。 Key industry; empty for the whole region.
    pub industry: Option<KeyIndustry>,
    /// 签报时记录汇总数。 Sum of the records when it was signed.
    pub records: Option<i64>,
    /// 签报数。 What was signed.
    pub signed: Option<i64>,
    /// 差异说明。 Why the two differ.
    pub explanation: Option<String>,
    /// 今日记录汇总数；您无权汇总时为空。 Sum of the records today; empty where you may not count
    /// them.
    pub today: Option<i64>,
    /// 是否有差异。 Whether there is a difference.
    pub differs: bool,
}

/// 报送的状态。 State of a return.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum ReturnState {
    /// 应报而未签报。 Owed and not signed; missing, not zero.
    Missing,
    /// 已签报，现行版本。 Signed; the version that counts.
    Signed,
    /// 已被后一版本替换。 Signed, and replaced by a later version.
    Replaced,
}

/// 一个地区一个年度的报送：已签报的各版本，以及应报而未签报的；并列今日记录汇总数。
///
/// Returns of a region and year: all signed versions and what is owed and not signed, beside what
/// the records say today.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Returns {
    /// 区划代码。 Region.
    pub region: String,
    /// 数据年度。 Year of the figures.
    pub year: Year,
}

/// 按此刻的记录汇总并签报本部门的报送；与记录不同的数须说明原因。
///
/// Freezes the sums of the records as of now and signs them; a figure that differs from the records
/// needs an explanation.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignReturn {
    /// 签报内容。 What is signed.
    pub input: SignReturnInput,
}

/// 签报。 Signs a return.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignReturnInput {
    /// 本机构的区划代码。 Region of your organisation.
    pub region: String,
    /// 数据年度。 Year of the figures.
    pub year: Year,
    /// 种类；不填为本部门的报送。 Kind; that of your department by default.
    pub kind: Option<Code<ObligationKind>>,
    /// 快报或定报，默认定报。 Provisional or final; final by default.
    pub finality: Option<Code<Finality>>,
    /// 更正时写明所替换的版本。 Version it replaces, for a correction.
    pub replaces: Option<i32>,
    /// 伤亡人数口径。 Basis of casualties.
    pub casualty_basis: Option<Code<CasualtyBasis>>,
    /// 尘肺病报告比例的分母：PNEUMOCONIOSIS_NEW 或 ALL_OCCUPATIONAL_DISEASE_NEW。
    ///
    /// Denominator of the share: PNEUMOCONIOSIS_NEW or ALL_OCCUPATIONAL_DISEASE_NEW.
    pub denominator_basis: Option<String>,
    /// 与记录汇总数不同的数据项。 Figures that differ from the sums of the records.
    pub figures: Option<Vec<SignReturnFigureInput>>,
    /// 说明，不超过 1000 字；PLAN_REPORT 的落实情况写在此处。
    ///
    /// Remark, at most 1,000 characters; the report in words for PLAN_REPORT.
    pub remark: Option<String>,
    /// 所报告或备案的文件，PLAN_FILING 必填。 Document that is reported or filed; PLAN_FILING needs
    /// it.
    pub document: Option<ReturnDocumentInput>,
}

/// 以摘要指明的文件。 A document, told by its digest.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReturnDocumentInput {
    /// 标题。 Title.
    pub title: String,
    /// 文号。 Number.
    pub number: Option<String>,
    /// 文件的 SHA-256，64 位十六进制。 SHA-256 of the file, 64 hexadecimal digits.
    pub sha256: String,
}

/// 一个与记录不同的数据项。 A figure that differs from the records.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignReturnFigureInput {
    /// 数据项。 What it counts.
    pub count: Code<ReturnCount>,
    /// 重点行业。 Key industry.
    pub industry: Option<KeyIndustry>,
    /// 签报数。 The figure.
    pub value: i64,
    /// 差异说明，与记录不同时必填。 Why it differs; required where it does.
    pub explanation: Option<String>,
}
