//! Column types that behave the same on both databases, and the table of a record family.
//!
//! Text compares by bytes on both (PostgreSQL by `COLLATE "C"`), so that orders, prefixes and
//! cursors agree.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

/// Type of a column.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    /// Text in UTF-8, compared by bytes.
    Text,
    /// Whole number of 32 bits.
    Int,
    /// Whole number of 64 bits.
    BigInt,
    /// Yes or no.
    Bool,
    /// Calendar day without time zone.
    Date,
    /// Instant in UTC.
    Instant,
    /// Binary value, such as a sealed field.
    Bytes,
    /// Identifier, such as that of a record.
    Id,
}

/// A column that must have a value.
#[must_use]
pub fn need(manager: &SchemaManager, name: &str, of: Of) -> ColumnDef {
    typed(manager, name, of).not_null().take()
}

/// A column that may be empty.
#[must_use]
pub fn may(manager: &SchemaManager, name: &str, of: Of) -> ColumnDef {
    typed(manager, name, of).null().take()
}

fn typed(manager: &SchemaManager, name: &str, of: Of) -> ColumnDef {
    let mut column = ColumnDef::new(Alias::new(name));
    match of {
        Of::Text if manager.get_database_backend() == DbBackend::Postgres => {
            column.custom(Alias::new("text COLLATE \"C\""))
        }
        Of::Text => column.text(),
        Of::Int => column.integer(),
        Of::BigInt => column.big_integer(),
        Of::Bool => column.boolean(),
        Of::Date => column.date(),
        Of::Instant => column.timestamp_with_time_zone(),
        Of::Bytes => column.blob(),
        Of::Id => column.uuid(),
    };
    column
}

/// Creates the table of a record family: the system columns, its own, and its indexes.
///
/// # Errors
///
/// Whatever the database says.
pub async fn create_family(
    manager: &SchemaManager<'_>,
    table: &str,
    own: &[(&str, Of, bool)],
    indexes: &[&[&str]],
) -> Result<(), DbErr> {
    let mut create = Table::create();
    create
        .table(Alias::new(table))
        .col(need(manager, "id", Of::Id).primary_key())
        .col(need(manager, "ref", Of::Text).unique_key())
        .col(need(manager, "department", Of::Text))
        .col(need(manager, "source_system", Of::Text))
        .col(need(manager, "version", Of::Int))
        .col(need(manager, "fingerprint", Of::Text))
        .col(may(manager, "findings", Of::Text))
        .col(need(manager, "created_at", Of::Instant))
        .col(need(manager, "updated_at", Of::Instant))
        .col(may(manager, "withdrawn_at", Of::Instant))
        .col(may(manager, "record_key", Of::Int));
    for (name, of, required) in own {
        let mut column = if *required { need(manager, name, *of) } else { may(manager, name, *of) };
        create.col(&mut column);
    }
    manager.create_table(create).await?;
    keyless(manager, table).await?;
    for columns in indexes {
        index(manager, table, columns).await?;
    }
    Ok(())
}

/// Creates the index of rows without a record key. It is small when all rows have one, so that
/// looking for such rows costs nothing.
///
/// # Errors
///
/// Whatever the database says.
pub async fn keyless(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    run(
        manager,
        &format!("CREATE INDEX ix_{table}_keyless ON {table} (ref) WHERE record_key IS NULL"),
    )
    .await
}

/// Adds the natural key without its mark, computed by the database, with an index of the few rows
/// that have a mark; for a family that others refer to by number, also an index of all rows.
/// Migrations that create families later call it too.
///
/// # Errors
///
/// Whatever the database says.
pub async fn number_key(
    manager: &SchemaManager<'_>,
    table: &str,
    named: bool,
) -> Result<(), DbErr> {
    let made = if manager.get_database_backend() == DbBackend::Postgres {
        "text COLLATE \"C\" GENERATED ALWAYS AS (split_part(ref, chr(31), 1)) STORED"
    } else {
        "TEXT GENERATED ALWAYS AS (substr(ref, 1, instr(ref || char(31), char(31)) - 1)) VIRTUAL"
    };
    run(manager, &format!("ALTER TABLE {table} ADD COLUMN number_ref {made}")).await?;
    run(
        manager,
        &format!("CREATE INDEX ix_{table}_marked ON {table} (number_ref) WHERE number_ref <> ref"),
    )
    .await?;
    if named {
        index(manager, table, &["number_ref"]).await?;
    }
    Ok(())
}

/// Removes that column and its indexes.
///
/// # Errors
///
/// Whatever the database says.
pub async fn drop_number_key(
    manager: &SchemaManager<'_>,
    table: &str,
    named: bool,
) -> Result<(), DbErr> {
    if named {
        run(manager, &format!("DROP INDEX ix_{table}_number_ref")).await?;
    }
    run(manager, &format!("DROP INDEX ix_{table}_marked")).await?;
    run(manager, &format!("ALTER TABLE {table} DROP COLUMN number_ref")).await
}

/// Creates the indexes by which a page of one region is read in its order, of rows that are not
/// withdrawn: by identifier, by last change, and by each of these columns, those of the orders that
/// the declaration calls `indexed`. Migrations that create families later call it too.
///
/// # Errors
///
/// Whatever the database says.
pub async fn region_orders(
    manager: &SchemaManager<'_>,
    table: &str,
    orders: &[&str],
) -> Result<(), DbErr> {
    // PostgreSQL would read a page in the order of identifiers by the primary key, through all
    // regions: their bytes sort the same, and no other index knows them.
    let bytes = manager.get_database_backend() == DbBackend::Postgres;
    for (name, columns) in region_order_names(table, orders) {
        let columns = match columns.as_str() {
            "region_code, id" if bytes => "region_code, uuid_send(id)",
            other => other,
        };
        let of = format!("{table} ({columns}) WHERE withdrawn_at IS NULL");
        run(manager, &format!("CREATE INDEX {name} ON {of}")).await?;
    }
    Ok(())
}

/// Removes those indexes.
///
/// # Errors
///
/// Whatever the database says.
pub async fn drop_region_orders(
    manager: &SchemaManager<'_>,
    table: &str,
    orders: &[&str],
) -> Result<(), DbErr> {
    for (name, _) in region_order_names(table, orders) {
        run(manager, &format!("DROP INDEX {name}")).await?;
    }
    Ok(())
}

fn region_order_names(table: &str, orders: &[&str]) -> Vec<(String, String)> {
    let by_id = (format!("ix_{table}_page_id"), "region_code, id".to_owned());
    let by =
        |column: &&str| (format!("ix_{table}_page_{column}"), format!("region_code, {column}, id"));
    std::iter::once(by_id).chain(["updated_at"].iter().chain(orders).map(by)).collect()
}

/// Creates an index named after its table and columns.
///
/// # Errors
///
/// Whatever the database says.
pub async fn index(
    manager: &SchemaManager<'_>,
    table: &str,
    columns: &[&str],
) -> Result<(), DbErr> {
    let mut create = Index::create();
    create.name(format!("ix_{table}_{}", columns.join("_"))).table(Alias::new(table));
    for column in columns {
        create.col(Alias::new(*column));
    }
    manager.create_index(create).await
}

/// Drops tables, last first.
///
/// # Errors
///
/// Whatever the database says.
pub async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    for table in tables.iter().rev() {
        manager.drop_table(Table::drop().table(Alias::new(*table)).to_owned()).await?;
    }
    Ok(())
}

/// Runs one statement.
///
/// # Errors
///
/// Whatever the database says.
pub async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    manager.get_connection().execute_unprepared(sql).await.map(|_| ())
}
