//! Types of the change feed. Pages are written from rows, in `changes`.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::graphql::{
    declared::kinds::{Id, Instant},
    part::SubjectSchema,
    records::object::RecordValue,
};

/// 按提交顺序的变更，供保存副本的系统增量获取，含删除。
///
/// Changes in the order in which they were committed, deletions included, for systems that keep a
/// copy.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangesOf {
    /// 上一页的 cursor；不给则从头开始。 The `cursor` of the page before; without it, from the
    /// beginning.
    pub after: Option<String>,
    /// 只要这些数据类别；不给则为您可列出的全部。 These families only; without it, all you may
    /// list.
    pub families: Option<Vec<String>>,
    /// 最多条数，1 至 1000，默认 200。 Changes at most, 1 to 1000, 200 by default.
    pub first: Option<i32>,
}

/// 变更的一页。 A page of changes.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct ChangePage {
    /// 变更，先提交的在前。 The changes, first committed first.
    pub events: Vec<Change>,
    /// 下次从此继续；没有变更时也给出。 Where to go on, given also when there are no changes.
    pub cursor: String,
    /// 现在是否还有。本页为空时也可能还有。 Whether there is more right now, which may be so even
    /// when this page is empty.
    pub more: bool,
    /// 本次订阅的第几页，从 1 起；查询中为空。 Number of the page in this subscription, from 1;
    /// empty in a query.
    pub counter: Option<i32>,
}

/// 一条记录的一次变更。 One change of a record.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Change {
    /// 种类。 Its kind.
    pub kind: ChangeKind,
    /// 数据类别。 Family of the record.
    pub family: String,
    /// 记录的全局标识。 Global identifier of the record.
    pub id: Id,
    /// 变更后的版本；版本不可见时为空。 Version it became; empty where versions are not shown.
    pub version: Option<i32>,
    /// 变更前的版本；新增或版本不可见时为空。 Version before; empty for a new record and where
    /// versions are not shown.
    pub previous_version: Option<i32>,
    /// 有变化且您可完整查看的字段。 Names of the fields that changed, those you may read fully.
    pub changed: Vec<String>,
    /// 撤回的原因；版本不可见时为空。 Why it was withdrawn; empty where versions are not shown.
    pub reason: Option<String>,
    /// 变更时间；版本不可见时为空。 When it changed; empty where versions are not shown.
    pub at: Option<Instant>,
    /// 记录现在的内容；删除时为空。 The record as it is now; empty for a tombstone.
    #[schemars(extend("graphql" = "Node"))]
    pub record: Option<RecordValue>,
}

/// 变更的种类。 Kind of a change.
#[derive(JsonSchema)]
#[schemars(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangeKind {
    /// 新增或更新：以 record 覆盖。 New or changed: put `record` in its place.
    Upsert,
    /// 已撤回，或不再属于您可查看的范围：删除。 Withdrawn, or no longer yours to see: delete it.
    Tombstone,
}

/// The part of the schema with the types of the change feed.
#[must_use]
pub fn part() -> SubjectSchema {
    let mut part = SubjectSchema::default();
    part.output::<ChangePage>();
    part
}
