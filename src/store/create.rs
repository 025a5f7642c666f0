//! A submission of new rows alone, written at once: nothing has to be looked at between its first and its last table.

use sea_orm::DbBackend;

use crate::{
    error::HubError,
    store::{
        audit::{Place, begun},
        columns::{Arguments, Column, Type, mark, rows, width},
        database::Database,
        receipts::{Receipt, unaudited},
        texts::text,
        versions::{Author, NewVersion, SHARED, shared},
        write::{Change, columns, conflict, insert, layout},
    },
};

/// The one statement of PostgreSQL. What stands last in the list is written first, so rows come before the receipt, as in a
/// transaction. New rows are inserted in the order of their keys: two submissions do not wait for each other in a circle.
fn statement(family: &'static entity::catalogue::Family, single: bool) -> String {
    let backend = DbBackend::Postgres;
    let mut layout = layout(family);
    layout.push(("content", Type::Text));
    let first = width(backend, &layout) + 1;
    let param = |index: usize| mark(backend, first + index);
    let [family_name, department, region, at] = [param(0), param(2), param(3), param(5)];
    let [key, digest, answer] = [param(6), param(7), param(8)];
    format!(
        "WITH x AS (SELECT * FROM {rows}), \
         k AS (INSERT INTO receipts (department, region_code, idempotency_key, family, body_digest, answer, at) \
         VALUES ({department}, {region}, {key}, {family_name}, {digest}, {answer}, {begun})), \
         r AS ({insert}x ORDER BY ref COLLATE \"C\"), \
         v AS (INSERT INTO record_versions (record_id, version, action, content, changed, {SHARED}) \
         SELECT id, version, 'CREATED', content, '[]', {shared} FROM x RETURNING record_id, version) \
         INSERT INTO change_events (family, record_id, version, kind, at) \
         SELECT {family_name}, record_id, version, 'UPSERT', {at} FROM v",
        rows = rows(backend, &layout, 1, single),
        insert = insert(backend, family, first + 2, first + 5),
        shared = shared(backend, first),
        begun = begun(backend, first + 5, first + 9),
    )
}

impl Database {
    /// Writes new rows, the version and event of each, and the receipt, all or nothing. `versions` are those of `changes`,
    /// in the same order. There may be no rows at all: the receipt is kept even so. `entry` is the audit entry that the
    /// submission has begun.
    ///
    /// # Errors
    ///
    /// [`HubError::Conflict`] when another writer was faster, with a row or with the key, [`HubError::Unavailable`] when a
    /// crash took the entry away; nothing is written then.
    pub async fn create(
        &self,
        author: &Author<'_>,
        changes: &[Change],
        versions: &[NewVersion],
        (key, receipt): (&str, &Receipt),
        entry: &Place,
    ) -> Result<(), HubError> {
        let family = author.permit.family();
        if self.backend() != DbBackend::Postgres {
            let transaction = self.begin().await?;
            let written = async {
                transaction.insert(author.permit, changes, author.at).await?;
                transaction.append(author, family, versions).await?;
                transaction.keep(author.permit, key, receipt, author.at, entry).await
            };
            return match written.await {
                Ok(()) => transaction.commit().await,
                Err(error) => {
                    transaction.rollback().await;
                    Err(error)
                }
            };
        }
        let single = changes.len() == 1;
        let sql = text(self.backend(), family.table, "create", single, || statement(family, single));
        let mut columns = columns(family, changes);
        columns.push(Column::Texts(versions.iter().map(|version| Some(version.content.as_str())).collect()));
        let mut arguments = Arguments::new(self.backend());
        arguments.rows(&columns, single)?;
        author.add_to(&mut arguments, family)?;
        for text in [key, &receipt.body_digest, &receipt.answer] {
            arguments.text(text)?;
        }
        arguments.number(entry.seq)?;
        arguments.text(&entry.hash)?;
        self.run_with(sql, arguments).await.map(|_| ()).map_err(conflict).map_err(unaudited)
    }
}
