//! A client that keeps no rules: bytes over a TCP socket, and enough of HTTP and WebSocket to read the answers.

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::patiently;

/// The key of the handshake in RFC 6455, and what must come back for it.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

pub const TEXT: u8 = 1;
pub const BINARY: u8 = 2;
pub const CONTINUATION: u8 = 0;
pub const CLOSE: u8 = 8;
pub const PING: u8 = 9;
pub const PONG: u8 = 10;

pub struct Wire {
    stream: TcpStream,
    input: Vec<u8>,
}

/// An answer as it came.
#[derive(Debug)]
pub struct WireAnswer {
    pub version: String,
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl WireAnswer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// A refusal that must have this status and code.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let problem = self.json();
        assert_eq!((self.status, problem["code"].as_str()), (status, Some(code)), "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        problem
    }
}

impl Wire {
    pub async fn connect(address: &str) -> Wire {
        let stream = TcpStream::connect(address).await.expect("the server accepts");
        stream.set_nodelay(true).expect("a TCP socket");
        Wire { stream, input: Vec::new() }
    }

    /// Sends bytes. A server that has closed is seen when it is read.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.stream.write_all(bytes.as_ref()).await;
    }

    /// Whether these bytes could still be sent.
    pub async fn sends(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).await.is_ok()
    }

    async fn read_more(&mut self) -> bool {
        matches!(patiently("bytes", self.stream.read_buf(&mut self.input)).await, Ok(n) if n > 0)
    }

    /// The next answer; `None` when the server closed before a whole one.
    pub async fn answer(&mut self) -> Option<WireAnswer> {
        let end = loop {
            if let Some(end) = self.input.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            if !self.read_more().await {
                return None;
            }
        };
        let head = String::from_utf8(self.input[..end].to_vec()).expect("a readable head");
        let mut lines = head.lines();
        let first = lines.next().expect("a status line").to_owned();
        let (version, rest) = first.split_once(' ').expect("a version");
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length: usize = length.map_or(0, |(_, value)| value.parse().expect("a length"));
        self.input.drain(..end + 4);
        while self.input.len() < length {
            if !self.read_more().await {
                return None;
            }
        }
        let body = self.input.drain(..length).collect();
        let status = rest.get(..3).and_then(|status| status.parse().ok()).expect("a status");
        Some(WireAnswer { version: version.to_owned(), status, headers, body })
    }

    /// Sends one whole request on a connection of its own, and closes nothing.
    pub async fn exchange(address: &str, request: impl AsRef<[u8]>) -> WireAnswer {
        let mut raw = Wire::connect(address).await;
        raw.send(request).await;
        raw.answer().await.expect("an answer")
    }

    /// Waits for the server to close, dropping what comes before.
    pub async fn ended(&mut self) {
        while self.read_more().await {
            self.input.clear();
        }
    }

    /// The request that opens a WebSocket.
    pub fn handshake(address: &str) -> String {
        format!(
            "GET /api/v1/ws HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n\r\n"
        )
    }

    /// A WebSocket that has not said anything.
    pub async fn open(address: &str) -> Wire {
        let mut raw = Wire::connect(address).await;
        raw.send(Wire::handshake(address)).await;
        raw.opened().await;
        raw
    }

    /// Waits for the end of the handshake.
    pub async fn opened(&mut self) {
        let answer = self.answer().await.expect("an answer to the handshake");
        assert_eq!((answer.status, answer.header("sec-websocket-accept")), (101, Some(ACCEPT)), "{answer:?}");
    }

    /// A WebSocket that is ready.
    pub async fn hello(address: &str, token: &str) -> Wire {
        let mut raw = Wire::open(address).await;
        raw.send(text(&hello(token))).await;
        assert_eq!(raw.event().await["type"], "ready");
        raw
    }

    /// The next frame: opcode and payload. `None` when the connection is over.
    pub async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        loop {
            if let Some((opcode, start, length)) = self.whole_frame() {
                let payload = self.input[start..start + length].to_vec();
                self.input.drain(..start + length);
                return Some((opcode, payload));
            }
            if !self.read_more().await {
                return None;
            }
        }
    }

    fn whole_frame(&self) -> Option<(u8, usize, usize)> {
        let first = *self.input.first()?;
        let short = *self.input.get(1)?;
        assert_eq!((first & 0xf0, short & 0x80), (0x80, 0), "servers send whole, unmasked frames");
        let (start, length) = match short {
            126 => (4, u16::from_be_bytes(self.input.get(2..4)?.try_into().ok()?) as usize),
            127 => (10, u64::from_be_bytes(self.input.get(2..10)?.try_into().ok()?) as usize),
            length => (2, length as usize),
        };
        (self.input.len() >= start + length).then_some((first & 0x0f, start, length))
    }

    /// The next text frame as JSON.
    pub async fn event(&mut self) -> Value {
        loop {
            match self.frame().await {
                Some((TEXT, payload)) => return serde_json::from_slice(&payload).expect("an event is JSON"),
                Some((CLOSE, payload)) => panic!("closed with {:?}", code(&payload)),
                Some(_) => {}
                None => panic!("the connection broke"),
            }
        }
    }

    /// The next event of this type; others are dropped.
    pub async fn expect(&mut self, kind: &str) -> Value {
        loop {
            let event = self.event().await;
            if event["type"] == kind {
                return event;
            }
        }
    }

    /// The code of the close frame that comes; what comes before is dropped. `None`: it just broke.
    pub async fn closed(&mut self) -> Option<u16> {
        loop {
            match self.frame().await {
                Some((CLOSE, payload)) => return code(&payload),
                Some(_) => {}
                None => return None,
            }
        }
    }
}

fn code(payload: &[u8]) -> Option<u16> {
    payload.first_chunk().map(|code| u16::from_be_bytes(*code))
}

pub fn hello(token: &str) -> String {
    serde_json::json!({ "type": "hello", "token": token }).to_string()
}

/// A frame as a client sends it: whole, masked.
pub fn frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    spell(0x80 | opcode, payload, true)
}

/// A fragment that is not the last one.
pub fn fragment(opcode: u8, payload: &[u8]) -> Vec<u8> {
    spell(opcode, payload, true)
}

pub fn text(text: &str) -> Vec<u8> {
    frame(TEXT, text.as_bytes())
}

/// A frame with any first byte.
pub fn spell(first: u8, payload: &[u8], masked: bool) -> Vec<u8> {
    let mut bytes = header(first, payload.len() as u64, masked);
    if masked {
        let mask = [0x12, 0x34, 0x56, 0x78];
        bytes.extend(mask);
        bytes.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    } else {
        bytes.extend(payload);
    }
    bytes
}

/// The beginning of a frame, up to its length.
pub fn header(first: u8, length: u64, masked: bool) -> Vec<u8> {
    let masked = if masked { 0x80 } else { 0 };
    let mut bytes = vec![first];
    match length {
        0..=125 => bytes.push(masked | length as u8),
        126..=0xffff => {
            bytes.push(masked | 126);
            bytes.extend((length as u16).to_be_bytes());
        }
        _ => {
            bytes.push(masked | 127);
            bytes.extend(length.to_be_bytes());
        }
    }
    bytes
}
