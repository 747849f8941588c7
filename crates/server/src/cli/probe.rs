//! Asking the server that runs with a configuration, from the same machine.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use crate::config::Config;

/// Where a program on the same machine reaches it.
fn address(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

pub async fn get(config: &Config, path: &str) -> Result<reqwest::Response, reqwest::Error> {
    let scheme = if config.speaks_tls() { "https" } else { "http" };
    let http = reqwest::Client::builder()
        // Nothing between this program and the server on the same machine.
        .no_proxy()
        .timeout(Duration::from_secs(10))
        // The certificate is for the name that people use. Nothing secret is asked, and nothing said.
        .tls_danger_accept_invalid_certs(true)
        .build()?;
    http.get(format!("{scheme}://{}{path}", address(config.listen))).send().await
}
