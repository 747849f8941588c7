//! Messages.

use serde::{Deserialize, Serialize};

use crate::preview::Preview;
use crate::reaction::Reaction;
use crate::user::is_false;
use crate::{ConversationId, File, FileId, MessageId, Poll, Role, Seq, Timestamp, UserId};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    Text,
    /// Written by the server: somebody joined, the name changed. `system` says what.
    System,
}

/// A message with everything that hangs on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Message {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    /// Where it was posted; together with the conversation this is its address.
    pub seq: Seq,
    /// The seq of its last change. Of two versions of a message, the one with the larger `changed` is newer.
    pub changed: Seq,
    pub sender_id: UserId,
    pub client_id: String,
    #[serde(rename = "type")]
    pub kind: MessageKind,
    /// CommonMark source, as sent. Empty once deleted.
    pub body: String,
    pub created_at: Timestamp,
    #[cfg_attr(feature = "schema", schema(required))]
    pub edited_at: Option<Timestamp>,
    #[cfg_attr(feature = "schema", schema(required))]
    pub deleted_at: Option<Timestamp>,
    /// The message that this one replies to; replies form a thread under it.
    #[cfg_attr(feature = "schema", schema(required))]
    pub parent_id: Option<MessageId>,
    pub reply_count: u64,
    #[cfg_attr(feature = "schema", schema(required))]
    pub last_reply_at: Option<Timestamp>,
    pub reactions: Vec<Reaction>,
    /// Members mentioned by name.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub mentions: Vec<UserId>,
    /// `@channel` or `@here`, where the sender may.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub mentions_all: Option<Broadcast>,
    #[cfg_attr(feature = "schema", schema(required))]
    pub pinned_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pinned_by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub forwarded_from: Option<Forwarded>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub system: Option<SystemEvent>,
    /// What the pages say that the text links to; filled in a moment after the message was sent.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub previews: Vec<Preview>,
    /// The author has taken the previews away, and none come again.
    #[serde(skip_serializing_if = "is_false", default)]
    pub no_previews: bool,
    /// The name that a webhook gave to this one message of its; to be shown instead of the sender's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub shown_as: Option<String>,
    /// Files, in the sender's order, as they are for good.
    pub attachments: Vec<File>,
    /// Present when the message is a poll and not deleted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub poll: Option<Poll>,
    /// The asker follows the thread under this message. Present where the answer is made for one person.
    #[serde(skip_serializing_if = "is_false", default)]
    pub following: bool,
}

/// `@here` reaches who is online now, `@channel` everyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Broadcast {
    Here,
    Channel,
}

/// Where a forwarded message came from. The text is a copy: the original's later life does not touch it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Forwarded {
    pub message_id: MessageId,
    pub conversation_id: ConversationId,
    pub sender_id: UserId,
    pub created_at: Timestamp,
}

/// What a system message tells. `message.sender_id` is who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum SystemEvent {
    Created,
    Joined,
    Added {
        user_id: UserId,
    },
    Left,
    Removed {
        user_id: UserId,
    },
    Banned {
        user_id: UserId,
    },
    Unbanned {
        user_id: UserId,
    },
    Muted {
        user_id: UserId,
        until: Timestamp,
    },
    Unmuted {
        user_id: UserId,
    },
    RoleChanged {
        user_id: UserId,
        role: Role,
    },
    Renamed {
        name: String,
    },
    TopicChanged {
        #[cfg_attr(feature = "schema", schema(required))]
        topic: Option<String>,
    },
    SettingsChanged,
    /// Messages are erased so many seconds after they were sent; `null`: they stay.
    ExpiryChanged {
        #[cfg_attr(feature = "schema", schema(required))]
        seconds: Option<u32>,
    },
    Archived,
    Unarchived,
    Pinned {
        message_id: MessageId,
    },
}

/// `POST /conversations/{id}/messages`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MessageSend {
    /// The client's name for the message, 1 to 64 bytes: sending it again returns the first result.
    pub client_id: String,
    /// May be empty if there are files.
    pub body: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub parent_id: Option<MessageId>,
    /// One's own files that are ready, uploaded for a message; each at most once.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub files: Vec<FileId>,
}

/// `PUT /messages/{id}`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MessageEdit {
    pub body: String,
}

/// `POST /messages/{id}/forward`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MessageForward {
    pub conversation_id: ConversationId,
    pub client_id: String,
}
