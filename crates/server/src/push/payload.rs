//! What a push says.

use laserchat_protocol::PushPayload;
use laserchat_protocol::conversation::ConversationKind;
use laserchat_store::{Push, PushedMessage};

/// Characters of a message that a push carries; devices show fewer.
const BODY_CHARS: usize = 300;
const TITLE_CHARS: usize = 80;

/// A push, ready for a service.
#[derive(Debug, Clone)]
pub struct Parcel {
    pub payload: PushPayload,
    /// The same for every repetition, so that the newer replaces the older: at most 32 characters of URL-safe base64.
    pub topic: String,
    /// Somebody waits for it.
    pub urgent: bool,
    /// Seconds for which the service may keep it.
    pub ttl: u64,
}

pub fn of(push: &Push, server: &str, ttl: u64) -> Parcel {
    match &push.message {
        Some(message) => told(push, message, server, ttl),
        None => Parcel {
            payload: PushPayload::Read { conversation_id: push.conversation, seq: push.seq },
            topic: format!("r{}", push.conversation),
            urgent: false,
            ttl,
        },
    }
}

fn told(push: &Push, about: &PushedMessage, server: &str, ttl: u64) -> Parcel {
    let (title, body) = if about.hidden {
        (server.to_owned(), "New message".to_owned())
    } else {
        let sender = &about.sender.display_name;
        let said = said(about);
        match (about.kind, &about.name) {
            (ConversationKind::Direct, _) | (_, None) => (sender.clone(), said),
            (_, Some(name)) => (name.clone(), format!("{sender}: {said}")),
        }
    };
    let name = format!("m{}", about.message.id);
    let payload = PushPayload::Message {
        conversation_id: push.conversation,
        seq: push.seq,
        message_id: about.message.id,
        title: shortened(&title, TITLE_CHARS),
        body: shortened(&body, BODY_CHARS),
        icon: None,
        tag: name.clone(),
    };
    Parcel { payload, topic: name, urgent: true, ttl }
}

/// The text, or else the name of the first file.
fn said(about: &PushedMessage) -> String {
    match about.message.attachments.first() {
        Some(file) if about.message.body.is_empty() => file.name.clone(),
        _ => about.message.body.clone(),
    }
}

pub fn test(server: &str) -> Parcel {
    let payload = PushPayload::Test {
        title: server.to_owned(),
        body: "Notifications arrive on this device.".to_owned(),
        tag: "test".to_owned(),
    };
    Parcel { payload, topic: "test".to_owned(), urgent: true, ttl: 60 }
}

/// On one line, and not longer than this.
fn shortened(text: &str, chars: usize) -> String {
    let mut line: String = text.chars().take(chars).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(chars).is_some() {
        line.pop();
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::push::encryption::PLAINTEXT_BYTES;
    use laserchat_protocol::{ConversationId, MessageId};

    #[test]
    fn whatever_is_said_fits_into_a_push() {
        let worst = "\u{10FFFF}\"\\\n".repeat(1000);
        let payload = PushPayload::Message {
            conversation_id: ConversationId(i64::MAX as u64),
            seq: u64::MAX,
            message_id: MessageId(i64::MAX as u64),
            title: shortened(&worst, TITLE_CHARS),
            body: shortened(&worst, BODY_CHARS),
            icon: None,
            tag: format!("m{}", i64::MAX),
        };
        assert!(serde_json::to_vec(&payload).unwrap().len() <= PLAINTEXT_BYTES);
        assert_eq!(shortened("abc\ndef", 7), "abc def");
        assert_eq!(shortened("abcdefgh", 7), "abcdef…");
    }
}
