//! Outbound: requests to addresses that users name (push services, pages to preview, webhooks).
//!
//! Whoever may name an address could otherwise make the server speak to what only the server can reach: the machine
//! itself, the network behind it, a cloud's metadata service. So every address is resolved here, and only one that is
//! public is connected to; an operator allows others with `outbound.allow`. The check is made on the very address that is
//! connected to, so that a name which resolves to something else the second time changes nothing. Redirects are not
//! followed: who wants to, asks again with the new address. Answers are bounded in time and in size.
//!
//! *Absent:* proxies from the environment, which would connect in our stead; cookies; credentials in addresses.

mod public;

use std::error::Error as _;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder, StatusCode, Url, redirect};

use crate::authorities;
use crate::config::Network;

/// How long a connection may take, and a whole request with its answer.
const CONNECT: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(15);
/// Longer addresses are refused; push services use some hundred bytes.
pub const URL_BYTES: usize = 2048;

/// Makes requests to addresses that users name. Cloning shares the connections.
#[derive(Clone)]
pub struct Outbound {
    client: Client,
    guard: Arc<Guard>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// At most as many bytes as were asked for.
    pub body: Bytes,
    /// There was more than that.
    pub cut: bool,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    #[error("the address cannot be used: {0}")]
    Url(&'static str),
    #[error("the address is not a public one")]
    Private,
    #[error("there was no answer in time")]
    TimedOut,
    #[error("there was no answer: {0}")]
    Unreachable(String),
}

impl Outbound {
    /// `allow`: addresses that are fine although they are not public.
    pub fn new(allow: &[Network]) -> Result<Self, reqwest::Error> {
        let guard = Arc::new(Guard { allow: allow.to_vec(), own: public::can_tell_own_addresses() });
        let client = authorities::client(|client| {
            client
                .no_proxy()
                .redirect(redirect::Policy::none())
                .dns_resolver(Arc::new(Resolver(Arc::clone(&guard))))
                .connect_timeout(CONNECT)
                .timeout(WHOLE)
                .pool_max_idle_per_host(8)
                .user_agent(concat!("LaserChat/", env!("CARGO_PKG_VERSION")))
        })?;
        Ok(Outbound { client, guard })
    }

    /// Whether an address has a form that may be asked at all: http or https, a host, no credentials, not too long.
    /// What the host resolves to shows only when it is asked.
    pub fn check(&self, url: &str) -> Result<Url, Failure> {
        if url.len() > URL_BYTES {
            return Err(Failure::Url("it is too long"));
        }
        let url = Url::parse(url).map_err(|_| Failure::Url("it is not an address"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Failure::Url("only http and https"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Failure::Url("it carries a name or a password"));
        }
        // Nobody is asked about an address that is spelled in numbers, so it is checked here.
        let host = url.host_str().ok_or(Failure::Url("it has no host"))?;
        match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(address) if !self.guard.allows(address) => Err(Failure::Private),
            _ => Ok(url),
        }
    }

    /// A request that [`Outbound::send`] may send; `timeout` on it makes it shorter than the usual 15 seconds.
    pub fn request(&self, method: Method, url: &str) -> Result<RequestBuilder, Failure> {
        Ok(self.client.request(method, self.check(url)?))
    }

    /// Sends, and reads up to `limit` bytes of the answer.
    pub async fn send(&self, request: RequestBuilder, limit: usize) -> Result<Answer, Failure> {
        self.send_if(request, limit, |_, _| true).await
    }

