//! The WebSocket frame codec (RFC 6455, the server's side).
//!
//! The ready-made codecs keep a read buffer and a write buffer inside every connection, several kilobytes each, because
//! they own the socket. LaserChat promises 2 KB of memory for an idle authenticated connection, so a connection here
//! owns no buffer at all: bytes arrive in a buffer shared by all connections of a thread, [`decode`] finds and unmasks
//! one frame inside that borrowed slice, and only the tail of a frame that has not fully arrived is copied aside by the
//! caller. Outgoing frames are built once and shared by all their recipients, which a codec that owns its write buffer
//! cannot do either. The protocol is small and has not changed since 2011.
//!
//! No extension is negotiated, so reserved bits are always an error. Nothing here panics, blocks or allocates on input,
//! apart from [`Assembler`], which allocates only for a message that really comes in fragments.

use base64::{Engine, engine::general_purpose::STANDARD};
use sha1::{Digest, Sha1};
use std::ops::Range;

mod assembler;
#[cfg(test)]
mod tests;

pub use assembler::{Assembler, Close, Received};

/// The largest payload that a control frame (close, ping, pong) may carry.
pub const MAX_CONTROL: usize = 125;
/// The longest header that a client can send: two bytes, eight of length, four of mask.
pub const MAX_HEADER: usize = 14;

/// What one connection may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest payload of one frame, in bytes.
    pub frame_bytes: usize,
    /// The largest whole message, in bytes, all its fragments together.
    pub message_bytes: usize,
    /// The most frames that one message may be split into. Empty fragments cost the sender little and would otherwise
    /// be endless.
    pub fragments: u32,
}

/// The kind of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opcode {
    Continuation,
    Text,
    Binary,
    Close,
    Ping,
    Pong,
}

impl Opcode {
    fn of(bits: u8) -> Result<Self, FrameError> {
        Ok(match bits {
            0x0 => Self::Continuation,
            0x1 => Self::Text,
            0x2 => Self::Binary,
            0x8 => Self::Close,
            0x9 => Self::Ping,
            0xA => Self::Pong,
            other => return Err(FrameError::UnknownOpcode(other)),
        })
    }

    fn bits(self) -> u8 {
        match self {
            Self::Continuation => 0x0,
            Self::Text => 0x1,
            Self::Binary => 0x2,
            Self::Close => 0x8,
            Self::Ping => 0x9,
            Self::Pong => 0xA,
        }
    }

    /// Control frames may come between the fragments of a message.
    pub fn is_control(self) -> bool {
        self.bits() & 0x8 != 0
    }
}

/// One whole frame at the start of the input. Its payload is already unmasked, in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    pub fin: bool,
    pub opcode: Opcode,
    /// Where the payload lies in the input that was given.
    pub payload: Range<usize>,
    /// How many bytes of the input the frame took: the next frame starts there.
    pub consumed: usize,
}

/// What the start of the input holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded {
    /// The frame has not fully arrived, and the input is untouched. Decoding cannot get further before the input has
    /// `total` bytes. `total` is what the client declared (within the limits), so let a buffer grow with what arrives
    /// and not to `total` at once: otherwise a header of a few bytes makes the server reserve the largest message.
    NeedMore {
        total: usize,
    },
    Frame(Frame),
}

/// Why a connection must be closed. [`FrameError::close_code`] is the code to close it with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    #[error("a client must mask its frames")]
    Unmasked,
    #[error("reserved bits are set, and no extension was agreed on")]
    ReservedBits,
    #[error("unknown opcode {0}")]
    UnknownOpcode(u8),
    #[error("a control frame must not be fragmented")]
    FragmentedControl,
    #[error("a control frame carries at most 125 bytes")]
    LongControl,
    #[error("the payload length is not encoded in the shortest way")]
    LengthEncoding,
    #[error("a continuation came with no message begun")]
    UnexpectedContinuation,
    #[error("a new message began inside an unfinished one")]
    UnfinishedMessage,
    #[error("a close frame has a code of two bytes or no payload")]
    CloseLength,
    #[error("close code {0} must not be sent")]
    CloseCode(u16),
    #[error("only text messages are understood")]
    Binary,
    #[error("the text is not valid UTF-8")]
    Utf8,
    #[error("a message is split into too many fragments")]
    TooManyFragments,
    #[error("a frame or message is too big")]
    TooBig,
}

impl FrameError {
    /// The close code of RFC 6455 section 7.4.1 that tells the client what it did.
    pub fn close_code(self) -> u16 {
        match self {
            Self::Binary => 1003,
            Self::Utf8 => 1007,
            Self::TooManyFragments => 1008,
            Self::TooBig => 1009,
            _ => 1002,
        }
    }
}

