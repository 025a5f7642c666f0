//! Handing in and withdrawing records.

use async_graphql::{
    Value,
    dynamic::{Field, FieldFuture, FieldValue, InputObject, InputValue, Object, ResolverContext, TypeRef},
};
use entity::catalogue::Family;

use crate::{
    error::HubError,
    graphql::{
        fault::told,
        records::{object::plain_object, session::Session},
        value::{object, session},
    },
    store::global_id::{self, global_id},
    submit::{
        pipeline::Submission,
        verdict::{Answer, Mode, Outcome, Verdict},
    },
};

/// An answer with the family its identifiers belong to.
struct Answered {
    family: &'static Family,
    answer: Answer,
}

/// `submitAccidents(input)`.
#[must_use]
pub fn submit(family: &'static Family) -> Field {
    Field::new(format!("submit{}", family.plural), TypeRef::named("SubmitAnswer"), move |ctx| {
        FieldFuture::new(async move {
            let session = session(&ctx);
            let Some(answer) = told(&ctx, handed_in(session, family, &ctx).await) else { return Ok(None) };
            Ok(Some(FieldValue::owned_any(Answered { family, answer })))
        })
    })
    .argument(
        InputValue::new("input", TypeRef::named_nn(format!("Submit{}Input", family.plural))).description("报送内容。\n\nWhat is handed in."),
    )
    .description(format!(
        "报送{}：逐行给出结果；同一 idempotencyKey 和内容重试得到同一回执。\n\nHand in {}: a verdict for each row; the same key and content give the same receipt again.",
        family.label, family.plural
    ))
}

/// Input of `submit…` for a family.
#[must_use]
pub fn submit_input(family: &Family) -> InputObject {
    InputObject::new(format!("Submit{}Input", family.plural))
        .description(format!("一次报送的{}。\n\n{} of one submission.", family.label, family.plural))
        .field(
            InputValue::new("rows", TypeRef::named_nn_list_nn(format!("{}Row", family.name)))
                .description("行，1 至 1000。\n\nRows, 1 to 1,000."),
        )
        .field(InputValue::new("mode", TypeRef::named_nn("SubmitMode")).description("方式。\n\nMode."))
        .field(
            InputValue::new("idempotencyKey", TypeRef::named_nn(TypeRef::STRING))
                .description("幂等键，本机构内唯一；重试用同一键。\n\nUnique within your organisation; retry with the same."),
        )
        .field(
            InputValue::new("sourceSystem", TypeRef::named(TypeRef::STRING))
                .description("来源系统；本部门只有一个时不填。\n\nSystem of your department; leave it out if there is one only."),
        )
}

async fn handed_in(session: &Session, family: &'static Family, ctx: &ResolverContext<'_>) -> Result<Answer, HubError> {
    let actor = session.actor()?;
    let permit = session.services.permit(actor, family)?;
    let Some(Value::Object(parts)) = ctx.args.get("input").map(|value| value.as_value()) else { return Err(malformed()) };
    let word = |name: &str| match parts.get(name) {
        Some(Value::String(text)) => Some(text.as_str()),
        Some(Value::Enum(name)) => Some(name.as_str()),
        _ => None,
    };
    let mode = match word("mode") {
        Some("DRY_RUN") => Mode::DryRun,
        Some("ATOMIC") => Mode::Atomic,
        Some("PARTIAL") => Mode::Partial,
        _ => return Err(malformed()),
    };
    let idempotency_key = word("idempotencyKey").unwrap_or_default().to_owned();
    let source_system = word("sourceSystem").unwrap_or_default().to_owned();
    let rows = match parts.get("rows") {
        Some(Value::List(list)) => list.iter().map(row).collect::<Result<_, _>>()?,
        Some(one @ Value::Object(_)) => vec![row(one)?],
        _ => return Err(malformed()),
    };
    let submission = Submission { rows, mode, source_system, idempotency_key };
    let submitter = session.services.submitter();
    if let Err(full) = session.services.quotas.take_rows(actor, session.ctx.now(), submission.rows.len()).await
        && !submitter.answered(&permit, &submission.idempotency_key).await?
    {
        // A receipt that is there comes again, whatever was handed in since.
        return Err(full);
    }
    submitter.submit(&session.ctx, actor, &permit, &submission).await
}

