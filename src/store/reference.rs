//! Code tables: shipped as CSV, loaded into the store by `migrate`, held in memory by a running
//! hub.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{Statement, Value};
use sha2::{Digest, Sha256};

use self::stored::{insert, wire};
use crate::{
    domain::industry,
    error::HubError,
    store::sql::{database::Database, statement::numbered},
};

mod shipped;
pub(in crate::store) mod stored;

use shipped::{codes, records};

/// One code with its edition.
#[derive(Clone, Debug)]
pub struct ReferenceCode {
    /// The code itself, unique within an edition: `COAL_MINE`, `140600`.
    pub code: String,
    /// Edition of the table it belongs to.
    pub edition: String,
    /// Chinese name, 中文名称.
    pub name_zh: String,
    /// English name; may be empty.
    pub name_en: String,
    /// First day on which it is valid; `None` without a lower limit.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it is valid; `None` without an upper limit.
    pub valid_to: Option<NaiveDate>,
    /// Code of the level above; `None` at the top.
    pub parent: Option<String>,
    /// Code that replaced it; `None` while none has.
    pub replaced_by: Option<String>,
    /// Additional columns of its table, by heading.
    pub attributes: BTreeMap<String, String>,
    /// Law, standard or list it is taken from.
    pub source: String,
}

impl ReferenceCode {
    /// Whether it is valid on a day.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }
}

/// A code table (代码表) with all its editions.
#[derive(Clone, Debug, Default)]
pub struct CodeTable {
    /// Name of the table, as its file in `reference/` without `.csv`.
    pub name: String,
    /// Chinese name of the table, 中文名称.
    pub name_zh: String,
    /// English name of the table.
    pub name_en: String,
    /// Name of its enum in the GraphQL schema; `None` when it has none.
    pub graphql_enum: Option<String>,
    /// Codes of all editions, in the order of the file.
    pub codes: Vec<ReferenceCode>,
    /// Whether its first edition also applies to everything before it, according to its source.
    backwards: bool,
    index: HashMap<String, Vec<usize>>,
}

/// Result of looking up a code for a day.
#[derive(Clone, Copy, Debug)]
pub enum Lookup<'a> {
    /// The code is valid on the day.
    Valid(&'a ReferenceCode),
    /// The code exists, but only in editions that are not valid on the day.
    OtherEdition(&'a ReferenceCode),
    /// The table has no such code.
    Unknown,
}

impl CodeTable {
    fn indexed(mut self) -> Self {
        self.index.clear();
        for (position, code) in self.codes.iter().enumerate() {
            self.index.entry(code.code.clone()).or_default().push(position);
        }
        self
    }

    /// All editions of a code.
    pub fn editions(&self, code: &str) -> impl Iterator<Item = &ReferenceCode> {
        self.index.get(code).into_iter().flatten().filter_map(|position| self.codes.get(*position))
    }

    /// The first edition of a code for a day before any edition of the table, if its source says
    /// that it applies to everything earlier.
    #[must_use]
    pub fn before_first(&self, code: &str, day: NaiveDate) -> Option<&ReferenceCode> {
        let first = self
            .codes
            .iter()
            .filter_map(|code| code.valid_from)
            .min()
            .filter(|first| self.backwards && day < *first)?;
        self.editions(code).find(|code| code.valid_from == Some(first))
    }

    /// The code that source systems write as this text (stage 壹期 is `2`, a resident identity card
    /// is `01`).
    #[must_use]
    pub fn by_source_code(&self, text: &str) -> Option<&ReferenceCode> {
        self.codes
            .iter()
            .find(|code| code.attributes.get("source_code").is_some_and(|own| own == text))
    }

    /// Looks up a code for a day; without a day, any edition will do.
    #[must_use]
    pub fn look_up(&self, code: &str, day: Option<NaiveDate>) -> Lookup<'_> {
        let valid = |found: &&ReferenceCode| day.is_none_or(|day| found.holds_on(day));
        match (self.editions(code).find(valid), self.editions(code).next()) {
            (Some(found), _) => Lookup::Valid(found),
            (None, Some(other)) => Lookup::OtherEdition(other),
            (None, None) => Lookup::Unknown,
        }
    }
}

