//! Victims listed for accidents, against the counts entered on the accidents.

use entity::{accident, accident_victim, sql};
use std::collections::HashMap;

use crate::{
    authz::permit::Permit,
    domain::accident::{Casualties, CountMismatch, count_mismatch},
    error::HubError,
    store::sql::{
        columns::{StatementParameters, among, placeholder},
        database::Transaction,
        texts::text,
    },
};

impl Transaction {
    /// What does not agree, by natural key of the department's accidents, as this transaction sees
    /// it. Accidents without any victim listed are left out: their list has not come yet.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn toll_mismatches(
        &self,
        permit: &Permit,
        references: &[String],
    ) -> Result<HashMap<String, Vec<CountMismatch>>, HubError> {
        let backend = self.backend();
        let sql = text(backend, "accidents", "toll", false, || {
            let count = |degree: &str| {
                sql!(
                [v: accident_victim]
                "CAST(SUM(CASE WHEN v.injury_degree = '{degree}' THEN 1 ELSE 0 END) AS INTEGER)")
            };
            sql!(
                [a: accident, v: accident_victim]
                "SELECT a.ref, a.deaths, a.missing, a.serious_injuries, a.acute_poisonings, a.minor_injuries, {}, {}, {}, {}, {} \
                 FROM accidents a JOIN accident_victims v ON v.accident_ref = a.ref \
                 WHERE {} AND a.department = {} AND v.withdrawn_at IS NULL AND a.withdrawn_at IS NULL \
                 GROUP BY a.ref, a.deaths, a.missing, a.serious_injuries, a.acute_poisonings, a.minor_injuries",
                count("DEATH"),
                count("MISSING"),
                count("SERIOUS"),
                count("ACUTE_POISONING"),
                count("MINOR"),
                among(backend, sql!([a: accident] "a.ref"), 1),
                placeholder(backend, 2),
            )
        });
        let mut arguments = StatementParameters::new(backend);
        arguments.texts(references)?;
        arguments.text(permit.department().as_str())?;
        let mut found = HashMap::new();
        for row in self.all_with(sql, arguments).await? {
            let number = |index: usize| {
                row.try_get_by_index::<i32>(index)
                    .map(|number| u32::try_from(number).unwrap_or_default())
            };
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