fn malformed() -> HubError {
    HubError::invalid("input 的内容不完整。", "`input` is incomplete.")
}

/// A row as JSON; what is given as null is as if it were not given.
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

/// `withdrawRecord(input)`.
#[must_use]
pub fn withdraw() -> Field {
    Field::new("withdrawRecord", TypeRef::named("WithdrawAnswer"), |ctx| {
        FieldFuture::new(async move {
            let session = session(&ctx);
            let Some(answer) = told(&ctx, withdrawn(session, &ctx).await) else { return Ok(None) };
            Ok(Some(FieldValue::value(answer)))
        })
    })
    .argument(InputValue::new("input", TypeRef::named_nn("WithdrawInput")).description("撤回内容。\n\nWhat is withdrawn."))
    .description("撤回（核销）本机构的一条记录，保留各版本。\n\nWithdraw a record of your organisation; its versions stay.")
}

/// Input of `withdrawRecord`.
#[must_use]
pub fn withdraw_input() -> InputObject {
    InputObject::new("WithdrawInput")
        .description("撤回一条记录。\n\nWithdrawal of a record.")
        .field(InputValue::new("id", TypeRef::named_nn(TypeRef::ID)).description("全局标识。\n\nGlobal identifier."))
        .field(
            InputValue::new("reason", TypeRef::named_nn(TypeRef::STRING))
                .description("原因，1 至 500 字。\n\nReason, 1 to 500 characters."),
        )
}

async fn withdrawn(session: &Session, ctx: &ResolverContext<'_>) -> Result<Value, HubError> {
    let actor = session.actor()?;
    let Some(Value::Object(parts)) = ctx.args.get("input").map(|value| value.as_value().clone()) else { return Err(malformed()) };
    let word = |name: &str| if let Some(Value::String(text)) = parts.get(name) { text.as_str() } else { "" };
    let (family, id) = global_id::parse(&session.services.seal, &session.services.catalogue, word("id"))?;
    let permit = session.services.permit(actor, family)?;
    let version = session.services.submitter().withdraw(&session.ctx, actor, &permit, id, word("reason")).await?;
    Ok(object([("id", word("id").into()), ("version", version.into())]))
}

fn answered<'a>(ctx: &ResolverContext<'a>) -> Option<&'a Answered> {
    ctx.parent_value.downcast_ref::<Answered>()
}

