//! HTTP/1.1 over a kept connection, as little of it as measuring needs: the generator should cost next to nothing.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub struct Connection {
    stream: TcpStream,
    address: SocketAddr,
    buffer: Vec<u8>,
}

pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, address, buffer: Vec::new() })
    }

    pub async fn request(&mut self, method: &str, path: &str, token: Option<&str>, body: &str) -> io::Result<Answer> {
        let authorization = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
        let content = if body.is_empty() {
            String::new()
        } else {
            format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len())
        };
        let request =
            format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n{authorization}{content}\r\n{body}", self.address);
        self.stream.write_all(request.as_bytes()).await?;
        let head = loop {
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            self.fill().await?;
        };
        let text = String::from_utf8_lossy(&self.buffer[..head]).to_ascii_lowercase();
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
        let length: usize = match (length, status) {
            (Some(length), _) => length.trim().parse().map_err(io::Error::other)?,
            (None, 204) => 0,
            (None, _) => return Err(io::Error::other("an answer without a length")),
        };
        while self.buffer.len() < head + length {
            self.fill().await?;
        }
        let body = self.buffer[head..head + length].to_vec();
        self.buffer.drain(..head + length);
        Ok(Answer { status, body })
    }

    async fn fill(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// Whether a path answers 200.
pub async fn is_ok(address: SocketAddr, path: &str) -> bool {
    let Ok(mut connection) = Connection::open(address).await else { return false };
    connection.request("GET", path, None, "").await.is_ok_and(|answer| answer.status == 200)
}
