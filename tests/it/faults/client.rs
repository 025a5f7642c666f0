//! One HTTP request on a connection of its own: answered whole, or not at all.

use std::{net::SocketAddr, time::Duration};

use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};

/// No request may take longer, whatever happens to the hub.
const PATIENCE: Duration = Duration::from_secs(60);

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub body: Vec<u8>,
}

/// The connection broke before the answer was whole: what became of the request is unknown.
#[derive(Clone, Copy, Debug)]
pub struct Broken;

/// Sends a request and reads the whole answer.
pub async fn send(address: SocketAddr, request: Request<Full<Bytes>>) -> Result<Answer, Broken> {
    let exchange = async {
        let stream = TcpStream::connect(address).await.map_err(|_| Broken)?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|_| Broken)?;
        let connection = tokio::spawn(connection);
        let answer = async {
            let (parts, body) = sender.send_request(request).await.map_err(|_| Broken)?.into_parts();
            let body = body.collect().await.map_err(|_| Broken)?.to_bytes().to_vec();
            Ok(Answer { status: parts.status, body })
        };
        let answer = answer.await;
        connection.abort();
        answer
    };
    timeout(PATIENCE, exchange).await.expect("the hub answers or hangs up")
}
