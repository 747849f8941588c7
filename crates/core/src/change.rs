//! Changes: what a decision asks the store to append. Each takes one seq.

use laserchat_protocol::message::Broadcast;
use laserchat_protocol::preview::Preview;
use laserchat_protocol::{Conversation, Message, MessageId, Seq, Timestamp, UserId};

use crate::room::MemberRow;

/// The address of an existing message, and the version of it that a decision was made on. The store refuses the change
/// as stale when the message has changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageAt {
    pub id: MessageId,
    pub seq: Seq,
    pub changed: Seq,
}

impl From<&Message> for MessageAt {
    fn from(message: &Message) -> Self {
        MessageAt { id: message.id, seq: message.seq, changed: message.changed }
    }
}

/// How a member change reads to the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberChange {
    Added,
    Updated,
    Removed,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Always the first change of a conversation.
    ConversationCreated {
        conversation: Conversation,
        /// The pair of a direct conversation, smaller id first: the store keeps it unique.
        pair: Option<(UserId, UserId)>,
        /// The creator's idempotency key: the store keeps it unique per creator.
        key: Option<String>,
    },
    /// The whole new shared state.
    ConversationUpdated(Conversation),
    /// Always the last change of a conversation.
    ConversationDeleted(Timestamp),
    /// The whole new state of a member.
    Member {
        member: MemberRow,
        how: MemberChange,
    },
    /// A new message, with its seq.
    MessagePosted(Box<Message>),
    MessageEdited {
        at: MessageAt,
        body: String,
        mentions: Vec<UserId>,
        mentions_all: Option<Broadcast>,
        edited_at: Timestamp,
    },
    /// The text goes, a tombstone stays.
    MessageErased {
        at: MessageAt,
        deleted_at: Timestamp,
        was_pinned: bool,
    },
    Reacted {
        at: MessageAt,
        user: UserId,
        emoji: String,
        added: bool,
        now: Timestamp,
    },
    /// The whole of what somebody votes for from now on.
    Voted {
        at: MessageAt,
        user: UserId,
        options: Vec<u32>,
        now: Timestamp,
    },
    PollClosed {
        at: MessageAt,
        closed_at: Timestamp,
    },
    Pinned {
        at: MessageAt,
        pin: Option<(UserId, Timestamp)>,
    },
    /// What the pages say that a message links to, or that its author took it away for good.
    Previewed {
        at: MessageAt,
        previews: Vec<Preview>,
        refused: bool,
    },
    /// A reply was posted under (`Some`, with its author and time) or erased from (`None`) this parent. Needs no
    /// version: counting is the same in any order.
    Replied {
        parent: MessageId,
        parent_seq: Seq,
        by: Option<(UserId, Timestamp)>,
    },
}
