//! Configuration: a TOML file, then the environment, then flags; later ones win.
//!
//! `confique` merges the three. What is wrong with a file is said here: a key that is not known has
//! to be told with the one that was meant, and a line of the file is not to be shown, as it may
//! hold a password.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
};

use anyhow::bail;
use confique::{Config, Layer};

/// The keys. A key is `key` in the file, `LIANFANG_KEY` in the environment and `--key` on the
/// command line. A key without a default leaves what it sets as [`lianfang::app::Settings`] has it.
#[derive(Clone, Debug, Config)]
#[config(layer_attr(derive(clap::Args, Clone, Debug)))]
#[config(layer_attr(command(
    next_help_heading = "配置项 Configuration (the key feed_days is --feed-days or LIANFANG_FEED_DAYS)"
)))]
pub struct Configuration {
    /// sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME
    #[config(
        env = "LIANFANG_DATABASE_URL",
        default = "sqlite:var/lianfang.db",
        layer_attr(arg(long))
    )]
    pub database_url: String,
    /// Address and port to listen on
    #[config(env = "LIANFANG_LISTEN", default = "127.0.0.1:8080", layer_attr(arg(long)))]
    pub listen: String,
    /// File of the certificate for TLS, with its chain, in PEM
    #[config(env = "LIANFANG_TLS_CERTIFICATE_FILE", layer_attr(arg(long)))]
    pub tls_certificate_file: Option<PathBuf>,
    /// File of the certificate's private key, in PEM
    #[config(env = "LIANFANG_TLS_KEY_FILE", layer_attr(arg(long)))]
    pub tls_key_file: Option<PathBuf>,
    /// Whether other machines are served without TLS: behind a proxy that has it
    #[config(env = "LIANFANG_PLAIN_HTTP", layer_attr(arg(long)))]
    pub plain_http: Option<bool>,
    /// File of the secret keys
    #[config(
        env = "LIANFANG_SECRET_KEY_FILE",
        default = "var/lianfang.keys.json",
        layer_attr(arg(long))
    )]
    pub secret_key_file: PathBuf,
    /// Directory whose files replace the shipped policy
    #[config(env = "LIANFANG_POLICY_DIRECTORY", layer_attr(arg(long)))]
    pub policy_directory: Option<PathBuf>,
    /// Connections to the database
    #[config(env = "LIANFANG_DATABASE_CONNECTIONS", layer_attr(arg(long)))]
    pub database_connections: Option<u32>,
    /// Seconds for which a start waits for the database
    #[config(env = "LIANFANG_DATABASE_WAIT_SECONDS", default = 60, layer_attr(arg(long)))]
    pub database_wait_seconds: u64,
    /// Seconds after which a statement is cancelled
    #[config(env = "LIANFANG_STATEMENT_TIMEOUT_SECONDS", layer_attr(arg(long)))]
    pub statement_timeout_seconds: Option<u64>,
    /// Seconds after which a request ends
    #[config(env = "LIANFANG_REQUEST_TIMEOUT_SECONDS", layer_attr(arg(long)))]
    pub request_timeout_seconds: Option<u64>,
    /// Requests executed at the same time
    #[config(env = "LIANFANG_CONCURRENT_REQUESTS", layer_attr(arg(long)))]
    pub concurrent_requests: Option<usize>,
    /// Most bytes of a request body
    #[config(env = "LIANFANG_BODY_BYTES", layer_attr(arg(long)))]
    pub body_bytes: Option<usize>,
    /// Live connections at the same time
    #[config(env = "LIANFANG_LIVE_CONNECTIONS", layer_attr(arg(long)))]
    pub live_connections: Option<usize>,
    /// Seconds after which a subscription is sent a page even without changes
    #[config(env = "LIANFANG_HEARTBEAT_SECONDS", layer_attr(arg(long)))]
    pub heartbeat_seconds: Option<u64>,
    /// Days for which change events are kept
    #[config(env = "LIANFANG_FEED_DAYS", layer_attr(arg(long)))]
    pub feed_days: Option<u32>,
    /// Most bytes of a file that is handed in, unpacked
    #[config(env = "LIANFANG_FILE_BYTES", layer_attr(arg(long)))]
    pub file_bytes: Option<u64>,
    /// Days for which the content of files and the verdicts on their rows are kept
    #[config(env = "LIANFANG_FILE_DAYS", layer_attr(arg(long)))]
    pub file_days: Option<u32>,
    /// Files taken in at the same time
    #[config(env = "LIANFANG_FILE_WORKERS", layer_attr(arg(long)))]
    pub file_workers: Option<usize>,
    /// Rows an organisation may hand in on one day
    #[config(env = "LIANFANG_ORGANISATION_ROWS_A_DAY", layer_attr(arg(long)))]
    pub organisation_rows_a_day: Option<u64>,
    /// Bytes that are kept of an organisation's files
    #[config(env = "LIANFANG_ORGANISATION_KEPT_BYTES", layer_attr(arg(long)))]
    pub organisation_kept_bytes: Option<u64>,
    /// Files of an organisation that are coming in, wait or are being taken in
    #[config(env = "LIANFANG_ORGANISATION_JOBS", layer_attr(arg(long)))]
    pub organisation_jobs: Option<u64>,
    /// Subscriptions of an organisation at the same time
    #[config(env = "LIANFANG_ORGANISATION_SUBSCRIPTIONS", layer_attr(arg(long)))]
    pub organisation_subscriptions: Option<usize>,
    /// Requests of one account a second; 0 for no limit
    #[config(env = "LIANFANG_SUBJECT_REQUESTS_A_SECOND", layer_attr(arg(long)))]
    pub subject_requests_a_second: Option<u32>,
    /// Connections of clients at the same time
    #[config(env = "LIANFANG_CLIENT_CONNECTIONS", layer_attr(arg(long)))]
    pub client_connections: Option<usize>,
    /// Seconds that a client may keep the hub waiting
    #[config(env = "LIANFANG_CLIENT_TIMEOUT_SECONDS", layer_attr(arg(long)))]
    pub client_timeout_seconds: Option<u64>,
    /// Hour of the night, in China, at which leads are searched for; `off` for never
    #[config(env = "LIANFANG_LEAD_SEARCH_HOUR", default = "2", layer_attr(arg(long)))]
    pub lead_search_hour: NightHour,
    /// Whether the cookie of a session goes over encrypted connections only
    #[config(env = "LIANFANG_SECURE_COOKIES", layer_attr(arg(long)))]
    pub secure_cookies: Option<bool>,
}

