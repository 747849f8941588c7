//! Where a database is, and how to get there: `postgres://user:password@host,other/name?sslmode=verify-full`.
//!
//! Several hosts may be named; with `target_session_attrs=read-write`, which is set unless the address says otherwise, the one
//! that takes writes is used, so that a promoted replica is found.
//!
//! `sslmode` and `sslrootcert` mean what they mean to PostgreSQL's own clients, but that `require` believes nobody either:
//!
//! | `sslmode` | what it does |
//! | --- | --- |
//! | `disable` | no TLS |
//! | `prefer`, unless it is said | TLS if the database speaks it, whoever it is |
//! | `require`, `verify-full` | TLS with a certificate for this host, from the authorities of `sslrootcert`, or of the machine |

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{Result, StoreError};

/// How long it may take to reach one host.
const CONNECT: Duration = Duration::from_secs(5);
/// After so long without an answer, the network is asked whether the other end is still there.
const ALIVE: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub(super) struct Address {
    config: Config,
    trust: Trust,
}

/// Who is believed to be the database.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Trust {
    Anybody,
    /// Whoever has a certificate from the authorities that the machine trusts.
    Machine,
    /// Whoever has one from the authorities in this file.
    File(String),
}

fn wrong(what: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable(format!("the address of the database cannot be read: {what}"))
}

impl Address {
    pub fn parse(text: &str) -> Result<Address> {
        let (text, mode, root) = take_tls(text)?;
        let mut config: Config = text.parse().map_err(wrong)?;
        let (mode, trust) = match (mode.as_deref(), root) {
            (Some("disable"), _) => (SslMode::Disable, Trust::Anybody),
            (None | Some("prefer"), None) => (SslMode::Prefer, Trust::Anybody),
            (Some("require" | "verify-full"), None) => (SslMode::Require, Trust::Machine),
            (None | Some("prefer" | "require" | "verify-full"), Some(file)) => (SslMode::Require, Trust::File(file)),
            (Some(_), _) => return Err(wrong("sslmode is disable, prefer, require or verify-full")),
        };
        config.ssl_mode(mode);
        if !text.contains("target_session_attrs") {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        config.keepalives_idle(ALIVE).tcp_user_timeout(ALIVE).application_name("laserchat");
        Ok(Address { config, trust })
    }

    /// For a copy, which takes no writes.
    pub fn of_replica(mut self) -> Address {
        self.config.target_session_attrs(TargetSessionAttrs::Any);
        self
    }

    /// Connects, and lets the connection run in the present runtime.
    pub async fn connect(&self) -> Result<Client> {
        if self.config.get_ssl_mode() == SslMode::Disable {
            let (client, connection) = self.config.connect(NoTls).await?;
            tokio::spawn(connection);
            return Ok(client);
        }
        let (client, connection) = self.config.connect(MakeRustlsConnect::new(tls(&self.trust)?)).await?;
        tokio::spawn(connection);
        Ok(client)
    }
}

/// Where it is, without what is secret.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts = self.config.get_hosts().iter().map(|host| match host {
            Host::Tcp(host) => host.clone(),
            #[cfg(unix)]
            Host::Unix(path) => path.display().to_string(),
        });
        let ports = self.config.get_ports();
        let places = hosts.enumerate().map(|(at, host)| match ports.get(at).or(ports.first()) {
            Some(port) => format!("{host}:{port}"),
            None => host,
        });
        let places = places.collect::<Vec<_>>().join(",");
        write!(f, "postgres://{places}/{}", self.config.get_dbname().unwrap_or_default())
    }
}

/// An address without what it says of TLS, and that.
fn take_tls(text: &str) -> Result<(String, Option<String>, Option<String>)> {
    let Some((place, query)) = text.split_once('?') else { return Ok((text.to_owned(), None, None)) };
    let (mut mode, mut root, mut rest) = (None, None, Vec::new());
    for pair in query.split('&') {
        match pair.split_once('=') {
            Some(("sslmode", value)) => mode = Some(value.to_owned()),
            Some(("sslrootcert", value)) => root = Some(decoded(value)?),
            _ => rest.push(pair),
        }
    }
    let text = if rest.is_empty() { place.to_owned() } else { format!("{place}?{}", rest.join("&")) };
    Ok((text, mode, root))
}

/// A value as it was before it became a part of an address.
fn decoded(value: &str) -> Result<String> {
    let mut parts = value.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let code = part.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(code.ok_or_else(|| wrong("a % is followed by two digits"))?);
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).map_err(wrong)
}

fn tls(trust: &Trust) -> Result<ClientConfig> {
    let failed = |error: rustls::Error| StoreError::Unavailable(error.to_string());
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(failed)?;
    let mut roots = RootCertStore::empty();
    match trust {
        Trust::Anybody => {
            let anybody = Arc::new(Anybody(provider));
            return Ok(config.dangerous().with_custom_certificate_verifier(anybody).with_no_client_auth());
        }
        Trust::Machine => drop(roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs)),
        Trust::File(file) => {
            let unreadable = |error| StoreError::Unavailable(format!("sslrootcert {file}: {error}"));
            for certificate in CertificateDer::pem_file_iter(file).map_err(unreadable)? {
                roots.add(certificate.map_err(unreadable)?).map_err(failed)?;
            }
        }
    }
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// Believes everybody: for who would speak without TLS, too.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(query: &str) -> Option<(SslMode, Trust)> {
        let address = Address::parse(&format!("postgres://me@one,two/chat{query}")).ok()?;
        Some((address.config.get_ssl_mode(), address.trust))
    }

    #[test]
    fn what_an_address_says_of_tls() {
        assert_eq!(parsed(""), Some((SslMode::Prefer, Trust::Anybody)));
        assert_eq!(parsed("?sslmode=disable&connect_timeout=3"), Some((SslMode::Disable, Trust::Anybody)));
        for mode in ["require", "verify-full"] {
            assert_eq!(parsed(&format!("?sslmode={mode}")), Some((SslMode::Require, Trust::Machine)));
        }
        let file = || Trust::File("/etc/a b.pem".into());
        assert_eq!(parsed("?sslrootcert=%2Fetc/a%20b.pem"), Some((SslMode::Require, file())));
        assert_eq!(parsed("?sslrootcert=/etc/a%20b.pem&sslmode=verify-full"), Some((SslMode::Require, file())));
        for bad in ["?sslmode=perhaps", "?sslmode=verify-ca", "?sslrootcert=%2", "?sslrootcert=%ü", "?unknown=1"] {
            assert_eq!(parsed(bad), None, "{bad}");
        }
    }
}
