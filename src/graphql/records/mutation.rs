//! Submitting and withdrawing records.

use async_graphql::{
    Name, Value,
    dynamic::{Field, InputObject, InputValue, ResolverContext, TypeRef},
    indexmap::IndexMap,
};
use entity::catalogue::Family;
use futures_util::FutureExt as _;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    error::HubError,
    graphql::{
        context::session,
        declared::{field::answered, given::ArgumentDeclaration, kinds::Id},
        fault::resolved,
        part::SubjectSchema,
        records::{remark::Remark, session::Session},
    },
    store::records::global_id::{self, global_id},
    submit::{
        pipeline::Submission,
        verdict::{self, Answer, Mode, RowOutcome},
    },
};

/// 报送方式。 Whether a submission stores all rows, the valid rows, or none (trial run).
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum SubmitMode {
    /// 试运行：只给结果，不入库。 Checks every row and reports what would happen; stores nothing.
    DryRun,
    /// 全部入库；任一行被拒绝则全不入库，无误的行注明 NOT_APPLIED。 Stores all rows, or none if any
    /// row is rejected; the valid rows then report `NOT_APPLIED`.
    Atomic,
    /// 合格的入库，其余拒绝。 Stores the valid rows and rejects the others.
    Partial,
}

/// 一行的结果。 Outcome of the submission for one row.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum VerdictOutcome {
    /// 新增记录。 A new record was created.
    Created,
    /// 更新为新版本。 The record existed and received a new version.
    Updated,
    /// 内容无变化，未产生新版本。 The content equals the stored record; no new version was created.
    Unchanged,
    /// 未入库，原因见 faults。 The row was not stored; `faults` says why.
    Rejected,
}

/// 一行的处理结果。 Result for one submitted row.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Verdict {
    /// 行号，自 0 起，与 rows 中的次序一致。 Index of the row in `rows`, counted from 0.
    #[schemars(with = "i32")]
    row: usize,
    /// 该行的结果。 What was done with the row.
    outcome: VerdictOutcome,
    /// 记录标识；被拒绝或试运行的新记录为空。 Global identifier of the record; null for a rejected
    /// row and for a new record in a dry run.
    id: Option<Id>,
    /// 记录的版本，自 1 起；被拒绝的行为空。 Version of the record after the submission, counted
    /// from 1; null for a rejected row.
    version: Option<i32>,
    /// 拒绝的原因；未被拒绝的为空列表。 Reasons for the rejection; an empty list unless the row was
    /// rejected.
    faults: Vec<Remark>,
    /// 已收下但需核对之处。 Quality findings: the row was accepted, but someone should check these
    /// points.
    findings: Vec<Remark>,
}

/// 一次报送的回执与逐行结果。 Receipt of a submission, with the result for each row.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SubmitAnswer {
    /// 回执编号；以同一 idempotencyKey 和内容重试，得到同一编号。 Identifier of the receipt; a
    /// retry with the same `idempotencyKey` and content returns the same one.
    receipt: Id,
    /// 报送方式，与所报一致。 Mode in which the submission was made.
    mode: SubmitMode,
    /// 受理时间。 When the rows were accepted (RFC 3339).
    #[schemars(extend("graphql" = "DateTime"))]
    at: String,
    /// 内容的 SHA-256，十六进制。 SHA-256 of the submitted content, in hexadecimal digits.
    digest: String,
    /// 新增行数。 Number of rows that created a new record.
    #[schemars(with = "i32")]
    created: usize,
    /// 更新行数。 Number of rows that gave an existing record a new version.
    #[schemars(with = "i32")]
    updated: usize,
    /// 无变化行数。 Number of rows whose content equals the stored record.
    #[schemars(with = "i32")]
    unchanged: usize,
    /// 拒绝行数。 Number of rows that were not stored.
    #[schemars(with = "i32")]
    rejected: usize,
    /// 逐行结果，与报送顺序一致。 Result for each row, in the order of `rows`.
    verdicts: Vec<Verdict>,
}