/// An hour of the night, or never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "NumberOrText")]
pub struct NightHour(pub Option<u32>);

impl FromStr for NightHour {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text == "off" {
            return Ok(Self(None));
        }
        let hour = text.parse().ok().filter(|hour| *hour < 24);
        hour.map(|hour| Self(Some(hour))).ok_or_else(|| format!("0–23, off ({text})"))
    }
}

/// What a file may say of an hour: a number, or a text.
#[derive(serde::Deserialize)]
#[serde(untagged, expecting = "0–23, \"off\"")]
enum NumberOrText {
    Number(u32),
    Text(String),
}

impl TryFrom<NumberOrText> for NightHour {
    type Error = String;

    fn try_from(value: NumberOrText) -> Result<Self, String> {
        match value {
            NumberOrText::Number(hour) => hour.to_string().parse(),
            NumberOrText::Text(text) => text.parse(),
        }
    }
}

/// Configuration that one place sets: the file, the environment or the command line.
pub type ConfigLayer = <Configuration as Config>::Layer;

/// Letters by which a variable of the environment may differ from a key and is still taken for a
/// slip of the pen.
const SLIP: usize = 2;

/// Puts flags over the environment, that over the file, and that over the defaults.
pub fn merge(flags: ConfigLayer, file: Option<&Path>) -> anyhow::Result<Configuration> {
    let file = file.map_or_else(|| Ok(ConfigLayer::empty()), read)?;
    let given = flags
        .with_fallback(environment()?)
        .with_fallback(file)
        .with_fallback(ConfigLayer::default_values());
    Ok(Configuration::from_layer(given)?)
}

