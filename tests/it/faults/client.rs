//! One HTTP request on a connection of its own: answered whole, or not at all.

use std::{net::SocketAddr, time::Duration};

use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::{
    body::{Bytes, Incoming},
    client::conn::http1,
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, task::JoinHandle, time::timeout};

/// No request may take longer, whatever happens to the hub.
const PATIENCE: Duration = Duration::from_secs(60);

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// The connection broke before the answer was whole: what became of the request is unknown.
#[derive(Clone, Copy, Debug)]
pub struct Broken;

/// Sends a request and reads the whole answer.
pub async fn send(address: SocketAddr, request: Request<Full<Bytes>>) -> Result<Answer, Broken> {
    let exchange = async {
        let stream = TcpStream::connect(address).await.map_err(|_| Broken)?;
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|_| Broken)?;
        let connection = tokio::spawn(connection);
        let answer = async {
            let (parts, body) =
                sender.send_request(request).await.map_err(|_| Broken)?.into_parts();
            let body = body.collect().await.map_err(|_| Broken)?.to_bytes().to_vec();
            Ok(Answer { status: parts.status, headers: parts.headers, body })
        };
        let answer = answer.await;
        connection.abort();
        answer
    };
    timeout(PATIENCE, exchange).await.expect("the hub answers or hangs up")
}

/// An answer that goes on and on.
pub struct Stream {
    body: Incoming,
    connection: JoinHandle<Result<(), hyper::Error>>,
}

impl Stream {
    /// The next piece.
    pub async fn piece(&mut self) -> Result<Bytes, Broken> {
        loop {
            let frame = self.body.frame().await.ok_or(Broken)?.map_err(|_| Broken)?;
            if let Ok(piece) = frame.into_data() {
                return Ok(piece);
            }
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

/// Sends a request whose answer is a stream.
pub async fn open(
    address: SocketAddr,
    request: Request<Full<Bytes>>,
) -> Result<(StatusCode, Stream), Broken> {
    let stream = TcpStream::connect(address).await.map_err(|_| Broken)?;
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|_| Broken)?;
    let connection = tokio::spawn(connection);
    let answer =
        timeout(PATIENCE, sender.send_request(request)).await.expect("the hub answers or hangs up");
    let (parts, body) = answer.map_err(|_| Broken)?.into_parts();
    Ok((parts.status, Stream { body, connection }))
}
