//! What an error of the database means: that it is away, that its disk is full, that others were
//! faster, or a fault of ours.

use std::error::Error;

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{self, error::DatabaseError},
};

/// Primary codes of SQLite: busy, locked, read-only, stopped, input or output failed, disk full,
/// file does not open.
const SQLITE: [u32; 7] = [5, 6, 8, 9, 10, 13, 14];
/// Those of them that are about the disk.
const SQLITE_DISK: [u32; 2] = [10, 13];
/// Those of them that pass.
const SQLITE_BUSY: [u32; 2] = [5, 6];
/// Primary code of SQLite: the file may be read only.
const SQLITE_STANDBY: [u32; 1] = [8];
/// Classes of PostgreSQL: the connection, out of resources, told to cancel or to stop, the system
/// it runs on; a transaction that was left open too long.
const POSTGRES: [&str; 5] = ["08", "53", "57", "58", "25P03"];
/// Codes of PostgreSQL that takes no writes: it only reads, or it is a standby and follows another.
const POSTGRES_STANDBY: [&str; 2] = ["25006", "55000"];
/// Codes of PostgreSQL about the disk.
const POSTGRES_DISK: [&str; 2] = ["53100", "58030"];

/// The error of the driver behind one of sea-orm.
fn sqlx_of(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Query(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Conn(RuntimeErr::SqlxError(cause)) => Some(cause),
        _ => None,
    }
}

/// What the database said, if it was the database that said something.
fn said(error: &DbErr) -> Option<&dyn DatabaseError> {
    sqlx_of(error)?.as_database_error()
}

/// Whether the code of what the database said is one of these. Those of PostgreSQL have five
/// letters, those of SQLite, which say more in their upper bits, fewer.
fn is_one_of(fault: &dyn DatabaseError, sqlite: &[u32], postgres: &[&str]) -> bool {
    let Some(code) = fault.code() else { return false };
    if code.len() == 5 {
        return postgres.iter().any(|class| code.starts_with(class));
    }
    code.parse::<u32>().is_ok_and(|code| sqlite.contains(&(code & 0xff)))
}

/// Whether PostgreSQL gave up one of several transactions that wait for each other, or one that may
/// not wait for long: the same work may be tried again.
pub(super) fn is_overtaken(error: &DbErr) -> bool {
    said(error).is_some_and(|fault| is_one_of(fault, &[], &["40001", "40P01", "55P03"]))
}

/// Whether the database is away, busy, out of space or has cancelled the statement, as against a
/// wrong statement.
pub(super) fn is_outage(error: &DbErr) -> bool {
    if matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) {
        return true;
    }
    if let Some(fault) = said(error) {
        return is_one_of(fault, &SQLITE, &POSTGRES) || is_standby(fault);
    }
    matches!(
        sqlx_of(error),
        Some(
            sqlx::Error::Io(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
        )
    )
}

/// Whether waiting is of no use: a wrong password, a database that is not there, an address that
/// cannot be read, a file that does not open.
pub(super) fn lasts(cause: &(dyn Error + Send + Sync + 'static)) -> bool {
    let Some(error) = cause.downcast_ref::<DbErr>() else { return false };
    match said(error) {
        Some(fault) => !is_one_of(fault, &SQLITE_BUSY, &POSTGRES),
        None => matches!(sqlx_of(error), Some(sqlx::Error::Configuration(_) | sqlx::Error::Tls(_))),
    }
}

/// Whether the database takes no writes. What a standby says of numbers for transactions has no
/// code of its own, and is never translated.
fn is_standby(fault: &dyn DatabaseError) -> bool {
    is_one_of(fault, &SQLITE_STANDBY, &POSTGRES_STANDBY)
        || (fault.code().is_some_and(|code| code == "XX000")
            && fault.message().contains("during recovery"))
}

/// Whether the database could not write to its disk.
pub(super) fn of_disk(cause: &(dyn Error + Send + Sync + 'static)) -> bool {
    root(cause).and_then(said).is_some_and(|fault| is_one_of(fault, &SQLITE_DISK, &POSTGRES_DISK))
}

/// Whether the database takes no writes now; it has let the hub in to say so.
pub(super) fn of_standby(cause: &(dyn Error + Send + Sync + 'static)) -> bool {
    let root = root(cause).filter(|error| !matches!(error, DbErr::Conn(_)));
    root.and_then(said).is_some_and(is_standby)
}

/// The error of the database, wherever in the chain of causes.
fn root<'a>(cause: &'a (dyn Error + Send + Sync + 'static)) -> Option<&'a DbErr> {
    let mut cause: Option<&'a (dyn Error + 'static)> = Some(cause);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<DbErr>() {
            return Some(error);
        }
        cause = error.source();
    }
    None
}
