//! Authorities: whose certificates are believed when this server asks another one over TLS. They are those of the machine.
//!
//! A machine may have none, as a container without the package `ca-certificates`. Then nobody out there is believed, and
//! what needs somebody (push services, webhooks, previews) does without; the chat itself needs nobody, so it goes on, and
//! says what is missing.

use reqwest::{Client, ClientBuilder};
use rustls::RootCertStore;

/// What to say where there are none.
pub const MISSING: &str = "this machine has no certificates of authorities, so no other server can be asked over https \
    (push services, webhooks, previews, S3): install the package ca-certificates";

/// Whether this machine has any, which reads all of them.
pub fn exist() -> bool {
    let (usable, _) = RootCertStore::empty().add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    usable > 0
}

/// A client for HTTP with further settings.
pub fn client(set: impl Fn(ClientBuilder) -> ClientBuilder) -> Result<Client, reqwest::Error> {
    provide();
    set(Client::builder()).build().or_else(|_| {
        // If something else is wrong, that fails again.
        let client = set(Client::builder().tls_certs_only([])).build()?;
        tracing::warn!("{MISSING}");
        Ok(client)
    })
}

/// Several libraries of ours speak TLS, and all of them with this. Somebody may have chosen before us, which is as good.
pub fn provide() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}