/// Reads one frame from the start of `input` and unmasks its payload in place.
///
/// Everything that the header alone can prove wrong is refused before the rest of the frame has arrived. After a
/// [`Decoded::Frame`] the bytes up to `consumed` must not be decoded again, because their payload is no longer masked.
pub fn decode(input: &mut [u8], limits: &Limits) -> Result<Decoded, FrameError> {
    let Some(&first) = input.first() else {
        return Ok(Decoded::NeedMore { total: 2 });
    };
    if first & 0x70 != 0 {
        return Err(FrameError::ReservedBits);
    }
    let fin = first & 0x80 != 0;
    let opcode = Opcode::of(first & 0x0F)?;
    if opcode.is_control() && !fin {
        return Err(FrameError::FragmentedControl);
    }

    let Some(&second) = input.get(1) else {
        return Ok(Decoded::NeedMore { total: 2 });
    };
    if second & 0x80 == 0 {
        return Err(FrameError::Unmasked);
    }
    let short = second & 0x7F;
    if opcode.is_control() && usize::from(short) > MAX_CONTROL {
        return Err(FrameError::LongControl);
    }

    let (length, mask_at) = match short {
        126 => match input.get(2..4) {
            Some(&[a, b]) => (u64::from(u16::from_be_bytes([a, b])), 4),
            _ => return Ok(Decoded::NeedMore { total: 4 }),
        },
        127 => match input.get(2..10).and_then(|b| <[u8; 8]>::try_from(b).ok()) {
            Some(bytes) => (u64::from_be_bytes(bytes), 10),
            None => return Ok(Decoded::NeedMore { total: 10 }),
        },
        short => (u64::from(short), 2),
    };
    let shortest = match short {
        126 => length >= 126,
        // The highest bit of a 64-bit length must be zero.
        127 => length > u64::from(u16::MAX) && length >> 63 == 0,
        _ => true,
    };
    if !shortest {
        return Err(FrameError::LengthEncoding);
    }
    let length = usize::try_from(length).map_err(|_| FrameError::TooBig)?;
    // Control frames have their own bound, so that a small frame limit does not forbid a client to say goodbye.
    if length > limits.frame_bytes && !opcode.is_control() {
        return Err(FrameError::TooBig);
    }

    let start: usize = mask_at + 4;
    let end = start.checked_add(length).ok_or(FrameError::TooBig)?;
    if input.len() < end {
        return Ok(Decoded::NeedMore { total: end });
    }
    let mask = [input[mask_at], input[mask_at + 1], input[mask_at + 2], input[mask_at + 3]];
    unmask(&mut input[start..end], mask);
    Ok(Decoded::Frame(Frame { fin, opcode, payload: start..end, consumed: end }))
}

/// Masks or unmasks, eight bytes at a time, which the compiler widens further where the processor can.
fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let [a, b, c, d] = mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let mut chunks = payload.chunks_exact_mut(8);
    for chunk in &mut chunks {
        if let Ok(bytes) = <[u8; 8]>::try_from(&*chunk) {
            chunk.copy_from_slice(&(u64::from_ne_bytes(bytes) ^ wide).to_ne_bytes());
        }
    }
    for (byte, key) in chunks.into_remainder().iter_mut().zip(mask.into_iter().cycle()) {
        *byte ^= key;
    }
}

/// A whole text message as one frame, in exactly as much memory as it needs, so that it can be shared as it is.
pub fn text_frame(payload: &[u8]) -> Box<[u8]> {
    let mut frame = Vec::with_capacity(header_bytes(payload.len()) + payload.len());
    push_text_frame(&mut frame, payload);
    frame.into_boxed_slice()
}

/// Appends a whole text message as one frame to `out`.
pub fn push_text_frame(out: &mut Vec<u8>, payload: &[u8]) {
    push_frame(out, Opcode::Text, payload);
}

/// A close frame. A reason that is too long is cut at a character, since a close frame that is refused tells nothing.
pub fn close_frame(code: u16, reason: &str) -> Box<[u8]> {
    let mut end = reason.len().min(MAX_CONTROL - 2);
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    let reason = &reason.as_bytes()[..end];
    let mut payload = Vec::with_capacity(2 + reason.len());
    payload.extend_from_slice(&code.to_be_bytes());
    payload.extend_from_slice(reason);
    control_frame(Opcode::Close, &payload)
}

/// A ping frame. The payload is cut to 125 bytes.
pub fn ping_frame(payload: &[u8]) -> Box<[u8]> {
    control_frame(Opcode::Ping, payload)
}

/// A pong frame. It repeats the payload of the ping that it answers, cut to 125 bytes, which no valid ping exceeds.
pub fn pong_frame(payload: &[u8]) -> Box<[u8]> {
    control_frame(Opcode::Pong, payload)
}

/// The payload inside a frame that this module built, so that the JSON of an event framed for WebSockets also serves
/// event streams and long polls. Of bytes that are not such a frame it returns what follows the header as far as it
/// goes.
pub fn payload_of(frame: &[u8]) -> &[u8] {
    let header = match frame.get(1).map(|second| second & 0x7F) {
        None => return &[],
        Some(126) => 4,
        Some(127) => 10,
        Some(_) => 2,
    };
    frame.get(header..).unwrap_or(&[])
}

/// The `Sec-WebSocket-Accept` that answers a `Sec-WebSocket-Key`.
pub fn accept_key(sec_websocket_key: &str) -> String {
    let mut hash = Sha1::new();
    hash.update(sec_websocket_key.as_bytes());
    hash.update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    STANDARD.encode(hash.finalize())
}

fn control_frame(opcode: Opcode, payload: &[u8]) -> Box<[u8]> {
    let payload = &payload[..payload.len().min(MAX_CONTROL)];
    let mut frame = Vec::with_capacity(2 + payload.len());
    push_frame(&mut frame, opcode, payload);
    frame.into_boxed_slice()
}

fn header_bytes(length: usize) -> usize {
    match length {
        0..=125 => 2,
        126..=0xFFFF => 4,
        _ => 10,
    }
}

fn push_frame(out: &mut Vec<u8>, opcode: Opcode, payload: &[u8]) {
    let length = payload.len();
    out.reserve(header_bytes(length) + length);
    out.push(0x80 | opcode.bits());
    // The branches bound the length, so no cast loses anything.
    match header_bytes(length) {
        2 => out.push(length as u8),
        4 => {
            out.push(126);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
        _ => {
            out.push(127);
            out.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(payload);
}
