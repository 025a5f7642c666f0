//! `obligations`: what is owed at a region, page by page.

mod types;

use async_graphql::dynamic::ResolverContext;
use entity::catalogue::Class;
use futures_util::FutureExt as _;
use sha2::{Digest as _, Sha256};

use self::types::{ObligationItem, ObligationPage, Obligations};
use crate::{
    audit::collector::Noted,
    domain::deadline::DueState,
    error::HubError,
    graphql::{
        context::{rules, seat, session},
        declared::kinds::{Code, Day, Department, Id},
        part::SubjectSchema,
        records::{connection::PageInfo, plan::DEFAULT_FIRST, session::Session},
    },
    meeting::{
        obligations::{DutyKind, ObligationsQuery, OwedItem},
        returns::MeetingContext,
    },
    store::{records::global_id::global_id, seal::Seal},
};

/// The field and types of obligations.
#[must_use]
pub fn part() -> SubjectSchema {
    SubjectSchema::default()
        .query("obligations", |ctx, given| page(ctx, given).boxed())
        .choice("应办事项的种类。\n\nKind of obligation.", |kind: DutyKind| {
            format!("{}。\n\n{}.", kind.name_zh(), kind.name_en())
        })
        .choice("应办事项的状态。\n\nState of an obligation.", |state| match state {
            DueState::NotDue => "未到期。\n\nNot done; the last day is not yet near.",
            DueState::DueSoon => {
                "即将到期。\n\nNot done; the last day is within the warning period."
            }
            DueState::Overdue => "逾期。\n\nNot done, and the last day is past.",
            DueState::Done => "按期完成。\n\nDone on the last day or before.",
            DueState::DoneLate => "逾期完成。\n\nDone after the last day.",
            DueState::Suspended => "中止。\n\nSuspended: the time limit is not running.",
            DueState::Undecided => {
                "无法判定：记录缺少判定所需的事实（见 unknownFields）。\n\nCannot be decided: the record lacks a fact that decides it (see `unknownFields`)."
            }
        })
}

async fn page(ctx: &ResolverContext<'_>, given: Obligations) -> Result<ObligationPage, HubError> {
    let (session, seat) = (session(ctx), seat(ctx, &given.region)?);
    let sitting = MeetingContext {
        services: &session.services,
        rules: rules(ctx),
        ctx: &session.ctx,
        actor: session.actor()?,
        seat: &seat,
    };
    let asked = ObligationsQuery {
        department: given.department.map(|department| department.0),
        from: given.from.map(|day| day.0),
        to: given.to.map(|day| day.0),
        state: given.state.map(|state| state.0),
        kind: given.kind.map(|kind| kind.0),
        first: given.first.map_or(DEFAULT_FIRST, |first| first.0),
        after: given.after,
        question: question(session, ctx)?,
    };
    let page = sitting.obligations(&asked).await?;
    for (family, filter, start) in &page.asked {
        session.ask(family, filter, &[*start]);
    }
    for (scope, rows) in &page.shown {
        session.show(scope, rows)?;
    }
    for item in page.items.iter().filter(|item| item.kind == DutyKind::Verification) {
        if let Some((family, id)) = item.record {
            let noted = Noted {
                id,
                department: &item.department,
                region: &item.region,
                classes: std::iter::once(Class::Personal).collect(),
            };
            session.collector.note(family.name, std::iter::once(noted));
        }
    }
    Ok(ObligationPage {
        nodes: page.items.iter().map(|item| value(&session.services.seal, item)).collect(),
        page_info: PageInfo {
            has_next_page: page.next.is_some(),
            has_previous_page: asked.after.is_some(),
            start_cursor: None,
            end_cursor: page.next,
        },
    })
}

/// Digest of who asks and of all arguments that decide which items come, for cursors.
fn question(session: &Session, ctx: &ResolverContext<'_>) -> Result<String, HubError> {
    let actor = session.actor()?;
    let mut digest = Sha256::new();
    for part in [
        "obligations",
        actor.department().as_str(),
        actor.region().as_str(),
        actor.purpose().as_str(),
    ] {
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

fn value(seal: &Seal, item: &OwedItem) -> ObligationItem {
    let (plan, year, finality) = match &item.yearly {
        Some((plan, year, finality)) => (Some(plan.clone()), Some(*year), Some(Code(*finality))),
        None => (None, None, None),
    };
    ObligationItem {
        kind: Code(item.kind),
        state: Code(item.state),
        due: Day(item.due),
        enforced_from: item.enforced_from.map(Day),
        start: item.start.map(Day),
        done: item.done.map(Day),
        department: Department::from(&item.department),
        region_code: item.region.clone(),
        record_id: item.record.map(|(family, id)| Id(global_id(seal, family, id))),
        record_family: item.record.map(|(family, _)| family.name.to_owned()),
        plan_id: plan,
        data_year: year,
        finality,
        rule: item.rule.clone(),
        source: item.source.clone(),
        carried: item.carried,
        unknown_year: item.unknown_year,
        unknown_fields: item.unknown_fields.clone(),
    }
}
