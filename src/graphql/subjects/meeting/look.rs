//! `jointMeeting` and `jointMeetings`.

use std::sync::Arc;

use async_graphql::{
    Name, Value,
    dynamic::{Field, FieldFuture, FieldValue, InputValue, Object, ResolverContext, TypeRef},
};
use brief::content::Brief;
use tokio::sync::OnceCell;

use crate::{
    authz::meeting::Seat,
    domain::clock,
    error::HubError,
    graphql::{
        arguments::{Arguments, shared_rules},
        fault::told,
        records::session::Session,
        subjects::meeting::global,
        value::{object as plain, session, text},
    },
    meeting::{
        assemble::{self, Table},
        meetings::overdue,
        returns::Sitting,
        rulebook::Rulebook,
    },
    store::{
        cell::shown,
        meetings::{Materials, Meeting, Signed},
        resolutions::Resolution,
        seal::Seal,
    },
};

/// A meeting that is being looked at. Today's content is put together once, when it is first wanted.
struct Looked {
    rules: Arc<Rulebook>,
    seat: Seat,
    year: i32,
    table: Table,
    seal: Seal,
    today: OnceCell<Arc<Brief>>,
}

impl Looked {
    fn sitting<'a>(&'a self, session: &'a Session) -> Result<Sitting<'a>, HubError> {
        Ok(Sitting {
            services: &session.services,
            rules: &self.rules,
            ctx: &session.ctx,
            actor: session.actor()?,
            seat: &self.seat,
        })
    }

    async fn today(&self, session: &Session) -> Result<Arc<Brief>, HubError> {
        let made = self
            .today
            .get_or_try_init(|| async { assemble::today(&self.sitting(session)?, self.year, &self.table).await.map(Arc::new) });
        made.await.map(Arc::clone)
    }

    async fn shown(&self, session: &Session) -> Result<Brief, HubError> {
        let today = self.today(session).await?;
        self.table.shown(&self.sitting(session)?, self.year, &today).await
    }
}

/// The seat of whoever asks at the table of a region.
pub(super) fn seat(session: &Session, rules: &Rulebook, region: &str) -> Result<Seat, HubError> {
    Seat::new(&session.services.policy, session.actor()?, &rules.regions.present(region)?)
}

async fn look(session: &Session, ctx: &ResolverContext<'_>) -> Result<Looked, HubError> {
    let given = Arguments(ctx);
    let seat = given.seat(session)?;
    let year = given.year("year")?.unwrap_or_default();
    let table = Table::laid(&session.services.database, &seat, year, session.ctx.now()).await?;
    let seal = session.services.seal.clone();
    Ok(Looked { rules: Arc::clone(shared_rules(ctx)), seat, year, table, seal, today: OnceCell::new() })
}

/// The root fields.
pub(super) fn fields() -> Vec<Field> {
    let region = || InputValue::new("region", TypeRef::named_nn(TypeRef::STRING)).description("区划代码。\n\nRegion.");
    vec![
        Field::new("jointMeeting", TypeRef::named("JointMeeting"), |ctx| {
            FieldFuture::new(async move {
                let session = session(&ctx);
                Ok(told(&ctx, look(session, &ctx).await).map(FieldValue::owned_any))
            })
        })
        .argument(region())
        .argument(InputValue::new("year", TypeRef::named_nn(TypeRef::INT)).description("考核年度。\n\nYear whose figures are judged."))
        .description(
            "一个地区一个年度的联席会议：材料、会议、决议，一次取全。\n\nThe joint meeting of a region and year: materials, meeting and resolutions in one answer.",
        ),
        Field::new("jointMeetings", TypeRef::named_list("Meeting"), |ctx| {
            FieldFuture::new(async move {
                let session = session(&ctx);
                let found = async {
                    let seat = Arguments(&ctx).seat(session)?;
                    session.services.database.meetings(&seat, None).await
                };
                let Some(meetings) = told(&ctx, found.await) else { return Ok(None) };
                Ok(Some(FieldValue::list(meetings.iter().map(|meeting| FieldValue::value(meeting_value(&session.services.seal, meeting))))))
            })
        })
        .argument(region())
        .description("一个地区的历次联席会议，最近的在前。\n\nAll meetings of a region, the last first."),
    ]
}

