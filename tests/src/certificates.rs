//! Certificates that nobody else believes in, for servers under test.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// An authority.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate, which clients are to believe.
    pub pem: String,
}

impl Authority {
    pub fn new() -> Authority {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new([]).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).expect("a certificate").pem();
        Authority { issuer: Issuer::new(params, key), pem }
    }

    /// Writes a certificate for `localhost` and its key to a folder; their paths.
    pub fn issue(&self, folder: &Path) -> (PathBuf, PathBuf) {
        let (chain, key) = self.pair();
        let paths = (folder.join("chain.pem"), folder.join("key.pem"));
        std::fs::write(&paths.0, chain).expect("a file");
        std::fs::write(&paths.1, key).expect("a file");
        paths
    }

    /// A certificate for `localhost` and its key, in PEM.
    pub fn pair(&self) -> (String, String) {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()]).expect("parameters");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        (certificate.pem(), key.serialize_pem())
    }
}

impl Default for Authority {
    fn default() -> Self {
        Authority::new()
    }
}

/// An HTTP client that believes one authority and nobody else, and keeps no connection for the next request.
pub fn http(authority: &str) -> reqwest::Client {
    http_from(authority, None)
}

/// The same, from one of the machine's addresses.
pub fn http_from(authority: &str, from: Option<std::net::IpAddr>) -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let believed = reqwest::Certificate::from_pem(authority.as_bytes()).expect("a certificate");
    let builder = reqwest::Client::builder().no_proxy().tls_certs_only([believed]).pool_max_idle_per_host(0);
    let builder = builder.local_address(from);
    builder.redirect(reqwest::redirect::Policy::none()).build().expect("an HTTP client")
}

/// How a WebSocket client believes one authority and nobody else.
pub fn tls(authority: &str, versions: &[&'static rustls::SupportedProtocolVersion]) -> Arc<rustls::ClientConfig> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.as_bytes()).expect("a certificate")).expect("a root");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider).with_protocol_versions(versions);
    Arc::new(builder.expect("versions").with_root_certificates(roots).with_no_client_auth())
}
