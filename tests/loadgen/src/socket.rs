//! A WebSocket that costs the generator next to nothing: frames are masked with zeros, which is a valid mask that needs
//! no work, and texts are recognised by how they begin instead of being parsed.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::net::{TcpSocket, TcpStream};

/// Connections per source address: each address has some 28,000 ports of its own.
const PER_SOURCE: u32 = 4000;

static OPENED: AtomicU32 = AtomicU32::new(0);

/// The writing half; clones write to the same connection.
#[derive(Clone)]
pub struct Writer {
    stream: Arc<TcpStream>,
}

impl Writer {
    pub async fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.stream.try_write(rest) {
                Ok(written) => rest = &rest[written..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.stream.writable().await?,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    pub async fn send(&self, text: &str) -> io::Result<()> {
        let mut frame = Vec::with_capacity(text.len() + 14);
        put_frame(&mut frame, 0x1, text.as_bytes());
        self.write(&frame).await
    }
}

/// Appends a client's frame.
pub fn put_frame(out: &mut Vec<u8>, opcode: u8, payload: &[u8]) {
    out.push(0x80 | opcode);
    match payload.len() {
        length @ 0..=125 => out.push(0x80 | length as u8),
        length @ 126..=0xffff => {
            out.push(0x80 | 126);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
        length => {
            out.push(0x80 | 127);
            out.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(payload);
}

pub struct Socket {
    stream: Arc<TcpStream>,
    buffer: Vec<u8>,
    /// What of the buffer has been handed out.
    begin: usize,
    /// What of it has been read.
    end: usize,
}

impl Socket {
    /// Connects, from one of many source addresses, and upgrades.
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let source = 1 + OPENED.fetch_add(1, Ordering::Relaxed) / PER_SOURCE % 250;
        let socket = TcpSocket::new_v4()?;
        socket.bind((IpAddr::V4(Ipv4Addr::new(127, 0, 0, source as u8)), 0).into())?;
        let stream = socket.connect(address).await?;
        stream.set_nodelay(true)?;
        let mut socket = Socket { stream: Arc::new(stream), buffer: Vec::new(), begin: 0, end: 0 };
        let request = format!(
            "GET /api/v1/ws HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        socket.writer().write(request.as_bytes()).await?;
        loop {
            let got = &socket.buffer[socket.begin..socket.end];
            if let Some(end) = got.windows(4).position(|four| four == b"\r\n\r\n") {
                if !got.starts_with(b"HTTP/1.1 101") {
                    let head = String::from_utf8_lossy(&got[..end]).into_owned();
                    return Err(io::Error::other(format!("no WebSocket: {head}")));
                }
                socket.begin += end + 4;
                return Ok(socket);
            }
            socket.fill().await?;
        }
    }

    /// Connects and says hello; returns once `ready` has come.
    pub async fn ready(address: SocketAddr, token: &str, resume: &str) -> io::Result<Self> {
        let mut socket = Socket::open(address).await?;
        socket.writer().send(&format!(r#"{{"type":"hello","token":"{token}"{resume}}}"#)).await?;
        let first = socket.text().await?;
        if !first.starts_with(br#"{"type":"ready""#) {
            return Err(io::Error::other(format!("no ready: {}", String::from_utf8_lossy(first))));
        }
        Ok(socket)
    }

    pub fn writer(&self) -> Writer {
        Writer { stream: Arc::clone(&self.stream) }
    }

    /// Gives the read buffer back, for connections that hear little.
    pub fn shrink(&mut self) {
        if self.begin == self.end {
            (self.buffer, self.begin, self.end) = (Vec::new(), 0, 0);
        }
    }

    /// The next text. Pings are answered on the way.
    pub async fn text(&mut self) -> io::Result<&[u8]> {
        loop {
            let Some((opcode, from, to)) = self.frame() else {
                self.fill().await?;
                continue;
            };
            self.begin = to;
            match opcode {
                0x1 => return Ok(&self.buffer[from..to]),
                0x8 => {
                    let code = self.buffer.get(from..from + 2).map_or(0, |two| u16::from_be_bytes([two[0], two[1]]));
                    return Err(io::Error::other(format!("closed with {code}")));
                }
                0x9 => {
                    let mut pong = Vec::new();
                    put_frame(&mut pong, 0xa, &self.buffer[from..to]);
                    self.writer().write(&pong).await?;
                }
                _ => {}
            }
        }
    }

    /// The next whole frame in the buffer: its opcode, and where its payload is.
    fn frame(&self) -> Option<(u8, usize, usize)> {
        let got = &self.buffer[self.begin..self.end];
        let (&first, &second) = (got.first()?, got.get(1)?);
        let (head, length) = match second & 0x7f {
            126 => (4, u64::from(u16::from_be_bytes([*got.get(2)?, *got.get(3)?]))),
            127 => (10, u64::from_be_bytes(got.get(2..10)?.try_into().ok()?)),
            length => (2, u64::from(length)),
        };
        let whole = head + usize::try_from(length).ok()?;
        (got.len() >= whole).then_some((first & 0x0f, self.begin + head, self.begin + whole))
    }

    async fn fill(&mut self) -> io::Result<()> {
        if self.begin > 0 {
            self.buffer.copy_within(self.begin..self.end, 0);
            (self.begin, self.end) = (0, self.end - self.begin);
        }
        loop {
            // Waiting first, so that whoever waits for long needs no buffer meanwhile.
            self.stream.readable().await?;
            if self.buffer.len() - self.end < 512 {
                self.buffer.resize((self.buffer.len() * 2).max(2048), 0);
            }
            match self.stream.try_read(&mut self.buffer[self.end..]) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(read) => {
                    self.end += read;
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Whether a text is a posted message.
pub fn is_message(text: &[u8]) -> bool {
    text.starts_with(br#"{"type":"message.sent""#)
}

pub fn is_ack(text: &[u8]) -> bool {
    text.starts_with(br#"{"type":"ack""#)
}

/// The number that a message's body begins with.
pub fn stamp(text: &[u8]) -> Option<u64> {
    const BODY: &[u8] = br#""body":""#;
    let at = text.windows(BODY.len()).position(|window| window == BODY)? + BODY.len();
    let digits = text[at..].iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')))
}
