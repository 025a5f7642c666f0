//! TLS in the hub itself: a certificate that changes without a restart, one that does not hold, and
//! no plain way for other machines that was not asked for.

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use rcgen::{CertificateParams, DnType, KeyPair};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring::default_provider,
        pki_types::{CertificateDer, ServerName},
    },
};

use crate::{faults::process::Place, support::Backend};

/// A certificate for this machine under a name, and its key, as PEM; and the certificate itself.
fn certificate(name: &str) -> (String, String, CertificateDer<'static>) {
    let mut of = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
    of.distinguished_name.push(DnType::CommonName, name);
    let key = KeyPair::generate().expect("a key");
    let own = of.self_signed(&key).expect("a certificate");
    (own.pem(), key.serialize_pem(), own.der().clone())
}

fn write(path: &Path, text: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(path, text).expect("written");
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
}

/// What the hub answers over TLS to whoever trusts that certificate alone.
async fn asked(address: SocketAddr, trusted: &CertificateDer<'static>) -> Result<String, String> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).map_err(|error| error.to_string())?;
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").expect("a name");
    let stream = TcpStream::connect(address).await.expect("a connection");
    let connected = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    let mut stream = connected.map_err(|error| error.to_string())?;
    let request = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    stream.write_all(request).await.map_err(|error| error.to_string())?;
    let mut answer = Vec::new();
    // Some end without a word of farewell.
    let _ = stream.read_to_end(&mut answer).await;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[tokio::test]
async fn a_certificate_is_changed_without_a_restart_and_a_bad_one_leaves_the_old() {
    let mut place = Place::on(Backend::Sqlite).await;
    let (first, second, stranger) = (certificate("one"), certificate("two"), certificate("three"));
    let (chain, key) = (place.path("tls.pem"), place.path("tls.key"));
    write(&chain, &first.0, 0o644);
    write(&key, &first.1, 0o600);
    let settings = place.path("lianfang.toml");
    fs::write(&settings, format!("tls_certificate_file = {chain:?}\ntls_key_file = {key:?}\n"))
        .expect("written");
    place.settings = Some(settings);
    assert!(place.run(&["migrate"]).await.0);
    let hub = place.start().await;
    let answer = asked(hub.address, &first.2).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(asked(hub.address, &stranger.2).await.is_err(), "whom nobody trusts is not asked");
    // Whoever speaks no TLS is told nothing.
    let mut plain = TcpStream::connect(hub.address).await.expect("a connection");
    plain.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("sent");
    let mut told = Vec::new();
    let _ = plain.read_to_end(&mut told).await;
    assert!(!String::from_utf8_lossy(&told).contains("HTTP/1.1 200"), "{told:?}");
    // A key that belongs to another certificate: the old one stays.
    write(&chain, &second.0, 0o644);
    let until = Instant::now() + Duration::from_secs(60);
    while !place.log().contains("the old one stays") {
        assert!(Instant::now() < until, "{}", place.log());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(asked(hub.address, &first.2).await.is_ok(), "the old one stays");
    write(&key, &second.1, 0o600);
    let until = Instant::now() + Duration::from_secs(60);
    while asked(hub.address, &second.2).await.is_err() {
        assert!(Instant::now() < until, "{}", place.log());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(asked(hub.address, &first.2).await.is_err(), "and only the new one is shown");
}

#[tokio::test]
async fn nothing_goes_plainly_to_other_machines_unless_that_is_said() {
    let place = Place::on(Backend::Sqlite).await;
    assert!(place.run(&["migrate"]).await.0);
    let (good, text) = place.run(&["serve", "--listen", "0.0.0.0:0"]).await;
    assert!(!good && text.contains("plain_http") && text.contains("明文"), "{text}");
    let (chain, key) = (place.path("tls.pem"), place.path("tls.key"));
    let (first, second) = (certificate("one"), certificate("two"));
    let serve = async |chain_text: &str, key_text: &str, mode: u32| {
        write(&chain, chain_text, 0o644);
        write(&key, key_text, mode);
        let (chain, key) = (chain.display().to_string(), key.display().to_string());
        let given = ["--tls-certificate-file", &chain, "--tls-key-file", &key];
        let all = [&["serve", "--listen", "127.0.0.1:0"][..], &given[..]].concat();
        place.run(&all).await
    };
    for (chain, key, mode, word) in [
        (first.0.as_str(), second.1.as_str(), 0o600, "tls_key_file"),
        ("nothing", first.1.as_str(), 0o600, "tls_certificate_file"),
        (first.0.as_str(), "nothing", 0o600, "PEM"),
        (first.0.as_str(), first.1.as_str(), 0o644, "chmod 600"),
    ] {
        let (good, text) = serve(chain, key, mode).await;
        assert!(!good && text.contains(word), "{word}: {text}");
        assert!(!text.contains("PRIVATE KEY"), "{text}");
    }
    let (good, text) = place.run(&["serve", "--tls-key-file", "x"]).await;
    assert!(!good && text.contains("tls_certificate_file"), "{text}");
}
