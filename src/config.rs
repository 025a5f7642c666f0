//! Configuration: a TOML file, then the environment, then flags; later ones win. Unknown keys are refused.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The file. Every key may be left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// `sqlite:PATH` or `postgres://…`.
    pub database_url: Option<String>,
    /// Address and port to listen on.
    pub listen: Option<String>,
    /// File of the secret keys.
    pub secret_key_file: Option<PathBuf>,
    /// Directory whose files replace the shipped policy.
    pub policy_directory: Option<PathBuf>,
    /// Connections to the database.
    pub database_connections: Option<u32>,
    /// Seconds for which a start waits for the database.
    pub database_wait_seconds: Option<u64>,
    /// Seconds after which a statement is cancelled.
    pub statement_timeout_seconds: Option<u64>,
    /// Seconds after which a request ends.
    pub request_timeout_seconds: Option<u64>,
    /// Requests executed at the same time.
    pub concurrent_requests: Option<usize>,
    /// Most bytes of a request body.
    pub body_bytes: Option<usize>,
    /// Live connections at the same time.
    pub live_connections: Option<usize>,
    /// Seconds after which a subscription is sent a page even without changes.
    pub heartbeat_seconds: Option<u64>,
    /// Days for which change events are kept.
    pub feed_days: Option<u32>,
    /// Most bytes of a file that is handed in, unpacked.
    pub file_bytes: Option<u64>,
    /// Days for which the content of files and the verdicts on their rows are kept.
    pub file_days: Option<u32>,
    /// Files taken in at the same time.
    pub file_workers: Option<usize>,
    /// Rows an organisation may hand in on one day.
    pub organisation_rows_a_day: Option<u64>,
    /// Bytes that are kept of an organisation's files.
    pub organisation_kept_bytes: Option<u64>,
    /// Files of an organisation that are coming in, wait or are being taken in.
    pub organisation_jobs: Option<u64>,
    /// Subscriptions of an organisation at the same time.
    pub organisation_subscriptions: Option<usize>,
    /// Connections of clients at the same time.
    pub client_connections: Option<usize>,
    /// Seconds that a client may keep the hub waiting.
    pub client_timeout_seconds: Option<u64>,
    /// Whether the cookie of a session goes over encrypted connections only.
    pub secure_cookies: Option<bool>,
}

impl File {
    /// Reads the file; without a path nothing is set.
    ///
    /// # Errors
    ///
    /// A sentence that names the file and key.
    pub fn read(path: Option<&Path>) -> Result<Self, String> {
        let Some(path) = path else { return Ok(Self::default()) };
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::File;

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let error = toml::from_str::<File>("databse_url = \"sqlite:x\"").expect_err("refused");
        assert!(error.to_string().contains("databse_url"), "{error}");
    }
}