/// All code tables.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    tables: BTreeMap<String, CodeTable>,
    key_industries: Vec<(String, Option<String>)>,
}

impl Reference {
    /// The tables shipped with the program.
    ///
    /// # Errors
    ///
    /// Names the file and line that cannot be read.
    pub fn shipped() -> Result<Self, String> {
        let mut tables = BTreeMap::new();
        for entry in records("tables.csv")? {
            let get = |column: &str| entry.get(column).cloned().unwrap_or_default();
            let name = get("table");
            let table = CodeTable {
                name_zh: get("name_zh"),
                name_en: get("name_en"),
                graphql_enum: Some(get("graphql_enum")).filter(|name| !name.is_empty()),
                codes: codes(&name)?,
                backwards: get("holds_before") == "yes",
                name: name.clone(),
                index: HashMap::new(),
            };
            tables.insert(name, table.indexed());
        }
        Ok(Self::with(tables))
    }

    fn with(tables: BTreeMap<String, CodeTable>) -> Self {
        let key_industries = tables
            .get("industry_key_mapping")
            .map(|table| {
                let line = |code: &ReferenceCode| {
                    let excluded =
                        code.attributes.get("rule").is_some_and(|rule| rule == "exclude");
                    let industry =
                        code.attributes.get("key_industry").cloned().filter(|_| !excluded);
                    (code.code.clone(), industry)
                };
                table.codes.iter().map(line).collect()
            })
            .unwrap_or_default();
        Self { tables, key_industries }
    }

    /// All tables by name.
    pub fn tables(&self) -> impl Iterator<Item = &CodeTable> {
        self.tables.values()
    }

