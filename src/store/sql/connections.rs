//! Connections kept between statements.
//!
//! sqlx asks the server for a sign of life whenever a connection comes back to its pool, which is a
//! round trip for every statement outside a transaction. So the hub takes connections from that
//! pool once and keeps them itself: the one used last is used next, and only one that has been idle
//! for a while is asked first. What is dropped in the middle of a statement is asked before it is
//! used again, or on SQLite is stopped and closed; what is dropped in the middle of a transaction
//! is closed.
//!
//! Nothing on a connection is waited for longer than its bound. A line may be silent without being
//! closed, and nobody tells the hub: a connection that did not answer in time is let go of without
//! another word, and so are the idle ones, as what silenced one has likely silenced all.

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
use tokio_util::task::AbortOnDropHandle;

use crate::store::sql::{
    limits::PoolLimits,
    watch::{BoundedDatabase, StatementDeadline},
};

/// A connection idle for longer is asked whether it is still there before it is used.
const FRESH: Duration = Duration::from_secs(1);
/// A connection idle for longer is not needed: it is closed.
const SPARE: Duration = Duration::from_secs(60);
/// A connection that is older is closed, so that no session of the server grows for ever.
const LIFE: Duration = Duration::from_secs(30 * 60);
/// A connection that is asked whether it is there has so long to say so.
const SIGN: Duration = Duration::from_secs(2);

/// A bounded number of connections of one pool.
pub(in crate::store) struct Connections<D: BoundedDatabase>(Arc<PoolState<D>>);

struct PoolState<D: BoundedDatabase> {
    pool: Pool<D>,
    permits: Arc<Semaphore>,
    wait: Duration,
    statement: Duration,
    answer: Duration,
    idle: Arc<Idle<D>>,
}

/// Idle connections, the one used last at the end.
struct Idle<D: BoundedDatabase>(Mutex<Vec<IdleConnection<D>>>);

struct IdleConnection<D: BoundedDatabase> {
    connection: PoolConnection<D>,
    watch: Arc<StatementDeadline>,
    born: Instant,
    used: Instant,
}

/// What may become of a connection that is dropped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ConnectionState {
    /// It is kept.
    Clean,
    /// The answer to a statement is not read to its end: it is asked for a sign of life first.
    Asked,
    /// A transaction is open: it is closed, and the server forgets the transaction.
    Open,
    /// The line is broken or silent: it is let go of.
    Lost,
}

/// A connection in use. Dropped, it is kept for the next use unless something on it is unfinished.
pub(in crate::store) struct PooledConnection<D: BoundedDatabase> {
    kept: Option<IdleConnection<D>>,
    state: ConnectionState,
    home: Arc<PoolState<D>>,
    // Last, so that the next in line finds the connection among the idle ones.
    _slot: OwnedSemaphorePermit,
}

impl<D: BoundedDatabase> Clone for Connections<D> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<D: BoundedDatabase> Connections<D> {
    /// At most so many connections of a pool at a time. When the pool is closed, idle ones are
    /// given back.
    pub(in crate::store) fn new(pool: Pool<D>, limits: PoolLimits) -> Self {
        let idle = Arc::new(Idle(Mutex::new(Vec::new())));
        let (closed, watched) = (pool.close_event(), Arc::downgrade(&idle));
        tokio::spawn(async move {
            closed.await;
            watched.upgrade().inspect(|idle| idle.clear());
        });
        let permits = Arc::new(Semaphore::new(usize::try_from(limits.connections).unwrap_or(1)));
        let PoolLimits { acquire: wait, statement, answer, .. } = limits;
        Self(Arc::new(PoolState { pool, permits, wait, statement, answer, idle }))
    }

    /// A connection, waited for no longer than the pool's time.
    ///
    /// # Errors
    ///
    /// [`DbErr::ConnectionAcquire`] when all are in use for too long, [`DbErr::Conn`] when the
    /// database does not answer.
    pub(in crate::store) async fn take(&self) -> Result<PooledConnection<D>, DbErr> {
        let late = || DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
        let home = &self.0;
        let slot = timeout(home.wait, Arc::clone(&home.permits).acquire_owned())
            .await
            .map_err(|_| late())?
            .map_err(|_| late())?;
        let mut held = PooledConnection {
            kept: home.idle.pop(),
            state: ConnectionState::Clean,
            home: Arc::clone(home),
            _slot: slot,
        };
        if let Some(kept) = &mut held.kept {
            if kept.used.elapsed() < FRESH {
                return Ok(held);
            }
            held.state = ConnectionState::Lost;
            if matches!(timeout(SIGN.min(home.wait), kept.connection.ping()).await, Ok(Ok(()))) {
                held.state = ConnectionState::Clean;
                return Ok(held);
            }
            held.let_go();
            home.idle.let_go();
        }
        // In a task of its own: opening a connection, with TLS too, takes much of a stack, and whoever
        // waits for it may be deep in one.
        let making = Arc::clone(home);
        let making = AbortOnDropHandle::new(tokio::spawn(async move { making.made().await }));
        let made = timeout(home.wait, making).await.map_err(|_| late())?;
        held.kept = Some(made.unwrap_or_else(|_| Err(late()))?);
        held.state = ConnectionState::Clean;
        Ok(held)
    }
}

