//! Corrections as clients see them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    authz::corrections::CorrectionParty,
    domain::{correction::CorrectionState, deadline::DueState},
    graphql::{
        declared::kinds::{Code, Day, Department, Id, Instant},
        records::connection::PageInfo,
    },
    sharing::corrections::{CorrectionDue, IDENTIFIER},
    store::{
        records::global_id::of_name,
        seal::Seal,
        sharing::corrections::{StoredCorrection, TakenCorrectionStep},
    },
};

/// 一件数据校核。 A correction: what somebody says is wrong with a record, and what became of it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Correction {
    /// 标识。 Its identifier.
    pub id: Id,
    /// 状态。 State of the correction.
    pub state: Code<CorrectionState>,
    /// 记录的全局标识，按本人权限用 node 打开。 Global identifier of the record, to be opened with `node`
    /// under your own rights.
    pub record_id: Id,
    /// 记录类别（类型名）。 Family of the record, by type name.
    pub record_family: String,
    /// 所指字段；针对整条记录的为空。 Field in question; null for the record as a whole.
    pub field: Option<String>,
    /// 内容是否不对您开放：您不能查看该记录的个人信息（如省级在办案用途之外），意见、依据和说明为空。
    ///
    /// Whether its words are withheld: you may not see the persons of the record, as a province outside
    /// of a case; `claim`, `basis` and `words` are null then.
    pub withheld: bool,
    /// 校核意见；不对您开放时为空。 What is wrong and what it should be; null if withheld.
    pub claim: Option<String>,
    /// 依据；不对您开放时为空。 What shows it; null if withheld.
    pub basis: Option<String>,
    /// 作为依据的平台记录；没有时为空。 Record that shows it; null if none was named.
    pub basis_record_id: Option<Id>,
    /// 依据文件的 SHA-256；没有时为空。 SHA-256 of a file that shows it; null if none was named.
    pub basis_digest: Option<String>,
    /// 报送该记录的部门和记录所在地区。 Department that handed in the record, and the region of the record.
    pub holder: CorrectionSide,
    /// 提出的单位。 Organisation that raised it.
    pub claimant: CorrectionSide,
    /// 提出时间。 When it was raised.
    pub claimed_at: Instant,
    /// 答复的最后一日。 Last day for the answer.
    pub due: Day,
    /// 今日的时限状态。 How the time limit stands today.
    pub due_state: Code<DueState>,
    /// 节假日安排未公布的年份，最后一日可能变动；已确定的为空。 Year whose public holidays are not
    /// published yet, so that `due` may still move; null if it is certain.
    pub unknown_year: Option<i32>,
    /// 时限的依据。 Law and article of the time limit.
    pub source: String,
    /// 办结时间；未办结时为空。 When it was settled; null while it is not.
    pub settled_at: Option<Instant>,
    /// 历次步骤，先的在前；不会被改写。 All steps, oldest first; none is ever changed.
    pub steps: Vec<CorrectionStepTaken>,
    /// 版本；下一步时提供。 Version, to be passed to the next step.
    pub version: i32,
}

/// 数据校核的一方。 A side of a correction.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CorrectionSide {
    /// 部门。 The department.
    pub department: Department,
    /// 区划代码。 Its region code.
    pub region_code: String,
}

/// 数据校核已办的一步。 A step that was taken with a correction.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CorrectionStepTaken {
    /// 之后的版本。 Version that the step made.
    pub version: i32,
    /// 之后的状态。 State after the step.
    pub state: Code<CorrectionState>,
    /// 办理的单位。 Organisation that took the step.
    pub by: CorrectionSide,
    /// 时间。 When it was taken.
    pub at: Instant,
    /// 说明；没有或不对您开放时为空。 Words of whoever took it; null if there are none, or if withheld.
    pub words: Option<String>,
}

/// 一页数据校核。 One page of corrections.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CorrectionPage {
    /// 本页数据校核。 The corrections on this page.
    pub nodes: Vec<Correction>,
    /// 翻页信息；没有 startCursor。 Whether there is a next page, and its cursor; `startCursor` is always
    /// null.
    pub page_info: PageInfo,
}

impl Correction {
    pub(super) fn of(
        seal: &Seal,
        own: &StoredCorrection,
        (due, words): (CorrectionDue, bool),
    ) -> Self {
        let said = &own.claim;
        let told = |text: &str| words.then(|| text.to_owned());
        Self {
            id: Id(of_name(seal, IDENTIFIER, own.id)),
            state: Code(own.state()),
            record_id: Id(of_name(seal, &said.family, said.record)),
            record_family: said.family.clone(),
            field: said.field.clone(),
            withheld: !words,
            claim: told(&said.claim),
            basis: told(&said.basis),
            basis_record_id: said.basis_record.as_deref().and_then(told).map(Id),
            basis_digest: said.basis_digest.as_deref().and_then(told),
            holder: CorrectionSide::from(&own.holder),
            claimant: CorrectionSide::from(&own.claimant),
            claimed_at: Instant(own.claimed_at),
            due: Day(due.day),
            due_state: Code(due.state),
            unknown_year: due.unknown_year,
            source: due.source,
            settled_at: own.settled_at().map(Instant),
            steps: own.steps.iter().map(|step| CorrectionStepTaken::of(step, words)).collect(),
            version: own.version(),
        }
    }
}

impl From<&CorrectionParty> for CorrectionSide {
    fn from(own: &CorrectionParty) -> Self {
        Self {
            department: Department::from(&own.department),
            region_code: own.region.as_str().to_owned(),
        }
    }
}

impl CorrectionStepTaken {
    fn of(own: &TakenCorrectionStep, words: bool) -> Self {
        Self {
            version: own.version,
            state: Code(own.state),
            by: CorrectionSide::from(&own.by),
            at: Instant(own.at),
            words: own.words.clone().filter(|_| words),
        }
    }
}
