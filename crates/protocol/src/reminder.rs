//! Reminders: what one wants to be told at a time, about a message or about anything.

use serde::{Deserialize, Serialize};

use crate::{ConversationId, MessageId, ReminderId, Timestamp, Version};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReminderState {
    /// Its time is to come.
    Waiting,
    /// Its time has come. It stays until it is deleted, or put off to another time.
    Due,
    /// It is done with, and no longer in the list.
    Done,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reminder {
    pub id: ReminderId,
    /// The message that it is about.
    #[cfg_attr(feature = "schema", schema(required))]
    pub message_id: Option<MessageId>,
    /// Where that message is.
    #[cfg_attr(feature = "schema", schema(required))]
    pub conversation_id: Option<ConversationId>,
    /// One's own words; may be empty when it is about a message.
    pub text: String,
    /// The wall time that was asked for, as `2026-12-01T09:00`; null when a moment was.
    #[cfg_attr(feature = "schema", schema(required))]
    pub at: Option<String>,
    /// The time zone that `at` was given in; null when it follows the time zone of the account.
    #[cfg_attr(feature = "schema", schema(required))]
    pub time_zone: Option<String>,
    /// When it is due, as the rules of the time zone are known now.
    pub remind_at: Timestamp,
    pub state: ReminderState,
    pub created_at: Timestamp,
    pub version: Version,
}

/// `POST /me/reminders` and `PUT /me/reminders/{id}`. Either `at` or `remind_at` says when.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReminderSave {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message_id: Option<MessageId>,
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub text: String,
    /// A wall time without a zone, as `2026-12-01T09:00`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at: Option<String>,
    /// The time zone of `at`, an IANA name. Without it, that of the account is meant, also when it changes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub time_zone: Option<String>,
    /// A moment, the same in every time zone.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remind_at: Option<Timestamp>,
}
