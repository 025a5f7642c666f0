//! Versions and change events, written in the transaction of their rows.

use chrono::{DateTime, Utc};
use entity::catalogue::Family;
use sea_orm::{DbBackend, Value};
use uuid::Uuid;

use crate::{
    authz::permit::{ChildPermit, Permit},
    error::{HubError, Race},
    store::{
        proof::{
            prover::Prover,
            versions::{EventParts, VersionParts},
        },
        records::content::RecordContent,
        sql::{
            columns::{ColumnValues, StatementParameters, Type, placeholder, rows, width},
            database::Transaction,
            statement::statement,
            texts::text,
        },
    },
};

/// One version of a record.
#[derive(Clone, Debug)]
pub struct StoredVersion {
    /// Identifier of the record.
    pub record: Uuid,
    /// Number, from 1.
    pub version: i32,
    /// `CREATED`, `UPDATED` or `WITHDRAWN`.
    pub action: String,
    /// Content; values of sealed columns are still sealed.
    pub content: RecordContent,
    /// Names of the fields that changed, as a JSON list.
    pub changed: String,
    /// Reason of a withdrawal; `None` otherwise.
    pub reason: Option<String>,
    /// Department that wrote it.
    pub department: String,
    /// Region of the organisation that wrote it.
    pub region: String,
    /// When the version was written, to the microsecond.
    pub at: DateTime<Utc>,
}

/// A version to be written; its author is an [`Author`].
#[derive(Clone, Debug)]
pub struct NewVersion {
    /// Identifier of the record.
    pub record: Uuid,
    /// Natural key of the record.
    pub reference: String,
    /// Digest of what the row holds besides the content; see [`Prover::beside_digest`].
    pub kept: Option<String>,
    /// Number, from 1.
    pub version: i32,
    /// `CREATED`, `UPDATED` or `WITHDRAWN`.
    pub action: &'static str,
    /// Content as JSON, sealed values sealed.
    pub content: String,
    /// Names of the fields that changed, as a JSON list.
    pub changed: String,
    /// Reason of a withdrawal; `None` otherwise.
    pub reason: Option<String>,
    /// Where the record lies now.
    pub site: RecordSite,
    /// Where it lay before; `None` when it is new.
    pub was: Option<RecordSite>,
}

/// Where a record lies. Together with its department, which never changes, this decides who may see
/// it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordSite {
    /// Region code, such as `140600`.
    pub region: String,
    /// Code of the key industry; `None` when the record has none.
    pub industry: Option<String>,
}

/// Who writes versions, of which family, and when.
#[derive(Clone, Copy, Debug)]
pub struct Author<'a> {
    pub(in crate::store) permit: &'a Permit,
    family: &'static Family,
    pub(in crate::store) request: &'a str,
    pub(in crate::store) at: DateTime<Utc>,
}

impl<'a> Author<'a> {
    /// Who writes versions of the permit's family in a request.
    #[must_use]
    pub const fn new(permit: &'a Permit, request: &'a str, at: DateTime<Utc>) -> Self {
        Self { permit, family: permit.family(), request, at }
    }

    /// Who writes versions of rows that moved with others, in the same request.
    #[must_use]
    pub const fn moving(permit: &ChildPermit<'a>, request: &'a str, at: DateTime<Utc>) -> Self {
        Self { permit: permit.parent(), family: permit.family(), request, at }
    }
}

/// Keyed digests of a version and of its event.
#[derive(Clone, Debug)]
pub(in crate::store) struct Proof {
    pub version: String,
    pub event: String,
}

