//! Tables whose rows each have a keyed digest, with their keys.

use sea_orm::DbBackend;
use uuid::Uuid;

/// Separates the parts of a row's key in `row_proofs`.
const BETWEEN: char = '\u{1f}';
/// Type of a column of a key.
#[derive(Clone, Copy, Debug)]
pub enum KeyType {
    /// Text, used as it is.
    Text,
    /// Whole number, written in decimal.
    Int,
    /// Identifier; SQLite stores it as 16 bytes, PostgreSQL as `uuid`.
    Id,
}

/// A table whose rows each have a keyed digest, with its primary key.
#[derive(Clone, Copy, Debug)]
pub struct Witnessed {
    /// Name of the table in the database.
    pub table: &'static str,
    /// Columns of its key, in order.
    pub key: &'static [(&'static str, KeyType)],
}

const fn of(table: &'static str, key: &'static [(&'static str, KeyType)]) -> Witnessed {
    Witnessed { table, key }
}

/// All such tables, ordered by name.
pub const WITNESSED: [Witnessed; 19] = [
    of("accounts", &[("id", KeyType::Id)]),
    of("correction_steps", &[("correction_id", KeyType::Id), ("version", KeyType::Int)]),
    of("exchange_answers", &[("job_id", KeyType::Id), ("number", KeyType::Int)]),
    of("exchange_jobs", &[("id", KeyType::Id)]),
    of(
        "exchange_profiles",
        &[("department", KeyType::Text), ("region_code", KeyType::Text), ("name", KeyType::Text)],
    ),
    of("exports", &[("id", KeyType::Id)]),
    of("feed_cut", &[("one", KeyType::Int)]),
    of("lead_events", &[("lead_id", KeyType::Id), ("version", KeyType::Int)]),
    of(
        "lead_overlaps",
        &[("pair", KeyType::Text), ("region_code", KeyType::Text), ("year", KeyType::Int)],
    ),
    of("lead_records", &[("lead_id", KeyType::Id), ("position", KeyType::Int)]),
    of("lead_runs", &[("id", KeyType::Id)]),
    of("leads", &[("id", KeyType::Id)]),
    of("meeting_materials", &[("id", KeyType::Id)]),
    of("meeting_parts", &[("materials_id", KeyType::Id), ("department", KeyType::Text)]),
    of("meeting_resolutions", &[("id", KeyType::Id)]),
    of("meeting_returns", &[("id", KeyType::Id)]),
    of("meetings", &[("id", KeyType::Id)]),
    of("task_reports", &[("id", KeyType::Id)]),
    of("token_revocations", &[("number", KeyType::Int)]),
];

/// The table that a statement writes to, if it is one of them.
pub(in crate::store) fn written(sql: &str) -> Option<&'static Witnessed> {
    let mut words = sql.split([' ', '(', '\n']).filter(|word| !word.is_empty());
    let table = match words.next()? {
        "INSERT" | "DELETE" => words.nth(1)?,
        "UPDATE" => words.next()?,
        _ => return None,
    };
    WITNESSED.iter().find(|own| own.table == table.trim_matches('"'))
}

impl Witnessed {
    /// The key of a row as text, in SQL.
    pub(super) fn text(self, backend: DbBackend, row: &str) -> String {
        let part = |(name, of): &(&str, KeyType)| match (of, backend) {
            (KeyType::Text, _) => format!("{row}.\"{name}\""),
            (KeyType::Id, DbBackend::Sqlite) => format!("lower(hex({row}.\"{name}\"))"),
            _ => format!("CAST({row}.\"{name}\" AS TEXT)"),
        };
        let between =
            if backend == DbBackend::Postgres { " || chr(31) || " } else { " || char(31) || " };
        self.key.iter().map(part).collect::<Vec<_>>().join(between)
    }

    /// The row with a key, in SQL; its parts are parameters.
    pub(in crate::store) fn is(self, backend: DbBackend) -> String {
        let part = |(name, of): &(&str, KeyType)| match (of, backend) {
            (KeyType::Text, _) => format!("\"{name}\" = ?"),
            (KeyType::Id, DbBackend::Sqlite) => format!("\"{name}\" = unhex(?)"),
            (KeyType::Id, _) => format!("\"{name}\" = CAST(? AS uuid)"),
            // As text: a value written by hand need not be a number.
            (KeyType::Int, _) => format!("CAST(\"{name}\" AS TEXT) = ?"),
        };
        format!("({})", self.key.iter().map(part).collect::<Vec<_>>().join(" AND "))
    }

    /// The parts of a stored key; `None` for a text written by somebody else that is no key.
    pub(in crate::store) fn parts(self, key: &str) -> Option<Vec<&str>> {
        let parts: Vec<&str> = key.split(BETWEEN).collect();
        let fits = |(part, (_, of)): (&&str, &(&str, KeyType))| {
            !matches!(of, KeyType::Id) || Uuid::try_parse(part).is_ok()
        };
        (parts.len() == self.key.len() && parts.iter().zip(self.key).all(fits)).then_some(parts)
    }

    /// Marks all rows as touched.
    pub(super) fn touch_all(self, backend: DbBackend) -> String {
        let (table, key) = (self.table, self.text(backend, "t"));
        format!(
            "INSERT INTO rows_touched (table_name, row_key) SELECT '{table}', {key} FROM {table} AS t"
        )
    }
}
