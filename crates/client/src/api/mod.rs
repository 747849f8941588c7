//! The REST interface, typed. One file per noun, as in the protocol.
//!
//! [`Api`] keeps the access token fresh: it is renewed shortly before it expires, and once more when the server says
//! that it has expired. However many requests find it expired at once, one renews it and the others wait, because a
//! refresh token is good for one use only.

mod account;
mod conversations;
mod messages;
mod people;
mod personal;
mod polls;
mod sessions;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use laserchat_protocol::session::Grant;
use laserchat_protocol::{Code, Page, Problem};
use parking_lot::RwLock;
use reqwest::{Method, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::watch;

pub use messages::Window;

/// A token is renewed when it has less than this left.
const EARLY: Duration = Duration::from_secs(60);

/// How long a request may take, long polls and event streams aside.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request that says all in its address.
const NOTHING: BTreeMap<&str, &str> = BTreeMap::new();

/// Items per page when a whole list is wanted.
const PAGE: usize = 200;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server refused.
    #[error("{0}")]
    Refused(Box<Problem>),
    /// The server could not be reached, or the connection was lost before the answer came.
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
    /// The answer was not what the protocol promises.
    #[error("the server's answer cannot be understood: {0}")]
    Garbled(String),
    /// The address of the server is not usable.
    #[error("not an address of a server: {0}")]
    Address(String),
}

impl Error {
    /// The code of a refusal.
    pub fn code(&self) -> Option<Code> {
        match self {
            Error::Refused(problem) => Some(problem.code),
            _ => None,
        }
    }

    /// The refusal as a problem; trouble on the way is `unavailable`, because the same request may succeed later.
    pub fn into_problem(self) -> Problem {
        match self {
            Error::Refused(problem) => *problem,
            other => Problem::new(Code::Unavailable).detail(other.to_string()),
        }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Error::Refused(Box::new(problem))
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        if error.is_decode() { Error::Garbled(causes(&error)) } else { Error::Unreachable(causes(&error)) }
    }
}

/// An error and what caused it, without the address, which may name people.
fn causes(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// How requests prove who asks.
#[derive(Clone)]
enum Credentials {
    None,
    /// A personal access token, which is not renewed.
    Token(String),
    Session {
        grant: Box<Grant>,
        expires: Instant,
    },
}

struct Inner {
    http: reqwest::Client,
    /// Without a slash at the end.
    server: String,
    credentials: RwLock<Credentials>,
    renewing: tokio::sync::Mutex<()>,
    grants: watch::Sender<Option<Grant>>,
}

/// A cheap handle; clones share the session.
#[derive(Clone)]
pub struct Api {
    inner: Arc<Inner>,
}

impl Api {
    /// An interface to the server at an address such as `https://chat.example.org`.
    pub fn new(server: &str) -> Result<Self> {
        install_tls();
        let server = server.trim().trim_end_matches('/');
        if !(server.starts_with("http://") || server.starts_with("https://")) || reqwest::Url::parse(server).is_err() {
            return Err(Error::Address(server.to_owned()));
        }
        let http = reqwest::Client::builder()
            .user_agent(concat!("laserchat-client/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(10))
            .build()
            .map_err(|error| Error::Address(causes(&error)))?;
        Ok(Api {
            inner: Arc::new(Inner {
                http,
                server: server.to_owned(),
                credentials: RwLock::new(Credentials::None),
                renewing: tokio::sync::Mutex::new(()),
                grants: watch::Sender::new(None),
            }),
        })
    }

    /// Uses a personal access token, or an access token that somebody else renews.
    pub fn with_token(self, token: impl Into<String>) -> Self {
        *self.inner.credentials.write() = Credentials::Token(token.into());
        self
    }

    /// Continues a session that was granted before.
    pub fn with_grant(self, grant: Grant) -> Self {
        self.keep(grant);
        self
    }

    pub fn server(&self) -> &str {
        &self.inner.server
    }

    /// The newest grant of the session. Whoever wants to continue it later keeps each one: its refresh token replaces
    /// the one before.
    pub fn grants(&self) -> watch::Receiver<Option<Grant>> {
        self.inner.grants.subscribe()
    }

    /// A token that is good for a while yet.
    pub async fn token(&self) -> Result<String> {
        match self.credentials() {
            Credentials::None => Err(Problem::new(Code::Unauthorized).into()),
            Credentials::Token(token) => Ok(token),
            Credentials::Session { grant, expires } if expires > Instant::now() + EARLY => Ok(grant.access_token),
            Credentials::Session { grant, .. } => self.renew(&grant.access_token).await,
        }
    }

    /// Replaces an access token that no longer serves. Who comes while another renews gets that one's result.
    pub async fn renew(&self, stale: &str) -> Result<String> {
        let _renewing = self.inner.renewing.lock().await;
        match self.credentials() {
            Credentials::Session { grant, .. } if grant.access_token != stale => Ok(grant.access_token),
            Credentials::Session { grant, .. } => Ok(self.refresh(&grant.refresh_token).await?.access_token),
            _ => Err(Problem::new(Code::Unauthorized).into()),
        }
    }

    fn credentials(&self) -> Credentials {
        self.inner.credentials.read().clone()
    }

    fn keep(&self, grant: Grant) {
        let expires = Instant::now() + Duration::from_secs(grant.expires_in);
        *self.inner.credentials.write() = Credentials::Session { grant: Box::new(grant.clone()), expires };
        self.inner.grants.send_replace(Some(grant));
    }

    fn forget(&self) {
        *self.inner.credentials.write() = Credentials::None;
        self.inner.grants.send_replace(None);
    }
}

/// Requests.
impl Api {
    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        read(self.send(Method::GET, path, None).await?).await
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T> {
        read(self.send(Method::POST, path, Some(spell(body)?)).await?).await
    }

    async fn put<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T> {
        read(self.send(Method::PUT, path, Some(spell(body)?)).await?).await
    }

    async fn delete<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        read(self.send(Method::DELETE, path, None).await?).await
    }

    /// A request whose answer says nothing beyond success.
    async fn act(&self, method: Method, path: &str) -> Result<()> {
        self.send(method, path, None).await.map(drop)
    }

    /// All pages of a list.
    async fn all<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>> {
        let mut items = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let mut query = query(&[("limit", Some(PAGE.to_string())), ("cursor", cursor)]);
            if path.contains('?') {
                query.replace_range(..1, "&");
            }
            let page: Page<T> = self.get(&format!("{path}{query}")).await?;
            items.extend(page.items);
            match page.next {
                Some(next) => cursor = Some(next),
                None => return Ok(items),
            }
        }
    }

    async fn send(&self, method: Method, path: &str, body: Option<Vec<u8>>) -> Result<Response> {
        let token = match self.credentials() {
            Credentials::None => None,
            _ => Some(self.token().await?),
        };
        match self.once(method.clone(), path, body.clone(), token.as_deref()).await {
            Err(error) if error.code() == Some(Code::TokenExpired) => {
                let token = self.renew(token.as_deref().unwrap_or_default()).await?;
                self.once(method, path, body, Some(&token)).await
            }
            other => other,
        }
    }

    async fn once(&self, method: Method, path: &str, body: Option<Vec<u8>>, token: Option<&str>) -> Result<Response> {
        let mut request = self.inner.http.request(method, self.url(path)).timeout(PATIENCE);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body);
        }
        accepted(request.send().await?).await
    }

    /// Opens a stream of events, or waits for the next ones: the answer comes when it comes.
    pub(crate) async fn listen(
        &self,
        query: &str,
        accept: &str,
        token: &str,
        wait: Option<Duration>,
    ) -> Result<Response> {
        let mut request =
            self.inner.http.get(self.url(&format!("/events{query}"))).bearer_auth(token).header("accept", accept);
        if let Some(wait) = wait {
            request = request.timeout(wait + PATIENCE);
        }
        accepted(request.send().await?).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.inner.server)
    }

    /// Where the WebSocket is.
    pub(crate) fn socket_url(&self) -> String {
        // Both schemes begin alike: `http` becomes `ws`, and `https` `wss`.
        self.url("/ws").replacen("http", "ws", 1)
    }
}

