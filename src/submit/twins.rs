//! Says where one identity number stands under two person numbers of a department: both are taken,
//! both are told.

use entity::typed::Shared;

use crate::{
    authz::permit::Permit,
    error::HubError,
    store::records::computed,
    submit::pipeline::{Checked, Submitter},
};

impl Submitter {
    /// Adds a finding to each person whose number stands under another person number, among the
    /// rows or in the store.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub(super) async fn twins(
        &self,
        permit: &Permit,
        rows: &mut [Checked],
    ) -> Result<(), HubError> {
        let family = permit.family();
        if family.name != entity::person::names::FAMILY {
            return Ok(());
        }
        let own: Vec<Option<String>> = rows
            .iter()
            .map(|row| computed::person_key(&self.seal, family, row.draft.cells()))
            .collect();
        let mut keys: Vec<String> = own.iter().flatten().cloned().collect();
        keys.sort_unstable();
        keys.dedup();
        if keys.is_empty() {
            return Ok(());
        }
        let mut holders = self.database.holders(permit, &keys).await?;
        let taken = rows.iter().zip(&own).filter(|(row, _)| row.draft.faults().is_empty());
        holders.extend(taken.filter_map(|(row, key)| Some((key.clone()?, row.reference.clone()))));
        for (row, key) in rows.iter_mut().zip(&own) {
            let Some(key) = key else { continue };
            if holders.iter().any(|(held, reference)| held == key && *reference != row.reference) {
                row.draft.shared().finding(
                    Shared::IdNumber,
                    "IDENTITY_UNDER_TWO_NUMBERS",
                    "该证件号码在本部门还有另一个人员编号。请核对是否同一人、是否录错。",
                    "Your department holds this identity number under another person number too. Check whether it is one person, or a slip.",
                );
            }
        }
        Ok(())
    }
}
