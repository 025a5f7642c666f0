//! Keyed digests of versions, events, receipts and rows, and the heads of the chains they form. The
//! digests themselves are computed by the hub, which has the key.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{DbBackend, Statement},
};

use crate::columns::{Of, drop_tables, index, may, need, run};

/// Adds the columns of digests and the tables `chains`, `row_proofs` and `rows_touched`.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Table and column; existing rows have no value until the hub computes it.
const COLUMNS: [(&str, &str); 5] = [
    // The part of a row that remains when it is withdrawn or moved.
    ("record_versions", "kept"),
    ("record_versions", "mac"),
    ("change_events", "mac"),
    ("receipts", "request_id"),
    ("receipts", "mac"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, name) in COLUMNS {
            let mut column = may(manager, name, Of::Text);
            manager
                .alter_table(
                    Table::alter().table(Alias::new(table)).add_column(&mut column).to_owned(),
                )
                .await?;
        }
        let create = |name: &str, columns: &[(&str, Of)]| {
            let mut table = Table::create();
            table.table(Alias::new(name));
            for (name, of) in columns {
                table.col(need(manager, name, *of));
            }
            table
        };
        let heads = [
            ("name", Of::Text),
            ("start", Of::BigInt),
            ("turn", Of::BigInt),
            ("position", Of::BigInt),
            ("count", Of::BigInt),
            ("head", Of::Text),
            ("mac", Of::Text),
        ];
        let mut chains = create("chains", &heads);
        manager
            .create_table(chains.primary_key(Index::create().col(Alias::new("name"))).to_owned())
            .await?;
        let mut proofs = create(
            "row_proofs",
            &[("table_name", Of::Text), ("row_key", Of::Text), ("mac", Of::Text)],
        );
        proofs
            .primary_key(Index::create().col(Alias::new("table_name")).col(Alias::new("row_key")));
        manager.create_table(proofs).await?;
        // Rows that were written in a transaction and get their digest at its end.
        let touched = match manager.get_database_backend() {
            DbBackend::Postgres => {
                "CREATE TABLE rows_touched (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
                 turn bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint), \
                 table_name text COLLATE \"C\" NOT NULL, row_key text COLLATE \"C\" NOT NULL)"
            }
            _ => {
                "CREATE TABLE rows_touched (id integer PRIMARY KEY AUTOINCREMENT, turn bigint NOT NULL DEFAULT 0, \
                 table_name text NOT NULL, row_key text NOT NULL)"
            }
        };
        run(manager, touched).await?;
        index(manager, "rows_touched", &["turn"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The hub installs triggers that record touched rows; they must be dropped before the
        // tables they write to.
        if manager.get_database_backend() == DbBackend::Postgres {
            run(manager, "DROP FUNCTION IF EXISTS touch_row() CASCADE").await?;
        } else {
            let sql =
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'touched_%'";
            let connection = manager.get_connection();
            let rows =
                connection.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await?;
            for row in rows {
                run(manager, &format!("DROP TRIGGER {}", row.try_get_by_index::<String>(0)?))
                    .await?;
            }
        }
        drop_tables(manager, &["chains", "row_proofs", "rows_touched"]).await?;
        for (table, name) in COLUMNS.into_iter().rev() {
            manager
                .alter_table(
                    Table::alter()
                        .table(Alias::new(table))
                        .drop_column(Alias::new(name))
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }
}
