//! Tables whose rows are proved one by one, with their keys.

use sea_orm::DbBackend;
use uuid::Uuid;

/// Between the parts of a row's key.
const BETWEEN: char = '\u{1f}';
/// Type of a column of a key.
#[derive(Clone, Copy, Debug)]
pub enum Key {
    /// Text.
    Text,
    /// Number.
    Int,
    /// Identifier.
    Id,
}

/// A table whose rows are proved one by one, with its key.
#[derive(Clone, Copy, Debug)]
pub struct Witnessed {
    /// Its name.
    pub table: &'static str,
    /// Columns of its key.
    pub key: &'static [(&'static str, Key)],
}

const fn of(table: &'static str, key: &'static [(&'static str, Key)]) -> Witnessed {
    Witnessed { table, key }
}

/// All of them, by name.
pub const WITNESSED: [Witnessed; 15] = [
    of("exchange_answers", &[("job_id", Key::Id), ("number", Key::Int)]),
    of("exchange_jobs", &[("id", Key::Id)]),
    of("exchange_profiles", &[("department", Key::Text), ("region_code", Key::Text), ("name", Key::Text)]),
    of("exports", &[("id", Key::Id)]),
    of("feed_cut", &[("one", Key::Int)]),
    of("lead_events", &[("lead_id", Key::Id), ("version", Key::Int)]),
    of("lead_overlaps", &[("pair", Key::Text), ("region_code", Key::Text), ("year", Key::Int)]),
    of("lead_records", &[("lead_id", Key::Id), ("position", Key::Int)]),
    of("lead_runs", &[("id", Key::Id)]),
    of("leads", &[("id", Key::Id)]),
    of("meeting_materials", &[("id", Key::Id)]),
    of("meeting_parts", &[("materials_id", Key::Id), ("department", Key::Text)]),
    of("meeting_resolutions", &[("id", Key::Id)]),
    of("meeting_returns", &[("id", Key::Id)]),
    of("meetings", &[("id", Key::Id)]),
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
        let part = |(name, of): &(&str, Key)| match (of, backend) {
            (Key::Text, _) => format!("{row}.\"{name}\""),
            (Key::Id, DbBackend::Sqlite) => format!("lower(hex({row}.\"{name}\"))"),
            _ => format!("CAST({row}.\"{name}\" AS TEXT)"),
        };
        let between = if backend == DbBackend::Postgres { " || chr(31) || " } else { " || char(31) || " };
        self.key.iter().map(part).collect::<Vec<_>>().join(between)
    }

    /// The row with a key, in SQL; its parts are parameters.
    pub(in crate::store) fn is(self, backend: DbBackend) -> String {
        let part = |(name, of): &(&str, Key)| match (of, backend) {
            (Key::Text, _) => format!("\"{name}\" = ?"),
            (Key::Id, DbBackend::Sqlite) => format!("\"{name}\" = unhex(?)"),
            (Key::Id, _) => format!("\"{name}\" = CAST(? AS uuid)"),
            // As text: what was written there by hand need not be a number.
            (Key::Int, _) => format!("CAST(\"{name}\" AS TEXT) = ?"),
        };
        format!("({})", self.key.iter().map(part).collect::<Vec<_>>().join(" AND "))
    }

    /// The parts of a key as it is kept; nothing for a text that somebody else wrote there and that is the key of no row.
    pub(in crate::store) fn parts(self, key: &str) -> Option<Vec<&str>> {
        let parts: Vec<&str> = key.split(BETWEEN).collect();
        let fits = |(part, (_, of)): (&&str, &(&str, Key))| !matches!(of, Key::Id) || Uuid::try_parse(part).is_ok();
        (parts.len() == self.key.len() && parts.iter().zip(self.key).all(fits)).then_some(parts)
    }

    /// Marks all rows as touched.
    pub(super) fn touch_all(self, backend: DbBackend) -> String {
        let (table, key) = (self.table, self.text(backend, "t"));
        format!("INSERT INTO rows_touched (table_name, row_key) SELECT '{table}', {key} FROM {table} AS t")
    }
}
