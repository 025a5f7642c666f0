//! Whether a department holds an identity number under another person number.

use crate::{
    authz::permit::Permit,
    domain::region::RegionCode,
    error::HubError,
    store::sql::{
        columns::{StatementParameters, among},
        database::Database,
        texts::text,
    },
};

impl Database {
    /// Keyed hashes of identity numbers among these, each with the natural key of a record that
    /// holds it: of the permit's family and department, and of its region only, so that nothing is
    /// told of another region.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn holders(
        &self,
        permit: &Permit,
        keys: &[String],
    ) -> Result<Vec<(String, String)>, HubError> {
        let family = permit.family();
        let sql = text(self.backend(), family.table, "holders", false, || {
            format!(
                "SELECT person_key, ref, department, {} FROM {} WHERE {} AND withdrawn_at IS NULL",
                family.region_column(),
                family.table,
                among(self.backend(), "person_key", 1)
            )
        });
        let mut arguments = StatementParameters::new(self.backend());
        arguments.texts(keys)?;
        let mut found = Vec::new();
        for row in self.all_with(sql, arguments).await? {
            let (department, region): (String, String) =
                (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
            let own = RegionCode::parse(&region).is_ok_and(|region| permit.covers_region(&region));
            if own && department == permit.department().as_str() {
                found.push((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
            }
        }
        Ok(found)
    }
}
