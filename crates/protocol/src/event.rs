//! Events: everything a server tells a client without being asked.
//!
//! Three families differ in how they are kept:
//!
//! - *Conversation events* have the conversation's next `seq`; they are durable and a gap is visible.
//! - *Personal events* have the user's next `version`; they are durable and go to the user's own devices only.
//! - *Signals* (typing, presence, receipts, profile changes) are current state. A lost one is made good by the next, or
//!   by the state that `ready` and the REST answers carry.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::member::Receipt;
use crate::presence::Presence;
use crate::reaction::ReactionChange;
use crate::slash::{CommandAnswered, Invocation};
use crate::user::Account;
use crate::{
    Code, Contact, Conversation, ConversationId, Draft, File, Member, Membership, Message, MessageId,
    NotificationSettings, Reminder, Saved, Scheduled, Seq, SessionId, User, UserId, Version,
};

/// A frame from the server, by WebSocket, server-sent events or long poll alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "type")]
pub enum Event {
    // What a connection itself says.
    #[serde(rename = "ready")]
    Ready(Box<Ready>),
    /// Everything missed has been replayed; what follows is live.
    #[serde(rename = "synced")]
    Synced {},
    #[serde(rename = "ack")]
    Ack(Ack),
    #[serde(rename = "error")]
    Error(ErrorFrame),
    #[serde(rename = "pong")]
    Pong {
        #[serde(skip_serializing_if = "Option::is_none", default)]
        id: Option<CommandId>,
    },

    // Conversation events.
    #[serde(rename = "message.sent")]
    MessageSent(MessageChanged),
    #[serde(rename = "message.updated")]
    MessageUpdated(MessageChanged),
    #[serde(rename = "message.deleted")]
    MessageDeleted(MessageChanged),
    #[serde(rename = "conversation.created")]
    ConversationCreated(ConversationChanged),
    #[serde(rename = "conversation.updated")]
    ConversationUpdated(ConversationChanged),
    #[serde(rename = "conversation.deleted")]
    ConversationDeleted(ConversationChanged),
    #[serde(rename = "member.added")]
    MemberAdded(MemberChanged),
    #[serde(rename = "member.updated")]
    MemberUpdated(MemberChanged),
    #[serde(rename = "member.removed")]
    MemberRemoved(MemberChanged),

    // Personal events.
    #[serde(rename = "membership.updated")]
    MembershipUpdated(MembershipChanged),
    #[serde(rename = "contact.updated")]
    ContactUpdated(ContactChanged),
    #[serde(rename = "account.updated")]
    AccountUpdated(AccountChanged),
    #[serde(rename = "notifications.updated")]
    NotificationsUpdated(NotificationsChanged),
    #[serde(rename = "draft.updated")]
    DraftUpdated(DraftChanged),
    #[serde(rename = "scheduled.updated")]
    ScheduledUpdated(ScheduledChanged),
    #[serde(rename = "reminder.updated")]
    ReminderUpdated(ReminderChanged),
    /// What `reminder.updated` is called while the reminder is due: one wants to be told of it now.
    #[serde(rename = "reminder.due")]
    ReminderDue(ReminderChanged),
    #[serde(rename = "saved.updated")]
    SavedUpdated(SavedChanged),

    // Signals.
    /// Too much was missed in this conversation to replay it: fetch its changes, or load it afresh.
    #[serde(rename = "conversation.behind")]
    ConversationBehind { conversation_id: ConversationId, head: Seq },
    #[serde(rename = "message.delivered")]
    MessageDelivered(CursorMoved),
    #[serde(rename = "message.read")]
    MessageRead(CursorMoved),
    #[serde(rename = "typing.started")]
    TypingStarted(Typing),
    #[serde(rename = "typing.stopped")]
    TypingStopped(Typing),
    #[serde(rename = "user.online")]
    UserOnline(Presence),
    #[serde(rename = "user.offline")]
    UserOffline(Presence),
    /// Somebody has given a slash command that this bot answers; to the bot only.
    #[serde(rename = "command.invoked")]
    CommandInvoked { invocation: Invocation },
    /// A bot's answer to a slash command, for whoever gave it and nobody else.
    #[serde(rename = "command.answered")]
    CommandAnswered(CommandAnswered),
    #[serde(rename = "user.updated")]
    UserUpdated { user: User },
    /// One's own upload is ready or refused.
    #[serde(rename = "file.updated")]
    FileUpdated { file: File },
    /// The list of custom emoji has changed, and has this version now.
    #[serde(rename = "emoji.updated")]
    EmojiUpdated { version: Version },
    /// An event that this version of the crate does not know. It is safe to ignore.
    #[serde(other)]
    Unknown,
}

