//! The values of every row against its newest version and, with the keys, against the fingerprint
//! and the keyed hashes that were computed when they were handed in.

use chrono::{DateTime, Utc};
use entity::catalogue::{Family, Field, Kind};
use sea_orm::{QueryResult, Statement};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    error::HubError,
    store::{
        proof::prover::Prover,
        records::{
            computed,
            content::{RecordContent, encoded},
            natural_key::number_of,
            write,
        },
        seal::{Bond, Seal},
        sql::{cell::Cell, database::Database, statement::numbered},
        verify::{Check, finite, raw, shown_id},
    },
};

/// Rows read at a time.
const STEP: usize = 500;

/// What stands before the values in a row of the result.
const HEAD: [&str; 14] = [
    "r.id",
    "r.withdrawn_at",
    "r.fingerprint",
    "v.content",
    "r.ref",
    "r.department",
    "r.source_system",
    "r.findings",
    "r.created_at",
    "r.updated_at",
    "v.action",
    "v.at",
    "v.kept",
    "r.record_key",
];

/// The checks of a family; the second only with keys.
pub(super) async fn family(
    database: &Database,
    family: &'static Family,
    seal: Option<&Seal>,
) -> Result<Vec<Check>, HubError> {
    let backend = database.backend();
    let check = |what: &str| Check::new(&format!("{}: {what}", family.name));
    let mut same = check("its values are those of its newest version");
    let mut stands =
        check("it stands as its versions say: key, department, times, findings, links");
    let mut computed = check("what is sealed opens, fingerprint and hashes fit the values");
    let prover = database.prover();
    let first = format!(
        "(SELECT {} FROM record_versions f WHERE f.record_id = r.id AND f.version = 1)",
        finite(backend, "f.at")
    );
    let timed = |name: &str| name.ends_with("_at") || name == "v.at";
    let head = HEAD
        .into_iter()
        .map(|name| if timed(name) { finite(backend, name) } else { name.to_owned() })
        .chain([first]);
    let field = |field: &Field| {
        let name = format!("r.\"{}\"", field.column);
        if !field.sealed && matches!(field.kind, Kind::Date | Kind::DateTime) {
            finite(backend, &name)
        } else {
            name
        }
    };
    let beside = family.fields.iter().filter_map(write::beside).map(|name| format!("r.\"{name}\""));
    let columns =
        head.chain(family.fields.iter().map(field)).chain(beside).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "SELECT {columns} FROM {} r JOIN record_versions v ON v.record_id = r.id AND v.version = r.version \
         WHERE r.id > ? ORDER BY r.id LIMIT {STEP}",
        family.table
    );
    let mut after = sea_orm::Value::from(Uuid::nil());
    loop {
        let statement =
            Statement::from_sql_and_values(backend, numbered(backend, &sql), vec![after.clone()]);
        let rows = same
            .read(database.all(statement).await, || format!("{} or record_versions", family.table))?
            .unwrap_or_default();
        for result in &rows {
            if let Some(id) =
                result.try_get_by_index::<Uuid>(0).map(Into::into).ok().or_else(|| raw(result, 0))
            {
                after = id;
            }
            let read = same.read(CheckedRow::read(family, result), || {
                format!("{} {} or its version", family.table, shown_id(result, 0))
            })?;
            let Some(row) = read else { continue };
            let found = |check: &mut Check, fits: bool| {
                check.looked += 1;
                if !fits {
                    check.fault(format!("{} {}", family.table, row.id));
                }
            };
            found(&mut same, row.is_newest_version(seal));
            found(&mut stands, row.stands.holds(&row, prover));
            if let Some(seal) = seal {
                found(&mut computed, row.is_computed(seal));
            }
        }
        if rows.len() < STEP {
            let with_keys = seal.map(|_| computed);
            return Ok([same, stands].into_iter().chain(with_keys).collect());
        }
    }
}

/// What a row says of itself beside its fields, with what its versions say.
struct Stands {
    reference: String,
    department: String,
    source_system: String,
    findings: Option<String>,
    created: DateTime<Utc>,
    updated: DateTime<Utc>,
    withdrawn: Option<DateTime<Utc>>,
    action: String,
    at: DateTime<Utc>,
    kept: Option<String>,
    record_key: Option<i32>,
    began: Option<DateTime<Utc>>,
}

impl Stands {
    fn read(result: &QueryResult) -> Result<Self, HubError> {
        Ok(Self {
            withdrawn: result.try_get_by_index(1)?,
            reference: result.try_get_by_index(4)?,
            department: result.try_get_by_index(5)?,
            source_system: result.try_get_by_index(6)?,
            findings: result.try_get_by_index(7)?,
            created: result.try_get_by_index(8)?,
            updated: result.try_get_by_index(9)?,
            action: result.try_get_by_index(10)?,
            at: result.try_get_by_index(11)?,
            kept: result.try_get_by_index(12)?,
            record_key: result.try_get_by_index(13)?,
            began: result.try_get_by_index(14)?,
        })
    }

