//! A WebSocket connection: first `hello` and what was missed, then a small future that lives as long as the connection.
//!
//! While it is idle it owns a socket, a link and a few words: no buffer to read into (all connections of a thread share
//! one) and none to write from (frames are shared, and leave together in one vectored write).

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::io::IoSlice;
use std::net::IpAddr;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use laserchat_codec::command::deeper_than;
use laserchat_codec::frame::{Assembler, Decoded, FrameError, Limits, Received, close_frame, decode};
use laserchat_protocol::command::Hello;
use laserchat_protocol::event::Close;
use laserchat_protocol::limits::JSON_DEPTH;
use laserchat_protocol::token::Scope;
use laserchat_protocol::{Code, Event};
use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};

use super::commands::{Busy, carry_out};
use super::opening::{Attached, Replay, open};
use crate::app::{App, Shared};
use crate::auth::{Identity, authenticate};
use crate::hub::{Frame, Taken, coarse_now};
use crate::listener::Peer;
use crate::tls::Stream;

/// How long a client may take to say hello, and to take what it missed.
const HELLO: Duration = Duration::from_secs(10);
const REPLAY_WRITE: Duration = Duration::from_secs(30);
/// How long a closed connection is kept for the close frame to arrive.
const LINGER: Duration = Duration::from_secs(2);
/// Frames of one client waiting for their commit, before no more are read from it.
const IN_FLIGHT: u32 = 128;
/// Fragments of one message, and control frames within one second.
const FRAGMENTS: u32 = 64;
const CONTROLS_PER_SECOND: u16 = 64;
/// Reads in one turn, so that one busy client does not hold a thread.
const READS: usize = 16;
/// Frames that leave in one write.
const WRITE_SLICES: usize = 64;
const READ_BUFFER: usize = 64 * 1024;

thread_local! {
    static BUFFER: RefCell<Box<[u8]>> = RefCell::new(vec![0; READ_BUFFER].into_boxed_slice());
}

/// Why a connection ends, as its close frame says it.
enum End {
    Close(Close),
    Frame(FrameError),
    /// More control frames than any client needs.
    Flood,
    /// The client closed, with this frame to answer it.
    Bye(Box<[u8]>),
    /// The peer is gone: there is nobody to tell.
    Gone,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::Close(close) => write!(f, "{} {}", close.code(), close.reason()),
            End::Frame(error) => write!(f, "{} {error}", error.close_code()),
            End::Flood => f.write_str("1008 too many control frames"),
            End::Bye(_) => f.write_str("closed by the client"),
            End::Gone => f.write_str("gone"),
        }
    }
}

impl End {
    fn frame(&self) -> Option<Box<[u8]>> {
        match self {
            End::Close(close) => Some(close_frame(close.code(), close.reason())),
            End::Frame(error) => Some(close_frame(error.close_code(), &error.to_string())),
            End::Flood => Some(close_frame(1008, "too many control frames")),
            End::Bye(frame) => Some(frame.clone()),
            End::Gone => None,
        }
    }
}

/// Serves a connection from the end of its handshake to its end.
///
/// Opening and parting need far more memory than living in between, and they are short. So each is a task of its own, and
/// the one that a connection keeps is [`Live`] alone.
pub async fn serve(app: Shared, peer: Peer, address: IpAddr, mut stream: Stream, early: Bytes) {
    match begin(&app, address, &mut stream, early).await {
        Ok((who, attached, replay, rest)) => {
            tracing::info!(connection = attached.link.id, user = %who.user, %address, "connected");
            // What came together with the hello waits for no further bytes: it is worked off like what comes during a
            // command, of which there is none to wait for.
            let busy: Option<Busy> = (!rest.is_empty()).then(|| Box::pin(std::future::ready(())) as Busy);
            tokio::spawn(Connection(Some(Live {
                app,
                attached,
                who,
                stream,
                out: Vec::new(),
                written: 0,
                pending: rest,
                assembler: Assembler::new(),
                busy,
                replay: replay.useful().then(|| Box::new(replay)),
                replayed_at: coarse_now(),
                controls: (0, 0),
                _peer: peer,
            })));
        }
        Err(end) => part(stream, end, Vec::new()).await,
    }
}

