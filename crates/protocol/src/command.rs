//! Commands: what a client asks for over the WebSocket. What writes to the log, and reading, can be asked over REST with the
//! same semantics; delivery, typing and presence are signals of a live connection and have no REST call.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::event::CommandId;
use crate::presence::Activity;
use crate::{ConversationId, FileId, MessageId, Seq, UserId, Version};

/// The first frame of a connection.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Hello {
    /// An access token or a personal access token.
    pub token: String,
    /// For each conversation that the client holds: the seq up to which it has everything.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cursors: Option<BTreeMap<ConversationId, Seq>>,
    /// The version up to which the client has the user's own changes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<Version>,
    /// The epoch of what the client holds.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub epoch: Option<String>,
    #[serde(default)]
    pub activity: Activity,
}

/// A frame from the client after `hello`. `id` is the client's, and is echoed in the answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Envelope {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<CommandId>,
    #[serde(flatten)]
    pub command: Command,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "type")]
pub enum Command {
    #[serde(rename = "hello")]
    Hello(Hello),
    #[serde(rename = "message.send")]
    MessageSend(SendCommand),
    #[serde(rename = "message.edit")]
    MessageEdit { message_id: MessageId, body: String },
    #[serde(rename = "message.delete")]
    MessageDelete { message_id: MessageId },
    #[serde(rename = "reaction.add")]
    ReactionAdd { message_id: MessageId, emoji: String },
    #[serde(rename = "reaction.remove")]
    ReactionRemove { message_id: MessageId, emoji: String },
    /// Everything up to `seq` has arrived on one of the user's devices.
    #[serde(rename = "cursor.delivered")]
    CursorDelivered { conversation_id: ConversationId, seq: Seq },
    /// Everything up to `seq` has been read.
    #[serde(rename = "cursor.read")]
    CursorRead { conversation_id: ConversationId, seq: Seq },
    #[serde(rename = "typing.start")]
    TypingStart { conversation_id: ConversationId },
    #[serde(rename = "typing.stop")]
    TypingStop { conversation_id: ConversationId },
    #[serde(rename = "presence.set")]
    PresenceSet { activity: Activity },
    /// Replaces the list of users whose presence this connection is told of.
    #[serde(rename = "presence.watch")]
    PresenceWatch { user_ids: Vec<UserId> },
    #[serde(rename = "ping")]
    Ping {},
}

impl Command {
    /// Every type of command by its name on the wire.
    pub const NAMES: [&'static str; 13] = [
        "hello",
        "message.send",
        "message.edit",
        "message.delete",
        "reaction.add",
        "reaction.remove",
        "cursor.delivered",
        "cursor.read",
        "typing.start",
        "typing.stop",
        "presence.set",
        "presence.watch",
        "ping",
    ];
}

/// `message.send`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SendCommand {
    pub conversation_id: ConversationId,
    /// The client's name for the message: sending it again returns the first result.
    pub client_id: String,
    /// May be empty if there are files.
    pub body: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub parent_id: Option<MessageId>,
    /// One's own files that are ready, uploaded for a message; each at most once.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub files: Vec<FileId>,
}
