//! Scheduled messages: written now, sent by the server later.

use serde::{Deserialize, Serialize};

use crate::{Code, ConversationId, FileId, MessageId, ScheduledId, Timestamp, Version};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ScheduledState {
    /// It will be sent.
    Waiting,
    /// It was to be sent and could not be; `reason` says why. It stays until it is changed or deleted.
    Refused,
    /// It was sent, as `message_id`. It is no longer in the list, and its text is no longer here.
    Sent,
    /// It was deleted before it was sent.
    Deleted,
}

/// A message that is to be sent later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Scheduled {
    pub id: ScheduledId,
    pub conversation_id: ConversationId,
    #[cfg_attr(feature = "schema", schema(required))]
    pub parent_id: Option<MessageId>,
    pub body: String,
    pub files: Vec<FileId>,
    /// The wall time that was asked for, as `2026-12-01T09:00`; null when a moment was.
    #[cfg_attr(feature = "schema", schema(required))]
    pub at: Option<String>,
    /// The time zone that `at` was given in; null when it follows the time zone of the account.
    #[cfg_attr(feature = "schema", schema(required))]
    pub time_zone: Option<String>,
    /// When it will be sent, as the rules of the time zone are known now.
    pub send_at: Timestamp,
    pub state: ScheduledState,
    /// Why it was not sent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<Code>,
    /// The message that it became.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message_id: Option<MessageId>,
    pub created_at: Timestamp,
    pub version: Version,
}

/// `POST /me/scheduled` and `PUT /me/scheduled/{id}`. Either `at` or `send_at` says when.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ScheduledSave {
    pub conversation_id: ConversationId,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub parent_id: Option<MessageId>,
    pub body: String,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub files: Vec<FileId>,
    /// A wall time without a zone, as `2026-12-01T09:00`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at: Option<String>,
    /// The time zone of `at`, an IANA name. Without it, that of the account is meant, also when it changes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub time_zone: Option<String>,
    /// A moment, the same in every time zone.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub send_at: Option<Timestamp>,
}
