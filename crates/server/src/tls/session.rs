//! TLS on a socket, without a buffer of its own while nothing happens.
//!
//! The library's ordinary connection keeps at least 4 KB for what it may read next, and there may be a million of them. Its
//! other interface has no buffers and lets the caller bring them, so all connections of a thread share one for reading
//! and one for writing, as those without TLS do. Only what is left over stays with its connection: a record that has not
//! come whole, and one that the socket did not take.
//!
//! All of the protocol is the library's. What is done here is to carry bytes between it and the socket, in order.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use rustls::ServerConfig;
use rustls::server::{ServerConnectionData, UnbufferedServerConnection};
use rustls::unbuffered::{ConnectionState, EncodeError, EncodeTlsData, EncryptError, UnbufferedStatus};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The longest record: what it carries, and what TLS may put around it.
const RECORD: usize = 16 * 1024;
const RECORD_MOST: usize = RECORD + 2048 + 5;
/// What a client may send before its handshake is done. Real ones send some hundred bytes.
const HANDSHAKE_MOST: usize = 64 * 1024;

thread_local! {
    static READING: RefCell<Box<[u8]>> = RefCell::new(vec![0; RECORD_MOST].into_boxed_slice());
    static GATHERING: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

pub struct Session {
    tls: UnbufferedServerConnection,
    socket: TcpStream,
    /// The beginning of a record whose rest has not come.
    partial: Vec<u8>,
    /// What was said, and was more than the reader took.
    heard: Vec<u8>,
    /// Records on their way out, and how much of them has left.
    leaving: Vec<u8>,
    left: usize,
    /// The other side says nothing more.
    ended: bool,
    closing: bool,
}

fn broken(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

impl Session {
    /// The handshake.
    pub async fn accept(config: Arc<ServerConfig>, socket: TcpStream) -> io::Result<Session> {
        let tls = UnbufferedServerConnection::new(config).map_err(broken)?;
        let mut session = Session {
            tls,
            socket,
            partial: Vec::new(),
            heard: Vec::new(),
            leaving: Vec::new(),
            left: 0,
            ended: false,
            closing: false,
        };
        poll_fn(|cx| session.shake_hands(cx)).await?;
        Ok(session)
    }

    fn shake_hands(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            ready!(self.drain(cx))?;
            if !self.tls.is_handshaking() {
                return Poll::Ready(Ok(()));
            }
            if self.partial.len() > HANDSHAKE_MOST {
                return Poll::Ready(Err(broken("the handshake is too long")));
            }
            match ready!(self.receive(cx)) {
                Ok(0) => return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
                Ok(_) => {}
                Err(error) => {
                    // The other side is told why, as far as it listens.
                    let _ = self.drain(cx);
                    return Poll::Ready(Err(error));
                }
            }
        }
    }

    /// What was agreed to be spoken inside.
    pub fn protocol(&self) -> Option<&[u8]> {
        self.tls.alpn_protocol()
    }

    /// Reads from the socket once, and works off what came. Returns how many bytes that were.
    fn receive(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        READING.with_borrow_mut(|shared| {
            let mut buffer = ReadBuf::new(shared);
            ready!(Pin::new(&mut self.socket).poll_read(cx, &mut buffer))?;
            let came = buffer.filled_mut();
            let count = came.len();
            if count == 0 {
                self.ended = true;
                return Poll::Ready(Ok(0));
            }
            if self.partial.is_empty() {
                let done = self.work_off(came)?;
                self.partial = came[done..].to_vec();
            } else {
                let mut records = std::mem::take(&mut self.partial);
                records.extend_from_slice(came);
                let done = self.work_off(&mut records)?;
                records.drain(..done);
                // Nothing left is to cost nothing.
                records.shrink_to_fit();
                self.partial = records;
            }
            Poll::Ready(Ok(count))
        })
    }

    /// Gives records to the library until it wants more of them or has nothing to do. What they say is heard, what they
    /// are to be answered with leaves. Returns how many bytes are done with.
    fn work_off(&mut self, records: &mut [u8]) -> io::Result<usize> {
        let mut done = 0;
        loop {
            let UnbufferedStatus { mut discard, state, .. } = self.tls.process_tls_records(&mut records[done..]);
            match state {
                Ok(ConnectionState::ReadTraffic(mut traffic)) => {
                    while let Some(record) = traffic.next_record() {
                        let record = record.map_err(broken)?;
                        discard += record.discard;
                        self.heard.extend_from_slice(record.payload);
                    }
                }
                Ok(ConnectionState::EncodeTlsData(said)) => answer(&mut self.leaving, said)?,
                // It is with what leaves, in its order.
                Ok(ConnectionState::TransmitTlsData(said)) => said.done(),
                Ok(ConnectionState::PeerClosed | ConnectionState::Closed) => {
                    self.ended = true;
                    return Ok(records.len());
                }
                Ok(_) => return Ok(done + discard),
                Err(error) => {
                    self.ended = true;
                    // An alert says why.
                    if let Ok(ConnectionState::EncodeTlsData(alert)) = self.tls.process_tls_records(&mut []).state {
                        answer(&mut self.leaving, alert)?;
                    }
                    return Err(broken(error));
                }
            }
            done += discard;
        }
    }

    /// Encrypts bytes, or the farewell when there are none. What it makes leaves.
    fn encrypt(&mut self, bytes: Option<&[u8]>) -> io::Result<()> {
        loop {
            // A part of a record may have come already, and stays where it is.
            match self.tls.process_tls_records(&mut self.partial).state.map_err(broken)? {
                ConnectionState::WriteTraffic(mut traffic) => {
                    return encoded(&mut self.leaving, |space| {
                        let made = match bytes {
                            Some(bytes) => traffic.encrypt(bytes, space),
                            None => traffic.queue_close_notify(space),
                        };
                        made.map_err(|error| match error {
                            EncryptError::InsufficientSize(short) => Some(short.required_size),
                            EncryptError::EncryptExhausted => None,
                        })
                    });
                }
                ConnectionState::EncodeTlsData(said) => answer(&mut self.leaving, said)?,
                ConnectionState::TransmitTlsData(said) => said.done(),
                _ => return Err(io::ErrorKind::BrokenPipe.into()),
            }
        }
    }

    /// Writes what leaves, and keeps no room for it afterwards.
    fn drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.left < self.leaving.len() {
            match ready!(Pin::new(&mut self.socket).poll_write(cx, &self.leaving[self.left..]))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                count => self.left += count,
            }
        }
        (self.leaving, self.left) = (Vec::new(), 0);
        Poll::Ready(Ok(()))
    }

    /// Takes bytes for one record, once those before have left. As much of it leaves as the socket takes.
    fn send(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if bytes.is_empty() {
            return Poll::Ready(Ok(0));
        }
        ready!(self.drain(cx))?;
        self.encrypt(Some(bytes))?;
        match self.drain(cx) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            _ => Poll::Ready(Ok(bytes.len())),
        }
    }
}

