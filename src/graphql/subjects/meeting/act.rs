//! Mutations of the meeting.

use async_graphql::{
    Value,
    dynamic::{Field, FieldFuture, FieldValue, InputValue, ResolverContext, TypeRef},
    indexmap::IndexMap,
};
use uuid::Uuid;

use crate::{
    authz::meeting::Seat,
    domain::clock,
    error::HubError,
    graphql::{
        arguments::rules,
        fault::told,
        records::session::Session,
        subjects::meeting::{
            local,
            look::{self, materials_value, meeting_value, resolution_value},
        },
        value::session,
    },
    meeting::{
        assemble::{self, Table},
        returns::Sitting,
    },
    store::{meetings::Plan, resolutions::Task, seal::Seal},
};

/// What a mutation was given.
struct Given<'a>(&'a IndexMap<async_graphql::Name, Value>);

impl Given<'_> {
    fn word(&self, name: &str) -> Option<&str> {
        match self.0.get(name) {
            Some(Value::String(text)) => Some(text),
            Some(Value::Enum(name)) => Some(name.as_str()),
            _ => None,
        }
    }

    fn number(&self, name: &str) -> i32 {
        match self.0.get(name) {
            Some(Value::Number(number)) => number.as_i64().and_then(|number| i32::try_from(number).ok()).unwrap_or_default(),
            _ => 0,
        }
    }

    fn words(&self, name: &str) -> Vec<String> {
        let Some(Value::List(items)) = self.0.get(name) else { return Vec::new() };
        let word = |item: &Value| match item {
            Value::String(text) => Some(text.clone()),
            Value::Enum(name) => Some(name.to_string()),
            _ => None,
        };
        items.iter().filter_map(word).collect()
    }

    fn id(&self, seal: &Seal, kind: &str, name: &str) -> Result<Uuid, HubError> {
        local(seal, kind, self.0.get(name))
    }

    fn plan(&self) -> Result<Plan, HubError> {
        let held_at = self.word("heldAt").map(clock::parse_instant).transpose();
        Ok(Plan {
            kind: self.word("kind").unwrap_or_default().to_owned(),
            held_at: held_at.map_err(|fault| HubError::invalid(fault.message_zh(), fault.message_en()))?,
            members: self.words("members"),
            agenda: self.words("agenda"),
        })
    }
}

/// What is done.
#[derive(Clone, Copy)]
enum Act {
    Call,
    Change,
    Freeze,
    Sign,
    Resolve,
    Settle,
}

/// The mutations.
pub(super) fn fields() -> Vec<Field> {
    let field = |act: Act, name: &'static str, input: &str, gives: &str, about: &str| {
        Field::new(name, TypeRef::named(gives), move |ctx| {
            FieldFuture::new(async move {
                let session = session(&ctx);
                Ok(told(&ctx, done(session, act, &ctx).await).map(FieldValue::value))
            })
        })
        .argument(InputValue::new("input", TypeRef::named_nn(input)).description("内容。\n\nWhat is asked for."))
        .description(about)
    };
    vec![
        field(
            Act::Call,
            "callMeeting",
            "CallMeetingInput",
            "Meeting",
            "召集联席会议（本级人社会议办公室）。\n\nCalls a joint meeting; for the office of 人社 at that level.",
        ),
        field(
            Act::Change,
            "changeMeeting",
            "ChangeMeetingInput",
            "Meeting",
            "修改会议时间、成员和议程。\n\nChanges time, members and agenda of a meeting.",
        ),
        field(
            Act::Freeze,
            "freezeMaterials",
            "FreezeMaterialsInput",
            "Materials",
            "把今日内容冻结为会议材料；此后各成员单位签报。\n\nFreezes today's content as materials, for the members to sign.",
        ),
        field(
            Act::Sign,
            "signMaterials",
            "SignMaterialsInput",
            "Materials",
            "签报本单位的部分。\n\nSigns the part of the own department.",
        ),
        field(
            Act::Resolve,
            "addResolution",
            "AddResolutionInput",
            "Resolution",
            "登记会议决议；未办结的自动转入下次会议。\n\nAdds a resolution; while open it is carried to the next meeting.",
        ),
        field(
            Act::Settle,
            "settleResolution",
            "SettleResolutionInput",
            "Resolution",
            "报告进展（承办部门）或办结（人社会议办公室）。\n\nReports progress (its owner) or settles it (the office of 人社).",
        ),
    ]
}

async fn done(session: &Session, act: Act, ctx: &ResolverContext<'_>) -> Result<Value, HubError> {
    let Some(Value::Object(parts)) = ctx.args.get("input").map(|value| value.as_value()) else {
        return Err(HubError::invalid("缺少 input。", "`input` is missing."));
    };
    let (given, seal) = (Given(parts), &session.services.seal);
    let actor = session.actor()?;
    let rules = rules(ctx);
    let seat = look::seat(session, rules, given.word("region").unwrap_or_default())?;
    let sitting = Sitting { services: &session.services, rules, ctx: &session.ctx, actor, seat: &seat };
    match act {
        Act::Call => Ok(meeting_value(seal, &sitting.call(given.number("year"), &given.plan()?).await?)),
        Act::Change => {
            let id = given.id(seal, "Meeting", "meeting")?;
            Ok(meeting_value(seal, &sitting.change(id, given.number("version"), &given.plan()?).await?))
        }
        Act::Freeze => freeze(session, &sitting, given.id(seal, "Meeting", "meeting")?).await,
        Act::Sign => {
            let id = given.id(seal, "Meeting", "meeting")?;
            sitting.sign_materials(id, given.word("digest").unwrap_or_default(), given.word("remark")).await?;
            frozen(session, &seat, id).await
        }
        Act::Resolve => {
            let due = given.word("due").map(clock::parse_date).transpose();
            let task = Task {
                content: given.word("content").unwrap_or_default().to_owned(),
                owner: given.word("owner").unwrap_or_default().to_owned(),
                due: due.map_err(|fault| HubError::invalid(fault.message_zh(), fault.message_en()))?,
            };
            let one = sitting.resolve(given.id(seal, "Meeting", "meeting")?, &task).await?;
            Ok(resolution_value(seal, &one, None, clock::shanghai_date(session.ctx.now())))
        }
        Act::Settle => {
            let id = given.id(seal, "Resolution", "resolution")?;
            let state = given.word("state").unwrap_or_default();
            let one = sitting.settle(id, given.number("version"), state, given.word("progress")).await?;
            Ok(resolution_value(seal, &one, None, clock::shanghai_date(session.ctx.now())))
        }
    }
}

async fn freeze(session: &Session, sitting: &Sitting<'_>, id: Uuid) -> Result<Value, HubError> {
    // Whoever may not freeze is told so before anything is put together.
    crate::authz::chair::Chair::of(sitting.seat)?;
    let meeting = session.services.database.meeting(sitting.seat, id).await?.ok_or(HubError::NotFound)?;
    let table = Table::laid(&session.services.database, sitting.seat, meeting.year, sitting.ctx.now()).await?;
    let content = assemble::today(sitting, meeting.year, &table).await?;
    sitting.freeze(id, &content).await?;
    frozen(session, sitting.seat, id).await
}

async fn frozen(session: &Session, seat: &Seat, id: Uuid) -> Result<Value, HubError> {
    let meeting = session.services.database.meeting(seat, id).await?.ok_or(HubError::NotFound)?;
    let (materials, signed) = session.services.database.materials(seat, &meeting).await?.ok_or(HubError::NotFound)?;
    Ok(materials_value(&meeting, &materials, &signed))
}
