//! Types of the change feed. Pages are written from rows, in `changes`.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::graphql::{
    declared::kinds::{Id, Instant},
    part::SubjectSchema,
    records::object::RecordValue,
};

/// 按提交顺序的变更，供保存副本的系统增量获取，含删除。 Changes in the order in which they were
/// committed, including deletions, for systems that maintain a copy.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangesOf {
    /// 上一页的 cursor；不给则从头开始。 The `cursor` of the previous page; omit it to start from
    /// the beginning.
    pub after: Option<String>,
    /// 只要这些数据类别（类型名，如 Accident）；不给则为您可列出的全部。 Only records of these
    /// families, by type name such as `Accident`; all families you may list if omitted.
    pub families: Option<Vec<String>>,
    /// 最多条数，1 至 1000，默认 200。 Maximum number of changes on a page, 1 to 1000; 200 by
    /// default.
    pub first: Option<i32>,
}

/// 变更的一页。 One page of changes.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct ChangePage {
    /// 变更，先提交的在前。 The changes on this page, in the order of their commits.
    pub events: Vec<Change>,
    /// 下次以此作为 after 继续，没有变更时也给出；应用本页之后再保存。 Pass this as `after` to
    /// continue; present even when the page has no changes. Store it after applying the page.
    pub cursor: String,
    /// 现在是否还有，为真时应立即再取；本页为空时也可能还有。 Whether more changes are available
    /// now; if so, ask again at once. Can be true even when this page is empty.
    pub more: bool,
    /// 本次订阅的第几页，从 1 起；查询中为空。 Number of the page within this subscription, counted
    /// from 1; null in a query.
    pub counter: Option<i32>,
}

/// 一条记录的一次变更。 One change of one record.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Change {
    /// 变更的种类：覆盖或删除。 Whether to store or to delete the record in your copy.
    pub kind: ChangeKind,
    /// 数据类别（类型名，如 Accident）。 Family of the record, by type name such as `Accident`.
    pub family: String,
    /// 记录的全局标识。 Global identifier of the record.
    pub id: Id,
    /// 变更后的版本；版本不可见时为空。 Version of the record after the change, counted from 1;
    /// null if you may not see versions.
    pub version: Option<i32>,
    /// 变更前的版本；新增或版本不可见时为空。 Version before the change; null for a new record or
    /// if you may not see versions.
    pub previous_version: Option<i32>,
    /// 有变化且您可完整查看的字段。 Names of the changed fields, limited to those you may read in
    /// full.
    pub changed: Vec<String>,
    /// 撤回的原因；不是撤回或版本不可见时为空。 Reason given for a withdrawal; null for other
    /// changes or if you may not see versions.
    pub reason: Option<String>,
    /// 变更时间；版本不可见时为空。 When the change was made; null if you may not see versions.
    pub at: Option<Instant>,
    /// 记录现在的内容，仅您可查看的；删除时为空。 The record as it is now, limited to what you may
    /// read; null for a `TOMBSTONE`.
    #[schemars(extend("graphql" = "Node"))]
    pub record: Option<RecordValue>,
}

/// 变更的种类。 What a copy has to do with a change.
#[derive(JsonSchema)]
#[schemars(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangeKind {
    /// 新增或更新：以 record 覆盖。 New or changed: put `record` in the place of what you have
    /// under this `id`.
    Upsert,
    /// 已撤回，或不再属于您可查看的范围：删除。 Withdrawn, or no longer visible to you: delete the
    /// record from your copy.
    Tombstone,
}

/// The part of the schema with the types of the change feed.
#[must_use]
pub fn part() -> SubjectSchema {
    let mut part = SubjectSchema::default();
    part.output::<ChangePage>();
    part
}
