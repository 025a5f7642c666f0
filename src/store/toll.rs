//! Victims listed for accidents, against the counts entered on the accidents.

use std::collections::HashMap;

use sea_orm::{DbBackend, Statement, Value, sea_query::ArrayType};

use crate::{
    authz::permit::Permit,
    domain::accident::{Casualties, CountMismatch, count_mismatch},
    error::HubError,
    store::{database::Transaction, reference::numbered},
};

impl Transaction {
    /// What does not agree, by natural key of the accident, as this transaction sees it. Accidents without any victim
    /// listed are left out: their list has not come yet.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn toll_mismatches(
        &self,
        _permit: &Permit,
        references: &[String],
    ) -> Result<HashMap<String, Vec<CountMismatch>>, HubError> {
        let postgres = self.backend() == DbBackend::Postgres;
        let among = if postgres { "= ANY(?)" } else { "IN (SELECT value FROM json_each(?))" };
        let count = |degree: &str| format!("CAST(SUM(CASE WHEN v.injury_degree = '{degree}' THEN 1 ELSE 0 END) AS INTEGER)");
        let sql = format!(
            "SELECT a.ref, a.deaths, a.missing, a.serious_injuries, a.acute_poisonings, a.minor_injuries, {}, {}, {}, {}, {} \
             FROM accidents a JOIN accident_victims v ON v.accident_ref = a.ref \
             WHERE a.ref {among} AND v.withdrawn_at IS NULL AND a.withdrawn_at IS NULL \
             GROUP BY a.ref, a.deaths, a.missing, a.serious_injuries, a.acute_poisonings, a.minor_injuries",
            count("DEATH"),
            count("MISSING"),
            count("SERIOUS"),
            count("ACUTE_POISONING"),
            count("MINOR"),
        );
        let list: Value = if postgres {
            let list = references.iter().map(|text| Value::from(text.as_str())).collect();
            Value::Array(ArrayType::String, Some(Box::new(list)))
        } else {
            serde_json::Value::from(references.to_vec()).to_string().into()
        };
        let statement = Statement::from_sql_and_values(self.backend(), numbered(self.backend(), &sql), [list]);
        let mut found = HashMap::new();
        for row in self.all(statement).await? {
            let number = |index: usize| row.try_get_by_index::<i32>(index).map(|number| u32::try_from(number).unwrap_or_default());
            let toll = |from: usize| -> Result<Casualties, sea_orm::DbErr> {
                Ok(Casualties {
                    deaths: number(from)?,
                    missing: number(from + 1)?,
                    serious: number(from + 2)?,
                    acute_poisonings: number(from + 3)?,
                    minor: number(from + 4)?,
                })
            };
            let mismatches = count_mismatch(&toll(1)?, &toll(6)?);
            if !mismatches.is_empty() {
                found.insert(row.try_get_by_index(0)?, mismatches);
            }
        }
        Ok(found)
    }
}
