//! TLS to PostgreSQL: as far as the address asks for it, with a server that proves who it is.

use std::{fs, os::unix::fs::MetadataExt as _, path::PathBuf};

use lianfang::{app::Settings, error::HubError, store::sql::database::Database};
use rcgen::{CertificateParams, KeyPair};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use crate::faults::server::Server;

/// A certificate for a name and its key, as PEM.
fn certificate(name: &str) -> (String, String) {
    let key = KeyPair::generate().expect("a key");
    let of = CertificateParams::new(vec![name.to_owned()]).expect("a name");
    (of.self_signed(&key).expect("a certificate").pem(), key.serialize_pem())
}

async fn text(database: &Database, sql: &str) -> String {
    let statement = Statement::from_string(DbBackend::Postgres, sql.to_owned());
    let row = database.migrations().query_one_raw(statement).await.expect("an answer");
    row.expect("a row").try_get_by_index(0).expect("a text")
}

async fn connected(url: &str) -> Result<Database, HubError> {
    Database::connect(url, Settings::default().database).await
}

#[tokio::test]
async fn an_address_that_asks_for_tls_gets_it_or_no_connection() {
    let server = Server::start().await;
    let plain = connected(&server.url).await.expect("a connection");
    let data = PathBuf::from(text(&plain, "SHOW data_directory").await);
    let owner = data.metadata().expect("the directory");
    let (right, other) = (certificate("127.0.0.1"), certificate("db.example"));
    let place = tempfile::TempDir::new().expect("a directory");
    let (trusted, stranger) = (place.path().join("ca.pem"), place.path().join("other.pem"));
    fs::write(&trusted, &right.0).expect("written");
    fs::write(&stranger, &other.0).expect("written");
    let shown = async |mode: &str, ca: Option<&PathBuf>| {
        let ca = ca.map(|path| format!("&sslrootcert={}", path.display())).unwrap_or_default();
        let address = server.url.replace("postgres@", "postgres:geheim@");
        match connected(&format!("{address}?sslmode={mode}{ca}")).await {
            Ok(database) => {
                let sql = "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
                Ok(text(&database, sql).await)
            }
            Err(error) => Err(format!("{error:?} {:?}", error.text())),
        }
    };
    for mode in ["require", "verify-ca", "verify-full"] {
        assert!(shown(mode, Some(&trusted)).await.is_err(), "{mode}: the server has none yet");
    }
    assert_eq!(shown("prefer", None).await.as_deref(), Ok("false"));
    let serve = async |(certificate, key): &(String, String)| {
        for (name, content) in [("server.crt", certificate), ("server.key", key)] {
            let path = data.join(name);
            fs::write(&path, content).expect("written");
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            fs::set_permissions(&path, mode).expect("a mode");
            std::os::unix::fs::chown(&path, Some(owner.uid()), Some(owner.gid()))
                .expect("an owner");
        }
        let on =
            Statement::from_string(DbBackend::Postgres, "ALTER SYSTEM SET ssl = on".to_owned());
        plain.migrations().execute_raw(on).await.expect("set");
        text(&plain, "SELECT pg_reload_conf()::text").await;
    };
    serve(&right).await;
    let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while shown("require", None).await.is_err() {
        assert!(std::time::Instant::now() < until, "{:?}", shown("require", None).await);
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    for (mode, ca, expected) in [
        ("disable", None, Some("false")),
        ("prefer", None, Some("true")),
        ("require", None, Some("true")),
        ("verify-ca", Some(&trusted), Some("true")),
        ("verify-full", Some(&trusted), Some("true")),
        ("verify-ca", Some(&stranger), None),
        ("verify-full", Some(&stranger), None),
        // Nobody known to the public signed it.
        ("verify-full", None, None),
    ] {
        let found = shown(mode, ca).await;
        assert_eq!(found.as_deref().ok(), expected, "{mode} {ca:?}: {found:?}");
        assert!(!format!("{found:?}").contains("geheim"), "{found:?}");
    }
    // The right signature under another name.
    serve(&other).await;
    let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while shown("verify-ca", Some(&stranger)).await.is_err() {
        assert!(std::time::Instant::now() < until, "the other certificate is never shown");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(shown("verify-full", Some(&stranger)).await.is_err(), "it is of another name");
}
