//! The tables of the audit log.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{DbBackend, Statement, Value};

use crate::{
    error::{HubError, Race},
    store::{
        proof::{
            head::{COLUMNS as COLUMNS_OF_HEADS, ProofHead},
            prover::Prover,
        },
        sql::{
            columns::{ColumnValues, StatementParameters, Type, placeholder, rows},
            database::Database,
            statement::numbered,
            texts::text,
        },
    },
};

/// The parts of an entry that its link covers, as stored.
#[derive(Clone, Debug)]
pub struct Linked {
    /// Number, from 1, without gaps.
    pub seq: i64,
    /// When, to the microsecond.
    pub at: DateTime<Utc>,
    /// Subject, department, region, roles, purpose, ticket, operation, document hash, records
    /// shown, outcome, request.
    pub words: [String; 11],
    /// Versions and receipts that were written.
    pub written: [i64; 2],
}

/// Whose data an entry is about: records by family, department and region.
pub type Owners = BTreeMap<(String, String, String), i32>;

/// Name of the audit chain's row in the table `chains`.
pub const AUDIT: &str = "audit";

/// The end of the chain, and the number of the last entry written before the hub had a proving key.
#[derive(Clone, Debug)]
pub struct ChainEnd {
    /// Number and link of the last entry; number 0 when the log is empty.
    pub place: AuditPosition,
    /// Number of the last entry that has no keyed link; 0 when all have one.
    pub start: i64,
    /// How often the tables had moved when it was written.
    pub moved: i64,
}

impl ChainEnd {
    /// The row of `chains` that records this end, sealed with a keyed digest.
    fn head(&self, prover: &Prover) -> ProofHead {
        let AuditPosition { seq, hash } = &self.place;
        ProofHead {
            start: self.start,
            turn: self.moved,
            position: *seq,
            count: *seq,
            ..ProofHead::new(AUDIT, hash)
        }
        .sealed(prover)
    }
}

/// An entry by its place in the chain.
#[derive(Clone, Debug)]
pub struct AuditPosition {
    /// Sequence number of the entry, from 1.
    pub seq: i64,
    /// Link of the entry: the keyed digest over its parts and the link before it.
    pub hash: String,
}

/// An entry ready to be appended: its parts, the link before it, its own link, and the number of
/// records by family, department and region.
pub type ChainedEntry<'a> = (Linked, String, String, &'a Owners);

mod read;

pub use read::{AuditRow, Seen};

const COLUMNS: &str = "seq, at, subject, department, region_code, roles, purpose, ticket, operation, document_hash, shown, outcome, \
                       request_id, previous, hash, versions, receipts";

const ENTRIES: [(&str, Type); 17] = [
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
    ("versions", Type::BigInt),
    ("receipts", Type::BigInt),
];
const OWNERS: [(&str, Type); 5] = [
    ("seq", Type::BigInt),
    ("department", Type::Text),
    ("region_code", Type::Text),
    ("family", Type::Text),
    ("records", Type::Int),
];
/// Index of the ticket in [`Linked::words`]: stored as NULL when it is empty.
const TICKET: usize = 5;

fn insert_entries(backend: DbBackend) -> String {
    format!(
        "INSERT INTO audit_entries ({COLUMNS}) SELECT {COLUMNS} FROM {}",
        rows(backend, &ENTRIES, 1, false)
    )
}

fn insert_owners(backend: DbBackend, first: usize) -> String {
    let names = OWNERS.map(|(name, _)| name).join(", ");
    format!(
        "INSERT INTO audit_owners ({names}) SELECT {names} FROM {}",
        rows(backend, &OWNERS, first, false)
    )
}

/// Moves the head of the chain on if it is still where the caller read it. Parameters, from number
/// `first` on: number, moves of the tables, link and digest of the new head, number and link of the
/// old one.
fn advance(backend: DbBackend, first: usize) -> String {
    let [position, turn, head, mac, seq, hash] =
        [0, 1, 2, 3, 4, 5].map(|after| placeholder(backend, first + after));
    format!(
        "UPDATE chains SET position = {position}, count = {position}, turn = {turn}, head = {head}, mac = {mac} \
         WHERE name = '{AUDIT}' AND position = {seq} AND head = {hash}"
    )
}

