//! A keep-alive HTTP/1.1 client that does as little as possible, so that it measures the server and
//! not itself.

use anyhow::{Context as _, bail};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// One connection.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    /// Connects to `host:port`.
    pub async fn connect(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("nobody listens on {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(256 * 1024) })
    }

    /// Sends a whole request and returns the body of its answer, which must have status 200.
    pub async fn send(&mut self, request: &[u8]) -> anyhow::Result<&[u8]> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let (head, length) = loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the server closed the connection");
            }
            if let Some(at) = self.buffer.windows(4).position(|part| part == b"\r\n\r\n") {
                let head = std::str::from_utf8(self.buffer.get(..at).unwrap_or_default())?;
                if !head.starts_with("HTTP/1.1 200") {
                    bail!(
                        "{head}\n{}",
                        String::from_utf8_lossy(self.buffer.get(at..).unwrap_or_default())
                    );
                }
                break (at + 4, length(head)?);
            }
        };
        while self.buffer.len() < head + length {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the answer ended early");
            }
        }
        self.buffer.get(head..head + length).context("the answer is whole")
    }
}

fn length(head: &str) -> anyhow::Result<usize> {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .with_context(|| format!("no length in {head}"))
}

/// A `GET` as sent.
pub fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n").into_bytes()
}

/// A `POST` of JSON as sent, with a token where one is given.
pub fn post(path: &str, token: &str, body: &serde_json::Value) -> Vec<u8> {
    let body = body.to_string();
    let authorization =
        if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") };
    format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\n{authorization}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