/// Finishes the frame that was being written, says why, and waits a moment so that the reason arrives before the socket
/// is gone.
async fn part(mut stream: Stream, end: End, unfinished: Vec<u8>) {
    let Some(frame) = end.frame() else { return };
    let goodbye = async {
        stream.write_all(&unfinished).await?;
        stream.write_all(&frame).await?;
        stream.shutdown().await?;
        let mut sink = [0; 512];
        while stream.read(&mut sink).await? > 0 {}
        std::io::Result::Ok(())
    };
    // A peer that does not listen any more is left alone.
    let _ = tokio::time::timeout(LINGER, goodbye).await;
}

#[derive(Deserialize)]
struct Opening {
    #[serde(rename = "type")]
    kind: String,
    #[serde(flatten)]
    hello: Hello,
}

type Begun = (Identity, Attached, Replay, Vec<u8>);

/// Reads `hello`, answers `ready`, and replays what was missed. Returns what was read beyond.
async fn begin(app: &Shared, address: IpAddr, stream: &mut Stream, early: Bytes) -> Result<Begun, End> {
    let hello = tokio::time::timeout(HELLO, read_hello(app, stream, early));
    let (hello, rest) = hello.await.map_err(|_| End::Close(Close::NoHello))??;
    let who = authenticate(app, &hello.token, address).await.map_err(|problem| match problem.code {
        Code::SessionEnded => End::Close(Close::SessionEnded),
        Code::Unavailable | Code::Internal => End::Close(Close::Failed),
        _ => End::Close(Close::Unauthorized),
    })?;
    who.require(Scope::Read).map_err(|_| End::Close(Close::Unauthorized))?;
    let (attached, ready, mut replay) = open(app, &who, hello).await.map_err(End::Close)?;
    send(stream, Frame::event(&Event::Ready(Box::new(ready))).bytes()).await?;
    while let Some(frames) = replay.next(app).await.map_err(End::Close)? {
        let mut bytes = Vec::new();
        frames.iter().for_each(|frame| bytes.extend_from_slice(frame.bytes()));
        send(stream, &bytes).await?;
    }
    attached.link.hear();
    // What was read into had room for more, and an idle connection keeps no room.
    Ok((who, attached, replay, rest.as_slice().into()))
}

async fn send(stream: &mut Stream, bytes: &[u8]) -> Result<(), End> {
    let written = async {
        stream.write_all(bytes).await?;
        stream.flush().await
    };
    match tokio::time::timeout(REPLAY_WRITE, written).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(End::Gone),
        Err(_) => Err(End::Close(Close::SlowConsumer)),
    }
}

async fn read_hello(app: &App, stream: &mut Stream, early: Bytes) -> Result<(Hello, Vec<u8>), End> {
    let limits = limits(app);
    let mut assembler = Assembler::new();
    let mut input = early.to_vec();
    let mut controls = 0;
    loop {
        let frame = match decode(&mut input, &limits).map_err(End::Frame)? {
            Decoded::Frame(frame) => frame,
            Decoded::NeedMore { .. } => {
                input.reserve(4096);
                match stream.read_buf(&mut input).await {
                    Ok(0) | Err(_) => return Err(End::Gone),
                    Ok(_) => continue,
                }
            }
        };
        let hello = match assembler.push(&frame, &input[frame.payload.clone()], &limits).map_err(End::Frame)? {
            Received::Text(text) => Some(parse_hello(&text)?),
            Received::Ping(payload) => {
                controls += 1;
                send(stream, Frame::pong(payload).bytes()).await?;
                None
            }
            Received::Pong(_) => {
                controls += 1;
                None
            }
            Received::Close(_) => return Err(End::Bye(close_frame(1000, ""))),
            Received::Partial => None,
        };
        // Nobody needs as many in the time that a hello takes as others may send in a second.
        if controls > CONTROLS_PER_SECOND {
            return Err(End::Flood);
        }
        input.drain(..frame.consumed);
        if let Some(hello) = hello {
            return Ok((hello, input));
        }
    }
}

fn parse_hello(text: &str) -> Result<Hello, End> {
    let refuse = || End::Close(Close::NoHello);
    if deeper_than(text, JSON_DEPTH) {
        return Err(refuse());
    }
    let opening: Opening = serde_json::from_str(text).map_err(|_| refuse())?;
    if opening.kind == "hello" { Ok(opening.hello) } else { Err(refuse()) }
}

fn limits(app: &App) -> Limits {
    let bytes = app.config.limits.frame_bytes;
    Limits { frame_bytes: bytes, message_bytes: bytes, fragments: FRAGMENTS }
}

