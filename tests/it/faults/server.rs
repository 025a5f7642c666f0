//! A PostgreSQL of the test's own, which may be ended at once and started again. Its settings are
//! those of a server that keeps what it has committed.

use std::{
    path::PathBuf,
    process::{Command, Output},
};

use lianfang::{
    app::{self, Settings},
    store::sql::database::Database,
};
use tempfile::TempDir;

/// The server; dropped, it is stopped and its data removed.
pub struct Server {
    directory: TempDir,
    /// Address of its database `postgres`.
    pub url: String,
}

fn run(words: &[&str]) -> Output {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scripts/postgres.sh");
    Command::new(path).args(words).output().expect("the script runs")
}

fn script(words: &[&str]) -> String {
    let output = run(words);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
}

impl Server {
    /// Starts it and brings its database up to date.
    pub async fn start() -> Self {
        let directory = TempDir::new().expect("a directory");
        let path = directory.path().to_owned();
        let start = move || script(&["start", "--durable", &path.display().to_string()]);
        let url = tokio::task::spawn_blocking(start).await.expect("started");
        let database =
            Database::connect(&url, Settings::default().database).await.expect("the store opens");
        app::migrate(&database).await.expect("migrations run");
        database.migrations().clone().close().await.expect("closed");
        Self { directory, url }
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        let port = self.url.rsplit_once(':').and_then(|(_, rest)| rest.split('/').next());
        port.and_then(|port| port.parse().ok()).expect("a port")
    }

    /// Ends it at once, without a checkpoint, and starts it again.
    pub async fn crash(&self) {
        let path = self.directory.path().display().to_string();
        tokio::task::spawn_blocking(move || script(&["restart", &path])).await.expect("restarted");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        run(&["stop", &self.directory.path().display().to_string()]);
    }
}