/// The single statement that appends entries on PostgreSQL.
fn append() -> String {
    let backend = DbBackend::Postgres;
    let owners = insert_owners(backend, ENTRIES.len() + 1);
    let advance = advance(backend, ENTRIES.len() + OWNERS.len() + 1);
    let follows = "EXISTS (SELECT 1 FROM h)";
    let early = "(SELECT set_config('synchronous_commit', 'off', true)) = 'off'";
    format!(
        "WITH h AS ({advance} RETURNING 1), o AS ({owners} WHERE {follows}) {} WHERE {follows} AND {early}",
        insert_entries(backend)
    )
}

/// The parameter with number `at` if the entry with the number and link in the two parameters from
/// `entry` on exists, else NULL. A write that depends on that entry puts this in a column that must
/// not be NULL.
pub(super) fn begun(backend: DbBackend, at: usize, entry: usize) -> String {
    let [at, seq, hash] = [at, entry, entry + 1].map(|number| placeholder(backend, number));
    format!("(SELECT {at} FROM audit_entries WHERE seq = {seq} AND hash = {hash})")
}

fn entry_columns<'a>(links: &'a [ChainedEntry<'_>]) -> Vec<ColumnValues<'a>> {
    let mut columns = vec![
        ColumnValues::BigInts(links.iter().map(|(parts, ..)| Some(parts.seq)).collect()),
        ColumnValues::Instants(links.iter().map(|(parts, ..)| Some(parts.at)).collect()),
    ];
    for index in 0..11 {
        let word = |link: &'a ChainedEntry<'_>| {
            link.0
                .words
                .get(index)
                .map(String::as_str)
                .filter(|word| index != TICKET || !word.is_empty())
        };
        columns.push(ColumnValues::Texts(links.iter().map(word).collect()));
    }
    columns.push(ColumnValues::Texts(
        links.iter().map(|(_, previous, ..)| Some(previous.as_str())).collect(),
    ));
    columns.push(ColumnValues::Texts(
        links.iter().map(|(_, _, hash, _)| Some(hash.as_str())).collect(),
    ));
    for index in 0..2 {
        columns.push(ColumnValues::BigInts(
            links.iter().map(|(parts, ..)| parts.written.get(index).copied()).collect(),
        ));
    }
    columns
}

fn owner_columns<'a>(links: &'a [ChainedEntry<'_>]) -> [ColumnValues<'a>; 5] {
    let all = || {
        links.iter().flat_map(|(parts, _, _, about)| {
            about.iter().map(|(whose, count)| (parts.seq, whose, *count))
        })
    };
    [
        ColumnValues::BigInts(all().map(|(seq, ..)| Some(seq)).collect()),
        ColumnValues::Texts(
            all().map(|(_, (_, department, _), _)| Some(department.as_str())).collect(),
        ),
        ColumnValues::Texts(all().map(|(_, (_, _, region), _)| Some(region.as_str())).collect()),
        ColumnValues::Texts(all().map(|(_, (family, ..), _)| Some(family.as_str())).collect()),
        ColumnValues::Ints(all().map(|(.., count)| Some(count)).collect()),
    ]
}

impl Database {
    fn audit_statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.backend(), numbered(self.backend(), sql), values)
    }

    /// Reads the end of the chain from its head; `first` is the link before the first entry. If the
    /// head was altered or removed, one number is skipped for good: the log continues, and the gap
    /// shows that somebody interfered.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn audit_end(&self, first: &str) -> Result<ChainEnd, HubError> {
        let prover = self.proving()?;
        let kept = self.audit_statement(
            &format!("SELECT {COLUMNS_OF_HEADS} FROM chains WHERE name = '{AUDIT}'"),
            Vec::new(),
        );
        let head = self.one_for_audit(kept).await?.as_ref().map(ProofHead::read).transpose()?;
        if let Some(head) = head.as_ref().filter(|head| head.holds(prover)) {
            prover.note_moved(head.turn);
            return Ok(ChainEnd {
                place: AuditPosition { seq: head.position, hash: head.head.clone() },
                start: head.start,
                moved: head.turn,
            });
        }
        let sql = "SELECT seq, hash FROM audit_entries ORDER BY seq DESC LIMIT 1";
        let last = match self.one_for_audit(self.audit_statement(sql, Vec::new())).await? {
            Some(row) => {
                AuditPosition { seq: row.try_get_by_index(0)?, hash: row.try_get_by_index(1)? }
            }
            None => AuditPosition { seq: 0, hash: first.to_owned() },
        };
        let broken = head.is_some() || last.seq > 0;
        let seq = last.seq.max(head.as_ref().map_or(0, |head| head.position)) + i64::from(broken);
        let end = ChainEnd {
            place: AuditPosition { seq, hash: last.hash },
            start: head.as_ref().map_or(0, |head| head.start),
            moved: prover.moved(),
        };
        if broken {
            tracing::error!(
                seq,
                "the head of the audit log was changed by somebody else: a number is left out"
            );
        }
        let sql = format!(
            "INSERT INTO chains ({COLUMNS_OF_HEADS}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET start = excluded.start, \
             turn = excluded.turn, position = excluded.position, count = excluded.count, head = excluded.head, mac = excluded.mac \
             WHERE chains.mac = ?"
        );
        // Only the head that was seen gives way: another hub may have begun the chain meanwhile.
        let seen = head.map_or_else(String::new, |head| head.mac);
        let values = end.head(prover).values().into_iter().chain([seen.into()]).collect();
        self.run_for_log(self.audit_statement(&sql, values)).await?;
        Ok(end)
    }

    /// Appends linked entries in one transaction, if the chain still ends there. They are durable
    /// after [`Database::audit_flush`].
    ///
    /// PostgreSQL does not wait for the disk here. Its log is written in order, so whatever another
    /// transaction commits after having seen an entry cannot be durable without it; see `begun`. An
    /// entry that a crash took away is missed by the next one, as that asks for the one before.
    ///
    /// # Errors
    ///
    /// [`HubError::Overtaken`] when the chain ends elsewhere: another hub appended meanwhile.
    pub async fn audit_append(
        &self,
        end: &ChainEnd,
        links: &[ChainedEntry<'_>],
    ) -> Result<(), HubError> {
        let taken = |error: HubError| {
            let unique = error
                .cause()
                .and_then(|cause| cause.downcast_ref::<sea_orm::DbErr>())
                .is_some_and(|cause| {
                    matches!(cause.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_)))
                });
            if unique { HubError::Overtaken(Race::Log) } else { error }
        };
        let backend = self.backend();
        let (entries, owners) = (entry_columns(links), owner_columns(links));
        let last = links
            .last()
            .map(|(parts, _, hash, _)| AuditPosition { seq: parts.seq, hash: hash.clone() });
        let last = last.unwrap_or_else(|| end.place.clone());
        let prover = self.proving()?;
        // Tables move before the entry that tells of it, if at all; what another hub moved is told
        // by its own entries.
        let moved = end.moved.max(prover.moved());
        let new = ChainEnd { place: last, start: end.start, moved }.head(prover);
        let advanced = |arguments: &mut StatementParameters| {
            arguments.number(new.position)?;
            arguments.number(new.turn)?;
            arguments.text(&new.head)?;
            arguments.text(&new.mac)?;
            arguments.number(end.place.seq)?;
            arguments.text(&end.place.hash)
        };
        if backend == DbBackend::Postgres {
            let sql = text(backend, "audit_entries", "append", false, append);
            let mut arguments = StatementParameters::new(backend);
            arguments.rows(&entries, false)?;
            arguments.rows(&owners, false)?;
            advanced(&mut arguments)?;
            let appended = self.run_for_audit(sql, arguments).await.map_err(taken)?;
            return if appended == links.len() as u64 {
                Ok(())
            } else {
                Err(HubError::Overtaken(Race::Log))
            };
        }
        let transaction = self.begin().await?;
        let appended = async {
            let mut arguments = StatementParameters::new(backend);
            advanced(&mut arguments)?;
            if transaction.run_with(advance(backend, 1).into(), arguments).await? == 0 {
                return Err(HubError::Overtaken(Race::Log));
            }
            for (sql, columns) in
                [(insert_entries(backend), &entries[..]), (insert_owners(backend, 1), &owners[..])]
            {
                let mut arguments = StatementParameters::new(backend);
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

    /// Waits until an entry and all entries before it are durable. SQLite waits for the disk at
    /// each commit, so there is nothing to do; PostgreSQL commits a small message after the entry,
    /// provided that the entry is still there.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when the entry was lost in a crash.
    pub async fn audit_flush(&self, entry: &AuditPosition) -> Result<(), HubError> {
        let backend = self.backend();
        if backend != DbBackend::Postgres {
            return Ok(());
        }
        let sql = text(backend, "audit_entries", "flush", true, || {
            "SELECT pg_logical_emit_message(true, 'lianfang', '') FROM audit_entries WHERE seq = $1 AND hash = $2".to_owned()
        });
        let mut arguments = StatementParameters::new(backend);
        arguments.number(entry.seq)?;
        arguments.text(&entry.hash)?;
        match self.run_for_audit(sql, arguments).await? {
            0 => Err(HubError::Unavailable("audit entries are gone".into())),
            _ => Ok(()),
        }
    }
}