    /// The natural key holds department, source system and the number there; times are those of
    /// versions.
    fn holds(&self, row: &CheckedRow, prover: Option<&Prover>) -> bool {
        let number = row
            .fields()
            .find(|(field, _)| Some(*field) == row.family.key_field())
            .and_then(|(_, cell)| cell.as_text());
        let number =
            format!("{}|{}|{}", self.department, self.source_system, number.unwrap_or_default());
        // A mark behind it keeps it apart from another organisation's.
        let reference = number_of(&self.reference) == number;
        let withdrawn = (self.action == "WITHDRAWN").then_some(self.at);
        // What is withdrawn moves with the record it takes its place from, without a version.
        let moved = row.withdrawn
            && row.family.fields.get(row.family.region).is_some_and(|field| field.derived);
        // When it moved is told by the record it belongs to, see `counted`: who began earlier may
        // have committed later.
        let updated = self.updated == self.at || moved;
        let kept = prover.is_none_or(|prover| {
            let beside = prover.beside_digest(
                row.family,
                (&row.fingerprint, self.findings.as_deref()),
                &row.cells,
                &row.beside,
            );
            self.kept == Some(beside)
        });
        reference
            && self.began == Some(self.created)
            && updated
            && self.withdrawn == withdrawn
            && kept
    }
}

/// A row with its newest version.
struct CheckedRow {
    family: &'static Family,
    id: Uuid,
    withdrawn: bool,
    fingerprint: String,
    stands: Stands,
    content: Option<RecordContent>,
    cells: Vec<Cell>,
    beside: Vec<Option<String>>,
}

impl CheckedRow {
    fn read(family: &'static Family, result: &QueryResult) -> Result<Self, HubError> {
        let (id, content): (Uuid, String) =
            (result.try_get_by_index(0)?, result.try_get_by_index(3)?);
        let mut index = HEAD.len() + 1;
        let mut cells = Vec::with_capacity(family.fields.len());
        for field in family.fields {
            cells.push(Cell::read(field, result, index)?);
            index += 1;
        }
        let mut beside = Vec::with_capacity(family.fields.len());
        for field in family.fields {
            let kept = write::beside(field).is_some();
            beside.push(if kept { result.try_get_by_index(index)? } else { None });
            index += usize::from(kept);
        }
        Ok(Self {
            family,
            id,
            withdrawn: result.try_get_by_index::<Option<DateTime<Utc>>>(1)?.is_some(),
            stands: Stands::read(result)?,
            fingerprint: result.try_get_by_index(2)?,
            content: RecordContent::read(family, id, &content).ok(),
            cells,
            beside,
        })
    }

    fn fields(&self) -> impl Iterator<Item = (&'static Field, &Cell)> {
        self.family.fields.iter().zip(&self.cells)
    }

    /// What is withdrawn moves with the record it takes its place from, without a version.
    fn may_have_moved(&self, field: &Field) -> bool {
        let place = [Some(self.family.region_column()), self.family.industry_column()];
        self.withdrawn && field.derived && place.contains(&Some(field.column))
    }

    fn is_newest_version(&self, seal: Option<&Seal>) -> bool {
        let Some(content) = &self.content else { return false };
        let known = |name: &String| {
            self.family.fields.iter().any(|field| field.kept == name && !field.hidden)
        };
        content.values.keys().all(known)
            && self.fields().filter(|(field, _)| !field.hidden && !self.may_have_moved(field)).all(
                |(field, cell)| {
                    let said = content.values.get(field.kept).unwrap_or(&Value::Null);
                    match (cell, said) {
                        (Cell::Sealed(bytes), Value::String(text)) => {
                            self.same_sealed(seal, (content, field), bytes, text)
                        }
                        (Cell::Sealed(_), _) => false,
                        _ => cell.json(field.kind) == *said,
                    }
                },
            )
    }

    /// Sealed again since, the same value looks otherwise, and only the keys can tell.
    fn same_sealed(
        &self,
        seal: Option<&Seal>,
        (content, field): (&RecordContent, &Field),
        bytes: &[u8],
        said: &str,
    ) -> bool {
        let Some(seal) = seal.filter(|_| encoded(bytes) != said) else { return true };
        let own = seal.open(&self.bond().place(self.family.table, field.column), bytes);
        let said = content.clear(seal, &self.stands.department, field);
        matches!((own, said), (Ok(own), Ok(Value::String(said))) if own == said)
    }

    /// What its sealed values are bound to.
    fn bond(&self) -> Bond<'_> {
        let text = |index: usize| self.cells.get(index).and_then(Cell::as_text);
        Bond {
            record: self.id,
            department: &self.stands.department,
            region: text(self.family.region).unwrap_or_default(),
            industry: self.family.industry.and_then(text),
        }
    }

    /// The values in the clear; nothing when one does not open.
    fn clear(&self, seal: &Seal) -> Option<Vec<Cell>> {
        let open = |(field, cell): (&Field, &Cell)| match cell {
            Cell::Sealed(bytes) => {
                let text =
                    seal.open(&self.bond().place(self.family.table, field.column), bytes).ok()?;
                Some(Cell::parse(field.kind, &text))
            }
            other => Some(other.clone()),
        };
        self.fields().map(open).collect()
    }

    fn is_computed(&self, seal: &Seal) -> bool {
        let Some(clear) = self.clear(seal) else { return false };
        let person_key = computed::person_key(seal, self.family, &clear);
        let fits = |((field, cell), kept): ((&Field, &Cell), &Option<String>)| {
            let text = cell.text(field.kind);
            write::beside(field).is_none()
                || *kept == computed::beside(seal, field, text.as_deref(), person_key.as_deref())
        };
        // A record without one is given it at the next start.
        let key = self
            .stands
            .record_key
            .is_none_or(|key| key == seal.record_key(self.family.table, &self.stands.reference));
        // That of a content in an earlier form was made of the values of that form.
        let earlier = self.content.as_ref().is_some_and(|content| content.renewed);
        key && (earlier || self.fingerprint == computed::fingerprint(seal, self.family, &clear))
            && self.family.fields.iter().zip(&clear).zip(&self.beside).all(fits)
    }
}
