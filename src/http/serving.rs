//! Connections: so many at a time, each given up when its client dawdles, and all ended in order
//! when the hub is told to stop.

use std::{io, sync::Arc, time::Duration};

use axum::Router;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto::Builder,
        graceful::{GracefulShutdown, Watcher},
    },
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_rustls::server::TlsStream;

use crate::{
    error::redacted,
    http::{line::GuardedStream, tls::ServerTls},
};

/// What clients may take of the hub.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Connections at the same time; others wait in line with the system.
    pub connections: usize,
    /// Time for a client to say what it wants, and to take what it is given.
    pub patience: Duration,
    /// Time for what is under way when the hub is told to stop.
    pub farewell: Duration,
}

/// Serves until told to stop, then finishes what has begun.
pub async fn serve(
    listener: TcpListener,
    tls: Option<ServerTls>,
    router: Router,
    bounds: Bounds,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(bounds.connections));
    let open = GracefulShutdown::new();
    let service = TowerToHyperService::new(router);
    let accepting = async {
        loop {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            let Some(stream) = accepted(listener.accept().await.map(|(stream, _)| stream)).await
            else {
                continue;
            };
            let stream = GuardedStream::new(stream, bounds.patience);
            let (service, watcher, tls) = (service.clone(), open.watcher(), tls.clone());
            tokio::spawn(async move {
                let outcome = match &tls {
                    None => answered(stream, service, watcher, bounds.patience).await,
                    Some(tls) => match greeted(tls, stream, bounds.patience).await {
                        Ok(stream) => answered(stream, service, watcher, bounds.patience).await,
                        Err(error) => Err(error.into()),
                    },
                };
                // A client that goes away, dawdles or speaks no HTTP is no fault of the hub.
                if let Err(error) = outcome {
                    tracing::debug!(error = redacted(error.as_ref()), "a connection ended early");
                }
                drop(place);
            });
        }
    };
    tokio::select! {
        () = accepting => {}
        () = stop => {}
    }
    drop(listener);
    if tokio::time::timeout(bounds.farewell, open.shutdown()).await.is_err() {
        tracing::warn!("stopped with connections still open");
    }
}

/// A TLS connection, if the client opens one in time.
async fn greeted(
    tls: &ServerTls,
    stream: GuardedStream,
    patience: Duration,
) -> io::Result<TlsStream<GuardedStream>> {
    let greeting = tls.acceptor().accept(stream);
    tokio::time::timeout(patience, greeting)
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// Answers what comes over a connection.
async fn answered(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    service: TowerToHyperService<Router>,
    watcher: Watcher,
    patience: Duration,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let connection = builder(patience)
        .serve_connection_with_upgrades(TokioIo::new(stream), service)
        .into_owned();
    watcher.watch(connection).await
}

/// A connection that was accepted. Where the system has no room for another, it is asked again
/// after a moment.
async fn accepted(outcome: io::Result<TcpStream>) -> Option<TcpStream> {
    match outcome {
        Ok(stream) => Some(stream),
        Err(error) => {
            use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
            if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
                tracing::error!(error = redacted(&error), "no connection can be accepted");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            None
        }
    }
}

fn builder(patience: Duration) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(patience);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(patience)
        .keep_alive_timeout(patience)
        .enable_connect_protocol();
    builder
}