/// What is said of a wrong value, without the password of an address.
fn without_password(why: &str) -> String {
    let Some((before, address)) = why.split_once("://") else { return why.to_owned() };
    let Some((_, host)) = address.rsplit_once('@') else { return why.to_owned() };
    format!("{before}://…@{host}")
}

fn read(path: &Path) -> anyhow::Result<ConfigLayer> {
    let shown = path.display();
    let text =
        std::fs::read_to_string(path).map_err(|error| anyhow::anyhow!("{shown}: {error}"))?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().and_then(|span| text.get(..span.start)).map_or(1, |before| before.matches('\n').count() + 1);
        let why = error.message();
        anyhow::anyhow!("配置文件 {shown} 第 {line} 行不是 TOML：{why}\nLine {line} of the file {shown} is not TOML: {why}")
    })?;
    if let Some(name) = table.keys().find(|name| !names().any(|known| known == name.as_str())) {
        let (meant, _) = nearest(name);
        bail!(
            "配置文件 {shown} 中的 {name} 不是配置项，是否应为 {meant}？\n{name} in the file {shown} is no key. Did you mean {meant}?"
        );
    }
    serde_path_to_error::deserialize(table).map_err(|error| {
        let (key, why) = (error.path(), without_password(error.inner().message()));
        anyhow::anyhow!("配置文件 {shown} 中 {key} 的值不对：{why}\nThe value of {key} in the file {shown} is wrong: {why}")
    })
}

fn environment() -> anyhow::Result<ConfigLayer> {
    for (variable, _) in std::env::vars_os() {
        let Some(name) = variable.to_str().and_then(|variable| variable.strip_prefix("LIANFANG_"))
        else {
            continue;
        };
        let (meant, apart) = nearest(&name.to_lowercase());
        if (1..=SLIP).contains(&apart) {
            let meant = meant.to_uppercase();
            bail!(
                "环境变量 LIANFANG_{name} 不是配置项，是否应为 LIANFANG_{meant}？\nLIANFANG_{name} in the environment is no key. Did you \
                 mean LIANFANG_{meant}?"
            );
        }
    }
    // Its sentence names the key and the variable.
    ConfigLayer::from_env().map_err(|why| {
        let why = without_password(&format!("{why:#}"));
        anyhow::anyhow!("环境变量的值不对。 A value in the environment is wrong.\n{why}")
    })
}

/// Names of all keys.
fn names() -> impl Iterator<Item = &'static str> {
    Configuration::META.fields.iter().map(|field| field.name)
}

/// The key that is most like a name, and how many letters they are apart.
fn nearest(name: &str) -> (&'static str, usize) {
    names()
        .map(|known| (known, strsim::osa_distance(name, known)))
        .min_by_key(|(_, apart)| *apart)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use confique::meta::FieldKind;

    use super::*;

    #[test]
    fn a_key_has_one_name_everywhere() {
        let command = <ConfigLayer as clap::Args>::augment_args(clap::Command::new("lianfang"));
        for field in Configuration::META.fields {
            let FieldKind::Leaf { env, .. } = field.kind else {
                unreachable!("{}: keys are flat", field.name)
            };
            assert_eq!(env, Some(&*format!("LIANFANG_{}", field.name.to_uppercase())));
            let flag = field.name.replace('_', "-");
            assert!(
                command.get_arguments().any(|argument| argument.get_long() == Some(&*flag)),
                "--{flag}"
            );
        }
    }

    #[test]
    fn no_two_keys_are_a_slip_apart() {
        for name in names() {
            assert_eq!(nearest(name), (name, 0));
            for other in names().filter(|other| *other != name) {
                assert!(strsim::osa_distance(name, other) > SLIP, "{name} and {other}");
            }
        }
    }
}
