//! Who am I and what may I see.

use async_graphql::dynamic::ResolverContext;
use entity::catalogue::{Class, Family};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    authz::{actor::Actor, scope::Use},
    graphql::{
        context::session,
        declared::kinds::{Department, Purpose, Role},
        part::SubjectSchema,
        records::session::Session,
    },
};

/// 当前身份及可查看的范围；未登录为空。 Who is signed in and what they may see; empty when nobody
/// is.
#[derive(Deserialize, JsonSchema)]
struct ViewerOf {}

/// 当前身份。 Who is signed in.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Viewer {
    /// 账号。 Account.
    subject: String,
    /// 部门。 Department.
    department: Department,
    /// 所辖区划代码。 Region.
    region_code: String,
    /// 所辖区划名称。 Name of the region.
    region_name: Option<String>,
    /// 角色。 Roles.
    roles: Vec<Role>,
    /// 用途。 Purpose.
    purpose: Purpose,
    /// 案件或任务编号。 Case or task.
    ticket: Option<String>,
    /// 对各类记录的权限。 Rights by family.
    rights: Vec<FamilyRight>,
}

/// 对一类记录的权限：各级别最多能看到什么（FULL、MASKED、AGGREGATE、NONE）。 The most that is shown
/// of each class.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct FamilyRight {
    /// 记录类别。 Family.
    family: String,
    /// 中文名。 Chinese name.
    label: String,
    /// 可查看明细。 May list records.
    lists: bool,
    /// 可汇总。 May count.
    counts: bool,
    /// 可报送。 May hand in.
    submits: bool,
    /// 公开级。 Class P.
    public: String,
    /// 内部级。 Class I.
    internal: String,
    /// 个人信息级。 Class N.
    personal: String,
    /// 敏感级。 Class S.
    sensitive: String,
}

/// The field and its types.
#[must_use]
pub fn part() -> SubjectSchema {
    SubjectSchema::default().always("viewer", viewer)
}

fn viewer(ctx: &ResolverContext<'_>, _: ViewerOf) -> Option<Viewer> {
    let session = session(ctx);
    let actor = session.actor.as_ref()?;
    let region = actor.region().as_str();
    Some(Viewer {
        subject: actor.subject().to_owned(),
        department: Department::from(actor.department().as_str()),
        region_code: region.to_owned(),
        region_name: session.services.reference.region_name(region).map(ToOwned::to_owned),
        roles: actor.roles().iter().map(|role| Role::from(role.as_str())).collect(),
        purpose: Purpose::from(actor.purpose().as_str()),
        ticket: actor.ticket().map(ToOwned::to_owned),
        rights: session
            .services
            .catalogue
            .families()
            .map(|family| right(session, actor, family))
            .collect(),
    })
}

fn right(session: &Session, actor: &Actor, family: &'static Family) -> FamilyRight {
    let scope = session.scope(family).ok();
    let outcome = |class: Class| {
        let widest = scope.as_ref().map(|scope| scope.widest(class).word().to_uppercase());
        widest.unwrap_or_else(|| "NONE".to_owned())
    };
    let allows = |use_: Use| scope.as_ref().is_some_and(|scope| scope.allows(use_, &[]));
    FamilyRight {
        family: family.name.to_owned(),
        label: family.label.to_owned(),
        lists: allows(Use::List),
        counts: allows(Use::Aggregate),
        submits: session.services.permit(actor, family).is_ok(),
        public: outcome(Class::Public),
        internal: outcome(Class::Internal),
        personal: outcome(Class::Personal),
        sensitive: outcome(Class::Sensitive),
    }
}
