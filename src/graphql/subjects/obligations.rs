//! `obligations`: what is owed at a region, page by page.

use async_graphql::{
    Name, Value,
    dynamic::{Enum, EnumItem, Field, FieldFuture, FieldValue, InputValue, ResolverContext, TypeRef},
};
use sha2::{Digest as _, Sha256};

use crate::{
    domain::deadline::DueState,
    error::HubError,
    graphql::{
        arguments::{Arguments, rules},
        fault::told,
        part::Part,
        records::{
            object::plain_object,
            plan::{DEFAULT_FIRST, first},
            session::Session,
        },
        value::{object, session, text},
    },
    meeting::{
        obligations::{Asked, Item, Kind},
        returns::Sitting,
    },
    store::{global_id::global_id, seal::Seal},
};

/// The field and types of obligations.
#[must_use]
pub fn part() -> Part {
    let named = TypeRef::named;
    let field = Field::new("obligations", named("ObligationPage"), |ctx| {
        FieldFuture::new(async move {
            let page = told(&ctx, page(session(&ctx), &ctx).await);
            Ok(page.map(FieldValue::value))
        })
    })
    .argument(InputValue::new("region", TypeRef::named_nn(TypeRef::STRING)).description("区划代码。\n\nRegion."))
    .argument(InputValue::new("department", named("Department")).description("责任部门。\n\nDepartment that owes it."))
    .argument(InputValue::new("from", named("Date")).description("到期日不早于。\n\nDue on this day or later."))
    .argument(InputValue::new("to", named("Date")).description("到期日不晚于。\n\nDue on this day or earlier."))
    .argument(InputValue::new("state", named("ObligationState")).description("状态。\n\nState."))
    .argument(InputValue::new("kind", named("ObligationKind")).description("种类。\n\nKind."))
    .argument(InputValue::new("first", named(TypeRef::INT)).description("条数，1 至 200，默认 50；一页可能不足数而仍有下一页。\n\n1 to 200, 50 by default; a page may be shorter and still have a next one."))
    .argument(InputValue::new("after", named(TypeRef::STRING)).description("上一页的 endCursor。\n\nendCursor of the page before."))
    .description(
        "一个地区应办事项及其状态：计划规定的报送，以及按您可查看的记录计算的法定时限；种类依次列出，各按日期排序。\n\nWhat is owed at a region and where it stands: returns that plans ask for, then the clocks of single cases, from the records you may read; kind after kind, each by day.",
    );
    let kinds = Kind::ALL
        .into_iter()
        .fold(Enum::new("ObligationKind").description("应办事项的种类。\n\nWhat is owed."), |list, kind| {
            list.item(EnumItem::new(kind.code()).description(format!("{}。\n\n{}.", kind.name_zh(), kind.name_en())))
        });
    let about = |state: DueState| match state {
        DueState::NotDue => "未到期。\n\nTime is left.",
        DueState::DueSoon => "即将到期。\n\nThe last day is near.",
        DueState::Overdue => "逾期。\n\nThe last day is past and nothing came.",
        DueState::Done => "按期完成。\n\nDone in time.",
        DueState::DoneLate => "逾期完成。\n\nDone after the last day.",
        DueState::Suspended => "中止。\n\nThe clock stands still.",
    };
    let states = DueState::ALL.into_iter().fold(
        Enum::new("ObligationState").description("应办事项的状态。\n\nWhere something that is owed stands."),
        |list, state| list.item(EnumItem::new(state.code()).description(about(state))),
    );
    let (n, o) = (TypeRef::named_nn, || TypeRef::named(TypeRef::STRING));
    let item = plain_object(
        "ObligationItem",
        "一项应办事项。\n\nSomething that is owed.",
        &[
            ("kind", n("ObligationKind"), "种类。\n\nKind."),
            ("state", n("ObligationState"), "状态。\n\nState."),
            ("due", n("Date"), "最后一日。\n\nLast day."),
            (
                "enforcedFrom",
                named("Date"),
                "计划印发晚于最后一日的，自此日起才算逾期。\n\nDay before which it is not overdue, where the plan was issued after the last day.",
            ),
            ("start", named("Date"), "起算日。\n\nDay the clock started."),
            ("done", named("Date"), "完成日。\n\nDay it was done."),
            (
                "department",
                n("Department"),
                "责任部门；用人单位的事项为受理部门。\n\nDepartment that owes it; for what employers owe, the one that waits for it.",
            ),
            ("regionCode", n(TypeRef::STRING), "区划代码。\n\nRegion."),
            ("recordId", named(TypeRef::ID), "所涉记录。\n\nRecord it is about."),
            ("recordFamily", o(), "记录类别。\n\nFamily of the record."),
            ("planId", o(), "所依据的计划。\n\nPlan that asks for it."),
            ("dataYear", named(TypeRef::INT), "数据年度。\n\nYear of the figures."),
            ("finality", named("ReturnFinality"), "快报或定报。\n\nProvisional or final."),
            ("rule", n(TypeRef::STRING), "时限规则。\n\nClock rule."),
            ("source", n(TypeRef::STRING), "依据。\n\nLaw or document, with the place in it."),
            (
                "carried",
                n(TypeRef::BOOLEAN),
                "所依据的计划已期满，其长期要求继续适用，直至后续计划另有规定。\n\nWhether the plan has ended and its standing rule goes on, until a successor says otherwise.",
            ),
            (
                "unknownYear",
                named(TypeRef::INT),
                "该年节假日安排未公布，最后一日可能顺延。\n\nYear whose holidays are not known, so that the last day may still move.",
            ),
        ],
    );
    let page = plain_object(
        "ObligationPage",
        "一页应办事项。\n\nA page of what is owed.",
        &[
            ("nodes", TypeRef::named_nn_list_nn("ObligationItem"), "应办事项。\n\nItems."),
            ("pageInfo", n("PageInfo"), "翻页信息。\n\nHow to go on."),
        ],
    );
    Part { queries: vec![field], objects: vec![item, page], enums: vec![kinds, states], ..Part::default() }
}

