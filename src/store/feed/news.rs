//! That change events were committed: told within the process after every commit that wrote some,
//! and on PostgreSQL from hub to hub. Nothing is said of what they hold, and nothing is lost with a
//! message: whoever waits looks by itself too.

use std::time::Duration;

use sea_orm::{
    DbBackend, Statement,
    sqlx::{
        self,
        postgres::{PgListener, PgPoolOptions},
    },
};
use tokio::{sync::watch, time::timeout};

use crate::{error::HubError, store::sql::database::Database};

const CHANNEL: &str = "lianfang_changes";
/// A line on which nothing was said for so long may be broken.
const QUIET: Duration = Duration::from_secs(15);
/// An answer is waited for so long.
const ANSWER: Duration = Duration::from_secs(5);

/// Hears what other hubs on the same PostgreSQL say, on a connection of its own. After the
/// connection was lost it makes another by itself.
pub struct Listener(PgListener);

impl Listener {
    /// Waits until another hub, or this one, says that there is something new. Returns also after
    /// the connection was lost, as something may have been said meanwhile. Where nothing is said
    /// for a while it asks whether anybody is there.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when the database does not answer.
    pub async fn heard(&mut self) -> Result<(), HubError> {
        loop {
            if let Ok(heard) = timeout(QUIET, self.0.try_recv()).await {
                return heard.map(|_| ()).map_err(away);
            }
            in_time(sqlx::query("SELECT 1").execute(&mut self.0)).await?;
        }
    }
}

/// What the connection is asked, given up when no answer comes in time.
async fn in_time<T>(answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, HubError> {
    timeout(ANSWER, answer)
        .await
        .map_err(|_| HubError::Unavailable("nobody answers a listener".into()))?
        .map_err(away)
}

fn away(error: sqlx::Error) -> HubError {
    HubError::Unavailable(Box::new(error))
}

impl Database {
    /// Changes after every commit with events in this process.
    #[must_use]
    pub fn committed(&self) -> watch::Receiver<u64> {
        self.signal.heard()
    }

    /// Says to all hubs on the same PostgreSQL that there is something new. Not part of the
    /// transaction that wrote it: transactions that notify commit one after the other. SQLite has
    /// one hub.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when the database does not answer.
    pub async fn announce(&self) -> Result<(), HubError> {
        if self.backend() != DbBackend::Postgres {
            return Ok(());
        }
        self.look(Statement::from_string(
            self.backend(),
            format!("SELECT pg_notify('{CHANNEL}', '')"),
        ))
        .await
        .map(|_| ())
    }

    /// Begins to hear what is announced; on SQLite there is nothing to hear.
    ///
    /// # Errors
    ///
    /// [`HubError::Unavailable`] when the database does not answer.
    pub async fn listener(&self) -> Result<Option<Listener>, HubError> {
        if self.backend() != DbBackend::Postgres {
            return Ok(None);
        }
        let options = self.migrations().get_postgres_connection_pool().connect_options();
        let pool = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
        let pool = pool.connect_lazy_with(options.as_ref().clone());
        let mut listener = in_time(PgListener::connect_with(&pool)).await?;
        listener.ignore_pool_close_event(true);
        in_time(listener.listen(CHANNEL)).await?;
        Ok(Some(Listener(listener)))
    }
}