/// The parts of a submission other than the rows, whose type depends on the family.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SubmitInput {
    /// 报送方式。 Whether to store all rows, the valid rows, or none (trial run).
    mode: SubmitMode,
    /// 幂等键，1 至 200 字，本机构内唯一；重试用同一键和同一内容，内容不同则返回 CONFLICT。
    ///
    /// Key of 1 to 200 characters, unique within your organisation. Retry with the same key and
    /// content; other content under it is a CONFLICT.
    idempotency_key: String,
    /// 来源系统；本部门只有一个时不填。 System of your department that supplies the rows; omit it
    /// if there is only one.
    source_system: Option<String>,
}

/// 撤回（核销）本机构的一条记录：不再出现在列表和统计中；各版本保留，可用 history 查看。 Withdraws
/// a record of your organisation. It leaves lists and statistics; its versions remain in `history`.
#[derive(Deserialize, JsonSchema)]
struct WithdrawRecord {
    /// 撤回内容。 The record to withdraw, and why.
    input: WithdrawInput,
}

/// 撤回一条记录。 The record to withdraw, and why.
#[derive(Deserialize, JsonSchema)]
struct WithdrawInput {
    /// 所撤回记录的全局标识。 Global identifier of the record.
    id: Id,
    /// 原因，1 至 500 字，在 history 中可见。 Reason for the withdrawal, 1 to 500 characters; shown
    /// in `history`.
    reason: String,
}

/// 撤回的结果。 The withdrawn record.
#[derive(Serialize, JsonSchema)]
struct WithdrawAnswer {
    /// 所撤回记录的全局标识。 Global identifier of the withdrawn record.
    id: Id,
    /// 撤回后的版本。 Version of the record that the withdrawal created.
    version: i32,
}

/// What all families share: the answers, and withdrawing.
#[must_use]
pub fn part() -> SubjectSchema {
    let mut part = SubjectSchema::default()
        .mutation("withdrawRecord", |ctx, given: WithdrawRecord| {
            withdrawn(ctx, given.input).boxed()
        });
    part.output::<SubmitAnswer>();
    part
}

/// The field `submitAccidents(input)`, for each family under its plural.
#[must_use]
pub fn submit(family: &'static Family) -> Field {
    let (input, arguments) =
        (format!("Submit{}Input", family.plural), ArgumentDeclaration::of::<SubmitInput>());
    Field::new(format!("submit{}", family.plural), TypeRef::named("SubmitAnswer"), move |ctx| {
        let arguments = arguments.clone();
        resolved(async move {
            let answer = submitted(&ctx, family, &arguments).await.map(|answer| SubmitAnswer::new(session(&ctx), family, answer));
            answered(&ctx, answer)
        })
    })
    .argument(InputValue::new("input", TypeRef::named_nn(input)).description("报送内容。\n\nRows to submit, with mode and key."))
    .description(format!(
        "报送{}：逐行给出结果；同一 idempotencyKey 和内容重试得到同一回执。\n\nSubmits `{}` records; the answer has a verdict for each row. Sending the same content again with the same `idempotencyKey` gives the same receipt.",
        family.label, family.name
    ))
}

/// Input of `submit…` for a family.
#[must_use]
pub fn submit_input(family: &Family) -> InputObject {
    let rows = InputValue::new("rows", TypeRef::named_nn_list_nn(format!("{}Row", family.name)))
        .description("行，1 至 1000。\n\nRows to submit, 1 to 1,000.");
    let input = InputObject::new(format!("Submit{}Input", family.plural)).description(format!(
        "一次报送的{}。\n\nOne submission of `{}` records.",
        family.label, family.name
    ));
    ArgumentDeclaration::of::<SubmitInput>()
        .values()
        .into_iter()
        .fold(input.field(rows), InputObject::field)
}

