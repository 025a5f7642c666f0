//! Audit entries about the data of the own organisation.

use async_graphql::dynamic::ResolverContext;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use futures_util::FutureExt as _;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    audit::view,
    error::HubError,
    graphql::{
        context::session,
        declared::kinds::{Department, First, Instant, Json, Purpose, Role},
        part::SubjectSchema,
        records::plan::DEFAULT_FIRST,
    },
    store::{audit::AuditRow, seal::Seal},
};

/// 审计记录：本机构数据被谁查看、报送；审计人员可看全部。 Who read or wrote your organisation's
/// data; officers see all.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AuditEntries {
    /// 从此序号之后。 After this number.
    after: Option<i64>,
    /// 条数，1 至 200，默认 50。 1 to 200, 50 by default.
    first: Option<First>,
}

/// 一条审计记录。 An audit entry.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AuditEntry {
    /// 账号。 Account.
    subject: String,
    /// 部门。 Department.
    department: Department,
    /// 区划。 Region.
    region_code: String,
    /// 角色。 Roles.
    roles: Vec<Role>,
    /// 用途。 Purpose.
    purpose: Purpose,
    /// 案件或任务编号。 Case or task.
    ticket: Option<String>,
    /// 时间。 When.
    at: Instant,
    /// 序号。 Number.
    seq: i64,
    /// 操作。 What was done.
    operation: String,
    /// 请求文档的 SHA-256。 SHA-256 of the document.
    document_hash: String,
    /// 涉及的类别、级别、记录标识。 Families, classes and records.
    records: Json,
    /// 结果。 Outcome.
    outcome: String,
    /// 请求编号。 Request.
    request_id: String,
    /// 链接值。 Link of the chain.
    hash: String,
}

/// The field and its types.
#[must_use]
pub fn part() -> SubjectSchema {
    SubjectSchema::default().query("auditEntries", |ctx, given| entries(ctx, given).boxed())
}

async fn entries(
    ctx: &ResolverContext<'_>,
    given: AuditEntries,
) -> Result<Vec<AuditEntry>, HubError> {
    let session = session(ctx);
    let (actor, services) = (session.actor()?, &session.services);
    let first = given.first.map_or(DEFAULT_FIRST, |first| first.0);
    let entries = view::entries(
        &services.database,
        &services.policy,
        actor,
        given.after.unwrap_or_default(),
        first,
    )
    .await?;
    Ok(entries.iter().map(|entry| audit_entry(&services.seal, entry)).collect())
}

fn audit_entry(seal: &Seal, kept: &AuditRow) -> AuditEntry {
    let [
        subject,
        department,
        region,
        roles,
        purpose,
        ticket,
        operation,
        document,
        records,
        outcome,
        request,
    ] = &kept.parts.words;
    AuditEntry {
        seq: kept.parts.seq,
        at: Instant(kept.parts.at),
        subject: subject.clone(),
        department: Department::from(department),
        region_code: region.clone(),
        roles: roles.split('|').filter(|role| !role.is_empty()).map(Role::from).collect(),
        purpose: Purpose::from(purpose),
        ticket: Some(ticket.clone()).filter(|ticket| !ticket.is_empty()),
        operation: operation.clone(),
        document_hash: document.clone(),
        records: Json(outer(seal, records).unwrap_or_default()),
        outcome: outcome.clone(),
        request_id: request.clone(),
        hash: kept.hash.clone(),
    }
}

/// The records of an entry with their identifiers as clients know them, in no order.
fn outer(seal: &Seal, records: &str) -> Option<serde_json::Value> {
    let mut families: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(records).ok()?;
    for ids in families.values_mut().filter_map(|family| family.get_mut("ids")) {
        let inner = BASE64_URL_SAFE_NO_PAD.decode(ids.as_str()?).ok()?;
        let mut shown: Vec<[u8; 16]> =
            inner.as_chunks::<16>().0.iter().map(|id| seal.outer(Uuid::from_bytes(*id))).collect();
        shown.sort_unstable();
        *ids = BASE64_URL_SAFE_NO_PAD.encode(shown.concat()).into();
    }
    Some(families.into())
}
