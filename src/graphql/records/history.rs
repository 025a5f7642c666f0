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

/// 一条记录的各版本，新版在前，最多 200 个，已撤回的记录也可查；无权查看的字段不含在内，
/// 无权查看版本时返回 FORBIDDEN。
///
/// Versions of a record, newest first, at most 200, also of a withdrawn record. Fields you may not
/// read are left out; FORBIDDEN if you may not see versions.
#[derive(Deserialize, JsonSchema)]
struct History {
    /// 记录的全局标识。 Global identifier of the record.
    id: Id,
}

/// 记录的一个版本。 One version of a record.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct RecordVersion {
    /// 版本号，自 1 起，按您可查看的版本计。 Number of the version, counted from 1 over the
    /// versions you may see.
    version: i32,
    /// 动作：新增、更新或撤回。 How the version came about: created, updated or withdrawn.
    #[schemars(with = "VersionAction")]
    action: String,
    /// 该版本的产生时间。 When the version was created.
    at: Instant,
    /// 报送该版本的部门。 Department that submitted the version.
    department: Department,
    /// 机构所辖区划。 Region code of the organisation that submitted it.
    region_code: String,
    /// 撤回原因；不是撤回的为空。 Reason given for a withdrawal; null for other versions.
    reason: Option<String>,
    /// 变更的字段（仅您可完整查看的）。 Names of the fields that changed, limited to those you may
    /// read in full.
    changed: Vec<String>,
    /// 内容（仅您可查看的字段），以字段名为键。 Content of the version as a JSON object by field
    /// name, limited to the fields you may read.
    content: Json,
}

/// 版本的来由。 How a version came about.
#[derive(JsonSchema)]
#[schemars(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum VersionAction {
    /// 新增记录。 The record was created.
    Created,
    /// 更新记录，或撤回后重新报送。 The record was changed, or submitted again after a withdrawal.
    Updated,
    /// 撤回记录。 The record was withdrawn.
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
