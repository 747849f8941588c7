//! Previews: what a page says of itself, fetched with patience for nobody.
//!
//! Whoever writes a message names the address, so the page may be anybody's: endless, slow, a maze of redirects, or a door into the
//! network behind the server. Every request goes through [`Outbound`], which connects to public addresses only, and every
//! redirect is a request of its own, checked like the first. All of it together is bounded in time, and each page in size.
//!
//! *Absent:* pictures, scripts, redirects that a page asks for in its HTML, cookies.

mod charset;
mod page;

use std::time::Duration;

use laserchat_protocol::preview::Preview;
use reqwest::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, LOCATION};
use reqwest::{Method, StatusCode, Url};

use crate::outbound::{Failure, Outbound};

/// For one page with all its redirects.
const PATIENCE: Duration = Duration::from_secs(10);
const REDIRECTS: usize = 5;
/// Of a page so much is read: what it says of itself stands at its beginning.
const BYTES: usize = 512 * 1024;

/// Fetches a page. `None`: there is one, but nothing to show of it.
pub async fn look(outbound: &Outbound, url: &str) -> Result<Option<Preview>, Failure> {
    tokio::time::timeout(PATIENCE, follow(outbound, url)).await.unwrap_or(Err(Failure::TimedOut))
}

async fn follow(outbound: &Outbound, url: &str) -> Result<Option<Preview>, Failure> {
    let mut at = outbound.check(url)?;
    for _ in 0..=REDIRECTS {
        let request = outbound.request(Method::GET, at.as_str())?.header(ACCEPT, "text/html,application/xhtml+xml");
        let answer = outbound.send_if(request.timeout(PATIENCE), BYTES, is_page).await?;
        if let Some(next) = redirected(answer.status, &answer.headers, &at) {
            at = next;
            continue;
        }
        if !is_page(answer.status, &answer.headers) {
            return Ok(None);
        }
        let kind = answer.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let text = charset::decode(&answer.body, kind);
        let host = at.host_str().unwrap_or_default();
        return Ok(page::read(&text).preview(url, host.strip_prefix("www.").unwrap_or(host)));
    }
    Err(Failure::Unreachable("too many redirects".to_owned()))
}

fn redirected(status: StatusCode, headers: &HeaderMap, from: &Url) -> Option<Url> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    from.join(headers.get(LOCATION)?.to_str().ok()?).ok()
}

/// Whether there is something to read. Nothing that is compressed was asked for.
fn is_page(status: StatusCode, headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value: &reqwest::header::HeaderValue| value.to_str().unwrap_or_default());
    let kind = text(CONTENT_TYPE).unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    status == StatusCode::OK
        && matches!(kind.as_str(), "text/html" | "application/xhtml+xml")
        && text(CONTENT_ENCODING).is_none_or(|encoding| encoding.eq_ignore_ascii_case("identity"))
}