/// The answer, or the problem that came instead.
async fn accepted(response: Response) -> Result<Response> {
    if response.status().is_success() {
        return Ok(response);
    }
    let status = response.status().as_u16();
    let body = response.bytes().await?;
    let problem = serde_json::from_slice(&body).unwrap_or_else(|_| {
        // Something in between answered, such as a gateway whose server is down.
        let code = match status {
            401 => Code::Unauthorized,
            404 => Code::NoSuchEndpoint,
            429 => Code::RateLimited,
            502..=504 => Code::Unavailable,
            _ => Code::Unknown,
        };
        Problem { status, ..Problem::new(code) }
    });
    Err(Error::Refused(Box::new(problem)))
}

pub(crate) async fn read<T: DeserializeOwned>(response: Response) -> Result<T> {
    let body = response.bytes().await?;
    serde_json::from_slice(&body).map_err(|error| Error::Garbled(error.to_string()))
}

fn spell(body: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(body).map_err(|error| Error::Garbled(error.to_string()))
}

/// A query string of what is given.
pub(crate) fn query(pairs: &[(&str, Option<String>)]) -> String {
    let mut query = String::new();
    for (name, value) in pairs {
        if let Some(value) = value {
            query.push(if query.is_empty() { '?' } else { '&' });
            query.push_str(name);
            query.push('=');
            query.push_str(&escape(value));
        }
    }
    query
}

/// Percent-encodes everything that could mean something in a path or query.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b':' | b',' => {
                escaped.push(byte as char);
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

/// TLS is rustls with ring, whatever else is in the process. Somebody may have chosen before us, which is as good.
pub(crate) fn install_tls() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_mean_something_is_escaped() {
        let pairs = [("q", Some("a b&c".to_owned())), ("no", None), ("cursors", Some("1:2,3:4".to_owned()))];
        assert_eq!(query(&pairs), "?q=a%20b%26c&cursors=1:2,3:4");
        assert_eq!(escape("👍/.."), "%F0%9F%91%8D%2F..");
    }

    #[test]
    fn only_http_addresses_are_servers() {
        for bad in ["", "chat.example.org", "ftp://chat.example.org", "http://"] {
            assert!(matches!(Api::new(bad), Err(Error::Address(_))), "{bad:?}");
        }
        let api = Api::new("https://chat.example.org/").unwrap();
        assert_eq!(api.socket_url(), "wss://chat.example.org/api/v1/ws");
    }
}