/// `JointMeeting`.
pub(super) fn object() -> Object {
    let field = |name: &'static str, kind: TypeRef, about: &'static str, value: fn(&Looked) -> Value| {
        Field::new(name, kind, move |ctx| {
            let value = ctx.parent_value.try_downcast_ref::<Looked>().map(value);
            FieldFuture::Value(value.ok().filter(|value| *value != Value::Null).map(FieldValue::value))
        })
        .description(about)
    };
    let content = |name: &'static str, about: &'static str, frozen: bool| {
        Field::new(name, TypeRef::named("Brief"), move |ctx| {
            FieldFuture::new(async move {
                let session = session(&ctx);
                let looked = ctx.parent_value.try_downcast_ref::<Looked>()?;
                let content = if frozen {
                    looked.shown(session).await
                } else {
                    looked.today(session).await.map(|today| Brief::clone(&today))
                };
                let value = content.and_then(|content| {
                    session.count_figures(content.figures.len());
                    let json = serde_json::to_value(content).map_err(HubError::internal)?;
                    Value::from_json(json).map_err(HubError::internal)
                });
                Ok(told(&ctx, value).map(FieldValue::value))
            })
        })
        .description(about)
    };
    Object::new("JointMeeting")
        .description("一个地区一个年度的联席会议。\n\nThe joint meeting of a region and year.")
        .field(field("regionCode", TypeRef::named_nn(TypeRef::STRING), "区划代码。\n\nRegion.", |looked| {
            looked.seat.region().as_str().into()
        }))
        .field(field("year", TypeRef::named_nn(TypeRef::INT), "考核年度。\n\nYear whose figures are judged.", |looked| looked.year.into()))
        .field(field("meeting", TypeRef::named("Meeting"), "最近一次会议；尚未召集时为空。\n\nThe last meeting; empty before it is called.", |looked| {
            looked.table.meeting.as_ref().map_or(Value::Null, |meeting| meeting_value(&looked.seal, meeting))
        }))
        .field(field("materials", TypeRef::named("Materials"), "冻结的材料；尚未冻结时为空。\n\nFrozen materials; empty before they are frozen.", |looked| {
            match (&looked.table.meeting, &looked.table.frozen) {
                (Some(meeting), Some((materials, signed))) => materials_value(meeting, materials, signed),
                _ => Value::Null,
            }
        }))
        .field(field("resolutions", TypeRef::named_nn_list_nn("Resolution"), "未办结的以往决议和本次决议。\n\nOpen resolutions of earlier meetings, and those of this one.", |looked| {
            let today = clock::shanghai_date(looked.table.at);
            Value::List(looked.table.resolutions.iter().map(|one| resolution_value(&looked.seal, one, looked.table.meeting.as_ref(), today)).collect())
        }))
        .field(content("brief", "会上使用的材料：已冻结的为冻结内容并附与今日的差异，否则为今日内容。\n\nThe materials: as frozen with what differs today, or as of today where nothing is frozen.", true))
        .field(content("today", "按今日数据编制的内容。\n\nThe content as of today.", false))
}

/// A meeting as a plain value.
pub(super) fn meeting_value(seal: &Seal, meeting: &Meeting) -> Value {
    plain([
        ("id", global(seal, "Meeting", meeting.id)),
        ("regionCode", meeting.region.as_str().into()),
        ("year", meeting.year.into()),
        ("number", meeting.number.into()),
        ("kind", Value::Enum(Name::new(&meeting.plan.kind))),
        ("heldAt", text(meeting.plan.held_at.map(shown))),
        ("members", Value::List(meeting.plan.members.iter().map(|code| Value::Enum(Name::new(code))).collect())),
        ("agenda", Value::List(meeting.plan.agenda.iter().map(|item| item.as_str().into()).collect())),
        ("version", meeting.version.into()),
    ])
}

/// Materials as a plain value: a part of a member that has not signed is there without an instant.
pub(super) fn materials_value(meeting: &Meeting, materials: &Materials, signed: &[Signed]) -> Value {
    let parts = meeting.plan.members.iter().map(|member| {
        let own = signed.iter().find(|part| part.department == *member);
        plain([
            ("department", Value::Enum(Name::new(member))),
            ("signedAt", text(own.map(|part| shown(part.signed_at)))),
            ("remark", text(own.and_then(|part| part.remark.clone()))),
        ])
    });
    plain([
        ("number", materials.number.into()),
        ("digest", materials.digest.as_str().into()),
        ("frozenAt", shown(materials.frozen_at).into()),
        ("parts", Value::List(parts.collect())),
    ])
}

/// A resolution as a plain value.
pub(super) fn resolution_value(seal: &Seal, one: &Resolution, meeting: Option<&Meeting>, today: chrono::NaiveDate) -> Value {
    plain([
        ("id", global(seal, "Resolution", one.id)),
        ("number", assemble::number(one).into()),
        ("content", one.task.content.as_str().into()),
        ("owner", Value::Enum(Name::new(&one.task.owner))),
        ("due", text(one.task.due.map(|day| day.to_string()))),
        ("state", Value::Enum(Name::new(&one.state))),
        ("overdue", overdue(one, today).into()),
        ("carried", meeting.is_some_and(|meeting| meeting.id != one.meeting).into()),
        ("progress", text(one.progress.clone())),
        ("version", one.version.into()),
    ])
}
