//! What an error of the database means: that it is away, that its disk is full, that others were faster, or a fault of ours.

use std::error::Error;

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{self, error::DatabaseError},
};

/// Primary codes of SQLite: busy, locked, read-only, stopped, input or output failed, disk full, file does not open.
const SQLITE: [u32; 7] = [5, 6, 8, 9, 10, 13, 14];
/// Those of them that are about the disk.
const SQLITE_DISK: [u32; 2] = [10, 13];
/// Classes of PostgreSQL: the connection, out of resources, told to cancel or to stop, the system it runs on.
const POSTGRES: [&str; 4] = ["08", "53", "57", "58"];
/// Codes of PostgreSQL about the disk.
const POSTGRES_DISK: [&str; 2] = ["53100", "58030"];

/// What the database said, if it was the database that said something.
fn said(error: &DbErr) -> Option<&dyn DatabaseError> {
    let (DbErr::Query(RuntimeErr::SqlxError(cause)) | DbErr::Exec(RuntimeErr::SqlxError(cause))) = error else { return None };
    cause.as_database_error()
}

/// Whether the code of what the database said is one of these. Those of PostgreSQL have five letters, those of SQLite, which
/// say more in their upper bits, fewer.
fn is_one_of(fault: &dyn DatabaseError, sqlite: &[u32], postgres: &[&str]) -> bool {
    let Some(code) = fault.code() else { return false };
    if code.len() == 5 {
        return postgres.iter().any(|class| code.starts_with(class));
    }
    code.parse::<u32>().is_ok_and(|code| sqlite.contains(&(code & 0xff)))
}

/// Whether PostgreSQL gave up one of several transactions that wait for each other: the same work may be tried again.
pub(super) fn is_overtaken(error: &DbErr) -> bool {
    said(error).is_some_and(|fault| is_one_of(fault, &[], &["40001", "40P01"]))
}

/// Whether the database is away, busy, out of space or has cancelled the statement, as against a wrong statement.
pub(super) fn is_outage(error: &DbErr) -> bool {
    if let Some(fault) = said(error) {
        return is_one_of(fault, &SQLITE, &POSTGRES);
    }
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Query(RuntimeErr::SqlxError(cause)) | DbErr::Exec(RuntimeErr::SqlxError(cause)) => matches!(
            cause.as_ref(),
            sqlx::Error::Io(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
        ),
        _ => false,
    }
}

/// Whether the database could not write to its disk, wherever in the chain of causes it says so.
pub(super) fn of_disk(cause: &(dyn Error + Send + Sync + 'static)) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = Some(cause);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<DbErr>() {
            return said(error).is_some_and(|fault| is_one_of(fault, &SQLITE_DISK, &POSTGRES_DISK));
        }
        cause = error.source();
    }
    false
}
