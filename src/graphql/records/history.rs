//! `history(id)`: the versions of a record.

use async_graphql::dynamic::ResolverContext;
use entity::catalogue::Family;
use futures_util::FutureExt as _;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    authz::{policy::Openness, scope::Zone},
    error::HubError,
    graphql::{
        context::session,
        declared::kinds::{Department, Id, Instant, Json},
        part::SubjectSchema,
        records::session::Session,
    },
    store::records::{global_id, past, row::Classes, versions::StoredVersion},
};

/// Versions of a record that are shown, latest first.
const MOST_VERSIONS: usize = 200;

/// 一条记录的各版本，新版在前；无权查看的字段不含在内。 Versions of a record, latest first, without
/// fields you may not read.
#[derive(Deserialize, JsonSchema)]
struct History {
    /// 全局标识。 Global identifier.
    id: Id,
}

/// 记录的一个版本。 A version of a record.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct RecordVersion {
    /// 版本号。 Number.
    version: i32,
    /// 动作。 What was done.
    #[schemars(with = "VersionAction")]
    action: String,
    /// 时间。 When.
    at: Instant,
    /// 部门。 Department.
    department: Department,
    /// 机构所辖区划。 Region of the organisation.
    region_code: String,
    /// 撤回原因。 Why it was withdrawn.
    reason: Option<String>,
    /// 变更的字段（仅您可查看的）。 Fields that changed, of those you may read.
    changed: Vec<String>,
    /// 内容（仅您可查看的字段）。 Content, of the fields you may read.
    content: Json,
}

/// 版本的来由。 What made a version.
#[derive(JsonSchema)]
#[schemars(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum VersionAction {
    /// 新增。 New.
    Created,
    /// 更新。 Changed.
    Updated,
    /// 撤回。 Withdrawn.
    Withdrawn,
}

/// The field and its types.
#[must_use]
pub fn part() -> SubjectSchema {
    SubjectSchema::default().query("history", |ctx, given| history(ctx, given).boxed())
}

async fn history(
    ctx: &ResolverContext<'_>,
    given: History,
) -> Result<Vec<RecordVersion>, HubError> {
    let session = session(ctx);
    session.actor()?;
    let (family, id) =
        global_id::parse(&session.services.seal, &session.services.catalogue, &given.id.0)?;
    let scope = session.scope(family)?;
    let row = session
        .services
        .reader()
        .find_including_withdrawn(&scope, id)
        .await?
        .ok_or(HubError::NotFound)?;
    let past = past::history(&session.services.database, &scope, id).await?;
    // The zone of the record as its newest version says decides: a version never shows more than
    // the record does.
    let (region, industry) = (&past.site.region, past.site.industry.as_deref());
    let zone = scope.zone_of(region, &past.department, industry).ok_or(HubError::NotFound)?;
    if !zone.shows_versions() {
        return Err(HubError::forbidden(
            "版本的编号和时间属于内部信息，您无权查看该记录的历史。",
            "Numbers and times of versions are internal; you may not read the history of this record.",
        ));
    }
    let mut shown = Classes::default();
    let mut list = Vec::new();
    let place = (past.department.as_str(), past.site.region.as_str());
    for version in session
        .services
        .reader()
        .visible(family, zone, place, past.versions)?
        .into_iter()
        .take(MOST_VERSIONS)
    {
        list.push(version_value(session, (family, zone, place), &version, &mut shown)?);
    }
    session.show_classes(&scope, &row, shown);
    Ok(list)
}

fn version_value(
    session: &Session,
    (family, zone, place): (&'static Family, &Zone, (&str, &str)),
    version: &StoredVersion,
    shown: &mut Classes,
) -> Result<RecordVersion, HubError> {
    let visible = session.services.reader().shown(family, zone, place, &version.content)?;
    visible.keys().filter_map(|name| family.field(name)).for_each(|field| shown.add(field.class));
    // A masked value may change in what the mask hides: that it changed is told only where all of
    // it is shown.
    let names: Vec<String> = serde_json::from_str(&version.changed).unwrap_or_default();
    let fields = names.iter().filter_map(|name| family.versioned(name));
    let changed = fields
        .filter(|field| zone.outcome(field.class) == Openness::Full)
        .map(|field| field.name.to_owned());
    Ok(RecordVersion {
        version: version.version,
        action: version.action.clone(),
        at: Instant(version.at),
        department: Department::from(&version.department),
        region_code: version.region.clone(),
        reason: version.reason.clone(),
        changed: changed.collect(),
        content: Json(visible.into()),
    })
}
