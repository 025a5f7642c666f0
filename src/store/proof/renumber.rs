//! A PostgreSQL store that came to another server: the numbers of its transactions mean nothing
//! there. All events are given number 0, which puts them before everything to come, and their chain
//! is made anew in the order that this gives.

use sea_orm::DbBackend;

use crate::{
    error::HubError,
    store::{
        proof::{
            events::{CUT, EVENTS, LINKED, after, link},
            head::ProofHead,
        },
        sql::{
            database::{Database, Transaction},
            statement::statement,
        },
    },
};

impl Database {
    /// Forgets the numbers of transactions. Hubs must not run meanwhile, and the chain has to hold:
    /// `verify` before.
    ///
    /// # Errors
    ///
    /// What the database says; nothing is changed then.
    pub async fn renumber_events(&self) -> Result<u64, HubError> {
        if self.backend() != DbBackend::Postgres {
            return Ok(0);
        }
        let transaction = self.begin().await?;
        match transaction.renumber_events().await {
            Ok(count) => transaction.commit().await.map(|()| count),
            Err(error) => {
                transaction.rollback().await;
                Err(error)
            }
        }
    }
}

impl Transaction {
    async fn renumber_events(&self) -> Result<u64, HubError> {
        let (backend, prover) = (self.backend(), self.proving()?);
        // The change of the cut is proved like every row of its table.
        for table in ["change_events", "feed_cut"] {
            let sql = format!("UPDATE {table} SET transaction_id = ?");
            self.run(statement(backend, &sql, vec![0_i64.into()])).await?;
        }
        let mut end = ProofHead::new(EVENTS, "");
        if let Some(mut cut) = ProofHead::existing(self, prover, CUT).await? {
            cut.turn = 0;
            end = ProofHead { name: EVENTS.to_owned(), start: 0, ..cut.clone() };
            cut.keep(self, prover).await?;
        }
        let Some(known) = ProofHead::existing(self, prover, EVENTS).await? else {
            return Err(HubError::internal("the head of the chain of events is gone"));
        };
        end.mac = known.mac;
        loop {
            let rows = self.unwatched(after(backend, LINKED, (end.turn, end.position), "")).await?;
            for row in &rows {
                link(prover, &mut end, row)?;
            }
            if rows.is_empty() {
                break;
            }
        }
        let count = end.count;
        end.keep(self, prover).await?;
        Ok(count.unsigned_abs())
    }
}
