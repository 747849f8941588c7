//! TLS by the server itself: for those who want no proxy in front of it.
//!
//! The certificate comes from files that somebody else renews ([`files`]), or from a certificate authority that is asked
//! for it over ACME ([`acme`]). Either way the newest one that works is what new connections get: a file that cannot be
//! used changes nothing but the log. Connections that are open keep what they began with.
//!
//! *Absent:* client certificates; HTTP/2, which WebSockets have no use for; 0-RTT, which can be replayed; a certificate for
//! each of several names, because a server has one address; a store of sessions, since tickets carry what resuming needs.

mod acme;
mod certificate;
mod files;
mod redirect;
mod session;
mod stream;

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use metrics::{describe_gauge, gauge};
use parking_lot::{Mutex, RwLock};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::server::{ClientHello, NoServerSessionStorage, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::config::Config;

pub use certificate::{Certificate, CertificateError};
pub use redirect::router as redirect;
use session::Session;
pub use stream::Stream;

/// What clients speak inside.
const HTTP: &[u8] = b"http/1.1";
/// What only a certificate authority speaks, to see who answers under a name.
const PROOF: &[u8] = b"acme-tls/1";

/// Why a server cannot speak TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    #[error("it is refused by the library: {0}")]
    Library(#[from] rustls::Error),
    #[error("{0}")]
    Acme(String),
}

/// Speaks TLS on sockets.
#[derive(Clone)]
pub struct Tls {
    settings: Arc<ServerConfig>,
}

impl Tls {
    /// Prepares what the configuration asks for, and keeps the certificate new until `stop`. `None`: it asks for none.
    pub fn start(config: &Config, stop: &CancellationToken) -> Result<Option<Tls>, TlsError> {
        if !config.speaks_tls() {
            return Ok(None);
        }
        describe_gauge!(
            "laserchat_certificate_expires_timestamp_seconds",
            "When the certificate in use expires, in seconds since 1970."
        );
        let shown = Arc::new(Shown::default());
        match (&config.tls.certificate, &config.tls.key) {
            (Some(chain), Some(key)) => files::start(chain.into(), key.into(), &shown, stop)?,
            _ => acme::start(config, &shown, stop)?,
        }
        let provider = Arc::new(ring::default_provider());
        let mut settings = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(shown);
        settings.alpn_protocols = vec![HTTP.to_vec(), PROOF.to_vec()];
        settings.session_storage = Arc::new(NoServerSessionStorage {});
        settings.ticketer = ring::Ticketer::new()?;
        settings.send_tls13_tickets = 1;
        Ok(Some(Tls { settings: Arc::new(settings) }))
    }

    /// The handshake. `None`: it was all that the other side wanted.
    pub async fn accept(&self, socket: TcpStream) -> io::Result<Option<Stream>> {
        let session = Session::accept(Arc::clone(&self.settings), socket).await?;
        let proved = session.protocol() == Some(PROOF);
        Ok((!proved).then(|| Stream::Tls(Box::new(session))))
    }
}

/// What clients are shown.
#[derive(Debug, Default)]
pub struct Shown {
    certificate: RwLock<Option<Arc<CertifiedKey>>>,
    /// What a certificate authority is shown, by the name that it asks for.
    proofs: Mutex<HashMap<String, Arc<CertifiedKey>>>,
}

impl Shown {
    /// Shows this one from now on.
    fn replace(&self, certificate: Certificate) {
        gauge!("laserchat_certificate_expires_timestamp_seconds").set(certificate.expires as f64);
        *self.certificate.write() = Some(certificate.key);
    }

    fn prove(&self, name: &str, proof: Arc<CertifiedKey>) {
        self.proofs.lock().insert(name.to_ascii_lowercase(), proof);
    }

    fn proved(&self) {
        self.proofs.lock().clear();
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        if hello.alpn().is_some_and(|mut names| names.any(|name| name == PROOF)) {
            return self.proofs.lock().get(&hello.server_name()?.to_ascii_lowercase()).cloned();
        }
        self.certificate.read().clone()
    }
}
