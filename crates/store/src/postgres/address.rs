//! Where a database is, and how to get there: `postgres://user:password@host,other/name?sslmode=require`.
//!
//! Several hosts may be named; with `target_session_attrs=read-write`, which is set unless the address says otherwise, the one
//! that takes writes is used, so that a promoted replica is found.

use std::fmt;
use std::time::Duration;

use rustls::RootCertStore;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{Result, StoreError};

/// How long it may take to reach one host.
const CONNECT: Duration = Duration::from_secs(5);
/// After so long without an answer, the network is asked whether the other end is still there.
const ALIVE: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub(super) struct Address(Config);

impl Address {
    pub fn parse(text: &str) -> Result<Address> {
        let wrong = |error| StoreError::Unavailable(format!("the address of the database cannot be read: {error}"));
        let mut config: Config = text.parse().map_err(wrong)?;
        if !text.contains("target_session_attrs") {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        config.keepalives_idle(ALIVE).tcp_user_timeout(ALIVE).application_name("laserchat");
        Ok(Address(config))
    }

    /// For a copy, which takes no writes.
    pub fn of_replica(mut self) -> Address {
        self.0.target_session_attrs(TargetSessionAttrs::Any);
        self
    }

    /// Connects, and lets the connection run in the present runtime.
    pub async fn connect(&self) -> Result<Client> {
        if self.0.get_ssl_mode() == SslMode::Disable {
            let (client, connection) = self.0.connect(NoTls).await?;
            tokio::spawn(connection);
            return Ok(client);
        }
        let (client, connection) = self.0.connect(tls()?).await?;
        tokio::spawn(connection);
        Ok(client)
    }
}

/// Where it is, without what is secret.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts = self.0.get_hosts().iter().map(|host| match host {
            Host::Tcp(host) => host.clone(),
            #[cfg(unix)]
            Host::Unix(path) => path.display().to_string(),
        });
        let ports = self.0.get_ports();
        let places = hosts.enumerate().map(|(at, host)| match ports.get(at).or(ports.first()) {
            Some(port) => format!("{host}:{port}"),
            None => host,
        });
        let places = places.collect::<Vec<_>>().join(",");
        write!(f, "postgres://{places}/{}", self.0.get_dbname().unwrap_or_default())
    }
}

/// TLS with the authorities that the machine trusts.
fn tls() -> Result<MakeRustlsConnect> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let failed = |error: rustls::Error| StoreError::Unavailable(error.to_string());
    let config = rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