/// A connection in its normal life. Written as a future by hand, because it waits for three things at once (the socket to
/// read, the socket to write, the link's queue) and should own nothing while it does.
struct Live {
    app: Shared,
    attached: Attached,
    who: Identity,
    stream: Stream,
    /// Frames on their way out, and how much of the first has left.
    out: Vec<Arc<Frame>>,
    written: usize,
    /// What was read but is not a whole frame yet, or waits for a command to finish.
    pending: Vec<u8>,
    assembler: Assembler,
    busy: Option<Busy>,
    /// What the replay covered, kept until every live frame from before it has certainly passed.
    replay: Option<Box<Replay>>,
    replayed_at: u32,
    /// Control frames within this second.
    controls: (u32, u16),
    _peer: Peer,
}

/// The task of a connection, until it ends.
struct Connection(Option<Live>);

impl Future for Connection {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(live) = &mut self.0 else { return Poll::Ready(()) };
        match live.turn(cx) {
            ControlFlow::Continue(()) => Poll::Pending,
            ControlFlow::Break(end) => {
                if let Some(live) = self.0.take() {
                    live.end(end);
                }
                Poll::Ready(())
            }
        }
    }
}

impl Live {
    /// Leaves the hub at once, and the rest to a task that may take its time.
    fn end(self, end: End) {
        tracing::info!(connection = self.attached.link.id, %end, "disconnected");
        if let End::Close(Close::SlowConsumer) = end {
            self.app.metrics.cut_off.increment(1);
        }
        let unfinished =
            self.out.first().filter(|_| self.written > 0).map(|frame| frame.bytes()[self.written..].to_vec());
        tokio::spawn(part(self.stream, end, unfinished.unwrap_or_default()));
    }

    fn turn(&mut self, cx: &mut Context<'_>) -> ControlFlow<End> {
        for _ in 0..READS {
            let read = self.read(cx)?;
            let wrote = self.write(cx)?;
            if !read && !wrote {
                return ControlFlow::Continue(());
            }
        }
        cx.waker().wake_by_ref();
        ControlFlow::Continue(())
    }

    /// Reads and carries out what there is. Returns whether there may be more; otherwise the waker is in place.
    fn read(&mut self, cx: &mut Context<'_>) -> ControlFlow<End, bool> {
        if let Some(busy) = &mut self.busy {
            if busy.as_mut().poll(cx).is_pending() {
                return ControlFlow::Continue(false);
            }
            self.busy = None;
            return self.work_off(Vec::new());
        }
        // Answers that come into the link's queue wake this future, so nothing else need be watched here.
        if self.attached.link.in_flight() >= IN_FLIGHT {
            return ControlFlow::Continue(false);
        }
        BUFFER.with_borrow_mut(|buffer| match self.take(cx, buffer) {
            Poll::Pending => ControlFlow::Continue(false),
            Poll::Ready(Ok(0) | Err(_)) => ControlFlow::Break(End::Gone),
            Poll::Ready(Ok(n)) => {
                self.attached.link.hear();
                if self.pending.is_empty() {
                    let consumed = self.consume(&mut buffer[..n])?;
                    self.pending.extend_from_slice(&buffer[consumed..n]);
                    ControlFlow::Continue(true)
                } else {
                    self.work_off(buffer[..n].to_vec())
                }
            }
        })
    }

