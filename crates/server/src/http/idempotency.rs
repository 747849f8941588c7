//! `Idempotency-Key`: a POST that is repeated with its key is answered as it was the first time, and done once.
//!
//! An answer is kept for a day, per user and key, with a digest of the request, so that a key that comes back with
//! something else is a conflict. Two at once run one after the other. Only what succeeded is kept: a refusal changed
//! nothing, so the next attempt may well succeed.
//!
//! Some POSTs go without: those of links in mails, which do the same however often; registering and signing in, which belong to no user yet and whose answers are tokens; the cookie
//! of event streams, which is a token too; and messages, whose `client_id` does the same within their own transaction. Uploads keep their key themselves, because
//! their bodies are too large to be read for it.
//! Secrets that an answer shows once are left out of what is kept: who lost the first answer revokes what it made.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use laserchat_protocol::{Code, Problem, Timestamp, UserId};
use laserchat_store::{KeptAnswer, SecretHash};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::error::{Result, invalid};
use super::json::read;
use crate::actions::failed;
use crate::app::App;
use crate::auth::Identity;
use crate::lease;
use crate::turns::Turns;

pub const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// On an answer that was kept from the first time.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const KEY_BYTES: usize = 255;
/// Fields whose values are shown once and never stored.
const SECRETS: [&str; 2] = ["secret", "code"];

/// Whether a route takes part. The description of the API asks as well.
pub fn applies(method: &Method, route: &str) -> bool {
    method == Method::POST
        && !route.starts_with("/api/v1/auth/")
        && !route.starts_with("/api/v1/events/")
        && route != "/api/v1/uploads"
        && route != "/api/v1/conversations/{id}/messages"
        && route != "/api/v1/conversations/{id}/polls"
        && route != "/api/v1/conversations/{id}/commands"
        && route != "/api/v1/messages/{id}/forward"
        && route != "/api/v1/hooks/{secret}"
        && route != "/api/v1/confirm-email/{token}"
        && route != "/api/v1/unsubscribe/{token}"
}

/// The key of a request to which one applies.
pub fn key(route: &str, request: &Request) -> Option<Result<String>> {
    if applies(request.method(), route) { from_headers(request.headers()) } else { None }
}

/// The key as it came, if it can be one.
pub fn from_headers(headers: &HeaderMap) -> Option<Result<String>> {
    let value = headers.get(HEADER)?;
    let text = value.to_str().ok().filter(|text| (1..=KEY_BYTES).contains(&text.len()));
    Some(text.map(str::to_owned).ok_or_else(|| invalid("Idempotency-Key", "1 to 255 printable ASCII characters")))
}

/// The keys that are in use just now.
pub type Running = Turns<(UserId, String)>;

/// Answers a request that carries a key: from what is kept, or by doing it.
pub async fn run(
    app: &App,
    running: &Running,
    who: Identity,
    key: String,
    request: Request,
    next: Next,
) -> Result<Response> {
    let (parts, body) = request.into_parts();
    let body = read(body, app.config.limits.body_bytes).await?;
    let digest = digest(&parts.method, parts.uri.path(), &body);
    let place = running.place((who.user, key.clone()));
    let _turn = place.turn().await;
    let _shared = lease::turn(app, &format!("key {} {key}", who.user)).await?;
    if let Some(kept) = app.store.kept_answer(who.user, &key).await? {
        return replay(kept, digest);
    }
    let answer = next.run(Request::from_parts(parts, Body::from(body))).await;
    if !answer.status().is_success() {
        return Ok(answer);
    }
    let (parts, body) = answer.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let kept = KeptAnswer { request: digest, status: parts.status.as_u16(), body: without_secrets(&body) };
    if let Err(error) = app.store.keep_answer(who.user, &key, kept, Timestamp::now()).await {
        // What was asked for is done, which matters more than that a retry would do it twice.
        failed(error);
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn digest(method: &Method, path: &str, body: &[u8]) -> SecretHash {
    let mut digest = Sha256::new();
    for part in [method.as_str().as_bytes(), path.as_bytes(), body] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

fn replay(kept: KeptAnswer, digest: SecretHash) -> Result<Response> {
    if kept.request != digest {
        return Err(Problem::new(Code::IdempotencyConflict).detail("this key came with another request before").into());
    }
    let status = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK);
    let empty = kept.body.is_empty();
    let mut response = (status, kept.body).into_response();
    let headers = response.headers_mut();
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    if empty {
        headers.remove(CONTENT_TYPE);
    } else {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    Ok(response)
}

/// The same answer with what is shown once left out.
fn without_secrets(body: &Bytes) -> Vec<u8> {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.retain(|name, _| !SECRETS.contains(&name.as_str()));
                fields.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    match serde_json::from_slice::<Value>(body) {
        Ok(mut value) => {
            strip(&mut value);
            serde_json::to_vec(&value).unwrap_or_default()
        }
        Err(_) => body.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_kept() {
        let body = Bytes::from_static(br#"{"bot":{"id":"1"},"token":{"id":"2","secret":"lcp_x"},"code":"y"}"#);
        assert_eq!(without_secrets(&body), br#"{"bot":{"id":"1"},"token":{"id":"2"}}"#);
        assert_eq!(without_secrets(&Bytes::new()), b"");
    }

    #[test]
    fn another_request_with_the_same_key_is_a_conflict() {
        let first = digest(&Method::POST, "/a", b"b");
        for other in
            [digest(&Method::PUT, "/a", b"b"), digest(&Method::POST, "/ab", b""), digest(&Method::POST, "/a", b"c")]
        {
            let kept = KeptAnswer { request: first, status: 201, body: b"{}".to_vec() };
            assert_eq!(replay(kept, other).unwrap_err().0.code, Code::IdempotencyConflict);
        }
        let kept = KeptAnswer { request: first, status: 201, body: b"{}".to_vec() };
        let replayed = replay(kept, first).unwrap();
        assert_eq!(
            (replayed.status(), &replayed.headers()[REPLAYED]),
            (StatusCode::CREATED, &HeaderValue::from_static("true"))
        );
    }

    #[test]
    fn keys_are_short_and_printable() {
        let key = |value: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert(HEADER, HeaderValue::from_bytes(value).unwrap());
            from_headers(&headers).unwrap().ok()
        };
        assert_eq!(key(b"a-1").as_deref(), Some("a-1"));
        assert!(key(b"").is_none() && key(&[b'x'; 256]).is_none() && key("é".as_bytes()).is_none());
        assert!(from_headers(&HeaderMap::new()).is_none());
    }
}
