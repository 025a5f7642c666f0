//! What fields of corrections are asked with.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    domain::correction::{CorrectionState, CorrectionStep},
    graphql::declared::kinds::{Code, First, Id},
};

/// 数据校核：本单位（含下级）提出的，和针对本部门报送记录的；新的在前。
///
/// Corrections that your organisation or one below it in your department raised, and those about
/// records that your department handed in; the latest first.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Corrections {
    /// true 只要本部门提出的，false 只要针对本部门报送记录的；不填为两者。 True for those raised by your
    /// department, false for those about its records; both if left out.
    pub raised: Option<bool>,
    /// 只要这些状态。 Only in these states.
    pub states: Option<Vec<Code<CorrectionState>>>,
    /// 条数，1 至 200，默认 50。 Maximum number, 1 to 200; 50 by default.
    pub first: Option<First>,
    /// 上一页的 endCursor。 The `endCursor` of the previous page, with all other arguments unchanged.
    pub after: Option<Id>,
}

/// 按标识查一件数据校核。 One correction by its identifier.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CorrectionById {
    /// 数据校核的标识。 Identifier of the correction.
    pub id: Id,
}

/// 对可查看的一条记录提出数据校核；报送部门须在 10 个工作日内核实、更正并反馈（政务数据共享条例第二十六条）。
///
/// Says what is wrong with a record that you may see. The department that handed it in verifies,
/// corrects and answers within ten working days (条例 art. 26).
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClaimCorrection {
    /// 记录和意见。 The record, and what is wrong with it.
    pub input: ClaimCorrectionInput,
}

/// 办理数据校核的一步：报送部门核实、办结或认定无误，提出的单位撤回。
///
/// Takes a step with a correction: the department that handed in the record accepts, settles or
/// rejects it; whoever raised it takes it back.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TakeCorrectionStep {
    /// 数据校核和步骤。 The correction and the step.
    pub input: TakeCorrectionStepInput,
}

/// 数据校核意见。 What is wrong with a record.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClaimCorrectionInput {
    /// 记录的全局标识。 Global identifier of the record.
    pub record: Id,
    /// 有误的字段名（或其中文名）；不填为整条记录（如重复、不存在）。 Name, or Chinese label, of the field that is wrong; left out for the
    /// record as a whole, such as one that is there twice.
    pub field: Option<String>,
    /// 哪里有误、应为何值，1 至 1000 字；勿写证件号码。 What is wrong and what it should be, 1 to 1,000
    /// characters, without identity numbers.
    pub claim: String,
    /// 依据：文号或材料名称，1 至 200 字。 What shows it: number or title of a document, 1 to 200
    /// characters.
    pub basis: String,
    /// 作为依据的平台记录；可不填。 Global identifier of a record that shows it; optional.
    pub basis_record: Option<Id>,
    /// 依据文件的 SHA-256，64 位十六进制；可不填。 SHA-256 of the file in 64 hexadecimal digits;
    /// optional.
    pub basis_digest: Option<String>,
}

/// 数据校核的一步。 A step with a correction.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TakeCorrectionStepInput {
    /// 数据校核的标识。 Identifier of the correction.
    pub id: Id,
    /// 所见版本；已被他人办理时返回 CONFLICT。 `version` as you read it; CONFLICT if someone has taken a
    /// step since.
    pub version: i32,
    /// 步骤。 The step.
    pub step: Code<CorrectionStep>,
    /// 说明，1 至 1000 字；认定无误时必填。 Words, 1 to 1,000 characters; required to reject.
    pub words: Option<String>,
}