/// Appends what the library says by itself: a step of the handshake, new keys, an alert.
fn answer(out: &mut Vec<u8>, mut said: EncodeTlsData<'_, ServerConnectionData>) -> io::Result<()> {
    encoded(out, |space| {
        said.encode(space).map_err(|error| match error {
            EncodeError::InsufficientSize(short) => Some(short.required_size),
            EncodeError::AlreadyEncoded => None,
        })
    })
}

/// Appends what `make` makes, which says how much space it needs when there is too little. `None`: it cannot be made.
fn encoded(out: &mut Vec<u8>, mut make: impl FnMut(&mut [u8]) -> Result<usize, Option<usize>>) -> io::Result<()> {
    let before = out.len();
    let mut space = 0;
    loop {
        out.resize(before + space, 0);
        match make(&mut out[before..]) {
            Ok(count) => {
                out.truncate(before + count);
                return Ok(());
            }
            Err(Some(needed)) if needed > space => space = needed,
            Err(_) => {
                out.truncate(before);
                return Err(broken("a record cannot be made"));
            }
        }
    }
}

impl AsyncRead for Session {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            if !self.heard.is_empty() {
                let count = self.heard.len().min(buffer.remaining());
                buffer.put_slice(&self.heard[..count]);
                if count == self.heard.len() {
                    self.heard = Vec::new();
                } else {
                    self.heard.drain(..count);
                }
                return Poll::Ready(Ok(()));
            }
            if self.ended {
                return Poll::Ready(Ok(()));
            }
            ready!(self.receive(cx))?;
            // What the library answers by itself (new keys) is not waited for here; whoever writes next takes it along.
            if let Poll::Ready(Err(error)) = self.drain(cx) {
                return Poll::Ready(Err(error));
            }
        }
    }
}

impl AsyncWrite for Session {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.send(cx, &bytes[..bytes.len().min(RECORD)])
    }

    /// What is in many pieces leaves in one record.
    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        GATHERING.with_borrow_mut(|gathered| {
            gathered.clear();
            for slice in slices {
                let room = RECORD - gathered.len();
                gathered.extend_from_slice(&slice[..slice.len().min(room)]);
            }
            self.send(cx, gathered)
        })
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.drain(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.closing {
            self.closing = true;
            // A session that is broken has nothing more to say.
            let _ = self.encrypt(None);
        }
        ready!(self.drain(cx))?;
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}
