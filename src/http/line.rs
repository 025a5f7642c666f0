//! A connection to a client, closed when the client does not say what it wants or does not take
//! what it is sent.
//!
//! Other parts watch the time while a request is read or an idle connection is kept: hyper limits
//! unfinished headers, [`crate::http::pace`] unfinished bodies.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

use crate::http::patience::StallTimeout;

/// Until this many bytes have arrived, the client's version of HTTP is unknown, and nothing else
/// watches the time.
const PREFACE: usize = 24;

/// A TCP connection with limits on how long the client may stall.
pub(super) struct GuardedStream {
    stream: TcpStream,
    heard: usize,
    opening: StallTimeout,
    taking: StallTimeout,
}

impl GuardedStream {
    /// A connection whose client may stall for up to `patience`.
    pub(super) fn new(stream: TcpStream, patience: Duration) -> Self {
        Self {
            stream,
            heard: 0,
            opening: StallTimeout::new(patience),
            taking: StallTimeout::new(patience),
        }
    }

    /// The outcome of a write, or a timeout when the client takes too long to accept earlier bytes.
    fn taken(
        &mut self,
        context: &mut Context<'_>,
        outcome: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match outcome {
            Poll::Pending if self.taking.wait(context).is_ready() => {
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
            Poll::Ready(Ok(bytes)) => {
                self.taking.moved(bytes);
                Poll::Ready(Ok(bytes))
            }
            other => other,
        }
    }
}

impl AsyncRead for GuardedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.stream).poll_read(context, buffer);
        if outcome.is_pending() && self.heard < PREFACE && self.opening.wait(context).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        self.heard = self.heard.saturating_add(buffer.filled().len() - before);
        outcome
    }
}

impl AsyncWrite for GuardedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.taken(context, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.taken(context, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
