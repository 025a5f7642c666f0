//! The clients as programs: what they need, how they are started, how they end.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
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
    #[expect(dead_code, reason = "it is shown where a test fails")]
    pub error: String,
}

impl Client {
    /// Runs it to its end.
    pub async fn run(self, line: &Line, token: &str, words: &[&str]) -> Ended {
        let mut command = self.command(line, token, words).await;
        let output = tokio::task::spawn_blocking(move || command.output()).await.expect("it ends").expect("it runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Ended { code: output.status.code().unwrap_or(-1), out: text(output.stdout), error: text(output.stderr) }
    }

    /// Runs it until the line breaks, and kills it there.
    pub async fn killed(self, line: &Line, token: &str, words: &[&str]) {
        let mut command = self.command(line, token, words).await;
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
        let broke = tokio::time::timeout(std::time::Duration::from_secs(60), line.breaks()).await;
        child.kill().expect("killed");
        child.wait().expect("gone");
        broke.expect("the line breaks before a minute is over");
    }

    async fn command(self, line: &Line, token: &str, words: &[&str]) -> Command {
        let mut command = tokio::task::spawn_blocking(move || self.program()).await.expect("made");
        command.args(words).env("LIANFANG_URL", format!("http://{}", line.address)).env("LIANFANG_TOKEN", token);
        // A terminal of another language has no say in what is written.
        command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONUTF8", "1").env("LC_ALL", "C.UTF-8");
        command
    }

    fn program(self) -> Command {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/clients");
        let (name, file) = match self {
            Self::Python => ("python3", sources.join("client.py")),
            Self::Java => ("java", sources.join("Client.java")),
            Self::TypeScript => ("node", compiled(&sources)),
        };
        needed(name);
        let mut command = Command::new(name);
        command.arg(file);
        command
    }
}

/// Fails, and says what to do, where a program is missing.
fn needed(name: &str) {
    let install = match name {
        "python3" => "Python 3.11 or newer (Debian: apt-get install python3)",
        "java" => "a JDK 17 or newer (Debian: apt-get install openjdk-17-jdk-headless)",
        _ => "Node.js 20 or newer with npm (https://nodejs.org)",
    };
    let runs = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(
        runs.is_ok_and(|status| status.success()),
        "{name} does not run. The tests of examples/clients need it: install {install}"
    );
}

/// The TypeScript client as JavaScript, in a directory of its own: made once for each state of its sources.
fn compiled(sources: &Path) -> PathBuf {
    let mut hasher = std::hash::DefaultHasher::new();
    let files = ["client.ts", "package.json", "package-lock.json", "tsconfig.json"];
    for file in files {
        std::hash::Hash::hash(&fs::read(sources.join(file)).expect(file), &mut hasher);
    }
    let parent = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let home = parent.join(format!("client-{:x}", std::hash::Hasher::finish(&hasher)));
    // Tests run as processes of their own: one makes it, the others wait.
    let lock = fs::File::create(parent.join("client.lock")).expect("a lock");
    lock.lock().expect("locked");
    if !home.exists() {
        needed("npm");
        let making = tempfile::TempDir::new_in(parent).expect("a directory");
        for file in files {
            fs::copy(sources.join(file), making.path().join(file)).expect(file);
        }
        for (program, words) in [("npm", ["ci", "--no-audit", "--no-fund"].as_slice()), ("npx", &["--no-install", "tsc"])] {
            let output = Command::new(program).args(words).current_dir(making.path()).output().expect(program);
            let said = [output.stdout, output.stderr].concat();
            assert!(output.status.success(), "{program} {words:?}: {}", String::from_utf8_lossy(&said));
        }
        fs::rename(making.keep(), &home).expect("renamed");
    }
    home.join("client.js")
}
