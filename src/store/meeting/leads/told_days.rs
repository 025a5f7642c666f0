//! Leads from before the day of diagnosis of a work injury had a field of its own: the day that is
//! kept with them is that of the diagnosis, and is told nobody any more.

use crate::{
    error::HubError,
    store::sql::{database::Database, statement::statement},
};

impl Database {
    /// Forgets the days of leads about a work injury that are those of its diagnosis. Returns their
    /// number.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn leads_forget_diagnoses(&self) -> Result<usize, HubError> {
        let sql = "UPDATE leads SET day = NULL WHERE day IS NOT NULL AND EXISTS (SELECT 1 FROM lead_records r \
            JOIN work_injuries w ON w.id = r.record_id WHERE r.lead_id = leads.id AND r.role = 'SUBJECT' \
            AND w.injured_at IS NULL AND w.diagnosed_at = leads.day) RETURNING id";
        let transaction = self.begin().await?;
        let forgotten = transaction.all(statement(self.backend(), sql, Vec::new())).await?.len();
        transaction.commit().await?;
        Ok(forgotten)
    }
}
