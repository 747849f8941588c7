//! Whose address a request comes from, behind proxies or not.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;

use crate::config::Config;

/// The address of the client, as far as it can be believed. The middleware leaves it on every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// The peer itself, unless it is a trusted proxy: then the right-most address in `X-Forwarded-For` that is not one.
/// What stands further left was written by whoever is not trusted, and is not looked at.
pub fn client(config: &Config, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let mut client = peer.to_canonical();
    let lines: Vec<_> = headers.get_all("x-forwarded-for").iter().collect();
    let mut hops = lines.iter().rev().flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    while config.trusts(client) {
        match hops.next().and_then(|hop| hop_address(hop.trim())) {
            Some(address) => client = address.to_canonical(),
            None => break,
        }
    }
    client
}

/// Some proxies add the port.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(hop);
    bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn config(trusted: &str) -> Config {
        let flag = format!("LASERCHAT_{}", "TRUSTED_PROXIES");
        let env = [(flag.into(), trusted.into())];
        crate::config::load(&crate::config::Flags::default(), env).unwrap().config
    }

    fn seen(trusted: &str, peer: &str, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        client(&config(trusted), peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn nobody_is_believed_who_is_not_trusted() {
        assert_eq!(seen("", "203.0.113.9", &["1.2.3.4"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.0/8", "203.0.113.9", &["1.2.3.4"]), "203.0.113.9");
        assert_eq!(seen("", "::ffff:203.0.113.9", &[]), "203.0.113.9");
    }

    #[test]
    fn the_right_most_stranger_is_the_client() {
        let proxies = "10.0.0.0/8,192.168.0.0/16";
        assert_eq!(seen(proxies, "10.0.0.1", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(seen(proxies, "10.0.0.1", &["6.6.6.6, 1.2.3.4, 192.168.0.7"]), "1.2.3.4");
        assert_eq!(seen(proxies, "10.0.0.1", &["6.6.6.6", "1.2.3.4,10.0.0.2"]), "1.2.3.4");
        assert_eq!(seen(proxies, "10.0.0.1", &["1.2.3.4:5678"]), "1.2.3.4");
        assert_eq!(seen(proxies, "10.0.0.1", &["[2001:db8::1]:443"]), "2001:db8::1");
        assert_eq!(seen(proxies, "10.0.0.1", &["[2001:db8::1]"]), "2001:db8::1");
    }

    #[test]
    fn what_cannot_be_read_ends_the_chain() {
        assert_eq!(seen("10.0.0.0/8", "10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(seen("10.0.0.0/8", "10.0.0.1", &["1.2.3.4, unknown"]), "10.0.0.1");
        assert_eq!(seen("10.0.0.0/8", "10.0.0.1", &["1.2.3.4, unknown, 10.0.0.3"]), "10.0.0.3");
        assert_eq!(seen("10.0.0.0/8", "10.0.0.1", &["10.0.0.2"]), "10.0.0.2");
    }
}
