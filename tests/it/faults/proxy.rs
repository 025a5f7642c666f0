//! The line between the hub and its database, which may be cut in the middle of a statement.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// How a line is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Both ways at once.
    Both,
    /// First the way back: statements arrive and are carried out, their answers are lost.
    Answers,
}

/// A line that passes on what both ends say.
pub struct Proxy {
    pub address: SocketAddr,
    state: Arc<State>,
}

struct State {
    /// Number of the last cut: what was opened before it ends.
    cuts: watch::Sender<u64>,
    /// The server's answers are lost.
    deaf: AtomicBool,
    /// Nobody gets through.
    down: AtomicBool,
    /// Lines opened so far.
    opened: AtomicU64,
    /// Lines up to this number pass nothing on any more, and stay open.
    silent: AtomicU64,
}

impl Proxy {
    /// A line to a port of this machine.
    pub async fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State {
            cuts: watch::channel(0).0,
            deaf: AtomicBool::new(false),
            down: AtomicBool::new(false),
            opened: AtomicU64::new(0),
            silent: AtomicU64::new(0),
        });
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if !shared.down.load(Ordering::Relaxed) {
                    tokio::spawn(pass(stream, port, Arc::clone(&shared)));
                }
            }
        });
        Self { address, state }
    }

    /// From now on answers are lost, until the line is cut.
    pub fn lose_answers(&self) {
        self.state.deaf.store(true, Ordering::Relaxed);
    }

    /// What is open says nothing any more in either direction, and nobody is told; what is opened
    /// from now on works.
    pub fn silence(&self) {
        self.state.silent.store(self.state.opened.load(Ordering::Relaxed), Ordering::Relaxed);
    }

    /// Cuts everything that is open; nobody gets through until [`Proxy::mend`].
    pub fn cut(&self) {
        self.state.down.store(true, Ordering::Relaxed);
        self.state.cuts.send_modify(|number| *number += 1);
    }

    /// Lets everybody through again.
    pub fn mend(&self) {
        self.state.deaf.store(false, Ordering::Relaxed);
        self.state.down.store(false, Ordering::Relaxed);
    }
}

async fn pass(client: TcpStream, port: u16, state: Arc<State>) {
    let mut cuts = state.cuts.subscribe();
    let number = state.opened.fetch_add(1, Ordering::Relaxed) + 1;
    let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let silent = || number <= state.silent.load(Ordering::Relaxed);
    let lost = || silent() || state.deaf.load(Ordering::Relaxed);
    tokio::select! {
        () = carry(from_client, to_server, silent) => {}
        () = carry(from_server, to_client, lost) => {}
        _ = cuts.changed() => {}
    }
}

/// Carries bytes one way, or loses them. Nobody learns from a silent line that the other end has
/// gone.
async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    lost: impl Fn() -> bool,
) {
    let mut block = vec![0; 16 * 1024];
    while let Ok(count) = from.read(&mut block).await {
        if count == 0 || (!lost() && to.write_all(&block[..count]).await.is_err()) {
            return;
        }
    }
}
