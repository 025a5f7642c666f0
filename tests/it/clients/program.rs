//! The clients as programs: what they need, how they are started, how they end.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use crate::clients::line::Line;

/// An example client.
#[derive(Clone, Copy, Debug)]
pub enum Client {
    Python,
    Java,
    TypeScript,
}

/// How a run ended.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub error: String,
}

impl Client {
    /// Runs it to its end.
    pub async fn run(self, line: &Line, token: &str, words: &[&str]) -> Ended {
        let mut command = self.command(line, token, words).await;
        let output = tokio::task::spawn_blocking(move || command.output())
            .await
            .expect("it ends")
            .expect("it runs");
        ended(output)
    }

    /// Runs it until the line breaks, and kills it there.
    pub async fn killed(self, line: &Line, token: &str, words: &[&str]) {
        let mut command = self.command(line, token, words).await;
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
        let broke = tokio::time::timeout(std::time::Duration::from_secs(60), line.breaks()).await;
        child.kill().expect("killed");
        child.wait().expect("gone");
        broke.expect("the line breaks before a minute is over");
    }

    /// Runs its source as the documents say, with nothing to do.
    pub async fn run_source(self, line: &Line) -> Ended {
        let mut command = match self {
            Self::Java => program("java", sources().join("Client.java").as_os_str()),
            other => other.command(line, "", &[]).await,
        };
        let output = tokio::task::spawn_blocking(move || command.output())
            .await
            .expect("it ends")
            .expect("it runs");
        ended(output)
    }

    async fn command(self, line: &Line, token: &str, words: &[&str]) -> Command {
        let mut command = tokio::task::spawn_blocking(move || self.program()).await.expect("made");
        command
            .args(words)
            .env("LIANFANG_URL", format!("http://{}", line.address))
            .env("LIANFANG_TOKEN", token);
        // A terminal of another language has no say in what is written.
        command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONUTF8", "1").env("LC_ALL", "C.UTF-8");
        command
    }

    fn program(self) -> Command {
        match self {
            Self::Python => program("python3", sources().join("client.py").as_os_str()),
            // Compiled once: `java Client.java` does it at every start, which is most of the time
            // of a short run.
            Self::Java => {
                let home = made(
                    "client-java",
                    &sources(),
                    &["Client.java"],
                    "",
                    &[&["javac", "-encoding", "UTF-8", "Client.java"]],
                );
                let mut command = program("java", "-XX:TieredStopAtLevel=1".as_ref());
                command.arg("-cp").arg(home).arg("Client");
                command
            }
            Self::TypeScript => {
                let files = ["client.ts", "package.json", "package-lock.json", "tsconfig.json"];
                let steps: [&[&str]; 2] =
                    [&["npm", "ci", "--no-audit", "--no-fund"], &["npx", "--no-install", "tsc"]];
                program(
                    "node",
                    made("client-typescript", &sources(), &files, "", &steps)
                        .join("client.js")
                        .as_os_str(),
                )
            }
        }
    }
}

fn ended(output: Output) -> Ended {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ended {
        code: output.status.code().unwrap_or(-1),
        out: text(output.stdout),
        error: text(output.stderr),
    }
}

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/clients")
}

fn program(name: &str, argument: &OsStr) -> Command {
    needed(name);
    let mut command = Command::new(name);
    command.arg(argument);
    command
}

/// Fails, and says what to do, where a program is missing.
pub fn needed(name: &str) {
    let install = match name {
        "bash" | "curl" | "openssl" => "it with the packages of the system",
        "python3" => "Python 3.11 or newer (Debian: apt-get install python3)",
        "java" | "javac" => "a JDK 17 or newer (Debian: apt-get install openjdk-17-jdk-headless)",
        _ => "Node.js 20 or newer with npm (https://nodejs.org)",
    };
    let asked = if name == "openssl" { "version" } else { "--version" };
    assert!(
        runs(name, asked),
        "{name} does not run. The tests of examples/, docs/exchange.md and the pages need it: install {install}"
    );
}

/// The browser of the tests: `CHROMIUM`, or what the system calls so. Fails, and says what to do,
/// where there is none.
pub fn browser() -> String {
    let named = std::env::var("CHROMIUM").ok();
    let known = ["chromium", "chromium-browser", "google-chrome"].map(ToOwned::to_owned);
    let found =
        named.clone().into_iter().chain(if named.is_some() { Vec::new() } else { known.to_vec() });
    let found = found.into_iter().find(|name| runs(name, "--version")).unwrap_or_else(|| {
        unreachable!(
            "no Chromium runs. The tests of pages need one: install it with Chinese fonts (Debian: apt-get install chromium \
             fonts-noto-cjk), or say in CHROMIUM where it is"
        )
    });
    // Whoever starts it wants its path.
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&paths).map(|place| place.join(&found));
    places.find(|path| path.is_file()).map_or(found.clone(), |path| path.display().to_string())
}

fn runs(name: &str, asked: &str) -> bool {
    let status = Command::new(name).arg(asked).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// A copy of files, made into something by steps that run in `within`: once for each state of the
/// files.
pub fn made(name: &str, from: &Path, files: &[&str], within: &str, steps: &[&[&str]]) -> PathBuf {
    let mut hasher = std::hash::DefaultHasher::new();
    for file in files {
        std::hash::Hash::hash(&fs::read(from.join(file)).expect(file), &mut hasher);
    }
    let parent = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let home = parent.join(format!("{name}-{:x}", std::hash::Hasher::finish(&hasher)));
    // Tests run as processes of their own: one makes it, the others wait.
    let lock = fs::File::create(parent.join(format!("{name}.lock"))).expect("a lock");
    lock.lock().expect("locked");
    if !home.exists() {
        let making = tempfile::TempDir::new_in(parent).expect("a directory");
        for file in files {
            let copy = making.path().join(file);
            fs::create_dir_all(copy.parent().expect("a directory")).expect("a directory");
            fs::copy(from.join(file), copy).expect(file);
        }
        for step in steps {
            needed(step[0]);
            let output = Command::new(step[0])
                .args(&step[1..])
                .current_dir(making.path().join(within))
                .output()
                .expect(step[0]);
            let said = [output.stdout, output.stderr].concat();
            assert!(output.status.success(), "{step:?}: {}", String::from_utf8_lossy(&said));
        }
        fs::rename(making.keep(), &home).expect("renamed");
    }
    home
}