    /// The table with this name; `None` when there is none.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&CodeTable> {
        self.tables.get(name)
    }

    /// Chinese name of a code, in any edition; of a region also if the code is abolished.
    #[must_use]
    pub fn label(&self, table: &str, code: &str) -> Option<&str> {
        let found = if table == "region" {
            self.region(code)
        } else {
            self.table(table)?.editions(code).next()
        };
        found.map(|code| code.name_zh.as_str())
    }

    /// A region, including abolished ones.
    #[must_use]
    pub fn region(&self, code: &str) -> Option<&ReferenceCode> {
        ["region", "abolished_region"]
            .iter()
            .find_map(|table| self.table(table)?.editions(code).next())
    }

    /// The current region for a code: the code itself or its successor, over as many steps as
    /// needed.
    #[must_use]
    pub fn present_region(&self, code: &str) -> Option<&ReferenceCode> {
        let (present, former) = (self.table("region")?, self.table("abolished_region"));
        let mut own = code;
        // Longer than any chain of the table; a circle ends here.
        for _ in 0..10 {
            let found = present.editions(own).next();
            match found.or_else(|| former?.editions(own).next())?.replaced_by.as_deref() {
                Some(next) => own = next,
                None => return found,
            }
        }
        None
    }

    /// Name of a region: `朔城区`.
    #[must_use]
    pub fn region_name(&self, code: &str) -> Option<&str> {
        self.label("region", code)
    }

    /// Key industry inferred from an industry code of GB/T 4754-2017. Source: domain reference
    /// §2.4.
    #[must_use]
    pub fn key_industry(&self, industry_code: &str) -> Option<&str> {
        industry::key_industry(industry_code, &self.key_industries)
    }

    /// Digest and number of codes of each table.
    pub(super) fn digests(&self) -> BTreeMap<String, (String, i32)> {
        let of = |table: &CodeTable| {
            let digest = format!("{:x}", Sha256::digest(wire(table).as_bytes()));
            (table.name.clone(), (digest, i32::try_from(table.codes.len()).unwrap_or(i32::MAX)))
        };
        self.tables().map(of).collect()
    }

    /// Writes the shipped tables into the store where they differ from what is there. Returns the
    /// number of codes written.
    ///
    /// # Errors
    ///
    /// What the files or the database say.
    pub async fn store(database: &Database, now: DateTime<Utc>) -> Result<usize, HubError> {
        let shipped = Self::shipped().map_err(HubError::internal)?;
        let mut written = 0;
        let transaction = database.begin().await?;
        let backend = transaction.backend();
        let statement = |sql: &str, values: Vec<Value>| {
            Statement::from_sql_and_values(backend, numbered(backend, sql), values)
        };
        for table in shipped.tables() {
            let wire = wire(table);
            let digest = format!("{:x}", Sha256::digest(wire.as_bytes()));
            let known = transaction
                .all(statement(
                    "SELECT digest FROM reference_tables WHERE name = ?",
                    vec![table.name.as_str().into()],
                ))
                .await?;
            let same = known
                .first()
                .map(|row| row.try_get_by_index::<String>(0))
                .transpose()?
                .is_some_and(|own| own == digest);
            if same {
                continue;
            }
            for sql in [
                "DELETE FROM reference_codes WHERE table_name = ?",
                "DELETE FROM reference_tables WHERE name = ?",
            ] {
                transaction.run(statement(sql, vec![table.name.as_str().into()])).await?;
            }
            transaction.run(statement(insert(backend), vec![wire.into()])).await?;
            let rows = i32::try_from(table.codes.len()).unwrap_or(i32::MAX);
            transaction
                .run(statement(
                    "INSERT INTO reference_tables (name, digest, rows, loaded_at) VALUES (?, ?, ?, ?)",
                    vec![table.name.as_str().into(), digest.into(), rows.into(), now.into()],
                ))
                .await?;
            written += table.codes.len();
        }
        transaction.commit().await?;
        Ok(written)
    }

    /// The tables in the store.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] when the store was never migrated.
    pub async fn load(database: &Database) -> Result<Self, HubError> {
        let mut tables = Self::shipped().map_err(HubError::internal)?.tables;
        for table in tables.values_mut() {
            table.codes.clear();
        }
        let sql = "SELECT table_name, code, edition, name_zh, name_en, valid_from, valid_to, parent, replaced_by, attributes, source \
                   FROM reference_codes ORDER BY table_name, position";
        for row in database
            .all(Statement::from_string(database.backend(), sql))
            .await
            .map_err(unmigrated)?
        {
            let name: String = row.try_get_by_index(0)?;
            let attributes: String = row.try_get_by_index(9)?;
            let code = ReferenceCode {
                code: row.try_get_by_index(1)?,
                edition: row.try_get_by_index(2)?,
                name_zh: row.try_get_by_index(3)?,
                name_en: row.try_get_by_index(4)?,
                valid_from: row.try_get_by_index(5)?,
                valid_to: row.try_get_by_index(6)?,
                parent: row.try_get_by_index(7)?,
                replaced_by: row.try_get_by_index(8)?,
                attributes: serde_json::from_str(&attributes).map_err(HubError::internal)?,
                source: row.try_get_by_index(10)?,
            };
            if let Some(table) = tables.get_mut(&name) {
                table.codes.push(code);
            }
        }
        if tables.values().all(|table| table.codes.is_empty()) {
            return Err(never_migrated());
        }
        Ok(Self::with(tables.into_iter().map(|(name, table)| (name, table.indexed())).collect()))
    }
}

fn never_migrated() -> HubError {
    HubError::invalid(
        "数据库中没有代码表。请先运行 lianfang migrate。",
        "The store has no code tables. Run `lianfang migrate` first.",
    )
}

/// A table that is not there means a store that was never migrated.
fn unmigrated(error: HubError) -> HubError {
    let missing = error.cause().is_some_and(|cause| {
        let text = cause.to_string();
        text.contains("no such table") || text.contains("does not exist")
    });
    if missing { never_migrated() } else { error }
}
