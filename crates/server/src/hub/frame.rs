//! Frames: an event encoded and framed once, shared by everyone who gets it.

use std::sync::Arc;

use laserchat_codec::frame::{payload_of, ping_frame, pong_frame, push_text_frame};
use laserchat_protocol::{ConversationId, Event, Seq, Version};

/// What a frame says about its place, so that what a replay has covered is not delivered again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Of no sequence.
    None,
    Seq(ConversationId, Seq),
    Version(Version),
    /// A WebSocket control frame, which other transports express in their own way.
    Control,
}

#[derive(Debug)]
pub struct Frame {
    bytes: Box<[u8]>,
    pub mark: Mark,
}

impl Frame {
    pub fn event(event: &Event) -> Arc<Frame> {
        let mark = match (event.position(), event.version()) {
            (Some((conversation, seq)), _) => Mark::Seq(conversation, seq),
            (None, Some(version)) => Mark::Version(version),
            (None, None) => Mark::None,
        };
        // Our own types always serialise; an empty frame would only be seen by a test that breaks them.
        let json = serde_json::to_vec(event).unwrap_or_default();
        let mut bytes = Vec::with_capacity(json.len() + 10);
        push_text_frame(&mut bytes, &json);
        Arc::new(Frame { bytes: bytes.into_boxed_slice(), mark })
    }

    /// A frame that another node has made of an event.
    pub fn relayed(bytes: &[u8], mark: Mark) -> Arc<Frame> {
        Arc::new(Frame { bytes: bytes.into(), mark })
    }

    pub fn ping() -> Arc<Frame> {
        Arc::new(Frame { bytes: ping_frame(b""), mark: Mark::Control })
    }

    pub fn pong(payload: &[u8]) -> Arc<Frame> {
        Arc::new(Frame { bytes: pong_frame(payload), mark: Mark::Control })
    }

    /// The bytes as a WebSocket sends them.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The JSON inside.
    pub fn json(&self) -> &[u8] {
        payload_of(&self.bytes)
    }
}
