//! Reads the audit log.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{QueryResult, Value};

use super::{COLUMNS, Linked, Owners};
use crate::{
    domain::region::RegionCode,
    error::HubError,
    store::{sql::database::Database, verify::finite},
};

/// An audit entry as stored.
#[derive(Clone, Debug)]
pub struct AuditRow {
    /// Number, time, words and counts of the entry: everything its link covers.
    pub parts: Linked,
    /// Link of the entry before it.
    pub previous: String,
    /// Link of this entry: the keyed digest over its parts and `previous`.
    pub hash: String,
}

/// Which entries a query may return.
#[derive(Clone, Copy, Debug)]
pub enum Seen<'a> {
    /// Every entry of the log.
    All,
    /// Entries about records that a department holds in a region or below it, and entries whose
    /// query concerned such records but returned none.
    About {
        /// Department that holds the records.
        department: &'a str,
        /// The region whose records count, with everything below it.
        region: &'a RegionCode,
    },
}

/// Condition on owners: a department's records in a region or below, or a question about those of a
/// region it lies in.
const ABOUT: &str =
    "department = ? AND (region_code LIKE ? OR (records = 0 AND region_code IN ('', ?, ?)))";

fn about(department: &str, region: &RegionCode) -> [Value; 4] {
    let city = region.city().unwrap_or_else(|| region.province());
    [
        department.into(),
        format!("{}%", region.prefix()).into(),
        city.as_str().into(),
        region.province().as_str().into(),
    ]
}

impl Database {
    /// Departments, regions and families that the entries with these numbers concern, and the
    /// numbers of entries whose owners cannot be read.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn audit_owners(
        &self,
        first: i64,
        last: i64,
    ) -> Result<(BTreeMap<i64, Owners>, Vec<i64>), HubError> {
        let sql = "SELECT seq, family, department, region_code, records FROM audit_owners WHERE seq BETWEEN ? AND ?";
        let (mut owners, mut unread): (BTreeMap<i64, Owners>, Vec<i64>) =
            (BTreeMap::new(), Vec::new());
        for row in self.all(self.audit_statement(sql, vec![first.into(), last.into()])).await? {
            match owner(&row) {
                Ok((seq, whose, records)) => {
                    owners.entry(seq).or_default().insert(whose, records);
                }
                Err(_) => unread.push(row.try_get_by_index(0).unwrap_or_default()),
            }
        }
        Ok((owners, unread))
    }

    /// Entries after a number, oldest first, each as a separate result. An entry that cannot be
    /// read comes as its number and its link, which is empty when it cannot be read either.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn audit_entries_each(
        &self,
        after: i64,
        first: u64,
    ) -> Result<Vec<Result<AuditRow, (i64, String)>>, HubError> {
        let columns = COLUMNS.replacen(" at,", &format!(" {},", finite(self.backend(), "at")), 1);
        let sql =
            format!("SELECT {columns} FROM audit_entries WHERE seq > ? ORDER BY seq LIMIT {first}");
        let each = |row: &QueryResult| {
            audit_row(row).map_err(|_| {
                (
                    row.try_get_by_index(0).unwrap_or(after + 1),
                    row.try_get_by_index(14).unwrap_or_default(),
                )
            })
        };
        Ok(self
            .all(self.audit_statement(&sql, vec![after.into()]))
            .await?
            .iter()
            .map(each)
            .collect())
    }

    /// Numbers in `audit_owners` that no entry has; at most ten.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn audit_owners_alone(&self) -> Result<Vec<i64>, HubError> {
        let sql = "SELECT o.seq FROM audit_owners o LEFT JOIN audit_entries e ON e.seq = o.seq WHERE e.seq IS NULL LIMIT 10";
        let rows = self.all(self.audit_statement(sql, Vec::new())).await?;
        rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
    }

    /// How many records of a department and region each of these entries concerns, by entry and
    /// family.
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
        let values: Vec<Value> = [entries.0.into(), entries.1.into()]
            .into_iter()
            .chain(about(department, region))
            .collect();
        let mut owned: BTreeMap<i64, BTreeMap<String, i64>> = BTreeMap::new();
        for row in self.all(self.audit_statement(&sql, values)).await? {
            owned
                .entry(row.try_get_by_index(0)?)
                .or_default()
                .insert(row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        }
        Ok(owned)
    }

    /// Entries after a number, oldest first.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn audit_entries(
        &self,
        seen: &Seen<'_>,
        after: i64,
        first: u64,
    ) -> Result<Vec<AuditRow>, HubError> {
        let mut values: Vec<Value> = vec![after.into()];
        let about = match seen {
            Seen::All => String::new(),
            Seen::About { department, region } => {
                values.extend(about(department, region));
                format!(" AND seq IN (SELECT seq FROM audit_owners WHERE {ABOUT})")
            }
        };
        let first = i64::try_from(first).unwrap_or(i64::MAX);
        let sql = format!(
            "SELECT {COLUMNS} FROM audit_entries WHERE seq > ?{about} ORDER BY seq LIMIT {first}"
        );
        self.all(self.audit_statement(&sql, values)).await?.iter().map(audit_row).collect()
    }
}

/// Number of an entry; family, department and region; number of records.
type Owner = (i64, (String, String, String), i32);

fn owner(row: &QueryResult) -> Result<Owner, HubError> {
    let whose = (row.try_get_by_index(1)?, row.try_get_by_index(2)?, row.try_get_by_index(3)?);
    Ok((row.try_get_by_index(0)?, whose, row.try_get_by_index(4)?))
}

fn audit_row(row: &QueryResult) -> Result<AuditRow, HubError> {
    let text =
        |index: usize| row.try_get_by_index::<Option<String>>(index).map(Option::unwrap_or_default);
    let at: DateTime<Utc> = row.try_get_by_index(1)?;
    Ok(AuditRow {
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
            written: [row.try_get_by_index(15)?, row.try_get_by_index(16)?],
        },
        previous: text(13)?,
        hash: text(14)?,
    })
}
