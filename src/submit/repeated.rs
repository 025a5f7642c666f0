//! Rows that would be new although a record says the same under another number. Numbers that move
//! from one file to the next would have every record made anew; a trial says so before it happens.

use crate::{
    authz::permit::Permit,
    error::HubError,
    store::{records::computed, sql::cell::Cell},
    submit::{
        pipeline::{Checked, Submitter},
        verdict::{RowOutcome, RowVerdict},
    },
};

impl Submitter {
    /// How many of the rows that would be created say, but for their number, what a record of the
    /// organisation says already.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub(super) async fn repeated(
        &self,
        permit: &Permit,
        rows: &[Checked],
        verdicts: &[RowVerdict],
    ) -> Result<usize, HubError> {
        let family = permit.family();
        let created =
            rows.iter().zip(verdicts).filter(|(_, verdict)| verdict.outcome == RowOutcome::Created);
        let new: Vec<&[Cell]> = created.map(|(row, _)| row.draft.cells()).collect();
        let alike = self.database.alike(&self.seal, permit, &new).await?;
        let same = |cells: &[Cell], number: &str, fingerprint: &str| {
            let mut cells = cells.to_vec();
            if let Some(cell) = cells.get_mut(family.source_key) {
                *cell = Cell::Text(number.to_owned());
            }
            computed::fingerprint(&self.seal, family, &cells) == fingerprint
        };
        let known = new.iter().zip(&alike).filter(|(cells, alike)| {
            alike.iter().any(|own| same(cells, &own.number, &own.fingerprint))
        });
        Ok(known.count())
    }
}
