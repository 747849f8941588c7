//! The same events where WebSockets are blocked: as server-sent events, and by long poll.
//!
//! `GET /api/v1/events` with `Accept: text/event-stream` streams; otherwise it answers once something happened, with the
//! cursors to ask with next. Both open like a WebSocket, from cursors in the query, and drain the same kind of link.
//!
//! A browser's `EventSource` cannot send a token in a header, and a token in a URL is never accepted. So a page first
//! exchanges its token for a cookie that works for this path, and for reading files, only, is out of scripts' reach, and is not sent from
//! other sites. It can only read, so it opens no way to forge a request.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use laserchat_codec::query;
use laserchat_protocol::command::Hello;
use laserchat_protocol::event::{Close, Polled, Ready};
use laserchat_protocol::limits::ACCESS_TOKEN_SECONDS;
use laserchat_protocol::presence::Activity;
use laserchat_protocol::token::Scope;
use laserchat_protocol::{Code, ConversationId, Event, Problem, Seq, Version};

use super::opening::{Attached, Replay, open};
use crate::app::Shared;
use crate::auth::{Identity, authenticate};
use crate::http::address;
use crate::http::error::Error;
use crate::hub::{Frame, Mark};
use crate::listener::Peer;

const COOKIE: &str = "laserchat_events";

/// How long a poll waits when it does not say, in seconds.
const WAIT_DEFAULT: u64 = 25;

/// Listen for events
///
/// With `Accept: text/event-stream` it streams them; otherwise it answers once something happened, with the cursors to ask
/// with next. The events are those of the WebSocket.
#[utoipa::path(
    get,
    path = "/events",
    tag = "events",
    security(("bearer" = ["read"])),
    params(
        ("cursors" = Option<String>, Query, description = "What the client holds, as `conversation:seq,conversation:seq`."),
        ("version" = Option<u64>, Query, description = "The version up to which the client has the user's own changes."),
        ("epoch" = Option<String>, Query, description = "The epoch of what the client holds."),
        ("wait" = Option<u64>, Query, description = "Seconds that a poll waits at most, up to 60.", maximum = 60),
    ),
    responses((status = 200, description = "The events.", content((Polled = "application/json"), (String = "text/event-stream"))))
)]
pub async fn events(
    State(app): State<Shared>,
    Extension(peer): Extension<Peer>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let address = address::client(&app.config, peer.address, &headers);
    let token = bearer(&headers).or_else(|| cookie(&headers)).ok_or(Problem::new(Code::Unauthorized))?;
    let who = authenticate(&app, token, address).await?;
    who.require(Scope::Read)?;
    app.rates.check(crate::limits::Kind::Read, who.user)?;
    let last = headers.get("last-event-id").and_then(|last| last.to_str().ok());
    let query = query::read(query.as_deref().unwrap_or_default(), last)?;
    let streams = accepts_stream(&headers);
    let wait = query.wait.unwrap_or(WAIT_DEFAULT);
    let (attached, ready, replay) = match begin(&app, &who, query).await {
        Ok(opened) => opened,
        Err(close) => return Err(refusal(close).into()),
    };
    attached.link.expects_pings.store(false, std::sync::atomic::Ordering::Relaxed);
    if streams {
        Ok(stream(app, peer, attached, ready, replay))
    } else {
        poll(&app, attached, ready, replay, Duration::from_secs(wait)).await.map_err(|close| refusal(close).into())
    }
}

