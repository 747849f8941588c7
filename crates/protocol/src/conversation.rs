//! Conversations: what all members share of one, and how one member sees it.

use serde::{Deserialize, Serialize};

use crate::user::present;
use crate::{ConversationId, FileId, Membership, Message, Seq, Timestamp, UserId, UserSummary};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// Two people, or one with their own notes. Unique per pair.
    Direct,
    /// Private, at most 100 members.
    Group,
    /// Public or private, any number of members.
    Channel,
}

/// The shared state of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Conversation {
    pub id: ConversationId,
    #[serde(rename = "type")]
    pub kind: ConversationKind,
    /// Absent for direct conversations, which are named after the other person.
    #[cfg_attr(feature = "schema", schema(required))]
    pub name: Option<String>,
    #[cfg_attr(feature = "schema", schema(required))]
    pub topic: Option<String>,
    /// A file uploaded for this; shown through `/files/{id}/thumbnail`.
    #[cfg_attr(feature = "schema", schema(required))]
    pub avatar: Option<FileId>,
    /// Anyone on the server can find and join it. Channels only.
    pub public: bool,
    /// Only moderators and above write.
    pub read_only: bool,
    /// Seconds between two messages of one member; 0 is off.
    pub slow_mode_seconds: u32,
    /// Messages are erased so many seconds after they were sent; `null`: they stay.
    #[cfg_attr(feature = "schema", schema(required))]
    #[serde(default)]
    pub expire_seconds: Option<u32>,
    pub created_by: UserId,
    pub created_at: Timestamp,
    #[cfg_attr(feature = "schema", schema(required))]
    pub archived_at: Option<Timestamp>,
    /// The seq of the last change of these fields.
    pub changed: Seq,
    pub member_count: u64,
}

/// A conversation as one user sees it: `GET /conversations` and `GET /conversations/{id}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ConversationView {
    #[serde(flatten)]
    pub conversation: Conversation,
    /// The seq of the newest change: with this answer a client's cursor may start here.
    pub seq: Seq,
    /// Absent when the user is not a member and the channel is public.
    #[cfg_attr(feature = "schema", schema(required))]
    pub membership: Option<Membership>,
    /// The newest message that is not deleted.
    #[cfg_attr(feature = "schema", schema(required))]
    pub last_message: Option<Message>,
    /// The other person of a direct conversation (oneself for notes).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub peer: Option<UserSummary>,
}

/// `POST /conversations`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ConversationCreate {
    #[serde(rename = "type")]
    pub kind: ConversationKind,
    /// For a direct conversation: the other person, or oneself for notes.
    #[serde(default)]
    pub members: Vec<UserId>,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub topic: Option<String>,
    #[serde(default)]
    pub public: bool,
}

/// `PUT /conversations/{id}`: what is absent stays, what is `null` is cleared.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ConversationUpdate {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub topic: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<FileId>))]
    pub avatar: Option<Option<FileId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_only: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slow_mode_seconds: Option<u32>,
    /// Between an hour and a year; `null`: messages stay.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<u32>))]
    pub expire_seconds: Option<Option<u32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
}
