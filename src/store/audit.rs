//! The tables of the audit log.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{DbBackend, QueryResult, Statement, Value};

use crate::{
    domain::region::RegionCode,
    error::{HubError, Text},
    store::{
        columns::{Arguments, Column, Type, mark, rows},
        database::Database,
        reference::numbered,
        texts::text,
    },
};

/// The parts of an entry that are linked, as kept.
#[derive(Clone, Debug)]
pub struct Linked {
    /// Number, from 1, without gaps.
    pub seq: i64,
    /// When, to the microsecond.
    pub at: DateTime<Utc>,
    /// Subject, department, region, roles, purpose, ticket, operation, document hash, records shown, outcome, request.
    pub words: [String; 11],
}

/// An entry by its place in the chain.
#[derive(Clone, Debug)]
pub struct Place {
    /// Number.
    pub seq: i64,
    /// Its link.
    pub hash: String,
}

/// An entry as kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Linked parts.
    pub parts: Linked,
    /// Link before.
    pub previous: String,
    /// Link.
    pub hash: String,
}

/// Which entries are seen.
#[derive(Clone, Copy, Debug)]
pub enum Seen<'a> {
    /// All.
    All,
    /// Those about records held by a department in a region or below, and those that asked about them without showing any.
    About {
        /// Department that holds the records.
        department: &'a str,
        /// Region.
        region: &'a RegionCode,
    },
}

/// Condition on owners: a department's records in a region or below, or a question about those of a region it lies in.
const ABOUT: &str = "department = ? AND (region_code LIKE ? OR (records = 0 AND region_code IN ('', ?, ?)))";

fn about(department: &str, region: &RegionCode) -> [Value; 4] {
    let city = region.city().unwrap_or_else(|| region.province());
    [department.into(), format!("{}%", region.prefix()).into(), city.as_str().into(), region.province().as_str().into()]
}

/// A linked entry with its links and owners: parts, link before, link, records by (family, department, region).
pub type Link<'a> = (Linked, String, String, &'a BTreeMap<(String, String, String), i32>);

const COLUMNS: &str = "seq, at, subject, department, region_code, roles, purpose, ticket, operation, document_hash, shown, outcome, \
                       request_id, previous, hash";

const ENTRIES: [(&str, Type); 15] = [
    ("seq", Type::BigInt),
    ("at", Type::Instant),
    ("subject", Type::Text),
    ("department", Type::Text),
    ("region_code", Type::Text),
    ("roles", Type::Text),
    ("purpose", Type::Text),
    ("ticket", Type::Text),
    ("operation", Type::Text),
    ("document_hash", Type::Text),
    ("shown", Type::Text),
    ("outcome", Type::Text),
    ("request_id", Type::Text),
    ("previous", Type::Text),
    ("hash", Type::Text),
];
const OWNERS: [(&str, Type); 5] = [
    ("seq", Type::BigInt),
    ("department", Type::Text),
    ("region_code", Type::Text),
    ("family", Type::Text),
    ("records", Type::Int),
];
/// Place of the ticket among the words of an entry: nothing is kept where there is none.
const TICKET: usize = 5;

fn insert_entries(backend: DbBackend) -> String {
    format!("INSERT INTO audit_entries ({COLUMNS}) SELECT {COLUMNS} FROM {}", rows(backend, &ENTRIES, 1, false))
}

fn insert_owners(backend: DbBackend, first: usize) -> String {
    let names = OWNERS.map(|(name, _)| name).join(", ");
    format!("INSERT INTO audit_owners ({names}) SELECT {names} FROM {}", rows(backend, &OWNERS, first, false))
}

/// The one statement of PostgreSQL.
fn append() -> String {
    let backend = DbBackend::Postgres;
    let owners = insert_owners(backend, ENTRIES.len() + 1);
    let [seq, hash] = [1, 2].map(|after| mark(backend, ENTRIES.len() + OWNERS.len() + after));
    let follows = format!("({seq} = 0 OR EXISTS (SELECT 1 FROM audit_entries WHERE seq = {seq} AND hash = {hash}))");
    let early = "(SELECT set_config('synchronous_commit', 'off', true)) = 'off'";
    format!("WITH o AS ({owners} WHERE {follows}) {} WHERE {follows} AND {early}", insert_entries(backend))
}