impl Author<'_> {
    /// Computes the digests of a version and its event.
    pub(in crate::store) fn proof(&self, prover: &Prover, of: &NewVersion) -> Proof {
        let (subject, department, region) = (
            self.permit.subject(),
            self.permit.department().as_str(),
            self.permit.region().as_str(),
        );
        let version = prover.version(&VersionParts {
            family: self.family.name,
            record: of.record,
            version: of.version,
            action: of.action,
            content: &of.content,
            changed: &of.changed,
            reason: of.reason.as_deref(),
            author: [subject, department, region, self.request],
            at: self.at,
            reference: &of.reference,
            kept: of.kept.as_deref(),
        });
        let was = of.was.as_ref();
        let event = prover.event(&EventParts {
            family: self.family.name,
            record: of.record,
            version: of.version,
            kind: if of.action == "WITHDRAWN" { "WITHDRAWN" } else { "UPSERT" },
            at: self.at,
            places: [
                Some(of.site.region.as_str()),
                Some(department),
                of.site.industry.as_deref(),
                was.map(|was| was.region.as_str()),
                was.and_then(|was| was.industry.as_deref()),
            ],
        });
        Proof { version, event }
    }

    /// Adds what all versions of one request share, in the order of [`SHARED`].
    ///
    /// # Errors
    ///
    /// [`HubError::Internal`] when a text is too long for the database.
    pub(in crate::store) fn add_to(
        &self,
        arguments: &mut StatementParameters,
    ) -> Result<(), HubError> {
        let (subject, department, region) = (
            self.permit.subject(),
            self.permit.department().as_str(),
            self.permit.region().as_str(),
        );
        for text in [self.family.name, subject, department, region, self.request] {
            arguments.text(text)?;
        }
        arguments.instant(self.at)
    }
}

/// Columns that are the same for all versions of one request.
pub(in crate::store) const SHARED: &str =
    "family, subject, department, region_code, request_id, at";

/// Columns that a version has of its own, then those that its event has.
const LAYOUT: [(&str, Type); 13] = [
    ("record_id", Type::Id),
    ("version", Type::Int),
    ("action", Type::Text),
    ("content", Type::Text),
    ("changed", Type::Text),
    ("reason", Type::Text),
    ("region", Type::Text),
    ("industry", Type::Text),
    ("was_region", Type::Text),
    ("was_industry", Type::Text),
    ("kept", Type::Text),
    ("mac", Type::Text),
    ("event_mac", Type::Text),
];

/// Columns of an event.
pub(in crate::store) const EVENT: &str = "family, record_id, version, kind, at, region_code, department, key_industry, was_region, was_industry, mac";

/// The parameters of [`SHARED`], from a number on.
pub(in crate::store) fn shared(backend: DbBackend, first: usize) -> String {
    (first..first + 6).map(|number| placeholder(backend, number)).collect::<Vec<_>>().join(", ")
}

/// The statements that append versions and events: on PostgreSQL one for both.
fn append(backend: DbBackend, single: bool, events: bool) -> String {
    let rows = rows(backend, &LAYOUT, 1, single);
    let first = width(backend, &LAYOUT) + 1;
    let names = "record_id, version, action, content, changed, reason, kept, mac";
    let versions = |from: &str| {
        format!(
            "INSERT INTO record_versions ({names}, {SHARED}) SELECT {names}, {} FROM {from}",
            shared(backend, first)
        )
    };
    let [family, department, at] =
        [first, first + 2, first + 5].map(|number| placeholder(backend, number));
    // Readers see events in the order of transaction and position. A transaction gets its number
    // with its first lock; if it then waits for a row, a transaction with a higher number may have
    // changed that row. Its event would come before the one it follows. In that case it writes no
    // event, and the submission is tried again under a new number.
    let in_order = if backend == DbBackend::Postgres {
        " WHERE NOT EXISTS (SELECT 1 FROM x AS o JOIN change_events e ON e.record_id = o.record_id \
         WHERE o.version > 1 AND e.transaction_id > pg_current_xact_id()::text::bigint)"
    } else {
        ""
    };
    let tell = |from: &str| {
        format!(
            "INSERT INTO change_events ({EVENT}) SELECT {family}, record_id, version, \
             CASE WHEN action = 'WITHDRAWN' THEN 'WITHDRAWN' ELSE 'UPSERT' END, {at}, \
             region, {department}, industry, was_region, was_industry, event_mac FROM {from}{in_order}"
        )
    };
    if backend == DbBackend::Postgres {
        format!("WITH x AS (SELECT * FROM {rows}), v AS ({}) {}", versions("x"), tell("x"))
    } else if events {
        tell(&rows)
    } else {
        versions(&rows)
    }
}

