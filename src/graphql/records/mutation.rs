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

/// 报送方式。 Mode of a submission.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum SubmitMode {
    /// 试运行：只给结果，不入库。 Says what would happen and keeps nothing.
    DryRun,
    /// 全部入库或全不入库。 All rows or none.
    Atomic,
    /// 合格的入库，其余拒绝。 Rows that hold are taken.
    Partial,
}

/// 一行的结果。 What became of a row.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum VerdictOutcome {
    /// 新增。 New.
    Created,
    /// 更新为新版本。 A new version.
    Updated,
    /// 无变化。 As before.
    Unchanged,
    /// 未入库。 Not taken.
    Rejected,
}

/// 一行的处理结果。 What became of a row.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Verdict {
    /// 行号，自 0 起。 Place of the row, from 0.
    #[schemars(with = "i32")]
    row: usize,
    /// 结果。 Outcome.
    outcome: VerdictOutcome,
    /// 记录标识；被拒绝或试运行的新记录为空。 Identifier; empty for rejected rows and new rows of a
    /// dry run.
    id: Option<Id>,
    /// 版本。 Version.
    version: Option<i32>,
    /// 拒绝的原因。 Why it was rejected.
    faults: Vec<Remark>,
    /// 已收下但需核对之处。 Taken, but to be looked at.
    findings: Vec<Remark>,
}

/// 一次报送的回执与逐行结果。 Receipt of a submission with a verdict for each row.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SubmitAnswer {
    /// 回执编号。 Number of the receipt.
    receipt: Id,
    /// 方式。 Mode.
    mode: SubmitMode,
    /// 受理时间。 When the rows were taken.
    #[schemars(extend("graphql" = "DateTime"))]
    at: String,
    /// 内容的 SHA-256。 SHA-256 of the content.
    digest: String,
    /// 新增行数。 Rows that are new.
    #[schemars(with = "i32")]
    created: usize,
    /// 更新行数。 Rows with a new version.
    #[schemars(with = "i32")]
    updated: usize,
    /// 无变化行数。 Rows as before.
    #[schemars(with = "i32")]
    unchanged: usize,
    /// 拒绝行数。 Rows not taken.
    #[schemars(with = "i32")]
    rejected: usize,
    /// 逐行结果，与报送顺序一致。 A verdict for each row, in order.
    verdicts: Vec<Verdict>,
}

/// The parts of a submission other than the rows, whose type depends on the family.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SubmitInput {
    /// 方式。 Mode.
    mode: SubmitMode,
    /// 幂等键，本机构内唯一；重试用同一键。 Unique within your organisation; retry with the same.
    idempotency_key: String,
    /// 来源系统；本部门只有一个时不填。 System of your department; leave it out if there is one
    /// only.
    source_system: Option<String>,
}

/// 撤回（核销）本机构的一条记录，保留各版本。 Withdraw a record of your organisation; its versions
/// stay.
#[derive(Deserialize, JsonSchema)]
struct WithdrawRecord {
    /// 撤回内容。 What is withdrawn.
    input: WithdrawInput,
}

/// 撤回一条记录。 Withdrawal of a record.
#[derive(Deserialize, JsonSchema)]
struct WithdrawInput {
    /// 全局标识。 Global identifier.
    id: Id,
    /// 原因，1 至 500 字。 Reason, 1 to 500 characters.
    reason: String,
}

/// 撤回的结果。 Answer to a withdrawal.
#[derive(Serialize, JsonSchema)]
struct WithdrawAnswer {
    /// 全局标识。 Global identifier.
    id: Id,
    /// 撤回后的版本。 Version after the withdrawal.
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
    .argument(InputValue::new("input", TypeRef::named_nn(input)).description("报送内容。\n\nWhat is handed in."))
    .description(format!(
        "报送{}：逐行给出结果；同一 idempotencyKey 和内容重试得到同一回执。\n\nHand in {}: a verdict for each row; the same key and content give the same receipt again.",
        family.label, family.plural
    ))
}

/// Input of `submit…` for a family.
#[must_use]
pub fn submit_input(family: &Family) -> InputObject {
    let rows = InputValue::new("rows", TypeRef::named_nn_list_nn(format!("{}Row", family.name)))
        .description("行，1 至 1000。\n\nRows, 1 to 1,000.");
    let input = InputObject::new(format!("Submit{}Input", family.plural)).description(format!(
        "一次报送的{}。\n\n{} of one submission.",
        family.label, family.plural
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