/// The parameter with number `at`, if the entry with the number and link of the parameters after it is there; else nothing.
/// What must not be written without that entry takes this for a value it must have.
pub(super) fn begun(backend: DbBackend, at: usize, entry: usize) -> String {
    let [at, seq, hash] = [at, entry, entry + 1].map(|number| mark(backend, number));
    format!("(SELECT {at} FROM audit_entries WHERE seq = {seq} AND hash = {hash})")
}

fn entry_columns<'a>(links: &'a [Link<'_>]) -> Vec<Column<'a>> {
    let mut columns = vec![
        Column::BigInts(links.iter().map(|(parts, ..)| Some(parts.seq)).collect()),
        Column::Instants(links.iter().map(|(parts, ..)| Some(parts.at)).collect()),
    ];
    for index in 0..11 {
        let word =
            |link: &'a Link<'_>| link.0.words.get(index).map(String::as_str).filter(|word| index != TICKET || !word.is_empty());
        columns.push(Column::Texts(links.iter().map(word).collect()));
    }
    columns.push(Column::Texts(links.iter().map(|(_, previous, ..)| Some(previous.as_str())).collect()));
    columns.push(Column::Texts(links.iter().map(|(_, _, hash, _)| Some(hash.as_str())).collect()));
    columns
}

fn owner_columns<'a>(links: &'a [Link<'_>]) -> [Column<'a>; 5] {
    let all = || links.iter().flat_map(|(parts, _, _, about)| about.iter().map(|(whose, count)| (parts.seq, whose, *count)));
    [
        Column::BigInts(all().map(|(seq, ..)| Some(seq)).collect()),
        Column::Texts(all().map(|(_, (_, department, _), _)| Some(department.as_str())).collect()),
        Column::Texts(all().map(|(_, (_, _, region), _)| Some(region.as_str())).collect()),
        Column::Texts(all().map(|(_, (family, ..), _)| Some(family.as_str())).collect()),
        Column::Ints(all().map(|(.., count)| Some(count)).collect()),
    ]
}

impl Database {
    fn audit_statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.backend(), numbered(self.backend(), sql), values)
    }

    /// End of the chain; `None` before the first entry.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn audit_end(&self) -> Result<Option<Place>, HubError> {
        let sql = "SELECT seq, hash FROM audit_entries ORDER BY seq DESC LIMIT 1";
        let Some(row) = self.one_for_audit(self.audit_statement(sql, Vec::new())).await? else { return Ok(None) };
        Ok(Some(Place { seq: row.try_get_by_index(0)?, hash: row.try_get_by_index(1)? }))
    }

    /// Appends linked entries in one transaction, if the entry before the first is there. Nothing is there before number 1.
    /// They are durable after [`Database::audit_flush`].
    ///
    /// PostgreSQL does not wait for the disk here. Its log is written in order, so whatever another transaction commits after
    /// having seen an entry cannot be durable without it; see `begun`. An entry that a crash took away is missed by the next
    /// one, as that asks for the one before.
    ///
    /// # Errors
    ///
    /// [`HubError::Conflict`] when the chain ends elsewhere: another hub appended meanwhile.
    pub async fn audit_append(&self, links: &[Link<'_>]) -> Result<(), HubError> {
        let taken = |error: HubError| {
            let unique = error
                .cause()
                .and_then(|cause| cause.downcast_ref::<sea_orm::DbErr>())
                .is_some_and(|cause| matches!(cause.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))));
            if unique { HubError::Conflict(Text::new("", "")) } else { error }
        };
        let backend = self.backend();
        let (entries, owners) = (entry_columns(links), owner_columns(links));
        if backend == DbBackend::Postgres {
            let sql = text(backend, "audit_entries", "append", false, append);
            let mut arguments = Arguments::new(backend);
            arguments.rows(&entries, false)?;
            arguments.rows(&owners, false)?;
            let (first, previous) = links.first().map_or((1, ""), |(parts, previous, ..)| (parts.seq, previous.as_str()));
            arguments.number(first - 1)?;
            arguments.text(previous)?;
            let appended = self.run_for_audit(sql, arguments).await.map_err(taken)?;
            return if appended == links.len() as u64 { Ok(()) } else { Err(HubError::Conflict(Text::new("", ""))) };
        }
        let transaction = self.begin().await?;
        let appended = async {
            for (sql, columns) in [(insert_entries(backend), &entries[..]), (insert_owners(backend, 1), &owners[..])] {
                let mut arguments = Arguments::new(backend);
                arguments.rows(columns, false)?;
                transaction.run_with(sql.into(), arguments).await?;
            }
            Ok(())
        };
        match appended.await {
            Ok(()) => transaction.commit().await,
            Err(error) => {
                transaction.rollback().await;
                Err(taken(error))
            }
        }
    }

    /// Waits until an entry, and with it all before it, is durable. SQLite waits for the disk at each commit, so there is
    /// nothing left to wait for; PostgreSQL is given something to commit after the entry, if that is still there.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when a crash took the entry away.
    pub async fn audit_flush(&self, entry: &Place) -> Result<(), HubError> {
        let backend = self.backend();
        if backend != DbBackend::Postgres {
            return Ok(());
        }
        let sql = text(backend, "audit_entries", "flush", true, || {
            "SELECT pg_logical_emit_message(true, 'lianfang', '') FROM audit_entries WHERE seq = $1 AND hash = $2".to_owned()
        });
        let mut arguments = Arguments::new(backend);
        arguments.number(entry.seq)?;
        arguments.text(&entry.hash)?;
        match self.run_for_audit(sql, arguments).await? {
            0 => Err(HubError::Unavailable("audit entries are gone".into())),
            _ => Ok(()),
        }
    }

    /// How many records of an organisation each of these entries is about, by entry and family.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn audit_owned(
        &self,
        entries: (i64, i64),
        department: &str,
        region: &RegionCode,
    ) -> Result<BTreeMap<i64, BTreeMap<String, i64>>, HubError> {
        let sql = format!(
            "SELECT seq, family, CAST(SUM(records) AS BIGINT) FROM audit_owners WHERE seq BETWEEN ? AND ? AND {ABOUT} \
             GROUP BY seq, family"
        );
        let values: Vec<Value> = [entries.0.into(), entries.1.into()].into_iter().chain(about(department, region)).collect();
        let mut owned: BTreeMap<i64, BTreeMap<String, i64>> = BTreeMap::new();
        for row in self.all(self.audit_statement(&sql, values)).await? {
            owned.entry(row.try_get_by_index(0)?).or_default().insert(row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        }
        Ok(owned)
    }

    /// Entries after a number, oldest first.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn audit_entries(&self, seen: &Seen<'_>, after: i64, first: u64) -> Result<Vec<Kept>, HubError> {
        let mut values: Vec<Value> = vec![after.into()];
        let about = match seen {
            Seen::All => String::new(),
            Seen::About { department, region } => {
                values.extend(about(department, region));
                format!(" AND seq IN (SELECT seq FROM audit_owners WHERE {ABOUT})")
            }
        };
        let first = i64::try_from(first).unwrap_or(i64::MAX);
        let sql = format!("SELECT {COLUMNS} FROM audit_entries WHERE seq > ?{about} ORDER BY seq LIMIT {first}");
        self.all(self.audit_statement(&sql, values)).await?.iter().map(kept).collect()
    }
}

fn kept(row: &QueryResult) -> Result<Kept, HubError> {
    let text = |index: usize| row.try_get_by_index::<Option<String>>(index).map(Option::unwrap_or_default);
    let at: DateTime<Utc> = row.try_get_by_index(1)?;
    Ok(Kept {
        parts: Linked {
            seq: row.try_get_by_index(0)?,
            at,
            words: [
                text(2)?,
                text(3)?,
                text(4)?,
                text(5)?,
                text(6)?,
                text(7)?,
                text(8)?,
                text(9)?,
                text(10)?,
                text(11)?,
                text(12)?,
            ],
        },
        previous: text(13)?,
        hash: text(14)?,
    })
}