impl Transaction {
    /// Appends versions and one change event for each, in order.
    ///
    /// # Errors
    ///
    /// [`HubError::Overtaken`] when a later transaction was faster; the submission is tried again.
    pub async fn append(
        &self,
        author: &Author<'_>,
        versions: &[NewVersion],
    ) -> Result<(), HubError> {
        if versions.is_empty() {
            return Ok(());
        }
        self.tells();
        let (backend, single) = (self.backend(), versions.len() == 1);
        let prover = self.proving()?;
        let proofs: Vec<Proof> =
            versions.iter().map(|version| author.proof(prover, version)).collect();
        let texts = |get: fn(&NewVersion) -> Option<&str>| {
            ColumnValues::Texts(versions.iter().map(get).collect())
        };
        let columns = [
            ColumnValues::Ids(versions.iter().map(|version| version.record).collect()),
            ColumnValues::Ints(versions.iter().map(|version| Some(version.version)).collect()),
            texts(|version| Some(version.action)),
            texts(|version| Some(&version.content)),
            texts(|version| Some(&version.changed)),
            texts(|version| version.reason.as_deref()),
            texts(|version| Some(&version.site.region)),
            texts(|version| version.site.industry.as_deref()),
            texts(|version| version.was.as_ref().map(|was| was.region.as_str())),
            texts(|version| version.was.as_ref()?.industry.as_deref()),
            texts(|version| version.kept.as_deref()),
            ColumnValues::Texts(proofs.iter().map(|proof| Some(proof.version.as_str())).collect()),
            ColumnValues::Texts(proofs.iter().map(|proof| Some(proof.event.as_str())).collect()),
        ];
        let verbs: &[&'static str] =
            if backend == DbBackend::Postgres { &["append"] } else { &["append", "tell"] };
        for verb in verbs {
            let sql = text(backend, "record_versions", verb, single, || {
                append(backend, single, *verb == "tell")
            });
            let mut arguments = StatementParameters::new(backend);
            arguments.rows(&columns, single)?;
            author.add_to(&mut arguments)?;
            if self.run_with(sql, arguments).await? != versions.len() as u64 {
                return Err(HubError::Overtaken(Race::Record));
            }
        }
        self.wrote(versions.len());
        Ok(())
    }

    /// Content of these versions of the author's department's records of the author's family, as
    /// JSON, and the digest of what their rows hold besides it.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn contents(
        &self,
        author: &Author<'_>,
        records: &[(Uuid, i32)],
    ) -> Result<Vec<(Uuid, String, Option<String>)>, HubError> {
        let family = author.family;
        let held = format!(
            "EXISTS (SELECT 1 FROM {} r WHERE r.id = v.record_id AND r.department = ?)",
            family.table
        );
        let mut contents = Vec::with_capacity(records.len());
        for chunk in records.chunks(200) {
            let marks = vec!["(v.record_id = ? AND v.version = ?)"; chunk.len()].join(" OR ");
            let sql = format!(
                "SELECT v.record_id, v.content, v.kept FROM record_versions v WHERE ({marks}) AND v.family = ? AND {held}"
            );
            let versions =
                chunk.iter().flat_map(|(id, version)| [Value::from(*id), Value::from(*version)]);
            let values = versions
                .chain([family.name.into(), author.permit.department().as_str().into()])
                .collect();
            for row in self.all(statement(self.backend(), &sql, values)).await? {
                contents.push((
                    row.try_get_by_index(0)?,
                    row.try_get_by_index(1)?,
                    row.try_get_by_index(2)?,
                ));
            }
        }
        Ok(contents)
    }
}
