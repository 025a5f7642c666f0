//! The versions of a record, each proved before it is shown.

use entity::catalogue::Family;
use sea_orm::{QueryResult, Statement, Value};
use uuid::Uuid;

use super::versions::{RecordSite, StoredVersion};
use crate::{
    authz::scope::Scope,
    error::HubError,
    store::{
        proof::{prover::Prover, versions::VersionParts},
        records::content::RecordContent,
        sql::{database::Database, statement::numbered},
    },
};

/// A record's past.
#[derive(Clone, Debug)]
pub struct RecordHistory {
    /// Department that holds it.
    pub department: String,
    /// Where it lies, as its newest version says.
    pub site: RecordSite,
    /// Its versions, latest first.
    pub versions: Vec<StoredVersion>,
}

/// All versions of a record the scope has shown to exist. What a version says decides who may read
/// it, so each is proved first.
///
/// # Errors
///
/// [`HubError::NotFound`] when there is none; [`HubError::Internal`] when one does not hold; what
/// the database says.
pub async fn history(
    database: &Database,
    scope: &Scope,
    record: Uuid,
) -> Result<RecordHistory, HubError> {
    let family = scope.family();
    let sql = format!(
        "SELECT v.version, v.action, v.content, v.changed, v.reason, v.subject, v.department, v.region_code, v.request_id, v.at, \
         v.kept, v.mac, r.ref FROM record_versions v JOIN {} r ON r.id = v.record_id \
         WHERE v.record_id = ? AND v.family = ? ORDER BY v.version DESC",
        family.table
    );
    let (backend, prover) = (database.backend(), database.proving()?);
    let values: Vec<Value> = vec![record.into(), family.name.into()];
    let rows = database
        .all(Statement::from_sql_and_values(backend, numbered(backend, &sql), values))
        .await?;
    let mut versions = Vec::with_capacity(rows.len());
    let mut holder = String::new();
    for row in &rows {
        let (version, reference) = proved(prover, family, record, row)?;
        reference.split('|').next().unwrap_or_default().clone_into(&mut holder);
        versions.push(version);
    }
    let site = versions.first().ok_or(HubError::NotFound)?.content.site();
    Ok(RecordHistory { department: holder, site, versions })
}

/// A version with the natural key of its record, if its digest holds.
fn proved(
    prover: &Prover,
    family: &'static Family,
    record: Uuid,
    row: &QueryResult,
) -> Result<(StoredVersion, String), HubError> {
    let text = |index: usize| row.try_get_by_index::<String>(index);
    let may = |index: usize| row.try_get_by_index::<Option<String>>(index);
    let (version, action, content, changed): (i32, _, _, _) =
        (row.try_get_by_index(0)?, text(1)?, text(2)?, text(3)?);
    let (reason, kept, mac, reference, at) =
        (may(4)?, may(10)?, may(11)?, text(12)?, row.try_get_by_index(9)?);
    let [subject, department, region, request] = [text(5)?, text(6)?, text(7)?, text(8)?];
    let own = prover.version(&VersionParts {
        family: family.name,
        record,
        version,
        action: &action,
        content: &content,
        changed: &changed,
        reason: reason.as_deref(),
        author: [&subject, &department, &region, &request],
        at,
        reference: &reference,
        kept: kept.as_deref(),
    });
    if mac.as_deref() != Some(&own) {
        return Err(HubError::internal(format!(
            "version {version} of a record of {} does not hold: run verify",
            family.name
        )));
    }
    let content = RecordContent::read(family, record, &content)?;
    Ok((
        StoredVersion { record, version, action, content, changed, reason, department, region, at },
        reference,
    ))
}