    /// Reads what has come; with nothing there, the waker is in place.
    fn take(&mut self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<std::io::Result<usize>> {
        let mut buffer = ReadBuf::new(buffer);
        std::task::ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer))?;
        Poll::Ready(Ok(buffer.filled().len()))
    }

    /// Carries out what is pending and what has just come.
    fn work_off(&mut self, more: Vec<u8>) -> ControlFlow<End, bool> {
        let mut input = std::mem::take(&mut self.pending);
        input.extend_from_slice(&more);
        let consumed = self.consume(&mut input)?;
        if consumed < input.len() {
            input.drain(..consumed);
            self.pending = input;
        }
        ControlFlow::Continue(true)
    }

    /// Carries out whole frames until input runs out or a command takes its time. Returns how much was consumed.
    fn consume(&mut self, input: &mut [u8]) -> ControlFlow<End, usize> {
        let limits = limits(&self.app);
        let mut at = 0;
        while self.busy.is_none() && at < input.len() {
            let frame = match decode(&mut input[at..], &limits) {
                Ok(Decoded::Frame(frame)) => frame,
                Ok(Decoded::NeedMore { .. }) => break,
                Err(error) => return ControlFlow::Break(End::Frame(error)),
            };
            let payload = &input[at..][frame.payload.clone()];
            let link = &self.attached.link;
            match self.assembler.push(&frame, payload, &limits) {
                Ok(Received::Text(text)) => self.busy = carry_out(&self.app, &self.who, link, &text),
                Ok(Received::Ping(payload)) => {
                    link.push(&Frame::pong(payload));
                    self.count_control()?;
                }
                Ok(Received::Pong(_)) => self.count_control()?,
                Ok(Received::Close(close)) => {
                    let code = close.map_or(1000, |close| close.code);
                    return ControlFlow::Break(End::Bye(close_frame(code, "")));
                }
                Ok(Received::Partial) => {}
                Err(error) => return ControlFlow::Break(End::Frame(error)),
            }
            at += frame.consumed;
        }
        ControlFlow::Continue(at)
    }

    fn count_control(&mut self) -> ControlFlow<End> {
        let now = coarse_now();
        let count = if self.controls.0 == now { self.controls.1 + 1 } else { 1 };
        self.controls = (now, count);
        if count > CONTROLS_PER_SECOND { ControlFlow::Break(End::Flood) } else { ControlFlow::Continue(()) }
    }

    /// Writes what is queued. Returns whether there may be more; otherwise the waker is in place.
    fn write(&mut self, cx: &mut Context<'_>) -> ControlFlow<End, bool> {
        // What TLS holds back because the socket was full goes first.
        match Pin::new(&mut self.stream).poll_flush(cx) {
            Poll::Pending => return self.blocked(cx),
            Poll::Ready(Err(_)) => return ControlFlow::Break(End::Gone),
            Poll::Ready(Ok(())) => {}
        }
        if self.out.is_empty() {
            match self.attached.link.take(&mut self.out, Some(cx)) {
                Taken::Frames => self.skip_covered(),
                Taken::Close(close) => return ControlFlow::Break(End::Close(close)),
                Taken::Empty => {
                    self.out = Vec::new();
                    return ControlFlow::Continue(false);
                }
            }
        }
        while !self.out.is_empty() {
            let first = IoSlice::new(&self.out[0].bytes()[self.written..]);
            let mut slices = [IoSlice::new(&[]); WRITE_SLICES];
            slices[0] = first;
            let count = self.out.len().min(WRITE_SLICES);
            for (slice, frame) in slices[1..count].iter_mut().zip(&self.out[1..count]) {
                *slice = IoSlice::new(frame.bytes());
            }
            match Pin::new(&mut self.stream).poll_write_vectored(cx, &slices[..count]) {
                Poll::Ready(Ok(0) | Err(_)) => return ControlFlow::Break(End::Gone),
                Poll::Ready(Ok(n)) => self.advance(n),
                Poll::Pending => return self.blocked(cx),
            }
        }
        ControlFlow::Continue(true)
    }

    /// The socket takes no more. What gathers meanwhile is bounded by the link, which says when it was too much.
    fn blocked(&self, cx: &Context<'_>) -> ControlFlow<End, bool> {
        match self.attached.link.wait_for_close(cx) {
            Some(close) => ControlFlow::Break(End::Close(close)),
            None => ControlFlow::Continue(false),
        }
    }

    fn advance(&mut self, mut n: usize) {
        let mut done = 0;
        for frame in &self.out {
            let left = frame.bytes().len() - self.written;
            if n < left {
                self.written += n;
                break;
            }
            n -= left;
            self.written = 0;
            done += 1;
        }
        self.out.drain(..done);
    }

    /// Drops live frames that the replay told already.
    fn skip_covered(&mut self) {
        let Some(replay) = &self.replay else { return };
        self.out.retain(|frame| !replay.covers(frame));
        // A frame is published right after its commit; a minute later none from before the replay is on its way.
        if coarse_now().saturating_sub(self.replayed_at) > 60 {
            self.replay = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A million of them are kept at once: what one costs is looked at, not guessed.
    #[test]
    fn an_idle_connection_is_small() {
        assert!(size_of::<Connection>() <= 256, "{} bytes", size_of::<Connection>());
        assert!(size_of::<crate::hub::Link>() <= 208, "{} bytes", size_of::<crate::hub::Link>());
    }
}
