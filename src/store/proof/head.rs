//! The head of a chain or a table: where it ends, how many entries there are, and one value that
//! stands for all of them, sealed with a keyed digest.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use sea_orm::{DbBackend, QueryResult, Value};

use crate::{
    error::HubError,
    store::{
        proof::prover::{ProofInput, Prover},
        sql::{
            database::{Database, Transaction},
            statement::statement,
        },
    },
};

/// The columns, in the order in which they are read and written.
pub(in crate::store) const COLUMNS: &str = "name, start, turn, position, count, head, mac";

/// A row of the table `chains`: the end of one chain, or the sum of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofHead {
    /// Name of the chain or table.
    pub name: String,
    /// Number of the last entry from before there was a key; 0 when all are proved.
    pub start: i64,
    /// Transaction of the last link; of the audit log, how often the tables had moved; else 0.
    pub turn: i64,
    /// Number or position of the last link; of a table, how often it has moved.
    pub position: i64,
    /// Number of entries or rows.
    pub count: i64,
    /// The last link, or the combined digests of all rows.
    pub head: String,
    /// Keyed digest over the other fields, as stored.
    pub mac: String,
}

impl ProofHead {
    /// The head of an empty chain or table.
    #[must_use]
    pub fn new(name: &str, head: &str) -> Self {
        Self {
            name: name.to_owned(),
            start: 0,
            turn: 0,
            position: 0,
            count: 0,
            head: head.to_owned(),
            mac: String::new(),
        }
    }

    pub(in crate::store) fn read(row: &QueryResult) -> Result<Self, HubError> {
        Ok(Self {
            name: row.try_get_by_index(0)?,
            start: row.try_get_by_index(1)?,
            turn: row.try_get_by_index(2)?,
            position: row.try_get_by_index(3)?,
            count: row.try_get_by_index(4)?,
            head: row.try_get_by_index(5)?,
            mac: row.try_get_by_index(6)?,
        })
    }

    fn tag(&self, prover: &Prover) -> String {
        let numbers = [self.start, self.turn, self.position, self.count].map(ProofInput::Number);
        let [start, turn, position, count] = numbers;
        prover.tag(
            "head",
            &[
                ProofInput::Text(&self.name),
                start,
                turn,
                position,
                count,
                ProofInput::Text(&self.head),
            ],
        )
    }

    /// Whether it is as the hub left it.
    #[must_use]
    pub fn holds(&self, prover: &Prover) -> bool {
        self.mac == self.tag(prover)
    }

    /// With its digest.
    #[must_use]
    pub fn sealed(mut self, prover: &Prover) -> Self {
        self.mac = self.tag(prover);
        self
    }

    /// A head that is there, locked until the transaction ends. One that somebody else has changed
    /// comes without its digest.
    pub(super) async fn existing(
        transaction: &Transaction,
        prover: &Prover,
        name: &str,
    ) -> Result<Option<Self>, HubError> {
        let backend = transaction.backend();
        let lock = if backend == DbBackend::Postgres { " FOR UPDATE" } else { "" };
        let sql = format!("SELECT {COLUMNS} FROM chains WHERE name = ?{lock}");
        let found = transaction.unwatched(statement(backend, &sql, vec![name.into()])).await?;
        let mut head = found.first().map(Self::read).transpose()?;
        if let Some(head) = head.as_mut().filter(|head| !head.holds(prover)) {
            head.mac.clear();
        }
        Ok(head)
    }

    /// The head of a table, locked until the transaction ends.
    pub(super) async fn locked(
        transaction: &Transaction,
        prover: &Prover,
        name: &str,
    ) -> Result<Self, HubError> {
        if let Some(head) = Self::existing(transaction, prover, name).await? {
            return Ok(head);
        }
        let new = Self::new(name, "").sealed(prover);
        let sql = format!(
            "INSERT INTO chains ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING"
        );
        transaction.unwatched(statement(transaction.backend(), &sql, new.values())).await?;
        Self::existing(transaction, prover, name)
            .await?
            .ok_or_else(|| HubError::internal("no head of a table"))
    }

    pub(in crate::store) fn values(&self) -> Vec<Value> {
        vec![
            self.name.as_str().into(),
            self.start.into(),
            self.turn.into(),
            self.position.into(),
            self.count.into(),
            self.head.as_str().into(),
            self.mac.as_str().into(),
        ]
    }

    /// One row more. All rows together are the digests of each, one over the other: in any order
    /// they come to the same.
    pub(super) fn with(&mut self, mac: &str) {
        self.count += 1;
        self.head = over(&self.head, mac);
    }

    /// One row less.
    pub(super) fn without(&mut self, mac: &str) {
        self.count -= 1;
        self.head = over(&self.head, mac);
    }

    /// Keeps it, and gives it as kept. A head that somebody else has changed stays without a digest
    /// that fits.
    pub(super) async fn keep(
        mut self,
        transaction: &Transaction,
        prover: &Prover,
    ) -> Result<Self, HubError> {
        if !self.mac.is_empty() {
            self = self.sealed(prover);
        }
        let sql = "UPDATE chains SET start = ?, turn = ?, position = ?, count = ?, head = ?, mac = ? WHERE name = ?";
        let mut values = self.values();
        values.rotate_left(1);
        transaction.unwatched(statement(transaction.backend(), sql, values)).await?;
        Ok(self)
    }
}

/// One value over another, bit by bit.
pub(in crate::store) fn over(one: &str, other: &str) -> String {
    let read = |text: &str| -> [u8; 16] {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
        std::array::from_fn(|index| bytes.get(index).copied().unwrap_or_default())
    };
    let (one, other) = (read(one), read(other));
    BASE64_URL_SAFE_NO_PAD.encode::<[u8; 16]>(std::array::from_fn(|index| {
        one.get(index).unwrap_or(&0) ^ other.get(index).unwrap_or(&0)
    }))
}

impl Database {
    /// A head.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn head(&self, name: &str) -> Result<Option<ProofHead>, HubError> {
        let sql = format!("SELECT {COLUMNS} FROM chains WHERE name = ?");
        self.look(statement(self.backend(), &sql, vec![name.into()]))
            .await?
            .as_ref()
            .map(ProofHead::read)
            .transpose()
    }
}
