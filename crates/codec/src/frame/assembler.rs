//! From frames to messages: joins fragments, checks UTF-8, reads close frames.

use super::{Frame, FrameError, Limits, Opcode};
use std::borrow::Cow;

/// What a frame completed.
#[derive(Debug, PartialEq, Eq)]
pub enum Received<'a> {
    /// A whole message. It is borrowed from the input unless it came in fragments.
    Text(Cow<'a, str>),
    Ping(&'a [u8]),
    Pong(&'a [u8]),
    /// The client says goodbye, with a code and reason or without.
    Close(Option<Close<'a>>),
    /// A fragment was kept; the message is not complete.
    Partial,
}

/// Why the client closes the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Close<'a> {
    pub code: u16,
    pub reason: &'a str,
}

/// The message that a connection is in the middle of sending, if any. While there is none it is one null pointer:
/// nearly all messages come in one frame and pass through without a copy.
#[derive(Debug, Default)]
pub struct Assembler {
    begun: Option<Box<Begun>>,
}

#[derive(Debug)]
struct Begun {
    bytes: Vec<u8>,
    fragments: u32,
}

impl Assembler {
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a message has begun and not ended, which a client that goes silent may leave behind.
    pub fn is_partial(&self) -> bool {
        self.begun.is_some()
    }

    /// Takes the next frame of the connection, whose `payload` is the part of the input that the frame names.
    /// After an error the connection must be closed; what had begun is dropped.
    pub fn push<'a>(&mut self, frame: &Frame, payload: &'a [u8], limits: &Limits) -> Result<Received<'a>, FrameError> {
        let received = self.take(frame, payload, limits);
        if received.is_err() {
            self.begun = None;
        }
        received
    }

    fn take<'a>(&mut self, frame: &Frame, payload: &'a [u8], limits: &Limits) -> Result<Received<'a>, FrameError> {
        match frame.opcode {
            Opcode::Ping => Ok(Received::Ping(payload)),
            Opcode::Pong => Ok(Received::Pong(payload)),
            Opcode::Close => Ok(Received::Close(close(payload)?)),
            Opcode::Text if self.begun.is_some() => Err(FrameError::UnfinishedMessage),
            Opcode::Text if payload.len() > limits.message_bytes => Err(FrameError::TooBig),
            Opcode::Text if frame.fin => Ok(Received::Text(Cow::Borrowed(utf8(payload)?))),
            Opcode::Text => {
                self.begun = Some(Box::new(Begun { bytes: payload.to_vec(), fragments: 1 }));
                Ok(Received::Partial)
            }
            Opcode::Binary if self.begun.is_some() => Err(FrameError::UnfinishedMessage),
            Opcode::Binary => Err(FrameError::Binary),
            Opcode::Continuation => self.resume(frame.fin, payload, limits),
        }
    }

    fn resume<'a>(&mut self, fin: bool, payload: &[u8], limits: &Limits) -> Result<Received<'a>, FrameError> {
        let mut begun = self.begun.take().ok_or(FrameError::UnexpectedContinuation)?;
        // What has begun is never longer than the limit, so this cannot go below zero.
        if payload.len() > limits.message_bytes.saturating_sub(begun.bytes.len()) {
            return Err(FrameError::TooBig);
        }
        if begun.fragments >= limits.fragments {
            return Err(FrameError::TooManyFragments);
        }
        begun.fragments += 1;
        begun.bytes.extend_from_slice(payload);
        if !fin {
            self.begun = Some(begun);
            return Ok(Received::Partial);
        }
        let text = String::from_utf8(begun.bytes).map_err(|_| FrameError::Utf8)?;
        Ok(Received::Text(Cow::Owned(text)))
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, FrameError> {
    std::str::from_utf8(bytes).map_err(|_| FrameError::Utf8)
}

fn close(payload: &[u8]) -> Result<Option<Close<'_>>, FrameError> {
    let (code, reason) = match payload {
        [] => return Ok(None),
        [_] => return Err(FrameError::CloseLength),
        [a, b, reason @ ..] => (u16::from_be_bytes([*a, *b]), reason),
    };
    // 1004 to 1006 and 1015 only ever name what was observed, 1016 to 2999 belong to future protocols, and from 3000 on
    // applications choose.
    if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
        return Err(FrameError::CloseCode(code));
    }
    Ok(Some(Close { code, reason: utf8(reason)? }))
}
