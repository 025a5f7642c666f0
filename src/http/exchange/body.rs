//! A body on its way into an upload: decompressed, its digest checked, and abandoned when nothing
//! arrives for a while.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_compression::tokio::bufread::{GzipDecoder, ZstdDecoder};
use axum::{
    body::{Body, Bytes},
    http::StatusCode,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use futures_util::TryStreamExt as _;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio_util::io::StreamReader;

use crate::{
    error::{HubError, Text},
    exchange::intake::upload::damaged,
    http::{
        exchange::{ExchangeRequest, form},
        refusal::Refusal,
    },
};

/// An upload that receives nothing for this long is interrupted; it can continue later.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes read at a time.
const PIECE: usize = 64 * 1024;
/// A compressed body may expand to this many bytes, however short it is …
const FREE: u64 = 16 << 20;
/// … and beyond that to this many times the bytes sent.
const RATIO: u64 = 100;

/// A request body while it is read.
pub(super) struct Incoming {
    reader: Box<dyn AsyncRead + Send + Unpin>,
    sent: Arc<Mutex<Sent>>,
    /// Bytes after decompression.
    unpacked: u64,
    content: Option<Vec<u8>>,
    /// Digest of the whole file, if the sender stated it.
    pub(super) whole: Option<Vec<u8>>,
    piece: Vec<u8>,
}

/// The bytes as sent, before decompression.
#[derive(Default)]
struct Sent {
    digest: Sha256,
    bytes: u64,
}

/// Result of reading on.
pub(super) enum Next {
    /// Number of bytes now in [`Incoming::piece`].
    Piece(usize),
    /// The body is complete.
    End,
    /// The connection broke, or nothing arrived any more.
    Broken,
}

impl Incoming {
    /// The body of a request. With `plain`, a compressed body is refused, because offsets count
    /// decompressed bytes.
    pub(super) fn new(asked: &ExchangeRequest, body: Body, plain: bool) -> Result<Self, Refusal> {
        let content = digest(asked, "content-digest")?;
        let whole = digest(asked, "repr-digest")?;
        let sent = Arc::new(Mutex::new(Sent::default()));
        let hashed = Arc::clone(&sent);
        let stream =
            body.into_data_stream().map_err(io::Error::other).inspect_ok(move |bytes: &Bytes| {
                let mut sent = hashed.lock().unwrap_or_else(PoisonError::into_inner);
                sent.digest.update(bytes);
                sent.bytes += bytes.len() as u64;
            });
        let raw = StreamReader::new(Box::pin(stream));
        let reader: Box<dyn AsyncRead + Send + Unpin> = match asked.header("content-encoding") {
            None | Some("identity" | "") => Box::new(raw),
            Some("gzip" | "x-gzip") if !plain => {
                let mut decoder = GzipDecoder::new(raw);
                decoder.multiple_members(true);
                Box::new(decoder)
            }
            Some("zstd") if !plain => Box::new(ZstdDecoder::new(raw)),
            Some(_) => {
                let error = HubError::invalid(
                    "不支持该 Content-Encoding。整份上传可用 gzip 或 zstd；分段续传请不压缩。",
                    "This Content-Encoding is not taken. A whole upload may be gzip or zstd; parts are not packed.",
                );
                return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, error));
            }
        };
        Ok(Self { reader, sent, unpacked: 0, content, whole, piece: vec![0; PIECE] })
    }

    /// Reads on.
    ///
    /// # Errors
    ///
    /// 400 for a body that cannot be decompressed or goes on behind its file, 413 for one that expands excessively.
    pub(super) async fn next(&mut self) -> Result<Next, Refusal> {
        match tokio::time::timeout(PATIENCE, self.reader.read(&mut self.piece)).await {
            Ok(Ok(0)) => Ok(Next::End),
            Ok(Ok(count)) => {
                self.unpacked += count as u64;
                let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner).bytes;
                if self.unpacked > FREE && self.unpacked > sent.saturating_mul(RATIO) {
                    Err(bloated())
                } else {
                    Ok(Next::Piece(count))
                }
            }
            Ok(Err(error)) if error.get_ref().is_some_and(|cause| cause.is::<axum::Error>()) => {
                form::not_last(&error).map_or(Ok(Next::Broken), Err)
            }
            Err(_) => Ok(Next::Broken),
            Ok(Err(_)) => Err(Refusal::bad(
                "压缩内容无法解开，请重新发送。",
                "The packed content does not unpack. Send it again.",
            )),
        }
    }

    /// The bytes read last.
    pub(super) fn piece(&self, count: usize) -> &[u8] {
        self.piece.get(..count).unwrap_or_default()
    }

    /// Checks the bytes received against the digest sent with them.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        let Some(expected) = &self.content else { return Ok(()) };
        let found =
            self.sent.lock().unwrap_or_else(PoisonError::into_inner).digest.clone().finalize();
        if found.as_slice() == expected.as_slice() { Ok(()) } else { Err(damaged().into()) }
    }
}

/// A body that expands excessively.
fn bloated() -> Refusal {
    let error = HubError::TooComplex(Text::new(
        format!(
            "压缩内容解开后超过发送字节数的 {RATIO} 倍，已拒收，未保存。请检查文件是否混入大量空行、空格或重复内容；确需如此，请不压缩发送。"
        ),
        format!(
            "The body unpacks to more than {RATIO} times what was sent; it was refused and nothing of it is kept. Look for masses of blank \
             lines, spaces or repeated content; if it has to be so, send it unpacked."
        ),
    ));
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, error)
}

/// A digest field according to RFC 9530, `sha-256=:BASE64:`; other algorithms are ignored.
fn digest(asked: &ExchangeRequest, name: &str) -> Result<Option<Vec<u8>>, Refusal> {
    let Some(text) = asked.header(name) else { return Ok(None) };
    let ours = text.split(',').find_map(|part| part.trim().strip_prefix("sha-256="));
    let bytes = ours
        .and_then(|text| text.strip_prefix(':')?.strip_suffix(':'))
        .and_then(|text| BASE64_STANDARD.decode(text).ok());
    match bytes.filter(|bytes| bytes.len() == 32) {
        Some(bytes) => Ok(Some(bytes)),
        None => Err(Refusal::bad(
            "摘要头须为 sha-256=:BASE64: 的形式（RFC 9530）。",
            "A digest header has the form sha-256=:BASE64: (RFC 9530).",
        )),
    }
}