/// Let this browser listen and show pictures
///
/// An `EventSource` or an `<img>` cannot send a token, so there is a cookie. It works for listening to events and for
/// reading files only, and for as long as the access token lives.
#[utoipa::path(
    post,
    path = "/events/cookie",
    tag = "events",
    security(("bearer" = ["read"])),
    responses((status = 204, description = "The cookie is set."))
)]
pub async fn set_cookie(
    State(app): State<Shared>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let address = address::client(&app.config, peer.address, &headers);
    let token = bearer(&headers).ok_or(Problem::new(Code::Unauthorized))?;
    let who = authenticate(&app, token, address).await?;
    who.require(Scope::Read)?;
    let secure = if app.config.is_https() { "; Secure" } else { "" };
    let mut response = StatusCode::NO_CONTENT.into_response();
    for path in ["events", "files"] {
        let cookie = format!(
            "{COOKIE}={token}; Path=/api/v1/{path}; HttpOnly; SameSite=Strict; Max-Age={ACCESS_TOKEN_SECONDS}{secure}"
        );
        let cookie = HeaderValue::from_str(&cookie).map_err(|_| Problem::new(Code::Unauthorized))?;
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

async fn begin(app: &Shared, who: &Identity, query: query::Query) -> Result<(Attached, Ready, Replay), Close> {
    let hello = Hello {
        token: String::new(),
        cursors: query.cursors,
        version: query.version,
        epoch: query.epoch,
        activity: Activity::Active,
    };
    open(app, who, hello).await
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// The token in the cookie.
pub fn cookie(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

fn accepts_stream(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/event-stream"))
}

/// Where a client stands: what it began with, moved by every event that it was sent.
struct Position {
    epoch: String,
    version: Version,
    /// What moved since the beginning. An event stream names only these, because the browser repeats the query.
    moved: HashMap<ConversationId, Seq>,
}

impl Position {
    fn new(ready: &Ready) -> Self {
        Position { epoch: ready.epoch.clone(), version: ready.version, moved: HashMap::new() }
    }

    fn passed(&mut self, frame: &Frame) {
        match frame.mark {
            Mark::Seq(conversation, seq) => {
                let moved = self.moved.entry(conversation).or_default();
                *moved = seq.max(*moved);
            }
            Mark::Version(version) => self.version = version.max(self.version),
            Mark::None | Mark::Control => {}
        }
    }

    /// After a replay: pages of changes leave out what was changed again, so the last event may lie below the head.
    fn replayed(&mut self, replay: &Replay) {
        let (covered, _) = replay.cursors();
        self.moved.extend(covered.iter().map(|(conversation, seq)| (*conversation, *seq)));
    }

    /// `epoch;version;conversation:seq,…`, for `Last-Event-ID`.
    fn spell(&self) -> String {
        let pairs: Vec<String> = self.moved.iter().map(|(conversation, seq)| format!("{conversation}:{seq}")).collect();
        format!("{};{};{}", self.epoch, self.version, pairs.join(","))
    }
}

/// What an event stream owns between two chunks.
struct Stream {
    app: Shared,
    attached: Attached,
    position: Position,
    replay: Option<Replay>,
    covered: Option<Replay>,
    first: Option<Arc<Frame>>,
    closed: bool,
    _peer: Peer,
}

fn stream(app: Shared, peer: Peer, attached: Attached, ready: Ready, replay: Replay) -> Response {
    let position = Position::new(&ready);
    let first = Some(Frame::event(&Event::Ready(Box::new(ready))));
    let state =
        Stream { app, attached, position, replay: Some(replay), covered: None, first, closed: false, _peer: peer };
    let chunks = futures_util::stream::unfold(state, |mut state| async move {
        let chunk = state.next().await?;
        Some((Ok::<_, std::convert::Infallible>(Bytes::from(chunk)), state))
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // Proxies that buffer would hold every event back.
        (header::HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (headers, Body::from_stream(chunks)).into_response()
}

impl Stream {
    async fn next(&mut self) -> Option<String> {
        if self.closed {
            return None;
        }
        if let Some(first) = self.first.take() {
            return Some(self.spell(&[first]));
        }
        while let Some(replay) = &mut self.replay {
            match replay.next(&self.app).await {
                Ok(Some(frames)) if frames.is_empty() => {}
                Ok(Some(frames)) => {
                    self.position.replayed(replay);
                    return Some(self.spell(&frames));
                }
                Ok(None) => self.covered = self.replay.take(),
                Err(close) => return Some(self.close(close)),
            }
        }
        let beat = Duration::from_secs(self.app.config.heartbeat.seconds);
        let mut frames = Vec::new();
        match tokio::time::timeout(beat, self.attached.link.next(&mut frames)).await {
            Ok(Ok(())) => {
                if let Some(covered) = &self.covered {
                    frames.retain(|frame| !covered.covers(frame));
                }
                Some(self.spell(&frames))
            }
            Ok(Err(close)) => Some(self.close(close)),
            // A comment keeps proxies from closing, and finds clients that are gone.
            Err(_) => Some(":\n\n".to_owned()),
        }
    }

    fn spell(&mut self, frames: &[Arc<Frame>]) -> String {
        let mut text = String::new();
        for frame in frames.iter().filter(|frame| frame.mark != Mark::Control) {
            self.position.passed(frame);
            text.push_str("id: ");
            text.push_str(&self.position.spell());
            text.push_str("\ndata: ");
            // JSON never contains a raw line break.
            text.push_str(std::str::from_utf8(frame.json()).unwrap_or_default());
            text.push_str("\n\n");
        }
        if text.is_empty() { ":\n\n".to_owned() } else { text }
    }

    fn close(&mut self, close: Close) -> String {
        self.closed = true;
        format!("event: close\ndata: {{\"code\":{},\"reason\":\"{}\"}}\n\n", close.code(), close.reason())
    }
}

/// Answers with what was missed, or with what happens next.
async fn poll(
    app: &Shared,
    attached: Attached,
    ready: Ready,
    mut replay: Replay,
    wait: Duration,
) -> Result<Response, Close> {
    let mut position = Position::new(&ready);
    let resuming = replay.resuming;
    let mut frames = Vec::new();
    while let Some(page) = replay.next(app).await? {
        frames.extend(page);
    }
    frames.retain(|frame| !is_synced(frame));
    // Receipts are replayed each time, since nothing says whether they moved; they are no reason to answer by themselves.
    if resuming && frames.iter().all(|frame| frame.mark == Mark::None) {
        // When time is up, what there is is the answer.
        if let Ok(closed) = tokio::time::timeout(wait, attached.link.next(&mut frames)).await {
            closed?;
        }
        frames.retain(|frame| frame.mark != Mark::Control && !replay.covers(frame));
    }
    // A client that holds nothing yet begins at the heads.
    let mut cursors: BTreeMap<ConversationId, Seq> = ready.heads;
    position.replayed(&replay);
    frames.iter().for_each(|frame| position.passed(frame));
    cursors.extend(position.moved);
    let mut body = b"{\"items\":[".to_vec();
    for (at, frame) in frames.iter().enumerate() {
        if at > 0 {
            body.push(b',');
        }
        body.extend_from_slice(frame.json());
    }
    let rest =
        serde_json::json!({ "cursors": cursors, "version": position.version, "epoch": position.epoch }).to_string();
    body.extend_from_slice(b"],");
    body.extend_from_slice(&rest.as_bytes()[1..]);
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, body).into_response())
}

fn is_synced(frame: &Frame) -> bool {
    frame.json() == br#"{"type":"synced"}"#
}

/// A close as an HTTP answer.
fn refusal(close: Close) -> Problem {
    match close {
        Close::SessionEnded => Code::SessionEnded.into(),
        Close::Unauthorized | Close::NoHello => Code::Unauthorized.into(),
        Close::TooMany => Problem::new(Code::TooManyConnections).retry_after(10),
        Close::SlowConsumer | Close::GoingAway | Close::Silent | Close::Failed => {
            Problem::new(Code::Unavailable).retry_after(1)
        }
    }
}