    /// The same, and the body is read only if the answer's beginning is as wanted. Otherwise it is left empty.
    pub async fn send_if(
        &self,
        request: RequestBuilder,
        limit: usize,
        wanted: impl Fn(StatusCode, &HeaderMap) -> bool,
    ) -> Result<Answer, Failure> {
        let mut response = request.send().await.map_err(failure)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        let mut cut = false;
        if !wanted(status, &headers) {
            return Ok(Answer { status, headers, body: Bytes::new(), cut });
        }
        while let Some(chunk) = response.chunk().await.map_err(failure)? {
            let room = limit.saturating_sub(body.len());
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if chunk.len() > room {
                cut = true;
                break;
            }
        }
        Ok(Answer { status, headers, body: body.into(), cut })
    }
}

/// Says why without the address, which may be a secret.
fn failure(error: reqwest::Error) -> Failure {
    let error = error.without_url();
    if error.is_timeout() {
        return Failure::TimedOut;
    }
    let mut cause: Option<&(dyn std::error::Error + 'static)> = error.source();
    let mut last = error.to_string();
    while let Some(inner) = cause {
        if inner.is::<NotPublic>() {
            return Failure::Private;
        }
        last = inner.to_string();
        cause = inner.source();
    }
    Failure::Unreachable(last)
}

/// Decides which addresses are connected to, when a name is resolved.
struct Guard {
    allow: Vec<Network>,
    /// Whether the machine's own addresses can be told from others.
    own: bool,
}

impl Guard {
    fn allows(&self, address: IpAddr) -> bool {
        self.allow.iter().any(|network| network.contains(address))
            || (public::is_public(address) && !(self.own && public::is_own(address)))
    }

    async fn resolve(&self, host: &str) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
        let found: Vec<SocketAddr> = tokio::net::lookup_host((host, 0)).await?.collect();
        let some = !found.is_empty();
        let allowed: Vec<SocketAddr> = found.into_iter().filter(|address| self.allows(address.ip())).collect();
        if some && allowed.is_empty() { Err(Box::new(NotPublic)) } else { Ok(allowed) }
    }
}

/// The client keeps the guard as its resolver.
struct Resolver(Arc<Guard>);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = Arc::clone(&self.0);
        Box::pin(async move {
            let found = guard.resolve(name.as_str()).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// The name stands for addresses of which none may be asked.
#[derive(Debug)]
struct NotPublic;

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a public address")
    }
}

impl std::error::Error for NotPublic {}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    /// A server that answers every connection with these bytes. Its port.
    async fn answering(answer: &'static [u8]) -> u16 {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = socket.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut peer, _)) = socket.accept().await {
                let mut asked = [0; 4096];
                let _ = peer.read(&mut asked).await;
                let _ = peer.write_all(answer).await;
            }
        });
        port
    }

    async fn get(outbound: &Outbound, url: &str, limit: usize) -> Result<Answer, Failure> {
        outbound.send(outbound.request(Method::GET, url)?, limit).await
    }

    #[tokio::test]
    async fn nothing_private_is_asked_by_number_or_by_name() {
        let port = answering(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi").await;
        let closed = Outbound::new(&[]).unwrap();
        for host in
            ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "10.0.0.1"]
        {
            let asked = get(&closed, &format!("http://{host}:{port}/"), 100).await;
            assert_eq!(asked.unwrap_err(), Failure::Private, "{host}");
        }
        let open = Outbound::new(&["127.0.0.0/8".parse().unwrap()]).unwrap();
        let answer = get(&open, &format!("http://localhost:{port}/"), 100).await.unwrap();
        assert_eq!((answer.status, &answer.body[..], answer.cut), (StatusCode::OK, &b"hi"[..], false));
    }

    #[tokio::test]
    async fn answers_are_cut_and_redirects_stay_where_they_are() {
        let open = Outbound::new(&["127.0.0.0/8".parse().unwrap()]).unwrap();
        let port =
            answering(b"HTTP/1.1 302 Found\r\nlocation: http://192.0.2.1/\r\ncontent-length: 6\r\n\r\nabcdef").await;
        let answer = get(&open, &format!("http://127.0.0.1:{port}/"), 4).await.unwrap();
        assert_eq!((answer.status, &answer.body[..], answer.cut), (StatusCode::FOUND, &b"abcd"[..], true));
    }

    #[test]
    fn only_plain_web_addresses() {
        let outbound = Outbound::new(&[]).unwrap();
        for bad in ["", "x", "ftp://example.org/", "http://a:b@example.org/", "file:///etc/passwd", "http://"] {
            assert!(matches!(outbound.check(bad), Err(Failure::Url(_))), "{bad}");
        }
        assert!(outbound.check(&format!("https://example.org/{}", "x".repeat(URL_BYTES))).is_err());
        assert!(outbound.check("https://push.example.org/a?b=c").is_ok());
    }
}
