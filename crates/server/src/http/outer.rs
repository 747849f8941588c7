//! What surrounds every request: its id, the client's address, the token, the rate limit, panics, security headers, the
//! access log and the metrics. One layer, because each layer costs every request.

use std::net::Ipv4Addr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use laserchat_protocol::{Code, Problem};
use tracing::Instrument;

use super::address::{self, ClientAddress};
use super::caller::{Known, bearer};
use super::error::{Answered, Error, invalid};
use super::idempotency::{self, Running};
use super::query::carries_token;
use super::web;
use crate::app::{App, Shared};
use crate::auth::authenticate;
use crate::config::Role;
use crate::gateway::events::cookie;
use crate::limits::{self, Snapshot};
use crate::listener::Peer;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// What a page may load and do: what comes from here, and pictures and sound that it has made itself. `'self'` covers the
/// WebSocket too (in Safari since 16; an older one gets its events over HTTP).
const CONTENT: &str = "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; \
    worker-src 'self'; manifest-src 'self'; style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";

/// What no page of ours uses, no script may use. The microphone is for voice messages.
const DEVICES: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), \
    magnetometer=(), microphone=(self), midi=(), payment=(), serial=(), usb=(), xr-spatial-tracking=()";

/// What the layer holds.
#[derive(Clone)]
pub struct Outer {
    pub app: Shared,
    pub running: Arc<Running>,
}

pub async fn outer(State(outer): State<Outer>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = format!("{:016x}", outer.app.ids.next());
    let method = request.method().clone();
    // The pattern and not the path: ids in metrics are too many, and codes in paths are secrets.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = match &route {
        Some(route) => route.as_str(),
        None if web::serves(&method, request.uri().path()) => "web",
        None => "none",
    };
    let route = route.to_owned();

    let span = tracing::info_span!("request", id = %id, %method, route);
    let app = Arc::clone(&outer.app);
    let served = serve(outer, &route, request, next).instrument(span);
    let mut response = served.await;
    if response.status().is_client_error() || response.status().is_server_error() {
        response = as_problem(response);
    }
    finish(response.headers_mut(), &id);
    if app.draining.is_cancelled() {
        // A balancer that keeps connections is to make its next one to another server.
        response.headers_mut().entry(CONNECTION).or_insert(HeaderValue::from_static("close"));
    }

    let status = response.status().as_u16();
    let elapsed = begun.elapsed();
    let answered = response.extensions().get::<Answered>().map(|answered| answered.0);
    let code = answered.map_or("", Code::as_str);
    tracing::info!(request = %id, %method, route, status, code, ms = elapsed.as_millis() as u64, "answered");
    if let Some(code) = answered {
        app.metrics.error(code);
    }
    let method = method_label(&method);
    let labels = [("route", route), ("method", method.to_owned()), ("status", status.to_string())];
    metrics::counter!("laserchat_http_requests_total", &labels).increment(1);
    metrics::histogram!("laserchat_http_request_seconds", "method" => method).record(elapsed.as_secs_f64());
    response
}

/// Refuses what is not of this node's roles, and writes while the node has no number of its own to make ids with.
fn served_here(app: &App, route: &str, method: &Method) -> Result<(), Problem> {
    let role = match route {
        "/healthz" | "/readyz" | "/metrics" => return Ok(()),
        "/api/v1/ws" | "/api/v1/events" | "/api/v1/events/cookie" => Role::Gateway,
        _ => Role::Api,
    };
    if !app.config.roles.contains(&role) {
        return Err(Problem::new(Code::Unavailable).detail("this is done by other nodes").retry_after(1));
    }
    let reads = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    if !reads && !app.ids.usable() {
        return Err(Problem::new(Code::Unavailable).detail("this node is cut off from the database").retry_after(1));
    }
    Ok(())
}

