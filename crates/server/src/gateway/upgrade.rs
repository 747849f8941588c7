//! The WebSocket handshake: from an HTTP request to a bare socket.

use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::{Engine, engine::general_purpose::STANDARD};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use laserchat_codec::frame;
use laserchat_protocol::{Code, Problem};

use super::socket;
use crate::app::Shared;
use crate::http::address;
use crate::http::error::Error;
use crate::listener::Peer;
use crate::tls::Stream;

/// `GET /api/v1/ws`.
pub async fn upgrade(State(app): State<Shared>, Extension(peer): Extension<Peer>, mut request: Request) -> Response {
    let key = match check(request.headers()) {
        Ok(key) => key,
        Err(refused) => return *refused,
    };
    let Some(upgrade) = request.extensions_mut().remove::<OnUpgrade>() else {
        return Error(Problem::new(Code::InvalidRequest).detail("this connection cannot be upgraded")).into_response();
    };
    let address = address::client(&app.config, peer.address, request.headers());
    tokio::spawn(async move {
        // A client that goes away in the middle of the handshake needs no answer.
        let Ok(upgraded) = upgrade.await else { return };
        let Ok(parts) = upgraded.downcast::<TokioIo<Stream>>() else { return };
        // A task of its own: what the handshake needed is freed before the connection goes idle.
        tokio::spawn(socket::serve(app, peer, address, parts.io.into_inner(), parts.read_buf));
    });
    let headers = [
        (header::UPGRADE, HeaderValue::from_static("websocket")),
        (header::CONNECTION, HeaderValue::from_static("Upgrade")),
        (header::SEC_WEBSOCKET_ACCEPT, HeaderValue::from_str(&key).unwrap_or(HeaderValue::from_static(""))),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, headers, ()).into_response()
}

/// Checks the handshake and returns the accept key.
fn check(headers: &HeaderMap) -> Result<String, Box<Response>> {
    let refuse = |detail: &str| Box::new(Error(Problem::new(Code::InvalidRequest).detail(detail)).into_response());
    let has = |name: header::HeaderName, token: &str| {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(token))
    };
    if !has(header::UPGRADE, "websocket") || !has(header::CONNECTION, "upgrade") {
        return Err(refuse("this is a WebSocket endpoint: send Upgrade: websocket and Connection: Upgrade"));
    }
    if !has(header::SEC_WEBSOCKET_VERSION, "13") {
        let mut response = *refuse("only version 13 of WebSocket is spoken");
        *response.status_mut() = StatusCode::UPGRADE_REQUIRED;
        response.headers_mut().insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        return Err(Box::new(response));
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY).and_then(|key| key.to_str().ok()).unwrap_or_default();
    match STANDARD.decode(key) {
        Ok(nonce) if nonce.len() == 16 => Ok(frame::accept_key(key)),
        _ => Err(refuse("Sec-WebSocket-Key is not 16 bytes in base64")),
    }
}
