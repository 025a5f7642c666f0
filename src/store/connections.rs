//! Connections kept between statements.
//!
//! sqlx asks the server for a sign of life whenever a connection comes back to its pool, which is a round trip for every
//! statement outside a transaction. So the hub takes connections from that pool once and keeps them itself: the one used
//! last is used next, and only one that has been idle for a while is asked first. What is dropped in the middle of a
//! statement goes back to sqlx, which asks, or on SQLite is stopped and closed; what is dropped in the middle of a
//! transaction is closed.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sea_orm::{
    ConnAcquireErr, DbErr, RuntimeErr,
    sqlx::{self, Connection, Pool, pool::PoolConnection},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::store::{
    database::Limits,
    watch::{Watch, Watched},
};

/// A connection idle for longer is asked whether it is still there before it is used.
const FRESH: Duration = Duration::from_secs(1);
/// A connection idle for longer is not needed: it goes back to sqlx, which closes it in time.
const SPARE: Duration = Duration::from_secs(60);
/// A connection that is older goes back to sqlx, so that no session of the server grows for ever.
const LIFE: Duration = Duration::from_secs(30 * 60);

/// A bounded number of connections of one pool.
pub(super) struct Connections<D: Watched>(Arc<Shared<D>>);

struct Shared<D: Watched> {
    pool: Pool<D>,
    permits: Arc<Semaphore>,
    wait: Duration,
    statement: Duration,
    idle: Arc<Idle<D>>,
}

/// Idle connections, the one used last at the end.
struct Idle<D: Watched>(Mutex<Vec<Kept<D>>>);

struct Kept<D: Watched> {
    connection: PoolConnection<D>,
    watch: Arc<Watch>,
    born: Instant,
    used: Instant,
}

/// What may become of a connection that is dropped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// It is kept.
    Clean,
    /// The answer to a statement is not read to its end: sqlx looks after it.
    Asked,
    /// A transaction is open: it is closed, and the server forgets the transaction.
    Open,
}

/// A connection in use. Dropped, it is kept for the next use unless something on it is unfinished.
pub(super) struct Held<D: Watched> {
    kept: Option<Kept<D>>,
    state: State,
    home: Arc<Shared<D>>,
    // Last, so that the next in line finds the connection among the idle ones.
    _permit: OwnedSemaphorePermit,
}

impl<D: Watched> Clone for Connections<D> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<D: Watched> Connections<D> {
    /// At most so many connections of a pool at a time. When the pool is closed, idle ones are given back.
    pub(super) fn new(pool: Pool<D>, limits: Limits) -> Self {
        let idle = Arc::new(Idle(Mutex::new(Vec::new())));
        let (closed, watched) = (pool.close_event(), Arc::downgrade(&idle));
        tokio::spawn(async move {
            closed.await;
            watched.upgrade().inspect(|idle| idle.clear());
        });
        let permits = Arc::new(Semaphore::new(usize::try_from(limits.connections).unwrap_or(1)));
        Self(Arc::new(Shared { pool, permits, wait: limits.acquire, statement: limits.statement, idle }))
    }

    /// A connection, waited for no longer than the pool's time.
    ///
    /// # Errors
    ///
    /// [`DbErr::ConnectionAcquire`] when all are in use for too long, [`DbErr::Conn`] when the database does not answer.
    pub(super) async fn take(&self) -> Result<Held<D>, DbErr> {
        let late = || DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
        let home = &self.0;
        let permit =
            timeout(home.wait, Arc::clone(&home.permits).acquire_owned()).await.map_err(|_| late())?.map_err(|_| late())?;
        let mut held = Held { kept: home.idle.pop(), state: State::Clean, home: Arc::clone(home), _permit: permit };
        while let Some(kept) = &mut held.kept {
            if kept.used.elapsed() < FRESH {
                return Ok(held);
            }
            held.state = State::Asked;
            if matches!(timeout(home.wait, kept.connection.ping()).await, Ok(Ok(()))) {
                held.state = State::Clean;
                return Ok(held);
            }
            kept.connection.close_on_drop();
            held.kept = home.idle.pop();
        }
        let broken = |error| match error {
            sqlx::Error::PoolTimedOut => late(),
            sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
            other => DbErr::Conn(RuntimeErr::SqlxError(Arc::new(other))),
        };
        let mut connection = home.pool.acquire().await.map_err(broken)?;
        let watch = Watch::new(home.statement);
        D::watch(&mut connection, &watch).await.map_err(broken)?;
        let now = Instant::now();
        held.kept = Some(Kept { connection, watch, born: now, used: now });
        held.state = State::Clean;
        Ok(held)
    }
}

impl<D: Watched> Held<D> {
    /// The connection for one statement. Until [`Held::answered`] it counts as unfinished.
    ///
    /// # Errors
    ///
    /// [`DbErr::ConnectionAcquire`] after it was given up.
    pub(super) fn ask(&mut self) -> Result<&mut D::Connection, DbErr> {
        if self.state == State::Clean {
            self.state = State::Asked;
        }
        let gone = DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed);
        let kept = self.kept.as_mut().ok_or(gone)?;
        kept.watch.begin();
        Ok(&mut *kept.connection)
    }

    /// The answer to a statement was read to its end. After an error of the line itself the connection is not used again,
    /// nor are the idle ones without a question: what broke one has likely broken all.
    pub(super) fn answered<T>(&mut self, answer: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        if let Some(kept) = &self.kept {
            kept.watch.end();
        }
        let sound = match &answer {
            Ok(_) => true,
            // 57P: the server ends this session.
            Err(sqlx::Error::Database(fault)) => !fault.code().is_some_and(|code| code.starts_with("57P")),
            Err(_) => false,
        };
        if !sound {
            self.home.idle.clear();
        } else if self.state == State::Asked {
            self.state = State::Clean;
        }
        answer
    }

    /// A transaction is about to begin: from here on the connection is closed if it is dropped.
    pub(super) const fn opened(&mut self) {
        self.state = State::Open;
    }

    /// The transaction has ended.
    pub(super) const fn ended(&mut self) {
        self.state = State::Clean;
    }
}

impl<D: Watched> Drop for Held<D> {
    fn drop(&mut self) {
        let Some(mut kept) = self.kept.take() else { return };
        match self.state {
            State::Clean if kept.born.elapsed() < LIFE => {
                kept.used = Instant::now();
                self.home.idle.push(kept);
                // Looked at after the push: whoever closes the pool meanwhile waits for this connection.
                if self.home.pool.is_closed() {
                    self.home.idle.clear();
                }
            }
            State::Clean => drop(kept),
            State::Asked | State::Open => {
                kept.watch.stop();
                if self.state == State::Open || D::CLOSES {
                    kept.connection.close_on_drop();
                }
            }
        }
    }
}

impl<D: Watched> Idle<D> {
    fn pop(&self) -> Option<Kept<D>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn push(&self, kept: Kept<D>) {
        let mut idle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(kept);
        if idle.first().is_some_and(|oldest| oldest.used.elapsed() > SPARE) {
            idle.remove(0);
        }
    }

    fn clear(&self) {
        let idle = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        drop(idle);
    }
}