impl Event {
    /// The conversation and seq of a conversation event.
    pub fn position(&self) -> Option<(ConversationId, Seq)> {
        match self {
            Event::MessageSent(e) | Event::MessageUpdated(e) | Event::MessageDeleted(e) => {
                Some((e.conversation_id, e.seq))
            }
            Event::ConversationCreated(e) | Event::ConversationUpdated(e) | Event::ConversationDeleted(e) => {
                Some((e.conversation_id, e.seq))
            }
            Event::MemberAdded(e) | Event::MemberUpdated(e) | Event::MemberRemoved(e) => {
                Some((e.conversation_id, e.seq))
            }
            _ => None,
        }
    }

    /// The version of a personal event.
    pub fn version(&self) -> Option<Version> {
        match self {
            Event::MembershipUpdated(e) => Some(e.version),
            Event::ContactUpdated(e) => Some(e.version),
            Event::AccountUpdated(e) => Some(e.version),
            Event::NotificationsUpdated(e) => Some(e.version),
            Event::DraftUpdated(e) => Some(e.version),
            Event::ScheduledUpdated(e) => Some(e.version),
            Event::ReminderUpdated(e) | Event::ReminderDue(e) => Some(e.version),
            Event::SavedUpdated(e) => Some(e.version),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MessageChanged {
    pub conversation_id: ConversationId,
    pub seq: Seq,
    pub message: Message,
    /// Present when the change was somebody's reaction.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reaction: Option<ReactionChange>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ConversationChanged {
    pub conversation_id: ConversationId,
    pub seq: Seq,
    pub conversation: Conversation,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MemberChanged {
    pub conversation_id: ConversationId,
    pub seq: Seq,
    pub member: Member,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MembershipChanged {
    pub version: Version,
    pub membership: Membership,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ContactChanged {
    pub version: Version,
    pub contact: Contact,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AccountChanged {
    pub version: Version,
    pub account: Account,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NotificationsChanged {
    pub version: Version,
    pub notifications: NotificationSettings,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DraftChanged {
    pub version: Version,
    pub draft: Draft,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ScheduledChanged {
    pub version: Version,
    pub scheduled: Scheduled,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReminderChanged {
    pub version: Version,
    pub reminder: Reminder,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SavedChanged {
    pub version: Version,
    pub saved: Saved,
}

/// A member has received or read everything up to `seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CursorMoved {
    pub conversation_id: ConversationId,
    pub user_id: UserId,
    pub seq: Seq,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Typing {
    pub conversation_id: ConversationId,
    pub user_id: UserId,
}

fn is_zero(version: &Version) -> bool {
    *version == 0
}

/// The answer to `hello`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Ready {
    pub connection_id: String,
    pub user_id: UserId,
    pub session_id: SessionId,
    /// The life of the store. A client that holds another epoch drops its cache; nothing is replayed to it.
    pub epoch: String,
    /// Where the user's own changes have got to.
    pub version: Version,
    /// The newest seq of every conversation that the user is in.
    pub heads: BTreeMap<ConversationId, Seq>,
    /// The version of the list of custom emoji; absent while there never were any.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub emoji_version: Version,
    /// Conversations whose cursor was ahead of the server, or that the user is no longer in: drop what is cached of them.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub reset: Vec<ConversationId>,
    /// Something arrives at least this often; a client that hears nothing for twice as long reconnects.
    pub heartbeat_seconds: u64,
}

/// A client's name for a command, echoed in its answer: a number, or up to 64 bytes of text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum CommandId {
    Number(i64),
    Text(String),
}

/// A command was carried out, durably where it writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Ack {
    pub id: CommandId,
    /// For `message.*` and `reaction.*`: the message and the seq of the change.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message_id: Option<MessageId>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub conversation_id: Option<ConversationId>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub seq: Option<Seq>,
    /// For `presence.watch`: what is known now.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub presence: Vec<Presence>,
}

impl Ack {
    /// An answer that says only "done".
    pub fn done(id: CommandId) -> Self {
        Ack { id, message_id: None, conversation_id: None, seq: None, presence: Vec::new() }
    }
}

/// A command was refused, or a frame was not a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ErrorFrame {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<CommandId>,
    pub code: Code,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub retry_after: Option<u64>,
}

impl ErrorFrame {
    pub fn new(id: Option<CommandId>, problem: crate::Problem) -> Self {
        ErrorFrame {
            id,
            code: problem.code,
            detail: problem.detail,
            field: problem.field,
            retry_after: problem.retry_after,
        }
    }
}

/// `GET /conversations/{id}/changes?after=`: each changed object once, in its present state, by ascending seq.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Changes {
    pub items: Vec<Event>,
    /// Ask again with `after` set to this; null when this page reaches the head.
    #[cfg_attr(feature = "schema", schema(required))]
    pub next: Option<Seq>,
    /// The newest seq of the conversation when the page was read: on the last page, the client's new cursor.
    pub head: Seq,
    /// On the last page, for conversations small enough for receipts: everyone's cursors.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub receipts: Vec<Receipt>,
}

/// `GET /me/changes?after=`: the user's own objects that changed after a version, by ascending version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OwnChanges {
    pub items: Vec<Event>,
    #[cfg_attr(feature = "schema", schema(required))]
    pub next: Option<Version>,
    pub head: Version,
}

/// The answer of a long poll: events, and the cursors to ask with next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Polled {
    pub items: Vec<Event>,
    pub cursors: BTreeMap<ConversationId, Seq>,
    pub version: Version,
    pub epoch: String,
}

/// Why a socket was closed, and what to do about it: 40xx means "reconnect and resume", 41xx means "stop".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Close {
    /// The connection did not keep up with its events.
    SlowConsumer,
    /// The server is shutting down or moving: resume elsewhere.
    GoingAway,
    /// Nothing was heard for too long.
    Silent,
    /// The server could not go on with this connection.
    Failed,
    /// Too many connections of this user or address; come back later.
    TooMany,
    /// The token in `hello` is not valid: get a new one first.
    Unauthorized,
    /// The session has ended: sign in again.
    SessionEnded,
    /// No `hello` came in time, or something else came first.
    NoHello,
}

impl Close {
    pub const ALL: [Close; 8] = [
        Close::SlowConsumer,
        Close::GoingAway,
        Close::Silent,
        Close::Failed,
        Close::TooMany,
        Close::Unauthorized,
        Close::SessionEnded,
        Close::NoHello,
    ];

    pub fn code(self) -> u16 {
        match self {
            Close::SlowConsumer => 4000,
            Close::GoingAway => 4001,
            Close::Silent => 4002,
            Close::Failed => 4003,
            Close::TooMany => 4004,
            Close::Unauthorized => 4100,
            Close::SessionEnded => 4101,
            Close::NoHello => 4102,
        }
    }

    pub fn reason(self) -> &'static str {
        match self {
            Close::SlowConsumer => "too slow: reconnect and resume",
            Close::GoingAway => "going away: resume elsewhere",
            Close::Silent => "silent for too long: reconnect and resume",
            Close::Failed => "failed: reconnect and resume",
            Close::TooMany => "too many connections: come back later",
            Close::Unauthorized => "unauthorized: get a new token",
            Close::SessionEnded => "session ended: sign in again",
            Close::NoHello => "no hello",
        }
    }

    /// Whether a client that is closed with this code should come back by itself.
    pub fn resumes(code: u16) -> bool {
        !(4100..4200).contains(&code)
    }
}