async fn page(session: &Session, ctx: &ResolverContext<'_>) -> Result<Value, HubError> {
    let arguments = Arguments(ctx);
    let seat = arguments.seat(session)?;
    let sitting =
        Sitting { services: &session.services, rules: rules(ctx), ctx: &session.ctx, actor: session.actor()?, seat: &seat };
    let asked = Asked {
        department: arguments.word("department"),
        from: arguments.day("from")?,
        to: arguments.day("to")?,
        state: arguments.word("state").as_deref().and_then(DueState::from_code),
        kind: arguments.word("kind").as_deref().and_then(Kind::from_code),
        first: first(ctx.args.get("first").map(|value| value.as_value().clone()).as_ref(), DEFAULT_FIRST)?,
        after: arguments.word("after"),
        question: question(session, ctx)?,
    };
    let page = sitting.obligations(&asked).await?;
    for (family, filter, start) in &page.asked {
        session.ask(family, filter, &[*start]);
    }
    for (scope, rows) in &page.shown {
        session.show(scope, rows)?;
    }
    let info = object([
        ("hasNextPage", page.next.is_some().into()),
        ("hasPreviousPage", asked.after.is_some().into()),
        ("startCursor", Value::Null),
        ("endCursor", text(page.next.as_deref())),
    ]);
    Ok(object([
        ("nodes", Value::List(page.items.iter().map(|item| value(&session.services.seal, item)).collect())),
        ("pageInfo", info),
    ]))
}

/// Digest of who asks and of all arguments that decide which items come, for cursors.
fn question(session: &Session, ctx: &ResolverContext<'_>) -> Result<String, HubError> {
    let actor = session.actor()?;
    let mut digest = Sha256::new();
    for part in ["obligations", actor.department(), actor.region().as_str(), actor.purpose()] {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    for name in ["region", "department", "from", "to", "state", "kind"] {
        let value = ctx.args.get(name).map(|value| value.as_value().to_string());
        digest.update(value.unwrap_or_default().as_bytes());
        digest.update([0]);
    }
    Ok(format!("{:x}", digest.finalize()).chars().take(32).collect())
}

fn value(seal: &Seal, item: &Item) -> Value {
    let word = |code: &str| Value::Enum(Name::new(code));
    let day = |day: Option<chrono::NaiveDate>| text(day.map(|day| day.to_string()));
    object([
        ("kind", word(item.kind.code())),
        ("state", word(item.state.code())),
        ("due", item.due.to_string().into()),
        ("enforcedFrom", day(item.enforced_from)),
        ("start", day(item.start)),
        ("done", day(item.done)),
        ("department", word(&item.department)),
        ("regionCode", item.region.as_str().into()),
        ("recordId", text(item.record.map(|(family, id)| global_id(seal, family, id)))),
        ("recordFamily", text(item.record.map(|(family, _)| family.name))),
        ("planId", text(item.yearly.as_ref().map(|(plan, ..)| plan.as_str()))),
        ("dataYear", item.yearly.as_ref().map_or(Value::Null, |(_, year, _)| (*year).into())),
        ("finality", item.yearly.as_ref().map_or(Value::Null, |(.., finality)| word(finality.code()))),
        ("rule", item.rule.as_str().into()),
        ("source", item.source.as_str().into()),
        ("carried", item.carried.into()),
        ("unknownYear", item.unknown_year.map_or(Value::Null, Into::into)),
    ])
}