fn verdict<'a>(ctx: &ResolverContext<'a>) -> Option<&'a (&'static Family, Verdict)> {
    ctx.parent_value.downcast_ref::<(&'static Family, Verdict)>()
}

/// Types of the answers.
#[must_use]
pub fn types() -> Vec<Object> {
    let int = || TypeRef::named_nn(TypeRef::INT);
    let mut answer = Object::new("SubmitAnswer")
        .description("一次报送的回执与逐行结果。\n\nReceipt of a submission with a verdict for each row.");
    type Pick = fn(&Answer) -> Value;
    let picks: [(&str, TypeRef, Pick, &str); 8] = [
        (
            "receipt",
            TypeRef::named_nn(TypeRef::ID),
            |answer| answer.receipt.to_string().into(),
            "回执编号。\n\nNumber of the receipt.",
        ),
        (
            "mode",
            TypeRef::named_nn("SubmitMode"),
            |answer| Value::Enum(async_graphql::Name::new(answer.mode.code())),
            "方式。\n\nMode.",
        ),
        ("at", TypeRef::named_nn("DateTime"), |answer| answer.at.clone().into(), "受理时间。\n\nWhen the rows were taken."),
        (
            "digest",
            TypeRef::named_nn(TypeRef::STRING),
            |answer| answer.digest.clone().into(),
            "内容的 SHA-256。\n\nSHA-256 of the content.",
        ),
        ("created", int(), |answer| answer.count(Outcome::Created).into(), "新增行数。\n\nRows that are new."),
        ("updated", int(), |answer| answer.count(Outcome::Updated).into(), "更新行数。\n\nRows with a new version."),
        ("unchanged", int(), |answer| answer.count(Outcome::Unchanged).into(), "无变化行数。\n\nRows as before."),
        ("rejected", int(), |answer| answer.count(Outcome::Rejected).into(), "拒绝行数。\n\nRows not taken."),
    ];
    for (name, kind, pick, about) in picks {
        let field = Field::new(name, kind, move |ctx| {
            FieldFuture::Value(answered(&ctx).map(|answered| FieldValue::value(pick(&answered.answer))))
        });
        answer = answer.field(field.description(about));
    }
    answer = answer.field(
        Field::new("verdicts", TypeRef::named_nn_list_nn("Verdict"), |ctx| {
            FieldFuture::Value(answered(&ctx).map(|answered| {
                let family = answered.family;
                FieldValue::list(answered.answer.verdicts.iter().map(|verdict| FieldValue::owned_any((family, verdict.clone()))))
            }))
        })
        .description("逐行结果，与报送顺序一致。\n\nA verdict for each row, in order."),
    );
    let remarks = |name: &'static str, about: &str| {
        Field::new(name, TypeRef::named_nn_list_nn("Remark"), move |ctx| {
            FieldFuture::Value(verdict(&ctx).map(|(_, verdict)| {
                let list = if name == "faults" { &verdict.faults } else { &verdict.findings };
                FieldValue::list(list.iter().cloned().map(FieldValue::owned_any))
            }))
        })
        .description(about)
    };
    let verdicts = Object::new("Verdict")
        .description("一行的处理结果。\n\nWhat became of a row.")
        .field(
            Field::new("row", int(), |ctx| FieldFuture::Value(verdict(&ctx).map(|(_, verdict)| FieldValue::value(verdict.row))))
                .description("行号，自 0 起。\n\nPlace of the row, from 0."),
        )
        .field(
            Field::new("outcome", TypeRef::named_nn("VerdictOutcome"), |ctx| {
                FieldFuture::Value(
                    verdict(&ctx)
                        .map(|(_, verdict)| FieldValue::value(Value::Enum(async_graphql::Name::new(verdict.outcome.code())))),
                )
            })
            .description("结果。\n\nOutcome."),
        )
        .field(
            Field::new("id", TypeRef::named(TypeRef::ID), |ctx| {
                let seal = &session(&ctx).services.seal;
                FieldFuture::Value(
                    verdict(&ctx).and_then(|(family, verdict)| verdict.id.map(|id| FieldValue::value(global_id(seal, family, id)))),
                )
            })
            .description(
                "记录标识；被拒绝或试运行的新记录为空。\n\nIdentifier; empty for rejected rows and new rows of a dry run.",
            ),
        )
        .field(
            Field::new("version", TypeRef::named(TypeRef::INT), |ctx| {
                FieldFuture::Value(verdict(&ctx).and_then(|(_, verdict)| verdict.version.map(FieldValue::value)))
            })
            .description("版本。\n\nVersion."),
        )
        .field(remarks("faults", "拒绝的原因。\n\nWhy it was rejected."))
        .field(remarks("findings", "已收下但需核对之处。\n\nTaken, but to be looked at."));
    let withdrawal = plain_object(
        "WithdrawAnswer",
        "撤回的结果。\n\nAnswer to a withdrawal.",
        &[
            ("id", TypeRef::named_nn(TypeRef::ID), "全局标识。\n\nGlobal identifier."),
            ("version", int(), "撤回后的版本。\n\nVersion after the withdrawal."),
        ],
    );
    vec![answer, verdicts, withdrawal]
}