impl<D: BoundedDatabase> PoolState<D> {
    /// A new connection.
    async fn made(&self) -> Result<IdleConnection<D>, DbErr> {
        let broken = |error| match error {
            sqlx::Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
            sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
            other => DbErr::Conn(RuntimeErr::SqlxError(Arc::new(other))),
        };
        let mut connection = self.pool.acquire().await.map_err(broken)?;
        let watch = StatementDeadline::new(self.statement);
        D::watch(&mut connection, &watch).await.map_err(broken)?;
        let now = Instant::now();
        Ok(IdleConnection { connection, watch, born: now, used: now })
    }

    /// Keeps a connection for the next use. Looked at after the push: whoever closes the pool
    /// meanwhile waits for it.
    fn keep(&self, mut kept: IdleConnection<D>) {
        if kept.born.elapsed() > LIFE {
            kept.connection.close_on_drop();
            return;
        }
        kept.used = Instant::now();
        self.idle.push(kept);
        if self.pool.is_closed() {
            self.idle.clear();
        }
    }
}

impl<D: BoundedDatabase> PooledConnection<D> {
    /// The connection for one statement. Until [`PooledConnection::answered`] it counts as
    /// unfinished.
    ///
    /// # Errors
    ///
    /// [`DbErr::ConnectionAcquire`] after it was given up.
    pub(in crate::store) fn ask(&mut self) -> Result<&mut D::Connection, DbErr> {
        if self.state == ConnectionState::Clean {
            self.state = ConnectionState::Asked;
        }
        let gone = DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed);
        let kept = self.kept.as_mut().ok_or(gone)?;
        kept.watch.begin();
        Ok(&mut *kept.connection)
    }

    /// How long an answer is waited for.
    pub(in crate::store) fn patience(&self) -> Duration {
        self.home.answer
    }

    /// The answer to a statement was read to its end, or did not come in time. After an error of
    /// the line itself the connection is not used again, nor are the idle ones: what broke one has
    /// likely broken all.
    pub(in crate::store) fn answered<T>(
        &mut self,
        answer: Result<T, sqlx::Error>,
    ) -> Result<T, sqlx::Error> {
        if let Some(kept) = &self.kept {
            kept.watch.end();
        }
        let sound = match &answer {
            Ok(_) => true,
            // 57P, 25P03: the server ends this session.
            Err(sqlx::Error::Database(fault)) => !fault
                .code()
                .is_some_and(|code| code.starts_with("57P") || code.as_ref() == "25P03"),
            Err(_) => false,
        };
        if !sound {
            self.state = ConnectionState::Lost;
            self.home.idle.let_go();
        } else if self.state == ConnectionState::Asked {
            self.state = ConnectionState::Clean;
        }
        answer
    }

    /// Gives the connection up without another word to the other end.
    fn let_go(&mut self) {
        if let Some(kept) = self.kept.take() {
            kept.watch.stop();
            drop(kept.connection.detach());
        }
    }

    /// A transaction is about to begin: from here on the connection is closed if it is dropped.
    pub(in crate::store) const fn opened(&mut self) {
        self.state = ConnectionState::Open;
    }

    /// The transaction has ended.
    pub(in crate::store) const fn ended(&mut self) {
        self.state = ConnectionState::Clean;
    }
}

impl<D: BoundedDatabase> Drop for PooledConnection<D> {
    fn drop(&mut self) {
        match self.state {
            ConnectionState::Clean => {
                if let Some(kept) = self.kept.take() {
                    self.home.keep(kept);
                }
            }
            ConnectionState::Lost => self.let_go(),
            ConnectionState::Asked | ConnectionState::Open => {
                let Some(mut kept) = self.kept.take() else { return };
                kept.watch.stop();
                if self.state == ConnectionState::Open || D::CLOSES {
                    kept.connection.close_on_drop();
                    return;
                }
                let (home, patience) = (Arc::clone(&self.home), self.patience());
                let asked = async move {
                    if matches!(timeout(patience, kept.connection.ping()).await, Ok(Ok(()))) {
                        home.keep(kept);
                    } else {
                        drop(kept.connection.detach());
                    }
                };
                // Without a runtime the connection goes with it.
                if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                    runtime.spawn(asked);
                }
            }
        }
    }
}

impl<D: BoundedDatabase> Idle<D> {
    fn pop(&self) -> Option<IdleConnection<D>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn push(&self, kept: IdleConnection<D>) {
        let mut idle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(kept);
        let spare = idle
            .first()
            .is_some_and(|oldest| oldest.used.elapsed() > SPARE)
            .then(|| idle.remove(0));
        drop(idle);
        if let Some(mut kept) = spare {
            kept.connection.close_on_drop();
        }
    }

    fn taken(&self) -> Vec<IdleConnection<D>> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Gives all back to the pool, which is being closed.
    fn clear(&self) {
        drop(self.taken());
    }

    /// Gives all up without another word to the other end.
    fn let_go(&self) {
        for kept in self.taken() {
            drop(kept.connection.detach());
        }
    }
}