async fn serve(outer: Outer, route: &str, mut request: Request, next: Next) -> Response {
    let app = &outer.app;
    if request.uri().query().is_some_and(carries_token) {
        let detail = "tokens come in the `Authorization` header, never in the URL; this one should be revoked";
        return invalid("query", detail).into_response();
    }
    if let Err(problem) = served_here(app, route, request.method()) {
        return Error(problem).into_response();
    }
    let peer = request.extensions().get::<Peer>().map(|peer| peer.address);
    let peer = peer.unwrap_or(Ipv4Addr::UNSPECIFIED.into());
    let client = address::client(&app.config, peer, request.headers());
    // Browsers cannot put a token into the address of a picture; for reading files, and only there, a cookie will do.
    let brought = may_bring_cookie(request.method(), route).then(|| cookie(request.headers())).flatten();
    let known = match bearer(request.headers()).or(brought.map(Ok)) {
        None => Known::Nobody,
        Some(Err(problem)) => Known::Refused(problem),
        Some(Ok(token)) => match authenticate(app, token, client).await {
            Ok(who) => Known::Somebody(who),
            Err(problem) => Known::Refused(problem),
        },
    };

    let kind = limits::kind(request.method(), route, matches!(known, Known::Somebody(_)));
    let checked = match (kind, &known) {
        (None, _) => Ok(None),
        // Signing in is counted by address even for those who are signed in.
        (Some(kind), Known::Somebody(who)) if !kind.by_address() => app.rates.check(kind, who.user),
        (Some(kind), _) => app.rates.check(kind, client),
    };
    let snapshot = match checked {
        Ok(snapshot) => snapshot,
        Err(problem) => {
            let exhausted = kind.map(|kind| app.rates.exhausted(kind, &problem));
            return with_rate(Error(problem).into_response(), exhausted);
        }
    };
    let who = match &known {
        Known::Somebody(who) => Some(*who),
        Known::Nobody | Known::Refused(_) => None,
    };
    request.extensions_mut().insert(ClientAddress(client));
    request.extensions_mut().insert(known);

    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let answer = if reads {
        AssertUnwindSafe(next.run(request)).catch_unwind().await.map_err(|_| panicked())
    } else {
        // What writes runs to its end even if the client hangs up: half of a sign-out would be worse than none.
        let keyed = who.zip(idempotency::key(route, &request));
        let running = outer.running.clone();
        let app = outer.app.clone();
        let work = async move {
            match keyed {
                Some((who, key)) => idempotency::run(&app, &running, who, key?, request, next).await,
                None => Ok(next.run(request).await),
            }
        };
        match tokio::spawn(work.in_current_span()).await {
            Ok(answer) => answer,
            Err(_) => Err(panicked()),
        }
    };
    with_rate(answer.into_response(), snapshot)
}

/// Whether a request reads a file.
fn may_bring_cookie(method: &Method, route: &str) -> bool {
    matches!(*method, Method::GET | Method::HEAD) && route.starts_with("/api/v1/files/")
}

/// A panic has been reported by the panic hook already.
fn panicked() -> Error {
    Code::Internal.into()
}

fn with_rate(mut response: Response, snapshot: Option<Snapshot>) -> Response {
    if let Some(snapshot) = snapshot {
        let headers = response.headers_mut();
        headers.insert(LIMIT, snapshot.limit.into());
        headers.insert(REMAINING, snapshot.remaining.into());
        headers.insert(RESET, snapshot.reset.into());
    }
    response
}

/// Gives the refusals of the HTTP library, which have no body to speak of, the form of all others.
fn as_problem(response: Response) -> Response {
    if response.extensions().get::<Answered>().is_some() {
        return response;
    }
    let problem = match response.status() {
        // The router adds `Allow` to the answer later, and that says it best.
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed.into(),
        StatusCode::NOT_FOUND => Code::NoSuchEndpoint.into(),
        status if status.is_client_error() => Code::InvalidRequest.into(),
        _ => Code::Internal.into(),
    };
    let mut problem = Error(problem).into_response();
    for (name, value) in response.headers() {
        if name.as_str().starts_with("ratelimit-") {
            problem.headers_mut().insert(name, value.clone());
        }
    }
    problem
}

fn finish(headers: &mut HeaderMap, id: &str) {
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    // Files of strangers have a stricter one.
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(CONTENT));
    let is_page = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page {
        headers.insert(PERMISSIONS, HeaderValue::from_static(DEVICES));
        headers.insert(OPENER, HeaderValue::from_static("same-origin"));
    }
    // Answers are one person's, and change; what may be kept says so itself.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// Methods are free text in HTTP, and metrics want few labels.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
