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

/// 一个地区应办事项及其状态：计划规定的报送，以及按您可查看的记录计算的法定时限；种类依次列出，
/// 各按日期排序。
///
/// What has to be done in a region, and its state: returns that plans require, and statutory
/// deadlines computed from the records you may read. Ordered by kind, then by day.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Obligations {
    /// 区划代码：本地区或下级。 Region code: your own region or one below it.
    pub region: String,
    /// 责任部门。 Only what this department is responsible for.
    pub department: Option<Department>,
    /// 到期日不早于。 Only items due on this day or later.
    pub from: Option<Day>,
    /// 到期日不晚于。 Only items due on this day or earlier.
    pub to: Option<Day>,
    /// 只要此状态。 Only items in this state.
    pub state: Option<Code<DueState>>,
    /// 只要此种类；无权查看其日期的返回 FORBIDDEN。 Only items of this kind; FORBIDDEN if you may
    /// not read its dates.
    pub kind: Option<Code<DutyKind>>,
    /// 条数，1 至 200，默认 50；一页可能不足数而仍有下一页。 Maximum number of items, 1 to 200; 50
    /// by default. A page may have fewer although `hasNextPage` is true.
    pub first: Option<First>,
    /// 上一页的 endCursor。 The `endCursor` of the previous page, with all other arguments
    /// unchanged.
    pub after: Option<String>,
}

/// 一项应办事项。 One thing that has to be done by a day.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ObligationItem {
    /// 事项的种类。 Kind of obligation.
    pub kind: Code<DutyKind>,
    /// 今日的状态。 State as of today.
    pub state: Code<DueState>,
    /// 按期完成的最后一日。 Last day on which it can be done in time.
    pub due: Day,
    /// 计划印发晚于最后一日的，自此日起才算逾期；其他为空。 Day before which it is not overdue, if
    /// the plan was issued after the last day; null otherwise.
    pub enforced_from: Option<Day>,
    /// 起算日；每年定日的为空。 Day from which the period runs; null for a fixed day of the year.
    pub start: Option<Day>,
    /// 完成日；尚未完成的为空。 Day on which it was done; null while it is not.
    pub done: Option<Day>,
    /// 责任部门；用人单位的事项为受理部门。 Department responsible; for what an employer has to do,
    /// the department that receives it.
    pub department: Department,
    /// 区划代码（六位）。 Code of the region concerned.
    pub region_code: String,
    /// 所涉记录；每年的报送为空。 Global identifier of the record concerned; null for a yearly
    /// return.
    pub record_id: Option<Id>,
    /// 记录类别（类型名）；每年的报送为空。 Family of that record, by type name; null for a yearly
    /// return.
    pub record_family: Option<String>,
    /// 所依据的计划；不是每年报送的为空。 Plan that requires the return; null for other items.
    pub plan_id: Option<String>,
    /// 数据年度；不是每年报送的为空。 Calendar year of the figures to be returned; null for other
    /// items.
    pub data_year: Option<i32>,
    /// 快报或定报；不是每年报送的为空。 Whether provisional or final figures are due; null for
    /// other items.
    pub finality: Option<Code<Finality>>,
    /// 时限规则（代码表 clock_rule）。 Code of the deadline rule in the table `clock_rule`.
    pub rule: String,
    /// 依据。 Law or document that requires it, with article or section.
    pub source: String,
    /// 所依据的计划已期满，其长期要求继续适用，直至后续计划另有规定。 Whether the plan has ended
    /// and its standing requirement continues until a later plan says otherwise.
    pub carried: bool,
    /// 节假日安排未公布的年份，最后一日可能顺延；已确定的为空。 Year whose public holidays are not
    /// published yet, so that `due` may still move; null if `due` is certain.
    pub unknown_year: Option<i32>,
    /// 记录中未填、致使时限或状态不能确定的字段；到期日和规则按其中有义务的较严一种列出。没有时为空列表。
    ///
    /// Empty fields of the record that leave the time limit or the state open; `due` and `rule` are
    /// those of the stricter reading by which something is owed. An empty list if there are none.
    pub unknown_fields: Vec<&'static str>,
}

/// 一页应办事项。 One page of obligations.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ObligationPage {
    /// 本页应办事项。 The obligations on this page.
    pub nodes: Vec<ObligationItem>,
    /// 翻页信息；没有 startCursor。 Whether there is a next page, and its cursor; `startCursor` is
    /// always null.
    pub page_info: PageInfo,
}
