//! How strangers prove their names: the system's authorities, and one of a test's (F7).

use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, Error};
use rustls_platform_verifier::Verifier;
use tokio_rustls::TlsConnector;

/// A connector that trusts what the system trusts, and the authorities of a PEM file.
pub(crate) fn connector(authorities: Option<&Path>) -> io::Result<TlsConnector> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let extra = match authorities {
        Some(path) => read(path)?,
        None => Vec::new(),
    };
    let config = config(&provider, extra).map_err(io::Error::other)?;
    Ok(TlsConnector::from(Arc::new(config)))
}

fn read(path: &Path) -> io::Result<Vec<CertificateDer<'static>>> {
    let certificates = CertificateDer::pem_file_iter(path).map_err(io::Error::other)?;
    certificates.collect::<Result<_, _>>().map_err(io::Error::other)
}

fn config(
    provider: &Arc<CryptoProvider>,
    extra: Vec<CertificateDer<'static>>,
) -> Result<ClientConfig, Error> {
    let verifier = Verifier::new_with_extra_roots(extra, Arc::clone(provider))?;
    let builder = ClientConfig::builder_with_provider(Arc::clone(provider));
    let mut config = builder
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // A resumed session would tell a host that it was us before (F1).
    config.resumption = Resumption::disabled();
    Ok(config)
}
