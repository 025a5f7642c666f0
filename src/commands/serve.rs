//! `lianfang serve`: serves until it is signalled to stop, then finishes what it has begun.

use std::{
    pin::pin,
    sync::{Arc, OnceLock},
    time::Duration,
};

use lianfang::{
    feed::Feed,
    http::{
        door::Door,
        serving::{self, Bounds},
        tls::ServerTls,
    },
};
use tokio::net::TcpListener;

use crate::commands::{options::ResolvedOptions, say};

/// Time that live connections have for closing.
const FAREWELL: Duration = Duration::from_secs(10);

/// Serves until a signal arrives.
pub async fn run(settled: &ResolvedOptions) -> anyhow::Result<()> {
    let tls = settled.tls()?;
    let listener = TcpListener::bind(&settled.configuration.listen).await?;
    let address = listener.local_addr()?;
    settled.refuse_plain(address, tls.is_some())?;
    at_the_size_limit()?;
    // Until the database is available, the door answers that it is not.
    let door = Door::default();
    let feed = Arc::new(OnceLock::<Feed>::new());
    // Streams never end by themselves, and the server does not track WebSockets after the upgrade.
    let closing = Arc::clone(&feed);
    let stop = async move {
        told_to_stop().await;
        tokio::spawn(async move {
            if let Some(feed) = closing.get() {
                feed.limiter().close(FAREWELL).await;
            }
        });
    };
    let bounds = Bounds {
        connections: settled.settings.connections,
        patience: settled.settings.patience,
        farewell: settled.settings.timeout + settled.settings.patience,
    };
    let mut serving = pin!(serving::serve(listener, tls.clone(), door.router(), bounds, stop));
    let (router, services) = tokio::select! {
        hub = settled.hub() => hub?,
        () = &mut serving => return Ok(()),
    };
    let _ = feed.set(services.feed.clone());
    door.open(router);
    let scheme = if tls.is_some() { "https" } else { "http" };
    say(format_args!("联防已启动 listening on {scheme}://{address}"))?;
    tokio::select! {
        () = &mut serving => {}
        () = renewed(tls.as_ref()) => {}
    }
    services.feed.limiter().close(FAREWELL).await;
    // What was ordered and goes on: a search for leads is kept whole or not at all.
    services.tasks.close();
    let _ = tokio::time::timeout(FAREWELL, services.tasks.wait()).await;
    tracing::info!("stopped");
    Ok(())
}

/// Reads a changed certificate, without end.
async fn renewed(tls: Option<&ServerTls>) {
    match tls {
        Some(tls) => tls.renew().await,
        None => std::future::pending().await,
    }
}

/// A write beyond the permitted size of a file (`ulimit -f`, systemd's `LimitFSIZE`) returns an
/// error like that of a full disk, but also raises a signal that ends the process unless it is
/// handled.
fn at_the_size_limit() -> std::io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        /// Number of the signal `SIGXFSZ` on Linux.
        const SIZE: i32 = 25;
        let mut signal =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::from_raw(SIZE))?;
        tokio::spawn(async move { while signal.recv().await.is_some() {} });
    }
    Ok(())
}

async fn told_to_stop() {
    let interrupt = async {
        // Without a handler the signal ends the process at once, which is safe too.
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        if let Ok(mut signal) =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        {
            signal.recv().await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
    tracing::info!("stopping: finishing what has begun");
}
