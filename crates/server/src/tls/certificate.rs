//! A certificate with its key, checked as far as a server can check its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use x509_cert::der::Decode;

pub struct Certificate {
    pub key: Arc<CertifiedKey>,
    /// Between which moments it is worth something, in seconds since 1970.
    pub begins: u64,
    pub expires: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    #[error("{} cannot be read: {error}", path.display())]
    File { path: PathBuf, error: std::io::Error },
    #[error("there is no certificate in it: {0}")]
    Chain(String),
    #[error("there is no private key in it: {0}")]
    Key(String),
    #[error("certificate and key cannot be used: {0}")]
    Pair(#[from] rustls::Error),
}

impl Certificate {
    /// From the files of a chain and of its key, in PEM.
    pub fn read(chain: &Path, key: &Path) -> Result<Certificate, CertificateError> {
        Certificate::parse(&bytes(chain)?, &bytes(key)?)
    }

    pub fn parse(chain: &[u8], key: &[u8]) -> Result<Certificate, CertificateError> {
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(chain)
            .collect::<Result<_, _>>()
            .map_err(|error| CertificateError::Chain(error.to_string()))?;
        let own = chain.first().ok_or_else(|| CertificateError::Chain("it is empty".to_owned()))?;
        let read = x509_cert::Certificate::from_der(own).map_err(|error| CertificateError::Chain(error.to_string()))?;
        let validity = read.tbs_certificate.validity;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| CertificateError::Key(error.to_string()))?;
        // A key of another certificate is told here.
        let key = CertifiedKey::from_der(chain, key, &ring::default_provider())?;
        Ok(Certificate {
            key: Arc::new(key),
            begins: validity.not_before.to_unix_duration().as_secs(),
            expires: validity.not_after.to_unix_duration().as_secs(),
        })
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, CertificateError> {
    std::fs::read(path).map_err(|error| CertificateError::File { path: path.to_owned(), error })
}
