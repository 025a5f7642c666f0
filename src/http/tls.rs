//! TLS for clients, by a certificate in a file that is read again when it has changed: a new one
//! needs no restart, and one that does not hold leaves the old one in use.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring::default_provider,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
        server::{ClientHello, ResolvesServerCert},
        sign::CertifiedKey,
    },
};

use crate::{
    error::{HubError, Of},
    owner_only,
};

/// Between two looks at the files.
const EVERY: Duration = Duration::from_secs(5);

/// Accepts TLS connections.
#[derive(Clone)]
pub struct ServerTls {
    acceptor: TlsAcceptor,
    certificate: Arc<FileCertificate>,
}

/// A certificate with its chain and private key, as two files hold them.
#[derive(Debug)]
struct FileCertificate {
    files: [PathBuf; 2],
    current: RwLock<(Arc<CertifiedKey>, [Option<SystemTime>; 2])>,
}

impl ServerTls {
    /// By a certificate with its chain, and its private key, which nobody but the owner may read.
    ///
    /// # Errors
    ///
    /// [`HubError::Invalid`] naming the file that does not hold.
    pub fn of_files(certificate: &Path, key: &Path) -> Result<Self, HubError> {
        let files = [certificate.to_owned(), key.to_owned()];
        let current = RwLock::new((read(&files)?, changed(&files)));
        let certificate = Arc::new(FileCertificate { files, current });
        let resolver: Arc<dyn ResolvesServerCert> = Arc::clone(&certificate) as _;
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(HubError::internal)?
            .with_no_client_auth()
            .with_cert_resolver(resolver);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), certificate })
    }

    /// What greets clients.
    #[must_use]
    pub const fn acceptor(&self) -> &TlsAcceptor {
        &self.acceptor
    }

    /// Reads the files again whenever they have changed, without end.
    pub async fn renew(&self) {
        loop {
            tokio::time::sleep(EVERY).await;
            match self.certificate.renew() {
                Ok(true) => tracing::info!("the TLS certificate was read again"),
                Ok(false) => {}
                Err(error) => {
                    error.warn(Of::Hub, "the TLS certificate cannot be used; the old one stays");
                }
            }
        }
    }
}

impl FileCertificate {
    /// Takes a changed certificate; whether there was one.
    fn renew(&self) -> Result<bool, HubError> {
        let now = changed(&self.files);
        if self.current.read().unwrap_or_else(PoisonError::into_inner).1 == now {
            return Ok(false);
        }
        let read = read(&self.files);
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        // What does not hold is told once, and looked at again when it has changed.
        current.1 = now;
        current.0 = read?;
        Ok(true)
    }
}

impl ResolvesServerCert for FileCertificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&current.0))
    }
}

/// When the files were last changed.
fn changed(files: &[PathBuf; 2]) -> [Option<SystemTime>; 2] {
    files.each_ref().map(|path| path.metadata().and_then(|about| about.modified()).ok())
}

fn read([certificate, key]: &[PathBuf; 2]) -> Result<Arc<CertifiedKey>, HubError> {
    owner_only::check(key)?;
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(|error| unusable(certificate, &error))?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key, &error))?;
    CertifiedKey::from_der(chain, private, &default_provider())
        .map(Arc::new)
        .map_err(|error| unusable(certificate, &error))
}

fn unusable(path: &Path, error: &dyn std::fmt::Display) -> HubError {
    let path = path.display();
    HubError::invalid(
        format!(
            "TLS 证书或私钥文件 {path} 不能使用（{error}）。请检查 tls_certificate_file（含证书链）与 tls_key_file 是否为成对的 PEM 文件。"
        ),
        format!(
            "{path} cannot be used for TLS ({error}). `tls_certificate_file` (with its chain) and `tls_key_file` have to be PEM files that belong together."
        ),
    )
}
