//! The state of a touched row before the change: the hub checks whether its proof held then, so
//! that a row that somebody altered is not proved anew.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::columns::{Of, may, run};

/// Adds the column `before` to `rows_touched`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut column = may(manager, "before", Of::Text);
        manager
            .alter_table(
                Table::alter().table(Alias::new("rows_touched")).add_column(&mut column).to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The current triggers write to this column and are dropped with it; the hub installs those
        // of the earlier form again.
        if manager.get_database_backend() == DbBackend::Postgres {
            let each = "FOR own IN SELECT oid::regprocedure AS name FROM pg_proc WHERE proname LIKE 'touch\\_%' \
                        AND pronamespace = current_schema()::regnamespace LOOP";
            let drop = "EXECUTE format('DROP FUNCTION %s CASCADE', own.name)";
            run(
                manager,
                &format!("DO $$ DECLARE own record; BEGIN {each} {drop}; END LOOP; END $$"),
            )
            .await?;
        } else {
            let sql =
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'touched_%'";
            let connection = manager.get_connection();
            let rows = connection
                .query_all_raw(sea_orm_migration::sea_orm::Statement::from_string(
                    DbBackend::Sqlite,
                    sql,
                ))
                .await?;
            for row in rows {
                run(manager, &format!("DROP TRIGGER {}", row.try_get_by_index::<String>(0)?))
                    .await?;
            }
        }
        let column = Alias::new("before");
        manager
            .alter_table(
                Table::alter().table(Alias::new("rows_touched")).drop_column(column).to_owned(),
            )
            .await
    }
}
