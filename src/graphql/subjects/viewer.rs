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

/// 当前身份及可查看的范围；未登录为空。 The account you are signed in with and what it may see;
/// null if you are not signed in.
#[derive(Deserialize, JsonSchema)]
struct ViewerOf {}

/// 当前身份。 The account of the request.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Viewer {
    /// 当前账号。 Account named by the token.
    subject: String,
    /// 账号所属部门。 Department of the account.
    department: Department,
    /// 所辖区划代码（六位）。 Region code of the account's organisation.
    region_code: String,
    /// 所辖区划名称。 Chinese name of that region; null if the code table does not list it.
    region_name: Option<String>,
    /// 账号的角色。 Roles of the account, which decide what it may do.
    roles: Vec<Role>,
    /// 查询用途，来自令牌。 Purpose stated in the token, which decides what is shown.
    purpose: Purpose,
    /// 案件或任务编号；没有时为空。 Case or task number stated in the token; null if there is none.
    ticket: Option<String>,
    /// 对各类记录的权限。 Rights of the account, one entry per record family.
    rights: Vec<FamilyRight>,
}

/// 对一类记录的权限：各级别最多能看到什么（FULL、MASKED、AGGREGATE、NONE）。
///
/// Rights on one record family. The four class fields name the most that is shown in any record:
/// FULL, MASKED, AGGREGATE (statistics only) or NONE.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct FamilyRight {
    /// 记录类别（类型名，如 Accident）。 The record family, by type name such as `Accident`.
    family: String,
    /// 中文名。 Chinese name of the family.
    label: String,
    /// 可查看明细。 Whether you may list and open its records.
    lists: bool,
    /// 可汇总统计。 Whether you may query its statistics.
    counts: bool,
    /// 可报送。 Whether you may submit and withdraw its records.
    submits: bool,
    /// 公开级字段。 Fields of class P (public).
    public: String,
    /// 内部级字段。 Fields of class I (internal).
    internal: String,
    /// 个人信息级字段。 Fields of class N (personal).
    personal: String,
    /// 敏感个人信息级字段。 Fields of class S (sensitive personal).
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