async fn submitted(
    ctx: &ResolverContext<'_>,
    family: &'static Family,
    arguments: &ArgumentDeclaration,
) -> Result<Answer, HubError> {
    let session = session(ctx);
    let actor = session.actor()?;
    let permit = session.services.permit(actor, family)?;
    let Some(Value::Object(parts)) = ctx.args.get("input").map(|value| value.as_value()) else {
        return Err(malformed());
    };
    // The rows are copied once, into JSON.
    let beside: IndexMap<Name, Value> = parts
        .iter()
        .filter(|(name, _)| *name != "rows")
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let input: SubmitInput = arguments.read(&beside)?;
    let rows = match parts.get("rows") {
        Some(Value::List(list)) => list.iter().map(row).collect::<Result<_, _>>()?,
        Some(one @ Value::Object(_)) => vec![row(one)?],
        _ => return Err(malformed()),
    };
    let mode = match input.mode {
        SubmitMode::DryRun => Mode::DryRun,
        SubmitMode::Atomic => Mode::Atomic,
        SubmitMode::Partial => Mode::Partial,
    };
    let source_system = input.source_system.unwrap_or_default();
    let submission =
        Submission { rows, mode, source_system, idempotency_key: input.idempotency_key };
    let submitter = session.services.submitter();
    if let Err(full) =
        session.services.quotas.take_rows(actor, session.ctx.now(), submission.rows.len()).await
        && !submitter.answered(&permit, &submission.idempotency_key).await?
    {
        // A stored receipt is returned again, whatever was submitted since.
        return Err(full);
    }
    submitter.submit(&session.ctx, actor, &permit, &submission).await
}

fn malformed() -> HubError {
    HubError::invalid("input 的内容不完整。", "`input` is incomplete.")
}

/// A row as JSON; a null counts as a missing value.
fn row(value: &Value) -> Result<serde_json::Map<String, serde_json::Value>, HubError> {
    let Value::Object(parts) = value else { return Err(malformed()) };
    let given = parts.iter().filter(|(_, value)| !matches!(value, Value::Null));
    given.map(|(name, value)| Ok((name.as_str().to_owned(), json(value)?))).collect()
}

/// A value as JSON, read straight from the arguments: a thousand rows are copied once.
fn json(value: &Value) -> Result<serde_json::Value, HubError> {
    Ok(match value {
        Value::String(text) => text.as_str().into(),
        Value::Enum(name) => name.as_str().into(),
        Value::Number(number) => number.clone().into(),
        Value::Boolean(yes) => (*yes).into(),
        other => other.clone().into_json().map_err(|_| malformed())?,
    })
}

impl SubmitAnswer {
    fn new(session: &Session, family: &Family, answer: Answer) -> Self {
        let count = |outcome| answer.count(outcome);
        Self {
            receipt: Id(answer.receipt.to_string()),
            mode: match answer.mode {
                Mode::DryRun => SubmitMode::DryRun,
                Mode::Atomic => SubmitMode::Atomic,
                Mode::Partial => SubmitMode::Partial,
            },
            created: count(RowOutcome::Created),
            updated: count(RowOutcome::Updated),
            unchanged: count(RowOutcome::Unchanged),
            rejected: count(RowOutcome::Rejected),
            at: answer.at,
            digest: answer.digest,
            verdicts: answer
                .verdicts
                .into_iter()
                .map(|own| Verdict::new(session, family, own))
                .collect(),
        }
    }
}

impl Verdict {
    fn new(session: &Session, family: &Family, verdict: verdict::RowVerdict) -> Self {
        let remarks = |list: Vec<verdict::RowRemark>| {
            list.into_iter().map(|own| Remark::new(own, session.language)).collect()
        };
        Self {
            row: verdict.row,
            outcome: match verdict.outcome {
                RowOutcome::Created => VerdictOutcome::Created,
                RowOutcome::Updated => VerdictOutcome::Updated,
                // Only files have rows that are left out.
                RowOutcome::Unchanged | RowOutcome::Skipped => VerdictOutcome::Unchanged,
                RowOutcome::Rejected => VerdictOutcome::Rejected,
            },
            id: verdict.id.map(|id| Id(global_id(&session.services.seal, family, id))),
            version: verdict.version,
            faults: remarks(verdict.faults),
            findings: remarks(verdict.findings),
        }
    }
}

async fn withdrawn(
    ctx: &ResolverContext<'_>,
    input: WithdrawInput,
) -> Result<WithdrawAnswer, HubError> {
    let session = session(ctx);
    let (actor, services) = (session.actor()?, &session.services);
    let (family, id) = global_id::parse(&services.seal, &services.catalogue, &input.id.0)?;
    let permit = services.permit(actor, family)?;
    let version =
        services.submitter().withdraw(&session.ctx, actor, &permit, id, &input.reason).await?;
    Ok(WithdrawAnswer { id: input.id, version })
}
