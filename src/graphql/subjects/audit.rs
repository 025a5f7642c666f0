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

/// 审计记录，先记的在前：本机构数据被谁查看、报送（STEWARD）；
/// AUDITOR 和 SECURITY_OFFICER 可看全部，其他角色返回 FORBIDDEN。
///
/// Audit log, oldest entry first: who read or submitted your organisation's data (STEWARD), or all
/// entries (AUDITOR, SECURITY_OFFICER); FORBIDDEN for other roles.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AuditEntries {
    /// 从此序号之后；不给则从头开始。 Only entries after this `seq`; omit it to start from the
    /// beginning.
    after: Option<i64>,
    /// 条数，1 至 200，默认 50。 Maximum number of entries, 1 to 200; 50 by default.
    first: Option<First>,
}

/// 一条审计记录。 One entry of the audit log.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AuditEntry {
    /// 操作账号。 Account that made the request.
    subject: String,
    /// 账号所属部门；在主机上用命令办理的为空。 Department of the account; null for what was done by
    /// command on the machine.
    department: Option<Department>,
    /// 账号所辖区划代码；在主机上用命令办理的为空文本。 Region code of the account's organisation; empty
    /// for what was done by command on the machine.
    region_code: String,
    /// 账号的角色。 Roles of the account at the time of the request.
    roles: Vec<Role>,
    /// 查询用途；没有令牌的操作为空。 Purpose stated in the token; null for what is done without one.
    purpose: Option<Purpose>,
    /// 案件或任务编号；没有时为空。 Case or task number stated in the token; null if there is none.
    ticket: Option<String>,
    /// 请求时间。 When the request was made.
    at: Instant,
    /// 序号，翻页时作 after。 Number of the entry in the log; pass the last one as `after` for the
    /// next page.
    seq: i64,
    /// 操作，如 query accidents。 What was done, such as `query accidents` or `submit Accident
    /// ATOMIC`.
    operation: String,
    /// 请求文档的 SHA-256，十六进制。 SHA-256 of the request document, in hexadecimal digits.
    document_hash: String,
    /// 涉及的类别、级别、记录标识；本机构只见本机构记录的数目和查询条件。
    ///
    /// What was touched, by family: classes and record identifiers for officers, the number of your
    /// own records and the question for a STEWARD.
    records: Json,
    /// 结果：OK、BEGUN 或错误代码。 `OK`, `BEGUN` (the operation was starting), or the code of the
    /// error.
    outcome: String,
    /// 请求编号，同 extensions.requestId。 Identifier of the request, as in `extensions.requestId`.
    request_id: String,
    /// 链接值，十六进制：由本条和前一条得出，用于发现篡改。 Hash that chains the entry to the one
    /// before it, so that tampering can be detected.
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
        department: Some(department).filter(|code| !code.is_empty()).map(Department::from),
        region_code: region.clone(),
        roles: roles.split('|').filter(|role| !role.is_empty()).map(Role::from).collect(),
        purpose: Some(purpose).filter(|code| !code.is_empty()).map(Purpose::from),
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
