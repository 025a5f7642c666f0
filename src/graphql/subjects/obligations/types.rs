//! What is owed, as clients see it and ask for it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    domain::{deadline::DueState, plan::Finality},
    graphql::{
        declared::kinds::{Code, Day, Department, First, Id},
        records::connection::PageInfo,
    },
    meeting::obligations::DutyKind,
};

/// 一个地区应办事项及其状态：计划规定的报送，以及按您可查看的记录计算的法定时限；种类依次列出，各按日期排序。
///
/// What is owed at a region and where it stands: returns that plans ask for, then the clocks of
/// single cases, from the records you may read; kind after kind, each by day.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Obligations {
    /// 区划代码。 Region.
    pub region: String,
    /// 责任部门。 Department that owes it.
    pub department: Option<Department>,
    /// 到期日不早于。 Due on this day or later.
    pub from: Option<Day>,
    /// 到期日不晚于。 Due on this day or earlier.
    pub to: Option<Day>,
    /// 状态。 State.
    pub state: Option<Code<DueState>>,
    /// 种类。 Kind.
    pub kind: Option<Code<DutyKind>>,
    /// 条数，1 至 200，默认 50；一页可能不足数而仍有下一页。
    ///
    /// 1 to 200, 50 by default; a page may be shorter and still have a next one.
    pub first: Option<First>,
    /// 上一页的 endCursor。 endCursor of the page before.
    pub after: Option<String>,
}

/// 一项应办事项。 Something that is owed.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ObligationItem {
    /// 种类。 Kind.
    pub kind: Code<DutyKind>,
    /// 状态。 State.
    pub state: Code<DueState>,
    /// 最后一日。 Last day.
    pub due: Day,
    /// 计划印发晚于最后一日的，自此日起才算逾期。
    ///
    /// Day before which it is not overdue, where the plan was issued after the last day.
    pub enforced_from: Option<Day>,
    /// 起算日。 Day the clock started.
    pub start: Option<Day>,
    /// 完成日。 Day it was done.
    pub done: Option<Day>,
    /// 责任部门；用人单位的事项为受理部门。 Department that owes it; for what employers owe, the
    /// one that waits for it.
    pub department: Department,
    /// 区划代码。 Region.
    pub region_code: String,
    /// 所涉记录。 Record it is about.
    pub record_id: Option<Id>,
    /// 记录类别。 Family of the record.
    pub record_family: Option<String>,
    /// 所依据的计划。 Plan that asks for it.
    pub plan_id: Option<String>,
    /// 数据年度。 Year of the figures.
    pub data_year: Option<i32>,
    /// 快报或定报。 Provisional or final.
    pub finality: Option<Code<Finality>>,
    /// 时限规则。 Clock rule.
    pub rule: String,
    /// 依据。 Law or document, with the place in it.
    pub source: String,
    /// 所依据的计划已期满，其长期要求继续适用，直至后续计划另有规定。
    ///
    /// Whether the plan has ended and its standing rule goes on, until a successor says otherwise.
    pub carried: bool,
    /// 该年节假日安排未公布，最后一日可能顺延。 Year whose holidays are not known, so that the last
    /// day may still move.
    pub unknown_year: Option<i32>,
}

/// 一页应办事项。 A page of what is owed.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ObligationPage {
    /// 应办事项。 Items.
    pub nodes: Vec<ObligationItem>,
    /// 翻页信息。 How to go on.
    pub page_info: PageInfo,
}
