//! The real program on a store of its own.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use lianfang::{
    app,
    authz::token::{TokenRequest, Tokens},
    context::OpCtx,
    keys::Keys,
};
use tempfile::TempDir;

use crate::support::{self, Backend};

/// A store, its keys, and the program run on them.
pub struct Place {
    pub directory: TempDir,
    pub url: String,
    keys: Keys,
    /// A program and its arguments that starts the hub's, where that is needed to get at the store.
    pub through: Vec<String>,
    /// Its settings, where there are any.
    pub settings: Option<PathBuf>,
}

/// A hub under way; dropped, it is killed.
pub struct Process {
    child: Child,
    pub address: SocketAddr,
}

impl Place {
    pub async fn on(backend: Backend) -> Self {
        let directory = TempDir::new().expect("a directory");
        let url = support::store(backend, &directory).await;
        Self::at(directory, url)
    }

    /// On a store that is there.
    pub fn at(directory: TempDir, url: String) -> Self {
        let keys = Keys::generate().expect("keys");
        keys.write(&directory.path().join("keys.json")).expect("written");
        Self { directory, url, keys, through: Vec::new(), settings: None }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// A token of a department in the region of most tests.
    pub fn token(&self, department: &str, roles: &[&str]) -> String {
        let catalogue = app::catalogue().expect("the catalogue");
        let policy = app::policy(None, &catalogue).expect("the policy");
        let order = TokenRequest {
            subject: "test".to_owned(),
            department: department.to_owned(),
            region: crate::samples::CITY.to_owned(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            purpose: "ROUTINE_SHARING".to_owned(),
            ticket: None,
            seconds: 8 * 3600,
        };
        let tokens = Tokens::new(&self.keys).expect("tokens");
        tokens.issue(&policy, order, OpCtx::begin("test").now()).expect("a token").text
    }

    /// The program with the settings of this place.
    pub fn program(&self, arguments: &[&str]) -> Command {
        let mut words =
            self.through.iter().map(String::as_str).chain([env!("CARGO_BIN_EXE_lianfang")]);
        let mut command = Command::new(words.next().expect("a program"));
        command
            .args(words)
            .args(arguments)
            .current_dir(self.directory.path())
            .env("LIANFANG_DATABASE_URL", &self.url)
            .env("LIANFANG_SECRET_KEY_FILE", self.path("keys.json"))
            .env("LIANFANG_LOG", "warn");
        if let Some(path) = &self.settings {
            command.env("LIANFANG_CONFIG", path);
        }
        command
    }

    /// Starts a hub and waits until it listens.
    pub async fn start(&self) -> Process {
        let mut command = self.program(&["serve", "--listen", "127.0.0.1:0"]);
        let log = self.path("log");
        let started = tokio::task::spawn_blocking(move || {
            let errors = File::options().create(true).append(true).open(&log).expect("a log");
            let mut child =
                command.stdout(Stdio::piped()).stderr(errors).spawn().expect("the program starts");
            let mut line = String::new();
            let output = child.stdout.as_mut().expect("its output");
            BufReader::new(output).read_line(&mut line).expect("a line");
            let address =
                line.rsplit_once("://").and_then(|(_, address)| address.trim().parse().ok());
            let address =
                address.unwrap_or_else(|| unreachable!("no address in {line:?}: {}", tail(&log)));
            Process { child, address }
        });
        started.await.expect("started")
    }

    /// Runs the program to its end: whether it succeeded, and what it printed.
    pub async fn run(&self, arguments: &[&str]) -> (bool, String) {
        let mut command = self.program(arguments);
        let output =
            tokio::task::spawn_blocking(move || command.output().expect("the program runs"))
                .await
                .expect("run");
        let text = [output.stdout, output.stderr]
            .map(|bytes| String::from_utf8(bytes).expect("UTF-8"))
            .concat();
        (output.status.success(), text)
    }

    /// The last lines the hubs of this place have logged.
    pub fn log(&self) -> String {
        tail(&self.path("log"))
    }
}

fn tail(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}

impl Process {
    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().expect("its state").is_none()
    }

    /// Ends it at once, as `kill -9` does.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // It may be dead already: then there is nothing to kill, and its end is taken note of.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}
